//! What is saved, to be read on paper: every thing in full, place by place.
//!
//! In: the whole rows. Out: the contract's paper.
//! Never: words that are true only today, what is hidden, or anything of an organization's own work: that is about other people.

use handrail_contract::{
    goal::GoalPage,
    paper::{Paper, PaperItem, PaperPart, PaperPlace},
    place::{Role, SourceId},
    referral::ReferralPage,
    todo::TodoPage,
    words::{Chip, Fact, Filling, ItemId, Phrase, Words},
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Now, goal, index::Index, referral, todo};
use crate::session::Source;

/// The paper of one place or of all. The rows have to be whole.
pub fn show(index: &Index<'_>, sources: &[Source], only: Option<&SourceId>, now: Now<'_>) -> Paper {
    let shown = sources
        .iter()
        .filter(|source| source.role == Role::Patient && only.is_none_or(|it| source.id == *it));
    Paper {
        made_at: now.at.to_string(),
        places: shown.map(|source| show_place(index, &source.id, now)).collect(),
    }
}

fn show_place(index: &Index<'_>, source: &SourceId, now: Now<'_>) -> PaperPlace {
    let todos = todo::list(index, Some(source), now);
    let todos = [todos.your_turn, todos.paused, todos.done].into_iter().flatten();
    let goals = goal::list(index, Some(source), now);
    let goals = [goals.open, goals.reached, goals.ended].into_iter().flatten();
    let referrals = referral::list(index, Some(source), now);
    let referrals =
        [referrals.needs_push, referrals.moving, referrals.finished].into_iter().flatten();
    let parts = [
        part("paper-todos", todos.map(|row| row.id), now, |id| {
            todo::show(index, id, now).map(write_todo)
        }),
        part("paper-goals", goals.map(|row| row.id), now, |id| {
            goal::show(index, id, now).map(write_goal)
        }),
        part("paper-referrals", referrals.map(|row| row.id), now, |id| {
            referral::show(index, id, now).map(write_referral)
        }),
    ];
    PaperPlace { place: index.place(source), parts: parts.into_iter().flatten().collect() }
}

/// A part with something in it.
fn part(
    heading: &str,
    ids: impl Iterator<Item = ItemId>,
    now: Now<'_>,
    show: impl Fn(&ItemId) -> Option<PaperItem>,
) -> Option<PaperPart> {
    let items: Vec<PaperItem> =
        ids.filter_map(|id| show(&id)).map(|item| keep_true(item, now.tz)).collect();
    (!items.is_empty()).then(|| PaperPart { heading: Phrase::new(heading), items })
}

fn say_chips(chips: Vec<Chip>) -> impl Iterator<Item = Words> {
    chips.into_iter().map(|chip| chip.words)
}

fn write_todo(todo: TodoPage) -> PaperItem {
    let materials = todo.materials.into_iter().map(|material| material.title);
    PaperItem {
        lines: say_chips(todo.row.chips)
            .chain(todo.message)
            .chain(todo.questions)
            .chain(materials)
            .chain(todo.outcome)
            .collect(),
        title: todo.row.title,
        facts: todo.facts,
        story: Vec::new(),
        contacts: todo.contacts,
    }
}

fn write_goal(goal: GoalPage) -> PaperItem {
    // A day to reach it by is among the facts.
    let target = goal.row.target_line.filter(|_| goal.row.target.is_none()).map(Words::Ours);
    PaperItem {
        lines: std::iter::once(goal.row.chip.words).chain(target).chain(goal.notes).collect(),
        title: goal.row.title,
        facts: goal.facts,
        story: Vec::new(),
        contacts: Vec::new(),
    }
}

fn write_referral(referral: ReferralPage) -> PaperItem {
    PaperItem {
        lines: vec![Words::Ours(referral.row.line), Words::Ours(referral.next)],
        title: referral.row.title,
        facts: referral.facts,
        story: referral.story,
        contacts: referral.contacts,
    }
}

/// The same, for whoever reads it on another day.
fn keep_true(item: PaperItem, tz: &TimeZone) -> PaperItem {
    let words = |words: Words| match words {
        Words::Ours(phrase) => Words::Ours(fix_days(phrase, tz)),
        theirs @ Words::Theirs { .. } => theirs,
    };
    let fact = |fact: Fact| Fact { value: words(fact.value), ..fact };
    PaperItem {
        title: words(item.title),
        lines: item.lines.into_iter().map(words).collect(),
        facts: item.facts.into_iter().map(fact).collect(),
        ..item
    }
}

/// A text that does not count from today, with every day by its date.
fn fix_days(mut phrase: Phrase, tz: &TimeZone) -> Phrase {
    if ["goal-by", "goal-was-by"].contains(&&*phrase.key) {
        phrase.key = "a-day".to_owned();
        phrase.with.remove("left");
    } else if let Some(state) = phrase.key.strip_prefix("referral-quiet-") {
        phrase.key = format!("referral-line-{state}");
        phrase.with.remove("days");
    }
    let fix = |filling| match filling {
        Filling::Day(day) => Filling::Date(day),
        Filling::Moment(at) => match at.parse::<Timestamp>() {
            Ok(at) => Filling::Date(at.to_zoned_datetime(tz.clone()).date().to_string()),
            Err(_) => Filling::Moment(at),
        },
        Filling::Phrase(inner) => Filling::Phrase(fix_days(inner, tz)),
        other => other,
    };
    phrase.with = phrase.with.into_iter().map(|(name, filling)| (name, fix(filling))).collect();
    phrase
}

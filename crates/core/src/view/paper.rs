//! What is saved, to be read on paper: every thing in full, place by place.
//!
//! In: the whole rows. Out: the contract's paper.
//! Never: what is hidden, or anything of an organization's own work: that is about other people.

use handrail_contract::{
    goal::GoalPage,
    paper::{Paper, PaperItem, PaperPart, PaperPlace},
    place::{Role, SourceId},
    referral::ReferralPage,
    todo::TodoPage,
    words::{Chip, ItemId, Phrase, Words},
};

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
        part("paper-todos", todos.map(|row| row.id), |id| {
            todo::show(index, id, now).map(write_todo)
        }),
        part("paper-goals", goals.map(|row| row.id), |id| {
            goal::show(index, id, now).map(write_goal)
        }),
        part("paper-referrals", referrals.map(|row| row.id), |id| {
            referral::show(index, id, now).map(write_referral)
        }),
    ];
    PaperPlace { place: index.place(source), parts: parts.into_iter().flatten().collect() }
}

/// A part with something in it.
fn part(
    heading: &str,
    ids: impl Iterator<Item = ItemId>,
    show: impl Fn(&ItemId) -> Option<PaperItem>,
) -> Option<PaperPart> {
    let items: Vec<PaperItem> = ids.filter_map(|id| show(&id)).collect();
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
    let target = goal.row.target_line.map(Words::Ours);
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

//! Goals: what the person and their care team want to reach.

use handrail_contract::{
    goal::{GoalGroup, GoalPage, GoalRow, Goals, Linked, Steps},
    place::SourceId,
    referral::ReferralState,
    todo::TodoState,
    words::{Chip, Fact, Icon, ItemId, Phrase, Tone, Words},
};
use jiff::civil::Date;
use serde_json::Value;

use super::{
    Now,
    index::{Index, item_id, parse_item_id},
    place::{checked, list_notes},
    referral::Referral,
    say::{chip, day, fact, ours, say, target_line, their_message, theirs},
    todo,
    topic::Topic,
};
use crate::{
    fhir::{
        element::{self, codes, concept_name, text},
        reference::read_here,
        time::{days_until, read_day},
    },
    store::Kept,
};

/// How a goal goes: its label, and where it stands in the list.
struct Standing {
    code: &'static str,
    tone: Tone,
    icon: Icon,
}

const fn standing(code: &'static str, tone: Tone, icon: Icon) -> Standing {
    Standing { code, tone, icon }
}

const ACHIEVEMENTS: [Standing; 9] = [
    standing("in-progress", Tone::Plain, Icon::Flag),
    standing("improving", Tone::Done, Icon::TrendingUp),
    standing("worsening", Tone::Plain, Icon::TrendingDown),
    standing("no-change", Tone::Plain, Icon::Minus),
    standing("achieved", Tone::Done, Icon::CircleCheck),
    standing("sustaining", Tone::Done, Icon::CircleCheck),
    standing("not-achieved", Tone::Plain, Icon::CircleSlash),
    standing("no-progress", Tone::Plain, Icon::Minus),
    standing("not-attainable", Tone::Plain, Icon::CircleSlash),
];

const LIFECYCLES: [Standing; 8] = [
    standing("proposed", Tone::Wait, Icon::MessageCircle),
    standing("planned", Tone::Plain, Icon::Calendar),
    standing("accepted", Tone::Plain, Icon::HeartHandshake),
    standing("active", Tone::Plain, Icon::Flag),
    standing("on-hold", Tone::Plain, Icon::CirclePause),
    standing("completed", Tone::Done, Icon::CircleCheck),
    standing("cancelled", Tone::Plain, Icon::CircleX),
    standing("rejected", Tone::Plain, Icon::CircleX),
];

/// The text of an achievement: `goal-achievement-CODE`; of a lifecycle: `goal-lifecycle-CODE`.
fn read_standing(goal: &Value) -> (String, Chip) {
    let achieved = goal.get("achievementStatus").and_then(|concept| {
        codes(concept).find_map(|code| ACHIEVEMENTS.iter().find(|it| it.code == code))
    });
    let lived = || {
        let code = text(goal, "lifecycleStatus")?;
        LIFECYCLES.iter().find(|it| it.code == code)
    };
    let (it, kind) = match (achieved, lived()) {
        (Some(it), _) => (it, "achievement"),
        (None, Some(it)) => (it, "lifecycle"),
        (None, None) => {
            let unknown = chip(Tone::Plain, Icon::CircleQuestionMark, "goal-unknown");
            return ("unknown".to_owned(), unknown);
        }
    };
    (it.code.to_owned(), chip(it.tone, it.icon, &format!("goal-{kind}-{}", it.code)))
}

fn group_of(goal: &Value, state: &str) -> GoalGroup {
    match (state, text(goal, "lifecycleStatus")) {
        ("achieved" | "sustaining", _) => GoalGroup::Reached,
        (_, Some("completed" | "cancelled" | "rejected")) => GoalGroup::Ended,
        _ => GoalGroup::Open,
    }
}

/// The goals of one place or of all: those with a date first, the soonest first.
pub fn list(index: &Index<'_>, source: Option<&SourceId>, now: Now<'_>) -> Goals {
    let mut goals = Goals {
        notes: list_notes(index, source, "Goal", |_| false),
        checked: checked(index, source, now),
        ..Goals::default()
    };
    let mut rows: Vec<GoalRow> = listed(index)
        .filter(|goal| source.is_none_or(|source| goal.source == *source))
        .filter_map(|goal| show_row(index, goal, now))
        .collect();
    rows.sort_by(|one, other| {
        (one.target.is_none(), &one.target, &one.id).cmp(&(
            other.target.is_none(),
            &other.target,
            &other.id,
        ))
    });
    for row in rows {
        match row.group {
            GoalGroup::Open => goals.open.push(row),
            GoalGroup::Reached => goals.reached.push(row),
            GoalGroup::Ended => goals.ended.push(row),
        }
    }
    goals
}

/// Goals that may stand in a list.
pub fn listed<'i, 'a: 'i>(index: &'i Index<'a>) -> impl Iterator<Item = &'a Kept> + 'i {
    index.goals.iter().copied().filter(|goal| index.lists(index.is_hidden_goal(goal)))
}

/// One goal, as a list shows it. `None`: not listed.
pub fn show_row<'a>(index: &Index<'a>, goal: &'a Kept, now: Now<'_>) -> Option<GoalRow> {
    let body = &goal.body;
    if !is_listed(goal) {
        return None;
    }
    let (state, chip) = read_standing(body);
    let topic = Topic::shown(body, &index.shelf.hidden);
    let group = group_of(body, &state);
    let target = target_of(body, now);
    let steps = steps_of(&parts_of(index, goal));
    Some(GoalRow {
        id: item_id("goal", &goal.source, &goal.id),
        place: index.place(&goal.source),
        title: title(goal),
        icon: topic.icon,
        topic: topic.words,
        group,
        chip,
        target: target.map(|target| target.to_string()),
        target_line: (group == GoalGroup::Open).then(|| open_line(&state, target, now)).flatten(),
        state,
        steps,
        is_new: goal.news.is_some() && !goal.seen,
    })
}

fn open_line(state: &str, target: Option<Date>, now: Now<'_>) -> Option<Phrase> {
    match target {
        Some(target) => Some(target_line(target, now)),
        None => (state == "proposed").then(|| say("goal-talk-about-it")),
    }
}

/// What a goal is called.
pub fn title(goal: &Kept) -> Words {
    goal.body.get("description").and_then(concept_name).map_or_else(|| ours("goal-title"), theirs)
}

/// The label of how a goal goes, for news about it.
pub fn state_phrase(goal: &Kept) -> Words {
    state_chip(goal).words
}

/// The label of how a goal goes.
pub fn state_chip(goal: &Kept) -> Chip {
    read_standing(&goal.body).1
}

/// Whether a goal may stand in a list at all.
pub fn is_listed(goal: &Kept) -> bool {
    text(&goal.body, "lifecycleStatus") != Some("entered-in-error")
}

/// Whether a goal is reached.
pub fn is_reached(goal: &Kept) -> bool {
    group_of(&goal.body, &read_standing(&goal.body).0) == GoalGroup::Reached
}

/// The day by which a goal should be reached.
pub fn target_of(goal: &Value, now: Now<'_>) -> Option<Date> {
    element::list(goal, "target")
        .filter_map(|target| read_day(text(target, "dueDate")?, now.tz))
        .max()
}

/// One goal in full. `None`: it is not there, or not listed.
pub fn show(index: &Index<'_>, id: &ItemId, now: Now<'_>) -> Option<GoalPage> {
    let (source, id) = parse_item_id(id, "goal")?;
    let goal = index.row(&source, "Goal", &id)?;
    let row = show_row(index, goal, now)?;
    let lang = text(&goal.body, "language");
    let notes = element::list(&goal.body, "note")
        .filter_map(|note| Some(their_message(text(note, "text")?, lang)))
        .collect();
    Some(GoalPage {
        facts: facts_of(goal, &row, now),
        steps: parts_of(index, goal).into_iter().map(|part| part.link(index)).collect(),
        notes,
        row,
    })
}

fn facts_of(goal: &Kept, row: &GoalRow, now: Now<'_>) -> Vec<Fact> {
    let body = &goal.body;
    let mut facts = Vec::new();
    if let Some(target) = target_of(body, now) {
        let line = row.target_line.clone().unwrap_or_else(|| say("a-day").with("day", day(target)));
        facts.push(fact(Icon::Calendar, "fact-reach-by", Words::Ours(line)));
    }
    let reached_when = element::list(body, "target").find_map(|target| {
        text(target, "detailString")
            .or_else(|| target.get("detailCodeableConcept").and_then(concept_name))
    });
    if let Some(when) = reached_when {
        facts.push(fact(Icon::Flag, "fact-reached-when", theirs(when)));
    }
    let started = ["startDate", "statusDate"]
        .iter()
        .find_map(|member| Some((*member, read_day(text(body, member)?, now.tz)?)));
    if let Some((member, started)) = started {
        let label = match member {
            "startDate" if days_until(started, now.at, now.tz) > 0 => "fact-starts",
            "startDate" => "fact-since",
            _ => "fact-this-since",
        };
        facts.push(fact(Icon::History, label, Words::Ours(say("a-day").with("day", day(started)))));
    }
    facts
}

/// Something that helps with a goal.
enum Part<'a> {
    Referral(Referral<'a>, ReferralState),
    ToDo(&'a Kept, TodoState),
}

impl<'a> Part<'a> {
    /// Stopped things count neither as done nor as still to do.
    fn counts(&self) -> bool {
        match self {
            Self::Referral(_, state) => *state != ReferralState::Stopped,
            Self::ToDo(_, state) => *state != TodoState::Stopped,
        }
    }

    fn is_done(&self) -> bool {
        match self {
            Self::Referral(_, state) => *state == ReferralState::Done,
            Self::ToDo(_, state) => *state == TodoState::Done,
        }
    }

    fn link(&self, index: &Index<'a>) -> Linked {
        match self {
            Self::Referral(referral, _) => Linked {
                id: referral.id(),
                title: referral.title(),
                icon: Topic::shown(&referral.main.body, &index.shelf.hidden).icon,
                about: say("about-referral"),
                done: self.is_done(),
            },
            Self::ToDo(row, state) => link_todo(index, row, *state),
        }
    }
}

/// The referrals and to-dos of a goal: those that name it, or the same need as it does.
fn parts_of<'a>(index: &Index<'a>, goal: &'a Kept) -> Vec<Part<'a>> {
    let Some(source) = index.source(&goal.source) else { return Vec::new() };
    let needs = element::list(&goal.body, "addresses").filter_map(|it| read_here(it, &source.base));
    let mut requests: Vec<&Kept> = Vec::new();
    for (kind, id) in std::iter::once(("Goal", &*goal.id)).chain(needs) {
        for request in index.requests_for(&goal.source, kind, id) {
            if !requests.iter().any(|it| it.id == request.id) {
                requests.push(request);
            }
        }
    }
    let mut parts = Vec::new();
    let is_hidden = index.is_hidden_goal(goal);
    for request in requests {
        if !is_hidden && index.is_hidden_request(request) {
            continue;
        }
        let referral = Referral::of_request(index, request);
        let todos = referral.todos(index);
        if let Some(state) = referral.state() {
            parts.push(Part::Referral(referral, state));
        }
        parts.extend(
            todos.into_iter().filter_map(|row| Some(Part::ToDo(row, todo::read_state(&row.body)?))),
        );
    }
    parts
}

/// A to-do, as something that belongs to another thing.
pub fn link_todo<'a>(index: &Index<'a>, row: &'a Kept, state: TodoState) -> Linked {
    Linked {
        id: item_id("todo", &row.source, &row.id),
        title: todo::title(index, row),
        icon: todo::icon(row),
        about: say("about-todo"),
        done: state == TodoState::Done,
    }
}

fn steps_of(parts: &[Part<'_>]) -> Option<Steps> {
    let counted = || parts.iter().filter(|part| part.counts());
    let of = u32::try_from(counted().count()).unwrap_or(u32::MAX);
    let done = counted().filter(|part| part.is_done()).count();
    (of > 0).then(|| Steps { done: u32::try_from(done).unwrap_or(u32::MAX), of })
}

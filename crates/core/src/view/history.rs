//! How something changed: its versions, told as what a page would have shown at the time.
//!
//! In: the rows that make it, and what each said before. Out: one entry a look that found a difference, latest first.
//! Never: a state that was not known: where versions are missing, the story starts later.

use std::collections::{BTreeMap, BTreeSet};

use handrail_contract::{
    history::{Difference, DifferenceKind, History, HistoryEntry},
    place::SourceId,
    words::{Chip, ItemId, Phrase, Words},
};
use jiff::{Timestamp, civil::Date};

use super::{
    Now, goal,
    index::{Index, parse_item_id},
    referral::{self, Referral},
    say::{day, filling, say, their_message},
    todo,
};
use crate::{
    fhir::{
        element::{list, text, text_at},
        task::due_text,
        time::{read_day, read_instant},
    },
    store::{Earlier, Kept},
};

/// A kept row: source, type, id.
pub type RowKey = (SourceId, String, String);

/// What the thing is made of.
enum Thing<'a> {
    ToDo(&'a Kept),
    Goal(&'a Kept),
    Referral { request: Option<&'a Kept>, tasks: Vec<&'a Kept> },
}

impl<'a> Thing<'a> {
    /// `None`: it is not there, or not listed.
    fn find(index: &Index<'a>, id: &ItemId) -> Option<Self> {
        if let Some((source, id)) = parse_item_id(id, "todo") {
            let task = index.row(&source, "Task", &id)?;
            let is_one = index.todos.iter().any(|it| std::ptr::eq(*it, task));
            return (is_one && todo::read_state(&task.body).is_some()).then_some(Self::ToDo(task));
        }
        if let Some((source, id)) = parse_item_id(id, "goal") {
            let goal = index.row(&source, "Goal", &id)?;
            return goal::is_listed(goal).then_some(Self::Goal(goal));
        }
        let it = referral::find(index, id)?;
        it.state()?;
        let mut tasks = it.tasks.clone();
        // What was still being written then says how it came about, and is told by its own state.
        tasks.extend(it.request.iter().flat_map(|request| index.tasks_about(request)));
        let mut seen = BTreeSet::new();
        tasks.retain(|task| seen.insert(&task.id));
        Some(Self::Referral { request: it.request, tasks })
    }

    fn rows(&self) -> Vec<&'a Kept> {
        match self {
            Self::ToDo(row) | Self::Goal(row) => vec![row],
            Self::Referral { request, tasks } => request.iter().chain(tasks).copied().collect(),
        }
    }

    /// What a page showed when the rows were these.
    fn show(&self, index: &Index<'a>, rows: &[Kept], now: Now<'_>) -> Option<Shown> {
        match self {
            Self::ToDo(_) => show_todo(index, rows.first()?, now),
            Self::Goal(_) => show_goal(rows.first()?, now),
            Self::Referral { .. } => show_referral(index, rows),
        }
    }
}

/// What a page showed of it at one time.
#[derive(PartialEq)]
struct Shown {
    title: Words,
    chip: Option<Chip>,
    day: Option<Date>,
    helper: Option<String>,
    words: Option<Words>,
}

fn show_todo(index: &Index<'_>, row: &Kept, now: Now<'_>) -> Option<Shown> {
    let lang = text(&row.body, "language");
    let said = text_at(&row.body, &["statusReason", "text"])
        .or_else(|| text(&row.body, "description"))
        .map(|said| their_message(said, lang));
    Some(Shown {
        title: todo::title(index, row),
        chip: todo::state_chip(todo::read_state(&row.body)?),
        day: due_text(&row.body).and_then(|due| read_day(due, now.tz)),
        helper: None,
        words: said,
    })
}

fn show_goal(row: &Kept, now: Now<'_>) -> Option<Shown> {
    if !goal::is_listed(row) {
        return None;
    }
    let lang = text(&row.body, "language");
    let note = list(&row.body, "note").filter_map(|note| text(note, "text")).last();
    Some(Shown {
        title: goal::title(row),
        chip: Some(goal::state_chip(row)),
        day: goal::target_of(&row.body, now),
        helper: None,
        words: note.map(|note| their_message(note, lang)),
    })
}

fn show_referral(index: &Index<'_>, rows: &[Kept]) -> Option<Shown> {
    let request = rows.iter().find(|row| row.kind == "ServiceRequest");
    let tasks = rows.iter().filter(|row| row.kind == "Task").collect();
    let referral = Referral::of_rows(request, tasks)?;
    let said = referral.current().and_then(|task| {
        let said = text_at(&task.body, &["statusReason", "text"])?;
        Some(their_message(said, text(&task.body, "language")))
    });
    Some(Shown {
        title: referral.title(),
        chip: Some(referral::state_chip(referral.state()?)),
        day: None,
        helper: referral.helper(index).name,
        words: said,
    })
}

/// The rows whose earlier versions tell the story. `None`: it is not there, or not listed.
pub fn rows(index: &Index<'_>, id: &ItemId) -> Option<Vec<RowKey>> {
    let key = |row: &Kept| (row.source.clone(), row.kind.clone(), row.id.clone());
    Some(Thing::find(index, id)?.rows().into_iter().map(key).collect())
}

/// The story. `None`: it is not there, or not listed.
pub fn show(
    index: &Index<'_>,
    id: &ItemId,
    earlier: &BTreeMap<RowKey, Vec<Earlier>>,
    now: Now<'_>,
) -> Option<History> {
    let thing = Thing::find(index, id)?;
    let lives: Vec<Life> = thing.rows().into_iter().map(|row| Life::of(row, earlier)).collect();
    let moments: BTreeSet<Timestamp> =
        lives.iter().flat_map(|life| life.bodies.iter().map(|(at, _)| *at)).collect();
    let first_seen_at = lives.iter().map(|life| life.first_seen_at).min()?;

    let mut entries = Vec::new();
    let mut before: Option<Shown> = None;
    for at in moments {
        let Some(rows) = rows_at(&lives, at) else { continue };
        let Some(shown) = thing.show(index, &rows, now) else { continue };
        let differences = match &before {
            Some(before) => compare(before, &shown),
            None if at > first_seen_at => Vec::new(),
            None => vec![came(shown.chip.as_ref().map(|chip| chip.words.clone()))],
        };
        if !differences.is_empty() {
            entries.push(HistoryEntry { at: at.to_string(), differences });
        }
        before = Some(shown);
    }
    if entries.first().is_none_or(|it| it.differences[0].what != DifferenceKind::Came) {
        let entry = HistoryEntry { at: first_seen_at.to_string(), differences: vec![came(None)] };
        entries.insert(0, entry);
    }
    entries.reverse();
    let place = index.place(&thing.rows().first()?.source);
    Some(History { id: id.clone(), place, title: before?.title, entries })
}

/// One row through time, as far as it is known.
struct Life {
    first_seen_at: Timestamp,
    /// What it said from when on, the oldest first.
    bodies: Vec<(Timestamp, Kept)>,
}

impl Life {
    fn of(row: &Kept, earlier: &BTreeMap<RowKey, Vec<Earlier>>) -> Self {
        let key = (row.source.clone(), row.kind.clone(), row.id.clone());
        let then = |it: &Earlier| Kept {
            last_updated: text_at(&it.body, &["meta", "lastUpdated"]).and_then(read_instant),
            body: it.body.clone(),
            changed_at: it.arrived_at,
            ..row.clone()
        };
        let mut bodies: Vec<(Timestamp, Kept)> =
            earlier.get(&key).into_iter().flatten().map(|it| (it.arrived_at, then(it))).collect();
        bodies.push((row.changed_at, row.clone()));
        Self { first_seen_at: row.first_seen_at, bodies }
    }
}

/// The rows as they were. `None`: one of them was there and what it said is not known any more.
fn rows_at(lives: &[Life], at: Timestamp) -> Option<Vec<Kept>> {
    let mut rows = Vec::new();
    for life in lives.iter().filter(|life| life.first_seen_at <= at) {
        rows.push(life.bodies.iter().rev().find(|(from, _)| *from <= at)?.1.clone());
    }
    Some(rows)
}

fn came(state: Option<Words>) -> Difference {
    Difference { what: DifferenceKind::Came, line: say("history-came"), before: None, after: state }
}

fn compare(before: &Shown, after: &Shown) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut note = |what, line: Phrase, before: Option<Words>, after: Option<Words>| {
        differences.push(Difference { what, line, before, after });
    };
    if let (Some(from), Some(to)) = (&before.chip, &after.chip)
        && from.words != to.words
    {
        let line =
            say("history-state").with("from", filling(&from.words)).with("to", filling(&to.words));
        note(DifferenceKind::State, line, Some(from.words.clone()), Some(to.words.clone()));
    }
    if before.day != after.day {
        let line = match (before.day, after.day) {
            (Some(from), Some(to)) => {
                say("history-day-moved").with("from", day(from)).with("to", day(to))
            }
            (None, Some(to)) => say("history-day-set").with("to", day(to)),
            (from, None) => {
                let line = say("history-day-gone");
                from.map_or(line.clone(), |from| line.with("from", day(from)))
            }
        };
        let side = |it: Option<Date>| Some(Words::Ours(say("a-day").with("day", day(it?))));
        note(DifferenceKind::Day, line, side(before.day), side(after.day));
    }
    if before.title != after.title {
        let (from, to) = (before.title.clone(), after.title.clone());
        note(DifferenceKind::Title, say("history-title"), Some(from), Some(to));
    }
    if before.helper != after.helper {
        let line = match &after.helper {
            Some(to) => say("history-helper").with("to", to.as_str()),
            None => say("history-helper-gone"),
        };
        let side = |it: &Option<String>| it.clone().map(Words::theirs);
        note(DifferenceKind::Helper, line, side(&before.helper), side(&after.helper));
    }
    if before.words != after.words {
        let key = match (&before.words, &after.words) {
            (None, _) => "history-words-first",
            (Some(_), Some(_)) => "history-words",
            (Some(_), None) => "history-words-gone",
        };
        note(DifferenceKind::Words, say(key), before.words.clone(), after.words.clone());
    }
    differences
}

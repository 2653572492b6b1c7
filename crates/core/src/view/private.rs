//! What is hidden: the one list that tells of it, and what must not count it.
//!
//! In: the shelf with its hidden topics. Out: everything about those topics, and whether a thing is of them.
//! Never: a topic's name; labels say that it is private.

use std::collections::HashMap;

use handrail_contract::{private::Private, words::ItemId};
use serde_json::Value;

use super::{
    Now, Shelf, goal,
    index::{Index, parse_item_id},
    referral::{self, Referral},
    todo, topic,
};
use crate::{
    fhir::{FhirBase, element::list, reference::read_here},
    settings::Hidden,
    store::{Change, Kept, KindAndId},
    written::Written,
};

/// Everything that is hidden. Whether there is a PIN before it, the engine knows.
pub fn show(shelf: &Shelf, now: Now<'_>) -> Private {
    let index = Index::private(shelf);
    let todos = todo::list(&index, None, now);
    let goals = goal::list(&index, None, now);
    let all = Referral::all(&index);
    Private {
        todos: [todos.your_turn, todos.paused, todos.done].concat(),
        goals: [goals.open, goals.reached, goals.ended].concat(),
        referrals: referral::rows(&index, &all, None, now, |_| true),
        behind_pin: false,
    }
}

/// Whether a thing is hidden. One that is not there is not.
pub fn is_hidden(shelf: &Shelf, id: &ItemId) -> bool {
    let index = Index::private(shelf);
    let row = |kind: &str, name: &str| {
        let (source, id) = parse_item_id(id, name)?;
        index.row(&source, kind, &id)
    };
    if let Some(todo) = row("Task", "todo") {
        index.is_hidden_todo(todo)
    } else if let Some(goal) = row("Goal", "goal") {
        index.is_hidden_goal(goal)
    } else {
        Referral::all(&index).iter().flatten().any(|referral| referral.id() == *id)
    }
}

/// How many changes at one place may be told as a number: those about nothing hidden. `kept` is what went, and what
/// anything that changed belongs to, as [`find_parents`] names it step by step.
pub fn count_shown(kept: &[Kept], changes: &[Change], base: &FhirBase, hidden: &Hidden) -> usize {
    // Mostly nothing is hidden, and then nothing else is to be looked into.
    let is_hidden = |row: &&Kept<Written>| {
        has_topics(&row.kind) && topic::is_hidden(&read_shortest(&row.body), hidden)
    };
    let mut brought = changes.iter().filter_map(row_of);
    if kept.is_empty() && !brought.any(|row| is_hidden(&row)) {
        return changes.len();
    }
    let after: Vec<((&str, &str), Value)> = changes
        .iter()
        .filter_map(|change| Some((change.key(), read_shortest(&row_of(change)?.body))))
        .collect();
    let before = kept.iter().map(|row| ((&*row.kind, &*row.id), &row.body));
    let rows: HashMap<(&str, &str), &Value> =
        before.chain(after.iter().map(|(key, body)| (*key, body))).collect();
    let is_shown = |change: &&Change| {
        rows.get(&change.key()).is_none_or(|body| !is_of_hidden(body, &rows, base, hidden))
    };
    changes.iter().filter(is_shown).count()
}

/// What these changes are about that is kept: what went, and what they belong to. What belongs to that in turn is
/// found by [`find_parents`], [`STEPS`] times.
pub fn rows_to_count(changes: &[Change], base: &FhirBase) -> Vec<KindAndId> {
    let owned = |(kind, id): (&str, &str)| (kind.to_owned(), id.to_owned());
    let of_change = |change: &Change| match row_of(change) {
        Some(row) => parents(&read_shortest(&row.body), base).map(owned).collect(),
        None => vec![owned(change.key())],
    };
    changes.iter().flat_map(of_change).collect()
}

/// What kept rows belong to.
pub fn find_parents(rows: &[Kept], base: &FhirBase) -> Vec<KindAndId> {
    let all = rows.iter().flat_map(|row| parents(&row.body, base));
    all.map(|(kind, id)| (kind.to_owned(), id.to_owned())).collect()
}

fn row_of(change: &Change) -> Option<&Kept<Written>> {
    match change {
        Change::Put(row) => Some(row),
        Change::Forget { .. } => None,
    }
}

/// What lists look at; all of it, where they do not.
fn read_shortest(body: &Written) -> Value {
    body.read_glance().unwrap_or_else(|| body.read())
}

/// Only what has topics can hide by having none that is known.
fn has_topics(kind: &str) -> bool {
    matches!(kind, "ServiceRequest" | "Goal")
}

fn parents<'a>(body: &'a Value, base: &'a FhirBase) -> impl Iterator<Item = (&'a str, &'a str)> {
    let up = list(body, "partOf").chain(list(body, "basedOn")).chain(body.get("focus"));
    up.filter_map(|reference| read_here(reference, base))
}

/// Whether a resource is of a hidden topic, or belongs to one that is.
pub fn is_of_hidden(
    body: &Value,
    rows: &HashMap<(&str, &str), &Value>,
    base: &FhirBase,
    hidden: &Hidden,
) -> bool {
    leads_to_hidden(body, rows, base, hidden, STEPS)
}

/// How far up a to-do may be from the request that it belongs to.
pub const STEPS: u8 = 3;

/// Whether a resource is of a hidden topic, or belongs to one that is, some steps up.
fn leads_to_hidden(
    body: &Value,
    rows: &HashMap<(&str, &str), &Value>,
    base: &FhirBase,
    hidden: &Hidden,
    steps: u8,
) -> bool {
    let kind = body.get("resourceType").and_then(Value::as_str);
    if kind.is_some_and(has_topics) && topic::is_hidden(body, hidden) {
        return true;
    }
    steps > 0
        && parents(body, base).any(|key| {
            rows.get(&key).is_some_and(|it| leads_to_hidden(it, rows, base, hidden, steps - 1))
        })
}

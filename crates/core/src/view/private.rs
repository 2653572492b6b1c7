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
    store::{Change, Kept},
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

/// How many changes at one place may be told as a number: those about nothing hidden.
pub fn count_shown(kept: &[Kept], changes: &[Change], base: &FhirBase, hidden: &Hidden) -> usize {
    let before = kept.iter().map(|row| ((&*row.kind, &*row.id), &row.body));
    let after = changes.iter().filter_map(|change| match change {
        Change::Put(row) => Some(((&*row.kind, &*row.id), &row.body)),
        Change::Forget { .. } => None,
    });
    let rows: HashMap<(&str, &str), &Value> = before.chain(after).collect();
    let key = |change: &Change| match change {
        Change::Put(row) => (row.kind.clone(), row.id.clone()),
        Change::Forget { kind, id } => (kind.clone(), id.clone()),
    };
    let is_shown = |change: &&Change| {
        let (kind, id) = key(change);
        rows.get(&(&*kind, &*id)).is_none_or(|body| !is_of_hidden(body, &rows, base, hidden))
    };
    changes.iter().filter(is_shown).count()
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
const STEPS: u8 = 3;

/// Whether a resource is of a hidden topic, or belongs to one that is, some steps up.
fn leads_to_hidden(
    body: &Value,
    rows: &HashMap<(&str, &str), &Value>,
    base: &FhirBase,
    hidden: &Hidden,
    steps: u8,
) -> bool {
    // Only what has topics can hide by having none that is known.
    let has_topics =
        matches!(body.get("resourceType").and_then(Value::as_str), Some("ServiceRequest" | "Goal"));
    if has_topics && topic::is_hidden(body, hidden) {
        return true;
    }
    let up = list(body, "partOf").chain(list(body, "basedOn")).chain(body.get("focus"));
    steps > 0
        && up.filter_map(|reference| read_here(reference, base)).any(|key| {
            rows.get(&key).is_some_and(|it| leads_to_hidden(it, rows, base, hidden, steps - 1))
        })
}

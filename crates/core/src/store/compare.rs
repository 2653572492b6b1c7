//! Whether what came says something else than what is kept, without reading what is kept.
//!
//! In: what came, and a mark of each kept body. Out: the rows that must be read to tell, then what changes.
//! Never: a version or an instant of the server as proof that nothing changed: some servers never move them.

use std::collections::{HashMap, HashSet};

use handrail_contract::place::SourceId;
use jiff::Timestamp;

use super::{Change, Kept, first_seen, update};
use crate::{
    fetch::{Arrived, Fetched},
    written::{Mark, write_body},
};

/// A type and an id.
pub type KindAndId = (String, String);

/// A row that is kept, as far as a look needs it before anything came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The resource type.
    pub kind: String,
    pub id: String,
    /// Of its body. `None`: an earlier build wrote it, and nobody has counted it yet.
    pub mark: Option<Mark>,
}

/// What a look brought, held against what is known of its place.
#[derive(Clone, Debug)]
pub struct Comparison {
    fetched: Fetched,
    /// For each of what came, in its order.
    found: Vec<Found>,
    /// Rows that are known and did not come.
    missing: Vec<KindAndId>,
}

/// What is known of something that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    New,
    Unchanged,
    /// It says something else than what is kept, or may.
    Other,
}

impl Comparison {
    /// Finds what came unchanged. `known` is of the look's place alone.
    pub fn new(known: Vec<Known>, fetched: Fetched) -> Self {
        let mut missing: HashMap<KindAndId, Option<Mark>> =
            known.into_iter().map(|row| ((row.kind, row.id), row.mark)).collect();
        let mut find = |arrived: &Arrived| {
            // Mostly the first look: nothing is looked up, and nothing copied for that.
            if missing.is_empty() {
                return Found::New;
            }
            match missing.remove(&(arrived.kind.clone(), arrived.id.clone())) {
                Some(Some(mark)) if says(arrived, mark) => Found::Unchanged,
                Some(_) => Found::Other,
                None => Found::New,
            }
        };
        let found = fetched.arrived.iter().map(&mut find).collect();
        let mut missing: Vec<KindAndId> = missing.into_keys().collect();
        missing.sort_unstable();
        Self { fetched, found, missing }
    }

    /// The kept rows that [`Self::changes`] needs whole.
    pub fn rows_to_read(&self) -> Vec<KindAndId> {
        let arrived = self.fetched.arrived.iter().zip(&self.found);
        let other = arrived.filter(|(_, found)| **found == Found::Other);
        other.map(|(it, _)| (it.kind.clone(), it.id.clone())).collect()
    }

    /// What changes about what is kept. What says the same makes no change. `rows` are those that were asked for, as
    /// far as they are still there.
    pub fn changes(self, rows: &[Kept], source: &SourceId, now: Timestamp) -> Vec<Change> {
        let Fetched { arrived, gone, first, complete, .. } = self.fetched;
        let rows: HashMap<(&str, &str), &Kept> = rows
            .iter()
            .filter(|row| row.source == *source)
            .map(|row| ((&*row.kind, &*row.id), row))
            .collect();
        let mut changes: Vec<Change> = Vec::with_capacity(arrived.len());
        for (arrived, found) in arrived.into_iter().zip(self.found) {
            if found == Found::Unchanged {
                continue;
            }
            match rows.get(&(&*arrived.kind, &*arrived.id)) {
                Some(row) => changes.extend(update(row, arrived, now)),
                None => {
                    let is_first = first.contains(&arrived.kind);
                    changes.push(Change::Put(first_seen(source, arrived, is_first, now)));
                }
            }
        }
        let gone: HashSet<KindAndId> = gone.into_iter().collect();
        let is_gone = |key: &KindAndId| complete.contains(&key.0) || gone.contains(key);
        let forgotten = self.missing.into_iter().filter(is_gone);
        changes.extend(forgotten.map(|(kind, id)| Change::Forget { kind, id }));
        changes
    }
}

/// Whether what came has this mark: as it is written, or as earlier builds and the app itself write it.
fn says(arrived: &Arrived, mark: Mark) -> bool {
    arrived.body.mark() == mark || write_body(&arrived.body.read()).1 == mark
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn mark(body: &Value) -> Mark {
        write_body(body).1
    }

    #[test]
    fn a_body_is_written_as_json_that_says_the_same() {
        for body in [
            json!({ "resourceType": "Task", "id": "1", "meta": { "versionId": "1" }, "note": ["\u{e9}\"\n"] }),
            json!({}),
            json!([1, null]),
            json!("text"),
        ] {
            let read: Value = serde_json::from_str(&write_body(&body).0).unwrap();

            assert_eq!(read, body);
        }
    }

    #[test]
    fn a_mark_moves_with_everything_but_meta() {
        let before = json!({ "id": "1", "meta": { "versionId": "1" }, "status": "ready" });
        let touched = json!({ "id": "1", "meta": { "versionId": "2" }, "status": "ready" });
        let bare = json!({ "id": "1", "status": "ready" });

        assert_eq!(mark(&before), mark(&touched));
        assert_eq!(mark(&before), mark(&bare));
        for other in [
            json!({ "id": "1", "status": "completed" }),
            json!({ "id": "1", "status": "ready", "focus": null }),
            json!({ "id": "1" }),
            json!({ "id": "1", "status": { "meta": "ready" } }),
            json!({ "id": "1\",\"status\":\"ready" }),
        ] {
            assert_ne!(mark(&before), mark(&other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn two_bodies_have_one_mark_exactly_if_they_say_the_same(
            one in prop::collection::btree_map("meta|[ab]", "[\",:x]{0,2}", 0..3),
            other in prop::collection::btree_map("meta|[ab]", "[\",:x]{0,2}", 0..3),
        ) {
            let (one, other) = (json!(one), json!(other));

            prop_assert_eq!(mark(&one) == mark(&other), crate::written::is_same(&one, &other));
        }
    }
}

//! What lists need of the rows: a short copy of each beside the long one, read once and then held until it changes.
//!
//! In: rows as they are written. Out: the same rows with glances for bodies. Never: anything after the records rest.

use std::{collections::BTreeMap, sync::Arc};

use handrail_contract::place::SourceId;
use handrail_core::{
    store::{Change, Kept, News, PlaceRows, Rows},
    written::{GLANCE_FORM, glance},
};
use jiff::{Timestamp, fmt::serde::timestamp::microsecond};
use rusqlite::{Connection, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use super::{explain, from_json, read_sources, to_json, whole};
use crate::ports::RecordsError;

/// A short row, but for its key. Instants are microseconds since 1970, which are read sooner than a date.
#[derive(Serialize, Deserialize)]
struct Facts<B> {
    #[serde(default, skip_serializing_if = "Option::is_none", with = "microsecond::optional")]
    last_updated: Option<Timestamp>,
    #[serde(with = "microsecond::required")]
    first_seen_at: Timestamp,
    #[serde(with = "microsecond::required")]
    changed_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    news: Option<News>,
    body: B,
}

/// Writes the short copy of a row, where lists look at such rows.
pub fn put<B>(
    connection: &Connection,
    source: &SourceId,
    kept: &Kept<B>,
    short: Option<&str>,
) -> rusqlite::Result<()> {
    let Some(short) = short else {
        return connection
            .prepare_cached("DELETE FROM glance WHERE source = ?1 AND kind = ?2 AND id = ?3")?
            .execute(params![source.0, kept.kind, kept.id])
            .map(drop);
    };
    let facts = Facts {
        last_updated: kept.last_updated,
        first_seen_at: kept.first_seen_at,
        changed_at: kept.changed_at,
        news: kept.news.clone(),
        body: serde_json::from_str::<&RawValue>(short).expect("a glance is JSON"),
    };
    connection
        .prepare_cached(
            "INSERT INTO glance (source, kind, id, seen, facts) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (source, kind, id)
             DO UPDATE SET seen = excluded.seen, facts = excluded.facts",
        )?
        .execute(params![source.0, kept.kind, kept.id, kept.seen, to_json(&facts)])
        .map(drop)
}

/// Takes every short copy anew where another build took other members, or none yet.
pub fn take_all(connection: &mut Connection) -> Result<(), RecordsError> {
    if read_form(connection)? == Some(GLANCE_FORM) {
        return Ok(());
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(explain)?;
    // Another process may have done it while this one waited.
    if read_form(&transaction)? == Some(GLANCE_FORM) {
        return Ok(());
    }
    transaction.execute_batch("DELETE FROM glance; DELETE FROM glance_form;").map_err(explain)?;
    let sources = read_sources(&transaction)?;
    let roles: BTreeMap<_, _> = sources.iter().map(|source| (&source.id, source.role)).collect();
    whole::go_through(&transaction, |kept| {
        let role = roles.get(&kept.source).copied().unwrap_or_default();
        let short = glance(role, &kept.kind, &kept.body).map(|short| short.to_string());
        put(&transaction, &kept.source, kept, short.as_deref())
    })?;
    transaction
        .execute("INSERT INTO glance_form (form) VALUES (?1)", [GLANCE_FORM])
        .map_err(explain)?;
    transaction.commit().map_err(explain)
}

fn read_form(connection: &Connection) -> Result<Option<u32>, RecordsError> {
    let read = connection.query_row("SELECT max(form) FROM glance_form", [], |row| row.get(0));
    read.map_err(explain)
}

/// The short rows, held in memory as long as nobody changed them.
#[derive(Default)]
pub struct Glances {
    /// The database's own count of what other connections wrote.
    version: Option<i64>,
    places: BTreeMap<SourceId, Arc<PlaceRows>>,
}

impl Glances {
    /// Every short row; reads only what is not held.
    pub fn read(&mut self, connection: &Connection) -> Result<Rows, RecordsError> {
        // Asked before reading: what another process writes meanwhile is then read again the next time.
        let version =
            connection.query_row("PRAGMA data_version", [], |row| row.get(0)).map_err(explain)?;
        if self.version != Some(version) {
            self.places = read_all(connection)?;
            self.version = Some(version);
        }
        Ok(Rows::of(self.places.values().cloned()))
    }

    /// What this process wrote just now.
    pub fn take_in(&mut self, source: &SourceId, changes: &[Change]) {
        if changes.is_empty() || self.version.is_none() {
            return;
        }
        let place = Arc::make_mut(self.places.entry(source.clone()).or_default()).change();
        for change in changes {
            let (kind, id) = change.key();
            let at = place.binary_search_by(|row| (&*row.kind, &*row.id).cmp(&(kind, id)));
            let short = match change {
                Change::Put(kept) => kept.body.glance().map(|short| {
                    let body = serde_json::from_str(short).expect("a glance is JSON");
                    Kept { version: None, ..kept.with_body(body) }
                }),
                Change::Forget { .. } => None,
            };
            match (at, short) {
                (Ok(at), Some(row)) => place[at] = row,
                (Ok(at), None) => drop(place.remove(at)),
                (Err(at), Some(row)) => place.insert(at, row),
                (Err(_), None) => {}
            }
        }
    }

    /// Everything of these places was seen.
    pub fn mark_seen(&mut self, sources: &[SourceId]) {
        for (_, place) in self.places.iter_mut().filter(|(id, _)| sources.contains(id)) {
            if place.rows().iter().any(|row| !row.seen) {
                Arc::make_mut(place).change().iter_mut().for_each(|row| row.seen = true);
            }
        }
    }

    /// Nothing is held any more; the next list reads everything again.
    pub fn let_go(&mut self) {
        *self = Self::default();
    }
}

fn read_all(connection: &Connection) -> Result<BTreeMap<SourceId, Arc<PlaceRows>>, RecordsError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT source, kind, id, seen, facts FROM glance ORDER BY source, kind, id",
        )
        .map_err(explain)?;
    let mut rows = statement.query([]).map_err(explain)?;
    let mut places: BTreeMap<SourceId, Vec<Kept>> = BTreeMap::new();
    while let Some(row) = rows.next().map_err(explain)? {
        let source = SourceId(row.get(0).map_err(explain)?);
        let facts: Facts<Value> =
            from_json(row.get_ref(4).map_err(explain)?.as_str().unwrap_or(""))?;
        let kept = Kept {
            source: source.clone(),
            kind: row.get(1).map_err(explain)?,
            id: row.get(2).map_err(explain)?,
            version: None,
            last_updated: facts.last_updated,
            body: facts.body,
            first_seen_at: facts.first_seen_at,
            changed_at: facts.changed_at,
            seen: row.get(3).map_err(explain)?,
            news: facts.news,
        };
        places.entry(source).or_default().push(kept);
    }
    Ok(places.into_iter().map(|(source, rows)| (source, Arc::new(PlaceRows::new(rows)))).collect())
}

#[cfg(test)]
mod tests {
    use handrail_contract::place::Role;
    use serde_json::json;

    use super::{
        super::{
            Source, SqliteRecords,
            tests::{KEY, said, source},
        },
        *,
    };
    use crate::ports::Records as _;

    fn words(records: &SqliteRecords) -> Vec<(String, String, bool)> {
        let rows = records.glances().unwrap();
        let words = |row: &Kept| {
            let said = row.body["description"].as_str().unwrap_or_default().to_owned();
            (row.id.clone(), said, row.seen)
        };
        rows.iter().map(words).collect()
    }

    fn row(id: &str, kind: &str, body: Value) -> Change {
        let Change::Put(kept) = said(&source("elm"), "", 0) else { unreachable!() };
        let row = Kept { id: id.to_owned(), kind: kind.to_owned(), ..kept.with_body(body) };
        Change::Put(row.write(Role::Patient))
    }

    fn forget(id: &str) -> Change {
        Change::Forget { kind: "Task".to_owned(), id: id.to_owned() }
    }

    #[test]
    fn what_is_held_is_what_another_process_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        let (ours, elm) = (SqliteRecords::open(&path, &KEY).unwrap(), source("elm"));
        ours.put_source(&elm).unwrap();
        let task = |id: &str, words: &str| row(id, "Task", json!({ "description": words }));
        let steps = [
            vec![task("b", "one"), task("a", "two")],
            vec![
                task("a", "three"),
                task("c", "four"),
                row("o", "Organization", json!({ "name": "Elm" })),
            ],
            vec![forget("b"), row("s", "Observation", json!({ "status": "final" }))],
            vec![row("o", "Organization", json!({ "active": true })), forget("never-there")],
        ];

        for changes in steps {
            ours.apply(&elm, &changes).unwrap();

            let theirs = SqliteRecords::open(&path, &KEY).unwrap();
            assert_eq!(words(&ours), words(&theirs));
        }
        ours.mark_seen(&[SourceId("oak".to_owned())]).unwrap();
        assert!(words(&ours).iter().all(|(.., seen)| !seen), "that was another place");
        ours.mark_seen(std::slice::from_ref(&elm.id)).unwrap();

        let theirs = SqliteRecords::open(&path, &KEY).unwrap();
        assert_eq!(words(&ours), words(&theirs));
        let seen = |id: &str, words: &str| (id.to_owned(), words.to_owned(), true);
        assert_eq!(words(&ours), [seen("a", "three"), seen("c", "four")]);
        assert!(
            theirs.kept(None).unwrap().iter().filter(|row| row.kind == "Task").all(|row| row.seen)
        );
    }

    #[test]
    fn what_another_process_wrote_shows_in_the_next_list() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        let (ours, elm) = (SqliteRecords::open(&path, &KEY).unwrap(), source("elm"));
        let theirs = SqliteRecords::open(&path, &KEY).unwrap();
        ours.put_source(&elm).unwrap();
        ours.apply(&elm, &[said(&elm, "before", 0)]).unwrap();
        let before = words(&ours);

        theirs.apply(&elm, &[said(&elm, "after", 1)]).unwrap();
        let after = words(&ours);
        theirs.erase_source(&elm.id).unwrap();
        let erased = words(&ours);

        assert_eq!((&*before[0].1, &*after[0].1), ("before", "after"));
        assert_eq!(erased, []);
    }

    #[test]
    fn a_list_that_is_read_twice_is_read_from_the_disk_once() {
        let records = SqliteRecords::in_memory().unwrap();
        let elm = source("elm");
        records.put_source(&elm).unwrap();
        records.apply(&elm, &[said(&elm, "words", 0)]).unwrap();

        let (first, second) = (records.glances().unwrap(), records.glances().unwrap());

        let place = |rows: &Rows| std::ptr::from_ref(rows.iter().next().unwrap());
        assert_eq!(place(&first), place(&second));
    }

    #[test]
    fn nothing_is_held_at_rest_nor_after_a_place_was_erased() {
        let folder = tempfile::tempdir().unwrap();
        let records = SqliteRecords::open(&folder.path().join("records.db"), &KEY).unwrap();
        let elm = source("elm");
        let held = || {
            let held = records.held.lock().unwrap();
            held.as_ref().map_or(0, |held| held.glances.places.len())
        };
        records.put_source(&elm).unwrap();
        records.apply(&elm, &[said(&elm, "words", 0)]).unwrap();
        words(&records);
        let before = held();

        records.rest();
        let at_rest = held();
        words(&records);
        records.erase_source(&elm.id).unwrap();

        assert_eq!((before, at_rest, held()), (1, 0, 0));
    }

    #[test]
    fn short_rows_of_another_build_are_taken_anew_for_those_who_look_at_them() {
        for role in [Role::Patient, Role::Organization] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("records.db");
            let records = SqliteRecords::open(&path, &KEY).unwrap();
            let elm = Source { role, ..source("elm") };
            records.put_source(&elm).unwrap();
            records.apply(&elm, &[said(&elm, "words", 0)]).unwrap();
            let bodies = |records: &SqliteRecords| -> Vec<Value> {
                records.glances().unwrap().iter().map(|row| row.body.clone()).collect()
            };
            let before = bodies(&records);
            records
                .with(|connection| {
                    connection
                        .execute_batch(
                            "UPDATE glance_form SET form = 0; UPDATE glance SET facts = '{}';",
                        )
                        .map_err(explain)
                })
                .unwrap();
            drop(records);

            let again = SqliteRecords::open(&path, &KEY).unwrap();

            assert_eq!(bodies(&again), before);
            assert_eq!(before[0].get("for").is_some(), role == Role::Organization);
        }
    }
}

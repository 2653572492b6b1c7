//! Databases that earlier versions left behind, opened by this one.

use std::collections::BTreeMap;

use handrail_contract::place::Role;
use handrail_core::written::{glance, write_body};
use serde_json::Value;

use super::*;

/// The version a file was written by, and the file. One a version, from the first on.
const FROZEN: &[(usize, &str)] = &[
    (1, include_str!("vectors/version-1.sql")),
    (2, include_str!("vectors/version-2.sql")),
    (3, include_str!("vectors/version-3.sql")),
    (4, include_str!("vectors/version-4.sql")),
];

const KEY: [u8; 32] = [9; 32];

/// Resources as they were written, by source, type and id.
type Written = BTreeMap<(String, String, String), Value>;

/// Every one there is.
fn rows_of(connection: &Connection) -> Written {
    let mut statement = connection.prepare("SELECT source, kind, id, kept FROM resource").unwrap();
    let rows = statement.query_map([], |row| {
        Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get::<_, String>(3)?))
    });
    let read = |row: rusqlite::Result<(_, String)>| {
        let (key, kept) = row.unwrap();
        (key, serde_json::from_str(&kept).unwrap())
    };
    rows.unwrap().map(read).collect()
}

fn facts_of(connection: &Connection) -> Vec<Value> {
    let mut statement = connection.prepare("SELECT facts FROM source ORDER BY position").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|row| serde_json::from_str(&row.unwrap()).unwrap()).collect()
}

/// A new file, encrypted as the app of its time did.
fn make_file(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    let key: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{key}'\";")).unwrap();
    connection
}

/// Lays an old database on the disk.
fn lay_down(path: &Path, frozen: &str) -> (Vec<Value>, Written) {
    let connection = make_file(path);
    connection.execute_batch(&format!("BEGIN; {frozen} COMMIT;")).unwrap();
    (facts_of(&connection), rows_of(&connection))
}

#[test]
fn every_version_before_this_one_is_frozen() {
    let frozen: Vec<usize> = FROZEN.iter().map(|(version, _)| *version).collect();

    // The one that is written now may be frozen ahead.
    let before: Vec<usize> = (1..schema::VERSION).collect();
    assert!(frozen.starts_with(&before) && frozen.len() <= schema::VERSION, "{frozen:?}");
}

#[test]
fn a_database_of_any_earlier_version_is_opened_with_nothing_lost() {
    for (version, frozen) in FROZEN {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        let (facts, rows) = lay_down(&path, frozen);

        let records = SqliteRecords::open(&path, &KEY).unwrap();

        let (sources, kept) = (records.sources().unwrap(), records.kept(None).unwrap());
        let written: Vec<Value> =
            sources.iter().map(|it| serde_json::to_value(it).unwrap()).collect();
        assert_eq!(written, facts, "version {version}");
        let read: BTreeMap<_, _> = kept
            .iter()
            .map(|it| {
                let key = (it.source.0.clone(), it.kind.clone(), it.id.clone());
                (key, serde_json::to_value(it).unwrap())
            })
            .collect();
        assert!(rows.len() >= 20, "rows enough to mean something");
        assert_eq!(read, rows, "version {version}");
        let short =
            kept.iter().filter_map(|it| Some((&it.id, glance(Role::Patient, &it.kind, &it.body)?)));
        let glances = records.glances().unwrap();
        let glances = glances.iter().map(|it| (&it.id, it.body.clone()));
        assert!(short.eq(glances), "version {version}: lists see what was there before");
        assert_eq!(records.acts(None).unwrap().len(), usize::from(*version >= 3));
        let hides_food = records.settings().unwrap().topics.contains_key("food-insecurity");
        assert_eq!(hides_food, *version >= 4, "version {version}");
        // The first look after an update compares by these, and reads no body.
        for row in &kept {
            let known = records.known(&row.source).unwrap();
            let mark = known.into_iter().find(|it| (&it.kind, &it.id) == (&row.kind, &row.id));
            assert_eq!(mark.unwrap().mark, Some(write_body(&row.body).1), "version {version}");
        }
    }
}

#[test]
fn a_database_of_any_earlier_version_goes_on_living() {
    for (version, frozen) in FROZEN {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        lay_down(&path, frozen);
        let records = SqliteRecords::open(&path, &KEY).unwrap();
        let places = records.sources().unwrap();
        let mut task = records
            .kept(Some(&places[0].id))
            .unwrap()
            .into_iter()
            .find(|row| row.kind == "Task")
            .unwrap();
        let before = task.clone();

        task.body["status"] = "cancelled".into();
        records.apply(&places[0], &[Change::Put(task.write(Role::Patient))]).unwrap();
        records.erase_source(&places[1].id).unwrap();
        drop(records);

        let again = SqliteRecords::open(&path, &KEY).unwrap();
        let earlier = again.earlier(&before.source, "Task", &before.id).unwrap();
        assert_eq!(earlier.last().unwrap().body, before.body, "version {version}");
        assert_eq!(earlier.last().unwrap().arrived_at, before.changed_at);
        assert_eq!(again.kept(Some(&places[1].id)).unwrap(), []);
    }
}

#[test]
fn what_a_killed_build_with_smaller_pages_left_in_the_journal_is_not_lost() {
    let (alive, killed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = alive.path().join("records.db");
    let connection = make_file(&path);
    let frozen = FROZEN.last().unwrap().1;
    connection
        .execute_batch(&format!("PRAGMA journal_mode = WAL; BEGIN; {frozen} COMMIT;"))
        .unwrap();
    for name in ["records.db", "records.db-wal"] {
        std::fs::copy(alive.path().join(name), killed.path().join(name)).unwrap();
    }

    let records = SqliteRecords::open(&killed.path().join("records.db"), &KEY).unwrap();

    assert_eq!(records.kept(None).unwrap().len(), rows_of(&connection).len());
}

#[test]
fn what_was_begun_and_not_sent_outlives_an_update() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    lay_down(&path, FROZEN[2].1);

    let records = SqliteRecords::open(&path, &KEY).unwrap();

    let acts = records.acts(None).unwrap();
    assert_eq!(acts.len(), 1);
    let source = &acts[0].source;
    assert!(records.draft(source, "food-questions").unwrap().is_some());
    assert_eq!(records.settings().unwrap(), handrail_core::settings::Settings::default());
}

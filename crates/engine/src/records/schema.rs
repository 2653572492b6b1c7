//! The tables, and how older ones become these. A migration is never edited once it was released.

use rusqlite::Connection;

use super::explain;
use crate::ports::RecordsError;

/// One step a version. The database's `user_version` counts the steps it has taken.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE source (
        id       TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        facts    TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE resource (
        source TEXT NOT NULL REFERENCES source (id),
        kind   TEXT NOT NULL,
        id     TEXT NOT NULL,
        kept   TEXT NOT NULL,
        PRIMARY KEY (source, kind, id)
    ) STRICT, WITHOUT ROWID;
    ",
    // What a resource said before it said what it says now. `arrived_at` is when this body came, `number` counts up.
    "
    CREATE TABLE version (
        source     TEXT NOT NULL REFERENCES source (id),
        kind       TEXT NOT NULL,
        id         TEXT NOT NULL,
        number     INTEGER NOT NULL,
        arrived_at TEXT NOT NULL,
        body       TEXT NOT NULL,
        PRIMARY KEY (source, kind, id, number)
    ) STRICT, WITHOUT ROWID;
    -- What lists need of a resource, taken from its row in a `form` that the core counts.
    CREATE TABLE glance (
        source TEXT NOT NULL REFERENCES source (id),
        kind   TEXT NOT NULL,
        id     TEXT NOT NULL,
        seen   INTEGER NOT NULL,
        facts  TEXT NOT NULL,
        PRIMARY KEY (source, kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE glance_form (form INTEGER NOT NULL) STRICT;
    ",
    // Answers that were begun and not sent; and what the person did that the place does not have yet.
    "
    CREATE TABLE draft (
        source TEXT NOT NULL REFERENCES source (id),
        task   TEXT NOT NULL,
        kept   TEXT NOT NULL,
        PRIMARY KEY (source, task)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE act (
        id       TEXT NOT NULL PRIMARY KEY,
        position INTEGER NOT NULL,
        source   TEXT NOT NULL REFERENCES source (id),
        entry    TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    ",
    // What the person chose about the app, one row; and what the app did, the latest of it. Neither is about a resource.
    "
    CREATE TABLE setting (
        name TEXT NOT NULL PRIMARY KEY,
        kept TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE deed (
        number INTEGER PRIMARY KEY,
        source TEXT,
        entry  TEXT NOT NULL
    ) STRICT;
    ",
    // Bodies stand by themselves, one after the other: beside their keys each took a page more than it filled, and all
    // had to be read to find one or to know what is there. `mark` is the core's, of the body; the build that takes this
    // step takes the marks with the glances.
    "
    ALTER TABLE resource RENAME TO resource_4;
    CREATE TABLE body (key INTEGER NOT NULL PRIMARY KEY, body TEXT NOT NULL) STRICT;
    CREATE TABLE resource (
        source TEXT NOT NULL REFERENCES source (id),
        kind   TEXT NOT NULL,
        id     TEXT NOT NULL,
        facts  TEXT NOT NULL,
        mark   BLOB,
        body   INTEGER NOT NULL,
        PRIMARY KEY (source, kind, id)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO resource (source, kind, id, facts, body)
        SELECT source, kind, id, json_remove(kept, '$.source', '$.kind', '$.id', '$.body'),
            row_number() OVER (ORDER BY source, kind, id)
        FROM resource_4;
    INSERT INTO body (key, body)
        SELECT resource.body, resource_4.kept -> '$.body'
        FROM resource JOIN resource_4 USING (source, kind, id) ORDER BY resource.body;
    DROP TABLE resource_4;
    DELETE FROM glance_form;
    ",
];

/// The version this build writes.
#[cfg(test)]
pub const VERSION: usize = MIGRATIONS.len();

/// Takes the steps that are missing, all or none.
pub fn migrate(connection: &mut Connection) -> Result<(), RecordsError> {
    // Mostly none is missing, and whoever opens the records to read them writes nothing.
    if count_taken(connection)? == MIGRATIONS.len() {
        return Ok(());
    }
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(explain)?;
    // Another process may have taken them while this one waited.
    let taken = count_taken(&transaction)?;
    let Some(missing) = MIGRATIONS.get(taken..) else { return Err(RecordsError::Newer) };
    for step in missing {
        transaction.execute_batch(step).map_err(explain)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len()).map_err(explain)?;
    transaction.commit().map_err(explain)
}

fn count_taken(connection: &Connection) -> Result<usize, RecordsError> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(explain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_later_version_is_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", 99).unwrap();

        let outcome = migrate(&mut connection);

        assert!(matches!(outcome, Err(RecordsError::Newer)));
    }

    #[test]
    fn taking_the_steps_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();

        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();

        let tables: u32 = connection
            .query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(tables, 10);
    }
}

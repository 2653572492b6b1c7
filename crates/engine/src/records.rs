//! The Records port over SQLCipher: one encrypted database, readable by several processes at once.

mod schema;
mod whole;
mod glances;
mod own;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use handrail_contract::place::SourceId;
use handrail_core::{
    act::{ActId, Entry},
    activity::Logged,
    form::KeptDraft,
    session::Source,
    settings::Settings,
    store::{Change, Earlier, Kept, KindAndId, Known, Rows},
};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params};
use zeroize::Zeroizing;

use self::glances::Glances;
use crate::{
    held::HeldKey,
    ports::{KeyError, Records, RecordsError},
};

/// How long one process waits for another's transaction.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a file is sealed: page by page. Bodies fill a page of 8 kB better than a smaller one, and processors have
/// instructions for SHA-256, with which it takes about half the time of SHA-512.
const FORM: &str = "PRAGMA cipher_page_size = 8192; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;";
/// How earlier builds did it. Their files stay as they are.
const FORM_BEFORE: &str =
    "PRAGMA cipher_page_size = 4096; PRAGMA cipher_hmac_algorithm = HMAC_SHA512;";

/// An open database, and what was read of it for the lists.
struct Held {
    connection: Connection,
    glances: Glances,
}

impl Held {
    fn new(connection: Connection) -> Self {
        Self { connection, glances: Glances::default() }
    }
}

/// The encrypted database.
pub struct SqliteRecords {
    /// Closed while nobody needs it; the key is then nowhere in memory.
    held: Mutex<Option<Held>>,
    /// The file, and who to ask for its key. A database in memory has neither.
    again: Option<(PathBuf, HeldKey)>,
}

impl SqliteRecords {
    /// Opens the database, makes it if it is not there, and brings it to this build's version.
    ///
    /// # Errors
    /// A key that does not fit, a newer version, or a disk that refuses.
    pub fn open(path: &Path, key: &[u8; 32]) -> Result<Self, RecordsError> {
        Self::open_with(path, HeldKey::for_good(Zeroizing::new(*key)))
    }

    /// The same with a key that can be let go.
    ///
    /// # Errors
    /// As [`Self::open`], or the key is locked.
    pub fn open_with(path: &Path, key: HeldKey) -> Result<Self, RecordsError> {
        let connection = open_file(path, &key)?;
        Ok(Self {
            held: Mutex::new(Some(Held::new(connection))),
            again: Some((path.to_owned(), key)),
        })
    }

    /// A database that lives in memory and dies with it.
    ///
    /// # Errors
    /// Only our own bugs.
    pub fn in_memory() -> Result<Self, RecordsError> {
        let connection = prepare(Connection::open_in_memory().map_err(explain)?, &[0; 32], FORM)?;
        Ok(Self { held: Mutex::new(Some(Held::new(connection))), again: None })
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        self.with_held(|held| work(&mut held.connection))
    }

    fn with_held<T>(
        &self,
        work: impl FnOnce(&mut Held) -> Result<T, RecordsError>,
    ) -> Result<T, RecordsError> {
        // A panic between statements leaves at most a transaction, and that is rolled back when it is dropped.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match (held.take(), &self.again) {
            (Some(open), _) => open,
            (None, Some((path, key))) => Held::new(open_file(path, key)?),
            (None, None) => return Err(RecordsError::CannotOpen),
        };
        work(held.insert(open))
    }
}

fn open_file(path: &Path, key: &HeldKey) -> Result<Connection, RecordsError> {
    // A file does not tell how it is sealed: it opens in the form that it was made in, and in no other.
    let open = |key: &[u8; 32]| match open_in_form(path, key, FORM) {
        Err(RecordsError::CannotOpen) => open_in_form(path, key, FORM_BEFORE),
        outcome => outcome,
    };
    key.with(open).unwrap_or_else(|error| {
        Err(match error {
            KeyError::Locked | KeyError::Unavailable(_) => RecordsError::Locked,
            KeyError::Missing | KeyError::Invalidated => RecordsError::CannotOpen,
        })
    })
}

fn open_in_form(path: &Path, key: &[u8; 32], form: &str) -> Result<Connection, RecordsError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    prepare(Connection::open_with_flags(path, flags).map_err(explain)?, key, form)
}

fn prepare(
    mut connection: Connection,
    key: &[u8; 32],
    form: &str,
) -> Result<Connection, RecordsError> {
    connection.busy_timeout(PATIENCE).map_err(explain)?;
    // A raw key: 256 random bits need no stretching (SQLCipher, "Using a raw key").
    let mut pragma = Zeroizing::new(String::with_capacity(80));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in key {
        pragma.push(hex_digit(byte >> 4));
        pragma.push(hex_digit(byte & 15));
    }
    pragma.push_str("'\";");
    connection.execute_batch(&pragma).map_err(explain)?;
    // Its own log would tell of each file in the other form; what matters of it is an error here.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;").map_err(explain)?;
    connection.execute_batch(form).map_err(explain)?;
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(())).map_err(
        |error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => RecordsError::CannotOpen,
            _ => explain(error),
        },
    )?;
    // As much as a look writes at once: a page that must make room is sealed twice, and a journal that is emptied in
    // between is waited for. What is committed lies in it safely; it is emptied when the records rest.
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -6000;
             PRAGMA wal_autocheckpoint = 4000;",
        )
        .map_err(explain)?;
    schema::migrate(&mut connection)?;
    glances::take_all(&mut connection)?;
    Ok(connection)
}

impl Records for SqliteRecords {
    fn sources(&self) -> Result<Vec<Source>, RecordsError> {
        self.with(|connection| read_sources(connection))
    }

    fn put_source(&self, source: &Source) -> Result<(), RecordsError> {
        self.with(|connection| put_source(connection, source))
    }

    fn erase_source(&self, source: &SourceId) -> Result<(), RecordsError> {
        self.with_held(|held| {
            let Held { connection, glances } = held;
            glances.let_go();
            let transaction = connection.transaction().map_err(explain)?;
            for erase in [
                "DELETE FROM glance WHERE source = ?1",
                "DELETE FROM version WHERE source = ?1",
                "DELETE FROM act WHERE source = ?1",
                "DELETE FROM draft WHERE source = ?1",
                "DELETE FROM deed WHERE source = ?1",
                "DELETE FROM body WHERE key IN (SELECT body FROM resource WHERE source = ?1)",
                "DELETE FROM resource WHERE source = ?1",
                "DELETE FROM source WHERE id = ?1",
            ] {
                transaction.execute(erase, [&source.0]).map_err(explain)?;
            }
            transaction.commit().map_err(explain)?;
            // The journal still holds the pages; without this an erased row would live on in it.
            connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);").map_err(explain)
        })
    }

    fn kept(&self, source: Option<&SourceId>) -> Result<Vec<Kept>, RecordsError> {
        self.with(|connection| whole::read_all(connection, source))
    }

    fn known(&self, source: &SourceId) -> Result<Vec<Known>, RecordsError> {
        self.with(|connection| whole::read_known(connection, source))
    }

    fn kept_of(&self, source: &SourceId, keys: &[KindAndId]) -> Result<Vec<Kept>, RecordsError> {
        self.with(|connection| whole::read_some(connection, source, keys))
    }

    fn kept_of_kind(&self, source: &SourceId, kind: &str) -> Result<Vec<Kept>, RecordsError> {
        self.with(|connection| whole::read_kind(connection, source, kind))
    }

    fn glances(&self) -> Result<Rows, RecordsError> {
        self.with_held(|held| held.glances.read(&held.connection))
    }

    fn earlier(
        &self,
        source: &SourceId,
        kind: &str,
        id: &str,
    ) -> Result<Vec<Earlier>, RecordsError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare_cached(
                    "SELECT number, arrived_at, body FROM version
                     WHERE source = ?1 AND kind = ?2 AND id = ?3 ORDER BY number",
                )
                .map_err(explain)?;
            let mut rows = statement.query(params![source.0, kind, id]).map_err(explain)?;
            let mut earlier = Vec::new();
            while let Some(row) = rows.next().map_err(explain)? {
                let arrived_at: String = row.get(1).map_err(explain)?;
                earlier.push(Earlier {
                    number: row.get(0).map_err(explain)?,
                    arrived_at: arrived_at
                        .parse()
                        .map_err(|_| RecordsError::Failed("an instant is none".to_owned()))?,
                    body: from_json(&row.get::<_, String>(2).map_err(explain)?)?,
                });
            }
            Ok(earlier)
        })
    }

    fn apply(&self, source: &Source, changes: &[Change]) -> Result<(), RecordsError> {
        self.with_held(|held| {
            let Held { connection, glances } = held;
            let transaction = connection.transaction().map_err(explain)?;
            put_source(&transaction, source)?;
            for change in changes {
                match change {
                    Change::Put(kept) => whole::put(&transaction, &source.id, kept),
                    Change::Forget { kind, id } => {
                        whole::forget(&transaction, &source.id, kind, id)
                    }
                }
                .map_err(explain)?;
            }
            transaction.commit().map_err(explain)?;
            glances.take_in(&source.id, changes);
            Ok(())
        })
    }

    fn acts(&self, source: Option<&SourceId>) -> Result<Vec<Entry>, RecordsError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare_cached(
                    "SELECT entry FROM act WHERE ?1 IS NULL OR source = ?1 ORDER BY position",
                )
                .map_err(explain)?;
            let rows = statement
                .query_map([source.map(|source| &source.0)], |row| row.get::<_, String>(0))
                .map_err(explain)?;
            rows.map(|row| from_json(&row.map_err(explain)?)).collect()
        })
    }

    fn put_act(&self, entry: &Entry) -> Result<(), RecordsError> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO act (id, position, source, entry)
                     VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM act), ?2, ?3)
                     ON CONFLICT (id) DO UPDATE SET entry = excluded.entry",
                )
                .and_then(|mut put| {
                    put.execute(params![entry.id.0, entry.source.0, to_json(entry)])
                })
                .map(drop)
                .map_err(explain)
        })
    }

    fn drop_act(&self, id: &ActId) -> Result<(), RecordsError> {
        self.with(|connection| {
            connection.execute("DELETE FROM act WHERE id = ?1", [&id.0]).map(drop).map_err(explain)
        })
    }

    fn mark_seen(&self, sources: &[SourceId]) -> Result<(), RecordsError> {
        self.with_held(|held| {
            let Held { connection, glances } = held;
            let transaction = connection.transaction().map_err(explain)?;
            // Only what lists tell of has news, so the short rows say which long ones to write.
            for mark in [
                "UPDATE resource SET facts = json_set(facts, '$.seen', json('true'))
                 WHERE (source, kind, id) IN
                     (SELECT source, kind, id FROM glance WHERE seen = 0 AND source = ?1)",
                "UPDATE glance SET seen = 1 WHERE seen = 0 AND source = ?1",
            ] {
                for source in sources {
                    transaction.execute(mark, [&source.0]).map_err(explain)?;
                }
            }
            transaction.commit().map_err(explain)?;
            glances.mark_seen(sources);
            Ok(())
        })
    }

    fn draft(&self, source: &SourceId, task: &str) -> Result<Option<KeptDraft>, RecordsError> {
        self.with(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT kept FROM draft WHERE source = ?1 AND task = ?2")
                .map_err(explain)?;
            let found: Option<String> = statement
                .query_row([&*source.0, task], |row| row.get(0))
                .optional()
                .map_err(explain)?;
            found.map(|text| from_json(&text)).transpose()
        })
    }

    fn put_draft(&self, draft: &KeptDraft) -> Result<(), RecordsError> {
        self.with(|connection| {
            connection
                .prepare_cached(
                    "INSERT INTO draft (source, task, kept) SELECT ?1, ?2, ?3
                     WHERE EXISTS (SELECT 1 FROM source WHERE id = ?1)
                     ON CONFLICT (source, task) DO UPDATE SET kept = excluded.kept",
                )
                .and_then(|mut put| {
                    put.execute(params![draft.source.0, draft.task, to_json(draft)])
                })
                .map(drop)
                .map_err(explain)
        })
    }

    fn forget_draft(&self, source: &SourceId, task: &str) -> Result<(), RecordsError> {
        self.with(|connection| {
            connection
                .execute("DELETE FROM draft WHERE source = ?1 AND task = ?2", [&*source.0, task])
                .map(drop)
                .map_err(explain)
        })
    }

    fn settings(&self) -> Result<Settings, RecordsError> {
        self.with(|connection| own::settings(connection))
    }

    fn put_settings(&self, settings: &Settings) -> Result<(), RecordsError> {
        self.with(|connection| own::put_settings(connection, settings))
    }

    fn log(&self, logged: &Logged) -> Result<(), RecordsError> {
        self.with(|connection| own::log(connection, logged))
    }

    fn logged(&self) -> Result<Vec<Logged>, RecordsError> {
        self.with(|connection| own::logged(connection))
    }

    fn forget_choices(&self) -> Result<(), RecordsError> {
        self.with(|connection| own::forget_all(connection))
    }

    fn rest(&self) {
        if let Some((_, key)) = &self.again {
            key.rest();
            *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

fn read_sources(connection: &Connection) -> Result<Vec<Source>, RecordsError> {
    let mut statement =
        connection.prepare_cached("SELECT facts FROM source ORDER BY position").map_err(explain)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(explain)?;
    rows.map(|row| from_json(&row.map_err(explain)?)).collect()
}

fn put_source(connection: &Connection, source: &Source) -> Result<(), RecordsError> {
    connection
        .prepare_cached(
            "INSERT INTO source (id, position, facts)
             VALUES (?1, (SELECT coalesce(max(position), 0) + 1 FROM source), ?2)
             ON CONFLICT (id) DO UPDATE SET facts = excluded.facts",
        )
        .and_then(|mut put| put.execute(params![source.id.0, to_json(source)]))
        .map(drop)
        .map_err(explain)
}

fn to_json(value: &impl serde::Serialize) -> String {
    // As long as most rows are: each time it grew, what it had would be wiped.
    let mut text = Vec::with_capacity(3_072);
    serde_json::to_writer(&mut text, value)
        .expect("records are strings, numbers and lists of them");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, RecordsError> {
    serde_json::from_str(text).map_err(|error| {
        RecordsError::Failed(format!("a row is not as we write it ({:?})", error.classify()))
    })
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).expect("a nibble is below 16")
}

/// SQLite's messages name statements and tables, never what is in them.
pub(crate) fn explain(error: rusqlite::Error) -> RecordsError {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DiskFull
            | ErrorCode::ReadOnly
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied,
        ) => RecordsError::CannotWrite(io::Error::other("the disk refused")),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => RecordsError::CannotOpen,
        Some(code) => RecordsError::Failed(format!("{code:?}")),
        None => RecordsError::Failed("the database refused a statement".to_owned()),
    }
}

#[cfg(test)]
mod frozen;
#[cfg(test)]
mod tests;

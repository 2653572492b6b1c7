//! What the records hold of the app itself: what the person chose.

use handrail_core::settings::Settings;
use rusqlite::{Connection, OptionalExtension, params};

use super::{explain, from_json, to_json};
use crate::ports::RecordsError;

/// The one row of the settings. Another thing to keep has a name of its own.
const SETTINGS: &str = "app";

/// What the person chose; where they chose nothing, what holds from the start.
pub fn settings(connection: &Connection) -> Result<Settings, RecordsError> {
    let kept: Option<String> = connection
        .prepare_cached("SELECT kept FROM setting WHERE name = ?1")
        .and_then(|mut find| find.query_row([SETTINGS], |row| row.get(0)).optional())
        .map_err(explain)?;
    kept.map_or_else(|| Ok(Settings::default()), |text| from_json(&text))
}

/// Keeps what the person chose, in place of what was there.
pub fn put_settings(connection: &Connection, settings: &Settings) -> Result<(), RecordsError> {
    connection
        .prepare_cached(
            "INSERT INTO setting (name, kept) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET kept = excluded.kept",
        )
        .and_then(|mut put| put.execute(params![SETTINGS, to_json(settings)]))
        .map(drop)
        .map_err(explain)
}

/// Forgets all of it, also in the journal.
pub fn forget_all(connection: &Connection) -> Result<(), RecordsError> {
    connection
        .execute_batch("DELETE FROM setting; DELETE FROM deed; PRAGMA wal_checkpoint(TRUNCATE);")
        .map_err(explain)
}

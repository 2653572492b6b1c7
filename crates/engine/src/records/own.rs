//! What the records hold of the app itself: what the person chose, and what the app did.

use handrail_core::{
    activity::{KEPT_FOR, Logged, MOST},
    settings::Settings,
};
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

/// Writes down what the app did. A line of the same place that only goes on becomes longer.
pub fn log(connection: &mut Connection, logged: &Logged) -> Result<(), RecordsError> {
    let transaction = connection.transaction().map_err(explain)?;
    let source = logged.source.as_ref().map(|source| &*source.0);
    let last: Option<(i64, String)> = transaction
        .prepare_cached(
            "SELECT number, entry FROM deed WHERE source IS ?1 ORDER BY number DESC LIMIT 1",
        )
        .and_then(|mut find| {
            find.query_row([source], |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .map_err(explain)?;
    let joined = match last {
        // A line that a later version wrote is left alone.
        Some((number, entry)) => serde_json::from_str::<Logged>(&entry)
            .ok()
            .and_then(|last| Some((number, last.join(logged)?))),
        None => None,
    };
    // It moves to the end, where its last time belongs.
    if let Some((number, _)) = &joined {
        transaction.execute("DELETE FROM deed WHERE number = ?1", [number]).map_err(explain)?;
    }
    let line = joined.map_or_else(|| logged.clone(), |(_, line)| line);
    transaction
        .execute(
            "INSERT INTO deed (number, source, entry)
             VALUES (1 + coalesce((SELECT max(number) FROM deed), 0), ?1, ?2)",
            params![source, to_json(&line)],
        )
        .map_err(explain)?;
    let oldest = logged.at.checked_sub(KEPT_FOR).unwrap_or(logged.at).to_string();
    transaction
        .execute(
            "DELETE FROM deed WHERE entry ->> '$.at' < ?1
                 OR number <= (SELECT number FROM deed ORDER BY number DESC LIMIT 1 OFFSET ?2)",
            params![oldest, MOST],
        )
        .map_err(explain)?;
    transaction.commit().map_err(explain)
}

/// What the app did. A line that only a later version can read is left out.
pub fn logged(connection: &Connection) -> Result<Vec<Logged>, RecordsError> {
    let mut statement =
        connection.prepare_cached("SELECT entry FROM deed ORDER BY number").map_err(explain)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).map_err(explain)?;
    let mut all = Vec::new();
    for row in rows {
        all.extend(serde_json::from_str::<Logged>(&row.map_err(explain)?).ok());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use handrail_contract::place::SourceId;
    use handrail_core::activity::Deed;
    use jiff::Timestamp;

    use crate::{ports::Records as _, records::SqliteRecords};

    use super::*;

    fn at(minute: i64, source: &str, deed: Deed) -> Logged {
        let at = Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap();
        Logged::now(at, Some(SourceId(source.to_owned())), deed)
    }

    #[test]
    fn no_more_than_500_things_are_kept_and_none_for_more_than_30_days() {
        let records = SqliteRecords::in_memory().unwrap();
        for minute in 0..600 {
            records.log(&at(minute, "elm", Deed::Sent)).unwrap();
        }
        let most = records.logged().unwrap();
        records.log(&at(30 * 24 * 60 + 550, "elm", Deed::Sent)).unwrap();

        assert_eq!((most.len(), most[0].at), (500, at(100, "elm", Deed::Sent).at));
        assert_eq!(
            records.logged().unwrap().len(),
            51,
            "those of the last 50 minutes, and the new one"
        );
    }

    #[test]
    fn looks_without_news_stay_one_line_though_other_places_come_between() {
        let records = SqliteRecords::in_memory().unwrap();
        let quiet = Deed::Checked { changed: 0, left_out: 0 };
        for minute in 0..10 {
            records.log(&at(minute, "elm", quiet)).unwrap();
            records.log(&at(minute, "oak", quiet)).unwrap();
        }

        let logged = records.logged().unwrap();

        assert_eq!(logged.iter().map(|it| it.times).collect::<Vec<_>>(), [10, 10]);
    }
}

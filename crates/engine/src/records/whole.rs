//! Resources as they are kept: what is known of each in a row of its own, and its body beside that.
//!
//! In: rows as a look or an act brought them. Out: the same again, or only what tells whether something changed.
//! Never: a body where its mark is enough.

use handrail_contract::place::SourceId;
use handrail_core::{
    store::{Kept, KindAndId, Known, MOST_EARLIER, News, keeps_earlier},
    written::{Mark, Written, write_body},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use super::{explain, from_json, glances, to_json};
use crate::ports::RecordsError;

/// What is known of a resource beside its key and its body. Version 3 of the tables had all of it in one text.
#[derive(Serialize, Deserialize)]
struct Facts {
    version: Option<String>,
    last_updated: Option<Timestamp>,
    first_seen_at: Timestamp,
    changed_at: Timestamp,
    seen: bool,
    news: Option<News>,
}

/// Everything that is kept, of one place or of all, ordered by place, type and id.
pub fn read_all(
    connection: &Connection,
    source: Option<&SourceId>,
) -> Result<Vec<Kept>, RecordsError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT source, kind, id, facts, body.body FROM resource JOIN body ON key = resource.body
             WHERE ?1 IS NULL OR source = ?1 ORDER BY source, kind, id",
        )
        .map_err(explain)?;
    let mut rows = statement.query([source.map(|source| &source.0)]).map_err(explain)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(explain)? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// These rows of a place, as far as they are there.
pub fn read_some(
    connection: &Connection,
    source: &SourceId,
    keys: &[KindAndId],
) -> Result<Vec<Kept>, RecordsError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT source, kind, id, facts, body.body FROM resource JOIN body ON key = resource.body
             WHERE source = ?1 AND kind = ?2 AND id = ?3",
        )
        .map_err(explain)?;
    let mut some = Vec::new();
    // Mostly the first look: nothing is there to be looked for, key by key.
    let mut any = connection
        .prepare_cached("SELECT 1 FROM resource WHERE source = ?1 LIMIT 1")
        .map_err(explain)?;
    if keys.is_empty() || !any.exists([&source.0]).map_err(explain)? {
        return Ok(some);
    }
    for (kind, id) in keys {
        let mut rows = statement.query(params![source.0, kind, id]).map_err(explain)?;
        if let Some(row) = rows.next().map_err(explain)? {
            some.push(read(row)?);
        }
    }
    Ok(some)
}

/// The rows of one type of a place, ordered by id.
pub fn read_kind(
    connection: &Connection,
    source: &SourceId,
    kind: &str,
) -> Result<Vec<Kept>, RecordsError> {
    let mut statement = connection
        .prepare_cached(
            "SELECT source, kind, id, facts, body.body FROM resource JOIN body ON key = resource.body
             WHERE source = ?1 AND kind = ?2 ORDER BY id",
        )
        .map_err(explain)?;
    let mut rows = statement.query(params![source.0, kind]).map_err(explain)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(explain)? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// What tells whether something changed at a place. Reads no body.
pub fn read_known(connection: &Connection, source: &SourceId) -> Result<Vec<Known>, RecordsError> {
    let mut statement = connection
        .prepare_cached("SELECT kind, id, mark FROM resource WHERE source = ?1 ORDER BY kind, id")
        .map_err(explain)?;
    let known = statement.query_map([&source.0], |row| {
        Ok(Known {
            kind: row.get(0)?,
            id: row.get(1)?,
            mark: row.get::<_, Option<[u8; 16]>>(2)?.map(Mark),
        })
    });
    known.and_then(Iterator::collect).map_err(explain)
}

fn read(row: &Row<'_>) -> Result<Kept, RecordsError> {
    let text = |column| row.get_ref(column).map(|it| it.as_str().unwrap_or_default());
    let facts: Facts = from_json(text(3).map_err(explain)?)?;
    Ok(Kept {
        source: SourceId(row.get(0).map_err(explain)?),
        kind: row.get(1).map_err(explain)?,
        id: row.get(2).map_err(explain)?,
        version: facts.version,
        last_updated: facts.last_updated,
        body: from_json(text(4).map_err(explain)?)?,
        first_seen_at: facts.first_seen_at,
        changed_at: facts.changed_at,
        seen: facts.seen,
        news: facts.news,
    })
}

/// Writes a row; what it said before becomes its latest earlier version.
pub fn put(
    connection: &Connection,
    source: &SourceId,
    kept: &Kept<Written>,
) -> rusqlite::Result<()> {
    let (body, mark) = (kept.body.text(), kept.body.mark());
    let facts = to_json(&Facts {
        version: kept.version.clone(),
        last_updated: kept.last_updated,
        first_seen_at: kept.first_seen_at,
        changed_at: kept.changed_at,
        seen: kept.seen,
        news: kept.news.clone(),
    });
    let key: Option<i64> = connection
        .prepare_cached("SELECT body FROM resource WHERE source = ?1 AND kind = ?2 AND id = ?3")?
        .query_row(params![source.0, kept.kind, kept.id], |row| row.get(0))
        .optional()?;
    match key {
        Some(key) => {
            keep_what_was_said(connection, source, kept, key, body)?;
            connection
                .prepare_cached("UPDATE body SET body = ?2 WHERE key = ?1")?
                .execute(params![key, body])?;
            connection
                .prepare_cached(
                    "UPDATE resource SET facts = ?4, mark = ?5
                     WHERE source = ?1 AND kind = ?2 AND id = ?3",
                )?
                .execute(params![source.0, kept.kind, kept.id, facts, mark.0])?;
        }
        None => {
            let key =
                connection.prepare_cached("INSERT INTO body (body) VALUES (?1)")?.insert([body])?;
            connection
                .prepare_cached(
                    "INSERT INTO resource (source, kind, id, facts, mark, body)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![source.0, kept.kind, kept.id, facts, mark.0, key])?;
        }
    }
    glances::put(connection, source, kept, kept.body.glance())
}

/// Makes what a row says its latest earlier version, where it is to say something else.
fn keep_what_was_said(
    connection: &Connection,
    source: &SourceId,
    kept: &Kept<Written>,
    key: i64,
    body: &str,
) -> rusqlite::Result<()> {
    if !keeps_earlier(&kept.kind) {
        return Ok(());
    }
    let moved = connection
        .prepare_cached(
            "INSERT INTO version (source, kind, id, number, arrived_at, body)
             SELECT source, kind, id,
                 1 + coalesce((SELECT max(number) FROM version AS it WHERE it.source = ?1
                     AND it.kind = ?2 AND it.id = ?3), 0),
                 facts ->> '$.changed_at', body.body
             FROM resource JOIN body ON key = resource.body
             WHERE source = ?1 AND kind = ?2 AND id = ?3 AND key = ?4 AND body.body <> ?5",
        )?
        .execute(params![source.0, kept.kind, kept.id, key, body])?;
    if moved > 0 {
        connection
            .prepare_cached(
                "DELETE FROM version WHERE source = ?1 AND kind = ?2 AND id = ?3
                     AND number <= (SELECT max(number) FROM version AS it WHERE it.source = ?1
                     AND it.kind = ?2 AND it.id = ?3) - ?4",
            )?
            .execute(params![source.0, kept.kind, kept.id, MOST_EARLIER])?;
    }
    Ok(())
}

/// Forgets a row and what it said before.
pub fn forget(
    connection: &Connection,
    source: &SourceId,
    kind: &str,
    id: &str,
) -> rusqlite::Result<()> {
    for statement in [
        "DELETE FROM glance WHERE source = ?1 AND kind = ?2 AND id = ?3",
        "DELETE FROM version WHERE source = ?1 AND kind = ?2 AND id = ?3",
        "DELETE FROM body WHERE key IN
             (SELECT body FROM resource WHERE source = ?1 AND kind = ?2 AND id = ?3)",
        "DELETE FROM resource WHERE source = ?1 AND kind = ?2 AND id = ?3",
    ] {
        connection.prepare_cached(statement)?.execute(params![source.0, kind, id])?;
    }
    Ok(())
}

/// Does something with every row, and counts the bodies that no build has counted yet.
pub fn go_through(
    connection: &Connection,
    mut work: impl FnMut(&Kept) -> rusqlite::Result<()>,
) -> Result<(), RecordsError> {
    let mut uncounted: Vec<(SourceId, KindAndId, Mark)> = Vec::new();
    let mut statement = connection
        .prepare(
            "SELECT source, kind, id, facts, body.body, mark IS NULL
             FROM resource JOIN body ON key = resource.body",
        )
        .map_err(explain)?;
    let mut rows = statement.query([]).map_err(explain)?;
    while let Some(row) = rows.next().map_err(explain)? {
        let kept = read(row)?;
        work(&kept).map_err(explain)?;
        if row.get(5).map_err(explain)? {
            uncounted.push((kept.source, (kept.kind, kept.id), write_body(&kept.body).1));
        }
    }
    let mut count = connection
        .prepare("UPDATE resource SET mark = ?4 WHERE source = ?1 AND kind = ?2 AND id = ?3")
        .map_err(explain)?;
    for (source, (kind, id), mark) in uncounted {
        count.execute(params![source.0, kind, id, mark.0]).map_err(explain)?;
    }
    Ok(())
}

//! What is kept of a place, and what a fetch changes about it.
//!
//! In: what is kept, and what a fetch brought. Out: the rows to write and to forget, each with what is new about it.
//! Never: a database, and never a row of another place.

use handrail_contract::place::{Role, SourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    fetch::{Arrived, Fetched},
    fhir::time::read_instant,
    written::{Written, is_same},
};

mod compare;
mod news;
mod links;
mod rows;

pub use compare::{Comparison, KindAndId, Known};
pub use links::Links;
pub use news::News;
pub use rows::{PlaceRows, Rows};

/// One resource as it is kept: whole, and with what we know about its coming. Its body is a tree that pages read, or
/// [`Written`] where nobody looks into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept<B = Value> {
    pub source: SourceId,
    /// The resource type.
    pub kind: String,
    pub id: String,
    pub version: Option<String>,
    pub last_updated: Option<Timestamp>,
    pub body: B,
    pub first_seen_at: Timestamp,
    /// When we last learned of a difference.
    pub changed_at: Timestamp,
    /// The person has looked at it, or at the news about it.
    pub seen: bool,
    /// What is new about it; stays when seen, until it changes again.
    pub news: Option<News>,
}

impl<B> Kept<B> {
    /// The same row with another body.
    pub fn with_body<C>(&self, body: C) -> Kept<C> {
        Kept {
            source: self.source.clone(),
            kind: self.kind.clone(),
            id: self.id.clone(),
            version: self.version.clone(),
            last_updated: self.last_updated,
            body,
            first_seen_at: self.first_seen_at,
            changed_at: self.changed_at,
            seen: self.seen,
            news: self.news.clone(),
        }
    }
}

impl Kept {
    /// The same row as it lies on the disk, of a place that is connected in this role.
    pub fn write(&self, role: Role) -> Kept<Written> {
        self.with_body(Written::of(role, &self.kind, &self.body))
    }
}

/// What a resource said before.
#[derive(Clone, Debug, PartialEq)]
pub struct Earlier {
    /// Counts up with each version of this resource.
    pub number: u32,
    /// When it came.
    pub arrived_at: Timestamp,
    pub body: Value,
}

/// How many earlier versions of a resource are kept.
pub const MOST_EARLIER: u32 = 20;

/// Whether earlier versions of this type are kept: those whose story is told.
pub fn keeps_earlier(kind: &str) -> bool {
    News::is_made_by(kind)
}

/// One thing to do to the records.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "nearly all of a look's changes are rows to write")]
pub enum Change {
    /// Write this row, in place of the one with the same source, type and id.
    Put(Kept<Written>),
    /// The place took it away.
    Forget { kind: String, id: String },
}

impl Change {
    /// The type and the id that it is about.
    pub fn key(&self) -> (&str, &str) {
        match self {
            Self::Put(row) => (&row.kind, &row.id),
            Self::Forget { kind, id } => (kind, id),
        }
    }
}

/// Says what a fetch changes about what is kept of its place, where all of that is at hand. What is the same makes no
/// change.
pub fn merge(kept: &[Kept], fetched: Fetched, source: &SourceId, now: Timestamp) -> Vec<Change> {
    let own = kept.iter().filter(|row| row.source == *source);
    let known = own.map(|row| Known { kind: row.kind.clone(), id: row.id.clone(), mark: None });
    Comparison::new(known.collect(), fetched).changes(kept, source, now)
}

/// Leaves out what a look brought of rows that were written since it began and are newer than what it brought:
/// what the person did meanwhile would seem undone until the next look.
pub fn drop_overtaken(kept: &[Kept], changes: Vec<Change>, since: Timestamp) -> Vec<Change> {
    let written: Vec<&Kept> = kept.iter().filter(|row| row.changed_at >= since).collect();
    let is_overtaken = |change: &Change| {
        match change {
        Change::Put(new) => written.iter().any(|row| {
            (&row.source, &row.kind, &row.id) == (&new.source, &new.kind, &new.id)
                && matches!((row.last_updated, new.last_updated), (Some(own), Some(theirs)) if own > theirs)
        }),
        Change::Forget { .. } => false,
    }
    };
    changes.into_iter().filter(|change| !is_overtaken(change)).collect()
}

fn first_seen(
    source: &SourceId,
    arrived: Arrived,
    is_first: bool,
    now: Timestamp,
) -> Kept<Written> {
    // The first look at a place is no news: everything would be.
    let news = (News::is_made_by(&arrived.kind) && !is_first).then_some(News::New);
    Kept {
        source: source.clone(),
        kind: arrived.kind,
        id: arrived.id,
        version: arrived.version,
        last_updated: arrived.last_updated.as_deref().and_then(read_instant),
        body: arrived.body,
        first_seen_at: now,
        changed_at: now,
        seen: news.is_none(),
        news,
    }
}

fn update(row: &Kept, arrived: Arrived, now: Timestamp) -> Option<Change> {
    // By what it says alone: there are servers whose `versionId` stands still while the resource changes.
    let says = arrived.body.read();
    if is_same(&row.body, &says) {
        return None;
    }
    let earlier = if row.seen { None } else { row.news.as_ref() };
    let news = News::of_change(&row.kind, earlier, &row.body, &says);
    Some(Change::Put(Kept {
        source: row.source.clone(),
        kind: arrived.kind,
        id: arrived.id,
        version: arrived.version,
        last_updated: arrived.last_updated.as_deref().and_then(read_instant),
        body: arrived.body,
        first_seen_at: row.first_seen_at,
        changed_at: now,
        seen: news.is_none(),
        news,
    }))
}

#[cfg(test)]
mod tests;

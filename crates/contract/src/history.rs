//! How a to-do, a goal or a referral changed since it first came.

use serde::{Deserialize, Serialize};

use crate::{
    place::Place,
    words::{ItemId, Phrase, Words},
};

/// How did this change?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowHistory {
    pub id: ItemId,
}

/// Every change that was noticed, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub id: ItemId,
    pub place: Place,
    pub title: Words,
    pub entries: Vec<HistoryEntry>,
}

/// What was different at one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When we learned of it, RFC 3339.
    pub at: String,
    pub differences: Vec<Difference>,
}

/// What a difference is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// It was not there before.
    Came,
    /// Where it stands.
    State,
    /// The day by which it should be done or reached.
    Day,
    /// What it is called.
    Title,
    /// Who was asked to help.
    Helper,
    /// What they wrote.
    Words,
}

/// One difference, in a sentence, and both sides of it where there are two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub what: DifferenceKind,
    pub line: Phrase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Words>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Words>,
}

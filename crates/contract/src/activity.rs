//! What the app did: for whoever wonders, and for whoever helps them. Never what it was about.

use serde::{Deserialize, Serialize};

use crate::{
    place::Place,
    words::{Icon, Phrase},
};

/// What did the app do?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListActivity {}

/// Everything of the last 30 days, at most 500 things; the latest day first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub days: Vec<ActivityDay>,
}

/// What the app did on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityDay {
    /// `YYYY-MM-DD`, where the person is.
    pub day: String,
    /// The latest first.
    pub rows: Vec<ActivityRow>,
}

/// One thing the app did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityRow {
    pub icon: Icon,
    /// "Checked for news".
    pub title: Phrase,
    /// When, and how it ended.
    pub line: Phrase,
    /// Where; absent where it was nowhere, or at a place that was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// RFC 3339.
    pub at: String,
}

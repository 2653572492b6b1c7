//! What is saved, to be read on paper.

use serde::{Deserialize, Serialize};

use crate::{
    place::{Place, SourceId},
    referral::StoryStep,
    words::{Contact, Fact, Phrase, Words},
};

/// Everything that is saved, to be read from top to bottom. What is hidden is never on it: paper has no lock.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowPaper {
    /// Of one place, or of all.
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// The paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// When it was made, RFC 3339. Whoever reads the paper later needs the day itself, not "today".
    pub made_at: String,
    /// In the order they were connected.
    pub places: Vec<PaperPlace>,
}

/// What one place shared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPlace {
    pub place: Place,
    /// To-dos, goals and referrals, as far as there are any.
    pub parts: Vec<PaperPart>,
}

/// The things of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPart {
    pub heading: Phrase,
    pub items: Vec<PaperItem>,
}

/// One thing in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperItem {
    pub title: Words,
    /// How it stands, and what was written about it.
    pub lines: Vec<Words>,
    pub facts: Vec<Fact>,
    /// How it went so far.
    pub story: Vec<StoryStep>,
    pub contacts: Vec<Contact>,
}

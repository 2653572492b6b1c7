//! Taking what is saved along.

use serde::{Deserialize, Serialize};

use crate::place::SourceId;

/// Everything that is saved, as one FHIR Bundle. Private items only with the PIN, where there is one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportBundle {
    /// Of one place, or of all.
    #[serde(default)]
    pub source: Option<SourceId>,
    /// With what is hidden.
    #[serde(default)]
    pub private: bool,
}

/// A file to save. Whoever gets it can read it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// A name for it that tells nothing but the day, such as `handrail-2026-05-06.json`.
    pub name: String,
    /// The media type.
    pub media: String,
    pub content: String,
}

impl std::fmt::Debug for Exported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exported").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Keep a file among the person's own, where other apps find it. A shell answers this itself: the place is the platform's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveFile {
    pub file: Exported,
}

/// Where it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFile {
    /// The name it has there: one that was free.
    pub name: String,
}

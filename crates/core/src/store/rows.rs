//! Rows that were read once, and are shared by all who look at them.

use std::sync::Arc;

use handrail_contract::place::SourceId;

use super::Kept;

/// Kept rows, a part for each place. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Rows(Vec<Arc<Vec<Kept>>>);

impl Rows {
    /// Puts parts together.
    pub fn of(parts: impl IntoIterator<Item = Arc<Vec<Kept>>>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// The same with whole rows of one place in place of its glances.
    #[must_use]
    pub fn with_whole(mut self, place: &SourceId, whole: Arc<Vec<Kept>>) -> Self {
        self.0.retain(|part| part.first().is_some_and(|row| row.source != *place));
        self.0.push(whole);
        self
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(|part| part.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.0.iter().flat_map(|part| part.iter())
    }
}

impl From<Vec<Kept>> for Rows {
    fn from(rows: Vec<Kept>) -> Self {
        Self(vec![Arc::new(rows)])
    }
}

//! Rows that were read once, and are shared by all who look at them.

use std::sync::{Arc, OnceLock};

use handrail_contract::place::SourceId;

use super::{Kept, Links};
use crate::fhir::FhirBase;

/// Kept rows, a part for each place. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Rows(Vec<Arc<PlaceRows>>);

/// The rows of one place, ordered by type and id, and what belongs together among them.
#[derive(Clone, Debug, Default)]
pub struct PlaceRows {
    rows: Vec<Kept>,
    links: OnceLock<(FhirBase, Arc<Links>)>,
}

impl PlaceRows {
    /// Puts the rows of one place in order.
    pub fn new(mut rows: Vec<Kept>) -> Self {
        rows.sort_by(|one, other| (&one.kind, &one.id).cmp(&(&other.kind, &other.id)));
        Self { rows, links: OnceLock::new() }
    }

    pub fn rows(&self) -> &[Kept] {
        &self.rows
    }

    /// Changes rows; what belonged together is found anew when it is next asked for. The order must stay.
    pub fn change(&mut self) -> &mut Vec<Kept> {
        self.links = OnceLock::new();
        &mut self.rows
    }

    /// What belongs together. Found the first time it is asked for.
    pub fn links(&self, base: &FhirBase) -> Arc<Links> {
        let find = || Arc::new(Links::find(&self.rows, base));
        let (found_for, links) = self.links.get_or_init(|| (base.clone(), find()));
        // A place may have moved since.
        if found_for == base { links.clone() } else { find() }
    }
}

impl Rows {
    /// Puts parts together.
    pub fn of(parts: impl IntoIterator<Item = Arc<PlaceRows>>) -> Self {
        Self(parts.into_iter().collect())
    }

    /// The rows place by place. Parts without a row are of no place.
    pub fn places(&self) -> impl Iterator<Item = (&SourceId, &PlaceRows)> {
        self.0.iter().filter_map(|part| Some((&part.rows.first()?.source, &**part)))
    }

    pub fn len(&self) -> usize {
        self.0.iter().map(|part| part.rows.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = &Kept> {
        self.0.iter().flat_map(|part| part.rows.iter())
    }
}

impl From<Vec<Kept>> for Rows {
    fn from(rows: Vec<Kept>) -> Self {
        let mut places: Vec<Vec<Kept>> = Vec::new();
        for row in rows {
            match places.iter_mut().find(|place| place[0].source == row.source) {
                Some(place) => place.push(row),
                None => places.push(vec![row]),
            }
        }
        Self::of(places.into_iter().map(|place| Arc::new(PlaceRows::new(place))))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn task(id: &str, focus: &str) -> Kept {
        let at = "2026-05-06T10:00:00Z".parse().unwrap();
        Kept {
            source: SourceId("elm".to_owned()),
            kind: "Task".to_owned(),
            id: id.to_owned(),
            version: None,
            last_updated: None,
            body: json!({ "code": { "coding": [{ "code": "make-contact" }] }, "focus": { "reference": focus } }),
            first_seen_at: at,
            changed_at: at,
            seen: true,
            news: None,
        }
    }

    fn base(text: &str) -> FhirBase {
        FhirBase::try_from(text.to_owned()).unwrap()
    }

    fn under(rows: &PlaceRows, base: &FhirBase) -> Vec<u32> {
        rows.links(base).todos_under(0).collect()
    }

    #[test]
    fn what_belongs_together_is_found_once_and_anew_after_a_change() {
        let elm = base("https://elm.example/fhir");
        let mut rows = PlaceRows::new(vec![task("b", "Task/a"), task("a", "")]);
        let before = (under(&rows, &elm), Arc::ptr_eq(&rows.links(&elm), &rows.links(&elm)));

        rows.change().push(task("c", "Task/a"));

        assert_eq!(before, (vec![1], true));
        assert_eq!(under(&rows, &elm), [1, 2]);
    }

    #[test]
    fn a_place_that_moved_is_not_told_by_its_old_address() {
        let (old, new) = (base("https://elm.example/fhir"), base("https://elm.example/r4"));
        let rows =
            PlaceRows::new(vec![task("a", ""), task("b", "https://elm.example/fhir/Task/a")]);

        let (before, after) = (under(&rows, &old), under(&rows, &new));

        assert_eq!((before, after), (vec![1], vec![]));
    }
}

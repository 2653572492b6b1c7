//! Lists from the short rows, to be held against those from the whole ones.

use super::*;
use crate::store::glance;

/// What lists look at.
pub fn at_a_glance(shelf: &Shelf) -> Shelf {
    let short = |row: &Kept| Some(Kept { body: glance(&row.kind, &row.body)?, ..row.clone() });
    let rows: Vec<Kept> = shelf.kept.iter().filter_map(short).collect();
    Shelf { kept: rows.into(), ..shelf.clone() }
}

/// Every list, as text.
pub fn all_lists(shelf: &Shelf) -> String {
    let tz = TimeZone::fixed(jiff::tz::offset(13));
    format!(
        "{:#?}{:#?}{:#?}{:#?}{:#?}",
        today(shelf, now(), &tz),
        todos(shelf, None, now(), &tz),
        goals(shelf, None, now(), &tz),
        referrals(shelf, None, now(), &tz),
        connections(shelf, None, now(), &tz),
    )
}

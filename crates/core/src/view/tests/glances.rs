//! Lists from the short rows, to be held against those from the whole ones.

use handrail_contract::inbox::RequestPage;

use super::*;
use crate::store::glance;

/// What lists look at.
pub fn at_a_glance(shelf: &Shelf) -> Shelf {
    let role = |row: &Kept| shelf.sources.iter().find(|it| it.id == row.source).map(|it| it.role);
    let short =
        |row: &Kept| Some(Kept { body: glance(role(row)?, &row.kind, &row.body)?, ..row.clone() });
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

/// A request's page, of glances and of the few rows that belong to it.
pub fn open_request(shelf: &Shelf, id: &ItemId) -> Option<RequestPage> {
    let glances = at_a_glance(shelf);
    let (place, mut wanted) = begin_request(&glances, id)?;
    let base = &shelf.sources.iter().find(|it| it.id == place)?.base;
    let all: Vec<&Kept> = shelf.kept.iter().filter(|row| row.source == place).collect();
    let mut rows: Vec<Kept> =
        all.iter().filter(|row| WHOLE_KINDS.contains(&&*row.kind)).copied().cloned().collect();
    let is = |row: &Kept, key: &KindAndId| (&row.kind, &row.id) == (&key.0, &key.1);
    while !wanted.is_empty() {
        let is_new = |row: &&&Kept| wanted.iter().any(|key| is(row, key)) && !rows.contains(row);
        let found: Vec<Kept> = all.iter().filter(is_new).copied().cloned().collect();
        wanted = find_named(&found, base);
        rows.extend(found);
    }
    super::super::request(&glances, rows.into(), id, now(), &TimeZone::UTC)
}

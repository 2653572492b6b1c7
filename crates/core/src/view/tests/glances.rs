//! Lists from the short rows, to be held against those from the whole ones.

use handrail_contract::inbox::RequestPage;

use super::*;
use crate::written::glance;

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

/// Glances, and of the rows of a page those that it reads whole.
pub fn with_page(shelf: &Shelf, begin: impl Fn(&Shelf) -> Option<PageRows<'_>>) -> Option<Shelf> {
    let glances = at_a_glance(shelf);
    let mut page = begin(&glances)?;
    let place = page.place().clone();
    let all: Vec<&Kept> = shelf.kept.iter().filter(|row| row.source == place).collect();
    let read =
        |is: &dyn Fn(&Kept) -> bool| all.iter().copied().filter(|it| is(it)).cloned().collect();
    let kinds = page.kinds();
    page.took(read(&|row| kinds.contains(&&*row.kind)));
    loop {
        let keys = page.take_wanted();
        if keys.is_empty() {
            break;
        }
        page.took(read(&|row| keys.iter().any(|(kind, id)| row.kind == *kind && row.id == *id)));
    }
    let whole = page.into_rows();
    Some(Shelf { whole, ..glances })
}

/// A request's page, of glances and of the few rows that belong to it.
pub fn open_request(shelf: &Shelf, id: &ItemId) -> Option<RequestPage> {
    let shelf = with_page(shelf, |glances| PageRows::of_thing(glances, id))?;
    super::super::request(&shelf, id, now(), &TimeZone::UTC)
}

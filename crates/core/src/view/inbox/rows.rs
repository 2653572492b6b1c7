//! Which rows the page of one request is told of.
//!
//! In: glances of everything, then the rows that were read so far. Out: the keys of those to read whole.
//! Never: everything that is kept of a place.

use handrail_contract::{
    place::{Role, SourceId},
    words::ItemId,
};

use super::{questions, read_id};
use crate::{
    act::SERVICE,
    fetch::{Found, Wanted, find_wanted},
    fhir::FhirBase,
    store::{Kept, KindAndId},
    view::index::Index,
};

/// Kinds of which a page needs every row of its place: what was done for others can be recorded as done for this one,
/// and each service may say what room it has.
pub const WHOLE_KINDS: [&str; 2] = ["Procedure", SERVICE];

/// The place of a request, with the request and what the person was asked for it. `None`: it is not there.
pub fn begin(index: &Index<'_>, id: &ItemId) -> Option<(SourceId, Vec<KindAndId>)> {
    let (source, id) = read_id(id)?;
    let task = index.row(&source, "Task", &id)?;
    let rows = std::iter::once(task).chain(questions(index, task));
    let keys = rows.map(|row| (row.kind.clone(), row.id.clone())).collect();
    Some((source, keys))
}

/// What rows name of the same place.
pub fn find_named(rows: &[Kept], base: &FhirBase) -> Vec<KindAndId> {
    let named = |row: &Kept| find_wanted(Role::Organization, &row.kind, &row.body, base);
    let here = |found| match found {
        Found::Wanted(Wanted::Read { kind, id }) => Some((kind, id)),
        Found::Wanted(Wanted::Canonical { .. } | Wanted::Options { .. })
        | Found::Elsewhere { .. } => None,
    };
    rows.iter().flat_map(named).filter_map(here).collect()
}

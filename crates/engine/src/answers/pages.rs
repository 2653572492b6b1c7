//! What a page about one thing is told of: short forms of everything, and the few rows that belong to it whole.

use std::collections::BTreeSet;

use handrail_contract::{Problem, place::SourceId, words::ItemId};
use handrail_core::view::{PageRows, Shelf};

use super::glance_at;
use crate::{
    engine::{Engine, Ports, records_problem},
    ports::{Records, RecordsError},
};

impl Engine {
    /// A page. `None`: what it is about is not there.
    pub(super) async fn page<T: Send + 'static>(
        &self,
        begin: impl FnOnce(&Shelf) -> Option<PageRows<'_>> + Send + 'static,
        look: impl FnOnce(&Shelf, jiff::Timestamp, &jiff::tz::TimeZone) -> Option<T> + Send + 'static,
    ) -> Result<T, Problem> {
        self.note_question();
        let checking = self.checking().clone();
        let look = move |ports: &Ports| {
            let shelf = read_page(&*ports.records, checking, begin)?;
            let (now, zone) = (ports.clock.now(), ports.clock.time_zone());
            Ok(shelf.and_then(|shelf| look(&shelf, now, &zone)))
        };
        self.blocking(look).await?.map_err(records_problem)?.ok_or(Problem::Gone)
    }

    /// A page about one thing, unless it is private and nobody said who they are.
    pub(super) async fn thing<T: Send + 'static>(
        &self,
        id: ItemId,
        look: impl FnOnce(&Shelf, &ItemId, jiff::Timestamp, &jiff::tz::TimeZone) -> Option<T>
        + Send
        + 'static,
    ) -> Result<T, Problem> {
        self.note_question();
        let shelf = self.shelf_of(id.clone()).await?;
        let look =
            move |ports: &Ports| look(&shelf, &id, ports.clock.now(), &ports.clock.time_zone());
        self.blocking(look).await?.ok_or(Problem::Gone)
    }

    /// What the page about one thing is told of, unless it is private and nobody said who they are.
    pub(crate) async fn shelf_of(&self, id: ItemId) -> Result<Shelf, Problem> {
        let of = id.clone();
        let shelf = self.shelf_for(move |shelf| PageRows::of_thing(shelf, &of)).await?;
        self.let_see(shelf, &id).await
    }

    /// What a page is told of.
    pub(crate) async fn shelf_for(
        &self,
        begin: impl FnOnce(&Shelf) -> Option<PageRows<'_>> + Send + 'static,
    ) -> Result<Shelf, Problem> {
        let checking = self.checking().clone();
        self.records(move |records| read_page(records, checking, begin)).await?.ok_or(Problem::Gone)
    }
}

/// Reads what a page is told of. `None`: what it is about is not there.
pub(crate) fn read_page(
    records: &dyn Records,
    checking: BTreeSet<SourceId>,
    begin: impl FnOnce(&Shelf) -> Option<PageRows<'_>>,
) -> Result<Option<Shelf>, RecordsError> {
    let mut shelf = glance_at(records, checking)?;
    let Some(mut page) = begin(&shelf) else { return Ok(None) };
    let place = page.place().clone();
    for kind in page.kinds() {
        page.took(records.kept_of_kind(&place, kind)?);
    }
    loop {
        let keys = page.take_wanted();
        if keys.is_empty() {
            break;
        }
        page.took(records.kept_of(&place, &keys)?);
    }
    shelf.whole = page.into_rows();
    Ok(Some(shelf))
}

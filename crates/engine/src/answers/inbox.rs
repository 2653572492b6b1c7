//! What an organization is answered about those it was asked to help.

use std::collections::HashSet;

use handrail_contract::{
    Problem,
    export::Exported,
    inbox::{CountInbox, ExportInbox, Inbox, InboxCount, ListInbox, RequestPage, ShowRequest},
    place::Role,
    words::ItemId,
};
use handrail_core::{
    store::Rows,
    view::{self, Shelf},
};

use super::{Reply, glance_at};
use crate::{
    engine::{Engine, Ports, records_problem},
    ports::{Records, RecordsError},
};

impl Engine {
    /// A list of the places that are connected as an organization.
    async fn list_for_staff<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Shelf, jiff::Timestamp, &jiff::tz::TimeZone) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.list(|shelf, now, zone| look(&desk(shelf.clone()), now, zone)).await
    }
}

/// The shelf without the places that are somebody's own.
fn desk(mut shelf: Shelf) -> Shelf {
    shelf.sources.retain(|source| source.role == Role::Organization);
    shelf
}

impl Reply<ListInbox> for Engine {
    async fn reply(&self, question: ListInbox) -> Result<Inbox, Problem> {
        self.list_for_staff(move |shelf, now, zone| view::inbox(shelf, &question, now, zone)).await
    }
}

impl Reply<CountInbox> for Engine {
    async fn reply(&self, _: CountInbox) -> Result<InboxCount, Problem> {
        self.list_for_staff(|shelf, _, _| view::inbox_count(shelf)).await
    }
}

impl Reply<ExportInbox> for Engine {
    async fn reply(&self, question: ExportInbox) -> Result<Exported, Problem> {
        self.list_for_staff(move |shelf, now, zone| {
            view::inbox_table(shelf, &question.of, now, zone)
        })
        .await
    }
}

impl Reply<ShowRequest> for Engine {
    async fn reply(&self, question: ShowRequest) -> Result<RequestPage, Problem> {
        self.note_question();
        let checking = self.checking().clone();
        let look = move |ports: &Ports| {
            let shelf = desk(glance_at(&*ports.records, checking)?);
            let Some(whole) = read_request(&*ports.records, &shelf, &question.id)? else {
                return Ok(None);
            };
            let (now, zone) = (ports.clock.now(), ports.clock.time_zone());
            Ok(view::request(&shelf, whole, &question.id, now, &zone))
        };
        self.blocking(look).await?.map_err(records_problem)?.ok_or(Problem::Gone)
    }
}

/// The rows of a request's page, whole. `None`: it is not there any more.
fn read_request(
    records: &dyn Records,
    shelf: &Shelf,
    id: &ItemId,
) -> Result<Option<Rows>, RecordsError> {
    let begun = view::begin_request(shelf, id);
    let Some((place, mut wanted)) = begun else { return Ok(None) };
    let Some(source) = shelf.sources.iter().find(|it| it.id == place) else { return Ok(None) };
    let mut rows = Vec::new();
    for kind in view::WHOLE_KINDS {
        rows.extend(records.kept_of_kind(&place, kind)?);
    }
    let mut seen: HashSet<_> = rows.iter().map(|row| (row.kind.clone(), row.id.clone())).collect();
    while !wanted.is_empty() {
        wanted.retain(|key| seen.insert(key.clone()));
        let found = records.kept_of(&place, &wanted)?;
        wanted = view::find_named(&found, &source.base);
        rows.extend(found);
    }
    Ok(Some(rows.into()))
}

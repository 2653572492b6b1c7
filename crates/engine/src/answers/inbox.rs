//! What an organization is answered about those it was asked to help.

use handrail_contract::{
    Problem,
    export::Exported,
    inbox::{CountInbox, ExportInbox, Inbox, InboxCount, ListInbox, RequestPage, ShowRequest},
    place::Role,
};
use handrail_core::view::{self, PageRows, Shelf};

use super::Reply;
use crate::engine::Engine;

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
        let id = question.id.clone();
        self.page(
            move |shelf| PageRows::of_thing(shelf, &id),
            move |shelf, now, zone| view::request(&desk(shelf.clone()), &question.id, now, zone),
        )
        .await
    }
}

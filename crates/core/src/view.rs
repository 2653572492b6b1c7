//! What is kept, as answers that are ready to show.
//!
//! In: the connected places, what is kept of them, the time and the person's time zone.
//! Out: the contract's answers: phrases by key, who has the ball, ages, groups, order.
//! Never: a text of ours in any language, markup of theirs, or anything private in a list.
//!
//! Here, and only here, a `ServiceRequest` becomes a referral and a `Task` a to-do.

use std::collections::{BTreeMap, BTreeSet};

use handrail_contract::{
    activity::Activity,
    export::Exported,
    goal::{GoalPage, Goals},
    history::History,
    inbox::{Inbox, InboxCount, ListInbox, RequestPage, TableOf},
    paper::Paper,
    place::{ConnectionPage, Connections, Role, SourceId},
    private::Private,
    referral::{ReferralPage, Referrals},
    report::Report,
    sign_in::Found,
    today::Today,
    todo::{TodoPage, Todos},
    words::ItemId,
};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    act::Entry,
    activity::Logged,
    form::{Draft, Moment},
    session::Source,
    settings::Hidden,
    store::{Earlier, Kept, Rows},
    vault::keys::KeyPlace,
};

mod index;
mod say;
mod topic;
mod people;
mod todo;
mod form;
mod goal;
mod referral;
mod inbox;
mod whole;
mod story;
mod news;
mod history;
mod today;
mod place;
mod private;
mod activity;
mod report;
mod export;
mod paper;

pub use form::{Desk, Saved};

use index::Index;

pub use history::RowKey;
pub use private::{STEPS, count_shown, find_parents, is_hidden, rows_to_count};
pub use report::About;
pub use todo::{act_not_taken, acted, read_acted};
pub use topic::{is_known as is_topic, list as topics};
pub use whole::PageRows;

/// Everything there is to show.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// In the order they were connected.
    pub sources: Vec<Source>,
    /// Glances of everything; whole where everything is told.
    pub kept: Rows,
    /// The few rows of a page, whole ([`PageRows`]).
    pub whole: Vec<Kept>,
    /// What the person did that the places do not have yet, in the order it was done.
    pub outbox: Vec<Entry>,
    /// Places that are being checked right now.
    pub checking: BTreeSet<SourceId>,
    /// Topics that no list tells of.
    pub hidden: Hidden,
}

/// When and where the person looks.
#[derive(Clone, Copy)]
struct Now<'a> {
    at: Timestamp,
    tz: &'a TimeZone,
}

/// The place that a thing is of.
pub fn place_of(id: &ItemId) -> Option<SourceId> {
    let (what, _) = id.0.split_once(':')?;
    index::parse_item_id(id, what).map(|(source, _)| source)
}

/// The first page.
pub fn today(shelf: &Shelf, now: Timestamp, tz: &TimeZone) -> Today {
    today::show(&Index::new(shelf), Now { at: now, tz })
}

/// The to-dos of one place or of all.
pub fn todos(shelf: &Shelf, source: Option<&SourceId>, now: Timestamp, tz: &TimeZone) -> Todos {
    todo::list(&Index::new(shelf), source, Now { at: now, tz })
}

/// One to-do. `None`: it is not there any more.
pub fn todo(shelf: &Shelf, id: &ItemId, now: Timestamp, tz: &TimeZone) -> Option<TodoPage> {
    todo::show(&Index::new(shelf), id, Now { at: now, tz })
}

/// The form of a to-do with the draft on this device. `None`: there is no such to-do, or its questions are not here.
pub fn open_form(
    shelf: &Shelf,
    id: &ItemId,
    kept: Option<Draft>,
    lang: &str,
    moment: Moment<'_>,
) -> Option<Desk> {
    form::open(&Index::new(shelf), id, kept, lang, moment)
}

/// The place and the Task that a to-do's name stands for.
pub fn read_todo_id(id: &ItemId) -> Option<(SourceId, String)> {
    index::parse_item_id(id, "todo")
}

/// The goals of one place or of all.
pub fn goals(shelf: &Shelf, source: Option<&SourceId>, now: Timestamp, tz: &TimeZone) -> Goals {
    goal::list(&Index::new(shelf), source, Now { at: now, tz })
}

/// One goal. `None`: it is not there any more.
pub fn goal(shelf: &Shelf, id: &ItemId, now: Timestamp, tz: &TimeZone) -> Option<GoalPage> {
    goal::show(&Index::new(shelf), id, Now { at: now, tz })
}

/// The referrals of one place or of all.
pub fn referrals(
    shelf: &Shelf,
    source: Option<&SourceId>,
    now: Timestamp,
    tz: &TimeZone,
) -> Referrals {
    referral::list(&Index::new(shelf), source, Now { at: now, tz })
}

/// One referral. `None`: it is not there any more.
pub fn referral(shelf: &Shelf, id: &ItemId, now: Timestamp, tz: &TimeZone) -> Option<ReferralPage> {
    referral::show(&Index::new(shelf), id, Now { at: now, tz })
}

/// The requests that one place or all of them sent to an organization.
pub fn inbox(shelf: &Shelf, question: &ListInbox, now: Timestamp, tz: &TimeZone) -> Inbox {
    let index = Index::of(shelf, Role::Organization);
    inbox::list(&index, question, Now { at: now, tz })
}

/// How many requests wait for a yes or a no.
pub fn inbox_count(shelf: &Shelf) -> InboxCount {
    inbox::count(&Index::of(shelf, Role::Organization))
}

/// The requests as a table, of one day or all.
pub fn inbox_table(shelf: &Shelf, of: &TableOf, now: Timestamp, tz: &TimeZone) -> Exported {
    inbox::write_table(&Index::of(shelf, Role::Organization), of, Now { at: now, tz })
}

/// One request. `None`: it is not there any more, or not theirs.
pub fn request(shelf: &Shelf, id: &ItemId, now: Timestamp, tz: &TimeZone) -> Option<RequestPage> {
    inbox::show(&Index::of(shelf, Role::Organization), id, Now { at: now, tz })
}

/// The rows whose earlier versions tell how something changed. `None`: it is not there any more.
pub fn history_rows(shelf: &Shelf, id: &ItemId) -> Option<Vec<RowKey>> {
    history::rows(&Index::new(shelf), id)
}

/// How something changed, by what its rows said before. `None`: it is not there any more.
pub fn history(
    shelf: &Shelf,
    id: &ItemId,
    earlier: &BTreeMap<RowKey, Vec<Earlier>>,
    now: Timestamp,
    tz: &TimeZone,
) -> Option<History> {
    history::show(&Index::new(shelf), id, earlier, Now { at: now, tz })
}

/// Every connection, in the order they were made, and a word about where their keys are.
pub fn connections(
    shelf: &Shelf,
    keys: Option<KeyPlace>,
    now: Timestamp,
    tz: &TimeZone,
) -> Connections {
    place::list(shelf, keys, Now { at: now, tz })
}

/// One connection. `None`: there is no such place.
pub fn connection(
    shelf: &Shelf,
    source: &SourceId,
    now: Timestamp,
    tz: &TimeZone,
) -> Option<ConnectionPage> {
    let staff = Index::of(shelf, Role::Organization);
    place::show(&Index::new(shelf), &staff, source, Now { at: now, tz })
}

/// What the app did.
pub fn activity(logged: &[Logged], sources: &[Source], now: Timestamp, tz: &TimeZone) -> Activity {
    activity::show(logged, sources, Now { at: now, tz })
}

/// A report for whoever helps with a problem.
pub fn report(shelf: &Shelf, about: &About<'_>, now: Timestamp, tz: &TimeZone) -> Report {
    report::show(shelf, about, Now { at: now, tz })
}

/// What is saved, as a FHIR Bundle. The rows have to be whole.
pub fn bundle(
    shelf: &Shelf,
    source: Option<&SourceId>,
    with_hidden: bool,
    now: Timestamp,
    tz: &TimeZone,
) -> Exported {
    export::bundle(shelf, source, with_hidden, Now { at: now, tz })
}

/// What is saved, to be read on paper. The rows have to be whole.
pub fn paper(shelf: &Shelf, source: Option<&SourceId>, now: Timestamp, tz: &TimeZone) -> Paper {
    paper::show(&Index::new(shelf), &shelf.sources, source, Now { at: now, tz })
}

/// Everything that is hidden.
pub fn private(shelf: &Shelf, now: Timestamp, tz: &TimeZone) -> Private {
    private::show(shelf, Now { at: now, tz })
}

/// What the first look at a place found. `None`: there is no such place.
pub fn found(shelf: &Shelf, source: &SourceId, now: Timestamp, tz: &TimeZone) -> Option<Found> {
    place::found(&Index::new(shelf), source, Now { at: now, tz })
}

#[cfg(test)]
mod tests;

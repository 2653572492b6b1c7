//! What is kept, as answers that are ready to show.
//!
//! In: the connected places, what is kept of them, the time and the person's time zone.
//! Out: the contract's answers: phrases by key, who has the ball, ages, groups, order.
//! Never: a text of ours in any language, markup of theirs, or anything private in a list.
//!
//! Here, and only here, a `ServiceRequest` becomes a referral and a `Task` a to-do.

use std::collections::BTreeSet;

use handrail_contract::{
    goal::{GoalPage, Goals},
    place::{ConnectionPage, Connections, SourceId},
    referral::{ReferralPage, Referrals},
    sign_in::Found,
    today::Today,
    todo::{TodoPage, Todos},
    words::ItemId,
};
use jiff::{Timestamp, tz::TimeZone};

use crate::{act::Entry, session::Source, store::Kept, vault::keys::KeyPlace};

mod index;
mod say;
mod topic;
mod people;
mod todo;
mod goal;
mod referral;
mod story;
mod news;
mod today;
mod place;

use index::Index;

pub use todo::{act_not_taken, acted};

/// The place and the Task behind the name of a to-do.
pub fn read_todo_id(id: &ItemId) -> Option<(SourceId, String)> {
    index::parse_item_id(id, "todo")
}

/// Everything there is to show.
#[derive(Clone, Debug, Default)]
pub struct Shelf {
    /// In the order they were connected.
    pub sources: Vec<Source>,
    pub kept: Vec<Kept>,
    /// What the person did that the places do not have yet, in the order it was done.
    pub outbox: Vec<Entry>,
    /// Places that are being checked right now.
    pub checking: BTreeSet<SourceId>,
}

/// When and where the person looks.
#[derive(Clone, Copy)]
struct Now<'a> {
    at: Timestamp,
    tz: &'a TimeZone,
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
    place::show(&Index::new(shelf), source, Now { at: now, tz })
}

/// What the first look at a place found. `None`: there is no such place.
pub fn found(shelf: &Shelf, source: &SourceId, now: Timestamp, tz: &TimeZone) -> Option<Found> {
    place::found(&Index::new(shelf), source, Now { at: now, tz })
}

#[cfg(test)]
mod tests;

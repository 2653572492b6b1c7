//! What an organization was asked to do, and what it may do about it.

use serde::{Deserialize, Serialize};

use crate::{
    act::ActOffer,
    place::{Place, SourceId},
    referral::{ReferralState, StoryStep},
    words::{Checked, Chip, Contact, Fact, Icon, ItemId, Note, Phrase, Words},
};

/// Where a request belongs in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxGroup {
    /// Nobody said yes or no yet.
    New,
    /// It is the organization's turn.
    Active,
    /// On hold, or a question of theirs waits for the person.
    Waiting,
    Done,
}

/// What is known of the person's agreement to share what stands in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentSeen {
    /// There is one, and it is in force.
    InForce,
    /// There is one, and it is not in force: not yet, or not any more.
    NotInForce,
    /// None came with the request.
    NotSeen,
}

/// One request in the inbox. Whether the person may be contacted stands before every way to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxRow {
    pub id: ItemId,
    pub place: Place,
    /// The person must not be contacted; the sender forbids it, mostly for their safety.
    pub do_not_contact: bool,
    /// What is asked for.
    pub title: Words,
    pub topic: Words,
    pub icon: Icon,
    /// The person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// In whole years.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age: Option<u32>,
    /// The language that they want to be spoken to in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Words>,
    /// Who asks.
    pub sender: Words,
    /// Why, in the sender's words.
    pub reasons: Vec<Words>,
    pub goals: Vec<Words>,
    pub consent: ConsentSeen,
    pub state: ReferralState,
    pub group: InboxGroup,
    pub chips: Vec<Chip>,
    /// Nobody has it: any organization may take it.
    pub is_open: bool,
    /// The day by which help is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// Whole days since it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_old: Option<u32>,
    /// "Waiting 2 days": how long it has been where it stands.
    pub line: Phrase,
    /// What is different since it was last looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Phrase>,
    /// The same request as other places tell it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ItemId>,
}

/// Which requests of a list are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxFilter {
    #[default]
    All,
    /// Those that somebody marked as more than routine.
    Urgent,
    /// Those that are new or different since they were last looked at.
    Changed,
}

/// What was the organization asked to do?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListInbox {
    #[serde(default)]
    pub source: Option<SourceId>,
    #[serde(default)]
    pub only: InboxFilter,
    /// At most so many of each list, for who wants to see something soon. What nobody has, and what was agreed to, are
    /// lists of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u32>,
}

/// How many requests wait for a yes or a no?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountInbox {}

/// What the tabs tell of the inbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxCount {
    /// Requests that were given to the organization, and that nobody answered yet.
    pub new: u32,
}

/// Which requests stand in a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableOf {
    #[default]
    All,
    /// What was asked or moved today, where the person is.
    Today,
    /// What was asked or moved on this day, `YYYY-MM-DD`, where the person is.
    Day(String),
}

/// What is known of the requests as a table, one line a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportInbox {
    #[serde(default)]
    pub of: TableOf,
}

/// Requests, in each list the most urgent first, then the oldest; of what is done, the latest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    pub new: Vec<InboxRow>,
    pub active: Vec<InboxRow>,
    pub waiting: Vec<InboxRow>,
    pub done: Vec<InboxRow>,
    pub checked: Checked,
    /// Places where they should say first for which organization they work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks_employer: Vec<Place>,
}

/// What is one request about?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowRequest {
    pub id: ItemId,
}

/// Something that can be recorded as done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Given back with [`crate::act::Given::Done`].
    pub key: String,
    pub name: Words,
}

/// Somebody to get in touch with, or a form, that the person can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskChoice {
    /// Given back with [`crate::act::Asking`].
    pub key: String,
    pub name: Words,
}

/// What the person can be asked for beside a question. What the place cannot carry is not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asks {
    /// With whom to get in touch.
    pub contacts: Vec<AskChoice>,
    /// Forms that the place has.
    pub forms: Vec<AskChoice>,
    /// A page on the web can be shown to them.
    pub review: bool,
}

/// Something the organization asked of the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Acts on it go by this name.
    pub id: ItemId,
    /// What kind of thing it is: "You asked them to call".
    pub kind: Phrase,
    pub question: Words,
    /// It still waits for the person.
    pub is_open: bool,
    /// The person did it, with an answer or without.
    #[serde(default)]
    pub is_done: bool,
    pub answers: Vec<Words>,
    /// It may be taken back.
    pub acts: Vec<ActOffer>,
}

/// One request in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestPage {
    pub row: InboxRow,
    /// That the person must not be contacted, or that nobody can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Note>,
    /// How to reach the person. Empty unless it was seen that they may be contacted.
    pub contacts: Vec<Contact>,
    /// How to reach the sender.
    pub sender_contacts: Vec<Contact>,
    /// Who the person is, without any way to reach them.
    pub person: Vec<Fact>,
    /// What the request is about, who sent it, and whether the person agreed.
    pub facts: Vec<Fact>,
    /// What the sender wrote to whoever helps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Words>,
    pub story: Vec<StoryStep>,
    pub asked: Vec<Asked>,
    /// What may be pressed now, in the order to show it.
    pub acts: Vec<ActOffer>,
    /// What [`ActKind::Ask`](crate::act::ActKind::Ask) can ask for.
    #[serde(default)]
    pub asks: Asks,
    /// What can be recorded as done.
    pub activities: Vec<Activity>,
    /// The place takes the day on which something was done.
    #[serde(default)]
    pub takes_day: bool,
    /// The day it is where they are, `YYYY-MM-DD`: nothing was done later.
    #[serde(default)]
    pub today: String,
    /// What became of what was pressed last, where the place does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Note>,
    /// It was turned away for want of room, and the page of its place lets them say so to everybody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub offers_capacity: bool,
    /// What was pressed last waits for them to sign in again, and for nothing else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sign_in_sends: bool,
}

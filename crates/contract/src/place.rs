//! The places a person is connected to.

use serde::{Deserialize, Serialize};

use crate::{
    act::Capacity,
    words::{Chip, Contact, Fact, ItemId, Note, Phrase, Words},
};

/// Names one connection, here and in every row that came from it. Opaque; never an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(pub String);

impl std::fmt::Display for SourceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// As whom a connection was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person who was referred.
    #[default]
    Patient,
    /// Staff of an organization that helps.
    Organization,
}

/// The place a row came from, as every row shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub source: SourceId,
    pub name: String,
    /// One of six hues, by order of connection: 1 to 6.
    pub hue: u8,
}

/// The three honest states of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// It answers, and the sign-in works.
    Connected,
    /// The place ended the sign-in; only the person can mend that.
    SignInAgain,
    /// It does not answer right now; trying again by itself.
    OutOfReach,
}

/// Something a place has that was not fetched or could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// What was skipped, such as `goals`.
    pub what: String,
    /// Why, as a stable code: `not_offered`, `not_granted`, `refused`, `unreadable`, `another_person`, `too_much`, `gone`, `elsewhere`, `busy`, `out_of_reach`.
    pub why: String,
    /// How many, where it was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The same as a sentence.
    pub line: Phrase,
}

/// One connection in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRow {
    #[serde(flatten)]
    pub place: Place,
    pub host: String,
    pub role: Role,
    pub state: ConnectionState,
    /// The person ended it, and kept what was saved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
    pub chip: Chip,
    /// "Checked 5 minutes ago", or why not.
    pub line: Phrase,
    pub last_success_at: Option<String>,
    pub next_due_at: Option<String>,
    pub skipped: Vec<Skipped>,
}

/// Which places are connected, and how they stand?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListConnections {}

/// Every connection, in the order they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connections {
    pub rows: Vec<ConnectionRow>,
    /// What to know about all of them, such as that their keys could be kept in a safer place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// How does this place stand?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowConnection {
    pub source: SourceId,
}

/// One connection in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionPage {
    pub row: ConnectionRow,
    pub facts: Vec<Fact>,
    /// What is the matter, if anything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    pub contacts: Vec<Contact>,
    /// For whom they work there, where that is theirs to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employers: Option<Employers>,
    /// What the organization provides there, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
}

/// Something that an organization provides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Acts on it go by this name.
    pub id: ItemId,
    pub name: Words,
    /// What the place has, or will have once everything that waits is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Capacity>,
    /// It may be said otherwise, with [`crate::act::ActKind::TellCapacity`].
    pub may_tell: bool,
    /// What became of what was said last, where the place does not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Note>,
}

/// The organizations of a place that somebody may work for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employers {
    /// By name.
    pub all: Vec<Employer>,
    /// More than one may be chosen: the place names several as theirs.
    pub several: bool,
    /// They said nothing yet, and nobody else can.
    pub asks: bool,
}

/// One organization that somebody may work for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employer {
    /// Given back with [`ChooseEmployers`].
    pub id: String,
    pub name: Words,
    pub chosen: bool,
}

/// Work for these organizations of [`ConnectionPage::employers`] from now on. What was read for others goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChooseEmployers {
    pub source: SourceId,
    pub chosen: Vec<String>,
}

/// Look for news now, at one place or at all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckNow {
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// What a check at one place came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Everything was read.
    Ok,
    /// Some of it was read; the rest is named in `problems`.
    Partial,
    SignInAgain,
    OutOfReach,
    /// It was checked a short while ago.
    NotDue,
}

/// A check at one place, in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceOutcome {
    pub source: SourceId,
    pub outcome: Outcome,
    pub requests: u64,
    /// Bytes of the answers' bodies, as read.
    pub bytes: u64,
    /// To-dos, goals, referrals and what belongs to them that are new or different.
    pub changed: u64,
    pub elapsed_ms: u64,
    /// Stable codes. What was left out, as `Goal:refused` with the codes of [`Skipped::why`]; else what went wrong:
    /// `token_refused`, `out_of_time`, `stopped`, `gone`, or on this device `busy_here`, `offline`, `key_locked`, `cannot_save`, `key_trouble`,
    /// `newer_version`, `our_fault`.
    pub problems: Vec<String>,
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcome {
    pub sources: Vec<SourceOutcome>,
    /// "Checked. 2 things new."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Phrase>,
}

/// End a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disconnect {
    pub source: SourceId,
    /// Also erase what was saved from there.
    pub erase: bool,
}

/// Whether the place said that it ended our access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Revoked {
    Confirmed,
    NotConfirmed,
    /// It could not be asked now; it will be.
    Queued,
    /// The connection had ended before, and there was nothing more to ask for.
    NothingLeft,
}

/// The receipt of a disconnect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disconnected {
    pub revoked: Revoked,
    pub erased: bool,
    pub line: Phrase,
}

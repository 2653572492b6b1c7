//! Fetching what concerns this person: which requests to send, and what the answers hold.
//!
//! In: an errand (where, as whom, since when), what is kept already, and the server's answers.
//! Out: requests, then everything that arrived, what was left out and why, and where the next delta starts.
//! Never: a socket, a clock or a token; no address that is not under the connection's base.

use std::collections::{BTreeMap, BTreeSet};

use handrail_contract::place::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{fhir::FhirBase, written::Written};

mod planner;
mod plan;
mod staff;
mod wanted;
mod offer;
mod body;
mod page;

pub use body::Body;
pub use offer::{Access, Offer, is_granted};
pub use plan::LISTED;
#[cfg(test)]
pub(crate) use plan::check_whose;
pub use planner::Planner;
pub use staff::choose_employers;
pub use wanted::value_set_here;
pub(crate) use wanted::{Found, find_wanted};

/// Something a place has that was not fetched or could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skip {
    /// What was skipped: a resource type, such as `Goal`.
    pub what: String,
    pub why: SkipReason,
    /// How many, where it was counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// Why something was skipped. The codes are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// The server says that it does not have it. Nothing to do; the page says so.
    NotOffered,
    /// The granted scopes do not cover it. Signing in again may.
    NotGranted,
    /// The server said no (403). Ask the place.
    Refused,
    /// What came could not be read.
    Unreadable,
    /// It belongs to another person, and was not kept.
    AnotherPerson,
    /// More than this app takes in one look.
    TooMuch,
    /// It was referred to, and is not there any more.
    Gone,
    /// It is referred to, on another server, where our token must not go.
    Elsewhere,
    /// The server asked us to wait (429).
    Busy,
    /// The server failed or did not answer. The next look tries again.
    OutOfReach,
}

impl SkipReason {
    /// Whether the next look tries again by itself.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Busy | Self::OutOfReach)
    }

    /// The stable code, as it is written to disk and to scripts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOffered => "not_offered",
            Self::NotGranted => "not_granted",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
            Self::AnotherPerson => "another_person",
            Self::TooMuch => "too_much",
            Self::Gone => "gone",
            Self::Elsewhere => "elsewhere",
            Self::Busy => "busy",
            Self::OutOfReach => "out_of_reach",
        }
    }
}

/// Where the next delta starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    /// By list: a resource type, or a type and what is asked of it.
    #[serde(default)]
    types: BTreeMap<String, Cursor>,
    /// What the server said it can do, when it was last asked in full.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer: Option<Offer>,
    /// When everything referred to was last read anew, by our clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    whole_at: Option<Timestamp>,
    /// What was left out for good when everything was last read; a delta does not come across it again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    skipped: Vec<Skip>,
    /// Things referred to that could not be read for now.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    owed: BTreeSet<Wanted>,
}

/// How far one type was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The server's own time when it last answered; absent where it told none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
    /// When the whole type was last listed, by our clock. Deletions show only then.
    pub full_at: Timestamp,
    /// The server refused `_lastUpdated`: every look is a full one.
    #[serde(default)]
    pub full_only: bool,
}

impl Cursors {
    /// What the server said it can do, if it was asked yet.
    pub fn offer(&self) -> Option<&Offer> {
        self.offer.as_ref()
    }

    /// The same before anything was read; what the server said it can do stays known.
    #[must_use]
    pub fn begin_anew(&self) -> Self {
        Self { offer: self.offer.clone(), ..Self::default() }
    }

    /// How far this list was read, if ever.
    pub fn at(&self, list: &str) -> Option<&Cursor> {
        self.types.get(list)
    }
}

/// Something that a resource refers to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Wanted {
    /// By type and id.
    Read { kind: String, id: String },
    /// A Questionnaire by its canonical address; `fallback` is its id where the address is the server's own.
    Canonical { url: String, version: Option<String>, fallback: Option<String> },
    /// The options of a question: a ValueSet worked out by the server (`$expand`, FHIR R4 section 4.9.18.1), or `as_is`
    /// where it does not do that. A favour to ask for: without them the question says that it cannot be answered here.
    Options { id: String, as_is: bool },
}

impl Wanted {
    /// The type it has.
    pub fn kind(&self) -> &str {
        match self {
            Self::Read { kind, .. } => kind,
            Self::Canonical { .. } => "Questionnaire",
            Self::Options { .. } => "ValueSet",
        }
    }
}

/// What a fetch is for.
#[derive(Clone, Debug)]
pub struct Errand {
    pub base: FhirBase,
    pub role: Role,
    /// The Patient's id at this place.
    pub patient: Option<String>,
    /// Who signed in: `Practitioner/1` or `PractitionerRole/1`. For an organization.
    pub fhir_user: Option<String>,
    /// The Organizations that an earlier look found them to work for.
    pub organizations: Vec<String>,
    /// Those that they said they work for.
    pub chosen: Vec<String>,
    /// The HealthcareServices of these that an earlier look found, each with the Organization that provides it.
    pub services: BTreeMap<String, String>,
    /// Scopes the place granted.
    pub granted: Vec<String>,
    pub cursors: Cursors,
    pub now: Timestamp,
    /// List everything anew, whatever the cursors say.
    pub full: bool,
}

/// Names one request of one fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(u32);

/// One request. The engine adds the access token: `url` is under the base, always.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    pub id: RequestId,
    pub url: Url,
    pub method: Method,
}

impl std::fmt::Debug for Request {
    // Queries name the person, so they stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.id.0, self.method.verb())
    }
}

/// How a request is sent.
#[derive(Clone, PartialEq, Eq)]
pub enum Method {
    Get,
    /// POST to the base, `application/fhir+json`: a Bundle of type `batch` (FHIR R4 section 3.1.0.11).
    PostBatch(String),
}

impl Method {
    const fn verb(&self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::PostBatch(_) => "POST batch",
        }
    }
}

/// What came of a request.
#[derive(Clone)]
pub enum Answer {
    Response {
        status: u16,
        /// The `Date` header as it came.
        date: Option<String>,
        body: Body,
    },
    Failed(Failure),
}

impl Answer {
    /// A response with its body, read as somebody in this role keeps it.
    pub fn read(role: Role, status: u16, date: Option<String>, body: &[u8]) -> Self {
        Self::Response { status, date, body: Body::read(role, status, body) }
    }
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection, a timeout, a broken answer.
    OutOfReach,
    /// The body was larger than the engine takes.
    TooMuch,
}

/// One resource that came.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrived {
    pub kind: String,
    pub id: String,
    /// `meta.versionId`.
    pub version: Option<String>,
    /// `meta.lastUpdated` as it came.
    pub last_updated: Option<String>,
    pub body: Written,
}

/// What a fetch came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fetched {
    pub arrived: Vec<Arrived>,
    /// (type, id) of what the server said is gone.
    pub gone: Vec<(String, String)>,
    /// Types that were listed for the first time: what they bring is no news.
    pub first: BTreeSet<String>,
    /// Types that were wholly listed: what is kept and did not arrive is gone.
    pub complete: BTreeSet<String>,
    pub skipped: Vec<Skip>,
    /// The Organizations that whoever signed in works for, by their roles. Empty: not an organization, or not known.
    pub organizations: Vec<String>,
    /// The HealthcareServices that those they act for provide, each with the Organization.
    pub services: BTreeMap<String, String>,
    /// Where the next delta starts. Not advanced for a type that failed.
    pub cursors: Cursors,
    pub requests: u64,
    pub bytes: u64,
    /// Entries that are no records: notices of the server, entries without type or id.
    pub oddities: u64,
    /// The server refused our token (401), the newest there is: who carries renews an old one first.
    pub token_refused: bool,
    /// Nothing at all could be read.
    pub out_of_reach: bool,
    /// Something failed that the next look should try again.
    pub partial: bool,
}

#[cfg(test)]
mod tests;

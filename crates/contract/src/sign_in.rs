//! A sign-in from the confirmation to the first lists.

use serde::{Deserialize, Serialize};

use crate::{
    place::{Place, Role, SourceId},
    problem::Refusal,
    words::{Note, Phrase},
};

/// Names one sign-in while it is under way. Says nothing about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(pub String);

/// The person confirmed the place: find it, and open its sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginSignIn {
    /// [`crate::code::CodeRead::text`].
    pub text: String,
    #[serde(default)]
    pub role: Role,
}

/// Sign in again at a place that is connected already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInAgain {
    pub source: SourceId,
}

/// How far is this sign-in?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowSignIn {
    pub attempt: AttemptId,
}

/// Open the sign-in page once more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReopenBrowser {
    pub attempt: AttemptId,
}

/// Give this sign-in up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelSignIn {
    pub attempt: AttemptId,
}

/// A sign-in, as far as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub attempt: AttemptId,
    /// The place's name, or its host where it has none.
    pub name: String,
    /// The host the browser should show.
    pub host: String,
    /// What to mind about it, where somebody else runs the sign-in page of a place that no list has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_note: Option<Note>,
    pub stage: Stage,
}

/// Where a sign-in stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stage {
    /// Asking the place how to sign in.
    Preparing,
    /// The sign-in page is open; the person is busy there.
    InBrowser {
        /// Set where the shell cannot open a browser by itself: a path of the shell to follow.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        open: Option<String>,
        /// After this it must be started again.
        until: String,
    },
    /// The person is back; asking for access.
    Exchanging,
    /// Reading what the place has, for the first time.
    Fetching { source: SourceId },
    /// Done.
    Connected { source: SourceId, found: Found },
    /// It ended without a connection. Nothing that was saved has changed.
    Refused { reason: Refusal, note: Note },
}

/// What the first look found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub place: Place,
    /// As whom they connected.
    #[serde(default)]
    pub role: Role,
    pub counts: Counts,
    /// A line for each kind: how many, or why none.
    pub lines: Vec<FoundLine>,
    /// What to mind, such as "You will need to sign in each time".
    pub notes: Vec<Note>,
    /// Before anything else they should say for which organization they work.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_employer: bool,
}

/// How many of each the first look found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub todos: u64,
    pub goals: u64,
    pub referrals: u64,
}

/// One kind of thing a place has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundLine {
    pub what: FoundKind,
    pub title: Phrase,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Phrase>,
}

/// The three lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundKind {
    Todos,
    Goals,
    Referrals,
}

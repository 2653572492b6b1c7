//! The first page: what needs the person, and what waits on others.

use serde::{Deserialize, Serialize};

use crate::{
    place::{Place, Role},
    referral::ReferralRow,
    sign_in::AttemptId,
    todo::TodoRow,
    words::{Checked, ItemId, Note, Phrase, Words},
};

/// What needs me today?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowToday {}

/// All news of the places that are connected in this role has been seen: on Today, or in the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkSeen {
    #[serde(default)]
    pub role: Role,
}

/// The first page, in its fixed order; empty parts vanish.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// Connected places; 0 means there is nothing to show but the way in.
    pub places: u32,
    /// Every place is connected as an organization: what is asked of it stands in the inbox, and nothing here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub only_helps: bool,
    /// A sign-in that waits in the browser, also one from before the app was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<WaitingSignIn>,
    /// The person's first name, where a place told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The one due soonest first.
    pub your_turn: Vec<TodoRow>,
    /// Places that need a new sign-in, or that cannot be reached.
    pub attention: Vec<Attention>,
    pub waiting: Vec<ReferralRow>,
    pub news: Vec<NewsRow>,
    pub checked: Checked,
}

/// A sign-in that was begun and is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingSignIn {
    pub attempt: AttemptId,
    /// "You were signing in to Elm Street."
    pub note: Note,
}

/// A place that needs something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attention {
    pub place: Place,
    pub note: Note,
    /// Signing in again mends it.
    pub sign_in: bool,
}

/// Something that is new or different since it was last looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewsRow {
    pub id: ItemId,
    pub place: Place,
    pub title: Phrase,
    pub about: Words,
    /// When we learned of it, RFC 3339.
    pub at: String,
}

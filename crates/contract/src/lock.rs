//! The lock before the app: a PIN, and what is answered while it is shut.
//!
//! The engine holds the door. While it is locked, every question is refused with [`crate::Problem::Locked`], but those of
//! this module that say so.

use serde::{Deserialize, Serialize};

use crate::settings::Looks;

/// Six digits. `Debug` shows none of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pin(String);

impl Pin {
    /// What was typed; whether it is a PIN at all, the engine judges.
    pub fn new(digits: impl Into<String>) -> Self {
        Self(digits.into())
    }

    /// What was typed.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// How does the app look, and is it locked? Answered while it is locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowDoor {}

/// The person went away from the app, or came back to it. Answered while it is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteAway {
    pub away: bool,
}

/// Lock at once. Without a PIN there is nothing to lock with, and nothing happens. Answered while it is locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockNow {}

/// Try a PIN. Answered while it is locked; whether it was the right one is in the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlock {
    pub pin: Pin,
    /// Also opens what is private, in an app that is open.
    pub private: bool,
}

/// The person leaves what is private; it asks for the PIN anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavePrivate {}

/// Choose a PIN. Refused with `pin_guessable` where it is no PIN or one that anybody would try first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetPin {
    pub pin: Pin,
    /// The one before, where there is one; a wrong one counts as a try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<Pin>,
}

/// Go on without a PIN. A wrong one counts as a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovePin {
    pub pin: Pin,
}

/// Forget everything: every place is left, and what was saved, chosen and logged is erased. Answered while it is locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseAll {}

/// What was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedAll {
    /// Places that were connected.
    pub places: u32,
    /// Those of them that did not say that our access ended; they are asked again where that is possible.
    pub not_confirmed: u32,
}

/// How the app stands to whoever is in front of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    pub looks: Looks,
    /// Every place and every person in it is made up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made_up: bool,
    /// There is a PIN.
    pub has_pin: bool,
    /// Nothing is answered but what opens the door.
    pub locked: bool,
    /// What is private was opened with the PIN, and not left since.
    pub private_open: bool,
    /// The PIN that was just tried was not the right one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wrong: bool,
    /// Tries before there is a wait; while there is one, 0.
    pub tries_left: u32,
    /// Seconds until a PIN may be tried again; 0: now.
    pub wait_seconds: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_not_in_what_is_printed_for_debugging() {
        let question = Unlock { pin: Pin::new("274913"), private: false };

        let printed = format!("{question:?}");

        assert!(!printed.contains("274913"), "{printed}");
        assert_eq!(serde_json::to_value(&question).unwrap()["pin"], "274913");
    }
}

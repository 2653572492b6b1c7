//! Why there is no answer, in terms of what a person can do about it.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::place::SourceId;

/// Why there is no answer. A variant exists only where a page behaves differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    /// Signing in again mends it.
    SignInAgain { source: SourceId },
    /// Waiting or moving mends it; what is on screen stays as it is.
    OutOfReach,
    /// The place, or we, said no; the reason says what to do instead.
    Refused { reason: Refusal },
    /// The app is locked; the PIN opens it.
    Locked,
    /// It is private, and the PIN was not given for it.
    NeedsPin,
    /// It is not there any more.
    Gone,
    /// There is no room to save, or the folder cannot be written.
    CannotSave,
    /// Nothing the person does mends it. `reference` finds the log line.
    OurFault { reference: String },
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::SignInAgain { source } => write!(f, "the sign-in at {source} ended"),
            Self::OutOfReach => f.write_str("the place does not answer"),
            Self::Refused { reason } => write!(f, "refused: {}", reason.code()),
            Self::Locked => f.write_str("the app is locked with a PIN"),
            Self::NeedsPin => f.write_str("this asks for the PIN first"),
            Self::Gone => f.write_str("there is no such thing here"),
            Self::CannotSave => f.write_str("this could not be saved"),
            Self::OurFault { reference } => write!(f, "our fault (reference {reference})"),
        }
    }
}

impl std::error::Error for Problem {}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $code:literal,)*) => {
        /// Why a code is no invitation, or why a sign-in ended without a connection. Codes are stable.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum Refusal {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl Refusal {
            /// Every refusal there is.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stable code, in snake case. The page's texts stand under `refused-CODE-heading` and `-body`.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }
        }
    };
}

// Not derived: that would make a matcher over all codes three times over, and the page downloads it.
impl<'de> Deserialize<'de> for Refusal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        let refusal = Self::ALL.iter().find(|refusal| refusal.code() == code);
        refusal.copied().ok_or_else(|| D::Error::custom("no refusal of this code"))
    }
}

refusals! {
    /// There is nothing in it.
    Empty "empty",
    /// Longer than any honest invitation.
    TooLong "too_long",
    /// Text that is no address at all.
    NotAnAddress "not_an_address",
    /// An address of a web page, not of a place that shares records.
    Website "website",
    /// Joins a wireless network.
    Wifi "wifi",
    /// A contact card.
    ContactCard "contact_card",
    /// A one-time-password secret or another app's sign-in.
    SignInCode "sign_in_code",
    /// A phone number, message, e-mail, place or calendar entry.
    PhoneOrMessage "phone_or_message",
    /// Starts another app, or runs something.
    OtherApp "other_app",
    /// Not a locked (https) connection.
    NotLocked "not_locked",
    /// Hides where it goes: a user name before the host, control or invisible characters, a doubled address.
    HidesAddress "hides_address",
    /// A number instead of a name, or a name that belongs to no public network.
    SpecialAddress "special_address",
    /// Letters that only look like other letters.
    LookAlike "look_alike",
    /// No code was found in the picture.
    NoCodeInPicture "no_code_in_picture",
    /// The picture shows invitations to several places; which one is meant only the person knows.
    SeveralCodes "several_codes",
    /// The picture could not be opened.
    UnreadablePicture "unreadable_picture",

    /// The address does not answer.
    NoAnswer "no_answer",
    /// It answers, but does not work with apps like this one.
    NotSmart "not_smart",
    /// Its sign-in lacks a protection we insist on (PKCE S256).
    WeakSignIn "weak_sign_in",
    /// What it says about itself does not agree with what we know of it, or with itself.
    Disagrees "disagrees",
    /// It does not know this app, and has no way to introduce it.
    NoClientId "no_client_id",
    /// No browser could be opened.
    NoBrowser "no_browser",
    /// The person, or the place, said no on the sign-in page.
    Declined "declined",
    /// The sign-in page was open for too long.
    TookTooLong "took_too_long",
    /// The person stopped it here.
    Cancelled "cancelled",
    /// The answer was not for this sign-in.
    DidNotMatch "did_not_match",
    /// The place failed while signing in.
    PlaceFailed "place_failed",
    /// Signed in, but it did not say as whom.
    NoPerson "no_person",
    /// The sign-in is for another person than before.
    AnotherPerson "another_person",
    /// The key to what was saved cannot be read right now; unlocking the keyring or the device mends it.
    KeyLocked "key_locked",
    /// The key to what was saved is missing or changed.
    KeyTrouble "key_trouble",
    /// The key to what was saved is there, so that nothing has to start over.
    KeyFits "key_fits",
    /// No room to save the sign-in.
    CannotSave "cannot_save",

    /// Not six digits, or six that anybody would try first.
    PinGuessable "pin_guessable",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_written_and_read_as_its_code() {
        for refusal in Refusal::ALL {
            let written = serde_json::to_string(refusal).unwrap();

            assert_eq!(written, format!("\"{}\"", refusal.code()));
            assert_eq!(serde_json::from_str::<Refusal>(&written).unwrap(), *refusal);
        }
    }

    #[test]
    fn a_code_nobody_knows_is_no_refusal() {
        assert!(serde_json::from_str::<Refusal>("\"made_up\"").is_err());
    }
}

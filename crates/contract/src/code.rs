//! What a scanned code, a link or something typed turned out to be.

use serde::{Deserialize, Serialize};

use crate::{place::Place, problem::Refusal, words::Note};

/// What is this text? Touches no network and stores nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadCode {
    pub text: String,
}

/// What does the code in this picture say? PNG or JPEG, base64. The picture is not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadPicture {
    pub picture: String,
}

/// Use the scanner that the device brings, where it brings one. A shell answers this itself; a text that was read is
/// judged like any other. Refused while the app is locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseScanner {
    pub step: ScanStep,
}

/// What the scanner should do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanStep {
    /// Ask for the camera, where that was never done.
    Ask,
    /// Look for a code. A look that is under way ends.
    Look,
    /// End the look that is under way.
    Stop,
    /// Show where the person may allow the camera.
    OpenSettings,
}

/// What came of it, and what the code says if one was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scanned {
    pub outcome: ScanOutcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeRead>,
}

/// What came of a step of the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanOutcome {
    /// The device brings no scanner, or one that does not work: the page looks by itself.
    Missing,
    /// The camera may be used.
    Ready,
    /// A code was read.
    Read,
    /// The camera may not be used. Only the device's settings change that.
    Refused,
    /// No code was seen for long enough.
    NothingSeen,
    /// It was ended, or there was nothing to look for.
    Stopped,
}

/// Was the app opened with a link that no page has shown yet? Whoever asks has taken it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOpenedLink {}

/// The link that the system opened the app with, judged like the text of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedLink {
    /// Nothing where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeRead>,
}

/// How far an invitation may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// A partner the app ships with.
    Listed,
    /// Nobody we know: asked about more firmly.
    Unlisted,
    /// Not an invitation, or not a safe one.
    Refused,
}

/// An invitation, as far as a code may say it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSeen {
    pub fhir_base: String,
    /// The host in ASCII, with its port where that is not the usual one.
    pub host: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// A host split so that the page can stress the part somebody registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostParts {
    /// `health.` of `health.elmstreetclinic.example`; may be empty.
    pub before: String,
    /// `elmstreetclinic.example`, with the port if there is one.
    pub registered: String,
}

/// A host with the letters marked in which it differs from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkedHost {
    pub before: String,
    pub marked: String,
    pub after: String,
}

/// The place that a refused address pretends to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imitation {
    /// Where the code leads.
    pub seen: MarkedHost,
    /// Where the place that the person may know is.
    pub known: MarkedHost,
    /// What that place is called.
    pub name: String,
}

/// What a text turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRead {
    pub verdict: Grade,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Refusal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<InvitationSeen>,
    /// The cleaned text to hand to `begin_sign_in`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<HostParts>,
    /// Whom the address pretends to be, where that is why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imitates: Option<Imitation>,
    /// The place is connected already; signing in again updates it in place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<Place>,
    /// Why it was refused, or what to mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

impl CodeRead {
    /// A text that leads nowhere, and why.
    pub const fn refused(reason: Refusal) -> Self {
        Self {
            verdict: Grade::Refused,
            reason: Some(reason),
            invitation: None,
            text: None,
            host: None,
            imitates: None,
            already: None,
            note: None,
        }
    }
}

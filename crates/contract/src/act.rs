//! What may be done to a to-do, or to a request that an organization received, and what came of it.

use serde::{Deserialize, Serialize};

use crate::words::{ItemId, Note, Phrase, Words};

/// What can be done to a to-do, or by an organization to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// Begin, or go on after a pause.
    Start,
    Pause,
    /// It is done.
    Finish,
    /// The person does not want to do it.
    Cancel,
    /// The person could not do it.
    Fail,
    /// Take a request that nobody has. The place may refuse it.
    Claim,
    /// Say yes to a request.
    Accept,
    /// Say no to a request, and why.
    Decline,
    /// Ask the person something.
    Ask,
    /// Say whether a service of theirs has room for somebody new.
    TellCapacity,
}

impl ActKind {
    /// Every act on a to-do, in the order to show them.
    pub const ALL: [Self; 5] = [Self::Start, Self::Finish, Self::Pause, Self::Fail, Self::Cancel];

    /// Every act on a request that an organization has, in the order to show them.
    pub const OF_REQUEST: [Self; 8] = [
        Self::Accept,
        Self::Decline,
        Self::Start,
        Self::Finish,
        Self::Ask,
        Self::Pause,
        Self::Fail,
        Self::Cancel,
    ];
}

/// Which kind of answer finishing takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerKind {
    /// A text in the person's own words.
    Words,
    /// Whom of the contacts they chose, as text.
    Contact,
    /// The answered questions: those kept on this device are sent.
    Form,
    /// The filled PDF.
    Pdf,
    /// What was done, chosen from the request's activities. None chosen says that there is nothing to record.
    Done,
    /// Why not, as one of the reasons there are. Words of their own go beside it.
    Because,
    /// Whether there is room.
    Capacity,
}

/// Why an organization says no to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineReason {
    /// They have no room.
    AtCapacity,
    /// They have no room, and a list of those who wait.
    Waitlist,
    /// Their help is not for this person.
    NotEligible,
    /// The person did not answer them.
    CannotReach,
    /// Anything else: their words say what.
    Other,
}

impl DeclineReason {
    /// Every reason there is, in the order to show them.
    pub const ALL: [Self; 5] =
        [Self::AtCapacity, Self::Waitlist, Self::NotEligible, Self::CannotReach, Self::Other];
}

/// Whether a service has room for somebody new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capacity {
    HasRoom,
    /// No room, and a list of those who wait.
    Waitlist,
    Full,
    /// They have to ask more before they can tell. Shown, and not offered to say.
    AsksFirst,
}

impl Capacity {
    /// Everything that can be said, in the order to show it.
    pub const ALL: [Self; 3] = [Self::HasRoom, Self::Waitlist, Self::Full];
}

/// A button that may be pressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActOffer {
    pub act: ActKind,
    pub label: Phrase,
    /// The answer that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerKind>,
    /// It cannot be pressed before there is an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub needs_answer: bool,
    /// Ask why; the person may leave it empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_reason: bool,
}

/// Do this to a to-do or a request.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub id: ItemId,
    pub act: ActKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Given>,
}

impl std::fmt::Debug for Act {
    // Reasons and answers are about a person's health.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Act").field("id", &self.id).field("act", &self.act).finish_non_exhaustive()
    }
}

/// What the person gives as their answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// A text, or the contact they chose.
    Words(String),
    /// Answers to the questions that were written elsewhere, as a QuestionnaireResponse. They take the place of those
    /// kept on this device, and are checked and sent like them. Without them, those on this device are sent.
    Form(String),
    /// The filled PDF in base64.
    Pdf(String),
    /// The keys of what was done, of the request's activities. Empty: there is nothing to record.
    Done(Vec<String>),
    /// The same on a day, `YYYY-MM-DD`, which may be past and is never to come. Without one it was done now.
    DoneOn { done: Vec<String>, day: String },
    /// Why they say no.
    Because(DeclineReason),
    /// What they ask of the person, where it is more than a question.
    Asking(Asking),
    /// Whether there is room. Words of their own go into [`Act::reason`].
    Capacity(Capacity),
}

/// What an organization asks of the person beside a question in words, which is [`Given::Words`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asking {
    /// Get in touch with one of these, by their keys, and what about.
    Contact { whom: Vec<String>, words: String },
    /// Look at a page on the web, and what it is.
    Review { address: String, words: String },
    /// Fill in a form, by its key. The words may be empty.
    Form { form: String, words: String },
}

/// Where an act stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActState {
    /// The place has it.
    Sent,
    /// It is kept here and will be sent.
    Waiting,
    /// The to-do was changed there meanwhile; the person decides.
    Conflict,
    /// It was not done, and will not be.
    Refused,
}

/// What came of an act.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    pub id: ItemId,
    pub state: ActState,
    /// Why it was not sent, as a stable code. Waiting: `offline`, `out_of_reach`, `busy`, `busy_here`, `not_sure`,
    /// `sign_in_again`, `token_refused`, `on_this_device`. Conflict: `changed`, `gone`, `not_sure`. Refused: `refused`,
    /// `not_offered`, `answer_missing`, `answer_unfit`, `address_unfit`, `too_long`, `no_versions`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// The same for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    /// The place's own words about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Words>,
}

impl std::fmt::Debug for Acted {
    // A server may repeat what was sent in its own words.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Acted")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

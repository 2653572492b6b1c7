//! What others were asked to do for the person.

use serde::{Deserialize, Serialize};

use crate::{
    goal::Linked,
    place::{Place, SourceId},
    words::{Checked, Chip, Contact, Fact, Icon, ItemId, Note, Phrase, Words},
};

/// Where a referral stands, in the person's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralState {
    /// Asked for, and no helper has been asked yet as far as can be seen.
    AskedFor,
    Sent,
    SaidYes,
    Helping,
    OnHold,
    Done,
    CouldNot,
    DidNotWork,
    Stopped,
    Unknown,
}

/// Where a referral belongs in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralGroup {
    NeedsPush,
    Moving,
    Finished,
}

/// Who has to act next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ball {
    You,
    Source,
    Helper,
    Nobody,
}

/// One referral in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralRow {
    pub id: ItemId,
    pub place: Place,
    pub title: Words,
    pub topic: Words,
    pub icon: Icon,
    pub state: ReferralState,
    pub group: ReferralGroup,
    pub ball: Ball,
    /// "Two Rivers Rides has not answered for 9 days."
    pub line: Phrase,
    pub chips: Vec<Chip>,
    /// Who was asked to help, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper: Option<String>,
    /// Whole days since it last moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_unchanged: Option<u32>,
    pub is_new: bool,
    /// The same referral as other places tell it. The state above is that of whoever told last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<OtherView>,
}

/// A referral that another place tells of, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherView {
    pub id: ItemId,
    pub place: Place,
    pub state: ReferralState,
    pub chip: Chip,
    /// The state there, in a sentence.
    pub line: Phrase,
}

/// Which referrals are there?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListReferrals {
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// Referrals, in the order to show them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referrals {
    pub needs_push: Vec<ReferralRow>,
    pub moving: Vec<ReferralRow>,
    pub finished: Vec<ReferralRow>,
    /// Places that share no referrals, and why.
    pub notes: Vec<Note>,
    pub checked: Checked,
}

/// How did this referral go so far?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowReferral {
    pub id: ItemId,
}

/// Whether a step of the story is behind, here or ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStage {
    Done,
    Now,
    Next,
}

/// One step of a referral's story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryStep {
    pub stage: StepStage,
    pub heading: Phrase,
    /// When it happened, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What they wrote about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Words>,
}

/// One referral in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralPage {
    pub row: ReferralRow,
    /// The sender, as the rail of turns names it.
    pub sender: Words,
    /// What happens next, as a sentence.
    pub next: Phrase,
    pub story: Vec<StoryStep>,
    pub contacts: Vec<Contact>,
    pub facts: Vec<Fact>,
    pub linked: Vec<Linked>,
}

//! What the person and their care team want to reach.

use serde::{Deserialize, Serialize};

use crate::{
    place::{Place, SourceId},
    words::{Checked, Chip, Fact, Icon, ItemId, Note, Phrase, Words},
};

/// Where a goal belongs in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalGroup {
    Open,
    Reached,
    Ended,
}

/// Steps of a goal: the to-dos and referrals linked to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    pub done: u32,
    pub of: u32,
}

/// One goal in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalRow {
    pub id: ItemId,
    pub place: Place,
    pub title: Words,
    pub topic: Words,
    pub icon: Icon,
    pub group: GoalGroup,
    /// How it goes: a stable code, such as `improving`.
    pub state: String,
    pub chip: Chip,
    /// The day it should be reached by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// "By June 30. 55 days left."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_line: Option<Phrase>,
    /// Absent where nothing is linked to it: then there is no bar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Steps>,
    pub is_new: bool,
}

/// Which goals are there?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListGoals {
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// Goals, in the order to show them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goals {
    pub open: Vec<GoalRow>,
    pub reached: Vec<GoalRow>,
    pub ended: Vec<GoalRow>,
    /// Places that share no goals, and why.
    pub notes: Vec<Note>,
    pub checked: Checked,
}

/// What is this goal about?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowGoal {
    pub id: ItemId,
}

/// A thing that belongs to another, to be opened by pressing it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    pub id: ItemId,
    pub title: Words,
    pub icon: Icon,
    /// What it is: "Goal", "To-do", "Referral".
    pub about: Phrase,
    pub done: bool,
}

/// One goal in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoalPage {
    pub row: GoalRow,
    pub facts: Vec<Fact>,
    /// The to-dos and referrals that help with it.
    pub steps: Vec<Linked>,
    /// What they wrote about it.
    pub notes: Vec<Words>,
}

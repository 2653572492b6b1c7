//! What stands in no other list: everything about a hidden topic.

use serde::{Deserialize, Serialize};

use crate::{goal::GoalRow, referral::ReferralRow, todo::TodoRow};

/// What is hidden? Refused with [`crate::Problem::NeedsPin`] where there is a PIN and it was not just given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPrivate {}

/// Everything that is hidden, of every place. Labels say "Private" and never the topic.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    pub todos: Vec<TodoRow>,
    pub goals: Vec<GoalRow>,
    pub referrals: Vec<ReferralRow>,
    /// There is a PIN before this list.
    pub behind_pin: bool,
}

//! Trying the app with made-up people and places, and leaving that again. A shell answers both itself: it holds two
//! engines meanwhile, and each answer is the door of the one that is on show then.

use serde::{Deserialize, Serialize};

/// Show made-up people and places in place of what is saved. Refused while the app is locked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeginTryout {}

/// Drop everything made up, and go back to what is saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveTryout {}

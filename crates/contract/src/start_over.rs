//! The way out where the key to what was saved is lost for good.

use serde::{Deserialize, Serialize};

/// Move aside what nobody can open any more, and begin anew. Refused while the keys are there, or may come back.
///
/// A shell answers this itself, because there is no engine then.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOver {}

/// The app is open again, and knows no place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartedOver {
    /// The folder beside what is saved now that holds everything that was there before. Nothing was deleted.
    pub set_aside: String,
}

//! Places a person can choose from a list instead of scanning a code.

use serde::{Deserialize, Serialize};

use crate::{
    code::{Grade, HostParts},
    place::Place,
};

/// Which places can be chosen? Touches no network.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPlaces {
    /// Words of the name, the town or the host; all places where there is none.
    #[serde(default)]
    pub search: String,
}

/// The places that were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacesToChoose {
    pub rows: Vec<PlaceToChoose>,
    /// How many more there are; a longer search finds them.
    pub more: u64,
}

/// One place of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceToChoose {
    pub name: String,
    /// `Springfield, IL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub town: Option<String>,
    pub host: HostParts,
    /// Never `Refused`: such a place is not offered.
    pub grade: Grade,
    /// The text to hand to `begin_sign_in`.
    pub text: String,
    /// The place is connected already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub already: Option<Place>,
}

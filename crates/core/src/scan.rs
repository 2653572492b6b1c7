//! What a code, a link or something typed says: an invitation, or why it is none.
//!
//! In: any text at all. Out: an [`Invitation`], or a [`Refusal`] by name.
//! Never: a request, and never an endpoint, a scope or a token, which no code may bring.
//!
//! The text is judged as it stands before an address parser sees it, because parsers mend what they should refuse.

mod text;
mod kind;
mod host;
mod address;
mod link;
mod choice;
mod opened;
#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

use handrail_contract::problem::Refusal;
use serde::{Deserialize, Serialize};

use crate::fhir::{FhirBase, base::Policy};

pub use choice::choose_code;
pub(crate) use host::{judge_host, look};
pub(crate) use link::read_name;
pub(crate) use opened::CALLBACK_PATH;
pub use opened::is_redirect;

/// Where a code leads, and what it says about that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub fhir_base: FhirBase,
    /// What the code calls the place. Anybody can print anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The name under which the place knows this app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}

/// Reads a code's text, a link or something typed.
///
/// # Errors
/// What it is instead, or what is wrong with it.
pub fn read_code(text: &str, policy: Policy) -> Result<Invitation, Refusal> {
    let text = text::clean(text)?;
    kind::refuse_other_kinds(&text)?;
    text::refuse_hidden_characters(&text)?;
    link::read_invitation(&text, policy)
}

/// Reads what a list names as a FHIR base, by the same rules as a code's text.
///
/// # Errors
/// As [`read_code`], and for a link that only carries a base.
pub fn read_base_alone(text: &str, policy: Policy) -> Result<FhirBase, Refusal> {
    let text = text::clean(text)?;
    kind::refuse_other_kinds(&text)?;
    text::refuse_hidden_characters(&text)?;
    link::read_base_text(&text, policy)
}

impl Invitation {
    /// The invitation as a text that [`read_code`] reads back to the same.
    pub fn to_text(&self) -> String {
        link::write_invitation(self)
    }
}

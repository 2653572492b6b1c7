//! The partners: those that the app ships with, and those of a newer signed list.
//!
//! In: a registry file's bytes. Out: its rows.
//! Never: rows from outside the app whose signature was not checked first (`registry/signed.rs`).

mod signed;

use serde::{Deserialize, Serialize};
use url::Url;

pub use signed::{MAX_BYTES, RegistryKey, text_to_sign, write_signed};

use super::endpoint::judge_endpoint;
use crate::fhir::{FhirBase, base::Policy};

const RELEASE: &str = include_str!("../../registry/release.json");
const SANDBOX: &str = include_str!("../../registry/sandbox.json");

/// Every partner, and the version of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// Grows with each edition; an older one never replaces a newer one.
    pub version: u64,
    pub rows: Vec<Row>,
}

/// One partner. What discovery says must agree with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub fhir_base: FhirBase,
    pub name: String,
    pub issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<Url>,
    /// The name under which the partner knows this app.
    pub client_id: String,
    /// What to ask for, where that differs from what [`super::choose_scopes`] would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    pub rotation: Rotation,
    /// A refresh token sent twice also ends the person's other sessions there.
    #[serde(default)]
    pub revokes_siblings: bool,
    /// The partner has no smart-configuration, and was seen to insist on PKCE with S256: its CapabilityStatement may
    /// stand in, and the app only reads there. The row loses this once the partner says so itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub old_discovery: bool,
}

/// What a server does with a refresh token once it was used (RFC 9700 section 4.14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// It stays the same.
    None,
    /// A new one each time; the one before works for a while.
    Grace { seconds: u32 },
    /// A new one each time; the one before works until the new one is used.
    ConfirmOnUse,
    /// A new one each time; the one before is dead, and using it ends the session.
    Strict,
}

/// Why bytes are no registry.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// Not the format of this version. Keep the registry that is there.
    #[error("not a registry")]
    Malformed,
    /// A row names an address that the policy forbids. Keep the registry that is there.
    #[error("the row of `{0}` names an address that is not allowed")]
    Forbidden(String),
    /// Two rows for one base. Keep the registry that is there.
    #[error("there are two rows for `{0}`")]
    Twice(String),
    /// Larger than any list of partners. Keep the registry that is there.
    #[error("larger than any registry")]
    TooLarge,
    /// No signed registry at all. Keep the registry that is there.
    #[error("not a signed registry")]
    Unsigned,
    /// Altered, or signed by somebody whose key this build does not have. Keep the registry that is there.
    #[error("the signature is not by a key that this build trusts")]
    WrongSignature,
    /// A roll-back, or the same once more. Keep the registry that is there.
    #[error("version {version} is not newer than {accepted}, which was accepted before")]
    NotNewer { version: u64, accepted: u64 },
}

impl Registry {
    /// The registry inside the app. A developer build adds the sandbox's rows.
    pub fn bundled(policy: Policy) -> Self {
        let registry =
            Self::parse(RELEASE.as_bytes(), policy).expect("a test parses the bundled registry");
        registry.with_sandbox(policy)
    }

    /// The same with the sandbox's rows, in a developer build.
    #[must_use]
    pub fn with_sandbox(mut self, policy: Policy) -> Self {
        if policy.developer {
            let sandbox =
                Self::parse(SANDBOX.as_bytes(), policy).expect("a test parses the sandbox's rows");
            let own = sandbox.rows.into_iter().filter(|row| self.row(&row.fhir_base).is_none());
            let own: Vec<_> = own.collect();
            self.rows.extend(own);
        }
        self
    }

    /// Reads a registry.
    ///
    /// # Errors
    /// Anything that is not wholly as it should be: half a registry is none.
    pub fn parse(bytes: &[u8], policy: Policy) -> Result<Self, RegistryError> {
        let registry: Self = serde_json::from_slice(bytes).map_err(|_| RegistryError::Malformed)?;
        for (index, row) in registry.rows.iter().enumerate() {
            let base = row.fhir_base.as_str();
            let endpoints = [&row.authorization_endpoint, &row.token_endpoint];
            let judged = endpoints.into_iter().chain(&row.revocation_endpoint).map(Url::as_str);
            let issuer = Some(row.issuer.as_str());
            if judged
                .chain(issuer)
                .chain(Some(base))
                .any(|text| judge_endpoint(text, &row.fhir_base, policy).is_none())
            {
                return Err(RegistryError::Forbidden(base.to_owned()));
            }
            if registry.rows[..index].iter().any(|earlier| earlier.fhir_base == row.fhir_base) {
                return Err(RegistryError::Twice(base.to_owned()));
            }
        }
        Ok(registry)
    }

    /// The partner behind a base, compared letter by letter.
    pub fn row(&self, base: &FhirBase) -> Option<&Row> {
        self.rows.iter().find(|row| row.fhir_base == *base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_ships_no_row_of_the_sandbox() {
        let registry = Registry::bundled(Policy::RELEASE);

        assert_eq!((registry.version, registry.rows.len()), (1, 0));
    }

    #[test]
    fn a_developer_build_ships_the_two_listed_places_of_the_sandbox() {
        let registry = Registry::bundled(Policy::DEVELOPER);

        let names: Vec<_> = registry.rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Elm Street Family Clinic", "Two Rivers Care Network"]);
        let third = FhirBase::try_from("http://127.0.0.1:8463/fhir".to_owned()).unwrap();
        assert_eq!(registry.row(&third), None);
    }

    #[test]
    fn a_release_refuses_the_sandbox_rows() {
        let parsed = Registry::parse(SANDBOX.as_bytes(), Policy::RELEASE);

        assert_eq!(parsed, Err(RegistryError::Forbidden("http://127.0.0.1:8461/fhir".into())));
    }

    #[test]
    fn a_registry_with_two_rows_for_one_base_or_an_unknown_member_is_refused() {
        let first = SANDBOX.replacen("8462", "8461", 10);
        let odd =
            SANDBOX.replace("\"rotation\": \"strict\"", "\"rotation\": \"strict\", \"secret\": 1");

        assert_eq!(
            Registry::parse(first.as_bytes(), Policy::DEVELOPER),
            Err(RegistryError::Twice("http://127.0.0.1:8461/fhir".into()))
        );
        assert_eq!(
            Registry::parse(odd.as_bytes(), Policy::DEVELOPER),
            Err(RegistryError::Malformed)
        );
    }
}

//! What a place without a smart-configuration says about its sign-in: the `oauth-uris` extension of its
//! CapabilityStatement, as SMART App Launch 1.0 had it and 2.2 dropped it.
//!
//! It says nothing about PKCE, so that it lets nobody sign in by itself: the registry must have seen that S256 works
//! there. Even then the sign-in asks for reading only (`scopes.rs`).

use handrail_contract::problem::Refusal;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Server, SmartConfiguration, judge_description, read_description};
use crate::{
    connect::registry::Row,
    fhir::{FhirBase, base::Policy},
    scan::Invitation,
};

/// CapabilityStatements of large servers take some megabytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;
const OAUTH_URIS: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";

/// Where a place describes its FHIR server, and in old times its sign-in (FHIR R4 section 3.1.0.13).
pub fn old_discovery_url(base: &FhirBase) -> Url {
    base.join("metadata").expect("a base with a path appended is an address")
}

/// Only what leads to the extension; a statement has thousands of other members.
#[derive(Default, Deserialize)]
#[serde(default)]
struct CapabilityStatement {
    #[serde(rename = "resourceType")]
    resource_type: String,
    rest: Vec<Rest>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rest {
    mode: String,
    security: Security,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Security {
    extension: Vec<Extension>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Extension {
    url: String,
    #[serde(rename = "valueUri")]
    value: Value,
    extension: Vec<Extension>,
}

/// Reads the answer to a request for [`old_discovery_url`], after the place had no smart-configuration.
///
/// # Errors
/// - [`Refusal::NoAnswer`]: the place is there, and busy or broken.
/// - [`Refusal::NotSmart`]: no CapabilityStatement, or none that says how to sign in.
/// - [`Refusal::WeakSignIn`]: it says how, and nobody whom we trust saw that PKCE works there.
/// - [`Refusal::Disagrees`]: not as the registry's row says.
pub fn read_old_discovery(
    status: u16,
    body: &[u8],
    invitation: &Invitation,
    row: Option<&Row>,
    policy: Policy,
) -> Result<Server, Refusal> {
    let statement: CapabilityStatement = read_description(status, body, MAX_BYTES)?;
    let uris = find_uris(&statement).ok_or(Refusal::NotSmart)?;
    let uri = |name: &str| {
        let mut found = uris.iter().filter(|one| one.url == name);
        // A name that stands there twice says nothing.
        let only = found.next().filter(|_| found.next().is_none());
        only.map(|one| one.value.clone()).unwrap_or_default()
    };
    let mut said = SmartConfiguration {
        authorization_endpoint: uri("authorize"),
        token_endpoint: uri("token"),
        registration_endpoint: uri("register"),
        revocation_endpoint: uri("revoke"),
        ..SmartConfiguration::default()
    };
    if said.authorization_endpoint.is_null() || said.token_endpoint.is_null() {
        return Err(Refusal::NotSmart);
    }
    if row.is_some_and(|row| row.old_discovery) {
        said.code_challenge_methods_supported = json!(["S256"]);
    }
    judge_description(said, invitation, row, policy)
}

fn find_uris(statement: &CapabilityStatement) -> Option<&[Extension]> {
    let server = statement.rest.iter().find(|rest| rest.mode == "server")?;
    let of_capabilities = statement.resource_type == "CapabilityStatement";
    let uris = server.security.extension.iter().find(|one| one.url == OAUTH_URIS)?;
    of_capabilities.then_some(uris.extension.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        connect::{Registry, Trust, choose_scopes},
        scan::read_code,
    };

    fn invitation() -> Invitation {
        read_code("https://fhir.clinic.org/r4", Policy::RELEASE).unwrap()
    }

    fn row(old_discovery: bool) -> Row {
        let row = json!({
            "fhir_base": "https://fhir.clinic.org/r4",
            "name": "Clinic",
            "issuer": "https://login.clinic.org",
            "authorization_endpoint": "https://login.clinic.org/authorize",
            "token_endpoint": "https://login.clinic.org/token",
            "client_id": "handrail",
            "rotation": "strict",
            "old_discovery": old_discovery,
        });
        let registry = json!({ "version": 2, "rows": [row] }).to_string();
        Registry::parse(registry.as_bytes(), Policy::RELEASE).unwrap().rows.remove(0)
    }

    fn uris(pairs: &[(&str, &str)]) -> Vec<u8> {
        let inner: Vec<_> =
            pairs.iter().map(|(url, uri)| json!({ "url": url, "valueUri": uri })).collect();
        json!({
            "resourceType": "CapabilityStatement",
            "rest": [
                { "mode": "client", "security": { "extension": [] } },
                {
                    "mode": "server",
                    "security": { "extension": [
                        { "url": "http://example.org/other", "valueString": "x" },
                        { "url": OAUTH_URIS, "extension": inner },
                    ] },
                    "resource": [{ "type": "Task", "profile": 7 }],
                },
            ],
        })
        .to_string()
        .into_bytes()
    }

    fn good() -> Vec<u8> {
        uris(&[
            ("authorize", "https://login.clinic.org/authorize"),
            ("token", "https://login.clinic.org/token"),
            ("manage", "https://login.clinic.org/manage"),
        ])
    }

    fn read(body: &[u8], row: Option<&Row>) -> Result<Server, Refusal> {
        read_old_discovery(200, body, &invitation(), row, Policy::RELEASE)
    }

    #[test]
    fn a_row_that_vouches_for_pkce_lets_the_old_description_stand_in() {
        let server = read(&good(), Some(&row(true))).unwrap();

        assert_eq!(server.trust, Trust::Listed);
        assert_eq!(server.token_endpoint.as_str(), "https://login.clinic.org/token");
    }

    #[test]
    fn nobody_signs_in_by_the_old_description_alone() {
        assert_eq!(read(&good(), None), Err(Refusal::WeakSignIn));
        assert_eq!(read(&good(), Some(&row(false))), Err(Refusal::WeakSignIn));
    }

    #[test]
    fn what_is_found_by_the_old_description_is_read_and_never_written() {
        let row = row(true);
        let server = read(&good(), Some(&row)).unwrap();

        for role in [Default::default(), handrail_contract::place::Role::Organization] {
            let scopes = choose_scopes(&server, Some(&row), role);

            assert!(scopes.iter().any(|scope| scope.ends_with("/Task.read")), "{scopes:?}");
            assert!(!scopes.iter().any(|scope| scope.contains(".write")), "{scopes:?}");
        }
    }

    #[test]
    fn an_old_description_that_is_not_as_its_row_says_is_refused() {
        let elsewhere = uris(&[
            ("authorize", "https://login.clinic.org/authorize"),
            ("token", "https://evil.example.net/token"),
        ]);

        assert_eq!(read(&elsewhere, Some(&row(true))), Err(Refusal::Disagrees));
    }

    #[test]
    fn a_statement_without_both_addresses_says_nothing_of_a_sign_in() {
        let authorize = ("authorize", "https://login.clinic.org/authorize");
        let token = ("token", "https://login.clinic.org/token");
        for body in [
            uris(&[]),
            uris(&[authorize]),
            uris(&[token]),
            uris(&[authorize, token, ("token", "https://login.clinic.org/other")]),
            b"{}".to_vec(),
            b"[]".to_vec(),
            b"<html>".to_vec(),
            br#"{"resourceType":"CapabilityStatement","rest":{"mode":"server"}}"#.to_vec(),
            String::from_utf8(good()).unwrap().replace("CapabilityStatement", "Bundle").into(),
            vec![b' '; MAX_BYTES + 1],
        ] {
            assert_eq!(read(&body, Some(&row(true))), Err(Refusal::NotSmart));
        }
        let status =
            |status| read_old_discovery(status, &good(), &invitation(), None, Policy::RELEASE);
        assert_eq!(status(404), Err(Refusal::NotSmart));
        assert_eq!(status(503), Err(Refusal::NoAnswer));
    }
}

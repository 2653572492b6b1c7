//! What a place says about its sign-in (SMART App Launch 2.2, section "Conformance").

mod old;

use handrail_contract::{code::HostParts, problem::Refusal};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use url::Url;

pub use old::{old_discovery_url, read_old_discovery};

use super::{
    endpoint::judge_endpoint,
    registry::{Rotation, Row},
};
use crate::{
    fhir::{
        FhirBase,
        base::{Policy, registrable_domain},
    },
    scan::Invitation,
};

/// Honest answers take a few kilobytes.
const MAX_BYTES: usize = 256 * 1024;

/// Parameters that this app sends to the authorization endpoint. An endpoint whose own query has one of them
/// would make it appear twice (RFC 6749 section 3.1).
const OURS: &[&str] = &[
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "aud",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "request",
    "request_uri",
    "nonce",
];

/// A place to sign in at: where its pages and endpoints are, and what it can do. Holds no secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Server {
    pub base: FhirBase,
    /// The registry's name, else the code's, else the host.
    pub name: String,
    pub trust: Trust,
    /// Compared letter by letter with the redirect's `iss` (RFC 9207 section 2.4).
    pub issuer: Option<String>,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub registration_endpoint: Option<Url>,
    pub revocation_endpoint: Option<Url>,
    /// Where the keys are that sign an `id_token`; only where whoever has the sign-in page has them too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<Url>,
    /// The redirect must carry `iss`.
    pub iss_promised: bool,
    pub capabilities: Vec<String>,
    pub scopes_supported: Vec<String>,
    pub rotation: Rotation,
    pub revokes_siblings: bool,
    /// The host of the sign-in page, where somebody else registered it than the FHIR base's.
    pub two_hosts: Option<HostParts>,
}

impl Server {
    /// Whether it can say who signed in, in a way that can be validated.
    pub fn can_say_who(&self) -> bool {
        let lists = |scope: &str| self.scopes_supported.iter().any(|one| one == scope);
        let said = self.capabilities.iter().any(|one| one == "sso-openid-connect")
            || lists("openid") && lists("fhirUser");
        said && self.jwks_uri.is_some() && self.issuer.is_some()
    }
}

/// How far a server is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The registry has it, and it agrees with its row.
    Listed,
    /// Nobody we know; its endpoints belong together.
    Unlisted,
}

/// Where a place describes its sign-in: appended to the base, even where that has a path.
pub fn discovery_url(base: &FhirBase) -> Url {
    base.join(".well-known/smart-configuration").expect("a base with a path appended is an address")
}

/// The members that a sign-in needs. All else is skipped.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SmartConfiguration {
    issuer: Value,
    authorization_endpoint: Value,
    token_endpoint: Value,
    registration_endpoint: Value,
    revocation_endpoint: Value,
    jwks_uri: Value,
    grant_types_supported: Value,
    response_types_supported: Value,
    code_challenge_methods_supported: Value,
    authorization_response_iss_parameter_supported: Value,
    capabilities: Value,
    scopes_supported: Value,
}

/// Reads the answer to a request for [`discovery_url`].
///
/// # Errors
/// - [`Refusal::NoAnswer`]: the place is there, and busy or broken.
/// - [`Refusal::NotSmart`]: no such description, or it lacks what a sign-in needs.
/// - [`Refusal::WeakSignIn`]: no PKCE with S256.
/// - [`Refusal::Disagrees`]: not as the registry's row says, or endpoints that do not belong together.
pub fn read_discovery(
    status: u16,
    body: &[u8],
    invitation: &Invitation,
    row: Option<&Row>,
    policy: Policy,
) -> Result<Server, Refusal> {
    judge_description(read_description(status, body, MAX_BYTES)?, invitation, row, policy)
}

/// Reads what a place answered to the question how it can be signed in at, of `most` bytes.
fn read_description<T: DeserializeOwned>(
    status: u16,
    body: &[u8],
    most: usize,
) -> Result<T, Refusal> {
    match status {
        200 => {}
        429 | 500..=599 => return Err(Refusal::NoAnswer),
        _ => return Err(Refusal::NotSmart),
    }
    if body.len() > most {
        return Err(Refusal::NotSmart);
    }
    serde_json::from_slice(body).map_err(|_| Refusal::NotSmart)
}

/// Judges what a place said, in whichever of the two ways.
fn judge_description(
    said: SmartConfiguration,
    invitation: &Invitation,
    row: Option<&Row>,
    policy: Policy,
) -> Result<Server, Refusal> {
    let base = &invitation.fhir_base;

    let authorization = said.authorization_endpoint.as_str().ok_or(Refusal::NotSmart)?;
    let token = said.token_endpoint.as_str().ok_or(Refusal::NotSmart)?;
    let offers = |list: &Value, wanted: &str| {
        list.is_null() || read_strings(list).iter().any(|one| one == wanted)
    };
    if !offers(&said.grant_types_supported, "authorization_code")
        || !offers(&said.response_types_supported, "code")
    {
        return Err(Refusal::NotSmart);
    }
    // A server that also lists `plain` breaks SMART, yet only S256 is ever sent to it.
    if !read_strings(&said.code_challenge_methods_supported).iter().any(|method| method == "S256") {
        return Err(Refusal::WeakSignIn);
    }

    let endpoint = |text: &str| judge_endpoint(text, base, policy).ok_or(Refusal::Disagrees);
    let authorization_endpoint = endpoint(authorization)?;
    if authorization_endpoint.query_pairs().any(|(name, _)| OURS.contains(&&*name)) {
        return Err(Refusal::Disagrees);
    }
    let mut server = Server {
        base: base.clone(),
        name: invitation.name.clone().unwrap_or_else(|| base.host()),
        trust: Trust::Unlisted,
        issuer: read_text(&said.issuer),
        token_endpoint: endpoint(token)?,
        registration_endpoint: read_text(&said.registration_endpoint)
            .map(|text| endpoint(&text))
            .transpose()?,
        revocation_endpoint: read_text(&said.revocation_endpoint)
            .map(|text| endpoint(&text))
            .transpose()?,
        // Keys of somebody else's are not believed; a sign-in can do without.
        jwks_uri: read_text(&said.jwks_uri)
            .and_then(|text| judge_endpoint(&text, base, policy))
            .filter(|url| registrable_domain(url) == registrable_domain(&authorization_endpoint)),
        iss_promised: said.authorization_response_iss_parameter_supported == Value::Bool(true),
        capabilities: read_strings(&said.capabilities),
        scopes_supported: read_strings(&said.scopes_supported),
        // Nothing is known, so a refresh token counts as spent once it was sent.
        rotation: Rotation::Strict,
        revokes_siblings: false,
        two_hosts: name_second_host(base, &authorization_endpoint),
        authorization_endpoint,
    };
    match row {
        Some(row) => agree_with_row(&mut server, row)?,
        None => agree_with_itself(&server, policy)?,
    }
    if server.iss_promised && server.issuer.is_none() {
        return Err(Refusal::Disagrees);
    }
    Ok(server)
}

/// A listed place: what it says must be what its row says, letter by letter.
fn agree_with_row(server: &mut Server, row: &Row) -> Result<(), Refusal> {
    let same = server.base == row.fhir_base
        && server.issuer.as_ref().is_none_or(|issuer| *issuer == row.issuer)
        && server.authorization_endpoint == row.authorization_endpoint
        && server.token_endpoint == row.token_endpoint
        && server
            .revocation_endpoint
            .as_ref()
            .is_none_or(|url| Some(url) == row.revocation_endpoint.as_ref());
    if !same {
        return Err(Refusal::Disagrees);
    }
    server.trust = Trust::Listed;
    server.name = row.name.clone();
    server.issuer = Some(row.issuer.clone());
    server.revocation_endpoint = row.revocation_endpoint.clone();
    // The row names the client id, so nothing is ever registered there.
    server.registration_endpoint = None;
    server.rotation = row.rotation;
    server.revokes_siblings = row.revokes_siblings;
    Ok(())
}

/// An unlisted place: one registrable domain for everything that sees a code or a token (RFC 9700 section 4.4.2).
fn agree_with_itself(server: &Server, policy: Policy) -> Result<(), Refusal> {
    let issuer = match &server.issuer {
        Some(text) if text.contains("://") => {
            Some(judge_endpoint(text, &server.base, policy).ok_or(Refusal::Disagrees)?)
        }
        Some(_) => return Err(Refusal::Disagrees),
        None => None,
    };
    let together = [&server.token_endpoint]
        .into_iter()
        .chain(&server.registration_endpoint)
        .chain(&server.revocation_endpoint)
        .chain(&issuer)
        .all(|url| registrable_domain(url) == registrable_domain(&server.authorization_endpoint));
    if together { Ok(()) } else { Err(Refusal::Disagrees) }
}

fn name_second_host(base: &FhirBase, page: &Url) -> Option<HostParts> {
    let other = registrable_domain(page) != base.registrable_domain();
    let mut origin = page.clone();
    origin.set_path("");
    origin.set_query(None);
    FhirBase::new(origin).ok().filter(|_| other).map(|origin| origin.host_parts())
}

fn read_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|text| !text.is_empty())
}

fn read_strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

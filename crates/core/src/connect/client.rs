//! The name under which a place knows this app: given, or asked for (RFC 7591).

use handrail_contract::problem::Refusal;
use serde_json::{Value, json};
use url::Url;

use super::{discovery::Server, registry::Row};
use crate::scan::Invitation;

const MAX_BYTES: usize = 64 * 1024;
const MAX_CLIENT_ID: usize = 512;

/// The same for every copy and every version of the app, so that a place can allow or block all of them by one name
/// (RFC 7591 section 2).
const SOFTWARE_ID: &str = "org.handrail.client";

/// How to come by a client id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Client {
    /// The place knows us under this name.
    Known(String),
    /// It gives a name to an app that introduces itself here.
    Register(Url),
}

/// Chooses between the registry's name, the invitation's, and asking for one.
///
/// # Errors
/// [`Refusal::NoClientId`]: none of the three.
pub fn choose_client(
    server: &Server,
    invitation: &Invitation,
    row: Option<&Row>,
) -> Result<Client, Refusal> {
    let named = row.map(|row| &row.client_id).or(invitation.client_id.as_ref());
    match (named, &server.registration_endpoint) {
        (Some(client_id), _) => Ok(Client::Known(client_id.clone())),
        (None, Some(endpoint)) => Ok(Client::Register(endpoint.clone())),
        (None, None) => Err(Refusal::NoClientId),
    }
}

/// The app, introducing itself: a native app without a secret (RFC 7591 section 2, RFC 8252 section 8.4).
pub fn registration_body(redirect_uri: &Url) -> Value {
    json!({
        "client_name": "Handrail",
        "software_id": SOFTWARE_ID,
        "software_version": env!("CARGO_PKG_VERSION"),
        "application_type": "native",
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [redirect_uri.as_str()],
    })
}

/// Reads the answer to an introduction (RFC 7591 section 3.2).
///
/// # Errors
/// - [`Refusal::NoClientId`]: it was declined, or granted in a way that an app without a secret cannot use.
/// - [`Refusal::PlaceFailed`]: the place is busy, broken, or makes no sense.
pub fn read_registration(status: u16, body: &[u8], redirect_uri: &Url) -> Result<String, Refusal> {
    match status {
        200 | 201 => {}
        429 | 500..=599 => return Err(Refusal::PlaceFailed),
        _ => return Err(Refusal::NoClientId),
    }
    if body.len() > MAX_BYTES {
        return Err(Refusal::PlaceFailed);
    }
    let answer: Value = serde_json::from_slice(body).map_err(|_| Refusal::PlaceFailed)?;
    let client_id = answer["client_id"]
        .as_str()
        .filter(|text| is_client_id(text))
        .ok_or(Refusal::PlaceFailed)?;
    if is_as_asked(&answer, redirect_uri) {
        Ok(client_id.to_owned())
    } else {
        Err(Refusal::NoClientId)
    }
}

/// Whether the place registered what was asked for: it may change any of it, and says so (RFC 7591 section 3.2.1).
/// What it leaves out stands as asked, but for a secret, which would mean that it wants to see it.
fn is_as_asked(answer: &Value, redirect_uri: &Url) -> bool {
    let without_secret = match &answer["token_endpoint_auth_method"] {
        Value::Null => answer["client_secret"].is_null(),
        method => method == "none",
    };
    let holds = |name: &str, wanted: &str| match &answer[name] {
        Value::Null => true,
        Value::Array(list) => list.iter().any(|one| one == wanted),
        _ => false,
    };
    // Any other redirect address beside ours would be one where somebody else receives the code.
    let only_ours = match &answer["redirect_uris"] {
        Value::Null => true,
        list => *list == json!([redirect_uri.as_str()]),
    };
    without_secret
        && only_ours
        && holds("grant_types", "authorization_code")
        && holds("response_types", "code")
}

/// RFC 6749 appendix A.1.
fn is_client_id(text: &str) -> bool {
    (1..=MAX_CLIENT_ID).contains(&text.len())
        && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

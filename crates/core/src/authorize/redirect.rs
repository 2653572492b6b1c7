//! The redirect that ends a sign-in (RFC 6749 section 4.1.2, RFC 9207).

use handrail_contract::problem::Refusal;
use jiff::Timestamp;
use subtle::ConstantTimeEq;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use super::pending::PendingSignIn;
use crate::{fhir::base::registrable_domain, token::AuthorizationCode};

/// Codes of real servers reach 2 kilobytes or so.
const MAX_BYTES: usize = 16 * 1024;

/// The parameters that mean something to a sign-in. None may appear twice (RFC 6749 section 3.1).
const PARAMETERS: &[&str] = &["code", "state", "iss", "error", "error_description", "error_uri"];

/// Why a redirect does not finish this sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackError {
    /// Not for the sign-in we started: an old tab, or somebody else's link. Keep waiting.
    #[error("the redirect does not belong to this sign-in")]
    NotOurs,
    /// The person said no, or the server in their name. Offer to start again.
    #[error("the sign-in was declined")]
    Declined,
    /// The server does not know this app. Ask the place.
    #[error("the server does not know this app")]
    UnknownClient,
    /// The server failed. Offer to start again.
    #[error("the server could not sign anybody in")]
    ServerFailed,
    /// Another server than the one we asked sent it (RFC 9207 section 2.4). Start again; nothing was sent there.
    #[error("the redirect names another server")]
    WrongIssuer,
    /// Ours by `state`, yet not as RFC 6749 section 4.1.2 has it. Start again.
    #[error("the redirect lacks `{0}`, or has it more than once")]
    Malformed(&'static str),
    /// The page was open for too long. Start again.
    #[error("the redirect came too late")]
    TooLate,
}

impl CallbackError {
    /// How the sign-in ends; nothing where it goes on waiting.
    pub const fn refusal(self) -> Option<Refusal> {
        match self {
            Self::NotOurs => None,
            Self::Declined => Some(Refusal::Declined),
            Self::UnknownClient => Some(Refusal::NoClientId),
            Self::ServerFailed => Some(Refusal::PlaceFailed),
            Self::WrongIssuer | Self::Malformed(_) => Some(Refusal::DidNotMatch),
            Self::TooLate => Some(Refusal::TookTooLong),
        }
    }
}

/// Reads the address that the browser was sent back to.
///
/// # Errors
/// See [`CallbackError`].
pub fn read_redirect(
    url: &str,
    pending: &PendingSignIn,
    now: Timestamp,
) -> Result<AuthorizationCode, CallbackError> {
    let query = cut_query(url, &pending.redirect_uri).ok_or(CallbackError::NotOurs)?;
    let parameters = read_parameters(query);

    let mut states = parameters.iter().filter(|(name, _)| *name == "state");
    let ours = match (states.next(), states.next()) {
        (Some((_, state)), None) => {
            bool::from(state.as_bytes().ct_eq(pending.state.expose().as_bytes()))
        }
        _ => false,
    };
    if !ours {
        return Err(CallbackError::NotOurs);
    }
    for &name in PARAMETERS {
        if parameters.iter().filter(|(one, _)| *one == name).count() > 1 {
            return Err(CallbackError::Malformed(name));
        }
    }
    let value = |wanted: &str| {
        parameters.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
    };
    if !is_issuer_right(value("iss"), pending) {
        return Err(CallbackError::WrongIssuer);
    }
    if now >= pending.expires_at() {
        return Err(CallbackError::TooLate);
    }
    match (value("code"), value("error")) {
        (Some(_), Some(_)) => Err(CallbackError::Malformed("error")),
        (None, Some("access_denied")) => Err(CallbackError::Declined),
        (None, Some("unauthorized_client" | "invalid_client")) => Err(CallbackError::UnknownClient),
        (None, Some(_)) => Err(CallbackError::ServerFailed),
        // RFC 6749 appendix A.11.
        (Some(code), None)
            if !code.is_empty() && code.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) =>
        {
            Ok(AuthorizationCode::new(code))
        }
        (_, None) => Err(CallbackError::Malformed("code")),
    }
}

/// The query, if everything before it is our redirect URI to the letter (RFC 9700 section 2.1).
fn cut_query<'a>(url: &'a str, redirect_uri: &Url) -> Option<&'a str> {
    if url.len() > MAX_BYTES || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    // Some servers end every redirect with `#` or `#_=_`; no other fragment is honest.
    let url = url.strip_suffix("#_=_").or_else(|| url.strip_suffix('#')).unwrap_or(url);
    let query = url.strip_prefix(redirect_uri.as_str())?.strip_prefix('?')?;
    (!query.contains('#')).then_some(query)
}

fn read_parameters(query: &str) -> Vec<(String, Zeroizing<String>)> {
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned())))
        .collect()
}

/// RFC 9207 section 2.4: required where it was promised, and never another's.
fn is_issuer_right(iss: Option<&str>, pending: &PendingSignIn) -> bool {
    let server = &pending.server;
    match (iss, &server.issuer) {
        (None, _) => !server.iss_promised,
        (Some(iss), Some(issuer)) => iss == issuer,
        // The server never said who it is; then it must at least be the one whose page was open.
        (Some(iss), None) => Url::parse(iss).is_ok_and(|iss| {
            registrable_domain(&iss) == registrable_domain(&server.authorization_endpoint)
        }),
    }
}

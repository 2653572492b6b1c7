//! What a token response grants.

use std::time::Duration;

use handrail_contract::{place::Role, problem::Refusal};
use jiff::{SignedDuration, Timestamp};
use oauth2::{TokenResponse, basic::BasicTokenType};

use super::token_response::SmartTokenResponse;
use crate::token::{AccessToken, RefreshToken};

/// Taken for a token whose server does not say how long it lasts. Short costs a refresh; long costs a 401 first.
const UNSAID: Duration = Duration::from_secs(5 * 60);
/// A token said to last longer is renewed once a day all the same.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Access to one person's or organization's data at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub access: AccessToken,
    /// None: the place asks to sign in each time, or, after a refresh, the old one stays in force.
    pub refresh: Option<RefreshToken>,
    pub expires_at: Timestamp,
    /// May be fewer scopes than were asked for, and spelled otherwise.
    pub granted: Vec<String>,
    /// The Patient's id at this place.
    pub patient: Option<String>,
    /// Who signed in, where the server vouched for it: a relative reference, such as `Practitioner/1`.
    pub fhir_user: Option<String>,
}

/// Reads the answer to the exchange of a code.
///
/// # Errors
/// - [`Refusal::PlaceFailed`]: no token that this app can use.
/// - [`Refusal::NoPerson`]: a patient signed in, and the place did not say as whom.
pub fn read_grant(
    response: &SmartTokenResponse,
    asked: &[String],
    role: Role,
    now: Timestamp,
) -> Result<Grant, Refusal> {
    let patient = response.patient().and_then(read_id);
    if role == Role::Patient && patient.is_none() {
        return Err(Refusal::NoPerson);
    }
    Ok(Grant { patient, ..read_tokens(response, asked, now)? })
}

/// Reads the answer to a refresh. What the server left out stays as it was (RFC 6749 section 6); only the
/// refresh token is the caller's to keep.
///
/// # Errors
/// - [`Refusal::PlaceFailed`]: no token that this app can use.
/// - [`Refusal::AnotherPerson`]: the token opens another person's data than was pinned at the first sign-in.
pub fn renew(
    pinned: Option<&str>,
    granted: &[String],
    response: &SmartTokenResponse,
    now: Timestamp,
) -> Result<Grant, Refusal> {
    let grant = read_tokens(response, granted, now)?;
    match (pinned, response.patient()) {
        (Some(pinned), Some(said)) if read_id(said).as_deref() != Some(pinned) => {
            Err(Refusal::AnotherPerson)
        }
        _ => Ok(Grant { patient: pinned.map(str::to_owned), ..grant }),
    }
}

fn read_tokens(
    response: &SmartTokenResponse,
    unsaid: &[String],
    now: Timestamp,
) -> Result<Grant, Refusal> {
    let access = response.access_token().secret();
    // RFC 6750 section 2.1: a token that does not fit in its header would be refused, or worse.
    let fit = !access.is_empty() && access.bytes().all(|byte| byte.is_ascii_graphic());
    if !fit || *response.token_type() != BasicTokenType::Bearer {
        return Err(Refusal::PlaceFailed);
    }
    let lasts = response.expires_in().unwrap_or(UNSAID).min(LONGEST);
    let lasts = SignedDuration::try_from(lasts).unwrap_or(SignedDuration::ZERO);
    let granted = match response.scopes() {
        Some(scopes) => scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        None => unsaid.to_vec(),
    };
    Ok(Grant {
        access: AccessToken::new(access.as_str()),
        refresh: response.refresh_token().map(|token| RefreshToken::new(token.secret().as_str())),
        expires_at: now.saturating_add(lasts).unwrap_or(Timestamp::MAX),
        granted,
        patient: None,
        fhir_user: None,
    })
}

/// A FHIR id (R4 section 2.24.0.1), also where it was written as a reference.
fn read_id(text: &str) -> Option<String> {
    let id = text.strip_prefix("Patient/").unwrap_or(text);
    // `.` and `..` would climb in an address.
    let fit = (1..=64).contains(&id.len())
        && id.bytes().any(|byte| byte != b'.')
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    fit.then(|| id.to_owned())
}

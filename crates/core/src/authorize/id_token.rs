//! Who signed in, as the server vouches for it: an `id_token` and its `fhirUser`.
//!
//! In: the token, the server's keys, and what it has to say. Out: a reference to the person's resource; or why it is not believed.
//! Never: a word of a token whose signature does not hold, and never the token itself.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::pending::{LIFETIME, PendingSignIn};
use crate::{fhir::FhirBase, token::IdToken};

/// Honest tokens take a kilobyte or two.
const MAX_TOKEN: usize = 16 * 1024;
/// Honest key sets take a few kilobytes.
const MAX_KEYS: usize = 64 * 1024;
/// No server has more keys in use.
const MOST_KEYS: usize = 20;
/// How far a phone's clock and a server's may be apart.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// What may sign in (SMART App Launch 2.2, "Scopes for requesting identity data").
const PERSONS: &[&str] =
    &["Patient", "Practitioner", "PractitionerRole", "RelatedPerson", "Person"];

/// Why an `id_token` is not believed. Nothing of it is used; where it was needed, the sign-in ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdTokenError {
    /// There is none, though it was asked for and granted.
    #[error("there is no id_token")]
    Missing,
    /// Not a signed token in the compact form (RFC 7515 section 7.1), or larger than an honest one.
    #[error("the id_token is not a signed token")]
    Malformed,
    /// Signed by no method that we accept; `none` is one of those.
    #[error("the id_token is signed in a way that is not accepted")]
    Algorithm,
    /// The server's key set is none, or has no key that fits.
    #[error("the server has no key for the id_token")]
    Key,
    /// The signature does not hold.
    #[error("the signature of the id_token does not hold")]
    Signature,
    /// Another server's.
    #[error("the id_token names another issuer")]
    Issuer,
    /// Meant for another app.
    #[error("the id_token is for another app")]
    Audience,
    /// It is over, is not valid yet, or was given long ago.
    #[error("the id_token is not of this time")]
    Time,
    /// Of another sign-in.
    #[error("the id_token belongs to another sign-in")]
    Nonce,
    /// It names nobody, or nobody at this place.
    #[error("the id_token names nobody at this place")]
    Nobody,
}

/// A server's public keys (RFC 7517), those that can sign an `id_token`.
#[derive(Clone, Debug)]
pub struct Keys(Vec<Key>);

#[derive(Clone, Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// The two methods that SMART and OpenID Connect servers use. Nothing else is tried, whatever a header says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Rs256,
    Es256,
}

/// Reads the answer from a server's `jwks_uri`.
///
/// # Errors
/// [`IdTokenError::Key`]: no key set, or one without a usable key.
pub fn read_keys(status: u16, body: &[u8]) -> Result<Keys, IdTokenError> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    if status != 200 || body.len() > MAX_KEYS {
        return Err(IdTokenError::Key);
    }
    let set: Set = serde_json::from_slice(body).map_err(|_| IdTokenError::Key)?;
    // A key of a kind that is yet to be invented is no reason to skip the others.
    let keys: Vec<Key> = set
        .keys
        .into_iter()
        .take(MOST_KEYS)
        .filter_map(|key| serde_json::from_value(key).ok())
        .collect();
    if keys.is_empty() { Err(IdTokenError::Key) } else { Ok(Keys(keys)) }
}

/// Validates an `id_token` (OpenID Connect Core 1.0 section 3.1.3.7) and returns its `fhirUser` as a relative reference.
///
/// # Errors
/// See [`IdTokenError`].
pub fn read_fhir_user(
    token: &IdToken,
    keys: &Keys,
    pending: &PendingSignIn,
    now: Timestamp,
) -> Result<String, IdTokenError> {
    let claims = check_signature(token.expose(), keys)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str);

    let issuer = pending.server.issuer.as_deref();
    if issuer.is_none() || text("iss") != issuer {
        return Err(IdTokenError::Issuer);
    }
    check_audience(&claims, &pending.client_id)?;
    check_time(&claims, now)?;
    if text("nonce") != Some(pending.nonce().as_str()) {
        return Err(IdTokenError::Nonce);
    }
    if text("sub").is_none_or(str::is_empty) {
        return Err(IdTokenError::Nobody);
    }
    text("fhirUser")
        .and_then(|user| read_person(user, &pending.server.base))
        .ok_or(IdTokenError::Nobody)
}

/// The claims, once the signature over them holds.
fn check_signature(token: &str, keys: &Keys) -> Result<Map<String, Value>, IdTokenError> {
    #[derive(Deserialize)]
    struct Header {
        alg: String,
        kid: Option<String>,
        /// Extensions that must be understood (RFC 7515 section 4.1.11). We understand none.
        crit: Option<Value>,
    }
    if token.len() > MAX_TOKEN {
        return Err(IdTokenError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(IdTokenError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(IdTokenError::Malformed)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| IdTokenError::Malformed);
    let header: Header =
        serde_json::from_slice(&decode(header)?).map_err(|_| IdTokenError::Malformed)?;
    let (claims, signature) = (decode(claims)?, decode(signature)?);
    let method = match header.alg.as_str() {
        "RS256" => Method::Rs256,
        "ES256" => Method::Es256,
        _ => return Err(IdTokenError::Algorithm),
    };
    if header.crit.is_some() {
        return Err(IdTokenError::Algorithm);
    }
    let fitting: Vec<&Key> =
        keys.0.iter().filter(|key| key.fits(method, header.kid.as_deref())).collect();
    if fitting.is_empty() {
        return Err(IdTokenError::Key);
    }
    if !fitting.iter().any(|key| key.verifies(method, signed.as_bytes(), &signature)) {
        return Err(IdTokenError::Signature);
    }
    serde_json::from_slice(&claims).map_err(|_| IdTokenError::Malformed)
}

impl Key {
    fn fits(&self, method: Method, kid: Option<&str>) -> bool {
        let (kty, alg) = match method {
            Method::Rs256 => ("RSA", "RS256"),
            Method::Es256 => ("EC", "ES256"),
        };
        self.kty == kty
            && self.alg.as_deref().is_none_or(|said| said == alg)
            && self.purpose.as_deref().is_none_or(|said| said == "sig")
            && (method == Method::Rs256 || self.crv.as_deref() == Some("P-256"))
            && kid.is_none_or(|kid| self.kid.as_deref() == Some(kid))
    }

    fn verifies(&self, method: Method, message: &[u8], signature: &[u8]) -> bool {
        let part = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        match method {
            Method::Rs256 => {
                let (Some(n), Some(e)) = (part(&self.n), part(&self.e)) else { return false };
                // Some servers write the number with a leading zero.
                let strip = |bytes: Vec<u8>| bytes.into_iter().skip_while(|byte| *byte == 0);
                let (n, e): (Vec<u8>, Vec<u8>) = (strip(n).collect(), strip(e).collect());
                let key = RsaPublicKeyComponents { n: &n, e: &e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature).is_ok()
            }
            Method::Es256 => {
                let (Some(x), Some(y)) = (part(&self.x), part(&self.y)) else { return false };
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(message, signature).is_ok()
            }
        }
    }
}

/// Steps 3 to 5: for this app, and where it is for others too, said to be used by this one.
fn check_audience(claims: &Map<String, Value>, client_id: &str) -> Result<(), IdTokenError> {
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let party = claims.get("azp");
    let is_ours = audience.contains(&client_id)
        && party.is_none_or(|party| party.as_str() == Some(client_id))
        && (audience.len() == 1 || party.is_some());
    if is_ours { Ok(()) } else { Err(IdTokenError::Audience) }
}

/// Steps 9 and 10, with a tolerance for clocks that differ.
fn check_time(claims: &Map<String, Value>, now: Timestamp) -> Result<(), IdTokenError> {
    let instant = |name: &str| {
        let seconds = claims.get(name)?;
        // Some servers write fractions of a second.
        let seconds = seconds.as_i64().or_else(|| seconds.as_f64().map(|it| it as i64))?;
        Timestamp::from_second(seconds).ok()
    };
    let (expires_at, given_at) = instant("exp").zip(instant("iat")).ok_or(IdTokenError::Time)?;
    let longest = SignedDuration::try_from(LIFETIME).unwrap_or(SignedDuration::ZERO) + TOLERANCE;
    let is_valid = now.duration_since(expires_at) < TOLERANCE
        && given_at.duration_since(now) < TOLERANCE
        && now.duration_since(given_at) < longest
        && (!claims.contains_key("nbf")
            || instant("nbf").is_some_and(|at| at.duration_since(now) < TOLERANCE));
    if is_valid { Ok(()) } else { Err(IdTokenError::Time) }
}

/// `Practitioner/1`, or the same as an address below this place's base.
fn read_person(user: &str, base: &FhirBase) -> Option<String> {
    let relative = match user.strip_prefix(base.as_str()) {
        Some(rest) => rest.strip_prefix('/')?,
        None => user,
    };
    let (kind, id) = relative.split_once('/')?;
    let is_id = (1..=64).contains(&id.len())
        && id.bytes().any(|byte| byte != b'.')
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    (PERSONS.contains(&kind) && is_id).then(|| relative.to_owned())
}

#[cfg(test)]
#[path = "identities.rs"]
mod tests;

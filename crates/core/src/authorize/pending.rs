//! A sign-in between the browser's opening and the redirect. The process may die meanwhile.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use handrail_contract::{
    place::{Role, SourceId},
    sign_in::AttemptId,
};
use jiff::{SignedDuration, Timestamp};
use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;
use zeroize::Zeroizing;

use super::token_response::smart_client;
use crate::{
    connect::Server,
    fhir::FhirBase,
    scan::{CALLBACK_PATH, Invitation},
    token::{PkceVerifier, State},
};

/// How long a sign-in page may stay open.
pub const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The version this build writes.
const VERSION: u32 = 1;

/// A sign-in that waits for its redirect. Sealed before the browser opens; used once.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingSignIn {
    pub attempt: AttemptId,
    pub invitation: Invitation,
    pub server: Server,
    pub client_id: String,
    /// Of its own for each place: see [`redirect_path`].
    pub redirect_uri: Url,
    pub role: Role,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    pub state: State,
    pub verifier: PkceVerifier,
    pub started_at: Timestamp,
    /// The connection that is signed in to again.
    pub again: Option<SourceId>,
}

/// Why opened bytes are no pending sign-in. Either way it is given up, and the person starts again.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Written by a later version of the app.
    #[error("written by a newer version ({0})")]
    Newer(u32),
    /// Not what we write.
    #[error("not a pending sign-in of ours")]
    Malformed,
}

/// The path of the redirect address for one place: its own, and the same at every sign-in there.
///
/// Of its own, so that what one server sends back never reaches a sign-in at another (RFC 8252 section 8.10,
/// RFC 9700 section 4.4.2.2). The same, so that a place that registers redirect addresses to the letter can know it.
pub fn redirect_path(base: &FhirBase) -> String {
    let digest = Sha256::digest(base.as_str());
    format!("{CALLBACK_PATH}{}", URL_SAFE_NO_PAD.encode(&digest[..12]))
}

/// The redirect address of a phone for this path, by the app's private-use scheme (RFC 8252 section 7.1): one slash,
/// as there is no host in it.
///
/// # Errors
/// The scheme is none.
pub fn phone_redirect(scheme: &str, path: &str) -> Result<Url, url::ParseError> {
    Url::parse(&format!("{scheme}:{path}"))
}

/// Begins a sign-in: what to seal, and the address to open once it is sealed.
///
/// The first half of `entropy` becomes `state` (256 bits; SMART asks for 122), the second the PKCE verifier
/// (43 characters, RFC 7636 section 4.1).
#[expect(clippy::too_many_arguments, reason = "each is a fact of its own, and there is one caller")]
pub fn begin(
    attempt: AttemptId,
    invitation: Invitation,
    server: Server,
    client_id: String,
    redirect_uri: Url,
    role: Role,
    scopes: Vec<String>,
    again: Option<SourceId>,
    entropy: [u8; 64],
    now: Timestamp,
) -> (PendingSignIn, Url) {
    let entropy = Zeroizing::new(entropy);
    let (first, second) = entropy.split_at(32);
    let pending = PendingSignIn {
        attempt,
        invitation,
        server,
        client_id,
        redirect_uri,
        role,
        scopes,
        state: State::new(URL_SAFE_NO_PAD.encode(first)),
        verifier: PkceVerifier::new(URL_SAFE_NO_PAD.encode(second)),
        started_at: now,
        again,
    };
    let address = pending.write_address();
    (pending, address)
}

impl PendingSignIn {
    /// The instant after which a redirect comes too late.
    pub fn expires_at(&self) -> Timestamp {
        self.started_at.saturating_add(SignedDuration::from_mins(10)).unwrap_or(Timestamp::MAX)
    }

    /// Whether the server was asked to say who signed in.
    pub fn asks_who(&self) -> bool {
        self.scopes.iter().any(|scope| scope == "openid")
    }

    /// Ties an `id_token` to this sign-in: a digest of what only this sign-in knows (OpenID Connect Core 1.0 section 15.5.2).
    pub fn nonce(&self) -> String {
        let digest = Sha256::new().chain_update(b"nonce ").chain_update(self.verifier.expose());
        URL_SAFE_NO_PAD.encode(digest.finalize())
    }

    /// The address of the sign-in page (RFC 6749 section 4.1.1, RFC 7636 section 4.3, SMART's `aud`).
    pub fn write_address(&self) -> Url {
        let verifier = PkceCodeVerifier::new(self.verifier.expose().to_owned());
        let client = smart_client(&self.server, &self.client_id, &self.redirect_uri);
        let mut request = client
            .authorize_url(|| CsrfToken::new(self.state.expose().to_owned()))
            .add_scopes(self.scopes.iter().cloned().map(Scope::new))
            .add_extra_param("aud", self.server.base.as_str())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        if self.asks_who() {
            request = request.add_extra_param("nonce", self.nonce());
        }
        request.url().0
    }

    /// The bytes to seal.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let wire = Wire {
            v: VERSION,
            attempt: self.attempt.clone(),
            invitation: self.invitation.clone(),
            server: self.server.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            role: self.role,
            scopes: self.scopes.clone(),
            state: Zeroizing::new(self.state.expose().to_owned()),
            verifier: Zeroizing::new(self.verifier.expose().to_owned()),
            started_at: self.started_at,
            again: self.again.clone(),
        };
        Zeroizing::new(serde_json::to_vec(&wire).expect("a record of strings and numbers is JSON"))
    }

    /// Reads opened bytes.
    ///
    /// # Errors
    /// Bytes of a newer version, or none of ours.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FormatError> {
        #[derive(Deserialize)]
        struct Versioned {
            v: u32,
        }
        let version =
            serde_json::from_slice::<Versioned>(bytes).map_err(|_| FormatError::Malformed)?.v;
        if version > VERSION {
            return Err(FormatError::Newer(version));
        }
        let wire: Wire = serde_json::from_slice(bytes).map_err(|_| FormatError::Malformed)?;
        Ok(Self {
            attempt: wire.attempt,
            invitation: wire.invitation,
            server: wire.server,
            client_id: wire.client_id,
            redirect_uri: wire.redirect_uri,
            role: wire.role,
            scopes: wire.scopes,
            state: State::new(wire.state.as_str()),
            verifier: PkceVerifier::new(wire.verifier.as_str()),
            started_at: wire.started_at,
            again: wire.again,
        })
    }
}

/// What the sealed bytes hold. Private, so that nothing else can serialise a verifier.
#[derive(Serialize, Deserialize)]
struct Wire {
    v: u32,
    attempt: AttemptId,
    invitation: Invitation,
    server: Server,
    client_id: String,
    redirect_uri: Url,
    role: Role,
    scopes: Vec<String>,
    state: Zeroizing<String>,
    verifier: Zeroizing<String>,
    started_at: Timestamp,
    again: Option<SourceId>,
}

//! What is sealed, and how it is written: tokens and pending sign-ins ↔ bytes in a versioned format.
//!
//! In: a record, or bytes that were opened with the right key. Out: the other of the two.
//! Never: a key or a file; sealing is the engine's, through the `Vault` port.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use handrail_contract::place::{Role, SourceId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    authorize::Grant,
    connect::{Server, Trust},
    scan::Invitation,
    token::{AccessToken, RefreshToken},
};

pub mod keys;

/// The version this build writes. Older ones are read; newer ones are refused, never guessed at.
const VERSION: u32 = 1;

/// Everything one connection needs to stay signed in. One sealed file holds one of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub source: SourceId,
    pub invitation: Invitation,
    pub server: Server,
    pub client_id: String,
    pub redirect_uri: Url,
    pub role: Role,
    /// The scopes that were asked for.
    pub scopes: Vec<String>,
    /// The scopes that were granted.
    pub granted: Vec<String>,
    /// The Patient's id, pinned at the first sign-in.
    pub patient: Option<String>,
    /// Who signed in, where the place vouched for it.
    pub fhir_user: Option<String>,
    pub access: Option<AccessToken>,
    pub access_expires_at: Timestamp,
    pub refresh: Option<RefreshToken>,
    /// Counts token pairs, so that a waiter can tell whether somebody was faster.
    pub generation: u64,
    pub phase: Phase,
    /// SHA-256 of the refresh token before this one, base64url: tells a restored backup from the newest.
    pub previous_refresh: Option<String>,
    /// When the person ended the connection, where the place has not been told yet.
    pub ended_at: Option<Timestamp>,
}

/// For how long a place is asked to end tokens that nobody uses any more. Few live longer unused.
const REVOKED_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Where the session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing is under way.
    Idle,
    /// The refresh token may be on its way. Sealed before it is sent, so a process that dies leaves word.
    InFlight { sent_at: Timestamp, tries: u32 },
    /// The session ended. Only the person can mend this.
    SignedOut { because: SignedOutBecause },
}

/// What ended a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedOutBecause {
    /// The server said `invalid_grant`.
    Refused,
    /// The server never gave a refresh token, and the access token ran out.
    NoRefreshToken,
    /// The person disconnected.
    Person,
}

/// Why opened bytes are no record.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Written by a later version of the app. Keep the file; ask for the update.
    #[error("written by a newer version ({0})")]
    Newer(u32),
    /// Not what we write. Keep the file aside; ask to sign in again.
    #[error("not a record of ours")]
    Malformed,
}

impl Record {
    /// A record for a first grant.
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a fact of its own, and there is one caller"
    )]
    pub fn first(
        source: SourceId,
        invitation: Invitation,
        server: Server,
        client_id: String,
        redirect_uri: Url,
        role: Role,
        scopes: Vec<String>,
        grant: Grant,
    ) -> Self {
        Self {
            source,
            invitation,
            server,
            client_id,
            redirect_uri,
            role,
            scopes,
            granted: grant.granted,
            patient: grant.patient,
            fhir_user: grant.fhir_user,
            access: Some(grant.access),
            access_expires_at: grant.expires_at,
            refresh: grant.refresh,
            generation: 1,
            phase: Phase::Idle,
            previous_refresh: None,
            ended_at: None,
        }
    }

    /// The record after a refresh. What the server left out stays in force (RFC 6749 section 6).
    #[must_use]
    pub fn renewed(&self, grant: Grant, _now: Timestamp) -> Self {
        let mut next = self.clone();
        next.access = Some(grant.access);
        next.access_expires_at = grant.expires_at;
        if let Some(refresh) = grant.refresh {
            next.previous_refresh = self.refresh.as_ref().map(fingerprint);
            next.refresh = Some(refresh);
        }
        if !grant.granted.is_empty() {
            next.granted = grant.granted;
        }
        next.generation += 1;
        next.phase = Phase::Idle;
        next
    }

    /// Whether the place should still be asked to end these tokens (RFC 7009).
    pub fn is_worth_revoking(&self, now: Timestamp) -> bool {
        self.ended_at.is_none_or(|ended_at| now.duration_since(ended_at) < REVOKED_WITHIN)
    }

    /// These tokens as they are to be ended at the place (RFC 7009) after a new sign-in replaced them by `successor`'s.
    ///
    /// Ending them ends what belongs to their own grant, and a new sign-in is a new grant (RFC 7009 section 2.1), but some
    /// servers end everything that a person gave this app. `None` where that could cost the new session: the place is
    /// not listed as one that keeps sessions apart, or it gave the same refresh token again; and where there is nothing
    /// to end, or no way to ask.
    pub fn to_end_after(&self, successor: &Self, now: Timestamp) -> Option<Self> {
        let keeps_apart =
            |server: &Server| server.trust == Trust::Listed && !server.revokes_siblings;
        let together = !keeps_apart(&self.server) || !keeps_apart(&successor.server);
        let endpoint = self.server.revocation_endpoint.is_some();
        let replaced = self.refresh.is_some() && self.refresh != successor.refresh;
        (endpoint && replaced && !together).then(|| Self {
            access: self.access.clone().filter(|access| Some(access) != successor.access.as_ref()),
            ended_at: Some(now),
            ..self.clone()
        })
    }

    /// Whether the same tokens are in both.
    pub fn has_tokens_of(&self, other: &Self) -> bool {
        (&self.refresh, &self.access) == (&other.refresh, &other.access)
    }

    /// The bytes to seal.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let wire = Wire {
            v: VERSION,
            source: self.source.clone(),
            invitation: self.invitation.clone(),
            server: self.server.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            role: self.role,
            scopes: self.scopes.clone(),
            granted: self.granted.clone(),
            patient: self.patient.clone(),
            fhir_user: self.fhir_user.clone(),
            at: self.access.as_ref().map(|token| Zeroizing::new(token.expose().to_owned())),
            at_expires: self.access_expires_at,
            rt: self.refresh.as_ref().map(|token| Zeroizing::new(token.expose().to_owned())),
            generation: self.generation,
            phase: self.phase.clone(),
            previous: self.previous_refresh.clone(),
            ended: self.ended_at,
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
            source: wire.source,
            invitation: wire.invitation,
            server: wire.server,
            client_id: wire.client_id,
            redirect_uri: wire.redirect_uri,
            role: wire.role,
            scopes: wire.scopes,
            granted: wire.granted,
            patient: wire.patient,
            fhir_user: wire.fhir_user,
            access: wire.at.map(|text| AccessToken::new(text.as_str())),
            access_expires_at: wire.at_expires,
            refresh: wire.rt.map(|text| RefreshToken::new(text.as_str())),
            generation: wire.generation,
            phase: wire.phase,
            previous_refresh: wire.previous,
            ended_at: wire.ended,
        })
    }
}

/// What the sealed bytes hold. Private, so that nothing else can serialise a token.
#[derive(Serialize, Deserialize)]
struct Wire {
    v: u32,
    source: SourceId,
    invitation: Invitation,
    server: Server,
    client_id: String,
    redirect_uri: Url,
    role: Role,
    scopes: Vec<String>,
    granted: Vec<String>,
    patient: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fhir_user: Option<String>,
    at: Option<Zeroizing<String>>,
    at_expires: Timestamp,
    rt: Option<Zeroizing<String>>,
    generation: u64,
    #[serde(flatten)]
    phase: Phase,
    previous: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended: Option<Timestamp>,
}

fn fingerprint(token: &RefreshToken) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token.expose().as_bytes()))
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    pub const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

    /// Connected an hour before its access token ends.
    pub fn record() -> Record {
        let endpoint = |path: &str| Url::parse(&format!("https://elm.example{path}")).unwrap();
        let base = crate::fhir::FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap();
        Record {
            source: SourceId("elm".to_owned()),
            invitation: Invitation { fhir_base: base.clone(), name: None, client_id: None },
            server: serde_json::from_value(json!({
                "base": base,
                "name": "Elm Street Family Clinic",
                "trust": "listed",
                "issuer": "https://elm.example/auth",
                "authorization_endpoint": endpoint("/auth/authorize"),
                "token_endpoint": endpoint("/auth/token"),
                "registration_endpoint": null,
                "revocation_endpoint": null,
                "iss_promised": true,
                "capabilities": [],
                "scopes_supported": [],
                "rotation": "strict",
                "revokes_siblings": false,
                "two_hosts": null,
            }))
            .unwrap(),
            client_id: "handrail".to_owned(),
            redirect_uri: Url::parse("http://127.0.0.1:9/callback/elm").unwrap(),
            role: Role::Patient,
            scopes: vec!["patient/Task.rs".to_owned()],
            granted: vec!["patient/Task.rs".to_owned()],
            patient: Some("pat-1".to_owned()),
            fhir_user: None,
            access: Some(AccessToken::new("access-1")),
            access_expires_at: NOW.checked_add(jiff::SignedDuration::from_secs(3_600)).unwrap(),
            refresh: Some(RefreshToken::new("refresh-1")),
            generation: 1,
            phase: Phase::Idle,
            previous_refresh: None,
            ended_at: None,
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let mut written = record();
        written.phase = Phase::InFlight { sent_at: NOW, tries: 1 };

        let read = Record::from_bytes(&written.to_bytes());

        assert_eq!(read, Ok(written));
    }

    #[test]
    fn a_record_of_a_newer_version_is_refused_by_its_number() {
        let mut wire: serde_json::Value = serde_json::from_slice(&record().to_bytes()).unwrap();
        wire["v"] = json!(2);

        let read = Record::from_bytes(&serde_json::to_vec(&wire).unwrap());

        assert_eq!(read, Err(FormatError::Newer(2)));
    }

    #[test]
    fn no_cut_of_a_record_is_a_crash_or_another_record() {
        let whole = record().to_bytes();

        for length in 0..whole.len() {
            assert_eq!(
                Record::from_bytes(&whole[..length]),
                Err(FormatError::Malformed),
                "{length}"
            );
        }
    }

    /// At a place that can be asked to end tokens: what it gave before, and what it gave at the next sign-in.
    fn replaced(change: impl Fn(&mut Record, &mut Record)) -> Option<Record> {
        let mut old = record();
        old.server.revocation_endpoint = Url::parse("https://elm.example/auth/revoke").ok();
        let mut new = old.clone();
        new.refresh = Some(RefreshToken::new("refresh-2"));
        new.access = Some(AccessToken::new("access-2"));
        change(&mut old, &mut new);
        old.to_end_after(&new, NOW)
    }

    #[test]
    fn what_a_new_sign_in_replaced_is_ended_at_the_place() {
        let ended = replaced(|_, _| {}).unwrap();

        assert_eq!(ended.refresh, Some(RefreshToken::new("refresh-1")));
        assert_eq!(ended.access, Some(AccessToken::new("access-1")));
        assert_eq!(ended.ended_at, Some(NOW));
    }

    #[test]
    fn ending_what_was_replaced_never_reaches_the_new_session() {
        let together = replaced(|old, _| old.server.revokes_siblings = true);
        let together_by_now = replaced(|_, new| new.server.revokes_siblings = true);
        let unknown = replaced(|old, _| old.server.trust = Trust::Unlisted);
        let same_refresh = replaced(|old, new| new.refresh.clone_from(&old.refresh));
        let same_access = replaced(|old, new| new.access.clone_from(&old.access));

        assert_eq!([together, together_by_now, unknown, same_refresh], [const { None }; 4]);
        assert_eq!(same_access.unwrap().access, None);
    }

    #[test]
    fn nothing_is_ended_where_there_is_nothing_to_end_or_no_way_to_ask() {
        let without_refresh = replaced(|old, _| old.refresh = None);
        let without_endpoint = replaced(|old, _| old.server.revocation_endpoint = None);

        assert_eq!([without_refresh, without_endpoint], [None, None]);
    }

    #[test]
    fn a_record_does_not_print_its_tokens() {
        let printed = format!("{:?}", record());

        assert!(!printed.contains("access-1") && !printed.contains("refresh-1"), "{printed}");
    }
}

//! An authorization server for one app and one person: what it does with refresh tokens is its habit.
//!
//! It keeps the evidence: which tokens reached the phone, and what went wrong since. So a session that ended is
//! explained, or it is not.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use handrail_core::connect::Rotation;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::faults::Fault;

/// How a session ended at the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// A refresh token came that was spent.
    Reuse {
        /// It was the newest one that ever reached the phone: nobody could have sent a better one.
        was_newest_delivered: bool,
    },
    /// The server had reasons of its own.
    Revoked,
}

/// A session that ended, with the evidence.
#[derive(Clone, Debug)]
pub struct Ended {
    pub how: How,
    /// What went wrong with token requests since the last answer that arrived.
    pub spoilt: Vec<Fault>,
}

/// What happened at the token endpoint.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Requests with a refresh token that the server looked at.
    pub exchanges: u64,
    /// Of these, those that came while the phone had a token that works for more than a minute.
    pub needless: u64,
    pub sign_ins: u64,
}

pub(super) struct Authorization {
    rotation: Rotation,
    token_life: SignedDuration,
    /// Sealed by PKCE: the code, and the challenge that its verifier must meet.
    codes: HashMap<String, String>,
    session: Option<Session>,
    serial: u64,
    pub ended: Vec<Ended>,
    pub counts: Counts,
}

struct Session {
    newest: String,
    /// The one before, and when it was replaced.
    before: Option<(String, Timestamp)>,
    access: Vec<Access>,
    delivered: String,
    delivered_until: Timestamp,
    /// What the answer under way holds.
    under_way: Option<(String, Timestamp)>,
    spoilt: Vec<Fault>,
}

struct Access {
    token: String,
    expires_at: Timestamp,
    /// The refresh token that was given with it.
    with: String,
}

impl Authorization {
    pub fn new(rotation: Rotation, token_life: SignedDuration) -> Self {
        Self {
            rotation,
            token_life,
            codes: HashMap::new(),
            session: None,
            serial: 0,
            ended: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// The person agreed: a code for whoever knows the verifier.
    pub fn issue_code(&mut self, challenge: &str) -> String {
        let code = self.name("code");
        self.codes.insert(code.clone(), challenge.to_owned());
        code
    }

    /// Answers a token request: status and body.
    pub fn answer(&mut self, form: &HashMap<String, String>, now: Timestamp) -> (u16, Value) {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let granted = match field("grant_type") {
            "authorization_code" => self.sign_in(field("code"), field("code_verifier"), now),
            "refresh_token" => self.exchange(field("refresh_token"), now),
            _ => return (400, json!({ "error": "unsupported_grant_type" })),
        };
        granted.map_or((400, json!({ "error": "invalid_grant" })), |body| (200, body))
    }

    /// What became of the answer to a token request.
    pub fn note_delivery(&mut self, fault: Option<Fault>) {
        let Some(session) = &mut self.session else { return };
        match (fault, session.under_way.take()) {
            (None, Some((refresh, until))) => {
                session.delivered = refresh;
                session.delivered_until = until;
                session.spoilt.clear();
            }
            (Some(fault), _) => session.spoilt.push(fault),
            (None, None) => {}
        }
    }

    /// Whether an access token works. Using it confirms the refresh token that came with it.
    pub fn accepts(&mut self, token: &str, now: Timestamp) -> bool {
        let Some(session) = &mut self.session else { return false };
        session.access.retain(|access| now < access.expires_at);
        let Some(access) = session.access.iter().find(|access| access.token == token) else {
            return false;
        };
        if self.rotation == Rotation::ConfirmOnUse && access.with == session.newest {
            session.before = None;
        }
        true
    }

    pub fn is_alive(&self) -> bool {
        self.session.is_some()
    }

    /// What went wrong with token requests since the last answer that arrived.
    pub fn spoilt(&self) -> Vec<Fault> {
        self.session.as_ref().map(|session| session.spoilt.clone()).unwrap_or_default()
    }

    /// Ends the session for no reason that the phone could know.
    pub fn revoke(&mut self) {
        self.end(How::Revoked);
    }

    pub fn expire_access_tokens(&mut self) {
        if let Some(session) = &mut self.session {
            session.access.clear();
        }
    }

    fn sign_in(&mut self, code: &str, verifier: &str, now: Timestamp) -> Option<Value> {
        let challenge = self.codes.remove(code)?;
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) != challenge {
            return None;
        }
        self.counts.sign_ins += 1;
        let newest = self.name("refresh");
        self.session = Some(Session {
            newest: newest.clone(),
            before: None,
            access: Vec::new(),
            delivered: String::new(),
            delivered_until: now,
            under_way: None,
            spoilt: Vec::new(),
        });
        Some(self.grant(newest, true, now))
    }

    fn exchange(&mut self, token: &str, now: Timestamp) -> Option<Value> {
        let (rotation, successor) = (self.rotation, self.name("refresh"));
        let session = self.session.as_mut()?;
        self.counts.exchanges += 1;
        if session.delivered_until.duration_since(now) > SignedDuration::from_mins(1)
            && session.access.iter().any(|access| access.with == session.delivered)
        {
            self.counts.needless += 1;
        }
        let is_newest = token == session.newest;
        let replaced_at =
            session.before.as_ref().filter(|(before, _)| before == token).map(|(_, at)| *at);
        let given = match (rotation, replaced_at) {
            (Rotation::None, _) if is_newest => Some(session.newest.clone()),
            (Rotation::Grace { .. } | Rotation::ConfirmOnUse | Rotation::Strict, _)
                if is_newest =>
            {
                session.before = Some((token.to_owned(), now));
                session.newest.clone_from(&successor);
                Some(successor)
            }
            (Rotation::Grace { seconds }, Some(at))
                if (0..i64::from(seconds)).contains(&now.duration_since(at).as_secs()) =>
            {
                Some(session.newest.clone())
            }
            (Rotation::ConfirmOnUse, Some(_)) => {
                session.newest.clone_from(&successor);
                Some(successor)
            }
            _ => None,
        };
        match given {
            Some(refresh) => Some(self.grant(refresh, rotation != Rotation::None, now)),
            None => {
                let was_newest_delivered = session.delivered == token;
                self.end(How::Reuse { was_newest_delivered });
                None
            }
        }
    }

    fn grant(&mut self, refresh: String, tell: bool, now: Timestamp) -> Value {
        let token = self.name("access");
        let expires_at = now.saturating_add(self.token_life).unwrap_or(Timestamp::MAX);
        let mut body = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.token_life.as_secs(),
            "scope": "launch/patient offline_access patient/*.rs",
            "patient": super::shelf::PATIENT,
        });
        if tell {
            body["refresh_token"] = refresh.clone().into();
        }
        if let Some(session) = &mut self.session {
            session.access.retain(|access| now < access.expires_at);
            session.access.push(Access { token, expires_at, with: refresh.clone() });
            session.under_way = Some((refresh, expires_at));
        }
        body
    }

    fn end(&mut self, how: How) {
        if let Some(session) = self.session.take() {
            self.ended.push(Ended { how, spoilt: session.spoilt });
        }
    }

    fn name(&mut self, what: &str) -> String {
        self.serial += 1;
        // As long as the tokens of real servers, so that sealed files have a real size.
        format!("{what}-{:0>48}", self.serial)
    }
}

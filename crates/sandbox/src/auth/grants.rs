//! What was granted to whom: clients, sign-ins under way, codes and tokens.
//!
//! In: what the endpoints were asked, and when. Out: codes, tokens or an OAuth error.
//! Never: HTTP, or a clock of its own.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{auth::OAuthError, fhir::access::Access, people::Person};

/// A code works for a minute, as SMART App Launch recommends.
const CODE_LIFE: Duration = Duration::from_secs(60);
/// How long a person may take over the pages.
const SIGN_IN_LIFE: Duration = Duration::from_secs(15 * 60);

/// What happens to a refresh token when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It stays; the answer names no other.
    None,
    /// A new one each time; the old one works on for this long, later use ends the sign-in.
    Grace(Duration),
    /// A new one each time; the old one works until the new tokens are first used.
    ConfirmOnUse,
    /// A new one each time; using an old one ends the whole sign-in (RFC 9700 section 4.14.2).
    Strict,
}

/// What the authorization server looks at. Everything, unless a test says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checks {
    /// It names itself in every redirect, and promises to (RFC 9207).
    pub iss: bool,
    /// It refuses an `aud` that is not its FHIR base.
    pub aud: bool,
    /// The one path that the client known beforehand is sent back to (RFC 9700 section 2.1). `None`: any below `/callback/`.
    pub redirect_path: Option<String>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { iss: true, aud: true, redirect_path: None }
    }
}

/// An app that may ask for access.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) name: String,
    pub(crate) redirects: Redirects,
    /// It came by dynamic registration, so nobody here has vouched for it.
    pub(crate) registered_itself: bool,
}

/// Where an app may be sent back to.
#[derive(Clone)]
pub(crate) enum Redirects {
    /// A loopback address with any port, and a path that begins like this: one of its own for each connection (RFC 8252 section 8.10).
    LoopbackUnder(&'static str),
    /// A loopback address with any port, and exactly this path.
    LoopbackAt(String),
    /// Exactly these; loopback ones with any port (RFC 8252 section 7.3).
    These(Vec<Url>),
}

impl Redirects {
    pub(crate) fn allow(&self, asked: &Url) -> bool {
        match self {
            Self::LoopbackUnder(path) => is_loopback(asked) && asked.path().starts_with(path),
            Self::LoopbackAt(path) => is_loopback(asked) && asked.path() == path,
            Self::These(listed) => listed.iter().any(|one| same_redirect(one, asked)),
        }
    }
}

/// True for `http` to a loopback IP literal; `localhost` is not recommended (RFC 8252 section 8.3).
pub(crate) fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "[::1]"))
}

fn same_redirect(listed: &Url, asked: &Url) -> bool {
    let without_port = |url: &Url| {
        let mut url = url.clone();
        if is_loopback(&url) {
            url.set_port(None).expect("http URLs have a port to take off");
        }
        url
    };
    without_port(listed) == without_port(asked)
}

/// A valid authorization request, waiting for the person.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) client_id: String,
    pub(crate) client: Client,
    /// As the client wrote it; the token request must repeat it to the letter.
    pub(crate) redirect_uri: String,
    pub(crate) scope: String,
    pub(crate) state: String,
    pub(crate) code_challenge: String,
    /// Comes back in the `id_token` (OpenID Connect Core 1.0 section 3.1.2.1).
    pub(crate) nonce: Option<String>,
}

/// A sign-in on the pages.
#[derive(Clone)]
pub(crate) struct SigningIn {
    pub(crate) asked: Asked,
    pub(crate) signed_in: Option<(String, Person)>,
    until: Instant,
}

struct Code {
    asked: Asked,
    access: Access,
    until: Instant,
    /// The grant that came of it; using the code again ends that.
    used_for: Option<u64>,
    used: bool,
}

struct Family {
    client_id: String,
    access: Access,
    offline: bool,
    revoked: bool,
}

struct RefreshToken {
    family: u64,
    /// Since when a younger one replaces it.
    replaced_at: Option<Instant>,
    /// Waiting for the younger one's first use.
    awaits_confirmation: bool,
    dead: bool,
}

struct AccessToken {
    family: u64,
    access: Access,
    until: Instant,
    revoked: bool,
    /// The refresh token whose exchange gave this one; its first use confirms that exchange.
    confirms: Option<String>,
}

/// What a token request gives.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) expires_in: Duration,
    pub(crate) refresh_token: Option<String>,
    pub(crate) access: Access,
    /// The nonce of the sign-in, where this is its first answer.
    pub(crate) nonce: Option<String>,
}

/// Everything the authorization server of one place remembers.
#[derive(Default)]
pub(crate) struct Grants {
    pub(crate) rotation: Option<Rotation>,
    pub(crate) token_life: Duration,
    pub(crate) checks: Checks,
    /// What is asked for and never granted: `offline_access`, or letters of a type, as `Goal.rs`.
    pub(crate) withheld: Vec<String>,
    /// Each `id_token` is made out to another app.
    pub(crate) spoils_identity: bool,
    /// Token requests so far, answered well or not.
    pub(crate) token_requests: u64,
    /// Refresh tokens presented after they had been replaced for good.
    pub(crate) reuse_events: u64,
    /// Every secret that went over the wire, for tests that look where it must not be.
    pub(crate) secrets: Vec<String>,
    clients: HashMap<String, Client>,
    signing_in: HashMap<String, SigningIn>,
    codes: HashMap<String, Code>,
    families: HashMap<u64, Family>,
    refresh: HashMap<String, RefreshToken>,
    access: HashMap<String, AccessToken>,
}

impl Grants {
    pub(crate) fn with_habits(rotation: Rotation, token_life: Duration) -> Self {
        Self { rotation: Some(rotation), token_life, ..Self::default() }
    }

    pub(crate) fn find_client(&self, id: &str) -> Option<&Client> {
        self.clients.get(id)
    }

    pub(crate) fn add_client(&mut self, client: Client) -> String {
        let id = make_secret();
        self.clients.insert(id.clone(), client);
        id
    }

    /// Opens the pages for a request; the name returned stands in their forms.
    pub(crate) fn begin_sign_in(&mut self, asked: Asked, now: Instant) -> String {
        self.signing_in.retain(|_, signing_in| signing_in.until > now);
        let name = make_secret();
        self.signing_in
            .insert(name.clone(), SigningIn { asked, signed_in: None, until: now + SIGN_IN_LIFE });
        name
    }

    pub(crate) fn find_sign_in(&self, name: &str, now: Instant) -> Option<SigningIn> {
        self.signing_in.get(name).filter(|signing_in| signing_in.until > now).cloned()
    }

    pub(crate) fn note_person(&mut self, name: &str, person: (String, Person)) {
        if let Some(signing_in) = self.signing_in.get_mut(name) {
            signing_in.signed_in = Some(person);
        }
    }

    /// Ends the pages of this sign-in; a second decision finds nothing.
    pub(crate) fn end_sign_in(&mut self, name: &str) {
        self.signing_in.remove(name);
    }

    pub(crate) fn issue_code(&mut self, asked: Asked, access: Access, now: Instant) -> String {
        let code = make_secret();
        let until = now + CODE_LIFE;
        self.secrets.push(code.clone());
        self.codes.insert(code.clone(), Code { asked, access, until, used_for: None, used: false });
        code
    }

    /// Exchanges a code, RFC 6749 section 4.1.3 and RFC 7636 section 4.6.
    pub(crate) fn redeem_code(
        &mut self,
        code: &str,
        client_id: &str,
        redirect_uri: &str,
        verifier: &str,
        now: Instant,
    ) -> Result<Issued, OAuthError> {
        let invalid = |why| OAuthError::new("invalid_grant", why);
        self.secrets.push(verifier.to_owned());
        let found = self.codes.get_mut(code).ok_or(invalid("There is no such code."))?;
        if found.used {
            if let Some(family) = found.used_for {
                self.revoke_family(family);
            }
            return Err(invalid("The code was used before."));
        }
        found.used = true;
        if found.until <= now {
            return Err(invalid("The code has expired."));
        }
        if found.asked.client_id != client_id || found.asked.redirect_uri != redirect_uri {
            return Err(invalid("The code belongs to another client or redirect."));
        }
        if make_challenge(verifier) != found.asked.code_challenge {
            return Err(invalid("The code verifier does not match."));
        }
        let access = found.access.clone();
        let offline = access.scope.is_offline();
        let number = self.families.len() as u64;
        self.families.insert(
            number,
            Family {
                client_id: client_id.to_owned(),
                access: access.clone(),
                offline,
                revoked: false,
            },
        );
        let code = self.codes.get_mut(code).expect("found above");
        code.used_for = Some(number);
        let nonce = code.asked.nonce.clone();
        Ok(Issued { nonce, ..self.issue_tokens(number, access, None, now) })
    }

    /// Exchanges a refresh token, RFC 6749 section 6.
    pub(crate) fn exchange_refresh_token(
        &mut self,
        token: &str,
        client_id: &str,
        narrower: Option<&str>,
        now: Instant,
    ) -> Result<Issued, OAuthError> {
        let invalid = || OAuthError::new("invalid_grant", "The refresh token does not work.");
        let found = self.refresh.get(token).ok_or_else(invalid)?;
        let (number, dead, replaced_at) = (found.family, found.dead, found.replaced_at);
        let family = self.families.get(&number).ok_or_else(invalid)?;
        if family.client_id != client_id || family.revoked {
            return Err(invalid());
        }
        let mut access = family.access.clone();
        if let Some(narrower) = narrower {
            access.scope = access.scope.narrow(narrower).ok_or(OAuthError::new(
                "invalid_scope",
                "A refresh cannot ask for more than was granted.",
            ))?;
        }
        let rotation = self.rotation.unwrap_or(Rotation::None);
        let too_late = match (rotation, replaced_at) {
            (_, None) | (Rotation::None, Some(_)) => false,
            (Rotation::Grace(grace), Some(at)) => now >= at + grace,
            (Rotation::ConfirmOnUse, Some(_)) => dead,
            (Rotation::Strict, Some(_)) => true,
        };
        if too_late {
            self.reuse_events += 1;
            if rotation != Rotation::ConfirmOnUse {
                self.revoke_family(number);
            }
            return Err(invalid());
        }
        if dead {
            return Err(invalid());
        }
        self.confirm_exchange(token);
        Ok(self.issue_tokens(number, access, Some((token, rotation)), now))
    }

    fn issue_tokens(
        &mut self,
        number: u64,
        access: Access,
        exchanged: Option<(&str, Rotation)>,
        now: Instant,
    ) -> Issued {
        let offline = self.families.get(&number).is_some_and(|family| family.offline);
        let rotated = exchanged.filter(|(_, rotation)| *rotation != Rotation::None);
        let refresh_token =
            (offline && (exchanged.is_none() || rotated.is_some())).then(make_secret);
        if let Some(young) = &refresh_token {
            let awaits_confirmation = rotated.is_some();
            let token = RefreshToken {
                family: number,
                replaced_at: None,
                awaits_confirmation,
                dead: false,
            };
            self.refresh.insert(young.clone(), token);
        }
        if let Some(old) = rotated.and_then(|(old, _)| self.refresh.get_mut(old)) {
            old.replaced_at.get_or_insert(now);
        }
        let access_token = make_secret();
        self.secrets.extend(refresh_token.iter().chain([&access_token]).cloned());
        self.access.insert(
            access_token.clone(),
            AccessToken {
                family: number,
                access: access.clone(),
                until: now + self.token_life,
                revoked: false,
                confirms: rotated.and(refresh_token.clone()),
            },
        );
        Issued { access_token, expires_in: self.token_life, refresh_token, access, nonce: None }
    }

    /// The first use of a young refresh token, or of the access token that came with it, ends its elders.
    fn confirm_exchange(&mut self, young: &str) {
        let Some(token) = self.refresh.get_mut(young) else {
            return;
        };
        if !std::mem::take(&mut token.awaits_confirmation) {
            return;
        }
        if self.rotation != Some(Rotation::ConfirmOnUse) {
            return;
        }
        let family = token.family;
        let elders = self.refresh.values_mut();
        for elder in elders.filter(|elder| elder.family == family && elder.replaced_at.is_some()) {
            elder.dead = true;
        }
    }

    /// What the bearer of this access token may do, if it still works.
    pub(crate) fn find_access(&mut self, token: &str, now: Instant) -> Option<Access> {
        let found = self.access.get(token)?;
        let alive = found.until > now && !found.revoked;
        if !alive || self.families.get(&found.family).is_none_or(|family| family.revoked) {
            return None;
        }
        let (access, confirms) = (found.access.clone(), found.confirms.clone());
        if let Some(young) = confirms {
            self.confirm_exchange(&young);
        }
        Some(access)
    }

    /// Ends a token of this client, RFC 7009: a refresh token takes its whole grant with it.
    pub(crate) fn revoke(&mut self, token: &str, client_id: &str) {
        let belongs = |families: &HashMap<u64, Family>, number: &u64| {
            families.get(number).is_some_and(|family| family.client_id == client_id)
        };
        if let Some(found) = self.refresh.get(token) {
            let number = found.family;
            if belongs(&self.families, &number) {
                self.revoke_family(number);
            }
        } else if let Some(found) = self.access.get_mut(token)
            && belongs(&self.families, &found.family)
        {
            found.revoked = true;
        }
    }

    fn revoke_family(&mut self, number: u64) {
        if let Some(family) = self.families.get_mut(&number) {
            family.revoked = true;
        }
    }

    pub(crate) fn expire_access_tokens(&mut self, now: Instant) {
        for token in self.access.values_mut() {
            token.until = now;
        }
    }

    pub(crate) fn kill_refresh_tokens(&mut self) {
        for token in self.refresh.values_mut() {
            token.dead = true;
        }
    }

    /// How many grants have working refresh tokens.
    pub(crate) fn count_live_grants(&self) -> usize {
        let live = |(number, family): &(&u64, &Family)| {
            !family.revoked
                && self.refresh.values().any(|token| token.family == **number && !token.dead)
        };
        self.families.iter().filter(live).count()
    }
}

/// The S256 challenge of a verifier, RFC 7636 section 4.2.
pub(crate) fn make_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// 256 random bits, as text that fits in a URL.
pub(crate) fn make_secret() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    URL_SAFE_NO_PAD.encode(bytes)
}

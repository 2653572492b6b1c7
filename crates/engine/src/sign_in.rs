//! Signing in, from the confirmation to the first lists.
//!
//! What must survive the process is sealed before the browser opens; what a page may know is in [`Attempt`].

mod adopt;
mod keep;
mod wait;

use std::sync::Arc;

use handrail_contract::{
    Problem,
    place::{Role, SourceId},
    problem::Refusal,
    sign_in::{AttemptId, SignIn, Stage},
    today::WaitingSignIn,
    words::{Icon, Note, Phrase, Tone},
};
use handrail_core::{
    authorize::{
        self, Grant, IdTokenError, PendingSignIn, SmartTokenResponse, read_fhir_user, read_grant,
        redirect_path,
    },
    connect::{Server, Trust, choose_scopes},
    scan::Invitation,
    token::AuthorizationCode,
    vault::Record,
    view,
};
use tokio::sync::Notify;
use url::Url;

use crate::{
    check::Which,
    engine::Engine,
    oauth::{self, TokenError},
    ports::{Opened, Redirects, Slot, VaultError},
};

/// Sign-ins that a page may still ask about. An app that runs for a year must not remember each of them.
const REMEMBERED: usize = 16;

/// One sign-in of this process, as far as a page may know it.
#[derive(Clone)]
pub struct Attempt {
    page: SignIn,
    /// The sign-in page, to show it again. Never leaves the engine but to the browser.
    address: Option<Url>,
    stop: Arc<Notify>,
}

impl Attempt {
    /// The place has said where its sign-in page is.
    fn point_at(&mut self, address: Url, server: &Server) {
        self.address = Some(address);
        self.page.host = browser_host(&server.authorization_endpoint);
        let is_foreign = server.trust == Trust::Unlisted && server.two_hosts.is_some();
        self.page.host_note = is_foreign.then(|| Note {
            tone: Tone::Turn,
            icon: Icon::CircleQuestionMark,
            heading: Phrase::new("two-hosts-heading"),
            body: Phrase::new("two-hosts-body")
                .with("place", &*server.base.host())
                .with("page", &*self.page.host),
        });
    }
}

/// Whom the sign-in is for: a new place, or one that is connected already.
struct Purpose {
    invitation: Invitation,
    role: Role,
    again: Option<SourceId>,
    /// The path of the redirect address that the place knows from the last time.
    path: Option<String>,
}

impl Engine {
    /// Starts a sign-in at a place that the person confirmed. Nothing was sent to it before.
    pub(crate) async fn begin_sign_in(
        &self,
        invitation: Invitation,
        role: Role,
    ) -> Result<SignIn, Problem> {
        self.adopt_connections().await;
        let sources = self.records(|records| records.sources()).await?;
        let known = sources
            .into_iter()
            .find(|source| source.base == invitation.fhir_base && source.role == role);
        let again = known.map(|source| source.id);
        let path = match &again {
            Some(id) => self.load_record(&Slot::connection(id)).await.ok().map(path_of),
            None => None,
        };
        Ok(self.start(Purpose { invitation, role, again, path }))
    }

    /// Starts a sign-in at a place that is connected already.
    pub(crate) async fn sign_in_again(&self, source: &SourceId) -> Result<SignIn, Problem> {
        let id = source.clone();
        let sources = self.records(|records| records.sources()).await?;
        let source = sources.into_iter().find(|source| source.id == id).ok_or(Problem::Gone)?;
        let again = Some(source.id.clone());
        let purpose = match self.load_record(&Slot::connection(&source.id)).await {
            Ok(record) => Purpose {
                invitation: record.invitation.clone(),
                role: record.role,
                again,
                path: Some(path_of(record)),
            },
            // It was left, or its file is damaged: all that is needed stands in the records too.
            Err(_) => Purpose {
                invitation: Invitation {
                    fhir_base: source.base,
                    name: Some(source.name),
                    client_id: None,
                },
                role: source.role,
                again,
                path: None,
            },
        };
        Ok(self.start(purpose))
    }

    /// Takes up the sign-ins that an earlier process of this app left waiting in the browser.
    pub async fn resume_sign_ins(&self) {
        self.adopt_connections().await;
        let Ok(Ok(slots)) = self.blocking(|ports| ports.vault.slots()).await else { return };
        for attempt in slots.iter().filter_map(Slot::attempt) {
            let slot = Slot::pending(&attempt);
            let loaded = {
                let slot = slot.clone();
                self.blocking(move |ports| ports.vault.load(&slot)).await
            };
            let pending = match loaded {
                Ok(Ok(Some(bytes))) => PendingSignIn::from_bytes(&bytes).ok(),
                _ => None,
            };
            let live = pending.filter(|pending| self.now() < pending.expires_at());
            let Some(pending) = live else {
                self.forget_pending(&attempt).await;
                continue;
            };
            let path = pending.redirect_uri.path().to_owned();
            // Another process of ours may still be listening there; then the redirect is its own.
            if let Ok(redirects) =
                self.0.ports.browser.expect_redirects(&path, pending.redirect_uri.port()).await
            {
                let name = pending.server.name.clone();
                let host = browser_host(&pending.server.authorization_endpoint);
                let stop = self.register(&attempt, name, host);
                // The page may have come back while no process lived; then the person opens it once more.
                if let Some(known) = self.attempts().get_mut(&attempt) {
                    known.point_at(pending.write_address(), &pending.server);
                }
                self.set_stage(
                    &attempt,
                    Stage::InBrowser { open: None, until: pending.expires_at().to_string() },
                );
                let engine = self.clone();
                tokio::spawn(async move {
                    let outcome = engine.finish(&attempt, pending, redirects, &stop).await;
                    engine.conclude(&attempt, outcome);
                });
            }
        }
    }

    pub(crate) fn show_sign_in(&self, attempt: &AttemptId) -> Result<SignIn, Problem> {
        self.attempts().get(attempt).map(|known| known.page.clone()).ok_or(Problem::Gone)
    }

    /// The sign-in that waits in the browser, if one does.
    pub(crate) fn waiting_sign_in(&self) -> Option<WaitingSignIn> {
        let attempts = self.attempts();
        let waits = |known: &&Attempt| matches!(known.page.stage, Stage::InBrowser { .. });
        attempts.values().find(waits).map(|known| WaitingSignIn {
            attempt: known.page.attempt.clone(),
            note: Note {
                tone: Tone::Turn,
                icon: Icon::LogIn,
                heading: Phrase::new("waiting-sign-in-heading").with("name", &*known.page.name),
                body: Phrase::new("waiting-sign-in-body"),
            },
        })
    }

    pub(crate) async fn reopen_browser(&self, attempt: &AttemptId) -> Result<SignIn, Problem> {
        let address = self.attempts().get(attempt).ok_or(Problem::Gone)?.address.clone();
        if let Some(address) = address
            && self.0.ports.browser.open(attempt, &address).await.is_err()
        {
            return Err(Problem::Refused { reason: Refusal::NoBrowser });
        }
        self.show_sign_in(attempt)
    }

    pub(crate) fn cancel_sign_in(&self, attempt: &AttemptId) -> Result<SignIn, Problem> {
        let stop = self.attempts().get(attempt).ok_or(Problem::Gone)?.stop.clone();
        stop.notify_one();
        self.show_sign_in(attempt)
    }

    fn start(&self, purpose: Purpose) -> SignIn {
        let attempt = AttemptId(self.random_name());
        let base = &purpose.invitation.fhir_base;
        let listed = self.0.registry.row(base).map(|row| row.name.clone());
        let name =
            listed.or_else(|| purpose.invitation.name.clone()).unwrap_or_else(|| base.host());
        let stop = self.register(&attempt, name, base.host());
        let engine = self.clone();
        let id = attempt.clone();
        tokio::spawn(async move {
            let outcome = engine.run(&id, purpose, &stop).await;
            engine.conclude(&id, outcome);
        });
        // The entry was made above, so it is there.
        self.show_sign_in(&attempt).unwrap_or_else(|_| SignIn {
            attempt,
            name: String::new(),
            host: String::new(),
            host_note: None,
            stage: Stage::Preparing,
        })
    }

    fn register(&self, attempt: &AttemptId, name: String, host: String) -> Arc<Notify> {
        let stop = Arc::new(Notify::new());
        let page = SignIn {
            attempt: attempt.clone(),
            name,
            host,
            host_note: None,
            stage: Stage::Preparing,
        };
        let known = Attempt { page, address: None, stop: stop.clone() };
        let mut attempts = self.attempts();
        if attempts.len() >= REMEMBERED {
            attempts.retain(|_, known| !has_ended(&known.page.stage));
        }
        attempts.insert(attempt.clone(), known);
        stop
    }

    async fn run(
        &self,
        attempt: &AttemptId,
        purpose: Purpose,
        stop: &Notify,
    ) -> Result<(), Refusal> {
        let prepared = tokio::select! {
            prepared = self.prepare(attempt, purpose) => prepared?,
            () = stop.notified() => return Err(Refusal::Cancelled),
        };
        let (pending, redirects, address) = prepared;
        if let Some(known) = self.attempts().get_mut(attempt) {
            known.point_at(address.clone(), &pending.server);
        }
        let opened = self.0.ports.browser.open(attempt, &address).await;
        let open = match opened {
            Ok(Opened::Shown) => None,
            Ok(Opened::Offer(path)) => Some(path),
            Err(_) => {
                self.forget_pending(attempt).await;
                return Err(Refusal::NoBrowser);
            }
        };
        self.set_stage(attempt, Stage::InBrowser { open, until: pending.expires_at().to_string() });
        self.finish(attempt, pending, redirects, stop).await
    }

    /// Everything before the browser opens. The pending sign-in is sealed last.
    async fn prepare(
        &self,
        attempt: &AttemptId,
        purpose: Purpose,
    ) -> Result<(PendingSignIn, Redirects, Url), Refusal> {
        let Purpose { invitation, role, again, path } = purpose;
        let server = self.discover(&invitation).await?;
        let path = path.unwrap_or_else(|| redirect_path(&invitation.fhir_base));
        let redirects = self
            .0
            .ports
            .browser
            .expect_redirects(&path, None)
            .await
            .map_err(|_| Refusal::NoBrowser)?;
        let redirect_uri = redirects.redirect_uri.clone();
        // Asked anew each time: a place may have forgotten an app that introduced itself long ago.
        let client_id = self.introduce(&server, &invitation, &redirect_uri).await?;
        let scopes = choose_scopes(&server, self.0.registry.row(&invitation.fhir_base), role);
        let (pending, address) = authorize::begin(
            attempt.clone(),
            invitation,
            server,
            client_id,
            redirect_uri,
            role,
            scopes,
            again,
            self.random(),
            self.now(),
        );
        let (slot, bytes) = (Slot::pending(attempt), pending.to_bytes());
        self.blocking(move |ports| ports.vault.save(&slot, &bytes))
            .await
            .map_err(|_| Refusal::KeyTrouble)?
            .map_err(|error| vault_refusal(&error))?;
        Ok((pending, redirects, address))
    }

    /// Everything after the browser opened, in this process or a later one.
    async fn finish(
        &self,
        attempt: &AttemptId,
        pending: PendingSignIn,
        redirects: Redirects,
        stop: &Notify,
    ) -> Result<(), Refusal> {
        let code = tokio::select! {
            code = self.wait_for_code(attempt, &pending, redirects) => code,
            () = stop.notified() => Err(Refusal::Cancelled),
        };
        // Used once: whoever removes the slot may go on, and nobody after it.
        let first = self.forget_pending(attempt).await;
        let code = code?;
        if !first {
            return Err(Refusal::DidNotMatch);
        }
        self.set_stage(attempt, Stage::Exchanging);
        let exchanging = self.begin_exchange();
        let grant = self.exchange_code(&pending, &code).await?;
        let source = self.keep_connection(pending, grant).await?;
        drop(exchanging);
        self.set_stage(attempt, Stage::Fetching { source: source.clone() });
        // The connection stands, whatever the first look brings; what it left out is on the place's page.
        if let Err(problem) = self.check(Which::One(source.clone())).await {
            tracing::warn!(target: "fetch", %problem, "the first look failed");
        }
        let of = source.clone();
        let found = self.list(move |shelf, now, zone| view::found(shelf, &of, now, zone)).await;
        match found.ok().flatten() {
            Some(found) => self.set_stage(attempt, Stage::Connected { source, found }),
            None => return Err(Refusal::CannotSave),
        }
        Ok(())
    }

    async fn exchange_code(
        &self,
        pending: &PendingSignIn,
        code: &AuthorizationCode,
    ) -> Result<Grant, Refusal> {
        let answer = oauth::exchange_code(
            &self.0.ports.http,
            &pending.server,
            &pending.client_id,
            &pending.redirect_uri,
            code,
            &pending.verifier,
            self.now(),
        )
        .await;
        let response = answer.map_err(|error| match error {
            TokenError::NotSent | TokenError::Busy { .. } => Refusal::NoAnswer,
            TokenError::InvalidGrant => Refusal::Declined,
            TokenError::Ambiguous | TokenError::Odd => Refusal::PlaceFailed,
        })?;
        let grant = read_grant(&response, &pending.scopes, pending.role, self.now())?;
        let is_granted = grant.granted.iter().any(|scope| scope == "openid");
        if !pending.asks_who() || !is_granted {
            return Ok(grant);
        }
        Ok(Grant { fhir_user: Some(self.learn_who(pending, &response).await?), ..grant })
    }

    /// Who signed in. Where it was asked for and granted, a sign-in without a good answer ends.
    async fn learn_who(
        &self,
        pending: &PendingSignIn,
        response: &SmartTokenResponse,
    ) -> Result<String, Refusal> {
        let keys = self.fetch_keys(&pending.server).await?;
        let token = response.id_token().ok_or(IdTokenError::Missing);
        token.and_then(|token| read_fhir_user(token, &keys, pending, self.now())).map_err(|error| {
            tracing::warn!(target: "authorize", %error, "nobody is vouched for");
            Refusal::DidNotMatch
        })
    }

    /// Removes a pending sign-in; true for the one who did.
    async fn forget_pending(&self, attempt: &AttemptId) -> bool {
        let slot = Slot::pending(attempt);
        matches!(self.blocking(move |ports| ports.vault.remove(&slot)).await, Ok(Ok(true)))
    }

    fn set_stage(&self, attempt: &AttemptId, stage: Stage) {
        if let Some(known) = self.attempts().get_mut(attempt) {
            known.page.stage = stage;
        }
        self.announce_change();
    }

    fn conclude(&self, attempt: &AttemptId, outcome: Result<(), Refusal>) {
        if let Err(reason) = outcome {
            tracing::info!(target: "authorize", reason = reason.code(), "a sign-in ended without a connection");
            self.set_stage(attempt, Stage::Refused { reason, note: refusal_note(reason) });
        }
        if let Some(known) = self.attempts().get_mut(attempt) {
            known.address = None;
        }
    }
}

fn has_ended(stage: &Stage) -> bool {
    match stage {
        Stage::Connected { .. } | Stage::Refused { .. } => true,
        Stage::Preparing | Stage::InBrowser { .. } | Stage::Exchanging | Stage::Fetching { .. } => {
            false
        }
    }
}

/// The note for a refusal: its texts stand under its code.
pub fn refusal_note(reason: Refusal) -> Note {
    let code = reason.code();
    Note {
        tone: Tone::Turn,
        icon: Icon::CircleAlert,
        heading: Phrase::new(&format!("refused-{code}-heading")),
        body: Phrase::new(&format!("refused-{code}-body")),
    }
}

fn vault_refusal(error: &VaultError) -> Refusal {
    match error {
        VaultError::CannotWrite(_) => Refusal::CannotSave,
        VaultError::WrongKey
        | VaultError::Locked
        | VaultError::Damaged
        | VaultError::Newer
        | VaultError::Busy
        | VaultError::Failed(_) => Refusal::KeyTrouble,
    }
}

fn path_of(record: Record) -> String {
    record.redirect_uri.path().to_owned()
}

fn browser_host(page: &Url) -> String {
    let host = page.host_str().unwrap_or_default();
    page.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

//! Signing in, from the confirmation to the first lists.
//!
//! What must survive the process is sealed before the browser opens; what a page may know is in [`Attempt`].

mod adopt;

use std::{sync::Arc, time::Duration};

use handrail_contract::{
    Problem,
    place::{ConnectionState, Role, SourceId},
    problem::Refusal,
    sign_in::{AttemptId, SignIn, Stage},
    words::{Icon, Note, Phrase, Tone},
};
use handrail_core::{
    authorize::{self, Grant, LIFETIME, PendingSignIn, read_grant, read_redirect},
    connect::choose_scopes,
    scan::Invitation,
    session::Source,
    token::AuthorizationCode,
    vault::Record,
    view,
};
use jiff::Timestamp;
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
            stage: Stage::Preparing,
        })
    }

    fn register(&self, attempt: &AttemptId, name: String, host: String) -> Arc<Notify> {
        let stop = Arc::new(Notify::new());
        let page = SignIn { attempt: attempt.clone(), name, host, stage: Stage::Preparing };
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
            known.address = Some(address.clone());
            known.page.host = browser_host(&pending.server.authorization_endpoint);
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
        let path = path.unwrap_or_else(|| format!("/callback/{}", self.random_name()));
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
        let grant = self.exchange_code(&pending, &code).await?;
        let source = self.keep_connection(pending, grant).await?;
        self.set_stage(attempt, Stage::Fetching { source: source.clone() });
        // The connection stands, whatever the first look brings; what it left out is on the place's page.
        if let Err(problem) = self.check(Which::One(source.clone())).await {
            tracing::warn!(target: "fetch", %problem, "the first look failed");
        }
        let (shelf, clock) = (self.shelf(source.clone()).await, &self.0.ports.clock);
        let found = shelf
            .ok()
            .and_then(|shelf| view::found(&shelf, &source, clock.now(), &clock.time_zone()));
        match found {
            Some(found) => self.set_stage(attempt, Stage::Connected { source, found }),
            None => return Err(Refusal::CannotSave),
        }
        Ok(())
    }

    async fn wait_for_code(
        &self,
        attempt: &AttemptId,
        pending: &PendingSignIn,
        mut redirects: Redirects,
    ) -> Result<AuthorizationCode, Refusal> {
        loop {
            let left = pending.expires_at().duration_since(self.now());
            let left = Duration::try_from(left).unwrap_or_default().min(LIFETIME);
            let redirected = match tokio::time::timeout(left, redirects.incoming.recv()).await {
                Ok(Some(redirected)) => redirected,
                Ok(None) => return Err(Refusal::NoBrowser),
                Err(_) => return Err(Refusal::TookTooLong),
            };
            match read_redirect(&redirected.url, pending, self.now()) {
                Ok(code) => {
                    let _ = redirected.taken.send(true);
                    return Ok(code);
                }
                Err(error) => {
                    let refusal = error.refusal();
                    let _ = redirected.taken.send(refusal == Some(Refusal::Declined));
                    match refusal {
                        Some(refusal) => return Err(refusal),
                        None => {
                            tracing::info!(target: "authorize", attempt = attempt.0, "a foreign redirect was ignored")
                        }
                    }
                }
            }
        }
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
        read_grant(&response, &pending.scopes, pending.role, self.now())
    }

    /// Seals the tokens, then notes the connection. An earlier one is updated in place.
    async fn keep_connection(
        &self,
        pending: PendingSignIn,
        grant: Grant,
    ) -> Result<SourceId, Refusal> {
        let sources =
            self.records(|records| records.sources()).await.map_err(|_| Refusal::CannotSave)?;
        let known =
            pending.again.as_ref().and_then(|id| sources.iter().find(|source| source.id == *id));
        if let Some(known) = known
            && known.patient.is_some()
            && known.patient != grant.patient
        {
            return Err(Refusal::AnotherPerson);
        }
        let id = known.map_or_else(|| SourceId(self.random_name()), |source| source.id.clone());
        let record = Record::first(
            id.clone(),
            pending.invitation,
            pending.server,
            pending.client_id,
            pending.redirect_uri,
            pending.role,
            pending.scopes,
            grant,
        );
        let mut source = describe_connection(&record, &sources, self.now());
        if let Some(known) = known {
            source.hue = known.hue;
            source.connected_at = known.connected_at;
            source.last_success_at = known.last_success_at;
            source.skipped.clone_from(&known.skipped);
            source.cursors.clone_from(&known.cursors);
            source.rest.clone_from(&known.rest);
        }
        let slot = Slot::connection(&id);
        let gate = self.gate(&id);
        let mut turn = gate.lock().await;
        turn.forget();
        let bytes = record.to_bytes();
        // The lock is held until the connection is listed, so that nobody takes it for one left behind.
        let (listed, before) = self
            .blocking(move |ports| {
                let _lock = ports.vault.lock(&slot, Duration::from_secs(5))?;
                // What cannot be read cannot be ended either.
                let before = ports.vault.load(&slot).ok().flatten();
                ports.vault.save(&slot, &bytes)?;
                Ok((ports.records.put_source(&source), before))
            })
            .await
            .map_err(|_| Refusal::KeyTrouble)?
            .map_err(|error| vault_refusal(&error))?;
        listed.map_err(|_| Refusal::CannotSave)?;
        // After the new tokens are sealed, so that no crash between the two ends a session that is still the only one.
        let before = before.and_then(|bytes| Record::from_bytes(&bytes).ok());
        if let Some(ended) = before.and_then(|old| old.to_end_after(&record, self.now())) {
            self.queue_revocation(&ended).await;
        }
        Ok(id)
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

/// A connection that was just made, as its record tells it.
fn describe_connection(record: &Record, others: &[Source], now: Timestamp) -> Source {
    Source {
        id: record.source.clone(),
        name: record.server.name.clone(),
        base: record.server.base.clone(),
        role: record.role,
        hue: next_hue(others),
        patient: record.patient.clone(),
        fhir_user: None,
        organizations: Vec::new(),
        granted: record.granted.clone(),
        state: ConnectionState::Connected,
        connected_at: now,
        last_success_at: None,
        next_due_at: None,
        failures: 0,
        signs_in_each_time: record.refresh.is_none(),
        left_at: None,
        skipped: Vec::new(),
        cursors: Default::default(),
        rest: Default::default(),
    }
}

/// Hues go round; a freed one is taken again first.
fn next_hue(sources: &[Source]) -> u8 {
    let free = (1..=6).find(|hue| sources.iter().all(|source| source.hue != *hue));
    free.unwrap_or_else(|| u8::try_from(sources.len() % 6).unwrap_or_default() + 1)
}

fn browser_host(page: &Url) -> String {
    let host = page.host_str().unwrap_or_default();
    page.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

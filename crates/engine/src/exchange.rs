//! One access token for one connection: locks, disk and wire around the core's [`Demand`].

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use handrail_contract::{place::SourceId, problem::Refusal};
use handrail_core::{
    authorize::renew,
    refresh::{Action, Demand, Outcome, Resting, Want},
    token::{AccessToken, RefreshToken},
    vault::{FormatError, Record},
};
use jiff::Timestamp;
use tokio::time::timeout;

use crate::{
    engine::Engine,
    oauth,
    ports::{Slot, VaultError},
};

/// How long a caller waits for another process that is exchanging right now. On a busy machine too, with the last try,
/// it has its answer within five seconds.
pub(crate) const LOCK_PATIENCE: Duration = Duration::from_millis(4_500);

/// How long the end of a process waits for tokens that are on their way. With a turn it is what phones give a background
/// task: 30 s.
const SEALING: Duration = Duration::from_secs(5);

/// A token, and which pair it belongs to.
#[derive(Debug)]
pub struct Token {
    pub access: AccessToken,
    pub generation: u64,
    pub record: Record,
}

/// What the gate of a connection keeps for those who wait at it: the outcome of the one who went first.
#[derive(Default)]
pub(crate) struct Turn(Option<Sealed>);

struct Sealed {
    record: Record,
    /// When the lock had just been let go.
    seen_at: Instant,
}

impl Turn {
    /// The session is another one from here on, or none.
    pub fn forget(&mut self) {
        self.0 = None;
    }

    /// A token that was sealed while this caller waited. It is as good as one it would fetch from the disk now.
    fn take_result(&self, want: Want, asked_at: Instant, now: Timestamp) -> Option<Token> {
        let sealed = self.0.as_ref().filter(|sealed| sealed.seen_at >= asked_at)?;
        let (demand, action) = Demand::start(sealed.record.clone(), want, now);
        let Action::Use(access) = action else { return None };
        let record = demand.into_record();
        Some(Token { access, generation: record.generation, record })
    }
}

/// Tokens are being exchanged, as long as this lives.
pub(crate) struct Exchanging(Engine);

impl Drop for Exchanging {
    fn drop(&mut self) {
        self.0.exchanges().send_modify(|count| *count -= 1);
    }
}

/// Why there is no token.
#[derive(Debug)]
pub enum NoToken {
    /// Only the person can mend it.
    SignedOut,
    /// The place is away, or busy.
    Resting(Resting),
    /// The vault refuses.
    Vault(VaultError),
    /// A later version of the app sealed it. Nothing is touched.
    Newer,
    /// Our own bug.
    Ours(&'static str),
}

impl From<VaultError> for NoToken {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl Engine {
    /// A token that works. At most one exchange a connection is under way, in this process and in all others.
    ///
    /// The exchange runs in a task of its own: a caller that goes away does not tear it in two.
    pub(crate) async fn demand_token(
        &self,
        source: &SourceId,
        want: Want,
    ) -> Result<Token, NoToken> {
        let (engine, source, asked_at) = (self.clone(), source.clone(), Instant::now());
        let under_way = self.begin_exchange();
        tokio::spawn(async move {
            let _under_way = under_way;
            let gate = engine.gate(&source);
            let mut turn = gate.lock().await;
            if let Some(token) = turn.take_result(want, asked_at, engine.now()) {
                return Ok(token);
            }
            // Callers that queued here have waited for the other process together, not one after the other.
            let patience = LOCK_PATIENCE.saturating_sub(asked_at.elapsed());
            let outcome = engine.exchange_under_lock(&source, want, patience).await;
            // The map has one, we have one; whoever has another waits for its turn.
            let others_wait = Arc::strong_count(&gate) > 2;
            turn.0 = outcome
                .as_ref()
                .ok()
                .filter(|_| others_wait)
                .map(|token| Sealed { record: token.record.clone(), seen_at: Instant::now() });
            outcome
        })
        .await
        .unwrap_or(Err(NoToken::Ours("a token demand panicked")))
    }

    /// Says that tokens are being exchanged, until it is dropped: after they are sealed.
    pub(crate) fn begin_exchange(&self) -> Exchanging {
        self.exchanges().send_modify(|count| *count += 1);
        Exchanging(self.clone())
    }

    /// Whether tokens are being exchanged right now: a process that ends now may lose what a server gives.
    pub fn is_exchanging(&self) -> bool {
        *self.exchanges().borrow() > 0
    }

    /// Waits until no tokens are being exchanged, before the process ends: for 5 s at most. What takes longer counts as
    /// cut off, as by a crash (docs/adr/0011).
    pub async fn finish_exchanges(&self) {
        let mut exchanges = self.exchanges().subscribe();
        // The sender is the engine's, which is here.
        if timeout(SEALING, exchanges.wait_for(|count| *count == 0)).await.is_err() {
            tracing::warn!(target: "refresh", "the end came in the middle of an exchange");
        }
    }

    async fn exchange_under_lock(
        &self,
        source: &SourceId,
        want: Want,
        patience: Duration,
    ) -> Result<Token, NoToken> {
        let slot = Slot::connection(source);
        let _lock = {
            let slot = slot.clone();
            self.blocking(move |ports| ports.vault.lock(&slot, patience)).await.map_err(ours)??
        };
        let (mut demand, mut action) = {
            let record = self.load_record(&slot).await?;
            Demand::start(record, want, self.now())
        };
        loop {
            action = match action {
                Action::Use(access) => {
                    let record = demand.into_record();
                    return Ok(Token { access, generation: record.generation, record });
                }
                Action::SealThenSend(record, refresh) => {
                    self.seal(&slot, &record).await?;
                    let outcome = self.send(&record, &refresh).await;
                    demand.took(outcome, self.now())
                }
                Action::SendAgain(refresh, pause) => {
                    if !pause.is_zero() {
                        tokio::time::sleep(pause).await;
                    }
                    let record = self.load_record(&slot).await?;
                    let outcome = self.send(&record, &refresh).await;
                    demand.took(outcome, self.now())
                }
                Action::Reload => {
                    let record = self.load_record(&slot).await?;
                    demand.reloaded(record, self.now())
                }
                Action::SealThenUse(record, access) => {
                    self.seal_stubbornly(&slot, &record).await?;
                    let generation = record.generation;
                    return Ok(Token { access, generation, record: *record });
                }
                Action::SealThenRest(record, why) => {
                    self.seal(&slot, &record).await?;
                    return Err(NoToken::Resting(why));
                }
                Action::Rest(why) => return Err(NoToken::Resting(why)),
                Action::SealThenAskToSignIn(record) => {
                    self.seal(&slot, &record).await?;
                    return Err(NoToken::SignedOut);
                }
                Action::AskToSignIn => return Err(NoToken::SignedOut),
            };
        }
    }

    async fn send(&self, record: &Record, refresh: &RefreshToken) -> Outcome {
        let answer = oauth::exchange_refresh_token(
            &self.0.ports.http,
            &record.server,
            &record.client_id,
            &record.redirect_uri,
            refresh,
            self.now(),
        )
        .await;
        let response = match answer {
            Ok(response) => response,
            Err(error) => return error.outcome(),
        };
        match renew(record.patient.as_deref(), &record.granted, &response, self.now()) {
            Ok(grant) => Outcome::Granted(grant),
            // Tokens for another person are never used; only the person can say what happened.
            Err(Refusal::AnotherPerson) => Outcome::Refused,
            Err(_) => Outcome::Odd,
        }
    }

    pub(crate) async fn load_record(&self, slot: &Slot) -> Result<Record, NoToken> {
        let slot = slot.clone();
        let bytes = self.blocking(move |ports| ports.vault.load(&slot)).await.map_err(ours)??;
        let bytes = bytes.ok_or(NoToken::SignedOut)?;
        Record::from_bytes(&bytes).map_err(|error| match error {
            FormatError::Newer(_) => NoToken::Newer,
            FormatError::Malformed => NoToken::Vault(VaultError::Damaged),
        })
    }

    pub(crate) async fn seal(&self, slot: &Slot, record: &Record) -> Result<(), NoToken> {
        let (slot, bytes) = (slot.clone(), record.to_bytes());
        self.blocking(move |ports| ports.vault.save(&slot, &bytes)).await.map_err(ours)??;
        Ok(())
    }

    /// The old refresh token is spent, so new tokens are not given up at the first refusal of the disk.
    async fn seal_stubbornly(&self, slot: &Slot, record: &Record) -> Result<(), NoToken> {
        let mut pause = Duration::from_millis(50);
        loop {
            match self.seal(slot, record).await {
                Err(NoToken::Vault(VaultError::CannotWrite(_)))
                    if pause < Duration::from_secs(4) =>
                {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                other => return other,
            }
        }
    }
}

fn ours(_: handrail_contract::Problem) -> NoToken {
    NoToken::Ours("a vault call panicked")
}

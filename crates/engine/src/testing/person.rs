//! A person who signs in as soon as a sign-in page opens, and the ways to make them do it.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
};

use async_trait::async_trait;
use handrail_contract::{
    Problem,
    place::{Role, SourceId},
    problem::Refusal,
    sign_in::{AttemptId, BeginSignIn, ShowSignIn, SignIn, SignInAgain, Stage},
};
use tokio::sync::{mpsc, oneshot};
use url::Url;
use zeroize::Zeroizing;

use super::world::World;
use crate::{
    Answer as _, Engine,
    ports::{Browser, BrowserError, Opened, Redirected, Redirects},
};

type Waiting = Arc<Mutex<HashMap<String, mpsc::Sender<Redirected>>>>;

/// The [`Browser`] port: shows nothing, agrees to everything.
pub struct Person {
    world: World,
    waiting: Waiting,
    next_port: AtomicU16,
}

impl Person {
    pub fn new(world: &World) -> Self {
        Self { world: world.clone(), waiting: Waiting::default(), next_port: AtomicU16::new(1024) }
    }
}

#[async_trait]
impl Browser for Person {
    async fn expect_redirects(
        &self,
        path: &str,
        port: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        // A port of its own, so that two sign-ins at one place do not take each other's redirect.
        let port = port.unwrap_or_else(|| self.next_port.fetch_add(1, Ordering::Relaxed));
        let redirect_uri = Url::parse(&format!("http://127.0.0.1:{port}{path}"))
            .map_err(|error| BrowserError(io::Error::other(error)))?;
        let (sender, incoming) = mpsc::channel(1);
        let key = redirect_uri.to_string();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone(), sender);
        let guard = Box::new(Listens { waiting: self.waiting.clone(), key });
        Ok(Redirects { redirect_uri, incoming, guard })
    }

    async fn open(&self, _attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        let missing = |what: &str| BrowserError(io::Error::other(what.to_owned()));
        let back = self.world.agree(page).ok_or_else(|| missing("no such page"))?;
        let home = back.as_str().split('?').next().unwrap_or_default().to_owned();
        let sender =
            self.waiting.lock().unwrap_or_else(PoisonError::into_inner).get(&home).cloned();
        let sender = sender.ok_or_else(|| missing("nobody listens"))?;
        let (taken, _) = oneshot::channel();
        let redirected = Redirected { url: Zeroizing::new(back.into()), taken };
        sender.send(redirected).await.map_err(|_| missing("nobody listens"))?;
        Ok(Opened::Shown)
    }
}

/// Ends listening when dropped.
struct Listens {
    waiting: Waiting,
    key: String,
}

impl Drop for Listens {
    fn drop(&mut self) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// Confirms a code and signs in.
///
/// # Errors
/// Why there is no connection.
pub async fn connect(engine: &Engine, code: String) -> Result<SourceId, Problem> {
    let begun = engine.answer(BeginSignIn { text: code, role: Role::Patient }).await?;
    wait_for_end(engine, begun).await
}

/// Signs in at a place that is connected already.
///
/// # Errors
/// Why there is no connection.
pub async fn sign_in_again(engine: &Engine, source: &SourceId) -> Result<SourceId, Problem> {
    let begun = engine.answer(SignInAgain { source: source.clone() }).await?;
    wait_for_end(engine, begun).await
}

async fn wait_for_end(engine: &Engine, begun: SignIn) -> Result<SourceId, Problem> {
    let mut changes = engine.changes();
    loop {
        let shown = engine.answer(ShowSignIn { attempt: begun.attempt.clone() }).await?;
        match shown.stage {
            Stage::Connected { source, .. } => return Ok(source),
            Stage::Refused { reason, .. } => return Err(Problem::Refused { reason }),
            Stage::Preparing
            | Stage::InBrowser { .. }
            | Stage::Exchanging
            | Stage::Fetching { .. } => {}
        }
        if changes.changed().await.is_err() {
            return Err(Problem::Refused { reason: Refusal::Cancelled });
        }
    }
}

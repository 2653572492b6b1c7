//! The outside world, as small traits.
//!
//! Each has one adapter for real life, and each adapter passes the port's suite.

use std::time::Duration;

use async_trait::async_trait;
use handrail_contract::{place::SourceId, settings::Language, sign_in::AttemptId};
use handrail_core::{
    act::{ActId, Entry},
    activity::Logged,
    form::KeptDraft,
    settings::Settings,
    store::{Change, Earlier, Kept, KindAndId, Known, Rows},
    token::AccessToken,
};
use jiff::Timestamp;
use tokio::sync::mpsc;
use url::Url;
use zeroize::Zeroizing;

pub use handrail_core::{session::Source, vault::keys::KeyName};

/// One HTTP exchange. `Debug` shows what is done at which host, and nothing about whom.
pub struct HttpRequest {
    pub method: HttpMethod,
    pub url: Url,
    pub accept: &'static str,
    /// Sent as `Authorization: Bearer` (RFC 6750 section 2.1), and never anywhere else.
    pub bearer: Option<AccessToken>,
    /// The whole exchange takes no longer than this.
    pub time_limit: Duration,
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("host", &self.url.host_str())
            .finish_non_exhaustive()
    }
}

/// What to do, and with what body.
pub enum HttpMethod {
    Get,
    Post { content_type: &'static str, body: Zeroizing<Vec<u8>> },
    Put { content_type: &'static str, body: Vec<u8>, if_match: Option<String> },
}

impl std::fmt::Debug for HttpMethod {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Post { .. } => "POST",
            Self::Put { .. } => "PUT",
        })
    }
}

/// What came back. `Debug` shows the status only.
#[derive(Default)]
pub struct HttpResponse {
    pub status: u16,
    pub date: Option<String>,
    pub retry_after: Option<String>,
    pub content_type: Option<String>,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

impl std::fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why nothing came back. What matters is whether the server may have seen the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// Our own rules forbid the address.
    #[error("the address is not allowed")]
    Forbidden,
    /// The name leads to an address of no public network, so nobody was asked. Often the network one is in answers so
    /// to everything until one has signed in to it: the same may go well elsewhere.
    #[error("the name leads to no public address")]
    Astray,
    /// No name, no route, no TLS: the server never saw it.
    #[error("the server was not reached")]
    NotSent,
    /// The server may have seen it.
    #[error("the answer did not arrive whole")]
    Ambiguous,
    /// The answer is larger than anything honest.
    #[error("the answer is too large")]
    TooMuch,
}

/// Carries one request, to public addresses only. No redirects, no cookies, no retries.
#[async_trait]
pub trait Http: Send + Sync {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError>;
    /// Closes what is kept open between requests, and with it what was read and written there.
    fn rest(&self) {}
}

/// Whether there is a network at all, so that a train ride is not held against a place.
pub trait Network: Send + Sync {
    /// True only if it is known that no other machine can be reached right now.
    fn is_offline(&self) -> bool;
}

/// What is kept of every connected place, encrypted whole. Calls block; the engine keeps them off its loop.
pub trait Records: Send + Sync {
    /// Every connection, in the order they were made.
    fn sources(&self) -> Result<Vec<Source>, RecordsError>;
    /// Adds a connection, or replaces what is known about it.
    fn put_source(&self, source: &Source) -> Result<(), RecordsError>;
    /// Forgets a connection and everything that came from it.
    fn erase_source(&self, source: &SourceId) -> Result<(), RecordsError>;
    /// What is kept, of one connection or of all.
    fn kept(&self, source: Option<&SourceId>) -> Result<Vec<Kept>, RecordsError>;
    /// What is known of the rows of one connection before a look: enough to tell whether something changed.
    fn known(&self, source: &SourceId) -> Result<Vec<Known>, RecordsError>;
    /// These rows of one connection, as far as they are there.
    fn kept_of(&self, source: &SourceId, keys: &[KindAndId]) -> Result<Vec<Kept>, RecordsError>;
    /// The rows of one type of one connection.
    fn kept_of_kind(&self, source: &SourceId, kind: &str) -> Result<Vec<Kept>, RecordsError>;
    /// What lists need of everything that is kept: bodies are glances. Read once, then shared until something changes.
    fn glances(&self) -> Result<Rows, RecordsError>;
    /// What a resource said before, the oldest first.
    fn earlier(
        &self,
        source: &SourceId,
        kind: &str,
        id: &str,
    ) -> Result<Vec<Earlier>, RecordsError>;
    /// Everything a check brought, in one transaction: the changes, and how the connection stands.
    ///
    /// What a row said before is kept, for the types whose story is told; what is forgotten takes its story along.
    fn apply(&self, source: &Source, changes: &[Change]) -> Result<(), RecordsError>;
    /// The outbox, of one connection or of all, in the order things were done.
    fn acts(&self, source: Option<&SourceId>) -> Result<Vec<Entry>, RecordsError>;
    /// Adds an act to the outbox, or replaces what is known about it.
    fn put_act(&self, entry: &Entry) -> Result<(), RecordsError>;
    /// Takes an act out of the outbox: the place has it, or the person moved on.
    fn drop_act(&self, id: &ActId) -> Result<(), RecordsError>;
    /// Everything kept so far of these places has been seen.
    fn mark_seen(&self, sources: &[SourceId]) -> Result<(), RecordsError>;
    /// What was answered so far of a to-do's questions.
    fn draft(&self, source: &SourceId, task: &str) -> Result<Option<KeptDraft>, RecordsError>;
    /// Keeps answers, in place of those before. Of a connection that is gone, nothing is kept.
    fn put_draft(&self, draft: &KeptDraft) -> Result<(), RecordsError>;
    /// Forgets answers: they were sent, or are not wanted any more.
    fn forget_draft(&self, source: &SourceId, task: &str) -> Result<(), RecordsError>;
    /// What the person chose about the app.
    fn settings(&self) -> Result<Settings, RecordsError>;
    /// Keeps what the person chose.
    fn put_settings(&self, settings: &Settings) -> Result<(), RecordsError>;
    /// Writes down what the app did; a line that only goes on becomes longer, and what is too old or too much goes.
    fn log(&self, logged: &Logged) -> Result<(), RecordsError>;
    /// What the app did, in the order it was written down.
    fn logged(&self) -> Result<Vec<Logged>, RecordsError>;
    /// Forgets what the person chose and what the app did: all that is of no place.
    fn forget_choices(&self) -> Result<(), RecordsError>;
    /// Closes until the next call, and lets the key go.
    fn rest(&self) {}
}

/// Why the records did not do it.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The key is locked away right now. Unlocking the keyring or the device mends it.
    #[error("the key to the records is locked")]
    Locked,
    /// Disk full or read-only. What was there is still there.
    #[error("the records cannot be written")]
    CannotWrite(#[source] std::io::Error),
    /// The key does not open them, or the file is damaged.
    #[error("the records cannot be opened")]
    CannotOpen,
    /// Written by a later version of the app.
    #[error("the records are of a newer version")]
    Newer,
    /// Our own bug. The text is the database's, about statements and never about content.
    #[error("the records failed: {0}")]
    Failed(String),
}

/// Sealed slots, one file each: a connection's record, a pending sign-in.
pub trait Vault: Send + Sync {
    /// Opens a slot. `None`: there is no such slot.
    fn load(&self, slot: &Slot) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError>;
    /// Seals a slot durably: when this returns, a power cut cannot undo it.
    fn save(&self, slot: &Slot, bytes: &[u8]) -> Result<(), VaultError>;
    /// Removes a slot; true if there was one. Of two callers, one gets true.
    fn remove(&self, slot: &Slot) -> Result<bool, VaultError>;
    /// Every slot there is.
    fn slots(&self) -> Result<Vec<Slot>, VaultError>;
    /// Takes the kernel's lock on a slot, for as long as the guard lives. Other processes wait.
    fn lock(&self, slot: &Slot, patience: Duration) -> Result<SlotLock, VaultError>;
    /// Lets the key go until the next call.
    fn rest(&self) {}
}

/// The name of one sealed file: lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(String);

impl Slot {
    /// Where a connection's tokens are.
    pub fn connection(source: &SourceId) -> Self {
        Self(format!("place-{source}"))
    }

    /// Where a sign-in waits for its redirect.
    pub fn pending(attempt: &AttemptId) -> Self {
        Self(format!("pending-{}", attempt.0))
    }

    /// Where tokens wait that a place could not be asked to end. Each that waits has a name of its own.
    pub fn revocation(source: &SourceId, name: &str) -> Self {
        Self(format!("revoke-{source}-{name}"))
    }

    /// Whoever sends what waits for a connection holds the lock of this slot. Nothing is sealed in it.
    pub fn outbox(source: &SourceId) -> Self {
        Self(format!("outbox-{source}"))
    }

    /// Where the PIN is that the app is locked with.
    pub fn lock() -> Self {
        Self("app-lock".to_owned())
    }

    /// A slot by its file's stem, if it is the name of one.
    pub fn from_stem(stem: &str) -> Option<Self> {
        let fit = ["place-", "pending-", "revoke-", "outbox-", "app-"]
            .iter()
            .any(|kind| stem.starts_with(kind))
            && stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fit.then(|| Self(stem.to_owned()))
    }

    /// The attempt that waits here, if this is a pending sign-in.
    pub fn attempt(&self) -> Option<AttemptId> {
        self.0.strip_prefix("pending-").map(|id| AttemptId(id.to_owned()))
    }

    /// The connection whose tokens these are, if it is one.
    pub fn source(&self) -> Option<SourceId> {
        self.0.strip_prefix("place-").map(|id| SourceId(id.to_owned()))
    }

    /// Whether tokens wait here for their end.
    pub fn is_revocation(&self) -> bool {
        self.0.starts_with("revoke-")
    }

    /// Whether tokens of this connection wait here for their end.
    pub fn is_revocation_of(&self, source: &SourceId) -> bool {
        // Before several could wait, the slot had the connection's name alone.
        let rest = self.0.strip_prefix("revoke-").and_then(|rest| rest.strip_prefix(&source.0));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// The file's stem.
    pub fn stem(&self) -> &str {
        &self.0
    }
}

/// Holds a slot's lock until dropped. The kernel lets go of it when the process dies.
pub struct SlotLock(#[expect(dead_code, reason = "held for its drop")] Box<dyn Send + Sync>);

impl SlotLock {
    /// A lock that is let go when `guard` is dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Self(Box::new(guard))
    }
}

/// Why the vault did not do it.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key does not open the slot. Ask to sign in again; the file is kept.
    #[error("the key does not fit")]
    WrongKey,
    /// The key is locked away right now. Unlocking the keyring or the device mends it.
    #[error("the key is locked")]
    Locked,
    /// Cut short or altered. Ask to sign in again; the file is kept until then.
    #[error("the sealed file is damaged")]
    Damaged,
    /// Written by a later version of the app. Nothing is touched; a newer app opens it.
    #[error("the sealed file is of a newer version")]
    Newer,
    /// Another process holds the slot. Try again later; nothing was changed.
    #[error("another process is using it")]
    Busy,
    /// Disk full, read-only, no permission. What was there is still there.
    #[error("the vault cannot be written")]
    CannotWrite(#[source] std::io::Error),
    /// Our own bug, or the library's. The text names the operation only.
    #[error("the vault failed while it was to {0}")]
    Failed(&'static str),
}

/// A place where 256-bit keys live. It makes none up and replaces none; when one may be made is not its matter.
pub trait KeySource: Send + Sync {
    /// The key under a name. `None`: it was looked for where it should be, and there is none.
    fn find(&self, name: KeyName) -> Result<Option<Key>, KeyError>;
    /// Keeps a key under a name that has none; a key that is there stands. Callers take turns, by the folder's lock.
    fn keep(&self, name: KeyName, key: &Key) -> Result<(), KeyError>;
}

/// What a phone's shell brings: its own store for secrets, by names of ours. It makes none up and replaces none.
pub trait DeviceStore: Send + Sync {
    /// What is kept under a name. `None`: it was looked for, and there is none.
    fn find(&self, name: &str) -> Result<Option<Key>, KeyError>;
    /// Keeps a key under a name that has none; a key that is there stands.
    fn keep(&self, name: &str, key: &Key) -> Result<(), KeyError>;
}

/// A key. Wiped when it is dropped.
pub type Key = Zeroizing<[u8; 32]>;

/// Why there is no key. None of these is a crash, and none deletes or replaces anything.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It was made once, and is gone: what it sealed cannot be opened any more.
    #[error("the key is gone: what is saved cannot be opened without it, and was left as it is")]
    Missing,
    /// It is there, and is not what it was: what it sealed cannot be opened any more.
    #[error("the key was changed: what is saved cannot be opened with it, and was left as it is")]
    Invalidated,
    /// It cannot be read right now. Unlocking the keyring or the device mends it.
    #[error("the key is locked: unlock your keyring, then try again")]
    Locked,
    /// The place where keys live cannot be used right now, or there is none.
    #[error("the place where the key is kept cannot be used: {0}")]
    Unavailable(#[source] std::io::Error),
}

/// The person's own browser, and the way back from it.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Gets ready to receive redirects at `path`, on this port if it is given.
    async fn expect_redirects(
        &self,
        path: &str,
        port: Option<u16>,
    ) -> Result<Redirects, BrowserError>;
    /// Shows a sign-in page to the person.
    async fn open(&self, attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError>;
}

/// Redirects as they come in. Dropping it stops listening.
pub struct Redirects {
    /// Where the server should send the person back to.
    pub redirect_uri: Url,
    /// Every address that came back, whole and unjudged.
    pub incoming: mpsc::Receiver<Redirected>,
    /// Keeps the receiver alive.
    pub guard: Box<dyn Send + Sync>,
}

/// One redirect, and whom to tell what became of it.
pub struct Redirected {
    pub url: Zeroizing<String>,
    /// Shows the person whether the redirect was taken.
    pub taken: tokio::sync::oneshot::Sender<bool>,
}

/// How the page was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A browser shows it.
    Shown,
    /// The shell's own page has to offer this path to the person.
    Offer(String),
}

/// Why there is no browser.
#[derive(Debug, thiserror::Error)]
#[error("no browser could be opened")]
pub struct BrowserError(#[source] pub std::io::Error);

/// How a desktop says that there is something new, to a person who looks at something else.
pub trait Notices: Send + Sync {
    /// Whether the person has the app before them.
    fn is_watched(&self) -> bool;
    /// Says it, and never what. What was said before and still stands is replaced.
    fn tell(&self, language: Language);
}

/// What time it is.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
    /// How long the device has been on, sleep included where the platform tells it; nobody can set it.
    fn uptime(&self) -> Duration;
    fn time_zone(&self) -> jiff::tz::TimeZone;
}

/// Random bytes nobody can guess.
pub trait Entropy: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);
}

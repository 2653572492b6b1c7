//! The engine: ports, what is under way, and who waits for news.

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use handrail_contract::{Problem, place::SourceId, problem::Refusal, sign_in::AttemptId};
use handrail_core::{
    connect::Registry,
    fhir::base::Policy,
    lock::Door,
    vault::keys::{KeyPlace, Keys},
};
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::{
    POLICY,
    clock::{OsEntropy, SystemClock},
    exchange::Turn,
    held::{HeldKey, wipe_stack},
    http::Reqwest,
    keys::{Machine, OpenedKeys, open_with},
    network::SystemNetwork,
    ports::{
        Browser, Clock, DeviceStore, Entropy, Http, Key, KeyError, Network, Notices, Records,
        RecordsError, Vault, VaultError,
    },
    records::SqliteRecords,
    sign_in::Attempt,
    vault::{Snapshots, VaultFolder, make_private_folder},
};

/// What a shell brings.
pub struct Setup<S> {
    /// Where everything is kept. Made if it is not there.
    pub data: PathBuf,
    /// Where the keys of a new folder are to be.
    pub keys: Keys,
    /// The partners this build knows.
    pub registry: Registry,
    /// How pages are shown and redirects come back.
    pub browser: Arc<dyn Browser>,
    /// How sealed files are written.
    pub snapshots: S,
}

/// The outside world of one engine.
#[derive(Clone)]
pub struct Ports {
    pub http: Arc<dyn Http>,
    pub network: Arc<dyn Network>,
    pub records: Arc<dyn Records>,
    pub vault: Arc<dyn Vault>,
    pub browser: Arc<dyn Browser>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// Why the engine cannot start. Nothing that was saved is changed by any of these.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be used.
    #[error("the data folder cannot be used: {0}")]
    Folder(#[source] std::io::Error),
    /// There is no key, or not the one it was.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The sealed files cannot be used.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The records cannot be used.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// TLS could not be set up.
    #[error("the network could not be set up")]
    Network,
}

impl OpenError {
    /// What the person can do about it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Key(KeyError::Unavailable(error)) if cannot_save(error) => Problem::CannotSave,
            Self::Key(KeyError::Locked | KeyError::Unavailable(_))
            | Self::Vault(VaultError::Locked)
            | Self::Records(RecordsError::Locked) => {
                Problem::Refused { reason: Refusal::KeyLocked }
            }
            Self::Key(KeyError::Missing | KeyError::Invalidated)
            | Self::Vault(VaultError::WrongKey)
            | Self::Records(RecordsError::CannotOpen) => {
                Problem::Refused { reason: Refusal::KeyTrouble }
            }
            Self::Folder(_)
            | Self::Vault(VaultError::CannotWrite(_))
            | Self::Records(RecordsError::CannotWrite(_)) => Problem::CannotSave,
            Self::Vault(_) | Self::Records(_) | Self::Network => {
                Problem::OurFault { reference: "open".to_owned() }
            }
        }
    }

    /// Whether the same may go well a moment later, without a new start.
    pub const fn may_pass(&self) -> bool {
        matches!(self, Self::Key(KeyError::Locked | KeyError::Unavailable(_)))
    }
}

/// Whether a disk refused, rather than a keyring.
fn cannot_save(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull)
}

/// Opens the engine over the real world. Blocks for some milliseconds; sends nothing.
///
/// # Errors
/// The folder, the keys or what was saved cannot be used.
pub fn open<S: Snapshots + 'static>(setup: Setup<S>) -> Result<Engine, OpenError> {
    open_on(setup, Machine::default())
}

/// The same on a phone, which keeps its keys in this store and nowhere else.
///
/// # Errors
/// As [`open`].
pub fn open_on_device<S: Snapshots + 'static>(
    setup: Setup<S>,
    store: Arc<dyn DeviceStore>,
) -> Result<Engine, OpenError> {
    open_on(setup, Machine::with_store(store))
}

fn open_on<S: Snapshots + 'static>(setup: Setup<S>, machine: Machine) -> Result<Engine, OpenError> {
    let opened = open_all(setup, machine);
    wipe_stack();
    opened
}

#[inline(never)]
fn open_all<S: Snapshots + 'static>(
    setup: Setup<S>,
    machine: Machine,
) -> Result<Engine, OpenError> {
    make_private_folder(&setup.data).map_err(OpenError::Folder)?;
    let entropy = OsEntropy;
    let keys = open_with(&setup.data, setup.keys, &entropy, &machine)?;
    let again = |pick: fn(OpenedKeys) -> Key| {
        let (data, wish, machine) = (setup.data.clone(), setup.keys, machine.clone());
        move || open_with(&data, wish, &OsEntropy, &machine).map(pick)
    };
    let vault_key = HeldKey::until_rest(keys.vault, again(|keys| keys.vault));
    let records_key = HeldKey::until_rest(keys.records, again(|keys| keys.records));
    let ports = Ports {
        http: Arc::new(Reqwest::new(POLICY).map_err(|_| OpenError::Network)?),
        network: Arc::new(SystemNetwork),
        records: Arc::new(SqliteRecords::open_with(&setup.data.join("records.db"), records_key)?),
        vault: Arc::new(VaultFolder::open_with(
            setup.data.join("vault"),
            vault_key,
            setup.snapshots,
        )?),
        browser: setup.browser,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(entropy),
    };
    Ok(Engine::build(ports, setup.registry, POLICY, Some((setup.data, keys.place))))
}

/// Answers questions and keeps every connection fresh. Cheap to clone; all clones are one engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub ports: Ports,
    pub registry: Registry,
    pub policy: Policy,
    /// Whether every place is made up.
    pub made_up: bool,
    /// The folder of everything, if there is one: the saved list of places is read from it when it is asked for.
    pub data: Option<PathBuf>,
    /// Where the keys are, if the ports have any.
    pub key_place: Option<KeyPlace>,
    pub attempts: Mutex<HashMap<AttemptId, Attempt>>,
    /// One gate a connection: at most one token exchange at a time in this process.
    gates: Mutex<HashMap<SourceId, Arc<tokio::sync::Mutex<Turn>>>>,
    checking: Mutex<BTreeSet<SourceId>>,
    /// How many token exchanges are under way: from before the request to after the seal.
    exchanges: watch::Sender<usize>,
    /// One change to a draft at a time.
    pub drafts: Arc<tokio::sync::Mutex<()>>,
    /// The text of a link that the system opened the app with, until a page takes it.
    pub opened: Mutex<Option<String>>,
    /// The ways back from sign-in pages that came as such links, in order, until they are used or the app rests.
    pub returned: watch::Sender<Vec<Zeroizing<String>>>,
    /// Whether questions are let in. `None`: it was not looked yet.
    pub door: tokio::sync::Mutex<Option<Door>>,
    /// One change to the settings at a time.
    pub choosing: tokio::sync::Mutex<()>,
    /// How the shell says that there is something new, if it can.
    notices: OnceLock<Arc<dyn Notices>>,
    /// One sign-in at a time becomes a connection: of two at one place the later one finds what the earlier one made.
    pub keeping: tokio::sync::Mutex<()>,
    changes: watch::Sender<u64>,
    questions: AtomicU64,
}

impl Inner {
    fn new(
        ports: Ports,
        registry: Registry,
        policy: Policy,
        kept: Option<(PathBuf, KeyPlace)>,
    ) -> Self {
        let (data, key_place) = kept.unzip();
        Self {
            ports,
            registry,
            policy,
            made_up: false,
            data,
            key_place,
            attempts: Mutex::default(),
            gates: Mutex::default(),
            checking: Mutex::default(),
            exchanges: watch::channel(0).0,
            drafts: Arc::default(),
            opened: Mutex::default(),
            returned: watch::channel(Vec::new()).0,
            door: tokio::sync::Mutex::default(),
            choosing: tokio::sync::Mutex::default(),
            notices: OnceLock::new(),
            keeping: tokio::sync::Mutex::default(),
            changes: watch::channel(0).0,
            questions: AtomicU64::new(0),
        }
    }
}

impl Engine {
    /// An engine over any ports.
    pub fn new(ports: Ports, registry: Registry, policy: Policy) -> Self {
        Self::build(ports, registry, policy, None)
    }

    /// An engine over made-up places, which says so at its door. Its ports must reach nothing outside the process:
    /// the policy is the one in which names of examples count as names.
    pub fn over_made_up(ports: Ports, registry: Registry) -> Self {
        let inner = Inner::new(ports, registry, Policy::DEVELOPER, None);
        Self(Arc::new(Inner { made_up: true, ..inner }))
    }

    fn build(
        ports: Ports,
        registry: Registry,
        policy: Policy,
        kept: Option<(PathBuf, KeyPlace)>,
    ) -> Self {
        Self(Arc::new(Inner::new(ports, registry, policy, kept)))
    }

    /// From now on this shell can say that there is something new. The first way that is brought stands.
    pub fn tell_by(&self, notices: Arc<dyn Notices>) {
        let _ = self.0.notices.set(notices);
    }

    pub(crate) fn notices(&self) -> Option<&Arc<dyn Notices>> {
        self.0.notices.get()
    }

    /// Lets go of the keys and of everything that still lies in memory of what they open, until it is needed again.
    ///
    /// A token that is being used at this moment goes when its request is done.
    pub async fn rest(&self) {
        self.0.returned.send_replace(Vec::new());
        let rested = self.blocking(|ports| {
            ports.http.rest();
            ports.vault.rest();
            ports.records.rest();
        });
        if rested.await.is_err() {
            tracing::warn!(target: "vault", "the keys were not let go");
        }
    }

    /// How often the saved lists were asked for: while this stands still, nobody is looking.
    pub(crate) fn count_questions(&self) -> u64 {
        self.0.questions.load(Ordering::Relaxed)
    }

    pub(crate) fn note_question(&self) {
        self.0.questions.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts up whenever pages should ask again.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    pub(crate) fn announce_change(&self) {
        self.0.changes.send_modify(|count| *count += 1);
    }

    /// Runs a blocking port off the loop. A panic in a library becomes our fault, not the app's end.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ports) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let ports = self.0.ports.clone();
        tokio::task::spawn_blocking(move || work(&ports))
            .await
            .map_err(|_| our_fault("a port panicked"))
    }

    /// Asks the records something.
    pub(crate) async fn records<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Records) -> Result<T, RecordsError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.blocking(move |ports| work(&*ports.records)).await?.map_err(records_problem)
    }

    pub(crate) fn gate(&self, source: &SourceId) -> Arc<tokio::sync::Mutex<Turn>> {
        locked(&self.0.gates).entry(source.clone()).or_default().clone()
    }

    pub(crate) fn checking(&self) -> MutexGuard<'_, BTreeSet<SourceId>> {
        locked(&self.0.checking)
    }

    pub(crate) fn exchanges(&self) -> &watch::Sender<usize> {
        &self.0.exchanges
    }

    pub(crate) fn attempts(&self) -> MutexGuard<'_, HashMap<AttemptId, Attempt>> {
        locked(&self.0.attempts)
    }

    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.0.ports.clock.now()
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.ports.entropy.fill(&mut bytes);
        bytes
    }

    /// A short name nobody can guess: lower-case hex.
    pub(crate) fn random_name(&self) -> String {
        format!("{:016x}", u64::from_ne_bytes(self.random()))
    }
}

/// The sets under these locks are whole between statements, so a panic elsewhere does not spoil them.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Our own bug: logged once, here, under a reference that the person can quote.
pub(crate) fn our_fault(what: &str) -> Problem {
    let mut bytes = [0; 4];
    OsEntropy.fill(&mut bytes);
    let reference = format!("{:08x}", u32::from_ne_bytes(bytes));
    tracing::error!(target: "handrail", %reference, what);
    Problem::OurFault { reference }
}

pub(crate) fn records_problem(error: RecordsError) -> Problem {
    match error {
        RecordsError::CannotWrite(_) => Problem::CannotSave,
        RecordsError::Locked => Problem::Refused { reason: Refusal::KeyLocked },
        other => our_fault(&other.to_string()),
    }
}

pub(crate) fn vault_problem(error: VaultError) -> Problem {
    match error {
        VaultError::CannotWrite(_) => Problem::CannotSave,
        VaultError::Locked => Problem::Refused { reason: Refusal::KeyLocked },
        other => our_fault(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn each_kind_of_key_trouble_has_its_own_remedy() {
        let locked = Problem::Refused { reason: Refusal::KeyLocked };
        let lost = Problem::Refused { reason: Refusal::KeyTrouble };
        let away = io::Error::other("no keyring");
        let full = io::Error::from(io::ErrorKind::StorageFull);

        let problems = [
            KeyError::Locked,
            KeyError::Unavailable(away),
            KeyError::Unavailable(full),
            KeyError::Missing,
            KeyError::Invalidated,
        ]
        .map(|error| OpenError::Key(error).problem());

        assert_eq!(problems, [locked.clone(), locked, Problem::CannotSave, lost.clone(), lost]);
    }

    #[test]
    fn only_what_unlocking_mends_is_worth_another_try() {
        let gone = [KeyError::Missing, KeyError::Invalidated].map(OpenError::Key);

        assert!(OpenError::Key(KeyError::Locked).may_pass());
        assert!(gone.iter().all(|error| !error.may_pass()));
    }
}

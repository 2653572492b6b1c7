//! The app in the storm: the real engine over real HTTP, its own records and vault, and a clock turned by hand.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use handrail_contract::{
    Problem,
    place::{CheckOutcome, ConnectionState, Outcome, Role, SourceId},
    sign_in::{BeginSignIn, ShowSignIn, SignIn, SignInAgain, Stage},
};
use handrail_core::{
    fetch::{Cursors, LISTED},
    store::{Change, Kept},
};
use handrail_engine::{
    Answer as _, Engine, OsEntropy, Policy, Ports, Registry, Which,
    browser::{DesktopBrowser, Opener},
    ports::{Opened, Records as _, Source},
    records::SqliteRecords,
    testing::HandClock,
    vault::{VaultFolder, XChaChaSnapshots},
};
use handrail_sandbox::{Control, Place, PlaceKind, Sandbox};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use support::{person::Person, phone::registry_of};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::wire::{Online, Wire};

const KEY: [u8; 32] = [7; 32];

/// Longer than any sign-in takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is kept or should be: by type and id, `meta` apart.
pub type Shelf = BTreeMap<(String, String), Value>;

/// The app and the place that it is connected to.
pub struct App {
    pub engine: Engine,
    pub wire: Arc<Wire>,
    pub clock: HandClock,
    pub control: Control,
    pub source: SourceId,
    records: Arc<SqliteRecords>,
    registry: Registry,
    invitation: String,
    folder: TempDir,
}

impl App {
    /// An app that was never connected to anything.
    pub fn new(sandbox: &Sandbox, kind: PlaceKind) -> Self {
        let place: &Place = sandbox.place(kind);
        let folder = make_folder();
        let wire = Arc::new(Wire::to(place));
        let clock = HandClock::at(Timestamp::now());
        let registry = registry_of(sandbox);
        let records = Arc::new(open_records(folder.path()));
        let engine = build(&folder, &wire, &clock, &records, &registry);
        Self {
            engine,
            wire,
            clock,
            control: place.control(),
            source: SourceId(String::new()),
            records,
            registry,
            invitation: place.invitation(),
            folder,
        }
    }

    /// The same, connected.
    pub async fn connected(sandbox: &Sandbox, kind: PlaceKind) -> Self {
        let mut app = Self::new(sandbox, kind);
        assert!(app.connect().await, "a calm place lets the person in");
        app
    }

    /// The app is closed and opened again.
    pub fn restart(&mut self) {
        self.records = Arc::new(open_records(self.folder.path()));
        self.engine = build(&self.folder, &self.wire, &self.clock, &self.records, &self.registry);
    }

    /// Connects; whether that worked.
    pub async fn connect(&mut self) -> bool {
        let question = BeginSignIn { text: self.invitation.clone(), role: Role::Patient };
        let begun = self.engine.answer(question).await;
        self.finish(begun).await
    }

    /// Signs in again after the place ended the session; whether that worked.
    pub async fn sign_in_again(&mut self) -> bool {
        let begun = self.engine.answer(SignInAgain { source: self.source.clone() }).await;
        self.finish(begun).await
    }

    async fn finish(&mut self, begun: Result<SignIn, Problem>) -> bool {
        let Ok(begun) = begun else { return false };
        tokio::time::timeout(PATIENCE, self.wait_for_end(&begun)).await.unwrap_or(false)
    }

    async fn wait_for_end(&mut self, begun: &SignIn) -> bool {
        let mut changes = self.engine.changes();
        loop {
            let question = ShowSignIn { attempt: begun.attempt.clone() };
            match self.engine.answer(question).await.map(|shown| shown.stage) {
                Ok(Stage::Connected { source, .. }) => {
                    self.source = source;
                    return true;
                }
                Ok(Stage::Refused { .. }) | Err(_) => return false,
                Ok(_) => {}
            }
            if changes.changed().await.is_err() {
                return false;
            }
        }
    }

    /// Looks at the place; how that ended, and what was said to be wrong.
    pub async fn check(&self) -> (Outcome, Vec<String>) {
        match self.engine.check(Which::One(self.source.clone())).await {
            Ok(CheckOutcome { mut sources, .. }) if sources.len() == 1 => {
                let only = sources.remove(0);
                (only.outcome, only.problems)
            }
            Ok(_) => (Outcome::NotDue, vec!["nothing".to_owned()]),
            Err(problem) => (Outcome::SignInAgain, vec![problem.to_string()]),
        }
    }

    pub fn turn(&self, hours: i64) {
        self.clock.turn(SignedDuration::from_hours(hours));
    }

    /// How the connection stands.
    pub fn stands(&self) -> Source {
        let sources = self.records.sources().expect("records that open");
        sources.into_iter().find(|it| it.id == self.source).expect("the connection")
    }

    pub fn is_signed_out(&self) -> bool {
        self.stands().state == ConnectionState::SignInAgain
    }

    /// Nothing was ever fetched from here.
    pub fn forget(&self) {
        let source = self.stands();
        let fresh = Source {
            cursors: Cursors::default(),
            skipped: Vec::new(),
            last_success_at: None,
            next_due_at: None,
            failures: 0,
            ..source
        };
        let all: Vec<Change> = self
            .kept()
            .into_iter()
            .map(|row| Change::Forget { kind: row.kind, id: row.id })
            .collect();
        self.records.apply(&fresh, &all).expect("records that can be written");
    }

    fn kept(&self) -> Vec<Kept> {
        self.records.kept(Some(&self.source)).expect("records that open")
    }

    /// What is kept.
    pub fn shelf(&self) -> Shelf {
        self.kept().into_iter().map(|row| ((row.kind, row.id), without_meta(row.body))).collect()
    }

    /// What is kept and is not what the server has, or is missing. `followed` is what a calm look follows.
    pub fn differ(&self, followed: &[(String, String)]) -> Vec<String> {
        let kept = self.shelf();
        let patient = format!("Patient/{}", self.stands().patient.unwrap_or_default());
        let mut wanted = Shelf::new();
        for kind in LISTED {
            let ours = self.control.list_resources(kind).into_iter().filter(|resource| {
                let subject = if kind == "Task" { "for" } else { "subject" };
                resource[subject]["reference"] == *patient
            });
            for resource in ours {
                let id = resource["id"].as_str().unwrap_or_default().to_owned();
                wanted.insert((kind.to_owned(), id), without_meta(resource));
            }
        }
        for (kind, id) in followed {
            if let Some(resource) = self.control.read_resource(kind, id) {
                wanted.insert((kind.clone(), id.clone()), without_meta(resource));
            }
        }
        let name = |(kind, id): &(String, String)| format!("{kind}/{id}");
        let missing = wanted.iter().filter_map(|(key, body)| match kept.get(key) {
            None => Some(format!("{} is missing", name(key))),
            Some(found) if found != body => Some(format!("{} is not the server's", name(key))),
            Some(_) => None,
        });
        let extra = kept
            .keys()
            .filter(|key| !wanted.contains_key(*key))
            .map(|key| format!("{} is not there any more", name(key)));
        missing.chain(extra).collect()
    }

    /// What a calm look follows beyond its lists.
    pub fn followed(&self) -> Vec<(String, String)> {
        let is_listed = |kind: &str| LISTED.contains(&kind);
        self.shelf().into_keys().filter(|(kind, _)| !is_listed(kind)).collect()
    }
}

fn without_meta(mut body: Value) -> Value {
    if let Some(members) = body.as_object_mut() {
        members.remove("meta");
    }
    body
}

fn open_records(folder: &Path) -> SqliteRecords {
    SqliteRecords::open(&folder.join("records.db"), &KEY).expect("records in our own folder")
}

fn build(
    folder: &TempDir,
    wire: &Arc<Wire>,
    clock: &HandClock,
    records: &Arc<SqliteRecords>,
    registry: &Registry,
) -> Engine {
    let vault =
        VaultFolder::open(folder.path().join("vault"), Zeroizing::new(KEY), XChaChaSnapshots);
    let browser = DesktopBrowser::new(Opener::Shell(Box::new(|_, page| {
        let page = page.clone();
        tokio::spawn(async move {
            // Who cannot sign in sees a page that says why; the app hears of it by the redirect or not at all.
            let _ = Person::rosa().sign_in(&page).await;
        });
        Ok(Opened::Shown)
    })));
    let ports = Ports {
        http: wire.clone(),
        network: Arc::new(Online),
        records: records.clone(),
        vault: Arc::new(vault.expect("a vault in our own folder")),
        browser: Arc::new(browser),
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(OsEntropy),
    };
    Engine::new(ports, registry.clone(), Policy::DEVELOPER)
}

/// In memory where that is possible: what a disk does is another laboratory's question.
fn make_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    folder.expect("a folder for the time being")
}

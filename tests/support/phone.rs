//! A phone with Handrail on it: the real engine over a folder of its own, and a person who holds it.
//!
//! In: codes and sign-in pages. Out: what the app answers.
//! Never: the person's real browser or folder.

use std::{
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use handrail_contract::{
    Problem,
    place::{ListConnections, Role, SourceId},
    sign_in::{AttemptId, BeginSignIn, ShowSignIn, SignIn, Stage},
};
use handrail_core::{act::Entry, view::Shelf};
use handrail_engine::{
    Answer as _, Engine, Keys, Policy, Registry, Setup,
    browser::{DesktopBrowser, Opener},
    ports::{Opened, Records as _, Source},
    records::SqliteRecords,
    vault::StrongholdSnapshots,
};
use handrail_sandbox::Sandbox;
use serde_json::json;
use tempfile::TempDir;

use crate::{person::Person, wait::until};

/// Longer than anything on this machine takes; a journey that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the person does when a sign-in page opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Mood {
    SignsIn,
    /// The phone is Sam Okafor's, who works at each place.
    SignsInAsStaff,
    /// The phone is Priya Nair's, who works at the food bank.
    SignsInAsHelper,
    /// The phone is Lena Marsh's, who works at the food bank and at the housing help.
    SignsInForTwo,
    /// The phone is Noor Haddad's, of whom no place says where she works.
    SignsInForNobody,
    SaysNo,
    /// Looks at the page and closes it.
    ClosesIt,
    /// There is no browser on this phone.
    HasNoBrowser,
}

/// A phone, with what it keeps.
pub struct Phone {
    pub engine: Engine,
    folder: Arc<TempDir>,
    registry: Registry,
    mood: Arc<AtomicU8>,
}

impl Phone {
    /// A new phone whose app knows the sandbox's first two places, as a developer build does.
    pub fn new(sandbox: &Sandbox) -> Self {
        Self::with_registry(registry_of(sandbox))
    }

    /// A new phone whose app knows these partners.
    pub fn with_registry(registry: Registry) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder to keep things in"));
        let mood = Arc::new(AtomicU8::new(Mood::SignsIn as u8));
        Self { engine: open(&folder, &registry, &mood), folder, registry, mood }
    }

    /// The app is closed and opened again: a new engine over what the old one kept.
    #[must_use]
    pub fn restart(self) -> Self {
        let Self { engine, folder, registry, mood } = self;
        drop(engine);
        Self { engine: open(&folder, &registry, &mood), folder, registry, mood }
    }

    /// A second process of the app over the same folder.
    pub fn open_twin(&self) -> Engine {
        open(&self.folder, &self.registry, &self.mood)
    }

    /// Where the phone keeps everything.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn set_mood(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    /// Time goes by, until every place is due.
    pub fn make_all_due(&self) {
        self.change_sources(|source| source.next_due_at = None);
    }

    /// Time goes by, until an app that is opened looks at every place.
    pub fn make_all_stale(&self) {
        self.change_sources(|source| source.last_success_at = None);
    }

    /// Every place has another address from now on.
    pub fn move_to(&self, base: &str) {
        self.change_sources(|source| {
            source.base = base.to_owned().try_into().expect("an honest address");
        });
    }

    /// What waits to be sent.
    pub fn outbox(&self) -> Vec<Entry> {
        self.open_records().acts(None).expect("the outbox")
    }

    /// Everything that is kept, whole.
    pub fn shelf(&self) -> Shelf {
        let records = self.open_records();
        Shelf {
            sources: records.sources().expect("the places"),
            kept: records.kept(None).expect("what is kept").into(),
            outbox: records.acts(None).expect("the outbox"),
            ..Shelf::default()
        }
    }

    /// How many places have answers to this to-do that were not sent yet.
    pub fn count_drafts(&self, task: &str) -> usize {
        let records = self.open_records();
        let sources = records.sources().expect("the places");
        let has_draft =
            |source: &&Source| records.draft(&source.id, task).expect("drafts").is_some();
        sources.iter().filter(has_draft).count()
    }

    /// Time goes by, until whatever waits may be tried again.
    pub fn make_outbox_due(&self) {
        let records = self.open_records();
        for mut entry in records.acts(None).expect("the outbox") {
            (entry.next_at, entry.not_before) = (None, None);
            records.put_act(&entry).expect("room for an act");
        }
    }

    /// Puts something into the outbox that no page offers.
    pub fn force(&self, entry: &Entry) {
        self.open_records().put_act(entry).expect("room for an act");
    }

    fn open_records(&self) -> SqliteRecords {
        let key = std::fs::read(self.data().join("records.key")).expect("a key file");
        let key = key.try_into().expect("a key of 32 bytes");
        let records = SqliteRecords::open(&self.data().join("records.db"), &key);
        records.expect("the app's own records")
    }

    /// Changes what is kept of every place, behind the app's back.
    fn change_sources(&self, change: impl Fn(&mut Source)) {
        let records = self.open_records();
        for mut source in records.sources().expect("the places") {
            change(&mut source);
            records.put_source(&source).expect("room for a place");
        }
    }

    /// Waits until the app made a file.
    pub async fn wait_for_file(&self, name: &str) {
        let path = self.data().join(name);
        until(|| path.exists()).await;
    }

    /// Everything the phone keeps, file by file.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("our own folder").flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    let bytes = std::fs::read(entry.path()).expect("our own file");
                    files.push((entry.path().display().to_string(), bytes));
                }
            }
        }
        files
    }

    /// What is kept about every place.
    pub fn sources(&self) -> Vec<Source> {
        self.open_records().sources().expect("the places")
    }

    /// Begins a sign-in from a code's text and waits until it ended, one way or the other.
    pub async fn connect(&self, code: &str) -> Result<SignIn, Problem> {
        self.connect_as(code, Role::Patient).await
    }

    /// The same as a patient, or as an organization's staff.
    pub async fn connect_as(&self, code: &str, role: Role) -> Result<SignIn, Problem> {
        let question = BeginSignIn { text: code.to_owned(), role };
        let begun = self.engine.answer(question).await?;
        self.wait_for_end(&begun.attempt).await
    }

    /// Waits until a sign-in ended, one way or the other.
    pub async fn wait_for_end(&self, attempt: &AttemptId) -> Result<SignIn, Problem> {
        self.wait_for(attempt, |stage| {
            matches!(stage, Stage::Connected { .. } | Stage::Refused { .. })
        })
        .await
    }

    /// Waits until a sign-in is where it should be.
    pub async fn wait_for(
        &self,
        attempt: &AttemptId,
        is_there: impl Fn(&Stage) -> bool,
    ) -> Result<SignIn, Problem> {
        let mut changes = self.engine.changes();
        let waiting = async {
            loop {
                let shown = self.engine.answer(ShowSignIn { attempt: attempt.clone() }).await?;
                if is_there(&shown.stage) {
                    return Ok(shown);
                }
                changes.changed().await.expect("the engine lives");
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("the sign-in goes on")
    }

    /// Connects all three places of the sandbox; their sources, in order.
    pub async fn connect_everything(&self, sandbox: &Sandbox) -> Vec<SourceId> {
        for place in sandbox.places() {
            let ended = self.connect(&place.invitation()).await.expect("an honest code");
            assert!(
                matches!(ended.stage, Stage::Connected { .. }),
                "{}: {:?}",
                place.name,
                ended.stage
            );
        }
        let connections = self.engine.answer(ListConnections {}).await.expect("the list");
        connections.rows.into_iter().map(|row| row.place.source).collect()
    }
}

/// The registry of a developer build for the sandbox, at the ports it runs on.
pub fn registry_of(sandbox: &Sandbox) -> Registry {
    let bytes = registry_bytes_of(sandbox);
    Registry::parse(&bytes, Policy::DEVELOPER).expect("rows as the app ships them")
}

/// The same as a file holds it.
pub fn registry_bytes_of(sandbox: &Sandbox) -> Vec<u8> {
    let rows: Vec<_> = sandbox
        .places()
        .iter()
        .filter_map(|place| {
            let issuer = place.issuer.as_str().trim_end_matches('/');
            Some(json!({
                "fhir_base": place.fhir_base,
                "name": place.name,
                "issuer": issuer,
                "authorization_endpoint": format!("{issuer}/authorize"),
                "token_endpoint": format!("{issuer}/token"),
                "revocation_endpoint": format!("{issuer}/revoke"),
                "client_id": place.client_id.as_ref()?,
                "rotation": "strict",
                "revokes_siblings": false,
            }))
        })
        .collect();
    json!({ "version": 1, "rows": rows }).to_string().into_bytes()
}

fn open(folder: &TempDir, registry: &Registry, mood: &Arc<AtomicU8>) -> Engine {
    let mood = mood.clone();
    let browser = DesktopBrowser::new(Opener::Shell(Box::new(move |_, page| {
        let mood = mood.load(Ordering::SeqCst);
        if mood == Mood::HasNoBrowser as u8 {
            return Err(io::Error::other("no browser"));
        }
        let page = page.clone();
        tokio::spawn(async move {
            let rosa = Person::rosa();
            let walked = match mood {
                mood if mood == Mood::SignsIn as u8 => rosa.sign_in(&page).await.map(drop),
                mood if mood == Mood::SignsInAsStaff as u8 => {
                    Person::named("sam", "handrail").sign_in(&page).await.map(drop)
                }
                mood if mood == Mood::SignsInAsHelper as u8 => {
                    Person::named("priya", "handrail").sign_in(&page).await.map(drop)
                }
                mood if mood == Mood::SignsInForTwo as u8 => {
                    Person::named("lena", "handrail").sign_in(&page).await.map(drop)
                }
                mood if mood == Mood::SignsInForNobody as u8 => {
                    Person::named("noor", "handrail").sign_in(&page).await.map(drop)
                }
                mood if mood == Mood::SaysNo as u8 => rosa.decline(&page).await.map(drop),
                _ => Ok(()),
            };
            if let Err(error) = walked {
                panic!("the person got stuck: {error}");
            }
        });
        Ok(Opened::Shown)
    })));
    handrail_engine::open(Setup {
        data: folder.path().join("data"),
        keys: Keys::File,
        registry: registry.clone(),
        browser: Arc::new(browser),
        snapshots: StrongholdSnapshots::new(),
    })
    .expect("an engine over its own folder")
}

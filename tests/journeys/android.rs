//! What an Android phone does by itself, on a desktop's JVM: our Kotlin over Android's own framework classes, and the
//! border to the app's library crossed for real.
//!
//! `cargo xtask phones` compiles both and says where they are.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    sync::{Arc, Mutex},
};

use handrail_contract::{
    place::{ListConnections, Role},
    sign_in::{BeginSignIn, ShowSignIn, Stage},
};
use handrail_engine::{
    Answer as _, Engine, Keys, Setup,
    browser::{DesktopBrowser, Opener},
    open_on_device,
    ports::{DeviceStore, Key, KeyError, Opened, Records as _},
    records::SqliteRecords,
    vault::StrongholdSnapshots,
};
use handrail_sandbox::{At, Fault, Options, Rule, Sandbox};
use support::{person::Person, phone::registry_of, wait::until};
use tempfile::TempDir;

/// The phone's store as Rust sees it; the JVM is given the same keys.
#[derive(Default)]
struct Store(Mutex<HashMap<String, Key>>);

impl DeviceStore for Store {
    fn find(&self, name: &str) -> Result<Option<Key>, KeyError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn keep(&self, name: &str, key: &Key) -> Result<(), KeyError> {
        self.0.lock().unwrap().entry(name.to_owned()).or_insert_with(|| key.clone());
        Ok(())
    }
}

impl Store {
    /// A line a key: its name, a space, its bytes.
    fn write_down(&self) -> String {
        let line = |(name, key): (&String, &Key)| {
            let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{name} {hex}\n")
        };
        self.0.lock().unwrap().iter().map(line).collect()
    }

    fn open_records(&self, folder: &Path) -> SqliteRecords {
        let keys = self.0.lock().unwrap();
        let key = keys.iter().find(|(name, _)| name.ends_with("-records")).unwrap().1;
        SqliteRecords::open(&folder.join("records.db"), key).unwrap()
    }
}

/// Our Kotlin on the JVM.
fn kotlin(words: &[&str]) -> Command {
    let told = |name: &str| {
        std::env::var(name).unwrap_or_else(|_| panic!("{name} is not told: cargo xtask phones"))
    };
    let mut command = Command::new("java");
    command
        .arg(format!("-Djava.library.path={}", told("HANDRAIL_PHONE_LIBRARY")))
        .args(["-cp", &told("HANDRAIL_PHONE_CLASSES"), "org.handrail.client.phone.TrialKt"])
        .args(words);
    command
}

/// What it said, once it ended.
fn run_kotlin(words: &[&str]) -> String {
    let output = kotlin(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.ends_with("all tried\n"), "{said}");
    said
}

#[test]
fn keys_schedule_and_sign_in_page_are_as_android_needs_them() {
    let said = run_kotlin(&["logic"]);

    assert_eq!(said.lines().filter(|line| line.starts_with("ok ")).count(), 13, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_brings_news_without_a_window_and_a_panic_or_a_lost_key_ends_nothing_else() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let (folder, store) = (tempfile::tempdir().unwrap(), Arc::new(Store::default()));
    let given = tempfile::NamedTempFile::new().unwrap();
    connect_one(&sandbox, &folder, &store).await;
    let source = store.open_records(folder.path()).sources().unwrap().remove(0);
    let kept_before = forget_what_came(&store, &folder);
    let clinic = sandbox.places()[0].control();
    let (tokens_before, grants_before) =
        (clinic.count_token_requests(), clinic.count_live_grants());
    clinic.expire_access_tokens();
    std::fs::write(given.path(), store.write_down()).unwrap();

    let words =
        [folder.path().to_str().unwrap(), given.path().to_str().unwrap()].map(str::to_owned);
    let said = tokio::task::spawn_blocking(move || {
        run_kotlin(&["border", words[0].as_str(), words[1].as_str()])
    })
    .await
    .unwrap();

    let word = |what: &str| said.lines().find_map(|line| line.strip_prefix(what)).map(str::trim);
    let job = |notices| format!("goes on true, wants another try false, notices {notices}");
    assert_eq!(word("job "), Some(&*job(1)), "news: {said}");
    assert_eq!(word("next job "), Some(&*job(1)), "nothing more to say: {said}");
    assert_eq!(word("again "), Some("0"), "nothing is due: {said}");
    assert_eq!(word("panic "), Some("3"), "{said}");
    assert_eq!(word("after a panic "), Some("0"), "{said}");
    assert_eq!(word("empty folder "), Some("0"), "{said}");
    assert_eq!(word("no key lost "), Some("2"), "{said}");
    assert_eq!(word("lost key "), Some("3"), "{said}");
    assert_eq!(word("start over "), Some("0"), "{said}");
    assert_eq!(
        word("started over "),
        Some("0"),
        "there are new keys, and nothing is connected: {said}"
    );
    assert_eq!(word("lost no more "), Some("2"), "{said}");
    assert_eq!(clinic.count_token_requests(), tokens_before + 1, "the token was renewed, once");
    assert_eq!(clinic.count_live_grants(), grants_before, "the session goes on");
    // What was saved lies aside as it was.
    let records = store.open_records(&find_aside(folder.path()));
    let after = records.sources().unwrap().remove(0);
    assert!(after.last_success_at > source.last_success_at, "the look was not a success");
    assert_eq!(records.kept(None).unwrap().len(), kept_before);
}

fn find_aside(folder: &Path) -> PathBuf {
    let mut entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_aside = |path: &PathBuf| path.to_string_lossy().contains("/set-aside-");
    entries.find(is_aside).expect("something was set aside")
}

/// A turn that is under way on the JVM, and what it says.
struct Stopped {
    process: Child,
    said: BufReader<ChildStdout>,
}

impl Stopped {
    /// The next line.
    fn read_line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Says that it is time to stop; what the turn ended with.
    fn stop(&mut self) -> String {
        writeln!(self.process.stdin.as_mut().unwrap()).unwrap();
        self.read_line()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_android_stops_ends_at_once_loses_no_token_and_the_next_one_goes_on() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let (folder, store) = (tempfile::tempdir().unwrap(), Arc::new(Store::default()));
    let given = tempfile::NamedTempFile::new().unwrap();
    connect_one(&sandbox, &folder, &store).await;
    forget_what_came(&store, &folder);
    std::fs::write(given.path(), store.write_down()).unwrap();
    let source = || store.open_records(folder.path()).sources().unwrap().remove(0);
    let clinic = sandbox.places()[0].control();
    let (before, asked) = (source(), clinic.count_token_requests());
    let (grants, reused) = (clinic.count_live_grants(), clinic.count_reuse_events());
    let words = [folder.path().to_str().unwrap(), given.path().to_str().unwrap()];
    let mut command = kotlin(&["stop", words[0], words[1]]);
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped());

    // It is stopped while the place takes a minute to answer.
    clinic.add_fault(Rule::once(At::Type("Task".to_owned()), Fault::Slow { millis: 60_000 }));
    clinic.clear_requests();
    let mut process = piped.spawn().unwrap();
    let said = BufReader::new(process.stdout.take().unwrap());
    let mut turn = Stopped { process, said };
    assert_eq!(turn.read_line(), "begun true");
    until(|| !clinic.requests().is_empty()).await;
    let in_a_fetch = turn.stop();
    let after = source();

    // And while the place has given new tokens, and they are on their way.
    clinic.clear_faults();
    clinic.expire_access_tokens();
    clinic.add_fault(Rule::once(At::Token, Fault::Trickle { millis: 1 }));
    assert_eq!(turn.read_line(), "begun true");
    until(|| clinic.count_token_requests() != asked).await;
    let in_an_exchange = turn.stop();
    let rest = [turn.read_line(), turn.read_line(), turn.read_line()];

    let stopped = "over false, again false, wants another try false";
    assert_eq!(in_a_fetch, stopped);
    assert_eq!(after, before, "the place stays due, and nothing is held against it");
    assert_eq!(in_an_exchange, stopped);
    assert_eq!(rest, ["early 2", "next wants another try false, notices 1", "all tried"]);
    assert_eq!(clinic.count_token_requests(), asked + 1, "what came was sealed, and is used");
    assert_eq!(clinic.count_live_grants(), grants);
    assert_eq!(clinic.count_reuse_events(), reused);
    assert!(turn.process.wait().unwrap().success());
}

/// Rosa connects one place, with the keys in the phone's store; the engine is gone after that.
async fn connect_one(sandbox: &Sandbox, folder: &TempDir, store: &Arc<Store>) {
    let engine = open(sandbox, folder, store);
    let text = sandbox.places()[0].invitation();
    let begun = engine.answer(BeginSignIn { text, role: Role::Patient }).await.unwrap();
    let mut changes = engine.changes();
    loop {
        let shown = engine.answer(ShowSignIn { attempt: begun.attempt.clone() }).await.unwrap();
        match shown.stage {
            Stage::Connected { .. } => break,
            Stage::Refused { reason, .. } => panic!("{reason:?}"),
            _ => changes.changed().await.unwrap(),
        }
    }
    assert_eq!(engine.answer(ListConnections {}).await.unwrap().rows.len(), 1);
}

/// Nothing is kept of the place's records, and it is due; how much there was.
fn forget_what_came(store: &Store, folder: &TempDir) -> usize {
    let records = store.open_records(folder.path());
    let mut source = records.sources().unwrap().remove(0);
    let count = records.kept(None).unwrap().len();
    records.erase_source(&source.id).unwrap();
    (source.next_due_at, source.cursors) = (None, Default::default());
    records.put_source(&source).unwrap();
    count
}

fn open(sandbox: &Sandbox, folder: &TempDir, store: &Arc<Store>) -> Engine {
    let browser = DesktopBrowser::new(Opener::Shell(Box::new(|_, page| {
        let page = page.clone();
        tokio::spawn(async move { Person::rosa().sign_in(&page).await.map(drop).unwrap() });
        Ok(Opened::Shown)
    })));
    let setup = Setup {
        data: folder.path().to_owned(),
        keys: Keys::Best,
        registry: registry_of(sandbox),
        browser: Arc::new(browser),
        snapshots: StrongholdSnapshots::new(),
    };
    open_on_device(setup, store.clone()).unwrap()
}

//! The keys in a real keyring: gnome-keyring on a message bus, and the headless shell over it.

#![cfg(target_os = "linux")]

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use handrail_engine::{
    keys::{
        SecretService,
        suite::{self, Folder, Locks, Trial},
    },
    ports::{KeyName, KeySource},
};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::Value;
use support::{keyring::Keyring, person::Person, programs::find_program};
use tokio::task::spawn_blocking;

/// The port's suite asks for ways to spoil a keyring; this one is spoilt by its own means.
struct RealRing(std::cell::RefCell<Keyring>);

impl RealRing {
    fn start() -> Self {
        Self(Keyring::start().into())
    }
}

impl Trial for RealRing {
    fn open(&self, folder: Folder) -> Box<dyn KeySource> {
        let address = self.0.borrow().address().to_owned();
        Box::new(SecretService::on_bus(&address, name_of(folder)))
    }

    fn remove(&self, folder: Folder, name: KeyName) {
        let removed = self.0.borrow().remove(&[("folder", name_of(folder)), ("key", name.word())]);
        assert_eq!(removed, 1);
    }

    fn alter(&self, folder: Folder, name: KeyName, bytes: &[u8]) {
        let which = [("folder", name_of(folder)), ("key", name.word())];
        assert_eq!(self.0.borrow().alter(&which, bytes), 1);
    }
}

impl Locks for RealRing {
    fn lock(&self) {
        self.0.borrow().lock();
    }

    fn unlock(&self) {
        // Unlocking in place asks a person; a new sign-in to the desktop does not.
        self.0.borrow_mut().end();
        self.0.borrow_mut().begin();
    }
}

const fn name_of(folder: Folder) -> &'static str {
    match folder {
        Folder::Ours => "ours",
        Folder::Another => "another",
    }
}

#[test]
fn a_key_in_a_real_keyring_bears_what_every_key_has_to_bear() {
    suite::finds_again_what_was_kept(&RealRing::start());
    suite::keeps_names_and_folders_apart(&RealRing::start());
    suite::never_replaces_a_key(&RealRing::start());
    suite::tells_gone_from_altered(&RealRing::start());
    suite::is_locked_and_opens_again(&RealRing::start());
}

#[test]
fn keys_are_made_in_the_keyring_and_the_next_process_finds_them() {
    let (keyring, data) = (Keyring::start(), Data::new());

    let first = data.list_sources(&keyring);
    let secrets = keyring.secrets();
    let second = data.list_sources(&keyring);

    // The second could not have read the records with other keys than the first.
    assert_eq!((first.code(), second.code()), (Some(0), Some(0)), "{first:?} {second:?}");
    assert_eq!(secrets.iter().map(Vec::len).collect::<Vec<_>>(), [32, 32]);
    assert_eq!(keyring.secrets(), secrets);
    assert!(data.has_nothing_of(&secrets));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_sealed_with_a_key_of_the_keyring_are_opened_by_the_next_process() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let keyring = spawn_blocking(Keyring::start).await.unwrap();
    let data = Data::new();
    let code = sandbox.place(PlaceKind::Cbo).invitation();

    let mut connect = data
        .command(&keyring, &["--json", "connect", &code, "--accept", "--no-browser"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(connect.stdout.take().unwrap()).lines();
    let begun: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
    Person::rosa().sign_in(&begun["url"].as_str().unwrap().parse().unwrap()).await.unwrap();
    let connected: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
    connect.wait().unwrap();
    let refreshed = Said(data.command(&keyring, &["--json", "refresh"]).output().unwrap());
    let secrets = spawn_blocking(move || keyring.secrets()).await.unwrap();

    assert_eq!(connected["event"], "connected");
    assert!(refreshed.stdout().contains(r#""outcome":"ok""#), "{refreshed:?}");
    assert!(data.files().iter().any(|(path, _)| path.extension().is_some_and(|it| it == "hold")));
    assert_eq!(secrets.len(), 2);
    assert!(data.has_nothing_of(&secrets));
}

#[test]
fn a_locked_keyring_is_named_and_the_data_waits_for_it() {
    let (mut keyring, data) = (Keyring::start(), Data::new());
    data.list_sources(&keyring);
    let before = data.files();

    keyring.lock();
    let locked = data.list_sources(&keyring);
    let untouched = data.files() == before;
    keyring.end();
    let away = data.list_sources(&keyring);
    let still_untouched = data.files() == before;
    keyring.begin();
    let open = data.list_sources(&keyring);

    for refused in [&locked, &away] {
        assert_eq!((refused.code(), refused.reason()), (Some(2), "key_locked".to_owned()));
    }
    assert!(locked.stderr().contains("unlock your keyring"), "{locked:?}");
    assert!(untouched && still_untouched);
    assert_eq!(open.code(), Some(0), "{open:?}");
}

#[test]
fn a_key_that_was_deleted_from_the_keyring_is_missing_and_not_made_again() {
    for name in ["vault", "records"] {
        let (keyring, data) = (Keyring::start(), Data::new());
        data.list_sources(&keyring);
        let before = data.files();

        assert_eq!(keyring.remove(&[("key", name)]), 1);
        let gone = data.list_sources(&keyring);

        assert_eq!((gone.code(), gone.reason()), (Some(2), "key_trouble".to_owned()));
        assert!(gone.stderr().contains("the key is gone"), "{gone:?}");
        assert_eq!(keyring.secrets().len(), 1);
        assert!(data.files() == before);
    }
}

#[test]
fn a_key_that_was_altered_in_the_keyring_is_told_from_one_that_is_gone() {
    let (keyring, data) = (Keyring::start(), Data::new());
    data.list_sources(&keyring);
    let before = data.files();

    assert_eq!(keyring.alter(&[("key", "vault")], b"short"), 1);
    let altered = data.list_sources(&keyring);

    assert_eq!((altered.code(), altered.reason()), (Some(2), "key_trouble".to_owned()));
    assert!(altered.stderr().contains("the key was changed"), "{altered:?}");
    assert!(data.files() == before);
}

#[test]
fn a_keyring_that_is_locked_at_the_very_first_start_leaves_nothing_behind() {
    let (keyring, data) = (Keyring::start(), Data::new());
    keyring.lock();

    let locked = data.list_sources(&keyring);

    assert_eq!((locked.code(), locked.reason()), (Some(2), "key_locked".to_owned()));
    assert!(data.files().is_empty());
}

#[test]
fn a_folder_that_began_without_a_keyring_keeps_its_files_and_says_so() {
    let (mut keyring, data, later) = (Keyring::start_bus(), Data::new(), Data::new());

    let without = data.list_sources(&keyring);
    keyring.begin();
    let with = data.list_sources(&keyring);
    let words = data.say_sources(&keyring);
    let words_of_later = later.say_sources(&keyring);

    assert_eq!((without.code(), with.code()), (Some(0), Some(0)), "{without:?} {with:?}");
    assert!(words.stdout().contains("A locked keyring would be safer."), "{words:?}");
    assert!(!words_of_later.stdout().contains("keyring"), "{words_of_later:?}");
    assert_eq!(keyring.secrets().len(), 2);
}

#[test]
fn of_processes_that_start_at_once_over_a_new_folder_one_makes_the_keys() {
    let (keyring, data) = (Keyring::start(), Data::new());

    let starts: Vec<_> = (0..4)
        .map(|_| {
            let mut command = data.command(&keyring, &["--json", "sources"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ends: Vec<_> =
        starts.into_iter().map(|start| Said(start.wait_with_output().unwrap())).collect();

    assert!(ends.iter().all(|end| end.code() == Some(0)), "{ends:?}");
    assert_eq!(keyring.secrets().len(), 2);
}

/// A data folder of the headless shell.
struct Data(tempfile::TempDir);

impl Data {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn command(&self, keyring: &Keyring, arguments: &[&str]) -> Command {
        let mut command = Command::new(find_program("handrail"));
        command.arg("--data").arg(self.folder()).args(arguments).stdin(Stdio::null());
        keyring.lend_to(&mut command);
        command
    }

    fn list_sources(&self, keyring: &Keyring) -> Said {
        Said(self.command(keyring, &["--json", "sources"]).output().unwrap())
    }

    fn say_sources(&self, keyring: &Keyring) -> Said {
        Said(self.command(keyring, &["sources"]).output().unwrap())
    }

    /// Every file with something in it, by name.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        collect(&self.folder(), &mut files);
        files.retain(|(_, bytes)| !bytes.is_empty());
        files.sort();
        files
    }

    /// Whether none of these stands in a file of the folder, as it is or written in letters.
    fn has_nothing_of(&self, secrets: &[Vec<u8>]) -> bool {
        let files = self.files();
        assert!(!files.is_empty());
        let spellings = secrets.iter().flat_map(|secret| spell(secret)).collect::<Vec<_>>();
        !files.iter().any(|(_, bytes)| {
            spellings.iter().any(|spelt| bytes.windows(spelt.len()).any(|part| part == spelt))
        })
    }
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push((path.clone(), std::fs::read(path).unwrap()));
        }
    }
}

/// Bytes as they are, in hexadecimal of both cases, and in base64 without its padding.
fn spell(secret: &[u8]) -> Vec<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose};
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        secret.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        general_purpose::STANDARD_NO_PAD.encode(secret).into_bytes(),
        general_purpose::URL_SAFE_NO_PAD.encode(secret).into_bytes(),
    ]
}

/// What a process said, and how it ended.
#[derive(Debug)]
struct Said(Output);

impl Said {
    fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// The stable code of a refusal, from its JSON.
    fn reason(&self) -> String {
        let said: Value = serde_json::from_slice(&self.0.stdout).unwrap_or_default();
        said["reason"].as_str().unwrap_or_default().to_owned()
    }
}

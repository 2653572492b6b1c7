//! Where a laboratory stands: one place of the sandbox over real HTTP, a data folder, and a person who signs in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use handrail_sandbox::{Control, Options, PlaceKind, Rotation, Sandbox};
use support::{person::Person, phone::registry_bytes_of};
use tempfile::TempDir;

use crate::hand::{Kind, Worker};

/// A place and a data folder.
pub struct Ground {
    pub control: Control,
    invitation: String,
    folder: TempDir,
    person: Person,
    _sandbox: Sandbox,
}

impl Ground {
    /// A sandbox whose places rotate like this, and a folder with nothing in it.
    pub async fn prepare(rotation: Rotation) -> Self {
        let options = Options { rotation: Some(rotation), ..Options::anywhere() };
        let sandbox = Sandbox::start(options).await.expect("loopback has free ports");
        let folder = tempfile::tempdir().expect("a folder to keep things in");
        let place = sandbox.place(PlaceKind::Provider);
        let (control, invitation) = (place.control(), place.invitation());
        let ground =
            Self { control, invitation, folder, person: Person::rosa(), _sandbox: sandbox };
        fs::write(ground.registry(), registry_bytes_of(&ground._sandbox)).expect("our own folder");
        ground
    }

    /// Where the app keeps everything.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn registry(&self) -> PathBuf {
        self.folder.path().join("registry.json")
    }

    /// Where strace writes.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("strace.log")
    }

    /// The app was never on this phone.
    pub fn wipe(&self) {
        if self.data().exists() {
            fs::remove_dir_all(self.data()).expect("our own folder");
        }
    }

    /// A process of the app that has just begun.
    pub fn spawn(&self, kind: Kind) -> Worker {
        Worker::spawn(&self.data(), &self.registry(), kind)
    }

    /// A process of the app that has opened what is there; the error is why it could not.
    pub async fn open(&self, kind: Kind) -> Result<Worker, String> {
        let mut worker = self.spawn(kind);
        worker.greet().await?;
        worker.open().await?;
        Ok(worker)
    }

    /// The command that begins a sign-in.
    pub fn connect_command(&self) -> String {
        format!("connect {}", self.invitation)
    }

    /// The person signs in on the page that a worker opens. Where the browser was sent back to, and what came of it.
    pub async fn sign_in(&self, worker: &mut Worker, command: &str) -> (Option<String>, String) {
        worker.tell(command).await;
        let mut landing = None;
        loop {
            let Some(said) = worker.listen().await else { return (landing, "died".to_owned()) };
            let Some(page) = said.strip_prefix("page ") else { return (landing, said) };
            let landed = self.walk(page).await;
            visit(&landed).await;
            landing = Some(landed);
        }
    }

    /// The person signs in on a page; where the browser is to be sent back to. It does not go there yet.
    pub async fn walk(&self, page: &str) -> String {
        let page = page.parse().expect("the app opens an address");
        let landed = self.person.walk_to_redirect(&page).await.expect("the page lets Rosa in");
        landed.uri.to_string()
    }

    /// Connects the place in a process of its own; the connection's name.
    pub async fn connect(&self) -> String {
        let mut worker = self.open(Kind::Usual).await.expect("an empty folder opens");
        let (_, said) = self.sign_in(&mut worker, &self.connect_command()).await;
        worker.close().await;
        said.strip_prefix("connected ").unwrap_or_else(|| panic!("a sign-in: {said}")).to_owned()
    }

    /// Signs in again after a session was lost.
    pub async fn connect_again(&self, source: &str) {
        let mut worker = self.open(Kind::Usual).await.expect("a folder that opened before");
        let (_, said) = self.sign_in(&mut worker, &format!("again {source}")).await;
        worker.close().await;
        assert_eq!(said, format!("connected {source}"), "signing in again mends a lost session");
    }

    /// Token requests so far that gave new tokens. Forgets them.
    pub fn take_rotations(&self) -> u64 {
        let seen = self.control.requests();
        self.control.clear_requests();
        let given = |path: &str, status| path == "/auth/token" && status == Some(200);
        seen.iter().filter(|seen| given(&seen.path, seen.status)).count() as u64
    }

    /// Files in the vault whose name fits.
    pub fn count_sealed(&self, fits: impl Fn(&str) -> bool) -> u64 {
        list_names(&self.data().join("vault")).iter().filter(|name| fits(name)).count() as u64
    }

    /// Drafts of a key that an interrupted first start left.
    pub fn count_key_drafts(&self) -> u64 {
        list_names(&self.data()).iter().filter(|name| name.ends_with(".draft")).count() as u64
    }

    /// Drafts that an interrupted commit left.
    pub fn count_strays(&self) -> u64 {
        self.count_sealed(|name| name.contains(".hold."))
    }
}

/// The browser goes to an address. The app behind it may be dead; then the browser says so, and that is all.
pub async fn visit(address: &str) {
    let browser = reqwest::Client::builder().build().expect("a client without certificates");
    let _ = browser.get(address).send().await;
}

fn list_names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

//! A keyring as a desktop has it: gnome-keyring on a message bus of its own, in a home of its own.
//!
//! Never: the person's own bus, home or keyring. Nothing is started by this bus that the test did not start.

use std::{
    collections::HashMap,
    fs::{self, DirBuilder},
    io::{BufRead as _, BufReader, Write as _},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use secret_service::{EncryptionType, blocking};
use tempfile::TempDir;

/// How long the bus and the keyring may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(20);
/// What our items in the keyring have in common.
const APP: (&str, &str) = ("application", "org.handrail.client");
const PASSWORD: &[u8] = b"the keyring's password";

/// A keyring, as long as this lives. Its calls block: ask it outside a runtime.
pub struct Keyring {
    daemon: Option<Ended>,
    _bus: Ended,
    address: String,
    home: TempDir,
}

/// A process that ends with the value that stands for it.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Keyring {
    /// A keyring that is unlocked, as after signing in to the desktop.
    pub fn start() -> Self {
        let mut keyring = Self::start_bus();
        keyring.begin();
        keyring
    }

    /// A message bus on which no keyring answers yet.
    pub fn start_bus() -> Self {
        let home = tempfile::tempdir().expect("a home for the keyring");
        for folder in ["run", "data"] {
            let made = DirBuilder::new().mode(0o700).create(home.path().join(folder));
            made.expect("a folder in our own");
        }
        let config = home.path().join("bus.conf");
        fs::write(&config, describe_bus(home.path())).expect("a file in our own folder");
        let mut bus = at_home(Command::new("dbus-daemon"), home.path())
            .arg("--config-file")
            .arg(config)
            .args(["--nofork", "--print-address=1"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed; `cargo xtask test` sees to it");
        let mut address = String::new();
        let mut said = BufReader::new(bus.stdout.take().expect("the output is piped"));
        said.read_line(&mut address).expect("the bus says where it is");
        Self { daemon: None, _bus: Ended(bus), address: address.trim().to_owned(), home }
    }

    /// Starts the keyring with the person's password, and waits until it answers.
    pub fn begin(&mut self) {
        let mut daemon = at_home(Command::new("gnome-keyring-daemon"), self.home.path())
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring is installed; `cargo xtask test` sees to it");
        let mut input = daemon.stdin.take().expect("the input is piped");
        input.write_all(PASSWORD).expect("the keyring reads its password");
        drop(input);
        self.daemon = Some(Ended(daemon));
        self.wait_until(true);
    }

    /// Ends the keyring, and waits until the bus has noticed.
    pub fn end(&mut self) {
        self.daemon = None;
        self.wait_until(false);
    }

    /// Locks everything in it, as a desktop does when the person leaves.
    pub fn lock(&self) {
        self.ask(|service| {
            let collection = service.get_default_collection().expect("a default collection");
            // The crate takes the honest answer of this keyring, "nothing to ask", for a prompt.
            collection.lock().ok();
            assert!(collection.is_locked().expect("the keyring answers"), "it is locked");
        });
    }

    /// Where its bus listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Lets a program use this keyring and this home, and the best place for keys.
    pub fn lend_to<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("HANDRAIL_KEYS", "best")
    }

    /// What this app keeps there.
    pub fn secrets(&self) -> Vec<Vec<u8>> {
        self.with_items(&[APP], |item| item.get_secret().expect("an unlocked item"))
    }

    /// Deletes the items with these attributes; returns how many.
    pub fn remove(&self, attributes: &[(&str, &str)]) -> usize {
        self.with_items(attributes, |item| item.delete().expect("an unlocked item")).len()
    }

    /// Puts another secret into the items with these attributes; returns how many.
    pub fn alter(&self, attributes: &[(&str, &str)], secret: &[u8]) -> usize {
        let set = |item: &blocking::Item<'_>| {
            item.set_secret(secret, "application/octet-stream").expect("an unlocked item");
        };
        self.with_items(attributes, set).len()
    }

    fn with_items<T>(
        &self,
        attributes: &[(&str, &str)],
        work: impl Fn(&blocking::Item<'_>) -> T,
    ) -> Vec<T> {
        let attributes: HashMap<_, _> = attributes.iter().copied().collect();
        self.ask(|service| {
            let found = service.search_items(attributes).expect("the keyring answers");
            assert!(found.locked.is_empty(), "the keyring is unlocked");
            found.unlocked.iter().map(work).collect()
        })
    }

    fn ask<T>(&self, work: impl FnOnce(&blocking::SecretService<'_>) -> T) -> T {
        let service =
            blocking::SecretService::connect_with_existing(EncryptionType::Dh, self.connect());
        work(&service.expect("the keyring answers"))
    }

    fn connect(&self) -> zbus::blocking::Connection {
        zbus::blocking::connection::Builder::address(&*self.address)
            .and_then(zbus::blocking::connection::Builder::build)
            .expect("the bus answers")
    }

    fn wait_until(&self, there: bool) {
        let connection = self.connect();
        let bus = zbus::blocking::fdo::DBusProxy::new(&connection).expect("the bus answers");
        let name = "org.freedesktop.secrets";
        let begun = Instant::now();
        while bus.name_has_owner(name.try_into().expect("a name")).expect("an answer") != there {
            assert!(begun.elapsed() < PATIENCE, "the keyring did not start or end");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn at_home(mut command: Command, home: &Path) -> Command {
    let at = |folder: &str| -> PathBuf { home.join(folder) };
    command
        .env("HOME", home)
        .env("XDG_DATA_HOME", at("data"))
        .env("XDG_RUNTIME_DIR", at("run"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("GNOME_KEYRING_CONTROL");
    command
}

/// A session bus that starts no services by itself.
fn describe_bus(home: &Path) -> String {
    format!(
        "<busconfig><type>session</type><listen>unix:dir={}</listen><policy context=\"default\">\
         <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
         </policy></busconfig>",
        home.join("run").display()
    )
}

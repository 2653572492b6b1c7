//! The app's real window, driven through WebDriver.
//!
//! Needs a screen and a message bus: `dbus-run-session -- xvfb-run -a …`, as `cargo xtask test` has it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use handrail_engine::Registry;
use serde_json::json;
use tokio::process::Command;
use url::Url;

use crate::{
    child::Child,
    driver::{begin_session, start_driver},
    programs::{find_program, repository},
    screen::Screen,
};

/// How long a sign-in page may take to be opened.
const PATIENCE: Duration = Duration::from_secs(60);

/// The app, as long as this lives.
pub struct Window {
    pub screen: Screen,
    /// Where the person keeps what they take along.
    pub downloads: PathBuf,
    driver: Child,
    browser_file: PathBuf,
    /// What the app was started with.
    arguments: Vec<OsString>,
}

impl Window {
    /// Opens the app over this folder. It knows these partners; sign-in pages go to a file in place of a browser.
    pub async fn open(folder: &Path, registry: &Registry) -> Self {
        Self::open_with(folder, registry, &[]).await
    }

    /// The same with more words: a link that the system starts the app with, or a developer's wish.
    pub async fn open_with(folder: &Path, registry: &Registry, more: &[&str]) -> Self {
        let browser_file = folder.join("sign-in-page");
        let partners = folder.join("partners.json");
        let rows = serde_json::to_vec(registry).expect("a registry can be written");
        std::fs::write(&partners, rows).expect("a file for the partners");
        // A page of an earlier window is none of this one.
        std::fs::remove_file(&browser_file).ok();

        let downloads = folder.join("Downloads");
        let config = folder.join("config");
        name_downloads(&config, &downloads);

        let (driver, address) = start_driver("WebKitWebDriver", |command| {
            as_in_ci(command.env("XDG_CONFIG_HOME", config));
        })
        .await;
        // The person's own keyring is none of the tests' business.
        let mut arguments = vec![OsString::from("--keys"), "file".into()];
        for (name, path) in [
            ("--data", &folder.join("data")),
            ("--registry", &partners),
            ("--browser-file", &browser_file),
        ] {
            arguments.extend([OsString::from(name), path.into()]);
        }
        let words = arguments.iter().map(|word| word.to_string_lossy());
        let words: Vec<_> = words.chain(more.iter().map(|&word| word.into())).collect();
        let options = json!({ "binary": find_program("handrail-app"), "args": words });
        let capabilities = [("webkitgtk:browserOptions".to_owned(), options)];
        let client = begin_session(&address, capabilities.into_iter().collect()).await;
        Self { screen: Screen(client), downloads, driver, browser_file, arguments }
    }

    /// Opens a link while the app is open, as the system does it: by another start, which ends at once.
    pub async fn open_link(&self, link: &str) {
        let mut start = Command::new(find_program("handrail-app"));
        without_a_desk(&mut start);
        let start = start.args(&self.arguments).arg(link).kill_on_drop(true).status();
        let ended = tokio::time::timeout(PATIENCE, start).await.expect("a second start ends");
        assert!(ended.is_ok_and(|status| status.success()), "the link found no open app");
    }

    /// Another window comes before this one and takes the keys.
    pub async fn turn_away(&self) {
        let script = repository().join("tests/support/take_focus.py");
        let taken = Command::new("python3").arg(script).status().await;
        assert!(taken.is_ok_and(|status| status.success()), "the keys cannot be taken away");
        self.wait_until_focus_is(false).await;
    }

    /// Waits until keys go to this window, or no more.
    pub async fn wait_until_focus_is(&self, here: bool) {
        let begun = Instant::now();
        while self.screen.run("return document.hasFocus()", Vec::new()).await != json!(here) {
            assert!(begun.elapsed() < PATIENCE, "the focus stays where it is");
        }
    }

    /// Whether a sign-in page was opened.
    pub fn was_sent_to_sign_in(&self) -> bool {
        self.browser_file.exists()
    }

    /// The page that the app wants the person to sign in at. Each is given once.
    pub async fn wait_for_sign_in_page(&self) -> Url {
        let begun = Instant::now();
        loop {
            if let Ok(page) = std::fs::read_to_string(&self.browser_file) {
                std::fs::remove_file(&self.browser_file).expect("the file is ours");
                return page.parse().expect("the app opens addresses only");
            }
            assert!(begun.elapsed() < PATIENCE, "no sign-in page was opened");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Takes a picture of the window as it stands on the screen, drawn by the system and not by the driver.
    pub async fn take_picture(&self, to: &Path) {
        let size = self.screen.run("return `${innerWidth}x${innerHeight}`", Vec::new()).await;
        let size = size.as_str().unwrap_or_default();
        let mut command = Command::new("import");
        command.args(["-window", "root", "-crop", &format!("{size}+0+0"), "+repage"]).arg(to);
        let taken = command.status().await;
        assert!(taken.is_ok_and(|status| status.success()), "no picture could be taken");
    }

    /// Kills the app, as a phone does that needs room: no notice, nothing saved on the way.
    pub async fn kill(self) {
        let Self { screen, driver, .. } = self;
        driver.signal(rustix::process::Signal::KILL);
        drop((screen, driver));
    }
}

/// Says where Downloads are, as a desktop does it (xdg-user-dirs, `user-dirs.dirs`).
fn name_downloads(config: &Path, downloads: &Path) {
    std::fs::create_dir_all(config).expect("a folder for what the desktop says");
    let line = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    std::fs::write(config.join("user-dirs.dirs"), line).expect("the desktop's own file");
}

fn as_in_ci(command: &mut Command) {
    command.arg("--host=127.0.0.1").env("TAURI_WEBVIEW_AUTOMATION", "true");
    without_a_desk(command);
}

/// What a window needs where there is no graphics card and nobody who listens to the screen.
fn without_a_desk(command: &mut Command) {
    command.env("NO_AT_BRIDGE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
}

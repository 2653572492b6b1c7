//! The Browser port of a desktop: the person's own browser, and the way back over loopback (RFC 8252 section 7.3).

mod loopback;

#[cfg(feature = "developer")]
use std::path::PathBuf;
use std::{io, process::Stdio};

use async_trait::async_trait;
use handrail_contract::sign_in::AttemptId;
use url::Url;

use crate::ports::{Browser, BrowserError, Opened, Redirects};

/// How a shell shows a page to the person.
pub enum Opener {
    /// The system's own browser.
    System,
    /// The shell shows the address by its own means: prints it, or offers a link.
    #[expect(clippy::type_complexity, reason = "one callback, named where it is made")]
    Shell(Box<dyn Fn(&AttemptId, &Url) -> io::Result<Opened> + Send + Sync>),
    /// Tests read the address from this file.
    #[cfg(feature = "developer")]
    File(PathBuf),
}

/// A browser on this machine, and redirects over loopback.
pub struct DesktopBrowser {
    opener: Opener,
}

impl DesktopBrowser {
    /// Shows pages by this opener.
    pub fn new(opener: Opener) -> Self {
        Self { opener }
    }
}

#[async_trait]
impl Browser for DesktopBrowser {
    async fn expect_redirects(
        &self,
        path: &str,
        port: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        loopback::listen(path, port).await.map_err(BrowserError)
    }

    async fn open(&self, attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        match &self.opener {
            Opener::System => open_system_browser(page).await.map_err(BrowserError),
            Opener::Shell(show) => show(attempt, page).map_err(BrowserError),
            #[cfg(feature = "developer")]
            Opener::File(path) => {
                let draft = path.with_extension("draft");
                std::fs::write(&draft, page.as_str()).map_err(BrowserError)?;
                std::fs::rename(&draft, path).map_err(BrowserError)?;
                Ok(Opened::Shown)
            }
        }
    }
}

/// Only ever an address that discovery vetted; https, or loopback in a developer build.
async fn open_system_browser(page: &Url) -> io::Result<Opened> {
    let programs: &[(&str, &[&str])] = if cfg!(target_os = "macos") {
        &[("open", &[])]
    } else if cfg!(windows) {
        &[("rundll32", &["url.dll,FileProtocolHandler"])]
    } else {
        &[("xdg-open", &[]), ("gio", &["open"]), ("sensible-browser", &[]), ("x-www-browser", &[])]
    };
    for (program, arguments) in programs {
        let started = tokio::process::Command::new(program)
            .args(*arguments)
            .arg(page.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if let Ok(mut child) = started {
            // Most openers hand the page over and end; one that ends badly at once had no browser.
            match tokio::time::timeout(std::time::Duration::from_secs(2), child.wait()).await {
                Ok(Ok(status)) if !status.success() => continue,
                _ => return Ok(Opened::Shown),
            }
        }
    }
    Err(io::Error::new(io::ErrorKind::NotFound, "no program that opens pages"))
}

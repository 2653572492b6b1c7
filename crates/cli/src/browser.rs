//! The browser of a terminal: the address is printed, and opened unless that was not wanted.

use async_trait::async_trait;
use handrail_contract::sign_in::AttemptId;
use handrail_engine::{
    browser::{DesktopBrowser, Opener},
    ports::{Browser, BrowserError, Opened, Redirects},
};
use url::Url;

/// Prints the sign-in address; the redirect comes back over loopback.
pub struct TerminalBrowser {
    desktop: DesktopBrowser,
    opens: bool,
    json: bool,
}

impl TerminalBrowser {
    /// `opens`: also show the page in the system's browser.
    pub fn new(opens: bool, json: bool) -> Self {
        Self { desktop: DesktopBrowser::new(Opener::System), opens, json }
    }
}

#[async_trait]
impl Browser for TerminalBrowser {
    async fn expect_redirects(
        &self,
        path: &str,
        port: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        self.desktop.expect_redirects(path, port).await
    }

    async fn open(&self, attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        if self.json {
            crate::print_json(&serde_json::json!({ "event": "sign_in", "url": page }));
        } else {
            println!("Sign in here (you have 10 minutes):\n\n    {page}\n");
        }
        if self.opens && self.desktop.open(attempt, page).await.is_err() {
            eprintln!("handrail: no browser could be opened; please open the address yourself");
        }
        Ok(Opened::Shown)
    }
}

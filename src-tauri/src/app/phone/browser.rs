//! The Browser port of a phone: its own browser, and the way back by the app's scheme (RFC 8252 section 7.1).

use std::io;

use async_trait::async_trait;
use handrail_contract::sign_in::AttemptId;
use handrail_engine::{
    phone_redirect,
    ports::{Browser, BrowserError, Opened, Redirects},
};
use handrail_plugin::Phone;
use tauri::{AppHandle, Manager, Runtime};
use tokio::sync::mpsc;
use url::Url;

/// The phone's browser. What it hands back comes as a link that the system opens the app with, also into a later
/// process: so says `crate::app::links`, and nothing comes in here.
pub struct PhoneBrowser<R: Runtime>(pub AppHandle<R>);

impl<R: Runtime> PhoneBrowser<R> {
    fn scheme(&self) -> &str {
        &self.0.config().identifier
    }
}

#[async_trait]
impl<R: Runtime> Browser for PhoneBrowser<R> {
    async fn expect_redirects(
        &self,
        path: &str,
        _port: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        let redirect_uri = phone_redirect(self.scheme(), path)
            .map_err(|error| BrowserError(io::Error::other(error)))?;
        let (sender, incoming) = mpsc::channel(1);
        // While the sender lives, the engine goes on waiting, and hears the link.
        Ok(Redirects { redirect_uri, incoming, guard: Box::new(sender) })
    }

    async fn open(&self, _attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        let phone = self.0.state::<Phone<R>>().inner().clone();
        match phone.open_page(page.as_str(), self.scheme()).await {
            Ok(()) => Ok(Opened::Shown),
            // What the phone says of it is not ours, and might hold the address.
            Err(_) => Err(BrowserError(io::Error::other("the phone did not open it"))),
        }
    }
}

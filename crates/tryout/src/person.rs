//! The [`Browser`] port: a made-up person who signs in at the place's own pages, at once, and shows nobody a page.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use handrail_contract::sign_in::AttemptId;
use handrail_engine::ports::{Browser, BrowserError, Opened, Redirected, Redirects};
use handrail_sandbox::{
    Place,
    http::{Request, Response, header},
};
use tokio::sync::{mpsc, oneshot};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::http::find_place;

/// One of the sandbox's people; both of these stand in its README.
const NAME: &str = "rosa";
const PASSWORD: &str = "handrail";

type Waiting = Arc<Mutex<HashMap<String, mpsc::Sender<Redirected>>>>;

/// Signs in wherever it is asked to.
pub struct MadeUpPerson {
    places: Arc<[Place]>,
    waiting: Waiting,
}

impl MadeUpPerson {
    pub fn new(places: Arc<[Place]>) -> Self {
        Self { places, waiting: Waiting::default() }
    }

    /// From the sign-in page to the address that the place sends the person back to.
    async fn sign_in(&self, page: &Url) -> Option<String> {
        let place = find_place(&self.places, page)?;
        let get = Request::get(page.as_str()).body(Vec::new()).ok()?;
        let shown = place.answer(get).await;
        let name = read_request(&String::from_utf8_lossy(shown.body()))?;
        let who = [("request", &*name), ("username", NAME), ("password", PASSWORD)];
        send_form(place, "auth/sign-in", &who).await?;
        let yes = [("request", &*name), ("decision", "allow")];
        let decided = send_form(place, "auth/decide", &yes).await?;
        decided.headers().get(header::LOCATION)?.to_str().ok().map(str::to_owned)
    }
}

async fn send_form(
    place: &Place,
    path: &str,
    fields: &[(&str, &str)],
) -> Option<Response<Vec<u8>>> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = Request::post(place.origin.join(path).ok()?.as_str())
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into_bytes());
    Some(place.answer(request.ok()?).await)
}

/// The name of the sign-in, from the page's hidden field.
fn read_request(page: &str) -> Option<String> {
    let (_, after) = page.split_once(r#"name="request" value=""#)?;
    after.split_once('"').map(|(name, _)| name.to_owned())
}

#[async_trait]
impl Browser for MadeUpPerson {
    async fn expect_redirects(
        &self,
        path: &str,
        port: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        // An address as the places want it; nobody listens there, and nobody goes there.
        let port = port.unwrap_or(1);
        let redirect_uri = Url::parse(&format!("http://127.0.0.1:{port}{path}"))
            .map_err(|error| BrowserError(io::Error::other(error)))?;
        let (sender, incoming) = mpsc::channel(1);
        let home = redirect_uri.to_string();
        locked(&self.waiting).insert(home.clone(), sender);
        let guard = Box::new(Waits { waiting: self.waiting.clone(), home });
        Ok(Redirects { redirect_uri, incoming, guard })
    }

    async fn open(&self, _attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        let none = || BrowserError(io::Error::other("no such page"));
        let back = Zeroizing::new(self.sign_in(page).await.ok_or_else(none)?);
        let home = back.split('?').next().unwrap_or_default();
        let sender = locked(&self.waiting).get(home).cloned().ok_or_else(none)?;
        let (taken, _) = oneshot::channel();
        sender.send(Redirected { url: back, taken }).await.map_err(|_| none())?;
        Ok(Opened::Shown)
    }
}

/// Stops waiting for a redirect when dropped.
struct Waits {
    waiting: Waiting,
    home: String,
}

impl Drop for Waits {
    fn drop(&mut self) {
        locked(&self.waiting).remove(&self.home);
    }
}

/// The map under the lock is whole between statements.
fn locked(
    waiting: &Mutex<HashMap<String, mpsc::Sender<Redirected>>>,
) -> MutexGuard<'_, HashMap<String, mpsc::Sender<Redirected>>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

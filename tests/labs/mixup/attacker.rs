//! A hostile place: a description of any kind, an authorization endpoint that relays, and a recorder behind everything.
//!
//! In: what browsers and the app send to it. Out: how many codes, verifiers and tokens that was.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::{Url, form_urlencoded};

/// Larger than anything that is sent here.
const LARGEST: usize = 1024 * 1024;

/// What reached the attacker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caught {
    /// All requests, those included that look for the description.
    pub requests: u64,
    pub codes: u64,
    pub verifiers: u64,
    pub tokens: u64,
}

impl Caught {
    /// What no attacker may have.
    pub fn secrets(self) -> u64 {
        self.codes + self.verifiers + self.tokens
    }
}

/// How the authorization endpoint sends a browser on to the honest one.
#[derive(Clone)]
pub struct Relay {
    pub to: Url,
    /// The honest place's FHIR base, in place of the attacker's own.
    pub aud: String,
    /// The honest place's redirect address, in place of the one that was asked for.
    pub redirect_path: Option<String>,
}

#[derive(Default)]
struct Desk {
    description: Value,
    relay: Option<Relay>,
    /// Every request, as text: address, `Authorization`, body.
    heard: Vec<String>,
}

/// The attacker's server, until it is dropped.
pub struct Attacker {
    pub origin: Url,
    desk: Arc<Mutex<Desk>>,
    serving: JoinHandle<()>,
}

impl Attacker {
    /// Serves on loopback under another name than the sandbox: `localhost`, so that the domains differ.
    pub async fn serve() -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback has free ports");
        let port = listener.local_addr().expect("it listens").port();
        let desk = Arc::new(Mutex::new(Desk::default()));
        let router = Router::new().fallback(answer).with_state(desk.clone());
        let serving = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        let origin = format!("http://localhost:{port}/").parse().expect("a port makes an origin");
        Self { origin, desk, serving }
    }

    pub fn at(&self, path: &str) -> String {
        self.origin.join(path).expect("a plain path").to_string()
    }

    pub fn describe(&self, description: Value) {
        lock(&self.desk).description = description;
    }

    pub fn relay(&self, relay: Relay) {
        lock(&self.desk).relay = Some(relay);
    }

    /// What was caught so far; `secrets` are the honest place's own, wherever they turn up.
    pub fn caught(&self, secrets: &[String]) -> Caught {
        let desk = lock(&self.desk);
        let mut caught = Caught { requests: desk.heard.len() as u64, ..Caught::default() };
        for heard in &desk.heard {
            let names: Vec<_> = heard
                .split(['?', '&', '\n'])
                .filter_map(|pair| pair.split_once('=').map(|(name, _)| name))
                .collect();
            let has = |wanted: &str| u64::from(names.contains(&wanted));
            caught.codes += has("code");
            caught.verifiers += has("code_verifier");
            let known = secrets.iter().any(|secret| heard.contains(secret.as_str()));
            let token = heard.contains("\nBearer ") || names.contains(&"refresh_token");
            // A secret that is neither named as a code nor as a verifier counts as a token.
            caught.tokens += u64::from(token || known && has("code") + has("code_verifier") == 0);
        }
        caught
    }
}

impl Drop for Attacker {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(desk: &Mutex<Desk>) -> std::sync::MutexGuard<'_, Desk> {
    desk.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(State(desk): State<Arc<Mutex<Desk>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LARGEST).await.unwrap_or_default();
    let authorization =
        parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let mut desk = lock(&desk);
    desk.heard.push(format!(
        "{}\n{}\n{}",
        parts.uri,
        authorization.unwrap_or_default(),
        String::from_utf8_lossy(&body)
    ));
    match parts.uri.path() {
        "/fhir/.well-known/smart-configuration" => Json(desk.description.clone()).into_response(),
        "/auth/authorize" => match &desk.relay {
            Some(relay) => {
                let to = write_relayed(relay, parts.uri.query().unwrap_or_default());
                (StatusCode::FOUND, [(header::LOCATION, to)]).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        _ => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
    }
}

/// The honest server's address with the app's own request, made to look as if it were meant for it.
fn write_relayed(relay: &Relay, query: &str) -> String {
    let mut to = relay.to.clone();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = match (&*name, &relay.redirect_path) {
            ("aud", _) => relay.aud.clone(),
            ("redirect_uri", Some(path)) => {
                let mut uri = Url::parse(&value).expect("the app's own redirect address");
                uri.set_path(path);
                uri.to_string()
            }
            _ => value.into_owned(),
        };
        to.query_pairs_mut().append_pair(&name, &value);
    }
    to.to_string()
}

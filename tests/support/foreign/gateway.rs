//! The door between the two foreign servers: it says how to sign in, checks the token, and passes the request on.
//!
//! In: requests at the public FHIR base. Out: the FHIR server's own answers, unchanged.
//! Never: a resource of its own, or a judgement on what the FHIR server says.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

const CLIENT_ID: &str = "gateway";
const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";
/// What a FHIR exchange needs of a request and of an answer; the token stays here.
const PASSED_IN: [&str; 7] = [
    "accept",
    "content-type",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-none-exist",
    "prefer",
];
const PASSED_OUT: [&str; 6] =
    ["content-type", "etag", "last-modified", "location", "date", "retry-after"];

/// What both servers must know before the gateway can open.
pub struct Setup {
    listener: TcpListener,
    base: Url,
    secret: String,
}

impl Setup {
    /// Takes a free port and draws the secret between the gateway and the authorization server.
    pub async fn draw() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let port = listener.local_addr().expect("a bound listener has an address").port();
        let base = Url::parse(&format!("http://127.0.0.1:{port}/fhir")).expect("an address");
        let mut random = [0_u8; 32];
        getrandom::fill(&mut random).expect("random bytes");
        Self { listener, base, secret: URL_SAFE_NO_PAD.encode(random) }
    }

    pub fn fhir_base(&self) -> Url {
        self.base.clone()
    }

    pub fn client_id(&self) -> &'static str {
        CLIENT_ID
    }

    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Opens the gateway in front of the two servers.
    pub fn open(self, behind: Url, issuer: Url) -> Gateway {
        let door = Arc::new(Door {
            behind,
            issuer,
            secret: self.secret,
            http: reqwest::Client::new(),
            requests: Mutex::default(),
        });
        let app = Router::new()
            .route("/fhir/.well-known/smart-configuration", get(describe_sign_in))
            .route("/fhir", any(pass))
            .route("/fhir/{*path}", any(pass))
            .with_state(Arc::clone(&door));
        let listener = self.listener;
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("the gateway serves until it is dropped");
        });
        Gateway { base: self.base, door, task }
    }
}

/// The open gateway. Dropping it closes the door.
pub struct Gateway {
    base: Url,
    door: Arc<Door>,
    task: JoinHandle<()>,
}

impl Gateway {
    pub fn fhir_base(&self) -> Url {
        self.base.clone()
    }

    pub fn requests(&self) -> Vec<String> {
        self.door.requests.lock().expect("no test panics while it writes a request").clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Door {
    behind: Url,
    issuer: Url,
    secret: String,
    http: reqwest::Client,
    requests: Mutex<Vec<String>>,
}

/// What the authorization server says about a token (RFC 7662 section 2.2).
#[derive(Deserialize)]
struct Introspection {
    active: bool,
    #[serde(default)]
    scope: String,
}

/// SMART App Launch 2.2, section 4.1: the authorization server's own description, and what only the FHIR side knows.
async fn describe_sign_in(State(door): State<Arc<Door>>) -> Response {
    let address = door.issuer.join("/.well-known/openid-configuration").expect("an address");
    let said: Value = match door.http.get(address).send().await {
        Ok(answer) => answer.json().await.unwrap_or_default(),
        Err(_) => return StatusCode::BAD_GATEWAY.into_response(),
    };
    let described = json!({
        "issuer": said["issuer"],
        "jwks_uri": said["jwks_uri"],
        "authorization_endpoint": said["authorization_endpoint"],
        "token_endpoint": said["token_endpoint"],
        "registration_endpoint": said["registration_endpoint"],
        "introspection_endpoint": said["introspection_endpoint"],
        "revocation_endpoint": said["revocation_endpoint"],
        "grant_types_supported": ["authorization_code"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": said["code_challenge_methods_supported"],
        "authorization_response_iss_parameter_supported":
            said["authorization_response_iss_parameter_supported"],
        "token_endpoint_auth_methods_supported": said["token_endpoint_auth_methods_supported"],
        "scopes_supported": ["openid", "fhirUser", "launch/patient", "offline_access", "patient/*.rs"],
        "capabilities": [
            "launch-standalone", "client-public", "context-standalone-patient",
            "permission-patient", "permission-offline", "permission-v1", "permission-v2",
        ],
    });
    ([(header::CONTENT_TYPE, "application/json")], described.to_string()).into_response()
}

/// Checks the token and passes the request on.
async fn pass(
    State(door): State<Arc<Door>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path().trim_start_matches("/fhir").trim_matches('/');
    door.requests
        .lock()
        .expect("no handler panics while it writes")
        .push(format!("{method} {uri}"));

    if path != "metadata" {
        let Some(introspection) = introspect(&door, &headers).await else {
            return refuse(StatusCode::UNAUTHORIZED, "login", "no access token, or not a good one");
        };
        if !is_granted(&introspection.scope, &method, path, &body) {
            return refuse(StatusCode::FORBIDDEN, "forbidden", "the sign-in does not cover this");
        }
    }
    forward(&door, method, &uri, &headers, body).await
}

async fn introspect(door: &Door, headers: &HeaderMap) -> Option<Introspection> {
    let token = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    let answer = door
        .http
        .post(door.issuer.join("/token/introspection").expect("an address"))
        .basic_auth(CLIENT_ID, Some(&door.secret))
        .form(&[("token", token)])
        .send()
        .await
        .ok()?;
    let introspection: Introspection = answer.json().await.ok()?;
    introspection.active.then_some(introspection)
}

/// Whether the scopes cover a request; a batch is covered when all its entries are.
fn is_granted(scope: &str, method: &Method, path: &str, body: &[u8]) -> bool {
    if !path.is_empty() {
        return is_interaction_granted(scope, method.as_str(), path);
    }
    let Ok(bundle) = serde_json::from_slice::<Value>(body) else { return false };
    bundle["entry"].as_array().is_some_and(|entries| {
        entries.iter().all(|entry| {
            let (Some(method), Some(url)) =
                (entry["request"]["method"].as_str(), entry["request"]["url"].as_str())
            else {
                return false;
            };
            let path = url.split('?').next().unwrap_or_default();
            is_interaction_granted(scope, method, path.trim_matches('/'))
        })
    })
}

fn is_interaction_granted(scope: &str, method: &str, path: &str) -> bool {
    let mut steps = path.split('/');
    let kind = steps.next().unwrap_or_default();
    let needed = match (method, steps.next()) {
        ("GET" | "HEAD", Some(_)) => 'r',
        ("GET" | "HEAD", None) | ("POST", Some("_search")) => 's',
        ("POST", None) => 'c',
        ("PUT" | "PATCH", Some(_)) => 'u',
        ("DELETE", Some(_)) => 'd',
        _ => return false,
    };
    scope.split(' ').any(|scope| {
        let Some((on, rights)) = scope.strip_prefix("patient/").and_then(|it| it.split_once('.'))
        else {
            return false;
        };
        // The words of SMART App Launch 1 stand for letters of version 2 (section 3.0.2.6).
        let rights = match rights {
            "read" => "rs",
            "write" => "cud",
            "*" => "cruds",
            letters => letters,
        };
        (on == kind || on == "*") && rights.contains(needed)
    })
}

async fn forward(
    door: &Door,
    method: Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: Bytes,
) -> Response {
    let mut address = door.behind.clone();
    address.set_path(uri.path());
    address.set_query(uri.query());
    let mut request = door.http.request(method, address).body(body);
    for name in PASSED_IN {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let Ok(answer) = request.send().await else {
        return refuse(StatusCode::BAD_GATEWAY, "transient", "the FHIR server does not answer");
    };

    let mut response = Response::builder().status(answer.status());
    for name in PASSED_OUT {
        if let Some(value) = answer.headers().get(name) {
            response = response.header(name, value);
        }
    }
    let Ok(body) = answer.bytes().await else {
        return refuse(StatusCode::BAD_GATEWAY, "transient", "the FHIR server's answer broke off");
    };
    response.body(body.into()).expect("a status and headers that were just received")
}

fn refuse(status: StatusCode, code: &str, why: &str) -> Response {
    let outcome = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": code, "diagnostics": why }],
    });
    let mut response =
        (status, [(header::CONTENT_TYPE, FHIR_JSON)], outcome.to_string()).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = header::HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_only_its_own_type_and_letters() {
        let scope = "openid patient/Task.rs patient/Goal.read";

        assert!(is_interaction_granted(scope, "GET", "Task"));
        assert!(is_interaction_granted(scope, "GET", "Goal/1"));
        assert!(!is_interaction_granted(scope, "PUT", "Task/1"));
        assert!(!is_interaction_granted(scope, "GET", "ServiceRequest"));
    }
}

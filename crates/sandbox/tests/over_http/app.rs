//! A small app and a small browser: what a person and their phone do, without looking at the pages.

#![expect(clippy::unwrap_used, reason = "these steps are the tests' own; a panic names the line")]

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use handrail_sandbox::{Options, Place, PlaceKind, Sandbox};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect::Policy};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub const REDIRECT: &str = "http://127.0.0.1:7777/callback/one";
pub const VERIFIER: &str = "a-verifier-of-at-least-43-characters-0123456789";
pub const SCOPE: &str = "launch/patient offline_access patient/*.cruds";

pub async fn start() -> Sandbox {
    Sandbox::start(Options::anywhere()).await.unwrap()
}

pub fn client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// An authorization request that is right in every way; tests change one thing.
pub fn ask(place: &Place, client_id: &str, scope: &str) -> Vec<(&'static str, String)> {
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    vec![
        ("response_type", "code".into()),
        ("client_id", client_id.into()),
        ("redirect_uri", REDIRECT.into()),
        ("scope", scope.into()),
        ("state", "a-state".into()),
        ("aud", place.fhir_base.to_string()),
        ("code_challenge", challenge),
        ("code_challenge_method", "S256".into()),
    ]
}

pub fn change(asked: &mut Vec<(&'static str, String)>, name: &'static str, value: Option<&str>) {
    asked.retain(|(known, _)| *known != name);
    asked.extend(value.map(|value| (name, value.to_owned())));
}

pub async fn open(place: &Place, asked: &[(&str, String)]) -> Response {
    client().get(format!("{}/authorize", place.issuer)).query(asked).send().await.unwrap()
}

/// The hidden name of the sign-in in a page's forms.
pub fn find_request(page: &str) -> String {
    let (_, after) = page.split_once("name=\"request\" value=\"").expect("a form with a request");
    after.split('"').next().unwrap().to_owned()
}

pub async fn post_form(place: &Place, path: &str, fields: &[(&str, &str)]) -> Response {
    client().post(format!("{}/{path}", place.issuer)).form(fields).send().await.unwrap()
}

/// Where a redirect leads, and its parameters.
pub fn read_redirect(response: &Response) -> (Url, Vec<(String, String)>) {
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let location = Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
    let pairs = location.query_pairs().into_owned().collect();
    (location, pairs)
}

pub fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Signs somebody in and allows; gives the code.
pub async fn fetch_code(place: &Place, client_id: &str, username: &str, scope: &str) -> String {
    let page = open(place, &ask(place, client_id, scope)).await.text().await.unwrap();
    let request = find_request(&page);
    let fields = [("request", request.as_str()), ("username", username), ("password", "handrail")];
    let consent = post_form(place, "sign-in", &fields).await;
    assert_eq!(consent.status(), StatusCode::OK);
    let decided = post_form(place, "decide", &[("request", &request), ("decision", "allow")]).await;
    let (_, pairs) = read_redirect(&decided);
    find(&pairs, "code").expect("a code").to_owned()
}

pub async fn redeem(place: &Place, client_id: &str, code: &str, verifier: &str) -> Response {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", verifier),
        ("client_id", client_id),
    ];
    post_form(place, "token", &fields).await
}

pub async fn refresh(place: &Place, client_id: &str, token: &str) -> Response {
    let fields =
        [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client_id)];
    post_form(place, "token", &fields).await
}

/// Registers where the place has no client id of ours.
pub async fn find_client_id(place: &Place) -> String {
    if let Some(known) = &place.client_id {
        return known.clone();
    }
    let metadata = json!({"client_name": "Handrail", "redirect_uris": ["http://127.0.0.1/callback/one"], "token_endpoint_auth_method": "none"});
    let answer =
        client().post(format!("{}/register", place.issuer)).json(&metadata).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let body: Value = answer.json().await.unwrap();
    body["client_id"].as_str().unwrap().to_owned()
}

/// An app that somebody has signed in with.
pub struct SignedIn {
    pub place: Place,
    pub client_id: String,
    pub tokens: Value,
}

pub async fn sign_in_as(
    sandbox: &Sandbox,
    kind: PlaceKind,
    username: &str,
    scope: &str,
) -> SignedIn {
    let place = sandbox.place(kind).clone();
    let client_id = find_client_id(&place).await;
    let code = fetch_code(&place, &client_id, username, scope).await;
    let tokens = redeem(&place, &client_id, &code, VERIFIER).await.json().await.unwrap();
    SignedIn { place, client_id, tokens }
}

pub async fn sign_in_rosa(sandbox: &Sandbox, kind: PlaceKind) -> SignedIn {
    sign_in_as(sandbox, kind, "rosa", SCOPE).await
}

impl SignedIn {
    pub fn access_token(&self) -> &str {
        self.tokens["access_token"].as_str().unwrap()
    }

    pub fn refresh_token(&self) -> &str {
        self.tokens["refresh_token"].as_str().unwrap()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let address = match Url::parse(path) {
            Ok(absolute) => absolute.to_string(),
            Err(_) => format!("{}{path}", self.place.fhir_base),
        };
        client().request(method, address).bearer_auth(self.access_token())
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub async fn put(&self, resource: &Value, if_match: Option<&str>) -> (StatusCode, Value) {
        let path = format!(
            "/{}/{}",
            resource["resourceType"].as_str().unwrap(),
            resource["id"].as_str().unwrap()
        );
        let mut request = self.request(Method::PUT, &path).json(resource);
        if let Some(version) = if_match {
            request = request.header("if-match", version);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let answer = self.request(Method::POST, path).json(body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }
}

/// The ids of the matches of a searchset, and of what came along.
pub fn list_ids(bundle: &Value, mode: &str) -> Vec<String> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    entries
        .iter()
        .filter(|entry| entry["search"]["mode"] == mode)
        .map(|entry| entry["resource"]["id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

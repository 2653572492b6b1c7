//! The FHIR R4 server of a place.
//!
//! In: REST requests with a bearer token. Out: resources, Bundles, or an OperationOutcome for every refusal.
//! Never: a resource that the token's scopes or its patient do not cover.

pub(crate) mod access;
mod batch;
mod capability;
mod filter;
pub(crate) mod offer;
mod outcome;
mod read;
pub(crate) mod search;
mod services;
pub(crate) mod store;
mod tasks;
mod values;
mod write;

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::Value;
use url::form_urlencoded;

use crate::{
    fhir::{access::Access, outcome::refuse},
    place::Site,
};

/// The largest body that is read: a filled form with a few photos.
const MOST_BYTES: usize = 16 * 1024 * 1024;
const FHIR_JSON: HeaderValue = HeaderValue::from_static("application/fhir+json; charset=utf-8");

/// Routes everything under `/fhir` but discovery.
pub(crate) fn route_fhir() -> Router<Arc<Site>> {
    Router::new()
        .route("/fhir/metadata", get(describe_capability))
        .route("/fhir", any(answer_http))
        .route("/fhir/", any(answer_http))
        .route("/fhir/{*path}", any(answer_http))
}

async fn describe_capability(State(site): State<Arc<Site>>) -> Response {
    Reply::ok(capability::describe(&site)).into_response()
}

/// One interaction, on its own or as an entry of a batch.
pub(crate) struct Ask {
    pub(crate) method: Method,
    /// The path below the base, without empty parts.
    pub(crate) path: Vec<String>,
    pub(crate) query: Pairs,
    pub(crate) if_match: Option<String>,
    pub(crate) if_none_match: Option<String>,
    pub(crate) if_modified_since: Option<String>,
    /// `Prefer: handling=strict`
    pub(crate) strict: bool,
    /// `Prefer: return=minimal`
    pub(crate) minimal: bool,
    pub(crate) body: Option<Value>,
}

/// What came of it.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Value>,
    pub(crate) location: Option<String>,
    /// `ETag` and `Last-Modified` are told of the body where this is set.
    pub(crate) versioned: bool,
    /// The body is left out, and what is told about it stays.
    pub(crate) silent: bool,
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body: Some(body),
            location: None,
            versioned: false,
            silent: false,
        }
    }

    /// A resource with its version.
    pub(crate) fn resource(body: Value) -> Self {
        Self { versioned: true, ..Self::ok(body) }
    }

    /// `W/"3"`, where the body is one version of a resource.
    pub(crate) fn etag(&self) -> Option<String> {
        let version = self.body.as_ref()?["meta"]["versionId"].as_str()?;
        self.versioned.then(|| format!("W/\"{version}\""))
    }

    pub(crate) fn last_updated(&self) -> Option<&str> {
        self.body.as_ref().filter(|_| self.versioned)?["meta"]["lastUpdated"].as_str()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        let mut add = |name: HeaderName, text: Option<String>| {
            if let Some(value) = text.and_then(|text| HeaderValue::try_from(text).ok()) {
                headers.insert(name, value);
            }
        };
        add(header::ETAG, self.etag());
        add(header::LAST_MODIFIED, self.last_updated().and_then(values::to_http_date));
        add(header::LOCATION, self.location);
        let Some(body) = self.body.filter(|_| !self.silent) else {
            return (self.status, headers).into_response();
        };
        headers.insert(header::CONTENT_TYPE, FHIR_JSON);
        (self.status, headers, body.to_string()).into_response()
    }
}

async fn answer_http(State(site): State<Arc<Site>>, request: Request) -> Response {
    let Some(access) = find_access(&site, request.headers()) else {
        return refuse_bearer(&site, request.headers().contains_key(header::AUTHORIZATION));
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MOST_BYTES).await else {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "too-long", "This is too large.")
            .into_response();
    };
    let mut ask = read_ask(&parts.method, parts.uri.path(), parts.uri.query(), &parts.headers);
    if let Err(reply) = read_body(&mut ask, &parts.headers, &body) {
        return reply.into_response();
    }
    if ask.path.is_empty() && ask.method == Method::POST {
        return batch::answer_batch(&site, &access, &ask).into_response();
    }
    answer(&site, &access, &ask).into_response()
}

/// Answers one interaction.
pub(crate) fn answer(site: &Site, access: &Access, ask: &Ask) -> Reply {
    let path: Vec<&str> = ask.path.iter().map(String::as_str).collect();
    let Some(name) = path.first() else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "not-supported",
            "The whole system cannot be searched.",
        );
    };
    let Some(offered) = offer::find_type(site.kind, name) else {
        return refuse(
            StatusCode::NOT_FOUND,
            "not-supported",
            "This place does not offer that type.",
        );
    };
    match (&ask.method, &path[1..]) {
        (&Method::GET, []) => search::search(site, access, ask, offered),
        (&Method::POST, ["_search"]) => search::search(site, access, ask, offered),
        (&Method::POST, []) => write::create(site, access, ask, offered),
        (&Method::GET, [id]) => read::read(site, access, ask, offered, id),
        (&Method::PUT, [id]) => write::update(site, access, ask, offered, id),
        (&Method::GET, [id, "_history", version]) => {
            read::read_version(site, access, offered, id, version)
        }
        _ => refuse(StatusCode::METHOD_NOT_ALLOWED, "not-supported", "This cannot be done here."),
    }
}

fn find_access(site: &Site, headers: &HeaderMap) -> Option<Access> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    site.lock_grants().find_access(token.trim(), Instant::now())
}

/// RFC 6750 section 3: who brought no token is told of no error with it.
fn refuse_bearer(site: &Site, brought_one: bool) -> Response {
    let mut response = refuse(StatusCode::UNAUTHORIZED, "login", "A valid access token is needed.")
        .into_response();
    let error = if brought_one { ", error=\"invalid_token\"" } else { "" };
    let challenge = format!("Bearer realm=\"{}\"{error}", site.fhir_base);
    if let Ok(value) = HeaderValue::try_from(challenge) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}

fn read_ask(method: &Method, path: &str, query: Option<&str>, headers: &HeaderMap) -> Ask {
    let text = |name: HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let prefer = text(HeaderName::from_static("prefer")).unwrap_or_default();
    let path = path.strip_prefix("/fhir").unwrap_or(path);
    Ask {
        method: method.clone(),
        path: path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect(),
        query: read_pairs(query.unwrap_or_default()),
        if_match: text(header::IF_MATCH),
        if_none_match: text(header::IF_NONE_MATCH),
        if_modified_since: text(header::IF_MODIFIED_SINCE),
        strict: prefer.contains("handling=strict"),
        minimal: prefer.contains("return=minimal"),
        body: None,
    }
}

fn read_body(ask: &mut Ask, headers: &HeaderMap, body: &Bytes) -> Result<(), Reply> {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    if ask.path.last().is_some_and(|part| part == "_search") {
        if !kind.starts_with("application/x-www-form-urlencoded") && !body.is_empty() {
            let words = "A search by POST is a form.";
            return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", words));
        }
        ask.query.extend(read_pairs(&String::from_utf8_lossy(body)));
        return Ok(());
    }
    if body.is_empty() {
        return Ok(());
    }
    if !kind.starts_with("application/fhir+json") && !kind.starts_with("application/json") {
        let words = "Only application/fhir+json is understood.";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-supported", words));
    }
    let read = serde_json::from_slice(body)
        .map_err(|_| refuse(StatusCode::BAD_REQUEST, "structure", "This is not JSON."))?;
    ask.body = Some(read);
    Ok(())
}

/// The parameters of a query or a form, in their order.
pub(crate) type Pairs = Vec<(String, String)>;

pub(crate) fn read_pairs(encoded: &str) -> Pairs {
    form_urlencoded::parse(encoded.as_bytes()).into_owned().collect()
}

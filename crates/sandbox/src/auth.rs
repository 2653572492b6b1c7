//! The authorization server of a place: SMART App Launch 2.2, standalone launch, public clients.
//!
//! In: discovery, sign-in forms and token requests. Out: codes, tokens, and errors as RFC 6749 has them.
//! Never: a secret of a client, or an open redirect.

mod authorize;
mod forms;
pub(crate) mod identity;
pub(crate) mod grants;
mod page;
mod register;
mod revoke;
mod token;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

use crate::{discovery::Registration, fhir::offer, place::Site};

/// Routes discovery and everything under `/auth`.
pub(crate) fn route_auth() -> Router<Arc<Site>> {
    Router::new()
        .route("/fhir/.well-known/smart-configuration", get(describe_smart))
        .route("/auth/authorize", get(authorize::begin_from_query).post(authorize::begin_from_form))
        .route("/auth/sign-in", get(authorize::show_sign_in).post(authorize::sign_in))
        .route("/auth/create-account", get(authorize::show_create).post(authorize::create_account))
        .route("/auth/decide", post(authorize::decide))
        .route("/auth/token", post(token::exchange))
        .route("/auth/jwks", get(identity::list_keys))
        .route("/auth/revoke", post(revoke::revoke_token))
        .route("/auth/register", post(register::register_client))
}

/// Answers discovery; SMART App Launch 2.2, conformance, lists the members.
async fn describe_smart(State(site): State<Arc<Site>>) -> Response {
    let told = site.lock_discovery().clone();
    if !told.smart_configuration {
        return StatusCode::NOT_FOUND.into_response();
    }
    let endpoint = |name: &str| format!("{}/{name}", site.issuer);
    let scopes: Vec<String> = offer::list_scopes(site.kind)
        .into_iter()
        .filter(|scope| told.scopes.knows(scope))
        .collect();
    let mut capabilities = vec![
        "launch-standalone",
        "authorize-post",
        "client-public",
        "context-standalone-patient",
        "permission-offline",
        "permission-patient",
        "permission-user",
        "sso-openid-connect",
    ];
    capabilities.extend(told.scopes.capabilities());
    let mut metadata = json!({
        "issuer": site.issuer,
        "authorization_endpoint": endpoint("authorize"),
        "token_endpoint": endpoint("token"),
        "jwks_uri": endpoint("jwks"),
        "revocation_endpoint": endpoint("revoke"),
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": scopes,
        "authorization_response_iss_parameter_supported": site.lock_grants().checks.iss,
        "capabilities": capabilities,
    });
    if site.takes_registrations() {
        metadata["registration_endpoint"] = match told.registration {
            Registration::At { endpoint } => json!(endpoint),
            _ => json!(endpoint("register")),
        };
    }
    Json(metadata).into_response()
}

/// An OAuth error as JSON, RFC 6749 section 5.2.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) error: &'static str,
    pub(crate) description: &'static str,
}

impl OAuthError {
    pub(crate) fn new(error: &'static str, description: &'static str) -> Self {
        Self { error, description }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "error_description": self.description});
        (StatusCode::BAD_REQUEST, uncached(body)).into_response()
    }
}

/// JSON that must not be kept, RFC 6749 section 5.1.
pub(crate) fn uncached(body: Value) -> impl IntoResponse {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(body))
}

/// A page for people who opened an invitation without the app.
pub(crate) fn explain_invitation(site: &Site, words: &str) -> Response {
    page::Page::problem(site, "You are invited", words).with_status(StatusCode::OK).into_response()
}

//! The token endpoint: codes and refresh tokens for access tokens, public clients only.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    auth::{OAuthError, forms::Fields, grants::Issued, uncached},
    place::Site,
};

pub(crate) async fn exchange(State(site): State<Arc<Site>>, body: String) -> Response {
    match exchange_grant(&site, &Fields::read(&body)) {
        Ok(issued) => uncached(describe(issued)).into_response(),
        Err(error) => error.into_response(),
    }
}

fn exchange_grant(site: &Site, fields: &Fields) -> Result<Issued, OAuthError> {
    let now = Instant::now();
    let mut grants = site.lock_grants();
    grants.token_requests += 1;
    if fields.has_repeats() {
        return Err(OAuthError::new("invalid_request", "A parameter is there twice."));
    }
    let only = |name| fields.only(name);
    let required =
        |name| only(name).ok_or(OAuthError::new("invalid_request", "A parameter is missing."));
    let client_id = required("client_id")?;
    if site.known_client() != Some(client_id) && grants.find_client(client_id).is_none() {
        return Err(OAuthError::new("invalid_client", "This client is not known here."));
    }
    match required("grant_type")? {
        "authorization_code" => grants.redeem_code(
            required("code")?,
            client_id,
            required("redirect_uri")?,
            required("code_verifier")?,
            now,
        ),
        "refresh_token" => {
            grants.exchange_refresh_token(required("refresh_token")?, client_id, only("scope"), now)
        }
        _ => Err(OAuthError::new("unsupported_grant_type", "This grant is not offered.")),
    }
}

fn describe(issued: Issued) -> serde_json::Value {
    let mut body = json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in.as_secs(),
        "scope": issued.access.scope.to_string(),
    });
    if let Some(patient) = issued.access.patient() {
        body["patient"] = json!(patient);
        body["need_patient_banner"] = json!(false);
    }
    if let Some(refresh_token) = issued.refresh_token {
        body["refresh_token"] = json!(refresh_token);
    }
    body
}

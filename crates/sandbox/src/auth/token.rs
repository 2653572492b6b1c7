//! The token endpoint: codes and refresh tokens for access tokens, public clients only.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{
    auth::{OAuthError, forms::Fields, grants::Issued, identity::write_id_token, uncached},
    place::Site,
};

pub(crate) async fn exchange(State(site): State<Arc<Site>>, body: String) -> Response {
    let fields = Fields::read(&body);
    match exchange_grant(&site, &fields) {
        Ok(issued) => {
            // Asked for in a sign-in; a refresh brings none.
            let is_first = fields.only("grant_type") == Some("authorization_code");
            let client_id = fields.only("client_id").filter(|_| is_first);
            let id_token =
                client_id.and_then(|client_id| write_id_token(&site, &issued, client_id));
            uncached(describe(issued, id_token)).into_response()
        }
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

fn describe(issued: Issued, id_token: Option<String>) -> serde_json::Value {
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
    if let Some(id_token) = id_token {
        body["id_token"] = json!(id_token);
    }
    body
}

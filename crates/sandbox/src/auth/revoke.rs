//! Revocation, RFC 7009: always answers 200, so that nothing is learnt about other tokens.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::{
    auth::{OAuthError, forms::Fields},
    place::Site,
};

pub(crate) async fn revoke_token(State(site): State<Arc<Site>>, body: String) -> Response {
    let fields = Fields::read(&body);
    let (Some(token), Some(client_id)) = (fields.only("token"), fields.only("client_id")) else {
        return OAuthError::new("invalid_request", "A token and a client_id are needed.")
            .into_response();
    };
    site.lock_grants().revoke(token, client_id);
    StatusCode::OK.into_response()
}

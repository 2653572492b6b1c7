//! Dynamic registration, RFC 7591, of public clients.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    auth::{
        OAuthError,
        grants::{Client, Redirects, is_loopback},
        uncached,
    },
    discovery::Registration,
    place::Site,
};

pub(crate) async fn register_client(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    if !site.takes_registrations() {
        return StatusCode::NOT_FOUND.into_response();
    }
    let (client, listed) = match read_registration(&body) {
        Ok(read) => read,
        Err(error) => return error.into_response(),
    };
    let name = client.name.clone();
    let client_id = site.lock_grants().add_client(client);
    let mut answer = json!({
        "client_id": client_id,
        "client_id_issued_at": jiff::Timestamp::now().as_second(),
        "client_name": name,
        "redirect_uris": listed,
        "token_endpoint_auth_method": "none",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
    });
    let registration = site.lock_discovery().registration.clone();
    match registration {
        Registration::OtherRedirect => {
            answer["redirect_uris"] = json!(["https://elsewhere.example/callback"]);
        }
        Registration::Confidential => {
            answer["token_endpoint_auth_method"] = json!("client_secret_basic");
            answer["client_secret"] = json!("not-for-a-phone");
        }
        Registration::Open | Registration::Closed | Registration::At { .. } => {}
    }
    (StatusCode::CREATED, uncached(answer)).into_response()
}

/// Reads the client and its redirects as it wrote them.
fn read_registration(body: &[u8]) -> Result<(Client, Vec<String>), OAuthError> {
    let metadata: Value = serde_json::from_slice(body)
        .map_err(|_| OAuthError::new("invalid_client_metadata", "This is not JSON."))?;
    let method = metadata.get("token_endpoint_auth_method").and_then(Value::as_str);
    if method.is_some_and(|method| method != "none") {
        return Err(OAuthError::new(
            "invalid_client_metadata",
            "Only public clients register here.",
        ));
    }
    let bad_redirect =
        || OAuthError::new("invalid_redirect_uri", "A redirect is missing or not allowed.");
    let listed: Vec<String> = metadata
        .get("redirect_uris")
        .and_then(|uris| serde_json::from_value(uris.clone()).ok())
        .filter(|uris: &Vec<String>| !uris.is_empty())
        .ok_or_else(bad_redirect)?;
    let parsed: Option<Vec<Url>> =
        listed.iter().map(|uri| Url::parse(uri).ok().filter(is_redirect_allowed)).collect();
    let name =
        metadata.get("client_name").and_then(Value::as_str).unwrap_or("An app without a name");
    let client = Client {
        name: name.chars().take(60).collect(),
        redirects: Redirects::These(parsed.ok_or_else(bad_redirect)?),
        registered_itself: true,
    };
    Ok((client, listed))
}

/// https, loopback, or a private scheme in reverse-domain form (RFC 8252 section 7.1); never a fragment.
fn is_redirect_allowed(url: &Url) -> bool {
    let private = url.scheme().contains('.');
    url.fragment().is_none() && (url.scheme() == "https" || is_loopback(url) || private)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_over_plain_http_to_a_host_is_refused() {
        for uri in [
            "http://app.example/callback",
            "javascript:alert(1)",
            "https://a.example/#x",
            "http://localhost:1/",
        ] {
            let body = json!({"redirect_uris": [uri]}).to_string();

            let error = read_registration(body.as_bytes()).err().map(|error| error.error);

            assert_eq!(error, Some("invalid_redirect_uri"), "{uri}");
        }
    }

    #[test]
    fn a_confidential_client_is_refused() {
        let body = json!({"redirect_uris": ["https://a.example/"], "token_endpoint_auth_method": "client_secret_basic"});

        let error = read_registration(body.to_string().as_bytes()).err().map(|error| error.error);

        assert_eq!(error, Some("invalid_client_metadata"));
    }
}

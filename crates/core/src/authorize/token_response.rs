//! A SMART token response (SMART App Launch 2.2, "Access token response"), read leniently.

use std::time::Duration;

use oauth2::{
    AccessToken, AuthUrl, Client, ClientId, EndpointNotSet, EndpointSet, RedirectUrl, RefreshToken,
    Scope, StandardRevocableToken, TokenResponse, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeStruct};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use crate::{connect::Server, token::IdToken};

/// The oauth2 crate's client, reading our token response.
pub type SmartClient<Auth = EndpointSet, Revocation = EndpointNotSet, Token = EndpointSet> = Client<
    BasicErrorResponse,
    SmartTokenResponse,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    Auth,
    EndpointNotSet,
    EndpointNotSet,
    Revocation,
    Token,
>;

/// The client for one server. Without a secret: it sends `client_id` in the body (RFC 6749 section 3.2.1).
pub fn smart_client(server: &Server, client_id: &str, redirect_uri: &Url) -> SmartClient {
    SmartClient::<EndpointNotSet, EndpointNotSet, EndpointNotSet>::new(ClientId::new(
        client_id.to_owned(),
    ))
    .set_auth_uri(AuthUrl::from_url(server.authorization_endpoint.clone()))
    .set_token_uri(TokenUrl::from_url(server.token_endpoint.clone()))
    .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()))
}

/// What a token endpoint answered. Its `Debug` and its `Serialize` (the oauth2 crate asks for one) leave the
/// tokens out; read it into a [`super::Grant`] and drop it.
#[derive(Clone)]
pub struct SmartTokenResponse {
    access_token: AccessToken,
    token_type: BasicTokenType,
    expires_in: Option<Duration>,
    refresh_token: Option<RefreshToken>,
    scopes: Option<Vec<Scope>>,
    patient: Option<String>,
    id_token: Option<IdToken>,
}

impl SmartTokenResponse {
    /// Who signed in, as long as nobody has validated it.
    pub fn id_token(&self) -> Option<&IdToken> {
        self.id_token.as_ref()
    }

    /// The Patient's id in context, as the server wrote it.
    pub fn patient(&self) -> Option<&str> {
        self.patient.as_deref()
    }
}

impl TokenResponse for SmartTokenResponse {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scopes.as_ref()
    }
}

impl std::fmt::Debug for SmartTokenResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmartTokenResponse")
            .field("token_type", &self.token_type)
            .field("expires_in", &self.expires_in)
            .field("refreshable", &self.refresh_token.is_some())
            .finish_non_exhaustive()
    }
}

impl Serialize for SmartTokenResponse {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shown = serializer.serialize_struct("SmartTokenResponse", 2)?;
        shown.serialize_field("token_type", self.token_type.as_ref())?;
        shown.serialize_field("expires_in", &self.expires_in.map(|left| left.as_secs()))?;
        shown.end()
    }
}

impl<'de> Deserialize<'de> for SmartTokenResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Ok(Self {
            access_token: wire.access_token,
            token_type: read_type(&wire.token_type),
            expires_in: read_seconds(&wire.expires_in),
            refresh_token: wire.refresh_token.filter(|token| !token.secret().is_empty()),
            scopes: read_scopes(&wire.scope),
            patient: read_patient(&wire.patient),
            id_token: wire.id_token.map(|text| IdToken::new(text.as_str())),
        })
    }
}

/// The members as they come.
#[derive(Deserialize)]
struct Wire {
    access_token: AccessToken,
    #[serde(default)]
    token_type: Value,
    #[serde(default)]
    expires_in: Value,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    scope: Value,
    #[serde(default)]
    patient: Value,
    #[serde(default)]
    id_token: Option<Zeroizing<String>>,
}

/// RFC 6749 section 7.1: in any case. A server that leaves it out means the only type there is in practice.
fn read_type(value: &Value) -> BasicTokenType {
    match value.as_str() {
        None => BasicTokenType::Bearer,
        Some(text) if text.eq_ignore_ascii_case("bearer") => BasicTokenType::Bearer,
        Some(text) => BasicTokenType::Extension(text.to_owned()),
    }
}

/// Seconds as a number, or as a number in quotes.
fn read_seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Duration::try_from_secs_f64(seconds?).ok()
}

/// Scopes with spaces between them, or as a list.
fn read_scopes(value: &Value) -> Option<Vec<Scope>> {
    let scope = |text: &str| Scope::new(text.to_owned());
    let scopes: Vec<_> = match value {
        Value::String(text) => text.split_whitespace().map(scope).collect(),
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(scope).collect(),
        _ => Vec::new(),
    };
    // A token for nothing would not have been given: an empty list is one that was left out.
    (!scopes.is_empty()).then_some(scopes)
}

fn read_patient(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

//! Token requests of the oauth2 crate over the Http port, and what came of them.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use handrail_core::{
    authorize::{SmartClient, SmartTokenResponse, smart_client},
    connect::Server,
    refresh::Outcome,
    session::read_delay,
    token::{AuthorizationCode, PkceVerifier, RefreshToken},
};
use jiff::Timestamp;
use oauth2::{
    HttpRequest as OauthRequest, HttpResponse as OauthResponse, RequestTokenError,
    basic::{BasicErrorResponse, BasicErrorResponseType},
    http,
};
use url::Url;
use zeroize::Zeroizing;

use crate::ports::{Http, HttpError, HttpMethod, HttpRequest, HttpResponse};

/// A token request takes no longer than this, answer included.
const TIME_LIMIT: Duration = Duration::from_secs(20);

/// Why a token request brought no tokens.
#[derive(Debug)]
pub enum TokenError {
    /// The server never saw it.
    NotSent,
    /// 429 or 503: not looked at.
    Busy { retry_after: Option<Duration> },
    /// A code of RFC 6749 section 5.2 that says no to this grant.
    InvalidGrant,
    /// It may have been looked at.
    Ambiguous,
    /// Another 4xx, or something that no authorization server says.
    Odd,
}

impl TokenError {
    /// What it means for a refresh.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::NotSent => Outcome::NotSent,
            Self::Busy { retry_after } => Outcome::Busy { retry_after },
            Self::InvalidGrant => Outcome::Refused,
            Self::Ambiguous => Outcome::Ambiguous,
            Self::Odd => Outcome::Odd,
        }
    }
}

/// What the server was seen to answer, before the oauth2 crate read it.
#[derive(Clone, Debug, Default)]
struct Seen {
    status: Option<u16>,
    retry_after: Option<Duration>,
    failed: Option<HttpError>,
}

/// Exchanges the code of a redirect (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
pub async fn exchange_code(
    http: &Arc<dyn Http>,
    server: &Server,
    client_id: &str,
    redirect_uri: &Url,
    code: &AuthorizationCode,
    verifier: &PkceVerifier,
    now: Timestamp,
) -> Result<SmartTokenResponse, TokenError> {
    let client = client(server, client_id, redirect_uri)?;
    let seen = Arc::default();
    let request = client
        .exchange_code(oauth2::AuthorizationCode::new(code.expose().to_owned()))
        .set_pkce_verifier(oauth2::PkceCodeVerifier::new(verifier.expose().to_owned()));
    let carrier = carrier(http, &seen, now);
    classify(request.request_async(&carrier).await, &seen)
}

/// Sends the refresh token (RFC 6749 section 6).
pub async fn exchange_refresh_token(
    http: &Arc<dyn Http>,
    server: &Server,
    client_id: &str,
    redirect_uri: &Url,
    token: &RefreshToken,
    now: Timestamp,
) -> Result<SmartTokenResponse, TokenError> {
    let client = client(server, client_id, redirect_uri)?;
    let seen = Arc::default();
    let token = oauth2::RefreshToken::new(token.expose().to_owned());
    let request = client.exchange_refresh_token(&token);
    let carrier = carrier(http, &seen, now);
    classify(request.request_async(&carrier).await, &seen)
}

fn client(server: &Server, client_id: &str, redirect_uri: &Url) -> Result<SmartClient, TokenError> {
    Ok(smart_client(server, client_id, redirect_uri))
}

type Carried = std::pin::Pin<Box<dyn Future<Output = Result<OauthResponse, HttpError>> + Send>>;

fn carrier(
    http: &Arc<dyn Http>,
    seen: &Arc<Mutex<Seen>>,
    now: Timestamp,
) -> impl Fn(OauthRequest) -> Carried + use<> {
    let (http, seen) = (http.clone(), seen.clone());
    move |request| {
        let (http, seen) = (http.clone(), seen.clone());
        Box::pin(async move {
            let outcome = carry(&*http, request).await;
            let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
            match outcome {
                Ok(response) => {
                    seen.status = Some(response.status);
                    seen.retry_after =
                        response.retry_after.as_deref().and_then(|text| read_delay(text, now));
                    to_oauth(response)
                }
                Err(error) => {
                    seen.failed = Some(error);
                    Err(error)
                }
            }
        })
    }
}

async fn carry(http: &dyn Http, request: OauthRequest) -> Result<HttpResponse, HttpError> {
    let url = Url::parse(&request.uri().to_string()).map_err(|_| HttpError::Forbidden)?;
    http.send(HttpRequest {
        method: HttpMethod::Post {
            content_type: "application/x-www-form-urlencoded",
            body: Zeroizing::new(request.into_body()),
        },
        url,
        accept: "application/json",
        bearer: None,
        time_limit: TIME_LIMIT,
    })
    .await
}

fn to_oauth(response: HttpResponse) -> Result<OauthResponse, HttpError> {
    let mut builder = http::Response::builder().status(response.status);
    if let Some(kind) = response.content_type {
        builder = builder.header(http::header::CONTENT_TYPE, kind);
    }
    builder.body(response.body).map_err(|_| HttpError::Ambiguous)
}

type Answered = Result<SmartTokenResponse, RequestTokenError<HttpError, BasicErrorResponse>>;

fn classify(answered: Answered, seen: &Arc<Mutex<Seen>>) -> Result<SmartTokenResponse, TokenError> {
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let status = seen.status.unwrap_or_default();
    match answered {
        Ok(response) => Ok(response),
        Err(RequestTokenError::Request(
            HttpError::NotSent | HttpError::Astray | HttpError::Forbidden,
        )) => Err(TokenError::NotSent),
        Err(RequestTokenError::Request(_)) => Err(TokenError::Ambiguous),
        Err(_) if matches!(status, 429 | 503) => {
            Err(TokenError::Busy { retry_after: seen.retry_after })
        }
        Err(_) if status >= 500 => Err(TokenError::Ambiguous),
        Err(RequestTokenError::ServerResponse(response))
            if *response.error() == BasicErrorResponseType::InvalidGrant =>
        {
            Err(TokenError::InvalidGrant)
        }
        // A 200 that cannot be read: the tokens may be lost with it.
        Err(RequestTokenError::Parse(..)) if status == 200 => Err(TokenError::Ambiguous),
        Err(_) => Err(TokenError::Odd),
    }
}

//! The Http port over reqwest: TLS by rustls, no redirects, no cookies, bounded in size and time.

use std::{
    sync::{PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use futures::StreamExt as _;
use handrail_core::fhir::base::Policy;
use reqwest::{Client, header};

use crate::ports::{Http, HttpError, HttpMethod, HttpRequest, HttpResponse};

/// No honest answer is larger, after decoding.
const LARGEST_BODY: usize = 8 * 1024 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// The real network.
pub struct Reqwest {
    client: RwLock<Client>,
    policy: Policy,
}

impl Reqwest {
    /// A client that refuses what the policy refuses.
    ///
    /// # Errors
    /// The TLS stack could not be set up.
    pub fn new(policy: Policy) -> Result<Self, reqwest::Error> {
        Ok(Self { client: RwLock::new(build(policy)?), policy })
    }

    fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn build(policy: Policy) -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_LIMIT)
        .read_timeout(IDLE_LIMIT)
        .https_only(!policy.developer)
        .no_proxy()
        .user_agent(concat!("Handrail/", env!("CARGO_PKG_VERSION")))
        .build()
}

#[async_trait]
impl Http for Reqwest {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if !self.policy.allows(&request.url) {
            return Err(HttpError::Forbidden);
        }
        let client = self.client();
        let mut builder = match request.method {
            HttpMethod::Get => client.get(request.url),
            HttpMethod::Post { content_type, body } => client
                .post(request.url)
                .header(header::CONTENT_TYPE, content_type)
                .body(body.to_vec()),
            HttpMethod::Put { content_type, body, if_match } => {
                let put =
                    client.put(request.url).header(header::CONTENT_TYPE, content_type).body(body);
                match if_match {
                    Some(etag) => put.header(header::IF_MATCH, etag),
                    None => put,
                }
            }
        };
        builder = builder.header(header::ACCEPT, request.accept).timeout(request.time_limit);
        if let Some(token) = request.bearer {
            builder = builder.bearer_auth(token.expose());
        }
        let response = builder.send().await.map_err(classify)?;
        let text = |name: header::HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let mut answer = HttpResponse {
            status: response.status().as_u16(),
            date: text(header::DATE),
            retry_after: text(header::RETRY_AFTER),
            content_type: text(header::CONTENT_TYPE),
            etag: text(header::ETAG),
            location: text(header::LOCATION),
            body: Vec::new(),
        };
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| HttpError::Ambiguous)?;
            if answer.body.len() + chunk.len() > LARGEST_BODY {
                return Err(HttpError::TooMuch);
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }

    fn rest(&self) {
        // The connections of the old client close with it, once those that are in use are done.
        match build(self.policy) {
            Ok(fresh) => *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh,
            Err(_) => tracing::warn!(target: "fetch", "idle connections stay open"),
        }
    }
}

fn classify(error: reqwest::Error) -> HttpError {
    if error.is_connect()
        || error.is_builder()
        || error.is_request() && !error.is_timeout() && is_refused(&error)
    {
        HttpError::NotSent
    } else {
        HttpError::Ambiguous
    }
}

fn is_refused(error: &reqwest::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>() {
            return io.kind() == std::io::ErrorKind::ConnectionRefused;
        }
        source = cause.source();
    }
    false
}

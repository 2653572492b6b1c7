//! The Http port over reqwest: TLS by rustls, no redirects, no cookies, bounded in size and time, to public addresses.

mod resolve;

use std::{
    pin::pin,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_trait::async_trait;
use futures::StreamExt as _;
use handrail_core::fhir::base::Policy;
use reqwest::{
    Client, StatusCode,
    header::{self, HeaderMap},
};
use tokio::time::{Instant, timeout};

use self::resolve::{Astray, Checked, Lookup, System};
use crate::ports::{Http, HttpError, HttpMethod, HttpRequest, HttpResponse};

/// No honest answer is larger, after decoding.
const LARGEST_BODY: usize = 8 * 1024 * 1024;
/// Few honest pages are larger.
const LIKELY_BODY: u64 = 1024 * 1024;
/// Time limits are counted in steps of this.
const TICK: Duration = Duration::from_secs(1);

impl HttpResponse {
    /// An answer of which the head has come, and no body yet.
    pub fn of_head(status: StatusCode, headers: &HeaderMap) -> Self {
        let text = |name: header::HeaderName| {
            headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        Self {
            status: status.as_u16(),
            date: text(header::DATE),
            retry_after: text(header::RETRY_AFTER),
            content_type: text(header::CONTENT_TYPE),
            etag: text(header::ETAG),
            location: text(header::LOCATION),
            body: Vec::new(),
        }
    }
}

/// How long one exchange may take, whatever a server does.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until there is a connection.
    pub connect: Duration,
    /// Without a byte of the answer.
    pub idle: Duration,
    /// All in all, whatever the caller would wait.
    pub longest: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            longest: Duration::from_secs(30),
        }
    }
}

/// The real network.
pub struct Reqwest {
    client: RwLock<Client>,
    lookup: Arc<dyn Lookup>,
    policy: Policy,
    limits: Limits,
}

impl Reqwest {
    /// A client that refuses what the policy refuses.
    ///
    /// # Errors
    /// The TLS stack could not be set up.
    pub fn new(policy: Policy) -> Result<Self, reqwest::Error> {
        Self::with_limits(policy, Limits::default())
    }

    /// The same with a patience of its own: a laboratory has not got half a minute for each slow answer.
    ///
    /// # Errors
    /// The TLS stack could not be set up.
    pub fn with_limits(policy: Policy, limits: Limits) -> Result<Self, reqwest::Error> {
        Self::over(Arc::new(System), policy, limits)
    }

    fn over(
        lookup: Arc<dyn Lookup>,
        policy: Policy,
        limits: Limits,
    ) -> Result<Self, reqwest::Error> {
        let client = RwLock::new(build(&lookup, policy, limits)?);
        Ok(Self { client, lookup, policy, limits })
    }

    fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn build(
    lookup: &Arc<dyn Lookup>,
    policy: Policy,
    limits: Limits,
) -> Result<Client, reqwest::Error> {
    Client::builder()
        .dns_resolver(Arc::new(Checked { lookup: lookup.clone(), policy }))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(limits.connect)
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
        let limit = request.time_limit.min(self.limits.longest);
        within(limit, self.carry(request)).await.unwrap_or(Err(HttpError::Ambiguous))
    }

    fn rest(&self) {
        // The connections of the old client close with it, once those that are in use are done.
        match build(&self.lookup, self.policy, self.limits) {
            Ok(fresh) => *self.client.write().unwrap_or_else(PoisonError::into_inner) = fresh,
            Err(_) => tracing::warn!(target: "fetch", "idle connections stay open"),
        }
    }
}

impl Reqwest {
    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
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
        builder = builder.header(header::ACCEPT, request.accept);
        if let Some(token) = request.bearer {
            builder = builder.bearer_auth(token.expose());
        }
        let sent = within(self.limits.idle, builder.send()).await;
        let response = sent.ok_or(HttpError::Ambiguous)?.map_err(classify)?;
        let mut answer = HttpResponse::of_head(response.status(), response.headers());
        // A length is a claim: as much as an honest page has is believed.
        let length = response.content_length().unwrap_or_default().min(LIKELY_BODY);
        answer.body.reserve(usize::try_from(length).unwrap_or_default());
        let mut chunks = response.bytes_stream();
        while let Some(chunk) =
            within(self.limits.idle, chunks.next()).await.ok_or(HttpError::Ambiguous)?
        {
            let chunk = chunk.map_err(|_| HttpError::Ambiguous)?;
            if answer.body.len() + chunk.len() > LARGEST_BODY {
                return Err(HttpError::TooMuch);
            }
            answer.body.extend_from_slice(&chunk);
        }
        Ok(answer)
    }
}

/// Waits for no longer than `limit`; `None` when it is over.
///
/// Systems stop apps at will and let them go on much later. What arrived meanwhile is read before anybody says that
/// it is late: a rotated token that lies in the socket must not be taken for one that never came.
async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let (mut left, mut stood_still) = (limit, false);
    loop {
        if left.is_zero() {
            if !std::mem::take(&mut stood_still) {
                return None;
            }
            left = TICK;
        }
        let (tick, begun) = (left.min(TICK), Instant::now());
        if let Ok(done) = timeout(tick, &mut work).await {
            return Some(done);
        }
        left -= tick;
        stood_still |= begun.elapsed() > tick + TICK;
    }
}

fn classify(error: reqwest::Error) -> HttpError {
    if has_cause(&error, |cause| cause.is::<Astray>()) {
        HttpError::Astray
    } else if error.is_connect()
        || error.is_builder()
        || error.is_request() && !error.is_timeout() && is_refused(&error)
    {
        HttpError::NotSent
    } else {
        HttpError::Ambiguous
    }
}

fn is_refused(error: &reqwest::Error) -> bool {
    has_cause(error, |cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused)
    })
}

fn has_cause(
    error: &reqwest::Error,
    is_it: impl Fn(&(dyn std::error::Error + 'static)) -> bool,
) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if is_it(cause) {
            return true;
        }
        source = cause.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use tokio::{sync::oneshot, task::yield_now, time};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_is_given_up_at_the_limit() {
        let begun = Instant::now();

        let came = within(Duration::from_secs(20), std::future::pending::<()>()).await;

        assert_eq!(came, None);
        assert_eq!(begun.elapsed().as_secs(), 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_that_stood_still_for_a_minute_reads_what_arrived_meanwhile() {
        let (arrive, arrived) = oneshot::channel();
        let waiting = tokio::spawn(within(Duration::from_secs(20), arrived));
        yield_now().await;

        time::advance(Duration::from_secs(60)).await;
        yield_now().await;
        arrive.send("tokens").unwrap();

        assert_eq!(waiting.await.unwrap(), Some(Ok("tokens")));
    }

    #[tokio::test(start_paused = true)]
    async fn a_process_that_stood_still_in_the_last_second_has_another_one() {
        let (arrive, arrived) = oneshot::channel();
        let waiting = tokio::spawn(within(Duration::from_secs(1), arrived));
        yield_now().await;

        time::advance(Duration::from_secs(60)).await;
        yield_now().await;
        arrive.send("tokens").unwrap();

        assert_eq!(waiting.await.unwrap(), Some(Ok("tokens")));
    }
}

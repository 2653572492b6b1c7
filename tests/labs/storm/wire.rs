//! What goes over the wire: the real client under watch, and a trap that nothing should ever reach.
//!
//! In: the requests of an engine. Out: where they went, how long they took; what the trap saw.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use async_trait::async_trait;
use axum::{
    Router,
    extract::{Request, State},
    http::header,
};
use handrail_engine::{
    Policy,
    http::{Limits, Reqwest},
    ports::{Http, HttpError, HttpMethod, HttpRequest, HttpResponse, Network},
};
use handrail_sandbox::Place;
use tokio::{net::TcpListener, task::JoinHandle};
use url::{Origin, Url};

use super::call::Call;

/// The patience of the app in a storm; on a calm day it is the app's own.
pub const HURRIED: Limits = Limits {
    connect: Duration::from_millis(500),
    idle: Duration::from_millis(500),
    longest: Duration::from_millis(800),
};

/// What went over the wire so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    pub calls: u64,
    /// The longest that one exchange took while the app was in a hurry.
    pub slowest: Duration,
    /// Requests to an origin that is not the connection's.
    pub outside: u64,
}

/// The real client, under watch.
pub struct Wire {
    calm: Reqwest,
    hurried: Reqwest,
    in_storm: AtomicBool,
    own: Origin,
    /// A port at which nobody listens, and which calls are sent there.
    closed: u16,
    refused: Mutex<Option<Call>>,
    seen: Mutex<Seen>,
}

impl Wire {
    pub fn to(place: &Place) -> Self {
        let open = |limits| Reqwest::with_limits(Policy::DEVELOPER, limits).expect("TLS is there");
        Self {
            calm: open(Limits::default()),
            hurried: open(HURRIED),
            in_storm: AtomicBool::new(false),
            own: place.origin.origin(),
            closed: find_closed_port(),
            refused: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// From now on the app is in a hurry, or has its own patience again.
    pub fn set_storm(&self, on: bool) {
        self.in_storm.store(on, Ordering::SeqCst);
    }

    /// Nobody listens to these calls any more.
    pub fn refuse(&self, call: Option<Call>) {
        *locked(&self.refused) = call;
    }

    pub fn seen(&self) -> Seen {
        *locked(&self.seen)
    }
}

#[async_trait]
impl Http for Wire {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let in_storm = self.in_storm.load(Ordering::SeqCst);
        let is_outside = request.url.origin() != self.own;
        let is_get = matches!(request.method, HttpMethod::Get);
        if locked(&self.refused).is_some_and(|call| call.is_made_by(&request.url, is_get)) {
            // The address has a port, so it can have another one.
            let _ = request.url.set_port(Some(self.closed));
        }
        let begun = Instant::now();
        let client = if in_storm { &self.hurried } else { &self.calm };
        let answer = client.send(request).await;
        let mut seen = locked(&self.seen);
        seen.calls += 1;
        seen.outside += u64::from(is_outside);
        if in_storm {
            seen.slowest = seen.slowest.max(begun.elapsed());
        }
        answer
    }

    fn rest(&self) {
        self.calm.rest();
        self.hurried.rest();
    }
}

/// There always is a network here.
pub struct Online;

impl Network for Online {
    fn is_offline(&self) -> bool {
        false
    }
}

/// Another server, to which every hostile link leads.
pub struct Trap {
    pub origin: Url,
    caught: Arc<Caught>,
    listener: JoinHandle<()>,
}

#[derive(Default)]
struct Caught {
    requests: AtomicU64,
    authorized: AtomicU64,
}

impl Trap {
    pub async fn set() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let origin = format!("http://{address}/").parse().expect("a loopback address");
        let caught = Arc::new(Caught::default());
        let router = Router::new().fallback(catch).with_state(caught.clone());
        let listener = tokio::spawn(async move {
            // It is cut off when the laboratory is done.
            let _ = axum::serve(listener, router).await;
        });
        Self { origin, caught, listener }
    }

    /// Requests so far, and how many of them brought a token.
    pub fn caught(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        (count(&self.caught.requests), count(&self.caught.authorized))
    }
}

impl Drop for Trap {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn catch(State(caught): State<Arc<Caught>>, request: Request) -> &'static str {
    caught.requests.fetch_add(1, Ordering::SeqCst);
    if request.headers().contains_key(header::AUTHORIZATION) {
        caught.authorized.fetch_add(1, Ordering::SeqCst);
    }
    r#"{"resourceType":"Bundle","type":"searchset"}"#
}

fn find_closed_port() -> u16 {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound port").port()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

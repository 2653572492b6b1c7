//! The real UI in a browser on loopback, over this engine: for development and tests.
//!
//! Only pages that this server served may ask: every question carries a header that another site's form cannot set,
//! and the host must be ours, so that no name of somebody else's can point here.

use std::{
    collections::HashMap,
    convert::Infallible,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path as UrlPath, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response, Sse, sse::Event},
    routing::{get, post},
};
use futures::{Stream, StreamExt as _, stream};
use handrail_contract::{
    Problem, Question as _,
    lock::{Door, ShowDoor},
    sign_in::AttemptId,
    tryout::{BeginTryout, LeaveTryout},
};
use handrail_engine::{
    Answer as _, Engine, GLANCE, Which,
    browser::{DesktopBrowser, Opener},
    ports::Opened,
};
use handrail_tryout::OnShow;
use serde_json::Value;
use url::Url;

use crate::{
    Exit,
    arguments::{Arguments, Preview},
    open, refuse_to_start,
};

/// The release's own policy, with this server as the only one that may be asked.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";
/// A photo of a code, as base64.
const LARGEST_QUESTION: usize = 32 * 1024 * 1024;

/// Sign-in pages that wait for the person to open them.
type Pages = Arc<Mutex<HashMap<AttemptId, Url>>>;

#[derive(Clone)]
struct Served {
    /// The person's own.
    engine: Engine,
    on_show: Arc<OnShow>,
    pages: Pages,
    ui: PathBuf,
}

impl Served {
    /// The engine that pages ask: the person's own, or a tryout in its place.
    fn engine_on_show(&self) -> Engine {
        self.on_show.engine(self.engine.clone())
    }

    async fn ask(&self, command: &str, question: Value) -> Result<Value, Problem> {
        let write = |door: Door| {
            serde_json::to_value(door)
                .map_err(|_| Problem::OurFault { reference: "preview".to_owned() })
        };
        match command {
            BeginTryout::COMMAND => {
                let tryout = self.on_show.begin(&self.engine).await?;
                write(tryout.answer(ShowDoor {}).await?)
            }
            LeaveTryout::COMMAND => write(self.on_show.leave(&self.engine).await?),
            _ => self.engine_on_show().ask(command, question).await,
        }
    }
}

/// Serves until it is interrupted.
pub async fn run(arguments: &Arguments, wanted: &Preview) -> Result<(), Exit> {
    if !wanted.ui.join("index.html").is_file() {
        eprintln!(
            "handrail: there is no built UI in {}; `cargo xtask ui` builds it",
            wanted.ui.display()
        );
        return Err(Exit::Refused);
    }
    let pages = Pages::default();
    let offered = pages.clone();
    let browser = DesktopBrowser::new(Opener::Shell(Box::new(move |attempt, page| {
        offered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(attempt.clone(), page.clone());
        Ok(Opened::Offer(format!("/sign-in/{}", attempt.0)))
    })));
    let engine = open(arguments, Arc::new(browser))
        .map_err(|error| refuse_to_start(&error, arguments.json))?;
    if let Some(link) = &wanted.link {
        engine.open_link(link);
    }
    engine.resume_sign_ins().await;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, wanted.port))
        .await
        .map_err(|error| {
            eprintln!("handrail: port {}: {error}", wanted.port);
            Exit::Refused
        })?;
    let address = listener.local_addr().map_err(|_| Exit::OurFault)?;
    println!("Handrail preview: http://{address}/");
    let background = engine.clone();
    tokio::spawn(async move {
        if let Err(problem) = background.check(Which::Stale).await {
            eprintln!("handrail: the first look failed: {problem}");
        }
        background.keep_fresh(GLANCE).await;
    });
    let served = Served { engine, on_show: Arc::default(), pages, ui: wanted.ui.clone() };
    axum::serve(listener, router(served, address.port()))
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await
        .map_err(|_| Exit::OurFault)
}

fn router(served: Served, port: u16) -> Router {
    let asked = Router::new()
        .route("/ask/{command}", post(answer))
        .layer(DefaultBodyLimit::max(LARGEST_QUESTION))
        .route_layer(middleware::from_fn(from_our_page));
    Router::new()
        .merge(asked)
        .route("/changes", get(changes))
        .route("/sign-in/{attempt}", get(sign_in_page))
        .fallback(get(file))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            protect(request, next, port)
        }))
        .with_state(served)
}

/// Refuses other hosts' names for this server, and sets the headers of every answer.
async fn protect(request: Request, next: Next, port: u16) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    if !host.is_some_and(|host| ours.iter().any(|name| name == host)) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY_POLICY));
    // The camera reads codes; nothing else of the device is for pages.
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(self), microphone=(), geolocation=()"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn from_our_page(headers: HeaderMap, request: Request, next: Next) -> Response {
    if headers.contains_key("x-handrail-preview") {
        next.run(request).await
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

async fn answer(
    State(served): State<Served>,
    UrlPath(command): UrlPath<String>,
    Json(question): Json<Value>,
) -> Response {
    match served.ask(&command, question).await {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => {
            let status = match &problem {
                Problem::SignInAgain { .. } => StatusCode::UNAUTHORIZED,
                Problem::OutOfReach => StatusCode::BAD_GATEWAY,
                Problem::Refused { .. } => StatusCode::UNPROCESSABLE_ENTITY,
                Problem::Locked | Problem::NeedsPin => StatusCode::LOCKED,
                Problem::Gone => StatusCode::NOT_FOUND,
                Problem::CannotSave => StatusCode::INSUFFICIENT_STORAGE,
                Problem::OurFault { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            };
            (status, Json(problem)).into_response()
        }
    }
}

async fn changes(
    State(served): State<Served>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let first = stream::once(async { Ok(Event::default().data("changed")) });
    let later = stream::unfold(served.engine_on_show().changes(), |mut changes| async move {
        changes.changed().await.ok()?;
        Some((Ok(Event::default().data("changed")), changes))
    });
    Sse::new(first.chain(later)).keep_alive(axum::response::sse::KeepAlive::default())
}

async fn sign_in_page(State(served): State<Served>, UrlPath(attempt): UrlPath<String>) -> Response {
    let page = served
        .pages
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&AttemptId(attempt))
        .cloned();
    page.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |page| Redirect::to(page.as_str()).into_response(),
    )
}

/// The built UI: plain names only, so that no path leads out of the folder.
async fn file(State(served): State<Served>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let name = if path.is_empty() { "index.html" } else { path };
    let plain = name.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    });
    if !plain {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::fs::read(served.ui.join(name)).await {
        Ok(bytes) => {
            ([(header::CONTENT_TYPE, content_type(Path::new(name)))], bytes).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn content_type(name: &Path) -> &'static str {
    match name.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

//! A WebDriver of this machine, on a free port of loopback, with one session.

use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value};
use tokio::{net::TcpListener, process::Command};

use crate::child::Child;

/// How long a driver may take to listen, and a session to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// Starts a driver and waits until it listens.
pub async fn start_driver(program: &str, adapt: impl FnOnce(&mut Command)) -> (Child, String) {
    let port = find_free_port().await;
    let mut command = Command::new(program);
    command.arg(format!("--port={port}"));
    adapt(&mut command);
    let child = Child::start(command);

    let address = format!("http://127.0.0.1:{port}");
    let begun = Instant::now();
    while reqwest::get(format!("{address}/status")).await.is_err() {
        assert!(begun.elapsed() < PATIENCE, "{program} does not listen");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (child, address)
}

/// Begins a session.
pub async fn begin_session(address: &str, capabilities: Map<String, Value>) -> Client {
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let session = tokio::time::timeout(PATIENCE, builder.connect(address)).await;
    session.expect("a session begins in time").expect("a session begins")
}

/// A port that was free a moment ago: not every driver can choose one by itself.
async fn find_free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
    listener.local_addr().expect("a bound listener has an address").port()
}

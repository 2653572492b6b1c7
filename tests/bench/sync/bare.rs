//! The limit: the same requests without a thought about who answers, into plain SQLite.

use std::path::Path;

use futures::future::join_all;
use reqwest::Client;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::{
    shelf::{LISTS, PATIENT},
    used::{Meter, Used},
};

/// Fetches, parses and stores what the places at `bases` have, or with `delta` only what changed.
pub async fn fetch(file: &Path, mode: &str, bases: &[&str]) -> Used {
    let client = Client::builder().no_proxy().build().expect("a client");
    let mut database = open(file);
    let meter = Meter::start();
    let all = join_all(bases.iter().map(|base| fetch_place(&client, base, mode))).await;
    for (place, resources) in all.into_iter().enumerate() {
        store(&mut database, place, &resources);
    }
    let spent = meter.stop();
    let count = database.query_row("SELECT count(*) FROM kept", [], |row| row.get::<_, i64>(0));
    Used { resources: u64::try_from(count.expect("a count")).unwrap_or_default(), ..spent }
}

async fn fetch_place(client: &Client, base: &str, mode: &str) -> Vec<Value> {
    let since = if mode == "delta" { "&_lastUpdated=gt2026-01-01T00:00:00Z" } else { "" };
    let lists = LISTS.map(|(kind, _)| {
        fetch_list(client, format!("{base}/{kind}?patient=Patient/{PATIENT}{since}&_count=200"))
    });
    let mut resources: Vec<Value> = join_all(lists).await.into_iter().flatten().collect();
    if mode == "delta" {
        return resources;
    }
    let mut wanted: Vec<String> = resources
        .iter()
        .filter_map(|it| it["requester"]["reference"].as_str().map(str::to_owned))
        .filter(|it| it.starts_with("Organization/"))
        .chain([format!("Patient/{PATIENT}")])
        .collect();
    wanted.sort();
    wanted.dedup();
    let entries: Vec<Value> =
        wanted.iter().map(|url| json!({ "request": { "method": "GET", "url": url } })).collect();
    let batch = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
    let answer = client.post(base).json(&batch).send().await.expect("an answer");
    let bundle: Value = answer.json().await.expect("a Bundle");
    resources.extend(take_resources(bundle));
    resources
}

async fn fetch_list(client: &Client, first: String) -> Vec<Value> {
    let (mut next, mut resources) = (Some(first), Vec::new());
    while let Some(url) = next.take() {
        let answer = client.get(url).send().await.expect("an answer");
        let bundle: Value = answer.json().await.expect("a Bundle");
        let links = bundle["link"].as_array().cloned().unwrap_or_default();
        let link = links.iter().find(|link| link["relation"] == "next");
        next = link.and_then(|link| link["url"].as_str()).map(str::to_owned);
        resources.extend(take_resources(bundle));
    }
    resources
}

fn take_resources(mut bundle: Value) -> Vec<Value> {
    let Some(Value::Array(entries)) = bundle.get_mut("entry").map(Value::take) else {
        return Vec::new();
    };
    entries.into_iter().map(|mut entry| entry["resource"].take()).collect()
}

fn open(file: &Path) -> Connection {
    let database = Connection::open(file).expect("a plain file");
    database
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS kept
             (place INTEGER, kind TEXT, id TEXT, body TEXT, PRIMARY KEY (place, kind, id));",
        )
        .expect("a table");
    database
}

fn store(database: &mut Connection, place: usize, resources: &[Value]) {
    let transaction = database.transaction().expect("a transaction");
    for resource in resources {
        let text = |member: &str| resource[member].as_str().unwrap_or_default().to_owned();
        transaction
            .execute(
                "INSERT OR REPLACE INTO kept VALUES (?1, ?2, ?3, ?4)",
                (place as i64, text("resourceType"), text("id"), resource.to_string()),
            )
            .expect("a row");
    }
    transaction.commit().expect("a disk with room");
}

//! fhir-sdk as its pages show it: typed resources, every page by its stream, references in one batch.

#![allow(clippy::print_stdout, reason = "the bench reads it")]

#[path = "../../../used.rs"]
mod used;

use std::env;

use fhir_sdk::{
    WrongResourceType,
    client::{Client, SearchParameters},
    extensions::AnyResource,
    r4b::resources::{Bundle, Goal, Resource, ResourceType, ServiceRequest, Task},
    version::FhirR4B,
};
use futures::{TryStreamExt as _, future::join_all};
use rusqlite::Connection;

use self::used::{Meter, Used};

type Fhir = Client<FhirR4B>;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [path, mode, bases @ ..] = &arguments[..] else { panic!("PATH full|delta BASE...") };
    let mut store = open(path);
    let meter = Meter::start();
    let places = join_all(bases.iter().map(|base| fetch_place(base, mode))).await;
    for (place, resources) in places.iter().enumerate() {
        keep(&mut store, place, resources);
    }
    let spent = meter.stop();
    let count: u64 =
        store.query_row("SELECT count(*) FROM kept", [], |row| row.get(0)).expect("a count");
    println!("{}", Used { resources: count, ..spent }.to_line());
}

async fn fetch_place(base: &str, mode: &str) -> Vec<Resource> {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let client = Fhir::builder().base_url(format!("{base}/").parse().expect("an address"));
    let client = client.client(http).build().expect("a client");
    let (tasks, requests, goals) = futures::join!(
        fetch_list::<Task>(&client, mode),
        fetch_list::<ServiceRequest>(&client, mode),
        fetch_list::<Goal>(&client, mode),
    );
    let mut resources: Vec<Resource> = [tasks, requests, goals].concat();
    if mode == "delta" {
        return resources;
    }
    let mut wanted: Vec<String> = resources.iter().filter_map(requester_of).collect();
    wanted.sort();
    wanted.dedup();
    let mut batch = client.batch();
    for id in &wanted {
        batch.read(ResourceType::Organization, id);
    }
    batch.read(ResourceType::Patient, "rosa");
    let answer: Bundle = batch.send().await.expect("an answer");
    resources
        .extend(answer.0.entry.into_iter().flatten().filter_map(|mut entry| entry.resource.take()));
    resources
}

async fn fetch_list<R>(client: &Fhir, mode: &str) -> Vec<Resource>
where
    R: AnyResource<FhirR4B>
        + TryFrom<Resource, Error = WrongResourceType>
        + Into<Resource>
        + 'static,
    for<'a> &'a R: TryFrom<&'a Resource>,
{
    let mut query =
        SearchParameters::empty().and_raw("patient", "Patient/rosa").and_raw("_count", "200");
    if mode == "delta" {
        query = query.and_raw("_lastUpdated", "gt2026-01-01T00:00:00Z");
    }
    let first = client.search::<R>(query).await.expect("an answer");
    first.all_matches().map_ok(Into::into).try_collect().await.expect("every page")
}

/// The id of the organization that asked.
fn requester_of(resource: &Resource) -> Option<String> {
    let requester = match resource {
        Resource::Task(task) => task.requester.as_ref(),
        Resource::ServiceRequest(request) => request.requester.as_ref(),
        _ => None,
    };
    requester?.reference.as_ref()?.strip_prefix("Organization/").map(str::to_owned)
}

fn open(path: &str) -> Connection {
    let store = Connection::open(path).expect("a plain file");
    store
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE IF NOT EXISTS kept
             (place INTEGER, kind TEXT, id TEXT, body TEXT, PRIMARY KEY (place, kind, id));",
        )
        .expect("a table");
    store
}

fn keep(store: &mut Connection, place: usize, resources: &[Resource]) {
    let transaction = store.transaction().expect("a transaction");
    for resource in resources {
        let base = resource.as_base_resource();
        let row = (
            place,
            resource.resource_type().to_string(),
            base.id().as_ref().expect("an id"),
            serde_json::to_string(resource).expect("what was read can be written"),
        );
        let mut put = transaction
            .prepare_cached("INSERT OR REPLACE INTO kept VALUES (?1, ?2, ?3, ?4)")
            .expect("our own statement");
        put.execute(row).expect("a row");
    }
    transaction.commit().expect("a disk with room");
}

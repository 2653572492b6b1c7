//! Five places that answer from memory: every body is made before the first request comes.

use std::{collections::HashMap, net::Ipv4Addr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::form_urlencoded;

use super::traffic::{Counted, Traffic};

pub const PLACES: usize = 5;
/// At each place: the lists, ten organizations and the person.
pub const RESOURCES: usize = 1_000;
pub const PATIENT: &str = "rosa";
/// What is listed, and how much of it.
pub const LISTS: [(&str, usize); 3] = [("Task", 600), ("ServiceRequest", 250), ("Goal", 139)];
const ORGANIZATIONS: usize = 10;
const PAGE: usize = 200;

/// The places while they are open.
pub struct Shelves {
    pub bases: Vec<String>,
    /// How late every answer comes.
    pub late: Duration,
    pub takes_batch: bool,
    /// What went to and fro at all of them.
    pub traffic: Arc<Traffic>,
    listeners: Vec<JoinHandle<()>>,
}

struct Shelf {
    /// Pages by type and number.
    pages: HashMap<(String, usize), Bytes>,
    resources: HashMap<String, Value>,
    metadata: Bytes,
    empty: Bytes,
    late: Duration,
    takes_batch: bool,
    traffic: Arc<Traffic>,
}

impl Shelves {
    /// Opens them; every answer comes so `late`.
    pub async fn open(late: Duration, takes_batch: bool) -> Self {
        let mut shelves = Self {
            bases: Vec::new(),
            late,
            takes_batch,
            traffic: Arc::default(),
            listeners: Vec::new(),
        };
        for _ in 0..PLACES {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
            let base = format!("http://{}/fhir", listener.local_addr().expect("a bound port"));
            let shelf = Shelf::fill(&base, late, takes_batch, shelves.traffic.clone());
            let router = Router::new().fallback(answer).with_state(Arc::new(shelf));
            let listener = Counted::new(listener, shelves.traffic.clone());
            shelves.listeners.push(tokio::spawn(async move {
                // It is cut off when the places close.
                let _ = axum::serve(listener, router).await;
            }));
            shelves.bases.push(base);
        }
        shelves
    }
}

impl Drop for Shelves {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.abort();
        }
    }
}

impl Shelf {
    fn fill(base: &str, late: Duration, takes_batch: bool, traffic: Arc<Traffic>) -> Self {
        let mut shelf = Self {
            pages: HashMap::new(),
            resources: HashMap::new(),
            metadata: Bytes::from(describe(takes_batch).to_string()),
            empty: Bytes::from(
                json!({ "resourceType": "Bundle", "type": "searchset" }).to_string(),
            ),
            late,
            takes_batch,
            traffic,
        };
        for (kind, count) in LISTS {
            let all: Vec<Value> = (0..count).map(|number| make(kind, number)).collect();
            for (page, part) in all.chunks(PAGE).enumerate() {
                let entries: Vec<Value> = part
                    .iter()
                    .map(|it| json!({ "fullUrl": format!("{base}/{kind}/{}", it["id"].as_str().unwrap_or_default()), "resource": it, "search": { "mode": "match" } }))
                    .collect();
                let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "total": count, "entry": entries });
                if (page + 1) * PAGE < count {
                    bundle["link"] = json!([{ "relation": "next", "url": format!("{base}/{kind}?_page={}", page + 1) }]);
                }
                shelf.pages.insert((kind.to_owned(), page), Bytes::from(bundle.to_string()));
            }
            shelf.keep(all);
        }
        shelf.keep((0..ORGANIZATIONS).map(|number| make("Organization", number)).collect());
        shelf.keep(vec![json!({ "resourceType": "Patient", "id": PATIENT, "name": [{ "family": "Delgado", "given": ["Rosa"] }] })]);
        assert_eq!(shelf.resources.len(), RESOURCES, "each place has as many as it says");
        shelf
    }

    fn keep(&mut self, resources: Vec<Value>) {
        for resource in resources {
            let text = |member: &str| resource[member].as_str().unwrap_or_default().to_owned();
            self.resources.insert(format!("{}/{}", text("resourceType"), text("id")), resource);
        }
    }

    fn answer_batch(&self, body: &[u8]) -> Bytes {
        let asked: Value = serde_json::from_slice(body).unwrap_or_default();
        let entries: Vec<Value> = asked["entry"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| {
                let url = entry["request"]["url"].as_str().unwrap_or_default();
                if url.contains("_lastUpdated=") {
                    let nothing = json!({ "resourceType": "Bundle", "type": "searchset" });
                    return json!({ "response": { "status": "200" }, "resource": nothing });
                }
                match self.resources.get(url) {
                    Some(found) => json!({ "response": { "status": "200" }, "resource": found }),
                    None => json!({ "response": { "status": "404" } }),
                }
            })
            .collect();
        let bundle =
            json!({ "resourceType": "Bundle", "type": "batch-response", "entry": entries });
        Bytes::from(bundle.to_string())
    }
}

async fn answer(State(shelf): State<Arc<Shelf>>, request: Request) -> Response {
    shelf.traffic.note_request();
    if !shelf.late.is_zero() {
        tokio::time::sleep(shelf.late).await;
    }
    let path = request.uri().path().trim_start_matches("/fhir").trim_matches('/').to_owned();
    let query: HashMap<String, String> =
        form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    if request.method() == Method::POST && !shelf.takes_batch {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if request.method() == Method::POST {
        let body = axum::body::to_bytes(request.into_body(), usize::MAX).await.unwrap_or_default();
        return send(shelf.answer_batch(&body));
    }
    if path == "metadata" {
        return send(shelf.metadata.clone());
    }
    if let Some(resource) = shelf.resources.get(&path) {
        return send(Bytes::from(resource.to_string()));
    }
    if query.contains_key("_lastUpdated") {
        return send(shelf.empty.clone());
    }
    let page = query.get("_page").and_then(|page| page.parse().ok()).unwrap_or(0);
    match shelf.pages.get(&(path, page)) {
        Some(page) => send(page.clone()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn send(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/fhir+json")], body).into_response()
}

/// A resource as rich as the guide's examples are: one to two kB.
fn make(kind: &str, number: usize) -> Value {
    let person = json!({ "reference": format!("Patient/{PATIENT}") });
    let requester = json!({ "reference": format!("Organization/organization-{}", number % ORGANIZATIONS), "display": "Elm Street Family Clinic" });
    let coding = json!({ "coding": [{ "system": "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes", "code": "food-insecurity", "display": "Food insecurity" }] });
    let note = "Bring a letter that shows where you live, and something to carry the food in. Ask for Ana at the desk. ".repeat(6);
    let mut resource = json!({
        "resourceType": kind,
        "id": format!("{}-{number}", kind.to_lowercase()),
        "meta": { "versionId": "1", "lastUpdated": "2026-05-06T09:00:00.000Z",
            "profile": [format!("http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-{kind}")] },
    });
    let more = match kind {
        "Task" => {
            json!({ "status": "requested", "intent": "order", "priority": "routine", "code": coding,
            "description": "Call the pantry", "for": person, "requester": requester, "authoredOn": "2026-05-06T09:00:00Z",
            "note": [{ "text": note }] })
        }
        "ServiceRequest" => {
            json!({ "status": "active", "intent": "order", "category": [coding], "code": coding,
            "subject": person, "requester": requester, "authoredOn": "2026-05-06T09:00:00Z", "note": [{ "text": note }] })
        }
        "Goal" => {
            json!({ "lifecycleStatus": "active", "category": [coding], "description": { "text": "Enough food in the house" },
            "subject": person, "startDate": "2026-05-06", "note": [{ "text": note }] })
        }
        _ => {
            json!({ "active": true, "name": "Elm Street Family Clinic", "telecom": [{ "system": "phone", "value": "555-0100" }] })
        }
    };
    if let (Some(resource), Value::Object(more)) = (resource.as_object_mut(), more) {
        resource.extend(more);
    }
    resource
}

fn describe(takes_batch: bool) -> Value {
    let whole = if takes_batch { json!([{ "code": "batch" }]) } else { json!([]) };
    let both = json!([{ "code": "read" }, { "code": "search-type" }]);
    let kinds = ["Patient", "Organization", "Task", "ServiceRequest", "Goal"];
    let resources: Vec<Value> =
        kinds.iter().map(|kind| json!({ "type": kind, "interaction": both })).collect();
    json!({ "resourceType": "CapabilityStatement", "status": "active", "kind": "instance", "fhirVersion": "4.0.1",
        "date": "2026-01-01", "format": ["json"],
        "rest": [{ "mode": "server", "interaction": whole, "resource": resources }] })
}

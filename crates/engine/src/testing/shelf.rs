//! A small FHIR R4 server's content: one person's to-dos, referrals and goals, searched and read as the guide has it.

use jiff::Timestamp;
use serde_json::{Value, json};
use url::{Url, form_urlencoded};

/// The person, everywhere under this id.
pub const PATIENT: &str = "pat-1";

const TASKS: usize = 4;
const STATUSES: [&str; 3] = ["requested", "accepted", "in-progress"];

pub(super) struct Shelf {
    stored: Vec<Stored>,
    batch: bool,
    changes: usize,
}

struct Stored {
    kind: &'static str,
    id: String,
    version: u64,
    updated_at: Timestamp,
    body: Value,
    /// The body as it is sent.
    text: String,
}

impl Stored {
    fn touch(&mut self, now: Timestamp) {
        self.version += 1;
        self.updated_at = now;
        self.body["meta"] =
            json!({ "versionId": self.version.to_string(), "lastUpdated": format!("{now:.3}") });
        self.text = self.body.to_string();
    }
}

impl Shelf {
    pub fn new(batch: bool, now: Timestamp) -> Self {
        let person = json!({ "reference": format!("Patient/{PATIENT}") });
        let clinic = json!({ "reference": "Organization/org-1" });
        let mut shelf = Self { stored: Vec::new(), batch, changes: 0 };
        shelf.put("Patient", PATIENT, json!({ "name": [{ "family": "Delgado" }] }), now);
        shelf.put("Organization", "org-1", json!({ "name": "Elm Street Clinic" }), now);
        for number in 1..=2 {
            let body = json!({
                "lifecycleStatus": "active",
                "description": { "text": "Enough food in the house" },
                "subject": person,
            });
            shelf.put("Goal", &format!("goal-{number}"), body, now);
        }
        for number in 1..=3 {
            let body = json!({
                "status": "active",
                "intent": "order",
                "code": { "text": "Food pantry" },
                "subject": person,
                "requester": clinic,
            });
            shelf.put("ServiceRequest", &format!("referral-{number}"), body, now);
        }
        for number in 1..=TASKS {
            let body = json!({
                "status": "requested",
                "intent": "order",
                "description": "Call the pantry",
                "for": person,
                "requester": clinic,
                "focus": { "reference": "ServiceRequest/referral-1" },
            });
            shelf.put("Task", &format!("task-{number}"), body, now);
        }
        shelf
    }

    fn put(&mut self, kind: &'static str, id: &str, mut body: Value, now: Timestamp) {
        body["resourceType"] = kind.into();
        body["id"] = id.into();
        let mut stored = Stored {
            kind,
            id: id.to_owned(),
            version: 0,
            updated_at: now,
            body,
            text: String::new(),
        };
        stored.touch(now);
        self.stored.push(stored);
    }

    /// Moves one to-do on, as staff would.
    pub fn change_something(&mut self, now: Timestamp) {
        self.changes += 1;
        let id = format!("task-{}", self.changes % TASKS + 1);
        if let Some(task) = self.stored.iter_mut().find(|it| it.kind == "Task" && it.id == id) {
            let current = STATUSES.iter().position(|status| task.body["status"] == *status);
            task.body["status"] = STATUSES[current.map_or(0, |at| at + 1) % STATUSES.len()].into();
            task.touch(now);
        }
    }

    /// Everything there is: type, id and content.
    pub fn list(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        self.stored.iter().map(|it| (it.kind, &*it.id, &it.body))
    }

    /// Answers a request at `path`, under the base: status and body.
    pub fn answer(&self, path: &str, url: &Url, batch: Option<&[u8]>) -> (u16, Vec<u8>) {
        match batch {
            Some(bundle) => self.answer_batch(bundle),
            None => self.read(path, url.query().unwrap_or_default()),
        }
    }

    fn read(&self, path: &str, query: &str) -> (u16, Vec<u8>) {
        match path.split_once('/') {
            None if path == "metadata" => (200, self.describe().to_string().into_bytes()),
            None => self.search(path, query),
            Some((kind, id)) => match self.find(kind, id) {
                Some(found) => (200, found.text.clone().into_bytes()),
                None => (404, br#"{"resourceType":"OperationOutcome"}"#.to_vec()),
            },
        }
    }

    fn find(&self, kind: &str, id: &str) -> Option<&Stored> {
        self.stored.iter().find(|it| it.kind == kind && it.id == id)
    }

    fn search(&self, kind: &str, query: &str) -> (u16, Vec<u8>) {
        let mut since = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "patient" if value == format!("Patient/{PATIENT}") => {}
                "_lastUpdated" => match value.strip_prefix("gt").map(str::parse::<Timestamp>) {
                    Some(Ok(at)) => since = Some(at),
                    _ => return (400, Vec::new()),
                },
                "_count" => {}
                _ => return (400, Vec::new()),
            }
        }
        let found = self
            .stored
            .iter()
            .filter(|it| it.kind == kind && since.is_none_or(|since| it.updated_at > since));
        let entries: Vec<String> =
            found.map(|it| format!(r#"{{"resource":{}}}"#, it.text)).collect();
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#,
            entries.join(",")
        );
        (200, bundle.into_bytes())
    }

    /// Reads and searches in one request (FHIR R4 section 3.1.0.11).
    fn answer_batch(&self, bundle: &[u8]) -> (u16, Vec<u8>) {
        let Ok(bundle) = serde_json::from_slice::<Value>(bundle) else { return (400, Vec::new()) };
        let asked = bundle["entry"].as_array().cloned().unwrap_or_default();
        let entries: Vec<Value> = asked
            .iter()
            .map(|entry| {
                let url = entry["request"]["url"].as_str().unwrap_or_default();
                let (path, query) = url.split_once('?').unwrap_or((url, ""));
                let (status, body) = self.read(path, query);
                json!({
                    "response": { "status": status.to_string() },
                    "resource": serde_json::from_slice::<Value>(&body).ok(),
                })
            })
            .collect();
        let answer =
            json!({ "resourceType": "Bundle", "type": "batch-response", "entry": entries });
        (200, answer.to_string().into_bytes())
    }

    fn describe(&self) -> Value {
        let both = json!([{ "code": "read" }, { "code": "search-type" }]);
        let kinds = ["Patient", "Organization", "Task", "ServiceRequest", "Goal"];
        let resources: Vec<Value> =
            kinds.iter().map(|kind| json!({ "type": kind, "interaction": both })).collect();
        let batch = if self.batch { json!([{ "code": "batch" }]) } else { json!([]) };
        json!({
            "resourceType": "CapabilityStatement",
            "fhirVersion": "4.0.1",
            "rest": [{ "mode": "server", "interaction": batch, "resource": resources }],
        })
    }
}

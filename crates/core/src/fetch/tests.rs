use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::fhir::FhirBase;

mod asking;
mod paging;
mod reading;
mod references;
mod spoilt;
mod clocks;
mod generated;
mod staff;

const BASE: &str = "https://elm.example/fhir";
const DATE: &str = "Wed, 06 May 2026 10:00:00 GMT";

/// A FHIR server in memory: answers by path and query, and remembers what it was asked.
struct Server {
    answers: BTreeMap<String, (u16, Value)>,
    asked: Vec<String>,
    batches: Vec<Value>,
    takes_batch: bool,
}

impl Server {
    fn new(metadata: Value) -> Self {
        let mut answers = BTreeMap::new();
        answers.insert("metadata".to_owned(), (200, metadata));
        for kind in LISTED {
            answers.insert(full(kind), (200, page(&[], None)));
        }
        answers.insert(
            "Patient/rosa".to_owned(),
            (200, json!({ "resourceType": "Patient", "id": "rosa" })),
        );
        Self { answers, asked: Vec::new(), batches: Vec::new(), takes_batch: true }
    }

    fn with(mut self, path: &str, status: u16, body: Value) -> Self {
        self.answers.insert(path.to_owned(), (status, body));
        self
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let path = request
            .url
            .as_str()
            .strip_prefix(BASE)
            .expect("under the base")
            .trim_start_matches('/')
            .to_owned();
        let (status, body) = match &request.method {
            Method::Get => self.look_up(&path),
            Method::PostBatch(batch) => {
                let batch: Value = serde_json::from_str(batch).unwrap();
                self.batches.push(batch.clone());
                if self.takes_batch { (200, self.batch(&batch)) } else { (405, json!({})) }
            }
        };
        self.asked.push(path);
        Answer::read(Role::Patient, status, Some(DATE.to_owned()), body.to_string().as_bytes())
    }

    fn look_up(&self, path: &str) -> (u16, Value) {
        self.answers
            .get(path)
            .cloned()
            .unwrap_or((404, json!({ "resourceType": "OperationOutcome" })))
    }

    fn batch(&self, batch: &Value) -> Value {
        let entries: Vec<Value> = batch["entry"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                let (status, body) = self.look_up(entry["request"]["url"].as_str().unwrap());
                json!({ "response": { "status": format!("{status} said so") }, "resource": body })
            })
            .collect();
        json!({ "resourceType": "Bundle", "type": "batch-response", "entry": entries })
    }

    fn run(&mut self, errand: Errand, known: &[(&str, &str)]) -> Fetched {
        let known = known
            .iter()
            .map(|(kind, id)| ((*kind).to_owned(), (*id).to_owned()))
            .collect::<Vec<_>>();
        let mut planner = Planner::new(errand, known.into_iter());
        loop {
            let requests = planner.next();
            if requests.is_empty() {
                return planner.finish();
            }
            for request in requests {
                let answer = self.answer(&request);
                planner.took(request.id, answer);
            }
        }
    }
}

fn full(kind: &str) -> String {
    format!("{kind}?patient=Patient/rosa&_count=200")
}

fn metadata(types: &[&str], batch: bool) -> Value {
    let resources: Vec<Value> = types
        .iter()
        .map(|kind| json!({ "type": kind, "interaction": [{ "code": "read" }, { "code": "search-type" }] }))
        .collect();
    let interaction = if batch { json!([{ "code": "batch" }]) } else { json!([]) };
    json!({ "resourceType": "CapabilityStatement", "rest": [{ "mode": "server", "interaction": interaction, "resource": resources }] })
}

fn everything(batch: bool) -> Value {
    metadata(
        &[
            "Task",
            "ServiceRequest",
            "Goal",
            "Patient",
            "Organization",
            "HealthcareService",
            "Location",
            "Practitioner",
            "PractitionerRole",
            "Questionnaire",
            "QuestionnaireResponse",
            "DocumentReference",
            "Procedure",
        ],
        batch,
    )
}

fn page(resources: &[Value], next: Option<&str>) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| json!({ "resource": resource, "search": { "mode": "match" } }))
        .collect();
    let links = next.map_or(json!([]), |next| json!([{ "relation": "next", "url": next }]));
    json!({ "resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries })
}

fn task(id: &str) -> Value {
    json!({ "resourceType": "Task", "id": id, "status": "ready", "for": { "reference": "Patient/rosa" } })
}

fn errand() -> Errand {
    Errand {
        base: FhirBase::try_from(BASE.to_owned()).unwrap(),
        role: Role::Patient,
        patient: Some("rosa".to_owned()),
        fhir_user: None,
        organizations: Vec::new(),
        chosen: Vec::new(),
        services: BTreeMap::new(),
        granted: vec!["patient/*.rs".to_owned()],
        cursors: Cursors::default(),
        now: "2026-05-06T10:00:30Z".parse().unwrap(),
        full: false,
    }
}

fn ids(fetched: &Fetched, kind: &str) -> Vec<String> {
    fetched.arrived.iter().filter(|it| it.kind == kind).map(|it| it.id.clone()).collect()
}

fn skips(fetched: &Fetched) -> Vec<(&str, SkipReason, Option<u64>)> {
    fetched.skipped.iter().map(|skip| (&*skip.what, skip.why, skip.count)).collect()
}

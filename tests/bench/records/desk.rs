//! What a food bank was asked: two thousand referrals that are open and five hundred that are done, of one place.
//!
//! In: a path and a key. Out: an encrypted database, written by the app's own store. Never: a real person.

use std::path::Path;

use handrail_contract::place::Role;
use handrail_core::store::{Change, Kept, News};
use handrail_engine::{ports::Records as _, records::SqliteRecords};
use serde_json::{Value, json};
use support::saved::of_staff;

use super::life::{ago, coded, day, guide_code, kept, meta, narrative, source};

pub const OPEN: usize = 2_000;
const ALL: usize = 2_500;
const STAFF: usize = 20;

/// Writes everything down; says how many resources.
pub fn lay_down(path: &Path, key: &[u8; 32]) -> usize {
    let records = SqliteRecords::open(path, key).expect("a disk with room");
    let desk = of_staff(source(0));
    records.put_source(&desk).expect("a disk with room");
    let write = |body: Value| {
        let is_new = body["id"].as_str().is_some_and(|id| id.starts_with("task-1"));
        let row = kept(&desk, body);
        let news = is_new.then_some(News::New);
        Change::Put(Kept { seen: !is_new, news, ..row }.write(Role::Organization))
    };
    let changes: Vec<Change> = bodies().map(write).collect();
    records.apply(&desk, &changes).expect("a disk with room");
    changes.len()
}

fn bodies() -> impl Iterator<Item = Value> {
    (0..ALL)
        .flat_map(|number| {
            [task(number), request(number), person(number), consent(number), need(number)]
        })
        .chain((OPEN..ALL).map(done))
        .chain((0..STAFF).flat_map(|number| [staff(number), clinic(number)]))
}

fn person_of(number: usize) -> Value {
    json!({ "reference": format!("Patient/person-{number}"), "display": format!("Rosa Delgado {number}") })
}

fn task(number: usize) -> Value {
    let open = ["requested", "requested", "accepted", "in-progress"];
    let status = if number < OPEN { open[number % open.len()] } else { "completed" };
    let mut task = json!({
        "resourceType": "Task", "id": format!("task-{number}"), "meta": meta("TaskForReferralManagement", number % 90),
        "text": narrative("Please help"), "status": status, "intent": "order",
        "priority": if number.is_multiple_of(9) { "urgent" } else { "routine" },
        "code": coded("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", "Fulfill the focal request"),
        "focus": { "reference": format!("ServiceRequest/request-{number}") }, "for": person_of(number),
        "owner": { "reference": "Organization/harvest" }, "requester": { "reference": format!("Organization/clinic-{}", number % STAFF) },
        "authoredOn": ago(number % 90 + 1), "lastModified": ago(number % 90),
    });
    if number >= OPEN {
        task["output"] = json!([{ "type": guide_code("resulting-activity", "Resulting Activity"),
            "valueReference": { "reference": format!("Procedure/done-{number}") } }]);
    }
    task
}

fn request(number: usize) -> Value {
    let mut request = json!({
        "resourceType": "ServiceRequest", "id": format!("request-{number}"), "meta": meta("ServiceRequest", number % 90),
        "text": narrative("Referral"), "status": "active", "intent": "order",
        "category": [coded("http://snomed.info/sct", "410606002", "Social service procedure"), guide_code("food-insecurity", "Food Insecurity")],
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "713109004", "display": "Referral to community meals service" }],
            "text": "Food box each week" },
        "subject": person_of(number), "authoredOn": ago(number % 90 + 2), "occurrencePeriod": { "start": day(number), "end": day(number + 1) },
        "requester": { "reference": format!("PractitionerRole/staff-{}", number % STAFF) },
        "performer": [{ "reference": "Organization/harvest" }],
        "supportingInfo": [{ "reference": format!("Consent/consent-{number}") }],
        "reasonReference": [{ "reference": format!("Condition/need-{number}") }],
        "note": [{ "text": "She has no stove, and cannot come before noon." }],
    });
    if number.is_multiple_of(40) {
        request["orderDetail"] =
            json!([guide_code("contacting-subject-prohibited", "Contacting subject prohibited")]);
    }
    request
}

fn person(number: usize) -> Value {
    json!({
        "resourceType": "Patient", "id": format!("person-{number}"), "meta": meta("Patient", number % 90), "text": narrative("A person"),
        "name": [{ "use": "official", "family": format!("Delgado {number}"), "given": ["Rosa"] }], "birthDate": "1988-02-03",
        "telecom": [{ "system": "phone", "value": "555-0166" }], "address": [{ "line": ["4 Mill Lane"], "city": "Springfield" }],
        "communication": [{ "language": coded("urn:ietf:bcp:47", "es", "Spanish"), "preferred": true }],
    })
}

fn consent(number: usize) -> Value {
    json!({
        "resourceType": "Consent", "id": format!("consent-{number}"), "meta": meta("Consent", number % 90), "text": narrative("Consent"),
        "status": "active", "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent"),
        "category": [coded("http://loinc.org", "59284-0", "Consent Document")], "patient": person_of(number), "dateTime": ago(number % 90),
    })
}

fn need(number: usize) -> Value {
    json!({
        "resourceType": "Condition", "id": format!("need-{number}"), "meta": meta("Condition", number % 90), "text": narrative("A need"),
        "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
        "category": [guide_code("food-insecurity", "Food Insecurity")], "subject": person_of(number),
        "code": coded("http://snomed.info/sct", "733423003", "Food insecurity (finding)"),
    })
}

fn done(number: usize) -> Value {
    json!({
        "resourceType": "Procedure", "id": format!("done-{number}"), "meta": meta("Procedure", number % 90), "text": narrative("Done"),
        "status": "completed", "category": [guide_code("food-insecurity", "Food Insecurity")],
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": format!("46467{}", number % 8), "display": format!("Food box, kind {}", number % 8) }] },
        "subject": person_of(number), "basedOn": [{ "reference": format!("ServiceRequest/request-{number}") }], "performedDateTime": ago(number % 90),
    })
}

fn staff(number: usize) -> Value {
    json!({
        "resourceType": "PractitionerRole", "id": format!("staff-{number}"), "meta": meta("PractitionerRole", number),
        "practitioner": { "display": format!("Jan Water {number}") }, "organization": { "reference": format!("Organization/clinic-{number}") },
        "telecom": [{ "system": "phone", "value": "555-0135" }],
    })
}

fn clinic(number: usize) -> Value {
    json!({
        "resourceType": "Organization", "id": format!("clinic-{number}"), "meta": meta("Organization", number), "active": true,
        "name": format!("Elm Street Family Clinic number {number}"), "telecom": [{ "system": "phone", "value": "555-0134" }],
    })
}

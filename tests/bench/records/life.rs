//! Ten thousand resources, as five places of the guide would send them over many years.
//!
//! In: a path and a key. Out: an encrypted database, written by the app's own store. Never: a real person.

use std::path::Path;

use handrail_contract::place::Role;
use handrail_core::{
    session::Source,
    store::{Change, Kept, News},
};
use handrail_engine::{ports::Records as _, records::SqliteRecords};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::saved;

pub const PLACES: usize = 5;
pub const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

/// How many of each type a place has: 2,000 in all, of which 1,150 may stand in a list.
const TODOS: usize = 400;
const REFERRALS: usize = 300;
const TRACKED: usize = 350;
const GOALS: usize = 100;
const ANSWERS: usize = 250;
const FORMS: usize = 20;
const DONE: usize = 200;
const SEEN: usize = 200;
const CONSENTS: usize = 80;
const FILES: usize = 59;
const HELPERS: usize = 20;
const STAFF: usize = 20;

const GUIDE: &str = "http://hl7.org/fhir/us/sdoh-clinicalcare";

/// Writes everything down; says how many resources, and how large they are as JSON.
pub fn lay_down(path: &Path, key: &[u8; 32]) -> (usize, usize) {
    let records = SqliteRecords::open(path, key).expect("a disk with room");
    let (mut rows, mut bytes) = (0, 0);
    for place in 0..PLACES {
        let source = source(place);
        records.put_source(&source).expect("a disk with room");
        let changes: Vec<Change> = bodies()
            .into_iter()
            .map(|body| Change::Put(kept(&source, body).write(Role::Patient)))
            .collect();
        rows += changes.len();
        for change in &changes {
            let Change::Put(kept) = change else { continue };
            bytes += kept.body.text().len();
        }
        records.apply(&source, &changes).expect("a disk with room");
        for number in 0..40 {
            records.apply(&source, &[move_on(number)]).expect("a disk with room");
        }
    }
    unsee(&records);
    (rows, bytes)
}

pub fn source(place: usize) -> Source {
    let id = format!("{place:016x}");
    let facts = json!({
        "id": id, "name": format!("Place number {place}"), "base": format!("https://place-{place}.example.org/fhir"),
        "role": "patient", "hue": place + 1, "patient": "rosa", "granted": ["patient/Task.rus"], "state": "connected",
        "connected_at": "2026-05-06T10:45:00Z", "last_success_at": (NOW - SignedDuration::from_mins(20)).to_string(),
        "next_due_at": (NOW + SignedDuration::from_mins(40)).to_string(), "failures": 0, "signs_in_each_time": false,
        "skipped": [], "cursors": {},
    });
    serde_json::from_value(facts).expect("a source as the app writes it")
}

/// A referral's Task that staff moved on.
pub fn move_on(number: usize) -> Change {
    let statuses = ["accepted", "in-progress", "on-hold"];
    let mut body = tracked(number % TRACKED);
    body["status"] = statuses[(number / PLACES) % 3].into();
    Change::Put(kept(&source(number % PLACES), body).write(Role::Patient))
}

/// Some news that nobody has looked at yet.
pub fn unsee(records: &SqliteRecords) {
    for place in 0..PLACES {
        let source = source(place);
        let changes: Vec<Change> = (0..4)
            .map(|number| {
                let row = kept(&source, todo(number * 8));
                Change::Put(Kept { seen: false, news: Some(News::New), ..row }.write(Role::Patient))
            })
            .collect();
        records.apply(&source, &changes).expect("a disk with room");
    }
}

pub fn kept(source: &Source, body: Value) -> Kept {
    let row = saved::kept(source, body, NOW - SignedDuration::from_hours(30));
    Kept { first_seen_at: NOW - SignedDuration::from_hours(900), ..row }
}

fn bodies() -> Vec<Value> {
    let mut bodies = vec![patient()];
    bodies.extend((0..TODOS).map(todo));
    bodies.extend((0..REFERRALS).map(request));
    bodies.extend((0..TRACKED).map(tracked));
    bodies.extend((0..GOALS).map(goal));
    bodies.extend((0..ANSWERS).map(answers));
    bodies.extend((0..FORMS).map(form));
    bodies.extend((0..DONE).map(procedure));
    bodies.extend((0..SEEN).map(observation));
    bodies.extend((0..CONSENTS).map(consent));
    bodies.extend((0..FILES).map(file));
    bodies.extend((0..HELPERS).map(helper));
    bodies.extend((0..STAFF).map(staff));
    bodies
}

/// Days ago, as a server writes it.
pub fn ago(days: usize) -> String {
    let hours = i64::try_from(days * 24).expect("some years");
    (NOW - SignedDuration::from_hours(hours)).to_string()
}

pub fn day(number: usize) -> String {
    format!("2027-{:02}-{:02}", number % 12 + 1, number % 28 + 1)
}

pub fn meta(profile: &str, days: usize) -> Value {
    json!({ "versionId": "3", "lastUpdated": ago(days), "profile": [format!("{GUIDE}/StructureDefinition/SDOHCC-{profile}")] })
}

fn rosa() -> Value {
    json!({ "reference": "Patient/rosa", "display": "Rosa Delgado" })
}

pub fn narrative(about: &str) -> Value {
    json!({ "status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b>{about}</b></p>\
        <p>For Rosa Delgado, as agreed at the visit. The clinic follows up within two weeks.</p></div>") })
}

pub fn coded(system: &str, code: &str, display: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": display }] })
}

pub fn guide_code(code: &str, display: &str) -> Value {
    coded(&format!("{GUIDE}/CodeSystem/SDOHCC-CodeSystemTemporaryCodes"), code, display)
}

fn helper_of(number: usize) -> Value {
    json!({ "reference": format!("Organization/helper-{}", number % HELPERS) })
}

fn todo(number: usize) -> Value {
    let status = [
        "ready",
        "in-progress",
        "on-hold",
        "completed",
        "completed",
        "completed",
        "completed",
        "cancelled",
    ];
    let mut code = coded(
        "http://hl7.org/fhir/uv/sdc/CodeSystem/temp",
        "complete-questionnaire",
        "Complete Questionnaire",
    );
    if number.is_multiple_of(2) {
        code["text"] = format!("Answer the questions about your week, number {number}").into();
    }
    json!({
        "resourceType": "Task", "id": format!("todo-{number}"), "meta": meta("TaskForPatient", number),
        "text": narrative("Answer the questions"), "status": status[number % status.len()], "intent": "order",
        "priority": if number.is_multiple_of(7) { "urgent" } else { "routine" }, "code": code,
        "description": "It takes about 2 minutes. Your answers help us find the right help for you and your family.",
        "for": rosa(), "owner": rosa(), "authoredOn": ago(number + 3), "lastModified": ago(number),
        "requester": helper_of(number), "restriction": { "period": { "end": day(number) } },
        "partOf": [{ "reference": format!("Task/tracked-{}", number % TRACKED) }],
        "input": [
            { "type": coded("http://hl7.org/fhir/uv/sdc/CodeSystem/temp", "questionnaire", "Questionnaire"),
              "valueCanonical": format!("https://forms.example.org/form-{}", number % FORMS) },
            { "type": guide_code("questionnaire-category", "Questionnaire Category"),
              "valueCodeableConcept": guide_code("risk-questionnaire", "Risk Questionnaire") },
        ],
    })
}

fn request(number: usize) -> Value {
    let topics = [
        "food-insecurity",
        "housing-instability",
        "transportation-insecurity",
        "utility-insecurity",
    ];
    let topic = topics[number % topics.len()];
    json!({
        "resourceType": "ServiceRequest", "id": format!("request-{number}"), "meta": meta("ServiceRequest", number),
        "text": narrative("Referral"), "status": if number.is_multiple_of(3) { "active" } else { "completed" }, "intent": "order",
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",
            "valueReference": { "reference": format!("Goal/goal-{}", number % GOALS) } }],
        "category": [coded("http://snomed.info/sct", "410606002", "Social service procedure"), guide_code(topic, "A need")],
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "713109004", "display": "Referral to community meals service" }],
            "text": format!("Help number {number}") },
        "subject": rosa(), "authoredOn": ago(number + 5),
        "requester": { "reference": format!("PractitionerRole/staff-{}", number % STAFF) },
        "performer": [helper_of(number)], "supportingInfo": [{ "reference": format!("Consent/consent-{}", number % CONSENTS) }],
        "reasonReference": [{ "reference": format!("Condition/need-{}", number % 40) }],
    })
}

fn tracked(number: usize) -> Value {
    let status =
        ["requested", "accepted", "in-progress", "completed", "completed", "rejected", "completed"];
    json!({
        "resourceType": "Task", "id": format!("tracked-{number}"), "meta": meta("TaskForReferralManagement", number),
        "text": narrative("Please help"), "status": status[number % status.len()], "intent": "order", "priority": "routine",
        "code": coded("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", "Fulfill the focal request"),
        "description": "Please help with what the request says and tell us how it went.",
        "focus": { "reference": format!("ServiceRequest/request-{}", number % REFERRALS) },
        "for": rosa(), "owner": helper_of(number), "requester": helper_of(number + 1), "authoredOn": ago(number + 4),
        "lastModified": ago(number % 40), "statusReason": { "text": "We will call you on Friday." },
        "output": [{ "type": guide_code("resulting-activity", "Resulting Activity"),
            "valueReference": { "reference": format!("Procedure/done-{}", number % DONE) } }],
    })
}

fn goal(number: usize) -> Value {
    json!({
        "resourceType": "Goal", "id": format!("goal-{number}"), "meta": meta("Goal", number), "text": narrative("Goal"),
        "lifecycleStatus": if number.is_multiple_of(4) { "completed" } else { "active" },
        "achievementStatus": coded("http://terminology.hl7.org/CodeSystem/goal-achievement", "improving", "Improving"),
        "category": [guide_code("food-insecurity", "Food Insecurity")], "subject": rosa(),
        "description": { "text": format!("Have enough food each week, {number}") }, "startDate": "2026-05-01",
        "target": [{ "dueDate": day(number) }], "addresses": [{ "reference": format!("Condition/need-{}", number % 40) }],
        "note": [{ "text": "We agreed on this goal together.", "time": ago(number) }],
    })
}

fn form(number: usize) -> Value {
    let item = |question: usize| {
        let options: Vec<Value> = ["Often true", "Sometimes true", "Never true", "Don't know"]
            .iter()
            .map(|text| json!({ "valueCoding": { "system": "http://loinc.org", "code": "LA28397-0", "display": text } }))
            .collect();
        json!({ "linkId": format!("/{question}"), "type": "choice", "required": true, "answerOption": options,
            "text": format!("Within the past 12 months, how often was number {question} true for your household?") })
    };
    json!({
        "resourceType": "Questionnaire", "id": format!("form-{number}"), "meta": meta("Questionnaire", number),
        "url": format!("https://forms.example.org/form-{number}"), "status": "active", "title": "Your week",
        "item": (0..8).map(item).collect::<Vec<_>>(),
    })
}

fn answers(number: usize) -> Value {
    let item = |question: usize| {
        json!({ "linkId": format!("/{question}"), "text": "Within the past 12 months, how often was this true for your household?",
            "answer": [{ "valueCoding": { "system": "http://loinc.org", "code": "LA28397-0", "display": "Often true" } }] })
    };
    json!({
        "resourceType": "QuestionnaireResponse", "id": format!("answers-{number}"), "meta": meta("QuestionnaireResponse", number),
        "text": narrative("Answers"), "status": "completed", "subject": rosa(), "authored": ago(number),
        "questionnaire": format!("https://forms.example.org/form-{}", number % FORMS), "item": (0..8).map(item).collect::<Vec<_>>(),
    })
}

fn procedure(number: usize) -> Value {
    json!({
        "resourceType": "Procedure", "id": format!("done-{number}"), "meta": meta("Procedure", number), "text": narrative("Done"),
        "status": "completed", "code": { "text": format!("Food box handed over, number {number}") }, "subject": rosa(),
        "basedOn": [{ "reference": format!("ServiceRequest/request-{}", number % REFERRALS) }], "performedDateTime": ago(number),
    })
}

fn observation(number: usize) -> Value {
    json!({
        "resourceType": "Observation", "id": format!("seen-{number}"), "meta": meta("ObservationScreeningResponse", number),
        "text": narrative("Screening"), "status": "final", "category": [coded("http://terminology.hl7.org/CodeSystem/observation-category", "survey", "Survey")],
        "code": coded("http://loinc.org", "88124-3", "Food insecurity risk [HVS]"), "subject": rosa(), "effectiveDateTime": ago(number),
        "valueCodeableConcept": coded("http://loinc.org", "LA19952-3", "At risk"),
        "derivedFrom": [{ "reference": format!("QuestionnaireResponse/answers-{}", number % ANSWERS) }],
    })
}

fn consent(number: usize) -> Value {
    json!({
        "resourceType": "Consent", "id": format!("consent-{number}"), "meta": meta("Consent", number), "text": narrative("Consent"),
        "status": "active", "scope": coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent"),
        "category": [coded("http://loinc.org", "59284-0", "Consent Document")], "patient": rosa(), "dateTime": ago(number),
    })
}

fn file(number: usize) -> Value {
    json!({
        "resourceType": "DocumentReference", "id": format!("file-{number}"), "meta": meta("DocumentReference", number), "status": "current",
        "type": { "text": "Leaflet" }, "subject": rosa(), "date": ago(number),
        "content": [{ "attachment": { "contentType": "application/pdf", "url": format!("Binary/file-{number}"), "title": "Leaflet" } }],
    })
}

fn helper(number: usize) -> Value {
    json!({
        "resourceType": "Organization", "id": format!("helper-{number}"), "meta": meta("Organization", number), "active": true,
        "name": format!("Bright Harvest Food Bank number {number}"), "telecom": [{ "system": "phone", "value": "555-0134" }],
        "address": [{ "line": ["12 Station Road"], "city": "Springfield", "postalCode": "00000" }],
    })
}

fn staff(number: usize) -> Value {
    json!({
        "resourceType": "PractitionerRole", "id": format!("staff-{number}"), "meta": meta("PractitionerRole", number),
        "practitioner": { "display": format!("Jan Water {number}") }, "organization": helper_of(number),
        "telecom": [{ "system": "phone", "value": "555-0135" }],
    })
}

fn patient() -> Value {
    json!({ "resourceType": "Patient", "id": "rosa", "name": [{ "family": "Delgado", "given": ["Rosa"] }], "birthDate": "1988-02-03" })
}

//! A folder of the app's own: one in which many things are saved, without a server that they came from; and all of it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use handrail_contract::place::Role;
use handrail_core::{
    session::Source,
    store::{Change, Kept},
};
use handrail_engine::{
    keys::KeyFile,
    ports::{KeyName, KeySource as _, Records as _},
    records::SqliteRecords,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::programs::find_program;

/// A folder of the app's own with this many to-dos of one place, some with long titles.
pub fn save_todos(todos: usize) -> TempDir {
    begin_folder(|path, key| {
        let records = SqliteRecords::open(path, key).expect("the folder's records");
        let now = Timestamp::now();
        let source = source(now);
        records.put_source(&source).expect("a disk with room");
        let rosa =
            json!({ "resourceType": "Patient", "id": "rosa", "name": [{ "given": ["Rosa"] }] });
        let changes: Vec<Change> = std::iter::once(rosa)
            .chain((0..todos).map(todo))
            .map(|body| Change::Put(kept(&source, body, now).write(source.role)))
            .collect();
        records.apply(&source, &changes).expect("a disk with room");
    })
}

/// A folder of the app's own with this many requests to an organization that nobody has answered yet.
pub fn save_requests(requests: usize) -> TempDir {
    begin_folder(|path, key| {
        let records = SqliteRecords::open(path, key).expect("the folder's records");
        let now = Timestamp::now();
        let desk = of_staff(source(now));
        records.put_source(&desk).expect("a disk with room");
        let write = |number| Change::Put(kept(&desk, request(number), now).write(desk.role));
        let changes: Vec<Change> = (0..requests).map(write).collect();
        records.apply(&desk, &changes).expect("a disk with room");
    })
}

/// A folder that the app began, with what is laid down in its records: their path and key are given.
pub fn begin_folder(lay_down: impl FnOnce(&Path, &[u8; 32])) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let began = std::process::Command::new(find_program("handrail"))
        .env("HANDRAIL_KEYS", "file")
        .arg("--data")
        .arg(&data)
        .arg("sources")
        .output();
    assert!(began.is_ok_and(|output| output.status.success()), "the app begins in a new folder");
    let key = KeyFile::new(&data).find(KeyName::Records).expect("a key that can be read");
    lay_down(&data.join("records.db"), &key.expect("the folder's own key"));
    folder
}

/// A place on this machine that nobody serves: what is measured is what was saved.
fn source(now: Timestamp) -> Source {
    let facts = json!({
        "id": "00000000000000e1", "name": "Elm Street Family Clinic", "base": "http://127.0.0.1:9/fhir",
        "role": "patient", "hue": 1, "patient": "rosa", "granted": ["patient/Task.rus"], "state": "connected",
        "connected_at": now.to_string(), "last_success_at": now.to_string(),
        "next_due_at": (now + SignedDuration::from_hours(20)).to_string(), "failures": 0,
        "signs_in_each_time": false, "skipped": [], "cursors": {},
    });
    serde_json::from_value(facts).expect("a source as the app writes it")
}

/// The same place, connected by staff of an organization that helps.
pub fn of_staff(source: Source) -> Source {
    Source {
        role: Role::Organization,
        patient: None,
        organizations: vec!["harvest".to_owned()],
        granted: vec!["user/*.crus".to_owned()],
        ..source
    }
}

/// A resource as it is kept of a place that last changed it then, and that somebody has seen.
pub fn kept(source: &Source, body: Value, now: Timestamp) -> Kept {
    let told = |member: &str| body[member].as_str().expect("a body has it").to_owned();
    Kept {
        source: source.id.clone(),
        kind: told("resourceType"),
        id: told("id"),
        version: Some("1".to_owned()),
        last_updated: Some(now),
        first_seen_at: now,
        changed_at: now,
        seen: true,
        news: None,
        body,
    }
}

fn request(number: usize) -> Value {
    json!({
        "resourceType": "Task", "id": format!("request-{number:04}"), "status": "requested", "intent": "order",
        "priority": "routine", "code": { "coding": [
            { "system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill" } ] },
        "description": format!("Food box number {number}"), "for": { "display": "Rosa Delgado" },
        "owner": { "reference": "Organization/harvest" }, "requester": { "display": "Elm Street Family Clinic" },
        "authoredOn": "2026-05-01T08:00:00Z",
    })
}

fn todo(number: usize) -> Value {
    let more = ", and who could help you with what you eat, at home and on the way";
    let more = if number.is_multiple_of(5) { more } else { "" };
    json!({
        "resourceType": "Task", "id": format!("todo-{number}"), "status": "ready", "intent": "order",
        "priority": if number.is_multiple_of(7) { "urgent" } else { "routine" },
        "code": {
            "coding": [{ "system": "http://hl7.org/fhir/uv/sdc/CodeSystem/temp", "code": "complete-questionnaire" }],
            "text": format!("Answer the questions about your week, number {number}{more}"),
        },
        "description": "It takes about 2 minutes. Your answers help us find the right help for you.",
        "for": { "reference": "Patient/rosa" }, "owner": { "reference": "Patient/rosa" },
        "authoredOn": "2026-11-01", "lastModified": "2026-11-02T10:00:00Z",
    })
}

/// Every file in a folder, and what is in it.
pub fn read_all(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files.extend(read_all(&path));
        } else {
            files.insert(path.clone(), fs::read(&path).expect("the file can be read"));
        }
    }
    files
}

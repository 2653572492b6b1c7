//! What a list needs of a resource: the members it reads, and none of the rest.
//!
//! In: a resource as it is kept. Out: the same, shorter; or nothing, where lists never look.
//! Never: anything a list would tell otherwise than from the whole: a test of the view holds both against each other.

use serde_json::{Map, Value};

use crate::fhir::element::{list, parameters};

/// Counts up whenever [`glance`] takes other members, so that what an earlier build took is taken anew.
pub const GLANCE_FORM: u32 = 1;

/// By these a Task says which form is asked for.
const FORM_INPUTS: [&str; 3] = ["questionnaire", "questionnaire-pdf", "questionnaire-url"];

/// The short version of a resource. `None`: no list looks at it.
pub fn glance(kind: &str, body: &Value) -> Option<Value> {
    let mut short = Map::new();
    let mut keep = |members: &[&str]| {
        for member in members {
            if let Some(value) = body.get(member) {
                short.insert((*member).to_owned(), value.clone());
            }
        }
        !short.is_empty()
    };
    match kind {
        "Task" => {
            keep(&[
                "status",
                "priority",
                "code",
                "description",
                "focus",
                "partOf",
                "basedOn",
                "owner",
                "requester",
                "restriction",
                "executionPeriod",
                "authoredOn",
                "lastModified",
                "identifier",
                "groupIdentifier",
                "contained",
            ]);
            if let Some(profile) = body.pointer("/meta/profile") {
                let meta = Map::from_iter([("profile".to_owned(), profile.clone())]);
                short.insert("meta".to_owned(), meta.into());
            }
            let inputs: Vec<Value> = parameters(body, "input", &FORM_INPUTS).cloned().collect();
            if !inputs.is_empty() {
                short.insert("input".to_owned(), inputs.into());
            }
        }
        "ServiceRequest" => {
            keep(&[
                "status",
                "code",
                "category",
                "extension",
                "reasonReference",
                "requester",
                "performer",
                "authoredOn",
                "basedOn",
                "identifier",
                "requisition",
                "contained",
            ]);
        }
        "Goal" => {
            keep(&[
                "lifecycleStatus",
                "achievementStatus",
                "category",
                "description",
                "target",
                "addresses",
            ]);
        }
        "Questionnaire" => {
            keep(&["url", "version", "name"]);
            if let Some(item) = short_items(body, 0) {
                short.insert("item".to_owned(), item);
            }
        }
        // Whoever may be named.
        _ => {
            if !keep(&["name", "practitioner", "organization", "providedBy"]) {
                return None;
            }
        }
    }
    if let Some(kind) = body.get("resourceType") {
        short.insert("resourceType".to_owned(), kind.clone());
    }
    Some(short.into())
}

/// The questions of a form without what may be answered.
fn short_items(parent: &Value, depth: usize) -> Option<Value> {
    // serde_json allows 128 levels; lists count the questions of sixteen.
    if depth > 16 || parent.get("item").is_none() {
        return None;
    }
    let items = list(parent, "item").map(|item| {
        let mut short = Map::new();
        for member in ["type", "text", "extension"] {
            if let Some(value) = item.get(member) {
                short.insert(member.to_owned(), value.clone());
            }
        }
        if let Some(inner) = short_items(item, depth + 1) {
            short.insert("item".to_owned(), inner);
        }
        Value::from(short)
    });
    Some(items.collect())
}

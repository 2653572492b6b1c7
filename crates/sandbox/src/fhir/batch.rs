//! A batch: many interactions in one request, each with its own outcome (FHIR R4, http, section 3.1.0.11).

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::{
    faults::{At, Fault},
    fhir::{Ask, Pairs, Reply, access::Access, answer, outcome::refuse, read_pairs},
    place::Site,
};

/// More entries than this are refused as a whole.
const MOST_ENTRIES: usize = 200;

pub(crate) fn answer_batch(site: &Site, access: &Access, ask: &Ask) -> Reply {
    let bad = |words| refuse(StatusCode::BAD_REQUEST, "structure", words);
    let Some(bundle) = ask.body.as_ref().filter(|body| body["resourceType"] == "Bundle") else {
        return bad("A Bundle is needed here.");
    };
    if bundle["type"] != "batch" {
        return refuse(
            StatusCode::BAD_REQUEST,
            "not-supported",
            "Only batches are taken, no transactions.",
        );
    }
    let empty = Vec::new();
    let entries = bundle["entry"].as_array().unwrap_or(&empty);
    if entries.len() > MOST_ENTRIES {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "too-costly", "These are too many entries.");
    }
    let answers: Vec<Value> =
        entries.iter().map(|entry| describe(answer_entry(site, access, ask, entry))).collect();
    let mut answered = json!({"resourceType": "Bundle", "type": "batch-response"});
    if !answers.is_empty() {
        answered["entry"] = json!(answers);
    }
    Reply::ok(answered)
}

fn answer_entry(site: &Site, access: &Access, whole: &Ask, entry: &Value) -> Reply {
    let request = &entry["request"];
    let text = |name: &str| request[name].as_str().map(str::to_owned);
    let method = text("method").and_then(|method| Method::from_bytes(method.as_bytes()).ok());
    let address = text("url").and_then(|url| resolve(site, &url));
    let (Some(method), Some((path, query))) = (method, address) else {
        return refuse(
            StatusCode::BAD_REQUEST,
            "value",
            "This entry has no usable method and address.",
        );
    };
    if let Some(reply) = spoil_entry(site, &path) {
        return reply;
    }
    let ask = Ask {
        method,
        path,
        query,
        if_match: text("ifMatch"),
        if_none_match: text("ifNoneMatch"),
        if_modified_since: text("ifModifiedSince"),
        strict: whole.strict,
        minimal: whole.minimal,
        body: entry.get("resource").cloned(),
    };
    answer(site, access, &ask)
}

/// An address relative to the base, or an absolute one under it.
fn resolve(site: &Site, url: &str) -> Option<(Vec<String>, Pairs)> {
    let base = format!("{}/", site.fhir_base);
    let absolute = Url::parse(&base).ok()?.join(url).ok()?;
    let below = absolute.as_str().strip_prefix(&base)?;
    let path = below.split(['?', '#']).next().unwrap_or(below);
    let parts = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned);
    Some((parts.collect(), read_pairs(absolute.query().unwrap_or_default())))
}

/// Faults of a type strike inside a batch too, as far as one entry can show them.
fn spoil_entry(site: &Site, path: &[String]) -> Option<Reply> {
    let fault = site.lock_faults().take_fault(&[At::Type(path.first()?.clone())])?;
    let status = match fault {
        Fault::Status { status } => StatusCode::from_u16(status).ok()?,
        Fault::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    };
    Some(refuse(status, "transient", "Something went wrong here, as was asked for."))
}

fn describe(reply: Reply) -> Value {
    let mut response = json!({"status": reply.status.as_u16().to_string()});
    if let Some(etag) = reply.etag() {
        response["etag"] = json!(etag);
    }
    if let Some(updated) = reply.last_updated() {
        response["lastModified"] = json!(updated);
    }
    if let Some(location) = &reply.location {
        response["location"] = json!(location);
    }
    let mut entry = json!({});
    match reply.body.filter(|_| !reply.silent) {
        Some(body) if !reply.status.is_success() => response["outcome"] = body,
        Some(body) => entry["resource"] = body,
        None => {}
    }
    entry["response"] = response;
    entry
}

//! Answers that no honest server gives: without an end, out of proportion, or about somebody else.
//!
//! In: a fault, and the honest answer where the fault alters one. Out: the answer to send instead.

use std::{convert::Infallible, io::Write as _, sync::OnceLock, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::hang_up;

const JSON: HeaderValue = HeaderValue::from_static("application/fhir+json; charset=utf-8");
/// What a bomb holds once it is unpacked.
const BOMB: usize = 16 * 1024 * 1024;
/// Just less than what an app takes for an honest body.
const CROWD: usize = 8 * 1024 * 1024 - 64;
/// Deeper than any resource, and than the stack of whoever reads it by recursion.
const DEPTH: usize = 200_000;

/// A body that goes on for as long as somebody listens.
pub(super) fn go_on_forever() -> Response {
    let start =
        stream::once(async { Bytes::from_static(b"{\"resourceType\":\"Bundle\",\"x\":\"") });
    let filler = stream::repeat(Bytes::from_static(&[b'x'; 64 * 1024]));
    stream_json(start.chain(filler))
}

/// Some kilobytes that become many megabytes.
pub(super) fn send_bomb() -> Response {
    static BOMBS: OnceLock<Bytes> = OnceLock::new();
    let bomb = BOMBS.get_or_init(|| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(&vec![b' '; BOMB]).and_then(|()| packer.finish());
        packed.map(Bytes::from).unwrap_or_default()
    });
    let kind = [(header::CONTENT_TYPE, JSON)];
    let packed = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
    (StatusCode::OK, kind, packed, bomb.clone()).into_response()
}

/// Two megabytes of header lines before the first byte of the body.
pub(super) fn send_headers() -> Response {
    let mut response = StatusCode::OK.into_response();
    for number in 0..20_000 {
        let name = HeaderName::try_from(format!("x-{number}"));
        if let Ok(name) = name {
            response.headers_mut().insert(name, HeaderValue::from_static(FILLER));
        }
    }
    response
}

const FILLER: &str = "a header line that says nothing at all, of about a hundred characters, so that there is enough of it";

/// JSON in JSON in JSON.
pub(super) fn send_depth() -> Response {
    let body = format!("{{\"resourceType\":\"Bundle\",\"entry\":{}", "[".repeat(DEPTH));
    (StatusCode::OK, [(header::CONTENT_TYPE, JSON)], body).into_response()
}

/// A body of an allowed size that takes a hundred times as much once it is read.
pub(super) fn send_crowd() -> Response {
    const PIECE: &str = "{\"a\":0},";
    static CROWDS: OnceLock<Bytes> = OnceLock::new();
    let crowd = CROWDS.get_or_init(|| {
        let start = "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[";
        let pieces = PIECE.repeat((CROWD - start.len() - 4) / PIECE.len());
        Bytes::from(format!("{start}{pieces}{{}}]}}"))
    });
    (StatusCode::OK, [(header::CONTENT_TYPE, JSON)], crowd.clone()).into_response()
}

/// One byte of the honest answer at a time.
pub(super) async fn trickle(response: Response, pause: Duration) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return hang_up();
    };
    let bytes = stream::unfold(whole, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let next = left.split_to(1);
        Some((Ok::<_, Infallible>(next), left))
    });
    Response::from_parts(parts, Body::from_stream(bytes))
}

/// Says that the body is half as long as it is; what comes is cut there.
pub(super) async fn understate_length(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return hang_up();
    };
    let half = whole.slice(..whole.len() / 2);
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(half.len()));
    Response::from_parts(parts, Body::from(half))
}

/// Changes the JSON of an honest answer; one that is not JSON stays as it is.
pub(super) async fn rewrite(response: Response, change: impl FnOnce(&mut Value)) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return hang_up();
    };
    let Ok(mut value) = serde_json::from_slice::<Value>(&whole) else {
        return Response::from_parts(parts, Body::from(whole));
    };
    change(&mut value);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(value.to_string()))
}

/// The list goes on at `to`, whether or not it went on before.
pub(super) fn lead_on(answer: &mut Value, to: &str) {
    if answer["type"] != "searchset" {
        return;
    }
    let mut links = answer["link"].as_array().cloned().unwrap_or_default();
    links.retain(|link| link["relation"] != "next");
    links.push(json!({ "relation": "next", "url": to }));
    answer["link"] = Value::Array(links);
}

/// Adds to a list what belongs to somebody else.
pub(super) fn add_strangers(answer: &mut Value) {
    let stranger = json!({ "reference": "Patient/somebody-else" });
    add_copies(answer, "strangers", |resource| {
        for member in ["for", "subject", "patient"] {
            if !resource[member].is_null() {
                resource[member] = stranger.clone();
            }
        }
    });
}

/// Adds to a list what refers to another server in every way there is.
pub(super) fn add_references(answer: &mut Value, to: &str) {
    let to = to.trim_end_matches('/');
    let refer = |kind: &str| json!({ "reference": format!("{to}/{kind}/planted") });
    add_copies(answer, "planted", |resource| {
        resource["requester"] = refer("Organization");
        match resource["resourceType"].as_str() {
            Some("Task") => {
                resource["owner"] = refer("Organization");
                resource["focus"] = refer("ServiceRequest");
                resource["basedOn"] = json!([refer("ServiceRequest")]);
                resource["partOf"] = json!([refer("Task")]);
                let file = json!({ "url": format!("{to}/Binary/planted"), "contentType": "application/pdf" });
                resource["output"] = json!([
                    { "type": { "text": "a file" }, "valueReference": refer("DocumentReference") },
                    { "type": { "text": "a file" }, "valueAttachment": file },
                ]);
            }
            Some("ServiceRequest") => {
                resource["performer"] = json!([refer("HealthcareService")]);
                resource["supportingInfo"] = json!([refer("Consent")]);
            }
            _ => {}
        }
    });
}

/// Half of the answer is missing, and a notice of the server says so.
pub(super) fn fail_in_part(answer: &mut Value) {
    let notice = json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "exception" }],
    });
    match answer.get_mut("entry").and_then(Value::as_array_mut) {
        Some(entries) => {
            entries.truncate(entries.len() / 2);
            entries.push(json!({ "resource": notice, "search": { "mode": "outcome" } }));
        }
        None => *answer = notice,
    }
}

/// Adds a changed copy of each entry of a list.
fn add_copies(answer: &mut Value, suffix: &str, change: impl Fn(&mut Value)) {
    if answer["type"] != "searchset" {
        return;
    }
    let Some(entries) = answer.get_mut("entry").and_then(Value::as_array_mut) else { return };
    let copies: Vec<Value> = entries
        .iter()
        .filter(|entry| entry["resource"]["resourceType"] != "OperationOutcome")
        .map(|entry| {
            let mut copy = entry.clone();
            let id = copy["resource"]["id"].as_str().unwrap_or_default();
            copy["resource"]["id"] = json!(format!("{id}-{suffix}"));
            change(&mut copy["resource"]);
            copy
        })
        .collect();
    entries.extend(copies);
}

fn stream_json(bytes: impl futures::Stream<Item = Bytes> + Send + 'static) -> Response {
    let body = Body::from_stream(bytes.map(Ok::<_, Infallible>));
    (StatusCode::OK, [(header::CONTENT_TYPE, JSON)], body).into_response()
}

//! Reading one resource, or one of its versions.

use axum::http::StatusCode;
use serde_json::Value;

use crate::{
    fhir::{
        Ask, Reply,
        access::Access,
        offer::TypeOffer,
        outcome::{forbid, refuse},
        store::Found,
        values::{find_span, find_values, to_http_date},
    },
    place::Site,
};

pub(crate) fn read(
    site: &Site,
    access: &Access,
    ask: &Ask,
    offered: &TypeOffer,
    id: &str,
) -> Reply {
    if !access.may(offered.name, 'r') {
        return forbid("The token does not cover reading this type.");
    }
    let store = site.lock_store();
    match store.find(offered.name, id) {
        Found::Here(resource) if is_visible(access, offered, resource) => {
            let reply = Reply::resource(resource.clone());
            if is_unchanged(ask, &reply) {
                return Reply { status: StatusCode::NOT_MODIFIED, silent: true, ..reply };
            }
            reply
        }
        Found::Gone => refuse(StatusCode::GONE, "deleted", "This was removed."),
        // Somebody else's resource looks the same as none at all.
        Found::Here(_) | Found::Nothing => nothing(),
    }
}

pub(crate) fn read_version(
    site: &Site,
    access: &Access,
    offered: &TypeOffer,
    id: &str,
    version: &str,
) -> Reply {
    if !access.may(offered.name, 'r') {
        return forbid("The token does not cover reading this type.");
    }
    match site.lock_store().find_version(offered.name, id, version) {
        Some(resource) if is_visible(access, offered, resource) => {
            Reply::resource(resource.clone())
        }
        _ => nothing(),
    }
}

fn nothing() -> Reply {
    refuse(StatusCode::NOT_FOUND, "not-found", "There is no such resource.")
}

/// Whether the bearer may see it at all: a patient sees what is theirs and what is about nobody.
pub(crate) fn is_visible(access: &Access, offered: &TypeOffer, resource: &Value) -> bool {
    let (Some(patient), Some(subject)) = (access.patient(), offered.subject) else {
        return true;
    };
    let values = find_values(resource, subject);
    if subject == "id" {
        return values.iter().any(|value| *value == patient);
    }
    let own = format!("Patient/{patient}");
    values.is_empty() || values.iter().any(|value| value["reference"] == own.as_str())
}

/// RFC 9110 section 13.1: `If-None-Match` counts before `If-Modified-Since`.
fn is_unchanged(ask: &Ask, reply: &Reply) -> bool {
    if let Some(known) = &ask.if_none_match {
        return reply.etag().is_some_and(|etag| known.split(',').any(|one| one.trim() == etag));
    }
    let (Some(since), Some(updated)) = (&ask.if_modified_since, reply.last_updated()) else {
        return false;
    };
    let parse = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp());
    let updated = to_http_date(updated).and_then(|text| parse(&text));
    let since = parse(since).or_else(|| find_span(since).map(|(start, _)| start));
    matches!((updated, since), (Some(updated), Some(since)) if updated <= since)
}

//! Reading a Bundle: what is in it, what is odd about it, and where it goes on (FHIR R4 sections 3.1.1.4 and 3.1.0.11.3).

use serde_json::Value;
use url::Url;

use super::Arrived;
use crate::fhir::{
    FhirBase,
    element::{list, text},
    reference::{is_id, is_kind},
};

/// Entries taken from one page; a server that sends more is cut off.
pub const MOST_ENTRIES: usize = 1_000;

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    End,
    Page(Url),
    /// Another server, where our token must not go, or no address at all.
    Elsewhere,
}

/// One page of a search.
#[derive(Debug)]
pub struct Page {
    pub resources: Vec<Arrived>,
    /// Entries without a resource, type or id.
    pub unreadable: u64,
    /// Notices of the server among the entries.
    pub notices: u64,
    /// A notice said that something failed: the list may not be whole.
    pub failed_in_part: bool,
    pub cut_off: bool,
    pub next: Next,
    /// `Bundle.meta.lastUpdated`.
    pub at: Option<String>,
}

/// Reads one resource. `None`: it has no type or id that could be kept.
pub fn read_resource(body: Value) -> Option<Arrived> {
    let kind = text(&body, "resourceType").filter(|kind| is_kind(kind))?.to_owned();
    let id = text(&body, "id").filter(|id| is_id(id))?.to_owned();
    let meta = body.get("meta");
    let of_meta = |member| meta.and_then(|meta| text(meta, member)).map(str::to_owned);
    Some(Arrived {
        kind,
        id,
        version: of_meta("versionId"),
        last_updated: of_meta("lastUpdated"),
        body,
    })
}

/// Reads a searchset. `None`: it is no Bundle.
pub fn read_page(mut bundle: Value, base: &FhirBase, asked: &Url) -> Option<Page> {
    if text(&bundle, "resourceType") != Some("Bundle") {
        return None;
    }
    let next = read_next(&bundle, base, asked);
    let at = bundle.get("meta").and_then(|meta| text(meta, "lastUpdated")).map(str::to_owned);
    let entries = match bundle.get_mut("entry").map(Value::take) {
        Some(Value::Array(entries)) => entries,
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    };
    let cut_off = entries.len() > MOST_ENTRIES;
    let mut page = Page {
        resources: Vec::with_capacity(entries.len().min(MOST_ENTRIES)),
        unreadable: 0,
        notices: 0,
        failed_in_part: false,
        cut_off,
        next,
        at,
    };
    for mut entry in entries.into_iter().take(MOST_ENTRIES) {
        let is_notice = entry.pointer("/search/mode").and_then(Value::as_str) == Some("outcome");
        let Some(resource) = entry.get_mut("resource").map(Value::take) else {
            page.unreadable += 1;
            continue;
        };
        if is_notice || text(&resource, "resourceType") == Some("OperationOutcome") {
            page.notices += 1;
            page.failed_in_part |= is_failure(&resource);
            continue;
        }
        match read_resource(resource) {
            Some(arrived) => page.resources.push(arrived),
            None => page.unreadable += 1,
        }
    }
    Some(page)
}

/// Whether a notice of the server says that something failed.
pub fn is_failure(notice: &Value) -> bool {
    text(notice, "resourceType") == Some("OperationOutcome")
        && list(notice, "issue")
            .any(|issue| matches!(text(issue, "severity"), Some("error" | "fatal")))
}

fn read_next(bundle: &Value, base: &FhirBase, asked: &Url) -> Next {
    let link = list(bundle, "link").find(|link| text(link, "relation") == Some("next"));
    let Some(link) = link else { return Next::End };
    let url = text(link, "url").and_then(|url| asked.join(url).ok());
    match url {
        Some(url) if base.contains(&url) => Next::Page(url),
        _ => Next::Elsewhere,
    }
}

/// One answer of a batch, in the order of the requests.
#[derive(Debug)]
pub struct Part {
    pub status: u16,
    pub resource: Option<Value>,
}

/// Reads a batch-response with as many answers as were asked for. `None`: it is nothing of the kind.
pub fn read_batch(mut bundle: Value, asked: usize) -> Option<Vec<Part>> {
    if text(&bundle, "resourceType") != Some("Bundle") {
        return None;
    }
    let Some(Value::Array(entries)) = bundle.get_mut("entry").map(Value::take) else { return None };
    if entries.len() != asked {
        return None;
    }
    entries
        .into_iter()
        .map(|mut entry| {
            let status = entry.pointer("/response/status").and_then(|status| match status {
                Value::String(text) => text.split_whitespace().next()?.parse().ok(),
                Value::Number(number) => number.as_u64().and_then(|it| u16::try_from(it).ok()),
                _ => None,
            })?;
            let resource = entry.get_mut("resource").map(Value::take);
            Some(Part { status, resource })
        })
        .collect()
}

//! Reading a Bundle: what is in it, what is odd about it, and where it goes on (FHIR R4 sections 3.1.1.4 and 3.1.0.11.3).

use serde_json::Value;
use url::Url;

use super::{
    Arrived,
    body::{Bundle, Came},
};
use crate::{
    fhir::{
        FhirBase,
        element::{list, text},
    },
    written::Written,
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
pub struct Page {
    /// Each as it will be kept, with what tells whose it is and what it refers to.
    pub resources: Vec<(Arrived, Value)>,
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

impl Arrived {
    /// A resource of this type and id; `body` is all of it, or what is read of it, and has its `meta`.
    pub fn of(kind: &str, id: &str, body: &Value, written: Written) -> Self {
        let meta = body.get("meta");
        let of_meta = |member| meta.and_then(|meta| text(meta, member)).map(str::to_owned);
        Self {
            kind: kind.to_owned(),
            id: id.to_owned(),
            version: of_meta("versionId"),
            last_updated: of_meta("lastUpdated"),
            body: written,
        }
    }
}

/// Reads a searchset. `None`: it is no Bundle.
pub fn read_page(came: Came, base: &FhirBase, asked: &Url) -> Option<Page> {
    let Came::Bundle(Bundle { frame, entries, count }) = came else { return None };
    let mut page = Page {
        resources: Vec::with_capacity(entries.len()),
        unreadable: 0,
        notices: 0,
        failed_in_part: false,
        cut_off: count.is_some_and(|count| count > MOST_ENTRIES),
        next: read_next(&frame, base, asked),
        at: frame.get("meta").and_then(|meta| text(meta, "lastUpdated")).map(str::to_owned),
    };
    for entry in entries {
        let is_notice = text(&entry.search, "mode") == Some("outcome");
        match entry.resource {
            Some(Came::Other(notice)) if is_notice || is_outcome(&notice) => {
                page.notices += 1;
                page.failed_in_part |= is_failure(&notice);
            }
            Some(_) if is_notice => page.notices += 1,
            Some(Came::Resource(arrived, short)) => page.resources.push((*arrived, short)),
            Some(Came::Bundle(_) | Came::Other(_)) | None => page.unreadable += 1,
        }
    }
    Some(page)
}

fn is_outcome(notice: &Value) -> bool {
    text(notice, "resourceType") == Some("OperationOutcome")
}

/// Whether a notice of the server says that something failed.
pub fn is_failure(notice: &Value) -> bool {
    is_outcome(notice)
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
pub struct Part {
    pub status: u16,
    pub resource: Option<Came>,
}

/// Reads a batch-response with as many answers as were asked for. `None`: it is nothing of the kind.
pub fn read_batch(came: Came, asked: usize) -> Option<Vec<Part>> {
    let Came::Bundle(Bundle { entries, count: Some(count), .. }) = came else { return None };
    if count != asked || entries.len() != asked {
        return None;
    }
    entries
        .into_iter()
        .map(|entry| {
            let status = match entry.response.get("status")? {
                Value::String(text) => text.split_whitespace().next()?.parse().ok(),
                Value::Number(number) => number.as_u64().and_then(|it| u16::try_from(it).ok()),
                _ => None,
            }?;
            Some(Part { status, resource: entry.resource })
        })
        .collect()
}

//! What is saved, as a FHIR Bundle (type `collection`, FHIR R4 section 2.36).
//!
//! In: the whole rows, and what is hidden. Out: the resources as the places sent them.
//! Never: a token, an outbox, a draft; and nothing hidden, or that only something hidden leads to, unless asked for.

use std::collections::{HashMap, HashSet};

use handrail_contract::{export::Exported, place::SourceId};
use serde_json::{Value, json};

use super::{Now, Shelf, private};
use crate::{
    fhir::{FhirBase, reference::read_here},
    session::Source,
    store::Kept,
};

type Key<'a> = (&'a str, &'a str);

/// The file. The rows have to be whole.
pub fn bundle(shelf: &Shelf, only: Option<&SourceId>, with_hidden: bool, now: Now<'_>) -> Exported {
    let sources = shelf.sources.iter().filter(|source| only.is_none_or(|only| source.id == *only));
    let entries: Vec<Value> =
        sources.flat_map(|source| entries_of(shelf, source, with_hidden)).collect();
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": now.at.to_string(),
        "entry": entries,
    });
    Exported {
        name: format!("handrail-{}.json", now.tz.to_datetime(now.at).date()),
        media: "application/fhir+json".to_owned(),
        content: format!("{bundle:#}"),
    }
}

fn entries_of(shelf: &Shelf, source: &Source, with_hidden: bool) -> Vec<Value> {
    let rows: Vec<&Kept> = shelf.kept.iter().filter(|row| row.source == source.id).collect();
    let left_out =
        if with_hidden { HashSet::new() } else { find_hidden(&rows, &source.base, shelf) };
    let base = source.base.url().as_str().trim_end_matches('/');
    rows.into_iter()
        .filter(|row| !left_out.contains(&key_of(row)))
        .map(|row| {
            json!({ "fullUrl": format!("{base}/{}/{}", row.kind, row.id), "resource": row.body })
        })
        .collect()
}

fn key_of(row: &Kept) -> Key<'_> {
    (&row.kind, &row.id)
}

/// What is hidden, what names it, and what nothing else leads to.
fn find_hidden<'a>(rows: &[&'a Kept], base: &FhirBase, shelf: &Shelf) -> HashSet<Key<'a>> {
    let bodies: HashMap<Key<'_>, &Value> =
        rows.iter().map(|row| (key_of(row), &row.body)).collect();
    let leads: HashMap<Key<'a>, Vec<Key<'a>>> = rows
        .iter()
        .map(|row| {
            let mut all = Vec::new();
            collect_references(&row.body, base, &mut all);
            (key_of(row), all)
        })
        .collect();
    let mut hidden: HashSet<Key<'a>> = rows
        .iter()
        .filter(|row| private::is_of_hidden(&row.body, &bodies, base, &shelf.hidden))
        .map(|row| key_of(row))
        .collect();
    // A goal that a hidden request is for.
    let goals: Vec<Key<'a>> = hidden.iter().flat_map(|key| &leads[key]).copied().collect();
    hidden.extend(goals.into_iter().filter(|(kind, _)| *kind == "Goal"));
    // An answer, a result or a note about something hidden tells of it.
    let naming: Vec<Key<'a>> = leads
        .iter()
        .filter(|(_, leads)| leads.iter().any(|key| hidden.contains(key)))
        .map(|(key, _)| *key)
        .collect();
    hidden.extend(naming);
    let from_hidden = follow(hidden.iter().copied(), &leads, &HashSet::new());
    let open = leads.keys().filter(|key| !from_hidden.contains(*key)).copied();
    let from_open = follow(open, &leads, &hidden);
    from_hidden.into_iter().filter(|key| hidden.contains(key) || !from_open.contains(key)).collect()
}

/// Everything that some rows lead to, themselves included, but not through what is `shut`.
fn follow<'a>(
    from: impl Iterator<Item = Key<'a>>,
    leads: &HashMap<Key<'a>, Vec<Key<'a>>>,
    shut: &HashSet<Key<'a>>,
) -> HashSet<Key<'a>> {
    let mut at: Vec<Key<'a>> = from.collect();
    let mut found = HashSet::new();
    while let Some(key) = at.pop() {
        if !shut.contains(&key) && found.insert(key) {
            at.extend(leads.get(&key).into_iter().flatten());
        }
    }
    found
}

/// Every reference to something of the same place, however deep. serde_json allows 128 levels.
fn collect_references<'a>(value: &'a Value, base: &FhirBase, all: &mut Vec<Key<'a>>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("reference") {
                all.extend(read_here(value, base));
            }
            members.values().for_each(|it| collect_references(it, base, all));
        }
        Value::Array(values) => values.iter().for_each(|it| collect_references(it, base, all)),
        _ => {}
    }
}

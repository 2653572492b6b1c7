//! The resources of one place, with their versions.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::data::format_instant;

/// How old a resource is that does not say when it last changed.
const USUAL_AGE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Every version of every resource; the last one counts.
#[derive(Default)]
pub(crate) struct Store {
    records: BTreeMap<(String, String), Record>,
    made: u64,
}

#[derive(Default)]
struct Record {
    versions: Vec<Value>,
    removed: bool,
}

/// What stands under a type and an id.
pub(crate) enum Found<'a> {
    Here(&'a Value),
    Gone,
    Nothing,
}

impl Store {
    /// Takes resources in; `meta` keeps the version and the age that it already has.
    pub(crate) fn holding(resources: Vec<Value>) -> Self {
        let mut store = Self::default();
        let usual = format_instant(Timestamp::now() - USUAL_AGE);
        for mut resource in resources {
            if resource["meta"]["versionId"].is_null() {
                resource["meta"]["versionId"] = json!("1");
            }
            if resource["meta"]["lastUpdated"].is_null() {
                resource["meta"]["lastUpdated"] = json!(usual);
            }
            store.keep(resource);
        }
        store
    }

    pub(crate) fn find(&self, type_name: &str, id: &str) -> Found<'_> {
        match self.records.get(&(type_name.to_owned(), id.to_owned())) {
            Some(record) if record.removed => Found::Gone,
            Some(record) => record.versions.last().map_or(Found::Nothing, Found::Here),
            None => Found::Nothing,
        }
    }

    pub(crate) fn current(&self, type_name: &str, id: &str) -> Option<&Value> {
        match self.find(type_name, id) {
            Found::Here(resource) => Some(resource),
            Found::Gone | Found::Nothing => None,
        }
    }

    pub(crate) fn find_version(&self, type_name: &str, id: &str, version: &str) -> Option<&Value> {
        let record = self.records.get(&(type_name.to_owned(), id.to_owned()))?;
        record.versions.iter().find(|resource| resource["meta"]["versionId"] == version)
    }

    /// The current resources of a type, by id.
    pub(crate) fn list<'a>(&'a self, type_name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.records
            .iter()
            .filter(move |((name, _), record)| name == type_name && !record.removed)
            .filter_map(|(_, record)| record.versions.last())
    }

    /// Keeps a new resource under an id of the server's own.
    pub(crate) fn create(&mut self, mut resource: Value) -> Value {
        self.made += 1;
        resource["id"] = json!(format!("new-{}", self.made));
        self.update(resource)
    }

    /// Keeps the next version of a resource.
    pub(crate) fn update(&mut self, mut resource: Value) -> Value {
        let (type_name, id) = name_of(&resource);
        let last = self.records.get(&(type_name, id)).and_then(|record| record.versions.last());
        let number = last.map_or(0, version_of) + 1;
        resource["meta"]["versionId"] = json!(number.to_string());
        resource["meta"]["lastUpdated"] = json!(format_instant(Timestamp::now()));
        self.keep(resource.clone());
        resource
    }

    pub(crate) fn remove(&mut self, type_name: &str, id: &str) {
        if let Some(record) = self.records.get_mut(&(type_name.to_owned(), id.to_owned())) {
            record.removed = true;
        }
    }

    fn keep(&mut self, resource: Value) {
        let record = self.records.entry(name_of(&resource)).or_default();
        record.removed = false;
        record.versions.push(resource);
    }
}

fn name_of(resource: &Value) -> (String, String) {
    let text = |name: &str| resource[name].as_str().unwrap_or_default().to_owned();
    (text("resourceType"), text("id"))
}

fn version_of(resource: &Value) -> u64 {
    resource["meta"]["versionId"].as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

//! Searching a type: filters, includes, order and pages.
//!
//! In: parameters as FHIR R4 search has them. Out: a searchset Bundle whose `next` links lead to its end.

use std::{
    cmp::Reverse,
    collections::{HashMap, VecDeque},
};

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::{
    auth::grants::make_secret,
    data::format_instant,
    fhir::{
        Ask, Pairs, Reply,
        access::Access,
        filter::{Filter, FilterError},
        offer::{self, Param, TypeOffer},
        outcome::{self, forbid, refuse},
        read::is_visible,
        store::Store,
        values::find_values,
    },
    place::Site,
};

/// The most searches whose further pages are remembered.
const MOST_SEARCHES: usize = 1_000;
/// Names the rest of a search; its value means nothing to clients.
const CURSOR: &str = "_cursor";

/// Whether a query asks for a later page of a search.
pub(crate) fn is_next_page(query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == CURSOR)
}

/// Searches whose further pages were promised.
#[derive(Default)]
pub(crate) struct Pages {
    rests: HashMap<String, Rest>,
    /// Their cursors, oldest first.
    order: VecDeque<String>,
}

impl Pages {
    /// Remembers a rest, and forgets the oldest one where there are too many.
    fn keep(&mut self, cursor: String, rest: Rest) {
        if self.order.len() >= MOST_SEARCHES
            && let Some(oldest) = self.order.pop_front()
        {
            self.rests.remove(&oldest);
        }
        self.order.push_back(cursor.clone());
        self.rests.insert(cursor, rest);
    }
}

/// What is left of a search: the same matches as at its start, read anew.
#[derive(Clone)]
struct Rest {
    type_name: &'static str,
    patient: Option<String>,
    ids: Vec<String>,
    total: usize,
    count: usize,
    includes: Vec<Include>,
    self_link: String,
}

#[derive(Clone)]
struct Include {
    param: &'static Param,
    of_type: Option<String>,
}

/// A search as it was understood.
struct Plan {
    filters: Vec<Filter>,
    includes: Vec<Include>,
    order: Option<Order>,
    count: usize,
    /// The most matches on a page, whatever the client asks.
    most: usize,
    used: Pairs,
    ignored: Vec<String>,
}

#[derive(Clone, Copy)]
enum Order {
    OldestFirst,
    NewestFirst,
}

pub(crate) fn search(
    site: &Site,
    access: &Access,
    ask: &Ask,
    offered: &'static TypeOffer,
) -> Reply {
    if !access.may(offered.name, 's') {
        return forbid("The token does not cover searching this type.");
    }
    if let Some((_, cursor)) = ask.query.iter().find(|(name, _)| name == CURSOR) {
        return answer_next(site, access, offered, cursor);
    }
    let plan = match Plan::read(site, offered, ask) {
        Ok(plan) => plan,
        Err(reply) => return reply,
    };
    let base = site.fhir_base.as_str();
    let store = site.lock_store();
    let mut matches: Vec<&Value> = store
        .list(offered.name)
        .filter(|resource| is_visible(access, offered, resource))
        .filter(|resource| plan.filters.iter().all(|filter| filter.matches(resource, base)))
        .collect();
    let updated = |resource: &&Value| resource["meta"]["lastUpdated"].as_str().map(str::to_owned);
    match plan.order {
        Some(Order::OldestFirst) => matches.sort_by_key(updated),
        Some(Order::NewestFirst) => matches.sort_by_key(|resource| Reverse(updated(resource))),
        None => {}
    }
    let ids = matches.iter().filter_map(|resource| resource["id"].as_str().map(str::to_owned));
    let rest = Rest {
        type_name: offered.name,
        patient: access.patient().map(str::to_owned),
        ids: ids.collect(),
        total: matches.len(),
        count: plan.count,
        includes: plan.includes,
        self_link: make_link(site, offered.name, &plan.used),
    };
    let mut bundle = answer_page(site, access, &store, rest);
    if !plan.ignored.is_empty() {
        let words = format!("Ignored: {}", plan.ignored.join(", "));
        let told = outcome::describe("warning", "not-supported", &words);
        add_entry(&mut bundle, json!({"resource": told, "search": {"mode": "outcome"}}));
    }
    Reply::ok(bundle)
}

fn answer_next(site: &Site, access: &Access, offered: &TypeOffer, cursor: &str) -> Reply {
    let rest = site.lock_pages().rests.get(cursor).cloned();
    let rest = rest.filter(|rest| {
        rest.type_name == offered.name && rest.patient.as_deref() == access.patient()
    });
    match rest {
        Some(mut rest) => {
            rest.self_link =
                make_link(site, offered.name, &[(CURSOR.to_owned(), cursor.to_owned())]);
            let store = site.lock_store();
            Reply::ok(answer_page(site, access, &store, rest))
        }
        None => refuse(StatusCode::GONE, "not-found", "This page is no longer kept. Search again."),
    }
}

/// Makes one page and remembers the rest behind a `next` link.
fn answer_page(site: &Site, access: &Access, store: &Store, mut rest: Rest) -> Value {
    let later = rest.ids.split_off(rest.count.min(rest.ids.len()));
    let mut links = vec![json!({"relation": "self", "url": rest.self_link})];
    if !later.is_empty() && rest.count > 0 {
        let cursor = make_secret();
        let link = make_link(site, rest.type_name, &[(CURSOR.to_owned(), cursor.clone())]);
        links.push(json!({"relation": "next", "url": link}));
        site.lock_pages().keep(cursor, Rest { ids: later, ..rest.clone() });
    }
    let mut bundle = json!({
        "resourceType": "Bundle",
        "id": make_secret(),
        "meta": {"lastUpdated": format_instant(Timestamp::now())},
        "type": "searchset",
        "total": rest.total,
        "link": links,
    });
    let matches: Vec<&Value> =
        rest.ids.iter().filter_map(|id| store.current(rest.type_name, id)).collect();
    let mut told: Vec<String> = Vec::new();
    for resource in &matches {
        told.push(full_url(site, resource));
        add_entry(&mut bundle, make_entry(site, resource, "match"));
    }
    for include in &rest.includes {
        for resource in matches.iter().flat_map(|from| follow(site, access, store, from, include)) {
            let name = full_url(site, resource);
            if !told.contains(&name) {
                told.push(name);
                add_entry(&mut bundle, make_entry(site, resource, "include"));
            }
        }
    }
    bundle
}

/// The resources that an include leads to, as far as the bearer may read them.
fn follow<'a>(
    site: &Site,
    access: &Access,
    store: &'a Store,
    from: &Value,
    include: &Include,
) -> Vec<&'a Value> {
    let base = site.fhir_base.as_str();
    let references = include.param.paths.iter().flat_map(|path| find_values(from, path));
    references
        .filter_map(|value| {
            let reference = value["reference"].as_str()?;
            let own =
                reference.strip_prefix(base).map_or(reference, |rest| rest.trim_start_matches('/'));
            let (name, id) = own.split_once('/')?;
            if include.of_type.as_deref().is_some_and(|asked| asked != name) {
                return None;
            }
            let offered = offer::find_type(site.kind, name)?;
            let resource = store.current(name, id)?;
            (access.may(name, 'r') && is_visible(access, offered, resource)).then_some(resource)
        })
        .collect()
}

fn make_entry(site: &Site, resource: &Value, mode: &str) -> Value {
    json!({"fullUrl": full_url(site, resource), "resource": resource, "search": {"mode": mode}})
}

fn add_entry(bundle: &mut Value, entry: Value) {
    match bundle.get_mut("entry").and_then(Value::as_array_mut) {
        Some(entries) => entries.push(entry),
        // FHIR has no empty arrays: the first entry makes the list.
        None => bundle["entry"] = json!([entry]),
    }
}

fn full_url(site: &Site, resource: &Value) -> String {
    let text = |name: &str| resource[name].as_str().unwrap_or_default();
    format!("{}/{}/{}", site.fhir_base, text("resourceType"), text("id"))
}

fn make_link(site: &Site, type_name: &str, query: &[(String, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}/{type_name}{mark}{query}", site.fhir_base)
}

impl Plan {
    fn read(site: &Site, offered: &'static TypeOffer, ask: &Ask) -> Result<Self, Reply> {
        let mut plan = Self {
            filters: Vec::new(),
            includes: Vec::new(),
            order: None,
            count: site.page_size.min(site.largest_page),
            most: site.largest_page,
            used: Vec::new(),
            ignored: Vec::new(),
        };
        for (name, value) in ask.query.iter().filter(|(_, value)| !value.is_empty()) {
            if plan.read_param(offered, name, value)? {
                plan.used.push((name.clone(), value.clone()));
            } else if ask.strict {
                let words = format!("This parameter is not offered: {name}");
                return Err(refuse(StatusCode::BAD_REQUEST, "not-supported", &words));
            } else {
                plan.ignored.push(name.clone());
            }
        }
        Ok(plan)
    }

    /// Takes a parameter in; false where it is not known.
    fn read_param(
        &mut self,
        offered: &'static TypeOffer,
        name: &str,
        value: &str,
    ) -> Result<bool, Reply> {
        let bad_value = || {
            let words = format!("The value cannot be read: {name}");
            refuse(StatusCode::BAD_REQUEST, "value", &words)
        };
        match name {
            "_id" => self.filters.push(Filter::read_ids(value)),
            "_lastUpdated" => {
                self.filters.push(Filter::read_last_updated(value).map_err(|_| bad_value())?);
            }
            "_count" => {
                let count: usize = value.parse().map_err(|_| bad_value())?;
                self.count = count.min(self.most);
            }
            "_sort" => match value {
                "_lastUpdated" => self.order = Some(Order::OldestFirst),
                "-_lastUpdated" => self.order = Some(Order::NewestFirst),
                _ => return Ok(false),
            },
            "_include" => match Include::read(offered, value) {
                Some(include) => self.includes.push(include),
                None => return Ok(false),
            },
            "_format" => return Ok(value.contains("json")),
            _ => {
                let (plain, modifier) = match name.split_once(':') {
                    Some((plain, modifier)) => (plain, Some(modifier)),
                    None => (name, None),
                };
                let Some(param) = offered.find_param(plain) else {
                    return Ok(false);
                };
                let filter = Filter::read(param, modifier, value).map_err(|error| match error {
                    FilterError::Value => bad_value(),
                    FilterError::Modifier => {
                        let words = format!("This modifier is not offered: {name}");
                        refuse(StatusCode::BAD_REQUEST, "not-supported", &words)
                    }
                })?;
                self.filters.push(filter);
            }
        }
        Ok(true)
    }
}

impl Include {
    /// Reads `Task:focus` or `Task:focus:ServiceRequest`.
    fn read(offered: &'static TypeOffer, value: &str) -> Option<Self> {
        let mut parts = value.split(':');
        let (type_name, name) = (parts.next()?, parts.next()?);
        if type_name != offered.name || !offered.includes.contains(&name) {
            return None;
        }
        Some(Self { param: offered.find_param(name)?, of_type: parts.next().map(str::to_owned) })
    }
}

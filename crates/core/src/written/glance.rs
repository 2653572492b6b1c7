//! What a list needs of a resource: the members it reads, and none of the rest.
//!
//! In: a resource as it is kept. Out: the same, shorter; or nothing, where lists never look.
//! Never: anything a list would tell otherwise than from the whole: a test of the view holds both against each other.

use handrail_contract::place::Role;
use serde_json::{Map, Value, json};

use crate::fhir::{
    element::{extensions, list, parameters},
    reference::literal,
    request::occurrence_end,
    task::{due_text, role_by_code, role_by_profile},
};

/// Counts up whenever [`glance`] takes other members, so that what an earlier build took is taken anew.
pub const GLANCE_FORM: u32 = 5;

/// By these a Task says which form is asked for.
const FORM_INPUTS: [&str; 3] = ["questionnaire", "questionnaire-pdf", "questionnaire-url"];

/// By this a ServiceRequest names the goals it is for.
const GOAL_EXTENSION: &str = "resource-pertainsToGoal";

/// The short version of a resource of a place that is connected in this role. `None`: no list looks at it.
pub fn glance(role: Role, kind: &str, body: &Value) -> Option<Value> {
    let mut short = Short { body, members: Map::new() };
    // That there is such a thing is told by itself.
    let is_told = match kind {
        "Task" | "ServiceRequest" | "Goal" | "Questionnaire" => true,
        "Consent" => role == Role::Organization,
        _ => false,
    };
    match kind {
        "Task" => short.keep_task(),
        "ServiceRequest" => short.keep_request(),
        "Goal" => {
            short.keep(&["lifecycleStatus"]);
            short.keep_as(&["achievementStatus", "description"], short_concept);
            short.keep_as(&["category"], short_code);
            short.keep_lists(&["target"], |target| Some(pick(target, &["dueDate"])));
            short.keep_lists(&["addresses"], address);
        }
        "Questionnaire" => {
            short.keep(&["url", "version", "name"]);
            let items = short_items(body, 0);
            short.members.extend(items.map(|items| ("item".to_owned(), items)));
        }
        // Its name is nobody's.
        "ValueSet" => return None,
        // Whoever may be named.
        _ => {
            short.keep(&["name"]);
            short.keep_as(&["practitioner", "organization", "providedBy"], short_reference);
        }
    }
    if role == Role::Organization {
        short.keep_for_inbox(kind);
    }
    if short.members.is_empty() && !is_told {
        return None;
    }
    short.keep(&["resourceType"]);
    Some(short.members.into())
}

/// A resource, and what is taken of it. Each object costs memory and time as long as it is held, so few are kept.
struct Short<'a> {
    body: &'a Value,
    members: Map<String, Value>,
}

impl Short<'_> {
    fn keep_task(&mut self) {
        self.keep(&["status", "priority", "description", "authoredOn", "lastModified"]);
        self.keep_as(&["code"], short_concept);
        self.keep_as(&["focus"], |focus| pick(focus, &["reference", "display"]));
        self.keep_as(&["owner", "requester"], short_reference);
        self.keep_lists(&["partOf", "basedOn"], address_or_null);
        self.keep_lists(&["identifier", "groupIdentifier"], short_identifier);
        self.keep(&["contained"]);
        let body = self.body;
        if let Some(due) = due_text(body) {
            self.members.insert("executionPeriod".to_owned(), json!({ "end": due }));
        }
        // Mostly the code says the same.
        if let Some((profile, role)) = role_by_profile(body)
            && role_by_code(body) != Some(role)
        {
            self.members.insert("meta".to_owned(), json!({ "profile": [profile] }));
        }
        let inputs: Vec<Value> = parameters(body, "input", &FORM_INPUTS).map(short_input).collect();
        if !inputs.is_empty() {
            self.members.insert("input".to_owned(), inputs.into());
        }
    }

    fn keep_request(&mut self) {
        self.keep(&["status", "authoredOn"]);
        self.keep_as(&["code"], short_concept);
        self.keep_as(&["category"], short_code);
        self.keep_as(&["requester", "performer"], short_reference);
        self.keep_lists(&["reasonReference"], address);
        self.keep_lists(&["basedOn"], address_or_null);
        self.keep_lists(&["identifier", "requisition"], short_identifier);
        self.keep(&["contained"]);
        let goals: Vec<Value> = extensions(self.body, GOAL_EXTENSION).map(short_goal).collect();
        if !goals.is_empty() {
            self.members.insert("extension".to_owned(), goals.into());
        }
    }

    /// What an inbox tells beside: for whom, why, by when, and whether they agreed and may be contacted.
    fn keep_for_inbox(&mut self, kind: &str) {
        match kind {
            "Task" => self.keep_as(&["for"], short_reference),
            "ServiceRequest" => {
                self.keep(&["priority"]);
                self.keep_as(&["orderDetail"], short_code);
                self.keep_as(&["reasonCode"], short_concept);
                self.keep_lists(&["reasonReference"], |reason| Some(short_reference(reason)));
                self.keep_lists(&["supportingInfo"], address);
                if let Some(end) = occurrence_end(self.body) {
                    self.members.insert("occurrenceDateTime".to_owned(), end.into());
                }
            }
            "Patient" | "RelatedPerson" => {
                self.keep(&["birthDate"]);
                self.keep_lists(&["communication"], |it| Some(short_language(it)));
            }
            "Condition" | "Observation" => self.keep_as(&["code"], short_concept),
            "Consent" => self.keep(&["status"]),
            _ => {}
        }
    }

    fn keep(&mut self, members: &[&str]) {
        self.keep_as(members, Value::clone);
    }

    /// Keeps members, each value or each of its values shortened.
    fn keep_as(&mut self, members: &[&str], shorten: impl Fn(&Value) -> Value) {
        for member in members {
            let short = match self.body.get(member) {
                Some(Value::Array(all)) => all.iter().map(&shorten).collect(),
                Some(one) => shorten(one),
                None => continue,
            };
            self.members.insert((*member).to_owned(), short);
        }
    }

    /// Keeps members that are read as lists, each of their values shortened or left out.
    fn keep_lists(&mut self, members: &[&str], shorten: impl Fn(&Value) -> Option<Value>) {
        for member in members {
            let short: Vec<Value> = list(self.body, member).filter_map(&shorten).collect();
            if !short.is_empty() {
                self.members.insert((*member).to_owned(), short.into());
            }
        }
    }
}

/// These members, where it is an object.
fn pick(value: &Value, members: &[&str]) -> Value {
    let Value::Object(all) = value else { return value.clone() };
    let picked = all.iter().filter(|(name, _)| members.contains(&name.as_str()));
    Value::Object(picked.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// A CodeableConcept, or a lone Coding.
fn short_concept(concept: &Value) -> Value {
    shorten_concept(concept, &["code", "display"])
}

/// The same, of what is told apart by its codes and not named by them.
fn short_code(concept: &Value) -> Value {
    shorten_concept(concept, &["code"])
}

fn shorten_concept(concept: &Value, of_coding: &[&str]) -> Value {
    let mut short = pick(concept, &[&["text"], of_coding].concat());
    if let Value::Object(members) = &mut short {
        let mut codings: Vec<Value> =
            list(concept, "coding").map(|coding| pick(coding, of_coding)).collect();
        let is_bare = !members.contains_key("code") && !members.contains_key("display");
        match codings.as_mut_slice() {
            [] => {}
            // A lone Coding is read like a concept of one.
            [Value::Object(only)] if is_bare => members.append(only),
            _ => drop(members.insert("coding".to_owned(), codings.into())),
        }
    }
    short
}

/// A reference by whose words something is named; as its address alone where it has none.
fn short_reference(reference: &Value) -> Value {
    let short = pick(reference, &["reference", "display"]);
    match short.get("display") {
        None => address(&short).unwrap_or(short),
        Some(_) => short,
    }
}

/// A reference as its address alone, for what is never named by the words beside it.
fn address(reference: &Value) -> Option<Value> {
    literal(reference).map(Value::from)
}

/// The same, where it counts that there is one, also one without an address.
fn address_or_null(reference: &Value) -> Option<Value> {
    Some(address(reference).unwrap_or_default())
}

/// An extension that names a goal. What it is called is told by the end of its address.
fn short_goal(extension: &Value) -> Value {
    let mut short = Map::from_iter([("url".to_owned(), GOAL_EXTENSION.into())]);
    if let Some(goal) = extension.get("valueReference") {
        short.insert("valueReference".to_owned(), short_reference(goal));
    }
    short.into()
}

fn short_identifier(identifier: &Value) -> Option<Value> {
    Some(pick(identifier, &["system", "value"]))
}

/// A `communication`, which is preferred or not.
fn short_language(spoken: &Value) -> Value {
    let mut short = pick(spoken, &["preferred"]);
    if let (Value::Object(short), Some(language)) = (&mut short, spoken.get("language")) {
        short.insert("language".to_owned(), short_concept(language));
    }
    short
}

fn short_input(input: &Value) -> Value {
    let members = ["valueCanonical", "valueUri", "valueUrl", "valueReference"];
    let mut short = pick(input, &members);
    if let (Value::Object(short), Some(kind)) = (&mut short, input.get("type")) {
        short.insert("type".to_owned(), short_code(kind));
    }
    short
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

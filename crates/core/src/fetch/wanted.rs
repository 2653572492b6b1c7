//! What a resource refers to that a page will need.

use std::collections::BTreeSet;

use handrail_contract::place::Role;
use serde_json::Value;

use super::Wanted;
use crate::fhir::{
    FhirBase,
    element::{extensions, list, text},
    reference::{Target, is_id, parse_target, read_target},
    task::{TaskForm, read_form},
};

/// Types that are worth following.
const FOLLOWED: &[&str] = &[
    "Consent",
    "DocumentReference",
    "HealthcareService",
    "Location",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "ServiceRequest",
    "Goal",
    "Task",
    "ValueSet",
];

/// Value sets of one form.
const MOST_OPTIONS: usize = 50;
/// Levels of a form's questions.
const DEEPEST: usize = 16;

/// What an organization is told beside: why somebody is referred.
const FOLLOWED_BY_STAFF: &[&str] = &["Condition"];

/// Whether a resource of this type is kept when it comes, asked for or included.
pub fn is_followed(role: Role, kind: &str) -> bool {
    FOLLOWED.contains(&kind) || role == Role::Organization && FOLLOWED_BY_STAFF.contains(&kind)
}

/// Something a resource refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// On the same server.
    Wanted(Wanted),
    /// On another one.
    Elsewhere { kind: String },
}

/// Lists what a resource refers to, as far as a page will show it.
pub fn find_wanted(role: Role, kind: &str, body: &Value, base: &FhirBase) -> Vec<Found> {
    let mut found = Vec::new();
    let mut follow = |reference: &Value| {
        match read_target(reference, base) {
            Some(Target::Here { kind, id }) if is_followed(role, kind) => {
                found.push(Found::Wanted(Wanted::Read { kind: kind.to_owned(), id: id.to_owned() }))
            }
            Some(Target::Elsewhere { kind }) if is_followed(role, kind) => {
                found.push(Found::Elsewhere { kind: kind.to_owned() });
            }
            _ => {}
        };
    };
    let members: &[&str] = match kind {
        "Task" if role == Role::Organization => &["requester", "owner", "focus", "basedOn", "for"],
        "Task" => &["requester", "owner", "focus", "partOf", "basedOn"],
        "ServiceRequest" if role == Role::Organization => {
            &["requester", "performer", "supportingInfo", "subject", "reasonReference"]
        }
        "ServiceRequest" => &["requester", "performer", "supportingInfo"],
        "HealthcareService" => &["providedBy", "location"],
        "PractitionerRole" => &["practitioner", "organization", "healthcareService", "location"],
        _ => &[],
    };
    for member in members {
        list(body, member).for_each(&mut follow);
    }
    match kind {
        "Task" => {
            for parameter in list(body, "input").chain(list(body, "output")) {
                if let Some(reference) = parameter.get("valueReference") {
                    follow(reference);
                }
            }
        }
        "Questionnaire" => {
            let mut sets = BTreeSet::new();
            find_options(body, base, 0, &mut sets);
            found.extend(
                sets.into_iter()
                    .take(MOST_OPTIONS)
                    .map(|id| Found::Wanted(Wanted::Options { id: id.to_owned(), as_is: false })),
            );
        }
        "Procedure" => {
            list(body, "performer").filter_map(|it| it.get("actor")).for_each(&mut follow)
        }
        "ServiceRequest" => extensions(body, "resource-pertainsToGoal")
            .filter_map(|it| it.get("valueReference"))
            .for_each(&mut follow),
        _ => {}
    }
    if kind == "Task"
        && let TaskForm::Questionnaire(canonical) = read_form(body)
        && let Some(wanted) = read_canonical(canonical, base)
    {
        found.push(Found::Wanted(wanted));
    }
    found
}

/// The value sets of this server that questions take their options from.
fn find_options<'a>(
    parent: &'a Value,
    base: &FhirBase,
    depth: usize,
    found: &mut BTreeSet<&'a str>,
) {
    if depth > DEEPEST {
        return;
    }
    for item in list(parent, "item") {
        found.extend(text(item, "answerValueSet").and_then(|set| value_set_here(set, base)));
        find_options(item, base, depth + 1, found);
    }
}

/// The id of a ValueSet on the same server, by its canonical address.
pub fn value_set_here<'a>(canonical: &'a str, base: &FhirBase) -> Option<&'a str> {
    match parse_target(canonical.split('|').next()?, base)? {
        Target::Here { kind: "ValueSet", id } => Some(id),
        Target::Here { .. } | Target::Elsewhere { .. } | Target::Contained { .. } => None,
    }
}

/// A Questionnaire by its canonical address, or by its id where the address is one of ours.
fn read_canonical(canonical: &str, base: &FhirBase) -> Option<Wanted> {
    let (url, version) = match canonical.split_once('|') {
        Some((url, version)) => (url, Some(version)),
        None => (canonical, None),
    };
    let url = url.split('#').next().unwrap_or_default().trim();
    if url.is_empty() || url.len() > 1_000 {
        return None;
    }
    if !url.contains(':') {
        let id = url.strip_prefix("Questionnaire/").filter(|id| is_id(id))?;
        return Some(Wanted::Read { kind: "Questionnaire".to_owned(), id: id.to_owned() });
    }
    let fallback = url
        .strip_prefix(base.as_str())
        .and_then(|rest| rest.strip_prefix("/Questionnaire/"))
        .filter(|id| is_id(id))
        .map(str::to_owned);
    Some(Wanted::Canonical {
        url: url.to_owned(),
        version: version.filter(|it| !it.is_empty()).map(str::to_owned),
        fallback,
    })
}

//! What an organization asks for: who works there, what was given to it, what anybody may take, and what it asked.
//!
//! In: who signed in, their PractitionerRoles, what they provide, what is kept already. Out: searches, and whether a Task is theirs.
//! Never: a Task that was given to another organization.
//!
//! The guide, Checking Task Status: `Task?owner={Organization}`, and `Task?owner:missing=true&status=requested` for
//! what nobody was asked to do yet.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Errand, plan::Whose};
use crate::fhir::{
    FhirBase,
    element::text,
    reference::{is_id, read_here},
};

/// The list of those who work where.
pub const ROLES: &str = "PractitionerRole?who";
/// The list of organizations to choose among, where no role says for which of them somebody works.
pub const EMPLOYERS: &str = "Organization?all";
/// Pages of that list. Whoever is not among so many is not found by looking through them.
pub const MOST_EMPLOYERS: u32 = 5;
/// The list of what an organization provides.
pub const SERVICES: &str = "HealthcareService?own";
/// The list of what was given to the organization, or to one of its services.
pub const OWN: &str = "Task?owner";
/// The list of what nobody was asked to do yet.
pub const OPEN: &str = "Task?open";
/// The list of what the organization asks of others: its patients.
pub const ASKED: &str = "Task?requester";

/// Types that are asked anew by id at each look: what is said about somebody may change at any time, above all that
/// they must not be contacted.
pub const POLLED: [&str; 6] =
    ["ServiceRequest", "Patient", "Consent", "Goal", "Task", "HealthcareService"];
/// Ids in one search.
pub const POLLED_AT_ONCE: usize = 50;
/// Ids of one type in one look. The daily whole look reads them all.
pub const MOST_POLLED: usize = 500;
/// Owners in one search.
const OWNERS_AT_ONCE: usize = 40;
/// Services of which somebody is told. More are not asked for by name.
const MOST_SERVICES: usize = 400;

/// The Organizations to act for: of those that name somebody as theirs the chosen ones, or all where none of them was
/// chosen; where nobody names them, those that they chose.
pub fn choose_employers<'a>(organizations: &'a [String], chosen: &'a [String]) -> Vec<&'a str> {
    let both = organizations.iter().filter(|id| chosen.contains(id));
    let own: Vec<&str> = both.map(String::as_str).collect();
    let all = if organizations.is_empty() { chosen } else { organizations };
    if own.is_empty() { all.iter().map(String::as_str).collect() } else { own }
}

/// The search for the roles of whoever signed in. `None`: they are nobody who has any.
pub fn roles_search(errand: &Errand) -> Option<String> {
    let (kind, id) = errand.fhir_user.as_deref()?.split_once('/')?;
    match kind {
        "Practitioner" if is_id(id) => {
            Some(format!("PractitionerRole?practitioner=Practitioner/{id}"))
        }
        "PractitionerRole" if is_id(id) => Some(format!("PractitionerRole?_id={id}")),
        _ => None,
    }
}

/// The Organization of a PractitionerRole of whoever signed in. `None`: it is somebody else's, over, or elsewhere.
pub fn read_organization(role: &Value, errand: &Errand) -> Option<String> {
    let (kind, id) = errand.fhir_user.as_deref()?.split_once('/')?;
    let is_theirs = match kind {
        "PractitionerRole" => text(role, "id") == Some(id),
        _ => read_here(role.get("practitioner")?, &errand.base) == Some((kind, id)),
    };
    let is_over = role.get("active").and_then(Value::as_bool) == Some(false);
    match read_here(role.get("organization")?, &errand.base)? {
        ("Organization", organization) if is_theirs && !is_over => Some(organization.to_owned()),
        _ => None,
    }
}

/// The search for what these organizations provide.
pub fn services_search(organizations: &[&str]) -> String {
    format!("HealthcareService?organization={}", join_references("Organization", organizations))
}

/// A HealthcareService of one of these organizations, and which of them provides it.
pub fn read_service(
    service: &Value,
    organizations: &[&str],
    base: &FhirBase,
) -> Option<(String, String)> {
    match read_here(service.get("providedBy")?, base)? {
        ("Organization", id) if organizations.contains(&id) => {
            Some((text(service, "id")?.to_owned(), id.to_owned()))
        }
        _ => None,
    }
}

/// The searches of an organization's lists, each under its name.
pub fn searches(
    organizations: &[&str],
    services: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let all = join_references("Organization", organizations);
    let services: Vec<&str> =
        services.keys().map(String::as_str).filter(|id| is_id(id)).take(MOST_SERVICES).collect();
    let given = (1..).zip(services.chunks(OWNERS_AT_ONCE)).map(|(number, part)| {
        let own = join_references("HealthcareService", part);
        (format!("Task?service-{number}"), format!("Task?owner={own}"))
    });
    let lists = [
        (OWN, format!("Task?owner={all}")),
        (OPEN, "Task?owner:missing=true&status=requested".to_owned()),
        (ASKED, format!("Task?requester={all}")),
    ];
    lists.map(|(name, search)| (name.to_owned(), search)).into_iter().chain(given).collect()
}

fn join_references(kind: &str, ids: &[&str]) -> String {
    ids.iter().map(|id| format!("{kind}/{id}")).collect::<Vec<_>>().join(",")
}

/// Whether a Task concerns these organizations: given to them or to a service of theirs, asked by them, or to be taken
/// by anybody.
pub fn check_task(
    task: &Value,
    organizations: &[&str],
    services: &BTreeMap<String, String>,
    base: &FhirBase,
) -> Whose {
    let is_own = |member: &str| match task.get(member).and_then(|it| read_here(it, base)) {
        Some(("Organization", id)) => organizations.contains(&id),
        Some(("HealthcareService", id)) => services.contains_key(id),
        _ => false,
    };
    // Servers that do not know `:missing` answer with everybody's.
    if task.get("owner").is_none() || is_own("owner") || is_own("requester") {
        Whose::Ours
    } else {
        Whose::AnotherPersons
    }
}

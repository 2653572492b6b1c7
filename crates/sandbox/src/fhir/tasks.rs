//! What may be changed on a Task, and by whom.
//!
//! The guide, SDOHCC Task For Patient: patients change only `status`, `statusReason` and `output`, and only on their own Tasks.

use serde_json::{Map, Value};

use crate::{
    fhir::{
        Reply,
        access::Access,
        outcome::{forbid, refuse_element},
        store::Store,
        values::find_values,
    },
    people::Person,
};

/// The elements that somebody to whom a Task was given may change.
const OWNERS: &[&str] = &["status", "statusReason", "output"];
/// What only the server writes; a difference there is no change of the client's.
const SERVERS: &[&str] = &["meta", "text"];

/// Refuses a change that the bearer may not make.
pub(crate) fn check_change(
    store: &Store,
    access: &Access,
    old: &Value,
    new: &Value,
) -> Result<(), Reply> {
    match &access.person {
        Person::Patient(patient) => check_patient(store, patient, old, new),
        Person::Staff { organizations, .. } => check_staff(store, organizations, old, new),
    }
}

fn check_patient(store: &Store, patient: &str, old: &Value, new: &Value) -> Result<(), Reply> {
    if old["owner"]["reference"] != format!("Patient/{patient}").as_str() {
        return Err(forbid("This Task was not given to the patient."));
    }
    check_elements(old, new, OWNERS)?;
    check_status(old, new, PATIENT_STEPS)?;
    check_reason(new)?;
    check_output(store, new)
}

/// Whether a reference names one of these organizations.
pub(crate) fn is_of(named: &Value, organizations: &[String]) -> bool {
    let named = named["reference"].as_str().and_then(|it| it.strip_prefix("Organization/"));
    named.is_some_and(|id| organizations.iter().any(|own| own == id))
}

/// Who provides the service that a reference names.
fn provider_of(store: &Store, named: &Value) -> Option<Value> {
    let id = named["reference"].as_str()?.strip_prefix("HealthcareService/")?;
    Some(store.current("HealthcareService", id)?["providedBy"].clone())
}

/// The organization that wrote a Task may change all of it; the one that it, or a service of it, was given to, what owners may;
/// a Task given to nobody may be claimed.
fn check_staff(
    store: &Store,
    organizations: &[String],
    old: &Value,
    new: &Value,
) -> Result<(), Reply> {
    let is_own = |named: &Value| is_of(named, organizations);
    let provides = |named: &Value| provider_of(store, named).is_some_and(|it| is_own(&it));
    if is_own(&old["requester"]) {
        return check_reason(new);
    }
    if old["owner"].is_null() {
        check_elements(old, new, &["status", "statusReason", "output", "owner"])?;
        // Taking it is a step of its own; the answer to it may come later.
        if is_own(&new["owner"]) && new["status"] == old["status"] {
            return check_reason(new);
        }
        if !new["owner"].is_null() && !is_own(&new["owner"]) {
            return Err(forbid("A Task can be taken for one's own organization only."));
        }
    } else if is_own(&old["owner"]) || provides(&old["owner"]) {
        check_elements(old, new, OWNERS)?;
    } else {
        return Err(forbid("This Task was given to somebody else."));
    }
    check_status(old, new, REFERRAL_STEPS)?;
    check_reason(new)
}

pub(crate) fn check_elements(old: &Value, new: &Value, allowed: &[&str]) -> Result<(), Reply> {
    let empty = Map::new();
    let (old, new) = (old.as_object().unwrap_or(&empty), new.as_object().unwrap_or(&empty));
    let profiles = |task: &Map<String, Value>| {
        task.get("meta").and_then(|meta| meta.get("profile")).cloned().unwrap_or_default()
    };
    if profiles(old) != profiles(new) {
        return Err(refuse_element("business-rule", "The profile must stay.", "Task.meta.profile"));
    }
    for name in old.keys().chain(new.keys()) {
        let free = allowed.contains(&name.as_str()) || SERVERS.contains(&name.as_str());
        if !free && old.get(name) != new.get(name) {
            let kind = new.get("resourceType").and_then(Value::as_str).unwrap_or_default();
            let words = format!("Only these may be changed: {}.", allowed.join(", "));
            return Err(refuse_element("business-rule", &words, &format!("{kind}.{name}")));
        }
    }
    Ok(())
}

type Steps = &'static [(&'static str, &'static [&'static str])];

/// The guide, PatientTaskStateDiagram.
const PATIENT_STEPS: Steps = &[
    ("ready", &["in-progress", "on-hold", "completed", "failed", "cancelled"]),
    ("in-progress", &["in-progress", "on-hold", "completed", "failed", "cancelled"]),
    ("on-hold", &["on-hold", "in-progress", "completed", "failed", "cancelled"]),
];

/// The guide, ReferralTaskStateDiagram; `received` stands for `requested`, as some servers have it.
const REFERRAL_STEPS: Steps = &[
    ("requested", &["accepted", "rejected", "cancelled"]),
    ("received", &["accepted", "rejected", "cancelled"]),
    ("accepted", &["in-progress", "on-hold", "completed", "failed", "cancelled"]),
    ("in-progress", &["in-progress", "on-hold", "completed", "failed", "cancelled"]),
    ("on-hold", &["in-progress", "completed", "failed", "cancelled"]),
];

fn check_status(old: &Value, new: &Value, steps: Steps) -> Result<(), Reply> {
    let (from, to) = (old["status"].as_str().unwrap_or(""), new["status"].as_str().unwrap_or(""));
    let allowed = steps
        .iter()
        .find(|(name, _)| *name == from)
        .is_some_and(|(_, to_any)| to_any.contains(&to));
    if allowed {
        return Ok(());
    }
    let words = format!("A Task cannot go from {from} to {to}.");
    Err(refuse_element("business-rule", &words, "Task.status"))
}

fn check_reason(new: &Value) -> Result<(), Reply> {
    let reason = &new["statusReason"];
    let said = reason["text"].as_str().is_some_and(|text| !text.trim().is_empty());
    if reason.is_null() || said {
        return Ok(());
    }
    Err(refuse_element("required", "A reason needs its text.", "Task.statusReason.text"))
}

/// The guide's invariants SDOH-Task-2 and 5 to 7: each kind has its own output, and what it names must be there.
fn check_output(store: &Store, task: &Value) -> Result<(), Reply> {
    let has = |path: &str, code: &str| find_values(task, path).iter().any(|found| **found == code);
    let expected = if has("code.coding.code", "general-information") {
        Some("general-information-response")
    } else if has("code.coding.code", "make-contact") {
        Some("chosen-contact")
    } else if has("input.type.coding.code", "questionnaire-pdf") {
        Some("questionnaire-pdf-completed")
    } else if has("input.type.coding.code", "questionnaire") {
        Some("questionnaire-response")
    } else {
        None
    };
    for output in find_values(task, "output") {
        let codes = find_values(output, "type.coding.code");
        if expected.is_some_and(|expected| !codes.iter().any(|code| **code == expected)) {
            return Err(refuse_element(
                "invariant",
                "This output does not belong to this kind of Task.",
                "Task.output.type",
            ));
        }
        let Some(reference) = output["valueReference"]["reference"].as_str() else {
            continue;
        };
        let named = reference.split_once('/');
        if named.is_none_or(|(name, id)| store.current(name, id).is_none()) {
            return Err(refuse_element(
                "not-found",
                "The output names something that is not here.",
                "Task.output.valueReference",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn task(status: &str) -> Value {
        json!({"resourceType": "Task", "id": "t", "status": status, "owner": {"reference": "Patient/x"},
            "code": {"coding": [{"code": "general-information"}]}, "description": "?"})
    }

    fn change(old: &Value, new: &Value) -> Option<String> {
        let access = Access { person: Person::Patient("x".into()), scope: Default::default() };
        let refused = check_change(&Store::default(), &access, old, new).err()?;
        refused.body.and_then(|body| body["issue"][0]["expression"][0].as_str().map(str::to_owned))
    }

    #[test]
    fn every_step_of_the_diagram_is_allowed_and_no_other() {
        let all = [
            "draft",
            "requested",
            "ready",
            "in-progress",
            "on-hold",
            "completed",
            "failed",
            "cancelled",
            "entered-in-error",
        ];
        let mut allowed = 0;

        for from in all {
            for to in all {
                allowed += usize::from(change(&task(from), &task(to)).is_none());
            }
        }

        assert_eq!(allowed, 5 + 5 + 5);
        assert_eq!(change(&task("completed"), &task("in-progress")), Some("Task.status".into()));
    }

    #[test]
    fn what_nobody_has_is_taken_for_ones_own_organization_only() {
        let person = Person::Staff { practitioner: "p".into(), organizations: vec!["own".into()] };
        let access = Access { person, scope: Default::default() };
        let mut open = task("requested");
        open["owner"] = Value::Null;
        let taken_for = |organization: &str| {
            let mut new = open.clone();
            new["owner"] = json!({"reference": format!("Organization/{organization}")});
            check_change(&Store::default(), &access, &open, &new).is_ok()
        };

        assert!(taken_for("own"));
        assert!(!taken_for("other"));
    }

    #[test]
    fn a_patient_changes_nothing_but_status_reason_and_output() {
        let mut new = task("in-progress");
        new["note"] = json!([{"text": "hello"}]);

        assert_eq!(change(&task("ready"), &new), Some("Task.note".into()));
    }

    #[test]
    fn an_output_of_another_kind_is_refused() {
        let mut new = task("completed");
        new["output"] =
            json!([{"type": {"coding": [{"code": "chosen-contact"}]}, "valueMarkdown": "x"}]);

        assert_eq!(change(&task("ready"), &new), Some("Task.output.type".into()));
    }

    #[test]
    fn a_reason_without_text_is_refused() {
        let mut new = task("cancelled");
        new["statusReason"] = json!({"coding": [{"code": "x"}]});

        assert_eq!(change(&task("ready"), &new), Some("Task.statusReason.text".into()));
    }
}

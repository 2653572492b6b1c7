//! What a clinic or a platform asks of the food bank, about Rosa.

use handrail_sandbox::{Control, PlaceKind, Sandbox};
use serde_json::json;

/// A request of the place's own staff to the food bank, about Rosa.
pub fn ask_food_bank(sandbox: &Sandbox, kind: PlaceKind, part_of: Option<&str>) {
    let (patient, sender) = match kind {
        PlaceKind::Provider => ("rosa-delgado", "jan-water-elm-street"),
        _ => ("trc-10442", "ines-moreau-two-rivers"),
    };
    let control = sandbox.place(kind).control();
    let guide =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    let at = "2026-05-06T09:00:00Z";
    let mut asked = json!({
        "resourceType": "ServiceRequest", "id": "pantry", "status": "active", "intent": "order", "priority": "asap",
        "category": [{ "coding": [{ "system": guide, "code": "food-insecurity" }] }],
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "467771000124109",
            "display": "Assistance with application for food pantry program" }] },
        "subject": { "reference": format!("Patient/{patient}") }, "authoredOn": at,
        "requester": { "reference": format!("PractitionerRole/{sender}") },
        "performer": [{ "reference": "Organization/bright-harvest" }],
    });
    let mut task = json!({
        "resourceType": "Task", "id": "pantry-task", "status": "requested", "intent": "order", "priority": "asap",
        "code": { "coding": [{ "system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill" }] },
        "focus": { "reference": "ServiceRequest/pantry" }, "for": { "reference": format!("Patient/{patient}") },
        "authoredOn": at, "requester": { "reference": format!("PractitionerRole/{sender}") },
        "owner": { "reference": "Organization/bright-harvest", "display": "Bright Harvest Food Bank" },
    });
    if kind == PlaceKind::Provider {
        asked["reasonReference"] = json!([{ "reference": "Condition/rosa-food" }]);
        asked["supportingInfo"] = json!([{ "reference": "Consent/rosa-sharing" }]);
    }
    if let Some(other) = part_of {
        asked["basedOn"] = json!([{ "reference": format!("{other}/ServiceRequest/pantry") }]);
        task["partOf"] = json!([{ "reference": format!("{other}/Task/pantry-task") }]);
    }
    control.put_resource(asked);
    control.put_resource(task);
}

/// The food bank asked somebody else to fill in a form of the place's own, so that it is known to have one.
pub fn offer_form(control: &Control) {
    let Some(mut task) = control.read_resource("Task", "getting-around") else { return };
    task["id"] = json!("asked-before");
    task["status"] = json!("completed");
    task["requester"] = json!({ "reference": "Organization/bright-harvest" });
    task["for"] = json!({ "reference": "Patient/mai-tran" });
    task["owner"] = task["for"].clone();
    for member in ["output", "partOf", "basedOn"] {
        task.as_object_mut().expect("an object").remove(member);
    }
    control.put_resource(task);
}

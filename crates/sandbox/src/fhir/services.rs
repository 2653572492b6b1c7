//! What may be changed on a HealthcareService, and by whom: whoever provides it says whether there is room.

use serde_json::Value;

use crate::{
    fhir::{
        Reply,
        access::Access,
        outcome::{forbid, refuse_element},
        tasks::{check_elements, is_of},
    },
    people::Person,
};

const ROOM: &str = "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus";

/// Refuses a change that the bearer may not make.
pub(crate) fn check_change(access: &Access, old: &Value, new: &Value) -> Result<(), Reply> {
    let organizations: &[String] = match &access.person {
        Person::Staff { organizations, .. } => organizations,
        Person::Patient(_) => &[],
    };
    if !is_of(&old["providedBy"], organizations) {
        return Err(forbid("Somebody else provides this service."));
    }
    check_elements(old, new, &["extension"])?;
    let others = |service: &Value| -> Vec<Value> {
        let all = service["extension"].as_array().cloned().unwrap_or_default();
        all.into_iter().filter(|it| it["url"] != ROOM).collect()
    };
    if others(old) != others(new) {
        let words = "Only what is said of the room may be changed.";
        return Err(refuse_element("business-rule", words, "HealthcareService.extension"));
    }
    Ok(())
}

//! The resources a place starts with.
//!
//! In: the fixtures in `data/`, and now. Out: resources with every placeholder filled in.
//!
//! Placeholders keep the data current: `{{today+3}}` is a day, `{{now-9d}}`, `{{now-2h}}` and `{{now-30m}}` are instants,
//! `{{provider}}`, `{{platform}}` and `{{cbo}}` are FHIR bases, `{{file:NAME}}` is a file of `data/files` in base64.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{SignedDuration, Span, Timestamp, ZonedDateTime};
use serde_json::Value;

use crate::place::PlaceKind;

/// The FHIR bases that fixtures refer to.
pub(crate) struct Bases {
    pub(crate) provider: String,
    pub(crate) platform: String,
    pub(crate) cbo: String,
}

/// Fills in and parses everything a place of this kind holds.
pub(crate) fn load_resources(kind: PlaceKind, bases: &Bases) -> Vec<Value> {
    let now = ZonedDateTime::now();
    let texts: &[&[&str]] = match kind {
        PlaceKind::Provider => &[ELM_STREET, GUIDE],
        PlaceKind::Platform => &[TWO_RIVERS],
        PlaceKind::Cbo => &[BRIGHT_HARVEST],
    };
    let mut resources = Vec::new();
    for text in texts.iter().copied().flatten() {
        let filled = fill_placeholders(text, bases, &now);
        match serde_json::from_str(&filled).expect("every fixture is JSON; a test loads them all") {
            Value::Array(several) => resources.extend(several),
            one => resources.push(one),
        }
    }
    resources
}

fn fill_placeholders(text: &str, bases: &Bases, now: &ZonedDateTime) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (word, after) = after.split_once("}}").expect("a placeholder ends with two braces");
        filled.push_str(before);
        filled.push_str(&fill_placeholder(word, bases, now));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

fn fill_placeholder(word: &str, bases: &Bases, now: &ZonedDateTime) -> String {
    if let Some(distance) = word.strip_prefix("today") {
        let days =
            if distance.is_empty() { 0 } else { distance.parse().expect("a number of days") };
        let day = now.date().checked_add(Span::new().days(days)).expect("a day of this era");
        return day.to_string();
    }
    if let Some(distance) = word.strip_prefix("now") {
        return format_instant(now.timestamp() + parse_distance(distance));
    }
    if let Some(name) = word.strip_prefix("file:") {
        let (_, content) = FILES.iter().find(|(file, _)| *file == name).expect("a listed file");
        return STANDARD.encode(content);
    }
    match word {
        "provider" => bases.provider.clone(),
        "platform" => bases.platform.clone(),
        "cbo" => bases.cbo.clone(),
        other => panic!("no such placeholder in a fixture: {other}"),
    }
}

/// Reads `-9d`, `+2h` or `-30m`; nothing is no distance.
fn parse_distance(text: &str) -> SignedDuration {
    let Some(unit) = text.chars().next_back() else {
        return SignedDuration::ZERO;
    };
    let number: i64 = text[..text.len() - 1].parse().expect("a number before the unit");
    match unit {
        'd' => SignedDuration::from_hours(24 * number),
        'h' => SignedDuration::from_hours(number),
        'm' => SignedDuration::from_mins(number),
        other => panic!("no such unit in a fixture: {other}"),
    }
}

/// Writes a FHIR instant, in UTC with milliseconds.
pub(crate) fn format_instant(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

const FILES: &[(&str, &[u8])] = &[
    ("rent-help-form.pdf", include_bytes!("../data/files/rent-help-form.pdf")),
    ("rent-help-filled.pdf", include_bytes!("../data/files/rent-help-filled.pdf")),
    ("food-safety-leaflet.pdf", include_bytes!("../data/files/food-safety-leaflet.pdf")),
    ("consent-elm-street.pdf", include_bytes!("../data/files/consent-elm-street.pdf")),
];

const ELM_STREET: &[&str] = &[
    include_str!("../data/elm-street/people.json"),
    include_str!("../data/elm-street/services.json"),
    include_str!("../data/elm-street/helpers.json"),
    include_str!("../data/elm-street/needs.json"),
    include_str!("../data/elm-street/goals.json"),
    include_str!("../data/elm-street/referrals.json"),
    include_str!("../data/elm-street/todos.json"),
];

const TWO_RIVERS: &[&str] = &[
    include_str!("../data/two-rivers/people.json"),
    include_str!("../data/two-rivers/services.json"),
    include_str!("../data/two-rivers/helpers.json"),
    include_str!("../data/two-rivers/goals.json"),
    include_str!("../data/two-rivers/referrals.json"),
    include_str!("../data/two-rivers/todos.json"),
];

const BRIGHT_HARVEST: &[&str] = &[
    include_str!("../data/bright-harvest/tasks.json"),
    include_str!("../data/bright-harvest/documents.json"),
];

const GUIDE: &[&str] = &[
    include_str!("../data/guide/Condition-SDOHCC-ConditionAsserterDeviceExample.json"),
    include_str!("../data/guide/Condition-SDOHCC-ConditionFoodInsecurityExample.json"),
    include_str!("../data/guide/Condition-SDOHCC-ConditionHomelessExample.json"),
    include_str!("../data/guide/Condition-SDOHCC-ConditionUnemployedExample.json"),
    include_str!("../data/guide/Consent-SDOHCC-ConsentInformationDisclosureExample.json"),
    include_str!("../data/guide/Device-SDOHCC-DeviceSoftwareExample.json"),
    include_str!("../data/guide/Goal-SDOHCC-GoalFoodSecurityExample.json"),
    include_str!(
        "../data/guide/HealthcareService-SDOHCC-HealthcareServiceTelecomAppointmentExample.json"
    ),
    include_str!("../data/guide/Location-SDOHCC-LocationExample.json"),
    include_str!(
        "../data/guide/Observation-SDOHCC-ObservationAssessmentInadequateFoodIntakeExample.json"
    ),
    include_str!(
        "../data/guide/Observation-SDOHCC-ObservationAssessmentTransportTooExpensiveExample.json"
    ),
    include_str!(
        "../data/guide/Observation-SDOHCC-ObservationResponseHungerVitalSignQuestion3Example.json"
    ),
    include_str!("../data/guide/Observation-SDOHCC-ObservationResponseNHANESGroupingExample.json"),
    include_str!("../data/guide/Observation-SDOHCC-ObservationResponseNHANESQuestion1Example.json"),
    include_str!("../data/guide/Observation-SDOHCC-ObservationResponseNHANESQuestion3Example.json"),
    include_str!("../data/guide/Observation-SDOHCC-ObservationResponseNHANESQuestion5Example.json"),
    include_str!("../data/guide/Organization-SDOHCC-OrganizationClinicExample.json"),
    include_str!("../data/guide/Organization-SDOHCC-OrganizationCoordinationPlatformExample.json"),
    include_str!("../data/guide/Organization-SDOHCC-OrganizationPayerExample.json"),
    include_str!("../data/guide/Patient-pat-53234.json"),
    include_str!("../data/guide/Practitioner-SDOHCC-PractitionerDrJanWaterExample.json"),
    include_str!("../data/guide/PractitionerRole-SDOHCC-PractitionerRoleDrJanWaterExample.json"),
    include_str!(
        "../data/guide/Procedure-SDOHCC-ProcedureFoodPantryApplicationAssistanceExample.json"
    ),
    include_str!(
        "../data/guide/Procedure-SDOHCC-ProcedureSummerFoodProgramApplicationAssistanceExample.json"
    ),
    include_str!("../data/guide/Questionnaire-SDOHCC-QuestionnaireHungerVitalSign.json"),
    include_str!(
        "../data/guide/QuestionnaireResponse-SDOHCC-QuestionnaireResponseHungerVitalSignExample.json"
    ),
    include_str!("../data/guide/RelatedPerson-SDOHCC-RelatedPersonMotherExample.json"),
    include_str!(
        "../data/guide/ServiceRequest-SDOHCC-ServiceRequestActiveFoodPantryApplicationAssistExample.json"
    ),
    include_str!(
        "../data/guide/ServiceRequest-SDOHCC-ServiceRequestSubreferralSummerFoodProgramExample.json"
    ),
    include_str!("../data/guide/Task-SDOHCC-TaskPatientInformationRequestCompletedExample.json"),
    include_str!("../data/guide/Task-SDOHCC-TaskPatientMakeAppointmentCompletedExample.json"),
    include_str!("../data/guide/Task-SDOHCC-TaskPatientRiskQuestionnaireCompletedExample.json"),
    include_str!(
        "../data/guide/Task-SDOHCC-TaskReferralManagementOrderFulfillmentAcceptedExample.json"
    ),
    include_str!(
        "../data/guide/Task-SDOHCC-TaskReferralManagementOrderFulfillmentCompletedExample.json"
    ),
    include_str!(
        "../data/guide/Task-SDOHCC-TaskReferralManagementOrderSubtaskAcceptedExample.json"
    ),
    include_str!(
        "../data/guide/Task-SDOHCC-TaskReferralManagementOrderSubtaskCompletedExample.json"
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn bases() -> Bases {
        Bases {
            provider: "http://p/fhir".into(),
            platform: "http://q/fhir".into(),
            cbo: "http://r/fhir".into(),
        }
    }

    #[test]
    fn placeholders_are_counted_from_now() {
        let now: ZonedDateTime = "2026-05-06T10:00:00[UTC]".parse().unwrap();

        let filled = fill_placeholders(
            r#"{{today-6}} {{today}} {{today+30}} {{now-9d}} {{now-30m}} {{cbo}}/Task/1"#,
            &bases(),
            &now,
        );

        let expected = "2026-04-30 2026-05-06 2026-06-05 2026-04-27T10:00:00.000Z 2026-05-06T09:30:00.000Z http://r/fhir/Task/1";
        assert_eq!(filled, expected);
    }

    #[test]
    fn every_resource_of_every_place_has_its_own_type_and_id() {
        for kind in PlaceKind::ALL {
            let resources = load_resources(kind, &bases());

            let mut names: Vec<String> = resources
                .iter()
                .map(|resource| {
                    format!(
                        "{}/{}",
                        resource["resourceType"].as_str().unwrap(),
                        resource["id"].as_str().unwrap()
                    )
                })
                .collect();
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all, "{kind:?}");
        }
    }

    /// Real servers refer to things that are not there too; these few are on purpose.
    const NOWHERE: &[&str] = &[
        "http://p/fhir/Observation/rosa-phone-outcome",
        "http://r/fhir/Organization/bright-harvest",
        "http://r/fhir/Patient/guest-207",
        "http://r/fhir/Patient/guest-311",
    ];

    #[test]
    fn our_own_references_lead_somewhere_across_the_places_too() {
        let mut names = Vec::new();
        let mut references = Vec::new();
        for (kind, base) in
            PlaceKind::ALL.into_iter().zip(["http://p/fhir", "http://q/fhir", "http://r/fhir"])
        {
            for resource in load_resources(kind, &bases()) {
                let (name, id) = (&resource["resourceType"], resource["id"].as_str().unwrap());
                names.push(format!("{base}/{}/{id}", name.as_str().unwrap()));
                if !id.starts_with("SDOHCC-") {
                    collect_references(&resource, base, &mut references);
                }
            }
        }

        references.retain(|reference| !names.contains(reference));
        references.sort();
        references.dedup();

        assert_eq!(references, NOWHERE);
    }

    fn collect_references(value: &Value, base: &str, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("reference") {
                    let absolute = reference.contains("://");
                    found.push(if absolute {
                        reference.clone()
                    } else {
                        format!("{base}/{reference}")
                    });
                }
                object.values().for_each(|value| collect_references(value, base, found));
            }
            Value::Array(several) => {
                several.iter().for_each(|value| collect_references(value, base, found))
            }
            _ => {}
        }
    }
}

//! Whether a text is kept as the tree of it was, and never one that could not be read again.

use handrail_contract::place::Role;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    fetch::{check_whose, find_wanted},
    fhir::FhirBase,
};

fn base() -> FhirBase {
    FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap()
}

/// Elements of the types that a fetch brings (FHIR R4), looked at or not.
const ELEMENTS: [&str; 69] = [
    "achievementStatus",
    "active",
    "address",
    "addresses",
    "alias",
    "authoredOn",
    "availableTime",
    "basedOn",
    "birthDate",
    "businessStatus",
    "category",
    "code",
    "communication",
    "contained",
    "derivedFrom",
    "description",
    "encounter",
    "endpoint",
    "executionPeriod",
    "extension",
    "focus",
    "for",
    "gender",
    "groupIdentifier",
    "healthcareService",
    "id",
    "identifier",
    "implicitRules",
    "input",
    "intent",
    "item",
    "language",
    "lastModified",
    "lifecycleStatus",
    "location",
    "meta",
    "modifierExtension",
    "name",
    "note",
    "occurrenceDateTime",
    "occurrencePeriod",
    "orderDetail",
    "organization",
    "outcomeCode",
    "output",
    "owner",
    "partOf",
    "patient",
    "performer",
    "performerType",
    "practitioner",
    "priority",
    "providedBy",
    "reasonCode",
    "reasonReference",
    "requester",
    "requisition",
    "resourceType",
    "restriction",
    "startDate",
    "status",
    "statusReason",
    "subject",
    "supportingInfo",
    "target",
    "telecom",
    "text",
    "url",
    "version",
];

/// Values as servers write them, and names that mean something to somebody.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i16>().prop_map(|it| Value::from(f64::from(it) / 4.0)),
        "[a-zé\"\\\\/\n]{0,8}".prop_map(Value::from),
        prop::sample::select(vec!["Patient/rosa", "Patient/bo", "Organization/1", "Goal/1"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            any_members(inner).prop_map(Value::Object),
        ]
    })
}

fn any_members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        prop::sample::select(ELEMENTS.to_vec()).prop_map(str::to_owned),
        prop::sample::select(vec!["coding", "reference", "display", "m\"eta"])
            .prop_map(str::to_owned),
    ];
    prop::collection::btree_map(name, value, 0..8).prop_map(|all| all.into_iter().collect())
}

fn any_kind() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Task",
        "ServiceRequest",
        "Goal",
        "Questionnaire",
        "Organization",
        "Patient",
    ])
}

proptest! {
    #[test]
    fn a_text_is_kept_as_the_tree_of_it_was(kind in any_kind(), members in any_members(any_value())) {
        let whole = Value::Object(members);
        let text = whole.to_string();

        let reading = Reading::of(&text).expect("an object");
        for role in [Role::Patient, Role::Organization] {
            let written = reading.write(role, kind);

            prop_assert_eq!(written.read(), whole.clone());
            prop_assert_eq!(&written, &Written::of(role, kind, &whole));
            prop_assert_eq!(written.read_glance(), glance(role, kind, &whole));
        }
        let wanted = |body| [Role::Patient, Role::Organization].map(|role| find_wanted(role, kind, body, &base()));
        prop_assert_eq!(wanted(&reading.short), wanted(&whole));
        let whose = |body| check_whose(kind, "1", body, "rosa", &base());
        prop_assert_eq!(whose(&reading.short), whose(&whole));
    }

    #[test]
    fn however_it_is_written_two_texts_of_one_mark_say_the_same(
        one in any_members(any_value()), other in any_members(any_value()), blanks in any::<bool>(),
    ) {
        let write = |members: &Map<String, Value>| {
            if blanks { serde_json::to_string_pretty(members) } else { serde_json::to_string(members) }.unwrap()
        };
        let touched = one.iter().filter(|(name, _)| *name != "meta").map(|(name, it)| (name.clone(), it.clone()));
        let touched: Map<String, Value> = touched.chain([("meta".to_owned(), json!({ "versionId": "9" }))]).collect();
        let mark = |members: &Map<String, Value>| Reading::of(&write(members)).unwrap().write(Role::Patient, "Task").mark();

        if mark(&one) == mark(&other) {
            prop_assert!(is_same(&Value::Object(one.clone()), &Value::Object(other)));
        }
        if !blanks || one.contains_key("meta") {
            prop_assert_eq!(mark(&one), mark(&touched));
        }
    }
}

#[test]
fn whatever_a_fetch_or_a_list_looks_at_is_in_the_short_reading() {
    let said = json!({ "reference": "Patient/bo", "end": "2026-05-09", "period": { "end": "2026-05-09" },
        "coding": [{ "code": "x" }], "valueReference": { "reference": "Goal/1" }, "actor": { "reference": "Organization/1" },
        "url": "x/resource-pertainsToGoal", "type": { "text": "questionnaire" }, "valueCanonical": "Questionnaire/1",
        "profile": ["x"], "dueDate": "2026-05-09", "answerValueSet": "ValueSet/1", "system": "s", "value": "v" });
    let kinds = [
        "Task",
        "ServiceRequest",
        "Goal",
        "Questionnaire",
        "Procedure",
        "Organization",
        "PractitionerRole",
        "HealthcareService",
        "Consent",
        "Observation",
        "Condition",
        "Patient",
    ];
    for (kind, element) in
        kinds.into_iter().flat_map(|kind| ELEMENTS.map(|element| (kind, element)))
    {
        for value in [said.clone(), json!([said.clone()]), json!("said")] {
            let whole = json!({ "resourceType": kind, element: value });
            let text = whole.to_string();

            let reading = Reading::of(&text).expect("an object");

            let told = |body: &Value| {
                let told = [Role::Patient, Role::Organization]
                    .map(|role| (find_wanted(role, kind, body, &base()), glance(role, kind, body)));
                (told, check_whose(kind, "1", body, "rosa", &base()))
            };
            assert_eq!(told(&reading.short), told(&whole), "{kind}.{element}");
        }
    }
}

#[test]
fn what_could_not_be_read_again_is_not_kept() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (text, is_kept) in [
        (r#"{"note":1e999}"#.to_owned(), false),
        (r#"{"note":"\ud800"}"#.to_owned(), false),
        (r#"{"not\ud800e":1}"#.to_owned(), false),
        (r#"{"note":"\ud83d\ude00"} "#.to_owned(), true),
        (format!(r#"{{"note":{}}}"#, deep(126)), true),
        (format!(r#"{{"note":{}}}"#, deep(200)), false),
        (format!(r#"{{"meta":{}}}"#, deep(126)), true),
        (format!(r#"{{"meta":{}}}"#, deep(127)), false),
        (format!(r#"{{"note":{}}}"#, deep(100_000)), false),
        (r#"{"note":01}"#.to_owned(), false),
        ("[1]".to_owned(), false),
    ] {
        let could_be_read = serde_json::from_str::<Map<String, Value>>(&text).is_ok();

        let kept = Reading::of(&text).map(|reading| reading.write(Role::Patient, "Task").read());

        assert_eq!((kept.is_some(), could_be_read), (is_kept, is_kept), "{:.40}", text);
    }
}

#[test]
fn a_resource_is_not_told_by_its_debug() {
    let written = Written::of(Role::Patient, "Task", &json!({ "description": "canary-words" }));

    assert!(!format!("{written:?}").contains("canary"));
}

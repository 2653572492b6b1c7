//! Every arrow, whose it is, and what is written; the outbox against a server with every fault stands in `model`.

use std::collections::{BTreeMap, BTreeSet};

use handrail_contract::{
    act::Given,
    place::{ConnectionState, SourceId},
};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{fetch::Cursors, fhir::FhirBase};

mod asking;
mod model;
mod organization;

const STATUSES: [&str; 12] = [
    "draft",
    "requested",
    "received",
    "accepted",
    "rejected",
    "ready",
    "cancelled",
    "in-progress",
    "on-hold",
    "failed",
    "completed",
    "entered-in-error",
];

fn now() -> Timestamp {
    "2026-05-06T10:45:00Z".parse().unwrap()
}

fn source() -> Source {
    Source {
        id: SourceId("elm".to_owned()),
        name: "Elm Street Family Clinic".to_owned(),
        base: FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap(),
        role: Role::Patient,
        hue: 1,
        patient: Some("rosa".to_owned()),
        fhir_user: None,
        organizations: Vec::new(),
        chosen: Vec::new(),
        services: BTreeMap::new(),
        granted: vec![
            "patient/Task.rus".to_owned(),
            "patient/QuestionnaireResponse.crus".to_owned(),
            "patient/DocumentReference.crs".to_owned(),
        ],
        state: ConnectionState::Connected,
        connected_at: now(),
        last_success_at: None,
        next_due_at: None,
        failures: 0,
        signs_in_each_time: false,
        left_at: None,
        skipped: Vec::new(),
        cursors: Cursors::default(),
        rest: BTreeMap::new(),
    }
}

/// A to-do of each kind that the guide has.
fn task(kind: &str, status: &str) -> Value {
    let guide =
        "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    let sdc = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp";
    let code = |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }] });
    let mut task = json!({
        "resourceType": "Task", "id": "1", "meta": { "versionId": "3" }, "status": status,
        "intent": "order", "priority": "routine", "description": "Which school?",
        "for": { "reference": "Patient/rosa" }, "authoredOn": "2026-05-01T09:00:00Z",
        "requester": { "reference": "Organization/elm" }, "owner": { "reference": "Patient/rosa" },
    });
    let category =
        json!({ "type": code(guide, "questionnaire-category"), "valueCodeableConcept": {} });
    let form = |input: Value| json!([input, category]);
    match kind {
        "form" => {
            task["code"] = code(sdc, "complete-questionnaire");
            task["input"] = form(json!({
                "type": code(sdc, "questionnaire"), "valueCanonical": "https://elm.example/q|1",
            }));
        }
        "pdf" => {
            task["code"] = code(sdc, "complete-questionnaire");
            task["input"] = form(json!({
                "type": code(guide, "questionnaire-pdf"),
                "valueReference": { "reference": "DocumentReference/blank" },
            }));
        }
        "words" => task["code"] = code(guide, "general-information"),
        "contact" => {
            task["code"] = code(guide, "make-contact");
            task["input"] = json!([{
                "type": code(guide, "contact-entity"),
                "valueReference": { "reference": "HealthcareService/rides" },
            }]);
        }
        "review" => {
            task["code"] = code(guide, "review-material");
            task["focus"] = json!({ "reference": "DocumentReference/leaflet" });
        }
        _ => task["code"] = json!({ "text": "Bring your papers" }),
    }
    task
}

fn answer_to(kind: &str) -> Option<Given> {
    match kind {
        "form" => Some(Given::Form(
            json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress", "id": "draft",
                "item": [{ "linkId": "1", "answer": [{ "valueDecimal": 1 }] }] })
            .to_string()
            .replace("\"valueDecimal\":1", "\"valueDecimal\":1.50"),
        )),
        "pdf" => Some(Given::Pdf("JVBERi0xLjcK".to_owned())),
        "words" | "contact" => Some(Given::Words("The one on Mill Street.".to_owned())),
        _ => None,
    }
}

fn wish(act: ActKind, answer: Option<Given>) -> Wish {
    Wish { act, reason: None, answer }
}

fn names() -> Names {
    Names { act: ActId("a1".to_owned()), document: [7; 16] }
}

#[test]
fn every_arrow_of_the_guide_can_be_pressed_and_no_other() {
    let arrows: BTreeSet<(&str, &str)> = [
        ("ready", "in-progress"),
        ("ready", "on-hold"),
        ("ready", "completed"),
        ("ready", "failed"),
        ("ready", "cancelled"),
        ("in-progress", "cancelled"),
        ("on-hold", "cancelled"),
        ("in-progress", "on-hold"),
        ("in-progress", "completed"),
        ("in-progress", "failed"),
        ("on-hold", "in-progress"),
        ("on-hold", "completed"),
        ("on-hold", "failed"),
    ]
    .into();

    let offered: BTreeSet<(&str, &str)> = STATUSES
        .iter()
        .flat_map(|from| {
            let acts = offered_acts(&task("other", from), &source());
            acts.into_iter().filter_map(move |act| Some((*from, status_after(act)?)))
        })
        .collect();

    assert_eq!(offered, arrows);
}

#[test]
fn what_is_not_the_persons_own_or_not_granted_or_not_taken_is_never_offered() {
    let ready = task("words", "ready");
    let offers_with = |change: &dyn Fn(&mut Source)| {
        let mut source = source();
        change(&mut source);
        offered_acts(&ready, &source).len()
    };
    let offers_of = |member: &str, value: Value| {
        let mut task = ready.clone();
        task[member] = value;
        offered_acts(&task, &source()).len()
    };

    assert_eq!(offers_with(&|_| ()), 5);
    assert_eq!(offers_with(&|it| it.granted = vec!["patient/Task.rs".to_owned()]), 0);
    assert_eq!(offers_with(&|it| it.role = Role::Organization), 0);
    assert_eq!(offers_with(&|it| it.left_at = Some(now())), 0);
    assert_eq!(offers_with(&|it| it.patient = None), 0);
    assert_eq!(offers_of("owner", json!({ "reference": "Patient/colin" })), 0);
    assert_eq!(offers_of("owner", json!({ "reference": "RelatedPerson/rosa" })), 0);
    assert_eq!(
        offers_of("owner", json!({ "reference": "https://two.example/fhir/Patient/rosa" })),
        0
    );
    assert_eq!(offers_of("owner", Value::Null), 0);
    assert_eq!(offers_of("code", json!({ "coding": [{ "code": "fulfill" }] })), 0);
}

#[test]
fn an_answer_that_cannot_be_created_there_takes_only_finishing_away() {
    for (kind, type_name) in [("form", "QuestionnaireResponse"), ("pdf", "DocumentReference")] {
        let mut source = source();
        source.granted.retain(|scope| !scope.contains(type_name));

        let acts = offered_acts(&task(kind, "ready"), &source);

        assert_eq!(acts, [ActKind::Start, ActKind::Pause, ActKind::Fail, ActKind::Cancel]);
    }
}

#[test]
fn each_kind_takes_its_own_answer_and_no_other() {
    for kind in ["form", "pdf", "words", "contact", "review", "other"] {
        for other in ["form", "pdf", "words", "review"] {
            let task = task(kind, "ready");

            let queued =
                queue(&task, &source(), wish(ActKind::Finish, answer_to(other)), names(), now());

            let is_fit = match (kind, other) {
                ("contact", "words" | "review") => true,
                ("other", "review") => true,
                _ => kind == other,
            };
            assert_eq!(queued.is_ok(), is_fit, "{kind} {other} {:?}", queued.err());
        }
    }
}

#[test]
fn an_answer_about_somebody_or_something_else_is_not_taken() {
    let queue_form = |member: &str, value: Value| {
        let mut response =
            json!({ "resourceType": "QuestionnaireResponse", "status": "completed" });
        response[member] = value;
        let given = Some(Given::Form(response.to_string()));
        queue(&task("form", "ready"), &source(), wish(ActKind::Finish, given), names(), now())
    };

    assert!(queue_form("subject", json!({ "reference": "Patient/rosa" })).is_ok());
    assert!(queue_form("questionnaire", json!("https://elm.example/q")).is_ok());
    for (member, value) in [
        ("subject", json!({ "reference": "Patient/colin" })),
        ("questionnaire", json!("https://elm.example/other")),
        ("resourceType", json!("Patient")),
    ] {
        assert_eq!(queue_form(member, value).err(), Some(Unfit::AnswerUnfit), "{member}");
    }
}

#[test]
fn an_answered_form_says_who_when_and_what_and_keeps_every_digit() {
    let task = task("form", "ready");

    let wish = wish(ActKind::Finish, answer_to("form"));
    let entry = queue(&task, &source(), wish, names(), now()).unwrap();

    let document = entry.document().unwrap();
    let body: Value = serde_json::from_str(&document.body).unwrap();
    let rosa = json!({ "reference": "Patient/rosa" });
    assert_eq!(body["status"], "completed");
    assert_eq!(body["authored"], "2026-05-06T10:45:00Z");
    assert_eq!(body["questionnaire"], "https://elm.example/q|1");
    assert_eq!([&body["subject"], &body["author"], &body["source"]], [&rosa, &rosa, &rosa]);
    assert_eq!(body["identifier"]["value"], "urn:uuid:07070707-0707-4707-8707-070707070707");
    assert_eq!(body.get("id"), None);
    assert!(document.body.contains("\"valueDecimal\":1.50"));
}

#[test]
fn what_is_written_keeps_the_guides_seven_invariants() {
    for kind in ["form", "pdf", "words", "contact", "review", "other"] {
        let task = task(kind, "in-progress");
        let wish = wish(ActKind::Finish, answer_to(kind));
        let entry = queue(&task, &source(), wish, names(), now()).unwrap();
        let raw = Unchanged::parse(task.to_string().as_bytes()).unwrap();

        let written = entry.change("new-id").apply(raw).unwrap().unwrap().to_value();

        assert!(find_violations(&task).is_empty(), "{kind}");
        assert!(find_violations(&written).is_empty(), "{kind}");
        assert_eq!(written["status"], "completed");
    }
}

#[test]
fn each_of_the_seven_invariants_is_seen_when_it_is_broken() {
    let broken = |kind: &str, change: &dyn Fn(&mut Value)| {
        let mut task = task(kind, "ready");
        change(&mut task);
        find_violations(&task)
    };
    let output = json!([{ "type": { "coding": [{ "code": "made-up" }] } }]);

    assert_eq!(broken("form", &|task| task["input"] = json!([])), [1]);
    assert_eq!(broken("words", &|task| task["description"] = Value::Null), [2]);
    assert_eq!(broken("words", &|task| task["output"] = output.clone()), [2]);
    assert_eq!(broken("review", &|task| task["focus"] = Value::Null), [3]);
    assert_eq!(broken("contact", &|task| task["input"] = json!([])), [4]);
    assert_eq!(broken("form", &|task| task["output"] = output.clone()), [5]);
    assert_eq!(broken("pdf", &|task| task["output"] = output.clone()), [6]);
    assert_eq!(broken("contact", &|task| task["output"] = output.clone()), [7]);
}

#[test]
fn a_filled_pdf_carries_both_codes_that_the_guide_asks_for() {
    let task = task("pdf", "ready");
    let wish = wish(ActKind::Finish, answer_to("pdf"));
    let entry = queue(&task, &source(), wish, names(), now()).unwrap();
    let raw = Unchanged::parse(task.to_string().as_bytes()).unwrap();

    let written = entry.change("new-id").apply(raw).unwrap().unwrap().to_value();

    let systems: Vec<&str> = written["output"][0]["type"]["coding"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|coding| coding["code"] == "questionnaire-pdf-completed")
        .filter_map(|coding| coding["system"].as_str())
        .collect();
    assert_eq!(systems.len(), 2);
    assert!(systems.iter().any(|system| system.contains("sdoh-clinicalcare")));
    assert!(systems.iter().any(|system| system.contains("uv/sdc")));
    assert_eq!(written["output"][0]["valueReference"]["reference"], "DocumentReference/new-id");
}

#[test]
fn an_older_answer_of_the_same_single_kind_gives_way_and_others_stay() {
    let mut task = task("form", "in-progress");
    task["output"] = json!([
        { "type": { "coding": [{ "code": "questionnaire-response" }] },
          "valueReference": { "reference": "QuestionnaireResponse/draft" } },
        { "type": { "coding": [{ "code": "made-up" }] }, "valueString": "stays" },
    ]);
    let wish = wish(ActKind::Finish, answer_to("form"));
    let entry = queue(&task, &source(), wish, names(), now()).unwrap();
    let raw = Unchanged::parse(task.to_string().as_bytes()).unwrap();

    let written = entry.change("new-id").apply(raw).unwrap().unwrap().to_value();

    let outputs = written["output"].as_array().unwrap();
    assert_eq!(outputs.len(), 2);
    assert_eq!(outputs[0]["valueString"], "stays");
    assert_eq!(outputs[1]["valueReference"]["reference"], "QuestionnaireResponse/new-id");
}

#[test]
fn a_reason_is_written_as_text_alone_and_goes_with_the_status_it_explained() {
    let paused = task("other", "ready");
    let wish = Wish { act: ActKind::Pause, reason: Some(" Next week. ".to_owned()), answer: None };
    let pause = queue(&paused, &source(), wish, names(), now()).unwrap();

    let after = expect(&paused, &[&pause]);
    let start = queue(
        &after,
        &source(),
        Wish { act: ActKind::Start, reason: None, answer: None },
        names(),
        now(),
    )
    .unwrap();
    let later = expect(&paused, &[&pause, &start]);

    assert_eq!(after["statusReason"], json!({ "text": "Next week." }));
    assert_eq!((&later["status"], later.get("statusReason")), (&json!("in-progress"), None));
}

#[test]
fn what_is_too_long_is_not_taken() {
    let long = "x".repeat(10_001);
    let wish = Wish { act: ActKind::Cancel, reason: Some(long), answer: None };

    let queued = queue(&task("other", "ready"), &source(), wish, names(), now());

    assert_eq!(queued.err(), Some(Unfit::TooLong));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z ]{0,8}".prop_map(Value::from),
        prop::sample::select(&STATUSES[..]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_task_and_no_act_yield_a_change_that_the_guide_forbids(
        members in prop::collection::btree_map(
            prop::sample::select(vec!["owner", "code", "input", "output", "statusReason", "note", "text", "meta",
                "description", "_status", "extension", "focus"]),
            any_json(), 0..6),
        kind in prop::sample::select(vec!["form", "pdf", "words", "contact", "review", "other"]),
        status in prop::sample::select(&STATUSES[..]),
        act in prop::sample::select(&ActKind::ALL[..]),
        reason in prop::option::of("[a-z]{1,9}"),
    ) {
        let mut task = task(kind, status);
        for (member, value) in members {
            task[member] = value;
        }
        let source = source();
        let wish = Wish { act, reason, answer: answer_to(kind).filter(|_| act == ActKind::Finish) };

        let queued = queue(&task, &source, wish, names(), now());

        if let Ok(entry) = queued {
            prop_assert_eq!(&task["owner"]["reference"], "Patient/rosa");
            let raw = Unchanged::parse(task.to_string().as_bytes()).unwrap();
            if let Ok(Some(after)) = entry.change("new-id").apply(raw) {
                let after = after.to_value();
                let members: BTreeSet<&String> = task.as_object().unwrap().keys()
                    .chain(after.as_object().unwrap().keys()).collect();
                for member in members {
                    let is_ours = matches!(member.as_str(), "status" | "statusReason" | "output");
                    prop_assert!(is_ours || task.get(member) == after.get(member), "{}", member);
                }
                let to = after["status"].as_str().unwrap();
                let from = status;
                let is_arrow = match to {
                    "in-progress" => matches!(from, "ready" | "on-hold"),
                    "on-hold" => matches!(from, "ready" | "in-progress"),
                    "completed" | "failed" | "cancelled" => matches!(from, "ready" | "in-progress" | "on-hold"),
                    _ => false,
                };
                prop_assert!(is_arrow, "{} to {}", from, to);
            }
        }
    }
}

//! Whatever a server may send.

use proptest::prelude::*;

use super::*;
use crate::{
    fetch::page::{Page, is_failure, read_page},
    fhir::{
        element::text,
        reference::{is_id, is_kind},
    },
    written::Written,
};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-zA-Z/:#|.0-9 ]{0,20}".prop_map(Value::from),
        prop::sample::select(vec![
            "Task",
            "Bundle",
            "Patient/rosa",
            "next",
            "https://elm.example/fhir/Task?x",
            "OperationOutcome",
            "Questionnaire/1"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let names = prop::sample::select(vec![
            "resourceType",
            "id",
            "entry",
            "resource",
            "link",
            "relation",
            "url",
            "for",
            "reference",
            "input",
            "output",
            "type",
            "coding",
            "code",
            "valueReference",
            "valueCanonical",
            "search",
            "mode",
            "response",
            "status",
            "meta",
            "rest",
            "interaction",
            "requester",
            "focus",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..8).prop_map(|members| {
                Value::Object(
                    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}

/// An entry of a searchset, near to what servers send.
fn any_entry() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["Task", "Goal", "OperationOutcome", "Bundle", "task", ""]);
    let id = prop::sample::select(vec!["1", "a-b", "", "no/id"]);
    let resource = (kind, id, any_json()).prop_map(|(kind, id, more)| {
        json!({ "resourceType": kind, "id": id, "meta": { "versionId": "3", "lastUpdated": "x" }, "for": more,
            "issue": [{ "severity": "error" }] })
    });
    let mode = prop::sample::select(vec![json!("match"), json!("outcome"), Value::Null]);
    prop_oneof![
        4 => (resource, mode).prop_map(|(resource, mode)| json!({ "resource": resource, "search": { "mode": mode } })),
        1 => any_json().prop_map(|resource| json!({ "resource": resource })),
        1 => any_json(),
    ]
}

/// What a page holds, told from a tree of all of it: resources, entries that cannot be read, notices, and whether one
/// of them says that something failed.
fn read_as_tree(bundle: &Value) -> (Vec<Arrived>, u64, u64, bool) {
    let one;
    let entries: &[Value] = match bundle.get("entry") {
        Some(Value::Array(entries)) => entries,
        Some(entry @ Value::Object(_)) => {
            one = [entry.clone()];
            &one
        }
        _ => &[],
    };
    let (mut resources, mut unreadable, mut notices, mut failed) = (Vec::new(), 0, 0, false);
    for entry in entries {
        let is_notice = entry.pointer("/search/mode").and_then(Value::as_str) == Some("outcome");
        let Some(resource) = entry.get("resource") else {
            unreadable += 1;
            continue;
        };
        if is_notice || text(resource, "resourceType") == Some("OperationOutcome") {
            notices += 1;
            failed |= is_failure(resource);
            continue;
        }
        let kind = text(resource, "resourceType").filter(|kind| is_kind(kind) && *kind != "Bundle");
        match kind.zip(text(resource, "id").filter(|id| is_id(id))) {
            Some((kind, id)) => {
                resources.push(Arrived::of(
                    kind,
                    id,
                    resource,
                    Written::of(Role::Patient, kind, resource),
                ));
            }
            None => unreadable += 1,
        }
    }
    (resources, unreadable, notices, failed)
}

proptest! {
    #[test]
    fn a_page_is_read_as_a_tree_of_it_would_be(
        entries in prop_oneof![prop::collection::vec(any_entry(), 0..6).prop_map(Value::from), any_entry()],
        kind in prop::sample::select(vec!["Bundle", "Bundle", "Task"]),
    ) {
        let bundle = json!({ "resourceType": kind, "id": "b", "entry": entries });
        let asked = errand().base.join("Task").unwrap();

        let came = Body::read(Role::Patient, 200, bundle.to_string().as_bytes()).came.expect("JSON");
        let read = read_page(came, &errand().base, &asked);

        let told = read.map(|Page { resources, unreadable, notices, failed_in_part, .. }| {
            let arrived: Vec<Arrived> = resources.into_iter().map(|(arrived, _)| arrived).collect();
            (arrived, unreadable, notices, failed_in_part)
        });
        prop_assert_eq!(told, (kind == "Bundle").then(|| read_as_tree(&bundle)));
    }

    #[test]
    fn no_answer_makes_a_look_panic_or_leave_the_base(
        answers in prop::collection::vec((prop::sample::select(vec![200u16, 200, 200, 400, 403, 404, 429, 500]), any_json()), 1..30),
    ) {
        let mut planner = Planner::new(errand(), std::iter::empty());
        let mut answers = answers.into_iter().cycle().take(300);

        loop {
            let requests = planner.next();
            if requests.is_empty() { break }
            for request in requests {
                prop_assert!(errand().base.contains(&request.url));
                let Some((status, mut body)) = answers.next() else { continue };
                if let Value::Object(members) = &mut body {
                    members.entry("resourceType").or_insert_with(|| Value::from("Bundle"));
                }
                planner.took(request.id, Answer::read(Role::Patient, status, None, body.to_string().as_bytes()));
            }
        }

        planner.finish();
    }
}

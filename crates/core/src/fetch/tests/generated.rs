//! Whatever a server may send.

use proptest::prelude::*;

use super::*;

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

proptest! {
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
                planner.took(request.id, Answer::read(status, None, body.to_string().as_bytes()));
            }
        }

        planner.finish();
    }
}

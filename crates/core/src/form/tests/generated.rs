//! Forms and answers made up by a machine.

use proptest::prelude::*;

use super::*;

/// JSON that looks a little like a form.
fn any_json() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "item",
        "linkId",
        "type",
        "text",
        "answerOption",
        "valueCoding",
        "valueString",
        "enableWhen",
        "question",
        "operator",
        "answerInteger",
        "extension",
        "url",
        "valueExpression",
        "expression",
        "language",
        "repeats",
        "required",
        "initial",
        "_text",
        "contained",
        "answerValueSet",
        "code",
        "display",
        "valueInteger",
    ]);
    let words = prop::sample::select(vec![
        "group",
        "display",
        "choice",
        "string",
        "integer",
        "quantity",
        "a",
        "b",
        "=",
        "exists",
        "text/fhirpath",
        "%resource.item",
        "item.where(",
        "http://x/regex",
        "((((",
        "2026-02-30",
        "#a",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..7)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A form of questions and groups, some of them on conditions.
fn any_form() -> impl Strategy<Value = Form> {
    let kinds =
        prop::sample::select(vec!["string", "integer", "boolean", "group", "choice", "decimal"]);
    let part = (kinds, any::<bool>(), 0..3_usize, any::<prop::sample::Index>(), any::<bool>());
    prop::collection::vec(part, 1..12).prop_map(|parts| {
        let mut items: Vec<Value> = Vec::new();
        let mut open: Vec<Value> = Vec::new();
        for (number, (kind, repeats, close, other, conditional)) in parts.iter().enumerate() {
            let mut item = json!({ "linkId": format!("q{number}"), "type": kind, "repeats": repeats, "text": "?" });
            if *kind == "choice" {
                item["answerOption"] = json!([{ "valueString": "x" }, { "valueCoding": { "code": "y" } }]);
            }
            if *conditional && number > 0 {
                let question = format!("q{}", other.index(number));
                item["enableWhen"] = json!([{ "question": question, "operator": "exists", "answerBoolean": true }]);
            }
            open.push(item);
            for _ in 0..*close {
                close_one(&mut open, &mut items);
            }
        }
        while !open.is_empty() {
            close_one(&mut open, &mut items);
        }
        items.push(json!({ "linkId": "last", "type": "string" }));
        form_of(items.into())
    })
}

fn close_one(open: &mut Vec<Value>, items: &mut Vec<Value>) {
    let Some(item) = open.pop() else { return };
    match open.last_mut() {
        Some(parent) => {
            if parent.get("item").is_none() {
                parent["item"] = json!([]);
            }
            parent["item"].as_array_mut().unwrap().push(item);
        }
        None => items.push(item),
    }
}

/// Answers every question in up to three repetitions, as the bytes have it.
fn answer_everything(
    items: &[Item],
    around: &[Spot],
    draft: &mut Draft,
    bytes: &mut impl Iterator<Item = u8>,
) {
    for item in items {
        let path = Path { around: around.to_vec(), link: item.link.clone() };
        let byte = bytes.next().unwrap_or(0);
        let count = if item.repeats { usize::from(byte % 4) } else { usize::from(byte % 2) };
        if item.is_question() {
            let answers = (0..count).map(|index| match item.kind {
                Kind::Integer => Answer::Integer(i32::try_from(index).unwrap()),
                Kind::Decimal => Answer::Decimal(f64::from(byte) / 4.0),
                Kind::Boolean => Answer::Flag(byte.is_multiple_of(3)),
                Kind::Choice => item.choices[index % 2].answer.clone(),
                _ => text(&format!("answer {byte}")),
            });
            draft.put(&path, answers.collect());
        }
        for index in 0..count {
            answer_everything(&item.items, &path.spot(index), draft, bytes);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_json_makes_reading_a_form_panic(whole in any_json(), response in any_json()) {
        if let Ok(form) = read_form(&whole, "es") {
            let draft = start_draft(&form, moment());
            let worked = calculate(&form, &draft, moment());
            let look = Look::new(&form, &worked.draft, moment());
            let _ = (check_form(&look), list_steps(&look, &worked.failed).steps.len());
            let _ = read_response(&form, &response);
        }
    }

    #[test]
    fn everything_answered_and_asked_is_sent_and_comes_back(form in any_form(), bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let mut draft = Draft::empty(&form);
        answer_everything(&form.items, &[], &mut draft, &mut bytes.into_iter());

        let response = sent(&form, &draft);

        let look = Look::new(&form, &draft, moment());
        let mut asked = Vec::new();
        look.walk(&mut |item, _, slots| {
            if item.is_question() {
                asked.extend(slots.iter().filter_map(|slot| slot.answer.clone()));
            }
        });
        let mut found = Vec::new();
        gather_answers(&response, &mut found);
        prop_assert_eq!(found.len(), asked.len());
        prop_assert!(asked.iter().all(|answer| found.contains(answer)));
        let back = read_response(&form, &response).unwrap();
        let again = sent(&form, &back);
        prop_assert_eq!(&again["item"], &response["item"]);
    }

    #[test]
    fn no_expression_makes_the_evaluator_panic_or_yields_more_than_it_was_charged_for(
        parts in prop::collection::vec(any_part(), 0..14),
        answers in 1..40_usize,
    ) {
        use super::super::{budget::Budget, expression::evaluate, node::Node};
        let answer = json!({ "valueQuantity": { "value": 3, "code": "kg" } });
        let focus = Node::read(&json!({ "resourceType": "QuestionnaireResponse", "item": [
            { "linkId": "a", "answer": [{ "valueInteger": 3 }] }, { "linkId": "b", "answer": vec![answer; answers] },
        ] }));
        let named = Node::object(vec![("resource".to_owned(), focus.clone())]);
        let budget = Budget::full();
        let found = evaluate(&parts.concat(), &focus, &named, moment(), &budget);
        prop_assert!(found.map_or(0, |it| it.len()) as u64 <= budget.spent());
    }

    #[test]
    fn calculations_are_all_made_or_all_asked_and_twice_the_same(
        expressions in prop::collection::vec(prop::collection::vec(any_part(), 1..6), 1..20),
        answers in 0..100_usize,
    ) {
        let asked = json!({ "linkId": "a", "type": "string", "repeats": true });
        let calculated = expressions.iter().enumerate().map(|(n, parts)| {
            let expression = fhirpath("sdc-questionnaire-calculatedExpression", &parts.concat());
            json!({ "linkId": format!("c{n}"), "type": "integer", "extension": [expression] })
        });
        let form = form_of(std::iter::once(asked).chain(calculated).collect());
        let mut draft = Draft::empty(&form);
        draft.put(&Path::top("a"), vec![text("x"); answers]);

        let worked = calculate(&form, &draft, moment());
        let again = calculate(&form, &draft, moment());

        prop_assert_eq!((&worked.draft, &worked.failed), (&again.draft, &again.failed));
        if worked.is_over_budget {
            prop_assert_eq!((&worked.draft, worked.failed.len()), (&draft, expressions.len()));
        }
    }
}

/// A piece of an expression.
fn any_part() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "%resource",
        ".item",
        ".answer",
        ".value",
        ".where(",
        "linkId = 'a'",
        ")",
        "(",
        " + ",
        " | ",
        "1",
        "'x'",
        "{}",
        "iif(",
        ",",
        ".exists()",
        ".first()",
        "[0]",
        " contains ",
        "today()",
        ".descendants()",
        ".select(",
        "$this",
        " and ",
        "@2026",
        "-",
        ".round(1)",
        ".power(2)",
        " is ",
        "Coding",
        ".ofType(",
        "true",
        " / ",
        "0",
        ".toString()",
        "%ucum",
        "4 'kg'",
        "%resource.item.answer",
        ".combine(%resource.item.answer)",
        ".count()",
    ])
}

fn gather_answers(parent: &Value, found: &mut Vec<Answer>) {
    for item in parent["item"].as_array().into_iter().flatten() {
        gather_answers(item, found);
        for answer in item["answer"].as_array().into_iter().flatten() {
            found.extend(Answer::read(answer, "value"));
            gather_answers(answer, found);
        }
    }
}

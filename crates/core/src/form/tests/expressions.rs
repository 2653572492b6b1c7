//! FHIRPath of others: what is evaluated, and what is refused before it runs.

use std::time::Instant;

use super::{
    super::{
        budget::Budget,
        expression::{Failed, evaluate, is_allowed},
        node::Node,
    },
    *,
};

fn find(expression: &str, resource: &Value) -> Result<Vec<Value>, Failed> {
    let focus = Node::read(resource);
    let named = Node::object(vec![
        ("resource".to_owned(), focus.clone()),
        ("none".to_owned(), Node::List(Vec::new())),
        ("two".to_owned(), Node::read(&json!(["LA1", "LA2"]))),
    ]);
    let found = evaluate(expression, &focus, &named, moment(), &Budget::full())?;
    Ok(found.iter().map(Node::write).collect())
}

fn response() -> Value {
    json!({ "resourceType": "QuestionnaireResponse", "item": [
        { "linkId": "a", "answer": [{ "valueDecimal": 70 }] },
        { "linkId": "b", "answer": [{ "valueCoding": { "code": "LA1", "display": "Often" } }, { "valueCoding": { "code": "LA3" } }] },
        { "linkId": "g", "item": [{ "linkId": "d", "answer": [{ "valueDate": "2020-05-06" }] }] },
    ] })
}

#[test]
fn what_forms_use_is_evaluated() {
    let cases = [
        ("%resource.item.where(linkId = 'a').answer.value * 2", json!([140])),
        ("item.where(linkId = 'a').answer.value", json!([70])),
        ("item.where(linkId = 'b').answer.value.code", json!(["LA1", "LA3"])),
        ("item.where(linkId = 'b').answer.valueCoding.display", json!(["Often"])),
        ("%two contains 'LA2'", json!([true])),
        ("%none.exists()", json!([false])),
        ("%none.empty()", json!([true])),
        ("iif(%none.exists(), 1, 2)", json!([2])),
        ("iif(true, {}, 2)", json!([])),
        ("%resource.descendants().where(linkId = 'd').answer.value", json!(["2020-05-06"])),
        ("%resource.repeat(item).where(linkId = 'd').answer.value < today()", json!([true])),
        ("today()", json!(["2026-05-06"])),
        ("(10 / 4).round(1)", json!([2.5])),
        ("item.answer.value.ofType(Coding).count()", json!([2])),
        ("'LA28397-0'.combine('LA6729-3').count()", json!([2])),
        ("%ucum", json!(["http://unitsofmeasure.org"])),
    ];
    for (expression, expected) in cases {
        let found = find(expression, &response());

        assert_eq!(found.map(Value::Array), Ok(expected), "{expression}");
    }
}

#[test]
fn a_name_that_nobody_gave_fails_rather_than_being_empty() {
    assert_eq!(find("%patient.birthDate.empty()", &response()), Err(Failed::NotAllowed));
}

#[test]
fn what_could_keep_a_phone_busy_or_reach_elsewhere_is_refused() {
    let deep = format!("{}1{}", "(".repeat(100), ")".repeat(100));
    let long = "1+".repeat(900) + "1";
    let loops = "item.where(item.where(item.where(item.exists()).exists()).exists())";
    let cases = [
        "resolve()",
        "item.answer.value.resolve()",
        "memberOf('http://x')",
        "item.select(%resource.item)",
        "item.aggregate($total + 1)",
        "item.trace('x')",
        "item.where(descendants().exists())",
        "item.where(repeat(item).exists())",
        "item.where(%resource.item.exists())",
        "item.exists(linkId = %context.linkId)",
        "item.all(%questionnaire.item.exists())",
        "item.where(linkId.matches('(a|aa)+$'))",
        "'a'.replaceMatches('', 'b')",
        "'a'.replace('', 'b')",
        "'unterminated",
        "(1",
        "1)",
        "1 // comment",
        "%`context`",
        loops,
        &deep,
        &long,
    ];
    for expression in cases {
        assert!(!is_allowed(expression), "{expression}");
    }
}

#[test]
fn a_word_in_quotes_is_no_call() {
    assert!(is_allowed("item.where(text = 'resolve() // %x (')"));
}

#[test]
fn variables_that_double_one_another_end() {
    let mut variables = vec![json!({ "name": "v0", "expression": "'a'" })];
    for n in 1..60 {
        let before = format!("%v{}.combine(%v{})", n - 1, n - 1);
        variables.push(json!({ "name": format!("v{n}"), "expression": before }));
    }
    let extensions: Vec<Value> = variables
        .into_iter()
        .map(|mut it| {
            it["language"] = "text/fhirpath".into();
            extension("variable", json!({ "valueExpression": it }))
        })
        .chain([fhirpath("sdc-questionnaire-calculatedExpression", "%v59.count()")])
        .collect();
    let form = form_of(json!([{ "linkId": "n", "type": "integer", "extension": extensions }]));

    let worked = calculate(&form, &Draft::empty(&form), moment());

    assert_eq!(worked.failed, BTreeSet::from(["n".to_owned()]));
}

#[test]
fn a_calculation_that_fails_is_asked_instead() {
    let form = form_of(json!([
        { "linkId": "age", "type": "integer", "extension": [fhirpath("sdc-questionnaire-calculatedExpression", "%patient.age")] },
    ]));
    let draft = start_draft(&form, moment());

    let worked = calculate(&form, &draft, moment());
    let look = Look::new(&form, &worked.draft, moment());
    let steps = list_steps(&look, &worked.failed);

    assert_eq!(steps.steps.len(), 1);
}

#[test]
fn calculations_may_use_calculations_and_variables_of_the_groups_around() {
    let calculated = "sdc-questionnaire-calculatedExpression";
    let rate = json!({ "name": "rate", "language": "text/fhirpath", "expression": "3" });
    let form = form_of(json!([
        { "linkId": "g", "type": "group", "extension": [extension("variable", json!({ "valueExpression": rate }))], "item": [
            { "linkId": "twice", "type": "integer", "extension": [fhirpath(calculated, "%resource.item.item.where(linkId = 'once').answer.value * 2")] },
            { "linkId": "once", "type": "integer", "extension": [fhirpath(calculated, "%resource.item.item.where(linkId = 'n').answer.value * %rate")] },
            { "linkId": "n", "type": "integer" },
        ] },
    ]));
    let draft = answered(&form, &[("n", Answer::Integer(2))]);

    let worked = calculate(&form, &draft, moment());

    let found: Vec<&Answer> = worked.draft.answers(&path(&form, "twice")).collect();
    assert_eq!(found, [&Answer::Integer(12)]);
}

#[test]
fn the_deepest_expression_that_is_allowed_is_read() {
    let expression = format!("{}1{}", "(".repeat(12), ")".repeat(12));
    let started = Instant::now();

    let found = find(&expression, &response());

    println!("12 brackets: {:?}", started.elapsed());
    assert_eq!(found, Ok(vec![json!(1)]));
}

/// Calculations that each look at everything, over all that a form may hold.
fn hostile() -> (Form, Draft) {
    let dear = "%resource.descendants().where(item.where(linkId = 'x').count() > 0).count()";
    let asked =
        (0..300).map(|n| json!({ "linkId": format!("q{n}"), "type": "string", "repeats": true }));
    let calculated = (0..200).map(|n| {
        let extension = fhirpath("sdc-questionnaire-calculatedExpression", dear);
        json!({ "linkId": format!("c{n}"), "type": "integer", "extension": [extension] })
    });
    let form = form_of(asked.chain(calculated).collect());
    let mut draft = Draft::empty(&form);
    for n in 0..300 {
        draft.put(&Path::top(&format!("q{n}")), vec![text("x"); 20]);
    }
    (form, draft)
}

#[test]
fn a_form_over_its_budget_is_asked_without_its_calculations() {
    let (form, draft) = hostile();
    let started = Instant::now();

    let worked = calculate(&form, &draft, moment());

    println!("200 calculations over 6000 answers: {:?}", started.elapsed());
    let look = Look::new(&form, &worked.draft, moment());
    assert!(worked.is_over_budget);
    assert_eq!((&worked.draft, worked.failed.len()), (&draft, 200));
    assert_eq!(list_steps(&look, &worked.failed).steps.len(), 500, "the person is asked instead");
}

#[test]
fn conditions_over_the_budget_ask_rather_than_hide() {
    let (mut form, draft) = hostile();
    for item in &mut form.items {
        let expression = item.calculated.take();
        item.enable = expression.map(|it| Enable {
            conditions: Vec::new(),
            all: false,
            expression: Some(it),
        });
    }

    let look = Look::new(&form, &draft, moment());

    assert_eq!(list_steps(&look, &BTreeSet::new()).steps.len(), 500);
    assert!(look.is_over_budget());
}

#[test]
fn a_form_that_people_fill_in_takes_a_hundredth_of_the_budget() {
    let budget = Budget::full();
    let items: Vec<Value> = (0..50)
        .map(|n| json!({ "linkId": n.to_string(), "answer": [{ "valueInteger": 3 }] }))
        .collect();
    let focus = Node::read(&json!({ "resourceType": "QuestionnaireResponse", "item": items }));
    let named = Node::object(vec![("resource".to_owned(), focus.clone())]);

    for _ in 0..5 {
        let expression = "%resource.item.where(linkId = '7').answer.value + 1";
        evaluate(expression, &focus, &named, moment(), &budget).unwrap();
    }

    assert!(budget.spent() < 40_000, "{}", budget.spent());
}

#[test]
fn what_is_looked_at_is_paid_for_wherever_it_comes_from() {
    let items = Node::read(&json!(vec![json!({ "linkId": "a" }); 1_000]));
    let named = Node::object(vec![("all".to_owned(), items)]);
    let none = Node::List(Vec::new());
    let spent = |expression: &str| {
        let budget = Budget::full();
        let found = evaluate(expression, &none, &named, moment(), &budget);
        found.map(|_| budget.spent()).map_err(|_| budget.is_spent())
    };

    let (once, twice) =
        (spent("%all.count()").unwrap(), spent("%all.count() + %all.count()").unwrap());

    assert!(once >= 1_000 && twice >= 2 * once, "{once} {twice}");
    assert_eq!(spent("(%all | %all).count()"), Err(true), "each is held against each");
}

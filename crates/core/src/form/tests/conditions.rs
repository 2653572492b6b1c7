//! `enableWhen`: every operator, joined both ways, over repetitions, in circles.

use super::*;

fn condition(operator: &str, answer: Value) -> Value {
    let mut condition = answer;
    condition["question"] = "n".into();
    condition["operator"] = operator.into();
    condition
}

fn asks(operator: &str, limit: Value, given: Option<Answer>) -> bool {
    let form = form_of(json!([
        { "linkId": "n", "type": "integer" },
        { "linkId": "then", "type": "string", "enableWhen": [condition(operator, limit)] },
    ]));
    let mut draft = Draft::empty(&form);
    draft.put(&Path::top("n"), given.into_iter().collect());
    is_asked(&form, &draft, "then")
}

#[test]
fn every_operator_holds_for_the_numbers_it_should() {
    let five = || json!({ "answerInteger": 5 });
    let cases = [
        ("=", [false, true, false]),
        ("!=", [true, false, true]),
        (">", [false, false, true]),
        ("<", [true, false, false]),
        (">=", [false, true, true]),
        ("<=", [true, true, false]),
    ];
    for (operator, expected) in cases {
        let found = [4, 5, 6].map(|n| asks(operator, five(), Some(Answer::Integer(n))));

        assert_eq!(found, expected, "{operator}");
    }
}

#[test]
fn without_an_answer_only_unequal_and_not_there_hold() {
    let five = || json!({ "answerInteger": 5 });

    let found = ["=", "!=", ">", "<", ">=", "<="].map(|operator| asks(operator, five(), None));

    assert_eq!(found, [false, true, false, false, false, false]);
    assert!(!asks("exists", json!({ "answerBoolean": true }), None));
    assert!(asks("exists", json!({ "answerBoolean": false }), None));
    assert!(asks("exists", json!({ "answerBoolean": true }), Some(Answer::Integer(1))));
}

#[test]
fn conditions_are_joined_as_the_form_says() {
    let when = |link: &str| json!({ "question": link, "operator": "=", "answerBoolean": true });
    let form = form_of(json!([
        { "linkId": "a", "type": "boolean" },
        { "linkId": "b", "type": "boolean" },
        { "linkId": "all", "type": "string", "enableBehavior": "all", "enableWhen": [when("a"), when("b")] },
        { "linkId": "any", "type": "string", "enableBehavior": "any", "enableWhen": [when("a"), when("b")] },
    ]));
    let one = answered(&form, &[("a", Answer::Flag(true)), ("b", Answer::Flag(false))]);
    let both = answered(&form, &[("a", Answer::Flag(true)), ("b", Answer::Flag(true))]);

    assert!(!is_asked(&form, &one, "all") && is_asked(&form, &one, "any"));
    assert!(is_asked(&form, &both, "all") && is_asked(&form, &both, "any"));
}

#[test]
fn each_repetition_of_a_group_answers_for_itself() {
    let form = form_of(json!([{ "linkId": "child", "type": "group", "repeats": true, "item": [
        { "linkId": "school", "type": "boolean" },
        { "linkId": "which", "type": "string", "enableWhen": [{ "question": "school", "operator": "=", "answerBoolean": true }] },
    ] }]));
    let mut draft = Draft::empty(&form);
    let inside = |link: &str, index: usize| Path {
        around: vec![Spot { link: "child".into(), index }],
        link: link.into(),
    };
    draft.put(&inside("school", 0), vec![Answer::Flag(true)]);
    draft.put(&inside("school", 1), vec![Answer::Flag(false)]);

    let look = Look::new(&form, &draft, moment());

    assert!(look.is_enabled(&inside("which", 0)));
    assert!(!look.is_enabled(&inside("which", 1)));
}

#[test]
fn a_question_in_an_answer_is_asked_once_there_is_that_answer() {
    let form = form_of(json!([{ "linkId": "pets", "type": "boolean", "item": [
        { "linkId": "how-many", "type": "integer", "enableWhen": [{ "question": "pets", "operator": "=", "answerBoolean": true }] },
        { "linkId": "why", "type": "string" },
    ] }]));

    let nothing = Draft::empty(&form);
    let yes = answered(&form, &[("pets", Answer::Flag(true))]);
    let no = answered(&form, &[("pets", Answer::Flag(false))]);

    assert!(!is_asked(&form, &nothing, "why") && !is_asked(&form, &nothing, "how-many"));
    assert!(is_asked(&form, &yes, "why") && is_asked(&form, &yes, "how-many"));
    assert!(is_asked(&form, &no, "why") && !is_asked(&form, &no, "how-many"));
}

#[test]
fn an_answer_that_is_not_asked_any_more_is_kept_is_not_sent_and_does_not_count() {
    let when =
        |link: &str| json!([{ "question": link, "operator": "exists", "answerBoolean": true }]);
    let form = form_of(json!([
        { "linkId": "a", "type": "boolean" },
        { "linkId": "b", "type": "string", "enableWhen": when("a") },
        { "linkId": "c", "type": "string", "enableWhen": when("b") },
    ]));
    let mut draft =
        answered(&form, &[("a", Answer::Flag(true)), ("b", text("x")), ("c", text("y"))]);

    draft.put(&Path::top("a"), Vec::new());

    assert_eq!(draft.answers(&Path::top("b")).count(), 1);
    assert!(!is_asked(&form, &draft, "b") && !is_asked(&form, &draft, "c"));
    assert_eq!(sent(&form, &draft).get("item"), None);
}

#[test]
fn conditions_that_go_in_a_circle_end() {
    let when =
        |link: &str| json!([{ "question": link, "operator": "exists", "answerBoolean": true }]);
    let form = form_of(json!([
        { "linkId": "a", "type": "string", "enableWhen": when("b") },
        { "linkId": "b", "type": "string", "enableWhen": when("a") },
        { "linkId": "c", "type": "string" },
    ]));
    let draft = answered(&form, &[("a", text("x")), ("b", text("y"))]);

    assert!(!is_asked(&form, &draft, "a"));
    assert!(is_asked(&form, &draft, "c"));
}

#[test]
fn a_condition_may_be_an_expression() {
    let url = "sdc-questionnaire-enableWhenExpression";
    let form = form_of(json!([
        { "linkId": "n", "type": "integer" },
        { "linkId": "then", "type": "string", "extension": [fhirpath(url, "%resource.item.where(linkId = 'n').answer.value > 3")] },
    ]));

    let few = answered(&form, &[("n", Answer::Integer(3))]);
    let many = answered(&form, &[("n", Answer::Integer(4))]);

    assert!(!is_asked(&form, &few, "then"));
    assert!(is_asked(&form, &many, "then"));
}

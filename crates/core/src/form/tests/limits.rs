//! What makes an answer wrong, and what makes a form unfit to be shown.

use super::*;
use handrail_contract::form::Given;

fn faults(item: Value, answers: Vec<Answer>) -> Vec<Fault> {
    let form = form_of(json!([item]));
    let link = form.items[0].link.clone();
    let mut draft = Draft::empty(&form);
    draft.put(&Path::top(&link), answers);
    let look = Look::new(&form, &draft, moment());
    check_question(&look, &form.items[0], &Path::top(&link))
}

fn item(kind: &str, extensions: Value) -> Value {
    json!({ "linkId": "q", "type": kind, "extension": extensions })
}

#[test]
fn every_limit_of_the_form_is_held() {
    let low = || item("integer", json!([extension("minValue", json!({ "valueInteger": 1 }))]));
    let high = || item("decimal", json!([extension("maxValue", json!({ "valueDecimal": 2.5 }))]));
    let places =
        || item("decimal", json!([extension("maxDecimalPlaces", json!({ "valueInteger": 1 }))]));
    let shape =
        || item("string", json!([extension("regex", json!({ "valueString": "[0-9]{5}" }))]));
    let short = || item("string", json!([extension("minLength", json!({ "valueInteger": 3 }))]));
    let long = || json!({ "linkId": "q", "type": "text", "maxLength": 3 });
    let early =
        || item("date", json!([extension("minValue", json!({ "valueDate": "2020-01-01" }))]));
    let cases = [
        (low(), Answer::Integer(0), Some(Fault::TooLow { least: Answer::Integer(1) })),
        (low(), Answer::Integer(1), None),
        (high(), Answer::Decimal(2.6), Some(Fault::TooHigh { most: Answer::Decimal(2.5) })),
        (high(), Answer::Decimal(2.5), None),
        (places(), Answer::Decimal(2.25), Some(Fault::TooManyPlaces { most: 1 })),
        (places(), Answer::Decimal(2.5), None),
        (shape(), text("1234"), Some(Fault::NotInShape)),
        (shape(), text("123456"), Some(Fault::NotInShape)),
        (shape(), text("12345"), None),
        (short(), text("ab"), Some(Fault::TooShort { least: 3 })),
        (long(), text("abcd"), Some(Fault::TooLong { most: 3 })),
        (long(), text("éàü"), None),
        (
            early(),
            Answer::Date("2019-12-31".into()),
            Some(Fault::TooLow { least: Answer::Date("2020-01-01".into()) }),
        ),
    ];
    for (item, answer, expected) in cases {
        let found = faults(item, vec![answer.clone()]);

        assert_eq!(found, Vec::from_iter(expected), "{answer:?}");
    }
}

#[test]
fn how_many_answers_there_are_is_held_too() {
    let several = json!({ "linkId": "q", "type": "string", "repeats": true, "extension": [
        extension("questionnaire-minOccurs", json!({ "valueInteger": 2 })),
        extension("questionnaire-maxOccurs", json!({ "valueInteger": 3 })),
    ] });
    let of = |count: usize| vec![text("x"); count];

    assert_eq!(faults(several.clone(), of(0)), [Fault::Required]);
    assert_eq!(faults(several.clone(), of(1)), [Fault::TooFew { least: 2 }]);
    assert_eq!(faults(several.clone(), of(3)), []);
    assert_eq!(faults(several, of(4)), [Fault::TooMany { most: 3 }]);
    assert_eq!(faults(item("string", json!([])), of(2)), [Fault::TooMany { most: 1 }]);
}

#[test]
fn an_answer_that_goes_alone_does_not_go_with_another() {
    let alone = extension("questionnaire-optionExclusive", json!({ "valueBoolean": true }));
    let choice = json!({ "linkId": "q", "type": "choice", "repeats": true, "answerOption": [
        { "valueCoding": { "code": "food" } }, { "valueCoding": { "code": "none" }, "extension": [alone] },
    ] });
    let code = |code: &str| Answer::Coded(json!({ "code": code }));

    assert_eq!(faults(choice.clone(), vec![code("food"), code("none")]), [Fault::GoesAlone]);
    assert_eq!(faults(choice.clone(), vec![code("none")]), []);
    assert_eq!(faults(choice, vec![code("rent")]), [Fault::NotAnOption]);
}

#[test]
fn a_rule_of_the_senders_own_is_told_in_their_words() {
    let part = |name: &str, value: &str| json!({ "url": name, "valueString": value });
    let rule = json!({ "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-constraint", "extension": [
        part("key", "c1"), { "url": "severity", "valueCode": "error" },
        part("expression", "answer.value > 10"), part("human", "More than ten, please."),
    ] });

    let broken = faults(item("integer", json!([rule])), vec![Answer::Integer(3)]);
    let kept = faults(item("integer", json!([rule])), vec![Answer::Integer(11)]);

    assert_eq!(broken, [Fault::Rule { human: "More than ten, please.".to_owned() }]);
    assert_eq!(kept, []);
}

fn refusal(form: Value) -> Option<Unshowable> {
    read_form(&form, "en").err()
}

#[test]
fn a_mark_that_may_change_the_meaning_keeps_a_form_from_being_shown() {
    let mark = json!([{ "url": "https://elm.example/not", "valueBoolean": true }]);
    let top = {
        let mut form = questionnaire(json!([{ "linkId": "a", "type": "string" }]));
        form["modifierExtension"] = mark.clone();
        form
    };
    let inside = questionnaire(json!([{ "linkId": "a", "type": "choice", "answerOption": [
        { "valueString": "x", "modifierExtension": mark },
    ] }]));

    assert_eq!(refusal(top), Some(Unshowable::UnknownModifier));
    assert_eq!(refusal(inside), Some(Unshowable::UnknownModifier));
}

#[test]
fn what_must_be_answered_and_cannot_be_asked_keeps_a_form_from_being_shown() {
    let kinds = [
        json!({ "linkId": "a", "type": "attachment", "required": true }),
        json!({ "linkId": "a", "type": "reference", "required": true }),
        json!({ "linkId": "a", "type": "telepathy", "required": true }),
        json!({ "linkId": "a", "type": "choice", "required": true, "answerValueSet": "http://elm.example/set" }),
    ];
    for item in kinds {
        let form = questionnaire(json!([item]));

        assert_eq!(refusal(form), Some(Unshowable::CannotAsk { link: "a".to_owned() }), "{item}");
    }
}

#[test]
fn a_form_that_cannot_be_told_apart_is_empty_or_has_no_end_is_refused() {
    let twice = json!([{ "linkId": "a", "type": "string" }, { "linkId": "a", "type": "string" }]);
    let unnamed = json!([{ "type": "string" }]);
    let texts = json!([{ "linkId": "a", "type": "display", "text": "Hello" }]);
    let many: Vec<Value> =
        (0..501).map(|n| json!({ "linkId": n.to_string(), "type": "string" })).collect();
    let unknown = json!([{ "linkId": "a", "type": "string", "enableWhen": [{ "question": "b", "operator": "exists", "answerBoolean": true }] }]);

    assert_eq!(refusal(questionnaire(twice)), Some(Unshowable::Malformed));
    assert_eq!(refusal(questionnaire(unnamed)), Some(Unshowable::Malformed));
    assert_eq!(refusal(questionnaire(texts)), Some(Unshowable::Empty));
    assert_eq!(refusal(questionnaire(many.into())), Some(Unshowable::TooLarge));
    assert!(matches!(refusal(questionnaire(unknown)), Some(Unshowable::UnknownCondition { .. })));
}

#[test]
fn what_is_written_is_read_as_what_the_question_takes() {
    let unit = |code: &str| {
        extension(
            "questionnaire-unitOption",
            json!({ "valueCoding": { "code": code, "system": "http://unitsofmeasure.org" } }),
        )
    };
    let new_york = TimeZone::fixed(jiff::tz::offset(-4));
    let read = |kind: &str, given: Given| {
        let mut raw = item(kind, json!([unit("kg"), unit("g")]));
        raw["answerOption"] = json!([{ "valueString": "Often" }]);
        let form = form_of(json!([raw]));
        read_given(&form.items[0], &given, &new_york)
    };
    let words = |text: &str| Given::Text(text.to_owned());

    assert_eq!(read("integer", words(" 3 ")), Ok(Some(Answer::Integer(3))));
    assert_eq!(read("integer", words("3.5")), Err(Fault::NotAWholeNumber));
    assert_eq!(read("decimal", words("3,5")), Ok(Some(Answer::Decimal(3.5))));
    assert_eq!(read("decimal", words("1e999")), Err(Fault::NotANumber));
    assert_eq!(read("date", words("2026-05-06")), Ok(Some(Answer::Date("2026-05-06".into()))));
    assert_eq!(read("date", words("2026-02-30")), Err(Fault::NotADate));
    assert_eq!(read("time", words("09:05")), Ok(Some(Answer::Time("09:05:00".into()))));
    assert_eq!(
        read("dateTime", words("2026-05-06T09:05")),
        Ok(Some(Answer::DateTime("2026-05-06T09:05:00-04:00".into())))
    );
    assert_eq!(read("choice", Given::Option(0)), Ok(Some(text("Often"))));
    assert_eq!(read("choice", Given::Option(1)), Err(Fault::NotAnOption));
    assert_eq!(read("open-choice", words("Now and then")), Ok(Some(text("Now and then"))));
    assert_eq!(read("string", words(" \u{200B}")), Ok(None));
    assert_eq!(read("quantity", words("3")), Err(Fault::NoUnit));
    let weight =
        json!({ "value": 3, "unit": "g", "code": "g", "system": "http://unitsofmeasure.org" });
    assert_eq!(
        read("quantity", Given::Amount { text: "3".into(), unit: Some(1) }),
        Ok(Some(Answer::Quantity(weight)))
    );
}

#[test]
fn what_the_person_is_not_asked_is_not_held_against_them() {
    let hidden = extension("questionnaire-hidden", json!({ "valueBoolean": true }));
    let form = form_of(json!([
        { "linkId": "a", "type": "string" },
        { "linkId": "b", "type": "string", "required": true, "extension": [hidden] },
        { "linkId": "c", "type": "string", "required": true, "readOnly": true },
    ]));
    let draft = Draft::empty(&form);

    assert_eq!(check_form(&Look::new(&form, &draft, moment())), []);
}

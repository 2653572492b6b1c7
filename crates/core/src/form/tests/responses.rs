//! What is sent, and what comes back.

use super::*;

fn family() -> Form {
    form_of(json!([
        { "linkId": "intro", "type": "display", "text": "About you" },
        { "linkId": "needs", "type": "choice", "repeats": true, "text": "Needs?", "answerOption": [
            { "valueCoding": { "code": "1", "system": "http://example.org" } },
            { "valueCoding": { "code": "2", "system": "http://example.org" } },
        ], "item": [{ "linkId": "since", "type": "date", "text": "Since?" }] },
        { "linkId": "child", "type": "group", "repeats": true, "text": "A child", "item": [
            { "linkId": "name", "type": "string", "text": "Name?" },
        ] },
    ]))
}

fn family_draft() -> Draft {
    let mut draft = Draft::empty(&family());
    let needs = Path::top("needs");
    draft.put(&needs, vec![coded("1"), coded("2")]);
    let since = Path { around: needs.spot(1), link: "since".into() };
    draft.put(&since, vec![Answer::Date("2026-01-02".into())]);
    for (index, name) in ["Ana", "Luz"].into_iter().enumerate() {
        let path = Path { around: Path::top("child").spot(index), link: "name".into() };
        draft.put(&path, vec![text(name)]);
    }
    draft
}

#[test]
fn a_repeating_question_is_one_item_and_a_repeating_group_is_several() {
    let response = sent(&family(), &family_draft());

    let expected = json!([
        { "linkId": "needs", "text": "Needs?", "answer": [
            { "valueCoding": { "code": "1", "system": "http://example.org" } },
            { "valueCoding": { "code": "2", "system": "http://example.org" }, "item": [
                { "linkId": "since", "text": "Since?", "answer": [{ "valueDate": "2026-01-02" }] },
            ] },
        ] },
        { "linkId": "child", "text": "A child", "item": [{ "linkId": "name", "text": "Name?", "answer": [{ "valueString": "Ana" }] }] },
        { "linkId": "child", "text": "A child", "item": [{ "linkId": "name", "text": "Name?", "answer": [{ "valueString": "Luz" }] }] },
    ]);
    assert_eq!(response["item"], expected);
}

#[test]
fn a_response_says_which_form_whose_and_when() {
    let form = family();
    let draft = family_draft();
    let look = Look::new(&form, &draft, moment());

    let begun =
        build_response(&look, &Sender { patient: "Patient/rosa", is_complete: false }, moment().at);

    let person = json!({ "reference": "Patient/rosa" });
    assert_eq!(begun["questionnaire"], "https://elm.example/Questionnaire/q|2");
    assert_eq!(begun["status"], "in-progress");
    assert_eq!(
        (&begun["subject"], &begun["author"], &begun["source"]),
        (&person, &person, &person)
    );
    assert_eq!(begun["authored"], "2026-05-06T10:45:00Z");
    assert_eq!(sent(&form, &draft)["status"], "completed");
}

#[test]
fn a_response_read_back_is_the_same_draft() {
    let response = sent(&family(), &family_draft());

    let back = read_response(&family(), &response);

    assert_eq!(back, Ok(family_draft()));
}

#[test]
fn a_response_that_would_lose_something_is_not_gone_on_with() {
    let form = family();
    let of = |items: Value| json!({ "questionnaire": form.canonical, "item": items });
    let another = json!({ "questionnaire": "https://elm.example/Questionnaire/p" });
    let unknown = of(json!([{ "linkId": "gone", "answer": [{ "valueString": "x" }] }]));
    let wrong = of(json!([{ "linkId": "needs", "answer": [{ "valueBoolean": true }] }]));

    assert_eq!(read_response(&form, &another), Err(NotThisForm::AnotherForm));
    assert_eq!(read_response(&form, &unknown), Err(NotThisForm::NoPlace));
    assert_eq!(read_response(&form, &wrong), Err(NotThisForm::NoPlace));
}

#[test]
fn a_draft_outlives_the_process_and_one_of_another_version_is_refused() {
    let written = serde_json::to_value(family_draft()).unwrap();
    let mut newer = written.clone();
    newer["version"] = json!(2);

    assert_eq!(serde_json::from_value::<Draft>(written).unwrap(), family_draft());
    assert!(serde_json::from_value::<Draft>(newer).is_err());
}

#[test]
fn a_groups_repetition_can_be_added_and_taken_away() {
    let form = family();
    let mut draft = family_draft();
    let child = Path::top("child");

    draft.add_group(&child);
    let added = draft.at(&child).len();
    draft.remove_group(&child, 0);

    assert_eq!(added, 3);
    assert_eq!(sent(&form, &draft)["item"][1]["item"][0]["answer"][0]["valueString"], "Luz");
}

#[test]
fn steps_are_one_a_question_and_one_a_repetition() {
    assert_eq!(steps_of(&family(), &family_draft()), ["needs", "since", "since", "name", "name"]);
    assert_eq!(steps_of(&family(), &Draft::empty(&family())), ["needs", "name"]);
}

#[test]
fn texts_are_in_the_persons_language_where_they_were_translated() {
    let translation = json!({ "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
        { "url": "lang", "valueCode": "es" }, { "url": "content", "valueString": "¿Comida?" },
    ] }] });
    let form = questionnaire(
        json!([{ "linkId": "a", "type": "string", "text": "Food?", "_text": translation }]),
    );

    let texts = ["en", "es-MX", "fr"]
        .map(|lang| read_form(&form, lang).unwrap().items[0].text.clone().unwrap());

    assert_eq!(texts, ["Food?", "¿Comida?", "Food?"]);
}

#[test]
fn the_options_of_a_value_set_that_came_along_can_be_picked() {
    let mut form = questionnaire(
        json!([{ "linkId": "a", "type": "choice", "required": true, "answerValueSet": "#often" }]),
    );
    form["contained"] = json!([{ "resourceType": "ValueSet", "id": "often", "compose": { "include": [
        { "system": "http://loinc.org", "concept": [
            { "code": "LA1", "display": "Often", "designation": [{ "language": "es", "value": "A menudo" }] },
        ] },
    ] } }]);

    let read = read_form(&form, "es").unwrap();

    let choice = &read.items[0].choices[0];
    assert_eq!(choice.text, "A menudo");
    assert_eq!(
        choice.answer,
        Answer::Coded(json!({ "code": "LA1", "display": "Often", "system": "http://loinc.org" }))
    );
}

#[test]
fn a_value_set_of_which_only_a_part_came_along_offers_nothing() {
    let mut form =
        questionnaire(json!([{ "linkId": "a", "type": "choice", "answerValueSet": "#often" }]));
    form["contained"] = json!([{ "resourceType": "ValueSet", "id": "often", "compose": { "include": [
        { "system": "http://loinc.org", "concept": [{ "code": "LA1" }] }, { "system": "http://snomed.info/sct" },
    ] } }]);

    let read = read_form(&form, "en").unwrap();

    assert!(read.items[0].choices.is_empty() && read.items[0].choices_away);
}

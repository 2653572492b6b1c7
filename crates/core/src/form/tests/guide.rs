//! The test forms of Structured Data Capture, and the guide's Hunger Vital Sign.

use super::*;

const WORRIED: &str = "/88122-7";
const RAN_OUT: &str = "/88123-5";
const RISK: &str = "/88124-3";

fn pick(form: &Form, link: &str, code: &str) -> (String, Answer) {
    let item = form.find(link).unwrap();
    let choice = item.choices.iter().find(|it| it.answer.words() == Some(code)).unwrap();
    (link.to_owned(), choice.answer.clone())
}

fn risk_after(answers: &[(&str, &str)]) -> Option<String> {
    let form = hunger();
    let mut draft = start_draft(&form, moment());
    for (link, code) in answers {
        let (link, answer) = pick(&form, link, code);
        draft.put(&Path::top(&link), vec![answer]);
    }
    let worked = calculate(&form, &draft, moment());
    assert!(worked.failed.is_empty(), "{:?}", worked.failed);
    let mut found = worked.draft.answers(&Path::top(RISK));
    found.next().and_then(|answer| answer.words().map(str::to_owned))
}

#[test]
fn the_hunger_vital_sign_works_its_third_answer_out() {
    let often = "LA28397-0";
    let never = "LA28398-8";

    assert_eq!(risk_after(&[]), None);
    assert_eq!(risk_after(&[(WORRIED, often)]).as_deref(), Some("LA19952-3"));
    assert_eq!(risk_after(&[(WORRIED, never), (RAN_OUT, often)]).as_deref(), Some("LA19952-3"));
    assert_eq!(risk_after(&[(WORRIED, never), (RAN_OUT, never)]).as_deref(), Some("LA19983-8"));
}

#[test]
fn the_hunger_vital_sign_asks_two_questions_and_sends_three_answers() {
    let form = hunger();
    let mut draft = start_draft(&form, moment());
    for link in [WORRIED, RAN_OUT] {
        let (link, answer) = pick(&form, link, "LA28397-0");
        draft.put(&Path::top(&link), vec![answer]);
    }

    let worked = calculate(&form, &draft, moment()).draft;
    let response = sent(&form, &worked);

    assert_eq!(steps_of(&form, &draft), [WORRIED, RAN_OUT]);
    let example =
        vector_of_guide("QuestionnaireResponse-SDOHCC-QuestionnaireResponseHungerVitalSignExample");
    assert_eq!(response["item"], example["item"]);
    assert_eq!(response["questionnaire"], example["questionnaire"]);
}

fn vector_of_guide(name: &str) -> Value {
    vector(&format!("guide/{name}"))
}

#[test]
fn a_body_mass_index_is_worked_out_to_one_place() {
    let form = sdc("profile-example-weight-height-tracking-panel");
    let draft =
        answered(&form, &[("/29463-7", Answer::Decimal(80.0)), ("/8302-2", Answer::Decimal(70.0))]);

    let worked = calculate(&form, &draft, moment());

    assert!(worked.failed.is_empty(), "{:?}", worked.failed);
    let found: Vec<&Answer> = worked.draft.answers(&Path::top("/39156-5")).collect();
    assert_eq!(found, [&Answer::Decimal(25.3)]);
}

#[test]
fn every_kind_of_question_is_a_step_and_those_we_cannot_ask_say_so() {
    let form = sdc("test-all-data-types");
    let draft = start_draft(&form, moment());

    let look = Look::new(&form, &draft, moment());
    let steps = list_steps(&look, &BTreeSet::new());

    let elsewhere: Vec<Kind> = steps
        .steps
        .iter()
        .filter(|step| step.stand == Stand::Elsewhere)
        .map(|step| step.item.kind)
        .collect();
    assert_eq!(steps.steps.len(), 13);
    assert_eq!(elsewhere, [Kind::Attachment, Kind::Choice, Kind::Choice, Kind::Choice]);
    assert_eq!(steps.steps[1].said.len(), 2);
}

#[test]
fn initial_values_are_there_from_the_start_and_are_sent() {
    let form = sdc("test-initialvalue");

    let draft = start_draft(&form, moment());

    let response = sent(&form, &draft);
    let answers: Vec<&Value> = response["item"][0]["item"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["answer"][0])
        .collect();
    assert_eq!(answers[0]["valueCoding"]["code"], "Y");
    assert_eq!(answers[1]["valueString"], "YUP");
    assert_eq!(answers.len(), 2);
}

#[test]
fn required_questions_are_named_one_by_one() {
    let mut whole = vector("forms/Questionnaire-questionnaire-sdc-test-required-radios");
    let radio = &mut whole["item"][0]["item"][1];
    radio["answerValueSet"] = Value::Null;
    radio["answerOption"] = json!([{ "valueCoding": { "code": "Y" } }]);
    let form = read_form(&whole, "en").unwrap();
    let draft = start_draft(&form, moment());

    let faults = check_form(&Look::new(&form, &draft, moment()));

    let links: Vec<&str> = faults.iter().map(|(path, _)| &*path.link).collect();
    assert_eq!(links, ["textq", "radio", "radio2", "radio3"]);
    assert!(faults.iter().all(|(_, fault)| *fault == Fault::Required));
}

#[test]
fn a_required_question_whose_options_did_not_come_along_keeps_the_form_from_being_shown() {
    let whole = vector("forms/Questionnaire-questionnaire-sdc-test-required-radios");

    let refused = read_form(&whole, "en").err();

    assert_eq!(refused, Some(Unshowable::CannotAsk { link: "radio".to_owned() }));
}

#[test]
fn the_conditions_of_the_test_form_hold() {
    let form = sdc("test-enableWhen");
    let cases: [(&str, Answer, &str, bool); 14] = [
        ("s1-radio", coded("2"), "65578509-21ae-4a48-94de-e46be454f8k1", true),
        ("s1-radio", coded("3"), "65578509-21ae-4a48-94de-e46be454f8k1", false),
        (
            "5e1209b7-c9e0-4bf4-b228-fr096s903m25",
            coded("7"),
            "65578509-21ae-4a48-3f56-aswtysn1238",
            false,
        ),
        (
            "5e1209b7-c9e0-4bf4-b228-fr096s903m25",
            coded("8"),
            "65578509-21ae-4a48-3f56-aswtysn1238",
            true,
        ),
        ("s3-radio", coded("1.1"), "945b97b5-6d74-4a55-9be1-19897512jj89", true),
        ("s3-radio", coded("2.2"), "945b97b5-6d74-4a55-9be1-19897512jj89", false),
        ("s3-radio", coded("2.2"), "04fabc33-534a-4047-9a13-c13b0b63fa17", true),
        ("s4-radio", coded("2"), "945b97b5-6d74-4a55-9be1-1989751233ew", true),
        ("s4-radio", coded("3"), "04fabc33-534a-4047-9a13-c13b0b63gh76", false),
        (
            "date_of_birth_question",
            Answer::Date("2001-02-03".into()),
            "date_greater_2000-01-01",
            true,
        ),
        (
            "date_of_birth_question",
            Answer::Date("2000-01-01".into()),
            "date_greater_2000-01-01",
            false,
        ),
        ("date_of_birth_question", Answer::Date("2000-01-01".into()), "date_less_2000-01-01", true),
        (
            "datetime_question",
            Answer::Time("12:00:00".into()),
            "datetime_question_greter_than",
            true,
        ),
        (
            "datetime_question",
            Answer::Time("11:11:11".into()),
            "datetime_question_less_than_equal",
            true,
        ),
    ];
    for (question, answer, target, expected) in cases {
        let draft = answered(&form, &[(question, answer.clone())]);

        assert_eq!(is_asked(&form, &draft, target), expected, "{question} {answer:?} {target}");
    }
}

#[test]
fn of_several_picks_one_is_enough_to_ask_on() {
    let form = sdc("test-enableWhen");
    let mut draft = Draft::empty(&form);

    draft.put(&path(&form, "BC029"), vec![coded("1"), coded("9")]);
    let with_other = is_asked(&form, &draft, "BOWOPTOTH");
    draft.put(&path(&form, "BC029"), vec![coded("1")]);
    let without = is_asked(&form, &draft, "BOWOPTOTH");

    assert!(with_other && !without);
}

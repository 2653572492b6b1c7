//! Answering questions: what is kept on the phone is what is sent, once, and is there until it is.

use handrail_contract::{
    act::{ActKind, ActState},
    form::{FormPage, FormQuestion, FormReview, FormStep, Given, SaveAnswer, ShowForm, Spot},
    todo::TodoState,
};
use handrail_engine::{Answer as _, Which};
use handrail_sandbox::{At, Fault, PlaceKind, Rule};
use serde_json::json;

use crate::acting::{Connected, connect};

const TASK: &str = "getting-around";

async fn show(here: &Connected, at: Option<Spot>) -> FormPage {
    let question = ShowForm { todo: here.id(TASK), at, lang: "en".to_owned() };
    here.phone.engine.answer(question).await.unwrap()
}

async fn save(here: &Connected, at: &Spot, given: &[Given]) -> FormPage {
    let (todo, at, given) = (here.id(TASK), at.clone(), given.to_vec());
    here.phone.engine.answer(SaveAnswer { todo, at, given, lang: "en".to_owned() }).await.unwrap()
}

fn question(page: FormPage) -> FormQuestion {
    match page.step {
        FormStep::Question(question) => *question,
        other => panic!("{other:?}"),
    }
}

fn review(page: FormPage) -> FormReview {
    match page.step {
        FormStep::Review(review) => review,
        other => panic!("{other:?}"),
    }
}

/// The first question. Rosa began the others with another app.
async fn show_first(here: &Connected) -> FormQuestion {
    let first = Spot(r#"{"around":[],"link":"car"}"#.to_owned());
    question(show(here, Some(first)).await)
}

/// Answers the first three questions and leaves the rest.
async fn answer_some(here: &Connected) {
    let car = show_first(here).await;
    let why = question(save(here, &car.at, &[Given::Flag(false)]).await);
    let ways = question(save(here, &why.at, &[Given::Text("It broke down.".to_owned())]).await);
    save(here, &ways.at, &[Given::Option(1), Given::Option(3)]).await;
}

fn sent_items(here: &Connected) -> serde_json::Value {
    let output = here.task(TASK)["output"][0]["valueReference"]["reference"].clone();
    let (kind, id) = output.as_str().unwrap().split_once('/').unwrap().to_owned();
    here.control().read_resource(kind, id).unwrap()["item"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_kept_on_the_phone_are_sent_and_then_they_are_no_draft_any_more() {
    let here = connect(PlaceKind::Provider).await;
    answer_some(&here).await;

    let before = here.phone.count_drafts(TASK);
    let acted = here.act(TASK, ActKind::Finish).await;

    assert_eq!(acted.state, ActState::Sent, "{acted:?}");
    let items = sent_items(&here);
    assert_eq!(
        items[0],
        json!({ "linkId": "car", "text": "Can you use a car most days?", "answer": [{ "valueBoolean": false }] })
    );
    assert_eq!(items[1]["answer"][0]["valueString"], "It broke down.");
    assert_eq!(items[2]["answer"].as_array().unwrap().len(), 2);
    assert_eq!(here.count_own_responses(), 1);
    assert_eq!(here.page(TASK).await.row.state, TodoState::Done);
    assert_eq!((before, here.phone.count_drafts(TASK)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_pressed_twice_while_the_place_is_away_arrive_once() {
    let mut here = connect(PlaceKind::Provider).await;
    answer_some(&here).await;
    here.control().add_fault(Rule::always(At::Fhir, Fault::HangUp));

    let waiting = here.act(TASK, ActKind::Finish).await;
    let again = here.act(TASK, ActKind::Finish).await;
    here.phone = here.phone.restart();
    let kept = (here.phone.outbox().len(), here.phone.count_drafts(TASK));
    here.control().clear_faults();
    here.phone.make_outbox_due();
    here.phone.engine.check(Which::All).await.unwrap();

    assert_eq!((waiting.state, again.state), (ActState::Waiting, ActState::Waiting));
    assert_eq!(kept, (1, 0));
    assert_eq!(here.count_own_responses(), 1);
    assert_eq!(here.task(TASK)["status"], "completed");
    assert_eq!(sent_items(&here)[1]["answer"][0]["valueString"], "It broke down.");
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_met_a_change_are_still_there_beside_it_and_can_be_sent_again() {
    let here = connect(PlaceKind::Provider).await;
    answer_some(&here).await;
    here.control().change_resource("Task", TASK, |task| {
        task["status"] = "on-hold".into();
        task["statusReason"] = json!({ "text": "We will call you." });
    });

    let acted = here.act(TASK, ActKind::Finish).await;
    let page = here.page(TASK).await;
    let kept = review(show(&here, Some(Spot("review".to_owned()))).await);
    let again = here.act(TASK, ActKind::Finish).await;

    assert_eq!(acted.state, ActState::Conflict, "{acted:?}");
    let labels: Vec<&str> = page.compared.iter().map(|fact| fact.label.key.as_str()).collect();
    assert_eq!(labels, ["compared-yours", "compared-theirs", "compared-their-reason"]);
    assert!(kept.is_complete && kept.rows[2].answers.len() == 2, "{kept:?}");
    assert_eq!(again.state, ActState::Sent, "the person saw it and decided: {again:?}");
    assert_eq!(here.count_own_responses(), 1);
    assert!(here.page(TASK).await.compared.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_must_be_answered_are_answered_before_anything_is_sent() {
    let here = connect(PlaceKind::Provider).await;
    let car = show_first(&here).await;
    let ways = question(save(&here, &car.at, &[Given::Flag(true)]).await);
    save(&here, &ways.at, &[Given::Option(0)]).await;
    save(&here, &car.at, &[]).await;

    let acted = here.act(TASK, ActKind::Finish).await;

    assert_eq!(
        (acted.state, acted.problem.as_deref()),
        (ActState::Refused, Some("answer_missing"))
    );
    assert!(here.control().requests().is_empty());
    let kept = question(show(&here, Some(ways.at)).await);
    assert_eq!(kept.given, [Given::Option(0)]);
}

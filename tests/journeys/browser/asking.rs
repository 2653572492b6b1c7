//! Staff ask a person for more than an answer, and tell when something was done; at one desk, on both screens.

use handrail_sandbox::{Control, PlaceKind};
use serde_json::{Value, json};
use support::{person::Person, requests::offer_form, screen::Screen, wait::until};

use super::desk::{Desk, TITLE};

/// A desk where the request was taken on.
async fn open_desk(prepare: impl FnOnce(&Control)) -> Desk {
    let desk = Desk::open(PlaceKind::Provider, |control| {
        control.change_resource("Task", "pantry-task", |task| task["status"] = json!("accepted"));
        prepare(control);
    })
    .await;
    desk.open_request("/inbox/helping").await;
    desk
}

/// Where staff ask for this kind of thing.
async fn begin_to_ask<'a>(desk: &'a Desk, kind: &str) -> &'a Screen {
    let screen = &desk.helper.screen;
    screen.press("Ask the person").await;
    screen.see("What do you ask for?").await;
    screen.pick(kind).await;
    screen
}

/// What came of it on Rosa's list, opened there.
async fn open_todo<'a>(desk: &'a Desk, title: &str) -> &'a Screen {
    let rosa = &desk.rosa.screen;
    desk.look(rosa).await;
    rosa.go("/todos").await;
    rosa.press(title).await;
    rosa
}

/// What was created for the person.
fn created(desk: &Desk) -> Option<Value> {
    let tasks = desk.control().list_resources("Task");
    tasks.into_iter().find(|it| it["partOf"][0]["reference"] == "Task/pantry-task")
}

/// The day before the day before yesterday, where the browser is.
async fn three_days_ago(screen: &Screen) -> String {
    let day = "const day = new Date(); day.setDate(day.getDate() - 3); return day.toLocaleDateString('sv')";
    screen.run(day, Vec::new()).await.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_asked_to_call_and_their_app_says_whom_and_what_about() {
    let desk = open_desk(|_| ()).await;
    let screen = begin_to_ask(&desk, "To call or write to someone").await;

    screen.press("Pick who they can call first").await;
    screen.pick("Weekly food boxes").await;
    screen.press("Write a few words first").await;
    assert!(created(&desk).is_none(), "nothing was sent before it was whole");
    screen.type_into("question", "Choose a day for your first box.").await;
    screen.press("Send it to their to-dos").await;
    screen.see("You asked them to get in touch").await;

    let rosa = open_todo(&desk, "Choose who to contact").await;
    rosa.see("Choose a day for your first box.").await;
    rosa.see("Weekly food boxes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_asked_to_fill_in_a_form_of_the_place_and_staff_see_that_they_did() {
    let desk = open_desk(|control| {
        offer_form(control);
        // The clinic's own wish for the same form is through.
        let close = |task: &mut Value| task["status"] = json!("completed");
        control.change_resource("Task", "getting-around", close);
    })
    .await;
    let screen = begin_to_ask(&desk, "To fill in a form").await;

    screen.press("Pick a form first").await;
    assert!(created(&desk).is_none(), "nothing was sent before it was whole");
    screen.pick("Getting around").await;
    screen.see("Their answers go to Elm Street Family Clinic.").await;
    screen.press("Send it to their to-dos").await;
    screen.see("You asked them to fill in a form").await;

    let rosa = open_todo(&desk, "Answer 6 questions").await;
    rosa.press("Answer the questions").await;
    // The first of them that she had not answered with another app.
    rosa.see("How do you get to visits now?").await;
    rosa.press("Next").await;
    rosa.see("How many visits did you miss").await;
    rosa.type_into("answer-0", "2").await;
    for next in ["Do you use a wheelchair", "a child who needs a car seat", "Check your answers"] {
        rosa.press("Next").await;
        rosa.see(next).await;
    }
    rosa.press("Send to Elm Street Family Clinic").await;
    rosa.see("Done").await;

    desk.look(screen).await;
    desk.open_request("/inbox/helping").await;
    screen.see("They did it").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_does_not_work_is_said_beside_what_was_written_and_mended_there() {
    let desk = open_desk(|_| ()).await;
    let screen = begin_to_ask(&desk, "To look at a web page").await;

    screen.type_into("address", "http://maplefalls.example/fresh").await;
    screen.type_into("question", "How to keep food fresh").await;
    screen.press("Send it to their to-dos").await;
    screen.see("This web address does not work").await;
    assert!(created(&desk).is_none());
    let written = screen.run("return document.getElementById('question').value", Vec::new()).await;
    assert_eq!(written, "How to keep food fresh");
    screen.type_into("address", "maplefalls.example/fresh").await;
    screen.press("Send it to their to-dos").await;
    screen.see("You asked them to look at something").await;

    let rosa = open_todo(&desk, "Read or watch").await;
    let link = "return !!document.querySelector(\"a[href='https://maplefalls.example/fresh']\")";
    rosa.see("How to keep food fresh").await;
    assert_eq!(rosa.run(link, Vec::new()).await, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_three_days_ago_is_recorded_for_that_day() {
    let desk = open_desk(|_| ()).await;
    let screen = &desk.helper.screen;
    screen.press("We are done").await;
    screen.see("When did you do it?").await;

    let day = three_days_ago(screen).await;
    // A date field takes letters in the order of the browser's language; its value is the same in all.
    let set = "const field = document.getElementById('day'); field.value = arguments[0]; \
        field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    screen.run(set, vec![json!(day)]).await;
    screen.pick(TITLE).await;
    screen.press("Send and close").await;
    screen.see("Done").await;

    let procedures = desk.control().list_resources("Procedure");
    let ours =
        procedures.iter().find(|it| it["basedOn"][0]["reference"] == "ServiceRequest/pantry");
    assert_eq!(ours.unwrap()["performedDateTime"], json!(day));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_takes_no_day_says_so_and_asks_for_none() {
    let desk = open_desk(|control| control.withhold(&["Procedure.c"])).await;
    let screen = &desk.helper.screen;

    screen.press("We are done").await;
    screen.see("This place does not take the day you did it.").await;
    let fields = screen.run("return document.querySelectorAll('#day').length", Vec::new()).await;
    screen.pick(TITLE).await;
    screen.press("Send and close").await;
    screen.see("Done").await;

    assert_eq!(fields, 0);
    assert!(desk.task()["output"][0]["valueCodeableConcept"].is_object(), "{}", desk.task());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_sign_in_is_sent_after_it_begun_on_the_requests_own_page() {
    let desk = Desk::open(PlaceKind::Provider, |_| ()).await;
    let screen = desk.open_request("/inbox").await;
    desk.control().expire_access_tokens();
    desk.control().kill_refresh_tokens();

    screen.press("Say yes").await;
    screen.see("Sign in again to send it").await;
    assert_eq!(desk.task()["status"], "requested");
    screen.press("Sign in again to send it").await;
    let page = desk.helper.wait_for_sign_in_page().await;
    Person::named("priya", "handrail").sign_in(&page).await.unwrap();

    until(|| desk.task()["status"] == "accepted").await;
    desk.open_request("/inbox/helping").await;
    screen.see("You said yes").await;
}

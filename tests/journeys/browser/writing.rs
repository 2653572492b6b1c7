//! Answering and acting on the pages: nothing is sent before the person said so, nothing twice, nothing over a change.

use handrail_sandbox::{At, Fault, Rule};
use serde_json::{Value, json};
use support::{preview::Look, screen::Screen};

use super::clinic::AtTheClinic;

impl AtTheClinic {
    async fn open_todo(&self, title: &str) {
        self.preview.screen.go("/todos").await;
        self.preview.screen.see(title).await;
        self.preview.screen.press(title).await;
        self.preview.screen.see("What you send goes to").await;
    }

    fn task(&self, id: &str) -> Value {
        self.control.read_resource("Task", id).unwrap()
    }

    fn own_responses(&self) -> Vec<Value> {
        let all = self.control.list_resources("QuestionnaireResponse");
        all.into_iter().filter(|it| it["identifier"]["value"].is_string()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_one_at_a_time_and_sent_once_though_the_place_was_away() {
    let here = AtTheClinic::open(Look::Light).await;
    let screen = here.screen();
    here.open_todo("Tell us how you get around").await;
    here.picture("todo").await;

    screen.press("Answer the questions").await;
    screen.see("How do you get to visits now?").await; // Rosa answered the others with another app.
    screen.press("Back").await;
    screen.see("What keeps you from using one?").await;
    screen.press("Back").await;
    screen.see("Can you use a car most days?").await;
    here.picture("yes-no").await;
    screen.pick("Yes").await;
    screen.press("Next").await;
    screen.see("How do you get to visits now?").await;
    screen.press("Back").await;
    screen.see("Can you use a car most days?").await;
    screen.pick("No").await;
    screen.press("Next").await;
    screen.see("What keeps you from using one?").await;
    screen.press("Next").await;
    screen.see("How do you get to visits now?").await;
    assert!(screen.focused().await.contains("How do you get to visits now?"));
    screen.pick("By bus").await;
    screen.pick("I often can").await;
    here.picture("several").await;
    screen.press("Next").await;
    screen.see("How many visits did you miss").await;
    screen.type_into("answer-0", "a few").await;
    screen.press("Next").await;
    screen.see("Please write a whole number").await;
    here.picture("error").await;
    let tied = "const it = document.activeElement; return it.ariaInvalid == 'true' \
        && it.getAttribute('aria-describedby').split(' ').every(id => document.getElementById(id))";
    assert_eq!(screen.run(tied, Vec::new()).await, Value::Bool(true));
    screen.type_into("answer-0", "2").await;
    screen.press("Next").await;
    screen.see("Do you use a wheelchair").await;
    screen.pick("No").await;
    screen.press("Next").await;
    screen.see("a child who needs a car seat").await;
    screen.press("Next").await;
    screen.see("Check your answers").await;
    here.picture("review").await;
    assert!(here.own_responses().is_empty(), "only Send sends");
    screen.0.refresh().await.unwrap();
    screen.see("a child who needs a car seat").await; // The first that is open.
    screen.press("Next").await;
    screen.see("Check your answers").await;

    here.control.add_fault(Rule::always(At::Fhir, Fault::HangUp));
    screen.press("Send to Elm Street Family Clinic").await;
    screen.see("Not sent yet").await;
    here.picture("waiting").await;
    assert!(here.own_responses().is_empty());
    here.control.clear_faults();
    screen.press("Try now").await;
    screen.see("Done").await;
    here.picture("sent").await;

    let sent = here.own_responses();
    assert_eq!(sent.len(), 1);
    let links: Vec<&Value> =
        sent[0]["item"].as_array().unwrap().iter().map(|item| &item["linkId"]).collect();
    assert_eq!(links, ["car", "why", "ways", "missed", "aids"]);
    assert_eq!(sent[0]["item"][3]["answer"][0]["valueInteger"], 2);
    assert_eq!(here.task("getting-around")["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_to_do_that_they_changed_meanwhile_shows_both_and_is_done_when_the_person_says_so_again()
{
    let here = AtTheClinic::open(Look::Dark).await;
    let screen = here.screen();
    here.open_todo("Bring your rent papers").await;
    here.picture("papers").await;
    here.control.change_resource("Task", "papers", |task| {
        task["status"] = "on-hold".into();
        task["statusReason"] = json!({ "text": "We found them." });
    });
    here.control.clear_requests();

    screen.press("I did it").await;
    screen.see("Tell them that it is done?").await;
    here.picture("sheet").await;
    assert!(here.control.requests().is_empty(), "nothing is sent before the person said so");
    press_twice(screen).await;
    screen.see("This changed meanwhile").await;
    screen.see("We found them.").await;
    here.picture("changed").await;
    assert_eq!(here.task("papers")["status"], "on-hold");
    screen.press("I did it").await;
    screen.see("Tell them that it is done?").await;
    press_twice(screen).await;
    screen.see("Done").await;

    assert_eq!(here.task("papers")["status"], "completed");
    let requests = here.control.requests();
    assert_eq!(requests.iter().filter(|seen| seen.method == "PUT").count(), 1);
}

/// Presses the main button of the sheet twice before the page can draw anything.
async fn press_twice(screen: &Screen) {
    let script = "const it = document.querySelector('dialog .btn--main'); it.click(); it.click()";
    screen.run(script, Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_person_chose_and_what_they_wrote_is_what_the_place_gets() {
    let here = AtTheClinic::open(Look::Light).await;
    let screen = here.screen();
    here.open_todo("Choose who").await;
    here.picture("contact").await;
    screen.pick("Rides").await;
    screen.press("I did it").await;
    screen.see("Tell them that it is done?").await;
    screen.press("Send").await;
    screen.see("Done").await;
    here.open_todo("Answer a question").await;
    screen.press("Write your answer first").await;
    screen.type_into("answer", "Elm School. Yes, each day.").await;
    here.picture("words").await;
    screen.press("Send").await;
    screen.see("Send this now?").await;
    screen.run("document.querySelector('dialog .btn--main').click()", Vec::new()).await;
    screen.see("Done").await;

    let output = &here.task("school-question")["output"][0];
    assert_eq!(output["valueMarkdown"], "Elm School. Yes, each day.");
    assert_eq!(here.task("rides-contact")["status"], "completed");

    here.open_todo("Bring your rent papers").await;
    screen.press("I do not want to do it").await;
    screen.see("Why don").await;
    screen.type_into("reason", "I have none.").await;
    here.picture("refuse").await;
    screen.run("document.querySelector('dialog .btn--danger').click()", Vec::new()).await;
    screen.see("Stopped").await;
    assert_eq!(here.task("papers")["statusReason"]["text"], "I have none.");
}

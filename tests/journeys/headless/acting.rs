//! Doing something to a to-do: each act, what staff change in between, answers that are lost, and two phones at once.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use handrail_contract::{
    act::{Act, ActKind, ActState, Acted, Given},
    place::Outcome,
    todo::{ShowTodo, TodoPage, TodoState},
    words::ItemId,
};
use handrail_engine::{Answer as _, Which, testing};
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox};
use serde_json::{Value, json};
use support::phone::Phone;

use crate::connecting::only_source;

/// A phone that is connected to one place.
pub struct Connected {
    sandbox: Sandbox,
    pub phone: Phone,
    kind: PlaceKind,
    source: String,
}

pub async fn connect(kind: PlaceKind) -> Connected {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(kind).invitation()).await.unwrap();
    let source = only_source(&phone).await.0;
    sandbox.place(kind).control().clear_requests();
    Connected { sandbox, phone, kind, source }
}

impl Connected {
    pub fn control(&self) -> handrail_sandbox::Control {
        self.sandbox.place(self.kind).control()
    }

    pub fn id(&self, task: &str) -> ItemId {
        ItemId(format!("todo:{}:{task}", self.source))
    }

    fn question(&self, task: &str, act: ActKind) -> Act {
        Act { id: self.id(task), act, reason: None, answer: None }
    }

    pub async fn act(&self, task: &str, act: ActKind) -> Acted {
        self.phone.engine.answer(self.question(task, act)).await.unwrap()
    }

    async fn act_because(&self, task: &str, act: ActKind, reason: &str) -> Acted {
        let question = Act { reason: Some(reason.to_owned()), ..self.question(task, act) };
        self.phone.engine.answer(question).await.unwrap()
    }

    pub async fn finish(&self, task: &str, answer: Given) -> Acted {
        let question = Act { answer: Some(answer), ..self.question(task, ActKind::Finish) };
        self.phone.engine.answer(question).await.unwrap()
    }

    pub async fn page(&self, task: &str) -> TodoPage {
        self.phone.engine.answer(ShowTodo { id: self.id(task) }).await.unwrap()
    }

    pub fn task(&self, task: &str) -> Value {
        self.control().read_resource("Task", task).unwrap()
    }

    /// How often our writes of this kind were taken.
    fn count_writes(&self, method: &str) -> usize {
        let taken = |status: Option<u16>| status.is_none_or(|status| status < 300);
        let requests = self.control().requests();
        requests.iter().filter(|seen| seen.method == method && taken(seen.status)).count()
    }

    pub fn count_own_responses(&self) -> usize {
        let all = self.control().list_resources("QuestionnaireResponse");
        all.iter().filter(|it| it["identifier"]["value"].is_string()).count()
    }

    fn spoil(&self, type_name: &str, after: u32, fault: Fault) {
        let at = At::Type(type_name.to_owned());
        self.control().add_fault(Rule { at, fault, times: Some(1), after });
    }
}

fn version(task: &Value) -> u64 {
    task["meta"]["versionId"].as_str().unwrap().parse().unwrap()
}

/// The members whose values differ.
fn differences(before: &Value, after: &Value) -> BTreeSet<String> {
    let (before, after) = (before.as_object().unwrap(), after.as_object().unwrap());
    let names = before.keys().chain(after.keys());
    names.filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

fn named(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn words(text: &str) -> Given {
    Given::Words(text.to_owned())
}

fn food_answers() -> Given {
    let answer = |link: &str, code: &str| json!({ "linkId": link, "answer": [{ "valueCoding": { "system": "http://loinc.org", "code": code } }] });
    let items = [answer("/88122-7", "LA28397-0"), answer("/88123-5", "LA6729-3")];
    Given::Form(json!({ "resourceType": "QuestionnaireResponse", "item": items }).to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_act_changes_what_the_guide_lets_and_shows_at_once() {
    let here = connect(PlaceKind::Provider).await;
    let before = ["food-questions", "rides-contact", "papers", "getting-around", "school-question"]
        .map(|task| here.task(task));

    let acted = [
        here.act("food-questions", ActKind::Start).await,
        here.act_because("rides-contact", ActKind::Pause, "After the holidays.").await,
        here.act_because("papers", ActKind::Fail, "I lost them.").await,
        here.act_because("getting-around", ActKind::Cancel, "I moved.").await,
        here.finish("school-question", words("Elm School. Yes, each day.")).await,
    ];
    let look = here.phone.engine.check(Which::All).await.unwrap();

    let expected = [
        ("in-progress", TodoState::Started, named(&["meta", "status"])),
        ("on-hold", TodoState::Paused, named(&["meta", "status", "statusReason"])),
        ("failed", TodoState::CouldNot, named(&["meta", "status", "statusReason"])),
        ("cancelled", TodoState::Stopped, named(&["meta", "status", "statusReason"])),
        ("completed", TodoState::Done, named(&["meta", "status", "statusReason", "output"])),
    ];
    for ((acted, before), (status, state, changed)) in acted.iter().zip(&before).zip(expected) {
        let task = before["id"].as_str().unwrap();
        let after = here.task(task);
        assert_eq!(acted.state, ActState::Sent, "{task}: {acted:?}");
        assert_eq!(after["status"], status);
        assert_eq!(differences(before, &after), changed, "{task}");
        assert_eq!(version(&after), version(before) + 1);
        let page = here.page(task).await;
        assert_eq!((page.row.state, page.row.is_new, page.sending), (state, false, None), "{task}");
    }
    assert_eq!(here.task("papers")["statusReason"], json!({ "text": "I lost them." }));
    let output = &here.task("school-question")["output"][0];
    assert_eq!(output["valueMarkdown"], "Elm School. Yes, each day.");
    assert_eq!((look.sources[0].outcome, look.sources[0].changed), (Outcome::Ok, 0), "{look:?}");
    assert!(here.phone.outbox().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_arrive_in_the_form_each_kind_of_to_do_asks_for() {
    let clinic = connect(PlaceKind::Provider).await;
    let platform = connect(PlaceKind::Platform).await;
    let pdf = STANDARD.encode(b"%PDF-1.7 filled");

    let form = clinic.finish("food-questions", food_answers()).await;
    let contact = clinic.finish("rides-contact", words("Rides for Health")).await;
    let paper = platform.finish("rent-form-todo", Given::Pdf(pdf.clone())).await;

    for acted in [&form, &contact, &paper] {
        assert_eq!(acted.state, ActState::Sent, "{acted:?}");
    }
    let created = |here: &Connected, task: &str| {
        let reference = here.task(task)["output"][0]["valueReference"]["reference"].clone();
        let (kind, id) = reference.as_str().unwrap().split_once('/').unwrap();
        here.control().read_resource(kind, id).unwrap()
    };
    let response = created(&clinic, "food-questions");
    assert_eq!(response["status"], "completed");
    assert_eq!(response["item"][0]["linkId"], "/88122-7");
    assert_eq!(response["subject"]["reference"], "Patient/rosa-delgado");
    let document = created(&platform, "rent-form-todo");
    assert_eq!(document["content"][0]["attachment"]["data"], pdf.as_str());
    let chosen = &clinic.task("rides-contact")["output"][0];
    assert_eq!(chosen["type"]["coding"][0]["code"], "chosen-contact");
    assert_eq!(chosen["valueMarkdown"], "Rides for Health");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_changed_meanwhile_is_put_before_the_person_and_never_overwritten() {
    let here = connect(PlaceKind::Provider).await;
    let staff = here.control().change_resource("Task", "papers", |task| {
        task["status"] = "on-hold".into();
        task["statusReason"] = json!({ "text": "We found them." });
    });

    let acted = here.act("papers", ActKind::Finish).await;
    let page = here.page("papers").await;
    let again = here.act("papers", ActKind::Finish).await;

    assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Conflict, Some("changed")));
    assert_eq!(page.row.state, TodoState::Paused);
    assert!(page.sending.is_some() && !page.acts.is_empty());
    assert_eq!(again.state, ActState::Sent, "the person saw it and decided: {again:?}");
    assert_eq!(version(&here.task("papers")), version(&staff.unwrap()) + 1);
    assert_eq!(here.page("papers").await.sending, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_changed_beside_it_stands_after_the_act() {
    let here = connect(PlaceKind::Provider).await;
    here.control().change_resource("Task", "papers", |task| task["priority"] = "asap".into());

    let acted = here.act("papers", ActKind::Finish).await;

    let task = here.task("papers");
    assert_eq!(acted.state, ActState::Sent);
    assert_eq!((&task["status"], &task["priority"]), (&json!("completed"), &json!("asap")));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_to_the_answer_the_act_is_done_exactly_once() {
    for fault in [
        Fault::LoseAnswer,
        Fault::Truncate,
        Fault::HangUp,
        Fault::Status { status: 500 },
        Fault::WebPage,
        Fault::TooMany { retry_after: Some("1".to_owned()) },
        Fault::Status { status: 503 },
        Fault::Status { status: 401 },
        Fault::Redirect { to: "https://elsewhere.example/".to_owned() },
    ] {
        let here = connect(PlaceKind::Cbo).await;
        here.spoil("Task", 1, fault.clone());

        let acted = here.finish("box-question", words("Two boxes.")).await;
        here.phone.make_outbox_due();
        here.phone.engine.check(Which::All).await.unwrap();

        let task = here.task("box-question");
        assert!(matches!(acted.state, ActState::Sent | ActState::Waiting), "{fault:?} {acted:?}");
        assert_eq!(task["status"], "completed", "{fault:?}");
        assert_eq!(task["output"].as_array().unwrap().len(), 1, "{fault:?}");
        assert_eq!(version(&task), 2, "{fault:?}");
        assert!(here.phone.outbox().is_empty(), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_form_is_created_exactly_once_whatever_happens_to_the_answer() {
    for (fault, at_once) in [
        (Fault::LoseAnswer, true),
        (Fault::Truncate, true),
        (Fault::HangUp, false),
        (Fault::Status { status: 502 }, false),
        (Fault::WebPage, false),
        (Fault::Status { status: 503 }, false),
        (Fault::TooMany { retry_after: None }, false),
    ] {
        let here = connect(PlaceKind::Provider).await;
        here.spoil("QuestionnaireResponse", 0, fault.clone());

        let acted = here.finish("food-questions", food_answers()).await;
        let first = here.count_own_responses();
        here.phone.make_outbox_due();
        here.phone.engine.check(Which::All).await.unwrap();

        let expected = if at_once { ActState::Sent } else { ActState::Waiting };
        assert_eq!(acted.state, expected, "{fault:?} {acted:?}");
        assert_eq!(first, usize::from(at_once), "{fault:?}");
        assert_eq!(here.count_own_responses(), 1, "{fault:?}");
        assert_eq!(here.task("food-questions")["status"], "completed", "{fault:?}");
        assert_eq!(here.count_writes("PUT"), 1, "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_while_the_place_was_away_is_sent_at_the_next_look_in_its_order() {
    let mut here = connect(PlaceKind::Cbo).await;
    here.control().add_fault(Rule::always(At::Fhir, Fault::HangUp));

    let started = here.act("box-question", ActKind::Start).await;
    let acts = here.page("box-question").await.acts;
    let finished = here.finish("box-question", words("Two boxes.")).await;
    let shown = here.page("box-question").await;
    here.phone = here.phone.restart();
    let waiting = here.phone.outbox().len();
    here.control().clear_faults();
    here.phone.engine.check(Which::All).await.unwrap();

    for acted in [&started, &finished] {
        assert_eq!(acted.state, ActState::Waiting);
        assert_eq!(acted.problem.as_deref(), Some("out_of_reach"));
    }
    assert!(acts.iter().all(|offer| offer.act != ActKind::Start), "it is started already");
    assert!(shown.sending.is_some() && shown.acts.is_empty(), "{:?}", shown.acts);
    assert_eq!(waiting, 2);
    assert_eq!(here.task("box-question")["status"], "completed");
    assert_eq!(version(&here.task("box-question")), 3);
    assert!(here.phone.outbox().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_allowed_is_not_offered_and_not_sent() {
    let here = connect(PlaceKind::Provider).await;

    let over = here.page("job-question").await.acts;
    let forced = here.act("job-question", ActKind::Start).await;
    let without_answer = here.act("food-questions", ActKind::Finish).await;
    let unfit = here.finish("food-questions", words("Yes")).await;

    assert!(over.is_empty());
    for (acted, problem) in
        [(forced, "not_offered"), (without_answer, "answer_missing"), (unfit, "answer_unfit")]
    {
        assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Refused, Some(problem)));
    }
    assert!(here.control().requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_about_somebody_elses_task_is_never_written_whoever_put_it_there() {
    let here = connect(PlaceKind::Provider).await;
    here.control().add_fault(Rule::always(At::Fhir, Fault::HangUp));
    here.act("papers", ActKind::Cancel).await;
    here.control().clear_faults();
    let mut entry = here.phone.outbox().remove(0);
    let referral = here.task("rides-task");
    "rides-task".clone_into(&mut entry.task);
    entry.seen["status"] = referral["status"].clone();
    here.phone.force(&entry);
    here.phone.make_outbox_due();

    here.phone.engine.check(Which::All).await.unwrap();

    assert_eq!(here.task("rides-task"), referral);
    assert_eq!(here.count_writes("PUT"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_the_place_is_shown_in_its_words_and_not_tried_again() {
    let here = connect(PlaceKind::Provider).await;
    // The place took the to-do from the person after the app read it: the write is refused there.
    here.spoil("Task", 1, Fault::Status { status: 403 });

    let acted = here.act("papers", ActKind::Finish).await;
    let note = here.page("papers").await.sending;
    here.control().clear_requests();
    here.phone.engine.check(Which::All).await.unwrap();

    assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Refused, Some("refused")));
    assert_eq!(note, acted.note);
    assert_eq!(here.count_writes("PUT"), 0);
    assert_eq!(here.task("papers")["status"], "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_send_at_once_write_once() {
    let here = connect(PlaceKind::Provider).await;
    here.control().add_fault(Rule::always(At::Fhir, Fault::HangUp));
    here.finish("food-questions", food_answers()).await;
    here.control().clear_faults();
    here.phone.make_outbox_due();
    let twin = here.phone.open_twin();

    let question =
        Act { answer: Some(food_answers()), ..here.question("food-questions", ActKind::Finish) };
    let (one, two, three) = tokio::join!(
        here.phone.engine.check(Which::All),
        twin.check(Which::All),
        twin.answer(question),
    );

    assert!(one.is_ok() && two.is_ok());
    assert!(matches!(three.unwrap().state, ActState::Sent | ActState::Waiting));
    assert_eq!(here.count_own_responses(), 1);
    assert_eq!(here.count_writes("PUT"), 1);
    assert_eq!(version(&here.task("food-questions")), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_waits_for_another_process_and_for_a_sign_in() {
    let here = connect(PlaceKind::Provider).await;

    let busy = testing::while_others_hold(&here.phone.engine)
        .answer(here.question("papers", ActKind::Start))
        .await
        .unwrap();
    here.control().expire_access_tokens();
    here.control().kill_refresh_tokens();
    let ended = here.act("papers", ActKind::Start).await;

    assert_eq!((busy.state, busy.problem.as_deref()), (ActState::Waiting, Some("busy_here")));
    assert_eq!((ended.state, ended.problem.as_deref()), (ActState::Waiting, Some("sign_in_again")));
    assert_eq!(here.phone.outbox().len(), 1);
    assert_eq!(here.task("papers")["status"], "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_forgotten_with_the_place() {
    for erase in [true, false] {
        let here = connect(PlaceKind::Provider).await;
        here.control().add_fault(Rule::always(At::Fhir, Fault::HangUp));
        here.act("papers", ActKind::Cancel).await;
        let waiting = here.phone.outbox().len();
        let source = only_source(&here.phone).await;

        let leave = handrail_contract::place::Disconnect { source, erase };
        here.phone.engine.answer(leave).await.unwrap();

        assert_eq!((waiting, here.phone.outbox().len()), (1, 0));
    }
}

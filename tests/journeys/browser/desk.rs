//! Staff of a food bank at their desk: from a request to what was done, as the person's own app shows each step.

use fantoccini::{Locator, key::Key};
use handrail_sandbox::{At, Control, Fault, Options, Place, PlaceKind, Rule, Sandbox};
use serde_json::{Value, json};
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    requests::ask_food_bank,
    screen::Screen,
};
use tempfile::TempDir;

use super::{
    heard::{Ear, said},
    keyboard::Keyboard,
};

/// What the request is called.
pub const TITLE: &str = "Assistance with application for food pantry program";

/// The food bank's laptop and Rosa's phone, both at the place that asks.
pub struct Desk {
    sandbox: Sandbox,
    kind: PlaceKind,
    pub helper: Preview,
    pub rosa: Preview,
    _folders: [TempDir; 2],
}

impl Desk {
    pub async fn open(kind: PlaceKind, prepare: impl FnOnce(&Control)) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        ask_food_bank(&sandbox, kind, None);
        prepare(&sandbox.place(kind).control());
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let registry = registry_of(&sandbox);
        let helper = Preview::open(folders[0].path(), &registry, Look::Light).await;
        let rosa = Preview::open(folders[1].path(), &registry, Look::Light).await;
        for preview in [&helper, &rosa] {
            preview.screen.see("Your help, in one place").await;
            preview.screen.type_address(&sandbox.place(kind).invitation()).await;
            preview.screen.see("Is this the right place?").await;
        }
        helper.screen.pick("I work for a group that helps").await;
        for (preview, who) in [(&helper, "priya"), (&rosa, "rosa")] {
            preview.screen.press("Yes, sign in").await;
            let page = preview.wait_for_sign_in_page().await;
            Person::named(who, "handrail").sign_in(&page).await.unwrap();
            preview.screen.see("You are connected").await;
        }
        Self { sandbox, kind, helper, rosa, _folders: folders }
    }

    fn place(&self) -> &Place {
        self.sandbox.place(self.kind)
    }

    pub fn control(&self) -> Control {
        self.place().control()
    }

    pub fn task(&self) -> Value {
        self.control().read_resource("Task", "pantry-task").unwrap()
    }

    /// Opens the request from the list that it stands in.
    pub async fn open_request(&self, list: &str) -> &Screen {
        let screen = &self.helper.screen;
        screen.go(list).await;
        screen.press(TITLE).await;
        screen.see("The person").await;
        screen
    }

    /// Looks for news; what is on screen later is drawn anew once they came.
    pub async fn look(&self, screen: &Screen) {
        screen.go("/connections").await;
        screen.press(self.place().name).await;
        screen.press("Check now").await;
    }

    /// Waits until Rosa's app says this of the referral.
    pub async fn told(&self, words: &str) {
        let screen = &self.rosa.screen;
        self.look(screen).await;
        screen.go("/referrals").await;
        screen.press(TITLE).await;
        screen.see("The story so far").await;
        screen.see(words).await;
    }

    async fn walk_from_new_to_done(&self) {
        let screen = self.open_request("/inbox").await;
        screen.press("Say yes").await;
        screen.see("You said yes").await;
        assert_eq!(self.task()["status"], "accepted");
        self.told("said yes").await;
        screen.press("We started").await;
        screen.see("You are helping").await;
        self.told("is helping").await;
        screen.press("Put on hold").await;
        screen.see("Why do you pause?").await;
        screen.type_into("words", "Called 3 times. We try again Monday.").await;
        screen.press("Pause it").await;
        screen.see("On hold").await;
        assert_eq!(self.task()["statusReason"]["text"], "Called 3 times. We try again Monday.");
        self.told("Called 3 times").await;
        screen.press("Go on").await;
        screen.see("You are helping").await;

        screen.press("We are done").await;
        screen.see("Pick all that you did").await;
        screen.press("Pick what you did first").await;
        assert_eq!(self.task()["status"], "in-progress", "nothing was picked");
        screen.pick(TITLE).await;
        screen.pick("Provision of food").await;
        screen.press("Send and close").await;
        screen.see("Done").await;
        let outputs = self.task()["output"].as_array().map_or(0, Vec::len);
        assert_eq!((self.task()["status"].as_str(), outputs), (Some("completed"), 2));
        self.told("Provision of food").await;
        screen.go("/inbox/closed").await;
        screen.see(TITLE).await;
    }
}

/// More requests than fit on a laptop.
fn ask_for_many(control: &Control) {
    let mut request = control.read_resource("ServiceRequest", "pantry").unwrap();
    let mut task = control.read_resource("Task", "pantry-task").unwrap();
    for number in 0..30 {
        request["id"] = json!(format!("box-{number}"));
        task["id"] = json!(format!("box-task-{number}"));
        task["focus"] = json!({ "reference": format!("ServiceRequest/box-{number}") });
        control.put_resource(request.clone());
        control.put_resource(task.clone());
    }
}

/// Something that the food bank did before, for another request about food.
fn remember_an_earlier_deed(control: &Control) {
    let request = control.read_resource("ServiceRequest", "pantry").unwrap();
    let task = control.read_resource("Task", "pantry-task").unwrap();
    let (subject, category) = (&request["subject"], &request["category"]);
    let did = json!({ "coding": [{ "system": "http://snomed.info/sct", "code": "710925007",
        "display": "Provision of food" }] });
    control.put_resource(json!({
        "resourceType": "Procedure", "id": "earlier", "status": "completed", "category": category[0],
        "code": did, "subject": subject, "performedDateTime": "2026-04-20T09:00:00Z",
    }));
    control.put_resource(json!({
        "resourceType": "ServiceRequest", "id": "earlier-request", "status": "completed", "intent": "order",
        "category": category, "code": did, "subject": subject, "authoredOn": "2026-04-18T09:00:00Z",
    }));
    let mut earlier = task;
    earlier["id"] = json!("earlier-task");
    earlier["status"] = json!("completed");
    earlier["focus"] = json!({ "reference": "ServiceRequest/earlier-request" });
    earlier["output"] = json!([{
        "type": { "coding": [{ "code": "resulting-activity" }] },
        "valueReference": { "reference": "Procedure/earlier" },
    }]);
    control.put_resource(earlier);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinics_request_goes_from_new_to_two_things_done_and_the_persons_app_shows_each_step() {
    let desk = Desk::open(PlaceKind::Provider, remember_an_earlier_deed).await;
    desk.walk_from_new_to_done().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platforms_request_goes_from_new_to_two_things_done_and_the_persons_app_shows_each_step()
{
    let desk = Desk::open(PlaceKind::Platform, remember_an_earlier_deed).await;
    desk.walk_from_new_to_done().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn saying_no_takes_a_reason_and_the_person_reads_it() {
    let desk = Desk::open(PlaceKind::Provider, |_| ()).await;
    let screen = desk.open_request("/inbox").await;

    screen.press("We can’t take this").await;
    screen.see("Why can’t you take this?").await;
    screen.press("Choose a reason first").await;
    assert_eq!(desk.task()["status"], "requested");
    screen.pick("We are full right now").await;
    screen.type_into("words", "Oak Road Pantry has room this week.").await;
    screen.press("Send: we can’t take it").await;
    screen.see("You said no").await;

    assert_eq!(desk.task()["statusReason"]["coding"][0]["code"], "no-capacity");
    desk.told("Oak Road Pantry has room this week.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_not_be_contacted_is_said_first_and_there_is_no_number_and_no_question() {
    let desk = Desk::open(PlaceKind::Provider, |control| {
        control.change_resource("ServiceRequest", "pantry", |request| {
            request["orderDetail"] =
                json!([{ "coding": [{ "code": "contacting-subject-prohibited" }] }]);
        });
    })
    .await;
    let number = desk.control().read_resource("Patient", "rosa-delgado").unwrap();
    let number = number["telecom"][0]["value"].as_str().unwrap().to_owned();
    desk.helper.screen.go("/inbox").await;
    desk.helper.screen.see("Do not contact").await;

    let screen = desk.open_request("/inbox").await;

    let first =
        screen.run("return document.querySelector('main .page > *').innerText", vec![]).await;
    assert!(first.as_str().unwrap().contains("Do not contact this person"), "{first}");
    screen.press("Say yes").await;
    screen.see("You said yes").await;
    let text = screen.text().await;
    assert!(!text.contains(&number) && !text.contains("Ask the person"), "{text}");
    screen.go("/inbox/helping").await;
    screen.see("Do not contact").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changed_meanwhile_is_told_and_not_written_over() {
    let desk = Desk::open(PlaceKind::Provider, |_| ()).await;
    let screen = desk.open_request("/inbox").await;
    desk.control().change_resource("Task", "pantry-task", |task| {
        task["status"] = json!("cancelled");
        task["statusReason"] = json!({ "text": "They moved away." });
    });

    screen.press("Say yes").await;
    screen.see("Stopped").await;

    assert_eq!(desk.task()["status"], "cancelled");
    assert!(screen.text().await.contains("meanwhile"), "{}", screen.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_waits_for_a_place_that_is_away_is_said_once() {
    let desk = Desk::open(PlaceKind::Provider, |_| ()).await;
    let screen = desk.open_request("/inbox").await;
    desk.control().add_fault(Rule::always(At::Fhir, Fault::HangUp));
    Ear(screen).listen().await;

    screen.press("Say yes").await;
    screen.see("Not sent yet").await;

    assert_eq!(Ear(screen).heard().await, [said("status", "Not sent yet")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_beside_a_request_stays_where_it_is_when_the_next_one_opens() {
    let desk = Desk::open(PlaceKind::Provider, ask_for_many).await;
    let wide = json!({ "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false });
    desk.helper.devtools("Emulation.setDeviceMetricsOverride", wide).await;
    let screen = desk.open_request("/inbox").await;
    screen.0.wait().for_element(Locator::Css(".beside .row[aria-current]")).await.unwrap();

    let press = "const done = arguments[arguments.length - 1]; \
        const list = document.querySelector('.beside'); list.scrollTop = 900; \
        requestAnimationFrame(() => requestAnimationFrame(() => { \
            const row = [...list.querySelectorAll('a.row')].find(it => it.getBoundingClientRect().top > 200); \
            row.click(); done([row.getAttribute('href'), list.scrollTop]); }))";
    let pressed = screen.run_until_done(press, Vec::new()).await;
    let (to, before): (String, f64) = serde_json::from_value(pressed).unwrap();
    let current = format!(".beside .row[aria-current][href='{to}']");
    screen.0.wait().for_element(Locator::Css(&current)).await.unwrap();
    screen.see("The person").await;

    let after = screen.run("return document.querySelector('.beside').scrollTop", vec![]).await;
    assert!(before > 300.0, "it scrolls: {before}");
    assert!((after.as_f64().unwrap() - before).abs() < 2.0, "{before} became {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_answered_with_the_keyboard_alone() {
    let desk = Desk::open(PlaceKind::Provider, remember_an_earlier_deed).await;
    let screen = &desk.helper.screen;
    let keyboard = Keyboard(screen);

    keyboard.choose("See the requests", Key::Enter).await;
    keyboard.choose(TITLE, Key::Enter).await;
    keyboard.choose("Say yes", Key::Enter).await;
    keyboard.choose("We started", Key::Enter).await;
    keyboard.choose("Ask the person", Key::Enter).await;
    screen.see("It shows up in their to-dos").await;
    keyboard.step_to("#question").await;
    keyboard.write("Do you eat meat?").await;
    keyboard.choose("Send your question", Key::Enter).await;
    screen.see("You asked. No answer yet.").await;
    keyboard.choose("We are done", Key::Enter).await;
    screen.see("Pick all that you did").await;
    keyboard.choose(TITLE, Key::Space).await;
    keyboard.choose("Provision of food", Key::Space).await;
    keyboard.choose("Send and close", Key::Enter).await;
    screen.see("Done").await;
    assert_eq!(desk.task()["status"], "completed");

    keyboard.go_back().await;
    screen.see("Take a list with you").await;
    keyboard.step_to("main .row").await;
    keyboard.press(Key::Down).await;
    assert!(
        screen.focused().await.contains("Provision of food"),
        "the arrow leads to the next row"
    );
}

//! Who signed in works for several organizations, or the place does not say for which.

use handrail_contract::{
    Problem,
    act::{Act, ActKind, ActState},
    inbox::{Inbox, ListInbox},
    place::{ChooseEmployers, ConnectionPage, Role, ShowConnection, SourceId},
    sign_in::Stage,
    words::{ItemId, Words},
};
use handrail_engine::Answer as _;
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    phone::{Mood, Phone},
    requests::ask_food_bank,
};

use crate::terminal::{command, lines};

const KIND: PlaceKind = PlaceKind::Platform;

/// Somebody's phone after their first look.
struct Desk {
    sandbox: Sandbox,
    phone: Phone,
    source: SourceId,
}

impl Desk {
    async fn open(mood: Mood) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        ask_food_bank(&sandbox, KIND, None);
        let phone = Phone::new(&sandbox);
        phone.set_mood(mood);
        let code = sandbox.place(KIND).invitation();
        let ended = phone.connect_as(&code, Role::Organization).await.unwrap();
        let Stage::Connected { source, found } = ended.stage else { panic!("{ended:?}") };
        assert!(found.asks_employer, "straight after the sign-in it is asked");
        Self { sandbox, phone, source }
    }

    async fn page(&self) -> ConnectionPage {
        let question = ShowConnection { source: self.source.clone() };
        self.phone.engine.answer(question).await.unwrap()
    }

    async fn choose(&self, chosen: &[&str]) -> Result<ConnectionPage, Problem> {
        let chosen = chosen.iter().map(|&id| id.to_owned()).collect();
        let question = ChooseEmployers { source: self.source.clone(), chosen };
        self.phone.engine.answer(question).await
    }

    async fn inbox(&self) -> Inbox {
        self.phone.engine.answer(ListInbox::default()).await.unwrap()
    }
}

/// The Tasks of an inbox, whatever their list.
fn tasks(inbox: &Inbox) -> Vec<&str> {
    let lists = [&inbox.new, &inbox.active, &inbox.waiting, &inbox.done];
    let mut ids: Vec<&str> =
        lists.into_iter().flatten().map(|row| row.id.0.rsplit(':').next().unwrap()).collect();
    ids.sort_unstable();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_for_two_sees_both_until_they_choose_and_may_choose_both() {
    let desk = Desk::open(Mood::SignsInForTwo).await;
    let both = ["garden-task", "heater-task", "pantry-task", "rent-second-task"];

    let before = desk.page().await.employers.unwrap();
    let undecided = desk.inbox().await;
    desk.choose(&["open-door"]).await.unwrap();
    let housing = desk.inbox().await;
    let after = desk.choose(&["open-door", "bright-harvest"]).await.unwrap().employers.unwrap();

    let names: Vec<&Words> = before.all.iter().map(|it| &it.name).collect();
    let expected = ["Bright Harvest Food Bank", "Open Door Housing Help"].map(Words::theirs);
    assert_eq!(names, [&expected[0], &expected[1]]);
    assert!(before.several && before.asks && !after.asks);
    assert_eq!((tasks(&undecided), undecided.asks_employer.len()), (both.to_vec(), 1));
    assert_eq!(tasks(&housing), ["garden-task", "heater-task", "rent-second-task"]);
    assert!(housing.asks_employer.is_empty());
    assert_eq!(tasks(&desk.inbox().await), both);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_is_taken_in_the_name_of_the_one_that_was_chosen() {
    let desk = Desk::open(Mood::SignsInForTwo).await;
    let id = ItemId(format!("request:{}:garden-task", desk.source));
    let claim = || Act { id: id.clone(), act: ActKind::Claim, reason: None, answer: None };

    let undecided = desk.phone.engine.answer(claim()).await.unwrap();
    desk.choose(&["open-door"]).await.unwrap();
    let taken = desk.phone.engine.answer(claim()).await.unwrap();

    assert_eq!((undecided.state, taken.state), (ActState::Refused, ActState::Sent));
    let task = desk.sandbox.place(KIND).control().read_resource("Task", "garden-task").unwrap();
    assert_eq!(task["owner"]["reference"], "Organization/open-door");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_no_role_names_chooses_one_of_those_that_the_place_shows() {
    let desk = Desk::open(Mood::SignsInForNobody).await;

    let shown = desk.page().await.employers.unwrap();
    let nothing = desk.inbox().await;
    let two = desk.choose(&["open-door", "bright-harvest"]).await;
    let unknown = desk.choose(&["somebody-else"]).await;
    desk.choose(&["open-door"]).await.unwrap();
    let housing = desk.inbox().await;
    desk.choose(&["bright-harvest"]).await.unwrap();

    assert!(shown.all.len() >= 5 && !shown.several && shown.asks);
    assert_eq!((tasks(&nothing).len(), nothing.asks_employer.len()), (0, 1));
    assert_eq!((two, unknown), (Err(Problem::Gone), Err(Problem::Gone)));
    assert_eq!(tasks(&housing), ["garden-task", "heater-task", "rent-second-task"]);
    assert_eq!(tasks(&desk.inbox().await), ["garden-task", "pantry-task"], "she changed her mind");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_keeps_the_choice_and_a_colleague_is_asked_for_theirs() {
    let desk = Desk::open(Mood::SignsInForNobody).await;
    desk.choose(&["open-door"]).await.unwrap();
    let code = desk.sandbox.place(KIND).invitation();
    let sign_in = async |mood| {
        desk.phone.set_mood(mood);
        let ended = desk.phone.connect_as(&code, Role::Organization).await.unwrap();
        let Stage::Connected { found, .. } = ended.stage else { panic!("{ended:?}") };
        found.asks_employer
    };

    let again = sign_in(Mood::SignsInForNobody).await;
    let kept = desk.inbox().await;
    let colleague = sign_in(Mood::SignsInForTwo).await;

    assert!(!again && colleague);
    assert_eq!(tasks(&kept), ["garden-task", "heater-task", "rent-second-task"]);
    assert!(tasks(&desk.inbox().await).contains(&"pantry-task"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_lists_the_organizations_and_chooses() {
    let desk = Desk::open(Mood::SignsInForNobody).await;
    let run = |more: &[&str]| {
        let arguments = [&["works-for", &desk.source.0], more].concat();
        command(&desk.phone.data(), &arguments).output().unwrap()
    };

    let listed = lines(&run(&[]).stdout).remove(0);
    let chosen = lines(&run(&["new-roots"]).stdout).remove(0);
    let refused = run(&["nobody"]);

    assert_eq!(
        (&listed["source"], &listed["employers"]["asks"]),
        (&desk.source.0.as_str().into(), &true.into())
    );
    let all = chosen["employers"]["all"].as_array().unwrap();
    let own: Vec<&str> =
        all.iter().filter(|it| it["chosen"] == true).map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!((own, &chosen["employers"]["asks"]), (vec!["new-roots"], &false.into()));
    assert_eq!(refused.status.code(), Some(2));
}

//! What staff ask of a person, of each kind that the guide has: the person's own app shows it as that, and the answer
//! comes back.

use handrail_contract::{
    act::{Act, ActKind, ActState, Acted, Asking, Given},
    inbox::{InboxGroup, RequestPage},
    todo::{ListTodos, ShowTodo, TodoKind, TodoPage, Todos},
    words::{Phrase, Words},
};
use handrail_engine::Answer as _;
use handrail_sandbox::{Control, PlaceKind, Sandbox};
use serde_json::{Value, json};
use support::{
    phone::Phone,
    requests::{ask_food_bank, offer_form},
};

use crate::helping::Both;

const FORM: &str = "http://maplefalls.example/Questionnaire/getting-around|1.2";
const PAGE: &str = "https://maplefalls.example/keep-food-fresh";

/// A clinic where the food bank asked somebody to fill in one of its forms before.
pub fn prepare(sandbox: &Sandbox, kind: PlaceKind) {
    ask_food_bank(sandbox, kind, None);
    offer_form(&sandbox.place(kind).control());
}

async fn open_desk(kind: PlaceKind) -> Both {
    let both = Both::connect(&[kind], |sandbox| prepare(sandbox, kind)).await;
    let accepted = both.act(&both.request(0, "pantry-task"), ActKind::Accept, None).await;
    assert_eq!(accepted.state, ActState::Sent);
    both
}

async fn ask(both: &Both, asking: Asking) -> Acted {
    both.act(&both.request(0, "pantry-task"), ActKind::Ask, Some(Given::Asking(asking))).await
}

/// What was asked, as the place has it.
fn created(control: &Control) -> Value {
    let mut all = control.list_resources("Task");
    all.retain(|it| it["partOf"][0]["reference"] == "Task/pantry-task");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The to-do that Rosa's app made of it.
async fn find_todo(both: &Both, kind: TodoKind) -> TodoPage {
    both.look(&both.rosa).await;
    let id = created(&both.control(PlaceKind::Provider))["id"].as_str().unwrap().to_owned();
    let todos: Todos = both.rosa.engine.answer(ListTodos::default()).await.unwrap();
    let row = todos.your_turn.into_iter().find(|row| row.id.0.ends_with(&format!(":{id}")));
    let row = row.expect("it is on Rosa's list");
    assert_eq!(row.kind, kind);
    both.rosa.engine.answer(ShowTodo { id: row.id }).await.unwrap()
}

async fn finish(rosa: &Phone, todo: &TodoPage, answer: Option<Given>) {
    let finish = Act { id: todo.row.id.clone(), act: ActKind::Finish, reason: None, answer };
    assert_eq!(rosa.engine.answer(finish).await.unwrap().state, ActState::Sent);
}

/// What staff read of it once Rosa is through.
async fn answered(both: &Both) -> RequestPage {
    let id = both.request(0, "pantry-task");
    assert_eq!(both.page(&id).await.row.group, InboxGroup::Waiting, "it is Rosa's turn");
    both.look(&both.helper).await;
    let page = both.page(&id).await;
    assert_eq!(page.row.group, InboxGroup::Active);
    assert!(page.asked[0].is_done && !page.asked[0].is_open, "{:?}", page.asked);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_asked_to_call_one_of_two_and_says_whom_they_called() {
    let both = open_desk(PlaceKind::Provider).await;
    let asks = both.page(&both.request(0, "pantry-task")).await.asks;
    let names: Vec<_> = asks.contacts.iter().map(|it| it.name.clone()).collect();
    assert_eq!(
        names[..2],
        [Words::theirs("Bright Harvest Food Bank"), Words::theirs("Weekly food boxes")]
    );
    let whom: Vec<String> = asks.contacts[..2].iter().map(|it| it.key.clone()).collect();

    let words = "Choose a day for your first box.".to_owned();
    let acted = ask(&both, Asking::Contact { whom, words: words.clone() }).await;

    assert_eq!(acted.state, ActState::Sent);
    let todo = find_todo(&both, TodoKind::Contact).await;
    assert_eq!(todo.choices, ["Bright Harvest Food Bank", "Weekly food boxes"]);
    assert!(todo.message.is_some_and(|it| it == Words::theirs(&words)));
    let todo = find_todo(&both, TodoKind::Contact).await;
    assert!(
        todo.contacts.iter().any(|it| it.link.as_deref().is_some_and(|it| it.starts_with("tel:")))
    );
    finish(&both.rosa, &todo, Some(Given::Words("Weekly food boxes".to_owned()))).await;
    let page = answered(&both).await;
    assert_eq!(page.asked[0].kind, Phrase::new("request-asked-contact"));
    assert_eq!(page.asked[0].answers, [Words::theirs("Weekly food boxes")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_asked_to_fill_in_a_form_that_the_place_has() {
    let both = open_desk(PlaceKind::Provider).await;
    let asks = both.page(&both.request(0, "pantry-task")).await.asks;
    assert_eq!(asks.forms.iter().map(|it| &*it.key).collect::<Vec<_>>(), [FORM]);

    let acted = ask(&both, Asking::Form { form: FORM.to_owned(), words: String::new() }).await;

    assert_eq!(acted.state, ActState::Sent);
    let todo = find_todo(&both, TodoKind::Questions).await;
    assert!(!todo.questions.is_empty(), "its questions came along");
    let filled = json!({ "resourceType": "QuestionnaireResponse", "status": "completed",
        "questionnaire": FORM, "item": [{ "linkId": "car", "answer": [{ "valueBoolean": true }] }] });
    finish(&both.rosa, &todo, Some(Given::Form(filled.to_string()))).await;
    let page = answered(&both).await;
    assert_eq!(page.asked[0].kind, Phrase::new("request-asked-form"));
    assert_eq!(page.asked[0].question, Words::theirs("Getting around"));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_shown_a_page_on_the_web() {
    let both = open_desk(PlaceKind::Provider).await;
    assert!(both.page(&both.request(0, "pantry-task")).await.asks.review);

    let words = "How to keep food fresh".to_owned();
    let acted = ask(&both, Asking::Review { address: PAGE.to_owned(), words }).await;

    assert_eq!(acted.state, ActState::Sent);
    let todo = find_todo(&both, TodoKind::Review).await;
    let shown: Vec<_> = todo.materials.iter().map(|it| it.link.as_deref()).collect();
    assert_eq!(shown, [Some(PAGE)]);
    finish(&both.rosa, &todo, None).await;
    assert_eq!(answered(&both).await.asked[0].kind, Phrase::new("request-asked-review"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_should_open_is_refused_and_nothing_is_created() {
    let both = open_desk(PlaceKind::Provider).await;
    let control = both.control(PlaceKind::Provider);
    control.clear_requests();

    let address = "http://maplefalls.example".to_owned();
    let acted = ask(&both, Asking::Review { address, words: "Read this".to_owned() }).await;

    assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Refused, Some("address_unfit")));
    assert_eq!(acted.note.unwrap().heading, Phrase::new("sending-address-unfit-heading"));
    assert_eq!(control.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_platform_does_not_take_from_staff_is_not_offered_there() {
    let both = open_desk(PlaceKind::Platform).await;
    let id = both.request(0, "pantry-task");

    let asks = both.page(&id).await.asks;
    let acted =
        ask(&both, Asking::Review { address: PAGE.to_owned(), words: "Read this".to_owned() })
            .await;

    assert!(!asks.review && asks.forms.is_empty(), "{asks:?}");
    assert!(!asks.contacts.is_empty());
    assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Refused, Some("not_offered")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_can_be_asked_of_somebody_who_must_not_be_contacted() {
    let both = open_desk(PlaceKind::Provider).await;
    let id = both.request(0, "pantry-task");
    both.control(PlaceKind::Provider).change_resource("ServiceRequest", "pantry", |request| {
        request["orderDetail"] =
            json!([{ "coding": [{ "code": "contacting-subject-prohibited" }] }]);
    });
    both.look(&both.helper).await;

    let page = both.page(&id).await;
    let whom = vec!["Organization/bright-harvest".to_owned()];
    let acted = ask(&both, Asking::Contact { whom, words: "Call us.".to_owned() }).await;

    assert_eq!(page.asks, Default::default());
    assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Refused, Some("not_offered")));
}

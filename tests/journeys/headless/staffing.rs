//! Two who work at the same desk, and every fault at every write of a request.

use handrail_contract::{
    act::{Act, ActKind, ActState, Acted, Asking, DeclineReason, Given},
    inbox::{RequestPage, ShowRequest},
    place::Role,
    words::ItemId,
};
use handrail_engine::Answer as _;
use handrail_sandbox::{At, Control, Fault, PlaceKind, Rule};
use serde_json::Value;
use support::{
    phone::{Mood, Phone},
    requests::ask_food_bank,
    wait::until,
};

use crate::{
    asking::prepare,
    helping::{Both, count_procedures, done_with},
};

const KIND: PlaceKind = PlaceKind::Provider;

async fn open_desk() -> Both {
    Both::connect(&[KIND], |sandbox| ask_food_bank(sandbox, KIND, None)).await
}

/// Somebody else of the food bank, at another laptop.
async fn join(both: &Both) -> Phone {
    let colleague = Phone::new(&both.sandbox);
    colleague.set_mood(Mood::SignsInAsHelper);
    let code = both.sandbox.place(KIND).invitation();
    colleague.connect_as(&code, Role::Organization).await.unwrap();
    both.look(&colleague).await;
    colleague
}

fn request_at(phone: &Phone) -> ItemId {
    ItemId(format!("request:{}:pantry-task", phone.sources()[0].id))
}

async fn act_on(phone: &Phone, act: ActKind, answer: Option<Given>) -> Acted {
    let question = Act { id: request_at(phone), act, reason: None, answer };
    phone.engine.answer(question).await.unwrap()
}

async fn page_on(phone: &Phone) -> RequestPage {
    phone.engine.answer(ShowRequest { id: request_at(phone) }).await.unwrap()
}

/// Our write is held up on its way; the colleague reads and writes while it is. What came of both, ours first.
async fn cross(
    both: &Both,
    colleague: &Phone,
    ours: (ActKind, Option<Given>),
    theirs: (ActKind, Option<Given>),
) -> (Acted, Acted) {
    let control = both.control(KIND);
    control.clear_requests();
    let (at, fault) = (At::Type("Task".to_owned()), Fault::Slow { millis: 3_000 });
    // The first request of an act reads the Task, the second one writes it.
    control.add_fault(Rule { at, fault, times: Some(1), after: 1 });
    let late = act_on(&both.helper, ours.0, ours.1);
    let meanwhile = async {
        until(|| control.requests().iter().any(|it| it.method == "PUT")).await;
        act_on(colleague, theirs.0, theirs.1).await
    };
    tokio::join!(late, meanwhile)
}

/// How many writes were refused because another one came first.
fn count_overtaken(control: &Control) -> usize {
    let seen = control.requests();
    seen.iter().filter(|it| it.method == "PUT" && it.status == Some(412)).count()
}

fn status(control: &Control) -> Value {
    control.read_resource("Task", "pantry-task").unwrap()["status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_answer_at_once_one_wins_and_the_other_is_told_what_stands() {
    let both = open_desk().await;
    let colleague = join(&both).await;

    let no = Some(Given::Because(DeclineReason::AtCapacity));
    let (yes, no) = cross(&both, &colleague, (ActKind::Accept, None), (ActKind::Decline, no)).await;

    assert_eq!(count_overtaken(&both.control(KIND)), 1, "one was overtaken");
    assert_eq!(status(&both.control(KIND)), "rejected", "who came first stands");
    assert_eq!(no.state, ActState::Sent);
    assert_eq!((yes.state, yes.problem.as_deref()), (ActState::Conflict, Some("changed")));
    let page = page_on(&both.helper).await;
    assert!(page.sending.is_some(), "who lost reads that it was changed");
    assert!(page.acts.iter().all(|offer| offer.act != ActKind::Accept), "{:?}", page.acts);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_say_the_same_at_once_have_both_said_it() {
    let both = open_desk().await;
    let colleague = join(&both).await;

    let yes = (ActKind::Accept, None);
    let (one, other) = cross(&both, &colleague, yes.clone(), yes).await;

    assert_eq!((one.state, other.state), (ActState::Sent, ActState::Sent));
    assert_eq!(count_overtaken(&both.control(KIND)), 1, "one was overtaken");
    let writes = both.control(KIND).requests();
    let puts = writes
        .iter()
        .filter(|it| it.method == "PUT" && it.status.is_some_and(|status| status < 300))
        .count();
    assert_eq!(puts, 1, "the second one found that it was said");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_did_while_the_other_looked_away_is_told_before_anything_is_pressed_again() {
    let both = open_desk().await;
    let colleague = join(&both).await;
    act_on(&both.helper, ActKind::Accept, None).await;
    act_on(&both.helper, ActKind::Start, None).await;

    let late = act_on(&colleague, ActKind::Decline, Some(Given::Because(DeclineReason::Other)));
    let late = late.await;

    assert_ne!(late.state, ActState::Sent);
    assert_eq!(status(&both.control(KIND)), "in-progress");
}

/// One write on the way of a request.
struct Deed {
    act: ActKind,
    /// What is asked for, where it is more than a question.
    asks: Option<Kind>,
    before: &'static [ActKind],
    status: &'static str,
}

/// A kind of thing that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Contact,
    Form,
    Review,
}

const fn deed(act: ActKind, before: &'static [ActKind], status: &'static str) -> Deed {
    Deed { act, asks: None, before, status }
}

const fn ask(kind: Kind) -> Deed {
    Deed { asks: Some(kind), ..deed(ActKind::Ask, &[ActKind::Accept], "accepted") }
}

const DEEDS: [Deed; 12] = [
    deed(ActKind::Claim, &[], "requested"),
    deed(ActKind::Accept, &[], "accepted"),
    deed(ActKind::Decline, &[], "rejected"),
    deed(ActKind::Start, &[ActKind::Accept], "in-progress"),
    deed(ActKind::Pause, &[ActKind::Accept], "on-hold"),
    deed(ActKind::Finish, &[ActKind::Accept], "completed"),
    deed(ActKind::Fail, &[ActKind::Accept], "failed"),
    deed(ActKind::Cancel, &[ActKind::Accept], "cancelled"),
    deed(ActKind::Ask, &[ActKind::Accept], "accepted"),
    ask(Kind::Contact),
    ask(Kind::Form),
    ask(Kind::Review),
];

fn faults() -> Vec<Fault> {
    let elsewhere = "http://127.0.0.1:9/".to_owned();
    vec![
        Fault::HangUp,
        Fault::LoseAnswer,
        Fault::Truncate,
        Fault::Status { status: 500 },
        Fault::Status { status: 503 },
        Fault::TooMany { retry_after: Some("1".to_owned()) },
        Fault::WebPage,
        Fault::Redirect { to: elsewhere },
        Fault::WrongLength,
    ]
}

fn answer_for(deed: &Deed, page: &RequestPage) -> Option<Given> {
    let words = "For your food boxes".to_owned();
    if let Some(kind) = deed.asks {
        return Some(Given::Asking(match kind {
            Kind::Contact => {
                Asking::Contact { whom: vec![page.asks.contacts[0].key.clone()], words }
            }
            Kind::Form => Asking::Form { form: page.asks.forms[0].key.clone(), words },
            Kind::Review => {
                Asking::Review { address: "https://food.example/fresh".to_owned(), words }
            }
        }));
    }
    match deed.act {
        ActKind::Finish => done_with(page),
        ActKind::Decline => Some(Given::Because(DeclineReason::AtCapacity)),
        ActKind::Ask => Some(Given::Words("Do you eat meat?".to_owned())),
        _ => None,
    }
}

/// Whatever breaks at any request of an act, it is done once in the end, and never twice.
#[tokio::test(flavor = "multi_thread")]
async fn every_act_is_done_once_whatever_breaks_on_its_way() {
    let both = Both::connect(&[KIND], |sandbox| prepare(sandbox, KIND)).await;
    let control = both.control(KIND);
    let id = both.request(0, "pantry-task");
    let mut wrong = Vec::new();
    let mut cells = 0;
    for deed in &DEEDS {
        for fault in faults() {
            for after in 0..3 {
                cells += 1;
                control.clear_faults();
                remove_what_was_made(&control);
                ask_food_bank(&both.sandbox, KIND, None);
                both.look(&both.helper).await;
                if deed.act == ActKind::Claim {
                    both.control(KIND).change_resource("Task", "pantry-task", |task| {
                        task.as_object_mut().unwrap().remove("owner");
                    });
                    both.look(&both.helper).await;
                }
                for act in deed.before {
                    both.act(&id, *act, None).await;
                }
                let answer = answer_for(deed, &both.page(&id).await);
                let what =
                    format!("{:?} {:?} with {fault:?} at request {after}", deed.act, deed.asks);
                control.add_fault(Rule {
                    at: At::Fhir,
                    fault: fault.clone(),
                    times: Some(1),
                    after,
                });

                let first = both.act(&id, deed.act, answer).await;
                control.clear_faults();
                both.helper.make_outbox_due();
                both.look(&both.helper).await;

                let made =
                    (count_procedures(&control), count_questions(&control), count_pages(&control));
                let expected = (
                    usize::from(deed.act == ActKind::Finish),
                    usize::from(deed.act == ActKind::Ask),
                    usize::from(deed.asks == Some(Kind::Review)),
                );
                let task = control.read_resource("Task", "pantry-task").unwrap();
                let is_theirs = task["owner"]["reference"] == "Organization/bright-harvest";
                if status(&control) != deed.status || made != expected || !is_theirs {
                    wrong.push(format!(
                        "{what}: {:?}, {}, {made:?}",
                        first.problem,
                        status(&control)
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells}:\n{}", wrong.len(), wrong.join("\n"));
}

fn count_questions(control: &Control) -> usize {
    let is_ours = |it: &&Value| it["partOf"][0]["reference"] == "Task/pantry-task";
    let asked = control.list_resources("Task");
    asked.iter().filter(is_ours).filter(|it| it["status"] != "entered-in-error").count()
}

fn count_pages(control: &Control) -> usize {
    control.list_resources("DocumentReference").iter().filter(|it| is_page_of_staff(it)).count()
}

fn is_page_of_staff(document: &Value) -> bool {
    document["author"][0]["reference"] == "Organization/bright-harvest"
}

/// Takes away what an earlier act made, so that the next one is counted from nothing.
fn remove_what_was_made(control: &Control) {
    let id_of = |it: &Value| it["id"].as_str().unwrap().to_owned();
    for made in control.list_resources("Procedure") {
        if made["basedOn"][0]["reference"] == "ServiceRequest/pantry" {
            control.remove_resource("Procedure", &id_of(&made));
        }
    }
    for made in control.list_resources("DocumentReference") {
        if is_page_of_staff(&made) {
            control.remove_resource("DocumentReference", &id_of(&made));
        }
    }
    for made in control.list_resources("Task") {
        if made["partOf"][0]["reference"] == "Task/pantry-task" {
            control.remove_resource("Task", &id_of(&made));
        }
    }
}

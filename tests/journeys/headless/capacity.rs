//! An organization says whether a service of theirs has room.

use handrail_contract::{
    act::{Act, ActKind, ActState, Acted, Capacity, DeclineReason, Given},
    inbox::{RequestPage, ShowRequest},
    place::{ConnectionPage, Role, Service, ShowConnection},
    words::ItemId,
};
use handrail_engine::Answer as _;
use handrail_sandbox::{At, Control, Fault, Options, PlaceKind, Rule, Sandbox};
use serde_json::{Value, json};
use support::{
    phone::{Mood, Phone},
    requests::ask_food_bank,
};

const PANTRY: &str = "bright-harvest-pantry";

/// The food bank's phone at one place.
struct Desk {
    sandbox: Sandbox,
    kind: PlaceKind,
    phone: Phone,
}

impl Desk {
    async fn open(kind: PlaceKind) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        ask_food_bank(&sandbox, kind, None);
        let phone = Phone::new(&sandbox);
        phone.set_mood(Mood::SignsInAsHelper);
        let code = sandbox.place(kind).invitation();
        phone.connect_as(&code, Role::Organization).await.unwrap();
        Self { sandbox, kind, phone }
    }

    fn control(&self) -> Control {
        self.sandbox.place(self.kind).control()
    }

    async fn service(&self) -> Service {
        let question = ShowConnection { source: self.phone.sources()[0].id.clone() };
        let page: ConnectionPage = self.phone.engine.answer(question).await.unwrap();
        page.services.into_iter().next().unwrap()
    }

    async fn act(&self, id: &ItemId, act: ActKind, answer: Given) -> Acted {
        let question = Act { id: id.clone(), act, reason: None, answer: Some(answer) };
        self.phone.engine.answer(question).await.unwrap()
    }

    async fn tell(&self, capacity: Capacity) -> Acted {
        let id = self.service().await.id;
        self.act(&id, ActKind::TellCapacity, Given::Capacity(capacity)).await
    }

    fn kept(&self) -> Value {
        self.control().read_resource("HealthcareService", PANTRY).unwrap()
    }
}

fn code_in(service: &Value) -> &Value {
    let all = service["extension"].as_array().unwrap();
    let own = all.iter().find(|it| it["url"].as_str().unwrap().contains("CapacityStatus")).unwrap();
    &own["extension"][0]["valueCodeableConcept"]["coding"][0]["code"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_service_is_told_to_the_platform_and_nothing_else_of_it_changes() {
    let desk = Desk::open(PlaceKind::Platform).await;
    let (before, shown) = (desk.kept(), desk.service().await);

    let acted = desk.tell(Capacity::Full).await;

    assert!(shown.may_tell && shown.capacity.is_none());
    assert_eq!((acted.state, acted.id), (ActState::Sent, shown.id));
    let mut after = desk.kept();
    assert_eq!(code_in(&after), "no-capacity");
    assert_eq!(desk.service().await.capacity, Some(Capacity::Full));
    after["extension"].as_array_mut().unwrap().retain(|it| it.get("valueDecimal").is_some());
    after["meta"] = before["meta"].clone();
    assert_eq!(after, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_does_not_offer_it_lets_nobody_say_it() {
    let desk = Desk::open(PlaceKind::Provider).await;

    let service = desk.service().await;
    let acted = desk.tell(Capacity::Full).await;

    assert!(!service.may_tell);
    assert_eq!((acted.state, acted.problem.as_deref()), (ActState::Refused, Some("not_offered")));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_breaks_on_its_way_it_is_told_in_the_end() {
    let desk = Desk::open(PlaceKind::Platform).await;
    let faults = [
        Fault::HangUp,
        Fault::LoseAnswer,
        Fault::Truncate,
        Fault::Status { status: 500 },
        Fault::TooMany { retry_after: Some("1".to_owned()) },
        Fault::WebPage,
    ];
    for fault in faults {
        for (after, capacity) in [(0, Capacity::Full), (1, Capacity::HasRoom)] {
            let at = At::Type("HealthcareService".to_owned());
            desk.control().add_fault(Rule { at, fault: fault.clone(), times: Some(1), after });

            desk.tell(capacity).await;
            desk.control().clear_faults();
            desk.phone.make_outbox_due();
            desk.phone.engine.check(handrail_engine::Which::All).await.unwrap();

            let code = if capacity == Capacity::Full { "no-capacity" } else { "capacity" };
            assert_eq!(code_in(&desk.kept()), code, "{fault:?} at request {after}");
            assert_eq!(desk.service().await.capacity, Some(capacity));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_said_meanwhile_is_not_said_over() {
    let desk = Desk::open(PlaceKind::Platform).await;
    desk.tell(Capacity::HasRoom).await;
    let said = desk.kept()["extension"].clone();
    desk.tell(Capacity::Full).await;
    desk.control().change_resource("HealthcareService", PANTRY, |service| {
        service["extension"] = json!([said[0], said[1]]);
    });

    let late = desk.tell(Capacity::Waitlist).await;

    assert_eq!((late.state, late.problem.as_deref()), (ActState::Conflict, Some("changed")));
    assert_eq!(code_in(&desk.kept()), "capacity");
    let shown = desk.service().await;
    assert_eq!(shown.capacity, Some(Capacity::HasRoom), "what stands there now");
    assert!(shown.sending.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_turns_somebody_away_for_want_of_room_is_led_to_say_so_until_they_did() {
    let desk = Desk::open(PlaceKind::Platform).await;
    let id = ItemId(format!("request:{}:pantry-task", desk.phone.sources()[0].id));
    let page = async || -> RequestPage {
        desk.phone.engine.answer(ShowRequest { id: id.clone() }).await.unwrap()
    };

    let before = page().await.offers_capacity;
    desk.act(&id, ActKind::Decline, Given::Because(DeclineReason::AtCapacity)).await;
    let declined = page().await.offers_capacity;
    desk.tell(Capacity::Full).await;
    let told = page().await.offers_capacity;

    assert_eq!((before, declined, told), (false, true, false));
}

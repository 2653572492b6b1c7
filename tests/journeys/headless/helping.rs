//! An organization helps: from a request to what was done, and what the person's own app tells of each step.

use handrail_contract::{
    act::{Act, ActKind, ActState, Acted, DeclineReason, Given},
    inbox::{ConsentSeen, Inbox, InboxFilter, InboxGroup, ListInbox, RequestPage, ShowRequest},
    place::Role,
    referral::{ReferralPage, ReferralState, ShowReferral},
    today::{MarkSeen, ShowToday},
    todo::{ListTodos, Todos},
    words::{Contact, ItemId, Phrase, Words},
};
use handrail_core::view::{self, Shelf};
use handrail_engine::{Answer as _, Which};
use handrail_sandbox::{At, Control, Fault, Options, PlaceKind, Rule, Sandbox};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};
use support::{
    phone::{Mood, Phone},
    requests::ask_food_bank,
};

/// The food bank's phone and Rosa's, at the same places.
pub struct Both {
    pub sandbox: Sandbox,
    pub helper: Phone,
    pub rosa: Phone,
}

impl Both {
    pub async fn connect(kinds: &[PlaceKind], prepare: impl Fn(&Sandbox)) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        prepare(&sandbox);
        let (helper, rosa) = (Phone::new(&sandbox), Phone::new(&sandbox));
        helper.set_mood(Mood::SignsInAsHelper);
        for kind in kinds {
            let code = sandbox.place(*kind).invitation();
            helper.connect_as(&code, Role::Organization).await.unwrap();
            rosa.connect(&code).await.unwrap();
        }
        let both = Self { sandbox, helper, rosa };
        both.look(&both.helper).await;
        both
    }

    pub fn control(&self, kind: PlaceKind) -> Control {
        self.sandbox.place(kind).control()
    }

    pub async fn look(&self, phone: &Phone) {
        phone.engine.check(Which::All).await.unwrap();
    }

    pub fn request(&self, place: usize, task: &str) -> ItemId {
        ItemId(format!("request:{}:{task}", self.helper.sources()[place].id))
    }

    /// What everything that is kept would tell, and not only what a list or a page reads of it.
    fn tell<T>(&self, tell: impl FnOnce(&Shelf, Timestamp, &TimeZone) -> T) -> T {
        tell(&self.helper.shelf(), Timestamp::now(), &TimeZone::system())
    }

    async fn inbox(&self) -> Inbox {
        let inbox = self.helper.engine.answer(ListInbox::default()).await.unwrap();
        let whole =
            self.tell(|shelf, now, zone| view::inbox(shelf, &ListInbox::default(), now, zone));
        assert_eq!(inbox, Inbox { checked: inbox.checked.clone(), ..whole });
        inbox
    }

    pub async fn page(&self, id: &ItemId) -> RequestPage {
        let page = self.helper.engine.answer(ShowRequest { id: id.clone() }).await.unwrap();
        let whole = self.tell(|shelf, now, zone| view::request(shelf, id, now, zone));
        assert_eq!(Some(&page), whole.as_ref());
        page
    }

    pub async fn act(&self, id: &ItemId, act: ActKind, answer: Option<Given>) -> Acted {
        let question = Act { id: id.clone(), act, reason: None, answer };
        self.helper.engine.answer(question).await.unwrap()
    }

    /// What Rosa's app tells, after it looked.
    async fn told(&self, place: usize, request: &str) -> ReferralPage {
        self.look(&self.rosa).await;
        let id = ItemId(format!("referral:{}:{request}", self.rosa.sources()[place].id));
        self.rosa.engine.answer(ShowReferral { id }).await.unwrap()
    }
}

pub fn done_with(page: &RequestPage) -> Option<Given> {
    Some(Given::Done(vec![page.activities[0].key.clone()]))
}

/// The whole way at one place, as both sides see it.
async fn walk_through(kind: PlaceKind) {
    let both = Both::connect(&[kind], |sandbox| ask_food_bank(sandbox, kind, None)).await;
    let id = both.request(0, "pantry-task");

    let row = both.inbox().await.new.into_iter().find(|row| row.id == id).unwrap();
    assert_eq!(row.person.as_deref(), Some("Rosa Elena Delgado"));
    assert!(row.age.is_some_and(|age| age >= 38) && row.language.is_some());
    if kind == PlaceKind::Provider {
        assert_eq!((row.consent, row.reasons.len()), (ConsentSeen::InForce, 1));
    }
    assert_eq!(both.told(0, "pantry").await.row.state, ReferralState::Sent);

    for (act, state) in [
        (ActKind::Accept, ReferralState::SaidYes),
        (ActKind::Start, ReferralState::Helping),
        (ActKind::Pause, ReferralState::OnHold),
        (ActKind::Start, ReferralState::Helping),
    ] {
        assert_eq!(both.act(&id, act, None).await.state, ActState::Sent, "{act:?}");
        assert_eq!(both.told(0, "pantry").await.row.state, state);
    }

    let question = Some(Given::Words("Do you eat meat?".to_owned()));
    assert_eq!(both.act(&id, ActKind::Ask, question).await.state, ActState::Sent);
    both.look(&both.rosa).await;
    let todos: Todos = both.rosa.engine.answer(ListTodos::default()).await.unwrap();
    let to_answer = todos.your_turn.iter().find(|todo| todo.id.0.contains("new-")).unwrap();
    let answer = Some(Given::Words("No.".to_owned()));
    let finish = Act { id: to_answer.id.clone(), act: ActKind::Finish, reason: None, answer };
    assert_eq!(both.page(&id).await.row.group, InboxGroup::Waiting, "it is Rosa's turn");
    assert_eq!(both.rosa.engine.answer(finish).await.unwrap().state, ActState::Sent);
    both.look(&both.helper).await;
    let page = both.page(&id).await;
    assert_eq!(page.row.group, InboxGroup::Active);
    assert_eq!(page.asked[0].answers, [Words::theirs("No.")]);

    let done = done_with(&page);
    assert_eq!(both.act(&id, ActKind::Finish, done).await.state, ActState::Sent);
    let told = both.told(0, "pantry").await;
    assert_eq!(told.row.state, ReferralState::Done);
    let did = Words::theirs("Assistance with application for food pantry program");
    assert!(told.story.iter().any(|step| step.words.as_ref() == Some(&did)), "{:?}", told.story);
    assert!(both.inbox().await.done.iter().any(|row| row.id == id));
    assert_eq!(count_procedures(&both.control(kind)), 1);
}

pub fn count_procedures(control: &Control) -> usize {
    let all = control.list_resources("Procedure");
    let ours = |it: &&Value| it["basedOn"][0]["reference"] == "ServiceRequest/pantry";
    all.iter().filter(ours).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinics_request_is_helped_with_and_the_person_sees_each_step() {
    walk_through(PlaceKind::Provider).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_platforms_request_is_helped_with_and_the_person_sees_each_step() {
    walk_through(PlaceKind::Platform).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_directly_and_over_a_platform_is_told_once() {
    let both = Both::connect(&[PlaceKind::Provider, PlaceKind::Platform], |sandbox| {
        let clinic = &sandbox.place(PlaceKind::Provider).fhir_base;
        ask_food_bank(sandbox, PlaceKind::Provider, None);
        ask_food_bank(sandbox, PlaceKind::Platform, Some(clinic.as_str()));
    })
    .await;

    let inbox = both.inbox().await;

    let rows: Vec<_> = inbox.new.iter().filter(|row| row.id.0.ends_with(":pantry-task")).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].id, both.request(0, "pantry-task"), "the direct one");
    assert_eq!(rows[0].also, [both.request(1, "pantry-task")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn saying_no_reaches_the_person_with_its_reason() {
    let kind = PlaceKind::Provider;
    let both = Both::connect(&[kind], |sandbox| ask_food_bank(sandbox, kind, None)).await;

    let why = Some(Given::Because(DeclineReason::AtCapacity));
    let acted = both.act(&both.request(0, "pantry-task"), ActKind::Decline, why).await;

    assert_eq!(acted.state, ActState::Sent);
    let task = both.control(kind).read_resource("Task", "pantry-task").unwrap();
    assert_eq!(task["statusReason"]["coding"][0]["code"], "no-capacity");
    let told = both.told(0, "pantry").await;
    assert_eq!(told.row.state, ReferralState::CouldNot);
    assert!(told.story.iter().any(|step| step.words == Some(Words::theirs("At capacity"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_has_is_taken_by_one_and_then_accepted() {
    let both = Both::connect(&[PlaceKind::Platform], |_| ()).await;
    let id = both.request(0, "garden-task");
    assert!(both.page(&id).await.row.is_open);

    let claimed = both.act(&id, ActKind::Claim, None).await;
    let accepted = both.act(&id, ActKind::Accept, None).await;

    assert_eq!((claimed.state, accepted.state), (ActState::Sent, ActState::Sent));
    let task = both.control(PlaceKind::Platform).read_resource("Task", "garden-task").unwrap();
    assert_eq!(task["owner"]["reference"], "Organization/bright-harvest");
    assert_eq!(task["status"], "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_must_not_be_contacted_is_shown_without_any_way_to_do_it() {
    let kind = PlaceKind::Provider;
    let both = Both::connect(&[kind], |sandbox| ask_food_bank(sandbox, kind, None)).await;
    let id = both.request(0, "pantry-task");
    let before = both.page(&id).await;
    // The clinic learns of the danger later, and changes nothing but the request.
    both.control(kind).change_resource("ServiceRequest", "pantry", |request| {
        request["orderDetail"] =
            json!([{ "coding": [{ "code": "contacting-subject-prohibited" }] }]);
    });

    both.look(&both.helper).await;
    let after = both.page(&id).await;

    assert!(before.warning.is_none() && !before.contacts.is_empty());
    assert!(after.warning.is_some() && after.row.do_not_contact);
    assert!(after.contacts.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_makes_no_second_procedure() {
    let kind = PlaceKind::Provider;
    let both = Both::connect(&[kind], |sandbox| ask_food_bank(sandbox, kind, None)).await;
    let id = both.request(0, "pantry-task");
    both.act(&id, ActKind::Accept, None).await;
    let at = At::Type("Procedure".to_owned());
    both.control(kind).add_fault(Rule { at, fault: Fault::LoseAnswer, times: Some(1), after: 0 });

    let done = done_with(&both.page(&id).await);
    let first = both.act(&id, ActKind::Finish, done).await;
    both.helper.make_outbox_due();
    both.look(&both.helper).await;

    assert_ne!(first.state, ActState::Refused);
    let task = both.control(kind).read_resource("Task", "pantry-task").unwrap();
    assert_eq!(task["status"], "completed");
    assert_eq!(count_procedures(&both.control(kind)), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_a_service_reaches_its_organization_and_the_person_reads_whom_to_call() {
    let kind = PlaceKind::Provider;
    let both = Both::connect(&[kind], |sandbox| {
        ask_food_bank(sandbox, kind, None);
        sandbox.place(kind).control().change_resource("Task", "pantry-task", |task| {
            task["owner"] = json!({ "reference": "HealthcareService/bright-harvest-boxes" });
        });
    })
    .await;
    let id = both.request(0, "pantry-task");

    let page = both.page(&id).await;
    let accepted = both.act(&id, ActKind::Accept, None).await;
    let done = both.act(&id, ActKind::Finish, done_with(&page)).await;
    let told = both.told(0, "pantry").await;

    assert_eq!(page.facts[0].value, Words::theirs("Weekly food boxes"));
    assert_eq!((accepted.state, done.state), (ActState::Sent, ActState::Sent));
    let procedures = both.control(kind).list_resources("Procedure");
    let ours =
        procedures.iter().find(|it| it["basedOn"][0]["reference"] == "ServiceRequest/pantry");
    assert_eq!(ours.unwrap()["performer"][0]["actor"]["reference"], "Organization/bright-harvest");
    assert_eq!(told.row.helper.as_deref(), Some("Weekly food boxes"));
    let for_appointments = |it: &&Contact| {
        it.about
            .as_ref()
            .is_some_and(|about| about == &Words::Ours(Phrase::new("contact-for-appointments")))
    };
    let call = told.contacts.iter().find(for_appointments).expect("a number for appointments");
    assert!(call.link.as_deref().is_some_and(|link| link.starts_with("tel:")), "{call:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_seen_in_one_role_stays_news_in_the_other() {
    let kind = PlaceKind::Provider;
    let both = Both::connect(&[kind], |sandbox| ask_food_bank(sandbox, kind, None)).await;
    // Priya's phone is also that of a patient: Rosa signs in on it.
    both.helper.set_mood(Mood::SignsIn);
    let code = both.sandbox.place(kind).invitation();
    both.helper.connect_as(&code, Role::Patient).await.unwrap();
    both.control(kind).change_resource("Task", "pantry-task", |task| {
        task["status"] = json!("on-hold");
    });
    both.look(&both.helper).await;
    let engine = &both.helper.engine;
    let news = async || {
        let only = InboxFilter::Changed;
        let inbox = engine.answer(ListInbox { only, ..ListInbox::default() }).await.unwrap();
        let today = engine.answer(ShowToday {}).await.unwrap();
        (inbox.new.len() + inbox.active.len() + inbox.waiting.len(), today.news.len())
    };

    let before = news().await;
    engine.answer(MarkSeen { role: Role::Organization }).await.unwrap();
    let in_the_inbox = news().await;
    engine.answer(MarkSeen { role: Role::Patient }).await.unwrap();

    assert_eq!((before, in_the_inbox, news().await), ((1, 1), (0, 1), (0, 0)));
}

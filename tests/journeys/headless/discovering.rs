//! How a place is found out about: what is followed, what is refused, and what is never asked.

use handrail_contract::{
    problem::Refusal,
    sign_in::Stage,
    todo::{ListTodos, ShowTodo},
};
use handrail_engine::{Answer as _, Policy, Registry};
use handrail_sandbox::{
    At, Discovery, Fault, Options, PlaceKind, Registration, Rule, Sandbox, Spelling,
};
use support::phone::{Phone, registry_bytes_of};

use super::refused::refusal_of;

fn moved(to: String) -> Rule {
    Rule::once(At::Discovery, Fault::Redirect { to })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_that_moved_within_its_origin_is_followed_once() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);
    let elsewhere = || moved("/fhir/.well-known/smart-configuration?moved=1".to_owned());

    place.control().set_faults(vec![elsewhere(), elsewhere()]);
    let twice = refusal_of(&phone, &place.invitation()).await;
    place.control().set_faults(vec![elsewhere()]);
    let once = phone.connect(&place.invitation()).await.unwrap();

    assert_eq!(twice, Some(Refusal::NotSmart));
    assert!(matches!(once.stage, Stage::Connected { .. }), "{:?}", once.stage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_description_that_points_to_another_origin_is_not_followed() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);
    let other = sandbox.place(PlaceKind::Provider);

    let there = format!("{}/.well-known/smart-configuration", other.fhir_base);
    place.control().add_fault(moved(there));
    let refused = refusal_of(&phone, &place.invitation()).await;

    assert_eq!(refused, Some(Refusal::NotSmart));
    assert!(other.control().requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_is_sent_elsewhere_is_not_followed_even_at_home() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);

    let to = "/auth/register".to_owned();
    place.control().add_fault(Rule::once(At::Register, Fault::Redirect { to }));
    let refused = refusal_of(&phone, &place.invitation()).await;

    assert_eq!(refused, Some(Refusal::NoClientId));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_knows_one_spelling_of_scopes_is_asked_in_that_spelling() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    for scopes in [Spelling::V1, Spelling::V2] {
        let phone = Phone::new(&sandbox);
        let place = sandbox.place(PlaceKind::Provider);
        place.control().set_discovery(Discovery { scopes, ..Discovery::default() });

        let ended = phone.connect(&place.invitation()).await.unwrap();
        let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

        assert!(matches!(ended.stage, Stage::Connected { .. }), "{scopes:?}: {:?}", ended.stage);
        assert!(!todos.your_turn.is_empty(), "{scopes:?}");
    }
}

/// A place as it was before there was a smart-configuration.
fn old() -> Discovery {
    Discovery { smart_configuration: false, oauth_uris: true, ..Discovery::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_place_of_the_old_kind_is_read_and_offers_nothing_to_press() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let mut rows: serde_json::Value = serde_json::from_slice(&registry_bytes_of(&sandbox)).unwrap();
    rows["rows"][0]["old_discovery"] = true.into();
    let registry = Registry::parse(rows.to_string().as_bytes(), Policy::DEVELOPER).unwrap();
    let phone = Phone::with_registry(registry);
    let place = sandbox.place(PlaceKind::Provider);
    place.control().set_discovery(old());

    let ended = phone.connect(&place.invitation()).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert!(matches!(ended.stage, Stage::Connected { .. }), "{:?}", ended.stage);
    assert!(!todos.your_turn.is_empty());
    for row in todos.your_turn {
        let page = phone.engine.answer(ShowTodo { id: row.id }).await.unwrap();
        assert!(page.acts.is_empty(), "{:?}", page.acts);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_of_the_old_kind_that_nobody_vouches_for_is_refused_as_weakly_protected() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);

    for kind in [PlaceKind::Provider, PlaceKind::Cbo] {
        let place = sandbox.place(kind);
        place.control().set_discovery(old());
        let refused = refusal_of(&phone, &place.invitation()).await;

        assert_eq!(refused, Some(Refusal::WeakSignIn), "{kind:?}");
        assert!(place.control().requests().iter().all(|seen| !seen.path.starts_with("/auth")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_gives_no_client_id_ends_with_what_to_ask_for() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);

    for registration in
        [Registration::Closed, Registration::OtherRedirect, Registration::Confidential]
    {
        let discovery = Discovery { registration: registration.clone(), ..Discovery::default() };
        place.control().set_discovery(discovery);
        let refused = refusal_of(&phone, &place.invitation()).await;

        assert_eq!(refused, Some(Refusal::NoClientId), "{registration:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_at_somebody_elses_is_never_asked_for() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);
    let endpoint = "https://register.example.org/".to_owned();
    let registration = Registration::At { endpoint };
    place.control().set_discovery(Discovery { registration, ..Discovery::default() });

    let refused = refusal_of(&phone, &place.invitation()).await;

    assert_eq!(refused, Some(Refusal::Disagrees));
    assert!(place.control().requests().iter().all(|seen| seen.path != "/auth/register"));
}

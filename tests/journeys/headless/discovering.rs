//! How a place is found out about: what is followed, what is refused, and what is never asked.

use handrail_contract::{problem::Refusal, sign_in::Stage};
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox};
use support::phone::Phone;

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

//! Ending a connection while something else is going on.

use handrail_contract::{
    Problem,
    place::{ConnectionState, Disconnect, ListConnections, Outcome, Revoked, SourceId},
    sign_in::{SignInAgain, Stage},
    today::ShowToday,
    todo::ListTodos,
};
use handrail_engine::{Answer as _, Which, testing};
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rotation, Rule, Sandbox};
use support::phone::Phone;

use super::connecting::only_source;

/// A phone that is connected to the clinic alone.
async fn connect_the_clinic(options: Options) -> (Sandbox, Phone, SourceId) {
    let sandbox = Sandbox::start(options).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let source = only_source(&phone).await;
    (sandbox, phone, source)
}

async fn wait_until_a_look_is_under_way(phone: &Phone) {
    let mut changes = phone.engine.changes();
    while !phone.engine.answer(ShowToday {}).await.unwrap().checked.running {
        changes.changed().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_was_left_keeps_its_rows_and_is_never_asked_again() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let place = sandbox.place(PlaceKind::Provider);

    let receipt =
        phone.engine.answer(Disconnect { source: source.clone(), erase: false }).await.unwrap();
    place.control().clear_requests();
    let all = phone.engine.check(Which::All).await.unwrap();
    let one = phone.engine.check(Which::One(source.clone())).await;
    let rows = phone.engine.answer(ListConnections {}).await.unwrap().rows;
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert_eq!((receipt.revoked, receipt.erased), (Revoked::Confirmed, false));
    assert!(all.sources.is_empty() && place.control().requests().is_empty());
    assert_eq!(one.unwrap_err(), Problem::SignInAgain { source });
    assert!(rows[0].left && rows[0].state == ConnectionState::SignInAgain);
    assert!(!todos.your_turn.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_takes_a_place_back_that_was_left() {
    let (_sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    phone.engine.answer(Disconnect { source: source.clone(), erase: false }).await.unwrap();

    let begun = phone.engine.answer(SignInAgain { source: source.clone() }).await.unwrap();
    phone.wait_for_end(&begun.attempt).await.unwrap();
    let rows = phone.engine.answer(ListConnections {}).await.unwrap().rows;

    assert_eq!((rows.len(), &rows[0].place.source), (1, &source));
    assert!(!rows[0].left && rows[0].state == ConnectionState::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_is_under_way_brings_nothing_back_that_was_erased() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let place = sandbox.place(PlaceKind::Provider);
    let late = Fault::Slow { millis: 1_500 };
    place.control().add_fault(Rule::always(At::Type("Task".to_owned()), late));
    let engine = phone.engine.clone();
    let look = tokio::spawn(async move { engine.check(Which::All).await });
    wait_until_a_look_is_under_way(&phone).await;

    let receipt =
        phone.engine.answer(Disconnect { source: source.clone(), erase: true }).await.unwrap();
    let looked = look.await.unwrap().unwrap();
    let rows = phone.engine.answer(ListConnections {}).await.unwrap().rows;
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert!(receipt.erased && rows.is_empty() && todos.your_turn.is_empty());
    assert_eq!(looked.sources[0].changed, 0);
    assert!(phone.files().iter().all(|(name, _)| !name.contains(&source.0)), "nothing is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_another_process_is_just_being_given_are_ended_too() {
    let strict = Options { rotation: Some(Rotation::Strict), ..Options::anywhere() };
    let (sandbox, phone, source) = connect_the_clinic(strict).await;
    let place = sandbox.place(PlaceKind::Provider);
    let twin = phone.open_twin();
    place.control().expire_access_tokens();
    let mut token_rule = Rule::always(At::Token, Fault::Slow { millis: 1_500 });
    token_rule.times = Some(1);
    place.control().add_fault(token_rule);
    let look = tokio::spawn(async move { twin.check(Which::All).await });
    phone.wait_for_file(&format!("vault/place-{source}.lock")).await;

    let receipt =
        phone.engine.answer(Disconnect { source: source.clone(), erase: true }).await.unwrap();
    look.await.unwrap().unwrap();

    assert_eq!(receipt.revoked, Revoked::Confirmed);
    assert_eq!(place.control().count_live_grants(), 0);
    assert!(phone.files().iter().all(|(name, _)| !name.contains(&source.0)), "nothing is left");
    assert!(phone.engine.answer(ListConnections {}).await.unwrap().rows.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_waits_in_the_browser_ends_with_its_place() {
    let (_sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    phone.set_mood(support::phone::Mood::ClosesIt);
    let begun = phone.engine.answer(SignInAgain { source: source.clone() }).await.unwrap();
    let is_open = |stage: &Stage| matches!(stage, Stage::InBrowser { .. });
    phone.wait_for(&begun.attempt, is_open).await.unwrap();

    phone.engine.answer(Disconnect { source, erase: true }).await.unwrap();

    let sealed: Vec<String> = phone
        .files()
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| name.ends_with(".hold"))
        .collect();
    assert_eq!(sealed, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_somebody_in_between_is_not_taken_for_the_end_of_a_session() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Provider);
    let control = place.control();
    let redirect = Fault::Redirect { to: format!("{}welcome", place.origin) };
    for fault in [Fault::WebPage, redirect, Fault::Endless] {
        control.reset();
        let phone = Phone::new(&sandbox);
        phone.connect(&place.invitation()).await.unwrap();
        let source = only_source(&phone).await;
        control.add_fault(Rule::always(At::Revoke, fault.clone()));

        let receipt = phone.engine.answer(Disconnect { source, erase: false }).await.unwrap();
        let open_meanwhile = control.count_live_grants();
        control.clear_faults();
        phone.engine.check(Which::All).await.unwrap();

        assert_eq!((receipt.revoked, open_meanwhile), (Revoked::Queued, 1), "{fault:?}");
        assert_eq!(control.count_live_grants(), 0, "{fault:?}");
    }
}

/// Ends the connection and keeps what was saved; what the place is said to have answered.
async fn leave(phone: &Phone, source: &SourceId) -> Revoked {
    phone.engine.answer(Disconnect { source: source.clone(), erase: false }).await.unwrap().revoked
}

async fn sign_in_again(phone: &Phone, source: &SourceId) {
    let begun = phone.engine.answer(SignInAgain { source: source.clone() }).await.unwrap();
    let ended = phone.wait_for_end(&begun.attempt).await.unwrap();
    assert!(matches!(ended.stage, Stage::Connected { .. }), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_was_left_twice_while_it_was_away_is_told_about_both() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let control = sandbox.place(PlaceKind::Provider).control();
    control.add_fault(Rule::always(At::Revoke, Fault::HangUp));

    let first = leave(&phone, &source).await;
    sign_in_again(&phone, &source).await;
    let second = leave(&phone, &source).await;
    let open_meanwhile = control.count_live_grants();
    control.clear_faults();
    phone.engine.check(Which::All).await.unwrap();

    assert_eq!([first, second], [Revoked::Queued, Revoked::Queued]);
    assert_eq!((open_meanwhile, control.count_live_grants()), (2, 0));
    assert!(phone.files().iter().all(|(name, _)| !name.contains("revoke-")), "nothing waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_ends_the_session_before_and_never_the_new_one() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let control = sandbox.place(PlaceKind::Provider).control();

    sign_in_again(&phone, &source).await;
    control.expire_access_tokens();
    let looked = phone.engine.check(Which::All).await.unwrap();

    assert_eq!(control.count_live_grants(), 1);
    assert_eq!(looked.sources[0].outcome, Outcome::Ok, "the new refresh token works");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_replaced_while_the_place_could_not_end_it_is_ended_later() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let control = sandbox.place(PlaceKind::Provider).control();
    control.add_fault(Rule::always(At::Revoke, Fault::HangUp));

    sign_in_again(&phone, &source).await;
    let open_meanwhile = control.count_live_grants();
    control.clear_faults();
    phone.engine.check(Which::All).await.unwrap();

    assert_eq!((open_meanwhile, control.count_live_grants()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_a_place_that_was_left_already_says_that_there_was_nothing_left_to_end() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let control = sandbox.place(PlaceKind::Provider).control();

    leave(&phone, &source).await;
    control.clear_requests();
    let again =
        phone.engine.answer(Disconnect { source: source.clone(), erase: true }).await.unwrap();

    assert_eq!((again.revoked, again.erased), (Revoked::NothingLeft, true));
    assert_eq!(again.line.key, "disconnected-nothing-left");
    assert!(control.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_a_place_again_that_has_still_to_be_told_says_so() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    sandbox.place(PlaceKind::Provider).control().add_fault(Rule::always(At::Revoke, Fault::HangUp));

    let said = [leave(&phone, &source).await, leave(&phone, &source).await];

    assert_eq!(said, [Revoked::Queued, Revoked::Queued]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_place_has_still_to_be_told_outlives_a_locked_keyring() {
    let (sandbox, phone, source) = connect_the_clinic(Options::anywhere()).await;
    let control = sandbox.place(PlaceKind::Provider).control();
    control.add_fault(Rule::always(At::Revoke, Fault::HangUp));
    leave(&phone, &source).await;
    control.clear_faults();
    control.clear_requests();

    testing::while_the_key_is_locked(&phone.engine).check(Which::All).await.unwrap();
    let (asked_while_locked, open_meanwhile) =
        (control.requests().len(), control.count_live_grants());
    phone.engine.check(Which::All).await.unwrap();

    assert_eq!((asked_while_locked, open_meanwhile), (0, 1));
    assert_eq!(control.count_live_grants(), 0, "carried out once it could be read");
}

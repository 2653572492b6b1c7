//! One bounded turn with nobody looking: its budget, its order, and what it does not hold against a place.

use std::{process::Command, time::Duration};

use handrail_contract::{
    place::{ConnectionState, ListConnections, Outcome, SourceOutcome},
    sign_in::SignInAgain,
    todo::ListTodos,
};
use handrail_engine::{Answer as _, TURN, Which};
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox};
use support::{phone::Phone, wait::until};

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_runs_out_of_time_keeps_what_it_has_and_backs_off_from_the_slow_place() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let sources = phone.connect_everything(&sandbox).await;
    let control = sandbox.place(PlaceKind::Provider).control();
    control.add_fault(Rule::always(At::Type("Task".to_owned()), Fault::Slow { millis: 60_000 }));
    phone.make_all_due();

    let outcome = phone.engine.wake(Duration::from_secs(2)).await.unwrap();
    let rows = phone.engine.answer(ListConnections {}).await.unwrap().rows;
    let next = phone.engine.wake(Duration::from_secs(2)).await.unwrap();

    let of = |id| outcome.sources.iter().find(|checked| checked.source == id).unwrap();
    assert_eq!(of(sources[0].clone()).problems, ["out_of_time"]);
    assert_eq!(of(sources[1].clone()).outcome, Outcome::Ok);
    assert_eq!(of(sources[2].clone()).outcome, Outcome::Ok);
    assert_eq!(rows[0].state, ConnectionState::OutOfReach);
    assert!(next.sources.iter().all(|checked| checked.outcome == Outcome::NotDue), "{next:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_is_stopped_holds_nothing_against_the_place_and_the_next_one_goes_on() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let control = sandbox.place(PlaceKind::Provider).control();
    phone.make_all_due();
    let before = phone.sources();
    control.add_fault(Rule::once(At::Type("Task".to_owned()), Fault::Slow { millis: 60_000 }));
    control.clear_requests();

    let stop = until(|| !control.requests().is_empty());
    let stopped = phone.engine.wake_until(TURN, stop).await.unwrap();
    let after = phone.sources();
    control.clear_faults();
    let next = phone.engine.wake(TURN).await.unwrap();

    assert_eq!(stopped.sources[0].problems, ["stopped"]);
    assert_eq!(after, before, "it stays due, and is not called away");
    assert_eq!(next.sources[0].outcome, Outcome::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_turn_whose_exchange_is_waited_for_loses_no_token() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let control = sandbox.place(PlaceKind::Provider).control();
    control.expire_access_tokens();
    // The tokens are given at once, and come a byte at a time.
    control.add_fault(Rule::once(At::Token, Fault::Trickle { millis: 1 }));
    phone.make_all_due();
    let (asked, reused) = (control.count_token_requests(), control.count_reuse_events());

    let stop = until(|| control.count_token_requests() != asked);
    let stopped = phone.engine.wake_until(TURN, stop).await.unwrap();
    let exchanging = phone.engine.is_exchanging();
    phone.engine.finish_exchanges().await;
    let next = phone.restart().engine.wake(TURN).await.unwrap();

    assert_eq!(stopped.sources[0].problems, ["stopped"]);
    assert!(exchanging, "the tokens came before the turn was stopped: nothing was tried");
    assert_eq!(next.sources[0].outcome, Outcome::Ok);
    assert_eq!(control.count_token_requests(), asked + 1, "what was sealed is used");
    assert_eq!(control.count_reuse_events(), reused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_is_over_does_not_wait_for_a_token_that_is_still_on_its_way() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let control = sandbox.place(PlaceKind::Provider).control();
    control.expire_access_tokens();
    control.add_fault(Rule::once(At::Token, Fault::Slow { millis: 6_000 }));
    control.clear_requests();
    phone.make_all_due();

    let outcome = phone.engine.wake(Duration::from_secs(1)).await.unwrap();
    let answered = control
        .requests()
        .iter()
        .any(|seen| seen.path.ends_with("/token") && seen.status.is_some());
    let later = phone.engine.check(Which::All).await.unwrap();

    assert!(outcome.sources[0].problems.contains(&"out_of_time".to_owned()), "{outcome:?}");
    assert!(!answered, "the turn ended before the token came");
    assert_eq!(later.sources[0].outcome, Outcome::Ok, "and the token was not lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_new_and_refused_all_the_same_ends_no_session() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let control = sandbox.place(PlaceKind::Provider).control();
    control.add_fault(Rule::always(At::Fhir, Fault::Status { status: 401 }));
    let before = control.count_token_requests();

    let refused = phone.engine.check(Which::All).await.unwrap();
    let asked = control.count_token_requests() - before;
    control.clear_faults();
    let mended = phone.engine.check(Which::All).await.unwrap();

    assert_eq!(refused.sources[0].outcome, Outcome::OutOfReach);
    assert_eq!(refused.sources[0].problems, ["token_refused"]);
    assert_eq!(asked, 1, "one forced renewal, and no storm");
    assert_eq!(mended.sources[0].outcome, Outcome::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_vault_file_hides_no_other_place_and_signing_in_again_mends_it() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let sources = phone.connect_everything(&sandbox).await;
    let sealed = phone.data().join(format!("vault/place-{}.hold", sources[1]));
    std::fs::write(&sealed, b"not what was sealed").unwrap();

    let outcome = phone.engine.check(Which::All).await.unwrap();
    let saved = phone.engine.answer(ListTodos { source: Some(sources[1].clone()) }).await.unwrap();
    let begun = phone.engine.answer(SignInAgain { source: sources[1].clone() }).await.unwrap();
    phone.wait_for_end(&begun.attempt).await.unwrap();
    let rows = phone.engine.answer(ListConnections {}).await.unwrap().rows;

    let of = |id| outcome.sources.iter().find(|checked: &&SourceOutcome| checked.source == id);
    assert_eq!(of(sources[0].clone()).unwrap().outcome, Outcome::Ok);
    assert_eq!(of(sources[1].clone()).unwrap().outcome, Outcome::SignInAgain);
    assert_eq!(of(sources[1].clone()).unwrap().problems, ["key_trouble"]);
    assert_eq!(of(sources[2].clone()).unwrap().outcome, Outcome::Ok);
    assert!(!saved.your_turn.is_empty());
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row.state == ConnectionState::Connected));
}

/// In a network namespace of its own there is no route at all; nothing of this test can leave the machine.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_a_turn_tries_nothing_and_blames_nobody() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    phone.make_all_due();
    phone.move_to("https://elm.example/fhir");
    let before = phone.engine.answer(ListConnections {}).await.unwrap();

    let program = support::programs::find_program("handrail");
    let turn = Command::new("unshare")
        .args(["--user", "--map-root-user", "--net"])
        .arg(program)
        .arg("--data")
        .arg(phone.data())
        .args(["--json", "refresh", "--if-due"])
        .output()
        .unwrap();
    let after = phone.engine.answer(ListConnections {}).await.unwrap();

    let said: serde_json::Value = serde_json::from_slice(&turn.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&turn.stderr)));
    assert_eq!((&said["outcome"], &said["problems"][0]), (&"not_due".into(), &"offline".into()));
    assert_eq!(said["requests"], 0);
    assert_eq!(before, after);
    assert!(turn.status.success());
}

//! Looking for news: what changed, what a token's end means, what a broken place does to the others.

use handrail_contract::{
    history::{DifferenceKind, ShowHistory},
    place::{ConnectionState, ListConnections, Outcome},
    today::{MarkSeen, ShowToday},
    todo::{ListTodos, TodoState},
    words::Words,
};
use handrail_engine::{Answer as _, Which, testing};
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rotation, Rule, Sandbox};
use support::phone::Phone;

use crate::connecting::only_source;

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_changed_shows_at_the_next_look_as_news() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();
    let row = todos.your_turn.iter().find(|row| row.state == TodoState::YourTurn).unwrap().clone();
    let id = row.id.0.rsplit(':').next().unwrap().to_owned();

    place.control().change_resource("Task", &id, |task| task["status"] = "on-hold".into());
    let outcome = phone.engine.check(Which::All).await.unwrap();
    let paused = phone.engine.answer(ListTodos::default()).await.unwrap().paused;
    let news = phone.engine.answer(ShowToday {}).await.unwrap().news;
    let seen = phone.engine.answer(MarkSeen::default()).await.unwrap().news;

    assert_eq!((outcome.sources[0].outcome, outcome.sources[0].changed), (Outcome::Ok, 1));
    assert!(paused.iter().any(|other| other.id == row.id));
    assert_eq!(news.iter().map(|news| &news.id).collect::<Vec<_>>(), [&row.id]);
    assert!(seen.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_staff_changed_twice_is_told_step_by_step() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();
    let row = todos.your_turn.iter().find(|row| row.state == TodoState::YourTurn).unwrap();
    let id = row.id.0.rsplit(':').next().unwrap();

    for status in ["on-hold", "completed"] {
        place.control().change_resource("Task", id, |task| task["status"] = status.into());
        phone.engine.check(Which::All).await.unwrap();
    }
    let history = phone.engine.answer(ShowHistory { id: row.id.clone() }).await.unwrap();

    let states: Vec<_> = history
        .entries
        .iter()
        .map(|entry| match &entry.differences[0].after {
            Some(Words::Ours(phrase)) => (entry.differences[0].what, &*phrase.key),
            other => panic!("a state of ours, not {other:?}"),
        })
        .collect();
    let expected = [
        (DifferenceKind::State, "todo-state-done"),
        (DifferenceKind::State, "todo-state-paused"),
        (DifferenceKind::Came, "todo-state-your-turn"),
    ];
    assert_eq!(states, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_with_nothing_new_is_small() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect_everything(&sandbox).await;

    let outcome = phone.engine.check(Which::All).await.unwrap();

    for source in &outcome.sources {
        assert_eq!((source.outcome, source.changed), (Outcome::Ok, 0));
        assert!(source.requests <= 3 && source.bytes <= 2_000, "{source:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_access_token_is_renewed_once_however_many_requests_met_it() {
    for rotation in [Rotation::None, Rotation::Strict] {
        let sandbox = Sandbox::start(Options { rotation: Some(rotation), ..Options::anywhere() })
            .await
            .unwrap();
        let phone = Phone::new(&sandbox);
        let place = sandbox.place(PlaceKind::Provider);
        phone.connect(&place.invitation()).await.unwrap();
        let before = place.control().count_token_requests();
        place.control().expire_access_tokens();

        let outcome = phone.engine.check(Which::All).await.unwrap();

        assert_eq!(outcome.sources[0].outcome, Outcome::Ok);
        assert_eq!(place.control().count_token_requests() - before, 1);
        assert_eq!(place.control().count_reuse_events(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_look_at_once_spend_one_refresh_token() {
    let sandbox =
        Sandbox::start(Options { rotation: Some(Rotation::Strict), ..Options::anywhere() })
            .await
            .unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    let twin = phone.open_twin();
    let before = place.control().count_token_requests();
    place.control().expire_access_tokens();

    let (one, two) = tokio::join!(phone.engine.check(Which::All), twin.check(Which::All));

    assert_eq!(one.unwrap().sources[0].outcome, Outcome::Ok);
    assert_eq!(two.unwrap().sources[0].outcome, Outcome::Ok);
    assert_eq!(place.control().count_token_requests() - before, 1);
    assert_eq!(place.control().count_reuse_events(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_away_is_named_and_neither_ends_a_session_nor_delays_the_others() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let sources = phone.connect_everything(&sandbox).await;
    let before = phone.engine.answer(ListConnections {}).await.unwrap();
    let control = sandbox.place(PlaceKind::Provider).control();
    control.expire_access_tokens();
    control.add_fault(Rule::always(At::Everything, Fault::HangUp));

    let away = phone.engine.check(Which::All).await.unwrap();
    let shown = phone.engine.answer(ListConnections {}).await.unwrap();
    control.clear_faults();
    let back = phone.engine.check(Which::One(sources[0].clone())).await.unwrap();
    let mended = phone.engine.answer(ListConnections {}).await.unwrap();

    let outcome_of =
        |wanted| away.sources.iter().find(|source| source.source == wanted).unwrap().outcome;
    assert_eq!(outcome_of(sources[0].clone()), Outcome::OutOfReach);
    assert_eq!(outcome_of(sources[1].clone()), Outcome::Ok);
    assert_eq!(outcome_of(sources[2].clone()), Outcome::Ok);
    assert_eq!(shown.rows[0].state, ConnectionState::OutOfReach);
    assert_eq!(shown.rows[0].last_success_at, before.rows[0].last_success_at);
    assert_eq!(back.sources[0].outcome, Outcome::Ok);
    assert_eq!(mended.rows[0].state, ConnectionState::Connected);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refused_type_never_hides_the_rest() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    place
        .control()
        .add_fault(Rule::always(At::Type("Goal".to_owned()), Fault::Status { status: 403 }));

    phone.connect(&place.invitation()).await.unwrap();
    let connections = phone.engine.answer(ListConnections {}).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert!(!todos.your_turn.is_empty());
    assert_eq!(connections.rows[0].state, ConnectionState::Connected);
    assert!(
        connections.rows[0].skipped.iter().any(|skipped| skipped.why == "refused"),
        "{connections:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_answer_that_is_lost_on_the_way_loses_no_session_where_the_server_can_repeat_it() {
    let sandbox =
        Sandbox::start(Options { rotation: Some(Rotation::ConfirmOnUse), ..Options::anywhere() })
            .await
            .unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    place.control().expire_access_tokens();
    place.control().add_fault(Rule::once(At::Token, Fault::LoseAnswer));

    let outcome = phone.engine.check(Which::All).await.unwrap();

    assert_eq!(outcome.sources[0].outcome, Outcome::Ok, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_leaves_a_place_alone_that_was_just_looked_at() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Cbo);
    phone.connect(&place.invitation()).await.unwrap();
    place.control().clear_requests();

    let outcome = phone.engine.wake(std::time::Duration::from_secs(25)).await.unwrap();

    assert_eq!(outcome.sources[0].outcome, Outcome::NotDue);
    assert!(place.control().requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_whose_token_another_process_is_renewing_stays_as_it_is() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    let before = phone.engine.answer(ListConnections {}).await.unwrap();
    place.control().expire_access_tokens();

    let meanwhile = testing::while_others_hold(&phone.engine).check(Which::All).await.unwrap();
    let after = phone.engine.answer(ListConnections {}).await.unwrap();
    let later = phone.engine.check(Which::All).await.unwrap();

    assert_eq!(meanwhile.sources[0].outcome, Outcome::NotDue);
    assert_eq!(after.rows[0].state, ConnectionState::Connected);
    assert_eq!(after.rows[0].last_success_at, before.rows[0].last_success_at);
    assert_eq!(later.sources[0].outcome, Outcome::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_demands_at_once_cost_one_exchange_and_all_get_the_same_token() {
    let sandbox =
        Sandbox::start(Options { rotation: Some(Rotation::Strict), ..Options::anywhere() })
            .await
            .unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    let source = only_source(&phone).await;
    let before = place.control().count_token_requests();
    place.control().expire_access_tokens();

    let demands = (0..20).map(|_| testing::demand_token(&phone.engine, &source, Some(1)));
    let first = futures::future::join_all(demands).await;
    let newer = testing::demand_token(&phone.engine, &source, Some(2)).await;

    assert!(first.iter().all(|generation| *generation == Ok(2)), "{first:?}");
    assert_eq!(newer, Ok(3));
    assert_eq!(place.control().count_token_requests() - before, 2);
}

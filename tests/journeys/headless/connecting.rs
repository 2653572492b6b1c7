//! From a code on paper to a list, and back after the app was closed.

use handrail_contract::{
    goal::ListGoals,
    place::{ConnectionState, Disconnect, ListConnections, Outcome, Revoked, SourceId},
    referral::ListReferrals,
    sign_in::{BeginSignIn, SignInAgain, Stage},
    today::ShowToday,
    todo::ListTodos,
    words::Filling,
};
use handrail_engine::{Answer as _, Which, testing};
use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox};
use support::phone::{Mood, Phone};

#[tokio::test(flavor = "multi_thread")]
async fn three_places_stand_side_by_side_and_every_row_names_its_own() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);

    let sources = phone.connect_everything(&sandbox).await;
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();
    let goals = phone.engine.answer(ListGoals::default()).await.unwrap();
    let referrals = phone.engine.answer(ListReferrals::default()).await.unwrap();
    let today = phone.engine.answer(ShowToday {}).await.unwrap();

    let mut places: Vec<_> = todos.your_turn.iter().map(|row| row.place.source.clone()).collect();
    places.sort();
    places.dedup();
    let mut connected = sources.clone();
    connected.sort();
    assert_eq!(places, connected);
    assert!(
        goals.open.iter().all(|row| row.place.source != sources[2]),
        "a food bank shares no goals"
    );
    assert!(
        !goals.open.is_empty() && !referrals.needs_push.is_empty() && !referrals.moving.is_empty()
    );
    assert_eq!(today.places, 3);
    assert_eq!(today.name.as_deref(), Some("Rosa"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lists_hold_what_the_server_holds() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);

    phone.connect(&place.invitation()).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    let mut shown: Vec<_> = [todos.your_turn, todos.paused, todos.done]
        .concat()
        .iter()
        .filter_map(|row| row.id.0.rsplit(':').next().map(str::to_owned))
        .collect();
    let mut held: Vec<_> = place
        .control()
        .list_resources("Task")
        .iter()
        .filter(|task| task["for"]["reference"].as_str().is_some_and(|who| who.contains("rosa")))
        .filter(|task| {
            task["owner"]["reference"].as_str().is_some_and(|who| who.starts_with("Patient/"))
        })
        .filter(|task| task["status"] != "entered-in-error")
        .filter_map(|task| task["id"].as_str().map(str::to_owned))
        .collect();
    shown.sort();
    held.sort();
    assert_eq!(shown, held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_app_shows_the_saved_lists_while_no_place_answers() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect_everything(&sandbox).await;
    let before = phone.engine.answer(ListTodos::default()).await.unwrap();
    drop(sandbox);

    let phone = phone.restart();
    let after = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert_eq!(after.your_turn, before.your_turn);
    assert_eq!((after.paused, after.done), (before.paused, before.done));
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_the_same_place_again_updates_it_in_place() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let cbo = sandbox.place(PlaceKind::Cbo).invitation();

    phone.connect(&cbo).await.unwrap();
    let first = phone.engine.answer(ListConnections {}).await.unwrap();
    phone.connect(&cbo).await.unwrap();
    let second = phone.engine.answer(ListConnections {}).await.unwrap();

    assert_eq!(second.rows.len(), 1);
    assert_eq!(first.rows[0].place, second.rows[0].place);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_keeps_its_rows_and_signing_in_again_clears_the_alarm() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Platform);
    phone.connect(&place.invitation()).await.unwrap();
    let source = only_source(&phone).await;
    place.control().expire_access_tokens();
    place.control().kill_refresh_tokens();

    phone.engine.check(Which::All).await.unwrap();
    let ended = phone.engine.answer(ListConnections {}).await.unwrap();
    let saved = phone.engine.answer(ListTodos::default()).await.unwrap();
    let begun = phone.engine.answer(SignInAgain { source: source.clone() }).await.unwrap();
    let again = phone.wait_for_end(&begun.attempt).await.unwrap();
    let mended = phone.engine.answer(ListConnections {}).await.unwrap();

    assert_eq!(ended.rows[0].state, ConnectionState::SignInAgain);
    assert!(!saved.your_turn.is_empty());
    assert!(matches!(again.stage, Stage::Connected { source: same, .. } if same == source));
    assert_eq!((mended.rows.len(), mended.rows[0].state), (1, ConnectionState::Connected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnected_place_confirms_and_leaves_nothing_behind_when_asked_to() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    phone.connect(&place.invitation()).await.unwrap();
    let source = only_source(&phone).await;

    let receipt =
        phone.engine.answer(Disconnect { source: source.clone(), erase: true }).await.unwrap();
    let connections = phone.engine.answer(ListConnections {}).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert_eq!((receipt.revoked, receipt.erased), (Revoked::Confirmed, true));
    assert_eq!(place.control().count_live_grants(), 0);
    assert!(connections.rows.is_empty() && todos.your_turn.is_empty());
    assert!(
        phone.files().iter().all(|(name, _)| !name.contains(&source.0)),
        "no file of its own is left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_away_when_it_is_disconnected_is_asked_again_at_the_next_check() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let control = sandbox.place(PlaceKind::Provider).control();
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let source = only_source(&phone).await;
    control.add_fault(Rule::always(At::Everything, Fault::HangUp));

    let receipt =
        phone.engine.answer(Disconnect { source: source.clone(), erase: true }).await.unwrap();
    let while_away = control.count_live_grants();
    control.clear_faults();
    phone.engine.check(Which::All).await.unwrap();

    assert_eq!((receipt.revoked, while_away), (Revoked::Queued, 1));
    assert_eq!(control.count_live_grants(), 0);
    assert!(phone.files().iter().all(|(name, _)| !name.contains(&source.0)), "nothing is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_kept_can_be_read_without_the_keys() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect_everything(&sandbox).await;

    let files = phone.files();

    let holds = |bytes: &[u8], word: &str| {
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    };
    for word in [
        "Rosa",
        "Delgado",
        "resourceType",
        "Elm Street",
        "127.0.0.1",
        "refresh_token",
        "SQLite format",
    ] {
        assert!(
            files.iter().all(|(name, bytes)| !name.ends_with(".key") && !holds(bytes, word)
                || name.ends_with(".key")),
            "{word}"
        );
    }
    assert!(
        files.iter().any(|(name, _)| name.ends_with("records.db")),
        "the records were looked at"
    );
    assert!(
        files.iter().filter(|(name, _)| name.ends_with(".hold")).count() == 3,
        "the vault was looked at"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_were_sealed_before_the_app_died_are_listed_at_the_next_start() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.connect(&sandbox.place(PlaceKind::Provider).invitation()).await.unwrap();
    let source = only_source(&phone).await;
    testing::unlist(&phone.engine, &source).await.unwrap();

    let phone = phone.restart();
    phone.engine.resume_sign_ins().await;
    let adopted = only_source(&phone).await;
    let checked = phone.engine.check(Which::All).await.unwrap();

    assert_eq!(adopted, source);
    assert_eq!(checked.sources[0].outcome, Outcome::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_takes_up_the_tokens_that_were_left_of_the_one_before() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let code = sandbox.place(PlaceKind::Provider).invitation();
    phone.connect(&code).await.unwrap();
    let source = only_source(&phone).await;
    testing::unlist(&phone.engine, &source).await.unwrap();

    phone.connect(&code).await.unwrap();

    assert_eq!(only_source(&phone).await, source);
    assert_eq!(phone.files().iter().filter(|(name, _)| name.ends_with(".hold")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_whose_sign_in_page_is_at_another_host_has_both_named() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    phone.set_mood(Mood::ClosesIt);
    let issuer = sandbox.place(PlaceKind::Cbo).issuer.to_string();
    let description = axum::Json(serde_json::json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "code_challenge_methods_supported": ["S256"],
    }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let host = format!("localhost:{}", listener.local_addr().unwrap().port());
    let well_known = "/fhir/.well-known/smart-configuration";
    let router =
        axum::Router::new().route(well_known, axum::routing::get(|| async { description }));
    tokio::spawn(async { axum::serve(listener, router).await });

    let code = format!("http://{host}/invite?fhirUri=http://{host}/fhir&clientId=handrail");
    let question = BeginSignIn { text: code, role: Default::default() };
    let begun = phone.engine.answer(question).await.unwrap();
    let waits = |stage: &Stage| matches!(stage, Stage::InBrowser { .. });
    let shown = phone.wait_for(&begun.attempt, waits).await.unwrap();

    let note = shown.host_note.unwrap();
    let named = |who: &str| {
        note.body.with[who]
            == Filling::Text(match who {
                "place" => host.clone(),
                _ => shown.host.clone(),
            })
    };
    assert!(named("place") && named("page") && shown.host.starts_with("127.0.0.1:"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_with_one_host_has_nothing_to_mind() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);

    let ended = phone.connect(&sandbox.place(PlaceKind::Cbo).invitation()).await.unwrap();

    assert_eq!(ended.host_note, None);
}

pub async fn only_source(phone: &Phone) -> SourceId {
    let connections = phone.engine.answer(ListConnections {}).await.unwrap();
    assert_eq!(connections.rows.len(), 1);
    connections.rows[0].place.source.clone()
}

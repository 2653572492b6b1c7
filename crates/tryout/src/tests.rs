use handrail_contract::{
    goal::ListGoals,
    lock::{Pin, SetPin},
    place::ListConnections,
    referral::ListReferrals,
    settings::Theme,
    todo::ListTodos,
};
use handrail_engine::POLICY;

use super::*;

/// A person's own engine that knows no place; whatever it asked of the network would fail.
fn own_engine() -> Engine {
    let ports = Ports {
        http: Arc::new(WithinProcess(Arc::new([]))),
        network: Arc::new(NoNetworkNeeded),
        records: Arc::new(SqliteRecords::in_memory().unwrap()),
        vault: Arc::new(MemoryVault::default()),
        browser: Arc::new(MadeUpPerson::new(Arc::new([]))),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    };
    Engine::new(ports, Registry { version: 0, rows: Vec::new() }, POLICY)
}

#[tokio::test]
async fn a_tryout_has_connected_places_with_something_in_every_list() {
    let on_show = OnShow::default();

    let tryout = on_show.begin(&own_engine()).await.unwrap();

    let places = tryout.answer(ListConnections {}).await.unwrap();
    let names: Vec<_> = places.rows.iter().map(|row| row.place.name.as_str()).collect();
    assert_eq!(
        names,
        ["Elm Street Family Clinic", "Two Rivers Care Network", "Bright Harvest Food Bank"]
    );
    assert!(!tryout.answer(ListTodos::default()).await.unwrap().your_turn.is_empty());
    assert!(!tryout.answer(ListGoals::default()).await.unwrap().open.is_empty());
    assert!(!tryout.answer(ListReferrals::default()).await.unwrap().moving.is_empty());
    assert!(tryout.answer(ShowDoor {}).await.unwrap().made_up);
}

#[tokio::test]
async fn what_is_made_up_never_comes_among_what_is_saved_and_is_gone_when_left() {
    let (own, on_show) = (own_engine(), OnShow::default());
    let tryout = on_show.begin(&own).await.unwrap();
    let changes = tryout.changes();
    drop(tryout);

    let door = on_show.leave(&own).await.unwrap();

    assert!(!door.made_up);
    let shown = on_show.engine(own.clone());
    assert!(shown.answer(ListConnections {}).await.unwrap().rows.is_empty());
    // The last one that held the tryout let it go: nobody can announce a change any more.
    let mut changes = changes;
    while changes.changed().await.is_ok() {}
}

#[tokio::test]
async fn a_tryout_looks_as_the_person_chose_and_locks_what_is_theirs() {
    let own = own_engine();
    let dark = ChangeSettings { theme: Some(Theme::Dark), ..ChangeSettings::default() };
    own.answer(dark).await.unwrap();
    let pin = Pin::new("274913");
    own.answer(SetPin { pin, old: None }).await.unwrap();
    let on_show = OnShow::default();

    let tryout = on_show.begin(&own).await.unwrap();

    let door = tryout.answer(ShowDoor {}).await.unwrap();
    assert_eq!(door.looks.theme, Theme::Dark);
    assert!(!door.has_pin && !door.locked);
    assert!(on_show.leave(&own).await.unwrap().locked);
    assert_eq!(on_show.begin(&own).await.err(), Some(Problem::Locked));
}

#[tokio::test]
async fn an_address_that_is_not_made_up_is_not_reached() {
    let tryout = OnShow::default().begin(&own_engine()).await.unwrap();
    let text = "https://fhir.hospital.org/r4".to_owned();
    let mut changes = tryout.changes();

    let begun = tryout.answer(BeginSignIn { text, role: Role::Patient }).await.unwrap();

    loop {
        let shown = tryout.answer(ShowSignIn { attempt: begun.attempt.clone() }).await.unwrap();
        if let Stage::Refused { .. } = shown.stage {
            return;
        }
        assert!(!matches!(shown.stage, Stage::Connected { .. }));
        changes.changed().await.unwrap();
    }
}

//! What the person chose about the app is followed: how often it looks by itself, and what lists leave out.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use handrail_contract::{
    activity::ListActivity,
    place::{Disconnect, ListConnections, Outcome},
    private::ListPrivate,
    referral::ListReferrals,
    report::ShowReport,
    settings::{ChangeSettings, HideTopic, HowOften, ListTopics, ShowSettings, TextSize, Theme},
    today::ShowToday,
};
use handrail_core::connect::Rotation;
use handrail_engine::{
    Answer as _, Engine, TURN, Which,
    ports::Clock as _,
    records::SqliteRecords,
    testing::{Habits, HandClock, World, assemble, connect},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
const HOST: &str = "elm.example.org";

/// A phone that is connected to one place and looked at it twice, so that its pauses are the usual ones.
struct Phone {
    engine: Engine,
    clock: HandClock,
    folder: TempDir,
    world: World,
}

impl Phone {
    async fn new() -> Self {
        let clock = HandClock::at(NOW);
        let world = World::new(&clock, [(HOST.to_owned(), Habits::of(Rotation::Strict))]);
        let folder = TempDir::new().unwrap();
        let phone = Self { engine: open(&world, &clock, &folder), clock, folder, world };
        connect(&phone.engine, phone.world.invitation(HOST)).await.unwrap();
        phone.clock.turn(SignedDuration::from_mins(5));
        phone.engine.check(Which::All).await.unwrap();
        phone
    }

    async fn choose(&self, how_often: HowOften) {
        let chosen = ChangeSettings { how_often: Some(how_often), ..ChangeSettings::default() };
        self.engine.answer(chosen).await.unwrap();
    }

    /// Whether the place is looked at by itself, this long after the last look, with the app closed or open.
    async fn looks_after(&self, hours: i64, which: Option<Which>) -> bool {
        self.engine.check(Which::All).await.unwrap();
        self.clock.turn(SignedDuration::from_hours(hours));
        let outcome = match which {
            Some(which) => self.engine.check(which).await.unwrap(),
            None => self.engine.wake(TURN).await.unwrap(),
        };
        outcome.sources[0].outcome != Outcome::NotDue
    }
}

fn open(world: &World, clock: &HandClock, folder: &TempDir) -> Engine {
    let key = || Zeroizing::new([7; 32]);
    let vault = VaultFolder::open(folder.path().join("vault"), key(), XChaChaSnapshots).unwrap();
    let records = SqliteRecords::open(&folder.path().join("records.db"), &key()).unwrap();
    assemble(world, clock, Arc::new(records), Arc::new(vault), 1)
}

#[tokio::test]
async fn the_schedule_follows_what_was_chosen() {
    let phone = Phone::new().await;

    assert!(phone.looks_after(2, None).await, "hourly from the start");
    phone.choose(HowOften::FourHourly).await;
    assert!(!phone.looks_after(2, None).await);
    assert!(phone.looks_after(5, None).await);
    phone.choose(HowOften::Daily).await;
    assert!(!phone.looks_after(20, None).await);
    assert!(phone.looks_after(27, None).await);
    phone.choose(HowOften::WhenOpen).await;
    assert!(!phone.looks_after(100, None).await, "the app is closed");
    assert!(phone.looks_after(2, Some(Which::Due)).await, "the app is open");
    phone.choose(HowOften::Hourly).await;
    assert!(phone.looks_after(2, None).await);
}

#[tokio::test]
async fn the_pages_name_the_time_that_the_schedule_keeps() {
    let phone = Phone::new().await;
    let due = async || {
        let row = phone.engine.answer(ListConnections {}).await.unwrap().rows.remove(0);
        row.next_due_at.unwrap().parse::<Timestamp>().unwrap().duration_since(phone.clock.now())
    };
    let by_the_hour = due().await;

    phone.choose(HowOften::Daily).await;

    let off = due().await.as_secs() - 24 * by_the_hour.as_secs();
    assert!(off.abs() < 60, "24 times as long, to the minute: {off} s");
}

#[tokio::test]
async fn what_was_chosen_is_there_after_the_app_was_closed() {
    let phone = Phone::new().await;
    let chosen = ChangeSettings {
        theme: Some(Theme::Dark),
        text_size: Some(TextSize::Largest),
        ..ChangeSettings::default()
    };
    phone.engine.answer(chosen).await.unwrap();
    phone
        .engine
        .answer(ChangeSettings { covers: Some(false), ..ChangeSettings::default() })
        .await
        .unwrap();
    let Phone { engine, clock, folder, world } = phone;
    drop(engine);

    let looks = open(&world, &clock, &folder).answer(ShowSettings {}).await.unwrap().looks;

    assert_eq!(
        (looks.theme, looks.text_size, looks.covers),
        (Theme::Dark, TextSize::Largest, false)
    );
}

#[tokio::test]
async fn a_topic_that_is_hidden_leaves_the_lists_for_the_private_one() {
    let phone = Phone::new().await;
    let count = async || {
        let listed = phone.engine.answer(ListReferrals::default()).await.unwrap();
        let today = phone.engine.answer(ShowToday {}).await.unwrap();
        let private = phone.engine.answer(ListPrivate {}).await.unwrap();
        let listed = listed.needs_push.len() + listed.moving.len() + listed.finished.len();
        (listed, today.waiting.len() + today.news.len(), private.referrals.len())
    };
    let before = count().await;

    // The place names no topic for its referrals.
    let hide = |hidden| HideTopic { code: "other".to_owned(), hidden };
    let topics = phone.engine.answer(hide(true)).await.unwrap();
    let hidden = count().await;
    phone.engine.answer(hide(false)).await.unwrap();

    assert!(before.0 > 0 && before.1 > 0 && before.2 == 0, "{before:?}");
    assert_eq!(hidden, (0, 0, before.0));
    assert!(topics.others.iter().any(|row| row.code == "other" && row.hidden));
    assert_eq!(count().await, before);
}

#[tokio::test]
async fn a_topic_that_nobody_knows_is_not_kept() {
    let phone = Phone::new().await;
    let before = phone.engine.answer(ListTopics {}).await.unwrap();

    let after =
        phone.engine.answer(HideTopic { code: "made-up".to_owned(), hidden: true }).await.unwrap();

    assert_eq!(after, before);
    assert_eq!(phone.engine.answer(ShowSettings {}).await.unwrap().hidden_topics, 3);
}

#[tokio::test]
async fn what_the_app_did_is_told_by_place_and_never_says_what_it_was_about() {
    let phone = Phone::new().await;
    phone.clock.turn(SignedDuration::from_hours(2));
    phone.engine.wake(TURN).await.unwrap();
    phone.clock.turn(SignedDuration::from_hours(2));
    phone.engine.wake(TURN).await.unwrap();

    let activity = phone.engine.answer(ListActivity {}).await.unwrap();
    let rows: Vec<_> = activity.days.iter().flat_map(|day| &day.rows).collect();
    let keys: Vec<&str> = rows.iter().map(|row| &*row.title.key).collect();
    let told = format!("{rows:?}");

    assert_eq!(
        keys,
        ["activity-checked", "activity-checked", "activity-signed-in"],
        "the latest first, what is quiet in one line"
    );
    assert!(rows.iter().all(|row| row.place.is_some()));
    for word in ["Delgado", "pantry", "food", "pat-1", "task-1"] {
        assert!(!told.to_lowercase().contains(&word.to_lowercase()), "“{word}” in {told}");
    }
}

#[tokio::test]
async fn a_place_that_is_erased_is_in_no_log_any_more() {
    let phone = Phone::new().await;
    let source = phone.engine.answer(ListConnections {}).await.unwrap().rows.remove(0).place.source;

    phone.engine.answer(Disconnect { source: source.clone(), erase: true }).await.unwrap();

    let activity = phone.engine.answer(ListActivity {}).await.unwrap();
    let rows: Vec<_> = activity.days.iter().flat_map(|day| &day.rows).collect();
    assert_eq!(rows.len(), 1);
    assert_eq!((&*rows[0].title.key, &rows[0].place), ("activity-disconnected", &None));
}

#[tokio::test]
async fn a_report_has_states_and_counts_and_nothing_that_tells_who_or_where() {
    let phone = Phone::new().await;
    let report =
        async |with_hosts| phone.engine.answer(ShowReport { with_hosts }).await.unwrap().text;

    let (plain, with_hosts) = (report(false).await, report(true).await);

    for part in
        ["Handrail 0.", "place 1: Connected as Patient", "Goal 2", "ServiceRequest 3", "SignedIn"]
    {
        assert!(plain.contains(part), "{part} is not in:\n{plain}");
    }
    for word in ["Delgado", "pat-1", "pantry", "food", "clinic", "task-1", "elm"] {
        assert!(!plain.to_lowercase().contains(&word.to_lowercase()), "“{word}” is in:\n{plain}");
    }
    assert!(with_hosts.contains(HOST));
}

#[tokio::test]
async fn a_report_counts_nothing_that_is_hidden() {
    let phone = Phone::new().await;
    phone.engine.answer(HideTopic { code: "other".to_owned(), hidden: true }).await.unwrap();

    let text = phone.engine.answer(ShowReport::default()).await.unwrap().text;

    assert!(!text.contains("ServiceRequest") && !text.contains("Goal"), "{text}");
    assert!(text.contains("to-dos 0"), "{text}");
}

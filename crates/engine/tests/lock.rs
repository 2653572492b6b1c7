//! The lock before the app: what it keeps from whom, and that it survives everything but being erased.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use handrail_contract::{
    Problem, Question,
    act::{Act, ActKind},
    export::ExportBundle,
    goal::ListGoals,
    history::ShowHistory,
    lock::{
        Door, EraseAll, LeavePrivate, LockNow, NoteAway, Pin, RemovePin, SetPin, ShowDoor, Unlock,
    },
    place::{CheckNow, ListConnections, Outcome},
    private::ListPrivate,
    problem::Refusal,
    referral::{ListReferrals, ShowReferral},
    settings::{ChangeSettings, HideTopic, ShowSettings, Theme},
    today::ShowToday,
    todo::ListTodos,
    words::ItemId,
};
use handrail_core::connect::Rotation;
use handrail_engine::{
    Answer, Engine, TURN,
    records::SqliteRecords,
    testing::{Habits, HandClock, World, assemble, connect},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
const HOST: &str = "elm.example.org";
const PIN: &str = "274913";

struct Phone {
    engine: Engine,
    clock: HandClock,
    folder: TempDir,
    world: World,
}

impl Phone {
    /// A phone that is connected to one place.
    async fn new() -> Self {
        let clock = HandClock::at(NOW);
        let world = World::new(&clock, [(HOST.to_owned(), Habits::of(Rotation::Strict))]);
        let folder = TempDir::new().unwrap();
        let phone = Self { engine: open(&world, &clock, &folder), clock, folder, world };
        connect(&phone.engine, phone.world.invitation(HOST)).await.unwrap();
        phone
    }

    async fn with_pin() -> Self {
        let phone = Self::new().await;
        phone.engine.answer(SetPin { pin: Pin::new(PIN), old: None }).await.unwrap();
        phone
    }

    fn restart(self) -> Self {
        let Self { engine, clock, folder, world } = self;
        drop(engine);
        Self { engine: open(&world, &clock, &folder), clock, folder, world }
    }

    async fn unlock(&self, digits: &str) -> Door {
        self.engine.answer(Unlock { pin: Pin::new(digits), private: false }).await.unwrap()
    }

    async fn door(&self) -> Door {
        self.engine.answer(ShowDoor {}).await.unwrap()
    }

    async fn guess_wrong(&self, times: usize) {
        for _ in 0..times {
            assert!(self.unlock("000001").await.locked);
        }
    }

    /// Hides the referrals, whose topic the place does not name; one of them.
    async fn hide_referrals(&self) -> ItemId {
        let listed = self.engine.answer(ListReferrals::default()).await.unwrap();
        let id = [listed.needs_push, listed.moving].concat().remove(0).id;
        self.engine.answer(HideTopic { code: "other".to_owned(), hidden: true }).await.unwrap();
        id
    }
}

fn open(world: &World, clock: &HandClock, folder: &TempDir) -> Engine {
    let key = || Zeroizing::new([7; 32]);
    let vault = VaultFolder::open(folder.path().join("vault"), key(), XChaChaSnapshots).unwrap();
    let records = SqliteRecords::open(&folder.path().join("records.db"), &key()).unwrap();
    assemble(world, clock, Arc::new(records), Arc::new(vault), 1)
}

async fn refusal<Q: Question>(engine: &Engine, question: Q) -> Option<Problem>
where
    Engine: Answer<Q>,
{
    engine.answer(question).await.err()
}

#[tokio::test]
async fn a_locked_app_answers_nothing_but_the_door() {
    let phone = Phone::with_pin().await.restart();
    let engine = &phone.engine;
    let act =
        Act { id: ItemId("todo:a:b".to_owned()), act: ActKind::Start, reason: None, answer: None };

    let refusals = [
        refusal(engine, ShowToday {}).await,
        refusal(engine, ListTodos::default()).await,
        refusal(engine, ListGoals::default()).await,
        refusal(engine, ListReferrals::default()).await,
        refusal(engine, ListPrivate {}).await,
        refusal(engine, ListConnections {}).await,
        refusal(engine, CheckNow::default()).await,
        refusal(engine, ShowSettings {}).await,
        refusal(engine, ChangeSettings::default()).await,
        refusal(engine, act).await,
        refusal(engine, SetPin { pin: Pin::new("112358"), old: None }).await,
        refusal(engine, RemovePin { pin: Pin::new(PIN) }).await,
        engine.ask("show_today", serde_json::json!({})).await.err(),
    ];

    assert!(refusals.iter().all(|it| *it == Some(Problem::Locked)), "{refusals:?}");
    assert!(phone.door().await.locked);
    assert!(!phone.unlock(PIN).await.locked);
    assert_eq!(refusal(engine, ShowToday {}).await, None);
}

#[tokio::test]
async fn places_are_looked_at_while_the_app_is_locked() {
    let phone = Phone::with_pin().await.restart();
    phone.clock.turn(SignedDuration::from_hours(2));
    assert!(phone.door().await.locked);

    let outcome = phone.engine.wake(TURN).await.unwrap();

    assert_eq!(outcome.sources[0].outcome, Outcome::Ok);
    assert!(phone.door().await.locked);
}

#[tokio::test]
async fn the_app_looks_as_it_was_chosen_before_it_is_unlocked() {
    let phone = Phone::with_pin().await;
    let dark = ChangeSettings { theme: Some(Theme::Dark), ..ChangeSettings::default() };
    phone.engine.answer(dark).await.unwrap();

    let door = phone.restart().door().await;

    assert_eq!((door.locked, door.looks.theme), (true, Theme::Dark));
}

#[tokio::test]
async fn five_wrong_pins_begin_a_wait_that_outlives_the_app_and_every_clock() {
    let phone = Phone::with_pin().await.restart();
    phone.guess_wrong(1).await;
    assert_eq!(phone.door().await.tries_left, 4);
    phone.guess_wrong(4).await;

    let phone = phone.restart();
    let after_restart = phone.door().await;
    phone.clock.set(NOW + SignedDuration::from_hours(24 * 365));
    let in_a_year = phone.unlock(PIN).await;
    phone.clock.turn(SignedDuration::from_secs(59));
    let a_second_early = phone.unlock(PIN).await;
    phone.clock.turn(SignedDuration::from_secs(1));
    let in_time = phone.unlock(PIN).await;

    assert_eq!((after_restart.tries_left, after_restart.wait_seconds), (0, 60));
    assert!(in_a_year.locked && !in_a_year.wrong, "not even looked at");
    assert!(a_second_early.locked);
    assert_eq!(a_second_early.wait_seconds, 1);
    assert!(!in_time.locked);
    assert_eq!(in_time.tries_left, 5);
}

#[tokio::test]
async fn each_further_wrong_pin_waits_longer() {
    let phone = Phone::with_pin().await.restart();
    phone.guess_wrong(5).await;
    phone.clock.turn(SignedDuration::from_secs(60));

    phone.guess_wrong(1).await;

    assert_eq!(phone.door().await.wait_seconds, 300);
}

#[tokio::test]
async fn a_minute_away_locks_and_half_a_minute_does_not() {
    let phone = Phone::with_pin().await;
    let away = async |seconds| {
        phone.engine.answer(NoteAway { away: true }).await.unwrap();
        phone.clock.turn(SignedDuration::from_secs(seconds));
        phone.engine.answer(NoteAway { away: false }).await.unwrap().locked
    };

    assert!(!away(30).await);
    assert!(!away(59).await);
    assert!(away(60).await);
    assert_eq!(refusal(&phone.engine, ShowToday {}).await, Some(Problem::Locked));
}

#[tokio::test]
async fn a_page_that_does_not_tell_that_it_is_back_finds_the_app_locked() {
    let phone = Phone::with_pin().await;
    phone.engine.answer(NoteAway { away: true }).await.unwrap();
    phone.clock.turn(SignedDuration::from_secs(61));

    assert_eq!(refusal(&phone.engine, ShowToday {}).await, Some(Problem::Locked));
}

#[tokio::test]
async fn lock_now_locks_at_once_where_there_is_a_pin() {
    let phone = Phone::new().await;
    let without = phone.engine.answer(LockNow {}).await.unwrap();
    phone.engine.answer(SetPin { pin: Pin::new(PIN), old: None }).await.unwrap();

    let with = phone.engine.answer(LockNow {}).await.unwrap();

    assert!(!without.locked && with.locked);
}

#[tokio::test]
async fn what_is_private_asks_for_the_pin_each_time() {
    let phone = Phone::with_pin().await;
    let id = phone.hide_referrals().await;
    let engine = &phone.engine;
    let page = || ShowReferral { id: id.clone() };

    let shut = [
        refusal(engine, ListPrivate {}).await,
        refusal(engine, page()).await,
        refusal(engine, ShowHistory { id: id.clone() }).await,
        refusal(engine, ExportBundle { source: None, private: true }).await,
    ];
    let wrong = engine.answer(Unlock { pin: Pin::new("000001"), private: true }).await.unwrap();
    let right = engine.answer(Unlock { pin: Pin::new(PIN), private: true }).await.unwrap();
    let opened = (refusal(engine, ListPrivate {}).await, refusal(engine, page()).await);
    engine.answer(LeavePrivate {}).await.unwrap();
    let left = refusal(engine, page()).await;

    assert!(shut.iter().all(|it| *it == Some(Problem::NeedsPin)), "{shut:?}");
    assert!(wrong.wrong && !wrong.private_open && !wrong.locked);
    assert!(right.private_open);
    assert_eq!(opened, (None, None));
    assert_eq!(left, Some(Problem::NeedsPin));
}

#[tokio::test]
async fn without_a_pin_what_is_private_is_shown_and_says_so() {
    let phone = Phone::new().await;
    let id = phone.hide_referrals().await;

    let private = phone.engine.answer(ListPrivate {}).await.unwrap();

    assert!(!private.behind_pin && !private.referrals.is_empty());
    assert_eq!(refusal(&phone.engine, ShowReferral { id }).await, None);
}

#[tokio::test]
async fn a_new_pin_takes_the_old_one_and_none_that_is_easily_guessed_is_taken() {
    let phone = Phone::with_pin().await;
    let set = |pin: &str, old: Option<&str>| {
        let question = SetPin { pin: Pin::new(pin), old: old.map(Pin::new) };
        phone.engine.answer(question)
    };

    let guessable = set("123456", Some(PIN)).await;
    let without_old = set("112358", None).await;
    let with_wrong = set("112358", Some("000001")).await.unwrap();
    let with_right = set("112358", Some(PIN)).await.unwrap();
    phone.engine.answer(LockNow {}).await.unwrap();

    assert_eq!(guessable.err(), Some(Problem::Refused { reason: Refusal::PinGuessable }));
    assert_eq!(without_old.err(), Some(Problem::NeedsPin));
    assert!(with_wrong.wrong && !with_right.wrong);
    assert!(phone.unlock(PIN).await.locked);
    assert!(!phone.unlock("112358").await.locked);
}

#[tokio::test]
async fn a_pin_that_is_taken_away_locks_nothing_any_more() {
    let phone = Phone::with_pin().await;

    let wrong = phone.engine.answer(RemovePin { pin: Pin::new("000001") }).await.unwrap();
    let right = phone.engine.answer(RemovePin { pin: Pin::new(PIN) }).await.unwrap();

    assert!(wrong.wrong && wrong.has_pin && !right.has_pin);
    assert!(!phone.restart().door().await.locked);
}

#[tokio::test]
async fn who_forgot_the_pin_erases_and_begins_anew() {
    let phone = Phone::with_pin().await.restart();
    assert!(phone.door().await.locked);

    let erased = phone.engine.answer(EraseAll {}).await.unwrap();
    let phone = phone.restart();

    assert_eq!(erased.places, 1);
    assert!(!phone.door().await.has_pin);
    assert_eq!(phone.engine.answer(ShowToday {}).await.unwrap().places, 0);
    let left: Vec<_> = std::fs::read_dir(phone.folder.path().join("vault"))
        .unwrap()
        .filter(|it| it.as_ref().unwrap().path().extension().is_some_and(|it| it == "hold"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(connect(&phone.engine, phone.world.invitation(HOST)).await.is_ok());
}

#[tokio::test]
async fn a_second_process_finds_the_app_locked_too() {
    let phone = Phone::with_pin().await;
    let twin = open(&phone.world, &phone.clock, &phone.folder);

    assert_eq!(refusal(&twin, ShowToday {}).await, Some(Problem::Locked));
    assert_eq!(refusal(&phone.engine, ShowToday {}).await, None);
}

//! Clocks that are wrong, jump, or stand still: the session lives on, and no place is asked for more tokens than
//! its tokens end.

#![allow(clippy::unwrap_used, reason = "tests, and what they share")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use handrail_contract::place::{Outcome, SourceId};
use handrail_core::connect::Rotation;
use handrail_engine::{
    Engine, Which,
    ports::{Clock as _, HttpRequest, Records},
    records::SqliteRecords,
    testing::{Fault, Habits, HandClock, World, assemble, connect},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use zeroize::Zeroizing;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
const BUDGET: Duration = Duration::from_secs(25);
const TEN_YEARS: SignedDuration = SignedDuration::from_hours(10 * 365 * 24);
const HOST: &str = "elm.example.org";

const ROTATIONS: [Rotation; 4] =
    [Rotation::None, Rotation::Grace { seconds: 30 }, Rotation::ConfirmOnUse, Rotation::Strict];

/// A phone that is connected to one place, each with a clock of its own.
struct Connected {
    world: World,
    engine: Engine,
    records: Arc<SqliteRecords>,
    source: SourceId,
    theirs: HandClock,
    ours: HandClock,
    _folder: TempDir,
}

impl Connected {
    async fn with(rotation: Rotation) -> Self {
        let (theirs, ours) = (HandClock::at(NOW), HandClock::at(NOW));
        let world = World::new(&theirs, [(HOST.to_owned(), Habits::of(rotation))]);
        let folder = TempDir::new().unwrap();
        let vault =
            VaultFolder::open(folder.path(), Zeroizing::new([7; 32]), XChaChaSnapshots).unwrap();
        let records = Arc::new(SqliteRecords::in_memory().unwrap());
        let engine = assemble(&world, &ours, records.clone(), Arc::new(vault), 1);
        let source = connect(&engine, world.invitation(HOST)).await.unwrap();
        Self { world, engine, records, source, theirs, ours, _folder: folder }
    }

    /// Time passes for everybody.
    fn pass(&self, by: SignedDuration) {
        self.theirs.turn(by);
        self.ours.turn(by);
    }

    async fn look(&self) -> Outcome {
        self.engine.check(Which::All).await.unwrap().sources[0].outcome
    }

    /// Token requests since the sign-in.
    fn exchanges(&self) -> u64 {
        self.world.counts(HOST).exchanges
    }

    fn kept(&self) -> BTreeSet<(String, String)> {
        let kept = self.records.kept(Some(&self.source)).unwrap();
        kept.into_iter().map(|row| (row.kind, row.id)).collect()
    }
}

#[tokio::test]
async fn a_clock_that_jumps_ten_years_costs_at_most_one_token_request_a_jump_and_loses_nothing() {
    for rotation in ROTATIONS {
        let phone = Connected::with(rotation).await;
        let before = phone.kept();

        for (jump, jumps) in [(TEN_YEARS, 1), (-TEN_YEARS, 2), (-TEN_YEARS, 3), (TEN_YEARS, 4)] {
            phone.ours.turn(jump);
            for _ in 0..3 {
                assert_eq!(phone.look().await, Outcome::Ok, "{rotation:?} after jump {jumps}");
            }

            assert!(phone.exchanges() <= jumps, "{rotation:?}: {} requests", phone.exchanges());
        }

        assert_eq!(phone.kept(), before, "{rotation:?}");
        assert!(phone.world.take_ended(HOST).is_empty(), "{rotation:?}");
    }
}

#[tokio::test]
async fn a_phone_ten_years_behind_or_ahead_asks_for_one_token_an_expiry() {
    for rotation in ROTATIONS {
        for wrong in [TEN_YEARS, -TEN_YEARS] {
            let phone = Connected::with(rotation).await;
            phone.ours.turn(wrong);
            phone.look().await;
            let begun = phone.exchanges();

            for _ in 0..10 {
                phone.pass(SignedDuration::from_mins(65));
                for _ in 0..3 {
                    assert_eq!(phone.look().await, Outcome::Ok, "{rotation:?} {wrong}");
                }
            }

            assert_eq!(phone.exchanges() - begun, 10, "{rotation:?} {wrong}");
        }
    }
}

#[tokio::test]
async fn an_hour_gained_or_lost_while_a_token_is_on_its_way_loses_nothing() {
    for rotation in ROTATIONS {
        for jump in [SignedDuration::from_hours(1), SignedDuration::from_hours(-1)] {
            let phone = Connected::with(rotation).await;
            phone.pass(SignedDuration::from_mins(65));
            let clock = phone.ours.clone();
            phone.world.while_under_way(move |request: &HttpRequest| {
                if request.url.path() == "/auth/token" {
                    clock.turn(jump);
                }
            });

            let outcome = phone.look().await;

            assert_eq!(outcome, Outcome::Ok, "{rotation:?} {jump}");
            assert_eq!(phone.exchanges(), 1, "{rotation:?} {jump}");
            assert!(phone.world.take_ended(HOST).is_empty(), "{rotation:?} {jump}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_with_grace_outlives_three_failures_in_a_row_in_one_look() {
    let silent = [Fault::Failed, Fault::CutShort, Fault::NotSent, Fault::Busy, Fault::Unavailable];
    for then in silent {
        let phone = Connected::with(Rotation::Grace { seconds: 30 }).await;
        phone.pass(SignedDuration::from_mins(65));
        phone.world.plan_faults(HOST, [Some(Fault::AnswerLost), Some(then), Some(then)]);
        let begun = tokio::time::Instant::now();

        let outcome = phone.look().await;

        assert_eq!(outcome, Outcome::Ok, "{then:?}");
        assert!(phone.world.take_ended(HOST).is_empty(), "{then:?}");
        // On tokio's clock, which stands still but for the pauses.
        assert_eq!(begun.elapsed().as_secs(), 3, "{then:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_strict_server_is_asked_once_more_at_once_and_then_left_alone() {
    let phone = Connected::with(Rotation::Strict).await;
    phone.pass(SignedDuration::from_mins(65));
    phone.world.plan_faults(HOST, [Some(Fault::Failed); 6]);
    let sent = Arc::new(Mutex::new(0));
    let counted = sent.clone();
    phone.world.while_under_way(move |request: &HttpRequest| {
        *counted.lock().unwrap() += u32::from(request.url.path() == "/auth/token");
    });
    let begun = tokio::time::Instant::now();

    let outcome = phone.look().await;

    assert_eq!((outcome, *sent.lock().unwrap()), (Outcome::OutOfReach, 2));
    assert_eq!(begun.elapsed().as_secs(), 0);
}

#[tokio::test]
async fn an_hour_lost_between_a_lost_answer_and_the_retry_does_not_end_a_session_with_grace() {
    let phone = Connected::with(Rotation::Grace { seconds: 30 }).await;
    phone.pass(SignedDuration::from_mins(65));
    let clock = phone.ours.clone();
    phone.world.while_under_way(move |request: &HttpRequest| {
        if request.url.path() == "/auth/token" {
            clock.turn(SignedDuration::from_hours(-1));
        }
    });
    phone.world.plan_faults(HOST, [Some(Fault::AnswerLost)]);

    let outcome = phone.look().await;

    assert_eq!(outcome, Outcome::Ok);
    assert!(phone.world.take_ended(HOST).is_empty());
}

#[tokio::test]
async fn a_clock_at_either_end_of_time_is_no_panic_and_no_loss() {
    for edge in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
        let phone = Connected::with(Rotation::Strict).await;
        let before = phone.kept();
        phone.ours.set(edge);

        phone.engine.wake(BUDGET).await.unwrap();
        phone.look().await;
        phone.ours.set(phone.theirs.now());
        let outcome = phone.look().await;

        assert_eq!(outcome, Outcome::Ok, "{edge}");
        assert_eq!(phone.kept(), before, "{edge}");
        assert!(phone.world.take_ended(HOST).is_empty(), "{edge}");
    }
}

#[tokio::test]
async fn a_phone_that_slept_for_a_week_asks_for_one_token() {
    let phone = Connected::with(Rotation::Strict).await;
    phone.pass(SignedDuration::from_hours(7 * 24));

    let woken = phone.engine.wake(BUDGET).await.unwrap();

    assert_eq!(woken.sources[0].outcome, Outcome::Ok);
    assert_eq!(phone.exchanges(), 1);
}

#[tokio::test]
async fn a_clock_that_was_years_ahead_when_a_place_was_last_looked_at_does_not_put_off_the_next_look()
 {
    let phone = Connected::with(Rotation::Strict).await;
    phone.ours.turn(TEN_YEARS);
    phone.look().await;

    phone.ours.turn(-TEN_YEARS);
    let woken = phone.engine.wake(BUDGET).await.unwrap();
    let opened = phone.engine.check(Which::Stale).await.unwrap();

    assert_eq!(woken.sources[0].outcome, Outcome::Ok);
    assert!(opened.sources.is_empty(), "just looked at");
}

#[tokio::test]
async fn many_callers_at_an_expiry_send_one_token_request() {
    let phone = Connected::with(Rotation::Strict).await;
    let sent = Arc::new(Mutex::new(0));
    let counted = sent.clone();
    phone.world.while_under_way(move |request: &HttpRequest| {
        *counted.lock().unwrap() += u32::from(request.url.path() == "/auth/token");
    });
    phone.pass(SignedDuration::from_mins(65));

    let twin = phone.engine.clone();
    let (one, other) = tokio::join!(phone.engine.check(Which::All), twin.check(Which::All));

    assert!(one.is_ok() && other.is_ok());
    assert_eq!(*sent.lock().unwrap(), 1);
}

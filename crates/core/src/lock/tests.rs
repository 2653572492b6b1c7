use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn at(wall: i64, uptime: u64) -> Reading {
    Reading {
        wall: NOW.saturating_add(jiff::SignedDuration::from_secs(wall)).unwrap_or(NOW),
        uptime: Duration::from_secs(uptime),
    }
}

fn after_wrong(count: u32, last: Reading) -> Tries {
    Tries { wrong: count, last: Some(last.uptime) }
}

#[test]
fn five_tries_are_free_and_each_one_more_waits_longer() {
    let mut tries = Tries::default();
    let mut waits = Vec::new();
    let mut now = at(0, 1_000);
    for _ in 0..10 {
        tries.begin(now).unwrap();
        let wait = tries.wait_left(now);
        waits.push(wait.as_secs() / 60);
        now.wall = now.wall.saturating_add(wait).unwrap();
        now.uptime += wait;
    }

    assert_eq!(waits, [0, 0, 0, 0, 1, 5, 15, 60, 60, 60]);
    assert_eq!(Tries::default().left(at(0, 0)), 5);
    assert_eq!(after_wrong(4, at(0, 0)).left(at(0, 0)), 1);
    assert_eq!(after_wrong(5, at(0, 0)).left(at(59, 59)), 0);
    assert_eq!(after_wrong(5, at(0, 0)).left(at(60, 60)), 1, "one try after each wait");
}

#[test]
fn the_right_pin_gives_all_tries_back() {
    let mut tries = after_wrong(7, at(0, 0));

    tries.succeed();

    assert_eq!((tries.left(at(0, 0)), tries.wait_left(at(0, 0))), (5, Duration::ZERO));
}

#[test]
fn a_clock_that_is_set_opens_nothing_and_locks_nobody_out() {
    let tries = after_wrong(8, at(0, 1_000));
    let ten_years = 10 * 365 * 86_400;

    let (forward, back) =
        (tries.wait_left(at(ten_years, 1_010)), tries.wait_left(at(-ten_years, 4_600)));

    assert_eq!((forward, back), (Duration::from_secs(3_590), Duration::ZERO));
}

#[test]
fn a_new_start_of_the_device_counts_the_time_since_then() {
    let mut tries = after_wrong(5, at(0, 1_000_000));

    assert_eq!(tries.wait_left(at(40, 20)), Duration::from_secs(40), "on for 20 seconds");
    assert_eq!(tries.wait_left(at(90, 60)), Duration::ZERO);
    assert!(tries.notice_restart(at(40, 20)));
    assert_eq!(tries.wait_left(at(40, 1_000_000)), Duration::ZERO, "nor does it come again");
}

#[test]
fn a_minute_away_by_either_clock_locks_and_less_does_not() {
    let left = |now: Reading| {
        let mut door = Door::new(true);
        door.open(false);
        door.note_away(true, at(0, 100));
        door.is_locked(now)
    };

    assert!(!left(at(59, 159)));
    assert!(left(at(60, 101)));
    assert!(left(at(1, 160)));
    assert!(left(at(-500, 160)), "a clock that was set back");
}

#[test]
fn who_comes_back_in_time_stays_in_and_who_comes_late_does_not() {
    let mut in_time = Door::new(true);
    in_time.open(false);
    let mut late = in_time;
    in_time.note_away(true, at(0, 0));
    in_time.note_away(true, at(50, 50)); // Told twice, it began at the first.
    late.note_away(true, at(0, 0));

    in_time.note_away(false, at(59, 59));
    late.note_away(false, at(61, 61));

    assert!(!in_time.is_locked(at(500, 500)));
    assert!(late.is_locked(at(61, 61)));
}

#[test]
fn what_is_private_is_shut_by_leaving_it_and_by_every_lock() {
    let mut door = Door::new(true);
    door.open(true);
    let opened = door.shows_private();
    door.leave_private();
    let left = door.shows_private();
    door.open(true);
    door.lock();

    assert_eq!((opened, left, door.shows_private()), (true, false, false));
    assert!(Door::new(false).shows_private(), "there is no PIN to ask for");
}

#[test]
fn without_a_pin_nothing_locks() {
    let mut door = Door::new(false);

    door.lock();
    door.note_away(true, at(0, 0));

    assert!(!door.is_locked(at(9_999, 9_999)));
}

#[test]
fn a_pin_that_anybody_would_try_first_is_none() {
    for bad in [
        "000000",
        "777777",
        "123456",
        "654321",
        "890123",
        "121212",
        "123123",
        "12345",
        "1234567",
        "12345a",
        "",
        "١٢٣٤٥٦",
    ] {
        assert!(!is_good_pin(bad), "{bad}");
    }
    for good in ["274913", "112358", "130584", "002600"] {
        assert!(is_good_pin(good), "{good}");
    }
}

/// One thing that whoever holds the phone can do between two tries.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Real time passes.
    Wait(u32),
    /// The clock on the wall is set, by years either way.
    SetClock(i64),
    /// The device is started anew, which takes a while.
    Restart,
    Try,
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        (0_u32..7_200).prop_map(Move::Wait),
        (-400_000_000_i64..400_000_000).prop_map(Move::SetClock),
        Just(Move::Restart),
        Just(Move::Try),
        Just(Move::Try),
    ]
}

proptest! {
    /// Whatever is done to the clocks and the device, no more PINs are tried in real time than the waits allow, and
    /// nobody waits longer than the longest wait.
    #[test]
    fn no_turning_of_clocks_wins_a_try_and_none_locks_out_for_good(
        moves in prop::collection::vec(any_move(), 1..200)
    ) {
        let (mut real, mut offset, mut started) = (0_u64, 0_i64, 0_u64);
        let mut tries = Tries::default();
        let mut taken: Vec<u64> = Vec::new();
        for one in moves {
            match one {
                Move::Wait(seconds) => real += u64::from(seconds),
                Move::SetClock(by) => offset += by,
                Move::Restart => { real += 20; started = real; }
                Move::Try => {}
            }
            let now = at(i64::try_from(real).unwrap() + offset, real - started);
            prop_assert!(tries.wait_left(now) <= WAITS[3]);
            if matches!(one, Move::Try) && tries.begin(now).is_ok() {
                taken.push(real);
            }
        }
        tries.notice_restart(at(offset, real - started));
        let an_hour_later = at(offset, real - started + 3_600);
        prop_assert_eq!(tries.wait_left(an_hour_later), Duration::ZERO);
        for (number, pair) in taken.windows(2).enumerate() {
            let wait = after_wrong(u32::try_from(number + 1).unwrap(), at(0, 0)).whole_wait();
            prop_assert!(pair[1] - pair[0] >= wait.as_secs(), "try {} after {:?}", number + 2, pair);
        }
    }
}

//! The lock before the app: when it is shut, how often a PIN may be tried, and how long to wait after that.
//!
//! In: what happened, and two clocks. Out: whether questions are answered, and how long to wait.
//! Never: a PIN, or what it is held against; the engine compares them.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Digits of a PIN.
pub const PIN_LENGTH: usize = 6;
/// Wrong tries before the first wait.
pub const FREE_TRIES: u32 = 5;
/// Whoever is away this long finds the app locked.
pub const AWAY: Duration = Duration::from_secs(60);
/// The wait after the fifth wrong try, and after each one more; the last holds from there on.
const WAITS: [Duration; 4] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(60 * 60),
];

/// What two clocks say. Anybody can turn the one on the wall; the other begins anew when the device starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub wall: Timestamp,
    /// How long the device has been on, sleep included.
    pub uptime: Duration,
}

/// The PINs that were tried since the right one. Kept, so that closing the app gives no try back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Wrong ones in a row.
    pub wrong: u32,
    /// How long the device had been on when the last of them was tried.
    pub last: Option<Duration>,
}

impl Tries {
    /// Takes one try before it is known what comes of it, so that nothing is won by ending the app in between.
    ///
    /// # Errors
    /// How long to wait first. Nothing is counted then.
    pub fn begin(&mut self, now: Reading) -> Result<(), Duration> {
        let wait = self.wait_left(now);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        self.wrong = self.wrong.saturating_add(1);
        self.last = Some(now.uptime);
        Ok(())
    }

    /// It was the right one.
    pub fn succeed(&mut self) {
        *self = Self::default();
    }

    /// How long to wait before the next try.
    ///
    /// The clock on the wall has no say: set forward it would win a try, set back it would lock somebody out for years.
    /// What counts is how long the device was on; after a new start, that is at most the time that has passed.
    pub fn wait_left(&self, now: Reading) -> Duration {
        let Some(last) = self.last else { return Duration::ZERO };
        let passed = now.uptime.checked_sub(last).unwrap_or(now.uptime);
        self.whole_wait().saturating_sub(passed)
    }

    /// Sees whether the device was started anew since the last try. Returns whether there is something new to keep: from
    /// then on the wait counts from the start.
    pub fn notice_restart(&mut self, now: Reading) -> bool {
        let restarted = self.last.is_some_and(|last| last > now.uptime);
        if restarted {
            self.last = Some(Duration::ZERO);
        }
        restarted
    }

    /// Tries that are left before there is a wait; none while there is one.
    pub fn left(&self, now: Reading) -> u32 {
        if self.wait_left(now) > Duration::ZERO {
            return 0;
        }
        FREE_TRIES.saturating_sub(self.wrong).max(1)
    }

    fn whole_wait(&self) -> Duration {
        match self.wrong.checked_sub(FREE_TRIES) {
            None => Duration::ZERO,
            Some(over) => WAITS[(over as usize).min(WAITS.len() - 1)],
        }
    }
}

/// Whether questions are answered. It is lost with the process, and then shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Door {
    has_pin: bool,
    locked: bool,
    private_open: bool,
    away_since: Option<Reading>,
}

impl Door {
    /// The app was started: with a PIN, it is locked.
    pub const fn new(has_pin: bool) -> Self {
        Self { has_pin, locked: has_pin, private_open: false, away_since: None }
    }

    /// Whether there is a PIN.
    pub const fn has_pin(&self) -> bool {
        self.has_pin
    }

    /// Whether questions are refused. Whoever was away for a minute, by either clock, finds it so.
    pub fn is_locked(&mut self, now: Reading) -> bool {
        if self.away_since.is_some_and(|since| been_away(since, now) >= AWAY) {
            self.lock();
        }
        self.locked
    }

    /// Whether what is private is shown.
    pub const fn shows_private(&self) -> bool {
        !self.has_pin || self.private_open && !self.locked
    }

    /// Whether the PIN opened what is private.
    pub const fn is_private_open(&self) -> bool {
        self.has_pin && self.private_open && !self.locked
    }

    /// Shuts it. Without a PIN nothing could open it again, so it stays open.
    pub const fn lock(&mut self) {
        self.locked = self.has_pin;
        self.private_open = false;
        self.away_since = None;
    }

    /// The right PIN was given.
    pub const fn open(&mut self, private: bool) {
        self.locked = false;
        self.private_open = private;
    }

    /// The person leaves what is private.
    pub const fn leave_private(&mut self) {
        self.private_open = false;
    }

    /// The person went away, or came back.
    pub fn note_away(&mut self, away: bool, now: Reading) {
        if self.is_locked(now) || !away {
            self.away_since = None;
        } else if self.away_since.is_none() {
            self.away_since = Some(now);
        }
    }

    /// There is a PIN now, or none any more. Whoever did that stands inside.
    pub const fn set_pin(&mut self, has_pin: bool) {
        self.has_pin = has_pin;
        self.private_open = false;
        self.locked = false;
    }

    /// Another process of ours may have set a PIN, or taken it away. A new one shuts the door.
    pub const fn learn(&mut self, has_pin: bool) {
        if has_pin != self.has_pin {
            *self = Self::new(has_pin);
        }
    }
}

/// How long somebody was away: by the clock that says longer, for a lock is better shut too soon.
fn been_away(since: Reading, now: Reading) -> Duration {
    let by_wall = Duration::try_from(now.wall.duration_since(since.wall)).unwrap_or_default();
    let by_uptime = now.uptime.checked_sub(since.uptime).unwrap_or(now.uptime);
    by_wall.max(by_uptime)
}

/// Whether something is a PIN, and none that anybody would try first: one digit, a row, a pair or half said again.
pub fn is_good_pin(digits: &str) -> bool {
    let digits = digits.as_bytes();
    if digits.len() != PIN_LENGTH || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let steps: Vec<u8> = digits.windows(2).map(|pair| (10 + pair[1] - pair[0]) % 10).collect();
    let is_even = steps.iter().all(|step| *step == steps[0]) && matches!(steps[0], 0 | 1 | 9);
    let repeats = |length: usize| digits.chunks(length).all(|part| part == &digits[..length]);
    !is_even && !repeats(2) && !repeats(3)
}

#[cfg(test)]
mod tests;

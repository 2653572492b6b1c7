//! A clock that somebody turns.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::ports::Clock;

/// Stands still until it is turned. Clones are one clock.
#[derive(Clone, Debug)]
pub struct HandClock(Arc<Mutex<Hands>>);

/// The clock on the wall, and how long the device has been on.
#[derive(Clone, Copy, Debug)]
struct Hands {
    wall: Timestamp,
    uptime: Duration,
}

/// Long enough that a test does not begin with a device that was just started.
const ON_FOR: Duration = Duration::from_secs(24 * 60 * 60);

impl HandClock {
    pub fn at(time: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Hands { wall: time, uptime: ON_FOR })))
    }

    /// Time passes; a length below zero only sets the clock on the wall back.
    pub fn turn(&self, by: SignedDuration) {
        let mut hands = self.hands();
        hands.wall = hands.wall.saturating_add(by).unwrap_or(hands.wall);
        hands.uptime += Duration::try_from(by).unwrap_or_default();
    }

    /// Sets the clock on the wall; no time passes.
    pub fn set(&self, to: Timestamp) {
        self.hands().wall = to;
    }

    /// The device is started anew.
    pub fn restart_device(&self) {
        self.hands().uptime = Duration::ZERO;
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        self.hands().wall
    }

    fn uptime(&self) -> Duration {
        self.hands().uptime
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::UTC
    }
}

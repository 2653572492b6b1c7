//! The clock and the random numbers of the machine we run on.

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};

use crate::ports::{Clock, Entropy};

/// The machine's clock and time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn uptime(&self) -> Duration {
        let on = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = Duration::from_secs(on.tv_sec.try_into().unwrap_or_default());
        seconds + Duration::from_nanos(on.tv_nsec.try_into().unwrap_or_default())
    }

    /// Elsewhere it counts from the first question: a wait begins anew when the app does.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn uptime(&self) -> Duration {
        static FIRST: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        FIRST.get_or_init(std::time::Instant::now).elapsed()
    }

    fn time_zone(&self) -> TimeZone {
        TimeZone::system()
    }
}

/// The operating system's random numbers.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("every platform we run on has random numbers once it has booted");
    }
}

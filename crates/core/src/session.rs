//! One connection's whole life, as far as it is no secret.
//!
//! In: what came of signing in, refreshing and fetching. Out: how the connection stands, and when it is due again.
//! Never: a token; those stay in the vault's record.

use std::{collections::BTreeMap, time::Duration};

use handrail_contract::place::{ConnectionState, Role, SourceId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{fetch::{Cursors, Skip}, fhir::FhirBase};

/// A connected place: everything about it that a page may know, and what the next fetch needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub id: SourceId,
    /// The place's name: the registry's, else the code's, else the host.
    pub name: String,
    pub base: FhirBase,
    pub role: Role,
    /// One of six hues, by order of connection: 1 to 6.
    pub hue: u8,
    /// The Patient's id at this place, pinned at the first sign-in.
    pub patient: Option<String>,
    /// Scopes the place granted; queries beyond them are not sent.
    pub granted: Vec<String>,
    pub state: ConnectionState,
    pub connected_at: Timestamp,
    /// When everything was last read. Never moved by a failure.
    pub last_success_at: Option<Timestamp>,
    /// When it should be looked at again.
    pub next_due_at: Option<Timestamp>,
    /// Failures in a row since the last success.
    pub failures: u32,
    /// The place gave no refresh token: the person signs in each time.
    pub signs_in_each_time: bool,
    /// What the last fetch left out, and why.
    pub skipped: Vec<Skip>,
    /// Where the next delta starts.
    pub cursors: Cursors,
    /// Anything a later version adds is kept as it is.
    #[serde(flatten)]
    pub rest: BTreeMap<String, serde_json::Value>,
}

/// How often a place is looked at by itself: once an hour (SDOH Clinical Care guide, task-11).
pub const USUAL_PAUSE: Duration = Duration::from_secs(60 * 60);
/// Never more often than this by itself (task-12).
pub const LEAST_PAUSE: Duration = Duration::from_secs(15 * 60);
/// A place that was looked at less than this ago is not looked at again just because the app was opened.
pub const FRESH_ENOUGH: Duration = Duration::from_secs(2 * 60);
/// The first pause after a failure; it doubles from there.
const FIRST_RETRY: Duration = Duration::from_secs(60);
/// Pauses after failures grow to this, and no server may ask for more.
const LONGEST_RETRY: Duration = Duration::from_secs(6 * 60 * 60);

impl Source {
    /// Whether it is time to look again.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state != ConnectionState::SignInAgain && self.next_due_at.is_none_or(|due| due <= now)
    }

    /// Whether it was looked at so recently that opening the app need not do it again.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.last_success_at.is_some_and(|at| later(at, FRESH_ENOUGH) > now)
    }

    /// Everything was read. `jitter` is any random number: phones should not all come at the same minute.
    pub fn succeed(&mut self, now: Timestamp, jitter: u16) {
        self.state = ConnectionState::Connected;
        self.failures = 0;
        self.last_success_at = Some(now);
        self.next_due_at = Some(later(now, jittered(USUAL_PAUSE, jitter)));
    }

    /// The place is away, or asked for time. What was saved stays, and so does the time of the last success.
    pub fn fail(&mut self, now: Timestamp, retry_after: Option<Duration>, jitter: u16) {
        self.state = ConnectionState::OutOfReach;
        let doublings = self.failures.min(12);
        self.failures = self.failures.saturating_add(1);
        let pause = FIRST_RETRY.saturating_mul(1 << doublings).max(retry_after.unwrap_or_default());
        self.next_due_at = Some(later(now, jittered(pause.min(LONGEST_RETRY), jitter)));
    }

    /// The place ended the session. Nothing is due until the person signs in again.
    pub fn sign_out(&mut self) {
        self.state = ConnectionState::SignInAgain;
        self.next_due_at = None;
    }
}

/// Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date. Anything else says nothing.
pub fn read_delay(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds).min(LONGEST_RETRY));
    }
    let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
    let delay = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    Some(delay.min(LONGEST_RETRY))
}

/// Within a tenth of the pause, either way.
fn jittered(pause: Duration, jitter: u16) -> Duration {
    let tenth = pause / 10;
    pause - tenth + (tenth * 2).mul_f64(f64::from(jitter) / f64::from(u16::MAX))
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

    fn source() -> Source {
        Source {
            id: SourceId("elm".to_owned()),
            name: "Elm".to_owned(),
            base: FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap(),
            role: Role::Patient,
            hue: 1,
            patient: None,
            granted: vec![],
            state: ConnectionState::Connected,
            connected_at: NOW,
            last_success_at: None,
            next_due_at: None,
            failures: 0,
            signs_in_each_time: false,
            skipped: vec![],
            cursors: Cursors::default(),
            rest: BTreeMap::new(),
        }
    }

    fn minutes_until_due(source: &Source) -> i64 {
        source.next_due_at.unwrap().duration_since(NOW).as_secs() / 60
    }

    #[test]
    fn a_place_that_answered_is_due_in_about_an_hour() {
        let mut source = source();

        source.succeed(NOW, 0);
        let earliest = minutes_until_due(&source);
        source.succeed(NOW, u16::MAX);

        assert_eq!((earliest, minutes_until_due(&source)), (54, 66));
    }

    #[test]
    fn failures_wait_longer_each_time_and_never_move_the_last_success() {
        let mut source = source();
        source.succeed(NOW, 0);

        let pauses = [0; 12].map(|_| {
            source.fail(NOW, None, u16::MAX / 2);
            minutes_until_due(&source)
        });

        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1]), "{pauses:?}");
        assert!(*pauses.last().unwrap() <= 6 * 60);
        assert_eq!(source.last_success_at, Some(NOW));
        assert_eq!(source.state, ConnectionState::OutOfReach);
    }

    #[test]
    fn a_success_after_failures_clears_the_alarm() {
        let mut source = source();
        source.fail(NOW, None, 0);

        source.succeed(NOW, 0);

        assert_eq!((source.state, source.failures), (ConnectionState::Connected, 0));
    }

    #[test]
    fn a_place_that_ended_the_session_is_never_due_by_itself() {
        let mut source = source();

        source.sign_out();

        assert!(!source.is_due(Timestamp::MAX));
    }

    #[test]
    fn retry_after_is_read_in_both_forms_and_capped() {
        let seconds = |text| read_delay(text, NOW).map(|delay| delay.as_secs());

        assert_eq!(seconds("120"), Some(120));
        assert_eq!(seconds(" 0 "), Some(0));
        assert_eq!(seconds("99999999"), Some(6 * 60 * 60));
        assert_eq!(seconds("Fri, 15 Jan 2027 08:01:00 GMT"), Some(60));
        assert_eq!(seconds("Fri, 15 Jan 2021 08:01:00 GMT"), Some(0));
        assert_eq!(seconds("soon"), None);
        assert_eq!(seconds("-5"), None);
    }
}

//! One connection's whole life, as far as it is no secret.
//!
//! In: what came of signing in, refreshing and fetching. Out: how the connection stands, and when it is due again.
//! Never: a token; those stay in the vault's record.

use std::{collections::BTreeMap, time::Duration};

use handrail_contract::{
    place::{ConnectionState, Role, SourceId},
    settings::HowOften,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    fetch::{Cursors, Skip, choose_employers},
    fhir::FhirBase,
};

mod look;

pub use look::{Look, STOPPED, Trouble, TurnEnd, end_turn, is_told, sum_up};

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
    /// Who signed in, where the place vouched for it: a relative reference, such as `Practitioner/1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fhir_user: Option<String>,
    /// The Organizations that whoever signed in works for, by their PractitionerRoles. Empty for a patient.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<String>,
    /// The Organizations that they said they work for, where the place names several or none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chosen: Vec<String>,
    /// The HealthcareServices of these Organizations, each with the one that provides it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub services: BTreeMap<String, String>,
    /// Scopes the place granted; queries beyond them are not sent.
    pub granted: Vec<String>,
    pub state: ConnectionState,
    pub connected_at: Timestamp,
    /// When everything was last read. Never moved by a failure.
    pub last_success_at: Option<Timestamp>,
    /// When it should be looked at again, where the person wants an hourly look; see [`Self::due_at`].
    pub next_due_at: Option<Timestamp>,
    /// Failures in a row since the last success.
    pub failures: u32,
    /// The place gave no refresh token: the person signs in each time.
    pub signs_in_each_time: bool,
    /// When the person ended the connection and kept what was saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
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
/// No pause of ours is as long: who is due later was looked at by a clock that was wrong.
const BEYOND_ANY_PAUSE: Duration = Duration::from_secs(7 * 60 * 60);

impl Source {
    /// Whether it is time to look again.
    pub fn is_due(&self, now: Timestamp, how_often: HowOften) -> bool {
        let is_time =
            |due| due <= now || due > later(now, BEYOND_ANY_PAUSE.max(2 * pause(how_often)));
        self.state != ConnectionState::SignInAgain && self.due_at(how_often).is_none_or(is_time)
    }

    /// When it should be looked at again. What is kept is by the hour; who wants it less often waits as many times as
    /// long, so that a choice counts at once and a crowd stays apart. A place that is away is tried as ever.
    pub fn due_at(&self, how_often: HowOften) -> Option<Timestamp> {
        let due = self.next_due_at?;
        let times = u32::try_from(pause(how_often).as_secs() / USUAL_PAUSE.as_secs()).unwrap_or(1);
        match (self.state, self.last_success_at) {
            (ConnectionState::Connected, Some(last)) => {
                let by_the_hour = Duration::try_from(due.duration_since(last)).unwrap_or_default();
                Some(later(last, by_the_hour.saturating_mul(times)))
            }
            _ => Some(due),
        }
    }

    /// Whether it was looked at so recently that opening the app need not do it again.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        // A success that is yet to come is one by a clock that was wrong.
        self.last_success_at.is_some_and(|at| now.duration_since(at).unsigned_abs() < FRESH_ENOUGH)
    }

    /// Everything was read. `jitter` is any random number: phones should not all come at the same minute.
    ///
    /// The first pause is anywhere in an hour. A tenth either way would take more than a day to pull apart a crowd
    /// that connected together, say at an event; so it starts out apart, and the tenths keep it so.
    pub fn succeed(&mut self, now: Timestamp, jitter: u16) {
        let pause = match self.last_success_at {
            None => LEAST_PAUSE + share(USUAL_PAUSE, jitter),
            Some(_) => jittered(USUAL_PAUSE, jitter),
        };
        self.state = ConnectionState::Connected;
        self.failures = 0;
        self.last_success_at = Some(now);
        self.next_due_at = Some(later(now, pause));
    }

    /// The place is away, or asked for time. What was saved stays, and so does the time of the last success.
    pub fn fail(&mut self, now: Timestamp, retry_after: Option<Duration>, jitter: u16) {
        self.state = ConnectionState::OutOfReach;
        let doublings = self.failures.min(12);
        self.failures = self.failures.saturating_add(1);
        let pause = FIRST_RETRY.saturating_mul(1 << doublings).min(LONGEST_RETRY);
        // Everybody was told the same time: never sooner, and a little apart.
        let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY);
        let pause = jittered(pause, jitter).max(asked + share(asked / 10, jitter));
        self.next_due_at = Some(later(now, pause));
    }

    /// The place ended the session. Nothing is due until the person signs in again.
    pub fn sign_out(&mut self) {
        self.state = ConnectionState::SignInAgain;
        self.next_due_at = None;
    }

    /// The Organizations that they act for.
    pub fn employers(&self) -> Vec<&str> {
        choose_employers(&self.organizations, &self.chosen)
    }

    /// Whether only they can say for whom they work: the place names nobody, or several and they chose none.
    pub fn asks_employer(&self) -> bool {
        let is_chosen = |id: &String| self.chosen.contains(id);
        let has_looked = self.last_success_at.is_some();
        self.role == Role::Organization
            && self.left_at.is_none()
            && match &self.organizations[..] {
                [] => self.chosen.is_empty() && has_looked,
                [_] => false,
                several => !several.iter().any(is_chosen),
            }
    }

    /// They said for whom they work. What was read for others is read anew.
    pub fn choose(&mut self, employers: Vec<String>) {
        self.chosen = employers;
        self.read_anew();
    }

    /// Everything is listed anew at the next look, which is due now.
    pub fn read_anew(&mut self) {
        self.cursors = self.cursors.begin_anew();
        self.next_due_at = None;
    }

    /// The person ended the connection, and kept what was saved.
    pub fn leave(&mut self, now: Timestamp) {
        self.sign_out();
        self.left_at = Some(now);
    }
}

/// How long a place is left alone after everything was read there, give or take a tenth.
pub const fn pause(how_often: HowOften) -> Duration {
    match how_often {
        HowOften::Hourly | HowOften::WhenOpen => USUAL_PAUSE,
        HowOften::FourHourly => Duration::from_secs(4 * USUAL_PAUSE.as_secs()),
        HowOften::Daily => Duration::from_secs(24 * USUAL_PAUSE.as_secs()),
    }
}

/// Reads `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date in any of the three forms of section 5.6.7.
///
/// Fractions are no standard, yet some servers send them; they are rounded up. Anything else says nothing.
pub fn read_delay(text: &str, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    let delay = match read_seconds(text) {
        Some(seconds) => Duration::from_secs(seconds),
        None => Duration::try_from(read_date(text)?.duration_since(now)).unwrap_or_default(),
    };
    Some(delay.min(LONGEST_RETRY))
}

fn read_seconds(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let begun = u64::from(fraction.bytes().any(|byte| byte != b'0'));
    // Digits that do not fit are still a number, only a larger one than any cap.
    Some(whole.parse::<u64>().unwrap_or(u64::MAX).saturating_add(begun))
}

fn read_date(text: &str) -> Option<Timestamp> {
    if let Ok(date) = jiff::fmt::rfc2822::parse(text) {
        return Some(date.timestamp());
    }
    ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"].into_iter().find_map(|form| {
        let date = jiff::civil::DateTime::strptime(form, text).ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(date).ok()
    })
}

/// Within a tenth of the pause, either way.
fn jittered(pause: Duration, jitter: u16) -> Duration {
    let tenth = pause / 10;
    pause - tenth + share(tenth * 2, jitter)
}

/// Any part of a length of time, from none to all of it.
fn share(of: Duration, jitter: u16) -> Duration {
    of.mul_f64(f64::from(jitter) / f64::from(u16::MAX))
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod crowd;

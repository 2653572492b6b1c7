//! Keeping the access token fresh.
//!
//! In: what is sealed on disk, the passing of time, and the server's answers. Out: one thing to do at a time.
//! Never: a clock, a socket or a file; the caller brings those.
//!
//! Servers rotate refresh tokens, so the order matters more than anything else here (RFC 9700 section 4.14.2):
//!
//! 1. At most one exchange a connection is in flight on this device.
//! 2. The refresh token sent is the one on disk, read under the lock.
//! 3. New tokens are sealed before anybody uses them.
//! 4. A refresh token is sent again only after an ambiguous answer, and once; up to three times where the server is
//!    known to accept it still (docs/adr/0011).
//! 5. Only `invalid_grant`, or the person, ends a session.
//! 6. Ending a session never deletes what was saved.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::{
    authorize::Grant,
    connect::Rotation,
    token::{AccessToken, RefreshToken},
    vault::{Phase, Record, SignedOutBecause},
};

/// A token that ends within this time is renewed before it is used (AppAuth's tolerance on both platforms).
pub const HEAD_START: Duration = Duration::from_secs(60);

/// The pauses before one demand sends the same refresh token again. The first comes at once and at every server; the
/// others only where the server still accepts a token that may be spent (docs/adr/0011).
const PAUSES: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(2)];

/// Later than this after a demand began, a third or fourth request is not begun: so a demand takes no longer than two
/// requests that each use up the time a token request may take.
const LAST_START: SignedDuration = SignedDuration::from_secs(20);

/// What the caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// Any token that still works for [`HEAD_START`].
    Fresh,
    /// One newer than this generation: the server refused that one with 401.
    NewerThan(u64),
}

/// What came of sending the refresh token.
#[derive(Debug)]
pub enum Outcome {
    /// The server gave new tokens.
    Granted(Grant),
    /// Nothing left the phone: no name, no route, no TLS.
    NotSent,
    /// A clean 429 or 503: the server did not look at it.
    Busy { retry_after: Option<Duration> },
    /// `invalid_grant` (RFC 6749 section 5.2): the refresh token is dead.
    Refused,
    /// It may or may not have arrived: time-out, reset, cut short, 5xx.
    Ambiguous,
    /// An answer no authorization server gives: another 4xx, a captive portal's page.
    Odd,
}

/// What to do next, in this order: seal `Seal…`'s record durably, then the rest.
#[derive(Debug)]
pub enum Action {
    /// The token on disk works.
    Use(AccessToken),
    /// Seal the intent, then send this refresh token.
    SealThenSend(Box<Record>, RefreshToken),
    /// Wait this long, then send the same refresh token once more.
    SendAgain(RefreshToken, Duration),
    /// Read the record from disk again: another process may have been faster.
    Reload,
    /// Seal the new tokens, then use this one.
    SealThenUse(Box<Record>, AccessToken),
    /// Seal, then give up for now; nothing is lost.
    SealThenRest(Box<Record>, Resting),
    /// Give up for now; what is on disk says all there is to say.
    Rest(Resting),
    /// Seal, then ask the person to sign in.
    SealThenAskToSignIn(Box<Record>),
    /// Ask the person to sign in.
    AskToSignIn,
}

/// Why there is no token right now although the session lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resting {
    /// The server is out of reach.
    OutOfReach,
    /// The server asked for time.
    Busy { retry_after: Option<Duration> },
    /// The answer made no sense; trying by itself would not help.
    Odd,
}

/// One demand for a token, from the record on disk to a token or a reason why not.
#[derive(Clone, Debug)]
pub struct Demand {
    record: Record,
    want: Want,
    begun_at: Timestamp,
    /// How often the token was sent; a send by a process that died counts as one.
    sent: usize,
    reloaded: bool,
    /// The refresh token may be spent: sent by a process that died, or without an answer to show for it.
    in_doubt: bool,
}

impl Demand {
    /// Starts from the record just read under the lock.
    pub fn start(record: Record, want: Want, now: Timestamp) -> (Self, Action) {
        let mut demand =
            Self { record, want, begun_at: now, sent: 0, reloaded: false, in_doubt: false };
        let action = demand.begin(now);
        (demand, action)
    }

    fn begin(&mut self, now: Timestamp) -> Action {
        if matches!(self.record.phase, Phase::SignedOut { .. }) {
            return Action::AskToSignIn;
        }
        if let Some(token) = self.usable(now) {
            return Action::Use(token);
        }
        let Some(refresh) = self.record.refresh.clone() else {
            return self.sign_out(SignedOutBecause::NoRefreshToken);
        };
        let mut first_sent_at = now;
        if let Phase::InFlight { sent_at, .. } = self.record.phase {
            // A process died between sending and sealing. If the server rotated, the successor died with it and
            // nothing is lost by asking; if it did not, asking saves the session.
            if self.record.server.revokes_siblings && !self.overlaps(sent_at, now) {
                return self.sign_out(SignedOutBecause::Refused);
            }
            self.sent = 1;
            self.in_doubt = true;
            first_sent_at = sent_at;
        }
        self.sent += 1;
        let tries = if self.in_doubt { 2 } else { 1 };
        self.record.phase = Phase::InFlight { sent_at: first_sent_at, tries };
        Action::SealThenSend(Box::new(self.record.clone()), refresh)
    }

    /// Takes what came of sending, and says what to do about it.
    pub fn took(&mut self, outcome: Outcome, now: Timestamp) -> Action {
        match outcome {
            Outcome::Granted(grant) => {
                let token = grant.access.clone();
                self.record = self.record.renewed(grant, now);
                Action::SealThenUse(Box::new(self.record.clone()), token)
            }
            Outcome::NotSent => self.rest_or_insist(Resting::OutOfReach, now),
            Outcome::Busy { retry_after } => {
                self.rest_or_insist(Resting::Busy { retry_after }, now)
            }
            Outcome::Odd => self.rest_or_insist(Resting::Odd, now),
            Outcome::Refused if self.reloaded => self.sign_out(SignedOutBecause::Refused),
            Outcome::Refused => {
                self.reloaded = true;
                Action::Reload
            }
            Outcome::Ambiguous => {
                self.in_doubt = true;
                // The intent stays sealed: the next demand knows that this token may be spent.
                self.send_again(now).unwrap_or(Action::Rest(Resting::OutOfReach))
            }
        }
    }

    /// Takes the record as it is on disk now, after [`Action::Reload`].
    pub fn reloaded(&mut self, on_disk: Record, now: Timestamp) -> Action {
        if on_disk.generation == self.record.generation {
            return self.sign_out(SignedOutBecause::Refused);
        }
        self.record = on_disk;
        self.sent = 0;
        self.in_doubt = false;
        self.begin(now)
    }

    /// The record that [`Action::Use`]'s token is of, as it is on disk.
    pub fn into_record(self) -> Record {
        self.record
    }

    fn usable(&self, now: Timestamp) -> Option<AccessToken> {
        let newer = match self.want {
            Want::Fresh => true,
            Want::NewerThan(generation) => self.record.generation > generation,
        };
        let lasts = match self.record.access_expires_at.checked_sub(HEAD_START) {
            Ok(renew_at) => now < renew_at,
            Err(_) => false,
        };
        self.record.access.clone().filter(|_| newer && lasts)
    }

    /// Whether a refresh token that was sent at an instant still works, spent or not.
    fn overlaps(&self, sent_at: Timestamp, now: Timestamp) -> bool {
        match self.record.server.rotation {
            Rotation::None | Rotation::ConfirmOnUse => true,
            Rotation::Grace { seconds } => {
                (0..i64::from(seconds)).contains(&now.duration_since(sent_at).as_secs())
            }
            Rotation::Strict => false,
        }
    }

    /// The same token once more, if the server has room for that: at once after the first time, whatever the server;
    /// then only while it accepts a token that may be spent.
    fn send_again(&mut self, now: Timestamp) -> Option<Action> {
        let pause = *PAUSES.get(self.sent.checked_sub(1)?)?;
        if !pause.is_zero() && !self.accepts_old_after(pause, now) {
            return None;
        }
        let refresh = self.record.refresh.clone()?;
        self.sent += 1;
        Some(Action::SendAgain(refresh, pause))
    }

    fn accepts_old_after(&self, pause: Duration, now: Timestamp) -> bool {
        let (Phase::InFlight { sent_at, .. }, Ok(then)) =
            (&self.record.phase, now.checked_add(pause))
        else {
            return false;
        };
        // A clock that was put back says nothing about how long this has lasted.
        let lasted = then.duration_since(self.begun_at);
        self.overlaps(*sent_at, then) && (SignedDuration::ZERO..=LAST_START).contains(&lasted)
    }

    /// Gives up for now, but not where a token may be spent and the time to find out runs: that would cost the session,
    /// and a server that asks for time would sooner have one request more than one sign-in more.
    fn rest_or_insist(&mut self, why: Resting, now: Timestamp) -> Action {
        let runs_out = matches!(self.record.server.rotation, Rotation::Grace { .. });
        let again = (self.in_doubt && runs_out).then(|| self.send_again(now)).flatten();
        again.unwrap_or_else(|| self.rest(why))
    }

    fn rest(&mut self, why: Resting) -> Action {
        if self.in_doubt {
            // This try said nothing about the one before; the sealed intent keeps the doubt.
            return Action::Rest(why);
        }
        self.record.phase = Phase::Idle;
        Action::SealThenRest(Box::new(self.record.clone()), why)
    }

    fn sign_out(&mut self, because: SignedOutBecause) -> Action {
        self.record.phase = Phase::SignedOut { because };
        self.record.access = None;
        Action::SealThenAskToSignIn(Box::new(self.record.clone()))
    }
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::tests::{NOW, record};

    fn after(seconds: i64) -> Timestamp {
        NOW.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap()
    }

    fn grant(access: &str, refresh: Option<&str>) -> Grant {
        Grant {
            access: AccessToken::new(access),
            refresh: refresh.map(RefreshToken::new),
            expires_at: after(3_600),
            granted: vec![],
            patient: None,
            fhir_user: None,
        }
    }

    #[test]
    fn a_token_that_lasts_is_used_without_asking() {
        let (_, action) = Demand::start(record(), Want::Fresh, NOW);

        assert!(matches!(action, Action::Use(token) if token.expose() == "access-1"));
    }

    #[test]
    fn the_intent_is_sealed_before_the_refresh_token_is_sent() {
        let (_, action) = Demand::start(record(), Want::Fresh, after(3_560));

        let Action::SealThenSend(sealed, token) = action else { panic!("{action:?}") };
        assert_eq!(token.expose(), "refresh-1");
        assert!(matches!(sealed.phase, Phase::InFlight { tries: 1, .. }));
    }

    #[test]
    fn new_tokens_are_sealed_before_they_are_used_and_count_as_the_next_generation() {
        let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));

        let action = demand.took(Outcome::Granted(grant("access-2", Some("refresh-2"))), NOW);

        let Action::SealThenUse(sealed, token) = action else { panic!("{action:?}") };
        assert_eq!(token.expose(), "access-2");
        assert_eq!(sealed.refresh.as_ref().map(RefreshToken::expose), Some("refresh-2"));
        assert_eq!((sealed.generation, &sealed.phase), (2, &Phase::Idle));
    }

    #[test]
    fn a_server_that_sends_no_new_refresh_token_leaves_the_old_one_in_force() {
        let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));

        let action = demand.took(Outcome::Granted(grant("access-2", None)), NOW);

        let Action::SealThenUse(sealed, _) = action else { panic!("{action:?}") };
        assert_eq!(sealed.refresh.as_ref().map(RefreshToken::expose), Some("refresh-1"));
        assert_eq!(sealed.patient.as_deref(), Some("pat-1"));
        assert_eq!(sealed.granted, ["patient/Task.rs"]);
    }

    #[test]
    fn a_server_out_of_reach_rests_and_never_signs_out() {
        let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));

        let action = demand.took(Outcome::NotSent, after(4_001));

        let Action::SealThenRest(sealed, Resting::OutOfReach) = action else {
            panic!("{action:?}")
        };
        assert_eq!(sealed.phase, Phase::Idle);
        assert!(sealed.refresh.is_some());
    }

    #[test]
    fn an_ambiguous_answer_is_asked_about_once_and_then_the_intent_stays_sealed() {
        let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));

        let first = demand.took(Outcome::Ambiguous, after(4_001));
        let second = demand.took(Outcome::Ambiguous, after(4_002));

        assert!(
            matches!(first, Action::SendAgain(token, Duration::ZERO) if token.expose() == "refresh-1")
        );
        assert!(matches!(second, Action::Rest(Resting::OutOfReach)));
    }

    /// At a server with this habit: every pause after which the token is sent again, when each answer takes so long.
    fn pauses(rotation: Rotation, seconds: i64, outcome: fn() -> Outcome) -> Vec<u64> {
        let mut record = record();
        record.server.rotation = rotation;
        let (mut demand, _) = Demand::start(record, Want::Fresh, after(4_000));
        let mut clock = 4_000 + seconds;
        let mut action = demand.took(Outcome::Ambiguous, after(clock));
        let mut pauses = vec![];
        while let Action::SendAgain(_, pause) = action {
            pauses.push(pause.as_secs());
            clock += seconds + i64::try_from(pause.as_secs()).unwrap();
            action = demand.took(outcome(), after(clock));
        }
        assert!(matches!(action, Action::Rest(_)), "the intent stays sealed: {action:?}");
        pauses
    }

    #[test]
    fn where_the_old_token_still_works_a_demand_sends_it_four_times_in_all_with_pauses() {
        let habits = [Rotation::None, Rotation::ConfirmOnUse, Rotation::Grace { seconds: 30 }];

        for rotation in habits {
            assert_eq!(pauses(rotation, 1, || Outcome::Ambiguous), [0, 1, 2], "{rotation:?}");
        }
        assert_eq!(pauses(Rotation::Strict, 1, || Outcome::Ambiguous), [0]);
    }

    #[test]
    fn the_pauses_end_where_the_grace_or_the_time_of_two_slow_requests_ends() {
        let short = |seconds| pauses(Rotation::Grace { seconds }, 1, || Outcome::Ambiguous);
        let slow = |seconds| pauses(Rotation::None, seconds, || Outcome::Ambiguous);

        assert_eq!([short(3), short(4)].map(|pauses| pauses.len()), [1, 2], "3 s after the first");
        assert_eq!([slow(10), slow(9)].map(|pauses| pauses.len()), [1, 2], "20 s after the first");
    }

    #[test]
    fn in_doubt_any_other_failure_is_tried_through_only_where_the_grace_runs_out() {
        let failures: [fn() -> Outcome; 3] =
            [|| Outcome::NotSent, || Outcome::Busy { retry_after: None }, || Outcome::Odd];

        for outcome in failures {
            assert_eq!(pauses(Rotation::Grace { seconds: 30 }, 1, outcome), [0, 1, 2]);
            assert_eq!(pauses(Rotation::ConfirmOnUse, 1, outcome), [0], "waiting costs nothing");
        }
    }

    #[test]
    fn a_refusal_looks_at_the_disk_once_before_it_believes_that_the_session_ended() {
        let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));

        let first = demand.took(Outcome::Refused, after(4_001));
        let second = demand.reloaded(record(), after(4_001));

        assert!(matches!(first, Action::Reload));
        let Action::SealThenAskToSignIn(sealed) = second else { panic!("{second:?}") };
        assert!(matches!(sealed.phase, Phase::SignedOut { .. }));
    }

    #[test]
    fn a_refusal_uses_what_another_process_sealed_meanwhile() {
        let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));
        let mut newer = record();
        newer.generation = 2;
        newer.access = Some(AccessToken::new("access-2"));
        newer.access_expires_at = after(9_000);

        demand.took(Outcome::Refused, after(4_001));
        let action = demand.reloaded(newer, after(4_001));

        assert!(matches!(action, Action::Use(token) if token.expose() == "access-2"));
    }

    #[test]
    fn an_exchange_that_a_dead_process_began_is_tried_once_more() {
        let mut left_behind = record();
        left_behind.phase = Phase::InFlight { sent_at: NOW, tries: 1 };

        let (mut demand, action) = Demand::start(left_behind, Want::Fresh, after(4_000));
        let then = demand.took(Outcome::Ambiguous, after(4_001));

        assert!(matches!(action, Action::SealThenSend(..)));
        assert!(matches!(then, Action::Rest(Resting::OutOfReach)));
    }

    #[test]
    fn a_try_that_never_left_does_not_make_the_try_before_it_harmless() {
        let outcomes = || [Outcome::NotSent, Outcome::Busy { retry_after: None }, Outcome::Odd];

        let after_no_answer = outcomes().map(|outcome| {
            let (mut demand, _) = Demand::start(record(), Want::Fresh, after(4_000));
            demand.took(Outcome::Ambiguous, after(4_001));
            demand.took(outcome, after(4_002))
        });
        let after_a_death = outcomes().map(|outcome| {
            let mut left_behind = record();
            left_behind.phase = Phase::InFlight { sent_at: NOW, tries: 1 };
            let (mut demand, _) = Demand::start(left_behind, Want::Fresh, after(4_000));
            demand.took(outcome, after(4_001))
        });

        for action in after_no_answer.into_iter().chain(after_a_death) {
            assert!(matches!(action, Action::Rest(_)), "the intent stays sealed: {action:?}");
        }
    }

    #[test]
    fn an_intent_left_behind_signs_out_only_where_asking_again_could_end_other_sessions() {
        let demand = |rotation, seconds: i64| {
            let mut left_behind = record();
            left_behind.server.rotation = rotation;
            left_behind.server.revokes_siblings = true;
            left_behind.phase = Phase::InFlight { sent_at: after(4_000), tries: 1 };
            Demand::start(left_behind, Want::Fresh, after(4_000 + seconds)).1
        };

        let within = demand(Rotation::Grace { seconds: 30 }, 29);
        let too_late = demand(Rotation::Grace { seconds: 30 }, 30);
        let strict = demand(Rotation::Strict, 1);

        let Action::SealThenSend(sealed, _) = within else { panic!("{within:?}") };
        assert_eq!(sealed.phase, Phase::InFlight { sent_at: after(4_000), tries: 2 });
        assert!(matches!(too_late, Action::SealThenAskToSignIn(_)));
        assert!(matches!(strict, Action::SealThenAskToSignIn(_)));
    }

    #[test]
    fn a_token_refused_with_401_is_renewed_once_for_its_generation() {
        let (_, renew) = Demand::start(record(), Want::NewerThan(1), NOW);
        let mut newer = record();
        newer.generation = 2;
        let (_, reuse) = Demand::start(newer, Want::NewerThan(1), NOW);

        assert!(matches!(renew, Action::SealThenSend(..)));
        assert!(matches!(reuse, Action::Use(_)));
    }

    #[test]
    fn without_a_refresh_token_the_person_is_asked_to_sign_in() {
        let mut record = record();
        record.refresh = None;

        let (_, action) = Demand::start(record, Want::Fresh, after(4_000));

        assert!(matches!(action, Action::SealThenAskToSignIn(_)));
    }
}

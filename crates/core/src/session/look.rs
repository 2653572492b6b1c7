//! What a look at a place comes to: for the place, and for whoever asked.
//!
//! In: how the look ended. Out: how the connection stands now, and the outcome to report.
//! Never: the end of a session for any reason but `invalid_grant`, a key that is lost, or the person.

use std::time::Duration;

use handrail_contract::{
    place::{CheckOutcome, Outcome, SourceOutcome},
    words::Phrase,
};
use jiff::Timestamp;

use super::Source;
use crate::fetch::{Cursors, Skip, SkipReason};

/// How a look at a place ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Answers came. What was left out, and where the next delta starts.
    Read { skipped: Vec<Skip>, cursors: Cursors },
    /// The place ended the session (`invalid_grant`), or there is nothing left to sign in with.
    SignedOut,
    /// The place is away, or asked for time.
    Away { retry_after: Option<Duration> },
    /// The place refuses with 401 a token that it has only just given. Its fault, and no end of the session.
    TokenRefused,
    /// The time that was given for looking ran out first.
    OutOfTime,
    /// Something on this device, which says nothing about the place.
    Here(Trouble),
}

/// What can be wrong on this device. None of it changes what was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Another process of ours is at this place right now.
    Busy,
    /// No network at all.
    Offline,
    /// The keyring or the device is locked. Unlocking it mends this.
    KeyLocked,
    /// No room, or a folder that cannot be written.
    CannotSave,
    /// The key no longer opens this place's tokens, or their file is damaged.
    KeyTrouble,
    /// The tokens were sealed by a later version of the app.
    Newer,
    /// A bug. Its reference is in the log.
    OurFault,
}

impl Trouble {
    /// The stable code among [`SourceOutcome::problems`].
    pub const fn code(self) -> &'static str {
        match self {
            Self::Busy => "busy_here",
            Self::Offline => "offline",
            Self::KeyLocked => "key_locked",
            Self::CannotSave => "cannot_save",
            Self::KeyTrouble => "key_trouble",
            Self::Newer => "newer_version",
            Self::OurFault => "our_fault",
        }
    }
}

impl Source {
    /// Takes how a look ended. `jitter` is any random number. Returns what to report, with codes of what was wrong.
    pub fn settle(&mut self, look: Look, now: Timestamp, jitter: u16) -> (Outcome, Vec<String>) {
        let (outcome, code) = match look {
            Look::Read { skipped, cursors } => {
                return self.settle_read(skipped, cursors, now, jitter);
            }
            Look::SignedOut => (Outcome::SignInAgain, None),
            Look::Away { retry_after } => {
                self.fail(now, retry_after, jitter);
                (Outcome::OutOfReach, None)
            }
            Look::TokenRefused => {
                self.fail(now, None, jitter);
                (Outcome::OutOfReach, Some("token_refused"))
            }
            Look::OutOfTime => {
                self.fail(now, None, jitter);
                (Outcome::OutOfReach, Some("out_of_time"))
            }
            // Only a new sign-in gives tokens that the key of today can seal.
            Look::Here(trouble @ Trouble::KeyTrouble) => {
                (Outcome::SignInAgain, Some(trouble.code()))
            }
            Look::Here(trouble @ (Trouble::Busy | Trouble::Offline | Trouble::KeyLocked)) => {
                (Outcome::NotDue, Some(trouble.code()))
            }
            Look::Here(trouble) => (Outcome::Partial, Some(trouble.code())),
        };
        if outcome == Outcome::SignInAgain {
            self.sign_out();
        }
        (outcome, code.map(str::to_owned).into_iter().collect())
    }

    fn settle_read(
        &mut self,
        skipped: Vec<Skip>,
        cursors: Cursors,
        now: Timestamp,
        jitter: u16,
    ) -> (Outcome, Vec<String>) {
        let is_whole = !skipped.iter().any(is_trouble);
        let mut problems: Vec<String> =
            skipped.iter().map(|skip| format!("{}:{}", skip.what, skip.why.code())).collect();
        problems.sort();
        problems.dedup();
        self.skipped = skipped;
        self.cursors = cursors;
        self.succeed(now, jitter);
        (if is_whole { Outcome::Ok } else { Outcome::Partial }, problems)
    }
}

/// "Checked. 2 things are new." Never said of a place that did not answer.
pub fn sum_up(outcome: &CheckOutcome) -> Phrase {
    let has = |code: &str| {
        outcome.sources.iter().any(|checked| checked.problems.iter().any(|it| it == code))
    };
    let away = |checked: &&SourceOutcome| {
        matches!(checked.outcome, Outcome::OutOfReach | Outcome::SignInAgain)
    };
    let failed = outcome.sources.iter().filter(away).count();
    let changed: u64 = outcome.sources.iter().map(|checked| checked.changed).sum();
    if has(Trouble::CannotSave.code()) {
        Phrase::new("check-not-saved")
    } else if has(Trouble::Offline.code()) || failed > 0 && failed == outcome.sources.len() {
        Phrase::new("check-failed")
    } else if failed > 0 {
        Phrase::new("check-partly")
    } else {
        Phrase::new("check-done").with("n", i64::try_from(changed).unwrap_or(i64::MAX))
    }
}

/// What a phone's job does after a turn that nobody watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnEnd {
    /// Nothing to say.
    Quiet,
    /// Something came: say so, and never what.
    News,
    /// A place, or the network, was away, or the turn was cut short. The next turn of the schedule is soon enough.
    Later,
    /// Our own fault, or this device's. The next turn may do better; the app says it when it is opened.
    Failed,
}

impl TurnEnd {
    /// The same as the number that Kotlin and Swift know.
    pub const fn code(self) -> i32 {
        match self {
            Self::Quiet => 0,
            Self::News => 1,
            Self::Later => 2,
            Self::Failed => 3,
        }
    }
}

/// The problem of a place at which a turn ended early because the phone wanted its time back.
pub const STOPPED: &str = "stopped";

/// What a phone's job does after this turn. News is told although another place was away.
pub fn end_turn(outcome: &CheckOutcome) -> TurnEnd {
    let away = |checked: &SourceOutcome| checked.outcome == Outcome::OutOfReach;
    let waits = |checked: &SourceOutcome| {
        checked.problems.iter().any(|code| code == Trouble::Offline.code() || code == STOPPED)
    };
    if outcome.sources.iter().any(|checked| checked.changed > 0) {
        TurnEnd::News
    } else if outcome.sources.iter().any(|checked| away(checked) || waits(checked)) {
        TurnEnd::Later
    } else {
        TurnEnd::Quiet
    }
}

/// Whether a desktop tells of a look that nobody asked for: what a phone tells of, to a person who wants it and does not
/// have the app before them.
pub fn is_told(outcome: &CheckOutcome, wanted: bool, watched: bool) -> bool {
    wanted && !watched && end_turn(outcome) == TurnEnd::News
}

/// Whether a look that left this out was less than whole. What a place does not have is not missing.
fn is_trouble(skip: &Skip) -> bool {
    match skip.why {
        SkipReason::NotOffered | SkipReason::NotGranted | SkipReason::Gone => false,
        // Single things may be elsewhere. A list that goes on there was not read to its end.
        SkipReason::Elsewhere => skip.count.is_none(),
        SkipReason::Refused
        | SkipReason::Unreadable
        | SkipReason::AnotherPerson
        | SkipReason::TooMuch
        | SkipReason::Busy
        | SkipReason::OutOfReach => true,
    }
}

#[cfg(test)]
mod tests {
    use handrail_contract::place::ConnectionState;

    use super::*;
    use crate::session::tests::{NOW, source};

    const TROUBLES: [Trouble; 7] = [
        Trouble::Busy,
        Trouble::Offline,
        Trouble::KeyLocked,
        Trouble::CannotSave,
        Trouble::KeyTrouble,
        Trouble::Newer,
        Trouble::OurFault,
    ];

    fn settled(look: Look) -> (Source, Outcome, Vec<String>) {
        let mut known = source();
        known.succeed(NOW, 0);
        let (outcome, problems) = known.settle(look, NOW, 0);
        (known, outcome, problems)
    }

    fn checked(outcome: Outcome, problems: &[&str], changed: u64) -> SourceOutcome {
        SourceOutcome {
            source: source().id,
            outcome,
            requests: 0,
            bytes: 0,
            changed,
            elapsed_ms: 0,
            problems: problems.iter().map(|&code| code.to_owned()).collect(),
        }
    }

    #[test]
    fn a_desktop_tells_what_a_phone_would_to_whoever_wants_it_and_looks_elsewhere() {
        let told = |changed, wanted, watched| {
            let sources = vec![checked(Outcome::Ok, &[], changed)];
            is_told(&CheckOutcome { sources, line: None }, wanted, watched)
        };

        assert!(told(1, true, false));
        assert!(!told(1, false, false), "nobody asked for it");
        assert!(!told(1, true, true), "the app is before the person");
        assert!(!told(0, true, false), "there is nothing new");
    }

    #[test]
    fn a_phone_tells_of_news_also_where_another_place_was_away_and_of_nothing_else() {
        let end = |sources: &[SourceOutcome]| {
            end_turn(&CheckOutcome { sources: sources.to_vec(), line: None })
        };
        let away = || checked(Outcome::OutOfReach, &[], 0);
        let news = || checked(Outcome::Ok, &[], 2);
        let same = || checked(Outcome::Ok, &[], 0);

        assert_eq!(end(&[]), TurnEnd::Quiet);
        assert_eq!(end(&[same()]), TurnEnd::Quiet);
        assert_eq!(end(&[same(), away()]), TurnEnd::Later);
        for waits in ["offline", STOPPED] {
            assert_eq!(end(&[checked(Outcome::NotDue, &[waits], 0)]), TurnEnd::Later, "{waits}");
        }
        assert_eq!(end(&[away(), news()]), TurnEnd::News);
    }

    #[test]
    fn only_the_end_of_the_session_or_of_the_key_asks_for_a_sign_in() {
        let away = Look::Away { retry_after: None };
        let looks = [away, Look::TokenRefused, Look::OutOfTime, Look::SignedOut];
        let all = looks.into_iter().chain(TROUBLES.map(Look::Here));

        let asking: Vec<Look> = all
            .filter(|look| settled(look.clone()).0.state == ConnectionState::SignInAgain)
            .collect();

        assert_eq!(asking, [Look::SignedOut, Look::Here(Trouble::KeyTrouble)]);
    }

    #[test]
    fn a_token_that_a_place_refuses_although_it_is_new_is_the_places_trouble() {
        let (known, outcome, problems) = settled(Look::TokenRefused);

        assert_eq!(known.state, ConnectionState::OutOfReach);
        assert_eq!((outcome, problems), (Outcome::OutOfReach, vec!["token_refused".to_owned()]));
        assert!(known.next_due_at.is_some(), "it is tried again by itself");
    }

    #[test]
    fn what_is_wrong_on_this_device_is_not_held_against_the_place() {
        for trouble in TROUBLES.into_iter().filter(|trouble| *trouble != Trouble::KeyTrouble) {
            let mut known = source();
            known.succeed(NOW, 0);
            let before = known.clone();

            let (_, problems) = known.settle(Look::Here(trouble), NOW, 0);

            assert_eq!(known, before);
            assert_eq!(problems, [trouble.code()]);
        }
    }

    #[test]
    fn no_failure_moves_the_time_of_the_last_success() {
        let away = Look::Away { retry_after: Some(Duration::from_secs(9)) };

        for look in [Look::SignedOut, away, Look::TokenRefused, Look::OutOfTime] {
            let (known, ..) = settled(look);

            assert_eq!(known.last_success_at, Some(NOW));
        }
    }

    #[test]
    fn a_list_that_goes_on_at_another_server_was_not_wholly_read() {
        let read = |count| {
            let skip = Skip { what: "Task".to_owned(), why: SkipReason::Elsewhere, count };
            settled(Look::Read { skipped: vec![skip], cursors: Cursors::default() }).1
        };

        assert_eq!(read(None), Outcome::Partial);
        assert_eq!(read(Some(1)), Outcome::Ok);
    }

    #[test]
    fn the_sum_of_a_check_never_calls_a_failure_done() {
        let sum = |sources: &[SourceOutcome]| {
            sum_up(&CheckOutcome { sources: sources.to_vec(), line: None }).key
        };
        let (fine, away) = (checked(Outcome::Ok, &[], 2), checked(Outcome::OutOfReach, &[], 0));

        assert_eq!(sum(std::slice::from_ref(&fine)), "check-done");
        assert_eq!(sum(&[fine.clone(), away.clone()]), "check-partly");
        assert_eq!(sum(&[away]), "check-failed");
        assert_eq!(sum(&[checked(Outcome::NotDue, &["offline"], 0)]), "check-failed");
        assert_eq!(sum(&[fine, checked(Outcome::Partial, &["cannot_save"], 0)]), "check-not-saved");
    }
}

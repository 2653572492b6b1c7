//! What the app did, as it is kept: when, where, what, and how it ended.
//!
//! In: what just happened. Out: what to write down, and for how long.
//! Never: health data, a topic, or a name; a place is named by its connection alone, and forgotten with it.

use std::time::Duration;

use handrail_contract::place::{Outcome, Revoked, SourceId, SourceOutcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::act::Standing;

/// No more than this is kept.
pub const MOST: u32 = 500;
/// Nothing older is kept.
pub const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// One thing that the app did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Deed {
    /// A place was read. `changed` counts nothing that is hidden; `left_out` are kinds of things, not things.
    Checked { changed: u64, left_out: u64 },
    /// A place did not answer.
    Away,
    /// A place ended the sign-in.
    SignInEnded,
    /// Something on this device kept a place from being read.
    NotHere,
    /// The person signed in.
    SignedIn,
    /// A place took what the person did.
    Sent,
    /// A place could not be given what the person did; it waits.
    Waits,
    /// A place did not take what the person did.
    NotTaken,
    /// The person ended a connection.
    Disconnected { revoked: Revoked },
    /// A PIN was tried that was not the right one.
    WrongPin,
    /// The person took what is saved along.
    Exported,
}

/// A deed with its time and place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logged {
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    pub deed: Deed,
    /// How often in a row, `at` being the last time.
    #[serde(default = "once")]
    pub times: u32,
}

const fn once() -> u32 {
    1
}

impl Logged {
    /// A deed that was just done.
    pub const fn now(at: Timestamp, source: Option<SourceId>, deed: Deed) -> Self {
        Self { at, source, deed, times: once() }
    }

    /// The two as one line, where the later says only that nothing has changed since: the same failure, or no news.
    pub fn join(&self, later: &Self) -> Option<Self> {
        let is_quiet = matches!(
            self.deed,
            Deed::Checked { changed: 0, .. }
                | Deed::Away
                | Deed::NotHere
                | Deed::Waits
                | Deed::WrongPin
        );
        let is_same = self.source == later.source && self.deed == later.deed;
        (is_quiet && is_same)
            .then(|| Self { times: self.times.saturating_add(later.times), ..later.clone() })
    }
}

/// What to write down about a look. `None`: there was none.
pub fn deed_of(checked: &SourceOutcome) -> Option<Deed> {
    Some(match checked.outcome {
        Outcome::Ok => Deed::Checked { changed: checked.changed, left_out: 0 },
        // What was left out is named with its kind; trouble of our own is one word.
        Outcome::Partial => {
            match checked.problems.iter().filter(|it| it.contains(':')).count() as u64 {
                0 => Deed::NotHere,
                left_out => Deed::Checked { changed: checked.changed, left_out },
            }
        }
        Outcome::OutOfReach => Deed::Away,
        Outcome::SignInAgain => Deed::SignInEnded,
        Outcome::NotDue => return None,
    })
}

/// What to write down about something the person did.
pub const fn deed_of_act(standing: Standing) -> Deed {
    match standing {
        Standing::Sent => Deed::Sent,
        Standing::Waiting => Deed::Waits,
        Standing::Conflict | Standing::Refused => Deed::NotTaken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logged(minute: i64, deed: Deed) -> Logged {
        let at = Timestamp::from_second(1_800_000_000 + 60 * minute).unwrap();
        Logged::now(at, Some(SourceId("elm".to_owned())), deed)
    }

    const NOTHING_NEW: Deed = Deed::Checked { changed: 0, left_out: 0 };

    #[test]
    fn looks_that_find_nothing_are_one_line_that_says_how_many_they_were() {
        let joined = logged(0, NOTHING_NEW).join(&logged(60, NOTHING_NEW)).unwrap();
        let more = joined.join(&logged(120, NOTHING_NEW)).unwrap();

        assert_eq!((more.times, more.at), (3, logged(120, NOTHING_NEW).at));
    }

    #[test]
    fn news_and_other_places_have_lines_of_their_own() {
        let news = Deed::Checked { changed: 2, left_out: 0 };
        let elsewhere = Logged { source: None, ..logged(1, NOTHING_NEW) };

        assert_eq!(logged(0, news).join(&logged(1, news)), None);
        assert_eq!(logged(0, NOTHING_NEW).join(&logged(1, news)), None);
        assert_eq!(logged(0, NOTHING_NEW).join(&elsewhere), None);
    }

    #[test]
    fn trouble_on_the_phone_is_not_told_as_something_that_a_place_left_out() {
        let checked = |problems: &[&str]| {
            deed_of(&SourceOutcome {
                source: SourceId("elm".to_owned()),
                outcome: Outcome::Partial,
                requests: 1,
                bytes: 1,
                changed: 3,
                elapsed_ms: 1,
                problems: problems.iter().map(|it| (*it).to_owned()).collect(),
            })
        };

        assert_eq!(checked(&["cannot_save"]), Some(Deed::NotHere));
        assert_eq!(checked(&["Goal:refused"]), Some(Deed::Checked { changed: 3, left_out: 1 }));
    }
}

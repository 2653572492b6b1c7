//! What the app did, as lines.

use handrail_contract::{
    activity::{Activity, ActivityDay, ActivityRow},
    place::{Place, Revoked},
    words::{Icon, Phrase},
};

use super::{
    Now,
    say::{moment, say},
};
use crate::{
    activity::{Deed, KEPT_FOR, Logged},
    session::Source,
};

/// The latest day first, and on each day the latest thing.
pub fn show(logged: &[Logged], sources: &[Source], now: Now<'_>) -> Activity {
    let mut logged: Vec<&Logged> = logged
        .iter()
        .rev()
        .filter(|it| now.at.duration_since(it.at).unsigned_abs() <= KEPT_FOR)
        .collect();
    logged.sort_by_key(|it| std::cmp::Reverse(it.at));
    let mut days: Vec<ActivityDay> = Vec::new();
    for it in logged {
        let day = now.tz.to_datetime(it.at).date().to_string();
        let row = show_row(it, sources);
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.rows.push(row),
            None => days.push(ActivityDay { day, rows: vec![row] }),
        }
    }
    Activity { days }
}

fn show_row(logged: &Logged, sources: &[Source]) -> ActivityRow {
    let source = sources.iter().find(|source| Some(&source.id) == logged.source.as_ref());
    let (icon, key) = name_of(&logged.deed);
    let repeated = |phrase: Phrase| phrase.with("times", i64::from(logged.times));
    ActivityRow {
        icon,
        title: repeated(say(&format!("activity-{key}"))),
        line: line_of(logged),
        place: source.map(|source| Place {
            source: source.id.clone(),
            name: source.name.clone(),
            hue: source.hue,
        }),
        at: logged.at.to_string(),
    }
}

const fn name_of(deed: &Deed) -> (Icon, &'static str) {
    match deed {
        Deed::Checked { .. } => (Icon::RefreshCw, "checked"),
        Deed::Away => (Icon::CloudOff, "away"),
        Deed::SignInEnded => (Icon::KeyRound, "sign-in-ended"),
        Deed::NotHere => (Icon::CircleAlert, "not-here"),
        Deed::SignedIn => (Icon::LogIn, "signed-in"),
        Deed::Sent => (Icon::Send, "sent"),
        Deed::Waits => (Icon::Hourglass, "waits"),
        Deed::NotTaken => (Icon::CircleAlert, "not-taken"),
        Deed::Disconnected { .. } => (Icon::Unplug, "disconnected"),
        Deed::WrongPin => (Icon::Lock, "wrong-pin"),
        Deed::Exported => (Icon::Share, "exported"),
    }
}

fn line_of(logged: &Logged) -> Phrase {
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let phrase = match logged.deed {
        Deed::Checked { changed, left_out: 0 } => {
            say("activity-line-news").with("n", count(changed))
        }
        Deed::Checked { changed, left_out } => {
            say("activity-line-partly").with("n", count(changed)).with("left", count(left_out))
        }
        Deed::Disconnected { revoked: Revoked::Confirmed } => say("activity-line-confirmed"),
        Deed::Disconnected { .. } => say("activity-line-not-confirmed"),
        _ => say("activity-line"),
    };
    phrase.with("at", moment(logged.at))
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp, tz::TimeZone};

    use super::*;

    #[test]
    fn days_are_those_of_the_person_and_what_is_old_is_gone() {
        let at: Timestamp = "2026-05-06T02:00:00Z".parse().unwrap();
        let tz = TimeZone::fixed(jiff::tz::offset(-5));
        let logged = |before: i64| {
            Logged::now(at - SignedDuration::from_hours(before), None, Deed::WrongPin)
        };
        let all = [logged(31 * 24), logged(1), logged(0), logged(22)];

        let days = show(&all, &[], Now { at, tz: &tz }).days;

        let named: Vec<(&str, usize)> =
            days.iter().map(|day| (&*day.day, day.rows.len())).collect();
        assert_eq!(named, [("2026-05-05", 2), ("2026-05-04", 1)]);
    }
}

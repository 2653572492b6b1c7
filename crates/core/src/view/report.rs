//! A report for whoever helps with a problem.
//!
//! In: how places stand, what was done lately. Out: plain text in English, for those who mend the app.
//! Never: a name, a word of a place or a person, an id, a topic; a host only where the person says so.

use std::{collections::BTreeMap, fmt::Write as _};

use handrail_contract::report::Report;

use super::{Now, Shelf, index::Index};
use crate::{act::Standing, activity::Logged, settings::Settings, vault::keys::KeyPlace};

/// What a report may know beside the shelf.
pub struct About<'a> {
    pub version: &'a str,
    pub keys: Option<KeyPlace>,
    pub has_pin: bool,
    pub settings: &'a Settings,
    pub logged: &'a [Logged],
    pub with_hosts: bool,
}

/// The report. What is hidden is in no count.
pub fn show(shelf: &Shelf, about: &About<'_>, now: Now<'_>) -> Report {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = write_all(&mut text, shelf, about, now);
    Report { text }
}

fn write_all(
    text: &mut String,
    shelf: &Shelf,
    about: &About<'_>,
    now: Now<'_>,
) -> std::fmt::Result {
    writeln!(text, "Handrail {} on {}", about.version, std::env::consts::OS)?;
    writeln!(text, "made at {}", minute(now.at))?;
    let keys = match about.keys {
        Some(KeyPlace::SecretService) => "keyring",
        Some(KeyPlace::Device) => "phone",
        Some(KeyPlace::KeyFile) => "key file",
        None => "none",
    };
    let locked = if about.has_pin { "PIN" } else { "none" };
    writeln!(text, "keys: {keys}, lock: {locked}, looks: {:?}", about.settings.how_often)?;
    let index = Index::new(shelf);
    for (number, source) in (1..).zip(&shelf.sources) {
        writeln!(text, "\nplace {number}: {:?} as {:?}", source.state, source.role)?;
        if about.with_hosts {
            writeln!(text, "  host: {}", source.base.host())?;
        }
        let at = |at: Option<jiff::Timestamp>| at.map_or("never".to_owned(), minute);
        writeln!(text, "  last success: {}", at(source.last_success_at))?;
        writeln!(text, "  next due: {}", at(source.next_due_at))?;
        writeln!(text, "  failures in a row: {}", source.failures)?;
        if source.signs_in_each_time {
            writeln!(text, "  signs in each time")?;
        }
        for skip in &source.skipped {
            let count = skip.count.map(|count| format!(" x {count}")).unwrap_or_default();
            writeln!(text, "  left out: {} {}{count}", plain(&skip.what), skip.why.code())?;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let shown = |row: &&crate::store::Kept| match &*row.kind {
            "ServiceRequest" => !index.is_hidden_request(row),
            "Goal" => !index.is_hidden_goal(row),
            _ => true,
        };
        let tasks = index.todos.iter().filter(|row| row.source == source.id);
        let open = tasks.filter(|todo| !index.is_hidden_todo(todo)).count();
        counts.insert("to-dos", open);
        for row in index.rows(&source.id).into_iter().filter(|row| row.kind != "Task").filter(shown)
        {
            *counts.entry(plain(&row.kind)).or_default() += 1;
        }
        let counts: Vec<String> =
            counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        writeln!(text, "  saved: {}", counts.join(", "))?;
        for entry in shelf.outbox.iter().filter(|entry| entry.source == source.id) {
            let standing = match entry.standing {
                Standing::Waiting => "waiting",
                Standing::Sent => "sent",
                Standing::Conflict => "conflict",
                Standing::Refused => "refused",
            };
            let problem = entry.problem.as_deref().map(plain).unwrap_or("-");
            writeln!(text, "  outbox: {standing}, {} tries, {problem}", entry.attempts)?;
        }
    }
    writeln!(text, "\nlately:")?;
    for logged in about.logged.iter().rev().take(MOST_LINES) {
        let place = shelf.sources.iter().position(|it| Some(&it.id) == logged.source.as_ref());
        let place = place.map(|at| format!("place {}", at + 1)).unwrap_or_default();
        writeln!(text, "  {} x{} {:?} {place}", minute(logged.at), logged.times, logged.deed)?;
    }
    Ok(())
}

/// Lines about what was done lately.
const MOST_LINES: usize = 40;

/// An instant to the minute, in UTC: a finer one could be matched with a server's log.
fn minute(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A code of ours, or a type of FHIR's; nothing that a server could have put there.
fn plain(code: &str) -> &str {
    let is_code = code.len() <= 40
        && code.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b':'));
    if is_code { code } else { "other" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_may_have_written_is_no_code() {
        assert_eq!(plain("not_granted"), "not_granted");
        assert_eq!(plain("Rosa Delgado"), "other");
        assert_eq!(plain("https://elm.example/x"), "other");
    }
}

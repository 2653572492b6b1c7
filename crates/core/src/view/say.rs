//! Small pieces that answers are made of.

use handrail_contract::words::{Chip, Fact, Filling, Icon, Phrase, Tone, Words};
use jiff::{Timestamp, civil::Date};

use super::Now;
use crate::fhir::{
    text::{clean_line, clean_message},
    time::days_until,
};

/// A text of ours.
pub fn say(key: &str) -> Phrase {
    Phrase::new(key)
}

/// A text of ours, as words.
pub fn ours(key: &str) -> Words {
    Words::Ours(Phrase::new(key))
}

/// One line of theirs.
pub fn theirs(text: &str) -> Words {
    Words::theirs(clean_line(text))
}

/// A message of theirs, in the language the resource names.
pub fn their_message(text: &str, lang: Option<&str>) -> Words {
    let lang = lang.filter(|tag| is_language_tag(tag)).map(str::to_owned);
    Words::Theirs { text: clean_message(text), lang }
}

/// A label in our words.
pub fn chip(tone: Tone, icon: Icon, key: &str) -> Chip {
    Chip::ours(tone, icon, say(key))
}

/// A fact in our words.
pub fn fact(icon: Icon, label: &str, value: Words) -> Fact {
    Fact { icon, label: say(label), value }
}

/// Fills a gap with a day.
pub fn day(day: Date) -> Filling {
    Filling::Day(day.to_string())
}

/// Fills a gap with an instant.
pub fn moment(at: Timestamp) -> Filling {
    Filling::Moment(at.to_string())
}

/// Fills a gap with a count.
pub fn number(count: usize) -> Filling {
    Filling::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Fills a gap with words, ours or theirs.
pub fn filling(words: &Words) -> Filling {
    match words {
        Words::Ours(phrase) => Filling::Phrase(phrase.clone()),
        Words::Theirs { text, .. } => Filling::Text(text.clone()),
    }
}

/// "Checked 5 minutes ago", "Checked yesterday at 4:02 PM".
pub fn checked_line(at: Timestamp, now: Now<'_>) -> Phrase {
    let minutes = now.at.duration_since(at).as_mins();
    match minutes {
        ..=0 => say("checked-now"),
        1..=59 => say("checked-minutes").with("minutes", minutes),
        _ => say("checked-at").with("at", moment(at)),
    }
}

/// "By June 30. 55 days left.", or that the day is past.
pub fn target_line(target: Date, now: Now<'_>) -> Phrase {
    let left = days_until(target, now.at, now.tz);
    let phrase = if left >= 0 { say("goal-by").with("left", left) } else { say("goal-was-by") };
    phrase.with("day", day(target))
}

fn is_language_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= 35
        && tag.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
}

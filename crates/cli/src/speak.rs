//! English for people, from the same catalogue as the window's.

use std::cell::OnceCell;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use handrail_contract::words::{Filling, Phrase, Words};
use jiff::{Timestamp, ZonedDateTime, civil::Date};
use unic_langid::langid;

const TEXTS: [&str; 2] = [
    include_str!("../../../frontend/text/en.ftl"),
    include_str!("../../../frontend/text/core.en.ftl"),
];

/// A day that says its year: "May 9, 2026".
const WHOLE: &str = "%B %-d, %Y";

thread_local! {
    static CATALOGUE: OnceCell<FluentBundle<FluentResource>> = const { OnceCell::new() };
}

/// A text of ours, in English.
pub fn phrase(phrase: &Phrase) -> String {
    let mut arguments = FluentArgs::new();
    for (name, filling) in &phrase.with {
        arguments.set(name.clone(), value(filling));
    }
    format(&phrase.key, Some(&arguments))
}

/// A text of ours without gaps.
pub fn text(key: &str) -> String {
    format(key, None)
}

/// Ours in English; theirs as they wrote it, without what would move the cursor.
pub fn words(words: &Words) -> String {
    match words {
        Words::Ours(ours) => phrase(ours),
        Words::Theirs { text, .. } => text.chars().filter(|c| !c.is_control()).collect(),
    }
}

fn value(filling: &Filling) -> FluentValue<'static> {
    match filling {
        // A terminal has no list of the world's languages.
        Filling::Text(text) | Filling::Language { name: text, .. } => {
            FluentValue::from(text.chars().filter(|c| !c.is_control()).collect::<String>())
        }
        Filling::Number(number) => FluentValue::from(*number),
        Filling::Day(day) => FluentValue::from(write_day(day, &ZonedDateTime::now())),
        Filling::Date(day) => FluentValue::from(whole_day(day)),
        Filling::Moment(at) => FluentValue::from(write_moment(at, &ZonedDateTime::now())),
        Filling::Phrase(inner) => FluentValue::from(phrase(inner)),
    }
}

/// The day of an instant in this machine's time zone, written out whole.
pub fn date(at: &str) -> String {
    let Ok(at) = at.parse::<Timestamp>() else { return at.to_owned() };
    let at = at.to_zoned_datetime(ZonedDateTime::now().time_zone().clone());
    at.strftime(WHOLE).to_string()
}

/// A day written out whole, whatever day it is now. What is no day is shown as it stands.
fn whole_day(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |day| day.strftime(WHOLE).to_string())
}

/// A day near today by its name, another by its date. What is no day is shown as it stands.
fn write_day(text: &str, now: &ZonedDateTime) -> String {
    let Ok(day) = text.parse::<Date>() else { return text.to_owned() };
    let today = now.date();
    match day.duration_since(today).as_hours() / 24 {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        -6..=6 => day.strftime("%A, %B %-d").to_string(),
        _ if day.year() == today.year() => day.strftime("%B %-d").to_string(),
        _ => day.strftime(WHOLE).to_string(),
    }
}

fn write_moment(text: &str, now: &ZonedDateTime) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return text.to_owned() };
    let at = at.to_zoned_datetime(now.time_zone().clone());
    format!("{} at {}", write_day(&at.date().to_string(), now), at.strftime("%-I:%M %p"))
}

fn format(key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
    CATALOGUE.with(|cell| {
        let bundle = cell.get_or_init(catalogue);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, arguments, &mut errors).into_owned()
    })
}

fn catalogue() -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new(vec![langid!("en")]);
    // The marks around gaps are for mixed writing directions on a page; a terminal shows them as boxes.
    bundle.set_use_isolating(false);
    for text in TEXTS {
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_filled_and_a_missing_key_shows_itself() {
        let line = phrase(&Phrase::new("check-done").with("n", 2));

        assert!(line.contains('2'), "{line}");
        assert_eq!(text("no-such-key"), "no-such-key");
    }

    #[test]
    fn a_day_on_paper_says_its_year_whenever_it_is_read() {
        let today = ZonedDateTime::now().date();
        let due = Phrase::new("todo-was-due").with("day", Filling::Date(today.to_string()));

        assert_eq!(phrase(&due), format!("Was due {}", today.strftime("%B %-d, %Y")));
    }

    #[test]
    fn days_near_today_go_by_their_names() {
        let now: ZonedDateTime = "2026-11-23T10:00:00[America/New_York]".parse().unwrap();

        let written = ["2026-11-23", "2026-11-27", "2026-12-24", "2027-01-02", "soon"]
            .map(|day| write_day(day, &now));

        assert_eq!(
            written,
            ["today", "Friday, November 27", "December 24", "January 2, 2027", "soon"]
        );
        assert_eq!(write_moment("2026-11-22T21:05:00Z", &now), "yesterday at 4:05 PM");
    }
}

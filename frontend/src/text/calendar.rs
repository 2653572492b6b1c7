//! Days and moments, written out in the person's language and time zone.

use handrail_contract::words::{Filling, Phrase};
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::{LOCALE, say, t};

const DAY: f64 = 86_400_000.0;

/// What a day is written with that says its year.
const WHOLE: [(&str, &str); 3] = [("month", "long"), ("day", "numeric"), ("year", "numeric")];

/// How a day is written, by how far away it is.
#[derive(Debug, PartialEq, Eq)]
enum DayForm {
    Today,
    Tomorrow,
    Yesterday,
    /// "Friday, May 9"
    Near,
    /// "May 9"
    ThisYear,
    /// "May 9, 2027"
    OtherYear,
}

/// Picks the shortest form that cannot be mistaken.
fn pick_form(days_ahead: i64, is_this_year: bool) -> DayForm {
    match days_ahead {
        0 => DayForm::Today,
        1 => DayForm::Tomorrow,
        -1 => DayForm::Yesterday,
        2..=7 => DayForm::Near,
        _ if is_this_year => DayForm::ThisYear,
        _ => DayForm::OtherYear,
    }
}

/// The part of the day, for the greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartOfDay {
    Morning,
    Afternoon,
    Evening,
}

/// The part of the day it is now.
pub fn part_of_day() -> PartOfDay {
    match Date::new_0().get_hours() {
        4..=11 => PartOfDay::Morning,
        12..=17 => PartOfDay::Afternoon,
        _ => PartOfDay::Evening,
    }
}

/// Today's date: "Tuesday, May 6".
pub fn today_line() -> AttrValue {
    write(&Date::new_0(), &[("weekday", "long"), ("month", "long"), ("day", "numeric")]).into()
}

/// The day of an instant, without the time: "May 4". Empty where it is no instant.
pub fn written_date(moment: &str) -> AttrValue {
    read_moment(moment).map_or_else(String::new, |date| write_date(&date)).into()
}

/// The same written out whole, for what is read on another day: "May 4, 2026".
pub fn whole_date(moment: &str) -> AttrValue {
    read_moment(moment).map_or_else(String::new, |date| name_day(&date, &WHOLE)).into()
}

/// Writes a day out whole; one that is no day stays as it is.
pub(super) fn write_whole_day(day: &str) -> String {
    read_day(day).map_or_else(|| day.to_owned(), |date| name_day(&date, &WHOLE))
}

/// Writes a day such as `2026-05-09`; one that is no day stays as it is.
pub(super) fn write_day(day: &str) -> String {
    read_day(day).map_or_else(|| day.to_owned(), |date| write_date(&date))
}

/// Writes an instant in RFC 3339; one that is no instant stays as it is.
pub(super) fn write_moment(moment: &str) -> String {
    let Some(date) = read_moment(moment) else { return moment.to_owned() };
    let time = write_time(&date);
    let phrase = match pick_form(days_ahead(&date), true) {
        DayForm::Today => Phrase::new("moment-today"),
        DayForm::Yesterday => Phrase::new("moment-yesterday"),
        _ => Phrase::new("moment-other").with("day", write_date(&date)),
    };
    say(&phrase.with("time", Filling::Text(time))).to_string()
}

fn write_date(date: &Date) -> String {
    let is_this_year = date.get_full_year() == Date::new_0().get_full_year();
    let near = [("weekday", "long"), ("month", "long"), ("day", "numeric")];
    match pick_form(days_ahead(date), is_this_year) {
        DayForm::Today => t("day-today").to_string(),
        DayForm::Tomorrow => t("day-tomorrow").to_string(),
        DayForm::Yesterday => t("day-yesterday").to_string(),
        DayForm::Near => name_day(date, &near),
        DayForm::ThisYear => name_day(date, &near[1..]),
        DayForm::OtherYear => name_day(date, &WHOLE),
    }
}

/// A date as it stands in a sentence: "May 9", but "el 9 de mayo".
fn name_day(date: &Date, options: &[(&str, &str)]) -> String {
    say(&Phrase::new("day-other").with("date", Filling::Text(write(date, options)))).to_string()
}

fn write_time(date: &Date) -> String {
    let options = make_options(&[("hour", "numeric"), ("minute", "2-digit")]);
    // Some engines put a narrow no-break space before AM, which not every font has.
    let time =
        LOCALE.with_borrow(|locale| date.to_locale_time_string_with_options(locale, &options));
    String::from(time).replace('\u{202f}', "\u{a0}")
}

fn write(date: &Date, options: &[(&str, &str)]) -> String {
    LOCALE.with_borrow(|locale| date.to_locale_date_string(locale, &make_options(options)).into())
}

fn make_options(options: &[(&str, &str)]) -> JsValue {
    let object = Object::new();
    for (name, value) in options {
        // Setting a field of a fresh object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), &(*value).into());
    }
    object.into()
}

/// Whole days from today to the day of `date`, in the phone's time zone.
fn days_ahead(date: &Date) -> i64 {
    let start = |date: &Date| {
        // At noon, so that an hour more or less in spring and autumn does not matter.
        let (year, month, day) = (date.get_full_year(), date.get_month(), date.get_date());
        Date::new_with_year_month_day_hr(year, month as i32, day as i32, 12).get_time()
    };
    ((start(date) - start(&Date::new_0())) / DAY).round() as i64
}

fn read_day(day: &str) -> Option<Date> {
    let mut parts = day.splitn(3, '-');
    let year: u32 = parts.next()?.parse().ok()?;
    let month: i32 = parts.next()?.parse().ok()?;
    let day: i32 = parts.next()?.parse().ok()?;
    Some(Date::new_with_year_month_day_hr(year, month - 1, day, 12))
}

fn read_moment(moment: &str) -> Option<Date> {
    let date = Date::new(&JsValue::from_str(moment));
    (!date.get_time().is_nan()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_last_week_is_not_named_by_its_weekday() {
        let form = pick_form(-4, true);

        assert_eq!(form, DayForm::ThisYear);
    }

    #[test]
    fn a_day_in_another_year_says_the_year() {
        let form = pick_form(200, false);

        assert_eq!(form, DayForm::OtherYear);
    }

    #[test]
    fn next_week_is_named_by_its_weekday_and_date() {
        let form = pick_form(7, false);

        assert_eq!(form, DayForm::Near);
    }
}

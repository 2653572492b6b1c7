//! Dates and instants (FHIR R4 section 2.24.0.1), read in the person's time zone.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::Value;

use super::element::text;

/// An instant or dateTime with a time of day. A date alone is no instant.
pub fn read_instant(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

/// A date, or the day of an instant where the person is. A year or month alone names no day.
pub fn read_day(text: &str, tz: &TimeZone) -> Option<Date> {
    let text = text.trim();
    if text.contains('T') {
        return read_instant(text).map(|at| tz.to_datetime(at).date());
    }
    text.parse().ok()
}

/// An instant, or noon of a day.
pub fn read_moment(text: &str, tz: &TimeZone) -> Option<Timestamp> {
    read_instant(text).or_else(|| {
        let noon = read_day(text, tz)?.at(12, 0, 0, 0);
        tz.to_timestamp(noon).ok()
    })
}

/// The first of these members that holds a moment.
pub fn first_moment(resource: &Value, members: &[&str], tz: &TimeZone) -> Option<Timestamp> {
    members.iter().find_map(|member| read_moment(text(resource, member)?, tz))
}

/// Whole days from one instant to a later one, as the calendar counts them where the person is.
pub fn days_between(from: Timestamp, to: Timestamp, tz: &TimeZone) -> i64 {
    days_until(tz.to_datetime(from).date(), to, tz).saturating_neg()
}

/// Days from now to a day: negative once it is past.
pub fn days_until(day: Date, now: Timestamp, tz: &TimeZone) -> i64 {
    let today = tz.to_datetime(now).date();
    today.until(day).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_an_instant_is_the_persons_day() {
        let tz = TimeZone::fixed(jiff::tz::offset(-5));

        assert_eq!(read_day("2026-05-09T02:00:00Z", &tz), Some(jiff::civil::date(2026, 5, 8)));
        assert_eq!(read_day("2026-05-09", &tz), Some(jiff::civil::date(2026, 5, 9)));
        assert_eq!(read_day("2026-05", &tz), None);
    }

    #[test]
    fn days_are_counted_over_the_end_of_a_month() {
        let tz = TimeZone::UTC;
        let now = "2026-05-06T09:00:00Z".parse().unwrap();

        assert_eq!(days_until(jiff::civil::date(2026, 6, 30), now, &tz), 55);
        assert_eq!(days_between("2026-04-27T18:00:00Z".parse().unwrap(), now, &tz), 9);
    }
}

//! Finding values in resources, and the times FHIR writes.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, DateTime},
    fmt::rfc2822::DateTimePrinter,
    tz::TimeZone,
};
use serde_json::Value;

/// Every value at a dotted path; arrays on the way are walked through.
pub(crate) fn find_values<'a>(resource: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = vec![resource];
    for part in path.split('.') {
        let deeper = found.into_iter().filter_map(|value| value.get(part));
        found = deeper
            .flat_map(|value| match value {
                Value::Array(several) => several.iter().collect::<Vec<_>>(),
                one => vec![one],
            })
            .collect();
    }
    found
}

/// The instants that a FHIR date, dateTime or instant covers, the end left out.
pub(crate) fn find_span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let at_start =
        |date: Date| date.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let whole = |date: Date, next: Date| Some((at_start(date)?, at_start(next)?));
    match (text.len(), text.contains('T')) {
        (4, false) => {
            let year = text.parse().ok()?;
            whole(Date::new(year, 1, 1).ok()?, Date::new(year + 1, 1, 1).ok()?)
        }
        (7, false) => {
            let first: Date = format!("{text}-01").parse().ok()?;
            whole(first, first.last_of_month().tomorrow().ok()?)
        }
        (_, false) => {
            let date: Date = text.parse().ok()?;
            whole(date, date.tomorrow().ok()?)
        }
        (_, true) => {
            let start = text.parse::<Timestamp>().ok().or_else(|| {
                let civil: DateTime = text.parse().ok()?;
                civil.to_zoned_datetime(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
            })?;
            let time = text.split_once('T').map_or("", |(_, time)| time);
            let clock = time.split(['Z', '+', '-']).next().unwrap_or(time);
            let width = match clock.len() {
                0..=5 => SignedDuration::from_secs(60),
                6..=8 => SignedDuration::from_secs(1),
                _ => SignedDuration::from_millis(1),
            };
            Some((start, start.checked_add(width).ok()?))
        }
    }
}

/// A FHIR instant as an HTTP date.
pub(crate) fn to_http_date(instant: &str) -> Option<String> {
    let instant: Timestamp = instant.parse().ok()?;
    DateTimePrinter::new().timestamp_to_rfc9110_string(&instant).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn arrays_on_the_way_are_walked_through() {
        let task =
            json!({"output": [{"valueReference": {"reference": "A/1"}}, {"valueString": "x"}]});

        let found = find_values(&task, "output.valueReference");

        assert_eq!(found, [&json!({"reference": "A/1"})]);
    }

    #[test]
    fn a_date_covers_as_much_as_it_leaves_open() {
        let hours = |text: &str| {
            let (start, end) = find_span(text).unwrap();
            end.duration_since(start).as_secs() / 3600
        };

        assert_eq!(hours("2026"), 365 * 24);
        assert_eq!(hours("2024-02"), 29 * 24);
        assert_eq!(hours("2026-05-06"), 24);
        assert_eq!(find_span("2026-05-06T10:00:00.000 00:00"), None);
        assert_eq!(find_span("soon"), None);
    }
}

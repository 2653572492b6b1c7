//! Servers whose `Date` lies, and phones whose clock does.

use jiff::{SignedDuration, fmt::rfc2822};
use proptest::prelude::*;
use url::form_urlencoded;

use super::*;

/// How wrong each clock is at one look, and the minutes that pass until then.
#[derive(Clone, Copy, Debug)]
struct Look {
    passed: i64,
    date: i64,
    bundle: Option<i64>,
    device: i64,
}

fn after(at: Timestamp, minutes: i64) -> Timestamp {
    at + SignedDuration::from_mins(minutes)
}

/// One Task that changes between all looks, at a server that answers `_lastUpdated` by its database's true clock.
/// Returns at which looks the change did not come.
fn missed(looks: &[Look]) -> Vec<usize> {
    let mut now: Timestamp = "2026-05-06T10:00:00Z".parse().unwrap();
    let mut cursors = Cursors::default();
    let mut missed = Vec::new();
    for (number, look) in looks.iter().enumerate() {
        let changed_at = after(now, look.passed / 2);
        now = after(now, look.passed);
        let mut body = task("1");
        body["meta"] = json!({ "lastUpdated": changed_at.to_string() });
        let errand = Errand { cursors, now: after(now, look.device), ..errand() };
        let mut planner = Planner::new(errand, [("Task".to_owned(), "1".to_owned())].into_iter());
        loop {
            let requests = planner.next();
            if requests.is_empty() {
                break;
            }
            for request in requests {
                let query: BTreeMap<String, String> =
                    form_urlencoded::parse(request.url.query().unwrap_or_default().as_bytes())
                        .into_owned()
                        .collect();
                let since = query.get("_lastUpdated").map(|it| it.trim_start_matches("gt"));
                let is_due = since.is_none_or(|it| changed_at > it.parse().unwrap());
                let found = if is_due { vec![body.clone()] } else { Vec::new() };
                let mut answer = match request.url.path() {
                    "/fhir/metadata" => everything(false),
                    "/fhir/Task" => page(&found, None),
                    _ => page(&[], None),
                };
                if let Some(skew) = look.bundle {
                    answer["meta"] = json!({ "lastUpdated": after(now, skew).to_string() });
                }
                let date = after(now, look.date);
                let date =
                    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&date).unwrap();
                planner.took(
                    request.id,
                    Answer::read(Role::Patient, 200, Some(date), answer.to_string().as_bytes()),
                );
            }
        }
        let fetched = planner.finish();
        if ids(&fetched, "Task").is_empty() {
            missed.push(number);
        }
        cursors = fetched.cursors;
    }
    missed
}

fn any_looks(device: impl Strategy<Value = i64> + Clone) -> impl Strategy<Value = Vec<Look>> {
    let day = -1_440..1_440_i64;
    let look = (2..200_i64, day.clone(), prop::option::of(day), device)
        .prop_map(|(passed, date, bundle, device)| Look { passed, date, bundle, device });
    prop::collection::vec(look, 2..8)
}

proptest! {
    #[test]
    fn a_date_that_is_ahead_or_behind_or_jumps_loses_no_change(looks in any_looks(Just(0))) {
        prop_assert_eq!(missed(&looks), Vec::<usize>::new());
    }

    #[test]
    fn a_phone_whose_clock_is_wrong_loses_no_change_at_an_honest_server(looks in any_looks(-1_440..1_440_i64)) {
        let honest: Vec<Look> = looks.into_iter().map(|look| Look { date: 0, ..look }).collect();

        prop_assert_eq!(missed(&honest), Vec::<usize>::new());
    }
}

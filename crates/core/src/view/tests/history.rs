//! How things changed, as it is told.

use handrail_contract::history::{DifferenceKind, History};

use super::*;
use crate::store::Earlier;

fn at(hour: u8) -> Timestamp {
    format!("2026-05-05T{hour:02}:00:00Z").parse().unwrap()
}

/// A row that came at one hour and last changed at another.
fn row(body: Value, first: u8, changed: u8) -> Kept {
    Kept { first_seen_at: at(first), changed_at: at(changed), ..kept(body) }
}

fn before(number: u32, hour: u8, body: Value) -> Earlier {
    Earlier { number, arrived_at: at(hour), body }
}

fn tell(rows: Vec<Kept>, id: &str, said: Vec<(&str, &str, Vec<Earlier>)>) -> Option<History> {
    let shelf = Shelf { kept: rows.into(), ..shelf(vec![]) };
    let earlier: BTreeMap<RowKey, Vec<Earlier>> = said
        .into_iter()
        .map(|(kind, id, said)| ((elm(), kind.to_owned(), id.to_owned()), said))
        .collect();
    history(&shelf, &ItemId(id.to_owned()), &earlier, now(), &TimeZone::UTC)
}

fn told(history: &History) -> Vec<(String, Vec<&str>)> {
    let keys = |entry: &handrail_contract::history::HistoryEntry| {
        let at: Timestamp = entry.at.parse().unwrap();
        at.strftime("%H").to_string()
    };
    history
        .entries
        .iter()
        .map(|it| (keys(it), it.differences.iter().map(|it| &*it.line.key).collect()))
        .collect()
}

fn due(status: &str, end: &str) -> Value {
    todo_task("1", json!({ "status": status, "restriction": { "period": { "end": end } } }))
}

#[test]
fn a_to_do_tells_its_states_and_its_days_the_latest_first() {
    let earlier = vec![
        before(1, 1, todo_task("1", json!({ "status": "ready" }))),
        before(2, 2, due("ready", "2026-05-16")),
        before(3, 3, due("in-progress", "2026-05-09")),
    ];

    let history = tell(
        vec![row(due("completed", "2026-05-09"), 1, 4)],
        "todo:elm:1",
        vec![("Task", "1", earlier)],
    )
    .unwrap();

    let expected = [
        ("04".to_owned(), vec!["history-state"]),
        ("03".to_owned(), vec!["history-state", "history-day-moved"]),
        ("02".to_owned(), vec!["history-day-set"]),
        ("01".to_owned(), vec!["history-came"]),
    ];
    assert_eq!(told(&history), expected);
    let done = &history.entries[0].differences[0];
    assert_eq!(key(done.before.as_ref().unwrap()), "todo-state-started");
    assert_eq!(key(done.after.as_ref().unwrap()), "todo-state-done");
}

#[test]
fn what_they_wrote_is_told_in_their_words() {
    let says = |words: &str| todo_task("1", json!({ "description": words }));

    let history = tell(
        vec![row(says("Call before Friday."), 1, 2)],
        "todo:elm:1",
        vec![("Task", "1", vec![before(1, 1, says("Call us."))])],
    )
    .unwrap();

    let words = &history.entries[0].differences[0];
    assert_eq!(words.what, DifferenceKind::Words);
    assert_eq!(key(words.before.as_ref().unwrap()), "Call us.");
    assert_eq!(key(words.after.as_ref().unwrap()), "Call before Friday.");
}

#[test]
fn what_does_not_show_is_no_entry() {
    let noted = todo_task("1", json!({ "note": [{ "text": "staff only" }] }));

    let history = tell(
        vec![row(noted, 1, 2)],
        "todo:elm:1",
        vec![("Task", "1", vec![before(1, 1, todo_task("1", json!({})))])],
    )
    .unwrap();

    assert_eq!(told(&history), [("01".to_owned(), vec!["history-came"])]);
}

#[test]
fn a_goal_tells_how_it_went() {
    let goes = |code: &str, day: &str| {
        goal_of(
            json!({ "achievementStatus": { "coding": [{ "code": code }] }, "target": [{ "dueDate": day }] }),
        )
    };

    let history = tell(
        vec![row(goes("improving", "2026-07-30"), 1, 2)],
        "goal:elm:g",
        vec![("Goal", "g", vec![before(1, 1, goes("in-progress", "2026-06-30"))])],
    )
    .unwrap();

    let expected = [
        ("02".to_owned(), vec!["history-state", "history-day-moved"]),
        ("01".to_owned(), vec!["history-came"]),
    ];
    assert_eq!(told(&history), expected);
}

#[test]
fn a_referral_tells_of_its_request_and_of_everybody_who_was_asked() {
    let harvest = |status: &str| referral_task("t1", json!({ "status": status }));
    let rivers = referral_task(
        "t2",
        json!({ "owner": { "display": "Two Rivers" }, "authoredOn": "2026-05-05T12:00:00Z" }),
    );
    let earlier = vec![before(1, 2, harvest("requested")), before(2, 3, harvest("accepted"))];

    let history = tell(
        vec![row(request(json!({})), 1, 1), row(harvest("rejected"), 2, 4), row(rivers, 5, 5)],
        "referral:elm:food",
        vec![("Task", "t1", earlier)],
    )
    .unwrap();

    let expected = [
        ("05".to_owned(), vec!["history-state", "history-helper"]),
        ("04".to_owned(), vec!["history-state"]),
        ("03".to_owned(), vec!["history-state"]),
        ("02".to_owned(), vec!["history-state", "history-helper"]),
        ("01".to_owned(), vec!["history-came"]),
    ];
    assert_eq!(told(&history), expected);
}

#[test]
fn where_versions_are_missing_no_state_is_made_up() {
    let history = tell(
        vec![row(due("completed", "2026-05-09"), 1, 4)],
        "todo:elm:1",
        vec![("Task", "1", vec![before(7, 3, due("ready", "2026-05-09"))])],
    )
    .unwrap();

    let expected =
        [("04".to_owned(), vec!["history-state"]), ("01".to_owned(), vec!["history-came"])];
    assert_eq!(told(&history), expected);
    assert_eq!(history.entries[1].differences[0].after, None, "what it was at first is not known");
}

#[test]
fn what_is_not_there_has_no_history() {
    let rows = || vec![row(due("entered-in-error", "2026-05-09"), 1, 1)];

    let asked = ["todo:elm:1", "todo:elm:2", "goal:elm:1", "referral:elm:1", "", "todo"];

    for id in asked {
        assert_eq!(tell(rows(), id, vec![]), None, "{id}");
    }
}

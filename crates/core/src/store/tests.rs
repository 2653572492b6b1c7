use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::written::write_body;

fn source() -> SourceId {
    SourceId("elm".to_owned())
}

fn at(minute: u8) -> Timestamp {
    format!("2026-05-06T10:{minute:02}:00Z").parse().unwrap()
}

fn arrived(kind: &str, id: &str, version: Option<&str>, body: Value) -> Arrived {
    Arrived {
        kind: kind.to_owned(),
        id: id.to_owned(),
        version: version.map(str::to_owned),
        last_updated: Some("2026-05-06T09:00:00Z".to_owned()),
        body: Written::of(Role::Patient, kind, &body),
    }
}

fn task(status: &str, due: &str) -> Value {
    json!({ "resourceType": "Task", "id": "1", "status": status, "restriction": { "period": { "end": due } } })
}

fn fetched(arrived: Vec<Arrived>) -> Fetched {
    Fetched { arrived, ..Fetched::default() }
}

fn put(changes: &[Change]) -> Kept {
    match changes {
        [Change::Put(kept)] => kept.with_body(kept.body.read()),
        other => panic!("one row to write, not {other:?}"),
    }
}

fn kept(body: Value, seen: bool, news: Option<News>) -> Kept {
    Kept {
        source: source(),
        kind: body["resourceType"].as_str().unwrap().to_owned(),
        id: body["id"].as_str().unwrap().to_owned(),
        version: Some("1".to_owned()),
        last_updated: None,
        body,
        first_seen_at: at(0),
        changed_at: at(0),
        seen,
        news,
    }
}

#[test]
fn the_first_look_at_a_type_makes_no_news() {
    let first = Fetched {
        first: BTreeSet::from(["Task".to_owned()]),
        ..fetched(vec![arrived("Task", "1", None, task("ready", "2026-05-09"))])
    };

    let changes = merge(&[], first, &source(), at(1));

    assert_eq!(put(&changes).news, None);
    assert!(put(&changes).seen);
}

#[test]
fn what_comes_later_is_new() {
    let later = fetched(vec![
        arrived("Task", "1", None, task("ready", "2026-05-09")),
        arrived(
            "Organization",
            "elm",
            None,
            json!({ "resourceType": "Organization", "id": "elm" }),
        ),
    ]);

    let changes = merge(&[], later, &source(), at(1));

    let news: Vec<Option<News>> = changes
        .iter()
        .map(|change| match change {
            Change::Put(kept) => kept.news.clone(),
            Change::Forget { .. } => None,
        })
        .collect();
    assert_eq!(news, [Some(News::New), None], "nobody is told about an organization");
}

#[test]
fn the_same_again_makes_no_change() {
    let before = kept(task("ready", "2026-05-09"), true, None);
    let mut touched = task("ready", "2026-05-09");
    touched["meta"] = json!({ "versionId": "7", "lastUpdated": "2026-05-06T10:00:00Z" });

    let same_body =
        merge(&[before], fetched(vec![arrived("Task", "1", Some("7"), touched)]), &source(), at(1));

    assert_eq!(same_body, []);
}

#[test]
fn a_server_that_never_moves_the_version_hides_no_change() {
    let before = kept(task("ready", "2026-05-09"), true, None);
    let after = arrived("Task", "1", Some("1"), task("completed", "2026-05-09"));

    let changes = merge(std::slice::from_ref(&before), fetched(vec![after]), &source(), at(1));

    assert_eq!(before.version.as_deref(), Some("1"));
    assert_eq!(put(&changes).body["status"], "completed");
}

#[test]
fn only_rows_that_say_something_else_are_read_to_compare() {
    let known = |id: &str, status: &str| Known {
        kind: "Task".to_owned(),
        id: id.to_owned(),
        mark: Some(write_body(&json!({ "status": status, "meta": { "versionId": "1" } })).1),
    };
    let uncounted = Known { mark: None, ..known("uncounted", "ready") };
    let came = |id: &str| arrived("Task", id, Some("1"), json!({ "status": "ready" }));
    let look = fetched(["same", "moved", "uncounted", "new"].map(came).into());

    let comparison = Comparison::new(
        vec![
            known("same", "ready"),
            known("moved", "requested"),
            uncounted,
            known("gone", "ready"),
        ],
        Fetched { complete: BTreeSet::from(["Task".to_owned()]), ..look },
    );
    let read = comparison.rows_to_read();
    let changes = comparison.changes(&[], &source(), at(1));

    let key = |id: &str| ("Task".to_owned(), id.to_owned());
    assert_eq!(read, [key("moved"), key("uncounted")]);
    let ids: Vec<&str> = changes
        .iter()
        .map(|change| match change {
            Change::Put(row) => &*row.id,
            Change::Forget { id, .. } => &**id,
        })
        .collect();
    assert_eq!(ids, ["moved", "uncounted", "new", "gone"], "what came the same is left alone");
}

#[test]
fn a_change_says_what_it_was_before() {
    let goal = |achievement: &str| json!({ "resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "achievementStatus": { "coding": [{ "code": achievement }] } });
    let cases = [
        (
            task("ready", "2026-05-16"),
            task("completed", "2026-05-16"),
            Some(News::Status { from: "ready".into(), to: "completed".into() }),
        ),
        (
            task("ready", "2026-05-16"),
            task("ready", "2026-05-09"),
            Some(News::Due { from: Some("2026-05-16".into()), to: Some("2026-05-09".into()) }),
        ),
        (
            goal("in-progress"),
            goal("improving"),
            Some(News::Achievement { from: Some("in-progress".into()), to: "improving".into() }),
        ),
        (
            json!({ "resourceType": "ServiceRequest", "id": "s", "status": "active" }),
            json!({ "resourceType": "ServiceRequest", "id": "s", "status": "active", "note": [] }),
            None,
        ),
    ];
    for (before, after, news) in cases {
        let (kind, id) = (
            before["resourceType"].as_str().unwrap().to_owned(),
            before["id"].as_str().unwrap().to_owned(),
        );

        let changes = merge(
            &[kept(before, true, None)],
            fetched(vec![arrived(&kind, &id, Some("2"), after)]),
            &source(),
            at(5),
        );

        let row = put(&changes);
        assert_eq!(row.news, news);
        assert_eq!(row.seen, news.is_none());
        assert_eq!((row.first_seen_at, row.changed_at), (at(0), at(5)));
    }
}

#[test]
fn news_that_was_not_seen_is_not_lost_in_the_next() {
    let unseen = Some(News::Status { from: "requested".into(), to: "accepted".into() });
    let next = |before: Option<News>, status: &str| {
        let changes = merge(
            &[kept(task("accepted", ""), false, before)],
            fetched(vec![arrived("Task", "1", Some("2"), task(status, ""))]),
            &source(),
            at(5),
        );
        put(&changes).news.clone()
    };

    assert_eq!(
        next(unseen.clone(), "in-progress"),
        Some(News::Status { from: "requested".into(), to: "in-progress".into() })
    );
    assert_eq!(next(unseen, "requested"), None, "back where it was");
    assert_eq!(next(Some(News::New), "in-progress"), Some(News::New));
}

#[test]
fn only_a_whole_list_or_the_servers_word_makes_something_forgotten() {
    let rows = [
        kept(task("ready", ""), true, None),
        kept(json!({ "resourceType": "Goal", "id": "g" }), true, None),
        kept(json!({ "resourceType": "Organization", "id": "o" }), true, None),
    ];
    let look = Fetched {
        complete: BTreeSet::from(["Task".to_owned()]),
        gone: vec![("Organization".to_owned(), "o".to_owned())],
        ..Fetched::default()
    };

    let changes = merge(&rows, look, &source(), at(1));

    let forget = |kind: &str, id: &str| Change::Forget { kind: kind.to_owned(), id: id.to_owned() };
    assert_eq!(changes, [forget("Organization", "o"), forget("Task", "1")]);
}

#[test]
fn another_place_with_the_same_ids_is_not_touched() {
    let mut elsewhere = kept(task("ready", ""), true, None);
    elsewhere.source = SourceId("two-rivers".to_owned());
    let look = Fetched { complete: BTreeSet::from(["Task".to_owned()]), ..Fetched::default() };

    assert_eq!(merge(&[elsewhere], look, &source(), at(1)), []);
}

#[test]
fn what_the_person_did_during_a_look_is_not_undone_by_what_it_read_before() {
    let row = |minute: u8, updated: u8| Kept {
        changed_at: at(minute),
        last_updated: Some(at(updated)),
        ..kept(task("completed", ""), true, None)
    };
    let left = |here: Kept, brought: Kept| {
        drop_overtaken(&[here], vec![Change::Put(brought.write(Role::Patient))], at(5)).len()
    };

    assert_eq!(left(row(6, 6), row(7, 3)), 0, "read before, written down after");
    assert_eq!(left(row(6, 6), row(7, 7)), 1, "staff changed it after the person did");
    assert_eq!(left(row(4, 6), row(7, 3)), 1, "a server that was set back long before");
}

#[test]
fn a_row_written_down_is_read_back() {
    let row = kept(
        task("ready", ""),
        false,
        Some(News::Due { from: None, to: Some("2026-05-09".into()) }),
    );

    let written = serde_json::to_string(&row).unwrap();

    assert_eq!(serde_json::from_str::<Kept>(&written).unwrap(), row);
}

proptest! {
    #[test]
    fn after_a_merge_the_same_look_changes_nothing(ids in prop::collection::btree_set("[a-e]", 0..5), statuses in prop::collection::vec("ready|completed|on-hold", 5)) {
        let rows = ids.iter().zip(&statuses).map(|(id, status)| arrived("Task", id, None, json!({ "status": status }))).collect();
        let look = fetched(rows);
        let kept: Vec<Kept> = merge(&[], look.clone(), &source(), at(1)).into_iter().filter_map(|change| match change { Change::Put(kept) => Some(kept.with_body(kept.body.read())), Change::Forget { .. } => None }).collect();

        prop_assert_eq!(merge(&kept, look, &source(), at(2)), vec![]);
    }
}

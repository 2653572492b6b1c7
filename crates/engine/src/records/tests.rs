use std::fs;

use handrail_core::{
    act::Entry,
    form::{KeptDraft, Moment, read_form, start_draft},
    store::News,
};
use serde_json::json;

use super::*;

pub(super) const KEY: [u8; 32] = [7; 32];

pub(super) fn source(id: &str) -> Source {
    let facts = json!({
        "id": id, "name": id, "base": format!("https://{id}.example/fhir"), "role": "patient", "hue": 1,
        "patient": "rosa", "granted": [], "state": "connected", "connected_at": "2026-05-06T10:45:00Z",
        "last_success_at": null, "next_due_at": null, "failures": 0, "signs_in_each_time": false,
        "skipped": [], "cursors": {},
    });
    serde_json::from_value(facts).unwrap()
}

fn kept(source: &Source) -> Change {
    said(source, "canary-words", 0)
}

fn at(minute: u8) -> jiff::Timestamp {
    format!("2026-05-06T10:{minute:02}:00Z").parse().unwrap()
}

/// The to-do that says this since that minute.
pub(super) fn said(source: &Source, words: &str, minute: u8) -> Change {
    let row = Kept {
        source: source.id.clone(),
        kind: "Task".to_owned(),
        id: "1".to_owned(),
        version: None,
        last_updated: None,
        body: json!({ "resourceType": "Task", "description": words, "for": { "reference": "Patient/rosa" } }),
        first_seen_at: at(0),
        changed_at: at(minute),
        seen: false,
        news: Some(News::New),
    };
    Change::Put(row.write(source.role))
}

fn draft(source: &Source) -> KeptDraft {
    let form = json!({ "resourceType": "Questionnaire", "url": "https://forms.example/q", "item": [
        { "linkId": "a", "type": "string", "initial": [{ "valueString": "canary-answer" }] },
    ] });
    let moment =
        Moment { at: "2026-05-06T10:45:00Z".parse().unwrap(), tz: &jiff::tz::TimeZone::UTC };
    KeptDraft {
        source: source.id.clone(),
        task: "1".to_owned(),
        draft: start_draft(&read_form(&form, "en").unwrap(), moment),
        saved_at: moment.at,
    }
}

#[test]
fn a_draft_is_kept_replaced_and_forgotten_and_none_is_kept_of_a_place_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let elm = source("elm");
    let records = SqliteRecords::open(&path, &KEY).unwrap();
    records.put_source(&elm).unwrap();
    records.put_draft(&draft(&elm)).unwrap();
    let later = KeptDraft { saved_at: "2026-05-07T10:45:00Z".parse().unwrap(), ..draft(&elm) };
    records.put_draft(&later).unwrap();
    drop(records);

    let records = SqliteRecords::open(&path, &KEY).unwrap();
    let found = records.draft(&elm.id, "1").unwrap();
    records.forget_draft(&elm.id, "1").unwrap();
    let forgotten = records.draft(&elm.id, "1").unwrap();
    records.put_draft(&draft(&source("oak"))).unwrap();
    let of_nobody = records.draft(&source("oak").id, "1").unwrap();

    assert_eq!((found, forgotten, of_nobody), (Some(later), None, None));
}

fn act(source: &Source) -> Entry {
    let facts = json!({
        "id": format!("act-{}", source.id), "source": source.id, "task": "1", "act": "cancel",
        "reason": "canary-reason", "answer": null, "seen": { "status": "ready" }, "version": "1",
        "asked_at": "2026-05-06T10:45:00Z", "standing": "waiting", "attempts": 0, "next_at": null,
        "not_before": null, "problem": null, "said": null,
    });
    serde_json::from_value(facts).unwrap()
}

#[test]
fn what_waits_is_kept_in_the_order_it_was_done_until_it_is_taken_out() {
    let records = SqliteRecords::in_memory().unwrap();
    let (elm, oak) = (source("elm"), source("oak"));
    for source in [&oak, &elm] {
        records.put_source(source).unwrap();
        records.put_act(&act(source)).unwrap();
    }
    let tried = Entry { attempts: 1, ..act(&oak) };

    records.put_act(&tried).unwrap();
    let all = records.acts(None).unwrap();
    records.drop_act(&tried.id).unwrap();

    assert_eq!(all, [tried, act(&elm)]);
    assert_eq!(records.acts(Some(&oak.id)).unwrap(), []);
    assert_eq!(records.acts(Some(&elm.id)).unwrap(), [act(&elm)]);
    assert!(records.put_act(&act(&source("gone"))).is_err(), "of a place that is not there");
}

/// Every row of every table, as text: whatever tables there may be one day.
fn read_everything(records: &SqliteRecords) -> String {
    records
        .with(|connection| {
            let mut names = connection
                .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
                .map_err(explain)?;
            let names: Vec<String> =
                names.query_map([], |row| row.get(0)).map_err(explain)?.flatten().collect();
            let mut everything = String::new();
            for name in names {
                let mut rows =
                    connection.prepare(&format!("SELECT * FROM \"{name}\"")).map_err(explain)?;
                let columns = rows.column_count();
                let mut rows = rows.query([]).map_err(explain)?;
                while let Some(row) = rows.next().map_err(explain)? {
                    for column in 0..columns {
                        everything
                            .push_str(&format!("{:?} ", row.get_ref(column).map_err(explain)?));
                    }
                }
            }
            Ok(everything)
        })
        .unwrap()
}

/// Debug of a text value is its bytes.
fn as_stored(text: &str) -> String {
    let bytes = format!("{:?}", text.as_bytes());
    bytes.trim_matches(['[', ']']).to_owned()
}

#[test]
fn an_erased_connection_is_in_no_table_and_its_pages_are_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let records = SqliteRecords::open(&path, &KEY).unwrap();
    let (elm, oak) = (source("elm"), source("oak"));
    for source in [&elm, &oak] {
        records.put_source(source).unwrap();
        records.apply(source, &[said(source, "canary-words-before", 0)]).unwrap();
        records.apply(source, &[kept(source)]).unwrap();
        records.put_draft(&draft(source)).unwrap();
        records.put_act(&act(source)).unwrap();
    }
    let before = read_everything(&records);

    records.erase_source(&elm.id).unwrap();

    let after = read_everything(&records);
    assert!(before.contains(&as_stored("elm")) && before.contains(&as_stored("canary-words")));
    assert_eq!(before.matches(&as_stored("canary-words-before")).count(), 2, "one each place");
    assert_eq!(after.matches(&as_stored("canary-words-before")).count(), 1);
    assert!(!after.contains(&as_stored("elm")), "{after}");
    assert!(after.contains(&as_stored("oak")) && after.contains(&as_stored("canary-words")));
    let overwrites: i64 = records
        .with(|connection| {
            connection.query_row("PRAGMA secure_delete", [], |row| row.get(0)).map_err(explain)
        })
        .unwrap();
    assert_eq!(overwrites, 1);
    assert_eq!(fs::metadata(folder.path().join("records.db-wal")).unwrap().len(), 0);
}

#[test]
fn records_at_rest_are_opened_again_by_the_next_question() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let key = HeldKey::until_rest(Zeroizing::new(KEY), || Ok(Zeroizing::new(KEY)));
    let records = SqliteRecords::open_with(&path, key).unwrap();
    records.put_source(&source("elm")).unwrap();

    records.rest();
    let sources = records.sources().unwrap();

    assert_eq!(sources, [source("elm")]);
}

#[test]
fn a_key_that_is_locked_meanwhile_is_named_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.db");
    let key = HeldKey::until_rest(Zeroizing::new(KEY), || Err(KeyError::Locked));
    let records = SqliteRecords::open_with(&path, key).unwrap();
    records.put_source(&source("elm")).unwrap();

    records.rest();
    let locked = records.sources();

    assert!(matches!(locked, Err(RecordsError::Locked)), "{locked:?}");
    assert_eq!(SqliteRecords::open(&path, &KEY).unwrap().sources().unwrap(), [source("elm")]);
}

fn open_one() -> (SqliteRecords, Source) {
    let records = SqliteRecords::in_memory().unwrap();
    let elm = source("elm");
    records.put_source(&elm).unwrap();
    (records, elm)
}

fn words_before(records: &SqliteRecords, source: &Source) -> Vec<(u32, String)> {
    let earlier = records.earlier(&source.id, "Task", "1").unwrap();
    let words = |it: &Earlier| it.body["description"].as_str().unwrap().to_owned();
    earlier.iter().map(|it| (it.number, words(it))).collect()
}

#[test]
fn what_a_to_do_said_before_is_kept_with_the_time_it_came() {
    let (records, elm) = open_one();

    records.apply(&elm, &[said(&elm, "first", 1)]).unwrap();
    records.apply(&elm, &[said(&elm, "second", 2)]).unwrap();
    records.apply(&elm, &[said(&elm, "second", 3)]).unwrap();
    records.apply(&elm, &[said(&elm, "third", 4)]).unwrap();

    let earlier = records.earlier(&elm.id, "Task", "1").unwrap();
    let came: Vec<_> = earlier.iter().map(|it| it.arrived_at).collect();
    assert_eq!(words_before(&records, &elm), [(1, "first".to_owned()), (2, "second".to_owned())]);
    assert_eq!(came, [at(1), at(3)], "the same again is no version, and its row's time stands");
}

#[test]
fn only_the_last_twenty_versions_are_kept() {
    let (records, elm) = open_one();

    for number in 0..=25 {
        records.apply(&elm, &[said(&elm, &format!("words {number}"), number)]).unwrap();
    }

    let words = words_before(&records, &elm);
    assert_eq!(words.len(), 20);
    assert_eq!(words.first().unwrap(), &(6, "words 5".to_owned()));
    assert_eq!(words.last().unwrap(), &(25, "words 24".to_owned()));
}

#[test]
fn what_the_place_takes_away_takes_its_versions_along() {
    let (records, elm) = open_one();
    records.apply(&elm, &[said(&elm, "first", 1)]).unwrap();
    records.apply(&elm, &[said(&elm, "second", 2)]).unwrap();

    let gone = Change::Forget { kind: "Task".to_owned(), id: "1".to_owned() };
    records.apply(&elm, &[gone]).unwrap();

    assert_eq!(words_before(&records, &elm), []);
}

#[test]
fn names_and_forms_keep_no_versions() {
    let (records, elm) = open_one();
    let named = |name: &str| match said(&elm, name, 1) {
        Change::Put(kept) => Change::Put(Kept { kind: "Organization".to_owned(), ..kept }),
        Change::Forget { .. } => unreachable!(),
    };

    records.apply(&elm, &[named("Elm")]).unwrap();
    records.apply(&elm, &[named("Elm Street")]).unwrap();

    assert_eq!(records.earlier(&elm.id, "Organization", "1").unwrap(), []);
}

#[test]
fn what_is_known_of_a_place_tells_whether_something_changed() {
    let (records, elm) = open_one();
    let oak = source("oak");
    records.put_source(&oak).unwrap();
    records.apply(&elm, &[said(&elm, "first", 1)]).unwrap();
    records.apply(&oak, &[said(&oak, "elsewhere", 1)]).unwrap();
    let before = records.known(&elm.id).unwrap();

    records.apply(&elm, &[said(&elm, "first", 2)]).unwrap();
    let same = records.known(&elm.id).unwrap();
    records.apply(&elm, &[said(&elm, "second", 3)]).unwrap();
    let other = records.known(&elm.id).unwrap();

    assert_eq!(before.len(), 1, "of this place alone");
    assert_eq!(before, same);
    assert_ne!(before, other);
}

#[test]
fn some_rows_are_read_as_they_are_and_those_that_are_gone_are_left_out() {
    let (records, elm) = open_one();
    let Change::Put(row) = said(&elm, "words", 1) else { unreachable!() };
    records.apply(&elm, &[Change::Put(row.clone())]).unwrap();
    let key = |id: &str| ("Task".to_owned(), id.to_owned());

    let found = records.kept_of(&elm.id, &[key("1"), key("2")]).unwrap();

    assert_eq!(found, [row.with_body(row.body.read())]);
    assert_eq!(records.kept_of(&source("oak").id, &[key("1")]).unwrap(), []);
}

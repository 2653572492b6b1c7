//! What is told of places: how fresh, how they stand, what they lack.

use super::*;

#[test]
fn what_a_place_does_not_share_is_said_in_its_list() {
    let mut shelf = shelf(vec![]);
    shelf.sources[0].skipped = vec![
        Skip { what: "Goal".to_owned(), why: SkipReason::NotOffered, count: None },
        Skip { what: "Task".to_owned(), why: SkipReason::Refused, count: None },
        Skip { what: "ServiceRequest".to_owned(), why: SkipReason::OutOfReach, count: None },
    ];

    let goals = goals(&shelf, None, now(), &TimeZone::UTC);

    assert_eq!(
        (&*goals.notes[0].heading.key, &*goals.notes[0].body.key),
        ("no-goals-heading", "no-list-not-offered")
    );
    assert_eq!(all_todos(&shelf).notes[0].body.key, "no-list-refused");
    assert_eq!(referrals(&shelf, None, now(), &TimeZone::UTC).notes, [], "away is no lack");
}

#[test]
fn a_page_is_as_old_as_its_oldest_part() {
    let mut shelf = shelf(vec![]);
    shelf.sources.push(Source {
        last_success_at: Some("2026-05-06T10:15:00Z".parse().unwrap()),
        ..source("tworivers", "Two Rivers")
    });
    let line = |shelf: &Shelf, only: Option<&SourceId>| {
        todos(shelf, only, now(), &TimeZone::UTC).checked.line
    };

    assert_eq!(line(&shelf, None), Some(Phrase::new("checked-minutes").with("minutes", 30)));
    assert_eq!(line(&shelf, Some(&elm())), Some(Phrase::new("checked-minutes").with("minutes", 5)));
    shelf.sources[1].last_success_at = None;
    shelf.sources[1].state = ConnectionState::OutOfReach;
    assert_eq!(line(&shelf, None), Some(Phrase::new("checked-minutes").with("minutes", 5)));
}

#[test]
fn a_place_connected_and_never_read_makes_no_page_fresh() {
    let mut shelf = shelf(vec![]);
    shelf.sources[0].last_success_at = None;

    let checked = todos(&shelf, None, now(), &TimeZone::UTC).checked;

    assert_eq!(checked.line, Some(Phrase::new("checked-never")));
}

#[test]
fn keys_in_a_file_are_named_and_keys_in_a_keyring_are_not() {
    let shelf = shelf(vec![]);
    let heading = |place| {
        let note = connections(&shelf, Some(place), now(), &TimeZone::UTC).note;
        note.map(|note| note.heading.key)
    };

    assert_eq!(heading(KeyPlace::KeyFile).as_deref(), Some("keys-file-heading"));
    assert_eq!(heading(KeyPlace::SecretService), None);
}

#[test]
fn a_connection_says_how_it_stands_and_what_it_lacks() {
    let mut shelf = shelf(vec![]);
    shelf.sources[0].skipped =
        vec![Skip { what: "Task".to_owned(), why: SkipReason::AnotherPerson, count: Some(2) }];
    shelf.sources.push(Source {
        state: ConnectionState::OutOfReach,
        next_due_at: None,
        ..source("tworivers", "Two Rivers")
    });

    let rows = connections(&shelf, None, now(), &TimeZone::UTC).rows;
    let page = connection(&shelf, &elm(), now(), &TimeZone::UTC).unwrap();

    assert_eq!(rows[0].host, "elm.example");
    assert_eq!(
        (&*rows[0].skipped[0].what, &*rows[0].skipped[0].why, rows[0].skipped[0].count),
        ("todos", "another_person", Some(2))
    );
    assert_eq!(rows[0].skipped[0].line.key, "skipped-another-person");
    assert_eq!(rows[1].line.key, "connection-line-away-soon");
    assert_eq!(page.note.unwrap().heading, Phrase::new("lost-heading").with("count", 2));
    assert!(connection(&shelf, &SourceId("oak".to_owned()), now(), &TimeZone::UTC).is_none());
}

#[test]
fn the_first_look_is_counted_as_the_lists_show_it() {
    let mut shelf = shelf(vec![
        todo_task("1", json!({})),
        todo_task("2", json!({ "status": "completed" })),
        todo_task("3", json!({ "status": "entered-in-error" })),
        request(json!({})),
        referral_task("t", json!({ "lastModified": "2026-04-27T10:00:00Z" })),
    ]);
    shelf.sources[0].skipped =
        vec![Skip { what: "Goal".to_owned(), why: SkipReason::NotOffered, count: None }];
    shelf.sources[0].signs_in_each_time = true;

    let found = found(&shelf, &elm(), now(), &TimeZone::UTC).unwrap();

    assert_eq!((found.counts.todos, found.counts.goals, found.counts.referrals), (2, 0, 1));
    let lines: Vec<&str> =
        found.lines.iter().map(|line| line.line.as_ref().map_or("", |line| &line.key)).collect();
    assert_eq!(lines, ["found-need-you", "no-list-not-offered", "found-no-answer"]);
    assert_eq!(found.lines[2].line.as_ref().unwrap().with["days"], Filling::Number(9));
    assert_eq!(found.notes[0].heading.key, "found-each-time-heading");
}

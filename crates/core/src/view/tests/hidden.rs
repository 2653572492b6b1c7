//! What is hidden is told in one list, and in no other answer.

use super::*;
use crate::{
    settings::Settings,
    store::{Change, KindAndId},
};

/// A referral with its to-do and its goal under one topic, each with a word that gives it away; and the same under food.
fn two_lives(topic: &str) -> Shelf {
    let of = |topic: &str| json!({ "category": [{ "coding": [{ "code": topic }] }] });
    let named = |id: &str, words: &str, more: Value| {
        merged(merged(json!({ "id": id }), json!({ "code": { "text": words } })), more)
    };
    let mut shelf = shelf(vec![
        request(named("safe", "canary-referral", of(topic))),
        referral_task(
            "help",
            json!({ "focus": { "reference": "ServiceRequest/safe" }, "description": "canary-task" }),
        ),
        todo_task(
            "call",
            json!({ "partOf": [{ "reference": "Task/help" }], "code": { "coding": [{ "code": "general-information" }], "text": "canary-todo" } }),
        ),
        goal_of(merged(
            of(topic),
            json!({ "id": "calm", "description": { "text": "canary-goal" } }),
        )),
        request(merged(
            of("food-insecurity"),
            json!({ "code": { "text": "plain-referral" },
            "reasonReference": [{ "reference": "Goal/eat" }] }),
        )),
        todo_task(
            "eat",
            json!({ "basedOn": [{ "reference": "ServiceRequest/food" }], "code": { "coding": [{ "code": "general-information" }], "text": "plain-todo" } }),
        ),
        goal_of(merged(
            of("food-insecurity"),
            json!({ "id": "eat", "description": { "text": "plain-goal" } }),
        )),
    ]);
    change_rows(&mut shelf, |row| {
        row.news = Some(News::New);
        row.seen = false;
    });
    shelf
}

/// Every answer that is no page about one thing, but the private list.
fn told(shelf: &Shelf) -> String {
    let found = found(shelf, &elm(), now(), &TimeZone::UTC);
    let place = connection(shelf, &elm(), now(), &TimeZone::UTC);
    let paper = paper(shelf, None, now(), &TimeZone::UTC);
    format!("{}{found:#?}{place:#?}{paper:#?}", all_lists(shelf))
}

/// Every page about something that is not hidden.
fn told_on_pages(shelf: &Shelf) -> String {
    let id = |text: &str| ItemId(text.to_owned());
    let (utc, at) = (TimeZone::UTC, now());
    format!(
        "{:#?}{:#?}{:#?}",
        todo(shelf, &id("todo:elm:eat"), at, &utc).unwrap(),
        goal(shelf, &id("goal:elm:eat"), at, &utc).unwrap(),
        referral(shelf, &id("referral:elm:food"), at, &utc).unwrap(),
    )
}

fn told_privately(shelf: &Shelf) -> String {
    format!("{:#?}", private(shelf, now(), &TimeZone::UTC))
}

const CANARIES: [&str; 3] = ["canary-referral", "canary-todo", "canary-goal"];

#[test]
fn a_hidden_topic_is_in_the_private_list_alone_and_nothing_else_is_there() {
    for topic in crate::settings::HIDDEN_FROM_START {
        let shelf = two_lives(topic);
        let (open, private) = (told(&shelf) + &told_on_pages(&shelf), told_privately(&shelf));

        assert!(!open.contains("canary") && !open.contains(topic), "{topic}: {open}");
        assert!(CANARIES.iter().all(|canary| private.contains(canary)), "{topic}: {private}");
        assert!(!private.contains("plain-") && !private.contains(topic), "{private}");
        assert!(open.contains("plain-todo") && open.contains("plain-goal"));
    }
}

#[test]
fn a_topic_moves_to_the_private_list_when_it_is_hidden_and_back_when_it_is_shown() {
    let mut shelf = two_lives("stress");
    let (before, before_in_private) = (told(&shelf), told_privately(&shelf));
    let mut settings = Settings::default();

    settings.hide("stress", true);
    shelf.hidden = settings.hidden();
    let (after, after_in_private) = (told(&shelf), told_privately(&shelf));

    assert!(CANARIES.iter().all(|canary| before.contains(canary)));
    assert!(!before_in_private.contains("canary"));
    assert!(!after.contains("canary"), "{after}");
    assert!(CANARIES.iter().all(|canary| after_in_private.contains(canary)));
    assert!(!after_in_private.contains("topic-stress"), "the label says only that it is private");
    assert!(after_in_private.contains("topic-private"));
}

#[test]
fn counts_are_those_of_a_phone_that_never_had_the_hidden_things() {
    let with = two_lives("elder-abuse");
    let without: Vec<Kept> =
        with.kept.iter().filter(|row| !row.body.to_string().contains("canary")).cloned().collect();
    let without = Shelf { kept: without.into(), ..with.clone() };

    assert_eq!(told(&with), told(&without));
    assert_eq!(told_on_pages(&with), told_on_pages(&without));
}

#[test]
fn a_goal_without_a_topic_is_hidden_with_the_request_that_is_for_it() {
    let shelf = shelf(vec![
        request(json!({ "category": [{ "coding": [{ "code": "elder-abuse" }] }],
            "reasonReference": [{ "reference": "Goal/g" }] })),
        goal_of(json!({})),
    ]);

    assert_eq!(goals(&shelf, None, now(), &TimeZone::UTC).open, []);
    assert_eq!(private(&shelf, now(), &TimeZone::UTC).goals.len(), 1);
}

#[test]
fn what_is_hidden_is_known_by_its_name() {
    let shelf = two_lives("incarceration-status");
    let hidden = ["todo:elm:call", "goal:elm:calm", "referral:elm:safe"];
    let open = ["todo:elm:eat", "goal:elm:eat", "referral:elm:food", "todo:elm:none"];

    assert!(hidden.iter().all(|id| is_hidden(&shelf, &ItemId((*id).to_owned()))));
    assert!(!open.iter().any(|id| is_hidden(&shelf, &ItemId((*id).to_owned()))));
}

#[test]
fn a_change_is_not_counted_where_what_it_belongs_to_is_kept_and_hidden() {
    let shelf = two_lives("intimate-partner-violence");
    let base = &shelf.sources[0].base;
    let rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
    let read = |keys: Vec<KindAndId>| -> Vec<Kept> {
        let is_asked =
            |row: &&Kept| keys.iter().any(|(kind, id)| (kind, id) == (&row.kind, &row.id));
        rows.iter().filter(is_asked).cloned().collect()
    };
    let count = |id: &str| {
        let row = rows.iter().find(|row| row.kind == "Task" && row.id == id).unwrap();
        let changes = [Change::Put(row.write(Role::Patient))];
        let up = read(rows_to_count(&changes, base));
        let further = read(find_parents(&up, base));
        count_shown(&[up, further].concat(), &changes, base, &shelf.hidden)
    };

    assert_eq!((count("call"), count("eat")), (0, 1));
}

#[test]
fn a_look_counts_no_change_of_a_hidden_thing() {
    let shelf = two_lives("intimate-partner-violence");
    let rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
    let changes: Vec<Change> =
        rows.iter().map(|row| Change::Put(row.write(Role::Patient))).collect();
    let gone = [Change::Forget { kind: "Goal".to_owned(), id: "calm".to_owned() }];
    let base = &shelf.sources[0].base;

    let new = count_shown(&[], &changes, base, &shelf.hidden);
    let taken_away = count_shown(&rows, &gone, base, &shelf.hidden);

    assert_eq!((changes.len(), new, taken_away), (7, 3, 0));
}

#[test]
fn a_copy_to_take_along_has_nothing_hidden_nor_what_only_that_leads_to() {
    let mut shelf = two_lives("elder-abuse");
    let also = [
        json!({ "resourceType": "Organization", "id": "harbor", "name": "canary-helper" }),
        json!({ "resourceType": "QuestionnaireResponse", "id": "told", "status": "completed",
            "item": [{ "text": "canary-answer" }], "partOf": [{ "reference": "Procedure/none" }],
            "basedOn": [{ "reference": "ServiceRequest/safe" }] }),
        json!({ "resourceType": "Patient", "id": "rosa", "name": [{ "family": "plain-name" }] }),
    ];
    let mut rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
    rows.extend(also.into_iter().map(kept));
    for row in rows.iter_mut().filter(|row| row.id == "safe") {
        row.body["performer"] = json!([{ "reference": "Organization/harbor" }]);
    }
    shelf.kept = rows.into();
    let copy = |private| bundle(&shelf, None, private, now(), &TimeZone::UTC);

    let (open, whole) = (copy(false), copy(true));

    assert!(!open.content.contains("canary"), "{}", open.content);
    assert!(open.content.contains("plain-name") && open.content.contains("plain-todo"));
    for canary in
        ["canary-referral", "canary-todo", "canary-goal", "canary-helper", "canary-answer"]
    {
        assert!(whole.content.contains(canary), "{canary}");
    }
    assert_eq!(open.name, "handrail-2026-05-06.json");
}

#[test]
fn a_copy_to_take_along_is_a_collection_of_what_the_places_sent() {
    let shelf = two_lives("elder-abuse");

    let exported = bundle(&shelf, Some(&elm()), true, now(), &TimeZone::UTC);
    let none = bundle(&shelf, Some(&SourceId("oak".to_owned())), true, now(), &TimeZone::UTC);

    let read: Value = serde_json::from_str(&exported.content).unwrap();
    assert_eq!((&read["resourceType"], &read["type"]), (&json!("Bundle"), &json!("collection")));
    let entries = read["entry"].as_array().unwrap();
    assert_eq!(entries.len(), 7);
    for entry in entries {
        let address = entry["fullUrl"].as_str().unwrap();
        let row =
            shelf.kept.iter().find(|row| address.ends_with(&format!("/{}/{}", row.kind, row.id)));
        assert!(address.starts_with("https://elm.example/fhir/"), "{address}");
        assert_eq!(entry["resource"], row.unwrap().body, "as it was sent");
    }
    assert!(none.content.contains("\"entry\": []"));
}

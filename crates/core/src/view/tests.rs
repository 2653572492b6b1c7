//! The dictionary (every state, kind and topic), and what real servers send, through the whole view.

use std::collections::BTreeMap;

use handrail_contract::{
    place::{ConnectionState, Role},
    referral::{Ball, ReferralGroup, ReferralState, StepStage},
    todo::{TodoKind, TodoState},
    words::{Filling, Phrase, Words},
};
use serde_json::{Value, json};

use super::*;
use crate::{
    fetch::{Cursors, Skip, SkipReason},
    fhir::FhirBase,
    store::{Kept, News},
};

mod glances;
mod inbox;
mod desk;
mod dictionary;
mod referrals;
mod places;
mod pages;
mod guide;
mod generated;
mod history;
mod twins;
mod story;
mod forms;
mod hidden;
mod sending;
mod paper;

use glances::{all_lists, at_a_glance, open_request};

const NOW: &str = "2026-05-06T10:45:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn elm() -> SourceId {
    SourceId("elm".to_owned())
}

fn source(id: &str, name: &str) -> Source {
    Source {
        id: SourceId(id.to_owned()),
        name: name.to_owned(),
        base: FhirBase::try_from(format!("https://{id}.example/fhir")).unwrap(),
        role: Role::Patient,
        hue: 1,
        patient: Some("rosa".to_owned()),
        fhir_user: None,
        organizations: Vec::new(),
        chosen: Vec::new(),
        services: BTreeMap::new(),
        granted: Vec::new(),
        state: ConnectionState::Connected,
        connected_at: "2026-05-01T09:00:00Z".parse().unwrap(),
        last_success_at: Some("2026-05-06T10:40:00Z".parse().unwrap()),
        next_due_at: Some("2026-05-06T11:40:00Z".parse().unwrap()),
        failures: 0,
        signs_in_each_time: false,
        left_at: None,
        skipped: Vec::new(),
        cursors: Cursors::default(),
        rest: BTreeMap::new(),
    }
}

fn kept(body: Value) -> Kept {
    kept_at("elm", body)
}

fn kept_at(place: &str, body: Value) -> Kept {
    Kept {
        source: SourceId(place.to_owned()),
        kind: body["resourceType"].as_str().unwrap_or_default().to_owned(),
        id: body["id"].as_str().unwrap_or_default().to_owned(),
        version: None,
        last_updated: None,
        body,
        first_seen_at: now(),
        changed_at: now(),
        seen: true,
        news: None,
    }
}

fn change_rows(shelf: &mut Shelf, mut change: impl FnMut(&mut Kept)) {
    let mut rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
    rows.iter_mut().for_each(&mut change);
    shelf.kept = rows.into();
}

fn shelf(bodies: Vec<Value>) -> Shelf {
    Shelf {
        sources: vec![source("elm", "Elm Street Family Clinic")],
        kept: bodies.into_iter().map(kept).collect::<Vec<_>>().into(),
        whole: Vec::new(),
        outbox: Vec::new(),
        checking: BTreeSet::new(),
        hidden: crate::settings::Hidden::default(),
    }
}

fn todo_task(id: &str, more: Value) -> Value {
    merged(
        json!({ "resourceType": "Task", "id": id, "status": "ready", "for": { "reference": "Patient/rosa" },
            "owner": { "reference": "Patient/rosa" }, "code": { "coding": [{ "code": "general-information" }] } }),
        more,
    )
}

fn referral_task(id: &str, more: Value) -> Value {
    merged(
        json!({ "resourceType": "Task", "id": id, "status": "requested", "for": { "reference": "Patient/rosa" },
            "code": { "coding": [{ "code": "fulfill" }] }, "focus": { "reference": "ServiceRequest/food" },
            "owner": { "reference": "Organization/harvest", "display": "Bright Harvest" },
            "authoredOn": "2026-05-05T10:00:00Z" }),
        more,
    )
}

fn request(more: Value) -> Value {
    merged(
        json!({ "resourceType": "ServiceRequest", "id": "food", "status": "active", "subject": { "reference": "Patient/rosa" },
            "category": [{ "coding": [{ "code": "food-insecurity" }] }], "code": { "text": "Food box each week" },
            "requester": { "display": "Elm Street Family Clinic" }, "authoredOn": "2026-05-04T10:00:00Z" }),
        more,
    )
}

fn goal_of(more: Value) -> Value {
    merged(
        json!({ "resourceType": "Goal", "id": "g", "lifecycleStatus": "active", "subject": { "reference": "Patient/rosa" },
            "description": { "text": "Have enough food each week" } }),
        more,
    )
}

fn merged(mut base: Value, more: Value) -> Value {
    for (member, value) in more.as_object().unwrap() {
        base[member] = value.clone();
    }
    base
}

fn key(words: &Words) -> &str {
    match words {
        Words::Ours(phrase) => &phrase.key,
        Words::Theirs { text, .. } => text,
    }
}

fn all_todos(shelf: &Shelf) -> Todos {
    assert_eq!(all_lists(&at_a_glance(shelf)), all_lists(shelf));
    todos(shelf, None, now(), &TimeZone::UTC)
}

fn all_referrals(shelf: &Shelf) -> Vec<handrail_contract::referral::ReferralRow> {
    assert_eq!(all_lists(&at_a_glance(shelf)), all_lists(shelf));
    let lists = referrals(shelf, None, now(), &TimeZone::UTC);
    [lists.needs_push, lists.moving, lists.finished].concat()
}

#[test]
fn to_dos_stand_urgent_first_then_by_date() {
    let due = |day: &str| json!({ "restriction": { "period": { "end": day } } });
    let shelf = shelf(vec![
        todo_task("later", due("2026-06-01")),
        todo_task("none", json!({})),
        todo_task("late", due("2026-05-02")),
        todo_task("urgent", json!({ "priority": "urgent" })),
        todo_task("soon", json!({ "executionPeriod": { "end": "2026-05-09T18:00:00Z" } })),
        todo_task("stat", merged(due("2026-07-01"), json!({ "priority": "stat" }))),
    ]);

    let order: Vec<String> = all_todos(&shelf).your_turn.into_iter().map(|row| row.id.0).collect();

    assert_eq!(
        order,
        ["stat", "urgent", "late", "soon", "later", "none"].map(|id| format!("todo:elm:{id}"))
    );
}

#[test]
fn a_due_day_is_the_persons_day_and_says_when_it_is_past() {
    let at = |end: &str| {
        let shelf =
            shelf(vec![todo_task("1", json!({ "restriction": { "period": { "end": end } } }))]);
        let tz = TimeZone::fixed(jiff::tz::offset(-5));
        let row = todos(&shelf, None, now(), &tz).your_turn.remove(0);
        (row.due.unwrap(), key(&row.chips[0].words).to_owned())
    };

    assert_eq!(at("2026-05-09"), ("2026-05-09".to_owned(), "todo-due".to_owned()));
    assert_eq!(at("2026-05-06"), ("2026-05-06".to_owned(), "todo-due".to_owned()));
    assert_eq!(at("2026-05-06T02:00:00Z"), ("2026-05-05".to_owned(), "todo-was-due".to_owned()));
}

#[test]
fn the_same_id_at_two_places_is_two_things() {
    let mut shelf = shelf(vec![todo_task("1", json!({ "code": { "text": "Call the clinic" } }))]);
    shelf.sources.push(source("tworivers", "Two Rivers"));
    let rides = todo_task("1", json!({ "code": { "text": "Call about rides" } }));
    let mut rows: Vec<Kept> = shelf.kept.iter().cloned().collect();
    rows.push(kept_at("tworivers", rides));
    shelf.kept = rows.into();

    let page =
        |id: &str| todo(&shelf, &ItemId(id.to_owned()), now(), &TimeZone::UTC).unwrap().row.title;

    assert_eq!(page("todo:elm:1"), Words::theirs("Call the clinic"));
    assert_eq!(page("todo:tworivers:1"), Words::theirs("Call about rides"));
    assert_eq!(all_todos(&shelf).your_turn.len(), 2);
}

#[test]
fn what_is_not_there_has_no_page() {
    let shelf = shelf(vec![todo_task("1", json!({})), referral_task("t", json!({}))]);
    let tz = TimeZone::UTC;

    for id in
        ["todo:elm:2", "todo:elm:t", "todo:oak:1", "goal:elm:1", "todo", "", "todo::", "todo:elm"]
    {
        assert!(todo(&shelf, &ItemId(id.to_owned()), now(), &tz).is_none(), "{id}");
        assert!(goal(&shelf, &ItemId(id.to_owned()), now(), &tz).is_none(), "{id}");
    }
    assert!(referral(&shelf, &ItemId("referral:elm:~1".to_owned()), now(), &tz).is_none());
    assert!(referral(&shelf, &ItemId("referral:elm:~t".to_owned()), now(), &tz).is_some());
}

#[test]
fn a_material_on_the_server_itself_has_no_link() {
    let document = |id: &str, url: &str| json!({ "resourceType": "DocumentReference", "id": id, "content": [{ "attachment": { "url": url, "contentType": "application/pdf", "title": "Keeping food safe" } }] });
    let link = |url: &str| {
        let shelf = shelf(vec![
            todo_task(
                "1",
                json!({ "code": { "coding": [{ "code": "review-material" }] }, "focus": { "reference": "DocumentReference/d" } }),
            ),
            document("d", url),
        ]);
        let mut page =
            todo(&shelf, &ItemId("todo:elm:1".to_owned()), now(), &TimeZone::UTC).unwrap();
        page.materials.remove(0).link
    };

    assert_eq!(
        link("https://food.example/safe.pdf").as_deref(),
        Some("https://food.example/safe.pdf")
    );
    for url in [
        "https://elm.example/fhir/Binary/1",
        "Binary/1",
        "http://food.example/safe.pdf",
        "javascript:alert(1)",
        "https://me:pw@food.example/",
        "data:text/html,x",
    ] {
        assert_eq!(link(url), None, "{url}");
    }
}

#[test]
fn markup_in_their_words_stays_plain_text() {
    let shelf = shelf(vec![todo_task(
        "1",
        json!({
            "text": { "status": "generated", "div": "<div>narrative</div>" },
            "description": "<img src=x onerror=alert(1)> Call us\u{202e}",
            "language": "es\"><script>",
        }),
    )]);

    let page = todo(&shelf, &ItemId("todo:elm:1".to_owned()), now(), &TimeZone::UTC).unwrap();

    assert_eq!(page.message, Some(Words::theirs("<img src=x onerror=alert(1)> Call us")));
    assert!(!format!("{page:?}").contains("narrative"));
}

#[test]
fn news_says_what_changed_and_the_latest_comes_first() {
    let mut shelf = shelf(vec![
        todo_task(
            "1",
            json!({ "code": { "text": "Answer 3 questions" }, "restriction": { "period": { "end": "2026-05-09" } } }),
        ),
        request(json!({})),
        referral_task("t", json!({ "status": "in-progress" })),
        goal_of(json!({ "achievementStatus": { "coding": [{ "code": "improving" }] } })),
        todo_task("2", json!({ "status": "entered-in-error" })),
    ]);
    let status = |from: &str, to: &str| News::Status { from: from.into(), to: to.into() };
    change_rows(&mut shelf, |row| {
        let (minute, news) = match &*row.id {
            "1" => {
                (0, News::Due { from: Some("2026-05-16".into()), to: Some("2026-05-09".into()) })
            }
            "food" => (1, News::New),
            "t" => (2, status("accepted", "in-progress")),
            "g" => (3, News::Achievement { from: None, to: "improving".into() }),
            _ => (4, status("ready", "entered-in-error")),
        };
        row.news = Some(news);
        row.seen = false;
        row.changed_at = format!("2026-05-06T10:0{minute}:00Z").parse().unwrap();
    });

    let rows = today(&shelf, now(), &TimeZone::UTC).news;

    let said: Vec<(&str, &str)> = rows.iter().map(|row| (&*row.title.key, &*row.id.0)).collect();
    assert_eq!(
        said,
        [
            ("news-taken-away", "todo:elm:2"),
            ("news-goal-state", "goal:elm:g"),
            ("news-referral-helping", "referral:elm:food"),
            ("news-due-earlier", "todo:elm:1"),
        ]
    );
    assert_eq!(key(&rows[3].about), "news-due-about");
}

#[test]
fn today_names_the_person_and_the_places_that_need_something() {
    let mut shelf = shelf(vec![
        json!({ "resourceType": "Patient", "id": "rosa", "name": [{ "given": ["Rosa"] }] }),
    ]);
    shelf.sources.push(Source {
        state: ConnectionState::SignInAgain,
        ..source("harvest", "Bright Harvest")
    });
    shelf
        .sources
        .push(Source { state: ConnectionState::OutOfReach, ..source("tworivers", "Two Rivers") });

    let today = today(&shelf, now(), &TimeZone::UTC);

    assert_eq!((today.places, today.name.as_deref()), (3, Some("Rosa")));
    let attention: Vec<(&str, bool)> =
        today.attention.iter().map(|it| (&*it.note.heading.key, it.sign_in)).collect();
    assert_eq!(attention, [("place-sign-in-heading", true), ("place-away-heading", false)]);
}

#[test]
fn ten_thousand_resources_are_shown_in_a_blink() {
    let mut bodies = Vec::new();
    for number in 0..2_500 {
        let id = format!("s{number}");
        bodies.push(request(json!({ "id": id, "reasonReference": [{ "reference": format!("Condition/{}", number % 50) }] })));
        bodies.push(referral_task(
            &format!("t{number}"),
            json!({ "focus": { "reference": format!("ServiceRequest/{id}") } }),
        ));
        bodies.push(todo_task(
            &format!("q{number}"),
            json!({ "partOf": [{ "reference": format!("Task/t{number}") }] }),
        ));
        bodies.push(goal_of(json!({ "id": format!("g{number}"), "addresses": [{ "reference": format!("Condition/{}", 100 + number) }] })));
    }
    let shelf = shelf(bodies);

    let started = std::time::Instant::now();
    let today = today(&shelf, now(), &TimeZone::UTC);
    let goals = goals(&shelf, None, now(), &TimeZone::UTC);
    let took = started.elapsed();

    assert_eq!((today.your_turn.len(), goals.open.len()), (2_500, 2_500));
    assert!(took.as_secs() < 5, "a debug build on a busy machine took {took:?}");
}

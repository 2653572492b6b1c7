//! What an organization is told of those it was asked to help.

use handrail_contract::{
    act::ActKind,
    inbox::{ConsentSeen, Inbox, InboxFilter, InboxGroup, ListInbox, RequestPage, TableOf},
    words::{Filling, Phrase},
};

use super::*;

pub fn staff(id: &str) -> Source {
    Source {
        role: Role::Organization,
        patient: None,
        organizations: vec!["harvest".to_owned()],
        granted: vec!["user/*.crus".to_owned()],
        ..source(id, id)
    }
}

fn desk(bodies: Vec<Value>) -> Shelf {
    Shelf { sources: vec![staff("elm")], ..shelf(bodies) }
}

fn look(shelf: &Shelf) -> Inbox {
    inbox(&at_a_glance(shelf), &ListInbox::default(), now(), &TimeZone::UTC)
}

fn open(shelf: &Shelf, task: &str) -> Option<RequestPage> {
    open_request(shelf, &ItemId(format!("request:elm:{task}")))
}

pub fn rosa() -> Value {
    json!({ "resourceType": "Patient", "id": "rosa", "birthDate": "1988-05-07",
        "name": [{ "given": ["Rosa"], "family": "Delgado" }],
        "telecom": [{ "system": "phone", "value": "555-0166" }],
        "communication": [
            { "language": { "coding": [{ "code": "en" }] } },
            { "language": { "coding": [{ "code": "es-MX" }], "text": "Spanish" }, "preferred": true },
        ] })
}

fn ids(rows: &[handrail_contract::inbox::InboxRow]) -> Vec<&str> {
    rows.iter().map(|row| row.id.0.rsplit(':').next().unwrap()).collect()
}

#[test]
fn every_status_has_its_list_and_mistakes_have_none() {
    for (status, group) in [
        ("requested", Some(InboxGroup::New)),
        ("received", Some(InboxGroup::New)),
        ("accepted", Some(InboxGroup::Active)),
        ("in-progress", Some(InboxGroup::Active)),
        ("on-hold", Some(InboxGroup::Waiting)),
        ("completed", Some(InboxGroup::Done)),
        ("rejected", Some(InboxGroup::Done)),
        ("failed", Some(InboxGroup::Done)),
        ("cancelled", Some(InboxGroup::Done)),
        ("draft", None),
        ("entered-in-error", None),
    ] {
        let lists =
            look(&desk(vec![request(json!({})), referral_task("1", json!({ "status": status }))]));

        let counts = [&lists.new, &lists.active, &lists.waiting, &lists.done].map(Vec::len);
        let expected = [InboxGroup::New, InboxGroup::Active, InboxGroup::Waiting, InboxGroup::Done]
            .map(|it| usize::from(Some(it) == group));
        assert_eq!(counts, expected, "{status}");
    }
}

#[test]
fn a_place_of_staff_tells_how_many_requests_are_saved_and_not_whose_to_dos() {
    let given = |id| referral_task(id, json!({ "focus": null }));
    let shelf = desk(vec![given("1"), given("2"), todo_task("q", json!({}))]);

    let page = connection(&shelf, &elm(), now(), &TimeZone::UTC).unwrap();

    let expected = Words::Ours(Phrase::new("saved-requests").with("count", 2));
    assert!(page.facts.iter().any(|fact| fact.value == expected), "{:?}", page.facts);
}

#[test]
fn the_most_urgent_comes_first_and_then_the_oldest() {
    let task = |id: &str, priority: &str, at: &str| {
        referral_task(id, json!({ "priority": priority, "authoredOn": at, "focus": null }))
    };
    let lists = look(&desk(vec![
        task("old", "routine", "2026-04-01T10:00:00Z"),
        task("new", "routine", "2026-05-01T10:00:00Z"),
        task("soon", "asap", "2026-05-05T10:00:00Z"),
        task("now", "stat", "2026-05-06T10:00:00Z"),
        task("urgent", "urgent", "2026-05-06T10:00:00Z"),
    ]));

    assert_eq!(ids(&lists.new), ["now", "soon", "urgent", "old", "new"]);
}

#[test]
fn a_row_says_who_it_is_about_why_and_whether_they_agreed() {
    let asked = request(json!({
        "reasonReference": [{ "reference": "Condition/hungry" }],
        "supportingInfo": [{ "reference": "Consent/yes" }],
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",
            "valueReference": { "reference": "Goal/g" } }] }));
    let hungry = json!({ "resourceType": "Condition", "id": "hungry", "code": { "text": "Not enough food" } });
    let consent =
        |status: &str| json!({ "resourceType": "Consent", "id": "yes", "status": status });
    let bodies = [asked, rosa(), hungry, goal_of(json!({})), referral_task("1", json!({}))];
    let with = |more: Option<Value>| {
        look(&desk(bodies.iter().cloned().chain(more).collect())).new.remove(0)
    };

    let row = with(Some(consent("active")));

    assert_eq!(
        (row.person.as_deref(), row.age),
        (Some("Rosa Delgado"), Some(37)),
        "a birthday is tomorrow"
    );
    let spanish = Filling::Language { tag: "es".to_owned(), name: "Spanish".to_owned() };
    assert_eq!(
        row.language,
        Some(Words::Ours(Phrase::new("language-name").with("language", spanish)))
    );
    assert_eq!(row.reasons, [Words::theirs("Not enough food")]);
    assert_eq!(row.goals, [Words::theirs("Have enough food each week")]);
    assert_eq!(row.sender, Words::theirs("Elm Street Family Clinic"));
    assert_eq!((row.consent, row.days_old), (ConsentSeen::InForce, Some(1)));
    assert_eq!(with(Some(consent("inactive"))).consent, ConsentSeen::NotInForce);
    assert_eq!(with(None).consent, ConsentSeen::NotSeen);
}

#[test]
fn who_must_not_be_contacted_cannot_be_called_or_asked_and_that_is_said_first() {
    let task = referral_task("1", json!({ "status": "accepted" }));
    let forbidden =
        json!({ "orderDetail": [{ "coding": [{ "code": "contacting-subject-prohibited" }] }] });
    let page = |asked: Option<Value>| {
        open(&desk([Some(rosa()), Some(task.clone()), asked].into_iter().flatten().collect()), "1")
            .unwrap()
    };
    let can_ask = |page: &RequestPage| page.acts.iter().any(|offer| offer.act == ActKind::Ask);

    let (free, never, unknown) =
        (page(Some(request(json!({})))), page(Some(request(forbidden))), page(None));

    assert!(free.warning.is_none() && free.contacts.len() == 1 && can_ask(&free));
    assert!(never.row.do_not_contact);
    assert_eq!(never.row.chips[0].words, Words::Ours(Phrase::new("request-do-not-contact")));
    for page in [never, unknown] {
        assert!(page.warning.is_some() && page.contacts.is_empty() && !can_ask(&page));
    }
}

#[test]
fn what_was_given_to_another_is_not_told_and_what_nobody_has_is() {
    let theirs =
        referral_task("1", json!({ "owner": { "reference": "Organization/little-steps" } }));
    let mut nobodys = referral_task("2", json!({}));
    nobodys.as_object_mut().unwrap().remove("owner");
    let shelf = desk(vec![theirs, nobodys]);

    let lists = look(&shelf);

    assert_eq!(ids(&lists.new), ["2"]);
    assert!(lists.new[0].is_open && open(&shelf, "1").is_none());
    let acts: Vec<ActKind> =
        open(&shelf, "2").unwrap().acts.iter().map(|offer| offer.act).collect();
    assert_eq!(acts, [ActKind::Claim]);
}

#[test]
fn a_question_that_waits_for_the_person_makes_the_request_wait() {
    let task = referral_task("1", json!({ "status": "in-progress" }));
    let question = |status: &str| {
        todo_task(
            "q",
            json!({ "status": status, "partOf": [{ "reference": "Task/1" }],
            "requester": { "reference": "Organization/harvest" }, "description": "Do you eat meat?",
            "output": [{ "type": { "coding": [{ "code": "general-information-response" }] }, "valueMarkdown": "No." }] }),
        )
    };
    let page = |status: &str| {
        open(&desk(vec![request(json!({})), task.clone(), question(status)]), "1").unwrap()
    };

    let (asked, answered) = (page("ready"), page("completed"));

    assert_eq!((asked.row.group, answered.row.group), (InboxGroup::Waiting, InboxGroup::Active));
    assert_eq!(asked.asked[0].acts[0].act, ActKind::Cancel);
    assert_eq!(answered.asked[0].answers, [Words::theirs("No.")]);
    assert!(answered.asked[0].acts.is_empty());
}

#[test]
fn a_patients_lists_and_an_organizations_inbox_hold_nothing_of_each_other() {
    let bodies = vec![request(json!({})), referral_task("1", json!({}))];

    let as_patient = look(&shelf(bodies.clone()));
    let as_staff = referrals(&desk(bodies), None, now(), &TimeZone::UTC);

    assert!(as_patient.new.is_empty());
    assert!(as_staff.moving.is_empty() && as_staff.needs_push.is_empty());
}

#[test]
fn only_what_is_urgent_or_new_is_told_to_who_asks_for_that() {
    let task = |id: &str, priority: &str, seen: bool| {
        (referral_task(id, json!({ "priority": priority, "focus": null })), seen)
    };
    let rows = [
        task("calm", "routine", true),
        task("hurry", "urgent", true),
        task("fresh", "routine", false),
    ];
    let rows = rows.map(|(body, seen)| {
        let news = (!seen).then_some(News::New);
        Kept { source: SourceId("elm".to_owned()), seen, news, ..kept(body) }
    });
    let shelf = Shelf { kept: rows.to_vec().into(), ..desk(Vec::new()) };
    let told = |only| {
        let question = ListInbox { only, ..ListInbox::default() };
        inbox(&shelf, &question, now(), &TimeZone::UTC).new
    };

    assert_eq!(ids(&told(InboxFilter::Urgent)), ["hurry"]);
    assert_eq!(ids(&told(InboxFilter::Changed)), ["fresh"]);
    assert_eq!(told(InboxFilter::All).len(), 3);
}

#[test]
fn the_first_of_each_list_are_told_to_who_asks_for_a_few() {
    let of = |id: &str, status: &str, day: &str| {
        referral_task(id, json!({ "status": status, "authoredOn": day, "focus": null }))
    };
    let mut nobodys = of("nobodys", "requested", "2026-05-02");
    nobodys.as_object_mut().unwrap().remove("owner");
    let shelf = desk(vec![
        of("late", "requested", "2026-05-04"),
        of("early", "requested", "2026-05-01"),
        nobodys,
        of("agreed", "accepted", "2026-05-03"),
        of("started", "in-progress", "2026-05-01"),
        of("over", "rejected", "2026-05-03"),
    ]);
    let question = ListInbox { first: Some(1), ..ListInbox::default() };

    let told = inbox(&shelf, &question, now(), &TimeZone::UTC);

    assert_eq!(ids(&told.new), ["early", "nobodys"]);
    assert_eq!(ids(&told.active), ["started", "agreed"]);
    assert_eq!(ids(&told.done), ["over"]);
}

#[test]
fn the_tabs_count_what_waits_for_an_answer_and_not_what_nobody_was_asked() {
    let mut nobodys = referral_task("3", json!({}));
    nobodys.as_object_mut().unwrap().remove("owner");
    let shelf = desk(vec![
        request(json!({})),
        referral_task("1", json!({})),
        referral_task("2", json!({ "status": "accepted" })),
        nobodys,
    ]);

    assert_eq!(inbox_count(&shelf).new, 1);
}

#[test]
fn a_day_is_a_table_with_each_request_on_its_line_and_no_way_to_reach_anybody() {
    let mut evil = rosa();
    evil["name"] = json!([{ "text": "=HYPERLINK(\"https://evil.example\")" }]);
    let shelf = desk(vec![
        request(json!({})),
        evil,
        referral_task("1", json!({ "authoredOn": "2026-05-06T08:00:00Z", "lastModified": null })),
        referral_task(
            "2",
            json!({ "authoredOn": "2026-05-01T08:00:00Z", "lastModified": null,
            "status": "accepted" }),
        ),
    ]);
    let lines = |of: TableOf| {
        let file = inbox_table(&shelf, &of, now(), &TimeZone::UTC);
        assert!(!file.content.contains("555-0166"), "a phone number is in the file");
        file.content.lines().map(str::to_owned).collect::<Vec<_>>()
    };

    let (day, all) = (lines(TableOf::Day("2026-05-06".to_owned())), lines(TableOf::All));

    assert!(day[0].starts_with("\u{feff}group,do_not_contact,title"));
    assert_eq!((day.len(), all.len()), (2, 3), "{day:?} {all:?}");
    assert!(day[1].starts_with("new,no,") && day[1].contains("'=HYPERLINK"), "{}", day[1]);
}

#[test]
fn what_was_given_to_a_service_of_theirs_stands_in_the_inbox_and_names_the_service() {
    let service = json!({ "resourceType": "HealthcareService", "id": "boxes", "name": "Weekly food boxes",
        "providedBy": { "reference": "Organization/harvest" } });
    let owner = json!({ "owner": { "reference": "HealthcareService/boxes" } });
    let mut shelf = desk(vec![request(json!({})), service, referral_task("1", owner)]);
    let unknown = look(&shelf);
    shelf.sources[0].services = [("boxes".to_owned(), "harvest".to_owned())].into();

    let page = open(&shelf, "1").unwrap();

    assert!(unknown.new.is_empty(), "another organization's service");
    assert_eq!(ids(&look(&shelf).new), ["1"]);
    assert_eq!(page.facts[0].value, Words::theirs("Weekly food boxes"));
    assert!(page.acts.iter().any(|offer| offer.act == ActKind::Accept));
}

#[test]
fn a_table_of_today_holds_what_was_asked_or_moved_today_and_says_how_each_request_stands() {
    let never =
        json!({ "orderDetail": [{ "coding": [{ "code": "contacting-subject-prohibited" }] }] });
    let task = |id: &str, more: Value| {
        referral_task(id, merged(json!({ "authoredOn": "2026-05-01T08:00:00Z" }), more))
    };
    let mut shelf = desk(vec![
        request(merged(never, json!({ "supportingInfo": [{ "reference": "Consent/c" }] }))),
        json!({ "resourceType": "Consent", "id": "c", "status": "active" }),
        rosa(),
        task("asked", json!({ "authoredOn": "2026-05-06T08:00:00Z" })),
        task("moved", json!({ "status": "accepted", "lastModified": "2026-05-06T09:00:00Z" })),
        task("held", json!({ "status": "on-hold" })),
        task("over", json!({ "status": "completed" })),
        task("quiet", json!({})),
    ]);
    change_rows(&mut shelf, |row| {
        if matches!(&*row.id, "held" | "over") {
            row.last_updated = Some(now());
        }
    });

    let file = inbox_table(&shelf, &TableOf::Today, now(), &TimeZone::UTC);

    assert_eq!((&*file.name, &*file.media), ("handrail-requests-2026-05-06.csv", "text/csv"));
    let groups: Vec<&str> =
        file.content.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(groups, ["new", "active", "waiting", "done"]);
    let first = file.content.lines().nth(1).unwrap();
    assert!(first.starts_with("new,yes,Food box each week,"), "{first}");
    assert!(first.contains("Rosa Delgado,37,Spanish,") && first.contains(",in_force,"), "{first}");
}

/// The lines of the table of everything, without the first, as a spreadsheet reads them.
fn cells_of(shelf: &Shelf) -> Vec<Vec<String>> {
    let file = inbox_table(shelf, &TableOf::All, now(), &TimeZone::UTC);
    let text = file.content.strip_prefix('\u{feff}').expect("the file says that it is UTF-8");
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    lines.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn names_with_accents_commas_and_quotes_come_out_of_the_table_as_they_went_in() {
    let mut person = rosa();
    person["name"] = json!([{ "text": "Núñez, \"Chayo\"; 李" }]);
    let asked = request(json!({ "code": { "text": "Box, with \"milk\"" } }));
    let shelf = desk(vec![asked, person, referral_task("1", json!({}))]);

    let lines = cells_of(&shelf);

    assert_eq!(lines.len(), 1);
    assert_eq!(
        (lines[0].len(), &*lines[0][2], &*lines[0][4]),
        (14, "Box, with \"milk\"", "Núñez, \"Chayo\"; 李")
    );
}

#[test]
fn whatever_a_sender_writes_no_cell_of_the_table_is_run() {
    let evil = "=HYPERLINK(\"https://evil.example\")";
    let mut person = rosa();
    person["name"] = json!([{ "text": evil }]);
    person["communication"] = json!([{ "language": { "text": evil } }]);
    let asked = request(json!({ "code": { "text": evil }, "category": [{ "text": evil }],
        "reasonCode": [{ "text": evil }], "reasonReference": null,
        "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",
            "valueReference": { "display": evil } }] }));
    let requester = json!({ "requester": { "display": evil } });
    let mut shelf = desk(vec![asked, person, referral_task("1", requester)]);
    shelf.sources[0].name = evil.to_owned();

    let lines = cells_of(&shelf);

    let defused = lines[0].iter().filter(|cell| cell.starts_with("'=")).count();
    assert!(defused >= 7, "{:?}", lines[0]);
    assert!(lines[0].iter().all(|cell| !cell.starts_with('=')), "{:?}", lines[0]);
}

#[test]
fn who_must_not_be_contacted_is_marked_and_no_way_to_reach_anybody_is_in_the_table() {
    let never =
        json!({ "orderDetail": [{ "coding": [{ "code": "contacting-subject-prohibited" }] }] });
    let mut person = rosa();
    person["address"] = json!([{ "text": "12 Oak Road" }]);
    let mail = json!({ "system": "email", "value": "rosa@mail.example" });
    person["telecom"].as_array_mut().unwrap().push(mail);
    let shelf = desk(vec![request(never), person, referral_task("1", json!({}))]);

    let file = inbox_table(&shelf, &TableOf::All, now(), &TimeZone::UTC);

    assert_eq!(cells_of(&shelf)[0][1], "yes");
    for way in ["555-0166", "Oak Road", "mail.example"] {
        assert!(!file.content.contains(way), "{way}");
    }
}

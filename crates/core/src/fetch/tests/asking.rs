//! Which questions a look asks, and which it spares a place.

use super::*;

#[test]
fn a_first_look_reads_the_lists_and_what_they_refer_to() {
    let todo = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" },
        "requester": { "reference": "Organization/elm" },
        "code": { "coding": [{ "code": "make-contact" }] },
        "input": [{ "type": { "coding": [{ "code": "contact-entity" }] }, "valueReference": { "reference": "HealthcareService/rides" } }] });
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[todo], None))
        .with("Organization/elm", 200, json!({ "resourceType": "Organization", "id": "elm", "name": "Elm" }))
        .with("HealthcareService/rides", 200, json!({ "resourceType": "HealthcareService", "id": "rides", "location": [{ "reference": "Location/mill" }] }))
        .with("Location/mill", 200, json!({ "resourceType": "Location", "id": "mill" }));

    let fetched = server.run(errand(), &[]);

    let kinds: BTreeSet<&str> = fetched.arrived.iter().map(|it| &*it.kind).collect();
    assert_eq!(kinds, ["HealthcareService", "Location", "Organization", "Patient", "Task"].into());
    assert_eq!(server.batches.len(), 1, "one wave of references in one batch, the last one alone");
    assert_eq!(fetched.complete, ["Goal", "ServiceRequest", "Task"].map(str::to_owned).into());
    assert_eq!(fetched.first.len(), 3);
    assert!(fetched.skipped.is_empty(), "{:?}", fetched.skipped);
    assert!(!fetched.partial && !fetched.out_of_reach && !fetched.token_refused);
    assert_eq!(fetched.requests as usize, server.asked.len());
}

#[test]
fn the_next_look_asks_only_for_what_changed_by_the_servers_clock() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    server.asked.clear();
    let mut server = unchanged(server).with(&since_of("Task"), 200, page(&[task("2")], None));

    let second = server.run(later(&first), &[("Task", "1"), ("Patient", "rosa")]);

    assert_eq!(server.asked, [""], "one batch, no metadata, and nothing that is kept already");
    let batch = server.batches.last().unwrap();
    let urls: Vec<&str> =
        (0..3).filter_map(|at| batch["entry"][at]["request"]["url"].as_str()).collect();
    assert_eq!(urls, ["Task", "ServiceRequest", "Goal"].map(since_of));
    assert_eq!(ids(&second, "Task"), ["2"]);
    assert!(second.complete.is_empty(), "a delta shows no deletions");
    assert!(second.first.is_empty());
}

fn since_of(kind: &str) -> String {
    format!("{kind}?patient=Patient/rosa&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200")
}

/// Nothing changed in any list.
fn unchanged(server: Server) -> Server {
    LISTED.iter().fold(server, |server, kind| server.with(&since_of(kind), 200, page(&[], None)))
}

/// An hour after the first look.
fn later(first: &Fetched) -> Errand {
    let now = "2026-05-06T11:00:00Z".parse().unwrap();
    Errand { cursors: first.cursors.clone(), now, ..errand() }
}

const HERE: [(&str, &str); 2] = [("Task", "1"), ("Patient", "rosa")];

#[test]
fn a_place_without_batch_is_asked_what_changed_list_by_list() {
    let mut server =
        Server::new(everything(false)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    server.asked.clear();
    let mut server = unchanged(server).with(&since_of("Task"), 200, page(&[task("2")], None));

    let second = server.run(later(&first), &HERE);

    assert_eq!(server.asked, ["Task", "ServiceRequest", "Goal"].map(since_of));
    assert_eq!(ids(&second, "Task"), ["2"]);
}

#[test]
fn a_place_that_refuses_a_batch_of_lists_is_asked_list_by_list_from_then_on() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    server.asked.clear();
    server.takes_batch = false;
    let mut server = unchanged(server).with(&since_of("Task"), 200, page(&[task("2")], None));

    let second = server.run(later(&first), &HERE);
    let asked_at_second = server.asked.split_off(0);
    server.run(later(&second), &HERE);

    assert_eq!(ids(&second, "Task"), ["2"]);
    assert!(second.skipped.is_empty() && !second.partial, "{:?}", second.skipped);
    assert_eq!((asked_at_second.len(), server.asked.len()), (4, 3));
}

#[test]
fn a_list_that_fails_in_a_batch_is_asked_alone_before_anything_is_said_of_it() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    server.asked.clear();
    let mut server = unchanged(server).with(&since_of("Task"), 200, page(&[task("2")], None)).with(
        &since_of("Goal"),
        403,
        json!({ "resourceType": "OperationOutcome" }),
    );

    let second = server.run(later(&first), &HERE);

    assert_eq!(server.asked, [String::new(), since_of("Goal")]);
    assert_eq!(ids(&second, "Task"), ["2"]);
    assert_eq!(skips(&second), [("Goal", SkipReason::Refused, None)]);
}

#[test]
fn a_busy_place_is_not_asked_list_by_list_what_it_did_not_say_at_once() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    let known = HERE.map(|(kind, id)| (kind.to_owned(), id.to_owned()));
    let mut planner = Planner::new(later(&first), known.into_iter());

    let asked = planner.next();
    let busy = Answer::read(Role::Patient, 429, None, &[]);
    planner.took(asked[0].id, busy);
    let after = planner.next();
    let second = planner.finish();

    assert_eq!((asked.len(), after.len()), (1, 0));
    assert!(second.partial && second.out_of_reach, "{:?}", second.skipped);
    assert_eq!(second.cursors, first.cursors, "the next look asks the same again");
}

#[test]
fn once_a_day_everything_is_listed_and_read_anew() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    server.asked.clear();

    let second = server.run(
        Errand { cursors: first.cursors, now: "2026-05-07T10:01:00Z".parse().unwrap(), ..errand() },
        &[("Task", "1"), ("Task", "old"), ("Patient", "rosa"), ("Organization", "old")],
    );

    assert!(server.asked.contains(&"metadata".to_owned()));
    assert!(server.asked.contains(&"Patient/rosa".to_owned()));
    assert!(second.complete.contains("Task"));
    assert!(second.complete.contains("Organization"), "what nothing refers to any more can go");
}

#[test]
fn a_server_that_refuses_last_updated_is_asked_in_full() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    for kind in LISTED {
        server = server.with(&since_of(kind), 400, json!({}));
    }
    let later =
        Errand { cursors: first.cursors, now: "2026-05-06T11:00:00Z".parse().unwrap(), ..errand() };

    let second =
        server.run(later.clone(), &[("Task", "1"), ("Organization", "elm"), ("Patient", "rosa")]);
    server.asked.clear();
    let third = server.run(Errand { cursors: second.cursors.clone(), ..later }, &[("Task", "1")]);

    assert_eq!(ids(&second, "Task"), ["1"]);
    assert!(!second.complete.contains("Organization"), "it was not read anew, so it is not gone");
    assert!(
        server.asked.iter().all(|path| !path.contains("_lastUpdated")),
        "it is not asked twice"
    );
    assert_eq!(ids(&third, "Task"), ["1"]);
}

#[test]
fn a_server_that_takes_no_extra_parameter_is_asked_with_the_person_alone() {
    let mut server = Server::new(everything(true))
        .with(&full("Goal"), 400, json!({}))
        .with("Goal?patient=Patient/rosa", 200, page(&[json!({ "resourceType": "Goal", "id": "g", "subject": { "reference": "Patient/rosa" } })], None));

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Goal"), ["g"]);
}

#[test]
fn one_refused_type_never_stops_the_rest() {
    for (status, why) in [
        (403, SkipReason::Refused),
        (404, SkipReason::NotOffered),
        (429, SkipReason::Busy),
        (503, SkipReason::OutOfReach),
        (302, SkipReason::OutOfReach),
        (500, SkipReason::OutOfReach),
    ] {
        let goal = json!({ "resourceType": "Goal", "id": "g", "subject": { "reference": "Patient/rosa" } });
        let mut server = Server::new(everything(true))
            .with(&full("Task"), status, json!({ "resourceType": "OperationOutcome" }))
            .with(&full("Goal"), 200, page(&[goal], None));

        let fetched = server.run(errand(), &[("Task", "kept")]);

        assert_eq!(skips(&fetched), [("Task", why, None)], "{status}");
        assert_eq!(ids(&fetched, "Goal"), ["g"]);
        assert!(!fetched.complete.contains("Task"));
        assert!(fetched.cursors.at("Task").is_none(), "the cursor is not advanced");
        assert!(fetched.cursors.at("Goal").is_some());
        assert!(!fetched.out_of_reach);
        assert_eq!(fetched.partial, matches!(why, SkipReason::Busy | SkipReason::OutOfReach));
    }
}

#[test]
fn what_is_not_offered_or_not_granted_is_not_asked_for() {
    let mut server = Server::new(metadata(&["Task", "DocumentReference", "Goal"], false));
    let errand = Errand {
        granted: vec!["patient/Task.rs".to_owned(), "launch/patient".to_owned()],
        ..errand()
    };

    let fetched = server.run(errand, &[]);

    assert_eq!(server.asked, ["metadata".to_owned(), full("Task")]);
    assert_eq!(
        skips(&fetched),
        [
            ("Goal", SkipReason::NotGranted, None),
            ("Patient", SkipReason::NotOffered, None),
            ("ServiceRequest", SkipReason::NotOffered, None)
        ]
    );
}

#[test]
fn nothing_is_asked_before_the_statement_and_what_a_list_refers_to_is_not_waited_for() {
    let mut more = task("1");
    more["requester"] = json!({ "reference": "Organization/elm" });
    let mut planner = Planner::new(errand(), std::iter::empty());
    let answer = |body: &Value| {
        Answer::read(Role::Patient, 200, Some(DATE.to_owned()), body.to_string().as_bytes())
    };

    let statement = planner.next();
    planner.took(statement[0].id, answer(&everything(true)));
    let lists = planner.next();
    planner.took(lists[0].id, answer(&page(&[more], Some("https://elm.example/fhir?page=2"))));
    let then = planner.next();

    let paths =
        |wave: &[Request]| wave.iter().map(|it| it.url.path().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&statement), ["/fhir/metadata"]);
    assert_eq!(paths(&lists), ["/fhir/Task", "/fhir/ServiceRequest", "/fhir/Goal"]);
    assert_eq!(then[0].url.query(), Some("page=2"));
    let Method::PostBatch(batch) = &then[1].method else { panic!("who is named, at once") };
    assert!(batch.contains("Organization/elm") && batch.contains("Patient/rosa"), "{batch}");
}

#[test]
fn a_401_ends_the_look() {
    let mut server = Server::new(everything(true)).with(&full("Task"), 401, json!({}));

    let fetched = server.run(errand(), &[]);

    assert!(fetched.token_refused);
    assert!(!fetched.out_of_reach);
    assert!(fetched.cursors.at("Task").is_none());
    assert!(!server.asked.iter().any(|path| path.starts_with("Patient/")));
}

#[test]
fn a_place_that_does_not_answer_is_out_of_reach() {
    let mut planner = Planner::new(errand(), std::iter::empty());

    while let Some(request) = planner.next().pop() {
        planner.took(request.id, Answer::Failed(Failure::OutOfReach));
    }
    let fetched = planner.finish();

    assert!(fetched.out_of_reach);
    assert_eq!(fetched.requests, 1, "nobody is asked who is not there");
    assert_eq!(fetched.skipped.len(), 3);
    assert_eq!(fetched.cursors, Cursors::default());
}

#[test]
fn what_was_left_out_for_good_is_still_named_after_a_delta() {
    let other =
        json!({ "resourceType": "Task", "id": "2", "for": { "reference": "Patient/colin" } });
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[task("1"), other], None))
        .with(&full("Goal"), 503, json!({}));
    let first = server.run(errand(), &[]);
    for kind in ["Task", "ServiceRequest"] {
        let since =
            format!("{kind}?patient=Patient/rosa&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200");
        server = server.with(&since, 200, page(&[], None));
    }
    let mut server = server.with(&full("Goal"), 200, page(&[], None));

    let delta =
        server.run(Errand { cursors: first.cursors.clone(), ..errand() }, &[("Patient", "rosa")]);
    let whole = server
        .with(&full("Task"), 200, page(&[task("1")], None))
        .run(Errand { cursors: delta.cursors.clone(), full: true, ..errand() }, &[]);

    let another = ("Task", SkipReason::AnotherPerson, Some(1));
    assert_eq!(skips(&first), [("Goal", SkipReason::OutOfReach, None), another]);
    assert_eq!(skips(&delta), [another], "what was away is back");
    assert_eq!(skips(&whole), []);
}

#[test]
fn an_errand_without_a_person_asks_nothing() {
    for patient in [None, Some("a/../b".to_owned()), Some("x&y".to_owned())] {
        let mut planner = Planner::new(Errand { patient, ..errand() }, std::iter::empty());

        assert!(planner.next().is_empty());
    }
}

#[test]
fn cursors_survive_being_written_down() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let cursors = server.run(errand(), &[]).cursors;

    let written = serde_json::to_string(&cursors).unwrap();

    assert_eq!(serde_json::from_str::<Cursors>(&written).unwrap(), cursors);
    assert_eq!(serde_json::from_str::<Cursors>("{}").unwrap(), Cursors::default());
}

/// How many times something is sent only after everything sent before was answered, and what went each time.
fn rounds(
    server: &mut Server,
    errand: Errand,
    known: &[(&str, &str)],
) -> (Vec<Vec<String>>, Fetched) {
    let known = known.iter().map(|(kind, id)| ((*kind).to_owned(), (*id).to_owned()));
    let mut planner = Planner::new(errand, known.collect::<Vec<_>>().into_iter());
    let mut rounds = Vec::new();
    loop {
        let requests = planner.next();
        if requests.is_empty() {
            return (rounds, planner.finish());
        }
        let begin = server.asked.len();
        for request in requests {
            let answer = server.answer(&request);
            planner.took(request.id, answer);
        }
        rounds.push(server.asked[begin..].to_vec());
    }
}

#[test]
fn a_first_look_waits_for_the_statement_then_for_pages_and_for_nothing_else() {
    let refers = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" },
        "requester": { "reference": "Organization/elm" } });
    let more = format!("{BASE}/Task?page=2");
    let elm = json!({ "resourceType": "Organization", "id": "elm" });
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[refers], Some(&more)))
        .with("Task?page=2", 200, page(&[task("2")], None))
        .with("Organization/elm", 200, elm);

    let (rounds, fetched) = rounds(&mut server, errand(), &[]);

    // The second page, and beside it what the first one refers to.
    let sent: Vec<usize> = rounds.iter().map(Vec::len).collect();
    assert_eq!(sent, [1, 3, 2], "{rounds:?}");
    assert_eq!(fetched.arrived.len(), 4);
}

/// A day and more after the first look.
fn next_day(first: &Fetched) -> Errand {
    let now = "2026-05-07T11:00:00Z".parse().unwrap();
    Errand { cursors: first.cursors.clone(), now, ..errand() }
}

#[test]
fn a_later_whole_look_does_not_wait_for_the_statement() {
    let mut server = Server::new(everything(true));
    let first = server.run(errand(), &[]);

    let (rounds, again) = rounds(&mut server, next_day(&first), &[("Patient", "rosa")]);

    // All lists beside the statement; then the person.
    let sent: Vec<usize> = rounds.iter().map(Vec::len).collect();
    assert_eq!(sent, [4, 1], "{rounds:?}");
    assert_eq!(rounds[0][0], "metadata");
    assert_eq!(again.cursors.offer(), first.cursors.offer());
    assert_ne!(again.cursors.whole_at, first.cursors.whole_at);
}

#[test]
fn what_a_place_offers_since_is_listed_at_the_very_next_look() {
    let mut server = Server::new(metadata(&["Task", "Patient"], true));
    let first = server.run(errand(), &[]);
    let mut server = server.with("metadata", 200, everything(true));
    let second = server.run(next_day(&first), &[]);
    server.asked.clear();

    let third = server.run(next_day(&second), &[]);

    assert!(second.skipped.iter().any(|skip| skip.what == "Goal"), "asked by the old statement");
    assert!(server.asked.contains(&full("Goal")), "{:?}", server.asked);
    assert_eq!(third.skipped, []);
}

#[test]
fn a_known_place_that_does_not_tell_what_it_offers_is_still_read() {
    let mut server = Server::new(everything(true));
    let first = server.run(errand(), &[]);
    let mut planner = Planner::new(next_day(&first), std::iter::empty());

    for request in planner.next() {
        let answer = match request.url.path().ends_with("metadata") {
            true => Answer::Failed(Failure::OutOfReach),
            false => server.answer(&request),
        };
        planner.took(request.id, answer);
    }
    let fetched = planner.finish();

    assert!(fetched.complete.contains("Task") && !fetched.out_of_reach);
    assert_eq!(fetched.cursors.offer(), first.cursors.offer());
}

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::fhir::FhirBase;

const BASE: &str = "https://elm.example/fhir";
const DATE: &str = "Wed, 06 May 2026 10:00:00 GMT";

/// A FHIR server in memory: answers by path and query, and remembers what it was asked.
struct Server {
    answers: BTreeMap<String, (u16, Value)>,
    asked: Vec<String>,
    batches: Vec<Value>,
    takes_batch: bool,
}

impl Server {
    fn new(metadata: Value) -> Self {
        let mut answers = BTreeMap::new();
        answers.insert("metadata".to_owned(), (200, metadata));
        for kind in LISTED {
            answers.insert(full(kind), (200, page(&[], None)));
        }
        answers.insert(
            "Patient/rosa".to_owned(),
            (200, json!({ "resourceType": "Patient", "id": "rosa" })),
        );
        Self { answers, asked: Vec::new(), batches: Vec::new(), takes_batch: true }
    }

    fn with(mut self, path: &str, status: u16, body: Value) -> Self {
        self.answers.insert(path.to_owned(), (status, body));
        self
    }

    fn answer(&mut self, request: &Request) -> Answer {
        let path = request
            .url
            .as_str()
            .strip_prefix(BASE)
            .expect("under the base")
            .trim_start_matches('/')
            .to_owned();
        let (status, body) = match &request.method {
            Method::Get => self.look_up(&path),
            Method::PostBatch(batch) => {
                let batch: Value = serde_json::from_str(batch).unwrap();
                self.batches.push(batch.clone());
                if self.takes_batch { (200, self.batch(&batch)) } else { (405, json!({})) }
            }
        };
        self.asked.push(path);
        Answer::Response {
            status,
            date: Some(DATE.to_owned()),
            body: body.to_string().into_bytes(),
        }
    }

    fn look_up(&self, path: &str) -> (u16, Value) {
        self.answers
            .get(path)
            .cloned()
            .unwrap_or((404, json!({ "resourceType": "OperationOutcome" })))
    }

    fn batch(&self, batch: &Value) -> Value {
        let entries: Vec<Value> = batch["entry"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| {
                let (status, body) = self.look_up(entry["request"]["url"].as_str().unwrap());
                json!({ "response": { "status": format!("{status} said so") }, "resource": body })
            })
            .collect();
        json!({ "resourceType": "Bundle", "type": "batch-response", "entry": entries })
    }

    fn run(&mut self, errand: Errand, known: &[(&str, &str)]) -> Fetched {
        let known = known
            .iter()
            .map(|(kind, id)| ((*kind).to_owned(), (*id).to_owned(), None))
            .collect::<Vec<_>>();
        let mut planner = Planner::new(errand, known.into_iter());
        loop {
            let requests = planner.next();
            if requests.is_empty() {
                return planner.finish();
            }
            for request in requests {
                let answer = self.answer(&request);
                planner.took(request.id, answer);
            }
        }
    }
}

fn full(kind: &str) -> String {
    format!("{kind}?patient=Patient/rosa&_count=200")
}

fn metadata(types: &[&str], batch: bool) -> Value {
    let resources: Vec<Value> = types
        .iter()
        .map(|kind| json!({ "type": kind, "interaction": [{ "code": "read" }, { "code": "search-type" }] }))
        .collect();
    let interaction = if batch { json!([{ "code": "batch" }]) } else { json!([]) };
    json!({ "resourceType": "CapabilityStatement", "rest": [{ "mode": "server", "interaction": interaction, "resource": resources }] })
}

fn everything(batch: bool) -> Value {
    metadata(
        &[
            "Task",
            "ServiceRequest",
            "Goal",
            "Patient",
            "Organization",
            "HealthcareService",
            "Location",
            "Practitioner",
            "PractitionerRole",
            "Questionnaire",
            "QuestionnaireResponse",
            "DocumentReference",
            "Procedure",
        ],
        batch,
    )
}

fn page(resources: &[Value], next: Option<&str>) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| json!({ "resource": resource, "search": { "mode": "match" } }))
        .collect();
    let links = next.map_or(json!([]), |next| json!([{ "relation": "next", "url": next }]));
    json!({ "resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries })
}

fn task(id: &str) -> Value {
    json!({ "resourceType": "Task", "id": id, "status": "ready", "for": { "reference": "Patient/rosa" } })
}

fn errand() -> Errand {
    Errand {
        base: FhirBase::try_from(BASE.to_owned()).unwrap(),
        role: Role::Patient,
        patient: Some("rosa".to_owned()),
        granted: vec!["patient/*.rs".to_owned()],
        cursors: Cursors::default(),
        now: "2026-05-06T10:00:30Z".parse().unwrap(),
        full: false,
    }
}

fn ids(fetched: &Fetched, kind: &str) -> Vec<String> {
    fetched.arrived.iter().filter(|it| it.kind == kind).map(|it| it.id.clone()).collect()
}

fn skips(fetched: &Fetched) -> Vec<(&str, SkipReason, Option<u64>)> {
    fetched.skipped.iter().map(|skip| (&*skip.what, skip.why, skip.count)).collect()
}

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
    assert!(!fetched.partial && !fetched.out_of_reach && !fetched.signed_out);
    assert_eq!(fetched.requests as usize, server.asked.len());
}

#[test]
fn the_next_look_asks_only_for_what_changed_by_the_servers_clock() {
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], None));
    let first = server.run(errand(), &[]);
    server.asked.clear();
    let since = "Task?patient=Patient/rosa&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200";
    let mut server = server.with(since, 200, page(&[task("2")], None));

    let second = server.run(
        Errand { cursors: first.cursors, now: "2026-05-06T11:00:00Z".parse().unwrap(), ..errand() },
        &[("Task", "1"), ("Patient", "rosa")],
    );

    assert!(server.asked.contains(&since.to_owned()), "{:?}", server.asked);
    assert_eq!(
        server.asked.len(),
        3,
        "no metadata, and nothing that is kept already: {:?}",
        server.asked
    );
    assert_eq!(ids(&second, "Task"), ["2"]);
    assert!(second.complete.is_empty(), "a delta shows no deletions");
    assert!(second.first.is_empty());
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
    for kind in ["Task", "Goal", "ServiceRequest"] {
        server = server.with(
            &format!("{kind}?patient=Patient/rosa&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200"),
            400,
            json!({}),
        );
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
        (302, SkipReason::Elsewhere),
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
fn a_401_ends_the_look() {
    let mut server = Server::new(everything(true)).with(&full("Task"), 401, json!({}));

    let fetched = server.run(errand(), &[]);

    assert!(fetched.signed_out);
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
    assert_eq!(fetched.requests, 1);
    assert_eq!(fetched.skipped.len(), 3);
    assert_eq!(fetched.cursors, Cursors::default());
}

#[test]
fn pages_are_followed_only_along_links_under_the_base() {
    let next = format!("{BASE}/Task?cursor=abc");
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[task("1")], Some(&next)))
        .with(
            "Task?cursor=abc",
            200,
            page(&[task("2")], Some("https://evil.example/fhir/Task?cursor=def")),
        );

    let fetched = server.run(errand(), &[("Task", "3")]);

    assert_eq!(ids(&fetched, "Task"), ["1", "2"]);
    assert_eq!(skips(&fetched), [("Task", SkipReason::Elsewhere, None)]);
    assert!(!fetched.complete.contains("Task"));
}

#[test]
fn a_link_that_leaves_the_path_or_carries_a_password_is_not_followed() {
    for next in [
        "https://elm.example/fhir2/Task?x",
        "http://elm.example/fhir/Task?x",
        "https://me:pw@elm.example/fhir/Task?x",
        "https://elm.example/fhir/../admin",
        "https://elm.example:8443/fhir/Task",
        "file:///etc/passwd",
        "https://[",
    ] {
        let mut server =
            Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], Some(next)));

        let fetched = server.run(errand(), &[]);

        assert_eq!(skips(&fetched), [("Task", SkipReason::Elsewhere, None)], "{next}");
    }
}

#[test]
fn a_page_that_expired_meanwhile_is_asked_for_again_the_next_time() {
    let next = format!("{BASE}/Task?cursor=abc");
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], Some(&next)));

    for status in [404, 410, 400] {
        server = server.with("Task?cursor=abc", status, json!({}));
        let fetched = server.run(errand(), &[]);

        assert_eq!(ids(&fetched, "Task"), ["1"]);
        assert_eq!(skips(&fetched), [("Task", SkipReason::OutOfReach, None)]);
        assert!(fetched.cursors.at("Task").is_none());
    }
}

#[test]
fn pages_that_go_round_in_a_circle_end() {
    let again = format!("{BASE}/{}", full("Task"));
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], Some(&again)));

    let fetched = server.run(errand(), &[]);

    assert_eq!(skips(&fetched), [("Task", SkipReason::TooMuch, None)]);
    assert_eq!(server.asked.iter().filter(|path| path.starts_with("Task?")).count(), 1);
    assert!(!fetched.complete.contains("Task"));
}

#[test]
fn endless_pages_end_at_fifty() {
    let mut server = Server::new(everything(true)).with(
        &full("Task"),
        200,
        page(&[], Some(&format!("{BASE}/Task?p=1"))),
    );
    for number in 1..100 {
        let next = format!("{BASE}/Task?p={}", number + 1);
        server = server.with(
            &format!("Task?p={number}"),
            200,
            page(&[task(&number.to_string())], Some(&next)),
        );
    }

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Task").len(), 49);
    assert_eq!(skips(&fetched), [("Task", SkipReason::TooMuch, None)]);
}

#[test]
fn a_page_of_more_than_a_thousand_entries_is_cut_off() {
    let tasks: Vec<Value> = (0..1_200).map(|number| task(&number.to_string())).collect();
    let mut server = Server::new(everything(true)).with(&full("Task"), 200, page(&tasks, None));

    let fetched = server.run(errand(), &[("Task", "1199")]);

    assert_eq!(ids(&fetched, "Task").len(), 1_000);
    assert_eq!(skips(&fetched), [("Task", SkipReason::TooMuch, None)]);
    assert!(!fetched.complete.contains("Task"));
}

#[test]
fn more_than_64_mib_ends_the_look() {
    let mut planner = Planner::new(errand(), std::iter::empty());
    let mut answered = 0;

    loop {
        let requests = planner.next();
        if requests.is_empty() {
            break;
        }
        for request in requests {
            let next = format!("{BASE}/Task?p={answered}");
            let mut body = page(&[], Some(&next)).to_string().into_bytes();
            body.resize(8 * 1024 * 1024, b' ');
            answered += 1;
            planner.took(request.id, Answer::Response { status: 200, date: None, body });
        }
    }
    let fetched = planner.finish();

    assert!(fetched.bytes <= 96 * 1024 * 1024, "{}", fetched.bytes);
    assert!(fetched.skipped.iter().any(|skip| skip.why == SkipReason::TooMuch));
    assert!(fetched.complete.is_empty());
}

#[test]
fn entries_of_another_person_are_dropped_and_counted() {
    let other =
        json!({ "resourceType": "Task", "id": "2", "for": { "reference": "Patient/colin" } });
    let twin = json!({ "resourceType": "Task", "id": "3", "for": { "reference": "https://other.example/fhir/Patient/rosa" } });
    let ours = json!({ "resourceType": "Task", "id": "4", "for": { "reference": "https://elm.example/fhir/Patient/rosa" } });
    let mut server = Server::new(everything(true)).with(
        &full("Task"),
        200,
        page(&[task("1"), other, twin, ours], None),
    );

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Task"), ["1", "4"]);
    assert_eq!(skips(&fetched), [("Task", SkipReason::AnotherPerson, Some(2))]);
}

#[test]
fn notices_and_broken_entries_never_hide_the_rest() {
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        { "search": { "mode": "outcome" }, "resource": { "resourceType": "OperationOutcome", "issue": [{ "severity": "warning" }] } },
        { "resource": { "resourceType": "OperationOutcome" } },
        { "resource": { "resourceType": "Task" } },
        { "resource": "nothing" },
        { "fullUrl": "urn:uuid:1" },
        7,
        { "resource": { "resourceType": "Task", "id": "../admin", "for": { "reference": "Patient/rosa" } } },
        { "resource": task("1") },
        { "resource": { "resourceType": "Basic", "id": "b" } },
    ] });
    let mut server = Server::new(everything(true)).with(&full("Task"), 200, bundle);

    let fetched = server.run(errand(), &[("Task", "kept")]);

    assert_eq!(ids(&fetched, "Task"), ["1"]);
    assert_eq!(skips(&fetched), [("Task", SkipReason::Unreadable, Some(5))]);
    assert_eq!(fetched.oddities, 3);
    assert!(!fetched.complete.contains("Task"), "an unreadable entry may be the kept one");
    assert!(fetched.cursors.at("Task").is_some());
}

#[test]
fn a_notice_of_failure_leaves_the_list_open() {
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        { "resource": task("1") },
        { "search": { "mode": "outcome" }, "resource": { "resourceType": "OperationOutcome", "issue": [{ "severity": "error" }] } },
    ] });
    let mut server = Server::new(everything(true)).with(&full("Task"), 200, bundle);

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Task"), ["1"]);
    assert!(fetched.cursors.at("Task").is_none());
    assert!(fetched.partial);
}

#[test]
fn a_body_that_is_no_bundle_is_named() {
    for body in ["<html>", "", "[]", "{\"resourceType\":\"Bundle\"", "\u{feff}{}"] {
        let mut planner = Planner::new(errand(), std::iter::empty());
        let first = planner.next().remove(0);
        planner.took(
            first.id,
            Answer::Response {
                status: 200,
                date: None,
                body: everything(true).to_string().into_bytes(),
            },
        );

        loop {
            let requests = planner.next();
            if requests.is_empty() {
                break;
            }
            for request in requests {
                planner.took(
                    request.id,
                    Answer::Response { status: 200, date: None, body: body.as_bytes().to_vec() },
                );
            }
        }
        let fetched = planner.finish();

        let unreadable =
            fetched.skipped.iter().filter(|skip| skip.why == SkipReason::Unreadable).count();
        assert_eq!(unreadable, 4, "{body}: three lists and the person");
    }
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
fn a_reference_to_another_server_is_named_and_never_asked() {
    let referral = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" },
        "focus": { "reference": "https://elm-street.example/fhir/ServiceRequest/9" } });
    let mut server =
        Server::new(everything(false)).with(&full("Task"), 200, page(&[referral], None));

    let fetched = server.run(errand(), &[]);

    assert_eq!(skips(&fetched), [("ServiceRequest", SkipReason::Elsewhere, Some(1))]);
    assert_eq!(ids(&fetched, "Task"), ["1"]);
}

#[test]
fn without_batch_each_reference_is_read_once() {
    let by = |id: &str| json!({ "resourceType": "Task", "id": id, "for": { "reference": "Patient/rosa" }, "requester": { "reference": "Organization/elm" } });
    let mut server = Server::new(everything(false))
        .with(&full("Task"), 200, page(&[by("1"), by("2"), by("3")], None))
        .with("Organization/elm", 200, json!({ "resourceType": "Organization", "id": "elm" }));

    server.run(errand(), &[]);

    assert_eq!(server.asked.iter().filter(|path| *path == "Organization/elm").count(), 1);
    assert!(server.batches.is_empty());
}

#[test]
fn a_server_that_offers_batch_and_refuses_it_is_read_one_by_one() {
    let todo = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" }, "requester": { "reference": "Organization/elm" } });
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[todo], None))
        .with("Organization/elm", 200, json!({ "resourceType": "Organization", "id": "elm" }));
    server.takes_batch = false;

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Organization"), ["elm"]);
    assert_eq!(ids(&fetched, "Patient"), ["rosa"]);
    assert_eq!(server.batches.len(), 1);
    assert!(fetched.skipped.is_empty());
}

#[test]
fn what_is_gone_is_named_gone_and_what_is_away_is_owed() {
    let todo = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" },
        "requester": { "reference": "Organization/gone" }, "owner": { "reference": "Organization/slow" } });
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[todo], None))
        .with("Organization/gone", 410, json!({}))
        .with("Organization/slow", 503, json!({}));
    let first = server.run(errand(), &[]);
    server.asked.clear();
    for kind in ["Task", "Goal", "ServiceRequest"] {
        server = server.with(
            &format!("{kind}?patient=Patient/rosa&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200"),
            200,
            page(&[], None),
        );
    }
    server = server.with(
        "Organization/slow",
        200,
        json!({ "resourceType": "Organization", "id": "slow" }),
    );

    let second = server.run(
        Errand { cursors: first.cursors.clone(), ..errand() },
        &[("Task", "1"), ("Patient", "rosa")],
    );

    assert_eq!(first.gone, [("Organization".to_owned(), "gone".to_owned())]);
    assert_eq!(
        skips(&first),
        [
            ("Organization", SkipReason::Gone, Some(1)),
            ("Organization", SkipReason::OutOfReach, Some(1))
        ]
    );
    assert_eq!(ids(&second, "Organization"), ["slow"]);
    assert_eq!(skips(&second), [("Organization", SkipReason::Gone, Some(1))]);
}

#[test]
fn a_questionnaire_is_found_by_its_address_or_else_by_its_id() {
    let asks = |id: &str, canonical: &str| {
        json!({ "resourceType": "Task", "id": id, "for": { "reference": "Patient/rosa" },
        "code": { "coding": [{ "code": "complete-questionnaire" }] },
        "input": [{ "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": canonical }] })
    };
    let form = |id: &str| json!({ "resourceType": "Questionnaire", "id": id, "url": "http://forms.example/Questionnaire/food", "version": "2" });
    let mut server = Server::new(everything(false))
        .with(
            &full("Task"),
            200,
            page(
                &[
                    asks("1", "http://forms.example/Questionnaire/food|2"),
                    asks("2", &format!("{BASE}/Questionnaire/rides")),
                ],
                None,
            ),
        )
        .with(
            "Questionnaire?url=http%3A%2F%2Fforms.example%2FQuestionnaire%2Ffood&version=2",
            200,
            page(&[form("food")], None),
        )
        .with(
            "Questionnaire?url=https%3A%2F%2Felm.example%2Ffhir%2FQuestionnaire%2Frides",
            200,
            page(&[], None),
        )
        .with(
            "Questionnaire/rides",
            200,
            json!({ "resourceType": "Questionnaire", "id": "rides" }),
        );

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Questionnaire"), ["food", "rides"]);
}

#[test]
fn a_server_that_answers_with_something_else_is_not_believed() {
    let todo = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" }, "requester": { "reference": "Organization/elm" } });
    let mut server = Server::new(everything(false))
        .with(&full("Task"), 200, page(&[todo], None))
        .with("Organization/elm", 200, json!({ "resourceType": "Organization", "id": "evil" }));

    let fetched = server.run(errand(), &[]);

    assert!(ids(&fetched, "Organization").is_empty());
    assert_eq!(skips(&fetched), [("Organization", SkipReason::Unreadable, Some(1))]);
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

mod generated {
    use proptest::prelude::*;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-zA-Z/:#|.0-9 ]{0,20}".prop_map(Value::from),
            prop::sample::select(vec![
                "Task",
                "Bundle",
                "Patient/rosa",
                "next",
                "https://elm.example/fhir/Task?x",
                "OperationOutcome",
                "Questionnaire/1"
            ])
            .prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            let names = prop::sample::select(vec![
                "resourceType",
                "id",
                "entry",
                "resource",
                "link",
                "relation",
                "url",
                "for",
                "reference",
                "input",
                "output",
                "type",
                "coding",
                "code",
                "valueReference",
                "valueCanonical",
                "search",
                "mode",
                "response",
                "status",
                "meta",
                "rest",
                "interaction",
                "requester",
                "focus",
            ]);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((names, inner), 0..8).prop_map(|members| {
                    Value::Object(
                        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
                    )
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_answer_makes_a_look_panic_or_leave_the_base(
            answers in prop::collection::vec((prop::sample::select(vec![200u16, 200, 200, 400, 403, 404, 429, 500]), any_json()), 1..30),
        ) {
            let mut planner = Planner::new(errand(), std::iter::empty());
            let mut answers = answers.into_iter().cycle().take(300);

            loop {
                let requests = planner.next();
                if requests.is_empty() { break }
                for request in requests {
                    prop_assert!(errand().base.contains(&request.url));
                    let Some((status, mut body)) = answers.next() else { continue };
                    if let Value::Object(members) = &mut body {
                        members.entry("resourceType").or_insert_with(|| Value::from("Bundle"));
                    }
                    planner.took(request.id, Answer::Response { status, date: None, body: body.to_string().into_bytes() });
                }
            }

            planner.finish();
        }
    }
}

//! Looks that were spoilt, and what is left of it at the next one.

use super::*;

const NOTHING: Option<&str> = None;

fn since(kind: &str) -> String {
    format!("{kind}?patient=Patient/rosa&_lastUpdated=gt2026-05-06T09:58:00Z&_count=200")
}

/// A server whose deltas are empty.
fn server_with(resources: &[Value], batch: bool) -> Server {
    let mut server = Server::new(everything(batch));
    for kind in LISTED {
        let of_kind = |it: &&Value| it["resourceType"] == *kind;
        let listed: Vec<Value> = resources.iter().filter(of_kind).cloned().collect();
        server = server.with(&full(kind), 200, page(&listed, NOTHING));
        server = server.with(&since(kind), 200, page(&[], NOTHING));
    }
    for resource in resources {
        let path = format!(
            "{}/{}",
            resource["resourceType"].as_str().unwrap(),
            resource["id"].as_str().unwrap()
        );
        server = server.with(&path, 200, resource.clone());
    }
    server
}

fn todo_from(organization: &str) -> Value {
    let mut todo = task("1");
    todo["requester"] = json!({ "reference": format!("Organization/{organization}") });
    todo
}

fn organization(id: &str) -> Value {
    json!({ "resourceType": "Organization", "id": id })
}

fn next_errand(earlier: &Fetched) -> Errand {
    Errand { cursors: earlier.cursors.clone(), ..errand() }
}

const KNOWN: [(&str, &str); 3] = [("Task", "1"), ("Patient", "rosa"), ("Organization", "elm")];

#[test]
fn what_could_not_be_read_takes_nothing_with_it_that_it_refers_to() {
    let referral = json!({ "resourceType": "ServiceRequest", "id": "r", "subject": { "reference": "Patient/rosa" },
        "performer": [{ "reference": "HealthcareService/rides" }] });
    let mut server = server_with(&[referral], true).with("HealthcareService/rides", 503, json!({}));

    let fetched = server.run(
        errand(),
        &[("ServiceRequest", "r"), ("HealthcareService", "rides"), ("Location", "mill")],
    );

    assert!(fetched.complete.contains("ServiceRequest"));
    assert!(!fetched.complete.contains("Location"), "who knows where the rides leave from");
}

#[test]
fn what_is_kept_and_could_not_be_read_anew_is_read_at_the_next_look() {
    for (status, body) in
        [(503, json!({})), (302, json!({})), (200, json!("a page")), (200, organization("evil"))]
    {
        let mut server = server_with(&[todo_from("elm"), organization("elm")], true).with(
            "Organization/elm",
            status,
            body,
        );
        let spoilt = server.run(errand(), &KNOWN);
        server = server.with("Organization/elm", 200, organization("elm"));

        let next = server.run(next_errand(&spoilt), &KNOWN);

        assert!(ids(&spoilt, "Organization").is_empty(), "{status}");
        assert_eq!(ids(&next, "Organization"), ["elm"], "{status}");
        assert_eq!(skips(&next), [], "{status}");
    }
}

#[test]
fn what_the_missing_part_of_a_list_refers_to_is_read_anew_at_the_next_look() {
    let mut server = server_with(&[todo_from("elm"), organization("elm")], true).with(
        &full("Task"),
        503,
        json!({}),
    );
    let spoilt = server.run(errand(), &KNOWN);
    server = server.with(&full("Task"), 200, page(&[todo_from("elm")], NOTHING));

    let next = server.run(next_errand(&spoilt), &KNOWN);

    assert!(ids(&spoilt, "Organization").is_empty());
    assert_eq!(ids(&next, "Organization"), ["elm"]);
}

#[test]
fn a_list_that_is_refused_for_good_does_not_make_every_look_a_whole_one() {
    let mut server = server_with(&[organization("elm")], true).with(&full("Task"), 403, json!({}));
    let first = server.run(errand(), &[]);
    server.asked.clear();

    server.run(next_errand(&first), &[("Patient", "rosa")]);

    assert!(server.asked.contains(&since("Goal")), "{:?}", server.asked);
}

#[test]
fn a_list_that_was_spoilt_once_is_well_again_as_soon_as_it_is_read() {
    let elsewhere = page(&[task("1")], Some("https://evil.example/fhir/Task?page=2"));
    for spoilt in [json!("a page"), elsewhere] {
        let mut server = server_with(&[task("1")], true).with(&full("Task"), 200, spoilt);
        let first = server.run(errand(), &[]);
        server = server.with(&full("Task"), 200, page(&[task("1")], NOTHING));

        let second = server.run(next_errand(&first), &[("Patient", "rosa")]);

        assert_eq!(first.skipped.len(), 1);
        assert_eq!(skips(&second), []);
        assert_eq!(ids(&second, "Task"), ["1"]);
    }
}

#[test]
fn a_place_that_shows_the_same_page_for_everything_is_out_of_reach() {
    let portal = json!("<!doctype html><title>Welcome</title>");
    let mut server = Server::new(portal.clone());
    for path in [full("Task"), full("ServiceRequest"), full("Goal"), "Patient/rosa".to_owned()] {
        server = server.with(&path, 200, portal.clone());
    }

    let fetched = server.run(errand(), &KNOWN);

    assert!(fetched.out_of_reach, "{:?}", fetched.skipped);
    assert!(fetched.complete.is_empty());
}

#[test]
fn a_body_that_would_fill_the_memory_is_not_read() {
    let mut planner = Planner::new(errand(), std::iter::empty());
    let crowd = format!(
        "{{\"resourceType\":\"Bundle\",\"entry\":[{}{{}}]}}",
        "{\"a\":0},".repeat(1_000_000)
    );
    let mut waves = 0;

    loop {
        let requests = planner.next();
        if requests.is_empty() {
            break;
        }
        waves += 1;
        for request in requests {
            let body = crowd.clone().into_bytes();
            planner.took(request.id, Answer::read(Role::Patient, 200, None, &body));
        }
    }
    let fetched = planner.finish();

    assert!(waves > 1 && fetched.out_of_reach);
    assert!(
        fetched.skipped.iter().all(|skip| skip.why == SkipReason::TooMuch),
        "{:?}",
        fetched.skipped
    );
}

#[test]
fn a_full_page_of_rich_resources_is_not_taken_for_a_crowd() {
    let mut rich = task("1");
    let input = json!({ "type": { "coding": [{ "system": "http://hl7.org/fhir", "code": "x" }] },
        "valueReference": { "reference": "Questionnaire/food" } });
    rich["input"] = Value::Array(vec![input; 15]);
    let tasks: Vec<Value> = (0..1_000)
        .map(|number| {
            let mut one = rich.clone();
            one["id"] = json!(number.to_string());
            one
        })
        .collect();
    let mut server = server_with(&tasks, true);

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Task").len(), 1_000);
}

#[test]
fn a_search_for_a_form_that_failed_in_part_does_not_call_the_form_gone() {
    let mut todo = task("1");
    todo["code"] = json!({ "coding": [{ "code": "complete-questionnaire" }] });
    todo["input"] = json!([{ "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": "http://forms.example/food" }]);
    let notice = json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "error" }] });
    let path = "Questionnaire?url=http%3A%2F%2Fforms.example%2Ffood";
    let mut server = server_with(&[todo], true).with(path, 200, page(&[notice], NOTHING));
    let spoilt = server.run(errand(), &[]);
    let form = json!({ "resourceType": "Questionnaire", "id": "food" });
    server = server.with(path, 200, page(&[form], NOTHING));

    let next = server.run(next_errand(&spoilt), &[("Task", "1"), ("Patient", "rosa")]);

    assert_eq!(skips(&spoilt), [("Questionnaire", SkipReason::OutOfReach, Some(1))]);
    assert_eq!(ids(&next, "Questionnaire"), ["food"]);
}

//! What arrives, and what of it is left out.

use super::*;

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
        let statement = planner.next().remove(0);
        planner.took(
            statement.id,
            Answer::read(Role::Patient, 200, None, everything(true).to_string().as_bytes()),
        );

        let mut requests = planner.next();
        while !requests.is_empty() {
            for request in requests {
                planner.took(request.id, Answer::read(Role::Patient, 200, None, body.as_bytes()));
            }
            requests = planner.next();
        }
        let fetched = planner.finish();

        let unreadable =
            fetched.skipped.iter().filter(|skip| skip.why == SkipReason::Unreadable).count();
        assert_eq!(unreadable, 4, "{body}: three lists and the person");
    }
}

#[test]
fn a_notice_of_failure_that_bears_a_name_is_no_resource_either() {
    let notice = json!({ "resourceType": "OperationOutcome", "id": "n1", "issue": [{ "severity": "error" }] });
    let bundle = json!({ "resourceType": "Bundle", "entry": [
        { "resource": task("1") }, { "resource": notice },
    ] });
    let mut server = Server::new(everything(true)).with(&full("Task"), 200, bundle);

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Task"), ["1"]);
    assert!(fetched.partial && fetched.cursors.at("Task").is_none());
}

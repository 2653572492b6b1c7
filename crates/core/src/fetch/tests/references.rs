//! What the lists refer to.

use super::*;

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

/// A to-do that asks for a form with one question after another, each with its value set.
fn form_with(sets: &[&str]) -> Server {
    let todo = json!({ "resourceType": "Task", "id": "1", "for": { "reference": "Patient/rosa" }, "input": [
        { "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": "https://elm.example/fhir/Questionnaire/q" },
    ] });
    let question = |set: &&str| json!({ "linkId": set, "type": "choice", "answerValueSet": set });
    let group = json!({ "linkId": "g", "type": "group", "item": sets.iter().map(question).collect::<Vec<_>>() });
    let mut metadata = everything(false);
    let kinds = metadata["rest"][0]["resource"].as_array_mut().unwrap();
    kinds.push(json!({ "type": "ValueSet" }));
    Server::new(metadata).with(&full("Task"), 200, page(&[todo], None)).with(
        "Questionnaire?url=https%3A%2F%2Felm.example%2Ffhir%2FQuestionnaire%2Fq",
        200,
        page(&[json!({ "resourceType": "Questionnaire", "id": "q", "item": [group] })], None),
    )
}

#[test]
fn the_options_of_a_question_are_worked_out_by_the_server_or_else_read_as_they_are() {
    let set = |id: &str| json!({ "resourceType": "ValueSet", "id": id });
    let sets = ["https://elm.example/fhir/ValueSet/often|2", "ValueSet/rarely", "ValueSet/never"];
    let mut server = form_with(&sets)
        .with("ValueSet/never/$expand", 200, json!({ "resourceType": "OperationOutcome" }))
        .with("ValueSet/never", 200, set("never"))
        .with("ValueSet/often/$expand", 200, json!({ "resourceType": "ValueSet" }))
        .with("ValueSet/rarely/$expand", 405, json!({}))
        .with("ValueSet/rarely", 200, set("rarely"));

    let fetched = server.run(errand(), &[]);

    let mut found = ids(&fetched, "ValueSet");
    found.sort();
    assert_eq!(found, ["never", "often", "rarely"], "an expansion without an id of its own too");
    assert!(fetched.skipped.is_empty());
}

#[test]
fn a_notice_in_the_place_of_options_is_none_of_them_whatever_it_is_called() {
    let notice = json!({ "resourceType": "OperationOutcome", "id": "set", "issue": [{ "severity": "error" }] });
    let read = |as_is: Value| {
        let mut server = form_with(&["ValueSet/set"])
            .with("ValueSet/set/$expand", 200, notice.clone())
            .with("ValueSet/set", 200, as_is);
        let fetched = server.run(errand(), &[]);
        let asked = server.asked.iter().filter(|path| path.contains("ValueSet/")).count();
        (ids(&fetched, "ValueSet"), asked, fetched.skipped.is_empty())
    };

    let set = json!({ "resourceType": "ValueSet", "id": "set" });
    assert_eq!(read(set), (vec!["set".to_owned()], 2, true));
    assert_eq!(read(notice.clone()), (Vec::new(), 2, true));
}

#[test]
fn options_that_are_not_to_be_had_are_asked_for_once_and_blame_nobody() {
    let elsewhere = "http://loinc.org/vs/LL358-3";
    let mut server = form_with(&["#inside", elsewhere, "ValueSet/refused"]);

    let fetched = server.run(errand(), &[("ValueSet", "refused")]);

    let asked: Vec<_> = server.asked.iter().filter(|path| path.contains("ValueSet/")).collect();
    assert_eq!(asked, ["ValueSet/refused/$expand", "ValueSet/refused"]);
    assert!(fetched.skipped.is_empty() && !fetched.partial);
    assert!(!fetched.complete.contains("ValueSet"), "what came before stays");
}

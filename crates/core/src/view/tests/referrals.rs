//! What referrals and goals tell, and what belongs to them.

use super::*;

#[test]
fn a_referral_joins_its_request_with_the_task_that_is_under_way() {
    let shelf = shelf(vec![
        request(json!({})),
        referral_task(
            "old",
            json!({ "status": "rejected", "owner": { "display": "Open Door" }, "authoredOn": "2026-05-04T10:00:00Z", "lastModified": "2026-05-06T09:00:00Z", "statusReason": { "text": "We are full." } }),
        ),
        referral_task("new", json!({ "status": "accepted" })),
    ]);

    let rows = all_referrals(&shelf);
    let page = referral(&shelf, &rows[0].id, now(), &TimeZone::UTC).unwrap();

    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].state, rows[0].helper.as_deref()),
        (ReferralState::SaidYes, Some("Bright Harvest"))
    );
    let story: Vec<(StepStage, &str)> =
        page.story.iter().map(|step| (step.stage, &*step.heading.key)).collect();
    assert_eq!(
        story,
        [
            (StepStage::Done, "story-asked"),
            (StepStage::Done, "story-sent"),
            (StepStage::Done, "story-could-not"),
            (StepStage::Done, "story-sent"),
            (StepStage::Now, "story-said-yes"),
            (StepStage::Next, "story-next-help"),
        ]
    );
    assert_eq!(page.story[2].words, Some(Words::theirs("We are full.")));
    assert_eq!(page.sender, Words::theirs("Elm Street Family Clinic"));
}

#[test]
fn a_task_alone_stands_as_a_referral() {
    let shelf = shelf(vec![referral_task(
        "t",
        json!({ "description": "Food box each week", "focus": { "reference": "https://other.example/fhir/ServiceRequest/9" } }),
    )]);

    let rows = all_referrals(&shelf);

    assert_eq!(rows.len(), 1);
    assert_eq!((&*rows[0].id.0, rows[0].state), ("referral:elm:~t", ReferralState::Sent));
    assert_eq!(rows[0].title, Words::theirs("Food box each week"));
    assert_eq!(key(&rows[0].topic), "topic-other");
}

#[test]
fn the_one_who_has_the_ball_is_called_first() {
    let organization = |id: &str, number: &str| json!({ "resourceType": "Organization", "id": id, "name": id, "telecom": [{ "system": "phone", "value": number }] });
    let numbers = |status: &str| -> Vec<String> {
        let shelf = shelf(vec![
            request(json!({ "requester": { "reference": "Organization/clinic" } })),
            referral_task("t", json!({ "status": status })),
            organization("clinic", "555-0142"),
            organization("harvest", "555-0167"),
        ]);
        let page = referral(&shelf, &ItemId("referral:elm:food".to_owned()), now(), &TimeZone::UTC)
            .unwrap();
        page.contacts.into_iter().filter_map(|contact| contact.link).collect()
    };

    assert_eq!(numbers("requested"), ["tel:5550167", "tel:5550142"]);
    assert_eq!(numbers("rejected"), ["tel:5550142", "tel:5550167"]);
}

#[test]
fn steps_of_a_goal_are_what_names_it_or_its_need() {
    let shelf = shelf(vec![
        goal_of(json!({ "addresses": [{ "reference": "Condition/hunger" }] })),
        request(json!({ "reasonReference": [{ "reference": "Condition/hunger" }] })),
        referral_task("t", json!({ "status": "completed" })),
        todo_task("q", json!({ "partOf": [{ "reference": "Task/t" }] })),
        request(
            json!({ "id": "rides", "status": "revoked", "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal", "valueReference": { "reference": "Goal/g" } }] }),
        ),
        request(json!({ "id": "other" })),
    ]);

    let page = goal(&shelf, &ItemId("goal:elm:g".to_owned()), now(), &TimeZone::UTC).unwrap();

    let steps: Vec<&str> = page.steps.iter().map(|step| &*step.id.0).collect();
    assert_eq!(steps, ["referral:elm:rides", "referral:elm:food", "todo:elm:q"]);
    let counted = page.row.steps.unwrap();
    assert_eq!((counted.done, counted.of), (1, 2), "what was stopped is no step");
    let back =
        referral(&shelf, &ItemId("referral:elm:food".to_owned()), now(), &TimeZone::UTC).unwrap();
    assert_eq!(
        back.linked.iter().map(|it| &*it.id.0).collect::<Vec<_>>(),
        ["goal:elm:g", "todo:elm:q"]
    );
}

#[test]
fn a_goal_with_nothing_linked_has_no_bar() {
    let shelf = shelf(vec![goal_of(json!({}))]);

    assert_eq!(goals(&shelf, None, now(), &TimeZone::UTC).open[0].steps, None);
}

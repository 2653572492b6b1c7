//! What an organization is told, from the short rows and from the few that a page reads, held against what everything
//! that is kept would tell.

use handrail_contract::inbox::{
    ConsentSeen, Inbox, InboxFilter, InboxRow, ListInbox, RequestPage, TableOf,
};
use proptest::prelude::*;

use super::{
    generated::{Edit, any_json, edit_rows},
    inbox::staff,
    *,
};

const GUIDE: &str =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

/// Two places that gave requests to one food bank, with everything that a row or a page may tell of.
fn busy_desk() -> Shelf {
    let named = |kind: &str, id: &str| json!({ "reference": format!("{kind}/{id}") });
    let about = |more: Value| {
        let all = json!({
            "priority": "urgent",
            "identifier": [{ "system": "https://ids.example", "value": "food-1" }],
            "requester": named("PractitionerRole", "jan"),
            "reasonReference": [named("Condition", "hungry"), { "display": "No fridge" }],
            "reasonCode": [{ "coding": [{ "display": "Rent went up" }] }],
            "supportingInfo": [named("Consent", "yes"), named("Observation", "seen")],
            "occurrencePeriod": { "start": "2026-05-07", "end": "2026-05-20" },
            "orderDetail": [{ "coding": [{ "code": "text-first" }] }],
            "note": [{ "text": "She has no stove." }],
            "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",
                "valueReference": named("Goal", "g") }],
            "category": [{ "coding": [{ "system": GUIDE, "code": "food-insecurity" }] }],
        });
        request(merged(all, more))
    };
    let given = |id: &str, more: Value| {
        let task = json!({ "requester": named("Organization", "elm"), "owner": named("Organization", "harvest"),
            "output": [{ "valueReference": named("Procedure", "box") }] });
        referral_task(id, merged(task, more))
    };
    let bodies = [
        about(json!({})),
        given("1", json!({})),
        given(
            "2",
            json!({ "status": "in-progress", "focus": { "reference": "ServiceRequest/rent" } }),
        ),
        given(
            "3",
            json!({ "status": "completed", "focus": null, "description": "Help with forms" }),
        ),
        request(
            json!({ "id": "rent", "occurrenceDateTime": "2026-05-30", "performer": [named("Organization", "harvest")],
            "orderDetail": [{ "coding": [{ "code": "contacting-subject-prohibited" }] }] }),
        ),
        todo_task(
            "q",
            json!({ "partOf": [named("Task", "2")], "requester": named("Organization", "harvest"),
            "description": "Do you eat meat?" }),
        ),
        super::inbox::rosa(),
        goal_of(json!({})),
        json!({ "resourceType": "Condition", "id": "hungry", "code": { "text": "Not enough food" } }),
        json!({ "resourceType": "Observation", "id": "seen", "code": { "text": "Screening" } }),
        json!({ "resourceType": "Consent", "id": "yes", "status": "active", "dateTime": "2026-05-03" }),
        json!({ "resourceType": "PractitionerRole", "id": "jan", "practitioner": { "display": "Jan Water" },
            "organization": named("Organization", "elm"), "telecom": [{ "system": "phone", "value": "555-0142" }] }),
        json!({ "resourceType": "Organization", "id": "elm", "name": "Elm Street Family Clinic",
            "telecom": [{ "system": "phone", "value": "555-0100" }] }),
        json!({ "resourceType": "Organization", "id": "harvest", "name": "Bright Harvest" }),
        json!({ "resourceType": "Procedure", "id": "box", "code": { "text": "Food box handed over" },
            "category": [{ "coding": [{ "system": GUIDE, "code": "food-insecurity" }] }],
            "performedDateTime": "2026-05-05" }),
    ];
    let of = |place: &str| bodies.clone().map(|body| kept_at(place, body)).to_vec();
    let rows = [of("elm"), of("oak")].concat();
    Shelf { sources: vec![staff("elm"), staff("oak")], kept: rows.into(), ..shelf(Vec::new()) }
}

fn rows_of(inbox: &Inbox) -> impl Iterator<Item = &InboxRow> {
    inbox.new.iter().chain(&inbox.active).chain(&inbox.waiting).chain(&inbox.done)
}

/// Every list of an organization, as text.
fn all_lists_of(desk: &Shelf) -> String {
    let tz = TimeZone::fixed(jiff::tz::offset(13));
    let list = |only| inbox(desk, &ListInbox { only, ..ListInbox::default() }, now(), &tz);
    let first = ListInbox { first: Some(1), ..ListInbox::default() };
    format!(
        "{:#?}{:#?}{:#?}{:#?}{:#?}{:#?}",
        inbox(desk, &first, now(), &tz),
        list(InboxFilter::All),
        list(InboxFilter::Urgent),
        list(InboxFilter::Changed),
        inbox_count(desk),
        inbox_table(desk, &TableOf::Today, now(), &tz).content,
    )
}

/// Every request's page: as it is read, and as everything would tell it.
fn all_pages_of(desk: &Shelf) -> [Vec<Option<RequestPage>>; 2] {
    let lists = inbox(desk, &ListInbox::default(), now(), &TimeZone::UTC);
    let ids: Vec<&ItemId> = rows_of(&lists).map(|row| &row.id).collect();
    let whole = |id: &&ItemId| super::super::request(desk, id, now(), &TimeZone::UTC);
    [ids.iter().map(|id| open_request(desk, id)).collect(), ids.iter().map(whole).collect()]
}

#[test]
fn an_inbox_is_told_of_glances_as_it_is_of_everything() {
    let desk = busy_desk();

    let (short, whole) = (all_lists_of(&at_a_glance(&desk)), all_lists_of(&desk));
    let [few, all] = all_pages_of(&desk);

    assert_eq!(short, whole);
    assert_eq!(few, all);
    let page = few[0].as_ref().unwrap();
    assert!(page.row.consent == ConsentSeen::InForce && !page.messages.is_empty());
    assert!(page.activities.len() > 1 && page.sender_contacts.len() == 1);
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let members = prop::sample::select(vec![
        "meta",
        "status",
        "priority",
        "for",
        "owner",
        "requester",
        "focus",
        "partOf",
        "basedOn",
        "code",
        "output",
        "description",
        "category",
        "reasonReference",
        "reasonCode",
        "supportingInfo",
        "orderDetail",
        "occurrencePeriod",
        "occurrenceDateTime",
        "authoredOn",
        "lastModified",
        "restriction",
        "executionPeriod",
        "extension",
        "identifier",
        "requisition",
        "contained",
        "name",
        "birthDate",
        "communication",
        "performer",
        "organization",
        "practitioner",
        "providedBy",
        "note",
        "input",
    ]);
    (0..30_usize, members, prop::option::of(any_json()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn whatever_places_send_glances_tell_of_it_what_everything_would(edits in prop::collection::vec(any_edit(), 0..8)) {
        let mut desk = busy_desk();
        edit_rows(&mut desk, &edits);

        prop_assert_eq!(all_lists_of(&at_a_glance(&desk)), all_lists_of(&desk));
        let [few, all] = all_pages_of(&desk);
        prop_assert!(few.iter().all(Option::is_some), "a listed request has a page");
        prop_assert_eq!(few, all);
    }
}

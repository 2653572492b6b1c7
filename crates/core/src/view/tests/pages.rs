//! What a person's pages are told of the few rows that they read, held against what everything that is kept would tell.

use proptest::prelude::*;

use super::{
    generated::{Edit, any_json, any_row, edit_rows},
    glances::with_page,
    *,
};
use crate::{form::Moment, store::Earlier};

fn named(name: &str) -> Value {
    json!({ "reference": name })
}

fn about(kind: &str, name: &str) -> Value {
    json!({ "type": { "coding": [{ "code": kind }] }, "valueReference": named(name) })
}

/// Two places that share one referral, with everything that a page of a person may tell of.
fn busy_life() -> Shelf {
    let of_kind = |id: &str, code: &str, more: Value| {
        todo_task(id, merged(json!({ "code": { "coding": [{ "code": code }] } }), more))
    };
    let phone = |number: &str| json!([{ "system": "phone", "value": number }]);
    let bodies = [
        of_kind(
            "ask",
            "complete-questionnaire",
            json!({ "input": [{ "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": "https://elm.example/q|1" }],
            "requester": named("PractitionerRole/jan"), "partOf": [named("Task/1")],
            "output": [about("questionnaire-response", "QuestionnaireResponse/told")] }),
        ),
        of_kind(
            "call",
            "make-contact",
            json!({ "input": [about("contact-entity", "HealthcareService/box"), about("contact-entity", "PractitionerRole/jan")],
            "basedOn": [named("ServiceRequest/food")] }),
        ),
        of_kind("read", "review-material", json!({ "focus": named("DocumentReference/leaflet") })),
        request(
            json!({ "requester": named("PractitionerRole/jan"), "performer": [named("Organization/harvest")],
            "supportingInfo": [named("Consent/yes")], "reasonReference": [named("Condition/hungry")],
            "identifier": [{ "system": "https://ids.example", "value": "food-1" }],
            "extension": [{ "url": "http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal",
                "valueReference": named("Goal/g") }] }),
        ),
        referral_task(
            "1",
            json!({ "status": "in-progress", "requester": named("Organization/elm"), "owner": named("Organization/harvest"),
            "output": [about("resulting-activity", "Procedure/done"), about("program", "Observation/in")] }),
        ),
        goal_of(json!({ "addresses": [named("Condition/hungry")], "startDate": "2026-01-02",
            "note": [{ "text": "Step by step." }], "target": [{ "dueDate": "2026-07-01", "detailString": "Two weeks of food" }] })),
        json!({ "resourceType": "Questionnaire", "id": "q", "url": "https://elm.example/q", "version": "1", "title": "Food", "item": [
            { "linkId": "a", "type": "choice", "text": "Where?", "answerValueSet": "https://elm.example/fhir/ValueSet/where" }] }),
        json!({ "resourceType": "ValueSet", "id": "where", "url": "https://elm.example/fhir/ValueSet/where",
            "expansion": { "contains": [{ "system": "s", "code": "home", "display": "At home" }] } }),
        json!({ "resourceType": "QuestionnaireResponse", "id": "begun", "status": "in-progress", "questionnaire": "https://elm.example/q|1",
            "item": [{ "linkId": "a", "answer": [{ "valueCoding": { "system": "s", "code": "home" } }] }] }),
        json!({ "resourceType": "QuestionnaireResponse", "id": "told", "status": "completed", "questionnaire": "https://elm.example/q|1",
            "item": [{ "linkId": "a", "text": "Where?", "answer": [{ "valueString": "At home" }] }] }),
        json!({ "resourceType": "DocumentReference", "id": "leaflet", "description": "A leaflet", "content": [{ "attachment":
            { "title": "Food near you", "url": "https://food.example/near", "contentType": "application/pdf" } }] }),
        json!({ "resourceType": "HealthcareService", "id": "box", "name": "Food boxes", "providedBy": named("Organization/harvest"),
            "location": [named("Location/hall")], "telecom": phone("555-0199") }),
        json!({ "resourceType": "Location", "id": "hall", "name": "The hall", "address": { "line": ["1 Main Street"] } }),
        json!({ "resourceType": "PractitionerRole", "id": "jan", "practitioner": named("Practitioner/jan"),
            "organization": named("Organization/elm"), "telecom": phone("555-0142") }),
        json!({ "resourceType": "Practitioner", "id": "jan", "name": [{ "text": "Jan Water" }], "telecom": phone("555-0143") }),
        json!({ "resourceType": "Organization", "id": "elm", "name": "Elm Street Family Clinic", "telecom": phone("555-0100") }),
        json!({ "resourceType": "Organization", "id": "harvest", "name": "Bright Harvest", "telecom": phone("555-0101") }),
        json!({ "resourceType": "Procedure", "id": "done", "status": "completed", "code": { "text": "Food box handed over" },
            "performer": [{ "actor": named("Organization/harvest") }], "performedDateTime": "2026-05-05" }),
        json!({ "resourceType": "Observation", "id": "in", "valueCodeableConcept": { "coding": [{ "code": "enrolled" }] } }),
        json!({ "resourceType": "Consent", "id": "yes", "status": "active", "dateTime": "2026-05-03",
            "organization": [named("Organization/elm")] }),
        json!({ "resourceType": "Patient", "id": "rosa", "name": [{ "given": ["Rosa"] }] }),
    ];
    let of = |place: &str| bodies.clone().map(|body| kept_at(place, body)).to_vec();
    let sources = vec![source("elm", "Elm Street Family Clinic"), source("oak", "Oak Street")];
    Shelf { sources, kept: [of("elm"), of("oak")].concat().into(), ..shelf(Vec::new()) }
}

fn ids_of(life: &Shelf) -> Vec<ItemId> {
    let (todos, goals) =
        (todos(life, None, now(), &TimeZone::UTC), goals(life, None, now(), &TimeZone::UTC));
    let referrals = referrals(life, None, now(), &TimeZone::UTC);
    let todos = [todos.your_turn, todos.paused, todos.done].concat();
    let goals = [goals.open, goals.reached, goals.ended].concat();
    let referrals = [referrals.needs_push, referrals.moving, referrals.finished].concat();
    let ids = todos.into_iter().map(|it| it.id).chain(goals.into_iter().map(|it| it.id));
    ids.chain(referrals.into_iter().map(|it| it.id)).collect()
}

/// Every page about a thing, as text.
fn pages_about(shelf: &Shelf, id: &ItemId) -> String {
    let tz = TimeZone::fixed(jiff::tz::offset(13));
    // Each said something else before, so that there is a story to tell.
    let earlier: BTreeMap<RowKey, Vec<Earlier>> = history_rows(shelf, id)
        .unwrap_or_default()
        .into_iter()
        .map(|key| {
            let body = json!({ "status": "draft", "owner": named("Organization/elm") });
            (key, vec![Earlier { number: 1, arrived_at: now(), body }])
        })
        .collect();
    format!(
        "{:#?}{:#?}{:#?}{:#?}",
        todo(shelf, id, now(), &tz),
        goal(shelf, id, now(), &tz),
        referral(shelf, id, now(), &tz),
        history(shelf, id, &earlier, now(), &tz),
    )
}

fn form_of(shelf: &Shelf, id: &ItemId) -> String {
    let moment = Moment { at: now(), tz: &TimeZone::UTC };
    let desk = open_form(shelf, id, None, "en", moment);
    format!("{:#?}", desk.map(|desk| desk.show(None, moment)))
}

/// Pages of the few rows that they read, and of everything, which must be one and the same.
fn check(life: &Shelf) -> Result<(), TestCaseError> {
    for id in ids_of(life) {
        let few = with_page(life, |glances| PageRows::of_thing(glances, &id));
        let few = few.expect("a listed thing is there");
        prop_assert_eq!(pages_about(&few, &id), pages_about(life, &id));
        if id.0.starts_with("todo:") {
            let few = with_page(life, |glances| PageRows::of_form(glances, &id)).unwrap();
            prop_assert_eq!(form_of(&few, &id), form_of(life, &id));
        }
    }
    for source in &life.sources {
        let few = with_page(life, |glances| PageRows::of_place(glances, &source.id)).unwrap();
        let page = |shelf| connection(shelf, &source.id, now(), &TimeZone::UTC);
        prop_assert_eq!(page(&few), page(life));
    }
    Ok(())
}

#[test]
fn pages_are_told_of_few_rows_as_they_are_of_everything() {
    let life = busy_life();

    check(&life).unwrap();

    let form = form_of(&life, &ItemId("todo:elm:ask".to_owned()));
    assert!(form.contains("At home") && form.contains("Review"), "{form}");
    let referral = pages_about(&life, &ItemId("referral:elm:food".to_owned()));
    for told in ["555-0101", "Food box handed over", "program-enrolled", "2026-05-02T23:00:00Z"] {
        assert!(referral.contains(told), "{told} is not in {referral}");
    }
    let call = pages_about(&life, &ItemId("todo:elm:call".to_owned()));
    assert!(call.contains("1 Main Street") && call.contains("555-0199"), "{call}");
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let members = prop::sample::select(vec![
        "status",
        "for",
        "owner",
        "requester",
        "focus",
        "partOf",
        "basedOn",
        "code",
        "input",
        "output",
        "description",
        "category",
        "reasonReference",
        "supportingInfo",
        "authoredOn",
        "extension",
        "identifier",
        "contained",
        "name",
        "performer",
        "organization",
        "practitioner",
        "providedBy",
        "location",
        "telecom",
        "content",
        "addresses",
        "note",
        "url",
        "item",
        "lifecycleStatus",
        "meta",
    ]);
    (0..42_usize, members, prop::option::of(any_json()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_places_send_pages_tell_of_few_rows_what_everything_would(edits in prop::collection::vec(any_edit(), 0..8)) {
        let mut life = busy_life();
        edit_rows(&mut life, &edits);

        check(&life)?;
    }

    #[test]
    fn any_rows_at_all_make_the_same_pages(rows in prop::collection::vec(any_row(), 0..12)) {
        let mut keys = BTreeSet::new();
        let once = |row: &Kept| keys.insert((row.kind.clone(), row.id.clone()));
        let kept: Vec<Kept> = rows.into_iter().filter(once).collect();

        check(&Shelf { kept: kept.into(), ..shelf(vec![]) })?;
    }
}

//! One referral that two places tell of.

use super::*;

/// The clinic's view on `elm`, and what the food bank on `harvest` keeps.
fn two_places(clinic: Vec<Value>, harvest: Vec<Value>) -> Shelf {
    let mut shelf = shelf(clinic);
    shelf.sources.push(source("harvest", "Bright Harvest"));
    let theirs = harvest.into_iter().map(|body| kept_at("harvest", body));
    let rows: Vec<Kept> = shelf.kept.iter().cloned().chain(theirs).collect();
    shelf.kept = rows.into();
    shelf
}

fn ids(shelf: &Shelf) -> Vec<(String, Vec<String>)> {
    let mut told: Vec<_> = all_referrals(shelf)
        .into_iter()
        .map(|row| (row.id.0, row.also.into_iter().map(|it| it.id.0).collect()))
        .collect();
    told.sort();
    told
}

fn their_task(more: Value) -> Value {
    merged(referral_task("box", json!({ "focus": null })), more)
}

fn one() -> Vec<(String, Vec<String>)> {
    vec![("referral:elm:food".to_owned(), vec!["referral:harvest:~box".to_owned()])]
}

#[test]
fn a_task_about_another_places_request_is_the_same_referral() {
    let about = |reference: &str| {
        two_places(
            vec![request(json!({})), referral_task("t", json!({}))],
            vec![their_task(json!({ "focus": { "reference": reference } }))],
        )
    };

    assert_eq!(ids(&about("https://elm.example/fhir/ServiceRequest/food")), one());
    assert_eq!(ids(&about("https://elm.example/fhir/ServiceRequest/food/_history/2")), one());
    assert_eq!(ids(&about("https://elm.example/fhir/ServiceRequest/rides")).len(), 2);
    assert_eq!(ids(&about("https://elm.example.evil/fhir/ServiceRequest/food")).len(), 2);
    assert_eq!(
        ids(&about("ServiceRequest/food")).len(),
        2,
        "the same id at two places is two things"
    );
}

#[test]
fn based_on_and_part_of_lead_to_the_other_place_too() {
    let with = |member: &str, reference: &str| {
        let told = their_task(json!({ member: [{ "reference": reference }] }));
        ids(&two_places(vec![request(json!({})), referral_task("t", json!({}))], vec![told]))
    };

    assert_eq!(with("basedOn", "https://elm.example/fhir/ServiceRequest/food"), one());
    assert_eq!(with("partOf", "https://elm.example/fhir/Task/t"), one());
}

#[test]
fn a_shared_identifier_makes_them_one_and_half_an_identifier_does_not() {
    let with = |ours: Value, theirs: Value| {
        ids(&two_places(
            vec![request(json!({ "identifier": [ours] }))],
            vec![their_task(json!({ "groupIdentifier": theirs }))],
        ))
    };
    let number = |system: &str| json!({ "system": system, "value": "R-17" });

    assert_eq!(
        with(number("https://elm.example/orders"), number("https://elm.example/orders")),
        one()
    );
    assert_eq!(
        with(number("https://elm.example/orders"), number("https://other.example")).len(),
        2
    );
    assert_eq!(with(json!({ "value": "R-17" }), json!({ "value": "R-17" })).len(), 2);
}

#[test]
fn a_requisition_that_holds_several_requests_says_nothing_about_one() {
    let order = json!({ "system": "https://elm.example/orders", "value": "R-17" });
    let of_order = |id: &str| request(json!({ "id": id, "requisition": order }));

    let told = ids(&two_places(
        vec![of_order("food"), of_order("rides")],
        vec![their_task(json!({ "groupIdentifier": order }))],
    ));

    assert_eq!(told.len(), 3);
}

#[test]
fn whoever_told_last_says_how_it_stands_and_both_views_are_there() {
    let task = |id: &str, status: &str, day: u8| {
        referral_task(
            id,
            json!({ "status": status, "lastModified": format!("2026-05-0{day}T09:00:00Z") }),
        )
    };
    let food = json!({ "focus": { "reference": "https://elm.example/fhir/ServiceRequest/food" } });
    let told = |clinic_day: u8, harvest_day: u8| {
        let shelf = two_places(
            vec![request(json!({})), task("t", "requested", clinic_day)],
            vec![merged(task("box", "in-progress", harvest_day), food.clone())],
        );
        all_referrals(&shelf).remove(0)
    };

    let (stale, fresh) = (told(1, 5), told(5, 1));

    assert_eq!((stale.state, stale.days_unchanged), (ReferralState::Helping, Some(1)));
    assert_eq!(stale.also[0].state, ReferralState::Helping);
    assert_eq!((fresh.state, fresh.also[0].state), (ReferralState::Sent, ReferralState::Helping));
    assert_eq!(fresh.also[0].place.name, "Bright Harvest");
    assert_eq!(stale.place.name, "Elm Street Family Clinic", "the sender's name for it stands");
}

#[test]
fn a_to_do_at_the_other_place_is_the_persons_turn() {
    let shelf = two_places(
        vec![
            request(json!({})),
            referral_task("t", json!({ "lastModified": "2026-05-06T09:00:00Z" })),
        ],
        vec![
            their_task(
                json!({ "focus": { "reference": "https://elm.example/fhir/ServiceRequest/food" } }),
            ),
            todo_task("q", json!({ "partOf": [{ "reference": "Task/box" }] })),
        ],
    );

    assert_eq!(all_referrals(&shelf)[0].ball, Ball::You);
}

#[test]
fn what_the_clinic_hides_the_food_bank_does_not_give_away() {
    let hidden = json!({ "category": [{ "coding": [{ "code": "elder-abuse" }] }] });
    let shelf = two_places(
        vec![request(hidden)],
        vec![their_task(
            json!({ "focus": { "reference": "https://elm.example/fhir/ServiceRequest/food" } }),
        )],
    );

    assert_eq!(ids(&shelf), []);
}

#[test]
fn one_places_list_shows_its_own_name_and_names_the_other() {
    let shelf = two_places(
        vec![request(json!({}))],
        vec![their_task(
            json!({ "focus": { "reference": "https://elm.example/fhir/ServiceRequest/food" } }),
        )],
    );
    let only = |place: &str| {
        let lists = referrals(&shelf, Some(&SourceId(place.to_owned())), now(), &TimeZone::UTC);
        let rows = [lists.needs_push, lists.moving, lists.finished].concat();
        rows.into_iter().map(|row| (row.id.0, row.also[0].id.0.clone())).collect::<Vec<_>>()
    };

    let (elm, harvest) = ("referral:elm:food".to_owned(), "referral:harvest:~box".to_owned());
    assert_eq!(only("elm"), [(elm.clone(), harvest.clone())]);
    assert_eq!(only("harvest"), [(harvest.clone(), elm)]);
    let page = referral(&shelf, &ItemId(harvest), now(), &TimeZone::UTC).unwrap();
    assert_eq!(page.row.also[0].id.0, "referral:elm:food");
}

#[test]
fn what_two_places_tell_is_one_piece_of_news() {
    let mut shelf = two_places(
        vec![request(json!({}))],
        vec![their_task(
            json!({ "focus": { "reference": "https://elm.example/fhir/ServiceRequest/food" } }),
        )],
    );
    change_rows(&mut shelf, |row| {
        row.news = Some(News::New);
        row.seen = false;
    });

    let news = today(&shelf, now(), &TimeZone::UTC).news;

    assert_eq!(news.iter().map(|row| &*row.id.0).collect::<Vec<_>>(), ["referral:elm:food"]);
}

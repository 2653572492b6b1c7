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

/// A referral of one place: what is asked for, what it comes from, and the Task that tracks it.
fn passed_on(
    place: &str,
    id: &str,
    code: &str,
    from: Option<&str>,
    part_of: Option<&str>,
) -> Vec<Kept> {
    let reference = |it: &str| json!([{ "reference": it }]);
    let mut asked = request(json!({ "id": id, "code": { "coding": [{ "code": code }] } }));
    let task = json!({ "focus": { "reference": format!("ServiceRequest/{id}") } });
    let mut task = referral_task(&format!("{id}-task"), task);
    asked["basedOn"] = from.map_or(Value::Null, reference);
    task["partOf"] = part_of.map_or(Value::Null, reference);
    vec![kept_at(place, asked), kept_at(place, task)]
}

fn at_places(places: &[&str], rows: Vec<Vec<Kept>>) -> Shelf {
    Shelf {
        sources: places.iter().map(|place| source(place, place)).collect(),
        kept: rows.into_iter().flatten().collect::<Vec<_>>().into(),
        ..shelf(Vec::new())
    }
}

fn at(place: &str, row: &str) -> String {
    format!("https://{place}.example/fhir/{row}")
}

/// From the clinic over the platform to the food bank, each Task a part of the one before.
fn chain() -> Vec<Vec<Kept>> {
    vec![
        passed_on("elm", "food", "pantry", None, None),
        passed_on("rivers", "f2", "pantry", None, Some(&at("elm", "Task/food-task"))),
        passed_on("harvest", "f3", "pantry", None, Some(&at("rivers", "Task/f2-task"))),
    ]
}

#[test]
fn a_chain_of_tasks_over_three_places_is_one_referral_in_whatever_order_they_were_connected() {
    for places in
        [["elm", "rivers", "harvest"], ["harvest", "rivers", "elm"], ["rivers", "elm", "harvest"]]
    {
        let told = ids(&at_places(&places, chain()));

        assert_eq!(told.len(), 1, "{places:?}: {told:?}");
        assert_eq!(told[0].1.len(), 2, "{places:?}: {told:?}");
    }
}

#[test]
fn where_the_place_between_is_not_connected_nothing_is_guessed() {
    let mut ends = chain();
    ends.remove(1);

    assert_eq!(ids(&at_places(&["elm", "harvest"], ends)).len(), 2);
}

#[test]
fn a_request_that_was_split_at_another_place_is_told_in_its_parts() {
    let split = |codes: [&str; 2]| {
        let from = at("elm", "ServiceRequest/food");
        let parts = [("r1", codes[0]), ("r2", codes[1])];
        let mut rows: Vec<Vec<Kept>> = parts
            .iter()
            .map(|(id, code)| passed_on("rivers", id, code, Some(&from), None))
            .collect();
        rows.push(passed_on("elm", "food", "pantry", None, None));
        ids(&at_places(&["elm", "rivers"], rows))
    };

    assert_eq!(split(["summer-lunch", "cooking-class"]).len(), 3);
    assert_eq!(split(["pantry", "cooking-class"]).len(), 2);
    assert_eq!(split(["pantry", "pantry"]).len(), 1, "two were asked for the same thing");
}

#[test]
fn what_one_place_keeps_twice_because_it_passed_it_on_is_told_once() {
    let kept_twice = |code: &str| {
        let mut copy = passed_on("rivers", "copy", "pantry", None, None);
        copy.truncate(1);
        let order = passed_on("rivers", "order", code, Some("ServiceRequest/copy"), None);
        at_places(&["rivers"], vec![copy, order])
    };

    let row = all_referrals(&kept_twice("pantry")).remove(0);

    assert_eq!((&*row.id.0, row.state), ("referral:rivers:copy", ReferralState::Sent));
    assert!(row.also.is_empty(), "the same place says it");
    assert_eq!(all_referrals(&kept_twice("pantry")).len(), 1);
    assert_eq!(
        all_referrals(&kept_twice("summer-lunch")).len(),
        2,
        "a part of it is something else"
    );
}

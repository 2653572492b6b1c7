//! What an organization may do to a referral: every arrow, whose it is, and what is written.

use handrail_contract::act::{Capacity, DeclineReason};

use super::*;
use crate::act::organization::GUIDE;

pub fn staff() -> Source {
    Source {
        role: Role::Organization,
        patient: None,
        fhir_user: Some("Practitioner/sam".to_owned()),
        organizations: vec!["harvest".to_owned()],
        granted: vec!["user/Task.crus".to_owned(), "user/Procedure.crus".to_owned()],
        ..source()
    }
}

pub fn referral(status: &str) -> Value {
    json!({
        "resourceType": "Task", "id": "1", "meta": { "versionId": "3" }, "status": status,
        "intent": "order", "code": { "coding": [{ "code": "fulfill" }] },
        "focus": { "reference": "ServiceRequest/food" }, "for": { "reference": "Patient/rosa" },
        "authoredOn": "2026-05-01T09:00:00Z", "requester": { "reference": "Organization/elm" },
        "owner": { "reference": "Organization/harvest" },
    })
}

pub fn asked() -> Value {
    json!({ "resourceType": "ServiceRequest", "id": "food",
        "category": [
            { "coding": [{ "system": "http://snomed.info/sct", "code": "410606002" }] },
            { "coding": [{ "system": GUIDE, "code": "food-insecurity" }] },
        ],
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": "467771000124109",
            "display": "Assistance with application for food pantry program" }] },
        "reasonReference": [{ "reference": "Condition/hungry" }] })
}

fn done_before() -> Value {
    json!({ "category": { "coding": [{ "system": GUIDE, "code": "food-insecurity" }] },
        "code": { "text": "Gave a food box" } })
}

pub fn queue_here(task: &Value, source: &Source, wish: Wish) -> Result<Entry, Unfit> {
    let (asked, before) = (asked(), done_before());
    let activities = list_activities(Some(&asked), [&before].into_iter());
    let today = jiff::tz::TimeZone::UTC.to_datetime(now()).date();
    let askable = Askable::default();
    let request =
        Request { asked: Some(&asked), activities: &activities, askable: &askable, today };
    queue_for_request(task, &request, source, wish, names(), now())
}

/// What each act takes with it.
pub fn given(act: ActKind) -> Option<Given> {
    match act {
        ActKind::Finish => Some(Given::Done(vec![
            "http://snomed.info/sct|467771000124109".to_owned(),
            "Gave a food box".to_owned(),
        ])),
        ActKind::Decline => Some(Given::Because(DeclineReason::AtCapacity)),
        ActKind::Ask => Some(Given::Words("Do you eat meat?".to_owned())),
        _ => None,
    }
}

fn written(task: &Value, entry: &Entry) -> Value {
    let raw = Unchanged::parse(task.to_string().as_bytes()).unwrap();
    entry.change("new-id").apply(raw).unwrap().unwrap().to_value()
}

#[test]
fn every_arrow_that_is_the_targets_can_be_pressed_and_no_other() {
    let arrows: BTreeSet<(&str, &str)> = [
        ("requested", "accepted"),
        ("requested", "rejected"),
        ("requested", "cancelled"),
        ("accepted", "in-progress"),
        ("accepted", "on-hold"),
        ("accepted", "completed"),
        ("accepted", "failed"),
        ("accepted", "cancelled"),
        ("in-progress", "on-hold"),
        ("in-progress", "completed"),
        ("in-progress", "failed"),
        ("in-progress", "cancelled"),
        ("on-hold", "in-progress"),
        ("on-hold", "completed"),
        ("on-hold", "failed"),
        ("on-hold", "cancelled"),
    ]
    .into();
    let mut seen = BTreeSet::new();

    for from in STATUSES.into_iter().filter(|from| *from != "received") {
        let task = referral(from);
        for act in offered_acts(&task, &staff()) {
            let entry = queue_here(&task, &staff(), wish(act, given(act))).unwrap();
            let after = written(&task, &entry);
            if act != ActKind::Ask {
                seen.insert((from, after["status"].as_str().unwrap().to_owned()));
            }
        }
    }

    assert_eq!(seen, arrows.into_iter().map(|(from, to)| (from, to.to_owned())).collect());
    assert_eq!(
        offered_acts(&referral("received"), &staff()),
        offered_acts(&referral("requested"), &staff())
    );
}

#[test]
fn what_is_not_the_organizations_own_or_not_granted_is_never_offered() {
    let offers_with = |change: &dyn Fn(&mut Source)| {
        let mut source = staff();
        change(&mut source);
        offered_acts(&referral("accepted"), &source)
    };
    let offers_of = |member: &str, value: Value| {
        let mut task = referral("accepted");
        task[member] = value;
        offered_acts(&task, &staff()).len()
    };

    assert_eq!(offers_with(&|_| ()).len(), 6);
    assert_eq!(offers_with(&|it| it.granted = vec!["user/Task.rs".to_owned()]), []);
    assert_eq!(offers_with(&|it| it.organizations.clear()), []);
    assert_eq!(offers_with(&|it| it.left_at = Some(now())), []);
    assert!(
        !offers_with(&|it| it.granted = vec!["user/Task.ru".to_owned()]).contains(&ActKind::Ask)
    );
    assert_eq!(offers_of("owner", json!({ "reference": "Organization/little-steps" })), 0);
    assert_eq!(
        offers_of("owner", json!({ "reference": "https://two.example/fhir/Organization/harvest" })),
        0
    );
    assert_eq!(offers_of("owner", json!({ "reference": "Patient/rosa" })), 0);
}

#[test]
fn who_acts_for_several_takes_nothing_before_one_of_them_is_chosen() {
    let mut open = referral("requested");
    open.as_object_mut().unwrap().remove("owner");
    let offers = |chosen: &[&str]| {
        let organizations = vec!["harvest".to_owned(), "little-steps".to_owned()];
        let chosen = chosen.iter().map(|&id| id.to_owned()).collect();
        offered_acts(&open, &Source { organizations, chosen, ..staff() })
    };

    assert_eq!(offers(&[]), []);
    assert_eq!(offers(&["harvest", "little-steps"]), []);
    assert_eq!(offers(&["little-steps"]), [ActKind::Claim]);
}

#[test]
fn what_nobody_has_can_only_be_taken_and_then_writes_only_the_owner() {
    let mut open = referral("requested");
    open.as_object_mut().unwrap().remove("owner");

    let offered = offered_acts(&open, &staff());
    let entry = queue_here(&open, &staff(), wish(ActKind::Claim, None)).unwrap();
    let after = written(&open, &entry);

    assert_eq!(offered, [ActKind::Claim]);
    let expected = {
        let mut it = open.clone();
        it["owner"] = json!({ "reference": "Organization/harvest" });
        it
    };
    assert_eq!(after, expected);
    assert!(entry.change("").is_in(&after) && !entry.change("").is_in(&open));
    // Somebody was faster.
    open["owner"] = json!({ "reference": "Organization/little-steps" });
    let raw = Unchanged::parse(open.to_string().as_bytes()).unwrap();
    assert!(entry.change("").apply(raw).unwrap().is_none());
}

#[test]
fn saying_no_says_why_to_everybody_and_by_the_guides_code_where_it_has_one() {
    let decline = |why, words: Option<&str>| {
        let wish = Wish {
            act: ActKind::Decline,
            reason: words.map(str::to_owned),
            answer: Some(Given::Because(why)),
        };
        queue_here(&referral("requested"), &staff(), wish)
            .map(|entry| written(&referral("requested"), &entry)["statusReason"].clone())
    };

    let full = decline(DeclineReason::AtCapacity, Some("Until June.")).unwrap();
    assert_eq!(
        (&full["text"], &full["coding"][0]["code"]),
        (&json!("At capacity: Until June."), &json!("no-capacity"))
    );
    assert_eq!(decline(DeclineReason::NotEligible, None), Ok(json!({ "text": "Not eligible" })));
    assert_eq!(
        decline(DeclineReason::CannotReach, None),
        Ok(json!({ "text": "Could not be reached" }))
    );
    assert_eq!(
        decline(DeclineReason::Other, Some("We moved.")),
        Ok(json!({ "text": "We moved." }))
    );
    assert_eq!(decline(DeclineReason::Other, None), Err(Unfit::AnswerMissing));
    let silent = queue_here(&referral("requested"), &staff(), wish(ActKind::Decline, None));
    assert_eq!(silent.err(), Some(Unfit::AnswerMissing));
}

#[test]
fn what_was_done_becomes_procedures_of_the_request_and_the_outputs_name_them() {
    let task = referral("in-progress");

    let entry = queue_here(&task, &staff(), wish(ActKind::Finish, given(ActKind::Finish))).unwrap();

    let Some(Answer::Done { documents, codes }) = &entry.answer else { panic!("nothing was done") };
    assert!(codes.is_empty());
    let urns: BTreeSet<&str> = documents.iter().map(|it| &*it.urn).collect();
    assert_eq!(urns.len(), 2, "each has a name of its own");
    let first: Value = serde_json::from_str(&documents[0].body).unwrap();
    assert_eq!(first["code"], asked()["code"]);
    assert_eq!(
        first["category"]["coding"][0]["code"], "food-insecurity",
        "not the first category there is"
    );
    assert_eq!(first["basedOn"], json!([{ "reference": "ServiceRequest/food" }]));
    assert_eq!(first["subject"], json!({ "reference": "Patient/rosa" }));
    assert_eq!(first["performedDateTime"], "2026-05-06T10:45:00Z");
    assert_eq!(first["reasonReference"], asked()["reasonReference"]);
    let after = written(&task, &entry);
    assert_eq!(after["output"].as_array().unwrap().len(), 2);
    assert_eq!(after["output"][0]["type"]["coding"][0]["code"], "resulting-activity");
    assert_eq!(after["output"][0]["valueReference"]["reference"], "Procedure/new-id");
}

#[test]
fn only_what_the_request_allows_can_be_recorded_and_that_nothing_is_has_to_be_said() {
    let finish = |given: Option<Given>| {
        queue_here(&referral("in-progress"), &staff(), wish(ActKind::Finish, given))
            .map(|entry| entry.answer)
    };

    assert_eq!(
        finish(Some(Given::Done(vec!["made-up".to_owned()]))).err(),
        Some(Unfit::AnswerUnfit)
    );
    assert_eq!(finish(None).err(), Some(Unfit::AnswerMissing));
    assert!(finish(Some(Given::Done(Vec::new()))).is_ok());
}

#[test]
fn where_no_procedure_can_be_created_the_task_says_by_code_what_was_done() {
    let source = Source { granted: vec!["user/Task.ru".to_owned()], ..staff() };
    let task = referral("in-progress");

    let entry = queue_here(&task, &source, wish(ActKind::Finish, given(ActKind::Finish))).unwrap();

    let after = written(&task, &entry);
    assert_eq!(after["output"][0]["valueCodeableConcept"], asked()["code"]);
    assert_eq!(after["output"][1]["valueCodeableConcept"], json!({ "text": "Gave a food box" }));
    assert!(entry.change("").is_in(&after));
}

#[test]
fn a_day_that_the_place_does_not_take_is_not_dropped_in_silence() {
    let source = Source { granted: vec!["user/Task.ru".to_owned()], ..staff() };
    let finish = |day: &str| {
        let answer =
            Some(Given::DoneOn { done: vec!["Gave a food box".to_owned()], day: day.to_owned() });
        queue_here(&referral("accepted"), &source, wish(ActKind::Finish, answer)).err()
    };

    assert_eq!((takes_day(&staff()), takes_day(&source)), (true, false));
    assert_eq!(finish("2026-05-02"), Some(Unfit::NotOffered));
    assert_eq!(finish("2026-05-06"), None, "today is the day it is sent");
}

#[test]
fn a_question_is_a_to_do_of_the_guides_that_belongs_to_the_referral_and_can_be_taken_back() {
    let task = referral("accepted");

    let entry = queue_here(&task, &staff(), wish(ActKind::Ask, given(ActKind::Ask))).unwrap();

    let Some(Answer::Asked(document)) = &entry.answer else { panic!("nothing was asked") };
    let mut question: Value = serde_json::from_str(&document.body).unwrap();
    assert!(find_violations(&question).is_empty());
    assert_eq!(classify_task(&question, &staff().base), TaskRole::ToDo);
    assert_eq!(
        (&question["status"], &question["description"]),
        (&json!("ready"), &json!("Do you eat meat?"))
    );
    assert_eq!(question["partOf"], json!([{ "reference": "Task/1" }]));
    assert_eq!(question["requester"], json!({ "reference": "Organization/harvest" }));
    assert_eq!((&question["owner"], &question["for"]), (&task["for"], &task["for"]));
    question["id"] = json!("2");
    assert_eq!(offered_acts(&question, &staff()), [ActKind::Cancel]);
    let entry = queue_here(&question, &staff(), wish(ActKind::Cancel, None)).unwrap();
    assert_eq!(written(&question, &entry)["status"], "cancelled");
    question["status"] = json!("completed");
    assert_eq!(offered_acts(&question, &staff()), []);
}

#[test]
fn an_entry_that_was_kept_before_there_were_organizations_is_a_patients() {
    let entry =
        queue(&task("other", "ready"), &source(), wish(ActKind::Start, None), names(), now())
            .unwrap();
    let mut kept = serde_json::to_value(&entry).unwrap();
    kept.as_object_mut().unwrap().remove("by");

    assert_eq!(serde_json::from_value::<Entry>(kept).unwrap(), entry);
}

fn service() -> Value {
    json!({ "resourceType": "HealthcareService", "id": "boxes", "meta": { "versionId": "3" },
        "providedBy": { "reference": "Organization/harvest" }, "name": "Food boxes" })
}

/// Staff at a place that takes what a service says of its room.
fn staff_with_services() -> Source {
    let metadata = json!({ "rest": [{ "mode": "server", "resource": [
        { "type": "HealthcareService", "interaction": [{ "code": "read" }, { "code": "update" }] },
    ] }] });
    let mut source = staff();
    source.granted.push("user/HealthcareService.rus".to_owned());
    source.services = [("boxes".to_owned(), "harvest".to_owned())].into();
    let offer = serde_json::to_value(crate::fetch::Offer::read(&metadata)).unwrap();
    source.cursors = serde_json::from_value(json!({ "offer": offer })).unwrap();
    source
}

#[test]
fn room_is_told_of_ones_own_service_only_and_where_the_place_says_that_it_takes_it() {
    let offers_with = |change: &dyn Fn(&mut Source)| {
        let mut source = staff_with_services();
        change(&mut source);
        offered_acts(&service(), &source)
    };

    assert_eq!(offers_with(&|_| ()), [ActKind::TellCapacity]);
    assert_eq!(offers_with(&|it| it.services.clear()), []);
    assert_eq!(offers_with(&|it| it.organizations = vec!["other".to_owned()]), []);
    assert_eq!(offers_with(&|it| it.cursors = Cursors::default()), [], "nobody said so");
    assert_eq!(offers_with(&|it| it.granted = vec!["user/HealthcareService.rs".to_owned()]), []);
    assert_eq!(offers_with(&|it| it.left_at = Some(now())), []);
}

#[test]
fn telling_the_room_writes_that_extension_once_and_is_known_again() {
    let source = staff_with_services();
    let told = |capacity| Wish {
        act: ActKind::TellCapacity,
        reason: Some("About 3 weeks".to_owned()),
        answer: Some(Given::Capacity(capacity)),
    };

    let entry = queue_here(&service(), &source, told(Capacity::Waitlist)).unwrap();
    let after = written(&service(), &entry);

    assert_eq!((entry.kind(), entry.task.as_str()), ("HealthcareService", "boxes"));
    let room = read_room(&after).unwrap();
    assert_eq!((room.capacity, room.notes.as_deref()), (Capacity::Waitlist, Some("About 3 weeks")));
    assert!(entry.change("").is_in(&after) && !entry.change("").is_in(&service()));
    let full = queue_here(&service(), &source, told(Capacity::Full)).unwrap();
    assert!(!full.change("").is_in(&after), "it says something else");
    assert!(entry.still_fits(&service(), &source));
    assert!(!entry.still_fits(&after, &source), "a colleague said something meanwhile");
    assert_eq!(queue_here(&service(), &source, told(Capacity::AsksFirst)), Err(Unfit::AnswerUnfit));
    let nothing = Wish { act: ActKind::TellCapacity, reason: None, answer: None };
    assert_eq!(queue_here(&service(), &source, nothing), Err(Unfit::AnswerMissing));
}

#[test]
fn the_room_is_read_from_and_written_to_the_service_with_its_version() {
    let source = staff_with_services();
    let wish = Wish {
        act: ActKind::TellCapacity,
        reason: None,
        answer: Some(Given::Capacity(Capacity::Full)),
    };
    let entry = queue_here(&service(), &source, wish).unwrap();
    let answer =
        |body: Vec<u8>| Came::Response(Response { status: 200, body, ..Response::default() });

    let (mut sending, first) = Sending::start(entry, source, now());
    let Action::Send(read) = first else { panic!("{first:?}") };
    let next = sending.took(answer(service().to_string().into_bytes()), now());
    let Action::Send(put) = next else { panic!("{next:?}") };
    let Verb::Put { body, if_match } = put.verb else { panic!("it is written") };
    let done = sending.took(answer(body), now());

    let path = "https://elm.example/fhir/HealthcareService/boxes";
    assert_eq!((read.url.as_str(), put.url.as_str(), if_match.as_str()), (path, path, "W/\"3\""));
    let Action::Done(settled) = done else { panic!("{done:?}") };
    assert_eq!(settled.entry.standing, Standing::Sent);
}

#[test]
fn what_was_done_bears_its_day_and_nothing_is_done_tomorrow() {
    let done_on = |day: &str| {
        let answer =
            Some(Given::DoneOn { done: vec!["Gave a food box".to_owned()], day: day.to_owned() });
        let entry = queue_here(&referral("accepted"), &staff(), wish(ActKind::Finish, answer))?;
        let body: Value = serde_json::from_str(&entry.pending().unwrap().body).unwrap();
        Ok(body["performedDateTime"].as_str().unwrap().to_owned())
    };

    assert_eq!(done_on("2026-05-02"), Ok("2026-05-02".to_owned()));
    assert_eq!(done_on("2026-05-06"), Ok("2026-05-06T10:45:00Z".to_owned()), "today is now");
    for odd in ["2026-05-07", "2026-13-01", "yesterday", ""] {
        assert_eq!(done_on(odd), Err(Unfit::AnswerUnfit), "{odd}");
    }
}

#[test]
fn what_was_recorded_for_another_day_is_not_taken_for_this_one() {
    let entry = |day: Option<&str>| {
        let done = vec!["Gave a food box".to_owned()];
        let given = match day {
            Some(day) => Given::DoneOn { done, day: day.to_owned() },
            None => Given::Done(done),
        };
        let mut entry =
            queue_here(&referral("accepted"), &staff(), wish(ActKind::Finish, Some(given)))
                .unwrap();
        entry.pending_mut().unwrap().tried = true;
        entry.standing = Standing::Conflict;
        entry
    };
    let taken_over = |earlier: Entry, day: Option<&str>| {
        let mut new = entry(day);
        new.pending_mut().unwrap().tried = false;
        new.take_over(&[earlier]);
        new.pending().unwrap().tried
    };

    assert!(taken_over(entry(Some("2026-05-02")), Some("2026-05-02")));
    assert!(taken_over(entry(None), None));
    assert!(!taken_over(entry(Some("2026-05-02")), Some("2026-05-03")));
    assert!(!taken_over(entry(None), Some("2026-05-03")));
}

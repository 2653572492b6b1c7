//! What an organization asks of a patient beside a question: whom it may name, which forms, and pages on the web.

use handrail_contract::act::Asking;

use crate::{act::organization::GUIDE, fhir::task::read_category, store::Kept};

use super::{
    organization::{asked, referral, staff},
    *,
};

fn kept(body: Value) -> Kept {
    let text = |member: &str| body[member].as_str().unwrap().to_owned();
    Kept {
        source: source().id,
        kind: text("resourceType"),
        id: text("id"),
        version: None,
        last_updated: None,
        body,
        first_seen_at: now(),
        changed_at: now(),
        seen: true,
        news: None,
    }
}

const PHONE: &str = "555-0118";

fn all(rows: &[Kept]) -> Vec<&Kept> {
    rows.iter().collect()
}

/// Everything that could be asked for, and what must not be.
fn rows() -> Vec<Kept> {
    let phone = json!([{ "system": "phone", "value": PHONE }]);
    let form = "https://elm.example/Questionnaire/diet";
    let risk = json!({ "coding": [{ "system": GUIDE, "code": "risk-questionnaire" }] });
    [
        json!({ "resourceType": "Organization", "id": "harvest", "name": "Bright Harvest", "telecom": phone }),
        json!({ "resourceType": "HealthcareService", "id": "boxes", "name": "Food boxes",
            "providedBy": { "reference": "Organization/harvest" } }),
        json!({ "resourceType": "HealthcareService", "id": "over", "name": "Soup", "active": false,
            "providedBy": { "reference": "Organization/harvest" } }),
        json!({ "resourceType": "Organization", "id": "elm", "name": "Elm Street", "telecom": phone }),
        json!({ "resourceType": "Organization", "id": "silent", "name": "Nobody answers" }),
        json!({ "resourceType": "Organization", "id": "stranger", "name": "Somebody else", "telecom": phone }),
        json!({ "resourceType": "PractitionerRole", "id": "jan", "telecom": phone,
            "practitioner": { "reference": "Practitioner/jan", "display": "Jan Water" } }),
        json!({ "resourceType": "ServiceRequest", "id": "food", "code": asked()["code"],
            "requester": { "reference": "PractitionerRole/jan" },
            "performer": [{ "reference": "Organization/silent" }, { "reference": "Patient/rosa" }] }),
        json!({ "resourceType": "Questionnaire", "id": "diet", "status": "active", "url": form,
            "version": "2", "title": "What you eat" }),
        json!({ "resourceType": "Questionnaire", "id": "old", "status": "retired",
            "url": "https://elm.example/Questionnaire/old", "title": "Old" }),
        json!({ "resourceType": "Questionnaire", "id": "stock", "subjectType": ["Location"],
            "url": "https://elm.example/Questionnaire/stock", "title": "Stock" }),
        json!({ "resourceType": "Task", "id": "before", "input": [
            { "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": form },
            { "type": { "coding": [{ "code": "questionnaire-category" }] }, "valueCodeableConcept": risk },
        ] }),
    ]
    .map(kept)
    .to_vec()
}

fn at_a_clinic() -> Source {
    let mut source = staff();
    source.granted.push("user/DocumentReference.crs".to_owned());
    source.services = [("boxes", "harvest"), ("over", "harvest")]
        .map(|(id, of)| (id.to_owned(), of.to_owned()))
        .into();
    source
}

fn ask(asking: Asking) -> Result<Entry, Unfit> {
    let (task, source, rows) = (referral("accepted"), at_a_clinic(), rows());
    let (asked, activities) = find_request(&task, &all(&rows), &source);
    let askable = list_askable(&task, &all(&rows), &source);
    let today = jiff::tz::TimeZone::UTC.to_datetime(now()).date();
    let request = Request { asked, activities: &activities, askable: &askable, today };
    let wish = wish(ActKind::Ask, Some(Given::Asking(asking)));
    queue_for_request(&task, &request, &source, wish, names(), now())
}

/// The to-do as it is sent, once what it shows has the id `page`.
fn created(mut entry: Entry) -> Value {
    if let Some(Answer::Shown(all)) = &mut entry.answer {
        all[0].id = Some("page".to_owned());
    }
    let task = serde_json::from_str(&entry.body_of(entry.pending().unwrap())).unwrap();
    assert_eq!(find_violations(&task), Vec::<Invariant>::new(), "{task}");
    assert_eq!(classify_task(&task, &source().base), TaskRole::ToDo);
    task
}

fn contact(whom: &[&str], words: &str) -> Asking {
    Asking::Contact {
        whom: whom.iter().map(|&it| it.to_owned()).collect(),
        words: words.to_owned(),
    }
}

fn review(address: &str) -> Asking {
    Asking::Review { address: address.to_owned(), words: "How to keep food fresh".to_owned() }
}

fn form(key: &str) -> Asking {
    Asking::Form { form: key.to_owned(), words: String::new() }
}

#[test]
fn whom_somebody_can_call_are_those_of_the_referral_who_can_be_reached() {
    let askable = list_askable(&referral("accepted"), &all(&rows()), &at_a_clinic());

    let found: Vec<_> = askable.contacts.iter().map(|it| (&*it.key, &*it.name)).collect();
    assert_eq!(
        found,
        [
            ("Organization/harvest", "Bright Harvest"),
            ("HealthcareService/boxes", "Food boxes"),
            ("Organization/elm", "Elm Street"),
            ("PractitionerRole/jan", "Jan Water"),
        ]
    );
}

#[test]
fn to_get_in_touch_names_whom_and_says_what_about() {
    let whom = ["HealthcareService/boxes", "Organization/elm"];
    let task = created(ask(contact(&whom, "Choose a day for your box.")).unwrap());

    let named: Vec<_> = task["input"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["valueReference"]["reference"])
        .collect();
    assert_eq!(named, whom);
    assert_eq!(read_form(&task), TaskForm::Contact);
    assert_eq!(ask(contact(&[], "Call.")).err(), Some(Unfit::AnswerMissing));
    assert_eq!(ask(contact(&whom, " ")).err(), Some(Unfit::AnswerMissing));
    assert_eq!(ask(contact(&["Organization/stranger"], "Call.")).err(), Some(Unfit::AnswerUnfit));
}

#[test]
fn a_form_that_is_in_use_is_asked_for_with_the_category_it_had_before() {
    let askable = list_askable(&referral("accepted"), &all(&rows()), &at_a_clinic());
    let key = "https://elm.example/Questionnaire/diet|2";
    assert_eq!(askable.forms.iter().map(|it| &*it.key).collect::<Vec<_>>(), [key]);

    let task = created(ask(form(key)).unwrap());

    assert_eq!(read_form(&task), TaskForm::Questionnaire(key));
    assert_eq!(read_category(&task).unwrap()["coding"][0]["code"], "risk-questionnaire");
    assert!(task.get("description").is_none());
    assert_eq!(ask(form("https://elm.example/Questionnaire/old")).err(), Some(Unfit::AnswerUnfit));
}

#[test]
fn a_form_that_nobody_was_asked_for_before_is_of_another_category() {
    let mut rows = rows();
    rows.retain(|row| row.kind != "Task");

    let askable = list_askable(&referral("accepted"), &all(&rows), &at_a_clinic());

    assert_eq!(askable.forms[0].category["coding"][0]["code"], "other-specify");
}

#[test]
fn a_page_is_created_first_and_the_to_do_leads_to_it() {
    let entry = ask(review("example.org/fresh")).unwrap();

    let page = entry.pending().unwrap();
    assert_eq!(page.kind.type_name(), "DocumentReference");
    let body: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!(body["content"][0]["attachment"]["url"], "https://example.org/fresh");
    assert_eq!(body["subject"], json!({ "reference": "Patient/rosa" }));
    let task = created(entry);
    assert_eq!(task["focus"]["reference"], "DocumentReference/page");
    assert_eq!(read_form(&task), TaskForm::Review);
}

#[test]
fn an_address_that_no_browser_of_theirs_should_open_is_not_sent() {
    for odd in [
        "http://example.org",
        "https://rosa:secret@example.org",
        "https://elm.example/fhir/Patient/rosa",
        "javascript:alert(1)",
        "mailto:jan@example.org",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "see the flyer",
        "ftp://example.org",
    ] {
        assert_eq!(ask(review(odd)).err(), Some(Unfit::AddressUnfit), "{odd}");
    }
    assert_eq!(ask(review("  ")).err(), Some(Unfit::AnswerMissing));
    assert!(ask(review("https://example.org/a?b=c#d")).is_ok());
}

#[test]
fn what_a_place_cannot_carry_is_not_there_to_ask_for() {
    let metadata = json!({ "rest": [{ "mode": "server", "resource": [
        { "type": "Task" }, { "type": "DocumentReference", "interaction": [{ "code": "read" }] },
    ] }] });
    let mut source = at_a_clinic();
    let offer = serde_json::to_value(crate::fetch::Offer::read(&metadata)).unwrap();
    source.cursors = serde_json::from_value(json!({ "offer": offer })).unwrap();

    let askable = list_askable(&referral("accepted"), &all(&rows()), &source);

    assert!(askable.forms.is_empty() && !askable.review, "{askable:?}");
    assert!(
        !list_askable(&referral("accepted"), &all(&rows()), &staff()).review,
        "it was not granted"
    );
}

#[test]
fn what_was_asked_for_is_taken_over_and_anything_else_is_not() {
    let taken_over = |earlier: Asking, later: Asking| {
        let mut earlier = ask(earlier).unwrap();
        while let Some(document) = earlier.pending_mut() {
            (document.tried, document.id) = (true, Some("made".to_owned()));
        }
        earlier.standing = Standing::Conflict;
        let mut later = ask(later).unwrap();
        later.take_over(&[earlier]);
        later.documents().iter().filter(|it| it.id.is_some()).count()
    };
    let here = "Organization/harvest";

    assert_eq!(taken_over(review("example.org/a"), review("example.org/a")), 2);
    assert_eq!(taken_over(review("example.org/a"), review("example.org/b")), 0);
    assert_eq!(taken_over(contact(&[here], "Call."), contact(&[here], "Call.")), 1);
    assert_eq!(taken_over(contact(&[here], "Call."), contact(&["Organization/elm"], "Call.")), 0);
}

#[test]
fn a_to_do_that_the_guide_forbids_is_refused_and_never_sent() {
    let send_without = |member: &str| {
        let mut entry = ask(contact(&["Organization/harvest"], "Call.")).unwrap();
        let document = entry.pending_mut().unwrap();
        let mut body: Value = serde_json::from_str(&document.body).unwrap();
        body.as_object_mut().unwrap().remove(member);
        document.body = body.to_string();
        let (mut sending, _) = Sending::start(entry, at_a_clinic(), now());
        let body = referral("accepted").to_string().into_bytes();
        let read = Response { status: 200, body, ..Response::default() };
        sending.took(Came::Response(read), now())
    };

    assert!(matches!(send_without("nothing"), Action::KeepThenSend(_)));
    for member in ["description", "input"] {
        let Action::Done(settled) = send_without(member) else { panic!("{member}: it was sent") };
        assert_eq!(settled.entry.standing, Standing::Refused);
        assert_eq!(settled.entry.problem.as_deref(), Some("answer_unfit"));
    }
}

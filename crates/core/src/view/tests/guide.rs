//! The guide's own examples, as published.

use super::*;

macro_rules! example {
    ($name:literal) => {
        serde_json::from_str::<Value>(include_str!(concat!(
            "../../../vectors/guide/",
            $name,
            ".json"
        )))
        .unwrap()
    };
}

fn guide() -> Shelf {
    let bodies = vec![
        example!("Task-SDOHCC-TaskPatientRiskQuestionnaireCompletedExample"),
        example!("Task-SDOHCC-TaskPatientMakeAppointmentCompletedExample"),
        example!("Task-SDOHCC-TaskPatientInformationRequestCompletedExample"),
        example!("Task-SDOHCC-TaskReferralManagementOrderFulfillmentCompletedExample"),
        example!("ServiceRequest-SDOHCC-ServiceRequestActiveFoodPantryApplicationAssistExample"),
        example!("Goal-SDOHCC-GoalFoodSecurityExample"),
        example!("HealthcareService-SDOHCC-HealthcareServiceTelecomAppointmentExample"),
        example!("Location-SDOHCC-LocationExample"),
        example!("Organization-SDOHCC-OrganizationClinicExample"),
        example!("Patient-pat-53234"),
        example!("Procedure-SDOHCC-ProcedureFoodPantryApplicationAssistanceExample"),
        example!("Questionnaire-SDOHCC-QuestionnaireHungerVitalSign"),
    ];
    let mut shelf = shelf(bodies);
    shelf.sources[0].patient = Some("pat-53234".to_owned());
    shelf
}

#[test]
fn a_glance_is_enough_for_every_list() {
    let guide = guide();

    let glances = at_a_glance(&guide);

    assert!(glances.kept.len() < guide.kept.len(), "what no list looks at is left out");
    assert_eq!(all_lists(&glances), all_lists(&guide));
}

#[test]
fn the_examples_are_the_to_dos_the_guide_describes() {
    let lists = all_todos(&guide());

    assert_eq!(lists.your_turn, []);
    let kinds: BTreeSet<String> = lists.done.iter().map(|row| format!("{:?}", row.kind)).collect();
    assert_eq!(kinds, ["Answer", "Contact", "Questions"].map(str::to_owned).into());
}

#[test]
fn the_questionnaire_is_found_and_its_questions_are_read() {
    let id = ItemId("todo:elm:SDOHCC-TaskPatientRiskQuestionnaireCompletedExample".to_owned());
    let mut open = guide();
    change_rows(&mut open, |row| row.body["status"] = "in-progress".into());

    let over = todo(&guide(), &id, now(), &TimeZone::UTC).unwrap();
    let page = todo(&open, &id, now(), &TimeZone::UTC).unwrap();

    assert!(over.questions.is_empty(), "nobody will ask them any more");
    assert_eq!(page.questions.len(), 3);
    assert_eq!(page.row.title, Words::Ours(Phrase::new("todo-title-questions").with("n", 3)));
    assert_eq!(page.outcome, [Words::Ours(Phrase::new("sent-answers"))]);
    assert!(page.facts.iter().any(|fact| key(&fact.value) == "Better Health Clinic"));
}

#[test]
fn a_contact_with_letters_for_a_number_is_shown_and_not_pressed() {
    let id = ItemId("todo:elm:SDOHCC-TaskPatientMakeAppointmentCompletedExample".to_owned());

    let page = todo(&guide(), &id, now(), &TimeZone::UTC).unwrap();

    let links: Vec<Option<&str>> =
        page.contacts.iter().map(|contact| contact.link.as_deref()).collect();
    assert_eq!(links[..2], [None, Some("mailto:familyCounseling@example.com")]);
    assert_eq!(
        page.contacts[0].label,
        Phrase::new("contact-phone").with("number", "(555) appoint")
    );
    assert!(page.contacts.iter().any(|contact| contact.label.key == "contact-address"));
    assert_eq!(
        page.message,
        Some(Words::theirs("Please contact the clinic to schedule your appointment"))
    );
}

#[test]
fn the_referral_joins_request_task_procedure_and_goal() {
    let shelf = guide();

    let row = all_referrals(&shelf).remove(0);
    let page = referral(&shelf, &row.id, now(), &TimeZone::UTC).unwrap();

    assert_eq!(
        (row.state, row.helper.as_deref(), key(&row.topic)),
        (ReferralState::Done, Some("ABC Coordination Platform"), "topic-food-insecurity")
    );
    assert_eq!(row.title, Words::theirs("Assistance with application for food pantry program"));
    assert!(
        page.story.iter().any(|step| step.heading.key == "story-activity" && step.words.is_some())
    );
    assert_eq!(page.linked[0].id.0, "goal:elm:SDOHCC-GoalFoodSecurityExample");
    assert_eq!(page.sender, Words::theirs("Dr Jan Water Family Medicine Physician"));
}

#[test]
fn the_goal_is_getting_better() {
    let lists = goals(&guide(), None, now(), &TimeZone::UTC);

    let row = &lists.open[0];
    assert_eq!(
        (&*row.state, row.target.as_deref(), &row.title),
        ("improving", Some("2020-12-10"), &Words::theirs("Food security"))
    );
    assert_eq!(row.steps.map(|steps| (steps.done, steps.of)), Some((1, 1)));
}

#[test]
fn the_person_is_greeted() {
    assert_eq!(today(&guide(), now(), &TimeZone::UTC).name.as_deref(), Some("COLIN"));
}

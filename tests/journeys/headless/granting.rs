//! What a place grants is not always what it was asked for, and the person is told.

use handrail_contract::{
    place::{ConnectionState, ListConnections, Outcome, Role, ShowConnection},
    problem::Refusal,
    sign_in::{Found, FoundKind, SignIn, Stage},
    today::ShowToday,
    todo::{ListTodos, ShowTodo},
    words::Phrase,
};
use handrail_engine::{Answer as _, Which};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::phone::{Mood, Phone};

use super::connecting::only_source;

fn found(ended: SignIn) -> Found {
    match ended.stage {
        Stage::Connected { found, .. } => found,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_does_not_grant_goals_is_named_for_it_and_the_rest_is_there() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    place.control().withhold(&["Goal.rs"]);

    let found = found(phone.connect(&place.invitation()).await.unwrap());
    let source = only_source(&phone).await;
    let page = phone.engine.answer(ShowConnection { source }).await.unwrap();

    let line = found.lines.iter().find(|line| line.what == FoundKind::Goals).unwrap();
    assert_eq!(line.line, Some(Phrase::new("not-granted-goals").with("place", place.name)));
    assert!(found.counts.todos > 0 && found.counts.goals == 0);
    let skipped: Vec<_> =
        page.row.skipped.iter().map(|skip| (skip.what.as_str(), skip.why.as_str())).collect();
    assert_eq!(skipped, [("goals", "not_granted")]);
    let asked = place.control().requests();
    assert!(asked.iter().all(|seen| !seen.path.starts_with("/fhir/Goal")), "it was not asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_answers_may_not_be_sent_there_is_no_button_and_the_page_says_why() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    place.control().withhold(&["Task.u"]);

    phone.connect(&place.invitation()).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert!(!todos.your_turn.is_empty());
    for row in todos.your_turn {
        let page = phone.engine.answer(ShowTodo { id: row.id }).await.unwrap();
        assert_eq!(page.acts, []);
        assert_eq!(page.note.unwrap().body.key, "todo-call-not-granted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_keeps_nobody_signed_in_says_so_and_counts_as_no_failure() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let phone = Phone::new(&sandbox);
    let place = sandbox.place(PlaceKind::Provider);
    place.control().withhold(&["offline_access"]);

    let found = found(phone.connect(&place.invitation()).await.unwrap());
    let source = only_source(&phone).await;
    let show = || phone.engine.answer(ShowConnection { source: source.clone() });
    let connected = show().await.unwrap();
    place.control().expire_access_tokens();
    let checked = phone.engine.check(Which::All).await.unwrap();
    let ended = show().await.unwrap();
    let today = phone.engine.answer(ShowToday {}).await.unwrap();
    phone.make_all_due();
    let asked = place.control().requests().len();
    phone.engine.check(Which::Due).await.unwrap();

    assert_eq!(found.notes[0].heading.key, "found-each-time-heading");
    let heading = Phrase::new("each-time-heading").with("place", place.name);
    assert_eq!(connected.note.unwrap().heading, heading);
    assert_eq!(checked.sources[0].outcome, Outcome::SignInAgain);
    assert_eq!(
        (ended.row.state, ended.note.unwrap().heading),
        (ConnectionState::SignInAgain, heading.clone())
    );
    assert_eq!(
        (today.attention[0].note.heading.clone(), today.attention[0].sign_in),
        (heading, true)
    );
    assert_eq!(phone.sources()[0].failures, 0);
    assert_eq!(place.control().requests().len(), asked, "nothing is tried until they sign in");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_learns_who_signed_in_and_a_patient_is_not_asked() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Platform);
    let (staff, patient) = (Phone::new(&sandbox), Phone::new(&sandbox));
    staff.set_mood(Mood::SignsInAsStaff);

    let ended = staff.connect_as(&place.invitation(), Role::Organization).await.unwrap();
    patient.connect(&place.invitation()).await.unwrap();

    assert!(matches!(ended.stage, Stage::Connected { .. }), "{:?}", ended.stage);
    assert_eq!(staff.sources()[0].fhir_user.as_deref(), Some("Practitioner/sam-okafor"));
    assert_eq!(patient.sources()[0].fhir_user, None);
    let asked = |phone: &Phone| phone.sources()[0].granted.iter().any(|scope| scope == "openid");
    assert!(asked(&staff) && !asked(&patient));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_for_another_app_ends_an_organizations_sign_in_and_no_patients() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Platform);
    let (staff, patient) = (Phone::new(&sandbox), Phone::new(&sandbox));
    staff.set_mood(Mood::SignsInAsStaff);
    place.control().spoil_identity();

    let ended = staff.connect_as(&place.invitation(), Role::Organization).await.unwrap();
    let went_on = patient.connect(&place.invitation()).await.unwrap();

    assert!(matches!(ended.stage, Stage::Refused { reason: Refusal::DidNotMatch, .. }));
    assert!(staff.engine.answer(ListConnections {}).await.unwrap().rows.is_empty());
    assert!(matches!(went_on.stage, Stage::Connected { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_whose_place_does_not_say_who_signed_in_is_connected_without() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Platform);
    let phone = Phone::new(&sandbox);
    phone.set_mood(Mood::SignsInAsStaff);
    place.control().withhold(&["openid"]);

    let ended = phone.connect_as(&place.invitation(), Role::Organization).await.unwrap();

    assert!(matches!(ended.stage, Stage::Connected { .. }), "{:?}", ended.stage);
    assert_eq!(phone.sources()[0].fhir_user, None);
}

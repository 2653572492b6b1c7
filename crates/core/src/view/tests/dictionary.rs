//! ui/DESIGN section 4, line by line.

use super::*;

#[test]
fn every_status_of_a_to_do_has_its_state() {
    let cases = [
        ("ready", Some(TodoState::YourTurn)),
        ("draft", Some(TodoState::YourTurn)),
        ("requested", Some(TodoState::YourTurn)),
        ("received", Some(TodoState::YourTurn)),
        ("accepted", Some(TodoState::YourTurn)),
        ("in-progress", Some(TodoState::Started)),
        ("on-hold", Some(TodoState::Paused)),
        ("completed", Some(TodoState::Done)),
        ("failed", Some(TodoState::CouldNot)),
        ("cancelled", Some(TodoState::Stopped)),
        ("rejected", Some(TodoState::Stopped)),
        ("entered-in-error", None),
    ];
    for (status, state) in cases {
        let shelf = shelf(vec![todo_task("1", json!({ "status": status }))]);

        let lists = all_todos(&shelf);

        let rows = [&lists.your_turn, &lists.paused, &lists.done]
            .map(|list| list.first().map(|row| row.state));
        let expected = match state {
            Some(TodoState::YourTurn | TodoState::Started) => [state, None, None],
            Some(TodoState::Paused) => [None, state, None],
            Some(_) => [None, None, state],
            None => [None, None, None],
        };
        assert_eq!(rows, expected, "{status}");
        let page = todo(&shelf, &ItemId("todo:elm:1".to_owned()), now(), &TimeZone::UTC);
        assert_eq!(page.is_some(), state.is_some());
    }
}

#[test]
fn every_kind_of_to_do_has_its_title_and_icon() {
    let input = |code: &str, value: Value| json!([{ "type": { "coding": [{ "code": code }] }, "valueCanonical": value, "valueUrl": value }]);
    let cases = [
        (
            "complete-questionnaire",
            input("questionnaire", json!("http://f.example/Questionnaire/food")),
            TodoKind::Questions,
            "todo-title-questions",
            "list-checks",
        ),
        (
            "complete-questionnaire",
            input("questionnaire", json!("http://f.example/Questionnaire/none")),
            TodoKind::Questions,
            "todo-title-questions-some",
            "list-checks",
        ),
        (
            "complete-questionnaire",
            input("questionnaire-category", json!(null)),
            TodoKind::Questions,
            "todo-title-questions-some",
            "list-checks",
        ),
        (
            "complete-questionnaire",
            input("questionnaire-pdf", json!(null)),
            TodoKind::Form,
            "todo-title-form",
            "file-text",
        ),
        (
            "complete-questionnaire",
            input("questionnaire-url", json!("https://f.example/")),
            TodoKind::WebForm,
            "todo-title-web",
            "globe",
        ),
        ("general-information", json!([]), TodoKind::Answer, "todo-title-answer", "message-circle"),
        (
            "general-information-request",
            json!([]),
            TodoKind::Answer,
            "todo-title-answer",
            "message-circle",
        ),
        ("make-contact", json!([]), TodoKind::Contact, "todo-title-contact", "phone"),
        ("make-contact-directions", json!([]), TodoKind::Contact, "todo-title-contact", "phone"),
        ("review-material", json!([]), TodoKind::Review, "todo-title-review", "book-open"),
        ("something-new", json!([]), TodoKind::Other, "todo-title-other", "square-check-big"),
    ];
    for (code, input, kind, title, icon) in cases {
        let form = json!({ "resourceType": "Questionnaire", "id": "q", "url": "http://f.example/Questionnaire/food",
            "item": [{ "type": "group", "item": [{ "type": "choice", "text": "One?" }, { "type": "display", "text": "Help" }] }, { "type": "string", "text": "Two?" }, { "type": "string", "text": "Three?" }] });
        let task =
            todo_task("1", json!({ "code": { "coding": [{ "code": code }] }, "input": input }));
        let shelf = shelf(vec![form, task]);

        let row = all_todos(&shelf).your_turn.remove(0);

        assert_eq!((row.kind, key(&row.title), row.icon.name()), (kind, title, icon), "{code}");
        if title == "todo-title-questions" {
            assert_eq!(row.title, Words::Ours(Phrase::new(title).with("n", 3)));
            assert_eq!(row.length, Some(Phrase::new("todo-length").with("minutes", 2)));
        }
    }
}

#[test]
fn the_senders_own_title_wins_and_a_codes_name_is_not_one() {
    let title = |code: Value| {
        let shelf = shelf(vec![todo_task("1", json!({ "code": code }))]);
        all_todos(&shelf).your_turn.remove(0).title
    };

    assert_eq!(
        title(
            json!({ "coding": [{ "code": "make-contact" }], "text": "Choose who to call about rides" })
        ),
        Words::theirs("Choose who to call about rides")
    );
    assert_eq!(
        key(&title(
            json!({ "coding": [{ "code": "make-contact", "display": "Make Contact" }], "text": "Make Contact" })
        )),
        "todo-title-contact"
    );
    assert_eq!(
        title(json!({ "coding": [{ "code": "visit-2", "display": "Bring your papers" }] })),
        Words::theirs("Bring your papers")
    );
}

#[test]
fn every_reason_to_ask_has_its_words() {
    let cases = [
        ("risk-questionnaire", "why-risk"),
        ("feedback-questionnaire", "why-feedback"),
        ("application-questionnaire", "why-application"),
        ("personal-characteristics-questionnaire", "why-personal"),
        ("other-specify", "About your bus card"),
    ];
    for (code, why) in cases {
        let shelf = shelf(vec![todo_task(
            "1",
            json!({ "input": [{ "type": { "coding": [{ "code": "questionnaire-category" }] },
            "valueCodeableConcept": { "coding": [{ "code": code }], "text": "About your bus card" } }] }),
        )]);

        let page = todo(&shelf, &ItemId("todo:elm:1".to_owned()), now(), &TimeZone::UTC).unwrap();

        let facts: Vec<&str> = page
            .facts
            .iter()
            .filter(|fact| fact.label.key == "fact-why")
            .map(|fact| key(&fact.value))
            .collect();
        assert_eq!(facts, [why]);
    }
}

#[test]
fn every_priority_but_routine_is_said() {
    for (priority, chip) in [
        ("routine", None),
        ("urgent", Some("priority-urgent")),
        ("asap", Some("priority-asap")),
        ("stat", Some("priority-stat")),
        ("odd", None),
    ] {
        let shelf = shelf(vec![todo_task("1", json!({ "priority": priority }))]);

        let row = all_todos(&shelf).your_turn.remove(0);

        assert_eq!(row.chips.first().map(|chip| key(&chip.words)), chip, "{priority}");
    }
}

#[test]
fn every_status_of_a_referral_has_its_sentence_ball_and_group() {
    use Ball::{Helper, Nobody, Source as Sender};
    use ReferralGroup::{Finished, Moving, NeedsPush};
    let cases = [
        ("requested", ReferralState::Sent, "sent", Helper, Moving, "turn-helpers"),
        ("received", ReferralState::Sent, "sent", Helper, Moving, "turn-helpers"),
        ("accepted", ReferralState::SaidYes, "said-yes", Helper, Moving, "turn-helpers"),
        ("in-progress", ReferralState::Helping, "helping", Helper, Moving, "turn-helpers"),
        ("on-hold", ReferralState::OnHold, "on-hold", Helper, Moving, "turn-helpers"),
        ("completed", ReferralState::Done, "done", Nobody, Finished, "referral-state-done"),
        ("rejected", ReferralState::CouldNot, "could-not", Sender, NeedsPush, "turn-senders"),
        ("failed", ReferralState::DidNotWork, "did-not-work", Sender, NeedsPush, "turn-senders"),
        (
            "cancelled",
            ReferralState::Stopped,
            "stopped",
            Nobody,
            Finished,
            "referral-state-stopped",
        ),
        ("who-knows", ReferralState::Unknown, "unknown", Sender, Moving, "turn-senders"),
    ];
    for (status, state, code, ball, group, chip) in cases {
        let shelf =
            shelf(vec![request(json!({})), referral_task("t", json!({ "status": status }))]);

        let row = all_referrals(&shelf).remove(0);
        let page = referral(&shelf, &row.id, now(), &TimeZone::UTC).unwrap();

        assert_eq!((row.state, row.ball, row.group), (state, ball, group), "{status}");
        assert_eq!(row.line.key, format!("referral-line-{code}"));
        assert_eq!(page.next.key, format!("referral-next-{code}"));
        assert_eq!(key(&row.chips[0].words), chip);
        assert_eq!(key(&page.row.chips[1].words), format!("referral-state-{code}"));
        assert_eq!(page.story[0].heading.key, "story-asked");
    }
}

#[test]
fn a_request_without_a_task_says_what_is_known() {
    let cases = [
        ("active", Some((ReferralState::AskedFor, Ball::Source))),
        ("on-hold", Some((ReferralState::OnHold, Ball::Helper))),
        ("revoked", Some((ReferralState::Stopped, Ball::Nobody))),
        ("completed", Some((ReferralState::Done, Ball::Nobody))),
        ("unknown", Some((ReferralState::Unknown, Ball::Source))),
        ("draft", None),
        ("entered-in-error", None),
    ];
    for (status, expected) in cases {
        let shelf = shelf(vec![request(json!({ "status": status }))]);

        let row = all_referrals(&shelf).pop();

        assert_eq!(row.map(|row| (row.state, row.ball)), expected, "{status}");
    }
}

#[test]
fn a_task_that_is_a_draft_or_a_mistake_says_nothing() {
    for status in ["draft", "entered-in-error"] {
        let alone = shelf(vec![referral_task("t", json!({ "status": status }))]);
        let with_request =
            shelf(vec![request(json!({})), referral_task("t", json!({ "status": status }))]);

        assert_eq!(all_referrals(&alone), [], "{status}");
        assert_eq!(all_referrals(&with_request)[0].state, ReferralState::AskedFor, "{status}");
    }
}

#[test]
fn what_the_sender_closed_is_over_whatever_the_task_says() {
    for (status, state) in [("revoked", ReferralState::Stopped), ("completed", ReferralState::Done)]
    {
        let shelf = shelf(vec![
            request(json!({ "status": status })),
            referral_task("t", json!({ "status": "accepted" })),
        ]);

        assert_eq!(all_referrals(&shelf)[0].state, state);
    }
    let refused = shelf(vec![
        request(json!({ "status": "revoked" })),
        referral_task("t", json!({ "status": "rejected" })),
    ]);
    assert_eq!(all_referrals(&refused)[0].group, ReferralGroup::Finished);
}

#[test]
fn an_open_to_do_moves_the_ball_to_the_person() {
    for parent in ["partOf", "basedOn"] {
        for (status, ball) in [
            ("ready", Ball::You),
            ("in-progress", Ball::You),
            ("on-hold", Ball::Helper),
            ("completed", Ball::Helper),
        ] {
            let target = if parent == "partOf" { "Task/t" } else { "ServiceRequest/food" };
            let shelf = shelf(vec![
                request(json!({})),
                referral_task("t", json!({ "status": "in-progress" })),
                todo_task("q", json!({ "status": status, parent: [{ "reference": target }] })),
            ]);

            let row = all_referrals(&shelf).remove(0);

            assert_eq!(row.ball, ball, "{parent} {status}");
            let today = today(&shelf, now(), &TimeZone::UTC);
            assert_eq!(today.waiting.is_empty(), ball == Ball::You);
        }
    }
}

#[test]
fn a_referral_without_an_answer_needs_a_push_even_when_the_person_has_the_ball() {
    let shelf = shelf(vec![
        request(json!({})),
        referral_task("t", json!({ "lastModified": "2026-04-27T10:00:00Z" })),
        todo_task("q", json!({ "partOf": [{ "reference": "Task/t" }] })),
    ]);

    let waiting = today(&shelf, now(), &TimeZone::UTC).waiting;

    assert_eq!((waiting[0].ball, waiting[0].group), (Ball::You, ReferralGroup::NeedsPush));
}

#[test]
fn silence_needs_a_push_after_seven_or_fourteen_days() {
    let cases = [
        ("requested", 6, ReferralGroup::Moving, "referral-line-sent"),
        ("requested", 7, ReferralGroup::NeedsPush, "referral-quiet-sent"),
        ("accepted", 13, ReferralGroup::Moving, "referral-line-said-yes"),
        ("accepted", 14, ReferralGroup::NeedsPush, "referral-quiet-said-yes"),
        ("on-hold", 14, ReferralGroup::NeedsPush, "referral-quiet-on-hold"),
        ("in-progress", 90, ReferralGroup::Moving, "referral-line-helping"),
    ];
    for (status, days, group, line) in cases {
        let at = now() - jiff::SignedDuration::from_hours(24 * days);
        let shelf = shelf(vec![
            request(json!({})),
            referral_task("t", json!({ "status": status, "lastModified": at.to_string() })),
        ]);

        let row = all_referrals(&shelf).remove(0);

        assert_eq!(
            (row.group, &*row.line.key, row.days_unchanged),
            (group, line, Some(u32::try_from(days).unwrap())),
            "{status} {days}"
        );
        if group == ReferralGroup::NeedsPush {
            assert_eq!(row.line.with["days"], Filling::Number(days));
            assert_eq!(row.line.with["them"], Filling::Text("Bright Harvest".to_owned()));
        }
    }
}

#[test]
fn every_lifecycle_and_achievement_of_a_goal_has_its_words() {
    use handrail_contract::goal::GoalGroup::{Ended, Open, Reached};
    let lifecycles = [
        ("proposed", Open),
        ("planned", Open),
        ("accepted", Open),
        ("active", Open),
        ("on-hold", Open),
        ("completed", Ended),
        ("cancelled", Ended),
        ("rejected", Ended),
    ];
    let achievements = [
        ("in-progress", Open),
        ("improving", Open),
        ("worsening", Open),
        ("no-change", Open),
        ("achieved", Reached),
        ("sustaining", Reached),
        ("not-achieved", Open),
        ("no-progress", Open),
        ("not-attainable", Open),
    ];
    let row = |body: Value| {
        let lists = goals(&shelf(vec![goal_of(body)]), None, now(), &TimeZone::UTC);
        [lists.open, lists.reached, lists.ended].concat().pop()
    };

    for (code, group) in lifecycles {
        let row = row(json!({ "lifecycleStatus": code })).unwrap();
        assert_eq!(
            (key(&row.chip.words), row.group, &*row.state),
            (&*format!("goal-lifecycle-{code}"), group, code)
        );
    }
    for (code, group) in achievements {
        let row = row(json!({ "achievementStatus": { "coding": [{ "code": code }] } })).unwrap();
        assert_eq!(
            (key(&row.chip.words), row.group, &*row.state),
            (&*format!("goal-achievement-{code}"), group, code)
        );
    }
    assert!(row(json!({ "lifecycleStatus": "entered-in-error" })).is_none());
    assert_eq!(row(json!({ "lifecycleStatus": "odd" })).unwrap().state, "unknown");
}

#[test]
fn a_goal_says_by_when_and_how_many_days_are_left() {
    let line = |body: Value| {
        goals(&shelf(vec![goal_of(body)]), None, now(), &TimeZone::UTC).open[0].target_line.clone()
    };
    let day = |day: &str| Filling::Day(day.to_owned());

    assert_eq!(
        line(json!({ "target": [{ "dueDate": "2026-06-30" }] })),
        Some(Phrase::new("goal-by").with("left", 55).with("day", day("2026-06-30")))
    );
    assert_eq!(
        line(json!({ "target": [{ "dueDate": "2026-05-01" }] })),
        Some(Phrase::new("goal-was-by").with("day", day("2026-05-01")))
    );
    assert_eq!(
        line(json!({ "lifecycleStatus": "proposed" })),
        Some(Phrase::new("goal-talk-about-it"))
    );
    assert_eq!(line(json!({})), None);
}

#[test]
fn a_program_result_is_said_in_plain_words() {
    for (code, words) in [
        ("enrolled", "program-enrolled"),
        ("not-enrolled", "program-not-enrolled"),
        ("not-enrolled-on-waitlist", "program-waitlist"),
    ] {
        let shelf = shelf(vec![
            request(json!({})),
            referral_task(
                "t",
                json!({ "status": "completed", "output": [{ "type": { "text": "additional-content" }, "valueReference": { "reference": "Observation/o" } }] }),
            ),
            json!({ "resourceType": "Observation", "id": "o", "valueCodeableConcept": { "coding": [{ "code": code }] } }),
        ]);

        let page = referral(&shelf, &ItemId("referral:elm:food".to_owned()), now(), &TimeZone::UTC)
            .unwrap();

        assert!(page.facts.iter().any(|fact| key(&fact.value) == words));
    }
}

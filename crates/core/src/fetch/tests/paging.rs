//! Pages: where they lead, and where they end.

use super::*;

#[test]
fn pages_are_followed_only_along_links_under_the_base() {
    let next = format!("{BASE}/Task?cursor=abc");
    let mut server = Server::new(everything(true))
        .with(&full("Task"), 200, page(&[task("1")], Some(&next)))
        .with(
            "Task?cursor=abc",
            200,
            page(&[task("2")], Some("https://evil.example/fhir/Task?cursor=def")),
        );

    let fetched = server.run(errand(), &[("Task", "3")]);

    assert_eq!(ids(&fetched, "Task"), ["1", "2"]);
    assert_eq!(skips(&fetched), [("Task", SkipReason::Elsewhere, None)]);
    assert!(!fetched.complete.contains("Task"));
}

#[test]
fn a_link_that_leaves_the_path_or_carries_a_password_is_not_followed() {
    for next in [
        "https://elm.example/fhir2/Task?x",
        "http://elm.example/fhir/Task?x",
        "https://me:pw@elm.example/fhir/Task?x",
        "https://elm.example/fhir/../admin",
        "https://elm.example:8443/fhir/Task",
        "file:///etc/passwd",
        "https://[",
    ] {
        let mut server =
            Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], Some(next)));

        let fetched = server.run(errand(), &[]);

        assert_eq!(skips(&fetched), [("Task", SkipReason::Elsewhere, None)], "{next}");
    }
}

#[test]
fn a_page_that_expired_meanwhile_is_asked_for_again_the_next_time() {
    let next = format!("{BASE}/Task?cursor=abc");
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], Some(&next)));

    for status in [404, 410, 400] {
        server = server.with("Task?cursor=abc", status, json!({}));
        let fetched = server.run(errand(), &[]);

        assert_eq!(ids(&fetched, "Task"), ["1"]);
        assert_eq!(skips(&fetched), [("Task", SkipReason::OutOfReach, None)]);
        assert!(fetched.cursors.at("Task").is_none());
    }
}

#[test]
fn pages_that_go_round_in_a_circle_end() {
    let again = format!("{BASE}/{}", full("Task"));
    let mut server =
        Server::new(everything(true)).with(&full("Task"), 200, page(&[task("1")], Some(&again)));

    let fetched = server.run(errand(), &[]);

    assert_eq!(skips(&fetched), [("Task", SkipReason::TooMuch, None)]);
    assert_eq!(server.asked.iter().filter(|path| path.starts_with("Task?")).count(), 1);
    assert!(!fetched.complete.contains("Task"));
}

#[test]
fn endless_pages_end_at_fifty() {
    let mut server = Server::new(everything(true)).with(
        &full("Task"),
        200,
        page(&[], Some(&format!("{BASE}/Task?p=1"))),
    );
    for number in 1..100 {
        let next = format!("{BASE}/Task?p={}", number + 1);
        server = server.with(
            &format!("Task?p={number}"),
            200,
            page(&[task(&number.to_string())], Some(&next)),
        );
    }

    let fetched = server.run(errand(), &[]);

    assert_eq!(ids(&fetched, "Task").len(), 49);
    assert_eq!(skips(&fetched), [("Task", SkipReason::TooMuch, None)]);
}

#[test]
fn a_page_of_more_than_a_thousand_entries_is_cut_off() {
    let tasks: Vec<Value> = (0..1_200).map(|number| task(&number.to_string())).collect();
    let mut server = Server::new(everything(true)).with(&full("Task"), 200, page(&tasks, None));

    let fetched = server.run(errand(), &[("Task", "1199")]);

    assert_eq!(ids(&fetched, "Task").len(), 1_000);
    assert_eq!(skips(&fetched), [("Task", SkipReason::TooMuch, None)]);
    assert!(!fetched.complete.contains("Task"));
}

#[test]
fn more_than_64_mib_ends_the_look() {
    let mut planner = Planner::new(errand(), std::iter::empty());
    let mut answered = 0;

    loop {
        let requests = planner.next();
        if requests.is_empty() {
            break;
        }
        for request in requests {
            let next = format!("{BASE}/Task?p={answered}");
            let mut body = page(&[], Some(&next)).to_string().into_bytes();
            body.resize(8 * 1024 * 1024, b' ');
            answered += 1;
            planner.took(request.id, Answer::read(Role::Patient, 200, None, &body));
        }
    }
    let fetched = planner.finish();

    assert!(fetched.bytes <= 96 * 1024 * 1024, "{}", fetched.bytes);
    assert!(fetched.skipped.iter().any(|skip| skip.why == SkipReason::TooMuch));
    assert!(fetched.complete.is_empty());
}

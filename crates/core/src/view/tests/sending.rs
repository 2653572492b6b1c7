//! What a person is told about something they did that the place does not have.

use super::*;
use crate::act::Entry;

fn entry(standing: &str, problem: Option<&str>) -> Entry {
    let facts = json!({
        "id": "act-1", "source": "elm", "task": "1", "act": "cancel", "reason": null, "answer": null,
        "seen": { "status": "ready" }, "version": "1", "asked_at": NOW, "standing": standing, "attempts": 1,
        "next_at": null, "not_before": null, "problem": problem, "said": null,
    });
    serde_json::from_value(facts).unwrap()
}

fn sign_in_sends(standing: &str, problem: Option<&str>) -> bool {
    let shelf =
        Shelf { outbox: vec![entry(standing, problem)], ..shelf(vec![todo_task("1", json!({}))]) };
    let page = todo(&shelf, &ItemId("todo:elm:1".to_owned()), now(), &TimeZone::UTC).unwrap();
    assert!(page.sending.is_some());
    page.sign_in_sends
}

#[test]
fn signing_in_again_is_offered_where_that_sends_it_and_nowhere_else() {
    assert!(sign_in_sends("waiting", Some("sign_in_again")));
    assert!(!sign_in_sends("waiting", Some("out_of_reach")));
    assert!(!sign_in_sends("waiting", None));
    assert!(!sign_in_sends("refused", Some("refused")));
}

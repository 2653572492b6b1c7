//! What is on paper is what the lists show, in full.

use super::*;

#[test]
fn everything_of_every_list_is_on_the_paper_once_under_its_place() {
    let mut shelf = shelf(vec![
        todo_task("open", json!({ "code": { "text": "an open to-do" } })),
        todo_task("done", json!({ "code": { "text": "a done to-do" }, "status": "completed" })),
        goal_of(json!({ "description": { "text": "a goal" } })),
        request(json!({ "code": { "text": "a referral" } })),
    ]);
    shelf.sources.push(source("oak", "Oak Clinic"));
    let all = todos(&shelf, None, now(), &TimeZone::UTC);
    assert_eq!((all.your_turn.len(), all.done.len()), (1, 1));

    let paper = paper(&shelf, None, now(), &TimeZone::UTC);
    let of_oak = super::paper(&shelf, Some(&SourceId("oak".into())), now(), &TimeZone::UTC);

    let elm = &paper.places[0];
    let titles: Vec<String> = elm
        .parts
        .iter()
        .flat_map(|part| &part.items)
        .map(|item| match &item.title {
            Words::Theirs { text, .. } => text.clone(),
            Words::Ours(phrase) => phrase.key.clone(),
        })
        .collect();
    assert_eq!(titles, ["an open to-do", "a done to-do", "a goal", "a referral"]);
    assert!(paper.places[1].parts.is_empty(), "nothing of another place");
    assert_eq!(of_oak.places.len(), 1);
}

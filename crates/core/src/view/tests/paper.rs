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

#[test]
fn what_is_read_a_week_later_is_still_true() {
    let shelf = shelf(vec![
        todo_task("late", json!({ "restriction": { "period": { "end": "2026-05-05" } } })),
        goal_of(json!({ "target": [{ "dueDate": "2026-06-30" }] })),
        request(json!({ "intent": "order" })),
        referral_task("sent", json!({ "lastModified": "2026-04-28T23:30:00Z" })),
    ]);
    let tz = TimeZone::fixed(jiff::tz::offset(2));
    let row = &referrals(&shelf, None, now(), &tz).needs_push[0];
    assert_eq!(row.line.key, "referral-quiet-sent", "on the screen it counts from today");

    let paper = paper(&shelf, None, now(), &tz);

    let items: Vec<_> = paper.places[0].parts.iter().flat_map(|part| &part.items).collect();
    let [todo, goal, referral] = items[..] else { panic!("{items:?}") };
    let on = |key: &str, day: &str| {
        Words::Ours(Phrase::new(key).with("day", Filling::Date(day.to_owned())))
    };
    assert_eq!(todo.lines[0], on("todo-was-due", "2026-05-05"));
    assert_eq!(goal.lines.len(), 1, "the day stands among the facts alone: {:?}", goal.lines);
    assert_eq!(goal.facts[0].value, on("a-day", "2026-06-30"));
    let Words::Ours(line) = &referral.lines[0] else { panic!("{referral:?}") };
    assert_eq!(line.key, "referral-line-sent");
    assert!(!line.with.contains_key("days"));
    let changed = Phrase::new("a-moment").with("at", Filling::Date("2026-04-29".to_owned()));
    let changes = referral.facts.iter().filter(|fact| fact.label.key == "fact-last-change");
    let changes: Vec<_> = changes.map(|fact| &fact.value).collect();
    assert_eq!(changes, [&Words::Ours(changed)], "the day where the person lives");
}

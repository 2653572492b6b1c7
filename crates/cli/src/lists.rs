//! The lists and pages as data, or as words for a person.

use handrail_contract::{
    Problem,
    goal::{GoalRow, ListGoals, ShowGoal},
    history::{DifferenceKind, ShowHistory},
    inbox::{ExportInbox, InboxRow, ListInbox, ShowRequest, TableOf},
    place::{ChooseEmployers, ListConnections, ShowConnection, SourceId},
    referral::{ListReferrals, ReferralRow, ShowReferral},
    todo::{ListTodos, ShowTodo, TodoRow},
    words::{Chip, Filling, ItemId, Phrase},
};
use handrail_engine::{Answer as _, Engine};
use serde::Serialize;
use serde_json::json;

use crate::{print_json, speak};

/// `handrail sources`.
pub async fn sources(engine: &Engine, json: bool) -> Result<(), Problem> {
    let connections = engine.answer(ListConnections {}).await?;
    if json {
        let rows: Vec<_> = connections
            .rows
            .iter()
            .map(|row| {
                json!({
                    "id": row.place.source,
                    "name": row.place.name,
                    "host": row.host,
                    "role": row.role,
                    "state": row.state,
                    "last_success_at": row.last_success_at,
                    "next_due_at": row.next_due_at,
                    "skipped": row.skipped,
                })
            })
            .collect();
        print_json(&rows);
        return Ok(());
    }
    if connections.rows.is_empty() {
        println!("No places yet. Connect one: handrail connect ADDRESS");
    }
    for row in &connections.rows {
        println!("{}  {}  ({})", row.place.source, row.place.name, row.host);
        println!("    {}. {}", chip(&row.chip), speak::phrase(&row.line));
        for skipped in &row.skipped {
            println!("    {}", speak::phrase(&skipped.line));
        }
    }
    if let Some(note) = &connections.note {
        println!("{}. {}", speak::phrase(&note.heading), speak::phrase(&note.body));
    }
    Ok(())
}

/// `handrail tasks`.
pub async fn todos(engine: &Engine, source: Option<&str>, json: bool) -> Result<(), Problem> {
    let todos = engine.answer(ListTodos { source: source_id(source) }).await?;
    if json {
        print_json(&todos);
        return Ok(());
    }
    for (heading, rows) in
        [("Your turn", &todos.your_turn), ("Paused", &todos.paused), ("Done", &todos.done)]
    {
        section(heading, rows, todo_line);
    }
    Ok(())
}

/// `handrail goals`.
pub async fn goals(engine: &Engine, source: Option<&str>, json: bool) -> Result<(), Problem> {
    let goals = engine.answer(ListGoals { source: source_id(source) }).await?;
    if json {
        print_json(&goals);
        return Ok(());
    }
    for (heading, rows) in
        [("Working on", &goals.open), ("Reached", &goals.reached), ("Ended", &goals.ended)]
    {
        section(heading, rows, goal_line);
    }
    Ok(())
}

/// `handrail referrals`.
pub async fn referrals(engine: &Engine, source: Option<&str>, json: bool) -> Result<(), Problem> {
    let referrals = engine.answer(ListReferrals { source: source_id(source) }).await?;
    if json {
        print_json(&referrals);
        return Ok(());
    }
    for (heading, rows) in [
        ("May need a push", &referrals.needs_push),
        ("Moving along", &referrals.moving),
        ("Finished", &referrals.finished),
    ] {
        section(heading, rows, referral_line);
    }
    Ok(())
}

/// `handrail inbox`.
pub async fn inbox(engine: &Engine, source: Option<&str>, json: bool) -> Result<(), Problem> {
    let question = ListInbox { source: source_id(source), ..ListInbox::default() };
    let inbox = engine.answer(question).await?;
    if json {
        print_json(&inbox);
        return Ok(());
    }
    for (heading, rows) in [
        ("New", &inbox.new),
        ("Your turn", &inbox.active),
        ("Waiting", &inbox.waiting),
        ("Done", &inbox.done),
    ] {
        section(heading, rows, request_line);
    }
    Ok(())
}

/// `handrail inbox --csv`: the table, of one day or of all. Without the mark that only a spreadsheet wants.
pub async fn inbox_table(engine: &Engine, day: Option<String>) -> Result<(), Problem> {
    let of = day.map_or(TableOf::All, TableOf::Day);
    let table = engine.answer(ExportInbox { of }).await?.content;
    print!("{}", table.trim_start_matches('\u{feff}'));
    Ok(())
}

/// `handrail works-for SOURCE`: the organizations to choose among, once those that were named are chosen.
pub async fn works_for(
    engine: &Engine,
    source: &str,
    chosen: &[String],
    json: bool,
) -> Result<(), Problem> {
    let source = SourceId(source.to_owned());
    let page = if chosen.is_empty() {
        engine.answer(ShowConnection { source }).await?
    } else {
        engine.answer(ChooseEmployers { source, chosen: chosen.to_vec() }).await?
    };
    if json {
        print_json(&json!({
            "source": page.row.place.source,
            "employers": page.employers,
            "services": page.services,
        }));
        return Ok(());
    }
    for employer in page.employers.iter().flat_map(|it| &it.all) {
        let mark = if employer.chosen { "*" } else { " " };
        println!("{mark} {}  {}", employer.id, speak::words(&employer.name));
    }
    for service in &page.services {
        let room = service.capacity.map(|it| format!("{it:?}")).unwrap_or_default();
        println!("  {}  {}  {room}", service.id, speak::words(&service.name));
    }
    Ok(())
}

/// `handrail request ID`. Whether the person may be contacted is said before how to reach them.
pub async fn request(engine: &Engine, id: &str, json: bool) -> Result<(), Problem> {
    let page = engine.answer(ShowRequest { id: ItemId(id.to_owned()) }).await?;
    if json {
        print_json(&page);
        return Ok(());
    }
    println!("{}", request_line(&page.row));
    for note in page.warning.iter().chain(&page.sending) {
        println!("    {}. {}", speak::phrase(&note.heading), speak::phrase(&note.body));
    }
    for fact in page.person.iter().chain(&page.facts) {
        println!("    {}: {}", speak::phrase(&fact.label), speak::words(&fact.value));
    }
    for contact in page.contacts.iter().chain(&page.sender_contacts) {
        println!("    {}", speak::phrase(&contact.label));
    }
    for asked in &page.asked {
        println!(
            "    ? {}: {} · {}",
            speak::phrase(&asked.kind),
            speak::words(&asked.question),
            asked.id
        );
        for answer in &asked.answers {
            println!("      “{}”", speak::words(answer));
        }
    }
    for offer in &page.acts {
        println!("    [{}]", speak::phrase(&offer.label));
    }
    for (option, choice) in page
        .asks
        .contacts
        .iter()
        .map(|it| ("call", it))
        .chain(page.asks.forms.iter().map(|it| ("form", it)))
    {
        println!("    --{option} '{}'  {}", choice.key, speak::words(&choice.name));
    }
    if page.asks.review {
        println!("    --page URL");
    }
    for activity in &page.activities {
        println!("    --done '{}'  {}", activity.key, speak::words(&activity.name));
    }
    Ok(())
}

fn request_line(row: &InboxRow) -> String {
    let person = row.person.as_deref().unwrap_or("?");
    let about = format!("  {} · {person}", speak::words(&row.title));
    let from = format!("      {} · {} · {}", speak::words(&row.sender), row.place.name, row.id);
    with_chips(&format!("{about}\n{from}"), &row.chips)
}

/// `handrail show ID`.
pub async fn show(engine: &Engine, id: &str, json: bool) -> Result<(), Problem> {
    let item = ItemId(id.to_owned());
    match id.split(':').next() {
        Some("todo") => {
            let page = engine.answer(ShowTodo { id: item }).await?;
            print_page(&page, &todo_line(&page.row), json);
        }
        Some("goal") => {
            let page = engine.answer(ShowGoal { id: item }).await?;
            print_page(&page, &goal_line(&page.row), json);
        }
        Some("referral") => {
            let page = engine.answer(ShowReferral { id: item }).await?;
            print_page(&page, &referral_line(&page.row), json);
            if !json {
                for step in &page.story {
                    println!("    {:?}: {}", step.stage, speak::phrase(&step.heading));
                    if let Some(words) = &step.words {
                        println!("          “{}”", speak::words(words));
                    }
                }
                println!("    {}", speak::phrase(&page.next));
                for contact in &page.contacts {
                    println!("    {}", speak::phrase(&contact.label));
                }
            }
        }
        _ => return Err(Problem::Gone),
    }
    Ok(())
}

/// `handrail history ID`.
pub async fn history(engine: &Engine, id: &str, json: bool) -> Result<(), Problem> {
    let history = engine.answer(ShowHistory { id: ItemId(id.to_owned()) }).await?;
    if json {
        print_json(&history);
        return Ok(());
    }
    println!("  {}\n      {} · {}", speak::words(&history.title), history.place.name, history.id);
    for entry in &history.entries {
        let seen_at = Filling::Moment(entry.at.clone());
        let when = Phrase { key: "a-moment".to_owned(), with: [("at".to_owned(), seen_at)].into() };
        println!("    {}", speak::phrase(&when));
        for difference in &entry.differences {
            println!("        {}", speak::phrase(&difference.line));
            // A sentence about a state or a day has both sides in it already.
            if matches!(difference.what, DifferenceKind::Words | DifferenceKind::Title)
                && let Some(after) = &difference.after
            {
                println!("          “{}”", speak::words(after));
            }
        }
    }
    Ok(())
}

fn print_page(page: &impl Serialize, line: &str, json: bool) {
    if json { print_json(page) } else { println!("{line}") }
}

fn section<R>(heading: &str, rows: &[R], line: fn(&R) -> String) {
    if rows.is_empty() {
        return;
    }
    println!("{heading}");
    for row in rows {
        println!("{}", line(row));
    }
    println!();
}

fn todo_line(row: &TodoRow) -> String {
    with_chips(
        &format!("  {}\n      {} · {}", speak::words(&row.title), row.place.name, row.id),
        &row.chips,
    )
}

fn goal_line(row: &GoalRow) -> String {
    let first = format!("  {}\n      {} · {}", speak::words(&row.title), row.place.name, row.id);
    with_chips(&first, std::slice::from_ref(&row.chip))
}

fn referral_line(row: &ReferralRow) -> String {
    let first = format!(
        "  {}\n      {}\n      {} · {}",
        speak::words(&row.title),
        speak::phrase(&row.line),
        row.place.name,
        row.id
    );
    let mut lines = vec![with_chips(&first, &row.chips)];
    lines.extend(row.also.iter().map(|other| {
        let (place, told) = (&other.place.name, speak::phrase(&other.line));
        format!("      {place}: {told} · {}", other.id)
    }));
    lines.join("\n")
}

fn with_chips(text: &str, chips: &[Chip]) -> String {
    if chips.is_empty() {
        return text.to_owned();
    }
    let words: Vec<_> = chips.iter().map(chip).collect();
    format!("{text} · {}", words.join(" · "))
}

fn chip(chip: &Chip) -> String {
    speak::words(&chip.words)
}

fn source_id(source: Option<&str>) -> Option<SourceId> {
    source.map(|id| SourceId(id.to_owned()))
}

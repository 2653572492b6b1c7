//! To-dos: what the person is asked to do.

use std::cmp::Reverse;

use handrail_contract::{
    place::SourceId,
    todo::{TodoKind, TodoRow, TodoState, Todos},
    words::{Chip, Icon, Phrase, Tone, Words},
};
use jiff::civil::Date;
use serde_json::Value;

use super::{
    Now,
    index::{Index, item_id},
    place::{checked, list_notes},
    say::{chip, day, number, ours, say, theirs},
};
use crate::{
    fhir::{
        element::{self, codes, first_display, text},
        task::{TaskForm, due_text, read_form},
        time::{days_until, read_day, read_moment},
    },
    store::Kept,
};

mod page;
mod acts;

pub use acts::{act_label, act_not_taken, acted, entries_of, read_acted, sending, sign_in_sends};
pub use page::show;

/// Seconds a question takes, for "About 2 minutes".
const SECONDS_A_QUESTION: usize = 30;
/// Questions and materials shown of one to-do.
const MOST_PARTS: usize = 200;

/// A Task of the person's, as far as its status goes. `None`: not listed.
pub fn read_state(task: &Value) -> Option<TodoState> {
    Some(match text(task, "status")? {
        "in-progress" => TodoState::Started,
        "on-hold" => TodoState::Paused,
        "completed" => TodoState::Done,
        "failed" => TodoState::CouldNot,
        "cancelled" | "rejected" => TodoState::Stopped,
        "entered-in-error" => return None,
        // `ready` in the guide; `draft`, `requested`, `received` and `accepted` are seen on real servers.
        _ => TodoState::YourTurn,
    })
}

/// Whether a to-do waits for the person now.
pub fn is_open(task: &Value) -> bool {
    matches!(read_state(task), Some(TodoState::YourTurn | TodoState::Started))
}

/// The to-dos of one place or of all.
pub fn list(index: &Index<'_>, source: Option<&SourceId>, now: Now<'_>) -> Todos {
    let mut todos = Todos {
        notes: list_notes(index, source, "Task", |_| false),
        checked: checked(index, source, now),
        ..Todos::default()
    };
    for sorted in sorted_rows(index, source, |_| true, now) {
        match sorted.row.state {
            TodoState::YourTurn | TodoState::Started => todos.your_turn.push(sorted.row),
            TodoState::Paused => todos.paused.push(sorted.row),
            TodoState::Done | TodoState::CouldNot | TodoState::Stopped => {
                todos.done.push(sorted.row);
            }
        }
    }
    todos
}

/// The to-dos that wait for the person, the most pressing first.
pub fn your_turn(index: &Index<'_>, now: Now<'_>) -> Vec<TodoRow> {
    let open = |todo: &Kept| is_open(&todo.body);
    sorted_rows(index, None, open, now).into_iter().map(|sorted| sorted.row).collect()
}

struct Sorted {
    order: Order,
    row: TodoRow,
}

/// Urgent ones first, then those due soonest, then the newest; of what is over, the latest first.
type Order = (Reverse<u8>, Date, Reverse<i64>, String);

fn sorted_rows(
    index: &Index<'_>,
    source: Option<&SourceId>,
    wanted: impl Fn(&Kept) -> bool,
    now: Now<'_>,
) -> Vec<Sorted> {
    let mut rows: Vec<Sorted> = index
        .todos
        .iter()
        .filter(|todo| source.is_none_or(|source| todo.source == *source) && wanted(todo))
        .filter(|todo| index.lists(index.is_hidden_todo(todo)))
        .filter_map(|todo| {
            let row = show_row(index, todo, now)?;
            Some(Sorted { order: order_of(todo, row.state, now), row })
        })
        .collect();
    rows.sort_by(|one, other| one.order.cmp(&other.order));
    rows
}

fn order_of(todo: &Kept, state: TodoState, now: Now<'_>) -> Order {
    let last = Reverse(last_moved(todo, now));
    let id = todo.id.clone();
    match state {
        TodoState::Done | TodoState::CouldNot | TodoState::Stopped => {
            (Reverse(0), Date::MAX, last, id)
        }
        TodoState::YourTurn | TodoState::Started | TodoState::Paused => {
            let due = due_text(&todo.body).and_then(|due| read_day(due, now.tz));
            (Reverse(urgency(&todo.body)), due.unwrap_or(Date::MAX), last, id)
        }
    }
}

fn last_moved(task: &Kept, now: Now<'_>) -> i64 {
    let told = ["lastModified", "authoredOn"]
        .iter()
        .find_map(|member| read_moment(text(&task.body, member)?, now.tz));
    told.or(task.last_updated).unwrap_or(task.first_seen_at).as_second()
}

fn urgency(task: &Value) -> u8 {
    match text(task, "priority") {
        Some("stat") => 3,
        Some("asap") => 2,
        Some("urgent") => 1,
        _ => 0,
    }
}

/// One to-do, as a list shows it. `None`: not listed.
pub fn show_row<'a>(index: &Index<'a>, todo: &'a Kept, now: Now<'_>) -> Option<TodoRow> {
    let task = &todo.body;
    let state = read_state(task)?;
    let form = read_form(task);
    let questions = questionnaire(index, todo).map(|form| count_questions(&form.body));
    let (kind, icon) = kind_of(form);
    let due = due_text(task).and_then(|due| read_day(due, now.tz));
    let is_open = matches!(state, TodoState::YourTurn | TodoState::Started | TodoState::Paused);
    let mut chips = Vec::new();
    chips.extend(state_chip(state).filter(|_| state != TodoState::YourTurn));
    if is_open {
        chips.extend(due.map(|due| due_chip(due, state, now)));
        chips.extend(priority_chip(task));
    }
    Some(TodoRow {
        id: item_id("todo", &todo.source, &todo.id),
        place: index.place(&todo.source),
        title: title_of(task, form, questions),
        icon,
        kind,
        state,
        chips,
        due: due.map(|due| due.to_string()),
        length: questions.filter(|questions| is_open && *questions > 0).map(length_of),
        is_new: todo.news.is_some() && !todo.seen,
    })
}

fn kind_of(form: TaskForm<'_>) -> (TodoKind, Icon) {
    match form {
        TaskForm::Questionnaire(_) | TaskForm::QuestionnaireMissing => {
            (TodoKind::Questions, Icon::ListChecks)
        }
        TaskForm::Pdf => (TodoKind::Form, Icon::FileText),
        TaskForm::Web(_) => (TodoKind::WebForm, Icon::Globe),
        TaskForm::GeneralInformation => (TodoKind::Answer, Icon::MessageCircle),
        TaskForm::Contact => (TodoKind::Contact, Icon::Phone),
        TaskForm::Review => (TodoKind::Review, Icon::BookOpen),
        TaskForm::Other => (TodoKind::Other, Icon::SquareCheckBig),
    }
}

/// The sender's own title, else ours for the kind. A code's display is the code system's, not the sender's.
fn title_of(task: &Value, form: TaskForm<'_>, questions: Option<usize>) -> Words {
    let code = task.get("code");
    let own = code.and_then(|code| text(code, "text")).filter(|own| {
        let is_display =
            |code: &Value| first_display(code).is_some_and(|it| it.eq_ignore_ascii_case(own));
        let is_code = |code: &Value| codes(code).any(|it| it.eq_ignore_ascii_case(own));
        !code.is_some_and(|code| is_display(code) || is_code(code))
    });
    if let Some(own) = own {
        return theirs(own);
    }
    let key = match form {
        TaskForm::Questionnaire(_) | TaskForm::QuestionnaireMissing => match questions {
            Some(questions) if questions > 0 => {
                return Words::Ours(say("todo-title-questions").with("n", number(questions)));
            }
            _ => "todo-title-questions-some",
        },
        TaskForm::Pdf => "todo-title-form",
        TaskForm::Web(_) => "todo-title-web",
        TaskForm::GeneralInformation => "todo-title-answer",
        TaskForm::Contact => "todo-title-contact",
        TaskForm::Review => "todo-title-review",
        TaskForm::Other => match code.and_then(first_display) {
            Some(display) => return theirs(display),
            None => "todo-title-other",
        },
    };
    ours(key)
}

/// The title of a to-do, for rows about it.
pub fn title<'a>(index: &Index<'a>, todo: &'a Kept) -> Words {
    let questions = questionnaire(index, todo).map(|form| count_questions(&form.body));
    title_of(&todo.body, read_form(&todo.body), questions)
}

/// The icon of a to-do.
pub fn icon(todo: &Kept) -> Icon {
    kind_of(read_form(&todo.body)).1
}

/// The label of a state.
pub fn state_chip(state: TodoState) -> Option<Chip> {
    Some(match state {
        TodoState::YourTurn => chip(Tone::Turn, Icon::Hand, "todo-state-your-turn"),
        TodoState::Started => chip(Tone::Turn, Icon::Play, "todo-state-started"),
        TodoState::Paused => chip(Tone::Plain, Icon::CirclePause, "todo-state-paused"),
        TodoState::Done => chip(Tone::Done, Icon::CircleCheck, "todo-state-done"),
        TodoState::CouldNot => chip(Tone::Bad, Icon::CircleSlash, "todo-state-could-not"),
        TodoState::Stopped => chip(Tone::Plain, Icon::CircleX, "todo-state-stopped"),
    })
}

fn due_chip(due: Date, state: TodoState, now: Now<'_>) -> Chip {
    let is_late = days_until(due, now.at, now.tz) < 0;
    let tone = if state == TodoState::Paused { Tone::Plain } else { Tone::Turn };
    let (icon, key) =
        if is_late { (Icon::CircleAlert, "todo-was-due") } else { (Icon::Calendar, "todo-due") };
    Chip::ours(tone, icon, say(key).with("day", day(due)))
}

fn priority_chip(task: &Value) -> Option<Chip> {
    let key = match text(task, "priority")? {
        "urgent" => "priority-urgent",
        "asap" => "priority-asap",
        "stat" => "priority-stat",
        _ => return None,
    };
    Some(chip(Tone::Turn, Icon::TriangleAlert, key))
}

fn length_of(questions: usize) -> Phrase {
    let minutes = (questions * SECONDS_A_QUESTION).div_ceil(60);
    say("todo-length").with("minutes", number(minutes))
}

/// The form a to-do asks for, if it is kept.
pub fn questionnaire<'a>(index: &Index<'a>, todo: &'a Kept) -> Option<&'a Kept> {
    match read_form(&todo.body) {
        TaskForm::Questionnaire(canonical) => index.questionnaire(todo, canonical),
        _ => None,
    }
}

/// The questions of a form in the order they stand, groups and display texts aside.
fn questions_of(questionnaire: &Value) -> Vec<String> {
    let mut found = Vec::new();
    gather_questions(questionnaire, 0, &mut found);
    found.into_iter().map(crate::fhir::text::clean_line).collect()
}

/// How many there are; a list says no more of them.
fn count_questions(questionnaire: &Value) -> usize {
    let mut found = Vec::new();
    gather_questions(questionnaire, 0, &mut found);
    found.len()
}

fn gather_questions<'a>(parent: &'a Value, depth: usize, found: &mut Vec<&'a str>) {
    // serde_json allows 128 levels; a form has a handful.
    if depth > 16 {
        return;
    }
    for item in element::list(parent, "item") {
        let is_question = !matches!(text(item, "type"), Some("group" | "display"));
        let is_hidden = element::list(item, "extension").any(|extension| {
            text(extension, "url").is_some_and(|url| url.ends_with("/questionnaire-hidden"))
                && extension.get("valueBoolean").and_then(Value::as_bool) == Some(true)
        });
        if is_hidden {
            continue;
        }
        if is_question && found.len() < MOST_PARTS {
            found.extend(text(item, "text"));
        }
        gather_questions(item, depth + 1, found);
    }
}

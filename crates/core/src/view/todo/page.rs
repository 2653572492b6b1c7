//! One to-do in full: what they wrote, what to read, whom to call, what came of it.

use handrail_contract::{
    act::{ActKind, ActOffer, AnswerKind},
    todo::{Material, TodoPage, TodoRow, TodoState},
    words::{Contact, Fact, Icon, ItemId, Note, Tone, Words},
};
use serde_json::Value;
use url::Url;

use super::{MOST_PARTS, acts, questionnaire, questions_of, show_row, state_chip};
use crate::{
    fetch::{Access, is_granted},
    fhir::{
        element::{self, codes, concept_name, parameters, text, text_at},
        task::{TaskForm, input_references, read_category, read_form},
    },
    store::Kept,
    view::{
        Now,
        index::{Index, parse_item_id},
        people::{contacts_of, name_of, organization_of, without_doubles},
        say::{fact, ours, say, their_message, theirs},
        topic::Topic,
    },
};

/// One to-do in full. `None`: it is not there, or not listed.
pub fn show(index: &Index<'_>, id: &ItemId, now: Now<'_>) -> Option<TodoPage> {
    let (source, id) = parse_item_id(id, "todo")?;
    let todo = index.row(&source, "Task", &id)?;
    if !index.todos.iter().any(|it| std::ptr::eq(*it, todo)) {
        return None;
    }
    let mut row = show_row(index, todo, now)?;
    let task = &todo.body;
    let form = read_form(task);
    let lang = text(task, "language");
    let questions = questionnaire(index, todo).map(|form| questions_of(&form.body));
    let mut acts = acts::offers(index, todo);
    // Questions that did not come along cannot be answered here.
    acts.retain(|offer| offer.answer != Some(AnswerKind::Form) || questions.is_some());
    // Nobody will ask them any more.
    let questions = questions.filter(|_| !is_over(row.state));

    // The page says the state in any case, and what it is about.
    if row.state == TodoState::YourTurn && row.due.is_none() {
        row.chips.extend(state_chip(row.state));
    }
    row.chips.extend(topic_of(index, todo).map(|topic| topic.chip()));

    let mut contacts: Vec<Contact> = input_references(task, &["contact-entity"])
        .flat_map(|entity| contacts_of(index, todo, entity))
        .collect();
    if let Some(requester) = task.get("requester") {
        contacts.extend(contacts_of(index, todo, requester));
    }
    Some(TodoPage {
        facts: facts_of(index, todo, &row),
        message: text(task, "description").map(|text| their_message(text, lang)),
        questions: questions.unwrap_or_default().into_iter().map(Words::theirs).collect(),
        contacts: without_doubles(contacts),
        materials: materials_of(index, todo, form),
        outcome: outcome_of(task, lang),
        sending: acts::sending(index, todo),
        sign_in_sends: acts::sign_in_sends(index, todo),
        compared: acts::compared(index, todo, row.state),
        said: acts::said(index, todo),
        written: acts::written(index, todo),
        choices: choices_of(index, todo),
        note: note_of(index, todo, &acts, &row),
        acts,
        row,
    })
}

/// What a to-do is about: the topic of the referral it belongs to.
fn topic_of<'a>(index: &Index<'a>, todo: &'a Kept) -> Option<Topic> {
    index
        .parents_of(todo)
        .find(|parent| parent.kind == "ServiceRequest")
        .map(|request| Topic::shown(&request.body, &index.shelf.hidden))
}

fn facts_of<'a>(index: &Index<'a>, todo: &'a Kept, row: &TodoRow) -> Vec<Fact> {
    let task = &todo.body;
    let mut facts = Vec::new();
    if let Some(length) = &row.length {
        facts.push(fact(Icon::Clock, "fact-how-long", Words::Ours(length.clone())));
    }
    if let Some(why) = why_of(task) {
        facts.push(fact(Icon::CircleQuestionMark, "fact-why", why));
    }
    let requester = task.get("requester").and_then(|it| name_of(index, todo, it));
    if let Some(requester) = requester {
        facts.push(fact(Icon::UserRound, "fact-who-asks", Words::theirs(requester)));
    }
    facts
}

/// Why they ask, from the category of the questionnaire.
fn why_of(task: &Value) -> Option<Words> {
    let category = read_category(task)?;
    for code in codes(category) {
        let key = match code {
            "risk-questionnaire" => "why-risk",
            "feedback-questionnaire" => "why-feedback",
            "application-questionnaire" => "why-application",
            "personal-characteristics-questionnaire" => "why-personal",
            _ => continue,
        };
        return Some(ours(key));
    }
    text(category, "text").map(theirs)
}

fn materials_of<'a>(index: &Index<'a>, todo: &'a Kept, form: TaskForm<'_>) -> Vec<Material> {
    let task = &todo.body;
    let mut materials = Vec::new();
    if let TaskForm::Web(address) = form {
        materials.extend(web_material(index, todo, address));
    }
    let documents = task
        .get("focus")
        .into_iter()
        .chain(
            parameters(task, "input", &["questionnaire-pdf"])
                .filter_map(|it| it.get("valueReference")),
        )
        .chain(
            element::list(task, "input")
                .filter_map(|it| it.get("valueReference"))
                .filter(|_| form == TaskForm::Review),
        );
    let mut seen: Vec<*const Value> = Vec::new();
    for reference in documents {
        let Some(("DocumentReference", document)) = index.follow(todo, reference) else { continue };
        if seen.contains(&std::ptr::from_ref(document)) || materials.len() >= MOST_PARTS {
            continue;
        }
        seen.push(document);
        materials.extend(
            element::list(document, "content")
                .map(|content| document_material(index, todo, document, content)),
        );
    }
    materials
}

fn web_material(index: &Index<'_>, todo: &Kept, address: &str) -> Option<Material> {
    let link = open_address(index, todo, address)?;
    let host = Url::parse(&link).ok()?.host_str()?.to_owned();
    Some(Material {
        icon: Icon::Globe,
        title: Words::theirs(host),
        about: say("material-web"),
        link: Some(link),
    })
}

fn document_material(
    index: &Index<'_>,
    todo: &Kept,
    document: &Value,
    content: &Value,
) -> Material {
    let attachment = content.get("attachment").unwrap_or(&Value::Null);
    let link = text(attachment, "url").and_then(|url| open_address(index, todo, url));
    let kind = text(attachment, "contentType").unwrap_or_default();
    let (icon, about) = if kind.starts_with("video/") {
        (Icon::Play, "material-video")
    } else if kind.starts_with("image/") {
        (Icon::Image, "material-picture")
    } else if kind == "application/pdf" {
        (Icon::FileText, "material-pdf")
    } else if link.is_some() {
        (Icon::Globe, "material-web")
    } else {
        (Icon::FileText, "material-document")
    };
    let title = text(attachment, "title")
        .or_else(|| text(document, "description"))
        .or_else(|| document.get("type").and_then(concept_name))
        .map_or_else(|| ours("material-title"), theirs);
    Material { icon, title, about: say(about), link }
}

/// An address that the browser may open.
fn open_address(index: &Index<'_>, todo: &Kept, address: &str) -> Option<String> {
    Some(index.source(&todo.source)?.base.read_page(address)?.to_string())
}

/// What was sent, or why it ended.
fn outcome_of(task: &Value, lang: Option<&str>) -> Vec<Words> {
    let reason = text_at(task, &["statusReason", "text"]).map(|text| their_message(text, lang));
    let sent = element::list(task, "output").take(MOST_PARTS).filter_map(|output| {
        if let Some(written) =
            ["valueMarkdown", "valueString"].iter().find_map(|it| text(output, it))
        {
            return Some(their_message(written, lang));
        }
        let concept = output.get("valueCodeableConcept").and_then(concept_name);
        if let Some(concept) = concept {
            return Some(theirs(concept));
        }
        let reference = text_at(output, &["valueReference", "reference"])?;
        if reference.contains("QuestionnaireResponse/") {
            Some(ours("sent-answers"))
        } else if reference.contains("DocumentReference/") {
            Some(ours("sent-form"))
        } else {
            None
        }
    });
    reason.into_iter().chain(sent).collect()
}

fn is_over(state: TodoState) -> bool {
    matches!(state, TodoState::Done | TodoState::CouldNot | TodoState::Stopped)
}

/// The names of those whom the person chooses from.
fn choices_of<'a>(index: &Index<'a>, todo: &'a Kept) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let entities = input_references(&todo.body, &["contact-entity"]);
    for name in entities.filter_map(|entity| name_of(index, todo, entity)).take(MOST_PARTS) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whom to tell, where finishing is not offered here and nothing is on its way.
fn note_of<'a>(
    index: &Index<'a>,
    todo: &'a Kept,
    acts: &[ActOffer],
    row: &TodoRow,
) -> Option<Note> {
    let is_offered = acts.iter().any(|offer| offer.act == ActKind::Finish);
    if is_over(row.state) || is_offered || acts::is_waiting(index, todo) {
        return None;
    }
    let whom = todo
        .body
        .get("requester")
        .and_then(|it| organization_of(index, todo, it))
        .unwrap_or_else(|| row.place.name.clone());
    let may_send = index
        .source(&todo.source)
        .is_none_or(|source| is_granted(&source.granted, "Task", Access::Update));
    let body = if may_send {
        say("todo-call-body").with("place", whom)
    } else {
        say("todo-call-not-granted").with("place", &*row.place.name)
    };
    Some(Note { tone: Tone::Plain, icon: Icon::Phone, heading: say("todo-call-heading"), body })
}

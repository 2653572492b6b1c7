//! The QuestionnaireResponse: what is sent, and what comes back of one that was begun elsewhere
//! (Structured Data Capture, profile `sdc-questionnaireresponse`).

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    Answer, Draft, Form, Item, Kind, Look, Path, Slot, Spot,
    draft::{MOST_SLOTS, Slots},
};
use crate::fhir::element::{list, text};

/// Answers read from one response.
const MOST_ANSWERS: usize = 5_000;

/// Whose answers they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender<'a> {
    /// The person, as `Patient/id`.
    pub patient: &'a str,
    /// Whether everything is answered, or the person goes on later.
    pub is_complete: bool,
}

/// Why a response cannot be gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotThisForm {
    #[error("it answers another form")]
    AnotherForm,
    /// It has an item or an answer that the form has no place for; going on would lose it.
    #[error("it has an answer that the form has no place for")]
    NoPlace,
    #[error("it is too large")]
    TooLarge,
}

/// The response to send: every answer to every question that is asked, and nothing else.
pub fn build_response(look: &Look<'_>, sender: &Sender<'_>, now: Timestamp) -> Value {
    let person = json!({ "reference": sender.patient });
    let mut response = json!({
        "resourceType": "QuestionnaireResponse",
        "meta": {
            "profile": ["http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaireresponse"],
        },
        "questionnaire": look.form.canonical,
        "status": if sender.is_complete { "completed" } else { "in-progress" },
        "subject": person,
        "authored": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "author": person,
        "source": person,
    });
    let items = write_asked_items(look);
    if !items.is_empty() {
        response["item"] = Value::Array(items);
    }
    response
}

/// The items of a response, as far as they are asked.
pub fn write_asked_items(look: &Look<'_>) -> Vec<Value> {
    let asked = |path: &Path| look.is_enabled(path);
    write_items(&look.form.items, &look.draft.slots, &[], &asked)
}

/// The items of a response with everything that was ever answered.
pub fn write_all_items(form: &Form, draft: &Draft) -> Vec<Value> {
    write_items(&form.items, &draft.slots, &[], &|_| true)
}

/// One item of a response, for expressions that look at it: of a group, the one repetition.
pub fn write_item_at(_: &Form, draft: &Draft, item: &Item, path: &Path, index: usize) -> Value {
    let slots = draft.at(path);
    if item.kind == Kind::Group {
        let empty = Slot::default();
        let slot = slots.get(index).unwrap_or(&empty);
        write_group(item, slot, path, index, &|_| true)
    } else {
        write_question(item, slots, path, &|_| true)
    }
}

type Asked<'a> = &'a dyn Fn(&Path) -> bool;

fn write_items(items: &[Item], slots: &Slots, around: &[Spot], asked: Asked<'_>) -> Vec<Value> {
    let mut written = Vec::new();
    for item in items {
        let path = Path { around: around.to_vec(), link: item.link.clone() };
        let Some(here) = slots.get(&item.link).filter(|_| asked(&path)) else { continue };
        match item.kind {
            Kind::Display => {}
            // A repeating group is several items of one linkId; a repeating question, one item (sdcqr-2).
            Kind::Group => {
                let groups = here
                    .iter()
                    .enumerate()
                    .map(|(index, slot)| write_group(item, slot, &path, index, asked));
                written.extend(groups.filter(|group| group.get("item").is_some()));
            }
            _ => {
                let question = write_question(item, here, &path, asked);
                if question.get("answer").is_some() {
                    written.push(question);
                }
            }
        }
    }
    written
}

fn write_head(item: &Item) -> Map<String, Value> {
    let mut head = Map::new();
    head.insert("linkId".to_owned(), json!(item.link));
    if let Some(text) = &item.text {
        head.insert("text".to_owned(), json!(text));
    }
    head
}

fn write_group(item: &Item, slot: &Slot, path: &Path, index: usize, asked: Asked<'_>) -> Value {
    let mut group = write_head(item);
    let items = write_items(&item.items, &slot.slots, &path.spot(index), asked);
    if !items.is_empty() {
        group.insert("item".to_owned(), Value::Array(items));
    }
    Value::Object(group)
}

fn write_question(item: &Item, slots: &[Slot], path: &Path, asked: Asked<'_>) -> Value {
    let mut question = write_head(item);
    let answers: Vec<Value> = slots
        .iter()
        .enumerate()
        .filter_map(|(index, slot)| {
            let mut answer = Map::new();
            slot.answer.as_ref()?.write(&mut answer);
            let nested = write_items(&item.items, &slot.slots, &path.spot(index), asked);
            if !nested.is_empty() {
                answer.insert("item".to_owned(), Value::Array(nested));
            }
            Some(Value::Object(answer))
        })
        .collect();
    if !answers.is_empty() {
        question.insert("answer".to_owned(), Value::Array(answers));
    }
    Value::Object(question)
}

/// Reads a response into a draft, to go on with it.
///
/// # Errors
/// It is not of this form, or something in it would be lost.
pub fn read_response(form: &Form, response: &Value) -> Result<Draft, NotThisForm> {
    let named = text(response, "questionnaire").unwrap_or_default();
    let (url, version) = split_canonical(named);
    let (own_url, own_version) = split_canonical(&form.canonical);
    let same_version = version.is_none() || own_version.is_none() || version == own_version;
    if url != own_url || !same_version {
        return Err(NotThisForm::AnotherForm);
    }
    let mut draft = Draft::empty(form);
    let mut budget = MOST_ANSWERS;
    draft.slots = read_items(&form.items, response, &mut budget)?;
    Ok(draft)
}

fn split_canonical(canonical: &str) -> (&str, Option<&str>) {
    match canonical.split_once('|') {
        Some((url, version)) => (url, Some(version)),
        None => (canonical, None),
    }
}

fn read_items(items: &[Item], parent: &Value, budget: &mut usize) -> Result<Slots, NotThisForm> {
    let mut slots = Slots::new();
    for raw in list(parent, "item") {
        let link = text(raw, "linkId").ok_or(NotThisForm::NoPlace)?;
        let item = items.iter().find(|item| item.link == link).ok_or(NotThisForm::NoPlace)?;
        if item.kind == Kind::Display {
            continue;
        }
        *budget = budget.checked_sub(1).ok_or(NotThisForm::TooLarge)?;
        let here: &mut Vec<Slot> = slots.entry(link.to_owned()).or_default();
        if item.kind == Kind::Group {
            if list(raw, "answer").next().is_some() {
                return Err(NotThisForm::NoPlace);
            }
            here.push(Slot { answer: None, slots: read_items(&item.items, raw, budget)? });
        } else {
            // Answers nested the other way round have no place of their own.
            if list(raw, "item").next().is_some() {
                return Err(NotThisForm::NoPlace);
            }
            for raw in list(raw, "answer") {
                *budget = budget.checked_sub(1).ok_or(NotThisForm::TooLarge)?;
                let answer = Answer::read(raw, "value")
                    .filter(|answer| answer.fits(item.kind))
                    .ok_or(NotThisForm::NoPlace)?;
                let nested = read_items(&item.items, raw, budget)?;
                here.push(Slot { answer: Some(answer), slots: nested });
            }
        }
        if here.len() > MOST_SLOTS || (here.len() > 1 && !item.repeats) {
            return Err(NotThisForm::NoPlace);
        }
        if here.is_empty() {
            slots.remove(link);
        }
    }
    Ok(slots)
}

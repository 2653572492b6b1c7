//! What the person is asked to do.

use serde::{Deserialize, Serialize};

use crate::{
    act::ActOffer,
    place::{Place, SourceId},
    words::{Checked, Chip, Contact, Fact, Icon, ItemId, Note, Phrase, Words},
};

/// The kinds of to-do the guide has, and everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodoKind {
    /// Answer questions in the app.
    Questions,
    /// Fill in a PDF form.
    Form,
    /// Fill in a form on a website.
    WebForm,
    /// Answer a question in one's own words.
    Answer,
    /// Choose somebody and make contact.
    Contact,
    /// Read or watch something.
    Review,
    /// Anything else: their text says what.
    Other,
}

/// Where a to-do stands, in the person's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodoState {
    YourTurn,
    Started,
    Paused,
    Done,
    CouldNot,
    Stopped,
}

/// One to-do in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoRow {
    pub id: ItemId,
    pub place: Place,
    pub title: Words,
    pub icon: Icon,
    pub kind: TodoKind,
    pub state: TodoState,
    pub chips: Vec<Chip>,
    /// The day it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
    /// "About 2 minutes".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Phrase>,
    /// Not looked at since it came or changed.
    pub is_new: bool,
}

/// Which to-dos are there?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListTodos {
    #[serde(default)]
    pub source: Option<SourceId>,
}

/// To-dos, in the order to show them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Todos {
    pub your_turn: Vec<TodoRow>,
    pub paused: Vec<TodoRow>,
    pub done: Vec<TodoRow>,
    /// Places that share no to-dos, and why.
    pub notes: Vec<Note>,
    pub checked: Checked,
}

/// What is this to-do about?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowTodo {
    pub id: ItemId,
}

/// One to-do in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodoPage {
    pub row: TodoRow,
    pub facts: Vec<Fact>,
    /// What they wrote to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Words>,
    /// The questions of the form, as they stand.
    pub questions: Vec<Words>,
    pub contacts: Vec<Contact>,
    pub materials: Vec<Material>,
    /// What was sent, or why it ended.
    pub outcome: Vec<Words>,
    /// What may be pressed now.
    #[serde(default)]
    pub acts: Vec<ActOffer>,
    /// What became of something the person did here that the place does not have yet, or did not take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Note>,
    /// Signing in again at the place is what sends it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sign_in_sends: bool,
    /// What the person wanted beside what the place has now, where the two do not go together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compared: Vec<Fact>,
    /// What the place said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Words>,
    /// The answer that was written and did not get there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// Whom to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// How to do it, where the app does not offer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
}

/// Something to read or watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    pub icon: Icon,
    pub title: Words,
    /// What it is: "PDF", "Opens in your browser".
    pub about: Phrase,
    /// An https address to open in the browser, where it is open to everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

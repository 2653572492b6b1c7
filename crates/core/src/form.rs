//! Questionnaires (FHIR R4, Structured Data Capture): what is asked, what was answered, what is sent.
//!
//! In: a Questionnaire as the server sent it, what the person chose or wrote, the time.
//! Out: a form that can be asked question by question, a draft that outlives the process, a QuestionnaireResponse;
//! or a named reason why the form cannot be shown.
//! Never: a question left out without a word, an answer guessed, a clock, a server.

use std::collections::HashMap;

use serde_json::Value;

mod read;
mod answer;
mod draft;
mod enable;
mod check;
mod budget;
mod expression;
mod node;
mod calculate;
mod response;
mod steps;

pub use answer::{Answer, read_given};
pub use calculate::{Worked, calculate, fill_group, start_draft};
pub use check::{Fault, check_form, check_question};
pub use draft::{Draft, KeptDraft, Path, Slot, Spot};
pub use enable::Look;
pub use expression::Moment;
pub use read::{Unshowable, read_form, read_form_with};
pub use response::{NotThisForm, Sender, build_response, read_response};
pub use steps::{Stand, Step, Steps, list_steps};

/// A questionnaire that can be asked.
#[derive(Clone, Debug)]
pub struct Form {
    /// What a response names: `url|version`, or a reference where there is no url.
    pub canonical: String,
    pub title: Option<String>,
    pub items: Vec<Item>,
    variables: Vec<Variable>,
    rules: Vec<Rule>,
    /// The resource itself, for expressions that look into it.
    whole: Value,
    /// Where each item stands: the link ids from the top down to it.
    places: HashMap<String, Vec<String>>,
}

/// One item: a group, a text, or a question.
#[derive(Clone, Debug)]
pub struct Item {
    pub link: String,
    pub kind: Kind,
    pub text: Option<String>,
    pub prefix: Option<String>,
    /// What explains the question, in the order it stands.
    pub help: Vec<String>,
    /// How an answer should look, such as "MM/YYYY".
    pub hint: Option<String>,
    pub required: bool,
    pub repeats: bool,
    pub read_only: bool,
    /// Not for the person's eyes; its answer travels all the same.
    pub hidden: bool,
    pub choices: Vec<Choice>,
    /// The options are in a value set that did not come along.
    pub choices_away: bool,
    /// Units a quantity may have; of a number, the one it has.
    pub units: Vec<Value>,
    pub limits: Limits,
    pub items: Vec<Item>,
    enable: Option<Enable>,
    initial: Vec<Answer>,
    initial_expression: Option<String>,
    calculated: Option<String>,
    variables: Vec<Variable>,
    rules: Vec<Rule>,
}

/// What kind of answer an item takes (FHIR R4 `item-type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Group,
    Display,
    Boolean,
    Decimal,
    Integer,
    Date,
    DateTime,
    Time,
    String,
    Text,
    Url,
    Choice,
    OpenChoice,
    Quantity,
    /// A file: this app takes none yet.
    Attachment,
    /// Another resource: nothing a person could name.
    Reference,
    /// A type that R4 does not have.
    Unknown,
}

/// One answer to pick.
#[derive(Clone, Debug)]
pub struct Choice {
    pub answer: Answer,
    /// What the person reads, in their language where it was translated.
    pub text: String,
    /// Picked alone or not at all.
    pub exclusive: bool,
}

/// Between what an answer has to be.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub least: Option<Answer>,
    pub most: Option<Answer>,
    pub min_length: Option<usize>,
    pub max_length: Option<usize>,
    pub places: Option<usize>,
    pub min_occurs: Option<usize>,
    pub max_occurs: Option<usize>,
    pub pattern: Option<regex::Regex>,
}

/// A named expression, to be used by others.
#[derive(Clone, Debug)]
struct Variable {
    name: String,
    expression: String,
}

/// A rule of the sender's own, and what they say when it is broken.
#[derive(Clone, Debug)]
struct Rule {
    expression: String,
    human: String,
}

/// When an item is asked.
#[derive(Clone, Debug)]
struct Enable {
    conditions: Vec<Condition>,
    all: bool,
    expression: Option<String>,
}

#[derive(Clone, Debug)]
struct Condition {
    question: String,
    operator: Operator,
    answer: Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Exists,
    Equal,
    NotEqual,
    Greater,
    Less,
    AtLeast,
    AtMost,
}

impl Item {
    /// Whether it takes an answer.
    pub fn is_question(&self) -> bool {
        !matches!(self.kind, Kind::Group | Kind::Display)
    }

    /// Whether its answer comes from other answers.
    pub fn is_calculated(&self) -> bool {
        self.calculated.is_some()
    }

    /// Whether this app can take an answer to it.
    pub fn can_be_asked(&self) -> bool {
        match self.kind {
            Kind::Attachment | Kind::Reference | Kind::Unknown => false,
            Kind::Choice => !self.choices.is_empty(),
            Kind::Quantity => !self.units.is_empty() || !self.choices_away,
            _ => true,
        }
    }

    /// Whether the person answers it here.
    pub fn is_asked(&self) -> bool {
        self.is_question() && !self.hidden && !self.read_only && !self.is_calculated()
    }

    /// How many answers it needs at least.
    pub fn fewest(&self) -> usize {
        self.limits.min_occurs.unwrap_or(0).max(usize::from(self.required))
    }
}

impl Form {
    /// The item under a link id.
    pub fn find(&self, link: &str) -> Option<&Item> {
        let mut items = &self.items;
        let mut found = None;
        for step in self.places.get(link)? {
            found = items.iter().find(|item| item.link == *step);
            items = &found?.items;
        }
        found
    }
}

#[cfg(test)]
mod tests;

//! The questions of a to-do, one at a time.

use serde::{Deserialize, Serialize};

use crate::words::{ItemId, Note, Phrase, Words};

/// What is to be answered now? Without a place: the first question that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowForm {
    pub todo: ItemId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Spot>,
    /// BCP 47 tag of the person's language.
    pub lang: String,
}

/// Keep this answer on the device, and show what comes next. Nothing is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveAnswer {
    pub todo: ItemId,
    pub at: Spot,
    /// Nothing, to skip it.
    pub given: Vec<Given>,
    pub lang: String,
}

/// Begin a group of questions once more, or take one repetition away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatGroup {
    pub todo: ItemId,
    /// A question in the group.
    pub at: Spot,
    pub take_away: bool,
    pub lang: String,
}

/// Where in the form a question is. Handed back as it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spot(pub String);

/// What the person chose or wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    Flag(bool),
    /// The option in this place.
    Option(usize),
    /// Words, a number, a day (`YYYY-MM-DD`), a time (`HH:MM`), or both with a `T` between.
    Text(String),
    /// A number, and the unit in this place.
    Amount {
        text: String,
        unit: Option<usize>,
    },
}

/// One step of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormPage {
    /// What the form is called, else the to-do.
    pub title: Words,
    /// The place that gets the answers, and nobody else.
    pub place: String,
    /// What the form would do by itself and this app leaves to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Note>,
    pub step: FormStep,
    /// The question before this step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Spot>,
}

/// What is to do at this step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormStep {
    Question(Box<FormQuestion>),
    Review(FormReview),
    /// The form cannot be shown, and why.
    Cannot(Note),
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormQuestion {
    pub at: Spot,
    /// "Question 2 of 3".
    pub progress: Phrase,
    pub number: usize,
    pub count: usize,
    /// The group it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Words>,
    /// What the form says before it.
    pub said: Vec<Words>,
    pub heading: Words,
    /// What explains it, theirs first, then whether it may be skipped.
    pub help: Vec<Words>,
    pub input: Input,
    /// What is filled in.
    pub given: Vec<Given>,
    pub required: bool,
    /// What has to be mended before going on.
    pub problems: Vec<Words>,
    /// This repetition of the group, and what may be done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<FormRepetition>,
}

/// How an answer is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    YesNo,
    Options {
        options: Vec<FormOption>,
        /// More than one may be picked.
        several: bool,
        /// Something else may be written.
        other: bool,
    },
    Text {
        lines: bool,
        several: bool,
        longest: Option<usize>,
    },
    Number {
        whole: bool,
        several: bool,
        units: Vec<Words>,
    },
    Day {
        several: bool,
    },
    Time {
        several: bool,
    },
    Moment {
        several: bool,
    },
    Address {
        several: bool,
    },
    /// Not to be answered in the app; its place is kept.
    Elsewhere(Note),
}

/// One answer to pick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormOption {
    pub words: Words,
    /// Picking it unpicks the others.
    pub alone: bool,
}

/// One repetition of a group of questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRepetition {
    /// "2 of 3".
    pub line: Phrase,
    pub can_add: bool,
    pub can_take_away: bool,
}

/// All answers, before they are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormReview {
    pub rows: Vec<ReviewRow>,
    /// What the form says at its end.
    pub said: Vec<Words>,
    /// What is wrong with the form as a whole.
    pub problems: Vec<Words>,
    /// Every question that must be answered is, and nothing is wrong.
    pub is_complete: bool,
}

/// One question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    pub heading: Words,
    pub answers: Vec<Words>,
    pub problems: Vec<Words>,
    /// It comes from other answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_worked_out: bool,
    /// Where to change it; absent where the person does not answer it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Spot>,
}

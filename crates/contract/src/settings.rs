//! What the person chose about the app itself.
//!
//! None of it is about health but the hidden topics, which stand in an answer of their own.

use serde::{Deserialize, Serialize};

use crate::words::{Icon, Words};

/// The language of our texts. What a place writes stays in its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// The first of the device's languages that we speak.
    #[default]
    Phone,
    English,
    Spanish,
}

/// How large the text is, against the size that the design was drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSize {
    /// As the device has it.
    #[default]
    Phone,
    /// 125 percent.
    Large,
    /// 150 percent.
    Larger,
    /// 200 percent.
    Largest,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the device has it.
    #[default]
    Phone,
    Light,
    Dark,
}

/// How often places are looked at without anybody asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HowOften {
    /// Once an hour (SDOH Clinical Care guide, task-11).
    #[default]
    Hourly,
    /// Every four hours.
    FourHourly,
    /// Once a day.
    Daily,
    /// Once an hour while the app is open, and never while it is closed.
    WhenOpen,
}

/// How the app looks. Asked before anything is drawn, and answered also while the app is locked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looks {
    pub language: Language,
    pub text_size: TextSize,
    pub theme: Theme,
    /// Nothing of the app is to be seen in the list of open apps, nor while it is in the background.
    pub covers: bool,
}

/// What did the person choose?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowSettings {}

/// Choose something else. What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSettings {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_size: Option<TextSize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<Theme>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how_often: Option<HowOften>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells_news: Option<bool>,
}

/// Everything that can be chosen, as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub looks: Looks,
    pub how_often: HowOften,
    /// Whether the desktop says that there is something new while the person looks at something else. `None`: this shell
    /// cannot say it. A phone asks by its own means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tells_news: Option<bool>,
    /// How many topics are hidden.
    pub hidden_topics: u32,
    /// The app's version, such as `0.1.0`.
    pub version: String,
}

/// Which topics are there, and which of them are hidden?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListTopics {}

/// Hide a topic, or show it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HideTopic {
    /// The topic's code, as [`TopicRow::code`] has it. One that nobody knows changes nothing.
    pub code: String,
    pub hidden: bool,
}

/// Every topic there is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topics {
    /// Those that are hidden until the person shows them.
    pub from_start: Vec<TopicRow>,
    pub others: Vec<TopicRow>,
}

/// One topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicRow {
    pub code: String,
    pub words: Words,
    pub icon: Icon,
    pub hidden: bool,
}

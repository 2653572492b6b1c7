//! What the person chose about the app itself, and what follows from it.
//!
//! In: what is kept, and what is chosen anew. Out: what to keep, and how it is shown.
//! Never: a setting that nothing follows.

use std::collections::{BTreeMap, BTreeSet};

use handrail_contract::settings::{ChangeSettings, HowOften, Language, Looks, TextSize, Theme};
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// The settings as they are kept. Absent members are as they were from the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Counts up whenever a member comes to mean something else.
    #[serde(default = "first_version")]
    pub version: u32,
    #[serde(default, deserialize_with = "read_leniently")]
    pub language: Language,
    #[serde(default, deserialize_with = "read_leniently")]
    pub text_size: TextSize,
    #[serde(default, deserialize_with = "read_leniently")]
    pub theme: Theme,
    #[serde(default, deserialize_with = "read_leniently")]
    pub how_often: HowOften,
    /// Nothing of the app is to be seen while it is in the background. On from the start.
    #[serde(default = "covered")]
    pub covers: bool,
    /// A desktop may say that there is something new. Off from the start.
    #[serde(default)]
    pub tells_news: bool,
    /// Topics that the person hid or showed. The others are as [`Hidden::default`] has them.
    #[serde(default)]
    pub topics: BTreeMap<String, bool>,
    /// Anything a later version adds is kept as it is.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Value>,
}

const fn first_version() -> u32 {
    1
}

const fn covered() -> bool {
    true
}

/// A value that only a later version knows is as if nothing had been chosen.
fn read_leniently<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: first_version(),
            language: Language::default(),
            text_size: TextSize::default(),
            theme: Theme::default(),
            how_often: HowOften::default(),
            covers: covered(),
            tells_news: false,
            topics: BTreeMap::new(),
            rest: BTreeMap::new(),
        }
    }
}

impl Settings {
    /// Takes what the person chose; what they did not touch stays.
    pub fn change(&mut self, chosen: &ChangeSettings) {
        let ChangeSettings { language, text_size, theme, covers, how_often, tells_news } = *chosen;
        self.language = language.unwrap_or(self.language);
        self.text_size = text_size.unwrap_or(self.text_size);
        self.theme = theme.unwrap_or(self.theme);
        self.covers = covers.unwrap_or(self.covers);
        self.how_often = how_often.unwrap_or(self.how_often);
        self.tells_news = tells_news.unwrap_or(self.tells_news);
    }

    /// Hides a topic, or shows it again.
    pub fn hide(&mut self, topic: &str, hidden: bool) {
        self.topics.insert(topic.to_owned(), hidden);
    }

    /// The topics that no list tells of.
    pub fn hidden(&self) -> Hidden {
        let mut hidden = Hidden::default();
        for (topic, is_hidden) in &self.topics {
            if *is_hidden {
                hidden.0.insert(topic.clone());
            } else {
                hidden.0.remove(topic);
            }
        }
        hidden
    }

    /// How the app looks.
    pub const fn looks(&self) -> Looks {
        Looks {
            language: self.language,
            text_size: self.text_size,
            theme: self.theme,
            covers: self.covers,
        }
    }
}

/// Topics that stand in no list, by their codes in the guide's SDOH category value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden(BTreeSet<String>);

/// Hidden until the person says otherwise (ui/DESIGN section 4): who looks over a shoulder may be whom it is about.
pub const HIDDEN_FROM_START: [&str; 3] =
    ["intimate-partner-violence", "elder-abuse", "incarceration-status"];

impl Default for Hidden {
    fn default() -> Self {
        Self(HIDDEN_FROM_START.map(str::to_owned).into())
    }
}

impl Hidden {
    /// Whether a topic is among them.
    pub fn contains(&self, topic: &str) -> bool {
        self.0.contains(topic)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is hidden.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_a_later_version_keep_what_this_one_does_not_know() {
        let later = r#"{"version":9,"theme":"sepia","text_size":"larger","voice":{"speed":2}}"#;

        let mut settings: Settings = serde_json::from_str(later).unwrap();
        settings.change(&ChangeSettings { covers: Some(false), ..ChangeSettings::default() });
        let written = serde_json::to_value(&settings).unwrap();

        assert_eq!((settings.theme, settings.text_size), (Theme::Phone, TextSize::Larger));
        assert_eq!((&written["version"], &written["voice"]["speed"]), (&9.into(), &2.into()));
        assert_eq!(written["covers"], false);
    }

    #[test]
    fn three_topics_are_hidden_until_the_person_shows_them() {
        let mut settings = Settings::default();
        let at_first = settings.hidden();

        settings.hide("elder-abuse", false);
        settings.hide("stress", true);

        assert!(HIDDEN_FROM_START.iter().all(|topic| at_first.contains(topic)));
        assert_eq!(at_first.len(), 3);
        assert!(!settings.hidden().contains("elder-abuse"));
        assert!(settings.hidden().contains("stress"));
        assert!(settings.hidden().contains("intimate-partner-violence"));
    }
}

//! Topics: the 24 SDOH categories, in plain words.

use handrail_contract::{
    settings::{TopicRow, Topics},
    words::{Chip, Icon, Phrase, Tone, Words},
};
use serde_json::Value;

use crate::{
    fhir::{
        element::{self, codes, text},
        text::clean_line,
    },
    settings::{HIDDEN_FROM_START, Hidden},
};

/// Every category that has words of ours, and its icon. The text's key is `topic-CODE`.
const TOPICS: [(&str, Icon); 23] = [
    ("food-insecurity", Icon::Utensils),
    ("housing-instability", Icon::House),
    ("homelessness", Icon::Bed),
    ("inadequate-housing", Icon::Wrench),
    ("transportation-insecurity", Icon::Bus),
    ("financial-insecurity", Icon::Wallet),
    ("material-hardship", Icon::Shirt),
    ("educational-attainment", Icon::GraduationCap),
    ("employment-status", Icon::Briefcase),
    ("veteran-status", Icon::Medal),
    ("stress", Icon::Leaf),
    ("social-connection", Icon::Users),
    ("intimate-partner-violence", Icon::Shield),
    ("elder-abuse", Icon::Shield),
    ("incarceration-status", Icon::Shield),
    ("personal-health-literacy", Icon::BookOpen),
    ("health-insurance-coverage-status", Icon::Umbrella),
    ("medical-cost-burden", Icon::Receipt),
    ("digital-literacy", Icon::MonitorSmartphone),
    ("digital-access", Icon::Smartphone),
    ("utility-insecurity", Icon::PlugZap),
    ("language-access", Icon::Languages),
    ("protective-factor", Icon::Sprout),
];

/// The code of whatever has none of these, and its icon.
const OTHER: (&str, Icon) = ("other", Icon::HandHeart);

/// What something is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    pub words: Words,
    pub icon: Icon,
}

impl Topic {
    /// The topic of a resource with a `category`: the first that we have words for, else their text.
    pub fn read(resource: &Value) -> Self {
        let known = element::list(resource, "category")
            .flat_map(codes)
            .find_map(|code| TOPICS.iter().find(|(topic, _)| *topic == current_name(code)));
        if let Some((code, icon)) = known {
            return Self { words: words_of(code), icon: *icon };
        }
        let theirs =
            element::list(resource, "category").find_map(|category| text(category, "text"));
        let words = match theirs {
            Some(theirs) => Words::theirs(clean_line(theirs)),
            None => words_of(OTHER.0),
        };
        Self { words, icon: OTHER.1 }
    }

    /// The same, as it is shown: of what is hidden, only that it is.
    pub fn shown(resource: &Value, hidden: &Hidden) -> Self {
        if is_hidden(resource, hidden) {
            return Self { words: Words::Ours(Phrase::new("topic-private")), icon: Icon::Shield };
        }
        Self::read(resource)
    }

    /// A small label with the topic.
    pub fn chip(&self) -> Chip {
        Chip { tone: Tone::Plain, icon: self.icon, words: self.words.clone() }
    }
}

/// Whether a resource has a category that is hidden. One that we have no words for goes with the other ones.
pub fn is_hidden(resource: &Value, hidden: &Hidden) -> bool {
    let mut is_known = false;
    let mut all = element::list(resource, "category").flat_map(codes).map(current_name);
    let is_hidden = all.any(|code| {
        is_known |= TOPICS.iter().any(|(topic, _)| *topic == code);
        hidden.contains(code)
    });
    is_hidden || !is_known && hidden.contains(OTHER.0)
}

/// Every topic, and whether it is hidden.
pub fn list(hidden: &Hidden) -> Topics {
    let row = |(code, icon): &(&str, Icon)| TopicRow {
        code: (*code).to_owned(),
        words: words_of(code),
        icon: *icon,
        hidden: hidden.contains(code),
    };
    let is_from_start = |(code, _): &&(&str, Icon)| HIDDEN_FROM_START.contains(code);
    let (from_start, others) = TOPICS.iter().chain([&OTHER]).partition::<Vec<_>, _>(is_from_start);
    Topics {
        from_start: from_start.into_iter().map(row).collect(),
        others: others.into_iter().map(row).collect(),
    }
}

/// Whether there is a topic of this code.
pub fn is_known(code: &str) -> bool {
    TOPICS.iter().chain([&OTHER]).any(|(topic, _)| *topic == code)
}

fn words_of(code: &str) -> Words {
    Words::Ours(Phrase::new(&format!("topic-{code}")))
}

/// Codes that the guide renamed.
fn current_name(code: &str) -> &str {
    if code == "health-literacy" { "personal-health-literacy" } else { code }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(code: &str) -> Topic {
        Topic::read(&json!({ "category": [
            { "coding": [{ "system": "http://snomed.info/sct", "code": "410606002" }] },
            { "coding": [{ "code": code }] },
        ] }))
    }

    #[test]
    fn every_category_has_words_of_ours() {
        for (code, icon) in TOPICS {
            assert_eq!(
                of(code),
                Topic { words: Words::Ours(Phrase::new(&format!("topic-{code}"))), icon }
            );
        }
        assert_eq!(of("health-literacy"), of("personal-health-literacy"));
    }

    #[test]
    fn an_unknown_category_is_shown_in_their_words() {
        let theirs = json!({ "category": [{ "coding": [{ "code": "sdoh-category-unspecified" }], "text": "Pet\u{202E} food" }] });

        assert_eq!(Topic::read(&theirs).words, Words::theirs("Pet food"));
        assert_eq!(of("other").words, Words::Ours(Phrase::new("topic-other")));
    }

    fn hides(hidden: &Hidden, code: &str) -> bool {
        is_hidden(&json!({ "category": { "coding": [{ "code": code }] } }), hidden)
    }

    #[test]
    fn three_categories_are_hidden_from_the_start() {
        let hidden = Hidden::default();
        let codes = TOPICS.iter().map(|(code, _)| *code);

        let from_start: Vec<&str> = codes.filter(|code| hides(&hidden, code)).collect();

        assert_eq!(from_start, HIDDEN_FROM_START);
        assert_eq!(list(&hidden).from_start.len(), 3);
        assert_eq!(list(&hidden).others.len(), 21);
    }

    #[test]
    fn a_topic_is_hidden_under_each_of_its_names_and_unknown_ones_with_the_others() {
        let mut settings = crate::settings::Settings::default();
        settings.hide("personal-health-literacy", true);
        settings.hide("other", true);
        let hidden = settings.hidden();

        assert!(hides(&hidden, "health-literacy"));
        assert!(hides(&hidden, "sdoh-category-unspecified"));
        assert!(is_hidden(&json!({}), &hidden));
        assert!(!hides(&hidden, "stress"));
    }
}

//! Topics: the 24 SDOH categories, in plain words.

use handrail_contract::words::{Chip, Icon, Phrase, Tone, Words};
use serde_json::Value;

use crate::fhir::{
    element::{codes, list, text},
    text::clean_line,
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

/// Hidden from the start (ui/DESIGN section 4): never in a list, a count or news.
const PRIVATE: [&str; 3] = ["intimate-partner-violence", "elder-abuse", "incarceration-status"];

/// What something is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    pub words: Words,
    pub icon: Icon,
}

impl Topic {
    /// The topic of a resource with a `category`: the first that we have words for, else their text.
    pub fn read(resource: &Value) -> Self {
        let known = list(resource, "category")
            .flat_map(codes)
            .find_map(|code| TOPICS.iter().find(|(topic, _)| *topic == current_name(code)));
        if let Some((code, icon)) = known {
            return Self { words: Words::Ours(Phrase::new(&format!("topic-{code}"))), icon: *icon };
        }
        let theirs = list(resource, "category").find_map(|category| text(category, "text"));
        let words = match theirs {
            Some(theirs) => Words::theirs(clean_line(theirs)),
            None => Words::Ours(Phrase::new("topic-other")),
        };
        Self { words, icon: Icon::HandHeart }
    }

    /// A small label with the topic.
    pub fn chip(&self) -> Chip {
        Chip { tone: Tone::Plain, icon: self.icon, words: self.words.clone() }
    }
}

/// Whether a resource has a category that is hidden from the start.
pub fn is_private(resource: &Value) -> bool {
    list(resource, "category").flat_map(codes).any(|code| PRIVATE.contains(&code))
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

    #[test]
    fn three_categories_are_private() {
        let private: Vec<&str> = TOPICS
            .iter()
            .map(|(code, _)| *code)
            .filter(|code| is_private(&json!({ "category": { "coding": [{ "code": code }] } })))
            .collect();

        assert_eq!(private, PRIVATE);
    }
}

//! The catalogue of texts in one language, in Fluent.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// All texts of one language.
pub struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    write_number: fn(f64) -> String,
}

impl Catalogue {
    /// The texts of `language`, a BCP 47 tag. `write_number` writes a number out as that language does.
    ///
    /// What cannot be read is left out, and then missing.
    pub fn new(
        language: &str,
        texts: impl IntoIterator<Item = String>,
        write_number: fn(f64) -> String,
    ) -> Self {
        let language = LanguageIdentifier::from_bytes(language.as_bytes()).unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![language]);
        // The marks would stand in names that are read out, copied and compared.
        bundle.set_use_isolating(false);
        for texts in texts {
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(texts);
            // The tests see to it that no key stands twice and every entry can be read.
            let _ = bundle.add_resource(resource);
        }
        Self { bundle, write_number }
    }

    /// The text under `key` with its gaps filled, if there is such a text.
    pub fn read<'a>(
        &self,
        key: &str,
        fillings: impl Iterator<Item = (&'a str, FluentValue<'a>)>,
    ) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut arguments = FluentArgs::new();
        for (name, filling) in fillings {
            // A small number reads the same everywhere, and stays a number for the plural.
            match filling {
                FluentValue::Number(number) if number.value.abs() >= 1000.0 => {
                    arguments.set(name.to_owned(), (self.write_number)(number.value));
                }
                filling => arguments.set(name.to_owned(), filling),
            }
        }
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(&arguments), &mut errors);
        Some(end_once(text.into_owned()))
    }
}

/// An abbreviation that ends a sentence brings its full stop: "hoy, 1:40 p.m." and not "p.m..".
fn end_once(text: String) -> String {
    if text.contains("..") { text.replace("...", "…").replace("..", ".") } else { text }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use handrail_contract::problem::Refusal;

    use super::*;

    fn texts(language: &str) -> [String; 2] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        crate::text::files(language).map(|file| fs::read_to_string(folder.join(file)).unwrap())
    }

    fn english() -> Catalogue {
        Catalogue::new("en", texts("en"), |number| number.to_string())
    }

    fn nothing() -> std::iter::Empty<(&'static str, FluentValue<'static>)> {
        std::iter::empty()
    }

    /// The keys in the sources under `folder`: the literals handed to `t` and `Phrase::new`.
    fn collect_keys(folder: &Path, keys: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect_keys(&path, keys);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]").next().unwrap();
            for opening in ["t(\"", "Phrase::new(\""] {
                for (start, _) in source.match_indices(opening) {
                    // `at("/")` ends in `t("` too.
                    let is_whole =
                        !source[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                    let key = source[start + opening.len()..].split('"').next().unwrap();
                    if is_whole {
                        keys.insert(key.to_owned());
                    }
                }
            }
        }
    }

    #[test]
    fn every_key_the_pages_name_has_a_text() {
        let catalogue = english();
        let mut keys = BTreeSet::new();
        collect_keys(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut keys);

        let missing: Vec<_> =
            keys.iter().filter(|key| catalogue.read(key, nothing()).is_none()).collect();

        assert!(keys.len() > 100, "only {} keys were found in the sources", keys.len());
        assert!(missing.is_empty(), "no text for {missing:?}");
    }

    #[test]
    fn every_refusal_has_a_heading_and_a_body() {
        let catalogue = english();

        for refusal in Refusal::ALL {
            for part in ["heading", "body"] {
                let key = format!("refused-{}-{part}", refusal.code());
                assert!(catalogue.read(&key, nothing()).is_some(), "no text for {key}");
            }
        }
    }

    #[test]
    fn every_entry_can_be_read_and_stands_once() {
        for language in crate::text::LANGUAGES {
            let mut bundle = FluentBundle::new(vec![LanguageIdentifier::default()]);
            for texts in texts(language) {
                let resource = FluentResource::try_new(texts).expect("can be read");
                bundle.add_resource(resource).expect("stands once");
            }
        }
    }

    #[test]
    fn a_count_picks_the_plural() {
        let catalogue = english();
        let say = |count: i64| {
            catalogue.read("more-connections-sub", [("count", count.into())].into_iter()).unwrap()
        };

        assert_eq!(say(1), "1 place");
        assert_eq!(say(3), "3 places");
    }

    #[test]
    fn another_language_has_its_own_words_and_plural() {
        let spanish = Catalogue::new("es", texts("es"), |number| number.to_string());
        let say = |count: i64| {
            spanish.read("more-connections-sub", [("count", count.into())].into_iter()).unwrap()
        };

        assert_eq!(say(1), "1 lugar");
        assert_eq!(say(3), "3 lugares");
    }

    #[test]
    fn an_abbreviation_and_a_sentence_end_with_one_full_stop() {
        let catalogue =
            Catalogue::new("es", ["next = A las { $at }. Espere...".to_owned()], |_| String::new());
        let say = |at: &'static str| catalogue.read("next", [("at", at.into())].into_iter());

        assert_eq!(say("1:40 p.m."), Some("A las 1:40 p.m. Espere…".to_owned()));
        assert_eq!(say("13:40"), Some("A las 13:40. Espere…".to_owned()));
    }

    #[test]
    fn a_large_number_is_written_out_as_the_language_does() {
        let catalogue = Catalogue::new("en", texts("en"), |_| "1,204".to_owned());

        let text =
            catalogue.read("more-connections-sub", [("count", 1204.into())].into_iter()).unwrap();

        assert_eq!(text, "1,204 places");
    }
}

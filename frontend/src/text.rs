//! Every text of ours, in the person's language.
//!
//! In: a key, or a phrase with what fills its gaps. Out: the text.
//! Never: a text that stands in the source.

mod calendar;
mod catalogue;
mod languages;

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashSet,
};

use fluent_bundle::FluentValue;
use handrail_contract::{
    settings::Language,
    words::{Filling, Phrase},
};
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;
use yew::AttrValue;

pub use calendar::{PartOfDay, part_of_day, today_line, whole_date, written_date};
use catalogue::Catalogue;

use crate::looks::tag_of;

/// The languages we speak, as BCP 47 tags; the first one where the person speaks none of them.
const LANGUAGES: [&str; 2] = ["en", "es"];

thread_local! {
    static LANGUAGE: Cell<&'static str> = const { Cell::new(LANGUAGES[0]) };
    /// How the person writes days and numbers: `es-MX`, where the texts are Spanish.
    static LOCALE: RefCell<String> = RefCell::new(LANGUAGES[0].to_owned());
    static CATALOGUE: OnceCell<Catalogue> = const { OnceCell::new() };
    static MISSING: RefCell<HashSet<String>> = RefCell::default();
}

/// The files with a language's texts, beside the page: those the pages name, and those the core names.
fn files(language: &str) -> [String; 2] {
    [format!("text/{language}.ftl"), format!("text/core.{language}.ftl")]
}

/// The language of the texts, as a BCP 47 tag.
pub fn language() -> &'static str {
    LANGUAGE.get()
}

/// Brings the texts of the person's language. Before this is done, and where a file is missing, there are keys in
/// their place.
pub async fn load(wanted: Language) {
    let Some(window) = web_sys::window() else { return };
    let (language, locale) = choose(wanted, spoken());
    LANGUAGE.set(language);
    LOCALE.set(locale);
    if let Some(page) = window.document().and_then(|document| document.document_element()) {
        let _ = page.set_attribute("lang", language);
    }
    // Both are on their way before the first one is waited for.
    let coming = files(language).map(|file| (window.fetch_with_str(&file), file));
    let mut texts = Vec::new();
    for (response, file) in coming {
        match read_file(response).await {
            Some(text) => texts.push(text),
            None => web_sys::console::error_1(&format!("no file {file}").into()),
        }
    }
    CATALOGUE.with(|catalogue| {
        let _ = catalogue.set(Catalogue::new(language, texts, write_number));
    });
}

/// The languages of the device, the preferred one first.
fn spoken() -> Vec<String> {
    let languages = web_sys::window().map(|window| window.navigator().languages());
    languages.iter().flat_map(js_sys::Array::iter).filter_map(|tag| tag.as_string()).collect()
}

/// Whether there are texts already.
pub fn is_loaded() -> bool {
    CATALOGUE.with(|catalogue| catalogue.get().is_some())
}

/// The language in which the texts would be, had the person chosen this one.
pub fn language_of(wanted: Language) -> &'static str {
    choose(wanted, spoken()).0
}

/// The language that was chosen, or the first of the person's that we speak; and how it is written where they live.
fn choose(wanted: Language, spoken: Vec<String>) -> (&'static str, String) {
    let wanted = tag_of(wanted);
    let is_wanted = |tag: &String| wanted.is_none_or(|wanted| first_part(tag) == wanted);
    for tag in spoken.into_iter().filter(is_wanted) {
        let first = first_part(&tag);
        if let Some(language) = LANGUAGES.into_iter().find(|language| *language == first) {
            return (language, tag);
        }
    }
    let language = wanted.unwrap_or(LANGUAGES[0]);
    (language, language.to_owned())
}

/// The language of a tag, without where it is spoken.
fn first_part(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_lowercase()
}

async fn read_file(response: Promise) -> Option<String> {
    let response: Response = JsFuture::from(response).await.ok()?.unchecked_into();
    let text = response.ok().then(|| response.text().ok())??;
    JsFuture::from(text).await.ok()?.as_string()
}

/// The text under `key`, which has no gaps.
pub fn t(key: &'static str) -> AttrValue {
    say(&Phrase::new(key))
}

/// The text of a phrase, its gaps filled.
pub fn say(phrase: &Phrase) -> AttrValue {
    let text = CATALOGUE.with(|catalogue| Some(read(catalogue.get()?, phrase)));
    text.unwrap_or_else(|| phrase.key.clone()).into()
}

fn read(catalogue: &Catalogue, phrase: &Phrase) -> String {
    let fillings = phrase.with.iter().map(|(name, filling)| {
        let value: FluentValue<'_> = match filling {
            Filling::Text(text) => text.as_str().into(),
            Filling::Number(number) => (*number).into(),
            Filling::Day(day) => calendar::write_day(day).into(),
            Filling::Date(day) => calendar::write_whole_day(day).into(),
            Filling::Moment(moment) => calendar::write_moment(moment).into(),
            Filling::Language { tag, name } => {
                languages::name(tag).unwrap_or_else(|| name.clone()).into()
            }
            Filling::Phrase(inner) => read(catalogue, inner).into(),
        };
        (name.as_str(), value)
    });
    catalogue.read(&phrase.key, fillings).unwrap_or_else(|| {
        log_missing(&phrase.key);
        phrase.key.clone()
    })
}

/// "Today" where a text stands alone, and not within a sentence.
pub fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Says once in the console that a text is missing. The key says nothing about the person.
fn log_missing(key: &str) {
    let is_first = MISSING.with(|missing| missing.borrow_mut().insert(key.to_owned()));
    if is_first {
        web_sys::console::error_1(&format!("no text for `{key}`").into());
    }
}

/// Writes a number the way the language does, such as `1,204`.
fn write_number(number: f64) -> String {
    LOCALE.with_borrow(|locale| js_sys::Number::from(number).to_locale_string(locale).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_we_speak_is_spoken() {
        let choose = |tags: &[&str]| {
            choose(Language::Phone, tags.iter().map(|tag| (*tag).to_owned()).collect())
        };

        assert_eq!(choose(&["es-MX", "en-US"]), ("es", "es-MX".to_owned()));
        assert_eq!(choose(&["vi", "ES", "en"]), ("es", "ES".to_owned()));
        assert_eq!(choose(&["de-AT", "en-GB", "es"]), ("en", "en-GB".to_owned()));
        assert_eq!(choose(&["estonian", "vi"]), ("en", "en".to_owned()));
        assert_eq!(choose(&[]), ("en", "en".to_owned()));
    }

    #[test]
    fn the_language_that_was_chosen_is_spoken_as_it_is_where_the_person_lives() {
        let spoken = || ["en-GB", "es-MX"].map(str::to_owned).to_vec();

        assert_eq!(choose(Language::Spanish, spoken()), ("es", "es-MX".to_owned()));
        assert_eq!(choose(Language::English, spoken()), ("en", "en-GB".to_owned()));
        assert_eq!(choose(Language::Spanish, Vec::new()), ("es", "es".to_owned()));
    }

    #[test]
    fn a_date_on_its_own_line_starts_with_a_capital() {
        assert_eq!(sentence_case("today"), "Today");
        assert_eq!(sentence_case("übermorgen"), "Übermorgen");
        assert_eq!(sentence_case(""), "");
    }
}

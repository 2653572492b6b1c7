//! Words on the screen: ours from the catalogue, theirs as plain text in their language.

use handrail_contract::words::Words;
use yew::prelude::*;

use crate::text::{say, t};

/// The words without a mark of whose they are, for labels.
pub fn plain_text(words: &Words) -> AttrValue {
    match words {
        Words::Ours(phrase) => say(phrase),
        Words::Theirs { text, .. } => text.clone().into(),
    }
}

#[derive(Properties, PartialEq)]
pub struct SaidProps {
    pub words: Words,
}

/// Words within a line.
#[component]
pub fn Said(props: &SaidProps) -> Html {
    match &props.words {
        Words::Ours(phrase) => html! { say(phrase) },
        // An empty `lang` says that nobody knows; without it they would be read out as English.
        Words::Theirs { text, lang } => {
            html! { <span lang={lang.clone().unwrap_or_default()}>{ text.clone() }</span> }
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct TheirWordsProps {
    pub words: Words,
    /// Who wrote them.
    #[prop_or_default]
    pub writer: Option<AttrValue>,
}

/// Longer words of an organization, set apart from ours. Links in them are not live.
#[component]
pub fn TheirWords(props: &TheirWordsProps) -> Html {
    let is_theirs = matches!(props.words, Words::Theirs { .. });
    let writer = props.writer.as_ref().filter(|_| is_theirs);
    let footer = writer.map(|name| {
        let line = handrail_contract::words::Phrase::new("written-by").with("name", name.as_str());
        html! { <footer class="small muted">{ say(&line) }</footer> }
    });
    let (text, lang) = match &props.words {
        Words::Ours(phrase) => (say(phrase), None),
        Words::Theirs { text, lang } => {
            (AttrValue::from(text.clone()), Some(lang.clone().unwrap_or_default()))
        }
    };
    html! {
        <blockquote class="words group group--tight">
            { for paragraphs(&text).map(|line| html! { <p lang={lang.clone()}>{ line.to_owned() }</p> }) }
            { for footer }
        </blockquote>
    }
}

/// The lines of a text that say something.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The hidden word before something new.
pub fn new_mark(is_new: bool) -> Html {
    if is_new {
        html! { <span class="vh">{ t("new-mark") }{ " " }</span> }
    } else {
        Html::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn their_empty_lines_make_no_empty_paragraphs() {
        let lines: Vec<_> = paragraphs("Hello.\r\n\r\n  \nCall us. ").collect();

        assert_eq!(lines, ["Hello.", "Call us."]);
    }
}

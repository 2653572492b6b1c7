//! Words on the screen: ours from the catalogue, theirs as plain text in their language.

use handrail_contract::words::{Phrase, Words};
use yew::prelude::*;

use crate::text::{say, t};

/// The words without a mark of whose they are, for labels.
pub fn plain_text(words: &Words) -> AttrValue {
    match words {
        Words::Ours(phrase) => say(phrase),
        Words::Theirs { text, .. } => text.clone().into(),
    }
}

/// Words within a line.
pub fn draw_words(words: &Words) -> Html {
    match words {
        Words::Ours(phrase) => html! { say(phrase) },
        // An empty `lang` says that nobody knows; without it they would be read out as English.
        Words::Theirs { text, lang } => {
            html! { <span lang={lang.clone().unwrap_or_default()}>{ text.clone() }</span> }
        }
    }
}

/// Longer words of an organization, set apart from ours, with who wrote them. Links in them are not live.
pub fn draw_their_words(words: &Words, writer: &str) -> Html {
    let (text, lang) = match words {
        Words::Ours(phrase) => return html! { <p>{ say(phrase) }</p> },
        Words::Theirs { text, lang } => (text, lang.clone().unwrap_or_default()),
    };
    html! {
        <blockquote class="words group group--tight">
            { for paragraphs(text).map(|line| html! { <p lang={lang.clone()}>{ line.to_owned() }</p> }) }
            <footer class="small muted">
                { say(&Phrase::new("written-by").with("name", writer)) }
            </footer>
        </blockquote>
    }
}

/// The lines of a text that say something.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The hidden word before something new.
pub fn draw_new_mark(is_new: bool) -> Html {
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

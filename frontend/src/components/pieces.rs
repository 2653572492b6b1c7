//! Rows, chips, facts, contacts and empty places.

use handrail_contract::words::{Chip, Contact, Fact, Icon, Tone, Words};
use yew::prelude::*;

use super::{
    Picture, draw_icon, draw_picture, draw_words, icons::draw_small_icon, words::draw_new_mark,
};
use crate::{
    route::Route,
    text::{say, sentence_case},
};

/// The class of a tone.
pub const fn tone_class(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Turn => Some("is-turn"),
        Tone::Wait => Some("is-wait"),
        Tone::Done => Some("is-done"),
        Tone::Bad => Some("is-bad"),
        Tone::Plain => None,
    }
}

/// A few labels, each an icon and a word; nothing where there are none.
pub fn draw_chips<'a>(chips: impl IntoIterator<Item = &'a Chip>) -> Html {
    let mut chips = chips.into_iter().map(draw_chip).peekable();
    if chips.peek().is_none() {
        return Html::default();
    }
    html! { <span class="chips">{ for chips }</span> }
}

fn draw_chip(chip: &Chip) -> Html {
    html! {
        <span class={classes!("chip", tone_class(chip.tone))}>
            { draw_small_icon(chip.icon) }
            { draw_words(&chip.words) }
        </span>
    }
}

/// An icon on a tile, at the start of a row.
pub fn draw_tile(icon: Icon) -> Html {
    html! { <span class="tile" aria-hidden="true">{ draw_icon(icon) }</span> }
}

/// The same above a few words.
pub fn draw_large_tile(icon: Icon) -> Html {
    html! { <span class="tile tile--l" aria-hidden="true">{ draw_icon(icon) }</span> }
}

/// Rows under one another.
pub fn draw_list(rows: impl IntoIterator<Item = Html>) -> Html {
    html! { <ul class="list">{ for rows.into_iter().map(|row| html! { <li>{ row }</li> }) }</ul> }
}

/// A part of a page: a heading, and what stands under it.
pub fn draw_section(heading: AttrValue, content: Html) -> Html {
    html! { <section class="group"><h2>{ heading }</h2>{ content }</section> }
}

/// Rows under a heading; nothing where there are none.
pub fn draw_rows(heading: AttrValue, rows: impl IntoIterator<Item = Html>) -> Html {
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return Html::default();
    }
    draw_section(heading, draw_list(rows))
}

/// What pressing a row does.
#[derive(Default)]
pub enum Leads {
    /// Nothing: it only shows.
    #[default]
    Nowhere,
    /// To another page of ours.
    To(Route),
    /// To a call or a mail.
    Out(AttrValue),
    /// To a page in the browser, beside this one.
    Beside(AttrValue),
    /// It does something here.
    Press(Callback<MouseEvent>),
}

/// One line of a list. The whole row is one link or one button.
#[derive(Default)]
pub struct Row {
    pub title: Html,
    pub leads: Leads,
    /// A tile, the letters of a place, or a dot.
    pub lead: Html,
    pub sub: Option<Html>,
    pub chips: Html,
    pub is_new: bool,
    /// It is the one whose page stands beside the list.
    pub is_current: bool,
}

impl Row {
    pub fn draw(self) -> Html {
        let inside = html! {<>
            { self.lead }
            <span class="row__text">
                <span class="row__title">{ draw_new_mark(self.is_new) }{ self.title }</span>
                { self.sub.map(|sub| html! { <span class="row__sub">{ sub }</span> }).unwrap_or_default() }
                { self.chips }
            </span>
        </>};
        match self.leads {
            Leads::Nowhere => html! { <div class="row">{ inside }</div> },
            Leads::To(route) => {
                let href = route.href();
                // Another row is another link: what somebody is about to press does not lead elsewhere meanwhile.
                html! {
                    <a key={href.to_string()} class="row" {href} aria-current={self.is_current.then_some("true")}>
                        { inside }
                        { draw_icon(Icon::ChevronRight) }
                    </a>
                }
            }
            Leads::Out(href) => html! { <a class="row" {href}>{ inside }</a> },
            Leads::Beside(href) => html! {
                <a class="row" {href} target="_blank" rel="noopener noreferrer">
                    { inside }
                    { draw_icon(Icon::ExternalLink) }
                </a>
            },
            Leads::Press(onclick) => html! {
                <button class="row" type="button" {onclick}>
                    { inside }
                    { draw_icon(Icon::ChevronRight) }
                </button>
            },
        }
    }
}

/// Facts under one another; nothing where there are none.
pub fn draw_facts(facts: &[Fact]) -> Html {
    if facts.is_empty() {
        return Html::default();
    }
    let fact = |fact: &Fact| {
        let value = match &fact.value {
            Words::Ours(phrase) => html! { sentence_case(&say(phrase)) },
            theirs @ Words::Theirs { .. } => draw_words(theirs),
        };
        draw_fact(fact.icon, say(&fact.label), value)
    };
    html! { <dl class="facts">{ for facts.iter().map(fact) }</dl> }
}

/// One fact: its label, and what stands under it.
pub fn draw_fact(icon: Icon, label: AttrValue, value: Html) -> Html {
    html! { <div><dt>{ draw_icon(icon) }{ label }</dt><dd>{ value }</dd></div> }
}

/// A way to reach somebody, as a row.
pub fn draw_contact(contact: &Contact) -> Html {
    Row {
        title: html! { say(&contact.label) },
        sub: contact.about.as_ref().map(draw_words),
        lead: draw_tile(contact.icon),
        leads: safe_link(contact).map_or(Leads::Nowhere, |link| Leads::Out(link.into())),
        ..Row::default()
    }
    .draw()
}

/// The link of a contact, if it calls or writes and does nothing else.
pub fn safe_link(contact: &Contact) -> Option<String> {
    let link = contact.link.as_deref()?;
    ["tel:", "mailto:"].iter().any(|scheme| link.starts_with(scheme)).then(|| link.to_owned())
}

/// A place with nothing in it: a drawing, a heading and a sentence.
pub fn draw_empty(picture: Picture, heading: AttrValue, line: Option<AttrValue>) -> Html {
    html! {
        <div class="empty">
            { draw_picture(picture) }
            <h2>{ heading }</h2>
            { line.map(|line| html! { <p class="muted">{ line }</p> }).unwrap_or_default() }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use handrail_contract::words::Phrase;

    use super::*;

    fn contact(link: &str) -> Contact {
        Contact {
            icon: Icon::Phone,
            label: Phrase::new("call"),
            about: None,
            link: Some(link.to_owned()),
        }
    }

    #[test]
    fn a_contact_that_would_run_something_cannot_be_pressed() {
        assert_eq!(safe_link(&contact("javascript:alert(1)")), None);
        assert_eq!(safe_link(&contact("https://elsewhere.example")), None);
    }

    #[test]
    fn a_phone_number_can_be_pressed() {
        assert_eq!(safe_link(&contact("tel:555-0118")), Some("tel:555-0118".to_owned()));
    }
}

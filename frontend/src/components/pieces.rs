//! Rows, chips, facts, contacts and empty places.

use handrail_contract::words::{Chip, Contact, Fact, Icon, Tone};
use yew::prelude::*;

use super::{DrawnIcon, Said, art::Drawing, art::Picture, icons::Size, words::new_mark};
use crate::text::say;

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

#[derive(Properties, PartialEq)]
pub struct ChipsProps {
    pub chips: Vec<Chip>,
}

/// A few labels, each an icon and a word; nothing where there are none.
#[component]
pub fn Chips(props: &ChipsProps) -> Html {
    if props.chips.is_empty() {
        return Html::default();
    }
    let chip = |chip: &Chip| {
        html! {
            <span class={classes!("chip", tone_class(chip.tone))}>
                <DrawnIcon icon={chip.icon} size={Size::Small} />
                <Said words={chip.words.clone()} />
            </span>
        }
    };
    html! { <span class="chips">{ for props.chips.iter().map(chip) }</span> }
}

#[derive(Properties, PartialEq)]
pub struct TileProps {
    pub icon: Icon,
    #[prop_or_default]
    pub large: bool,
}

/// An icon on a tile, at the start of a row.
#[component]
pub fn Tile(props: &TileProps) -> Html {
    html! {
        <span class={classes!("tile", props.large.then_some("tile--l"))} aria-hidden="true">
            <DrawnIcon icon={props.icon} />
        </span>
    }
}

#[derive(Properties, PartialEq)]
pub struct ListProps {
    pub rows: Vec<Html>,
}

/// Rows under one another.
#[component]
pub fn List(props: &ListProps) -> Html {
    html! {
        <ul class="list">{ for props.rows.iter().map(|row| html! { <li>{ row.clone() }</li> }) }</ul>
    }
}

#[derive(Properties, PartialEq)]
pub struct RowProps {
    pub title: Html,
    /// Where pressing leads; without it the row only shows.
    #[prop_or_default]
    pub href: Option<AttrValue>,
    /// What pressing does, for a row that leads nowhere.
    #[prop_or_default]
    pub onclick: Option<Callback<MouseEvent>>,
    /// A tile, the letters of a place, or a dot.
    #[prop_or_default]
    pub lead: Html,
    #[prop_or_default]
    pub sub: Html,
    #[prop_or_default]
    pub chips: Html,
    #[prop_or_default]
    pub is_new: bool,
    /// Opens in the browser, beside this page.
    #[prop_or_default]
    pub outside: bool,
    /// Leads on to another page of ours; a call or a mail does not.
    #[prop_or(true)]
    pub chevron: bool,
}

/// One line of a list. The whole row is one link or one button.
#[component]
pub fn Row(props: &RowProps) -> Html {
    let inside = html! {<>
        { props.lead.clone() }
        <span class="row__text">
            <span class="row__title">{ new_mark(props.is_new) }{ props.title.clone() }</span>
            if props.sub != Html::default() {
                <span class="row__sub">{ props.sub.clone() }</span>
            }
            { props.chips.clone() }
        </span>
    </>};
    let end = if props.outside { Icon::ExternalLink } else { Icon::ChevronRight };
    let end = props.chevron.then(|| html! { <DrawnIcon icon={end} /> });
    if let Some(href) = props.href.clone() {
        html! {
            <a
                class="row"
                {href}
                target={props.outside.then_some("_blank")}
                rel={props.outside.then_some("noopener noreferrer")}
            >
                { inside }
                { for end }
            </a>
        }
    } else if let Some(onclick) = props.onclick.clone() {
        html! { <button class="row" type="button" {onclick}>{ inside }{ for end }</button> }
    } else {
        html! { <div class="row">{ inside }</div> }
    }
}

#[derive(Properties, PartialEq)]
pub struct FactsProps {
    pub facts: Vec<Fact>,
}

/// Facts under one another; nothing where there are none.
#[component]
pub fn Facts(props: &FactsProps) -> Html {
    if props.facts.is_empty() {
        return Html::default();
    }
    let fact = |fact: &Fact| {
        html! {
            <div>
                <dt><DrawnIcon icon={fact.icon} />{ say(&fact.label) }</dt>
                <dd><Said words={fact.value.clone()} /></dd>
            </div>
        }
    };
    html! { <dl class="facts">{ for props.facts.iter().map(fact) }</dl> }
}

#[derive(Properties, PartialEq)]
pub struct ContactRowsProps {
    pub contacts: Vec<Contact>,
}

/// Ways to reach somebody; nothing where there are none.
#[component]
pub fn ContactRows(props: &ContactRowsProps) -> Html {
    if props.contacts.is_empty() {
        return Html::default();
    }
    let row = |contact: &Contact| {
        let sub = contact.about.clone().map(|words| html! { <Said {words} /> });
        html! {
            <Row
                title={html! { say(&contact.label) }}
                sub={sub.unwrap_or_default()}
                lead={html! { <Tile icon={contact.icon} /> }}
                href={safe_link(contact).map(AttrValue::from)}
                chevron=false
            />
        }
    };
    html! { <List rows={props.contacts.iter().map(row).collect::<Vec<_>>()} /> }
}

/// The link of a contact, if it calls or writes and does nothing else.
pub fn safe_link(contact: &Contact) -> Option<String> {
    let link = contact.link.as_deref()?;
    ["tel:", "mailto:"].iter().any(|scheme| link.starts_with(scheme)).then(|| link.to_owned())
}

#[derive(Properties, PartialEq)]
pub struct EmptyProps {
    #[prop_or_default]
    pub picture: Option<Picture>,
    #[prop_or_default]
    pub icon: Option<Icon>,
    /// The heading and a sentence.
    pub children: Html,
}

/// A place with nothing in it: a drawing, a heading and a sentence.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            { for props.picture.map(|picture| html! { <Drawing {picture} /> }) }
            { for props.icon.map(|icon| html! { <Tile {icon} large=true /> }) }
            { props.children.clone() }
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

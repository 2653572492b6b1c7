//! Naming a place: by its hue in a row, by its letters in a list, by its address where it matters.

use handrail_contract::{code::HostParts, place::Place};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct FromProps {
    pub place: Place,
}

/// Where a row came from.
#[component]
pub fn From(props: &FromProps) -> Html {
    let Place { name, hue, .. } = &props.place;
    html! { <span class="from" data-hue={hue.to_string()}>{ name.clone() }</span> }
}

#[derive(Properties, PartialEq)]
pub struct MonoProps {
    pub name: AttrValue,
    /// Absent for a place that is not connected: it has no hue yet.
    #[prop_or_default]
    pub hue: Option<u8>,
}

/// The first letters of a place's name.
#[component]
pub fn Mono(props: &MonoProps) -> Html {
    let class = if props.hue.is_some() { "mono" } else { "tile" };
    html! {
        <span {class} data-hue={props.hue.map(|hue| hue.to_string())} aria-hidden="true">
            { initials(&props.name) }
        </span>
    }
}

/// "ES" of "Elm Street Family Clinic".
fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[derive(Properties, PartialEq)]
pub struct HostProps {
    pub host: HostParts,
}

/// A web address, large, so that it can be compared letter by letter.
#[component]
pub fn Host(props: &HostProps) -> Html {
    let HostParts { before, registered } = &props.host;
    html! {
        <p class="host" translate="no">
            if !before.is_empty() {
                <span class="host__sub">{ break_at_dots(before) }</span>
            }
            { break_at_dots(registered) }
        </p>
    }
}

/// Lets a long address break before each dot, and nowhere else.
fn break_at_dots(host: &str) -> Html {
    let mut parts = host.split('.');
    let first = parts.next().unwrap_or_default().to_owned();
    html! {<>
        { first }
        { for parts.map(|part| {
            // The dot at the end of what stands before belongs to it.
            let dot = if part.is_empty() { Html::default() } else { html! { <wbr /> } };
            html! {<>{ dot }{ format!(".{part}") }</>}
        }) }
    </>}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_known_by_its_first_two_words() {
        assert_eq!(initials("Elm Street Family Clinic"), "ES");
        assert_eq!(initials("(über) alles"), "ÜA");
        assert_eq!(initials(""), "");
    }
}

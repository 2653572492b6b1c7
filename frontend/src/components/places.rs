//! Naming a place: by its hue in a row, by its letters in a list, by its address where it matters.

use handrail_contract::{
    code::{HostParts, MarkedHost},
    place::Place,
};
use yew::prelude::*;

/// Where a row came from.
pub fn draw_from(place: &Place) -> Html {
    html! { <span class="from" data-hue={place.hue.to_string()}>{ place.name.clone() }</span> }
}

/// The first letters of a place's name; one that is not connected has no hue yet.
pub fn draw_mono(name: &str, hue: Option<u8>) -> Html {
    let class = if hue.is_some() { "mono" } else { "tile" };
    html! {
        <span {class} data-hue={hue.map(|hue| hue.to_string())} aria-hidden="true">
            { initials(name) }
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

/// A web address, large, so that it can be compared letter by letter.
pub fn draw_host(host: &HostParts) -> Html {
    let HostParts { before, registered } = host;
    html! {
        <p class="host" translate="no">
            if !before.is_empty() {
                <span class="host__sub">{ break_at_dots(before) }</span>
            }
            { break_at_dots(registered) }
        </p>
    }
}

/// A web address, with the letters marked in which it differs from another.
pub fn draw_marked_host(host: &MarkedHost) -> Html {
    let MarkedHost { before, marked, after } = host;
    html! {
        <p class="host" translate="no">
            { break_at_dots(before) }
            if !marked.is_empty() {
                <mark>{ marked.clone() }</mark>
            }
            { break_at_dots(after) }
        </p>
    }
}

/// A web address within a line, the part that somebody registered as strong as the rest.
pub fn draw_host_line(host: &HostParts) -> Html {
    let HostParts { before, registered } = host;
    html! { <span translate="no">{ break_at_dots(&format!("{before}{registered}")) }</span> }
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

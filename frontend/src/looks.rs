//! How the app looks, as the person chose: language, text size, light or dark.
//!
//! It comes with the first answer, before anything is drawn. A copy in the page's storage would be known some
//! milliseconds sooner, while there is nothing to see yet, and would be a second truth that outlives an erasure.

use handrail_contract::settings::{Language, Looks, TextSize, Theme};
use web_sys::{Element, HtmlElement};

use crate::text;

/// Makes the page look so. Another language is another page: it is loaded anew, at the same address.
pub fn follow(looks: &Looks) {
    show(looks);
    let Some(window) = web_sys::window() else { return };
    if text::is_loaded() && text::language() != text::language_of(looks.language) {
        let _ = window.location().reload();
    }
}

/// Sets what the style sheet reads (ui/DESIGN.md section 2).
fn show(looks: &Looks) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let Some(root) = document.document_element() else { return };
    set(&root, "data-theme", theme(looks.theme));
    if root.get_attribute("data-text").as_deref() != size(looks.text_size) {
        set(&root, "data-text", size(looks.text_size));
        document.body().iter().for_each(measure_again);
    }
}

/// Has the browser ask anew how many letters fit: Chromium asks only when a box changes, not when the letters do.
fn measure_again(body: &HtmlElement) {
    body.set_hidden(true);
    let _ = body.offset_width();
    body.set_hidden(false);
}

/// Sets an attribute; what follows the device has none.
fn set(root: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => root.set_attribute(name, value),
        None => root.remove_attribute(name),
    };
}

/// The names that `tokens.css` has for 125, 150 and 200 percent.
const fn size(size: TextSize) -> Option<&'static str> {
    match size {
        TextSize::Phone => None,
        TextSize::Large => Some("large"),
        TextSize::Larger => Some("larger"),
        TextSize::Largest => Some("largest"),
    }
}

const fn theme(theme: Theme) -> Option<&'static str> {
    match theme {
        Theme::Phone => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    }
}

/// The tag of a chosen language; none where the device's is followed.
pub const fn tag_of(language: Language) -> Option<&'static str> {
    match language {
        Language::Phone => None,
        Language::English => Some("en"),
        Language::Spanish => Some("es"),
    }
}

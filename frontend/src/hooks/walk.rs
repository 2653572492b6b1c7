//! Walking along a list with the arrow keys, row by row, beside Tab.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// What a list does with a key: the arrows move the focus to the row below or above.
pub fn walk_rows() -> Callback<KeyboardEvent> {
    Callback::from(|event: KeyboardEvent| {
        let from = event.target().and_then(|it| it.dyn_into::<Element>().ok());
        let Some(item) = from
            .filter(|it| it.matches(".row").unwrap_or(false))
            .and_then(|it| it.closest("li").ok().flatten())
        else {
            return;
        };
        let next = match event.key().as_str() {
            "ArrowDown" => item.next_element_sibling(),
            "ArrowUp" => item.previous_element_sibling(),
            _ => return,
        };
        let row = next.and_then(|it| it.query_selector(".row").ok().flatten());
        if let Some(row) = row.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            event.prevent_default();
            let _ = row.focus();
        }
    })
}

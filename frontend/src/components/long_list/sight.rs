//! Where a list stands on the page, and who tells when that changes.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, ResizeObserver, Window};
use yew::Callback;

use super::parts::{Piece, pieces, rows_of};

/// A list as it stands. Lengths are CSS pixels.
pub struct Sight {
    /// Where what is seen begins and ends, from the start of the list.
    pub from: f64,
    pub to: f64,
    /// How high each drawn part is.
    pub heights: Vec<(usize, f64)>,
    /// The first row that is wholly in sight.
    pub first_row: Option<Held>,
    /// The part with the focus.
    pub focused: Option<usize>,
}

/// A row that is drawn, and how far below the top of what is seen and below the start of its list it stands.
#[derive(Clone, Copy)]
pub struct Held {
    pub row: usize,
    pub in_sight: f64,
    pub in_list: f64,
}

impl Held {
    pub fn of(row: usize, element: &Element, list: &Element) -> Self {
        let in_sight = element.get_bounding_client_rect().top();
        Self { row, in_sight, in_list: in_sight - list.get_bounding_client_rect().top() }
    }
}

impl Sight {
    /// Looks at a list of so many rows in which these parts are drawn. Nothing where none of it is shown.
    pub fn of(list: &Element, drawn: &[usize], count: usize) -> Option<Self> {
        let place = list.get_bounding_client_rect();
        let seen = window()?.inner_height().ok()?.as_f64()?;
        if place.width() == 0.0 || count == 0 {
            return None;
        }
        let children = list.children();
        let top = |at: usize| {
            let child = children.item(u32::try_from(at).ok()?)?;
            Some(child.get_bounding_client_rect().top())
        };
        let mut heights = Vec::new();
        let mut first_row = None;
        let mut at = 0;
        for piece in pieces(drawn, count.div_ceil(super::PART)) {
            let Piece::Part(part) = piece else {
                at += 1;
                continue;
            };
            let rows = rows_of(part, count);
            let start = top(at)?;
            let end = top(at + rows.len()).unwrap_or(place.bottom());
            heights.push((part, end - start));
            if first_row.is_none() && end > 0.0 && start < seen {
                let mut tops = rows.clone().zip(at..).filter_map(|(row, at)| Some((row, top(at)?)));
                let first = tops.find(|(_, top)| *top >= 0.0).filter(|(_, top)| *top < seen);
                first_row = first.map(|(row, in_sight)| {
                    let in_list = in_sight - place.top();
                    Held { row, in_sight, in_list }
                });
            }
            at += rows.len();
        }
        let (from, to) = (-place.top(), seen - place.top());
        Some(Self { from, to, heights, first_row, focused: focused_part(list) })
    }
}

fn focused_part(list: &Element) -> Option<usize> {
    let focused = window()?.document()?.active_element()?;
    let (row, _) = row_of(&focused).filter(|_| list.contains(Some(&focused)))?;
    Some(row / super::PART)
}

/// Which row something stands in, and how far below the top of what is seen the row stands.
pub fn row_of(inside: &Element) -> Option<(usize, f64)> {
    let row = inside.closest("[aria-posinset]").ok()??;
    let position: usize = row.get_attribute("aria-posinset")?.parse().ok()?;
    Some((position.checked_sub(1)?, row.get_bounding_client_rect().top()))
}

/// A row that is drawn.
pub fn find_row(list: &Element, row: usize) -> Option<Element> {
    list.query_selector(&format!("[aria-posinset='{}']", row + 1)).ok().flatten()
}

/// What the list scrolls in: the page, or the column beside it.
pub fn find_scroller(list: &Element) -> Option<Element> {
    let column = list.closest(".beside").ok().flatten();
    column.or_else(|| window()?.document()?.scrolling_element())
}

/// Whether it is scrolled as far as it goes.
pub fn is_at_end(scroller: &Element) -> bool {
    scroller.scroll_top() + scroller.client_height() + 1 >= scroller.scroll_height()
}

/// Calls before the next picture.
pub fn look_soon(call: Callback<()>) {
    let call = Closure::once_into_js(move || call.emit(()));
    if let Some(window) = window() {
        let _ = window.request_animation_frame(call.unchecked_ref());
    }
}

/// Tells when what is seen of a list changes, for as long as this lives.
pub struct Watch {
    observer: Option<ResizeObserver>,
    moved: Closure<dyn Fn()>,
    _resized: Closure<dyn Fn()>,
}

/// What moves what is seen, anywhere on the page.
const MOVES: [&str; 2] = ["scroll", "resize"];

impl Watch {
    pub fn over(list: &Element, moved: Callback<()>, resized: Callback<()>) -> Self {
        let moved = Closure::<dyn Fn()>::new(move || moved.emit(()));
        let resized = Closure::<dyn Fn()>::new(move || resized.emit(()));
        let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            observer.observe(list);
        }
        let handler = moved.as_ref().unchecked_ref();
        for event in MOVES {
            // On its way down: what scrolls within the page does not come up.
            let _ = window()
                .map(|it| it.add_event_listener_with_callback_and_bool(event, handler, true));
        }
        Self { observer, moved, _resized: resized }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        let handler = self.moved.as_ref().unchecked_ref();
        for event in MOVES {
            let _ = window()
                .map(|it| it.remove_event_listener_with_callback_and_bool(event, handler, true));
        }
    }
}

fn window() -> Option<Window> {
    web_sys::window()
}

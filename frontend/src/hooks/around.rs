//! What stands around every page: news from the engine, the spoken line, and the code that was read.

use std::{cell::Cell, rc::Rc};

use handrail_contract::code::CodeRead;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::VisibilityState;
use yew::prelude::*;

use super::{
    door::{Doorway, use_doorway},
    left::LeftRow,
};
use crate::bridge::listen_for_changes;

/// What every page can reach.
#[derive(Clone, PartialEq)]
pub struct Around {
    /// Grows whenever pages should ask again.
    pub news: u32,
    /// Makes pages ask again.
    pub ask_again: Callback<()>,
    /// Says a line to those who cannot see it appear.
    pub announce: Callback<AttrValue>,
    /// The code that was read last, on its way to the page that asks whether it is right.
    pub code: Option<Rc<CodeRead>>,
    /// Keeps a code for that page, or lets it go.
    pub keep_code: Callback<Option<Rc<CodeRead>>>,
    /// How the door stands, and what takes what a page learns about it.
    pub doorway: Doorway,
    /// The person went to another page and its heading was not focused yet.
    pub moved: Moved,
    /// The row that a list was left by.
    pub left: LeftRow,
}

/// Whether the next heading takes the focus.
#[derive(Clone, Default)]
pub struct Moved(Rc<Cell<bool>>);

impl Moved {
    /// The person goes somewhere.
    pub fn mark(&self) {
        self.0.set(true);
    }

    /// Whether a heading that just appeared takes the focus; only the first one does.
    pub fn take(&self) -> bool {
        self.0.take()
    }
}

impl PartialEq for Moved {
    fn eq(&self, _: &Self) -> bool {
        true // One cell for all pages; what is in it draws nothing.
    }
}

/// Tells the next heading to take the focus whenever `page` is another one than before.
#[hook]
pub fn use_new_page<P: PartialEq + 'static>(page: P) {
    let moved = use_around().moved;
    let last = use_mut_ref(|| None::<P>);
    // While drawing and not in an effect, so that the heading that is drawn next knows.
    let is_new = last.borrow().as_ref().is_some_and(|last| *last != page);
    if is_new {
        moved.mark();
    }
    last.replace(Some(page));
}

/// What stands around this page.
#[hook]
pub fn use_around() -> Around {
    use_context().expect("every page stands inside the app")
}

/// Sets up what stands around the pages, and the line that is announced.
#[hook]
pub fn use_around_value() -> (Around, AttrValue) {
    let news = use_reducer(News::default);
    let said = use_state(AttrValue::default);
    let code = use_state(|| None);
    let moved = use_memo((), |()| Moved::default());
    let left = use_memo((), |()| LeftRow::default());

    let ask_again = {
        let dispatch = news.dispatcher();
        Callback::from(move |()| dispatch.dispatch(()))
    };
    let dispatch = news.dispatcher();
    use_effect_with((), move |()| {
        let on_change = dispatch.clone();
        listen_for_changes(move || {
            // A page that nobody sees asks when it is seen again.
            if is_visible() {
                on_change.dispatch(());
            }
        });
        let on_seen = Closure::<dyn Fn()>::new(move || {
            if is_visible() {
                dispatch.dispatch(());
            }
        });
        let document = document();
        let handler = on_seen.as_ref().unchecked_ref();
        let _ = document.add_event_listener_with_callback("visibilitychange", handler);
        on_seen.forget(); // As long as the app.
    });

    let announce = {
        let said = said.setter();
        let is_odd = Cell::new(false);
        Callback::from(move |line: AttrValue| {
            // The same line twice is read out twice only if something about it is different.
            is_odd.set(!is_odd.get());
            let tail = if is_odd.get() { "\u{a0}" } else { "" };
            said.set(format!("{line}{tail}").into());
        })
    };
    let keep_code = {
        let code = code.setter();
        Callback::from(move |read| code.set(read))
    };
    let doorway = use_doorway(news.0);
    let around = Around {
        news: news.0,
        ask_again,
        announce,
        code: (*code).clone(),
        keep_code,
        doorway,
        moved: (*moved).clone(),
        left: (*left).clone(),
    };
    (around, (*said).clone())
}

/// How often pages were told to ask again.
#[derive(Default)]
struct News(u32);

impl Reducible for News {
    type Action = ();

    fn reduce(self: Rc<Self>, (): ()) -> Rc<Self> {
        Rc::new(Self(self.0.wrapping_add(1)))
    }
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

fn document() -> web_sys::Document {
    web_sys::window().and_then(|window| window.document()).expect("the page has a document")
}

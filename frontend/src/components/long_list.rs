//! A list that may be long: drawn as far as it was scrolled, so that the first rows are there at once.

use std::{any::Any, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};
use yew::prelude::*;

use super::draw_section;

/// Rows that are drawn together: few enough for one frame of an old phone.
const PART: usize = 12;

/// How far below what is seen the list is drawn ahead.
const AHEAD: &str = "2400px";

/// A row of a list.
pub trait InList: Eq + Clone + 'static {
    fn draw(&self) -> Html;
}

/// Rows under a heading, however many; nothing where there are none.
pub fn draw_long_rows<R: InList>(heading: AttrValue, rows: &[R]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    draw_section(heading, draw_long_list(rows))
}

/// Rows under one another, however many.
pub fn draw_long_list<R: InList>(rows: &[R]) -> Html {
    let rows = Rows(Rc::new(rows.to_vec()));
    html! { <LongList {rows} /> }
}

/// Rows of any one kind: the list itself is one program for all of them.
#[derive(Clone)]
struct Rows(Rc<dyn AnyRows>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || self.0.is_same(&*other.0)
    }
}

trait AnyRows: Any {
    fn count(&self) -> usize;
    fn draw(&self, at: usize) -> Html;
    fn is_same(&self, other: &dyn AnyRows) -> bool;
}

impl<R: InList> AnyRows for Vec<R> {
    fn count(&self) -> usize {
        self.len()
    }

    fn draw(&self, at: usize) -> Html {
        self.get(at).map(InList::draw).unwrap_or_default()
    }

    fn is_same(&self, other: &dyn AnyRows) -> bool {
        (other as &dyn Any).downcast_ref::<Self>().is_some_and(|other| self == other)
    }
}

#[derive(Properties, PartialEq)]
struct LongListProps {
    rows: Rows,
}

#[component]
fn LongList(props: &LongListProps) -> Html {
    let drawn = use_state(|| 1_usize);
    let end = use_node_ref();
    let parts = props.rows.0.count().div_ceil(PART);
    let has_more = *drawn < parts;
    {
        let (drawn, end) = (drawn.clone(), end.clone());
        use_effect_with((*drawn, has_more), move |_| {
            let element = end.cast::<Element>().filter(|_| has_more);
            let watch = element.map(|element| Watch::over(&element, move || drawn.set(*drawn + 1)));
            move || drop(watch)
        });
    }
    let part = |at: usize| html! { <Part key={at} rows={props.rows.clone()} {at} /> };
    html! {
        <ul class="list">
            { for (0..parts.min(*drawn)).map(part) }
            if has_more {
                <li ref={end} class="list__end" aria-hidden="true"></li>
            }
        </ul>
    }
}

#[derive(Properties, PartialEq)]
struct PartProps {
    rows: Rows,
    at: usize,
}

/// Some rows: drawn once, and left alone while the list grows.
#[component]
fn Part(props: &PartProps) -> Html {
    let rows = &props.rows.0;
    let first = props.at * PART;
    let here = first..rows.count().min(first + PART);
    html! {<>{ for here.map(|at| html! { <li>{ rows.draw(at) }</li> }) }</>}
}

/// Calls when something comes near what is seen, for as long as this lives.
struct Watch {
    observer: Option<IntersectionObserver>,
    _call: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    fn over(element: &Element, near: impl Fn() + 'static) -> Self {
        let call = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let is_near = |entry| IntersectionObserverEntry::is_intersecting(&entry);
            if entries.iter().map(JsCast::unchecked_into).any(is_near) {
                near();
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(AHEAD);
        let observer =
            IntersectionObserver::new_with_options(call.as_ref().unchecked_ref(), &options).ok();
        if let Some(observer) = &observer {
            observer.observe(element);
        }
        Self { observer, _call: call }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

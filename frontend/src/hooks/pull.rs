//! Pulling a list down to look for news. The round arrow beside the heading does the same without a gesture.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::TouchEvent;
use yew::prelude::*;

/// How far a finger has to pull, in CSS pixels.
const FAR_ENOUGH: i32 = 96;

/// Calls back when the page was pulled down from its top and let go.
#[hook]
pub fn use_pull(on_pull: Callback<()>) {
    let latest = use_mut_ref(|| on_pull.clone());
    *latest.borrow_mut() = on_pull;
    use_effect_with((), move |()| {
        let from = Rc::new(Cell::new(None::<i32>));
        let begin = {
            let from = from.clone();
            Closure::<dyn Fn(TouchEvent)>::new(move |event: TouchEvent| {
                let one = event.touches();
                let is_at_top = web_sys::window()
                    .and_then(|window| window.scroll_y().ok())
                    .is_some_and(|scrolled| scrolled <= 0.0);
                let finger = one.item(0).filter(|_| is_at_top && one.length() == 1);
                from.set(finger.map(|finger| finger.client_y()));
            })
        };
        let end = Closure::<dyn Fn(TouchEvent)>::new(move |event: TouchEvent| {
            let to = event.changed_touches().item(0).map(|finger| finger.client_y());
            if let (Some(from), Some(to)) = (from.take(), to)
                && to - from >= FAR_ENOUGH
            {
                latest.borrow().emit(());
            }
        });
        let window = web_sys::window().expect("the page stands in a window");
        let listening = [("touchstart", begin), ("touchend", end)].map(|(event, closure)| {
            let handler = closure.as_ref().unchecked_ref::<js_sys::Function>().clone();
            let _ = window.add_event_listener_with_callback(event, &handler);
            (event, handler, closure)
        });
        move || {
            for (event, handler, closure) in listening {
                let _ = window.remove_event_listener_with_callback(event, &handler);
                drop(closure);
            }
        }
    });
}

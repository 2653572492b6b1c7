//! The door as the engine holds it: asked at the start and at every change, and told when the person goes away.

use std::rc::Rc;

use handrail_contract::{
    Problem,
    lock::{Door, NoteAway, ShowDoor},
};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, VisibilityState};
use yew::prelude::*;

use crate::{bridge::ask, looks};

/// What the app knows about its door.
#[derive(Clone, PartialEq)]
pub struct Doorway {
    /// As it stood last; nothing before the first answer.
    pub door: Option<Rc<Door>>,
    /// Why the first answer did not come: the pages say so themselves.
    pub problem: Option<Problem>,
    /// Nothing of the pages is to be seen now.
    pub covered: bool,
    /// Takes an answer about the door that a page got.
    pub keep: Callback<Door>,
}

impl Doorway {
    /// Whether the pages stay shut.
    pub fn is_locked(&self) -> bool {
        self.door.as_ref().is_some_and(|door| door.locked)
    }

    /// Whether there is a PIN.
    pub fn has_pin(&self) -> bool {
        self.door.as_ref().is_some_and(|door| door.has_pin)
    }
}

/// Keeps an eye on the door as long as the app is open. `news` grows whenever to ask again.
#[hook]
pub fn use_doorway(news: u32) -> Doorway {
    let door = use_state(|| None::<Rc<Door>>);
    let problem = use_state(|| None::<Problem>);
    let covered = use_state(|| false);
    let keep = {
        let (door, problem) = (door.setter(), problem.setter());
        Callback::from(move |came: Door| {
            looks::follow(&came.looks);
            problem.set(None);
            door.set(Some(Rc::new(came)));
        })
    };
    {
        let (keep, problem) = (keep.clone(), problem.setter());
        use_effect_with(news, move |_| {
            spawn_local(async move {
                match ask(&ShowDoor {}).await {
                    Ok(door) => keep.emit(door),
                    Err(reason) => problem.set(Some(reason)),
                }
            });
        });
    }
    // What the listener below reads is what holds when the person goes, not when it was made.
    let covers = use_mut_ref(|| true);
    *covers.borrow_mut() = door.as_ref().is_none_or(|door| door.looks.covers);
    {
        let (keep, covered) = (keep.clone(), covered.setter());
        use_effect_with((), move |()| {
            let on_turn = Closure::<dyn Fn()>::new(move || {
                let away = document().visibility_state() == VisibilityState::Hidden;
                if away {
                    leave_field();
                    covered.set(*covers.borrow());
                }
                let (keep, covered) = (keep.clone(), covered.clone());
                spawn_local(async move {
                    let came = ask(&NoteAway { away }).await;
                    if !away {
                        // Uncovered once it is known whether the door is shut.
                        came.into_iter().for_each(|door| keep.emit(door));
                        covered.set(false);
                    }
                });
            });
            let handler = on_turn.as_ref().unchecked_ref();
            let _ = document().add_event_listener_with_callback("visibilitychange", handler);
            on_turn.forget(); // As long as the app.
        });
    }
    Doorway { door: (*door).clone(), problem: (*problem).clone(), covered: *covered, keep }
}

/// Leaves the field that is being written in, so that what stands in it is kept before the app may be locked.
fn leave_field() {
    let field = document().active_element().and_then(|it| it.dyn_into::<HtmlElement>().ok());
    if let Some(field) = field {
        let _ = field.blur();
    }
}

fn document() -> web_sys::Document {
    web_sys::window().and_then(|window| window.document()).expect("the page has a document")
}

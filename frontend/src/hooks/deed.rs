//! Doing something once, at a press.

use handrail_contract::{Problem, Question};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::bridge::ask;

/// Something that is done when the person presses.
pub struct Deed<Q: Question> {
    /// It is under way; pressing again does nothing.
    pub busy: bool,
    /// Why it did not work the last time.
    pub problem: Option<Problem>,
    begin: Callback<Q>,
}

impl<Q: Question> Deed<Q> {
    /// What a press calls.
    pub fn press<E>(&self, question: Q) -> Callback<E> {
        self.begin.reform(move |_| question.clone())
    }

    /// Does it with what the person just gave.
    pub fn begin(&self) -> Callback<Q> {
        self.begin.clone()
    }
}

/// A deed, and what follows when it worked.
#[hook]
pub fn use_deed<Q: Question>(then: Callback<Q::Answer>) -> Deed<Q> {
    let busy = use_state(|| false);
    let problem = use_state(|| None::<Problem>);
    // Two presses can come before the page is drawn again.
    let under_way = use_mut_ref(|| false);
    let begin = {
        let (busy, problem) = (busy.setter(), problem.setter());
        Callback::from(move |question: Q| {
            if std::mem::replace(&mut *under_way.borrow_mut(), true) {
                return;
            }
            busy.set(true);
            problem.set(None);
            let (busy, problem, then) = (busy.clone(), problem.clone(), then.clone());
            let under_way = under_way.clone();
            spawn_local(async move {
                let result = ask(question).await;
                *under_way.borrow_mut() = false;
                busy.set(false);
                match result {
                    Ok(answer) => then.emit(answer),
                    Err(reason) => problem.set(Some(reason)),
                }
            });
        })
    };
    Deed { busy: *busy, problem: (*problem).clone(), begin }
}

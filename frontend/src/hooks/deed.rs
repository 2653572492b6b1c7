//! Doing something once, at a press.

use std::marker::PhantomData;

use handrail_contract::{Problem, Question};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::bridge::{pass_on, read_answer, write_question};

/// Goes to the first page and loads it anew, so that nothing stays of what the pages knew: the engine is another one.
pub fn begin_anew() {
    let Some(window) = web_sys::window() else { return };
    let _ = window.location().set_hash("/");
    let _ = window.location().reload();
}

/// Something that is done when the person presses.
pub struct Deed<Q: Question> {
    /// It is under way; pressing again does nothing.
    pub busy: bool,
    /// Why it did not work the last time.
    pub problem: Option<Problem>,
    /// Takes the question as it is written down.
    begin: Callback<String>,
    question: PhantomData<Q>,
}

impl<Q: Question> Deed<Q> {
    /// What a press calls.
    pub fn press<E>(&self, question: Q) -> Callback<E> {
        self.begin.reform(move |_| write_question(&question))
    }

    /// Does it with what the person just gave.
    pub fn begin(&self) -> Callback<Q> {
        self.begin.reform(|question: Q| write_question(&question))
    }
}

/// A deed, and what follows when it worked.
#[hook]
pub fn use_deed<Q: Question>(then: Callback<Q::Answer>) -> Deed<Q> {
    let then = Callback::from(move |answer: String| {
        then.emit(read_answer::<Q::Answer>(&answer)?);
        Ok(())
    });
    let (busy, problem, begin) = use_doing(Q::COMMAND, then);
    Deed { busy, problem, begin, question: PhantomData }
}

/// The part of it that is the same for every question.
#[hook]
fn use_doing(
    command: &'static str,
    then: Callback<String, Result<(), Problem>>,
) -> (bool, Option<Problem>, Callback<String>) {
    let busy = use_state(|| false);
    let problem = use_state(|| None::<Problem>);
    // Two presses can come before the page is drawn again.
    let under_way = use_mut_ref(|| false);
    let begin = {
        let (busy, problem) = (busy.setter(), problem.setter());
        Callback::from(move |question: String| {
            if std::mem::replace(&mut *under_way.borrow_mut(), true) {
                return;
            }
            busy.set(true);
            problem.set(None);
            let (busy, problem, then) = (busy.clone(), problem.clone(), then.clone());
            let under_way = under_way.clone();
            spawn_local(async move {
                let answer = pass_on(command, question).await;
                *under_way.borrow_mut() = false;
                busy.set(false);
                if let Err(reason) = answer.and_then(|answer| then.emit(answer)) {
                    problem.set(Some(reason));
                }
            });
        })
    };
    (*busy, (*problem).clone(), begin)
}

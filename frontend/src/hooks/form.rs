//! Going through questions: each answer is kept at once, and a press shows the next step.

use std::{collections::VecDeque, rc::Rc};

use handrail_contract::{
    Problem, Question,
    form::{FormPage, Given, RepeatGroup, SaveAnswer, ShowForm, Spot},
    words::ItemId,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_around;
use crate::{
    bridge::{pass_on, read_answer, write_question},
    text::language,
};

/// A form on screen, and how to go on in it.
#[derive(Clone, PartialEq)]
pub struct Asked {
    /// The step to show; nothing before the first came.
    pub page: Option<Rc<FormPage>>,
    /// Grows when a step is shown anew although it may have the name of the last one.
    pub turn: u32,
    /// Why the last press did nothing.
    pub problem: Option<Problem>,
    worker: Callback<Work>,
    todo: ItemId,
}

/// Questions to the engine, written down, and whether the last one's answer is shown.
struct Work {
    lines: Vec<(&'static str, String)>,
    shows: bool,
}

/// The questions of a to-do, from the first that is open.
#[hook]
pub fn use_form(todo: &ItemId) -> Asked {
    let page = use_state(|| (0_u32, None::<Rc<FormPage>>));
    let problem = use_state(|| None::<Problem>);
    let moved = use_around().moved;
    // One after the other, so that no answer overtakes a later one.
    let queue = use_mut_ref(VecDeque::<Work>::new);
    let worker = {
        let (page, problem) = (page.clone(), problem.setter());
        Callback::from(move |work: Work| {
            let is_idle = {
                let mut queue = queue.borrow_mut();
                // Two presses can come before the page is drawn again.
                if work.shows && queue.iter().any(|it| it.shows) {
                    return;
                }
                queue.push_back(work);
                queue.len() == 1
            };
            if !is_idle {
                return;
            }
            let (page, problem) = (page.clone(), problem.clone());
            let (moved, queue) = (moved.clone(), queue.clone());
            spawn_local(async move {
                let mut turn = page.0;
                loop {
                    // What is under way stays in the queue until it is done.
                    let (lines, shows) = match queue.borrow_mut().front_mut() {
                        Some(work) => (std::mem::take(&mut work.lines), work.shows),
                        None => break,
                    };
                    let is_anew = lines.len() > 1;
                    let mut came = Err(Problem::Gone);
                    for (command, question) in lines {
                        came = pass_on(command, question).await;
                        if came.is_err() {
                            break;
                        }
                    }
                    queue.borrow_mut().pop_front();
                    match came.and_then(|answer| read_answer::<FormPage>(&answer)) {
                        Ok(next) if shows => {
                            // The heading of the next question takes the focus, and so is read out.
                            moved.mark();
                            turn += u32::from(is_anew);
                            problem.set(None);
                            page.set((turn, Some(Rc::new(next))));
                        }
                        Ok(_) => problem.set(None),
                        Err(reason) => problem.set(Some(reason)),
                    }
                }
            });
        })
    };
    let (turn, page) = (*page).clone();
    let asked = Asked { page, turn, problem: (*problem).clone(), worker, todo: todo.clone() };
    {
        let asked = asked.clone();
        use_effect_with(todo.clone(), move |_| asked.show(None));
    }
    asked
}

impl Asked {
    fn begin(&self, lines: Vec<(&'static str, String)>, shows: bool) {
        self.worker.emit(Work { lines, shows });
    }

    fn line<Q: Question>(question: &Q) -> (&'static str, String) {
        (Q::COMMAND, write_question(question))
    }

    fn save_line(&self, at: &Spot, given: Vec<Given>) -> (&'static str, String) {
        let (todo, at) = (self.todo.clone(), at.clone());
        Self::line(&SaveAnswer { todo, at, given, lang: language().to_owned() })
    }

    fn show_line(&self, at: Option<Spot>) -> (&'static str, String) {
        Self::line(&ShowForm { todo: self.todo.clone(), at, lang: language().to_owned() })
    }

    /// Shows the step at a spot, or the first question that is open.
    pub fn show(&self, at: Option<Spot>) {
        self.begin(vec![self.show_line(at)], true);
    }

    /// Keeps an answer that was just given; the step stays.
    pub fn keep(&self, at: &Spot, given: Vec<Given>) {
        self.begin(vec![self.save_line(at, given)], false);
    }

    /// Keeps an answer and goes on.
    pub fn go_on(&self, at: &Spot, given: Vec<Given>) {
        self.begin(vec![self.save_line(at, given)], true);
    }

    /// Keeps an answer and goes back.
    pub fn go_back(&self, at: &Spot, given: Vec<Given>, to: Spot) {
        self.begin(vec![self.save_line(at, given), self.show_line(Some(to))], true);
    }

    /// Keeps an answer, and begins its group once more or takes it away.
    pub fn repeat(&self, at: &Spot, given: Vec<Given>, take_away: bool) {
        let (todo, again) = (self.todo.clone(), at.clone());
        let repeat = RepeatGroup { todo, at: again, take_away, lang: language().to_owned() };
        self.begin(vec![self.save_line(at, given), Self::line(&repeat)], true);
    }
}

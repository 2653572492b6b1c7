//! Going through questions: each answer is kept at once, and a press shows the next step.

use std::rc::Rc;

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
    text::LANGUAGE,
};

/// A form on screen, and how to go on in it.
#[derive(Clone, PartialEq)]
pub struct Asked {
    /// The step to show; nothing before the first came.
    pub page: Option<Rc<FormPage>>,
    /// Why the last press did nothing.
    pub problem: Option<Problem>,
    begin: Callback<(Vec<Line>, bool)>,
    todo: ItemId,
}

/// A question to the engine, written down.
type Line = (&'static str, String);

/// The questions of a to-do, from the first that is open.
#[hook]
pub fn use_form(todo: &ItemId) -> Asked {
    let page = use_state(|| None::<Rc<FormPage>>);
    let problem = use_state(|| None::<Problem>);
    let moved = use_around().moved;
    // Two presses can come before the page is drawn again.
    let under_way = use_mut_ref(|| false);
    let begin = {
        let (page, problem) = (page.setter(), problem.setter());
        Callback::from(move |(lines, shows): (Vec<Line>, bool)| {
            if shows && std::mem::replace(&mut *under_way.borrow_mut(), true) {
                return;
            }
            let (page, problem) = (page.clone(), problem.clone());
            let (moved, under_way) = (moved.clone(), under_way.clone());
            spawn_local(async move {
                let mut came = Err(Problem::Gone);
                for (command, question) in lines {
                    came = pass_on(command, question).await;
                    if came.is_err() {
                        break;
                    }
                }
                let came = came.and_then(|answer| read_answer::<FormPage>(&answer));
                if shows {
                    *under_way.borrow_mut() = false;
                }
                match came {
                    Ok(next) if shows => {
                        // The heading of the next question takes the focus, and so is read out.
                        moved.mark();
                        problem.set(None);
                        page.set(Some(Rc::new(next)));
                    }
                    Ok(_) => problem.set(None),
                    Err(reason) => problem.set(Some(reason)),
                }
            });
        })
    };
    let asked =
        Asked { page: (*page).clone(), problem: (*problem).clone(), begin, todo: todo.clone() };
    {
        let asked = asked.clone();
        use_effect_with(todo.clone(), move |_| asked.show(None));
    }
    asked
}

impl Asked {
    fn line<Q: Question>(question: &Q) -> Line {
        (Q::COMMAND, write_question(question))
    }

    fn save_line(&self, at: &Spot, given: Vec<Given>) -> Line {
        let (todo, at) = (self.todo.clone(), at.clone());
        Self::line(&SaveAnswer { todo, at, given, lang: LANGUAGE.to_owned() })
    }

    fn show_line(&self, at: Option<Spot>) -> Line {
        Self::line(&ShowForm { todo: self.todo.clone(), at, lang: LANGUAGE.to_owned() })
    }

    /// Shows the step at a spot, or the first question that is open.
    pub fn show(&self, at: Option<Spot>) {
        self.begin.emit((vec![self.show_line(at)], true));
    }

    /// Keeps an answer that was just given; the step stays.
    pub fn keep(&self, at: &Spot, given: Vec<Given>) {
        self.begin.emit((vec![self.save_line(at, given)], false));
    }

    /// Keeps an answer and goes on.
    pub fn go_on(&self, at: &Spot, given: Vec<Given>) {
        self.begin.emit((vec![self.save_line(at, given)], true));
    }

    /// Keeps an answer and goes back.
    pub fn go_back(&self, at: &Spot, given: Vec<Given>, to: Spot) {
        self.begin.emit((vec![self.save_line(at, given), self.show_line(Some(to))], true));
    }

    /// Keeps an answer, and begins its group once more or takes it away.
    pub fn repeat(&self, at: &Spot, given: Vec<Given>, take_away: bool) {
        let (todo, again) = (self.todo.clone(), at.clone());
        let repeat = RepeatGroup { todo, at: again, take_away, lang: LANGUAGE.to_owned() };
        self.begin.emit((vec![self.save_line(at, given), Self::line(&repeat)], true));
    }
}

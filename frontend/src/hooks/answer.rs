//! Asking the engine, and asking again when something changed.

use std::{any::Any, cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use handrail_contract::{Problem, Question};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_around;
use crate::bridge::{pass_on, read_answer, write_question};

/// How long to wait before asking again while something is under way.
const BEAT_MS: u32 = 1000;

/// How far a question is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Answered<A> {
    /// There was no answer yet.
    #[default]
    Awaited,
    /// The latest answer.
    Given(A),
    /// There is none, and why.
    Withheld(Problem),
}

/// Asks, and asks again when something changed. The last answer stays on screen meanwhile.
#[hook]
pub fn use_answer<Q: Question>(question: Q) -> Answered<Rc<Q::Answer>> {
    use_answer_while(question, |_| false)
}

/// The same of a long list: its `first` rows are asked for before `all` of it, and shown until it is there. Who comes back
/// to a row waits for all, among which it is.
#[hook]
pub fn use_long_answer<Q: Question>(first: Q, all: Q) -> Answered<Rc<Q::Answer>> {
    let first = (!use_around().left.is_here()).then_some(first);
    use_answer_after(first, all, |_| false)
}

/// The same, and asks every second as long as the answer is one to `wait` on.
#[hook]
pub fn use_answer_while<Q: Question>(
    question: Q,
    wait: fn(&Q::Answer) -> bool,
) -> Answered<Rc<Q::Answer>> {
    use_answer_after(None, question, wait)
}

#[hook]
fn use_answer_after<Q: Question>(
    first: Option<Q>,
    question: Q,
    wait: fn(&Q::Answer) -> bool,
) -> Answered<Rc<Q::Answer>> {
    let first = first.as_ref().map(write_question);
    let asking = use_asking(Q::COMMAND, first, write_question(&question), |answer| {
        read_answer::<Q::Answer>(answer).map(|answer| Rc::new(answer) as Rc<dyn Any>)
    });
    let answered = match asking.answered {
        Answered::Given(answer) => {
            Answered::Given(answer.downcast().expect("it was read as the answer to this question"))
        }
        Answered::Awaited => Answered::Awaited,
        Answered::Withheld(problem) => Answered::Withheld(problem),
    };
    let waits = matches!(&answered, Answered::Given(answer) if wait(answer));
    *asking.waits.borrow_mut() = waits;
    use_beat(waits, asking.turn, asking.beat);
    answered
}

/// A question that is asked, whichever it is.
struct Asking {
    answered: Answered<Rc<dyn Any>>,
    turn: u64,
    /// Asks once more.
    beat: Callback<()>,
    /// Whether somebody waits for another answer, so that each counts, also one that says the same.
    waits: Rc<RefCell<bool>>,
}

/// The part of asking that is the same for every question.
#[hook]
fn use_asking(
    command: &'static str,
    first: Option<String>,
    question: String,
    read: fn(&str) -> Result<Rc<dyn Any>, Problem>,
) -> Asking {
    let news = use_around().news;
    let beats = use_state(|| 0_u32);
    let turns = use_mut_ref(|| 0_u64);
    let waits = use_mut_ref(|| false);
    // What was answered last, word for word: to read a long list takes an old phone a while, and mostly nothing changed.
    let last = use_mut_ref(Last::default);
    let held = use_reducer(Held::default);

    // Only where nothing stands on screen yet.
    let first = first.filter(|_| held.question.as_ref() != Some(&question));
    let dispatch = held.dispatcher();
    let is_awaited = waits.clone();
    use_effect_with((question.clone(), news, *beats), move |(question, ..)| {
        *turns.borrow_mut() += 1;
        let turn = *turns.borrow();
        let question = question.clone();
        spawn_local(async move {
            if let Some(first) = first
                && let Ok(answer) = pass_on(command, first).await
                && *turns.borrow() == turn
            {
                // The whole answer is shown after it, whatever was answered last.
                last.borrow_mut().text = None;
                let (question, result) = (question.clone(), read(&answer));
                dispatch.dispatch(Came { turn, question, is_first: true, result });
            }
            let answer = pass_on(command, question.clone()).await;
            let came = last.borrow_mut().take(turn, &question, answer.as_deref().ok());
            if came == News::Other || came == News::Same && *is_awaited.borrow() {
                let result = answer.and_then(|answer| read(&answer));
                dispatch.dispatch(Came { turn, question, is_first: false, result });
            }
        });
    });

    let answered = match &held.question {
        Some(asked) if *asked == question => held.answered.clone(),
        _ => Answered::Awaited,
    };
    let beat = Callback::from(move |()| beats.set(beats.wrapping_add(1)));
    Asking { answered, turn: held.turn, beat, waits }
}

/// What an answer says beside the one before.
#[derive(Debug, PartialEq, Eq)]
enum News {
    /// A newer one came first.
    Overtaken,
    Same,
    Other,
}

/// The newest answer, as it came.
#[derive(Default)]
struct Last {
    turn: u64,
    question: String,
    text: Option<String>,
}

impl Last {
    /// Keeps an answer, or that there was none.
    fn take(&mut self, turn: u64, question: &str, text: Option<&str>) -> News {
        if turn < self.turn {
            return News::Overtaken;
        }
        let is_same = text.is_some() && self.text.as_deref() == text && self.question == question;
        *self = Self { turn, question: question.to_owned(), text: text.map(str::to_owned) };
        if is_same { News::Same } else { News::Other }
    }
}

/// Calls `beat` a second after each answer, as long as it `waits`.
#[hook]
fn use_beat(waits: bool, turn: u64, beat: Callback<()>) {
    use_effect_with((waits, turn), move |_| {
        let next = waits.then(|| Timeout::new(BEAT_MS, move || beat.emit(())));
        move || drop(next)
    });
}

/// The answer on screen, and which question it belongs to.
#[derive(Default)]
struct Held {
    turn: u64,
    question: Option<String>,
    answered: Answered<Rc<dyn Any>>,
}

/// What came back for one question.
struct Came {
    turn: u64,
    question: String,
    /// These are its first rows, and not all.
    is_first: bool,
    result: Result<Rc<dyn Any>, Problem>,
}

impl Reducible for Held {
    type Action = Came;

    fn reduce(self: Rc<Self>, came: Came) -> Rc<Self> {
        let is_same = self.question.as_ref() == Some(&came.question);
        if came.is_first && is_same {
            return self; // As much or more of it stands there already.
        }
        let answered = match (came.result, &self.answered) {
            (Ok(answer), _) => Answered::Given(answer),
            // What is on screen stays as it is.
            (Err(Problem::OutOfReach), Answered::Given(answer)) if is_same => {
                Answered::Given(answer.clone())
            }
            (Err(problem), _) => Answered::Withheld(problem),
        };
        Rc::new(Self { turn: came.turn, question: Some(came.question), answered })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn came(turn: u64, result: Result<&'static str, Problem>) -> Came {
        let result = result.map(|answer| Rc::new(answer) as Rc<dyn Any>);
        Came { turn, question: "{}".to_owned(), is_first: false, result }
    }

    fn shown(held: &Held) -> Result<&'static str, &Problem> {
        match &held.answered {
            Answered::Given(answer) => Ok(answer.downcast_ref::<&str>().unwrap()),
            Answered::Withheld(problem) => Err(problem),
            Answered::Awaited => unreachable!("something came"),
        }
    }

    #[test]
    fn what_was_seen_stays_while_the_place_is_away() {
        let held = Rc::new(Held::default()).reduce(came(1, Ok("goals")));

        let held = held.reduce(came(2, Err(Problem::OutOfReach)));

        assert_eq!(shown(&held), Ok("goals"));
    }

    #[test]
    fn first_rows_never_take_the_place_of_all() {
        let held = Rc::new(Held::default()).reduce(came(1, Ok("all")));

        let held = held.reduce(Came { is_first: true, ..came(2, Ok("the first")) });

        assert_eq!(shown(&held), Ok("all"));
    }

    #[test]
    fn an_answer_that_says_the_same_is_not_read_again_and_one_that_was_overtaken_never() {
        let mut last = Last::default();
        let mut take = |turn, question, text| last.take(turn, question, text);

        assert_eq!(take(1, "{}", Some("goals")), News::Other);
        assert_eq!(take(2, "{}", Some("goals")), News::Same);
        assert_eq!(take(3, "{}", Some("more goals")), News::Other);
        assert_eq!(take(2, "{}", Some("goals")), News::Overtaken);
        assert_eq!(
            take(4, "{}", Some("goals")),
            News::Other,
            "what was overtaken is not what is shown"
        );
        assert_eq!(take(5, "{}", None), News::Other);
        assert_eq!(take(6, "{}", Some("goals")), News::Other, "a problem stood there meanwhile");
        assert_eq!(take(7, "{ place }", Some("goals")), News::Other, "another question");
    }

    #[test]
    fn what_is_gone_leaves_the_screen() {
        let held = Rc::new(Held::default()).reduce(came(1, Ok("goals")));

        let held = held.reduce(came(2, Err(Problem::Gone)));

        assert_eq!(shown(&held), Err(&Problem::Gone));
    }
}

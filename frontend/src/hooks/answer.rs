//! Asking the engine, and asking again when something changed.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use handrail_contract::{Problem, Question};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::use_around;
use crate::bridge::ask;

/// How long to wait before asking again while something is under way.
const BEAT_MS: u32 = 1000;

/// How far a question is.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered<A> {
    /// There was no answer yet.
    Awaited,
    /// The latest answer.
    Given(Rc<A>),
    /// There is none, and why.
    Withheld(Problem),
}

/// Asks, and asks again when something changed. The last answer stays on screen meanwhile.
#[hook]
pub fn use_answer<Q: Question>(question: Q) -> Answered<Q::Answer> {
    use_answer_while(question, |_| false)
}

/// The same, and asks every second as long as the answer is one to `wait` on.
#[hook]
pub fn use_answer_while<Q: Question>(
    question: Q,
    wait: fn(&Q::Answer) -> bool,
) -> Answered<Q::Answer> {
    let news = use_around().news;
    let beats = use_state(|| 0_u32);
    let turn = use_mut_ref(|| 0_u64);
    let held = use_reducer(Held::<Q>::default);

    let dispatch = held.dispatcher();
    use_effect_with((question.clone(), news, *beats), move |(question, ..)| {
        *turn.borrow_mut() += 1;
        let turn = *turn.borrow();
        let question = question.clone();
        spawn_local(async move {
            let result = ask(question.clone()).await;
            dispatch.dispatch(Answer { turn, question, result });
        });
    });

    let answered = match &held.question {
        Some(asked) if *asked == question => held.answered.clone(),
        _ => Answered::Awaited,
    };
    let waits = matches!(&answered, Answered::Given(answer) if wait(answer));
    let held_turn = held.turn;
    use_effect_with((waits, held_turn), move |_| {
        let next = waits.then(|| Timeout::new(BEAT_MS, move || beats.set(beats.wrapping_add(1))));
        move || drop(next)
    });
    answered
}

/// The answer on screen, and which question it belongs to.
struct Held<Q: Question> {
    turn: u64,
    question: Option<Q>,
    answered: Answered<Q::Answer>,
}

impl<Q: Question> Default for Held<Q> {
    fn default() -> Self {
        Self { turn: 0, question: None, answered: Answered::Awaited }
    }
}

/// What came back for one question.
struct Answer<Q: Question> {
    turn: u64,
    question: Q,
    result: Result<Q::Answer, Problem>,
}

impl<Q: Question> Reducible for Held<Q> {
    type Action = Answer<Q>;

    fn reduce(self: Rc<Self>, answer: Answer<Q>) -> Rc<Self> {
        if answer.turn < self.turn {
            return self;
        }
        let is_same = self.question.as_ref() == Some(&answer.question);
        let answered = match (answer.result, &self.answered) {
            (Ok(given), _) => Answered::Given(Rc::new(given)),
            // What is on screen stays as it is.
            (Err(Problem::OutOfReach), Answered::Given(given)) if is_same => {
                Answered::Given(given.clone())
            }
            (Err(problem), _) => Answered::Withheld(problem),
        };
        Rc::new(Self { turn: answer.turn, question: Some(answer.question), answered })
    }
}

#[cfg(test)]
mod tests {
    use handrail_contract::goal::{Goals, ListGoals};

    use super::*;

    fn came(turn: u64, result: Result<Goals, Problem>) -> Answer<ListGoals> {
        Answer { turn, question: ListGoals::default(), result }
    }

    #[test]
    fn what_was_seen_stays_while_the_place_is_away() {
        let held = Rc::new(Held::default()).reduce(came(1, Ok(Goals::default())));

        let held = held.reduce(came(2, Err(Problem::OutOfReach)));

        assert_eq!(held.answered, Answered::Given(Rc::new(Goals::default())));
    }

    #[test]
    fn an_answer_that_was_overtaken_is_not_shown() {
        let held = Rc::new(Held::default()).reduce(came(2, Ok(Goals::default())));

        let held = held.reduce(came(1, Err(Problem::Gone)));

        assert_eq!(held.answered, Answered::Given(Rc::new(Goals::default())));
    }

    #[test]
    fn what_is_gone_leaves_the_screen() {
        let held = Rc::new(Held::default()).reduce(came(1, Ok(Goals::default())));

        let held = held.reduce(came(2, Err(Problem::Gone)));

        assert_eq!(held.answered, Answered::Withheld(Problem::Gone));
    }
}

//! Which items are asked (FHIR R4 `Questionnaire.item.enableWhen`).

use std::{
    cell::{OnceCell, RefCell},
    cmp::Ordering,
    collections::HashMap,
};

use super::{
    Answer, Condition, Draft, Form, Item, Kind, Operator, Path, Slot, Spot,
    budget::Budget,
    calculate::Bench,
    expression::{Failed, Moment},
    node::Node,
};

/// A form beside a draft, and what was found about it.
pub struct Look<'a> {
    pub form: &'a Form,
    pub draft: &'a Draft,
    pub moment: Moment<'a>,
    /// What conditions and rules written as expressions look at: every answer there is.
    bench: OnceCell<Bench<'a>>,
    budget: Budget,
    /// `None` while it is being worked out: conditions that go in a circle enable nothing.
    known: RefCell<HashMap<Path, Option<bool>>>,
}

impl<'a> Look<'a> {
    /// Looks at a draft.
    pub fn new(form: &'a Form, draft: &'a Draft, moment: Moment<'a>) -> Self {
        Self {
            form,
            draft,
            moment,
            bench: OnceCell::new(),
            budget: Budget::full(),
            known: RefCell::new(HashMap::new()),
        }
    }

    /// Whether the conditions and rules cost more than they may, so that some were not held to.
    pub fn is_over_budget(&self) -> bool {
        self.budget.is_spent()
    }

    /// What an expression of the item at a path yields, or without one of the form itself, over every answer there is.
    pub fn ask(&self, path: Option<&Path>, expression: &str) -> Result<Vec<Node>, Failed> {
        let bench = self
            .bench
            .get_or_init(|| Bench::over_all(self.form, self.draft, self.moment, &self.budget));
        match path {
            Some(path) => bench.ask(path, expression, &self.budget),
            None => bench.ask_form(expression, &self.budget),
        }
    }

    /// Whether the item at a path is asked: by its own conditions, and those of everything around it.
    pub fn is_enabled(&self, path: &Path) -> bool {
        if let Some(known) = self.known.borrow().get(path) {
            return known.unwrap_or(false);
        }
        self.known.borrow_mut().insert(path.clone(), None);
        let enabled = self.are_those_around_enabled(path)
            && self.form.find(&path.link).is_some_and(|item| self.meets_conditions(item, path));
        self.known.borrow_mut().insert(path.clone(), Some(enabled));
        enabled
    }

    fn are_those_around_enabled(&self, path: &Path) -> bool {
        let Some((last, rest)) = path.around.split_last() else { return true };
        let above = Path { around: rest.to_vec(), link: last.link.clone() };
        // What is nested in a question belongs to its answer; without one there is no place for it.
        let has_place = self.form.find(&last.link).is_some_and(|item| {
            !item.is_question()
                || self.draft.at(&above).get(last.index).is_some_and(|slot| slot.answer.is_some())
        });
        has_place && self.is_enabled(&above)
    }

    fn meets_conditions(&self, item: &Item, path: &Path) -> bool {
        let Some(enable) = &item.enable else { return true };
        let mut results = enable.conditions.iter().map(|it| self.meets(it, path));
        let by_conditions = match enable.conditions.as_slice() {
            [] => true,
            _ if enable.all => results.all(|it| it),
            _ => results.any(|it| it),
        };
        by_conditions
            && enable.expression.as_deref().is_none_or(|expression| self.says_yes(path, expression))
    }

    /// Only a plain yes or no counts; where an expression fails, the question is rather asked than hidden.
    fn says_yes(&self, path: &Path, expression: &str) -> bool {
        match self.ask(Some(path), expression) {
            Ok(found) => found.first().map(|it| it.write()) == Some(true.into()),
            Err(_) => true,
        }
    }

    fn meets(&self, condition: &Condition, path: &Path) -> bool {
        let answers = self.answers_to(&condition.question, path);
        let any = |fits: fn(Ordering) -> bool| {
            answers.iter().any(|it| order(it, &condition.answer).is_some_and(fits))
        };
        match condition.operator {
            Operator::Exists => answers.is_empty() != (condition.answer == Answer::Flag(true)),
            Operator::Equal => answers.iter().any(|it| it.is_same(&condition.answer)),
            // "True if no answer has a value that is equal": so too when there is no answer.
            Operator::NotEqual => !answers.iter().any(|it| it.is_same(&condition.answer)),
            Operator::Greater => any(Ordering::is_gt),
            Operator::Less => any(Ordering::is_lt),
            Operator::AtLeast => any(Ordering::is_ge),
            Operator::AtMost => any(Ordering::is_le),
        }
    }

    /// The answers to a question as they are seen from a path: those in the same repetition where both lie in one.
    /// Answers that are not asked for any more do not count.
    fn answers_to(&self, question: &str, from: &Path) -> Vec<&'a Answer> {
        let Some(way) = self.form.places.get(question) else { return Vec::new() };
        let shared = way
            .iter()
            .zip(from.around.iter())
            .take_while(|(link, spot)| **link == spot.link)
            .count();
        let around = &from.around[..shared];
        let mut found = Vec::new();
        match way.get(shared..) {
            // The question is around us: its answer is the one we are nested in.
            None | Some([]) => {
                if let Some((last, rest)) = around.split_last() {
                    let path = Path { around: rest.to_vec(), link: last.link.clone() };
                    let slot = self.draft.at(&path).get(last.index);
                    found.extend(slot.and_then(|slot| slot.answer.as_ref()));
                }
            }
            Some(rest) => self.gather(around.to_vec(), rest, &mut found),
        }
        found
    }

    fn gather(&self, around: Vec<Spot>, way: &[String], found: &mut Vec<&'a Answer>) {
        let Some((link, rest)) = way.split_first() else { return };
        let path = Path { around, link: link.clone() };
        if rest.is_empty() {
            if self.is_enabled(&path) {
                found.extend(self.draft.answers(&path));
            }
            return;
        }
        for index in 0..self.draft.at(&path).len() {
            self.gather(path.spot(index), rest, found);
        }
    }

    /// Every item that is asked, in order, each repetition of a group for itself.
    pub fn walk(&self, visit: &mut impl FnMut(&'a Item, &Path, &'a [Slot])) {
        self.walk_items(&self.form.items, &[], visit);
    }

    fn walk_items(
        &self,
        items: &'a [Item],
        around: &[Spot],
        visit: &mut impl FnMut(&'a Item, &Path, &'a [Slot]),
    ) {
        for item in items {
            let path = Path { around: around.to_vec(), link: item.link.clone() };
            if !self.is_enabled(&path) {
                continue;
            }
            let slots = self.draft.at(&path);
            visit(item, &path, slots);
            if item.items.is_empty() {
                continue;
            }
            for index in 0..self.count(item, &path) {
                self.walk_items(&item.items, &path.spot(index), visit);
            }
        }
    }

    /// How many times an item is there. A group is there once before anything is written in it.
    pub fn count(&self, item: &Item, path: &Path) -> usize {
        let slots = self.draft.at(path);
        match item.kind {
            Kind::Group => slots.len().max(1),
            _ => slots.iter().take_while(|slot| slot.answer.is_some()).count(),
        }
    }
}

/// Forms compare numbers with options that are numbers by their code.
fn order(answer: &Answer, other: &Answer) -> Option<Ordering> {
    answer.order(other).or_else(|| match (answer, other) {
        (Answer::Coded(_), Answer::Text(text)) => answer.words().map(|it| it.cmp(text)),
        _ => None,
    })
}

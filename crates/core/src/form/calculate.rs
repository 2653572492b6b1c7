//! What a form works out: values to begin with, and values that come from other answers
//! (Structured Data Capture: `initialExpression`, `calculatedExpression`, `variable`).

use std::{cell::OnceCell, collections::BTreeSet};

use serde_json::Value;

use super::{
    Answer, Draft, Form, Item, Kind, Look, Path, Spot,
    budget::Budget,
    expression::{Failed, Moment, evaluate},
    node::Node,
    response::{write_all_items, write_asked_items, write_item_at},
};

/// Calculations that use calculations settle in a few rounds, or never.
const MOST_ROUNDS: usize = 5;

/// A draft with its calculations made.
#[derive(Clone, Debug)]
pub struct Worked {
    pub draft: Draft,
    /// Link ids whose value could not be worked out; the person is asked instead.
    pub failed: BTreeSet<String>,
    /// The calculations cost more than they may: none was made, and all are in `failed`.
    pub is_over_budget: bool,
}

/// A draft with the values a form begins with.
pub fn start_draft(form: &Form, moment: Moment<'_>) -> Draft {
    let mut draft = Draft::empty(form);
    fill(form, &form.items, &[], &mut draft, moment, &Budget::full());
    draft
}

/// Fills the values that a new repetition of a group begins with.
pub fn fill_group(form: &Form, draft: &mut Draft, around: &[Spot], moment: Moment<'_>) {
    if let Some(item) = around.last().and_then(|spot| form.find(&spot.link)) {
        fill(form, &item.items, around, draft, moment, &Budget::full());
    }
}

fn fill(
    form: &Form,
    items: &[Item],
    around: &[Spot],
    draft: &mut Draft,
    moment: Moment<'_>,
    budget: &Budget,
) {
    for item in items {
        let path = Path { around: around.to_vec(), link: item.link.clone() };
        let mut initial: Vec<Answer> =
            item.initial.iter().filter_map(|it| take_answer(item, it.clone())).collect();
        if initial.is_empty()
            && let Some(expression) = &item.initial_expression
        {
            let bench = Bench::over_all(form, draft, moment, budget);
            initial = bench
                .ask(&path, expression, budget)
                .ok()
                .and_then(|found| read_found(item, &found).ok())
                .unwrap_or_default();
        }
        if !item.repeats {
            initial.truncate(1);
        }
        let has_value = !initial.is_empty();
        if item.is_question() && has_value {
            draft.put(&path, initial);
        }
        if item.kind == Kind::Group || has_value {
            fill(form, &item.items, &path.spot(0), draft, moment, budget);
        }
    }
}

/// Makes every calculation anew. Calculated answers are never the person's own.
pub fn calculate(form: &Form, draft: &Draft, moment: Moment<'_>) -> Worked {
    let budget = Budget::full();
    let mut worked =
        Worked { draft: draft.clone(), failed: BTreeSet::new(), is_over_budget: false };
    for _ in 0..MOST_ROUNDS {
        let look = Look::new(form, &worked.draft, moment);
        let mut wanted: Vec<(&Item, Path)> = Vec::new();
        look.walk(&mut |item, path, _| {
            if item.is_calculated() {
                wanted.push((item, path.clone()));
            }
        });
        if wanted.is_empty() {
            break;
        }
        let bench = Bench::over_asked(&look, &budget);
        let mut failed = BTreeSet::new();
        let mut changes: Vec<(Path, Vec<Answer>)> = Vec::new();
        for (item, path) in wanted {
            let Some(expression) = &item.calculated else { continue };
            let found =
                bench.ask(&path, expression, &budget).and_then(|found| read_found(item, &found));
            match found {
                Ok(answers) => {
                    if !answers.iter().eq(worked.draft.answers(&path)) {
                        changes.push((path, answers));
                    }
                }
                Err(_) => {
                    failed.insert(item.link.clone());
                }
            }
        }
        if budget.is_spent() {
            let mut failed = BTreeSet::new();
            note_calculated(&form.items, &mut failed);
            return Worked { draft: draft.clone(), failed, is_over_budget: true };
        }
        worked.failed = failed;
        if changes.is_empty() {
            break;
        }
        for (path, answers) in changes {
            worked.draft.put(&path, answers);
        }
    }
    worked
}

fn note_calculated(items: &[Item], links: &mut BTreeSet<String>) {
    for item in items {
        if item.is_calculated() {
            links.insert(item.link.clone());
        }
        note_calculated(&item.items, links);
    }
}

/// What expressions look at: the answers so far, the form, and the form's own variables.
pub struct Bench<'a> {
    form: &'a Form,
    draft: &'a Draft,
    moment: Moment<'a>,
    response: Node,
    questionnaire: OnceCell<Node>,
    variables: Vec<(String, Node)>,
}

impl<'a> Bench<'a> {
    /// Over the answers that would be sent.
    fn over_asked(look: &Look<'a>, budget: &Budget) -> Self {
        Self::over(look.form, look.draft, write_asked_items(look), look.moment, budget)
    }

    /// Over every answer there is.
    pub fn over_all(form: &'a Form, draft: &'a Draft, moment: Moment<'a>, budget: &Budget) -> Self {
        Self::over(form, draft, write_all_items(form, draft), moment, budget)
    }

    fn over(
        form: &'a Form,
        draft: &'a Draft,
        items: Vec<Value>,
        moment: Moment<'a>,
        budget: &Budget,
    ) -> Self {
        let response = Node::read(&serde_json::json!({
            "resourceType": "QuestionnaireResponse",
            "questionnaire": form.canonical,
            "item": items,
        }));
        let questionnaire = OnceCell::new();
        let mut bench =
            Self { form, draft, moment, response, questionnaire, variables: Vec::new() };
        let mut variables = Vec::new();
        for variable in &form.variables {
            if let Ok(found) =
                bench.evaluate(&variable.expression, &bench.response, &variables, budget)
            {
                variables.push((variable.name.clone(), Node::List(found)));
            }
        }
        bench.variables = variables;
        bench
    }

    fn evaluate(
        &self,
        expression: &str,
        focus: &Node,
        variables: &[(String, Node)],
        budget: &Budget,
    ) -> Result<Vec<Node>, Failed> {
        let named = self.named(expression, variables, focus);
        evaluate(expression, focus, &named, self.moment, budget)
    }

    /// The values that an expression names: of those it does not, nobody makes a copy.
    fn named(&self, expression: &str, variables: &[(String, Node)], focus: &Node) -> Node {
        let questionnaire =
            || self.questionnaire.get_or_init(|| Node::read(&self.form.whole)).clone();
        let parts: [(&str, &dyn Fn() -> Node); 4] = [
            ("resource", &|| self.response.clone()),
            ("rootResource", &|| self.response.clone()),
            ("questionnaire", &questionnaire),
            ("context", &|| focus.clone()),
        ];
        let is_named = |name: &str| expression.contains(&["%", name].concat());
        let mut members: Vec<(String, Node)> = parts
            .into_iter()
            .filter(|(name, _)| is_named(name))
            .map(|(name, make)| (name.to_owned(), make()))
            .collect();
        // A variable further in goes before one of the same name further out.
        for (name, value) in variables.iter().rev() {
            if is_named(name) && !members.iter().any(|(it, _)| it == name) {
                members.push((name.clone(), value.clone()));
            }
        }
        Node::object(members)
    }

    /// What an expression of the form itself yields.
    pub fn ask_form(&self, expression: &str, budget: &Budget) -> Result<Vec<Node>, Failed> {
        self.evaluate(expression, &self.response, &self.variables, budget)
    }

    /// What an expression of the item at a path yields, with the variables of everything around it.
    pub fn ask(&self, path: &Path, expression: &str, budget: &Budget) -> Result<Vec<Node>, Failed> {
        let mut variables = self.variables.clone();
        let mut focus = Node::List(Vec::new());
        for depth in 0..=path.around.len() {
            let (around, link, index) = match path.around.get(depth) {
                Some(spot) => (&path.around[..depth], &spot.link, spot.index),
                None => (&path.around[..], &path.link, 0),
            };
            let Some(item) = self.form.find(link) else { return Err(Failed::Broken) };
            let here = Path { around: around.to_vec(), link: link.clone() };
            focus = Node::read(&write_item_at(self.form, self.draft, item, &here, index));
            budget.spend(focus.weight() as u64)?;
            for variable in &item.variables {
                if let Ok(found) = self.evaluate(&variable.expression, &focus, &variables, budget) {
                    variables.push((variable.name.clone(), Node::List(found)));
                }
            }
        }
        self.evaluate(expression, &focus, &variables, budget)
    }
}

/// What was found, as answers of the item. One that does not fit spoils the whole: half a result misleads.
fn read_found(item: &Item, found: &[Node]) -> Result<Vec<Answer>, Failed> {
    if found.len() > 1 && !item.repeats {
        return Err(Failed::Broken);
    }
    found.iter().map(|node| read_answer(item, node).ok_or(Failed::Broken)).collect()
}

fn read_answer(item: &Item, node: &Node) -> Option<Answer> {
    let value = node.write();
    let words = || value.as_str().map(str::to_owned);
    let answer = match item.kind {
        Kind::Boolean => Answer::Flag(value.as_bool()?),
        Kind::Decimal => Answer::Decimal(value.as_f64()?),
        Kind::Integer => Answer::Integer(i32::try_from(value.as_i64()?).ok()?),
        Kind::Date => Answer::Date(words()?.split('T').next()?.to_owned()),
        Kind::DateTime => Answer::DateTime(words()?),
        Kind::Time => Answer::Time(words()?),
        Kind::String | Kind::Text => Answer::Text(words()?),
        Kind::Url => Answer::Link(words()?),
        Kind::Quantity if value.is_object() => Answer::Quantity(value),
        Kind::Choice | Kind::OpenChoice => match &value {
            Value::Object(_) => Answer::Coded(value),
            Value::String(text) => Answer::Text(text.clone()),
            Value::Number(number) => {
                Answer::Integer(number.as_i64().and_then(|it| i32::try_from(it).ok())?)
            }
            _ => return None,
        },
        _ => return None,
    };
    take_answer(item, answer)
}

/// An answer as the item may have it: of its options, the option itself.
fn take_answer(item: &Item, answer: Answer) -> Option<Answer> {
    if !answer.fits(item.kind) {
        return None;
    }
    if !matches!(item.kind, Kind::Choice | Kind::OpenChoice) {
        return Some(answer);
    }
    let option = item.choices.iter().find(|choice| choice.answer.is_same(&answer));
    match option {
        Some(choice) => Some(choice.answer.clone()),
        None if item.kind == Kind::OpenChoice || item.choices.is_empty() => Some(answer),
        None => None,
    }
}

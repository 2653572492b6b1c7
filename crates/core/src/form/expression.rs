//! FHIRPath of others, evaluated within bounds.
//!
//! In: an expression that a server sent, what it looks at, named values, the time. Out: what it yields.
//! Never: an expression that could keep a phone busy, read a clock, or reach for something elsewhere.
//!
//! The evaluator (docs/adr/0010) has no budget of its own, so that an expression is judged before it runs: its
//! length, depth and operators, which functions it uses in which place, and how much it will look at. What a variable
//! yields is bounded too.

use std::{
    collections::HashMap,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use haste_fhirpath::{Config, ExternalConstantResolver, FPEngine};
use haste_reflect::MetaValue;
use jiff::{Timestamp, tz::TimeZone};

use super::{
    budget::{Budget, Spent},
    node::Node,
};

const LONGEST: usize = 2_000;
const DEEPEST: usize = 12;
const MOST_OPERATORS: usize = 60;
const MOST_CALLS: usize = 40;
/// Functions over each item, within one another.
const DEEPEST_LOOP: usize = 2;
/// How much one expression may yield.
const MOST_FOUND: usize = 2_000;
/// A named value within a loop is looked at once for each round, so that it has to be small.
const MOST_IN_A_LOOP: u64 = 64;
/// What has no such bound: the whole response and the whole form.
const WHOLE: [&str; 4] = ["resource", "rootResource", "questionnaire", "context"];
/// An element counts once for each of those around it where a function finds all that is below.
const LAYERS: u64 = 12;
/// What a pattern costs beside the text it is held against.
const PATTERN: u64 = 5_000;

/// Filters: they look at each item and add none.
const FILTERS: [&str; 3] = ["where", "exists", "all"];
/// Functions that may make many of one. Not inside another loop, and with nothing from outside in them.
const GROWING: [&str; 4] = ["select", "repeat", "descendants", "children"];
/// Functions that hold each element against each other.
const PAIRING: [&str; 7] =
    ["union", "distinct", "isDistinct", "intersect", "exclude", "subsetOf", "supersetOf"];
/// What else is used in forms, costs little, and agrees with other engines.
const PLAIN: [&str; 58] = [
    "abs",
    "allFalse",
    "allTrue",
    "anyFalse",
    "anyTrue",
    "as",
    "ceiling",
    "combine",
    "contains",
    "convertsToBoolean",
    "convertsToDecimal",
    "convertsToInteger",
    "convertsToString",
    "count",
    "distinct",
    "empty",
    "endsWith",
    "exclude",
    "exp",
    "first",
    "floor",
    "hasValue",
    "iif",
    "indexOf",
    "intersect",
    "is",
    "isDistinct",
    "join",
    "last",
    "length",
    "ln",
    "log",
    "lower",
    "matches",
    "not",
    "now",
    "ofType",
    "power",
    "round",
    "single",
    "skip",
    "sqrt",
    "startsWith",
    "subsetOf",
    "substring",
    "supersetOf",
    "tail",
    "take",
    "toBoolean",
    "toDecimal",
    "toInteger",
    "toString",
    "today",
    "trim",
    "truncate",
    "union",
    "upper",
    "extension",
];
/// Names that the evaluator itself knows.
const KNOWN: [&str; 3] = ["sct", "loinc", "ucum"];
/// The one object that holds every named value: a member may have no value or many, a constant may not.
const HOLDER: &str = "held";

/// When and where the person is.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    pub at: Timestamp,
    pub tz: &'a TimeZone,
}

/// Why an expression yields nothing that may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// Outside of what we evaluate.
    #[error("the expression is not one that is evaluated here")]
    NotAllowed,
    /// It cannot be read, or does not fit what it looks at.
    #[error("the expression failed")]
    Broken,
    /// It yields more than any form needs.
    #[error("the expression yields too much")]
    TooMuch,
    /// The form's budget is used up.
    #[error("the expressions of the form cost too much")]
    Spent,
}

impl From<Spent> for Failed {
    fn from(Spent: Spent) -> Self {
        Self::Spent
    }
}

/// Whether an expression is one that is evaluated here.
pub fn is_allowed(expression: &str) -> bool {
    let moment = Moment { at: Timestamp::UNIX_EPOCH, tz: &TimeZone::UTC };
    judge(expression, moment, None).is_ok()
}

/// Evaluates an expression on `focus`, with the members of `named` as `%name`.
///
/// # Errors
/// It is not allowed, fails, yields too much, or costs more than is left of the budget.
pub fn evaluate(
    expression: &str,
    focus: &Node,
    named: &Node,
    moment: Moment<'_>,
    budget: &Budget,
) -> Result<Vec<Node>, Failed> {
    let Judge { out: expression, effort, .. } = judge(expression, moment, Some(named))?;
    budget.spend(effort.cost(focus))?;
    let held: HashMap<String, &dyn MetaValue> =
        HashMap::from([(HOLDER.to_owned(), named as &dyn MetaValue)]);
    let config = Config::builder()
        .with_variable_resolver(ExternalConstantResolver::Variable(Arc::new(held)));
    let engine = FPEngine::new();
    let mut work =
        pin!(engine.evaluate_with_config(&expression, focus.flatten(), Arc::new(config)));
    // It waits for nothing: everything that it could wait for was refused above.
    let found = match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(found) => found.map_err(|_| Failed::Broken)?,
        Poll::Pending => return Err(Failed::NotAllowed),
    };
    let mut taken = Vec::new();
    let mut weight = 0;
    for value in found.values() {
        let node = Node::take(*value).ok_or(Failed::Broken)?;
        weight += node.weight();
        if weight > MOST_FOUND {
            return Err(Failed::TooMuch);
        }
        taken.push(node);
    }
    Ok(taken)
}

/// Judges an expression, and writes it so that names and the time are what we say they are.
/// `named`: what there is, where that is known; a name that is not there is no empty value.
fn judge<'a>(
    expression: &str,
    moment: Moment<'_>,
    named: Option<&'a Node>,
) -> Result<Judge<'a>, Failed> {
    if expression.len() > LONGEST {
        return Err(Failed::NotAllowed);
    }
    let mut judge = Judge {
        named,
        out: String::new(),
        open: Vec::new(),
        operators: 0,
        calls: 0,
        effort: Effort::default(),
    };
    judge.read(expression, moment)?;
    Ok(judge)
}

struct Judge<'a> {
    named: Option<&'a Node>,
    out: String,
    /// What each open bracket belongs to.
    open: Vec<Bracket>,
    operators: usize,
    calls: usize,
    effort: Effort,
}

/// How much an expression looks at, as a bound from its text alone.
#[derive(Default)]
struct Effort {
    /// Words and operators.
    steps: u64,
    /// How often it begins at the focus.
    begins: u64,
    /// The weight of the named values, each as often as it is named.
    named: u64,
    /// The same within a loop, where it begins at each element.
    in_loops: u64,
    grows: bool,
    pairs: bool,
    patterns: u64,
}

impl Effort {
    fn cost(&self, focus: &Node) -> u64 {
        let focus = focus.weight() as u64;
        // No list is longer than all that is named in the expression, one after the other.
        let size = self
            .named
            .saturating_add(focus.saturating_mul(self.begins))
            .saturating_add(self.steps)
            .saturating_mul(if self.grows { LAYERS } else { 1 });
        let rounds = 1 + self.in_loops;
        let pairs = if self.pairs { size.saturating_mul(rounds) } else { 0 };
        focus
            .saturating_add(
                size.saturating_mul(rounds).saturating_mul(self.steps.saturating_add(pairs)),
            )
            .saturating_add(self.patterns.saturating_mul(PATTERN))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Plain,
    Filter,
    Growing,
}

impl Judge<'_> {
    fn read(&mut self, expression: &str, moment: Moment<'_>) -> Result<(), Failed> {
        let mut rest = expression;
        let mut called = Bracket::Plain;
        while let Some(first) = rest.chars().next() {
            let size = match first {
                '\'' | '`' | '"' => skip_quoted(rest, first)?,
                '%' => {
                    let name = word(&rest[1..]);
                    self.read_name(name)?;
                    rest = &rest[1 + name.len()..];
                    continue;
                }
                'a'..='z' | 'A'..='Z' | '_' => {
                    let name = word(rest);
                    let after = rest[name.len()..].trim_start();
                    self.effort.steps += 1;
                    if !is_word_operator(name) && !self.out.trim_end().ends_with('.') {
                        self.begin();
                    }
                    if let Some(arguments) = after.strip_prefix('(')
                        && !is_word_operator(name)
                    {
                        called = self.read_call(name)?;
                        if let Some(clock) = read_clock(name, moment) {
                            rest = arguments
                                .trim_start()
                                .strip_prefix(')')
                                .ok_or(Failed::NotAllowed)?;
                            self.out.push_str(&clock);
                            called = Bracket::Plain;
                            continue;
                        }
                    } else if is_word_operator(name) || matches!(name, "contains" | "is" | "as") {
                        self.operators += 1;
                    }
                    name.len()
                }
                '(' | '[' | '{' => {
                    self.open.push(if first == '(' { called } else { Bracket::Plain });
                    called = Bracket::Plain;
                    1
                }
                ')' | ']' | '}' => {
                    self.open.pop().ok_or(Failed::NotAllowed)?;
                    1
                }
                '/' if rest.starts_with("//") || rest.starts_with("/*") => {
                    return Err(Failed::NotAllowed);
                }
                '+' | '-' | '*' | '/' | '|' | '&' | '=' | '!' | '~' | '<' | '>' => {
                    self.operators += 1;
                    self.effort.steps += 1;
                    self.effort.pairs |= first == '|';
                    1
                }
                '$' => {
                    self.begin();
                    1
                }
                _ => first.len_utf8(),
            };
            self.out.push_str(&rest[..size]);
            rest = &rest[size..];
            let too_much = self.open.len() > DEEPEST
                || self.operators > MOST_OPERATORS
                || self.calls > MOST_CALLS
                || self.open.iter().filter(|it| **it != Bracket::Plain).count() > DEEPEST_LOOP;
            if too_much {
                return Err(Failed::NotAllowed);
            }
        }
        if self.open.is_empty() { Ok(()) } else { Err(Failed::NotAllowed) }
    }

    fn is_in_a_loop(&self) -> bool {
        self.open.iter().any(|it| *it != Bracket::Plain)
    }

    /// Something starts at what is looked at: the focus, or in a loop the element.
    fn begin(&mut self) {
        if self.is_in_a_loop() {
            self.effort.in_loops += 1;
        } else {
            self.effort.begins += 1;
        }
    }

    fn read_name(&mut self, name: &str) -> Result<(), Failed> {
        let in_a_loop = self.is_in_a_loop();
        let is_whole = WHOLE.contains(&name);
        if name.is_empty() || self.open.contains(&Bracket::Growing) || (in_a_loop && is_whole) {
            return Err(Failed::NotAllowed);
        }
        let is_there =
            KNOWN.contains(&name) || self.named.is_none_or(|it| it.member(name).is_some());
        if !is_there {
            return Err(Failed::NotAllowed);
        }
        let weight = self.named.and_then(|it| it.member(name)).map_or(1, Node::weight) as u64;
        self.effort.steps += 1;
        if !in_a_loop {
            self.effort.named = self.effort.named.saturating_add(weight);
        } else if weight <= MOST_IN_A_LOOP {
            self.effort.in_loops += weight;
        } else {
            return Err(Failed::NotAllowed);
        }
        self.out.push('%');
        if !KNOWN.contains(&name) {
            self.out.push_str(HOLDER);
            self.out.push('.');
        }
        self.out.push_str(name);
        Ok(())
    }

    fn read_call(&mut self, name: &str) -> Result<Bracket, Failed> {
        self.calls += 1;
        let in_a_loop = self.is_in_a_loop();
        if GROWING.contains(&name) {
            self.effort.grows = true;
            return if in_a_loop { Err(Failed::NotAllowed) } else { Ok(Bracket::Growing) };
        }
        if name == "matches" {
            if in_a_loop {
                return Err(Failed::NotAllowed);
            }
            self.effort.patterns += 1;
        }
        self.effort.pairs |= PAIRING.contains(&name);
        if FILTERS.contains(&name) {
            return Ok(Bracket::Filter);
        }
        if PLAIN.contains(&name) { Ok(Bracket::Plain) } else { Err(Failed::NotAllowed) }
    }
}

/// The time where the person is: the evaluator would read a clock of its own, in UTC.
fn read_clock(name: &str, moment: Moment<'_>) -> Option<String> {
    let local = moment.at.to_zoned_datetime(moment.tz.clone());
    match name {
        "today" => Some(local.strftime("@%Y-%m-%d").to_string()),
        "now" => Some(local.strftime("@%Y-%m-%dT%H:%M:%S%:z").to_string()),
        _ => None,
    }
}

fn is_word_operator(name: &str) -> bool {
    matches!(name, "and" | "or" | "xor" | "implies" | "in" | "div" | "mod")
}

fn word(text: &str) -> &str {
    let end = text.find(|it: char| !it.is_ascii_alphanumeric() && it != '_').unwrap_or(text.len());
    &text[..end]
}

/// The length of a quoted text with its quotes.
fn skip_quoted(text: &str, quote: char) -> Result<usize, Failed> {
    let mut escaped = false;
    for (place, it) in text.char_indices().skip(1) {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            it if it == quote => return Ok(place + it.len_utf8()),
            _ => {}
        }
    }
    Err(Failed::NotAllowed)
}

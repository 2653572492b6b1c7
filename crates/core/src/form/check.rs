//! What is wrong with an answer, in terms of what the person can do about it.

use std::cmp::Ordering;

use super::{Answer, Item, Kind, Look, Path, Rule};
use crate::fhir::element::text;

/// One thing wrong with the answers to a question.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("it must be answered")]
    Required,
    #[error("more answers are needed")]
    TooFew { least: usize },
    #[error("there are too many answers")]
    TooMany { most: usize },
    #[error("it is not a number")]
    NotANumber,
    #[error("it is not a whole number")]
    NotAWholeNumber,
    #[error("it is not a date")]
    NotADate,
    #[error("it is not a time of day")]
    NotATime,
    #[error("it is not one of the options")]
    NotAnOption,
    #[error("a unit is missing")]
    NoUnit,
    #[error("it is too low")]
    TooLow { least: Answer },
    #[error("it is too high")]
    TooHigh { most: Answer },
    #[error("it is too short")]
    TooShort { least: usize },
    #[error("it is too long")]
    TooLong { most: usize },
    #[error("it has too many decimal places")]
    TooManyPlaces { most: usize },
    #[error("it does not look as it should")]
    NotInShape,
    #[error("it goes alone")]
    GoesAlone,
    /// A rule of the sender's own, in their words.
    #[error("a rule of the form is broken")]
    Rule { human: String },
}

/// What is wrong with the answers at a path.
pub fn check_question(look: &Look<'_>, item: &Item, path: &Path) -> Vec<Fault> {
    let answers: Vec<&Answer> = look.draft.answers(path).collect();
    let mut faults = Vec::new();
    let fewest = item.fewest();
    // What the person is not asked is not held against them.
    if answers.is_empty() && fewest > 0 && item.is_asked() && item.can_be_asked() {
        faults.push(Fault::Required);
    } else if !answers.is_empty() && answers.len() < fewest {
        faults.push(Fault::TooFew { least: fewest });
    }
    let most = if item.repeats { item.limits.max_occurs } else { Some(1) };
    if let Some(most) = most.filter(|most| answers.len() > *most) {
        faults.push(Fault::TooMany { most });
    }
    let goes_alone =
        |answer: &&Answer| item.choices.iter().any(|it| it.exclusive && it.answer.is_same(answer));
    if answers.len() > 1 && answers.iter().any(goes_alone) {
        faults.push(Fault::GoesAlone);
    }
    for answer in &answers {
        faults.extend(check_answer(item, answer));
    }
    if !item.rules.is_empty() && !answers.is_empty() {
        faults.extend(check_rules(look, item, path));
    }
    faults
}

/// Everything wrong with what would be sent, in the order of the form.
pub fn check_form(look: &Look<'_>) -> Vec<(Path, Fault)> {
    let mut found = Vec::new();
    look.walk(&mut |item, path, slots| {
        if item.is_question() {
            let faults = check_question(look, item, path);
            found.extend(faults.into_iter().map(|fault| (path.clone(), fault)));
        } else if item.kind == Kind::Group {
            if item.repeats
                && let Some(most) = item.limits.max_occurs.filter(|most| slots.len() > *most)
            {
                found.push((path.clone(), Fault::TooMany { most }));
            }
            let rules = check_rules(look, item, path).into_iter();
            found.extend(rules.map(|fault| (path.clone(), fault)));
        }
    });
    found.extend(check_form_rules(look));
    found
}

fn check_answer(item: &Item, answer: &Answer) -> Vec<Fault> {
    let limits = &item.limits;
    let mut faults = Vec::new();
    if !answer.fits(item.kind) {
        return vec![Fault::NotAnOption];
    }
    let is_option = item.choices.iter().any(|choice| choice.answer.is_same(answer));
    if item.kind == Kind::Choice && !item.choices.is_empty() && !is_option {
        faults.push(Fault::NotAnOption);
    }
    if let Some(least) = &limits.least
        && compare(answer, least) == Some(Ordering::Less)
    {
        faults.push(Fault::TooLow { least: least.clone() });
    }
    if let Some(most) = &limits.most
        && compare(answer, most) == Some(Ordering::Greater)
    {
        faults.push(Fault::TooHigh { most: most.clone() });
    }
    if let Some(most) = limits.places.filter(|most| count_places(answer) > *most) {
        faults.push(Fault::TooManyPlaces { most });
    }
    let written = match answer {
        Answer::Text(words) | Answer::Link(words) => Some(words),
        _ => None,
    };
    if let Some(words) = written {
        let length = words.chars().count();
        if let Some(least) = limits.min_length.filter(|least| length < *least) {
            faults.push(Fault::TooShort { least });
        }
        if let Some(most) = limits.max_length.filter(|most| length > *most) {
            faults.push(Fault::TooLong { most });
        }
        if limits.pattern.as_ref().is_some_and(|pattern| !pattern.is_match(words)) {
            faults.push(Fault::NotInShape);
        }
    }
    if let Answer::Quantity(quantity) = answer
        && item.units.len() > 1
        && text(quantity, "unit").or_else(|| text(quantity, "code")).is_none()
    {
        faults.push(Fault::NoUnit);
    }
    faults
}

/// Limits of a quantity may be written as bare numbers.
fn compare(answer: &Answer, limit: &Answer) -> Option<Ordering> {
    answer.order(limit).or_else(|| answer.number()?.partial_cmp(&limit.number()?))
}

fn count_places(answer: &Answer) -> usize {
    let Some(number) = answer.number() else { return 0 };
    if !matches!(answer, Answer::Decimal(_) | Answer::Quantity(_)) {
        return 0;
    }
    number.to_string().split_once('.').map_or(0, |(_, places)| places.len())
}

/// A rule that cannot be worked out is not held against the person; the place checks it too.
fn check_rules(look: &Look<'_>, item: &Item, path: &Path) -> Vec<Fault> {
    list_broken(look, Some(path), &item.rules).collect()
}

fn check_form_rules(look: &Look<'_>) -> impl Iterator<Item = (Path, Fault)> {
    list_broken(look, None, &look.form.rules).map(|fault| (Path::default(), fault))
}

fn list_broken(
    look: &Look<'_>,
    path: Option<&Path>,
    rules: &[Rule],
) -> impl Iterator<Item = Fault> {
    let is_broken = move |rule: &&Rule| {
        let found = look.ask(path, &rule.expression);
        found.is_ok_and(|found| found.first().map(|it| it.write()) == Some(false.into()))
    };
    rules.iter().filter(is_broken).map(|rule| Fault::Rule { human: rule.human.clone() })
}

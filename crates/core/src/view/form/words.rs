//! Answers and what is wrong with them, in words.

use handrail_contract::{
    form::Given,
    words::{Filling, Phrase, Words},
};

use crate::{
    fhir::{element::text, text::clean_message, time::read_instant},
    form::{Answer, Fault, Item},
    view::say::{moment, number, ours, say, theirs},
};

/// What is asked.
pub fn heading(item: &Item) -> Words {
    match (&item.prefix, &item.text) {
        (Some(prefix), Some(text)) => message(&format!("{prefix} {text}")),
        (_, Some(text)) => message(text),
        (_, None) => ours("form-untitled"),
    }
}

/// Their words, over several lines.
pub fn message(text: &str) -> Words {
    Words::theirs(clean_message(text))
}

/// What is wrong, and what would be right.
pub fn say_fault(fault: &Fault) -> Words {
    let phrase = match fault {
        Fault::Required => say("form-fault-required"),
        Fault::TooFew { least } => say("form-fault-few").with("least", number(*least)),
        Fault::TooMany { most } => say("form-fault-many").with("most", number(*most)),
        Fault::NotANumber => say("form-fault-number"),
        Fault::NotAWholeNumber => say("form-fault-whole"),
        Fault::NotADate => say("form-fault-date"),
        Fault::NotATime => say("form-fault-time"),
        Fault::NotAnOption => say("form-fault-option"),
        Fault::NoUnit => say("form-fault-unit"),
        Fault::TooLow { least } => say("form-fault-low").with("least", fill_answer(least)),
        Fault::TooHigh { most } => say("form-fault-high").with("most", fill_answer(most)),
        Fault::TooShort { least } => say("form-fault-short").with("least", number(*least)),
        Fault::TooLong { most } => say("form-fault-long").with("most", number(*most)),
        Fault::TooManyPlaces { most } => say("form-fault-places").with("most", number(*most)),
        Fault::NotInShape => say("form-fault-shape"),
        Fault::GoesAlone => say("form-fault-alone"),
        Fault::Rule { human } => return message(human),
    };
    Words::Ours(phrase)
}

/// An answer as the person reads it.
pub fn say_answer(item: &Item, answer: &Answer) -> Words {
    let choice = item.choices.iter().find(|choice| choice.answer.is_same(answer));
    if let Some(choice) = choice {
        return theirs(&choice.text);
    }
    match answer {
        Answer::Flag(true) => ours("form-yes"),
        Answer::Flag(false) => ours("form-no"),
        Answer::Text(words) => message(words),
        Answer::Other { .. } => ours("form-answer-other"),
        _ => Words::Ours(Phrase::new("form-answer").with("answer", fill_answer(answer))),
    }
}

fn fill_answer(answer: &Answer) -> Filling {
    let plain = |text: &str| Filling::Text(text.to_owned());
    match answer {
        Answer::Integer(number) => Filling::Number(i64::from(*number)),
        Answer::Decimal(number) => Filling::Text(number.to_string()),
        Answer::Date(day) if day.len() == 10 => Filling::Day(day.clone()),
        Answer::DateTime(at) => match read_instant(at) {
            Some(at) => moment(at),
            None if at.len() == 10 => Filling::Day(at.clone()),
            None => plain(at),
        },
        Answer::Coded(coding) => {
            plain(text(coding, "display").or_else(|| text(coding, "code")).unwrap_or_default())
        }
        Answer::Quantity(quantity) => {
            let value = answer.number().map(|it| it.to_string()).unwrap_or_default();
            let unit = text(quantity, "unit").or_else(|| text(quantity, "code"));
            Filling::Text([value.as_str(), unit.unwrap_or_default()].join(" ").trim().to_owned())
        }
        other => plain(other.words().unwrap_or_default()),
    }
}

/// An answer as the page's input holds it.
pub fn given_of(item: &Item, answer: &Answer) -> Option<Given> {
    if let Some(place) = item.choices.iter().position(|it| it.answer.is_same(answer)) {
        return Some(Given::Option(place));
    }
    Some(match answer {
        Answer::Flag(flag) => Given::Flag(*flag),
        Answer::Integer(number) => Given::Text(number.to_string()),
        Answer::Decimal(number) => Given::Text(number.to_string()),
        Answer::Quantity(quantity) => Given::Amount {
            text: answer.number()?.to_string(),
            unit: item.units.iter().position(|unit| text(unit, "code") == text(quantity, "code")),
        },
        Answer::Coded(coding) => Given::Text(text(coding, "display")?.to_owned()),
        Answer::Other { .. } => return None,
        other => Given::Text(other.words()?.to_owned()),
    })
}

//! One answer: how FHIR writes it (`value[x]`), and how a person does.

use std::cmp::Ordering;

use handrail_contract::form::Given;
use jiff::{Timestamp, civil, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Item, Kind, check::Fault};
use crate::fhir::{element::text, text::is_blank};

/// The longest text that is kept of one answer.
const LONGEST: usize = 20_000;
/// Beyond this a decimal number is not exact any more.
const LARGEST: f64 = 1e15;

/// One answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Flag(bool),
    Decimal(f64),
    Integer(i32),
    Date(String),
    DateTime(String),
    Time(String),
    Text(String),
    Link(String),
    /// A Coding, whole.
    Coded(Value),
    /// A Quantity, whole.
    Quantity(Value),
    /// An answer that this app does not make, kept as it came: a file, a reference.
    Other {
        member: String,
        value: Value,
    },
}

impl Answer {
    /// Reads a `value[x]`, `initial[x]` or `answer[x]` member of an object.
    pub fn read(object: &Value, prefix: &str) -> Option<Self> {
        let members = object.as_object()?;
        members.iter().find_map(|(member, value)| {
            let kind = member.strip_prefix(prefix)?;
            Self::of_type(kind, value)
        })
    }

    fn of_type(kind: &str, value: &Value) -> Option<Self> {
        if kind.is_empty() || value.is_null() {
            return None;
        }
        let words = || value.as_str().filter(|text| !is_blank(text)).map(str::to_owned);
        let other = || Self::Other { member: kind.to_owned(), value: value.clone() };
        Some(match kind {
            "Boolean" => Self::Flag(value.as_bool()?),
            "Decimal" => Self::Decimal(value.as_f64().filter(|it| it.is_finite())?),
            "Integer" => Self::Integer(i32::try_from(value.as_i64()?).ok()?),
            "Date" => Self::Date(words()?),
            "DateTime" => Self::DateTime(words()?),
            "Time" => Self::Time(words()?),
            "String" => Self::Text(words()?),
            "Uri" => Self::Link(words()?),
            "Coding" if value.is_object() => Self::Coded(value.clone()),
            "Quantity" if value.is_object() => Self::Quantity(value.clone()),
            _ if kind.starts_with(|it: char| it.is_ascii_uppercase()) => other(),
            _ => return None,
        })
    }

    /// Writes it as a `value[x]` member.
    pub fn write(&self, object: &mut Map<String, Value>) {
        let (kind, value) = match self {
            Self::Flag(flag) => ("Boolean", json!(flag)),
            Self::Decimal(number) => ("Decimal", write_number(*number)),
            Self::Integer(number) => ("Integer", json!(number)),
            Self::Date(text) => ("Date", json!(text)),
            Self::DateTime(text) => ("DateTime", json!(text)),
            Self::Time(text) => ("Time", json!(text)),
            Self::Text(text) => ("String", json!(text)),
            Self::Link(text) => ("Uri", json!(text)),
            Self::Coded(coding) => ("Coding", coding.clone()),
            Self::Quantity(quantity) => ("Quantity", quantity.clone()),
            Self::Other { member, value } => (&**member, value.clone()),
        };
        object.insert(format!("value{kind}"), value);
    }

    /// Whether an item of this kind may have this answer.
    pub fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Flag(_) => kind == Kind::Boolean,
            Self::Decimal(_) => kind == Kind::Decimal,
            Self::Integer(_) => matches!(kind, Kind::Integer | Kind::Choice | Kind::OpenChoice),
            Self::Date(_) => matches!(kind, Kind::Date | Kind::Choice | Kind::OpenChoice),
            Self::DateTime(_) => kind == Kind::DateTime,
            Self::Time(_) => matches!(kind, Kind::Time | Kind::Choice | Kind::OpenChoice),
            Self::Text(_) => {
                matches!(kind, Kind::String | Kind::Text | Kind::Choice | Kind::OpenChoice)
            }
            Self::Link(_) => kind == Kind::Url,
            Self::Coded(_) => matches!(kind, Kind::Choice | Kind::OpenChoice),
            Self::Quantity(_) => kind == Kind::Quantity,
            Self::Other { .. } => {
                matches!(kind, Kind::Attachment | Kind::Reference | Kind::Choice | Kind::Unknown)
            }
        }
    }

    /// The number in it. Forms compare numbers with options whose code or name is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Decimal(number) => Some(*number),
            Self::Integer(number) => Some(f64::from(*number)),
            Self::Quantity(quantity) => quantity.get("value")?.as_f64(),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Coded(coding) => {
                text(coding, "code").or_else(|| text(coding, "display"))?.trim().parse().ok()
            }
            _ => None,
        }
    }

    /// Its text, as it would be compared.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Date(text)
            | Self::DateTime(text)
            | Self::Time(text)
            | Self::Text(text)
            | Self::Link(text) => Some(text),
            Self::Coded(coding) => text(coding, "code"),
            _ => None,
        }
    }

    /// Whether two answers say the same.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Coded(one), Self::Coded(two)) => {
                let system = |it: &Value| text(it, "system").map(str::to_owned);
                let same_system = match (system(one), system(two)) {
                    (Some(one), Some(two)) => one == two,
                    _ => true,
                };
                match (text(one, "code"), text(two, "code")) {
                    (Some(one), Some(two)) => one == two && same_system,
                    (None, None) => text(one, "display") == text(two, "display"),
                    _ => false,
                }
            }
            (Self::Coded(coding), Self::Text(words)) | (Self::Text(words), Self::Coded(coding)) => {
                [text(coding, "code"), text(coding, "display")].contains(&Some(words.as_str()))
            }
            _ => match self.order(other) {
                Some(order) => order == Ordering::Equal,
                None => self == other,
            },
        }
    }

    /// Which of two answers is more; `None` where that means nothing.
    pub fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Date(_) | Self::DateTime(_), Self::Date(_) | Self::DateTime(_)) => {
                order_dates(self.words()?, other.words()?)
            }
            (Self::Time(one), Self::Time(two)) => Some(read_time(one)?.cmp(&read_time(two)?)),
            (Self::Text(one), Self::Text(two)) => Some(one.cmp(two)),
            (Self::Quantity(one), Self::Quantity(two)) => {
                let unit = |it: &Value| {
                    text(it, "code").or_else(|| text(it, "unit")).unwrap_or_default().to_owned()
                };
                if unit(one) != unit(two) {
                    return None;
                }
                self.number()?.partial_cmp(&other.number()?)
            }
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }
}

/// Two dates as far as both are written; of a day and an instant, the day counts.
fn order_dates(one: &str, two: &str) -> Option<Ordering> {
    if let (Ok(one), Ok(two)) = (one.parse::<Timestamp>(), two.parse::<Timestamp>()) {
        return Some(one.cmp(&two));
    }
    let day = |text: &str| text.split('T').next().unwrap_or_default().to_owned();
    let (one, two) = (day(one), day(two));
    let shared = one.len().min(two.len());
    match one.get(..shared)?.cmp(two.get(..shared)?) {
        // A year says nothing about a day within it.
        Ordering::Equal if one.len() != two.len() => None,
        order => Some(order),
    }
}

fn read_time(text: &str) -> Option<civil::Time> {
    let text = text.trim();
    if text.len() == 5 { format!("{text}:00").parse().ok() } else { text.parse().ok() }
}

/// A whole number is written without a point.
pub fn write_number(number: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within bounds")]
    if number.fract() == 0.0 && number.abs() < LARGEST {
        json!(number as i64)
    } else {
        json!(number)
    }
}

/// What a person gave, as an answer to the item. `None`: nothing was given.
///
/// # Errors
/// It cannot be read as what the item takes.
pub fn read_given(item: &Item, given: &Given, tz: &TimeZone) -> Result<Option<Answer>, Fault> {
    match given {
        Given::Flag(flag) if item.kind == Kind::Boolean => Ok(Some(Answer::Flag(*flag))),
        Given::Option(place) => {
            let choice = item.choices.get(*place).ok_or(Fault::NotAnOption)?;
            Ok(Some(choice.answer.clone()))
        }
        Given::Text(words) | Given::Amount { text: words, .. } if is_blank(words) => Ok(None),
        Given::Text(words) => read_words(item, words, tz).map(Some),
        Given::Amount { text: words, unit } => {
            let number = read_number(words).ok_or(Fault::NotANumber)?;
            match item.kind {
                Kind::Quantity => write_quantity(item, number, *unit).map(Some),
                _ => read_words(item, words, tz).map(Some),
            }
        }
        Given::Flag(_) => Err(Fault::NotAnOption),
    }
}

fn read_words(item: &Item, words: &str, tz: &TimeZone) -> Result<Answer, Fault> {
    if words.chars().count() > LONGEST {
        return Err(Fault::TooLong { most: LONGEST });
    }
    let trimmed = words.trim();
    match item.kind {
        Kind::Integer => {
            let number = trimmed.parse::<i32>().map_err(|_| Fault::NotAWholeNumber)?;
            Ok(Answer::Integer(number))
        }
        Kind::Decimal => read_number(trimmed).map(Answer::Decimal).ok_or(Fault::NotANumber),
        Kind::Quantity => {
            let number = read_number(trimmed).ok_or(Fault::NotANumber)?;
            write_quantity(item, number, None)
        }
        Kind::Date => {
            let day: civil::Date = trimmed.parse().map_err(|_| Fault::NotADate)?;
            if (1000..=9999).contains(&day.year()) {
                Ok(Answer::Date(day.to_string()))
            } else {
                Err(Fault::NotADate)
            }
        }
        Kind::Time => {
            let time = read_time(trimmed).ok_or(Fault::NotATime)?;
            Ok(Answer::Time(time.strftime("%H:%M:%S").to_string()))
        }
        Kind::DateTime => read_moment(trimmed, tz).map(Answer::DateTime).ok_or(Fault::NotADate),
        Kind::Url => Ok(Answer::Link(trimmed.to_owned())),
        Kind::Text => Ok(Answer::Text(words.trim_end().to_owned())),
        Kind::String | Kind::OpenChoice => Ok(Answer::Text(trimmed.to_owned())),
        _ => Err(Fault::NotAnOption),
    }
}

/// A day alone stays a day; with a time of day it is meant where the person is.
fn read_moment(text: &str, tz: &TimeZone) -> Option<String> {
    if text.parse::<Timestamp>().is_ok() {
        return Some(text.to_owned());
    }
    if !text.contains('T') {
        return text.parse::<civil::Date>().ok().map(|day| day.to_string());
    }
    let at = text.parse::<civil::DateTime>().ok()?.to_zoned_datetime(tz.clone()).ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// A number as people write it. A comma is a point in half of the world, and a lone one is never a thousand's mark here.
fn read_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let plain = text.bytes().all(|it| it.is_ascii_digit() || matches!(it, b'.' | b',' | b'-'));
    let number: f64 = text.replace(',', ".").parse().ok().filter(|_| plain)?;
    (number.abs() < LARGEST).then_some(number)
}

fn write_quantity(item: &Item, number: f64, unit: Option<usize>) -> Result<Answer, Fault> {
    let mut quantity = Map::new();
    quantity.insert("value".to_owned(), write_number(number));
    let chosen = match (unit, item.units.as_slice()) {
        (Some(place), units) => Some(units.get(place).ok_or(Fault::NotAnOption)?),
        (None, [only]) => Some(only),
        (None, []) => None,
        (None, _) => return Err(Fault::NoUnit),
    };
    if let Some(unit) = chosen {
        let name = text(unit, "display").or_else(|| text(unit, "code"));
        for (member, value) in
            [("unit", name), ("system", text(unit, "system")), ("code", text(unit, "code"))]
        {
            if let Some(value) = value {
                quantity.insert(member.to_owned(), json!(value));
            }
        }
    }
    Ok(Answer::Quantity(Value::Object(quantity)))
}

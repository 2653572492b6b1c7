//! Reads a Questionnaire. What cannot be asked faithfully is refused by name, never bent.

mod choices;

use std::collections::HashMap;

use serde_json::Value;

use super::{
    Answer, Choice, Condition, Enable, Form, Item, Kind, Limits, Operator, Rule, Variable,
    expression,
};
use crate::fhir::{
    element::{extensions, list, text},
    text::{clean_line, clean_message},
};

const MOST_ITEMS: usize = 500;
const MOST_EXPRESSIONS: usize = 200;
const DEEPEST: usize = 10;

/// Why a form cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unshowable {
    /// It carries a mark that changes its meaning in a way we do not know (FHIR R4 section 2.4.1).
    #[error("an unknown modifier")]
    UnknownModifier,
    /// A question that must be answered is of a kind this app cannot ask.
    #[error("a required question cannot be asked")]
    CannotAsk { link: String },
    /// Whether a question is asked at all depends on an expression we cannot work out.
    #[error("an unknown condition")]
    UnknownCondition { link: String },
    /// It is larger than anything a person would fill in.
    #[error("too large")]
    TooLarge,
    /// Two items have one name, or one has none: answers could not be told apart.
    #[error("items cannot be told apart")]
    Malformed,
    /// There is nothing to answer in it.
    #[error("there are no questions")]
    Empty,
}

/// Reads a Questionnaire, its texts in `lang` where they are translated.
///
/// # Errors
/// Why it cannot be shown as a form.
pub fn read_form(whole: &Value, lang: &str) -> Result<Form, Unshowable> {
    read_form_with(whole, lang, &|_| None)
}

/// The same with the value sets that came beside it, by canonical address.
///
/// # Errors
/// As [`read_form`].
pub fn read_form_with<'a>(
    whole: &'a Value,
    lang: &'a str,
    value_sets: &dyn Fn(&str) -> Option<&'a Value>,
) -> Result<Form, Unshowable> {
    if text(whole, "implicitRules").is_some() || has_modifier(whole, 0) {
        return Err(Unshowable::UnknownModifier);
    }
    let mut reader = Reader { whole, lang, value_sets, items: 0, choices: 0, expressions: 0 };
    let items = reader.read_items(whole, 0)?;
    let variables = reader.read_variables(whole)?;
    let mut places = HashMap::new();
    note_places(&items, &mut Vec::new(), &mut places)?;
    let form = Form {
        canonical: canonical_of(whole),
        title: reader.translate(whole, "title").map(clean_line),
        rules: reader.read_rules(whole)?,
        items,
        variables,
        whole: whole.clone(),
        places,
    };
    if !has_questions(&form.items) {
        return Err(Unshowable::Empty);
    }
    refuse_what_cannot_be(&form.items, &form)?;
    Ok(form)
}

/// `url|version`, else a reference to where it was read.
pub fn canonical_of(whole: &Value) -> String {
    match (text(whole, "url"), text(whole, "version")) {
        (Some(url), Some(version)) => format!("{url}|{version}"),
        (Some(url), None) => url.to_owned(),
        (None, _) => format!("Questionnaire/{}", text(whole, "id").unwrap_or_default()),
    }
}

/// A modifier anywhere may change what the whole means. Too deep to look through is as bad.
fn has_modifier(value: &Value, depth: usize) -> bool {
    if depth > 60 {
        return true;
    }
    match value {
        Value::Object(members) => members.iter().any(|(member, value)| {
            let is_one = member == "modifierExtension"
                && !value.is_null()
                && value.as_array().is_none_or(|it| !it.is_empty());
            is_one || has_modifier(value, depth + 1)
        }),
        Value::Array(items) => items.iter().any(|item| has_modifier(item, depth + 1)),
        _ => false,
    }
}

fn has_questions(items: &[Item]) -> bool {
    items.iter().any(|item| item.is_question() || has_questions(&item.items))
}

fn note_places(
    items: &[Item],
    above: &mut Vec<String>,
    places: &mut HashMap<String, Vec<String>>,
) -> Result<(), Unshowable> {
    for item in items {
        above.push(item.link.clone());
        if places.insert(item.link.clone(), above.clone()).is_some() {
            return Err(Unshowable::Malformed);
        }
        note_places(&item.items, above, places)?;
        above.pop();
    }
    Ok(())
}

fn refuse_what_cannot_be(items: &[Item], form: &Form) -> Result<(), Unshowable> {
    for item in items {
        let answered = !item.initial.is_empty() || item.is_calculated();
        if item.is_question() && item.fewest() > 0 && !item.can_be_asked() && !answered {
            return Err(Unshowable::CannotAsk { link: item.link.clone() });
        }
        if let Some(enable) = &item.enable {
            let known = enable.conditions.iter().all(|it| form.places.contains_key(&it.question));
            let read = enable.expression.as_deref().is_none_or(expression::is_allowed);
            if !known || !read {
                return Err(Unshowable::UnknownCondition { link: item.link.clone() });
            }
        }
        refuse_what_cannot_be(&item.items, form)?;
    }
    Ok(())
}

struct Reader<'a, 'f> {
    whole: &'a Value,
    lang: &'a str,
    value_sets: &'f dyn Fn(&str) -> Option<&'a Value>,
    items: usize,
    choices: usize,
    expressions: usize,
}

impl Reader<'_, '_> {
    fn read_items(&mut self, parent: &Value, depth: usize) -> Result<Vec<Item>, Unshowable> {
        if depth > DEEPEST {
            return Err(Unshowable::TooLarge);
        }
        list(parent, "item").map(|item| self.read_item(item, depth)).collect()
    }

    fn read_item(&mut self, raw: &Value, depth: usize) -> Result<Item, Unshowable> {
        self.items += 1;
        if self.items > MOST_ITEMS {
            return Err(Unshowable::TooLarge);
        }
        let link = text(raw, "linkId").ok_or(Unshowable::Malformed)?.to_owned();
        let kind = read_kind(text(raw, "type"));
        let (choices, choices_away) = self.read_choices(raw)?;
        let mut initial = read_initial(raw);
        if initial.is_empty() {
            initial = list(raw, "answerOption")
                .filter(|option| {
                    option.get("initialSelected").and_then(Value::as_bool) == Some(true)
                })
                .filter_map(|option| Answer::read(option, "value"))
                .collect();
        }
        let mut item = Item {
            kind,
            text: self.text_of(raw),
            prefix: self.translate(raw, "prefix").map(clean_line),
            help: Vec::new(),
            hint: extension_text(raw, "entryFormat").map(clean_line),
            required: flag(raw, "required"),
            repeats: flag(raw, "repeats"),
            read_only: flag(raw, "readOnly"),
            hidden: extension_flag(raw, "questionnaire-hidden"),
            choices,
            choices_away,
            units: self.read_units(raw),
            limits: read_limits(raw),
            enable: self.read_enable(raw, &link)?,
            initial,
            initial_expression: self.read_expression(raw, "sdc-questionnaire-initialExpression")?,
            calculated: self.read_expression(raw, "sdc-questionnaire-calculatedExpression")?,
            variables: self.read_variables(raw)?,
            rules: self.read_rules(raw)?,
            items: self.read_items(raw, depth + 1)?,
            link,
        };
        self.take_help(&mut item, raw);
        Ok(item)
    }

    /// A text inside a question explains it; the response leaves it out, as it leaves out every display.
    fn take_help(&self, item: &mut Item, raw: &Value) {
        if item.kind == Kind::Group {
            return;
        }
        let nested = std::mem::take(&mut item.items);
        for (child, raw) in nested.into_iter().zip(list(raw, "item")) {
            let is_plain = child.kind == Kind::Display && child.enable.is_none() && !child.hidden;
            if is_plain {
                let shown = self.translate(raw, "text").map(clean_message);
                item.help.extend(shown);
            }
            item.items.push(child);
        }
    }

    fn text_of(&self, raw: &Value) -> Option<String> {
        self.translate(raw, "text")
            .or_else(|| list(raw, "code").find_map(|code| self.translate(code, "display")))
            .map(clean_message)
    }

    /// A text in the person's language, where the translation extension has it.
    fn translate<'v>(&self, value: &'v Value, member: &str) -> Option<&'v str> {
        let beside = value.get(format!("_{member}"));
        let wanted = primary(self.lang);
        let translated = beside.and_then(|beside| {
            extensions(beside, "translation").find_map(|translation| {
                let lang = extensions(translation, "lang")
                    .find_map(|it| text(it, "valueCode").or_else(|| text(it, "valueString")))?;
                let content = extensions(translation, "content")
                    .find_map(|it| text(it, "valueString").or_else(|| text(it, "valueMarkdown")))?;
                (primary(lang) == wanted).then_some(content)
            })
        });
        translated.or_else(|| text(value, member))
    }

    fn read_enable(&mut self, raw: &Value, link: &str) -> Result<Option<Enable>, Unshowable> {
        let unknown = || Unshowable::UnknownCondition { link: link.to_owned() };
        let conditions: Vec<Condition> = list(raw, "enableWhen")
            .map(|condition| {
                let operator = match text(condition, "operator") {
                    Some("exists") => Operator::Exists,
                    Some("=") => Operator::Equal,
                    Some("!=") => Operator::NotEqual,
                    Some(">") => Operator::Greater,
                    Some("<") => Operator::Less,
                    Some(">=") => Operator::AtLeast,
                    Some("<=") => Operator::AtMost,
                    _ => return Err(unknown()),
                };
                Ok(Condition {
                    question: text(condition, "question").ok_or_else(unknown)?.to_owned(),
                    operator,
                    answer: Answer::read(condition, "answer").ok_or_else(unknown)?,
                })
            })
            .collect::<Result<_, _>>()?;
        let expression = self.read_expression(raw, "sdc-questionnaire-enableWhenExpression")?;
        let is_named = extensions(raw, "sdc-questionnaire-enableWhenExpression").next().is_some();
        if is_named && expression.is_none() {
            return Err(unknown());
        }
        // A lone condition needs no word about how to join; several without one show rather than hide.
        let all = text(raw, "enableBehavior") == Some("all");
        Ok((!conditions.is_empty() || expression.is_some()).then_some(Enable {
            conditions,
            all,
            expression,
        }))
    }

    /// The first FHIRPath expression in an extension. Other languages are none of ours.
    fn read_expression(&mut self, raw: &Value, name: &str) -> Result<Option<String>, Unshowable> {
        let found = extensions(raw, name).find_map(|it| {
            let expression = it.get("valueExpression")?;
            (text(expression, "language") == Some("text/fhirpath"))
                .then(|| text(expression, "expression"))?
        });
        self.count(found.is_some().into())?;
        Ok(found.map(str::to_owned))
    }

    fn read_variables(&mut self, raw: &Value) -> Result<Vec<Variable>, Unshowable> {
        let variables: Vec<Variable> = extensions(raw, "variable")
            .filter_map(|it| it.get("valueExpression"))
            .filter(|it| text(it, "language") == Some("text/fhirpath"))
            .filter_map(|it| {
                Some(Variable {
                    name: text(it, "name")?.to_owned(),
                    expression: text(it, "expression")?.to_owned(),
                })
            })
            .collect();
        self.count(variables.len())?;
        Ok(variables)
    }

    /// Rules whose breach the sender calls an error; a mere warning stands in nobody's way.
    fn read_rules(&mut self, raw: &Value) -> Result<Vec<Rule>, Unshowable> {
        let part = |rule: &Value, name: &str| {
            extensions(rule, name)
                .find_map(|it| text(it, "valueString").or_else(|| text(it, "valueCode")))
                .map(str::to_owned)
        };
        let old = extensions(raw, "questionnaire-constraint")
            .filter(|rule| part(rule, "severity").as_deref() == Some("error"))
            .filter_map(|rule| {
                Some(Rule {
                    expression: part(rule, "expression")?,
                    human: clean_message(&part(rule, "human")?),
                })
            });
        let rules: Vec<Rule> = old.collect();
        self.count(rules.len())?;
        Ok(rules)
    }

    fn count(&mut self, more: usize) -> Result<(), Unshowable> {
        self.expressions += more;
        if self.expressions > MOST_EXPRESSIONS { Err(Unshowable::TooLarge) } else { Ok(()) }
    }
}

fn read_kind(kind: Option<&str>) -> Kind {
    match kind {
        Some("group") => Kind::Group,
        Some("display") => Kind::Display,
        Some("boolean") => Kind::Boolean,
        Some("decimal") => Kind::Decimal,
        Some("integer") => Kind::Integer,
        Some("date") => Kind::Date,
        Some("dateTime") => Kind::DateTime,
        Some("time") => Kind::Time,
        Some("string") => Kind::String,
        Some("text") => Kind::Text,
        Some("url") => Kind::Url,
        Some("choice") => Kind::Choice,
        Some("open-choice") => Kind::OpenChoice,
        Some("quantity") => Kind::Quantity,
        Some("attachment") => Kind::Attachment,
        Some("reference") => Kind::Reference,
        _ => Kind::Unknown,
    }
}

fn read_initial(raw: &Value) -> Vec<Answer> {
    list(raw, "initial").filter_map(|it| Answer::read(it, "value")).collect()
}

fn read_limits(raw: &Value) -> Limits {
    let number = |name: &str| {
        extensions(raw, name)
            .find_map(|it| it.get("valueInteger").and_then(Value::as_u64))
            .and_then(|it| usize::try_from(it).ok())
    };
    Limits {
        least: extensions(raw, "minValue").find_map(|it| Answer::read(it, "value")),
        most: extensions(raw, "maxValue").find_map(|it| Answer::read(it, "value")),
        min_length: number("minLength"),
        max_length: raw
            .get("maxLength")
            .and_then(Value::as_u64)
            .and_then(|it| usize::try_from(it).ok()),
        places: number("maxDecimalPlaces"),
        min_occurs: number("questionnaire-minOccurs"),
        max_occurs: number("questionnaire-maxOccurs"),
        // A pattern in a dialect that ours does not know is not held against the person; the place checks it too.
        pattern: extension_text(raw, "regex").and_then(|pattern| {
            regex::RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(1 << 18).build().ok()
        }),
    }
}

fn flag(raw: &Value, member: &str) -> bool {
    raw.get(member).and_then(Value::as_bool) == Some(true)
}

fn extension_flag(raw: &Value, name: &str) -> bool {
    extensions(raw, name).any(|it| flag(it, "valueBoolean"))
}

fn extension_text<'a>(raw: &'a Value, name: &'a str) -> Option<&'a str> {
    extensions(raw, name).find_map(|it| text(it, "valueString"))
}

/// The language of a tag, without region and script.
fn primary(tag: &str) -> String {
    tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

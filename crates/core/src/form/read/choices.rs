//! What a question lets choose among: options, value sets that came along, and units.

use serde_json::Value;

use super::{Answer, Choice, Reader, Unshowable, extension_flag, flag, primary};
use crate::fhir::{
    element::{extensions, list, text},
    reference::find_contained,
    text::clean_line,
};

const MOST_CHOICES: usize = 5_000;
/// Choices of one question.
const MOST_CHOICES_EACH: usize = 500;

impl Reader<'_, '_> {
    pub fn read_choices(&mut self, raw: &Value) -> Result<(Vec<Choice>, bool), Unshowable> {
        let mut choices: Vec<Choice> =
            list(raw, "answerOption").filter_map(|option| self.read_option(option)).collect();
        let named = text(raw, "answerValueSet");
        if let Some(inside) = named
            .and_then(|set| set.strip_prefix('#'))
            .and_then(|id| find_contained(self.whole, id))
        {
            choices.extend(self.read_value_set(inside).unwrap_or_default());
        } else if let Some(beside) = named.and_then(self.value_sets) {
            // One that nobody could pick from is as good as none.
            let found = self.read_value_set(beside);
            choices.extend(found.filter(|it| it.len() <= MOST_CHOICES_EACH).unwrap_or_default());
        }
        let is_worked_out = extensions(raw, "sdc-questionnaire-answerExpression")
            .chain(extensions(raw, "sdc-questionnaire-answerOptionsToggleExpression"))
            .next()
            .is_some();
        self.choices += choices.len();
        if self.choices > MOST_CHOICES || choices.len() > MOST_CHOICES_EACH {
            return Err(Unshowable::TooLarge);
        }
        if is_worked_out {
            choices.clear();
        }
        let away = choices.is_empty() && (named.is_some() || is_worked_out);
        Ok((choices, away))
    }

    fn read_option(&self, option: &Value) -> Option<Choice> {
        let answer = Answer::read(option, "value")?;
        let exclusive = extension_flag(option, "questionnaire-optionExclusive");
        let words = match &answer {
            Answer::Coded(coding) => {
                self.translate(coding, "display").or_else(|| text(coding, "code"))?.to_owned()
            }
            Answer::Integer(number) => number.to_string(),
            Answer::Text(words) => {
                self.translate(option, "valueString").unwrap_or(words).to_owned()
            }
            Answer::Other { value, .. } => text(value, "display")?.to_owned(),
            other => other.words()?.to_owned(),
        };
        Some(Choice { answer, text: clean_line(&words), exclusive })
    }

    /// A value set that came along: expanded, or with its codes written out. `None`: there is more to it.
    fn read_value_set(&self, set: &Value) -> Option<Vec<Choice>> {
        let mut codes: Vec<(Option<&str>, &Value)> = Vec::new();
        if let Some(expansion) = set.get("expansion") {
            let total = expansion.get("total").and_then(Value::as_u64).unwrap_or_default();
            if total > list(expansion, "contains").count() as u64 {
                return None;
            }
            for entry in list(expansion, "contains") {
                if list(entry, "contains").next().is_some() {
                    return None;
                }
                if !flag(entry, "abstract") && !flag(entry, "inactive") {
                    codes.push((text(entry, "system"), entry));
                }
            }
        } else {
            let compose = set.get("compose")?;
            if list(compose, "exclude").next().is_some() {
                return None;
            }
            for include in list(compose, "include") {
                let is_simple = list(include, "filter").next().is_none()
                    && include.get("valueSet").is_none()
                    && list(include, "concept").next().is_some();
                if !is_simple {
                    return None;
                }
                let system = text(include, "system");
                codes.extend(list(include, "concept").map(|concept| (system, concept)));
            }
        }
        codes.into_iter().map(|(system, entry)| self.read_concept(system, entry)).collect()
    }

    fn read_concept(&self, system: Option<&str>, entry: &Value) -> Option<Choice> {
        let code = text(entry, "code")?;
        let display = text(entry, "display").unwrap_or(code);
        let shown = list(entry, "designation")
            .find(|it| text(it, "language").is_some_and(|it| primary(it) == primary(self.lang)))
            .and_then(|it| text(it, "value"))
            .or_else(|| self.translate(entry, "display"))
            .unwrap_or(code);
        let mut coding = serde_json::json!({ "code": code, "display": display });
        if let Some(system) = system {
            coding["system"] = system.into();
        }
        Some(Choice { answer: Answer::Coded(coding), text: clean_line(shown), exclusive: false })
    }

    pub fn read_units(&self, raw: &Value) -> Vec<Value> {
        extensions(raw, "questionnaire-unit")
            .chain(extensions(raw, "questionnaire-unitOption"))
            .filter_map(|it| it.get("valueCoding").cloned())
            .take(MOST_CHOICES_EACH)
            .map(|mut unit| {
                if let Some(shown) = self.translate(&unit, "display").map(str::to_owned) {
                    unit["display"] = shown.into();
                }
                unit
            })
            .collect()
    }
}

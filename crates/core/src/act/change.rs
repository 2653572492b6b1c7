//! What an act writes into a Task. Nothing else can be said with it.

use handrail_contract::act::ActKind;
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{NotAResource, Open, Step, Unchanged};
use crate::fhir::element::{list, parameters, text, text_at};

/// The code system of the guide's own codes.
const GUIDE: &str =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
/// The code system of Structured Data Capture's.
const SDC: &str = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp";

/// One output of the four that the guide has.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    /// `general-information-response`, as many as there are.
    Words(String),
    /// `chosen-contact`, at most one.
    Contact(String),
    /// `questionnaire-response`, at most one: the id of a QuestionnaireResponse.
    Response(String),
    /// `questionnaire-pdf-completed`, at most one: the id of a DocumentReference.
    Pdf(String),
}

impl Output {
    const fn code(&self) -> &'static str {
        match self {
            Self::Words(_) => "general-information-response",
            Self::Contact(_) => "chosen-contact",
            Self::Response(_) => "questionnaire-response",
            Self::Pdf(_) => "questionnaire-pdf-completed",
        }
    }

    const fn stands_alone(&self) -> bool {
        !matches!(self, Self::Words(_))
    }

    fn to_value(&self) -> Value {
        let code = self.code();
        let guide = |display: &str| json!({ "system": GUIDE, "code": code, "display": display });
        let (coding, member, value) = match self {
            Self::Words(text) => {
                (json!([guide("General Information Response")]), "valueMarkdown", json!(text))
            }
            Self::Contact(text) => (json!([guide("Chosen Contact")]), "valueMarkdown", json!(text)),
            Self::Response(id) => {
                let sdc =
                    json!({ "system": SDC, "code": code, "display": "Questionnaire Response" });
                let reference = format!("QuestionnaireResponse/{id}");
                (json!([sdc]), "valueReference", json!({ "reference": reference }))
            }
            // The slice wants the guide's code; its invariant SDOH-Task-6 tests the same code in SDC's system.
            Self::Pdf(id) => {
                let both = json!([
                    guide("Questionnaire PDF Completed"),
                    { "system": SDC, "code": code },
                ]);
                let reference = format!("DocumentReference/{id}");
                (both, "valueReference", json!({ "reference": reference }))
            }
        };
        json!({ "type": { "coding": coding }, member: value })
    }

    /// Whether an output of a Task says the same. Servers trim texts and make references absolute.
    fn is_in(&self, task: &Value) -> bool {
        parameters(task, "output", &[self.code()]).any(|output| match self {
            Self::Words(said) | Self::Contact(said) => ["valueMarkdown", "valueString"]
                .iter()
                .any(|member| text(output, member).is_some_and(|it| it.trim() == said.trim())),
            Self::Response(id) | Self::Pdf(id) => {
                let kind = if matches!(self, Self::Pdf(_)) {
                    "DocumentReference"
                } else {
                    "QuestionnaireResponse"
                };
                let relative = format!("{kind}/{id}");
                text_at(output, &["valueReference", "reference"]).is_some_and(|reference| {
                    let reference = reference.split("/_history/").next().unwrap_or_default();
                    reference == relative || reference.ends_with(&format!("/{relative}"))
                })
            }
        })
    }
}

/// What an act writes: a status, why, and at most one output.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    act: ActKind,
    reason: Option<String>,
    output: Option<Output>,
}

impl Change {
    pub fn new(act: ActKind, reason: Option<String>, output: Option<Output>) -> Self {
        Self { act, reason, output }
    }

    /// Whether a Task says already what this would write.
    pub fn is_in(&self, task: &Value) -> bool {
        let reason = text_at(task, &["statusReason", "text"]);
        text(task, "status") == Some(super::status_after(self.act))
            && self.reason.as_deref().is_none_or(|own| reason.map(str::trim) == Some(own.trim()))
            && self.output.as_ref().is_none_or(|output| output.is_in(task))
    }

    /// Writes it into a Task. `None`: the guide has no such step from where the Task stands.
    ///
    /// An older reason goes: it explained the status that was left.
    ///
    /// # Errors
    /// The Task's outputs cannot be read, so that none could be added without loss.
    pub fn apply(&self, mut task: Unchanged) -> Result<Option<Unchanged>, NotAResource> {
        let before = task.to_value();
        let Some(step) = Open::read(&before).and_then(|from| Step::new(from, self.act)) else {
            return Ok(None);
        };
        task.set("status", &step.status(), "id");
        match &self.reason {
            Some(reason) => task.set("statusReason", &json!({ "text": reason }), "status"),
            None => task.remove("statusReason"),
        }
        if let Some(output) = &self.output {
            let kept = kept_outputs(&task, &before, output)?;
            let own = output.to_value();
            let all: Vec<Either<'_>> =
                kept.iter().map(|raw| Either::Theirs(raw)).chain([Either::Own(&own)]).collect();
            task.set("output", &all, "input");
        }
        Ok(Some(task))
    }
}

/// What stands among the outputs and stays: everything but another one in the place of ours.
fn kept_outputs(
    task: &Unchanged,
    before: &Value,
    own: &Output,
) -> Result<Vec<Box<RawValue>>, NotAResource> {
    let Some(raw) = task.member("output") else { return Ok(Vec::new()) };
    // A lone object stands for a list of one; some servers write it so.
    let raws: Vec<Box<RawValue>> = match before.get("output") {
        Some(Value::Object(_)) => vec![raw.to_owned()],
        _ => serde_json::from_str(raw.get()).map_err(|_| NotAResource)?,
    };
    let ours = [own.code()];
    let is_in_our_place = |output: &Value| {
        own.stands_alone()
            && parameters(&json!({ "output": [output] }), "output", &ours).next().is_some()
    };
    let outputs: Vec<&Value> = list(before, "output").collect();
    if outputs.len() != raws.len() {
        return Err(NotAResource);
    }
    let stays = |(raw, output): (Box<RawValue>, &Value)| (!is_in_our_place(output)).then_some(raw);
    Ok(raws.into_iter().zip(outputs).filter_map(stays).collect())
}

#[derive(Serialize)]
#[serde(untagged)]
enum Either<'a> {
    Theirs(&'a RawValue),
    Own(&'a Value),
}

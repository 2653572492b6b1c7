//! What an act writes into a Task. Nothing else can be said with it.

use handrail_contract::{act::ActKind, place::Role};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Move, NotAResource, Open, Room, Stage, Step, Unchanged,
    capacity::{read_room, write_room},
    organization::GUIDE,
};
use crate::fhir::element::{codes, concept_name, list, parameters, text, text_at};

/// The code system of Structured Data Capture's.
pub(super) const SDC: &str = "http://hl7.org/fhir/uv/sdc/CodeSystem/temp";

/// One output of those that the guide has: four of a to-do's, and a referral's activities.
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
    /// `resulting-activity`, as many as there are: the id of a Procedure.
    Activity(String),
    /// The same where no Procedure can be created: what was done, as a CodeableConcept.
    ActivityCode(Value),
}

impl Output {
    const fn code(&self) -> &'static str {
        match self {
            Self::Words(_) => "general-information-response",
            Self::Contact(_) => "chosen-contact",
            Self::Response(_) => "questionnaire-response",
            Self::Pdf(_) => "questionnaire-pdf-completed",
            Self::Activity(_) | Self::ActivityCode(_) => "resulting-activity",
        }
    }

    const fn stands_alone(&self) -> bool {
        !matches!(self, Self::Words(_) | Self::Activity(_) | Self::ActivityCode(_))
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
            Self::Activity(id) => {
                let reference = json!({ "reference": format!("Procedure/{id}") });
                (json!([guide("Resulting Activity")]), "valueReference", reference)
            }
            Self::ActivityCode(concept) => {
                (json!([guide("Resulting Activity")]), "valueCodeableConcept", concept.clone())
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
            Self::ActivityCode(concept) => output.get("valueCodeableConcept").is_some_and(|said| {
                codes(said).eq(codes(concept)) && concept_name(said) == concept_name(concept)
            }),
            Self::Response(id) | Self::Pdf(id) | Self::Activity(id) => {
                let kind = match self {
                    Self::Pdf(_) => "DocumentReference",
                    Self::Activity(_) => "Procedure",
                    _ => "QuestionnaireResponse",
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

/// What an act writes: a status, why, and outputs; or who takes what nobody has; or whether a service has room.
#[derive(Clone, PartialEq)]
pub struct Change {
    pub(super) by: Role,
    pub(super) act: ActKind,
    /// `statusReason`.
    pub(super) reason: Option<Value>,
    pub(super) outputs: Vec<Output>,
    /// The Organization that claims it.
    pub(super) owner: Option<String>,
    /// Whether a service has room.
    pub(super) room: Option<Room>,
}

impl Change {
    /// Whether a Task says already what this would write.
    pub fn is_in(&self, task: &Value) -> bool {
        if self.room.is_some() {
            return read_room(task) == self.room;
        }
        let said = text_at(task, &["statusReason", "text"]).map(str::trim);
        let own = self.reason.as_ref().and_then(|reason| text(reason, "text")).map(str::trim);
        super::status_after(self.act).is_none_or(|status| text(task, "status") == Some(status))
            && own.is_none_or(|own| said == Some(own))
            && self.outputs.iter().all(|output| output.is_in(task))
            && self.owner.as_ref().is_none_or(|own| is_owner(task, own))
    }

    /// Whether it writes anything into the Task at all.
    pub const fn writes(&self) -> bool {
        !matches!(self.act, ActKind::Ask)
    }

    /// Writes it into a Task. `None`: the guide has no such step from where the Task stands.
    ///
    /// An older reason goes: it explained the status that was left.
    ///
    /// # Errors
    /// The Task's outputs cannot be read, so that none could be added without loss.
    pub fn apply(&self, mut task: Unchanged) -> Result<Option<Unchanged>, NotAResource> {
        let before = task.to_value();
        if self.act == ActKind::Ask {
            return Ok(Some(task));
        }
        if let Some(room) = &self.room {
            return write_room(task, room).map(Some);
        }
        if let Some(owner) = &self.owner {
            let is_open =
                before.get("owner").is_none() && Stage::read(&before) == Some(Stage::Requested);
            let reference = json!({ "reference": format!("Organization/{owner}") });
            task.set("owner", &reference, "requester");
            return Ok(is_open.then_some(task));
        }
        let Some(status) = self.step(&before) else { return Ok(None) };
        task.set("status", &status, "id");
        match &self.reason {
            Some(reason) => task.set("statusReason", reason, "status"),
            None => task.remove("statusReason"),
        }
        if !self.outputs.is_empty() {
            let kept = kept_outputs(&task, &before, &self.outputs)?;
            let own: Vec<Value> = self.outputs.iter().map(Output::to_value).collect();
            let theirs = kept.iter().map(|raw| Either::Theirs(raw));
            let all: Vec<Either<'_>> = theirs.chain(own.iter().map(Either::Own)).collect();
            task.set("output", &all, "input");
        }
        Ok(Some(task))
    }

    /// The status that this act leads to from where the Task stands, if the guide has that arrow.
    fn step(&self, task: &Value) -> Option<&'static str> {
        match self.by {
            Role::Patient => Some(Step::new(Open::read(task)?, self.act)?.status()),
            Role::Organization => Some(Move::read(task, self.act)?.status()),
        }
    }
}

fn is_owner(task: &Value, organization: &str) -> bool {
    let own = format!("Organization/{organization}");
    text_at(task, &["owner", "reference"])
        .is_some_and(|owner| owner == own || owner.ends_with(&format!("/{own}")))
}

/// What stands among the outputs and stays: everything but another one in the place of ours.
fn kept_outputs(
    task: &Unchanged,
    before: &Value,
    own: &[Output],
) -> Result<Vec<Box<RawValue>>, NotAResource> {
    let Some(raw) = task.member("output") else { return Ok(Vec::new()) };
    // A lone object stands for a list of one; some servers write it so.
    let raws: Vec<Box<RawValue>> = match before.get("output") {
        Some(Value::Object(_)) => vec![raw.to_owned()],
        _ => serde_json::from_str(raw.get()).map_err(|_| NotAResource)?,
    };
    let is_in_our_place = |output: &Value| {
        let alone = json!({ "output": [output] });
        own.iter().any(|own| {
            own.stands_alone() && parameters(&alone, "output", &[own.code()]).next().is_some()
        })
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

//! An answer that is a resource of its own: a QuestionnaireResponse, a DocumentReference with the filled PDF, a Procedure
//! that an organization did, or what it asks of the patient.
//!
//! Each carries an identifier that only we know, so that it is found again when the answer to its creation was lost.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Unchanged, Unfit,
    organization::{guide_categories, own_organization, patient_of},
};
use crate::{
    fhir::{
        element::{list, text, text_at},
        reference::read_here,
        task::{TaskForm, read_form},
    },
    session::Source,
};

/// The system of identifiers that are URIs (FHIR R4 section 2.24.0.14).
pub(super) const URI_SYSTEM: &str = "urn:ietf:rfc:3986";

/// Which resource it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Response,
    Pdf,
    Procedure,
    /// A page on the web, to be shown to the patient.
    Material,
    /// A to-do for the patient.
    Task,
}

impl DocumentKind {
    /// The resource type.
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Response => "QuestionnaireResponse",
            Self::Pdf | Self::Material => "DocumentReference",
            Self::Procedure => "Procedure",
            Self::Task => "Task",
        }
    }

    /// Whether an organization makes it.
    pub(super) const fn is_made_by_staff(self) -> bool {
        matches!(self, Self::Procedure | Self::Material | Self::Task)
    }
}

/// A resource to create once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub kind: DocumentKind,
    /// The resource as it is sent.
    pub body: String,
    /// The identifier in it, `urn:uuid:…`.
    pub urn: String,
    /// Its creation was begun, so it may be there: it is looked for before it is created again.
    pub tried: bool,
    /// What the place named it.
    pub id: Option<String>,
    /// The Patient it is about, where that is not the one who signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
}

impl Document {
    /// An answered form, completed and signed with who answers. What the form page wrote stays.
    pub fn of_response(
        response: &str,
        task: &Value,
        source: &Source,
        uuid: [u8; 16],
        now: Timestamp,
    ) -> Result<Self, Unfit> {
        let mut body = Unchanged::parse(response.as_bytes()).map_err(|_| Unfit::AnswerUnfit)?;
        let said = body.to_value();
        let TaskForm::Questionnaire(canonical) = read_form(task) else {
            return Err(Unfit::AnswerUnfit);
        };
        let person = person_of(source)?;
        let address = |canonical: &str| canonical.split('|').next().map(str::to_owned);
        let is_fit = text(&said, "resourceType") == Some("QuestionnaireResponse")
            && text(&said, "questionnaire").is_none_or(|it| address(it) == address(canonical))
            && said.get("subject").is_none_or(|subject| is_person(subject, source));
        if !is_fit {
            return Err(Unfit::AnswerUnfit);
        }
        let urn = write_urn(uuid);
        body.remove("id");
        body.set("identifier", &json!({ "system": URI_SYSTEM, "value": urn }), "resourceType");
        body.set("status", &"completed", "questionnaire");
        let mut fill = |member: &str, value: Value, after: &str| {
            if said.get(member).is_none() {
                body.set(member, &value, after);
            }
        };
        fill("questionnaire", json!(canonical), "identifier");
        fill("subject", person.clone(), "status");
        fill("authored", json!(write_instant(now)), "subject");
        fill("author", person.clone(), "authored");
        fill("source", person, "author");
        Ok(Self::new(DocumentKind::Response, body.to_bytes(), urn))
    }

    /// A filled PDF, as US Core has a DocumentReference.
    pub fn of_pdf(
        data: &str,
        task: &Value,
        source: &Source,
        uuid: [u8; 16],
        now: Timestamp,
    ) -> Result<Self, Unfit> {
        let person = person_of(source)?;
        let urn = write_urn(uuid);
        let mut attachment = json!({ "contentType": "application/pdf", "data": data });
        if let Some(title) = task.get("code").and_then(|code| text(code, "text")) {
            attachment["title"] = json!(title);
        }
        let body = json!({
            "resourceType": "DocumentReference",
            "identifier": [{ "system": URI_SYSTEM, "value": urn }],
            "status": "current",
            "type": { "coding": [{
                "system": "http://loinc.org",
                "code": "74465-6",
                "display": "Questionnaire response Document",
            }] },
            "category": [{ "coding": [{
                "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
                "code": "clinical-note",
                "display": "Clinical Note",
            }] }],
            "subject": person,
            "date": write_instant(now),
            "author": [person],
            "content": [{ "attachment": attachment }],
        });
        Ok(Self::new(DocumentKind::Pdf, body.to_string().into_bytes(), urn))
    }

    /// Something that an organization did for a referral: the least that SDOHCC Procedure and US Core have it say. `at`
    /// is a day or an instant, as FHIR writes them.
    pub fn of_activity(
        concept: &Value,
        task: &Value,
        asked: Option<&Value>,
        source: &Source,
        uuid: [u8; 16],
        at: &str,
    ) -> Result<Self, Unfit> {
        let (patient, organization) = parties(task, source)?;
        let urn = write_urn(uuid);
        let mut body = json!({
            "resourceType": "Procedure",
            "meta": { "profile": [profile("SDOHCC-Procedure")] },
            "identifier": [{ "system": URI_SYSTEM, "value": urn }],
            "status": "completed",
            "code": concept,
            "subject": { "reference": format!("Patient/{patient}") },
            "performedDateTime": at,
            "performer": [{ "actor": { "reference": format!("Organization/{organization}") } }],
        });
        if let Some(focus) = task.get("focus").and_then(|it| text(it, "reference")) {
            body["basedOn"] = json!([{ "reference": focus }]);
        }
        // `Procedure.category` is a single CodeableConcept.
        if let Some(category) = asked.and_then(|asked| guide_categories(asked).next()) {
            body["category"] = category.clone();
        }
        if let Some(reasons) = asked.and_then(|asked| asked.get("reasonReference")) {
            body["reasonReference"] = reasons.clone();
        }
        Ok(Self::about(DocumentKind::Procedure, &body, urn, patient))
    }

    /// Something about a patient, as an organization writes it.
    pub(super) fn about(kind: DocumentKind, body: &Value, urn: String, patient: &str) -> Self {
        let patient = Some(patient.to_owned());
        Self { patient, ..Self::new(kind, body.to_string().into_bytes(), urn) }
    }

    fn new(kind: DocumentKind, body: Vec<u8>, urn: String) -> Self {
        let body = String::from_utf8(body).expect("serde_json writes UTF-8");
        Self { kind, body, urn, tried: false, id: None, patient: None }
    }

    /// Whether it records or asks the same as another one of its kind.
    pub fn says_the_same(&self, other: &Self) -> bool {
        // What was done now, was done now also when it is pressed again later.
        let day_of = |body: &Value| {
            text(body, "performedDateTime").filter(|at| !at.contains('T')).map(str::to_owned)
        };
        let said = |it: &Self| {
            let body: Value = serde_json::from_str(&it.body).ok()?;
            let members = ["code", "description", "focus", "input", "content"];
            Some((members.map(|member| body.get(member).cloned()), day_of(&body)))
        };
        self.kind == other.kind && self.patient == other.patient && said(self) == said(other)
    }

    /// Whether a resource is this one, by its identifier.
    pub fn is(&self, resource: &Value) -> bool {
        text(resource, "resourceType") == Some(self.kind.type_name())
            && list(resource, "identifier").any(|it| text(it, "value") == Some(&self.urn))
    }

    /// What to search for, as the value of `identifier`.
    pub fn search_value(&self) -> String {
        format!("{URI_SYSTEM}|{}", self.urn)
    }
}

/// The Patient of a referral, and the organization of ours that has it.
pub(super) fn parties<'a>(
    task: &'a Value,
    source: &'a Source,
) -> Result<(&'a str, &'a str), Unfit> {
    let patient = patient_of(task, source).ok_or(Unfit::NotOffered)?;
    Ok((patient, own_organization(task, source).ok_or(Unfit::NotOffered)?))
}

pub(super) fn profile(name: &str) -> String {
    format!("http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/{name}")
}

fn person_of(source: &Source) -> Result<Value, Unfit> {
    let patient = source.patient.as_ref().ok_or(Unfit::NotOffered)?;
    Ok(json!({ "reference": format!("Patient/{patient}") }))
}

fn is_person(reference: &Value, source: &Source) -> bool {
    let here = read_here(reference, &source.base);
    text_at(reference, &["reference"]).is_some()
        && matches!((here, &source.patient), (Some(("Patient", id)), Some(own)) if id == own)
}

pub fn write_instant(now: Timestamp) -> String {
    format!("{now:.0}")
}

/// A random UUID (RFC 9562 section 5.4) as a URN.
pub(super) fn write_urn(mut uuid: [u8; 16]) -> String {
    uuid[6] = uuid[6] & 0x0F | 0x40;
    uuid[8] = uuid[8] & 0x3F | 0x80;
    let mut urn = "urn:uuid:".to_owned();
    for (at, byte) in uuid.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            urn.push('-');
        }
        write!(urn, "{byte:02x}").expect("a string takes every byte");
    }
    urn
}

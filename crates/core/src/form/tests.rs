//! The forms of the guides, and what people do to them.

use std::collections::BTreeSet;

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::*;

mod conditions;
mod expressions;
mod generated;
mod guide;
mod limits;
mod responses;

static UTC: TimeZone = TimeZone::UTC;

fn moment() -> Moment<'static> {
    Moment { at: "2026-05-06T10:45:00Z".parse::<Timestamp>().unwrap(), tz: &UTC }
}

fn vector(name: &str) -> Value {
    let path = format!("{}/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn hunger() -> Form {
    let form = vector("guide/Questionnaire-SDOHCC-QuestionnaireHungerVitalSign");
    read_form(&form, "en").unwrap()
}

fn sdc(name: &str) -> Form {
    read_form(&vector(&format!("forms/Questionnaire-questionnaire-sdc-{name}")), "en").unwrap()
}

/// A form of these items.
fn form_of(items: Value) -> Form {
    read_form(&questionnaire(items), "en").unwrap()
}

fn questionnaire(items: Value) -> Value {
    json!({ "resourceType": "Questionnaire", "url": "https://elm.example/Questionnaire/q", "version": "2", "item": items })
}

fn path(form: &Form, link: &str) -> Path {
    let way = &form.places[link];
    let around = way[..way.len() - 1].iter().map(|link| Spot { link: link.clone(), index: 0 });
    Path { around: around.collect(), link: link.to_owned() }
}

fn answered(form: &Form, answers: &[(&str, Answer)]) -> Draft {
    let mut draft = Draft::empty(form);
    for (link, answer) in answers {
        draft.put(&path(form, link), vec![answer.clone()]);
    }
    draft
}

fn is_asked(form: &Form, draft: &Draft, link: &str) -> bool {
    Look::new(form, draft, moment()).is_enabled(&path(form, link))
}

fn coded(code: &str) -> Answer {
    Answer::Coded(json!({ "code": code, "system": "http://example.org" }))
}

fn text(words: &str) -> Answer {
    Answer::Text(words.to_owned())
}

fn extension(name: &str, value: Value) -> Value {
    let mut extension = value;
    extension["url"] = format!("http://hl7.org/fhir/StructureDefinition/{name}").into();
    extension
}

fn fhirpath(name: &str, expression: &str) -> Value {
    let value = json!({ "language": "text/fhirpath", "expression": expression });
    extension(name, json!({ "valueExpression": value }))
}

fn sent(form: &Form, draft: &Draft) -> Value {
    let sender = Sender { patient: "Patient/rosa", is_complete: true };
    build_response(&Look::new(form, draft, moment()), &sender, moment().at)
}

fn steps_of(form: &Form, draft: &Draft) -> Vec<String> {
    let look = Look::new(form, draft, moment());
    let steps = list_steps(&look, &BTreeSet::new());
    steps.steps.iter().map(|step| step.path.link.clone()).collect()
}

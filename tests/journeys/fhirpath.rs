//! What forms work out is what another engine works out: npm's `fhirpath`, which set-up installs.

#![expect(clippy::unwrap_used, reason = "a step of a journey that fails ends it")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use handrail_core::form::{self, Answer, Look, Moment, Path as FormPath, Sender};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

static UTC: TimeZone = TimeZone::UTC;

/// Each over the answers below, as the kind of question it would fill.
const EXPRESSIONS: &[(&str, &str)] = &[
    ("integer", "%resource.item.where(linkId = 'n').answer.value + 2"),
    ("integer", "%resource.item.where(linkId = 'n').answer.value * 3 - 1"),
    ("decimal", "%resource.item.where(linkId = 'n').answer.value / 4"),
    ("decimal", "%resource.item.where(linkId = 'd').answer.value * 0.0254"),
    ("decimal", "(%resource.item.where(linkId = 'd').answer.value / 3).round(2)"),
    ("decimal", "%resource.item.where(linkId = 'd').answer.value.power(2)"),
    ("integer", "%resource.item.where(linkId = 'n').answer.value div 2"),
    ("integer", "%resource.item.where(linkId = 'n').answer.value mod 2"),
    ("integer", "%resource.descendants().where(linkId = 'deep').answer.count()"),
    ("integer", "%resource.repeat(item).where(linkId != 'out' and answer.exists()).count()"),
    ("integer", "%resource.item.answer.value.ofType(Coding).count()"),
    ("boolean", "%resource.item.where(linkId = 'n').answer.value > 2"),
    ("boolean", "%resource.item.where(linkId = 'c').answer.value.code contains 'often'"),
    ("boolean", "%resource.item.where(linkId = 'c').answer.value.code = 'often'"),
    ("boolean", "%resource.item.where(linkId = 'none').answer.exists()"),
    ("boolean", "%resource.item.where(linkId = 'none').answer.value > 3"),
    ("boolean", "%resource.item.where(linkId = 'day').answer.value < @2026-01-01"),
    ("boolean", "%resource.item.where(linkId = 'flag').answer.value.not()"),
    ("boolean", "true and {}"),
    ("boolean", "false and {}"),
    ("boolean", "true or {}"),
    ("boolean", "{} implies true"),
    ("boolean", "%resource.item.all(linkId.exists())"),
    ("boolean", "('a' | 'b').subsetOf('a' | 'b' | 'c')"),
    ("string", "%resource.item.where(linkId = 's').answer.value.upper()"),
    ("string", "%resource.item.where(linkId = 's').answer.value & ', ' & {}"),
    ("string", "%resource.item.where(linkId = 's').answer.value.substring(1, 3)"),
    ("string", "iif(%resource.item.where(linkId = 'flag').answer.value, 'yes', 'no')"),
    ("string", "iif({}, 'yes', 'no')"),
    ("string", "%resource.item.where(linkId = 'none').answer.value.toString()"),
    ("string", "%resource.item.linkId.first()"),
    ("string", "%resource.item.linkId.skip(1).first()"),
    ("string", "('b' | 'a' | 'b').distinct().count().toString()"),
    ("string", "%resource.item.where(linkId = 'n').answer.value.toString()"),
    ("string", "%questionnaire.item.where(linkId = 's').text"),
    ("choice", "%questionnaire.item.where(linkId = 'c').answerOption.value.where(code = 'never')"),
    ("date", "%resource.item.where(linkId = 'day').answer.value"),
];

fn moment() -> Moment<'static> {
    Moment { at: "2026-05-06T10:45:00Z".parse::<Timestamp>().unwrap(), tz: &UTC }
}

fn options() -> Value {
    json!([{ "valueCoding": { "code": "often" } }, { "valueCoding": { "code": "never" } }])
}

/// One form an expression: what is asked, and what is worked out of it.
fn form_with(kind: &str, expression: &str) -> Value {
    let calculated = json!({
        "url": "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression",
        "valueExpression": { "language": "text/fhirpath", "expression": expression },
    });
    json!({ "resourceType": "Questionnaire", "url": "https://elm.example/q", "item": [
        { "linkId": "n", "type": "integer" },
        { "linkId": "d", "type": "decimal" },
        { "linkId": "c", "type": "choice", "answerOption": options() },
        { "linkId": "flag", "type": "boolean" },
        { "linkId": "day", "type": "date" },
        { "linkId": "s", "type": "string", "text": "Say it" },
        { "linkId": "none", "type": "integer" },
        { "linkId": "g", "type": "group", "item": [{ "linkId": "deep", "type": "string" }] },
        { "linkId": "out", "type": kind, "extension": [calculated], "answerOption": if kind == "choice" { options() } else { Value::Null } },
    ] })
}

fn answers(n: i32, d: f64, code: &str, flag: bool) -> Value {
    json!([
        { "linkId": "n", "answer": [{ "valueInteger": n }] },
        { "linkId": "d", "answer": [{ "valueDecimal": d }] },
        { "linkId": "c", "answer": [{ "valueCoding": { "code": code } }] },
        { "linkId": "flag", "answer": [{ "valueBoolean": flag }] },
        { "linkId": "day", "answer": [{ "valueDate": "2025-12-31" }] },
        { "linkId": "s", "answer": [{ "valueString": "pantry" }] },
        { "linkId": "g", "item": [{ "linkId": "deep", "answer": [{ "valueString": "x" }] }] },
    ])
}

/// A calculation to make: the form, what was answered, which item it fills.
struct Case {
    questionnaire: Value,
    response: Value,
    link: String,
}

impl Case {
    fn new(questionnaire: Value, items: Value, link: &str) -> Self {
        let response = json!({ "resourceType": "QuestionnaireResponse", "status": "completed",
            "questionnaire": questionnaire["url"], "item": items });
        Self { questionnaire, response, link: link.to_owned() }
    }

    /// What the app works out, as values.
    fn work_out(&self) -> Option<Vec<Value>> {
        let form = form::read_form(&self.questionnaire, "en").unwrap();
        let draft = form::read_response(&form, &self.response).unwrap();
        let worked = form::calculate(&form, &draft, moment());
        if worked.failed.contains(&self.link) {
            return None;
        }
        let look = Look::new(&form, &worked.draft, moment());
        let sender = Sender { patient: "Patient/rosa", is_complete: true };
        let sent = form::build_response(&look, &sender, moment().at);
        assert_eq!(sent["resourceType"], "QuestionnaireResponse");
        let path = FormPath::top(&self.link);
        Some(worked.draft.answers(&path).map(plain).collect())
    }
}

fn plain(answer: &Answer) -> Value {
    let mut object = serde_json::Map::new();
    answer.write(&mut object);
    object.into_iter().next().map(|(_, value)| value).unwrap()
}

fn read_vector(name: &str) -> Value {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/core/vectors");
    serde_json::from_slice(&std::fs::read(core.join(name)).unwrap()).unwrap()
}

fn list_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (kind, expression) in EXPRESSIONS {
        for items in [answers(5, 70.0, "often", true), answers(-3, 1.1, "never", false)] {
            cases.push(Case::new(form_with(kind, expression), items, "out"));
        }
    }
    let hunger = read_vector("guide/Questionnaire-SDOHCC-QuestionnaireHungerVitalSign.json");
    let codes = ["LA28397-0", "LA6729-3", "LA28398-8", "LA15775-2"];
    let coded = |link: &str, code: &str| json!({ "linkId": link, "answer": [{ "valueCoding": { "system": "http://loinc.org", "code": code } }] });
    for one in codes {
        cases.push(Case::new(hunger.clone(), json!([coded("/88122-7", one)]), "/88124-3"));
        for other in codes {
            let items = json!([coded("/88122-7", one), coded("/88123-5", other)]);
            cases.push(Case::new(hunger.clone(), items, "/88124-3"));
        }
    }
    cases.push(Case::new(hunger, json!([]), "/88124-3"));
    let panel = read_vector(
        "forms/Questionnaire-questionnaire-sdc-profile-example-weight-height-tracking-panel.json",
    );
    for (weight, height) in [(80.0, 70.0), (52.5, 61.0), (120.25, 75.5)] {
        let decimal = |link: &str, value: f64| json!({ "linkId": link, "answer": [{ "valueDecimal": value }] });
        let items = json!([decimal("/29463-7", weight), decimal("/8302-2", height)]);
        cases.push(Case::new(panel.clone(), items, "/39156-5"));
    }
    cases
}

fn ask_the_other(cases: &[Case]) -> Vec<Option<Vec<Value>>> {
    let home = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let asked: Vec<Value> = cases
        .iter()
        .map(|it| json!({ "questionnaire": it.questionnaire, "response": it.response, "link": it.link }))
        .collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("journeys/fhirpath/evaluate.js");
    let mut node = Command::new("node")
        .arg(script)
        .env("NODE_PATH", home.join("tools/fhirpath/node_modules"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = node.stdin.take().unwrap();
    input.write_all(Value::from(asked).to_string().as_bytes()).unwrap();
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "`cargo xtask setup foreign` brings npm's fhirpath");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The same up to the last bits of a floating point number.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() <= 1e-9 * one.abs().max(1.0),
        _ if one.is_object() => one["code"] == other["code"],
        _ => one == other,
    }
}

#[test]
fn what_a_form_works_out_is_what_another_engine_works_out() {
    let cases = list_cases();

    let theirs = ask_the_other(&cases);

    assert_eq!(theirs.len(), cases.len());
    let mut differing = Vec::new();
    for (case, theirs) in cases.iter().zip(&theirs) {
        let ours = case.work_out();
        let agree = match (&ours, theirs) {
            (Some(ours), Some(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| is_same(a, b))
            }
            (None, None) => true,
            _ => false,
        };
        if !agree {
            let asked = case.questionnaire["item"].as_array().unwrap().last().unwrap();
            differing.push(format!("{}: {ours:?}, theirs {theirs:?}", asked["extension"][0]));
        }
    }
    let answered = theirs.iter().flatten().filter(|found| !found.is_empty()).count();
    assert!(answered > 60, "only {answered} calculations yield something");
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

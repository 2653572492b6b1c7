//! What an organization asks of a patient: each kind of SDOHCC Task For Patient that it can fill.
//!
//! In: a referral, what is kept of its place, and what was asked for. Out: what can be asked for, and what to create.
//! Never: a kind that the place cannot carry to its end, or a Task that breaks the guide's invariants.

use handrail_contract::act::Asking;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    Answer, Document, DocumentKind, Request, Unfit,
    answer::{take_text, take_words},
    change::SDC,
    document::{URI_SYSTEM, parties, profile, write_instant, write_urn},
    may_write,
    organization::{GUIDE, find_request, own_organization},
};
use crate::{
    fetch::Access,
    fhir::{
        FhirBase,
        element::{full_name, list, parameters, telecoms, text, text_at},
        reference::read_here,
        task::read_category,
        text::{clean_line, is_blank},
    },
    session::Source,
    store::Kept,
};

/// Of more nobody could choose.
const MOST_CHOICES: usize = 30;
/// The longest address of a page, in bytes.
const LONGEST_ADDRESS: usize = 2_000;

/// With whom somebody can be asked to get in touch: what the guide allows as `contact-entity`.
const ENTITIES: [&str; 4] =
    ["HealthcareService", "PractitionerRole", "Practitioner", "Organization"];

/// What a patient can be asked for beside a question.
#[derive(Debug, Default)]
pub struct Askable {
    pub contacts: Vec<Whom>,
    pub forms: Vec<Form>,
    /// A page on the web can be shown: the DocumentReference for it can be created.
    pub review: bool,
}

/// Somebody to get in touch with.
#[derive(Debug)]
pub struct Whom {
    /// The reference, relative to the base.
    pub key: String,
    pub name: String,
}

/// A Questionnaire of the place.
#[derive(Debug)]
pub struct Form {
    /// Its canonical address, with the version where there is one.
    pub key: String,
    pub name: String,
    /// What it is for, as the place said it before.
    pub category: Value,
}

/// What the person of a referral can be asked for, by what is kept of its place.
pub fn list_askable(task: &Value, kept: &[&Kept], source: &Source) -> Askable {
    // Who cannot send the answer need not be asked.
    let takes_answers = source
        .cursors
        .offer()
        .is_none_or(|offer| offer.offers("QuestionnaireResponse", Access::Create));
    Askable {
        contacts: list_contacts(task, kept, source),
        forms: if takes_answers { list_forms(kept) } else { Vec::new() },
        review: may_write(source, "DocumentReference", Access::Create),
    }
}

/// Their own organization and services, then who sent the referral and who else was asked to help. Whoever cannot be
/// reached is left out.
fn list_contacts(task: &Value, kept: &[&Kept], source: &Source) -> Vec<Whom> {
    let base = &source.base;
    let row = |kind: &str, id: &str| {
        kept.iter().find(|row| row.kind == kind && row.id == id).map(|row| &row.body)
    };
    let organization = own_organization(task, source);
    let own = organization.map(|id| ("Organization", id));
    let services = source
        .services
        .iter()
        .filter(|(_, provider)| Some(provider.as_str()) == organization)
        .map(|(id, _)| ("HealthcareService", id.as_str()));
    let (asked, _) = find_request(task, kept, source);
    let named = [task.get("owner"), task.get("requester")];
    let asked = asked.into_iter().flat_map(|it| list(it, "requester").chain(list(it, "performer")));
    let named = named.into_iter().flatten().chain(asked).filter_map(|it| read_here(it, base));
    let mut found: Vec<Whom> = Vec::new();
    for (kind, id) in own.into_iter().chain(services).chain(named) {
        let key = format!("{kind}/{id}");
        let is_new = ENTITIES.contains(&kind) && found.iter().all(|it| it.key != key);
        let Some(entity) = row(kind, id).filter(|_| is_new && found.len() < MOST_CHOICES) else {
            continue;
        };
        let follow = |member: &str| -> Option<&Value> {
            let (kind, id) = read_here(entity.get(member)?, base)?;
            row(kind, id)
        };
        let is_over = entity.get("active").and_then(Value::as_bool) == Some(false);
        let through = ["organization", "providedBy", "location"].map(follow);
        let is_reachable = std::iter::once(entity)
            .chain(through.into_iter().flatten())
            .any(|it| !telecoms(it).is_empty());
        if let Some(name) = name_entity(entity, &follow).filter(|_| !is_over && is_reachable) {
            found.push(Whom { key, name });
        }
    }
    found
}

fn name_entity<'a>(
    entity: &'a Value,
    follow: &dyn Fn(&str) -> Option<&'a Value>,
) -> Option<String> {
    let own = || text(entity, "name").map(str::to_owned).or_else(|| full_name(entity));
    let of_role = |member: &str| {
        let shown = text_at(entity, &[member, "display"]).map(str::to_owned);
        shown.or_else(|| {
            let it = follow(member)?;
            text(it, "name").map(str::to_owned).or_else(|| full_name(it))
        })
    };
    let name = own().or_else(|| of_role("practitioner")).or_else(|| of_role("organization"))?;
    Some(clean_line(&name)).filter(|name| !is_blank(name))
}

/// The forms that are kept and in use.
fn list_forms(kept: &[&Kept]) -> Vec<Form> {
    let is_fit = |form: &Value| {
        text(form, "status") != Some("retired")
            && form.get("modifierExtension").is_none()
            && form.get("subjectType").is_none_or(|kinds| match kinds {
                Value::Array(kinds) => kinds.is_empty() || kinds.iter().any(|it| it == "Patient"),
                kind => kind == "Patient",
            })
    };
    let forms = kept.iter().filter(|row| row.kind == "Questionnaire" && is_fit(&row.body));
    let mut found: Vec<Form> = forms
        .filter_map(|row| {
            let url = text(&row.body, "url")?;
            let name = text(&row.body, "title").or_else(|| text(&row.body, "name"))?;
            let key = match text(&row.body, "version") {
                Some(version) => format!("{url}|{version}"),
                None => url.to_owned(),
            };
            Some(Form { key, name: clean_line(name), category: category_of(url, kept) })
        })
        .take(MOST_CHOICES)
        .collect();
    found.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    found
}

/// What a form was for when somebody was asked to fill it in before. SDOH-Task-1 wants a category in any case.
fn category_of(url: &str, kept: &[&Kept]) -> Value {
    let asks_for_it = |task: &Value| {
        parameters(task, "input", &["questionnaire"])
            .filter_map(|it| text(it, "valueCanonical"))
            .any(|canonical| canonical.split('|').next() == Some(url))
    };
    let tasks = kept.iter().filter(|row| row.kind == "Task" && asks_for_it(&row.body));
    tasks.filter_map(|row| read_category(&row.body)).find(|it| it.is_object()).map_or_else(
        || concept(GUIDE, "other-specify", "Other Specify"),
        |category| match category.get("code") {
            // Some servers write a lone Coding.
            Some(Value::String(_)) => json!({ "coding": [category] }),
            _ => category.clone(),
        },
    )
}

/// Takes what the person is asked for.
///
/// # Errors
/// It names what cannot be asked for, or words are missing.
pub fn take_asking(
    asking: Asking,
    task: &Value,
    request: &Request<'_>,
    source: &Source,
    uuid: [u8; 16],
    now: Timestamp,
) -> Result<Answer, Unfit> {
    let draft = |code, display| Draft { task, source, uuid, now, code, display };
    match asking {
        Asking::Contact { whom, words } => {
            let words = take_words(words)?;
            if whom.is_empty() {
                return Err(Unfit::AnswerMissing);
            }
            let all = &request.askable.contacts;
            if whom.iter().any(|key| all.iter().all(|it| it.key != *key)) {
                return Err(Unfit::AnswerUnfit);
            }
            let chosen = all.iter().filter(|it| whom.contains(&it.key));
            let input = chosen.map(|it| {
                json!({
                    "type": concept(GUIDE, "contact-entity", "Contact Entity"),
                    "valueReference": { "reference": it.key, "display": it.name },
                })
            });
            let more = json!({ "input": input.collect::<Vec<_>>() });
            draft("make-contact", "Make Contact").write(GUIDE, &words, more).map(Answer::Asked)
        }
        Asking::Form { form, words } => {
            let words = take_text(words)?;
            let form = request.askable.forms.iter().find(|it| it.key == form);
            let form = form.ok_or(Unfit::AnswerUnfit)?;
            let more = json!({ "input": [
                { "type": concept(SDC, "questionnaire", "Questionnaire"), "valueCanonical": form.key },
                {
                    "type": concept(GUIDE, "questionnaire-category", "Questionnaire Category"),
                    "valueCodeableConcept": form.category,
                },
            ] });
            let draft = draft("complete-questionnaire", "Complete Questionnaire");
            draft.write(SDC, &words, more).map(Answer::Asked)
        }
        Asking::Review { address, words } => {
            if !request.askable.review {
                return Err(Unfit::NotOffered);
            }
            let words = take_words(words)?;
            let address = take_address(&address, &source.base)?;
            let mut own = uuid;
            own[15] = own[15].wrapping_add(1);
            let material = write_material(&address, &words, task, source, own, now)?;
            // Where it leads to is written in once that has a name; the address tells it from others until then.
            let more = json!({ "focus": { "display": address } });
            let task = draft("review-material", "Review Material").write(GUIDE, &words, more)?;
            Ok(Answer::Shown(vec![material, task]))
        }
    }
}

/// A question to the patient (`general-information`).
pub fn write_question(
    words: &str,
    task: &Value,
    source: &Source,
    uuid: [u8; 16],
    now: Timestamp,
) -> Result<Document, Unfit> {
    let (code, display) = ("general-information", "General Information");
    Draft { task, source, uuid, now, code, display }.write(GUIDE, words, json!({}))
}

fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": display }] })
}

/// A to-do for the patient, before it is written.
struct Draft<'a> {
    /// The referral.
    task: &'a Value,
    source: &'a Source,
    uuid: [u8; 16],
    now: Timestamp,
    code: &'a str,
    display: &'a str,
}

impl Draft<'_> {
    /// As SDOHCC Task For Patient has it, with what its kind has `more` of.
    fn write(self, system: &str, words: &str, more: Value) -> Result<Document, Unfit> {
        let (patient, organization) = parties(self.task, self.source)?;
        let id = text(self.task, "id").ok_or(Unfit::NotOffered)?;
        let person = json!({ "reference": format!("Patient/{patient}") });
        let urn = write_urn(self.uuid);
        let mut body = json!({
            "resourceType": "Task",
            "meta": { "profile": [profile("SDOHCC-TaskForPatient")] },
            "identifier": [{ "system": URI_SYSTEM, "value": urn }],
            "partOf": [{ "reference": format!("Task/{id}") }],
            "status": "ready",
            "intent": "order",
            "priority": "routine",
            "code": concept(system, self.code, self.display),
            "for": person,
            "authoredOn": write_instant(self.now),
            "requester": { "reference": format!("Organization/{organization}") },
            "owner": person,
        });
        if !words.is_empty() {
            body["description"] = json!(words);
        }
        if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
            body.extend(more);
        }
        Ok(Document::about(DocumentKind::Task, &body, urn, patient))
    }
}

/// A page on the web, as US Core has a DocumentReference. What kind of page it is, is not known and not said.
fn write_material(
    address: &str,
    words: &str,
    task: &Value,
    source: &Source,
    uuid: [u8; 16],
    now: Timestamp,
) -> Result<Document, Unfit> {
    let (patient, organization) = parties(task, source)?;
    let urn = write_urn(uuid);
    let title = clean_line(words);
    let mut kind = concept("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", "unknown");
    kind["text"] = json!(title);
    let body = json!({
        "resourceType": "DocumentReference",
        "identifier": [{ "system": URI_SYSTEM, "value": urn }],
        "status": "current",
        "type": kind,
        "category": [concept(
            "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "clinical-note",
            "Clinical Note",
        )],
        "subject": { "reference": format!("Patient/{patient}") },
        "date": write_instant(now),
        "author": [{ "reference": format!("Organization/{organization}") }],
        "content": [{ "attachment": { "url": address, "title": title } }],
    });
    Ok(Document::about(DocumentKind::Material, &body, urn, patient))
}

/// An address that the person's browser may open. Who leaves out `https://` means it.
fn take_address(typed: &str, base: &FhirBase) -> Result<String, Unfit> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Unfit::AnswerMissing);
    }
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let page = base.read_page(&whole).filter(|page| {
        page.domain().is_some_and(|host| host.contains('.'))
            && page.as_str().len() <= LONGEST_ADDRESS
    });
    page.map(|page| page.to_string()).ok_or(Unfit::AddressUnfit)
}

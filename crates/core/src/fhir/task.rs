//! Tasks of the SDOH Clinical Care guide: which are the person's own, and which track a referral.

use serde_json::Value;

use super::{
    FhirBase,
    element::{codes, has_code, list, parameters, text, text_at},
    reference::{Target, read_target},
};

/// What a Task is to the person it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskRole {
    /// The person, or somebody for them, is asked to do something (SDOHCC Task For Patient).
    ToDo,
    /// Somebody else was asked to help (SDOHCC Task For Referral Management). Read only.
    Referral,
    /// Work among staff.
    Staff,
}

/// The four codes of patient tasks in the guide's value set, and the two that its text prints instead.
const PATIENT_CODES: [&str; 6] = [
    "complete-questionnaire",
    "general-information",
    "general-information-request",
    "make-contact",
    "make-contact-directions",
    "review-material",
];

/// What a profile says that a Task is: the name of the profile, and the role.
pub fn role_by_profile(task: &Value) -> Option<(&str, TaskRole)> {
    let profiles = task.get("meta").and_then(|meta| meta.get("profile")?.as_array());
    let mut names = profiles
        .into_iter()
        .flatten()
        .filter_map(|profile| profile.as_str()?.split('|').next()?.rsplit('/').next());
    names.find_map(|name| match name {
        "SDOHCC-TaskForPatient" => Some((name, TaskRole::ToDo)),
        "SDOHCC-TaskForReferralManagement" => Some((name, TaskRole::Referral)),
        _ => None,
    })
}

/// What its code says that a Task is.
pub fn role_by_code(task: &Value) -> Option<TaskRole> {
    let code = task.get("code")?;
    if has_code(Some(code), "fulfill") {
        return Some(TaskRole::Referral);
    }
    codes(code).any(|it| PATIENT_CODES.contains(&it)).then_some(TaskRole::ToDo)
}

/// Tells Tasks apart: by profile, else by code, else by who owns them.
pub fn classify_task(task: &Value, base: &FhirBase) -> TaskRole {
    let by_profile = role_by_profile(task).map(|(_, role)| role);
    by_profile.or_else(|| role_by_code(task)).unwrap_or_else(|| role_by_owner(task, base))
}

fn role_by_owner(task: &Value, base: &FhirBase) -> TaskRole {
    let kind_of = |member: &str| {
        task.get(member).and_then(|reference| match read_target(reference, base)? {
            Target::Here { kind, .. } | Target::Elsewhere { kind } => Some(kind),
            Target::Contained { .. } => None,
        })
    };
    match kind_of("owner") {
        Some("Patient" | "RelatedPerson") => TaskRole::ToDo,
        _ if kind_of("focus") == Some("ServiceRequest") => TaskRole::Referral,
        Some("Organization" | "HealthcareService" | "CareTeam") => TaskRole::Referral,
        Some("Practitioner" | "PractitionerRole" | "Device") => TaskRole::Staff,
        _ => TaskRole::ToDo,
    }
}

/// The six forms a patient task has, and everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskForm<'a> {
    /// A FHIR Questionnaire, by its canonical address.
    Questionnaire(&'a str),
    /// Questions that are not there; only their category is.
    QuestionnaireMissing,
    Pdf,
    Web(&'a str),
    GeneralInformation,
    Contact,
    Review,
    Other,
}

/// Which form a patient task has.
pub fn read_form(task: &Value) -> TaskForm<'_> {
    let code = task.get("code");
    let is = |wanted: &str| has_code(code, wanted);
    let first = |names: &'static [&'static str]| parameters(task, "input", names).next();
    if is("general-information") || is("general-information-request") {
        return TaskForm::GeneralInformation;
    }
    if is("make-contact") || is("make-contact-directions") {
        return TaskForm::Contact;
    }
    if is("review-material") {
        return TaskForm::Review;
    }
    if let Some(input) = first(&["questionnaire"]) {
        let canonical = text(input, "valueCanonical")
            .or_else(|| text(input, "valueUri"))
            .or_else(|| text(input, "valueUrl"))
            .or_else(|| text_at(input, &["valueReference", "reference"]));
        if let Some(canonical) = canonical {
            return TaskForm::Questionnaire(canonical);
        }
    }
    if first(&["questionnaire-pdf"]).is_some() {
        return TaskForm::Pdf;
    }
    if let Some(input) = first(&["questionnaire-url"]) {
        let url = text(input, "valueUrl").or_else(|| text(input, "valueUri"));
        return TaskForm::Web(url.unwrap_or_default());
    }
    if is("complete-questionnaire") { TaskForm::QuestionnaireMissing } else { TaskForm::Other }
}

/// The category of a questionnaire task, such as `risk-questionnaire`.
pub fn read_category(task: &Value) -> Option<&Value> {
    parameters(task, "input", &["questionnaire-category"])
        .find_map(|input| input.get("valueCodeableConcept").or_else(|| input.get("valueCoding")))
}

/// When a Task should be done, as the server wrote it.
pub fn due_text(task: &Value) -> Option<&str> {
    text_at(task, &["restriction", "period", "end"])
        .or_else(|| text_at(task, &["executionPeriod", "end"]))
}

/// The references among a Task's inputs of these types.
pub fn input_references<'a>(
    task: &'a Value,
    names: &'static [&'static str],
) -> impl Iterator<Item = &'a Value> {
    parameters(task, "input", names).filter_map(|input| input.get("valueReference"))
}

/// Every reference among a Task's outputs.
pub fn output_references(task: &Value) -> impl Iterator<Item = &Value> {
    list(task, "output").filter_map(|output| output.get("valueReference"))
}

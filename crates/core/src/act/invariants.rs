//! The guide's invariants SDOH-Task-1 to SDOH-Task-7 of SDOHCC Task For Patient.

use serde_json::Value;

use crate::fhir::element::{has_code, list, parameters, text, text_at};

/// One of the seven, by its number.
pub type Invariant = u8;

/// Which of the seven a Task breaks, in order.
pub fn find_violations(task: &Value) -> Vec<Invariant> {
    let code = task.get("code");
    let is = |wanted: &str| has_code(code, wanted);
    let inputs = |name: &'static str| parameters(task, "input", &[name]).count();
    let has_text = || text(task, "description").is_some();
    let only =
        |wanted: &str| list(task, "output").all(|output| has_code(output.get("type"), wanted));
    let forms = ["questionnaire", "questionnaire-pdf", "questionnaire-url"];
    let given = forms.iter().filter(|name| inputs(name) > 0).count();
    let has_input = |name: &'static str| inputs(name) > 0;

    let holds = [
        (1, !is("complete-questionnaire") || given == 1 && has_input("questionnaire-category")),
        (2, !is("general-information") || has_text() && only("general-information-response")),
        (3, !is("review-material") || focuses_on_document(task)),
        (4, !is("make-contact") || has_input("contact-entity")),
        (5, !has_input("questionnaire") || only("questionnaire-response")),
        (6, !has_input("questionnaire-pdf") || only("questionnaire-pdf-completed")),
        (7, !is("make-contact") || has_text() && only("chosen-contact")),
    ];
    holds.iter().filter(|(_, holds)| !holds).map(|(number, _)| *number).collect()
}

fn focuses_on_document(task: &Value) -> bool {
    text_at(task, &["focus", "reference"]).is_some_and(|it| it.contains("DocumentReference/"))
}

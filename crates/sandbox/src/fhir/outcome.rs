//! Saying no in FHIR's words.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::fhir::Reply;

/// A refusal with its OperationOutcome; `code` is from issue-type.
pub(crate) fn refuse(status: StatusCode, code: &str, words: &str) -> Reply {
    Reply {
        status,
        body: Some(describe("error", code, words)),
        location: None,
        versioned: false,
        silent: false,
    }
}

/// A refusal that names the element at fault.
pub(crate) fn refuse_element(code: &str, words: &str, element: &str) -> Reply {
    let mut body = describe("error", code, words);
    body["issue"][0]["expression"] = json!([element]);
    Reply {
        status: StatusCode::UNPROCESSABLE_ENTITY,
        body: Some(body),
        location: None,
        versioned: false,
        silent: false,
    }
}

/// The scopes or the patient do not cover it.
pub(crate) fn forbid(words: &str) -> Reply {
    refuse(StatusCode::FORBIDDEN, "forbidden", words)
}

pub(crate) fn describe(severity: &str, code: &str, words: &str) -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": code, "diagnostics": words}],
    })
}

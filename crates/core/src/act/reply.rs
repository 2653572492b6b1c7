//! What a server's answer says, as far as an act needs it.

use serde_json::Value;

use crate::fhir::{
    element::{list, text, text_at},
    reference::is_id,
    text::clean_message,
};

/// The version to name in `If-Match` (FHIR R4 section 3.1.0.5): the `ETag`, else `meta.versionId` as a weak one.
pub fn read_version(etag: Option<&str>, resource: &Value) -> Option<String> {
    let is_fit = |etag: &&str| {
        let bare = etag.strip_prefix("W/").unwrap_or(etag);
        bare.len() > 2
            && bare.starts_with('"')
            && bare.ends_with('"')
            && bare[1..bare.len() - 1].bytes().all(|it| it.is_ascii_graphic() && it != b'"')
    };
    let own = text_at(resource, &["meta", "versionId"]).filter(|version| is_id(version));
    etag.map(str::trim)
        .filter(is_fit)
        .map(str::to_owned)
        .or_else(|| own.map(|version| format!("W/\"{version}\"")))
}

/// The id that a server gave to what it created (FHIR R4 section 3.1.0.8): in `Location`, else in the body.
pub fn read_created(kind: &str, location: Option<&str>, body: &[u8]) -> Option<String> {
    let in_location = location.and_then(|location| {
        let path = location.split(['?', '#']).next()?;
        let mut parts = path.split('/').skip_while(|part| *part != kind).skip(1);
        parts.next().filter(|id| is_id(id)).map(str::to_owned)
    });
    in_location.or_else(|| {
        let body: Value = serde_json::from_slice(body).ok()?;
        let is_it = text(&body, "resourceType") == Some(kind);
        text(&body, "id").filter(|id| is_it && is_id(id)).map(str::to_owned)
    })
}

/// Why a server says no, in its own words: of an OperationOutcome (FHIR R4 section 2.31), the errors' texts.
pub fn read_refusal(body: &[u8]) -> Option<String> {
    let outcome: Value = serde_json::from_slice(body).ok()?;
    if text(&outcome, "resourceType") != Some("OperationOutcome") {
        return None;
    }
    let said: Vec<&str> = list(&outcome, "issue")
        .filter(|issue| !matches!(text(issue, "severity"), Some("information" | "warning")))
        .filter_map(|issue| text_at(issue, &["details", "text"]).or(text(issue, "diagnostics")))
        .take(3)
        .collect();
    (!said.is_empty()).then(|| clean_message(&said.join(" ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_etag_wins_and_one_that_could_not_stand_in_a_header_is_none() {
        let task = json!({ "meta": { "versionId": "7" } });
        let version = |etag: &str| read_version(Some(etag), &task);

        assert_eq!(version("W/\"8\"").as_deref(), Some("W/\"8\""));
        assert_eq!(version("\"8\"").as_deref(), Some("\"8\""));
        for odd in ["8", "*", "\"\"", "W/\"8\"\r\nX: y", "\"8\", \"9\""] {
            assert_eq!(version(odd).as_deref(), Some("W/\"7\""), "{odd}");
        }
        assert_eq!(read_version(None, &json!({})), None);
    }

    #[test]
    fn what_was_created_is_named_by_its_location_or_itself() {
        let body = br#"{"resourceType":"QuestionnaireResponse","id":"b"}"#;
        let named = |location: Option<&str>| read_created("QuestionnaireResponse", location, body);

        let full = "https://elm.example/fhir/QuestionnaireResponse/a/_history/1";
        assert_eq!(named(Some(full)).as_deref(), Some("a"));
        assert_eq!(named(Some("QuestionnaireResponse/a")).as_deref(), Some("a"));
        assert_eq!(named(Some("https://elm.example/fhir/Patient/a")).as_deref(), Some("b"));
        assert_eq!(named(None).as_deref(), Some("b"));
        assert_eq!(read_created("QuestionnaireResponse", None, b"<html>"), None);
    }

    #[test]
    fn a_refusal_says_what_the_server_said_and_nothing_of_its_warnings() {
        let outcome = json!({ "resourceType": "OperationOutcome", "issue": [
            { "severity": "warning", "diagnostics": "slow" },
            { "severity": "error", "details": { "text": "Only the owner\u{202e} may." }, "diagnostics": "x" },
        ] });

        let said = read_refusal(outcome.to_string().as_bytes());

        assert_eq!(said.as_deref(), Some("Only the owner may."));
        assert_eq!(read_refusal(b"<html>"), None);
    }
}

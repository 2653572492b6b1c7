//! Words that a person on the phone never meets: FHIR's, OAuth's, and those the dictionary of the design forbids.

use super::texts::Entry;

/// Refused as whole words, in any case.
const FORBIDDEN: [&str; 41] = [
    // FHIR's words and codes
    "fhir",
    "task",
    "tasks",
    "servicerequest",
    "service request",
    "questionnaire",
    "questionnaireresponse",
    "documentreference",
    "operationoutcome",
    "resource",
    "resources",
    "in-progress",
    "on-hold",
    "entered-in-error",
    "rejected",
    "requisition",
    // OAuth's and the network's
    "oauth",
    "pkce",
    "scope",
    "scopes",
    "token",
    "tokens",
    "access token",
    "refresh token",
    "session",
    "server",
    "servers",
    "endpoint",
    "client id",
    "http",
    "sync",
    "api",
    "json",
    // The guide's
    "cbo",
    "sdoh",
    "assignment",
    "domain",
    "performer",
    "push notification",
    "capability",
    "vault",
];

/// The texts that say a word nobody should have to know.
pub fn find_forbidden(path: &str, entries: &[Entry]) -> Vec<String> {
    let mut findings = Vec::new();
    for entry in entries {
        let said = entry.words.to_lowercase();
        for word in FORBIDDEN.iter().filter(|word| says(&said, word)) {
            findings.push(format!("{path}:{}: {} says “{word}”", entry.line, entry.key));
        }
    }
    findings
}

fn says(text: &str, word: &str) -> bool {
    let in_word = |letter: char| letter.is_alphanumeric() || letter == '-';
    text.match_indices(word).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + word.len()..].chars().next();
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::texts;

    #[test]
    fn a_word_of_fhir_in_a_text_is_refused() {
        let entries = texts::read("a = Your Task is in-progress\nb = The access token expired\n");

        let findings = find_forbidden("en.ftl", &entries);

        let told = findings.join("\n");
        for word in ["a says “task”", "a says “in-progress”", "b says “token”"] {
            assert!(told.contains(word), "{word} is missing in {told}");
        }
    }

    #[test]
    fn a_word_inside_another_word_is_fine() {
        let entries = texts::read("a = A multitasking person with { $token }\n");

        assert!(find_forbidden("en.ftl", &entries).is_empty());
    }
}

//! What a server offers and what it granted: the two reasons not to ask for something.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::fhir::element::{list, text};

/// What one interaction with a type needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    Search,
    Create,
    Update,
}

/// What a CapabilityStatement says, as far as a fetch asks. Nothing said counts as offered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// `batch` at the base.
    pub batch: bool,
    /// Types with whether they can be read and searched; absent where the server did not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub types: Option<BTreeMap<String, (bool, bool)>>,
    /// Types with whether they can be created and updated; absent where the server did not say, or was not asked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<BTreeMap<String, (bool, bool)>>,
}

impl Offer {
    /// Reads `/metadata` (FHIR R4 section 2.6).
    pub fn read(metadata: &Value) -> Self {
        let Some(rest) = list(metadata, "rest")
            .find(|rest| text(rest, "mode") == Some("server"))
            .or_else(|| list(metadata, "rest").next())
        else {
            return Self::default();
        };
        let codes = |value: &Value| -> Vec<String> {
            list(value, "interaction")
                .filter_map(|it| text(it, "code"))
                .map(str::to_owned)
                .collect()
        };
        let batch = codes(rest).iter().any(|code| code == "batch");
        let types_with = |one: &str, two: &str| {
            let types: BTreeMap<String, (bool, bool)> = list(rest, "resource")
                .filter_map(|resource| {
                    let codes = codes(resource);
                    // Some servers list a type and forget what it can do.
                    let can = |code: &str| codes.is_empty() || codes.iter().any(|it| it == code);
                    Some((text(resource, "type")?.to_owned(), (can(one), can(two))))
                })
                .collect();
            (!types.is_empty()).then_some(types)
        };
        let (types, writes) = (types_with("read", "search-type"), types_with("create", "update"));
        Self { batch, types, writes }
    }

    /// Whether the server says that it can do this.
    pub fn offers(&self, kind: &str, access: Access) -> bool {
        let said = match access {
            Access::Read | Access::Search => &self.types,
            Access::Create | Access::Update => &self.writes,
        };
        let Some(types) = said else { return true };
        types.get(kind).is_some_and(|(one, two)| match access {
            Access::Read | Access::Create => *one,
            Access::Search | Access::Update => *two,
        })
    }
}

/// Whether granted scopes cover this (SMART App Launch 2.2, section 3: `.rs`, `.read`, `.*`).
///
/// Where no scope names a type at all, the server does not say what it granted, and everything may be tried.
pub fn is_granted(granted: &[String], kind: &str, access: Access) -> bool {
    let mut says_something = false;
    for scope in granted.iter().flat_map(|scopes| scopes.split_whitespace()) {
        let Some((type_name, rights)) = split_scope(scope) else { continue };
        says_something = true;
        if (type_name == "*" || type_name == kind) && covers(rights, access) {
            return true;
        }
    }
    !says_something
}

fn split_scope(scope: &str) -> Option<(&str, &str)> {
    let (context, rest) = scope.split_once('/')?;
    if !matches!(context, "patient" | "user" | "system") {
        return None;
    }
    let (type_name, rights) = rest.split_once('.')?;
    // `launch/patient` has no dot; `patient/.*` of one reference server means every type.
    let type_name = if type_name.is_empty() { "*" } else { type_name };
    Some((type_name, rights.split('?').next().unwrap_or_default()))
}

fn covers(rights: &str, access: Access) -> bool {
    match rights {
        "*" => true,
        "read" => matches!(access, Access::Read | Access::Search),
        "write" => matches!(access, Access::Create | Access::Update),
        cruds => cruds.contains(match access {
            Access::Read => 'r',
            Access::Search => 's',
            Access::Create => 'c',
            Access::Update => 'u',
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_scope_covers_what_its_letters_say() {
        let may = |scope: &str, access| is_granted(&[scope.to_owned()], "Task", access);

        for scope in [
            "patient/Task.rs",
            "patient/*.read",
            "patient/*.*",
            "user/Task.cruds",
            "patient/Task.rus?status=ready",
            "patient/.*",
        ] {
            assert!(may(scope, Access::Search), "{scope}");
        }
        assert!(may("patient/Task.r", Access::Read));
        assert!(!may("patient/Task.r", Access::Search));
        assert!(!may("patient/Goal.rs", Access::Read));
        assert!(!may("patient/Task.write", Access::Read));
        assert!(may("patient/Task.write", Access::Update));
        assert!(may("patient/Task.rus", Access::Update));
        assert!(!may("patient/Task.rus", Access::Create));
        assert!(!may("patient/*.read", Access::Update));
    }

    #[test]
    fn a_server_that_names_no_scope_is_simply_asked() {
        assert!(is_granted(&[], "Task", Access::Search));
        assert!(is_granted(&["openid launch/patient".to_owned()], "Task", Access::Search));
    }

    #[test]
    fn a_type_that_metadata_leaves_out_is_not_offered() {
        let offer = Offer::read(&json!({ "rest": [{ "mode": "server",
            "interaction": [{ "code": "batch" }],
            "resource": [
                { "type": "Task", "interaction": [{ "code": "read" }, { "code": "search-type" }] },
                { "type": "Questionnaire", "interaction": [{ "code": "read" }] },
                { "type": "Patient" },
            ] }] }));

        assert!(offer.batch);
        assert!(offer.offers("Task", Access::Search));
        assert!(!offer.offers("Questionnaire", Access::Search));
        assert!(!offer.offers("Task", Access::Update));
        assert!(offer.offers("Patient", Access::Update));
        assert!(offer.offers("Patient", Access::Search));
        assert!(!offer.offers("Goal", Access::Read));
        assert!(
            Offer::read(&json!({ "resourceType": "OperationOutcome" }))
                .offers("Goal", Access::Read)
        );
    }
}

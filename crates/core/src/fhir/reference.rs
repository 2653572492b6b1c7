//! References between resources (FHIR R4 section 2.3.0.1): where they lead, and whether our token may go there.

use serde_json::Value;
use url::Url;

use super::{
    FhirBase,
    element::{list, text},
};

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target<'a> {
    /// A resource on the server that the reference came from.
    Here { kind: &'a str, id: &'a str },
    /// Anything on another server; our token must not go there (SMART App Launch 2.2, section 5).
    Elsewhere { kind: &'a str },
    /// Inside the resource itself.
    Contained { id: &'a str },
}

/// `Reference.reference`; a text in its place is read the same way.
pub fn literal(reference: &Value) -> Option<&str> {
    reference.as_str().or_else(|| text(reference, "reference"))
}

/// Where a reference leads.
pub fn read_target<'a>(reference: &'a Value, base: &FhirBase) -> Option<Target<'a>> {
    parse_target(literal(reference)?, base)
}

/// Reads a literal reference: `Type/id`, with or without a version, relative or absolute, or `#id`.
pub fn parse_target<'a>(literal: &'a str, base: &FhirBase) -> Option<Target<'a>> {
    let literal = literal.trim();
    if let Some(id) = literal.strip_prefix('#') {
        return is_id(id).then_some(Target::Contained { id });
    }
    let relative = match literal.strip_prefix(base.as_str()) {
        Some(rest) if rest.starts_with('/') => &rest[1..],
        _ if literal.contains(':') => {
            let url = Url::parse(literal).ok()?;
            if !matches!(url.scheme(), "http" | "https") {
                return None;
            }
            let kind = type_and_id(literal).map_or("", |(kind, _)| kind);
            return Some(Target::Elsewhere { kind });
        }
        _ => literal.trim_start_matches('/'),
    };
    let (kind, id) = split_relative(relative)?;
    Some(Target::Here { kind, id })
}

/// The resource on the same server that a reference leads to.
pub fn read_here<'a>(reference: &'a Value, base: &FhirBase) -> Option<(&'a str, &'a str)> {
    match read_target(reference, base)? {
        Target::Here { kind, id } => Some((kind, id)),
        Target::Elsewhere { .. } | Target::Contained { .. } => None,
    }
}

/// The contained resource a reference leads to.
pub fn find_contained<'a>(resource: &'a Value, id: &str) -> Option<&'a Value> {
    list(resource, "contained").find(|it| text(it, "id") == Some(id))
}

/// Whether a text can be a logical id. Longer than FHIR's 64 letters is let through; anything unsafe in a path is not.
pub fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 128
        && id.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'.' | b'_'))
        && id.bytes().any(|it| it != b'.')
}

/// Whether a text can be the name of a resource type.
pub fn is_kind(kind: &str) -> bool {
    kind.len() <= 64
        && kind.starts_with(|first: char| first.is_ascii_uppercase())
        && kind.bytes().all(|it| it.is_ascii_alphabetic())
}

fn split_relative(relative: &str) -> Option<(&str, &str)> {
    let mut parts = relative.split('/');
    let (kind, id) = (parts.next()?, parts.next()?);
    let versioned = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => true,
        (Some("_history"), Some(version), None) => is_id(version),
        _ => false,
    };
    (versioned && is_kind(kind) && is_id(id)).then_some((kind, id))
}

fn type_and_id(absolute: &str) -> Option<(&str, &str)> {
    let path = absolute.split(['?', '#', '|']).next()?;
    let path = path.split("/_history/").next()?;
    let mut parts = path.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    (is_kind(kind) && is_id(id)).then_some((kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> FhirBase {
        FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap()
    }

    #[test]
    fn a_reference_leads_here_only_under_the_base() {
        let here = |literal| parse_target(literal, &base());

        let task = Some(Target::Here { kind: "Task", id: "1" });
        assert_eq!(here("Task/1"), task);
        assert_eq!(here("Task/1/_history/3"), task);
        assert_eq!(here("https://elm.example/fhir/Task/1"), task);
        assert_eq!(
            here("https://evil.example/fhir/Task/1"),
            Some(Target::Elsewhere { kind: "Task" })
        );
        assert_eq!(
            here("https://elm.example/fhir2/Task/1"),
            Some(Target::Elsewhere { kind: "Task" })
        );
        assert_eq!(here("#dr"), Some(Target::Contained { id: "dr" }));
        assert_eq!(here("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"), None);
    }

    #[test]
    fn a_reference_cannot_climb_out_of_the_base() {
        for literal in [
            "Task/..",
            "Task/1/../../admin",
            "../Task/1",
            "Task/a%2fb",
            "Task/1?x=1",
            "task/1",
            "Task/",
        ] {
            assert_eq!(parse_target(literal, &base()), None, "{literal}");
        }
    }
}

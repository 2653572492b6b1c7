//! One search parameter: what it asks, and whether a resource answers it.
//!
//! FHIR R4, search, sections 3.1.1.4 and following; only what `/metadata` names.

use jiff::Timestamp;
use serde_json::Value;

use crate::fhir::{
    offer::{Param, ParamKind},
    values::{find_span, find_values},
};

/// A condition on a resource.
pub(crate) struct Filter {
    paths: &'static [&'static str],
    wants: Wants,
}

enum Wants {
    Missing(bool),
    /// Any of these; or none of them where `not` is set.
    Token {
        any: Vec<Token>,
        not: bool,
    },
    Reference {
        any: Vec<String>,
        of_type: Option<String>,
    },
    Date {
        any: Vec<(Prefix, Timestamp, Timestamp)>,
    },
    Uri {
        any: Vec<String>,
    },
    Text {
        any: Vec<String>,
    },
}

struct Token {
    /// Some of it was written before a bar; empty means that there is none.
    system: Option<String>,
    code: Option<String>,
}

#[derive(Clone, Copy)]
enum Prefix {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

/// Why a parameter cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum FilterError {
    /// The modifier is not offered: the search would mean something else without it.
    Modifier,
    /// The value is not of the parameter's kind.
    Value,
}

const LAST_UPDATED: &[&str] = &["meta.lastUpdated"];
const ID: &[&str] = &["id"];

impl Filter {
    /// Reads `_lastUpdated`, whose values are dates.
    pub(crate) fn read_last_updated(value: &str) -> Result<Self, FilterError> {
        Ok(Self { paths: LAST_UPDATED, wants: Wants::Date { any: read_dates(value)? } })
    }

    /// Reads `_id`, a list of ids.
    pub(crate) fn read_ids(value: &str) -> Self {
        let any = split(value).map(|code| Token { system: None, code: Some(code) }).collect();
        Self { paths: ID, wants: Wants::Token { any, not: false } }
    }

    /// Reads a parameter of a type.
    pub(crate) fn read(
        param: &'static Param,
        modifier: Option<&str>,
        value: &str,
    ) -> Result<Self, FilterError> {
        let wants = match (param.kind, modifier) {
            (_, Some("missing")) => Wants::Missing(value.parse().map_err(|_| FilterError::Value)?),
            (ParamKind::Token, None) => Wants::Token { any: read_tokens(value), not: false },
            (ParamKind::Token, Some("not")) => Wants::Token { any: read_tokens(value), not: true },
            (ParamKind::Reference, of_type) => {
                if of_type
                    .is_some_and(|name| !name.starts_with(|first: char| first.is_ascii_uppercase()))
                {
                    return Err(FilterError::Modifier);
                }
                let implied = (param.name == "patient").then_some("Patient");
                let of_type = of_type.or(implied).map(str::to_owned);
                Wants::Reference { any: split(value).collect(), of_type }
            }
            (ParamKind::Date, None) => Wants::Date { any: read_dates(value)? },
            (ParamKind::Uri, None) => Wants::Uri { any: split(value).collect() },
            (ParamKind::Text, None) => {
                Wants::Text { any: split(value).map(|text| text.to_lowercase()).collect() }
            }
            _ => return Err(FilterError::Modifier),
        };
        Ok(Self { paths: param.paths, wants })
    }

    /// Whether the resource answers it; `base` is the place's own FHIR base.
    pub(crate) fn matches(&self, resource: &Value, base: &str) -> bool {
        let values: Vec<&Value> =
            self.paths.iter().flat_map(|path| find_values(resource, path)).collect();
        match &self.wants {
            Wants::Missing(missing) => values.is_empty() == *missing,
            Wants::Token { any, not } => {
                let found = any.iter().any(|token| values.iter().any(|value| token.is_in(value)));
                found != *not
            }
            Wants::Reference { any, of_type } => values.iter().any(|value| {
                let reference = value["reference"].as_str().unwrap_or_default();
                any.iter().any(|asked| refers(reference, asked, of_type.as_deref(), base))
            }),
            Wants::Date { any } => values
                .iter()
                .filter_map(|value| find_span(value.as_str()?))
                .any(|span| any.iter().any(|asked| falls(span, asked))),
            Wants::Uri { any } => values.iter().filter_map(|value| value.as_str()).any(|value| {
                let plain = value.split('|').next().unwrap_or(value);
                any.iter().any(|asked| asked == value || asked == plain)
            }),
            Wants::Text { any } => values.iter().filter_map(|value| value.as_str()).any(|value| {
                any.iter().any(|asked| value.to_lowercase().starts_with(asked.as_str()))
            }),
        }
    }
}

impl Token {
    /// Compares with a code, a boolean, a Coding, a CodeableConcept or an Identifier.
    fn is_in(&self, value: &Value) -> bool {
        match value {
            Value::String(code) => self.is(None, Some(code)),
            Value::Bool(flag) => self.is(None, Some(if *flag { "true" } else { "false" })),
            Value::Object(object) => {
                if let Some(Value::Array(codings)) = object.get("coding") {
                    return codings.iter().any(|coding| self.is_in(coding));
                }
                let text = |name: &str| object.get(name).and_then(Value::as_str);
                self.is(text("system"), text("code").or(text("value")))
            }
            _ => false,
        }
    }

    fn is(&self, system: Option<&str>, code: Option<&str>) -> bool {
        let same_system = match self.system.as_deref() {
            None => true,
            Some("") => system.is_none(),
            Some(asked) => system == Some(asked),
        };
        same_system && self.code.as_deref().is_none_or(|asked| code == Some(asked))
    }
}

/// `asked` may be an id, `Type/id`, or a URL; references under our own base are the same as relative ones.
fn refers(reference: &str, asked: &str, of_type: Option<&str>, base: &str) -> bool {
    let own = |text: &str| -> String {
        let below = text.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        below.unwrap_or(text).to_owned()
    };
    let (reference, asked) = (own(reference), own(asked));
    if of_type.is_some_and(|name| !reference.starts_with(&format!("{name}/"))) {
        return false;
    }
    if asked.contains('/') {
        return reference == asked;
    }
    !reference.contains("://") && reference.rsplit('/').next() == Some(asked.as_str())
}

fn falls(span: (Timestamp, Timestamp), asked: &(Prefix, Timestamp, Timestamp)) -> bool {
    let (start, end) = span;
    let (prefix, asked_start, asked_end) = *asked;
    let equal = asked_start <= start && end <= asked_end;
    match prefix {
        Prefix::Equal => equal,
        Prefix::NotEqual => !equal,
        Prefix::Greater => end > asked_end,
        Prefix::Less => start < asked_start,
        Prefix::GreaterOrEqual => end > asked_end || equal,
        Prefix::LessOrEqual => start < asked_start || equal,
    }
}

fn split(value: &str) -> impl Iterator<Item = String> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned)
}

fn read_tokens(value: &str) -> Vec<Token> {
    split(value)
        .map(|part| match part.split_once('|') {
            Some((system, code)) => Token {
                system: Some(system.to_owned()),
                code: (!code.is_empty()).then(|| code.to_owned()),
            },
            None => Token { system: None, code: Some(part) },
        })
        .collect()
}

fn read_dates(value: &str) -> Result<Vec<(Prefix, Timestamp, Timestamp)>, FilterError> {
    let read_one = |part: String| {
        let (prefix, date) = match part.get(..2) {
            Some("eq") => (Prefix::Equal, &part[2..]),
            Some("ne") => (Prefix::NotEqual, &part[2..]),
            Some("gt" | "sa") => (Prefix::Greater, &part[2..]),
            Some("lt" | "eb") => (Prefix::Less, &part[2..]),
            Some("ge") => (Prefix::GreaterOrEqual, &part[2..]),
            Some("le") => (Prefix::LessOrEqual, &part[2..]),
            _ => (Prefix::Equal, part.as_str()),
        };
        let (start, end) = find_span(date).ok_or(FilterError::Value)?;
        Ok((prefix, start, end))
    };
    split(value).map(read_one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{fhir::offer, place::PlaceKind};

    const BASE: &str = "http://127.0.0.1:1/fhir";

    fn task_matches(task: &Value, name: &str, modifier: Option<&str>, value: &str) -> bool {
        let param =
            offer::find_type(PlaceKind::Provider, "Task").unwrap().find_param(name).unwrap();
        Filter::read(param, modifier, value).ok().unwrap().matches(task, BASE)
    }

    #[test]
    fn references_match_as_id_relative_or_absolute() {
        let task = json!({"for": {"reference": "Patient/x"}, "owner": {"reference": format!("{BASE}/Organization/o")}});

        for asked in ["x", "Patient/x", "http://127.0.0.1:1/fhir/Patient/x", "y,x"] {
            assert!(task_matches(&task, "patient", None, asked), "{asked}");
        }
        assert!(task_matches(&task, "owner", None, "Organization/o"));
        assert!(task_matches(&task, "owner", Some("Organization"), "o"));
        assert!(!task_matches(&task, "patient", None, "Patient/xy"));
        assert!(!task_matches(&task, "owner", Some("missing"), "true"));
    }

    #[test]
    fn tokens_match_by_code_by_system_and_by_absence() {
        let task = json!({"status": "ready", "code": {"coding": [{"system": "s", "code": "c"}]}});

        for (name, modifier, asked, expected) in [
            ("status", None, "requested,ready", true),
            ("status", Some("not"), "ready", false),
            ("code", None, "s|c", true),
            ("code", None, "s|", true),
            ("code", None, "|c", false),
            ("code", None, "t|c", false),
        ] {
            assert_eq!(task_matches(&task, name, modifier, asked), expected, "{name} {asked}");
        }
    }

    #[test]
    fn last_updated_honours_its_prefixes() {
        let task = json!({"meta": {"lastUpdated": "2026-05-06T10:00:00.500Z"}});

        for (asked, expected) in [
            ("gt2026-05-06T10:00:00.499Z", true),
            ("gt2026-05-06T10:00:00.500Z", false),
            ("ge2026-05-06T10:00:00.500Z", true),
            ("lt2026-05-06T10:00:00.501Z", true),
            ("le2026-05-06T10:00:00.499Z", false),
            ("2026-05-06", true),
            ("gt2026-05-06T12:00:00.000+02:00", true),
        ] {
            let filter = Filter::read_last_updated(asked).ok().unwrap();

            assert_eq!(filter.matches(&task, BASE), expected, "{asked}");
        }
        assert_eq!(Filter::read_last_updated("gtyesterday").err(), Some(FilterError::Value));
    }
}

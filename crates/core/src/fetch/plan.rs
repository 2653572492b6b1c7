//! Which lists a role asks for, and how a list is asked when a server does not take the usual way.

use handrail_contract::place::Role;
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{
    Arrived, Cursor, Errand, Wanted,
    body::{Bundle, Came},
};
use crate::fhir::{
    FhirBase,
    element::text,
    reference::{Target, parse_target, read_here},
};

/// The lists of a patient's fetch.
pub const LISTED: [&str; 3] = ["Task", "ServiceRequest", "Goal"];

/// A whole look at least this often: a delta shows neither deletions nor lost access.
const FULL_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// What was written while the last answer was made is asked for again.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);

/// Entries that we would like on a page.
const PAGE: u32 = 200;

/// How a list is asked for, from the cheapest to the one that every server takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Only what changed since (`_lastUpdated`, SHOULD in the guide).
    Delta(Timestamp),
    /// Everything, in pages of our size.
    Full,
    /// Everything, with no parameter but the person.
    Bare,
}

/// Whether it is time for a whole look: one that lists everything, and reads anew what that refers to.
pub fn is_whole_look(errand: &Errand) -> bool {
    errand.full || errand.cursors.whole_at.is_none_or(|at| is_old(at, errand.now))
}

fn is_old(at: Timestamp, now: Timestamp) -> bool {
    // A clock that was set back counts as old too.
    now.duration_since(at).abs() >= FULL_EVERY
}

impl Way {
    /// The way to begin with.
    pub fn choose(errand: &Errand, cursor: Option<&Cursor>) -> Self {
        let Some(cursor) = cursor.filter(|_| !is_whole_look(errand)) else { return Self::Full };
        match cursor.server_time {
            Some(time) if !cursor.full_only && !is_old(cursor.full_at, errand.now) => {
                Self::Delta(time)
            }
            _ => Self::Full,
        }
    }

    /// What to try when the server does not take this way.
    pub fn simpler(self) -> Option<Self> {
        match self {
            Self::Delta(_) => Some(Self::Full),
            Self::Full => Some(Self::Bare),
            Self::Bare => None,
        }
    }

    /// The search of one list.
    pub fn query(self, list: &str) -> String {
        let and = if list.contains('?') { '&' } else { '?' };
        match self {
            Self::Delta(time) => {
                let since = time.checked_sub(OVERLAP).unwrap_or(time);
                format!("{list}{and}_lastUpdated=gt{since:.0}&_count={PAGE}")
            }
            Self::Full => format!("{list}{and}_count={PAGE}"),
            Self::Bare => list.to_owned(),
        }
    }
}

/// The types that a role's lists are of.
pub fn types_of(role: Role) -> &'static [&'static str] {
    match role {
        Role::Patient => &LISTED,
        Role::Organization => &["Task"],
    }
}

/// The type that a list is of: `Task` of `Task?open`.
pub fn type_of(list: &str) -> &str {
    list.split('?').next().unwrap_or(list)
}

/// The path of a single read or search, under the base.
pub fn path_of(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Read { kind, id } => format!("{kind}/{id}"),
        Wanted::Options { id, as_is: true } => format!("ValueSet/{id}"),
        Wanted::Options { id, as_is: false } => format!("ValueSet/{id}/$expand"),
        Wanted::Canonical { url, version, .. } => {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("url", url);
            if let Some(version) = version {
                query.append_pair("version", version);
            }
            format!("Questionnaire?{}", query.finish())
        }
    }
}

/// A Bundle of type `batch` that asks for these paths under the base.
pub fn write_batch(paths: impl Iterator<Item = String>) -> String {
    let entries: Vec<Value> = paths
        .map(|path| serde_json::json!({ "request": { "method": "GET", "url": path } }))
        .collect();
    serde_json::json!({ "resourceType": "Bundle", "type": "batch", "entry": entries }).to_string()
}

/// What stands after the base in an address under it.
pub fn path_under(base: &FhirBase, url: &Url) -> Option<String> {
    url.as_str().strip_prefix(base.as_str())?.strip_prefix('/').map(str::to_owned)
}

/// The server's clock, from the `Date` header.
pub fn read_date(header: &str) -> Option<Timestamp> {
    rfc2822::parse(header.trim()).ok().map(|zoned| zoned.timestamp())
}

/// Whose a resource is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Ours,
    AnotherPersons,
    /// It does not say, and its type should.
    Unsaid,
}

/// Checks that a resource concerns the person of this connection and nobody else (some servers ignore `patient=`).
pub fn check_whose(kind: &str, id: &str, body: &Value, patient: &str, base: &FhirBase) -> Whose {
    let member = match kind {
        "Patient" => return if id == patient { Whose::Ours } else { Whose::AnotherPersons },
        "Task" => "for",
        "Consent" | "RelatedPerson" => "patient",
        "ServiceRequest"
        | "Goal"
        | "Procedure"
        | "Observation"
        | "QuestionnaireResponse"
        | "DocumentReference" => "subject",
        _ => return Whose::Ours,
    };
    let must_say = matches!(kind, "Task" | "ServiceRequest" | "Goal");
    let Some(subject) = body.get(member) else {
        return if must_say { Whose::Unsaid } else { Whose::Ours };
    };
    match read_here(subject, base) {
        Some(("Patient", found)) if found == patient => Whose::Ours,
        Some(("Patient", _)) => Whose::AnotherPersons,
        Some(_) if must_say => Whose::AnotherPersons,
        Some(_) => Whose::Ours,
        None => match text(subject, "reference").and_then(|literal| parse_target(literal, base)) {
            Some(Target::Elsewhere { .. }) => Whose::AnotherPersons,
            _ if must_say => Whose::Unsaid,
            _ => Whose::Ours,
        },
    }
}

/// The Questionnaire of a searchset: an active one before others, then the highest version.
pub fn choose_questionnaire(bundle: Bundle) -> Option<(Arrived, Value)> {
    let found = bundle.entries.into_iter().filter_map(|entry| match entry.resource? {
        Came::Resource(arrived, short) if arrived.kind == "Questionnaire" => {
            Some((*arrived, short))
        }
        Came::Bundle(_) | Came::Resource(..) | Came::Other(_) => None,
    });
    found.max_by_key(|(_, it)| {
        let status = match text(it, "status") {
            Some("active") => 2,
            Some("retired") => 0,
            _ => 1,
        };
        (status, text(it, "version").unwrap_or_default().to_owned())
    })
}

/// Joins a path to the base. Paths are made of checked ids and encoded queries.
pub fn join(base: &FhirBase, path: &str) -> Option<Url> {
    base.join(path).filter(|url| base.contains(url))
}

//! What to ask a place for (SMART App Launch 2.2, "Scopes and launch context").

use handrail_contract::place::Role;

use super::{discovery::Server, registry::Row};

/// What a patient's pages read, and the little that they may write.
const PATIENT: &[(&str, &str)] = &[
    ("Patient", "r"),
    ("Task", "rus"),
    ("ServiceRequest", "rs"),
    ("Goal", "rs"),
    ("Condition", "rs"),
    ("Observation", "rs"),
    ("Procedure", "rs"),
    ("Consent", "rs"),
    ("DocumentReference", "crs"),
    ("Questionnaire", "rs"),
    ("QuestionnaireResponse", "crus"),
    ("HealthcareService", "rs"),
    ("Location", "r"),
    ("Organization", "r"),
    ("Practitioner", "r"),
    ("PractitionerRole", "r"),
    ("RelatedPerson", "r"),
    ("CareTeam", "r"),
];

/// What an organization's pages read and write.
const ORGANIZATION: &[(&str, &str)] = &[
    ("Task", "crus"),
    ("ServiceRequest", "rs"),
    ("Procedure", "crus"),
    ("Patient", "rs"),
    ("Goal", "rs"),
    ("Condition", "rs"),
    ("Observation", "rs"),
    ("Consent", "rs"),
    ("DocumentReference", "rs"),
    ("Organization", "rs"),
    ("PractitionerRole", "rs"),
    ("Practitioner", "rs"),
    ("HealthcareService", "rs"),
    ("Location", "r"),
    ("CareTeam", "r"),
    ("RelatedPerson", "r"),
];

/// What the guide does not promise to an organization, so it is asked for only where the server's own list has it:
/// what a service says of its room, pages to show to somebody, and forms to ask for. The letter is the one that has to be
/// listed.
const WHERE_LISTED: &[(&str, char, &str)] = &[
    ("HealthcareService", 'u', "rus"),
    ("DocumentReference", 'c', "crs"),
    ("Questionnaire", 'r', "rs"),
];

/// Everything else hangs on these, so they are asked for whatever a server lists.
const INDISPENSABLE: &[&str] = &["Task"];

/// How a server writes what may be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// `patient/Task.read`
    V1,
    /// `patient/Task.rs`
    V2,
}

/// Chooses the scopes of a sign-in: the row's, else the least that the pages need, in the server's own spelling.
///
/// `openid` and `fhirUser` are asked for by organizations only, and where the answer can be validated: a patient is named
/// by the token response, so an `id_token` would only be one more thing to leak.
pub fn choose_scopes(server: &Server, row: Option<&Row>, role: Role) -> Vec<String> {
    if let Some(scopes) = row.and_then(|row| row.scopes.clone()) {
        return scopes;
    }
    let (context, wanted, fixed): (_, _, &[&str]) = match role {
        Role::Patient => ("patient", PATIENT, &["launch/patient", "offline_access"]),
        Role::Organization if server.can_say_who() => {
            ("user", ORGANIZATION, &["openid", "fhirUser", "offline_access"])
        }
        Role::Organization => ("user", ORGANIZATION, &["offline_access"]),
    };
    let old = row.is_some_and(|row| row.old_discovery);
    let syntax = if old { Syntax::V1 } else { choose_syntax(server) };
    let offered = read_offered_types(&server.scopes_supported, context);
    let listed = |kind: &str| {
        offered.is_empty()
            || INDISPENSABLE.contains(&kind)
            || offered.iter().any(|offered| *offered == "*" || *offered == kind)
    };
    let beside = WHERE_LISTED
        .iter()
        .filter(|(kind, ..)| wanted.iter().all(|(usual, _)| usual != kind))
        .filter_map(|(kind, ..)| Some((*kind, may_also(server, context, kind)?)));
    let asked = wanted
        .iter()
        .filter(|(kind, _)| listed(kind))
        .map(|(kind, may)| (*kind, may_also(server, context, kind).unwrap_or(*may)))
        .chain(beside)
        .flat_map(|(kind, may)| write_scopes(syntax, context, kind, may))
        // A place that says nothing of what it protects is not written to.
        .filter(|scope| !(old && scope.ends_with(".write")));
    fixed.iter().map(|&scope| scope.to_owned()).chain(asked).collect()
}

/// More than usual of a type, where the server lists that much.
fn may_also(server: &Server, context: &str, kind: &str) -> Option<&'static str> {
    let (_, letter, may) =
        WHERE_LISTED.iter().find(|(one, ..)| context == "user" && *one == kind)?;
    let lists = |scope: &String| {
        let rest = scope.strip_prefix(context).and_then(|it| it.strip_prefix('/'));
        let (one, rights) = rest.and_then(|it| it.split_once('.')).unwrap_or_default();
        let rights = rights.split('?').next().unwrap_or_default();
        let is_v2 = rights.bytes().all(|letter| b"cruds".contains(&letter));
        let old = if *letter == 'r' { "read" } else { "write" };
        let covers = rights == old || rights == "*" || is_v2 && rights.contains(*letter);
        (one == kind || one == "*") && covers
    };
    server.scopes_supported.iter().any(lists).then_some(may)
}

fn choose_syntax(server: &Server) -> Syntax {
    let can = |capability: &str| server.capabilities.iter().any(|one| one == capability);
    if can("permission-v2") {
        return Syntax::V2;
    }
    let old =
        |scope: &String| [".read", ".write", ".*"].iter().any(|ending| scope.ends_with(ending));
    if can("permission-v1") || server.scopes_supported.iter().any(old) {
        Syntax::V1
    } else {
        Syntax::V2
    }
}

/// The types that a server's list names for this context. A server need not list all it supports, so a list
/// without any type of this context says nothing.
fn read_offered_types<'a>(supported: &'a [String], context: &str) -> Vec<&'a str> {
    supported
        .iter()
        .filter_map(|scope| scope.strip_prefix(context)?.strip_prefix('/'))
        .filter_map(|rest| rest.split('?').next()?.rsplit_once('.').map(|(kind, _)| kind))
        .collect()
}

fn write_scopes(syntax: Syntax, context: &str, kind: &str, may: &str) -> Vec<String> {
    match syntax {
        Syntax::V2 => vec![format!("{context}/{kind}.{may}")],
        Syntax::V1 => {
            let writes = may.contains(['c', 'u', 'd']);
            let read = format!("{context}/{kind}.read");
            std::iter::once(read).chain(writes.then(|| format!("{context}/{kind}.write"))).collect()
        }
    }
}

//! The calls an app makes, and what can strike them.

use handrail_sandbox::{At, Fault, Rule};
use url::Url;

/// A call of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Discovery,
    /// The token endpoint, when a code is redeemed.
    Code,
    /// The token endpoint, when a token is renewed.
    Refresh,
    Metadata,
    Search(&'static str),
    NextPage,
    Batch,
    /// One resource by its id.
    Read,
    /// Metadata, searches, reads and batches: all that a look is made of.
    Look,
    Revoke,
}

impl Call {
    /// The calls of a look for news.
    pub const OF_A_LOOK: [Self; 9] = [
        Self::Metadata,
        Self::Search("Task"),
        Self::Search("ServiceRequest"),
        Self::Search("Goal"),
        Self::NextPage,
        Self::Batch,
        Self::Read,
        Self::Look,
        Self::Refresh,
    ];

    /// The rules that make a fault strike this call.
    pub fn rules(self, fault: Fault) -> Vec<Rule> {
        let always = |at| Rule::always(at, fault.clone());
        match self {
            Self::Discovery => vec![always(At::Discovery)],
            Self::Code | Self::Refresh => vec![always(At::Token)],
            Self::Metadata => vec![always(At::Metadata)],
            Self::Search(kind) => vec![always(At::Type(kind.to_owned()))],
            Self::NextPage => vec![always(At::NextPage)],
            Self::Batch => vec![always(At::Batch)],
            // Who is refused a batch reads one by one.
            Self::Read => READ
                .iter()
                .map(|kind| always(At::Type((*kind).to_owned())))
                .chain([Self::no_batch()])
                .collect(),
            Self::Look => vec![always(At::Metadata), always(At::Fhir)],
            Self::Revoke => vec![always(At::Revoke)],
        }
    }

    /// What makes the app read one by one.
    pub fn no_batch() -> Rule {
        Rule::always(At::Batch, Fault::Status { status: 501 })
    }

    /// Whether a request is this call.
    pub fn is_made_by(self, url: &Url, is_get: bool) -> bool {
        let path = url.path();
        let next = url.query().is_some_and(|query| query.contains("_cursor="));
        let kind = path.strip_prefix("/fhir/").unwrap_or_default();
        match self {
            Self::Discovery => path.contains("/.well-known/"),
            Self::Code | Self::Refresh => path.ends_with("/token"),
            Self::Metadata => kind == "metadata",
            Self::Search(wanted) => kind == wanted,
            Self::NextPage => next,
            Self::Batch => !is_get && kind.is_empty() && path.starts_with("/fhir"),
            Self::Read => is_get && kind.contains('/') && !kind.starts_with('.'),
            Self::Look => path.starts_with("/fhir") && !path.contains("/.well-known/"),
            Self::Revoke => path.ends_with("/revoke"),
        }
    }

    pub fn name(self) -> String {
        match self {
            Self::Search(kind) => format!("search {kind}"),
            other => format!("{other:?}").to_lowercase(),
        }
    }
}

/// Types that are read one by one, not listed.
const READ: [&str; 9] = [
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "HealthcareService",
    "Location",
    "Questionnaire",
    "DocumentReference",
    "Procedure",
];

/// What strikes a call.
#[derive(Clone, Debug)]
pub struct Blow {
    pub name: &'static str,
    /// What the server does; without it, nobody listens.
    pub fault: Option<Fault>,
    /// It is a trait of a list, and strikes nothing else.
    pub of_lists: bool,
    /// What comes is well-formed and not what the server has: only the daily whole look can tell.
    pub lies: bool,
    /// What a list is struck with is read nevertheless.
    pub harmless: bool,
    /// It takes as long as the app's patience lasts.
    pub slow: bool,
}

impl Blow {
    fn of(name: &'static str, fault: Fault) -> Self {
        Self {
            name,
            fault: Some(fault),
            of_lists: false,
            lies: false,
            harmless: false,
            slow: false,
        }
    }

    fn slow(name: &'static str, fault: Fault) -> Self {
        Self { slow: true, ..Self::of(name, fault) }
    }

    fn of_lists(name: &'static str, fault: Fault) -> Self {
        Self { of_lists: true, ..Self::of(name, fault) }
    }

    /// Everything there is; `trap` is where hostile links lead, `own` the place's own origin.
    pub fn all(trap: &Url, own: &Url) -> Vec<Self> {
        let status = |status| Fault::Status { status };
        let next = |to: String| Fault::NextAt { to };
        let trap_port = trap.port().unwrap_or_default();
        let own_authority = own.authority();
        vec![
            Self { fault: None, ..Self::of("refuse", Fault::HangUp) },
            Self::of("reset before", Fault::HangUp),
            Self::of("reset during", Fault::Truncate),
            Self::of("reset after", Fault::LoseAnswer),
            Self::slow("no answer", Fault::Slow { millis: 60_000 }),
            Self::slow("a byte at a time", Fault::Trickle { millis: 200 }),
            Self::of("500", status(500)),
            Self::of("502", status(502)),
            Self::of("503", status(503)),
            Self::of("504", status(504)),
            Self::of("429", Fault::TooMany { retry_after: Some("7".to_owned()) }),
            Self::of("web page", Fault::WebPage),
            Self::of("redirect", Fault::Redirect { to: format!("{trap}fhir/Task") }),
            Self::of("endless body", Fault::Endless),
            Self::of("gzip bomb", Fault::GzipBomb),
            Self::of("wrong length", Fault::WrongLength),
            Self::of("endless headers", Fault::ManyHeaders),
            Self::of("deep JSON", Fault::DeepJson),
            Self::of("a million values", Fault::ManyValues),
            Self::of("failed in part", Fault::InPart),
            Self::of_lists("next page is this page", Fault::NextRound),
            Self::of_lists("next page elsewhere", next(format!("{trap}fhir/Task?page=2"))),
            Self::of_lists(
                "next page //elsewhere",
                next(format!("//127.0.0.1:{trap_port}/fhir/Task")),
            ),
            Self::of_lists(
                "next page own@elsewhere",
                next(format!("http://{own_authority}@127.0.0.1:{trap_port}/fhir/Task")),
            ),
            Self::of_lists("next page beside the base", next(format!("{own}auth/token"))),
            Self::of_lists("next page ../", next(format!("{own}fhir/../fhirther/Task"))),
            Self {
                lies: true,
                harmless: true,
                ..Self::of_lists(
                    "references elsewhere",
                    Fault::ReferTo { to: format!("{trap}fhir") },
                )
            },
            Self {
                lies: true,
                harmless: true,
                ..Self::of_lists("other people's data", Fault::Strangers)
            },
        ]
    }

    /// Whether it makes sense at a call.
    pub fn fits(&self, call: Call) -> bool {
        // A revocation endpoint that says 200 has said yes, whatever else it says (RFC 7009 section 2.2).
        let says_yes = matches!(self.fault, Some(Fault::DeepJson | Fault::ManyValues));
        if says_yes && call == Call::Revoke {
            return false;
        }
        !self.of_lists || matches!(call, Call::Search(_) | Call::NextPage | Call::Look)
    }
}

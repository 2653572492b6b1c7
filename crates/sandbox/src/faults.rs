//! Going wrong on request.
//!
//! In: rules that say where, what and how often. Out: the answer, spoilt where a rule applies.

use std::{io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::stream;
use serde::{Deserialize, Serialize};

use crate::{fhir::search::is_next_page, place::Site};

mod hostile;

/// Put among an answer's extensions: close the connection without sending it.
#[derive(Clone, Copy)]
pub(crate) struct HangUp;

/// Where a fault strikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// Every request except those to the control addresses.
    Everything,
    /// `/fhir/.well-known/smart-configuration`
    Discovery,
    /// `/fhir/metadata`
    Metadata,
    /// The sign-in pages.
    Authorize,
    Token,
    Register,
    Revoke,
    /// Every FHIR type, and batches.
    Fhir,
    /// A batch as a whole.
    Batch,
    /// Every page of a search but the first.
    NextPage,
    /// One FHIR type by its name, such as `Task`; inside a batch too.
    #[serde(untagged)]
    Type(String),
}

impl At {
    fn covers(&self, place: &At) -> bool {
        match self {
            Self::Everything => true,
            Self::Fhir => matches!(place, Self::Batch | Self::NextPage | Self::Type(_)),
            other => other == place,
        }
    }

    /// Names the endpoint behind a request; the control addresses have none.
    fn of_request(method: &Method, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["control", ..] => None,
            ["fhir", ".well-known", ..] => Some(Self::Discovery),
            ["fhir", "metadata"] => Some(Self::Metadata),
            ["fhir"] if method == Method::POST => Some(Self::Batch),
            ["fhir", name, ..] => Some(Self::Type((*name).to_owned())),
            ["auth", "token"] => Some(Self::Token),
            ["auth", "register"] => Some(Self::Register),
            ["auth", "revoke"] => Some(Self::Revoke),
            ["auth", ..] => Some(Self::Authorize),
            _ => Some(Self::Everything),
        }
    }
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// The connection closes before anything is done.
    HangUp,
    /// Everything is done, and the answer is lost on the way.
    LoseAnswer,
    /// Everything is done, and the connection closes in the middle of the answer's body.
    Truncate,
    /// The answer comes late.
    Slow { millis: u64 },
    /// A 5xx (or any other status) with nothing useful in it.
    Status { status: u16 },
    /// 429, with `Retry-After` as given: seconds or an HTTP date.
    TooMany {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<String>,
    },
    /// 200 with a web page, as a captive portal or a proxy answers.
    WebPage,
    /// A redirect to somewhere else.
    Redirect { to: String },
    /// The answer comes a byte at a time.
    Trickle { millis: u64 },
    /// The body has no end.
    Endless,
    /// A small body that unpacks to a large one.
    GzipBomb,
    /// `Content-Length` names half of the body, and so much is sent.
    WrongLength,
    /// More header lines than anybody needs.
    ManyHeaders,
    /// JSON as deep as a well.
    DeepJson,
    /// As many values as fit into a body of an allowed size.
    ManyValues,
    /// The next page of a list is this page.
    NextRound,
    /// The next page of a list is somewhere else.
    NextAt { to: String },
    /// A list holds things that refer to another server.
    ReferTo { to: String },
    /// A list holds what belongs to other people.
    Strangers,
    /// A list holds only half, and a notice that something failed.
    InPart,
}

/// A fault, where it strikes and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub at: At,
    #[serde(flatten)]
    pub fault: Fault,
    /// How many requests it spoils; without it, all until the faults are cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How many matching requests it lets pass first.
    #[serde(default)]
    pub after: u32,
}

impl Rule {
    /// A fault that lasts until the faults are cleared.
    pub fn always(at: At, fault: Fault) -> Self {
        Self { at, fault, times: None, after: 0 }
    }

    /// A fault that strikes the next time, and then no more.
    pub fn once(at: At, fault: Fault) -> Self {
        Self { at, fault, times: Some(1), after: 0 }
    }
}

/// The rules in force.
#[derive(Default)]
pub(crate) struct Faults(Vec<Rule>);

impl Faults {
    pub(crate) fn set_rules(&mut self, rules: Vec<Rule>) {
        self.0 = rules;
    }

    pub(crate) fn add_rule(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    #[cfg(feature = "over-http")]
    pub(crate) fn list_rules(&self) -> Vec<Rule> {
        self.0.clone()
    }

    /// The fault for a request at this endpoint, if any; the first rule that applies is used up by one.
    pub(crate) fn take_fault(&mut self, places: &[At]) -> Option<Fault> {
        let applies = |rule: &&mut Rule| places.iter().any(|place| rule.at.covers(place));
        for rule in self.0.iter_mut().filter(applies) {
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            match &mut rule.times {
                Some(0) => continue,
                Some(left) => *left -= 1,
                None => {}
            }
            return Some(rule.fault.clone());
        }
        None
    }
}

/// Lets a request through, or spoils it.
pub(crate) async fn spoil_answer(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let mut places: Vec<At> =
        At::of_request(request.method(), request.uri().path()).into_iter().collect();
    if !places.is_empty() && request.uri().query().is_some_and(is_next_page) {
        places.push(At::NextPage);
    }
    let fault = site.lock_faults().take_fault(&places);
    let here = request.uri().to_string();
    match fault {
        None => next.run(request).await,
        Some(Fault::HangUp) => hang_up(),
        Some(Fault::LoseAnswer) => {
            next.run(request).await;
            hang_up()
        }
        Some(Fault::Truncate) => cut_in_half(next.run(request).await).await,
        Some(Fault::Slow { millis }) => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            next.run(request).await
        }
        Some(Fault::Trickle { millis }) => {
            hostile::trickle(next.run(request).await, Duration::from_millis(millis)).await
        }
        Some(Fault::WrongLength) => hostile::understate_length(next.run(request).await).await,
        Some(Fault::NextRound) => {
            hostile::rewrite(next.run(request).await, |it| hostile::lead_on(it, &here)).await
        }
        Some(Fault::NextAt { to }) => {
            hostile::rewrite(next.run(request).await, |it| hostile::lead_on(it, &to)).await
        }
        Some(Fault::ReferTo { to }) => {
            hostile::rewrite(next.run(request).await, |it| hostile::add_references(it, &to)).await
        }
        Some(Fault::Strangers) => {
            hostile::rewrite(next.run(request).await, hostile::add_strangers).await
        }
        Some(Fault::InPart) => {
            hostile::rewrite(next.run(request).await, hostile::fail_in_part).await
        }
        Some(plain) => plain.into_response(),
    }
}

/// Answers that take no part of the real one.
impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::Status { status } => StatusCode::from_u16(status)
                .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
                .into_response(),
            Self::TooMany { retry_after } => {
                let mut response = StatusCode::TOO_MANY_REQUESTS.into_response();
                let value = retry_after.and_then(|text| HeaderValue::try_from(text).ok());
                if let Some(value) = value {
                    response.headers_mut().insert(header::RETRY_AFTER, value);
                }
                response
            }
            Self::WebPage => axum::response::Html(
                "<!doctype html><title>Welcome</title><p>Please sign in to use this network.",
            )
            .into_response(),
            Self::Redirect { to } => {
                let location =
                    HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/elsewhere"));
                (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
            }
            Self::Endless => hostile::go_on_forever(),
            Self::GzipBomb => hostile::send_bomb(),
            Self::ManyHeaders => hostile::send_headers(),
            Self::DeepJson => hostile::send_depth(),
            Self::ManyValues => hostile::send_crowd(),
            // These need the honest answer.
            Self::HangUp
            | Self::LoseAnswer
            | Self::Truncate
            | Self::Slow { .. }
            | Self::Trickle { .. }
            | Self::WrongLength
            | Self::NextRound
            | Self::NextAt { .. }
            | Self::ReferTo { .. }
            | Self::Strangers
            | Self::InPart => hang_up(),
        }
    }
}

fn hang_up() -> Response {
    let mut response = StatusCode::SERVICE_UNAVAILABLE.into_response();
    response.extensions_mut().insert(HangUp);
    response
}

/// Promises the whole length, sends half, and closes.
async fn cut_in_half(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return hang_up();
    };
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let pieces = stream::unfold(Some(half), |left: Option<Bytes>| async move {
        if let Some(half) = left {
            return Some((Ok(half), None));
        }
        // Without a pause the half is still in a buffer when the connection closes.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_lets_some_pass_strikes_and_then_rests() {
        let mut faults = Faults::default();
        let fault = Fault::Status { status: 500 };
        faults.add_rule(Rule { at: At::Token, fault: fault.clone(), times: Some(1), after: 1 });

        let seen: Vec<_> = (0..3).map(|_| faults.take_fault(&[At::Token])).collect();

        assert_eq!(seen, [None, Some(fault), None]);
    }

    #[test]
    fn the_fhir_rule_covers_types_and_batches_and_leaves_discovery_alone() {
        let of = |method: Method, path: &str| At::of_request(&method, path).unwrap();

        assert!(At::Fhir.covers(&of(Method::GET, "/fhir/Task")));
        assert!(At::Fhir.covers(&of(Method::POST, "/fhir")));
        assert!(!At::Fhir.covers(&of(Method::GET, "/fhir/.well-known/smart-configuration")));
        assert_eq!(At::of_request(&Method::POST, "/control/faults"), None);
    }

    #[test]
    fn rules_read_as_the_readme_writes_them() {
        let text = r#"[{"at":"Task","fault":"slow","millis":2000,"times":3},
            {"at":"token","fault":"too_many","retry_after":"5"},{"at":"everything","fault":"hang_up"}]"#;

        let rules: Vec<Rule> = serde_json::from_str(text).unwrap();

        assert_eq!(rules[0].at, At::Type("Task".into()));
        assert_eq!(rules[1].fault, Fault::TooMany { retry_after: Some("5".into()) });
        assert_eq!(rules[2], Rule::always(At::Everything, Fault::HangUp));
    }
}

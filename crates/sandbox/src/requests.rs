//! What was asked of a place, for tests that count and for curious people.
//!
//! Never: a token, a code, a form's content, or the query of a sign-in.

use serde::Serialize;

/// The most that is remembered; older ones are forgotten first.
const MOST: usize = 10_000;

/// One request as it arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenRequest {
    pub method: String,
    pub path: String,
    /// The query of a FHIR request; sign-in requests keep theirs to themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Whether it carried an `Authorization` header.
    pub authorized: bool,
    /// The status of the answer; absent where the connection was closed without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// The requests a place has seen, oldest first.
#[derive(Default)]
pub(crate) struct SeenRequests(Vec<SeenRequest>);

impl SeenRequests {
    pub(crate) fn note_request(&mut self, request: SeenRequest) {
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(request);
    }

    pub(crate) fn list_requests(&self) -> Vec<SeenRequest> {
        self.0.clone()
    }
}

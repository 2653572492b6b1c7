//! What was asked of a place, for tests that count and for curious people.
//!
//! Never: a token, a code, a form's content, or the query of a sign-in.

use std::collections::VecDeque;

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
    /// The status of the answer; absent where there is none yet, or the connection was closed without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

/// Names one request among all that ever came.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestNumber(u64);

/// The requests a place has seen, in the order they arrived.
#[derive(Default)]
pub(crate) struct SeenRequests {
    all: VecDeque<(RequestNumber, SeenRequest)>,
    next: u64,
}

impl SeenRequests {
    /// Notes a request that just arrived.
    pub(crate) fn note_request(&mut self, request: SeenRequest) -> RequestNumber {
        if self.all.len() == MOST {
            self.all.pop_front();
        }
        let number = RequestNumber(self.next);
        self.next += 1;
        self.all.push_back((number, request));
        number
    }

    /// Notes how it was answered, unless it was forgotten meanwhile.
    pub(crate) fn note_answer(&mut self, number: RequestNumber, status: Option<u16>) {
        if let Some((_, request)) = self.all.iter_mut().rfind(|(one, _)| *one == number) {
            request.status = status;
        }
    }

    pub(crate) fn list_requests(&self) -> Vec<SeenRequest> {
        self.all.iter().map(|(_, request)| request.clone()).collect()
    }

    /// Forgets them all; what is under way is not told of any more.
    pub(crate) fn forget(&mut self) {
        self.all.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> SeenRequest {
        SeenRequest {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: None,
            authorized: false,
            status: None,
        }
    }

    #[test]
    fn an_answer_to_what_was_forgotten_is_nobody_elses() {
        let mut seen = SeenRequests::default();
        let early = seen.note_request(request("/early"));
        seen.forget();
        let late = seen.note_request(request("/late"));

        seen.note_answer(early, Some(200));
        let before = seen.list_requests();
        seen.note_answer(late, Some(404));

        assert_eq!(before, [request("/late")]);
        assert_eq!(seen.list_requests()[0].status, Some(404));
    }
}

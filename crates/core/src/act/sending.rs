//! Sending one act: which request comes next, and how it ends.
//!
//! The Task is read first, so that an act that is done already is never done twice, and written with `If-Match`, so
//! that nobody's change is lost. What may or may not have arrived is looked for before anything is sent again.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::{
    DocumentKind, Entry, Standing, Unchanged, find_violations,
    reply::{read_created, read_refusal, read_version},
};
use crate::{
    fhir::element::{list, text},
    session::Source,
};

/// How often a Task is written in one go: once, and once more after it was changed under our hands.
const MOST_PUTS: u8 = 2;
/// How many pages of documents are looked through for our own.
const MOST_PAGES: u8 = 10;
/// A request that a server is still busy with has come to its end after this; ours are given up after half of it.
const DOUBT: Duration = Duration::from_secs(60);

/// One request. The engine adds the access token: `url` is under the base, always.
#[derive(Clone)]
pub struct Request {
    pub url: Url,
    pub verb: Verb,
}

/// How a request is sent, `application/fhir+json`.
#[derive(Clone)]
pub enum Verb {
    Get,
    Post(String),
    Put { body: Vec<u8>, if_match: String },
}

impl std::fmt::Debug for Request {
    // Addresses and bodies name the person, so they stay out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.verb {
            Verb::Get => "Request(GET)",
            Verb::Post(_) => "Request(POST)",
            Verb::Put { .. } => "Request(PUT)",
        })
    }
}

/// What to do next.
#[derive(Debug)]
pub enum Action {
    Send(Request),
    /// Keep the entry as it is now, durably, then send: from here on the request may have been seen.
    KeepThenSend(Request),
    /// Get a newer access token, then send.
    RenewThenSend(Request),
    Done(Box<Settled>),
}

/// How it ended.
pub struct Settled {
    pub entry: Entry,
    /// The Task, or the HealthcareService, as the place has it, where it was read.
    pub task: Option<Value>,
}

impl std::fmt::Debug for Settled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.entry.fmt(f)
    }
}

/// What came of a request.
pub enum Came {
    Response(Response),
    /// The server never saw it.
    NotSent,
    /// The server may have seen it.
    Ambiguous,
    /// Our own rules forbid the address.
    Forbidden,
}

/// An answer.
#[derive(Default)]
pub struct Response {
    pub status: u16,
    pub etag: Option<String>,
    pub location: Option<String>,
    pub retry_after: Option<Duration>,
    pub body: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Reading,
    Finding,
    Creating,
    Putting,
}

/// A Task as it was last read.
struct Read {
    raw: Unchanged,
    value: Value,
    version: Option<String>,
}

/// One entry on its way.
pub struct Sending {
    entry: Entry,
    source: Source,
    phase: Phase,
    last: Option<Request>,
    read: Option<Read>,
    puts: u8,
    /// The last write may have arrived.
    unsure: bool,
    pages: u8,
    renewed: bool,
    /// A creation may be under way at the server at this moment.
    just_tried: bool,
    /// The server does not know the search by identifier.
    plainly: bool,
}

impl Sending {
    /// Begins with reading the Task.
    pub fn start(entry: Entry, source: Source, now: Timestamp) -> (Self, Action) {
        let mut sending = Self {
            entry,
            source,
            phase: Phase::Reading,
            last: None,
            read: None,
            puts: 0,
            unsure: false,
            pages: 0,
            renewed: false,
            just_tried: false,
            plainly: false,
        };
        let action = sending.read(now);
        (sending, action)
    }

    /// The entry as it is now.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Takes what came of the last request.
    pub fn took(&mut self, came: Came, now: Timestamp) -> Action {
        if let Came::Response(Response { status: 401, .. }) = came {
            // A token can end at any time: renewed once, and the same asked again. 401 means that nothing was done.
            return match self.last.clone().filter(|_| !self.renewed) {
                Some(request) => {
                    self.renewed = true;
                    Action::RenewThenSend(request)
                }
                None => self.wait("token_refused", None, now),
            };
        }
        if matches!(came, Came::Forbidden) {
            return self.end(Standing::Refused, Some("refused"), None);
        }
        match self.phase {
            Phase::Reading => self.took_task(came, now),
            Phase::Finding => self.took_found(came, now),
            Phase::Creating => self.took_created(came, now),
            Phase::Putting => self.took_put(came, now),
        }
    }

    /// There is no token, or something else on this device stands in the way.
    pub fn give_up(mut self, problem: &str, now: Timestamp) -> Settled {
        self.entry.wait(problem, None, now);
        Settled { entry: self.entry, task: self.read.map(|read| read.value) }
    }

    fn read(&mut self, now: Timestamp) -> Action {
        let path = format!("{}/{}", self.entry.kind(), self.entry.task);
        self.send(Phase::Reading, &path, Verb::Get, now)
    }

    fn send(&mut self, phase: Phase, path: &str, verb: Verb, now: Timestamp) -> Action {
        let url = self.source.base.join(path).filter(|url| self.source.base.contains(url));
        match url {
            Some(url) => self.send_to(phase, url, verb),
            // Ids were checked when they were read; one that makes no address is nothing to write to.
            None => self.wait("on_this_device", None, now),
        }
    }

    fn send_to(&mut self, phase: Phase, url: Url, verb: Verb) -> Action {
        self.phase = phase;
        let request = Request { url, verb };
        self.last = Some(request.clone());
        if phase == Phase::Creating { Action::KeepThenSend(request) } else { Action::Send(request) }
    }

    fn took_task(&mut self, came: Came, now: Timestamp) -> Action {
        // The write before this may have arrived; whoever reads the note should know.
        let away = if self.unsure { "not_sure" } else { "out_of_reach" };
        let response = match came {
            Came::Response(response) => response,
            _ => return self.wait(away, None, now),
        };
        match response.status {
            200 => {}
            404 | 410 => return self.end(Standing::Conflict, Some("gone"), None),
            429 | 503 => return self.wait("busy", response.retry_after, now),
            408 | 425 | 300..=399 | 500.. => return self.wait(away, response.retry_after, now),
            400..=499 => return self.refuse(&response),
            _ => return self.wait(away, None, now),
        }
        let Some(read) = read_resource(&response, &self.entry) else {
            return self.wait(away, None, now);
        };
        self.read = Some(read);
        self.judge(now)
    }

    /// Decides over a Task that was just read.
    fn judge(&mut self, now: Timestamp) -> Action {
        let Some(read) = &self.read else { return self.read(now) };
        if self.entry.pending().is_none() && self.entry.change("").is_in(&read.value) {
            return self.end(Standing::Sent, None, None);
        }
        if !self.entry.still_fits(&read.value, &self.source) {
            return self.end(Standing::Conflict, Some("changed"), None);
        }
        if self.puts >= MOST_PUTS {
            return if self.unsure {
                self.wait("not_sure", None, now)
            } else {
                self.end(Standing::Conflict, Some("changed"), None)
            };
        }
        if read.version.is_none() {
            return self.end(Standing::Refused, Some("no_versions"), None);
        }
        self.go_on(now)
    }

    /// First everything that the Task will refer to, then the Task.
    fn go_on(&mut self, now: Timestamp) -> Action {
        match self.entry.pending() {
            Some(document) if document.tried => self.find(now),
            Some(_) => self.create(now),
            None if !self.entry.change("").writes() => self.end(Standing::Sent, None, None),
            None => self.put(now),
        }
    }

    fn put(&mut self, now: Timestamp) -> Action {
        let Some(Read { raw, value, version: Some(version) }) = &self.read else {
            return self.read(now);
        };
        let Ok(Some(changed)) = self.entry.change("").apply(raw.clone()) else {
            return self.end(Standing::Conflict, Some("changed"), None);
        };
        let before = find_violations(value);
        let breaks = find_violations(&changed.to_value());
        if breaks.iter().any(|number| !before.contains(number)) {
            return self.end(Standing::Refused, Some("answer_unfit"), None);
        }
        let verb = Verb::Put { body: changed.to_bytes(), if_match: version.clone() };
        let path = format!("{}/{}", self.entry.kind(), self.entry.task);
        self.puts += 1;
        self.unsure = false;
        self.send(Phase::Putting, &path, verb, now)
    }

    fn took_put(&mut self, came: Came, now: Timestamp) -> Action {
        let response = match came {
            Came::Response(response) => response,
            Came::NotSent => return self.wait("out_of_reach", None, now),
            Came::Ambiguous | Came::Forbidden => return self.make_sure(now),
        };
        match response.status {
            200..=299 => {
                // An empty body, or a web page on the way, says nothing: then the Task itself is asked.
                let read = read_resource(&response, &self.entry);
                self.unsure = read.is_none();
                let is_done = |read: &Read| self.entry.change("").is_in(&read.value);
                if let Some(read) = read.filter(is_done) {
                    self.read = Some(read);
                    return self.end(Standing::Sent, None, None);
                }
                self.read(now)
            }
            409 | 412 => self.read(now),
            404 | 410 => self.end(Standing::Conflict, Some("gone"), None),
            429 | 503 => self.wait("busy", response.retry_after, now),
            425 | 300..=399 => self.wait("out_of_reach", response.retry_after, now),
            400..=407 | 411..=499 => self.refuse(&response),
            _ => self.make_sure(now),
        }
    }

    /// The write may have arrived: what stands there now tells.
    fn make_sure(&mut self, now: Timestamp) -> Action {
        self.unsure = true;
        self.read(now)
    }

    fn create(&mut self, now: Timestamp) -> Action {
        let Some(document) = self.entry.pending() else { return self.put(now) };
        let body = self.entry.body_of(document);
        let is_task = document.kind == DocumentKind::Task;
        let breaks = |body: &str| {
            serde_json::from_str(body).is_ok_and(|task| !find_violations(&task).is_empty())
        };
        if is_task && breaks(&body) {
            return self.end(Standing::Refused, Some("answer_unfit"), None);
        }
        let Some(document) = self.entry.pending_mut() else { return self.put(now) };
        document.tried = true;
        let path = document.kind.type_name();
        self.send(Phase::Creating, path, Verb::Post(body), now)
    }

    fn took_created(&mut self, came: Came, now: Timestamp) -> Action {
        let Some(document) = self.entry.pending_mut() else { return self.put(now) };
        let response = match came {
            Came::Response(response) => response,
            Came::NotSent => {
                document.tried = false;
                return self.wait("out_of_reach", None, now);
            }
            Came::Ambiguous | Came::Forbidden => return self.doubt(now),
        };
        match response.status {
            200..=299 => {
                let kind = document.kind.type_name();
                match read_created(kind, response.location.as_deref(), &response.body) {
                    Some(id) => {
                        document.id = Some(id);
                        self.keep_then_go_on(now)
                    }
                    None => self.doubt(now),
                }
            }
            429 => {
                document.tried = false;
                self.wait("busy", response.retry_after, now)
            }
            503 => self.wait("busy", response.retry_after, now),
            425 | 300..=399 => self.wait("out_of_reach", response.retry_after, now),
            400..=407 | 409..=499 => self.refuse(&response),
            _ => self.doubt(now),
        }
    }

    fn doubt(&mut self, now: Timestamp) -> Action {
        self.just_tried = true;
        self.find(now)
    }

    /// The id is kept before it is used: a process that dies in between need not look for it.
    fn keep_then_go_on(&mut self, now: Timestamp) -> Action {
        self.just_tried = false;
        match self.go_on(now) {
            Action::Send(request) => Action::KeepThenSend(request),
            other => other,
        }
    }

    fn find(&mut self, now: Timestamp) -> Action {
        let Some(document) = self.entry.pending() else { return self.put(now) };
        let patient = document.patient.as_deref().or(self.source.patient.as_deref());
        let patient = patient.unwrap_or_default();
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("patient", &format!("Patient/{patient}"));
        if !self.plainly {
            query.append_pair("identifier", &document.search_value());
        }
        let path = format!("{}?{}", document.kind.type_name(), query.finish());
        self.pages = 0;
        self.send(Phase::Finding, &path, Verb::Get, now)
    }

    fn took_found(&mut self, came: Came, now: Timestamp) -> Action {
        let response = match came {
            Came::Response(response) => response,
            _ => return self.wait("not_sure", Some(DOUBT), now),
        };
        let bundle: Option<Value> = serde_json::from_slice(&response.body).ok();
        let bundle = bundle.filter(|it| text(it, "resourceType") == Some("Bundle"));
        match (response.status, bundle) {
            (200, Some(bundle)) => self.look_through(&bundle, now),
            (400, _) if !self.plainly => {
                self.plainly = true;
                self.find(now)
            }
            (429 | 503, _) => self.wait("not_sure", response.retry_after.max(Some(DOUBT)), now),
            // It cannot be asked whether the answer arrived. Sending it again could make two of it.
            (400..=407 | 409..=424 | 426..=499, _) => {
                self.end(Standing::Conflict, Some("not_sure"), None)
            }
            _ => self.wait("not_sure", Some(DOUBT), now),
        }
    }

    fn look_through(&mut self, bundle: &Value, now: Timestamp) -> Action {
        let Some(document) = self.entry.pending_mut() else { return self.put(now) };
        let found = list(bundle, "entry")
            .filter_map(|entry| entry.get("resource"))
            .filter(|resource| document.is(resource))
            .find_map(|resource| text(resource, "id"));
        if let Some(id) = found {
            document.id = Some(id.to_owned());
            return self.keep_then_go_on(now);
        }
        let next = list(bundle, "link")
            .find(|link| text(link, "relation") == Some("next"))
            .and_then(|link| text(link, "url"));
        if let Some(next) = next {
            self.pages += 1;
            let url = Url::parse(next).ok().filter(|url| self.source.base.contains(url));
            return match url.filter(|_| self.pages < MOST_PAGES) {
                Some(url) => self.send_to(Phase::Finding, url, Verb::Get),
                // What is not wholly looked through may hold it.
                None => self.end(Standing::Conflict, Some("not_sure"), None),
            };
        }
        // It is not there yet. A server that was just asked may still be at it.
        if self.just_tried { self.wait("not_sure", Some(DOUBT), now) } else { self.create(now) }
    }

    fn refuse(&mut self, response: &Response) -> Action {
        self.end(Standing::Refused, Some("refused"), read_refusal(&response.body))
    }

    fn wait(&mut self, problem: &str, at_least: Option<Duration>, now: Timestamp) -> Action {
        self.entry.wait(problem, at_least, now);
        self.done()
    }

    fn end(&mut self, standing: Standing, problem: Option<&str>, said: Option<String>) -> Action {
        self.entry.end(standing, problem, said);
        self.done()
    }

    fn done(&mut self) -> Action {
        let task = self.read.take().map(|read| read.value);
        Action::Done(Box::new(Settled { entry: self.entry.clone(), task }))
    }
}

fn read_resource(response: &Response, entry: &Entry) -> Option<Read> {
    let raw = Unchanged::parse(&response.body).ok()?;
    let value = raw.to_value();
    let is_it = entry.is_about(text(&value, "resourceType")?, text(&value, "id")?);
    let version = read_version(response.etag.as_deref(), &value);
    is_it.then_some(Read { raw, value, version })
}

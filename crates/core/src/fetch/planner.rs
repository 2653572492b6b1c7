//! One fetch, step by step: metadata, the lists, then what they refer to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use handrail_contract::place::Role;
use jiff::Timestamp;
use url::Url;

use super::{
    Answer, Errand, Failure, Fetched, Method, Request, RequestId, SkipReason, Wanted,
    offer::{Access, Offer, is_granted},
    plan::{
        Way, is_whole_look, join, path_of, path_under, read_date, type_of, types_of, write_batch,
    },
};
use crate::fhir::reference::is_id;

mod take;
mod close;
mod follow;
mod who;

/// Requests under way at one server.
const SIDE_BY_SIDE: usize = 6;
/// Pages of one list.
const MOST_PAGES: u32 = 50;
/// Bytes of one fetch.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Resources followed by reference in one fetch.
const MOST_FOLLOWED: usize = 2_000;
/// Requests in a row without any answer, after which the place counts as away.
const MOST_SILENT: u32 = 3;

/// One fetch of one place, without I/O: asks for requests to be sent, and takes the answers in any order.
pub struct Planner {
    errand: Errand,
    /// What is kept already: (type, id).
    known: HashSet<(String, String)>,
    offer: Option<Offer>,
    /// What the server offers is still to be asked, beside everything else where an earlier look was told.
    asks_anew: bool,
    /// It offers other types than an earlier look was told, so that this look asked for the wrong lists.
    offer_moved: bool,
    /// By name: the type, and what is asked of it where there are several.
    lists: BTreeMap<String, List>,
    /// Everything is listed, and what that refers to is read anew.
    whole_look: bool,
    started: bool,
    stopped: bool,
    /// At least one page or resource was read.
    read_something: bool,
    silent: u32,
    queue: VecDeque<Job>,
    in_flight: BTreeMap<RequestId, Job>,
    last_id: u32,
    /// What is to be followed next, and everything that ever was.
    wanted: VecDeque<Wanted>,
    asked: HashSet<Wanted>,
    owed: BTreeSet<Wanted>,
    places: HashMap<(String, String), usize>,
    skips: BTreeMap<(String, SkipReason), u64>,
    /// The same for what the next look tries again by itself: it is true of this look, and not remembered.
    skips_for_now: BTreeMap<(String, SkipReason), u64>,
    /// What an earlier look could not read.
    was_owed: BTreeSet<Wanted>,
    /// Something was not read that may refer to more.
    missed_something: bool,
    /// Kinds of which something referred to could not be read this time.
    incomplete: BTreeSet<String>,
    fetched: Fetched,
}

/// One list under way.
struct List {
    /// The search without what its way adds.
    search: String,
    /// It was a favour to ask for: a server that does not take it is not blamed.
    is_extra: bool,
    /// How far it was read is remembered.
    has_cursor: bool,
    way: Way,
    pages: u32,
    seen: HashSet<Url>,
    server_time: Option<Timestamp>,
    refused_delta: bool,
    /// Some entry could not be read, so what is missing is not surely gone.
    damaged: bool,
    /// It is refused, or larger than we may read: the next look would come to the same.
    for_good: bool,
    state: ListState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListState {
    Reading,
    Read,
    /// There is more than we may read, now and the next time.
    CutOff,
    /// The next look should try again.
    Failed,
}

enum Job {
    Metadata,
    Page {
        /// The list's name.
        kind: String,
        url: Url,
    },
    /// The first pages of several lists at once, as far as they changed.
    Lists(Vec<(String, Url)>),
    Single(Wanted),
    Batch(Vec<Wanted>),
}

impl List {
    fn new(search: String, is_extra: bool) -> Self {
        Self {
            search,
            is_extra,
            has_cursor: false,
            way: Way::Full,
            pages: 0,
            seen: HashSet::new(),
            server_time: None,
            refused_delta: false,
            damaged: false,
            for_good: false,
            state: ListState::Reading,
        }
    }
}

impl Planner {
    /// Begins a fetch. `known` is what is kept of this place: (type, id).
    pub fn new(errand: Errand, known: impl Iterator<Item = (String, String)>) -> Self {
        let whole_look = is_whole_look(&errand);
        let owed = &errand.cursors.owed;
        Self {
            known: known.collect(),
            offer: errand.cursors.offer.clone(),
            asks_anew: whole_look,
            offer_moved: false,
            lists: BTreeMap::new(),
            whole_look,
            started: false,
            stopped: match errand.role {
                Role::Patient => !errand.patient.as_deref().is_some_and(is_id),
                Role::Organization => false,
            },
            read_something: false,
            silent: 0,
            queue: VecDeque::new(),
            in_flight: BTreeMap::new(),
            last_id: 0,
            wanted: owed.iter().cloned().collect(),
            asked: owed.iter().cloned().collect(),
            owed: BTreeSet::new(),
            places: HashMap::new(),
            skips: BTreeMap::new(),
            skips_for_now: BTreeMap::new(),
            was_owed: owed.clone(),
            missed_something: false,
            incomplete: BTreeSet::new(),
            fetched: Fetched {
                cursors: errand.cursors.clone(),
                organizations: errand.organizations.clone(),
                services: errand.services.clone(),
                ..Fetched::default()
            },
            errand,
        }
    }

    #[expect(
        clippy::should_implement_trait,
        reason = "a wave of requests, not an endless row of them"
    )]
    /// Everything that can be sent side by side now. Empty: finished, or waiting for answers.
    pub fn next(&mut self) -> Vec<Request> {
        if self.stopped {
            return Vec::new();
        }
        self.plan();
        let room = SIDE_BY_SIDE.saturating_sub(self.in_flight.len());
        let mut requests = Vec::new();
        while requests.len() < room {
            let Some(job) = self.queue.pop_front() else { break };
            if let Some(request) = self.send(job) {
                requests.push(request);
            }
        }
        requests
    }

    /// Takes the answer to one request. Answers to requests that are not under way are ignored.
    pub fn took(&mut self, request: RequestId, answer: Answer) {
        let Some(job) = self.in_flight.remove(&request) else { return };
        let (status, date, body) = match answer {
            Answer::Response { status, date, body } => {
                self.fetched.bytes += body.length;
                let status = if body.is_crowded { Err(Failure::TooMuch) } else { Ok(status) };
                (status, date.as_deref().and_then(read_date), body.came)
            }
            Answer::Failed(failure) => (Err(failure), None, None),
        };
        if self.stopped {
            return;
        }
        if status == Ok(401) {
            self.fetched.token_refused = true;
            self.stop();
            return;
        }
        self.silent = if status == Err(Failure::OutOfReach) { self.silent + 1 } else { 0 };
        match job {
            Job::Metadata => self.took_metadata(status, body),
            Job::Page { kind, url } => self.took_page(&kind, &url, status, date, body),
            Job::Lists(lists) => self.took_lists(lists, status, date, body),
            Job::Single(wanted) => self.took_single(wanted, status, body),
            Job::Batch(wanted) => self.took_batch(wanted, status, body),
        }
        if self.fetched.bytes > MOST_BYTES || self.silent >= MOST_SILENT {
            self.stop();
        }
    }

    fn plan(&mut self) {
        if std::mem::take(&mut self.asks_anew) && self.offer.is_some() {
            self.queue.push_back(Job::Metadata);
        }
        if self.offer.is_none() {
            let mut jobs = self.in_flight.values().chain(&self.queue);
            if !jobs.any(|job| matches!(job, Job::Metadata)) {
                self.queue.push_back(Job::Metadata);
            }
            return;
        }
        if !self.started {
            if !self.knows_who() {
                return;
            }
            self.started = true;
            self.begin_lists();
        }
        let are_read = self.lists.values().all(|list| list.state != ListState::Reading);
        if are_read || self.errand.role == Role::Patient && self.read_something {
            self.plan_wanted(are_read);
        }
    }

    fn begin_lists(&mut self) {
        match self.errand.role {
            Role::Patient => {
                let patient = self.errand.patient.clone().unwrap_or_default();
                for kind in types_of(Role::Patient) {
                    self.begin_list(kind, format!("{kind}?patient=Patient/{patient}"), false);
                }
                self.ask_together();
                self.want(Wanted::Read { kind: "Patient".to_owned(), id: patient });
            }
            Role::Organization => {
                self.begin_staff_lists();
                self.ask_together();
            }
        }
    }

    /// Begins a list, unless it is not offered or not granted.
    fn begin_list(&mut self, name: &str, search: String, is_extra: bool) {
        let kind = type_of(name);
        if let Some(why) = self.why_not(kind, Access::Search) {
            if !is_extra {
                self.skip_for_now(kind, why, 0);
            }
            return;
        }
        let cursor = self.errand.cursors.at(name);
        if cursor.is_none() && !is_extra {
            self.fetched.first.insert(kind.to_owned());
        }
        let list = List {
            has_cursor: true,
            way: Way::choose(&self.errand, cursor),
            refused_delta: cursor.is_some_and(|cursor| cursor.full_only),
            ..List::new(search, is_extra)
        };
        self.add_list(name, list);
    }

    fn add_list(&mut self, name: &str, list: List) {
        let query = list.way.query(&list.search);
        self.lists.insert(name.to_owned(), list);
        self.ask_list(name, &query);
    }

    fn ask_list(&mut self, name: &str, query: &str) {
        match join(&self.errand.base, query) {
            Some(url) => self.queue.push_back(Job::Page { kind: name.to_owned(), url }),
            None => self.fail_list(name, ListState::Failed, SkipReason::Unreadable),
        }
    }

    /// Asks in one request what changed in the lists: mostly nothing did. Whole lists are long, and go side by side.
    fn ask_together(&mut self) {
        let batch = self.offer.as_ref().is_some_and(|offer| offer.batch);
        let is_short = |list: &List| matches!(list.way, Way::Delta(_));
        if !batch || self.queue.len() < 2 || !self.lists.values().all(is_short) {
            return;
        }
        let lists = self.queue.drain(..).filter_map(|job| match job {
            Job::Page { kind, url } => Some((kind, url)),
            Job::Metadata | Job::Lists(_) | Job::Single(_) | Job::Batch(_) => None,
        });
        let lists = lists.collect();
        self.queue.push_back(Job::Lists(lists));
    }

    fn why_not(&self, kind: &str, access: Access) -> Option<SkipReason> {
        if self.offer.as_ref().is_some_and(|offer| !offer.offers(kind, access)) {
            Some(SkipReason::NotOffered)
        } else if !is_granted(&self.errand.granted, kind, access) {
            Some(SkipReason::NotGranted)
        } else {
            None
        }
    }

    fn send(&mut self, job: Job) -> Option<Request> {
        let base = &self.errand.base;
        let (url, method) = match &job {
            Job::Metadata => (join(base, "metadata"), Method::Get),
            Job::Page { url, .. } => (Some(url.clone()), Method::Get),
            Job::Single(wanted) => (join(base, &path_of(wanted)), Method::Get),
            Job::Lists(lists) => {
                let paths = lists.iter().filter_map(|(_, url)| path_under(base, url));
                (Some(base.url().clone()), Method::PostBatch(write_batch(paths)))
            }
            Job::Batch(wanted) => {
                let paths = wanted.iter().map(path_of);
                (Some(base.url().clone()), Method::PostBatch(write_batch(paths)))
            }
        };
        let Some(url) = url else {
            if let Job::Single(wanted) = &job {
                self.lose(wanted, SkipReason::Unreadable);
            }
            return None;
        };
        assert!(base.contains(&url), "a request under the connection's base");
        self.last_id += 1;
        let id = RequestId(self.last_id);
        self.in_flight.insert(id, job);
        self.fetched.requests += 1;
        Some(Request { id, url, method })
    }

    fn stop(&mut self) {
        self.stopped = true;
    }
}

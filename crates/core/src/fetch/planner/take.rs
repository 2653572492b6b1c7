//! What an answer holds: resources, what they refer to, and why something is missing.

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use super::{ListState, Planner};
use crate::{
    fetch::{
        Arrived, Failure, SkipReason, Wanted,
        body::{Bundle, Came},
        offer::Offer,
        page::{Next, Page, Part, is_failure, read_batch, read_page},
        plan::{Whose, choose_questionnaire, type_of, types_of},
        planner::{Job, MOST_FOLLOWED, MOST_PAGES, Way},
        staff,
        wanted::{Found, find_wanted, is_followed},
    },
    fhir::time::read_instant,
};

impl Planner {
    pub(super) fn took_metadata(&mut self, status: Result<u16, Failure>, body: Option<Came>) {
        if status == Err(Failure::OutOfReach) {
            // What an earlier look was told holds until the place says something else.
            if self.offer.is_some() {
                return;
            }
            for kind in types_of(self.errand.role) {
                self.skip_for_now(kind, SkipReason::OutOfReach, 0);
            }
            self.stop();
            return;
        }
        // Without a statement everything is tried, and nothing is remembered.
        let offer = body.map(|came| Offer::read(&came.into_value()));
        self.fetched.cursors.offer = offer.clone();
        let offer = offer.unwrap_or_default();
        self.offer_moved = self.offer.as_ref().is_some_and(|kept| kept.types != offer.types);
        self.offer = Some(offer);
    }

    pub(super) fn took_page(
        &mut self,
        kind: &str,
        url: &Url,
        status: Result<u16, Failure>,
        date: Option<Timestamp>,
        bundle: Option<Came>,
    ) {
        match status {
            Ok(200) => {}
            Ok(400 | 422 | 501) if self.retry_simpler(kind) => return,
            // A later page that is refused has expired: the list itself was there.
            Ok(400 | 404 | 410) if self.lists.get(kind).is_some_and(|list| list.pages > 0) => {
                return self.fail_list(kind, ListState::Failed, SkipReason::OutOfReach);
            }
            other => return self.fail_list(kind, ListState::Failed, why_failed(other, true)),
        }
        let Some(page) = bundle.and_then(|bundle| read_page(bundle, &self.errand.base, url)) else {
            return self.fail_list(kind, ListState::Failed, SkipReason::Unreadable);
        };
        self.read_something = true;
        let Some(list) = self.lists.get_mut(kind) else { return };
        list.pages += 1;
        list.seen.insert(url.clone());
        list.damaged |= page.unreadable > 0;
        if list.pages == 1 {
            // Each clock that tells the time may be ahead, ours too: what changes before the earliest is not missed
            // then. One that is behind only makes the next delta longer.
            let bundle_at = page.at.as_deref().and_then(read_instant);
            let told = date.into_iter().chain(bundle_at).min();
            list.server_time = told.map(|told| told.min(self.errand.now));
        }
        let (cut_off, failed_in_part) = (page.cut_off, page.failed_in_part);
        let next = page.next.clone();
        let most = if kind == staff::EMPLOYERS { staff::MOST_EMPLOYERS } else { MOST_PAGES };
        let is_long = matches!(next, Next::Page(_)) && list.pages >= most;
        let goes_round = matches!(&next, Next::Page(next) if list.seen.contains(next));
        list.for_good |= cut_off || is_long;
        self.take_entries(type_of(kind), page);
        match next {
            _ if failed_in_part => self.fail_list(kind, ListState::Failed, SkipReason::OutOfReach),
            _ if cut_off || is_long || goes_round => {
                self.fail_list(kind, ListState::CutOff, SkipReason::TooMuch)
            }
            Next::Elsewhere => self.fail_list(kind, ListState::CutOff, SkipReason::Elsewhere),
            Next::Page(next) => {
                self.queue.push_front(Job::Page { kind: kind.to_owned(), url: next });
            }
            Next::End => {
                if let Some(list) = self.lists.get_mut(kind) {
                    list.state = ListState::Read;
                }
            }
        }
    }

    pub(super) fn took_lists(
        &mut self,
        lists: Vec<(String, Url)>,
        status: Result<u16, Failure>,
        date: Option<Timestamp>,
        body: Option<Came>,
    ) {
        match status {
            Ok(429 | 503) | Err(Failure::OutOfReach) => {
                for (kind, _) in lists {
                    self.fail_list(&kind, ListState::Failed, why_failed(status, true));
                }
                return;
            }
            Ok(_) | Err(Failure::TooMuch) => {}
        }
        let parts = body.and_then(|bundle| read_batch(bundle, lists.len())).unwrap_or_default();
        let is_searchset =
            |part: &Part| part.status == 200 && matches!(part.resource, Some(Came::Bundle(_)));
        if !parts.iter().any(is_searchset) {
            // It takes no searches in a batch, or no batch after all.
            self.forget_batch();
        }
        let mut parts = parts.into_iter();
        for (kind, url) in lists {
            match parts.next().filter(is_searchset) {
                Some(part) => self.took_page(&kind, &url, Ok(200), date, part.resource),
                // What is wrong with a list, it says when it is asked alone.
                None => self.queue.push_back(Job::Page { kind, url }),
            }
        }
    }

    pub(super) fn take_entries(&mut self, kind: &str, page: Page) {
        self.fetched.oddities += page.notices;
        if page.unreadable > 0 {
            self.skip(kind, SkipReason::Unreadable, page.unreadable);
        }
        for (arrived, short) in page.resources {
            self.take_resource(arrived, &short);
        }
    }

    pub(super) fn take_resource(&mut self, arrived: Arrived, short: &Value) {
        if !is_followed(self.errand.role, &arrived.kind) {
            self.fetched.oddities += 1;
            return;
        }
        match self.whose(&arrived, short) {
            Whose::Ours => {}
            Whose::AnotherPersons => return self.leave_to_others(&arrived),
            Whose::Unsaid => return self.skip(&arrived.kind, SkipReason::Unreadable, 1),
        }
        let key = (arrived.kind.clone(), arrived.id.clone());
        for found in find_wanted(self.errand.role, &arrived.kind, short, &self.errand.base) {
            match found {
                Found::Wanted(wanted) => self.want(wanted),
                Found::Elsewhere { kind } => self.skip(&kind, SkipReason::Elsewhere, 1),
            }
        }
        match self.places.get(&key) {
            Some(&place) => self.fetched.arrived[place] = arrived,
            None => {
                self.places.insert(key, self.fetched.arrived.len());
                self.fetched.arrived.push(arrived);
            }
        }
    }

    /// Notes something to be followed, once.
    pub(super) fn want(&mut self, wanted: Wanted) {
        if self.asked.contains(&wanted) {
            return;
        }
        if self.asked.len() >= MOST_FOLLOWED {
            return self.lose(&wanted, SkipReason::TooMuch);
        }
        self.asked.insert(wanted.clone());
        self.wanted.push_back(wanted);
    }

    pub(super) fn took_single(
        &mut self,
        wanted: Wanted,
        status: Result<u16, Failure>,
        body: Option<Came>,
    ) {
        let resource = (status == Ok(200)).then_some(body);
        match (status, resource) {
            (_, Some(Some(resource))) => self.take_wanted(wanted, resource),
            (_, Some(None)) => self.put_off(wanted, SkipReason::Unreadable),
            (status, None) => self.miss(wanted, status),
        }
    }

    pub(super) fn took_batch(
        &mut self,
        wanted: Vec<Wanted>,
        status: Result<u16, Failure>,
        body: Option<Came>,
    ) {
        match status {
            Ok(200) => {
                let count = wanted.len();
                let Some(parts) = body.and_then(|bundle| read_batch(bundle, count)) else {
                    return self.do_without_batch(wanted);
                };
                for (wanted, part) in wanted.into_iter().zip(parts) {
                    match part.resource {
                        Some(resource) if part.status == 200 => self.take_wanted(wanted, resource),
                        _ => self.miss(wanted, Ok(part.status)),
                    }
                }
            }
            Err(Failure::TooMuch) => self.do_without_batch(wanted),
            Ok(status) if status < 500 && status != 429 || status == 501 => {
                self.do_without_batch(wanted)
            }
            status => wanted.into_iter().for_each(|it| self.miss(it, status)),
        }
    }

    /// Asks without batches from now on, until the server is asked anew what it can do.
    fn forget_batch(&mut self) {
        for offer in self.offer.iter_mut().chain(&mut self.fetched.cursors.offer) {
            offer.batch = false;
        }
    }

    pub(super) fn do_without_batch(&mut self, wanted: Vec<Wanted>) {
        self.forget_batch();
        self.queue.extend(wanted.into_iter().map(Job::Single));
    }

    pub(super) fn take_wanted(&mut self, wanted: Wanted, came: Came) {
        let found = match (&wanted, came) {
            (Wanted::Canonical { fallback, .. }, Came::Bundle(bundle)) => {
                let failed_in_part = says_that_it_failed(&bundle);
                match (choose_questionnaire(bundle), fallback) {
                    (Some(questionnaire), _) => Some(questionnaire),
                    (None, _) if failed_in_part => {
                        return self.put_off(wanted, SkipReason::OutOfReach);
                    }
                    (None, Some(id)) => {
                        let kind = "Questionnaire".to_owned();
                        return self.want(Wanted::Read { kind, id: id.clone() });
                    }
                    (None, None) => return self.lose(&wanted, SkipReason::Gone),
                }
            }
            // What a server works out need not bear the name that it was asked by.
            (Wanted::Options { id, .. }, came) => {
                let mut body = came.into_value();
                if let Some(members) = body.as_object_mut() {
                    members.insert("id".to_owned(), id.clone().into());
                }
                resource_in(Came::of(self.errand.role, body))
            }
            (_, came) => resource_in(came),
        };
        match found {
            // A server that answers with something else than was asked for is not followed there.
            Some((arrived, short)) if is_asked(&wanted, &arrived) => {
                self.read_something = true;
                self.take_resource(arrived, &short);
            }
            _ if matches!(wanted, Wanted::Options { .. }) => self.miss(wanted, Ok(404)),
            _ => self.put_off(wanted, SkipReason::Unreadable),
        }
    }

    /// Something wanted was not given.
    pub(super) fn miss(&mut self, wanted: Wanted, status: Result<u16, Failure>) {
        match (status, wanted) {
            (Ok(_), Wanted::Options { id, as_is: false }) => {
                self.want(Wanted::Options { id, as_is: true });
            }
            // What an earlier look brought stays.
            (_, Wanted::Options { .. }) => {
                self.incomplete.insert("ValueSet".to_owned());
            }
            (Ok(404 | 410), Wanted::Read { kind, id }) => {
                self.skip(&kind, SkipReason::Gone, 1);
                self.fetched.gone.push((kind, id));
            }
            (Ok(400..=499), Wanted::Canonical { fallback: Some(id), .. }) if status != Ok(429) => {
                self.want(Wanted::Read { kind: "Questionnaire".to_owned(), id });
            }
            (Ok(404 | 410), wanted) => self.lose(&wanted, SkipReason::Gone),
            (status, wanted) => match why_failed(status, false) {
                // It was said, so asking again would not help.
                why @ SkipReason::Refused => self.lose(&wanted, why),
                why => self.put_off(wanted, why),
            },
        }
    }

    pub(super) fn lose(&mut self, wanted: &Wanted, why: SkipReason) {
        self.incomplete.insert(wanted.kind().to_owned());
        self.skip(wanted.kind(), why, 1);
    }

    /// It is read at the next look, or then said again why not.
    pub(super) fn put_off(&mut self, wanted: Wanted, why: SkipReason) {
        self.missed_something = true;
        self.incomplete.insert(wanted.kind().to_owned());
        self.skip_for_now(wanted.kind(), why, 1);
        self.owed.insert(wanted);
    }

    pub(super) fn retry_simpler(&mut self, kind: &str) -> bool {
        let Some(list) = self.lists.get_mut(kind) else { return false };
        if list.pages > 0 {
            return false;
        }
        let Some(way) = list.way.simpler() else { return false };
        list.refused_delta |= matches!(list.way, Way::Delta(_));
        list.way = way;
        let query = way.query(&list.search);
        self.ask_list(kind, &query);
        true
    }

    pub(super) fn fail_list(&mut self, kind: &str, state: ListState, why: SkipReason) {
        // Withdrawn meanwhile: why, is said already.
        let Some(list) = self.lists.get_mut(kind) else { return };
        list.state = state;
        list.for_good |= matches!(why, SkipReason::Refused | SkipReason::NotOffered);
        // It was a favour to ask for.
        if list.is_extra && list.for_good {
            return;
        }
        self.skip_for_now(type_of(kind), why, 0);
    }

    pub(super) fn skip(&mut self, what: &str, why: SkipReason, count: u64) {
        *self.skips.entry((what.to_owned(), why)).or_default() += count;
    }

    pub(super) fn skip_for_now(&mut self, what: &str, why: SkipReason, count: u64) {
        *self.skips_for_now.entry((what.to_owned(), why)).or_default() += count;
    }
}

fn resource_in(came: Came) -> Option<(Arrived, Value)> {
    match came {
        Came::Resource(arrived, short) => Some((*arrived, short)),
        Came::Bundle(_) | Came::Other(_) => None,
    }
}

/// Whether a searchset holds a notice that something failed.
fn says_that_it_failed(bundle: &Bundle) -> bool {
    bundle
        .entries
        .iter()
        .any(|entry| matches!(&entry.resource, Some(Came::Other(notice)) if is_failure(notice)))
}

fn is_asked(wanted: &Wanted, arrived: &Arrived) -> bool {
    match wanted {
        Wanted::Read { kind, id } => arrived.kind == *kind && arrived.id == *id,
        Wanted::Canonical { .. } => arrived.kind == "Questionnaire",
        Wanted::Options { .. } => arrived.kind == "ValueSet",
    }
}

fn why_failed(status: Result<u16, Failure>, is_list: bool) -> SkipReason {
    match status {
        Err(Failure::OutOfReach) => SkipReason::OutOfReach,
        Err(Failure::TooMuch) => SkipReason::TooMuch,
        Ok(429) => SkipReason::Busy,
        Ok(404 | 410) if is_list => SkipReason::NotOffered,
        Ok(404 | 410) => SkipReason::Gone,
        Ok(501) => SkipReason::NotOffered,
        Ok(500..) => SkipReason::OutOfReach,
        Ok(200..=299) => SkipReason::Unreadable,
        // A redirect that we do not follow: the place moved, or somebody in between has a page to show.
        Ok(300..=399) => SkipReason::OutOfReach,
        Ok(_) => SkipReason::Refused,
    }
}

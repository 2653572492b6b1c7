//! Does what a person pressed on a to-do or a request: keeps it in the outbox, sends it, and writes what came of it into the records.
//!
//! One process at a time sends for a place, under the lock of its outbox; what another adds meanwhile it sends too.

use std::{collections::BTreeSet, time::Duration};

use handrail_contract::{
    Problem,
    act::{Act, ActKind, Acted, AnswerKind, Given},
    place::{ConnectionState, Role, SourceId},
    words::ItemId,
};
use handrail_core::{
    act::{
        self, ActId, Action, Came, DocumentKind, Entry, Names, Response, Sending, Settled,
        Standing, Verb, Wish, expect, find_request, list_askable, queue, queue_for_request,
        wanted_answer,
    },
    activity::deed_of_act,
    fetch::{Arrived, Fetched},
    refresh::{Resting, Want},
    session::{Source, read_delay},
    store::{self, Change, Kept},
    view::{self, PageRows},
    written::Written,
};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    answers::read_page,
    check::is_loopback,
    engine::{Engine, our_fault},
    exchange::{LOCK_PATIENCE, NoToken, Token},
    ports::{HttpError, HttpMethod, HttpRequest, Slot, VaultError},
};

/// One request takes no longer than this, answer included.
const TIME_LIMIT: Duration = Duration::from_secs(30);
const FHIR_JSON: &str = "application/fhir+json";

impl Engine {
    /// Does something to a to-do or a request: keeps it, then tries to send it.
    pub(crate) async fn act(&self, question: Act) -> Result<Acted, Problem> {
        let Act { id: item, act, reason, answer } = question;
        let (role, kind, source, _) = view::read_acted(&item).ok_or(Problem::Gone)?;
        let Found { source, body, entries, kept } = self.find(source, kind, &item, act).await?;
        // A to-do is a patient's, and a request an organization's.
        if source.role != role {
            return Err(Problem::Gone);
        }
        let pending: Vec<&Entry> = entries.iter().collect();
        let waiting = pending.iter().rfind(|entry| entry.standing == Standing::Waiting);
        let entry = match waiting {
            // Pressed twice: once is enough. Of a service, something else may be said.
            Some(same) if same.act == act && kind == "Task" => (*same).clone(),
            _ => {
                let expected = expect(&body, &pending);
                // From here on no answer is saved until those that are here are on their way.
                let _turn = self.0.drafts.clone().lock_owned().await;
                let answer = match (wanted_answer(&expected), answer) {
                    (Some((AnswerKind::Form, _)), written @ (None | Some(Given::Form(_))))
                        if act == ActKind::Finish && role == Role::Patient =>
                    {
                        self.take_form(&item, &source, written).await?.map(Some)
                    }
                    (_, answer) => Ok(answer),
                };
                let names = Names { act: ActId(self.random_name()), document: self.random() };
                let queued = answer.and_then(|answer| {
                    let wish = Wish { act, reason, answer };
                    if role == Role::Patient {
                        return queue(&expected, &source, wish, names, self.now());
                    }
                    let kept: Vec<&Kept> = kept.iter().collect();
                    let (asked, activities) = find_request(&expected, &kept, &source);
                    let zone = self.0.ports.clock.time_zone();
                    let today = zone.to_datetime(self.now()).date();
                    let askable = list_askable(&expected, &kept, &source);
                    let (activities, askable) = (&activities, &askable);
                    let request = act::Request { asked, activities, askable, today };
                    queue_for_request(&expected, &request, &source, wish, names, self.now())
                });
                match queued {
                    Ok(mut entry) => {
                        entry.take_over(&entries);
                        self.keep_new(entry, &entries).await?
                    }
                    Err(why) => return Ok(view::act_not_taken(item, why, &source.name)),
                }
            }
        };
        self.announce_change();
        let settled = self.work_outbox(&source, true).await;
        self.announce_change();
        let name = source.name;
        let ours = match settled.iter().rfind(|settled| settled.id == entry.id) {
            Some(ours) => ours.clone(),
            // It waits behind an earlier one, for its time, or for another process that is sending.
            None => {
                let before = settled.into_iter().rfind(|settled| settled.task == entry.task);
                let held_up_by = before.and_then(|before| before.problem);
                let mut ours = self.read_entry(entry).await?;
                if ours.standing == Standing::Waiting && ours.problem.is_none() {
                    ours.problem = held_up_by.or_else(|| Some("busy_here".to_owned()));
                }
                ours
            }
        };
        Ok(view::acted(&ours, &name))
    }

    async fn find(
        &self,
        source: SourceId,
        kind: &'static str,
        item: &ItemId,
        act: ActKind,
    ) -> Result<Found, Problem> {
        let item = item.clone();
        let found = self.records(move |records| {
            let sources = records.sources()?;
            let source = sources.into_iter().find(|known| known.id == source);
            let Some(source) = source else { return Ok(None) };
            let Some((.., id)) = view::read_acted(&item) else { return Ok(None) };
            let mut kept = records.kept_of(&source.id, &[(kind.to_owned(), id.clone())])?;
            if source.role == Role::Organization && kind == "Task" {
                let page = read_page(records, BTreeSet::new(), |it| PageRows::of_thing(it, &item))?;
                kept.extend(page.into_iter().flat_map(|page| page.whole));
            }
            if act == ActKind::Ask {
                // What others were asked for tells what a form is for.
                kept.extend(records.kept_of_kind(&source.id, "Task")?);
            }
            let is_it = |row: &&Kept| row.kind == kind && row.id == id;
            let Some(body) = kept.iter().find(is_it).map(|row| row.body.clone()) else {
                return Ok(None);
            };
            let mut entries = records.acts(Some(&source.id))?;
            entries.retain(|entry| entry.is_about(kind, &id));
            Ok(Some(Found { source, body, entries, kept }))
        });
        found.await?.ok_or(Problem::Gone)
    }

    /// Keeps a new act; what ended on the same to-do has been seen with that. Answers that are on their way now are
    /// no draft any more: they are forgotten only after the act is kept.
    async fn keep_new(&self, entry: Entry, earlier: &[Entry]) -> Result<Entry, Problem> {
        let over: Vec<ActId> = earlier
            .iter()
            .filter(|entry| entry.standing != Standing::Waiting)
            .map(|entry| entry.id.clone())
            .collect();
        self.records(move |records| {
            records.put_act(&entry)?;
            over.iter().try_for_each(|id| records.drop_act(id))?;
            if entry.document().is_some_and(|it| it.kind == DocumentKind::Response) {
                records.forget_draft(&entry.source, &entry.task)?;
            }
            Ok(entry)
        })
        .await
    }

    /// How an entry stands that somebody else has in hand. One that left the outbox was sent.
    async fn read_entry(&self, entry: Entry) -> Result<Entry, Problem> {
        self.records(move |records| {
            let now = records.acts(Some(&entry.source))?;
            let now = now.into_iter().find(|known| known.id == entry.id);
            Ok(now.unwrap_or(Entry { standing: Standing::Sent, ..entry }))
        })
        .await
    }

    /// Sends what waits for a place and is due, in order; of one to-do nothing overtakes what was done before.
    /// Returns what came of each.
    pub(crate) async fn work_outbox(&self, source: &Source, eager: bool) -> Vec<Entry> {
        let mut settled = Vec::new();
        let now = self.now();
        let id = source.id.clone();
        let any = self.records(move |records| records.acts(Some(&id))).await;
        if !any.is_ok_and(|entries| entries.iter().any(|entry| entry.is_due(now, eager))) {
            return settled;
        }
        let slot = Slot::outbox(&source.id);
        let lock = self.blocking(move |ports| ports.vault.lock(&slot, LOCK_PATIENCE)).await;
        let Ok(Ok(_lock)) = lock else { return settled };
        let mut done = BTreeSet::new();
        let mut held_up = BTreeSet::new();
        // Read anew each time: others add to it meanwhile.
        while let Some(entry) = self.next_entry(&source.id, &done, &mut held_up, eager).await {
            done.insert(entry.id.clone());
            let task = entry.task.clone();
            let entry = self.send_entry(entry, source).await;
            if entry.standing == Standing::Waiting {
                held_up.insert(task);
            }
            settled.push(entry);
        }
        settled
    }

    async fn next_entry(
        &self,
        source: &SourceId,
        done: &BTreeSet<ActId>,
        held_up: &mut BTreeSet<String>,
        eager: bool,
    ) -> Option<Entry> {
        let source = source.clone();
        let entries = self.records(move |records| records.acts(Some(&source))).await.ok()?;
        let now = self.now();
        for entry in entries.into_iter().filter(|entry| entry.standing == Standing::Waiting) {
            if held_up.contains(&entry.task) || done.contains(&entry.id) {
                continue;
            }
            if entry.is_due(now, eager) {
                return Some(entry);
            }
            held_up.insert(entry.task);
        }
        None
    }

    /// Sends one entry as far as it goes, and writes down what came of it.
    async fn send_entry(&self, entry: Entry, source: &Source) -> Entry {
        let settled = self.carry_entry(entry, source).await;
        tracing::info!(target: "store", act = ?settled, "worked on the outbox");
        let Settled { entry, task } = settled;
        self.log(Some(entry.source.clone()), deed_of_act(entry.standing)).await;
        let written = entry.clone();
        match self.write_entry(written, task).await {
            Ok(()) => entry,
            // It stays as it was kept before: the next try finds that it is done.
            Err(problem) => {
                tracing::warn!(target: "store", %problem, "what came of an act was not kept");
                entry
            }
        }
    }

    async fn carry_entry(&self, mut entry: Entry, source: &Source) -> Settled {
        if self.0.ports.network.is_offline() && !is_loopback(source) {
            entry.wait("offline", None, self.now());
            return Settled { entry, task: None };
        }
        let mut token = match self.demand_token(&source.id, Want::Fresh).await {
            Ok(token) => token,
            Err(error) => {
                entry.wait(name_trouble(error), None, self.now());
                return Settled { entry, task: None };
            }
        };
        // A refresh may have narrowed what is granted.
        let source = Source { granted: token.record.granted.clone(), ..source.clone() };
        let (mut sending, mut action) = Sending::start(entry, source.clone(), self.now());
        loop {
            let request = match action {
                Action::Send(request) => request,
                Action::KeepThenSend(request) => {
                    if self.write_entry(sending.entry().clone(), None).await.is_err() {
                        return sending.give_up("on_this_device", self.now());
                    }
                    request
                }
                Action::RenewThenSend(request) => {
                    let want = Want::NewerThan(token.generation);
                    match self.demand_token(&source.id, want).await {
                        Ok(newer) => token = newer,
                        Err(error) => return sending.give_up(name_trouble(error), self.now()),
                    }
                    request
                }
                Action::Done(settled) => return *settled,
            };
            let came = self.carry(request.url, request.verb, &token).await;
            action = sending.took(came, self.now());
        }
    }

    async fn carry(&self, url: url::Url, verb: Verb, token: &Token) -> Came {
        let method = match verb {
            Verb::Get => HttpMethod::Get,
            Verb::Post(body) => HttpMethod::Post {
                content_type: FHIR_JSON,
                body: Zeroizing::new(body.into_bytes()),
            },
            Verb::Put { body, if_match } => {
                HttpMethod::Put { content_type: FHIR_JSON, body, if_match: Some(if_match) }
            }
        };
        let request = HttpRequest {
            method,
            url,
            accept: FHIR_JSON,
            bearer: Some(token.access.clone()),
            time_limit: TIME_LIMIT,
        };
        match self.0.ports.http.send(request).await {
            Ok(response) => Came::Response(Response {
                status: response.status,
                etag: response.etag,
                location: response.location,
                retry_after: response
                    .retry_after
                    .as_deref()
                    .and_then(|text| read_delay(text, self.now())),
                body: response.body,
            }),
            Err(HttpError::NotSent | HttpError::Astray) => Came::NotSent,
            Err(HttpError::Ambiguous | HttpError::TooMuch) => Came::Ambiguous,
            Err(HttpError::Forbidden) => Came::Forbidden,
        }
    }

    /// Writes an entry and the Task it is about, under the place's lock: what was ended meanwhile is not written again.
    ///
    /// The Task goes first. Should the process die in between, the entry is tried again and finds that it is done.
    async fn write_entry(&self, entry: Entry, task: Option<Value>) -> Result<(), Problem> {
        let gate = self.gate(&entry.source);
        let _turn = gate.lock().await;
        let now = self.now();
        let written = self.blocking(move |ports| {
            let slot = Slot::connection(&entry.source);
            let _lock =
                ports.vault.lock(&slot, LOCK_PATIENCE).map_err(crate::engine::vault_problem)?;
            let records = &ports.records;
            let write = || {
                let sources = records.sources()?;
                let known = sources.into_iter().find(|known| known.id == entry.source);
                let Some(known) = known.filter(|known| known.left_at.is_none()) else {
                    return Ok(());
                };
                if let Some(task) = task {
                    let key = (entry.kind().to_owned(), entry.task.clone());
                    let kept = records.kept_of(&known.id, &[key])?;
                    let changes = take_task(&kept, &entry, task, now);
                    records.apply(&known, &changes)?;
                }
                match entry.standing {
                    Standing::Sent => records.drop_act(&entry.id),
                    Standing::Waiting | Standing::Conflict | Standing::Refused => {
                        records.put_act(&entry)
                    }
                }
            };
            write().map_err(crate::engine::records_problem)
        });
        written.await?
    }

    /// Sends what waits for places that are not looked at now.
    pub(crate) async fn work_outboxes(&self, sources: &[Source]) {
        for source in sources {
            if source.left_at.is_none() && source.state != ConnectionState::SignInAgain {
                self.work_outbox(source, false).await;
            }
        }
    }
}

/// A Task or a service to act on, with what is kept that belongs to it and what waits for it.
struct Found {
    source: Source,
    body: Value,
    entries: Vec<Entry>,
    kept: Vec<Kept>,
}

/// What a Task that was read or written changes about what is kept. The person's own act is no news to them.
fn take_task(kept: &[Kept], entry: &Entry, task: Value, now: jiff::Timestamp) -> Vec<Change> {
    let meta = |member: &str| task["meta"][member].as_str().map(str::to_owned);
    let arrived = Arrived {
        kind: entry.kind().to_owned(),
        id: entry.task.clone(),
        version: meta("versionId"),
        last_updated: meta("lastUpdated"),
        body: Written::of(entry.by, entry.kind(), &task),
    };
    let fetched = Fetched { arrived: vec![arrived], ..Fetched::default() };
    let mut changes = store::merge(kept, fetched, &entry.source, now);
    if entry.standing == Standing::Sent {
        for change in &mut changes {
            if let Change::Put(row) = change {
                (row.seen, row.news) = (true, None);
            }
        }
    }
    changes
}

fn name_trouble(error: NoToken) -> &'static str {
    match error {
        NoToken::SignedOut => "sign_in_again",
        NoToken::Resting(Resting::Busy { .. }) => "busy",
        NoToken::Resting(_) => "out_of_reach",
        NoToken::Vault(VaultError::Busy) => "busy_here",
        NoToken::Vault(_) | NoToken::Newer => "on_this_device",
        NoToken::Ours(what) => {
            our_fault(what);
            "on_this_device"
        }
    }
}

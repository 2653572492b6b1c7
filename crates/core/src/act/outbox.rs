//! What the person did here that the place does not have yet.
//!
//! One entry is one act. It is kept before anything is sent, and stays until the place has it or the person was told
//! why not. Of several acts on one to-do each builds on the one before, and they are sent in order.

use std::time::Duration;

use handrail_contract::{
    act::{ActKind, Capacity, DeclineReason, Given},
    place::{Role, SourceId},
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    Askable, Change, Document, DocumentKind, Room, SERVICE, Unchanged, Unfit,
    answer::{take_answer, take_reason, take_staff_answer},
    capacity::read_room,
    change::Output,
    offered_acts,
    organization::{Activity, forbids_contact, own_organization, write_reason},
};

/// The first pause after a try that did not get through; it doubles from there.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
/// Pauses grow to this, and no server may ask for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 60 * 60);

/// Names one act. Random, and the same in every process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActId(pub String);

/// Where an act stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// To be sent.
    Waiting,
    /// The place has it. It leaves the outbox.
    Sent,
    /// The to-do is not what the person saw any more.
    Conflict,
    /// The place said no.
    Refused,
}

/// The answer that goes with finishing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Words(String),
    Contact(String),
    Document(Document),
    /// What an organization did: Procedures to create, or codes where none can be created.
    Done {
        documents: Vec<Document>,
        codes: Vec<Value>,
    },
    /// What an organization asks: the to-do to create.
    Asked(Document),
    /// What an organization shows: the page, then the to-do that leads to it.
    Shown(Vec<Document>),
    /// Why an organization says no.
    Because(DeclineReason),
    /// Whether a service of an organization has room.
    Capacity(Capacity),
}

impl Answer {
    /// What is created at the place before the Task is written.
    fn documents(&self) -> &[Document] {
        match self {
            Self::Document(one) | Self::Asked(one) => std::slice::from_ref(one),
            Self::Done { documents, .. } | Self::Shown(documents) => documents,
            Self::Words(_) | Self::Contact(_) | Self::Because(_) | Self::Capacity(_) => &[],
        }
    }

    fn documents_mut(&mut self) -> &mut [Document] {
        match self {
            Self::Document(one) | Self::Asked(one) => std::slice::from_mut(one),
            Self::Done { documents, .. } | Self::Shown(documents) => documents,
            Self::Words(_) | Self::Contact(_) | Self::Because(_) | Self::Capacity(_) => &mut [],
        }
    }
}

/// One act on one Task, or on one HealthcareService.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: ActId,
    pub source: SourceId,
    /// The Task's id, or the HealthcareService's; [`Self::kind`] says which.
    pub task: String,
    /// As whom it is done.
    #[serde(default = "patient")]
    pub by: Role,
    /// The Organization that takes what nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    pub act: ActKind,
    pub reason: Option<String>,
    pub answer: Option<Answer>,
    /// What the person saw when they pressed, as far as it decides: a difference there is theirs to judge.
    pub seen: Map<String, Value>,
    /// The version they saw.
    pub version: Option<String>,
    pub asked_at: Timestamp,
    pub standing: Standing,
    /// Tries that did not get through.
    pub attempts: u32,
    /// By itself it is not tried before this.
    pub next_at: Option<Timestamp>,
    /// Not even the person's own wish tries it before this: the server asked for time, or may still be at it.
    pub not_before: Option<Timestamp>,
    /// Why it stands where it stands, as a stable code.
    pub problem: Option<String>,
    /// The server's own words.
    pub said: Option<String>,
}

impl std::fmt::Debug for Entry {
    // Everything else is about a person's health.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("source", &self.source)
            .field("act", &self.act)
            .field("standing", &self.standing)
            .field("attempts", &self.attempts)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// What the person pressed.
pub struct Wish {
    pub act: ActKind,
    pub reason: Option<String>,
    pub answer: Option<Given>,
}

/// Random names for a new entry.
pub struct Names {
    pub act: ActId,
    pub document: [u8; 16],
}

/// Entries that were kept before organizations could act are patients'.
const fn patient() -> Role {
    Role::Patient
}

/// A referral as an organization acts on it: what was asked for, and what can be recorded as done.
pub struct Request<'a> {
    /// The ServiceRequest, where it is kept.
    pub asked: Option<&'a Value>,
    pub activities: &'a [Activity],
    /// What the person can be asked for.
    pub askable: &'a Askable,
    /// The day it is where they are.
    pub today: Date,
}

impl Request<'_> {
    /// Whether the person may be contacted. Where the request was not seen, nobody knows, and they may not.
    pub fn allows_contact(&self) -> bool {
        self.asked.is_some_and(|asked| !forbids_contact(asked))
    }
}

/// Makes an entry of what was pressed on a to-do, as [`expect`] says it stands.
///
/// # Errors
/// The Task does not allow it, or the answer does not fit.
pub fn queue(
    task: &Value,
    source: &crate::session::Source,
    wish: Wish,
    names: Names,
    now: Timestamp,
) -> Result<Entry, Unfit> {
    let (act, given) = (wish.act, wish.answer);
    let take = |uuid| take_answer(given, act, task, source, uuid, now);
    queue_with(task, source, (act, wish.reason), names, now, take)
}

/// Makes an entry of what an organization pressed on a referral, as [`expect`] says it stands.
///
/// # Errors
/// The Task does not allow it, or the answer does not fit.
pub fn queue_for_request(
    task: &Value,
    request: &Request<'_>,
    source: &crate::session::Source,
    wish: Wish,
    names: Names,
    now: Timestamp,
) -> Result<Entry, Unfit> {
    let (act, given) = (wish.act, wish.answer);
    if act == ActKind::Ask && !request.allows_contact() {
        return Err(Unfit::NotOffered);
    }
    let take = |uuid| take_staff_answer(given, act, task, request, source, uuid, now);
    queue_with(task, source, (act, wish.reason), names, now, take)
}

fn queue_with(
    task: &Value,
    source: &crate::session::Source,
    (act, reason): (ActKind, Option<String>),
    names: Names,
    now: Timestamp,
    take: impl FnOnce([u8; 16]) -> Result<Option<Answer>, Unfit>,
) -> Result<Entry, Unfit> {
    let id = crate::fhir::element::text(task, "id").ok_or(Unfit::NotOffered)?;
    if !offered_acts(task, source).contains(&act) {
        return Err(Unfit::NotOffered);
    }
    let reason = take_reason(reason)?;
    let answer = take(names.document)?;
    if matches!(answer, Some(Answer::Because(DeclineReason::Other))) && reason.is_none() {
        return Err(Unfit::AnswerMissing);
    }
    let version = crate::fhir::element::text_at(task, &["meta", "versionId"]).map(str::to_owned);
    let owner = own_organization(task, source).filter(|_| act == ActKind::Claim);
    Ok(Entry {
        id: names.act,
        source: source.id.clone(),
        task: id.to_owned(),
        by: source.role,
        owner: owner.map(str::to_owned),
        act,
        reason,
        seen: pick_seen(task, act, source.role, answer.is_some()),
        answer,
        version,
        asked_at: now,
        standing: Standing::Waiting,
        attempts: 0,
        next_at: None,
        not_before: None,
        problem: None,
        said: None,
    })
}

/// How a Task will stand once the acts that wait are done, in their order.
pub fn expect(task: &Value, entries: &[&Entry]) -> Value {
    let mut expected = task.clone();
    let waiting = entries.iter().filter(|entry| entry.standing == Standing::Waiting);
    for entry in waiting {
        let change = entry.change("expected");
        if change.is_in(&expected) {
            continue;
        }
        let raw = serde_json::to_vec(&expected).unwrap_or_default();
        let applied = Unchanged::parse(&raw).and_then(|raw| change.apply(raw));
        if let Ok(Some(applied)) = applied {
            expected = applied.to_value();
        }
    }
    expected
}

/// The members whose difference the person must judge. An answer belongs to what was asked.
fn pick_seen(task: &Value, act: ActKind, by: Role, has_answer: bool) -> Map<String, Value> {
    if act == ActKind::TellCapacity {
        let room = serde_json::to_value(read_room(task)).unwrap_or_default();
        return Map::from_iter([("room".to_owned(), room)]);
    }
    let asked: &[&str] = match by {
        Role::Patient if has_answer => &["code", "description", "focus", "input"],
        Role::Patient => &[],
        // A referral may be about something else or in other hands by now.
        Role::Organization => &["owner", "focus", "for"],
    };
    ["status", "statusReason", "output"]
        .iter()
        .chain(asked)
        .filter_map(|member| Some(((*member).to_owned(), task.get(*member)?.clone())))
        .collect()
}

impl Entry {
    /// The type of what it is done to.
    pub fn kind(&self) -> &'static str {
        if self.act == ActKind::TellCapacity { SERVICE } else { "Task" }
    }

    /// Whether it is done to this resource.
    pub fn is_about(&self, kind: &str, id: &str) -> bool {
        self.kind() == kind && self.task == id
    }

    /// Takes over what an earlier act that ended otherwise created, or may have: it is not made a second time.
    pub fn take_over(&mut self, earlier: &[Self]) {
        let mut made: Vec<&Document> = earlier
            .iter()
            .filter(|it| it.is_about(self.kind(), &self.task) && it.standing != Standing::Waiting)
            .flat_map(Self::made_by_staff)
            .filter(|it| it.tried)
            .collect();
        let own = self.answer.as_mut().map(Answer::documents_mut).unwrap_or_default();
        for document in own.iter_mut().filter(|it| it.kind.is_made_by_staff()) {
            if let Some(at) = made.iter().position(|it| it.says_the_same(document)) {
                *document = made.swap_remove(at).clone();
            }
        }
    }

    pub(super) fn documents(&self) -> &[Document] {
        self.answer.as_ref().map(Answer::documents).unwrap_or_default()
    }

    fn made_by_staff(&self) -> impl Iterator<Item = &Document> {
        self.documents().iter().filter(|it| it.kind.is_made_by_staff())
    }

    /// The document to create, if the answer is one.
    pub fn document(&self) -> Option<&Document> {
        match &self.answer {
            Some(Answer::Document(document)) => Some(document),
            _ => None,
        }
    }

    /// The next thing to create before the Task is written.
    pub(super) fn pending(&self) -> Option<&Document> {
        self.documents().iter().find(|document| document.id.is_none())
    }

    /// What to create, as it is sent: a to-do that shows something names it.
    pub(super) fn body_of(&self, document: &Document) -> String {
        let shown = match &self.answer {
            Some(Answer::Shown(all)) if document.kind == DocumentKind::Task => all.first(),
            _ => None,
        };
        let Some(id) = shown.and_then(|it| it.id.as_ref()) else { return document.body.clone() };
        let mut body: Value = serde_json::from_str(&document.body).unwrap_or_default();
        body["focus"]["reference"] = Value::from(format!("DocumentReference/{id}"));
        body.to_string()
    }

    pub(super) fn pending_mut(&mut self) -> Option<&mut Document> {
        let documents = self.answer.as_mut().map(Answer::documents_mut).unwrap_or_default();
        documents.iter_mut().find(|document| document.id.is_none())
    }

    /// What to write, with what is not created yet under this id.
    pub(super) fn change(&self, unnamed: &str) -> Change {
        let id_of = |it: &Document| it.id.clone().unwrap_or_else(|| unnamed.to_owned());
        let outputs = match &self.answer {
            Some(Answer::Words(text)) => vec![Output::Words(text.clone())],
            Some(Answer::Contact(text)) => vec![Output::Contact(text.clone())],
            Some(Answer::Document(it)) => vec![match it.kind {
                DocumentKind::Pdf | DocumentKind::Material => Output::Pdf(id_of(it)),
                DocumentKind::Procedure => Output::Activity(id_of(it)),
                DocumentKind::Response | DocumentKind::Task => Output::Response(id_of(it)),
            }],
            Some(Answer::Done { documents, codes }) => documents
                .iter()
                .map(|it| Output::Activity(id_of(it)))
                .chain(codes.iter().cloned().map(Output::ActivityCode))
                .collect(),
            Some(
                Answer::Asked(_) | Answer::Shown(_) | Answer::Because(_) | Answer::Capacity(_),
            )
            | None => Vec::new(),
        };
        let (why, capacity) = match &self.answer {
            Some(Answer::Because(why)) => (Some(*why), None),
            Some(Answer::Capacity(capacity)) => (None, Some(*capacity)),
            _ => (None, None),
        };
        Change {
            by: self.by,
            act: self.act,
            reason: write_reason(why, self.reason.as_deref()),
            outputs,
            owner: self.owner.clone(),
            room: capacity.map(|capacity| Room { capacity, notes: self.reason.clone() }),
        }
    }

    /// Whether the Task is as the person saw it, as far as that decides, and the guide still has a way.
    pub(super) fn still_fits(&self, task: &Value, source: &crate::session::Source) -> bool {
        offered_acts(task, source).contains(&self.act)
            && pick_seen(task, self.act, self.by, self.answer.is_some()) == self.seen
    }

    /// Whether it may be tried now; `eager` when the person asks for it.
    pub fn is_due(&self, now: Timestamp, eager: bool) -> bool {
        // What is to come later than any pause of ours was written by a clock that was wrong.
        let passed = |at: Option<Timestamp>| {
            at.is_none_or(|at| at <= now || at > later(now, LONGEST_PAUSE.saturating_mul(2)))
        };
        self.standing == Standing::Waiting
            && passed(self.not_before)
            && (eager || passed(self.next_at))
    }

    /// It did not get through: when to try again, and why.
    pub fn wait(&mut self, problem: &str, at_least: Option<Duration>, now: Timestamp) {
        let doublings = self.attempts.min(12);
        self.attempts = self.attempts.saturating_add(1);
        let pause = FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE);
        let at_least = at_least.map(|pause| pause.min(LONGEST_PAUSE));
        self.not_before = at_least.map(|pause| later(now, pause));
        self.next_at = Some(later(now, pause.max(at_least.unwrap_or_default())));
        self.problem = Some(problem.to_owned());
    }

    /// It ended, one way or the other.
    pub(super) fn end(&mut self, standing: Standing, problem: Option<&str>, said: Option<String>) {
        self.standing = standing;
        self.problem = problem.map(str::to_owned);
        self.said = said;
        self.next_at = None;
        self.not_before = None;
    }
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

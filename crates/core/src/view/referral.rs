//! Referrals: what others were asked to do for the person, and who has the ball.

use std::cmp::Reverse;

use handrail_contract::{
    place::SourceId,
    referral::{Ball, ReferralGroup, ReferralRow, ReferralState, Referrals},
    words::{Chip, Icon, ItemId, Phrase, Tone, Words},
};
use jiff::Timestamp;
use serde_json::Value;

use super::{
    Now,
    index::{Index, item_id, parse_item_id},
    people::{Named, name_of, organization_of},
    place::{checked, list_notes},
    say::{chip, ours, say, theirs},
    todo,
    topic::Topic,
};
use crate::{
    fhir::{
        element::{self, codes, concept_name, first_display, has_code, text},
        time::{days_between, read_moment},
    },
    store::Kept,
};

mod page;
mod twin;

pub use page::show;
pub use twin::{names, put_together};

/// Days without news after which a call may help, by what is waited for.
const QUIET_WHEN_SENT: u32 = 7;
const QUIET_WHEN_AGREED: u32 = 14;

/// A ServiceRequest with the Tasks that track it, or such a Task alone.
pub struct Referral<'a> {
    pub request: Option<&'a Kept>,
    /// The row that names it.
    pub main: &'a Kept,
    /// Tasks that say something, in the order they were written.
    pub tasks: Vec<&'a Kept>,
}

impl<'a> Referral<'a> {
    /// A ServiceRequest and its Tasks.
    pub fn of_request(index: &Index<'a>, request: &'a Kept) -> Self {
        Self::new(Some(request), request, index.tasks_about(request))
    }

    /// A Task whose ServiceRequest is not there, as at an organization that helps.
    pub fn of_task(task: &'a Kept) -> Self {
        Self::new(None, task, vec![task])
    }

    /// A referral that is made of these rows, as they were at some time.
    pub fn of_rows(request: Option<&'a Kept>, tasks: Vec<&'a Kept>) -> Option<Self> {
        let main = request.or_else(|| tasks.first().copied())?;
        Some(Self::new(request, main, tasks))
    }

    fn new(request: Option<&'a Kept>, main: &'a Kept, mut tasks: Vec<&'a Kept>) -> Self {
        // What is still being written, or was a mistake, says nothing about how it goes.
        tasks.retain(|task| {
            !matches!(text(&task.body, "status"), Some("draft" | "entered-in-error"))
        });
        let written =
            |task: &&'a Kept| (text(&task.body, "authoredOn").unwrap_or_default(), &*task.id);
        tasks.sort_by(|one, other| written(one).cmp(&written(other)));
        Self { request, main, tasks }
    }

    /// Every referral that may stand in a list, each told once: what several places tell is put together.
    pub fn all(index: &Index<'a>) -> Vec<Vec<Self>> {
        let requests = index.requests.iter().map(|request| Self::of_request(index, request));
        let alone = index
            .referral_tasks
            .iter()
            .filter(|task| Self::request_of(index, task).is_none())
            .map(|task| Self::of_task(task));
        let listed = requests.chain(alone).filter(|it| it.state().is_some()).collect();
        let mut together = twin::put_together(index, listed);
        // What one place hides, the other does not give away.
        together.retain(|group| index.lists(group.iter().any(|it| it.is_hidden(index))));
        together
    }

    fn request_of(index: &Index<'a>, task: &'a Kept) -> Option<&'a Kept> {
        index.follow_row(task, task.body.get("focus")?).filter(|row| row.kind == "ServiceRequest")
    }

    /// Whether it is hidden.
    pub fn is_hidden(&self, index: &Index<'a>) -> bool {
        self.request.is_some_and(|request| index.is_hidden_request(request))
    }

    /// Whether the sender, or everybody who was asked, says that it never should have been.
    pub fn is_mistake(&self) -> bool {
        let is_wrong = |row: &&Kept| text(&row.body, "status") == Some("entered-in-error");
        self.request.as_ref().map_or(self.tasks.is_empty(), is_wrong)
    }

    /// The Task that says how it goes: one still under way before one that ended, the latest before others.
    pub fn current(&self) -> Option<&'a Kept> {
        let rank = |task: &&&Kept| {
            let moved = last_moved(task).unwrap_or(task.first_seen_at);
            (!is_over(&task.body), moved)
        };
        match self.tasks[..] {
            // Mostly nobody else was asked, and when it moved does not matter.
            [only] => Some(only),
            _ => self.tasks.iter().max_by_key(rank).copied(),
        }
    }

    /// Where it stands. `None`: not listed.
    pub fn state(&self) -> Option<ReferralState> {
        let requested = self.request.and_then(|request| text(&request.body, "status"));
        if requested == Some("entered-in-error") {
            return None;
        }
        let Some(task) = self.current() else {
            return match requested? {
                "active" => Some(ReferralState::AskedFor),
                "on-hold" => Some(ReferralState::OnHold),
                "revoked" => Some(ReferralState::Stopped),
                "completed" => Some(ReferralState::Done),
                "draft" => None,
                _ => Some(ReferralState::Unknown),
            };
        };
        // The sender took it back, or closed it, while the helper's Task was left as it was.
        match requested {
            Some("revoked") if !is_over(&task.body) => return Some(ReferralState::Stopped),
            Some("completed") if !is_over(&task.body) => return Some(ReferralState::Done),
            _ => {}
        }
        Some(match text(&task.body, "status").unwrap_or_default() {
            "requested" | "received" | "ready" => ReferralState::Sent,
            "accepted" => ReferralState::SaidYes,
            "in-progress" => ReferralState::Helping,
            "on-hold" => ReferralState::OnHold,
            "completed" => ReferralState::Done,
            "rejected" => ReferralState::CouldNot,
            "failed" => ReferralState::DidNotWork,
            "cancelled" => ReferralState::Stopped,
            _ => ReferralState::Unknown,
        })
    }

    /// Names it: by the ServiceRequest's id, or by the lone Task's with a `~` before it.
    pub fn id(&self) -> ItemId {
        let main = self.main;
        match self.request {
            Some(request) => item_id("referral", &request.source, &request.id),
            None => item_id("referral", &main.source, &format!("~{}", main.id)),
        }
    }

    /// What was asked for.
    pub fn title(&self) -> Words {
        let asked = self.request.and_then(|request| concept_name(request.body.get("code")?));
        let tasks = self.tasks.iter().find_map(|task| {
            let code = task.body.get("code");
            let named = code.and_then(|code| {
                let own = text(code, "text");
                let display = first_display(code).filter(|_| !has_code(Some(code), "fulfill"));
                own.filter(|own| !codes(code).any(|it| it.eq_ignore_ascii_case(own))).or(display)
            });
            text(&task.body, "description").or(named)
        });
        asked.or(tasks).map_or_else(|| ours("referral-title"), theirs)
    }

    /// To-dos that belong to it.
    pub fn todos(&self, index: &Index<'a>) -> Vec<&'a Kept> {
        let mut found: Vec<&Kept> = Vec::new();
        for parent in self.request.iter().chain(&self.tasks) {
            for todo in index.todos_under(parent) {
                if !found.iter().any(|it| it.id == todo.id) {
                    found.push(todo);
                }
            }
        }
        found
    }

    /// Who was asked to help.
    pub fn helper(&self, index: &Index<'a>) -> Named {
        let owner = self.current().and_then(|task| name_of(index, task, task.body.get("owner")?));
        let performer = || {
            let request = self.request?;
            element::list(&request.body, "performer").find_map(|it| name_of(index, request, it))
        };
        Named::helper(owner.or_else(performer))
    }

    /// Who asked for it.
    pub fn sender(&self, index: &Index<'a>) -> Named {
        let rows = self.request.into_iter().chain(self.current());
        let named = rows
            .filter_map(|row| Some((row, row.body.get("requester")?)))
            .find_map(|(row, requester)| organization_of(index, row, requester));
        Named::sender(named)
    }

    /// When it last moved: what the Task says, else what the request says.
    pub fn moved_at(&self, now: Now<'_>) -> Option<Timestamp> {
        let of_request = || {
            let request = self.request?;
            request.last_updated.or_else(|| read_moment(text(&request.body, "authoredOn")?, now.tz))
        };
        match self.current() {
            Some(task) => {
                last_moved(task).or_else(|| read_moment(text(&task.body, "authoredOn")?, now.tz))
            }
            None => of_request(),
        }
    }

    /// The list it stands in. `None`: not listed.
    fn group(&self, now: Now<'_>) -> Option<ReferralGroup> {
        Some(group_of(self.state()?, self.days_unchanged(now), self))
    }

    fn days_unchanged(&self, now: Now<'_>) -> Option<u32> {
        u32::try_from(days_between(self.moved_at(now)?, now.at, now.tz)).ok()
    }
}

/// How urgent something is, 1 to 3, and the text's key. `None`: as usual.
pub fn tell_priority(resource: &Value) -> Option<(u8, &'static str)> {
    match text(resource, "priority")? {
        "stat" => Some((3, "priority-stat")),
        "asap" => Some((2, "priority-asap")),
        "urgent" => Some((1, "priority-urgent")),
        _ => None,
    }
}

/// `lastModified`, `meta.lastUpdated` or `authoredOn`, whichever is there first.
fn last_moved(task: &Kept) -> Option<Timestamp> {
    let told = |member| crate::fhir::time::read_instant(text(&task.body, member)?);
    told("lastModified").or(task.last_updated).or_else(|| told("authoredOn"))
}

fn is_over(task: &Value) -> bool {
    matches!(text(task, "status"), Some("completed" | "rejected" | "failed" | "cancelled"))
}

/// The referrals of one place or of all: what has been quiet longest first, then what moved last.
pub fn list(index: &Index<'_>, source: Option<&SourceId>, now: Now<'_>) -> Referrals {
    let mut referrals = Referrals { checked: checked(index, source, now), ..Referrals::default() };
    let rows = rows(index, &Referral::all(index), source, now, |_| true);
    // A place without requests may still share how they go.
    let shared = |place: &SourceId| rows.iter().any(|row| row.place.source == *place);
    referrals.notes = list_notes(index, source, "ServiceRequest", shared);
    for row in rows {
        match row.group {
            ReferralGroup::NeedsPush => referrals.needs_push.push(row),
            ReferralGroup::Moving => referrals.moving.push(row),
            ReferralGroup::Finished => referrals.finished.push(row),
        }
    }
    referrals
}

/// Every row of these referrals, in the order of the groups' lists. What is told of one that only its own place
/// tells of and whose group is not `wanted` is not worked out.
pub fn rows<'a>(
    index: &Index<'a>,
    all: &[Vec<Referral<'a>>],
    source: Option<&SourceId>,
    now: Now<'_>,
    wanted: impl Fn(ReferralGroup) -> bool,
) -> Vec<ReferralRow> {
    let mut rows: Vec<(Reverse<u32>, u32, ReferralRow)> = all
        .iter()
        .filter(|group| match &group[..] {
            [only] => only.group(now).is_some_and(&wanted),
            _ => true,
        })
        .filter_map(|group| {
            let is_main = |it: &Referral<'_>| source.is_none_or(|it_at| it.main.source == *it_at);
            twin::show_together(index, group, group.iter().position(is_main)?, now)
        })
        .map(|row| {
            let days = row.days_unchanged.unwrap_or(0);
            let quiet = if row.group == ReferralGroup::NeedsPush { days } else { 0 };
            (Reverse(quiet), days, row)
        })
        .collect();
    rows.sort_by(|one, other| (one.0, one.1, &one.2.id).cmp(&(other.0, other.1, &other.2.id)));
    rows.into_iter().map(|(.., row)| row).collect()
}

/// One referral, as its own place tells it. `None`: not listed.
pub fn show_row<'a>(
    index: &Index<'a>,
    referral: &Referral<'a>,
    now: Now<'_>,
) -> Option<ReferralRow> {
    let state = referral.state()?;
    let topic =
        Topic::shown(referral.request.map_or(&Value::Null, |it| &it.body), &index.shelf.hidden);
    let days = referral.days_unchanged(now);
    let open_todo = referral.todos(index).iter().any(|todo| todo::is_open(&todo.body));
    let ball = ball_of(state, open_todo);
    let group = group_of(state, days, referral);
    let (helper, sender) = (referral.helper(index), referral.sender(index));
    Some(ReferralRow {
        id: referral.id(),
        place: index.place(&referral.main.source),
        title: referral.title(),
        icon: topic.icon,
        topic: topic.words,
        state,
        group,
        ball,
        line: line_of(state, group, days, &helper, &sender),
        chips: vec![if group == ReferralGroup::Finished {
            state_chip(state)
        } else {
            turn_chip(ball, state)
        }],
        helper: helper.name,
        days_unchanged: days,
        is_new: referral
            .request
            .iter()
            .chain(&referral.tasks)
            .any(|row| row.news.is_some() && !row.seen),
        also: Vec::new(),
    })
}

/// Who has to act next (ui/DESIGN section 4). An open to-do moves the ball to the person.
fn ball_of(state: ReferralState, open_todo: bool) -> Ball {
    match state {
        ReferralState::Sent
        | ReferralState::SaidYes
        | ReferralState::Helping
        | ReferralState::OnHold
        | ReferralState::AskedFor
            if open_todo =>
        {
            Ball::You
        }
        ReferralState::Sent
        | ReferralState::SaidYes
        | ReferralState::Helping
        | ReferralState::OnHold => Ball::Helper,
        ReferralState::AskedFor
        | ReferralState::CouldNot
        | ReferralState::DidNotWork
        | ReferralState::Unknown => Ball::Source,
        ReferralState::Done | ReferralState::Stopped => Ball::Nobody,
    }
}

fn group_of(state: ReferralState, days: Option<u32>, referral: &Referral<'_>) -> ReferralGroup {
    let quiet = |most: u32| days.is_some_and(|days| days >= most);
    let is_closed = referral
        .request
        .and_then(|request| text(&request.body, "status"))
        .is_some_and(|status| matches!(status, "revoked" | "completed"));
    match state {
        ReferralState::Done | ReferralState::Stopped => ReferralGroup::Finished,
        ReferralState::CouldNot | ReferralState::DidNotWork if is_closed => ReferralGroup::Finished,
        ReferralState::CouldNot | ReferralState::DidNotWork => ReferralGroup::NeedsPush,
        ReferralState::Sent if quiet(QUIET_WHEN_SENT) => ReferralGroup::NeedsPush,
        ReferralState::SaidYes | ReferralState::OnHold if quiet(QUIET_WHEN_AGREED) => {
            ReferralGroup::NeedsPush
        }
        _ => ReferralGroup::Moving,
    }
}

/// The stable name of a state, which its texts' keys end in.
pub const fn code_of(state: ReferralState) -> &'static str {
    match state {
        ReferralState::AskedFor => "asked",
        ReferralState::Sent => "sent",
        ReferralState::SaidYes => "said-yes",
        ReferralState::Helping => "helping",
        ReferralState::OnHold => "on-hold",
        ReferralState::Done => "done",
        ReferralState::CouldNot => "could-not",
        ReferralState::DidNotWork => "did-not-work",
        ReferralState::Stopped => "stopped",
        ReferralState::Unknown => "unknown",
    }
}

/// The state in a sentence; the days where somebody should be called.
fn line_of(
    state: ReferralState,
    group: ReferralGroup,
    days: Option<u32>,
    helper: &Named,
    sender: &Named,
) -> Phrase {
    let code = code_of(state);
    let phrase = match (group, days) {
        (ReferralGroup::NeedsPush, Some(days))
            if matches!(
                state,
                ReferralState::Sent | ReferralState::SaidYes | ReferralState::OnHold
            ) =>
        {
            say(&format!("referral-quiet-{code}")).with("days", i64::from(days))
        }
        _ => say(&format!("referral-line-{code}")),
    };
    match state {
        ReferralState::Stopped => phrase,
        ReferralState::AskedFor => phrase.with("source", sender.first()),
        ReferralState::Unknown => phrase.with("source", sender.inside()),
        _ => phrase.with("them", helper.first()),
    }
}

/// What happens next, as a sentence.
fn next_of(state: ReferralState, sender: &Named) -> Phrase {
    let phrase = say(&format!("referral-next-{}", code_of(state)));
    match state {
        ReferralState::Sent => phrase.with("days", i64::from(QUIET_WHEN_SENT)),
        ReferralState::Done | ReferralState::Stopped | ReferralState::Unknown => {
            phrase.with("source", sender.inside())
        }
        ReferralState::CouldNot | ReferralState::DidNotWork => {
            phrase.with("source", sender.first())
        }
        _ => phrase,
    }
}

/// The label of a state.
pub fn state_chip(state: ReferralState) -> Chip {
    let (tone, icon) = match state {
        ReferralState::AskedFor => (Tone::Wait, Icon::Send),
        ReferralState::Sent => (Tone::Wait, Icon::Send),
        ReferralState::SaidYes => (Tone::Wait, Icon::HeartHandshake),
        ReferralState::Helping => (Tone::Wait, Icon::HandHelping),
        ReferralState::OnHold => (Tone::Wait, Icon::CirclePause),
        ReferralState::Done => (Tone::Done, Icon::CircleCheck),
        ReferralState::CouldNot | ReferralState::DidNotWork => (Tone::Bad, Icon::CircleSlash),
        ReferralState::Stopped => (Tone::Plain, Icon::CircleX),
        ReferralState::Unknown => (Tone::Plain, Icon::CircleQuestionMark),
    };
    chip(tone, icon, &format!("referral-state-{}", code_of(state)))
}

fn turn_chip(ball: Ball, state: ReferralState) -> Chip {
    match ball {
        Ball::You => chip(Tone::Turn, Icon::Hand, "turn-yours"),
        Ball::Helper => chip(Tone::Wait, Icon::Hourglass, "turn-helpers"),
        Ball::Source => chip(Tone::Wait, Icon::Hourglass, "turn-senders"),
        Ball::Nobody => state_chip(state),
    }
}

/// Finds a referral by its name.
pub fn find<'a>(index: &Index<'a>, id: &ItemId) -> Option<Referral<'a>> {
    let (source, id) = parse_item_id(id, "referral")?;
    if let Some(task) = id.strip_prefix('~') {
        let task = index.row(&source, "Task", task)?;
        let is_one = index.referral_tasks.iter().any(|it| std::ptr::eq(*it, task));
        // Its request may have come after all.
        return if is_one { find_for(index, task) } else { None };
    }
    Some(Referral::of_request(index, index.row(&source, "ServiceRequest", &id)?))
}

/// The referral that a ServiceRequest or referral Task belongs to.
pub fn find_for<'a>(index: &Index<'a>, row: &'a Kept) -> Option<Referral<'a>> {
    match &*row.kind {
        "ServiceRequest" => Some(Referral::of_request(index, row)),
        "Task" => Some(match Referral::request_of(index, row) {
            Some(request) => Referral::of_request(index, request),
            None => Referral::of_task(row),
        }),
        _ => None,
    }
}

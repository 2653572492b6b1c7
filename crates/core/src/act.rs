//! What a person may do to a to-do, and how it gets to the place exactly once.
//!
//! In: a Task as it stands, what the place granted and offers, what the person pressed, and the server's answers.
//! Out: the acts that may be pressed, what to write, and the next request of the outbox.
//! Never: a socket or a clock; a change to anything but `status`, `statusReason` and `output`; a Task of somebody else.
//!
//! The guide, SDOHCC Task For Patient: "the patient application is only permitted to modify a specific set of
//! elements … .status, .statusReason, and .output".

use handrail_contract::{
    act::{ActKind, AnswerKind},
    place::Role,
};
use serde_json::Value;

use crate::{
    fetch::{Access, is_granted},
    fhir::{
        element::text,
        reference::read_here,
        task::{TaskForm, TaskRole, classify_task, read_form},
    },
    session::Source,
};

mod answer;
mod ask;
mod capacity;
mod change;
mod document;
mod invariants;
mod organization;
mod outbox;
mod reply;
mod sending;
mod unchanged;

pub use answer::{Unfit, takes_day};
pub use ask::{Askable, list_askable};
pub use capacity::{Room, SERVICE, may_tell, read_room};
pub use change::Change;
pub use document::{Document, DocumentKind};
pub use invariants::{Invariant, find_violations};
pub use organization::{
    Activity, Move, Stage, find_request, forbids_contact, list_activities, own_organization,
};
pub use outbox::{
    ActId, Answer, Entry, Names, Request, Standing, Wish, expect, queue, queue_for_request,
};
pub use sending::{Action, Came, Response, Sending, Settled, Verb};
pub use unchanged::{NotAResource, Unchanged};

/// The states in which a to-do waits for somebody to act (the guide's PatientTaskStateDiagram).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    Ready,
    InProgress,
    OnHold,
}

impl Open {
    /// Reads `Task.status`. What is over, and what the guide does not know, is not open.
    pub fn read(task: &Value) -> Option<Self> {
        Some(match text(task, "status")? {
            "ready" => Self::Ready,
            "in-progress" => Self::InProgress,
            "on-hold" => Self::OnHold,
            _ => return None,
        })
    }
}

/// What can be started: not under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    Ready,
    OnHold,
}

/// What can be paused: not paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Active {
    Ready,
    InProgress,
}

/// One arrow of the guide's diagram that is the patient's. There is no value for any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Start(Idle),
    Pause(Active),
    Finish(Open),
    Fail(Open),
    Cancel(Open),
}

impl Step {
    /// The arrow from here by this act, where there is one.
    pub const fn new(from: Open, act: ActKind) -> Option<Self> {
        Some(match (act, from) {
            (ActKind::Start, Open::Ready) => Self::Start(Idle::Ready),
            (ActKind::Start, Open::OnHold) => Self::Start(Idle::OnHold),
            (ActKind::Pause, Open::Ready) => Self::Pause(Active::Ready),
            (ActKind::Pause, Open::InProgress) => Self::Pause(Active::InProgress),
            (ActKind::Finish, from) => Self::Finish(from),
            (ActKind::Fail, from) => Self::Fail(from),
            (ActKind::Cancel, from) => Self::Cancel(from),
            (ActKind::Start, Open::InProgress) | (ActKind::Pause, Open::OnHold) => return None,
            (
                ActKind::Claim
                | ActKind::Accept
                | ActKind::Decline
                | ActKind::Ask
                | ActKind::TellCapacity,
                _,
            ) => return None,
        })
    }

    /// The status it leads to.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Start(_) => "in-progress",
            Self::Pause(_) => "on-hold",
            Self::Finish(_) => "completed",
            Self::Fail(_) => "failed",
            Self::Cancel(_) => "cancelled",
        }
    }
}

/// The status that an act wants. `None`: it leaves the status as it is.
const fn status_after(act: ActKind) -> Option<&'static str> {
    Some(match act {
        ActKind::Start => "in-progress",
        ActKind::Pause => "on-hold",
        ActKind::Finish => "completed",
        ActKind::Fail => "failed",
        ActKind::Cancel => "cancelled",
        ActKind::Accept => "accepted",
        ActKind::Decline => "rejected",
        ActKind::Claim | ActKind::Ask | ActKind::TellCapacity => return None,
    })
}

/// Which kind of answer finishing a to-do takes, and whether it needs one.
///
/// A contact may be made without saying which: the guide has `chosen-contact` 0..1.
pub fn wanted_answer(task: &Value) -> Option<(AnswerKind, bool)> {
    match read_form(task) {
        TaskForm::Questionnaire(_) => Some((AnswerKind::Form, true)),
        TaskForm::Pdf => Some((AnswerKind::Pdf, true)),
        TaskForm::GeneralInformation => Some((AnswerKind::Words, true)),
        TaskForm::Contact => Some((AnswerKind::Contact, false)),
        TaskForm::QuestionnaireMissing | TaskForm::Web(_) | TaskForm::Review | TaskForm::Other => {
            None
        }
    }
}

/// The acts that a Task allows now, in the order to show them. None for what is not theirs.
pub fn offered_acts(task: &Value, source: &Source) -> Vec<ActKind> {
    if source.role == Role::Organization {
        if text(task, "resourceType") == Some(SERVICE) {
            let may_tell = may_tell(task, source);
            return may_tell.then_some(ActKind::TellCapacity).into_iter().collect();
        }
        return organization::offered(task, source);
    }
    let Some(open) = Open::read(task).filter(|_| is_own(task, source)) else { return Vec::new() };
    ActKind::ALL
        .into_iter()
        .filter(|act| Step::new(open, *act).is_some())
        .filter(|act| *act != ActKind::Finish || can_answer(task, source))
        .collect()
}

/// The guide, SDOHCC PatientApp: "only for Tasks where the owner is the patient".
fn is_own(task: &Value, source: &Source) -> bool {
    let is_owner = || {
        let owner = task.get("owner").and_then(|owner| read_here(owner, &source.base));
        matches!((owner, &source.patient), (Some(("Patient", id)), Some(own)) if id == own)
    };
    source.role == Role::Patient
        && source.left_at.is_none()
        && classify_task(task, &source.base) == TaskRole::ToDo
        && is_owner()
        && may_write(source, "Task", Access::Update)
}

/// An answer that is a resource of its own has to be created first.
fn can_answer(task: &Value, source: &Source) -> bool {
    match wanted_answer(task) {
        Some((AnswerKind::Form, _)) => may_write(source, "QuestionnaireResponse", Access::Create),
        Some((AnswerKind::Pdf, _)) => may_write(source, "DocumentReference", Access::Create),
        Some(_) | None => true,
    }
}

/// Whether the granted scopes cover it and the place says that it takes it.
fn may_write(source: &Source, kind: &str, access: Access) -> bool {
    is_granted(&source.granted, kind, access)
        && source.cursors.offer().is_none_or(|offer| offer.offers(kind, access))
}

#[cfg(test)]
mod tests;

//! What an organization may do to a referral that was given to it.
//!
//! In: a referral Task, who the organization is, what the place granted and offers. Out: the acts that may be pressed.
//! Never: a change to anything but `status`, `statusReason` and `output`, and `owner` where nobody has the Task yet.
//!
//! The guide, SDOHCC ReferralRecipientLight: "if they are not the creator, they SHALL only modify tasks they are the
//! 'owner' of and then, only modify Task.status, Task.statusReason, and Task.outputs".

use handrail_contract::act::{ActKind, DeclineReason};
use serde_json::{Value, json};

use super::{Open, may_write};
use crate::{
    fetch::Access,
    fhir::{
        element::{codes, concept_name, has_code, list, text},
        reference::{literal, read_here},
        task::{TaskRole, classify_task},
    },
    session::Source,
    store::Kept,
};

/// The code system of the guide's own codes.
pub const GUIDE: &str =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
/// Activities to choose among. More is no choice.
const MOST_ACTIVITIES: usize = 30;

/// The states in which a referral waits for somebody to act (the guide's ReferralTaskStateDiagram).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Requested,
    Accepted,
    InProgress,
    OnHold,
}

impl Stage {
    /// Reads `Task.status`. One reference server writes `received` for a request that was seen.
    pub fn read(task: &Value) -> Option<Self> {
        Some(match text(task, "status")? {
            "requested" | "received" => Self::Requested,
            "accepted" => Self::Accepted,
            "in-progress" => Self::InProgress,
            "on-hold" => Self::OnHold,
            _ => return None,
        })
    }
}

/// What can be started: agreed to and not under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Startable {
    Accepted,
    OnHold,
}

/// What can be put on hold: agreed to and not on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holdable {
    Accepted,
    InProgress,
}

/// What can come to an end: agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreed {
    Accepted,
    InProgress,
    OnHold,
}

/// One arrow of the guide's diagram that is the target's. There is no value for any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    Accept,
    Decline,
    Start(Startable),
    Hold(Holdable),
    Finish(Agreed),
    Fail(Agreed),
    Cancel(Stage),
    /// Takes back what the organization itself asked of the patient.
    Withdraw(Open),
}

impl Move {
    /// The arrow from here by this act, where there is one.
    pub const fn new(from: Stage, act: ActKind) -> Option<Self> {
        let agreed = match from {
            Stage::Requested => None,
            Stage::Accepted => Some(Agreed::Accepted),
            Stage::InProgress => Some(Agreed::InProgress),
            Stage::OnHold => Some(Agreed::OnHold),
        };
        Some(match (act, from, agreed) {
            (ActKind::Accept, Stage::Requested, _) => Self::Accept,
            (ActKind::Decline, Stage::Requested, _) => Self::Decline,
            (ActKind::Start, Stage::Accepted, _) => Self::Start(Startable::Accepted),
            (ActKind::Start, Stage::OnHold, _) => Self::Start(Startable::OnHold),
            (ActKind::Pause, Stage::Accepted, _) => Self::Hold(Holdable::Accepted),
            (ActKind::Pause, Stage::InProgress, _) => Self::Hold(Holdable::InProgress),
            (ActKind::Finish, _, Some(from)) => Self::Finish(from),
            (ActKind::Fail, _, Some(from)) => Self::Fail(from),
            (ActKind::Cancel, from, _) => Self::Cancel(from),
            _ => return None,
        })
    }

    /// The arrow from where a Task stands: a referral that was given to us, or something we asked of the patient.
    pub fn read(task: &Value, act: ActKind) -> Option<Self> {
        if is_asked_of_patient(task) {
            return Open::read(task).filter(|_| act == ActKind::Cancel).map(Self::Withdraw);
        }
        Self::new(Stage::read(task)?, act)
    }

    /// The status it leads to.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Decline => "rejected",
            Self::Start(_) => "in-progress",
            Self::Hold(_) => "on-hold",
            Self::Finish(_) => "completed",
            Self::Fail(_) => "failed",
            Self::Cancel(_) | Self::Withdraw(_) => "cancelled",
        }
    }
}

fn is_asked_of_patient(task: &Value) -> bool {
    let owner = task.get("owner").and_then(literal);
    owner.is_some_and(|owner| owner.contains("Patient/") || owner.contains("RelatedPerson/"))
}

/// The acts that a referral allows an organization now, in the order to show them. None for what is not theirs.
pub fn offered(task: &Value, source: &Source) -> Vec<ActKind> {
    let may_update = source.left_at.is_none() && may_write(source, "Task", Access::Update);
    let is_referral = classify_task(task, &source.base) == TaskRole::Referral;
    if !may_update || own_organization(task, source).is_none() {
        return Vec::new();
    }
    if !is_referral {
        let withdraw = Move::read(task, ActKind::Cancel);
        return withdraw.map(|_| ActKind::Cancel).into_iter().collect();
    }
    if task.get("owner").is_none() {
        // Of several organizations nobody knows which one would take it.
        let is_open = Stage::read(task) == Some(Stage::Requested) && source.employers().len() == 1;
        return is_open.then_some(ActKind::Claim).into_iter().collect();
    }
    let Some(stage) = Stage::read(task) else { return Vec::new() };
    let can = |act: &ActKind| match act {
        ActKind::Ask => {
            stage != Stage::Requested
                && patient_of(task, source).is_some()
                && may_write(source, "Task", Access::Create)
        }
        _ => Move::new(stage, *act).is_some(),
    };
    ActKind::OF_REQUEST.into_iter().filter(can).collect()
}

/// The organization of theirs that acts: the owner of a referral or who provides the service that owns it, who asked a patient, or who would take what nobody has.
pub fn own_organization<'a>(task: &Value, source: &'a Source) -> Option<&'a str> {
    let employers = source.employers();
    let named = |member: &str| {
        let id = match read_here(task.get(member)?, &source.base)? {
            ("Organization", id) => id,
            ("HealthcareService", id) => source.services.get(id)?,
            _ => return None,
        };
        employers.iter().find(|own| **own == id).copied()
    };
    if is_asked_of_patient(task) {
        return named("requester");
    }
    match task.get("owner") {
        Some(_) => named("owner"),
        None => employers.first().copied(),
    }
}

/// The id of the Patient a referral is for.
pub fn patient_of<'a>(task: &'a Value, source: &Source) -> Option<&'a str> {
    match read_here(task.get("for")?, &source.base)? {
        ("Patient", id) => Some(id),
        _ => None,
    }
}

/// Something that can be recorded as done.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Names it among the others: `system|code`, or its text.
    pub key: String,
    /// The CodeableConcept for `Procedure.code`.
    pub concept: Value,
}

/// What can be recorded as done for a request: what it asks for, then what was recorded for its category before.
pub fn list_activities<'a>(
    request: Option<&'a Value>,
    procedures: impl Iterator<Item = &'a Value>,
) -> Vec<Activity> {
    let Some(request) = request else { return Vec::new() };
    let categories: Vec<&str> = guide_categories(request).flat_map(codes).collect();
    let is_alike =
        |done: &&Value| guide_categories(done).flat_map(codes).any(|it| categories.contains(&it));
    let concepts = request
        .get("code")
        .into_iter()
        .chain(procedures.filter(is_alike).filter_map(|done| done.get("code")));
    let mut found: Vec<Activity> = Vec::new();
    for concept in concepts {
        let Some(key) = key_of(concept) else { continue };
        if found.len() < MOST_ACTIVITIES && found.iter().all(|it| it.key != key) {
            found.push(Activity { key, concept: concept.clone() });
        }
    }
    found
}

/// The ServiceRequest that a referral Task is about among the kept rows, and what can be recorded as done for it.
pub fn find_request<'a>(
    task: &Value,
    kept: &[&'a Kept],
    source: &Source,
) -> (Option<&'a Value>, Vec<Activity>) {
    let focus = task.get("focus").and_then(|it| read_here(it, &source.base));
    let is_it = |row: &&Kept| Some((&*row.kind, &*row.id)) == focus && row.kind == "ServiceRequest";
    let asked = kept.iter().copied().find(is_it).map(|row| &row.body);
    let procedures = kept.iter().filter(|row| row.kind == "Procedure").map(|row| &row.body);
    (asked, list_activities(asked, procedures))
}

fn key_of(concept: &Value) -> Option<String> {
    let coded = list(concept, "coding").find_map(|coding| {
        Some(format!("{}|{}", text(coding, "system").unwrap_or_default(), text(coding, "code")?))
    });
    coded.or_else(|| concept_name(concept).map(str::to_owned))
}

/// The categories of the guide's own code system, which Procedures share with the request they are for.
pub fn guide_categories(resource: &Value) -> impl Iterator<Item = &Value> {
    list(resource, "category")
        .filter(|it| list(it, "coding").any(|coding| text(coding, "system") == Some(GUIDE)))
}

/// Whether the sender forbids any contact with the person (the guide, `contacting-subject-prohibited`).
pub fn forbids_contact(request: &Value) -> bool {
    list(request, "orderDetail").any(|it| has_code(Some(it), "contacting-subject-prohibited"))
}

/// Why it is declined, as `statusReason`: the text is for everybody, the code for those who know the guide's.
pub fn write_reason(why: Option<DeclineReason>, words: Option<&str>) -> Option<Value> {
    let (said, code) = match why {
        Some(DeclineReason::AtCapacity) => {
            (Some("At capacity"), Some(("no-capacity", "No Capacity")))
        }
        Some(DeclineReason::Waitlist) => (
            Some("At capacity, with a waiting list"),
            Some(("waitlist", "No Capacity - Has Waitlist")),
        ),
        Some(DeclineReason::NotEligible) => (Some("Not eligible"), None),
        Some(DeclineReason::CannotReach) => (Some("Could not be reached"), None),
        Some(DeclineReason::Other) | None => (None, None),
    };
    let all = match (said, words) {
        (Some(said), Some(words)) => format!("{said}: {words}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => return None,
    };
    let mut reason = json!({ "text": all });
    if let Some((code, display)) = code {
        reason["coding"] = json!([{ "system": GUIDE, "code": code, "display": display }]);
    }
    Some(reason)
}

//! What may be pressed on a to-do, and what became of what was pressed.

use handrail_contract::{
    act::{ActKind, ActOffer, ActState, Acted, AnswerKind},
    place::{Role, SourceId},
    todo::TodoState,
    words::{Fact, Icon, ItemId, Note, Tone, Words},
};
use serde_json::Value;

use crate::{
    act::{Answer, Entry, Open, SERVICE, Standing, Unfit, expect, offered_acts, wanted_answer},
    fhir::element::text_at,
    store::Kept,
    view::{
        index::{Index, item_id, parse_item_id},
        say::{fact, ours, say, theirs},
    },
};

/// What may be pressed now, once everything that waits is done.
pub fn offers(index: &Index<'_>, todo: &Kept) -> Vec<ActOffer> {
    let Some(source) = index.source(&todo.source) else { return Vec::new() };
    let task = expect(&todo.body, &entries_of(index, todo));
    let acts = offered_acts(&task, source);
    acts.into_iter().map(|act| offer(&task, act)).collect()
}

fn offer(task: &Value, act: ActKind) -> ActOffer {
    let answer = wanted_answer(task).filter(|_| act == ActKind::Finish);
    let label = match act {
        ActKind::Start if Open::read(task) == Some(Open::OnHold) => "act-go-on",
        ActKind::Finish => match answer {
            Some((AnswerKind::Words | AnswerKind::Pdf, _)) => "act-send",
            Some((AnswerKind::Form, _)) => "act-answer",
            Some((
                AnswerKind::Contact | AnswerKind::Done | AnswerKind::Because | AnswerKind::Capacity,
                _,
            ))
            | None => act_label(act),
        },
        _ => act_label(act),
    };
    ActOffer {
        act,
        label: say(label),
        answer: answer.map(|(kind, _)| kind),
        needs_answer: answer.is_some_and(|(_, needed)| needed),
        asks_reason: matches!(act, ActKind::Pause | ActKind::Fail | ActKind::Cancel),
    }
}

/// What became of the last thing pressed, if the place does not have it.
pub fn sending(index: &Index<'_>, todo: &Kept) -> Option<Note> {
    let entry = *entries_of(index, todo).last()?;
    note(entry.standing, entry.problem.as_deref(), &index.place(&todo.source).name)
}

/// Whether the last thing pressed waits for the person to sign in again, and for nothing else.
pub fn sign_in_sends(index: &Index<'_>, todo: &Kept) -> bool {
    entries_of(index, todo).last().is_some_and(|entry| {
        entry.standing == Standing::Waiting && entry.problem.as_deref() == Some("sign_in_again")
    })
}

/// Whether something is on its way.
pub fn is_waiting(index: &Index<'_>, todo: &Kept) -> bool {
    entries_of(index, todo).iter().any(|entry| entry.standing == Standing::Waiting)
}

/// What the person wanted beside what the place has now, where the two do not go together.
pub fn compared(index: &Index<'_>, todo: &Kept, state: TodoState) -> Vec<Fact> {
    let Some(entry) = not_taken(index, todo).filter(|it| it.standing == Standing::Conflict) else {
        return Vec::new();
    };
    let mut facts = vec![fact(Icon::PenLine, "compared-yours", ours(act_label(entry.act)))];
    if let Some(reason) = &entry.reason {
        facts.push(fact(Icon::MessageCircle, "compared-reason", theirs(reason)));
    }
    if let Some(Answer::Words(text) | Answer::Contact(text)) = &entry.answer {
        facts.push(fact(Icon::MessageCircle, "compared-answer", theirs(text)));
    }
    if let Some(chip) = super::state_chip(state) {
        facts.push(fact(Icon::CircleAlert, "compared-theirs", chip.words));
    }
    if let Some(reason) = text_at(&todo.body, &["statusReason", "text"]) {
        facts.push(fact(Icon::MessageSquareText, "compared-their-reason", theirs(reason)));
    }
    facts
}

/// What the place said when it did not take it.
pub fn said(index: &Index<'_>, todo: &Kept) -> Option<Words> {
    not_taken(index, todo)?.said.as_deref().map(theirs)
}

/// The answer that was written and did not get there.
pub fn written(index: &Index<'_>, todo: &Kept) -> Option<String> {
    match &not_taken(index, todo)?.answer {
        Some(Answer::Words(text) | Answer::Contact(text)) => Some(text.clone()),
        Some(
            Answer::Document(_)
            | Answer::Done { .. }
            | Answer::Asked(_)
            | Answer::Shown(_)
            | Answer::Because(_)
            | Answer::Capacity(_),
        )
        | None => None,
    }
}

/// The last thing pressed, if it was not done and will not be.
fn not_taken<'a>(index: &Index<'a>, todo: &Kept) -> Option<&'a Entry> {
    let last = *entries_of(index, todo).last()?;
    matches!(last.standing, Standing::Conflict | Standing::Refused).then_some(last)
}

pub const fn act_label(act: ActKind) -> &'static str {
    match act {
        ActKind::Start => "act-start",
        ActKind::Pause => "act-pause",
        ActKind::Finish => "act-finish",
        ActKind::Fail => "act-fail",
        ActKind::Cancel => "act-cancel",
        ActKind::Claim => "act-claim",
        ActKind::Accept => "act-accept",
        ActKind::Decline => "act-decline",
        ActKind::Ask => "act-ask",
        ActKind::TellCapacity => "act-tell-capacity",
    }
}

pub fn entries_of<'a>(index: &Index<'a>, todo: &Kept) -> Vec<&'a Entry> {
    let is_of =
        |entry: &&Entry| entry.source == todo.source && entry.is_about(&todo.kind, &todo.id);
    index.shelf.outbox.iter().filter(is_of).collect()
}

/// What the names of those things begin with that are acted on.
fn name_of(by: Role, kind: &str) -> &'static str {
    match (by, kind) {
        (Role::Patient, _) => "todo",
        (Role::Organization, SERVICE) => "service",
        (Role::Organization, _) => "request",
    }
}

/// What an act is done to, by its name on a page: who may do it, the type, the place and the id there.
pub fn read_acted(id: &ItemId) -> Option<(Role, &'static str, SourceId, String)> {
    let all =
        [(Role::Patient, "Task"), (Role::Organization, "Task"), (Role::Organization, SERVICE)];
    all.into_iter().find_map(|(by, kind)| {
        let (source, id) = parse_item_id(id, name_of(by, kind))?;
        Some((by, kind, source, id))
    })
}

/// What came of an act, for whoever pressed it.
pub fn acted(entry: &Entry, place: &str) -> Acted {
    Acted {
        id: item_id(name_of(entry.by, entry.kind()), &entry.source, &entry.task),
        state: match entry.standing {
            Standing::Waiting => ActState::Waiting,
            Standing::Sent => ActState::Sent,
            Standing::Conflict => ActState::Conflict,
            Standing::Refused => ActState::Refused,
        },
        problem: entry.problem.clone(),
        note: note(entry.standing, entry.problem.as_deref(), place),
        said: entry.said.clone().map(Words::theirs),
    }
}

/// Why an act was not even begun.
pub fn act_not_taken(id: ItemId, why: Unfit, place: &str) -> Acted {
    Acted {
        id,
        state: ActState::Refused,
        problem: Some(why.code().to_owned()),
        note: note(Standing::Refused, Some(why.code()), place),
        said: None,
    }
}

fn note(standing: Standing, problem: Option<&str>, place: &str) -> Option<Note> {
    let (tone, icon, heading, body) = match (standing, problem) {
        (Standing::Sent, _) => return None,
        (Standing::Waiting, Some("sign_in_again")) => {
            (Tone::Turn, Icon::LogIn, "sending-sign-in-heading", "sending-sign-in-body")
        }
        (Standing::Waiting, Some("not_sure")) => {
            (Tone::Wait, Icon::Hourglass, "sending-not-sure-heading", "sending-not-sure-body")
        }
        (Standing::Waiting, _) => {
            (Tone::Wait, Icon::Hourglass, "sending-waiting-heading", "sending-waiting-body")
        }
        (Standing::Conflict, Some("gone")) => {
            (Tone::Plain, Icon::CircleSlash, "sending-gone-heading", "sending-gone-body")
        }
        (Standing::Conflict, Some("not_sure")) => {
            (Tone::Turn, Icon::Phone, "sending-ask-heading", "sending-ask-body")
        }
        (Standing::Conflict, _) => {
            (Tone::Turn, Icon::CircleAlert, "sending-changed-heading", "sending-changed-body")
        }
        (Standing::Refused, Some("no_versions")) => {
            (Tone::Bad, Icon::Phone, "sending-no-versions-heading", "sending-no-versions-body")
        }
        (Standing::Refused, Some("not_offered")) => {
            (Tone::Bad, Icon::CircleX, "sending-not-offered-heading", "sending-not-offered-body")
        }
        (Standing::Refused, Some("answer_missing")) => (
            Tone::Turn,
            Icon::PenLine,
            "sending-answer-missing-heading",
            "sending-answer-missing-body",
        ),
        (Standing::Refused, Some("answer_unfit")) => {
            (Tone::Bad, Icon::CircleX, "sending-answer-unfit-heading", "sending-answer-unfit-body")
        }
        (Standing::Refused, Some("address_unfit")) => (
            Tone::Turn,
            Icon::PenLine,
            "sending-address-unfit-heading",
            "sending-address-unfit-body",
        ),
        (Standing::Refused, Some("too_long")) => {
            (Tone::Turn, Icon::PenLine, "sending-too-long-heading", "sending-too-long-body")
        }
        (Standing::Refused, _) => {
            (Tone::Bad, Icon::CircleX, "sending-refused-heading", "sending-refused-body")
        }
    };
    Some(Note { tone, icon, heading: say(heading), body: say(body).with("place", place) })
}

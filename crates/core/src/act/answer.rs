//! What the person gave as their answer, checked against what the to-do asks for.

use std::cmp::Ordering;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use handrail_contract::act::{ActKind, AnswerKind, Capacity, Given};
use jiff::{Timestamp, civil::Date};
use serde_json::Value;

use super::{
    Answer, Document, Request,
    ask::{take_asking, write_question},
    document::write_instant,
    may_write, wanted_answer,
};
use crate::{fetch::Access, fhir::text::is_blank, session::Source};

/// The longest text that is taken. Longer ones are cut by servers, in silence.
const LONGEST_TEXT: usize = 10_000;
/// The largest file, in bytes. Servers take no more than some megabytes in one resource.
const LARGEST_FILE: usize = 5 * 1024 * 1024;

/// Why something pressed is not done. Nothing was sent or kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The to-do does not allow it now, or the place does not. Show the page again.
    #[error("this act is not offered")]
    NotOffered,
    /// Finishing takes an answer.
    #[error("there is no answer")]
    AnswerMissing,
    /// The answer is of another kind than the to-do asks for, or about somebody or something else.
    #[error("the answer does not fit")]
    AnswerUnfit,
    /// No browser could open this address, or none should. Say so beside the field.
    #[error("the address is no page on the web")]
    AddressUnfit,
    /// Longer or larger than servers take.
    #[error("the answer or the reason is too long")]
    TooLong,
}

impl Unfit {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOffered => "not_offered",
            Self::AnswerMissing => "answer_missing",
            Self::AnswerUnfit => "answer_unfit",
            Self::AddressUnfit => "address_unfit",
            Self::TooLong => "too_long",
        }
    }
}

/// Takes a reason. One without words is none.
pub fn take_reason(reason: Option<String>) -> Result<Option<String>, Unfit> {
    reason.filter(|reason| !is_blank(reason)).map(take_text).transpose()
}

/// Takes an answer: what finishing asks for, and nothing with any other act.
pub fn take_answer(
    given: Option<Given>,
    act: ActKind,
    task: &Value,
    source: &Source,
    uuid: [u8; 16],
    now: Timestamp,
) -> Result<Option<Answer>, Unfit> {
    let wanted = wanted_answer(task).filter(|_| act == ActKind::Finish);
    let Some(given) = given else {
        let is_missing = wanted.is_some_and(|(_, needed)| needed);
        return if is_missing { Err(Unfit::AnswerMissing) } else { Ok(None) };
    };
    let answer = match (wanted.map(|(kind, _)| kind), given) {
        (Some(AnswerKind::Words), Given::Words(text)) => Answer::Words(take_words(text)?),
        (Some(AnswerKind::Contact), Given::Words(text)) => Answer::Contact(take_words(text)?),
        (Some(AnswerKind::Form), Given::Form(response)) => {
            if response.len() > LARGEST_FILE {
                return Err(Unfit::TooLong);
            }
            Answer::Document(Document::of_response(&response, task, source, uuid, now)?)
        }
        (Some(AnswerKind::Pdf), Given::Pdf(data)) => {
            if data.len() > LARGEST_FILE / 3 * 4 {
                return Err(Unfit::TooLong);
            }
            let bytes = STANDARD.decode(&data).map_err(|_| Unfit::AnswerUnfit)?;
            if !bytes.starts_with(b"%PDF-") {
                return Err(Unfit::AnswerUnfit);
            }
            Answer::Document(Document::of_pdf(&data, task, source, uuid, now)?)
        }
        _ => return Err(Unfit::AnswerUnfit),
    };
    Ok(Some(answer))
}

/// Takes what goes with an organization's act: what was done, why not, or a question.
pub fn take_staff_answer(
    given: Option<Given>,
    act: ActKind,
    task: &Value,
    request: &Request<'_>,
    source: &Source,
    uuid: [u8; 16],
    now: Timestamp,
) -> Result<Option<Answer>, Unfit> {
    Ok(match (act, given) {
        (ActKind::Finish, Some(Given::Done(keys))) => {
            Some(take_activities(&keys, task, request, source, uuid, &write_instant(now))?)
        }
        (ActKind::Finish, Some(Given::DoneOn { done, day })) => {
            let day: Date = day.parse().map_err(|_| Unfit::AnswerUnfit)?;
            let at = match day.cmp(&request.today) {
                Ordering::Less => day.to_string(),
                Ordering::Equal => write_instant(now),
                Ordering::Greater => return Err(Unfit::AnswerUnfit),
            };
            // A day that cannot be sent is not dropped in silence.
            if day < request.today && !done.is_empty() && !takes_day(source) {
                return Err(Unfit::NotOffered);
            }
            Some(take_activities(&done, task, request, source, uuid, &at)?)
        }
        (ActKind::Decline, Some(Given::Because(why))) => Some(Answer::Because(why)),
        (ActKind::Ask, Some(Given::Words(words))) => {
            let words = take_words(words)?;
            Some(Answer::Asked(write_question(&words, task, source, uuid, now)?))
        }
        (ActKind::Ask, Some(Given::Asking(asking))) => {
            Some(take_asking(asking, task, request, source, uuid, now)?)
        }
        (ActKind::TellCapacity, Some(Given::Capacity(capacity)))
            if Capacity::ALL.contains(&capacity) =>
        {
            Some(Answer::Capacity(capacity))
        }
        (ActKind::Finish | ActKind::Decline | ActKind::Ask | ActKind::TellCapacity, None) => {
            return Err(Unfit::AnswerMissing);
        }
        (_, None) => None,
        (_, Some(_)) => return Err(Unfit::AnswerUnfit),
    })
}

/// Whether the place takes the day on which something was done: a Procedure has one, and a Task's output has none.
pub fn takes_day(source: &Source) -> bool {
    may_write(source, "Procedure", Access::Create)
}

fn take_activities(
    keys: &[String],
    task: &Value,
    request: &Request<'_>,
    source: &Source,
    uuid: [u8; 16],
    at: &str,
) -> Result<Answer, Unfit> {
    let creates = takes_day(source);
    let (mut documents, mut codes) = (Vec::new(), Vec::new());
    for (number, key) in (0..=u8::MAX).zip(keys) {
        let activity = request.activities.iter().find(|activity| activity.key == *key);
        let concept = &activity.ok_or(Unfit::AnswerUnfit)?.concept;
        if creates {
            // Each has a name of its own, made of the same random one.
            let mut own = uuid;
            own[15] = own[15].wrapping_add(number);
            let asked = request.asked;
            documents.push(Document::of_activity(concept, task, asked, source, own, at)?);
        } else {
            codes.push(concept.clone());
        }
    }
    Ok(Answer::Done { documents, codes })
}

pub fn take_words(text: String) -> Result<String, Unfit> {
    if is_blank(&text) { Err(Unfit::AnswerMissing) } else { take_text(text) }
}

/// Without what FHIR strings must not hold (R4 section 2.24.0.1): control characters but line ends and tabs.
pub fn take_text(text: String) -> Result<String, Unfit> {
    if text.chars().count() > LONGEST_TEXT {
        return Err(Unfit::TooLong);
    }
    let kept: String =
        text.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\r' | '\t')).collect();
    Ok(kept.trim().to_owned())
}

//! One request in full: the person, what was said, and what may be done now.

use handrail_contract::{
    act::{ActKind, ActOffer, AnswerKind, Capacity},
    inbox::{Activity, AskChoice, Asked, Asks, ConsentSeen, InboxRow, RequestPage},
    words::{Fact, Filling, Icon, ItemId, Note, Phrase, Tone, Words},
};
use serde_json::Value;

use super::{Standing, find, questions, read_id, read_task, show_row};
use crate::{
    act::{
        SERVICE, expect, find_request, list_askable, may_tell, offered_acts, read_room, takes_day,
    },
    fhir::{
        element::{concept_name, has_code, list, parameters, text, text_at},
        task::{TaskForm, read_form},
    },
    store::Kept,
    view::{
        Now,
        index::{Index, item_id},
        people::contacts_of,
        referral::Referral,
        say::{fact, ours, say, their_message, theirs},
        story::tell_story,
        todo::{self, act_label, entries_of, sending},
    },
};

/// One request in full. `None`: it is not there, or not theirs any more.
pub fn show(index: &Index<'_>, id: &ItemId, now: Now<'_>) -> Option<RequestPage> {
    let (source, task) = read_id(id)?;
    let group = find(index, &source, &task)?;
    let row = show_row(index, &group, &Standing::of(index, &group, now)?, now);
    let task = index.row(&source, "Task", &task)?;
    let referral = &read_task(index, task)?;
    let reach = |member: &str| task.body.get(member).map(|it| contacts_of(index, task, it));
    // Who did not see the request does not know whether the sender forbids it.
    let may_contact = !row.do_not_contact && referral.request.is_some();
    let contacts = if may_contact { reach("for") } else { None };
    Some(RequestPage {
        warning: warning(row.do_not_contact, may_contact),
        contacts: contacts.unwrap_or_default(),
        sender_contacts: reach("requester").unwrap_or_default(),
        person: person(&row),
        facts: given_to(index, task).into_iter().chain(facts(&row)).collect(),
        messages: messages(referral, task),
        story: tell_story(index, referral, row.state, now),
        asked: questions(index, task).map(|question| asked(index, question)).collect(),
        acts: offers(index, task)
            .into_iter()
            .filter(|offer| may_contact || offer.act != ActKind::Ask)
            .collect(),
        asks: if may_contact { asks(index, task) } else { Asks::default() },
        activities: activities(index, task),
        takes_day: index.source(&task.source).is_some_and(takes_day),
        today: now.tz.to_datetime(now.at).date().to_string(),
        sending: sending(index, task),
        offers_capacity: offers_capacity(index, task),
        sign_in_sends: todo::sign_in_sends(index, task),
        row,
    })
}

fn warning(do_not_contact: bool, may_contact: bool) -> Option<Note> {
    let (tone, heading, body) = match (do_not_contact, may_contact) {
        (true, _) => (Tone::Bad, "request-do-not-contact-heading", "request-do-not-contact-body"),
        (false, false) => {
            (Tone::Wait, "request-contact-unknown-heading", "request-contact-unknown-body")
        }
        (false, true) => return None,
    };
    Some(Note { tone, icon: Icon::TriangleAlert, heading: say(heading), body: say(body) })
}

/// Who the person is. That a number is held back is said, so that nobody looks for it elsewhere.
fn person(row: &InboxRow) -> Vec<Fact> {
    let name = row.person.as_deref().map(|name| fact(Icon::User, "request-name", theirs(name)));
    let age = row.age.map(|age| {
        let years = say("request-years").with("years", i64::from(age));
        fact(Icon::Calendar, "request-age", Words::Ours(years))
    });
    let language =
        row.language.as_ref().map(|it| fact(Icon::Languages, "request-language", it.clone()));
    let held_back = row
        .do_not_contact
        .then(|| fact(Icon::EyeOff, "request-reach", ours("request-reach-hidden")));
    [name, age, language, held_back].into_iter().flatten().collect()
}

/// The service of theirs that is asked for, where it is one.
fn given_to<'a>(index: &Index<'a>, task: &'a Kept) -> Option<Fact> {
    let owner = task.body.get("owner")?;
    let (_, service) =
        index.follow(task, owner).filter(|(kind, _)| *kind == "HealthcareService")?;
    let name = text(service, "name").or_else(|| text(owner, "display"))?;
    Some(fact(Icon::HandHelping, "request-service", theirs(name)))
}

fn facts(row: &InboxRow) -> Vec<Fact> {
    let consent = match row.consent {
        ConsentSeen::InForce => "request-consent-in-force",
        ConsentSeen::NotInForce => "request-consent-not-in-force",
        ConsentSeen::NotSeen => "request-consent-not-seen",
    };
    let due = row.due.as_ref().map(|due| {
        let day = say("request-due-day").with("day", Filling::Day(due.clone()));
        fact(Icon::Clock, "request-due", Words::Ours(day))
    });
    let why = row.reasons.iter().map(|it| fact(Icon::Info, "request-reason", it.clone()));
    let goals = row.goals.iter().map(|it| fact(Icon::Flag, "request-goal", it.clone()));
    let sender = fact(Icon::Mail, "request-sender", row.sender.clone());
    let consent = fact(Icon::ShieldCheck, "request-consent", ours(consent));
    due.into_iter().chain(goals).chain(why).chain([sender, consent]).collect()
}

/// What the sender wrote to whoever helps: on the request, then on the Task.
fn messages(referral: &Referral<'_>, task: &Kept) -> Vec<Words> {
    let notes = |body: &'_ Value| -> Vec<Words> {
        let lang = text(body, "language");
        let all = list(body, "note").filter_map(|note| text(note, "text"));
        all.map(|words| their_message(words, lang)).collect()
    };
    let asked = referral.request.map(|it| notes(&it.body)).unwrap_or_default();
    let mut all = asked;
    for note in notes(&task.body) {
        if !all.contains(&note) {
            all.push(note);
        }
    }
    all
}

/// What may be pressed now, once everything that waits is done.
fn offers(index: &Index<'_>, task: &Kept) -> Vec<ActOffer> {
    let Some(source) = index.source(&task.source) else { return Vec::new() };
    let expected = expect(&task.body, &entries_of(index, task));
    let is_on_hold = text(&expected, "status") == Some("on-hold");
    let offer = |act| {
        let answer = match act {
            ActKind::Finish => Some(AnswerKind::Done),
            ActKind::Decline => Some(AnswerKind::Because),
            ActKind::Ask => Some(AnswerKind::Words),
            _ => None,
        };
        let label = match act {
            ActKind::Start if is_on_hold => "act-go-on",
            ActKind::Start => "act-we-started",
            ActKind::Finish => "act-we-are-done",
            ActKind::Cancel => "act-stop-helping",
            ActKind::Fail => "act-did-not-work",
            ActKind::Pause => "act-hold",
            _ => act_label(act),
        };
        ActOffer {
            act,
            label: say(label),
            answer,
            needs_answer: answer.is_some(),
            asks_reason: matches!(
                act,
                ActKind::Decline | ActKind::Pause | ActKind::Fail | ActKind::Cancel
            ),
        }
    };
    offered_acts(&expected, source).into_iter().map(offer).collect()
}

/// Whether it was turned away for want of room while a service of theirs does not say so yet.
fn offers_capacity(index: &Index<'_>, task: &Kept) -> bool {
    let Some(source) = index.source(&task.source) else { return false };
    let expected = expect(&task.body, &entries_of(index, task));
    let is_full =
        ["no-capacity", "waitlist"].iter().any(|code| has_code(expected.get("statusReason"), code));
    let could_say = |row: &Kept| {
        let room = read_room(&expect(&row.body, &entries_of(index, row)));
        may_tell(&row.body, source) && room.is_none_or(|room| room.capacity == Capacity::HasRoom)
    };
    let mut services = index.rows(&task.source).into_iter().filter(|row| row.kind == SERVICE);
    text(&expected, "status") == Some("rejected") && is_full && services.any(could_say)
}

fn activities(index: &Index<'_>, task: &Kept) -> Vec<Activity> {
    let Some(source) = index.source(&task.source) else { return Vec::new() };
    let (_, all) = find_request(&task.body, &index.rows(&task.source), source);
    all.into_iter()
        .map(|it| Activity {
            name: theirs(concept_name(&it.concept).unwrap_or(&it.key)),
            key: it.key,
        })
        .collect()
}

fn asks(index: &Index<'_>, task: &Kept) -> Asks {
    let Some(source) = index.source(&task.source) else { return Asks::default() };
    let askable = list_askable(&task.body, &index.rows(&task.source), source);
    let choice = |key, name: String| AskChoice { key, name: Words::theirs(name) };
    Asks {
        contacts: askable.contacts.into_iter().map(|it| choice(it.key, it.name)).collect(),
        forms: askable.forms.into_iter().map(|it| choice(it.key, it.name)).collect(),
        review: askable.review,
    }
}

/// What kind of thing the person was asked for.
fn kind_of_asked(task: &Value) -> Phrase {
    say(match read_form(task) {
        TaskForm::Contact => "request-asked-contact",
        TaskForm::Review => "request-asked-review",
        TaskForm::Questionnaire(_)
        | TaskForm::QuestionnaireMissing
        | TaskForm::Pdf
        | TaskForm::Web(_) => "request-asked-form",
        TaskForm::GeneralInformation | TaskForm::Other => "request-asked-question",
    })
}

/// What it is about, where nothing was written with it: the form's name, or what is shown.
fn name_of_asked<'a>(index: &Index<'a>, question: &'a Kept) -> Option<&'a str> {
    let body = &question.body;
    match read_form(body) {
        TaskForm::Questionnaire(canonical) => {
            text(&index.questionnaire(question, canonical)?.body, "title")
        }
        _ => text_at(body, &["focus", "display"]),
    }
}

fn asked(index: &Index<'_>, question: &Kept) -> Asked {
    let body = &question.body;
    let said = parameters(body, "output", &["general-information-response", "chosen-contact"]);
    let lang = text(body, "language");
    Asked {
        id: item_id("request", &question.source, &question.id),
        kind: kind_of_asked(body),
        is_done: text(body, "status") == Some("completed"),
        question: text(body, "description")
            .or_else(|| name_of_asked(index, question))
            .map_or_else(|| ours("todo-title-other"), |words| their_message(words, lang)),
        is_open: todo::is_open(body),
        answers: said
            .filter_map(|it| text(it, "valueMarkdown").or_else(|| text(it, "valueString")))
            .map(|words| their_message(words, lang))
            .collect(),
        acts: offers(index, question),
    }
}

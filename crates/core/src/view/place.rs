//! Connected places: how they stand, what they share, and how fresh a page is.

use handrail_contract::{
    place::{
        ConnectionPage, ConnectionRow, ConnectionState, Connections, Employer, Employers, Place,
        Role, Service, Skipped, SourceId,
    },
    referral::{ReferralGroup, ReferralState},
    sign_in::{Counts, Found, FoundKind, FoundLine},
    words::{Checked, Chip, Contact, Fact, Icon, Note, Phrase, Tone, Words},
};

use serde_json::Value;

use super::{
    Now, Shelf,
    goal::{self},
    inbox,
    index::{Index, item_id},
    people::{contacts_of, without_doubles},
    referral,
    say::{checked_line, chip, fact, moment, number, ours, say, theirs},
    todo::{self, entries_of, sending},
};
use crate::{
    act::{self, expect, may_tell, read_room},
    fetch::{Skip, SkipReason},
    fhir::{element::text, text::clean_line},
    session::Source,
    store::Kept,
    vault::keys::KeyPlace,
};

/// Every connection, in the order they were made, and a word about where their keys are.
pub fn list(shelf: &Shelf, keys: Option<KeyPlace>, now: Now<'_>) -> Connections {
    Connections {
        rows: shelf.sources.iter().map(|source| show_row(source, now)).collect(),
        note: keys.and_then(key_note),
    }
}

/// The weaker place is named; there is nothing to say about the other.
fn key_note(place: KeyPlace) -> Option<Note> {
    match place {
        KeyPlace::SecretService | KeyPlace::Device => None,
        KeyPlace::KeyFile => Some(Note {
            tone: Tone::Plain,
            icon: Icon::KeyRound,
            heading: say("keys-file-heading"),
            body: say("keys-file-body"),
        }),
    }
}

fn place_of(source: &Source) -> Place {
    Place { source: source.id.clone(), name: source.name.clone(), hue: source.hue }
}

fn show_row(source: &Source, now: Now<'_>) -> ConnectionRow {
    ConnectionRow {
        place: place_of(source),
        host: source.base.host(),
        role: source.role,
        state: source.state,
        left: source.left_at.is_some(),
        chip: match source.left_at {
            Some(_) => chip(Tone::Plain, Icon::Unplug, "connection-left"),
            None => state_chip(source.state),
        },
        line: state_line(source, now),
        last_success_at: source.last_success_at.map(|at| at.to_string()),
        next_due_at: source.next_due_at.map(|at| at.to_string()),
        skipped: source.skipped.iter().map(show_skip).collect(),
    }
}

fn state_chip(state: ConnectionState) -> Chip {
    match state {
        ConnectionState::Connected => chip(Tone::Done, Icon::CircleCheck, "connection-connected"),
        ConnectionState::SignInAgain => chip(Tone::Turn, Icon::LogIn, "connection-sign-in"),
        ConnectionState::OutOfReach => chip(Tone::Wait, Icon::CloudOff, "connection-away"),
    }
}

fn state_line(source: &Source, now: Now<'_>) -> Phrase {
    let Some(last) = source.last_success_at else {
        return match source.state {
            ConnectionState::OutOfReach => away_line(source, "connection-line-away-never"),
            _ => say("checked-never"),
        };
    };
    match source.state {
        ConnectionState::Connected => checked_line(last, now),
        ConnectionState::SignInAgain => say("connection-line-saved").with("at", moment(last)),
        ConnectionState::OutOfReach => {
            away_line(source, "connection-line-away").with("at", moment(last))
        }
    }
}

/// A sentence about the next try, where there is one: the key's `-soon` twin has no time in it.
fn away_line(source: &Source, key: &str) -> Phrase {
    match source.next_due_at {
        Some(next) => say(key).with("next", moment(next)),
        None => say(&format!("{key}-soon")),
    }
}

/// What is skipped, in the person's terms.
fn plain_name(kind: &str) -> &'static str {
    match kind {
        "Task" => "todos",
        "ServiceRequest" => "referrals",
        "Goal" => "goals",
        "Questionnaire" => "forms",
        "QuestionnaireResponse" => "answers",
        "DocumentReference" | "Consent" => "documents",
        "Procedure" | "Observation" => "results",
        "Patient" | "RelatedPerson" => "person",
        "Organization" | "Practitioner" | "PractitionerRole" | "HealthcareService" | "Location" => {
            "names"
        }
        _ => "other",
    }
}

/// A skip with its sentence: `skipped-WHY`, about `skipped-what-WHAT`.
fn show_skip(skip: &Skip) -> Skipped {
    let what = plain_name(&skip.what);
    let mut line = say(&format!("skipped-{}", skip.why.code().replace('_', "-")))
        .with("what", say(&format!("skipped-what-{what}")));
    if let Some(count) = skip.count {
        line = line.with("count", i64::try_from(count).unwrap_or(i64::MAX));
    } else {
        line = line.with("count", 0);
    }
    Skipped { what: what.to_owned(), why: skip.why.code().to_owned(), count: skip.count, line }
}

/// One connection in full. `staff` is the index of organizations' places. `None`: there is no such place.
pub fn show(
    index: &Index<'_>,
    staff: &Index<'_>,
    id: &SourceId,
    now: Now<'_>,
) -> Option<ConnectionPage> {
    let source = index.shelf.sources.iter().find(|source| source.id == *id)?;
    Some(ConnectionPage {
        row: show_row(source, now),
        facts: facts_of(source, saved_of(index, staff, source, now)),
        note: note_of(source),
        contacts: own_contacts(index, source),
        employers: employers(staff, id),
        services: services(staff, id),
    })
}

/// What the organization provides, and whether there is room.
fn services(index: &Index<'_>, id: &SourceId) -> Vec<Service> {
    // Who has yet to say for whom they work speaks for nobody.
    let source = index.source(id).filter(|source| !source.asks_employer());
    let Some(source) = source else { return Vec::new() };
    let rows = index.rows(id).into_iter().filter(|row| row.kind == act::SERVICE);
    let show = |row: &Kept| {
        let provider = source.services.get(&row.id)?;
        source.employers().contains(&&**provider).then(|| Service {
            id: item_id("service", id, &row.id),
            name: text(&row.body, "name").map_or_else(|| ours("service-unnamed"), theirs),
            capacity: read_room(&expect(&row.body, &entries_of(index, row))).map(|it| it.capacity),
            may_tell: may_tell(&row.body, source),
            sending: sending(index, row),
        })
    };
    rows.filter_map(show).collect()
}

/// The organizations to choose among: those that name somebody as theirs where they are several, or all that the
/// place shows where none does. `None`: there is nothing to choose.
fn employers(index: &Index<'_>, id: &SourceId) -> Option<Employers> {
    let source = index.source(id).filter(|source| source.left_at.is_none())?;
    let is_active = |row: &&Kept| {
        row.kind == "Organization" && row.body.get("active") != Some(&Value::Bool(false))
    };
    let own = &source.organizations;
    let ids: Vec<&str> = match own.len() {
        0 => index.rows(id).into_iter().filter(is_active).map(|row| &*row.id).collect(),
        1 => return None,
        _ => own.iter().map(String::as_str).collect(),
    };
    let name_of = |id: &str| {
        let row = index.row(&source.id, "Organization", id);
        row.and_then(|row| text(&row.body, "name")).map_or_else(|| id.to_owned(), clean_line)
    };
    let mut all: Vec<(String, &str)> = ids.into_iter().map(|id| (name_of(id), id)).collect();
    all.sort();
    let choice = |(name, id): (String, &str)| Employer {
        name: theirs(&name),
        id: id.to_owned(),
        chosen: source.chosen.iter().any(|chosen| chosen == id),
    };
    Some(Employers {
        all: all.into_iter().map(choice).collect(),
        several: own.len() > 1,
        asks: source.asks_employer(),
    })
}

fn facts_of(source: &Source, saved: Phrase) -> Vec<Fact> {
    let at = |phrase: &str, at| Words::Ours(say(phrase).with("at", moment(at)));
    let mut facts = Vec::new();
    let last = source
        .last_success_at
        .map_or_else(|| say("checked-never"), |at| say("a-moment").with("at", moment(at)));
    facts.push(fact(Icon::RefreshCw, "fact-last-checked", Words::Ours(last)));
    match (source.state, source.next_due_at) {
        (ConnectionState::SignInAgain, _) => {
            facts.push(fact(Icon::Clock, "fact-next-check", Words::Ours(say("after-sign-in"))));
        }
        (ConnectionState::OutOfReach, Some(next)) => {
            facts.push(fact(Icon::Clock, "fact-next-try", at("a-moment", next)));
        }
        (ConnectionState::Connected, Some(next)) => {
            facts.push(fact(Icon::Clock, "fact-next-check", at("about-moment", next)));
        }
        (_, None) => {}
    }
    facts.push(fact(Icon::Save, "fact-saved", Words::Ours(saved)));
    facts.push(fact(Icon::Plug, "fact-connected-since", at("a-moment", source.connected_at)));
    facts
}

/// How much is saved of a place: what is the person's own, or what an organization was asked.
fn saved_of(index: &Index<'_>, staff: &Index<'_>, source: &Source, now: Now<'_>) -> Phrase {
    if source.role == Role::Organization {
        return say("saved-requests").with("count", counted(inbox::count_at(staff, &source.id)));
    }
    let counts = count(index, &source.id, now).counts;
    say("saved-counts")
        .with("todos", counted(counts.todos))
        .with("goals", counted(counts.goals))
        .with("referrals", counted(counts.referrals))
}

fn counted(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What is the matter with a place, if anything is.
fn note_of(source: &Source) -> Option<Note> {
    if source.left_at.is_some() {
        return Some(Note {
            tone: Tone::Plain,
            icon: Icon::Info,
            heading: say("place-left-heading").with("place", &*source.name),
            body: say("place-left-body"),
        });
    }
    match source.state {
        ConnectionState::SignInAgain if source.signs_in_each_time => {
            Some(each_time_note(source, "each-time-body"))
        }
        ConnectionState::SignInAgain => Some(Note {
            tone: Tone::Turn,
            icon: Icon::LogIn,
            heading: say("place-sign-in-heading").with("place", &*source.name),
            body: say("place-sign-in-body").with("place", &*source.name),
        }),
        ConnectionState::OutOfReach => Some(Note {
            tone: Tone::Wait,
            icon: Icon::CloudOff,
            heading: say("place-away-heading").with("place", &*source.name),
            body: away_line(source, "place-away-body"),
        }),
        ConnectionState::Connected => {
            let count = lost_count(source);
            let each_time = source.signs_in_each_time;
            (count > 0)
                .then(|| lost_note(count))
                .or_else(|| each_time.then(|| each_time_note(source, "each-time-body-now")))
        }
    }
}

/// The place gives no refresh token: that is its way, and nobody's failure.
fn each_time_note(source: &Source, body: &str) -> Note {
    Note {
        tone: Tone::Plain,
        icon: Icon::LogIn,
        heading: say("each-time-heading").with("place", &*source.name),
        body: say(body),
    }
}

/// The same, as Today shows it.
pub fn attention_note(source: &Source) -> Option<Note> {
    match source.state {
        ConnectionState::Connected => None,
        _ if source.left_at.is_some() => None,
        _ => note_of(source),
    }
}

/// Things that were there and could not be read.
fn lost_count(source: &Source) -> i64 {
    let lost = source.skipped.iter().filter(|skip| {
        matches!(skip.why, SkipReason::Unreadable | SkipReason::AnotherPerson | SkipReason::TooMuch)
    });
    lost.map(|skip| i64::try_from(skip.count.unwrap_or(1)).unwrap_or(i64::MAX))
        .fold(0, i64::saturating_add)
}

fn lost_note(count: i64) -> Note {
    Note {
        tone: Tone::Plain,
        icon: Icon::Info,
        heading: say("lost-heading").with("count", count),
        body: say("lost-body"),
    }
}

/// How to reach the place itself: the organizations that asked for things there.
fn own_contacts(index: &Index<'_>, source: &Source) -> Vec<Contact> {
    let requesters = own_requesters(index, source).into_iter();
    without_doubles(requesters.flat_map(|(row, it)| contacts_of(index, row, it)).collect())
}

/// Those of the place itself who asked for something, as references in rows.
pub fn own_requesters<'a>(index: &Index<'a>, source: &Source) -> Vec<(&'a Kept, &'a Value)> {
    let rows: Vec<&Kept> = index
        .todos
        .iter()
        .chain(&index.requests)
        .copied()
        .filter(|row| row.source == source.id)
        .collect();
    let named = rows.iter().filter_map(|row| Some((*row, row.body.get("requester")?)));
    let same_name = named.filter(|(row, requester)| {
        super::people::organization_of(index, row, requester)
            .is_some_and(|name| name == source.name)
    });
    same_name.take(20).collect()
}

/// How fresh a page about one place or all of them is: as old as its oldest part.
pub fn checked(index: &Index<'_>, only: Option<&SourceId>, now: Now<'_>) -> Checked {
    let sources =
        || index.shelf.sources.iter().filter(|source| only.is_none_or(|only| source.id == *only));
    let oldest = sources()
        .filter(|source| source.state == ConnectionState::Connected)
        .map(|source| source.last_success_at)
        .min()
        .flatten();
    // Where every place is away, the age of what is saved still counts.
    let any = sources().filter_map(|source| source.last_success_at).min();
    let next = sources()
        .filter(|source| source.state != ConnectionState::SignInAgain)
        .filter_map(|source| source.next_due_at)
        .min();
    Checked {
        line: oldest
            .or(any)
            .map(|at| checked_line(at, now))
            .or_else(|| sources().next().map(|_| say("checked-never"))),
        next: next.map(|at| say("next-check").with("at", moment(at.max(now.at)))),
        running: sources().any(|source| index.shelf.checking.contains(&source.id)),
    }
}

/// Places that do not share what a list is about, and why.
pub fn list_notes(
    index: &Index<'_>,
    only: Option<&SourceId>,
    kind: &str,
    shares_anyway: impl Fn(&SourceId) -> bool,
) -> Vec<Note> {
    let name = plain_name(kind);
    let sources =
        index.shelf.sources.iter().filter(|source| only.is_none_or(|only| source.id == *only));
    sources
        .filter(|source| !shares_anyway(&source.id))
        .filter_map(|source| {
            let skip =
                source.skipped.iter().find(|skip| skip.what == kind && is_missing(skip.why))?;
            Some(Note {
                tone: Tone::Plain,
                icon: Icon::Info,
                heading: say(&format!("no-{name}-heading")).with("place", &*source.name),
                body: say(&format!("no-list-{}", skip.why.code().replace('_', "-"))),
            })
        })
        .collect()
}

fn is_missing(why: SkipReason) -> bool {
    matches!(why, SkipReason::NotOffered | SkipReason::NotGranted | SkipReason::Refused)
}

/// What a place has, counted as its lists show it.
struct Counted {
    counts: Counts,
    need_you: usize,
    getting_better: usize,
    /// Days of the only referral that needs a push, where it has no answer yet.
    no_answer: Option<u32>,
    need_push: usize,
    helping: bool,
}

fn count(index: &Index<'_>, id: &SourceId, now: Now<'_>) -> Counted {
    let todos = todo::list(index, Some(id), now);
    let goals = goal::list(index, Some(id), now);
    let all = referral::Referral::all(index);
    let referrals = referral::rows(index, &all, Some(id), now, |_| true);
    let pushed: Vec<_> =
        referrals.iter().filter(|row| row.group == ReferralGroup::NeedsPush).collect();
    let no_answer = match pushed[..] {
        [only] if only.state == ReferralState::Sent => only.days_unchanged,
        _ => None,
    };
    Counted {
        counts: Counts {
            todos: (todos.your_turn.len() + todos.paused.len() + todos.done.len()) as u64,
            goals: (goals.open.len() + goals.reached.len() + goals.ended.len()) as u64,
            referrals: referrals.len() as u64,
        },
        need_you: todos.your_turn.len(),
        getting_better: goals.open.iter().filter(|row| row.state == "improving").count(),
        no_answer,
        need_push: pushed.len(),
        helping: referrals.iter().any(|row| row.state == ReferralState::Helping),
    }
}

/// What the first look at a place found. `None`: there is no such place.
pub fn found(index: &Index<'_>, id: &SourceId, now: Now<'_>) -> Option<Found> {
    let source = index.shelf.sources.iter().find(|source| source.id == *id)?;
    let counted = count(index, id, now);
    let counts = counted.counts;
    let mut lines = vec![
        found_line(source, FoundKind::Todos, "Task", counts.todos, || {
            (counted.need_you > 0)
                .then(|| say("found-need-you").with("n", number(counted.need_you)))
        }),
        found_line(source, FoundKind::Goals, "Goal", counts.goals, || {
            (counted.getting_better > 0)
                .then(|| say("found-getting-better").with("n", number(counted.getting_better)))
        }),
        found_line(source, FoundKind::Referrals, "ServiceRequest", counts.referrals, || {
            match (counted.no_answer, counted.need_push) {
                (Some(days), _) => Some(say("found-no-answer").with("days", i64::from(days))),
                (None, 0) => counted.helping.then(|| say("found-helping")),
                (None, n) => Some(say("found-need-push").with("n", number(n))),
            }
        }),
    ];
    // The three lists are a patient's; an organization's work is none of them.
    lines.retain(|_| source.role == Role::Patient);
    let mut notes = Vec::new();
    if source.signs_in_each_time {
        notes.push(Note {
            tone: Tone::Plain,
            icon: Icon::LogIn,
            heading: say("found-each-time-heading"),
            body: say("found-each-time-body"),
        });
    }
    let lost = lost_count(source);
    if lost > 0 {
        notes.push(lost_note(lost));
    }
    let asks_employer = source.asks_employer();
    Some(Found { place: place_of(source), role: source.role, counts, lines, notes, asks_employer })
}

fn found_line(
    source: &Source,
    what: FoundKind,
    kind: &str,
    count: u64,
    line: impl Fn() -> Option<Phrase>,
) -> FoundLine {
    let name = plain_name(kind);
    let title = say(&format!("found-{name}")).with("n", counted(count));
    let skip = source.skipped.iter().find(|skip| skip.what == kind);
    let line = match skip {
        Some(skip) if count == 0 && skip.why == SkipReason::NotGranted => {
            Some(say(&format!("not-granted-{name}")).with("place", &*source.name))
        }
        Some(skip) if count == 0 => {
            let why = skip.why.code().replace('_', "-");
            Some(say(&format!("no-list-{why}")))
        }
        _ => line(),
    };
    FoundLine { what, title, line }
}

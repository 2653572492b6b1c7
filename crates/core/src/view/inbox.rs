//! An organization's inbox: what it was asked to do, for whom, and how urgent it is.

use std::{cmp::Reverse, collections::HashMap};

use handrail_contract::{
    inbox::{ConsentSeen, Inbox, InboxCount, InboxFilter, InboxGroup, InboxRow, ListInbox},
    place::SourceId,
    referral::ReferralState,
    words::{Chip, Filling, Icon, ItemId, Phrase, Tone, Words},
};
use jiff::{Timestamp, civil::Date};
use serde_json::Value;

use super::{
    Now,
    index::{Index, item_id, parse_item_id},
    place::checked,
    referral::{Referral, put_together, tell_priority},
    say::{chip, day, say, theirs},
    todo,
    topic::Topic,
};
use crate::{
    act::{forbids_contact, own_organization},
    fhir::{
        element::{
            codes, concept_name, extensions, first_display, full_name, list as list_of, text,
        },
        request::occurrence_end,
        task::due_text,
        text::clean_line,
        time::{days_between, read_day, read_moment},
    },
    session::Source,
    store::{Kept, News},
};

mod page;
mod table;

pub use page::show;
pub use table::write as write_table;

/// The requests of one place or of all, each told once; where only the first are wanted, those of each list.
pub fn list(index: &Index<'_>, question: &ListInbox, now: Now<'_>) -> Inbox {
    let source = question.source.as_ref();
    let mut inbox = Inbox { checked: checked(index, source, now), ..Inbox::default() };
    let groups = groups(index);
    let mut standing: Vec<(Standing, &[Referral<'_>])> = groups
        .iter()
        .filter(|group| source.is_none_or(|it| is_at(group, it)))
        .filter(|group| is_told(group, question.only))
        .filter_map(|group| Some((Standing::of(index, group, now)?, group.as_slice())))
        .collect();
    standing.sort_by_cached_key(|(standing, _)| standing.order());
    let asks = |it: &&Source| it.asks_employer() && source.is_none_or(|only| it.id == *only);
    let places = index.shelf.sources.iter().filter(asks).map(|it| index.place(&it.id));
    inbox.asks_employer = places.collect();
    let mut told: HashMap<_, u32> = HashMap::new();
    for (standing, group) in standing {
        let told = told.entry(standing.list()).or_default();
        if question.first.is_some_and(|first| *told >= first) {
            continue;
        }
        *told += 1;
        let row = show_row(index, group, &standing, now);
        match row.group {
            InboxGroup::New => inbox.new.push(row),
            InboxGroup::Active => inbox.active.push(row),
            InboxGroup::Waiting => inbox.waiting.push(row),
            InboxGroup::Done => inbox.done.push(row),
        }
    }
    inbox
}

/// How many requests were given to the organization and wait for a yes or a no.
pub fn count(index: &Index<'_>) -> InboxCount {
    let is_new = |group: &&Vec<Referral<'_>>| {
        let Some(referral) = group.first() else { return false };
        let is_given = referral.current().is_some_and(|task| task.body.get("owner").is_some());
        is_given && referral.state().is_some_and(|state| group_of(state, false) == InboxGroup::New)
    };
    let new = groups(index).iter().filter(is_new).count();
    InboxCount { new: u32::try_from(new).unwrap_or(u32::MAX) }
}

/// How many requests a place has for the organization, whatever became of them.
pub fn count_at(index: &Index<'_>, source: &SourceId) -> u64 {
    groups(index).iter().filter(|group| is_at(group, source)).count() as u64
}

/// Whether a place tells of it.
fn is_at(group: &[Referral<'_>], source: &SourceId) -> bool {
    group.iter().any(|it| it.main.source == *source)
}

fn is_told(group: &[Referral<'_>], only: InboxFilter) -> bool {
    let Some(referral) = group.first() else { return false };
    match only {
        InboxFilter::All => true,
        InboxFilter::Urgent => priority_of(referral).is_some(),
        InboxFilter::Changed => {
            referral.current().is_some_and(|task| !task.seen && task.news.is_some())
        }
    }
}

/// How urgent it is, where somebody said so: of the Task, else of the request.
fn priority_of(referral: &Referral<'_>) -> Option<(u8, &'static str)> {
    let of_task = referral.current().and_then(|task| tell_priority(&task.body));
    of_task.or_else(|| tell_priority(&referral.request?.body))
}

/// The most urgent first, then the oldest; of what is done, the latest.
type Order<'a> = (Reverse<u8>, Timestamp, Reverse<Timestamp>, &'a str);

/// What decides in which list a request stands, and where in it.
struct Standing<'a> {
    task: &'a Kept,
    state: ReferralState,
    group: InboxGroup,
    /// How urgent it is, and as whose words.
    priority: Option<(u8, &'static str)>,
    asked_at: Timestamp,
    moved_at: Timestamp,
}

impl<'a> Standing<'a> {
    fn of(index: &Index<'a>, group: &[Referral<'a>], now: Now<'_>) -> Option<Self> {
        let referral = group.first()?;
        let task = referral.current()?;
        let state = referral.state()?;
        let at = |row: &Value| read_moment(text(row, "authoredOn")?, now.tz);
        let asked_at = at(&task.body).or_else(|| at(asked_body(referral)));
        let asked_at = asked_at.unwrap_or(task.first_seen_at);
        let waits = questions(index, task).any(|question| todo::is_open(&question.body));
        Some(Self {
            task,
            state,
            group: group_of(state, waits),
            priority: priority_of(referral),
            asked_at,
            moved_at: referral.moved_at(now).unwrap_or(asked_at),
        })
    }

    /// Nobody has it: any organization may take it.
    fn is_open(&self) -> bool {
        self.task.body.get("owner").is_none()
    }

    /// Pages tell of each of these under a heading of its own.
    fn list(&self) -> (InboxGroup, bool, bool) {
        (self.group, self.is_open(), self.state == ReferralState::SaidYes)
    }

    fn order(&self) -> Order<'a> {
        let moved_at = Reverse(self.moved_at);
        if self.group == InboxGroup::Done {
            return (Reverse(0), Timestamp::MIN, moved_at, &self.task.id);
        }
        let urgency = self.priority.map_or(0, |(urgency, _)| urgency);
        (Reverse(urgency), self.asked_at, moved_at, &self.task.id)
    }
}

/// The ServiceRequest; null where it was not seen.
fn asked_body<'a>(referral: &Referral<'a>) -> &'a Value {
    referral.request.map_or(&Value::Null, |request| &request.body)
}

/// Every request: a Task that was given to the organization, or that anybody may take, with its ServiceRequest.
/// What comes directly and over a platform is one, and the direct one stands first.
fn groups<'a>(index: &Index<'a>) -> Vec<Vec<Referral<'a>>> {
    let is_theirs = |task: &&&'a Kept| {
        let Some(source) = index.source(&task.source) else { return false };
        let own = own_organization(&task.body, source);
        own.is_some() && !matches!(text(&task.body, "status"), Some("draft" | "entered-in-error"))
    };
    let requests =
        index.referral_tasks.iter().filter(is_theirs).filter_map(|task| read_task(index, task));
    put_together(index, requests.filter(|it| it.state().is_some()).collect())
}

/// A Task with the ServiceRequest that it is about.
fn read_task<'a>(index: &Index<'a>, task: &'a Kept) -> Option<Referral<'a>> {
    let asked = task.body.get("focus").and_then(|focus| index.follow_row(task, focus));
    Referral::of_rows(asked.filter(|row| row.kind == "ServiceRequest"), vec![task])
}

/// The request that a Task is, with the same one as other places tell it.
fn find<'a>(index: &Index<'a>, source: &SourceId, task: &str) -> Option<Vec<Referral<'a>>> {
    let is_it =
        |it: &Referral<'_>| it.tasks.iter().any(|row| row.source == *source && row.id == task);
    let mut group = groups(index).into_iter().find(|group| group.iter().any(is_it))?;
    // The one that was asked for is told; the others beside it.
    group.sort_by_key(|it| !is_it(it));
    Some(group)
}

fn show_row<'a>(
    index: &Index<'a>,
    group: &[Referral<'a>],
    standing: &Standing<'a>,
    now: Now<'_>,
) -> InboxRow {
    let (task, referral) = (standing.task, &group[0]);
    let asked = asked_body(referral);
    let topic = Topic::read(asked);
    let person = person_of(index, task);
    let is_open = standing.is_open();
    let do_not_contact =
        group.iter().any(|it| it.request.is_some_and(|request| forbids_contact(&request.body)));
    let mut chips: Vec<Chip> = Vec::new();
    if do_not_contact {
        chips.push(chip(Tone::Bad, Icon::TriangleAlert, "request-do-not-contact"));
    }
    if let Some((_, key)) = standing.priority {
        chips.push(chip(Tone::Turn, Icon::Clock, key));
    }
    chips.push(state_chip(standing.state, is_open));
    let due = due_text(&task.body).or_else(|| occurrence_end(asked));
    let days_old = days_between(standing.asked_at, now.at, now.tz);
    InboxRow {
        id: item_id("request", &task.source, &task.id),
        place: index.place(&task.source),
        do_not_contact,
        title: referral.title(),
        topic: topic.words,
        icon: topic.icon,
        person: name_of_person(task, person),
        age: person.and_then(|person| age_of(person, now)),
        language: person.and_then(language_of),
        sender: referral.sender(index).words(),
        reasons: reasons(index, referral.request),
        goals: goals(index, referral.request),
        consent: consent(index, referral.request),
        state: standing.state,
        group: standing.group,
        chips,
        is_open,
        due: due.and_then(|due| read_day(due, now.tz)).map(|due| due.to_string()),
        days_old: u32::try_from(days_old).ok(),
        line: if standing.group == InboxGroup::New {
            say("request-waiting").with("days", days_old.max(0))
        } else {
            say("request-since").with("day", day(now.tz.to_datetime(standing.moved_at).date()))
        },
        changed: changed(task, now),
        also: group[1..]
            .iter()
            .filter_map(|it| it.current())
            .map(|task| item_id("request", &task.source, &task.id))
            .collect(),
    }
}

fn group_of(state: ReferralState, waits_for_person: bool) -> InboxGroup {
    match state {
        ReferralState::AskedFor | ReferralState::Sent | ReferralState::Unknown => InboxGroup::New,
        ReferralState::OnHold => InboxGroup::Waiting,
        ReferralState::SaidYes | ReferralState::Helping if waits_for_person => InboxGroup::Waiting,
        ReferralState::SaidYes | ReferralState::Helping => InboxGroup::Active,
        ReferralState::Done
        | ReferralState::CouldNot
        | ReferralState::DidNotWork
        | ReferralState::Stopped => InboxGroup::Done,
    }
}

/// The state as the organization says it of itself.
fn state_chip(state: ReferralState, is_open: bool) -> Chip {
    let (tone, icon, key) = match state {
        ReferralState::AskedFor | ReferralState::Sent if is_open => {
            (Tone::Turn, Icon::Inbox, "request-state-open")
        }
        ReferralState::AskedFor | ReferralState::Sent => {
            (Tone::Turn, Icon::Inbox, "request-state-new")
        }
        ReferralState::SaidYes => (Tone::Turn, Icon::HeartHandshake, "request-state-said-yes"),
        ReferralState::Helping => (Tone::Turn, Icon::HandHelping, "request-state-helping"),
        ReferralState::OnHold => (Tone::Wait, Icon::CirclePause, "request-state-on-hold"),
        ReferralState::Done => (Tone::Done, Icon::CircleCheck, "request-state-done"),
        ReferralState::CouldNot => (Tone::Plain, Icon::CircleSlash, "request-state-could-not"),
        ReferralState::DidNotWork => (Tone::Bad, Icon::CircleSlash, "request-state-did-not-work"),
        ReferralState::Stopped => (Tone::Plain, Icon::CircleX, "request-state-stopped"),
        ReferralState::Unknown => (Tone::Plain, Icon::CircleQuestionMark, "request-state-unknown"),
    };
    chip(tone, icon, key)
}

fn person_of<'a>(index: &Index<'a>, task: &'a Kept) -> Option<&'a Value> {
    match index.follow(task, task.body.get("for")?)? {
        ("Patient" | "RelatedPerson", person) => Some(person),
        _ => None,
    }
}

fn name_of_person(task: &Kept, person: Option<&Value>) -> Option<String> {
    let beside = || text(task.body.get("for")?, "display").map(str::to_owned);
    person.and_then(full_name).or_else(beside).as_deref().map(clean_line)
}

fn age_of(person: &Value, now: Now<'_>) -> Option<u32> {
    let born: Date = text(person, "birthDate")?.parse().ok()?;
    let today = now.tz.to_datetime(now.at).date();
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    u32::try_from(today.year() - born.year() - i16::from(!had_birthday)).ok()
}

/// The language they prefer, else the only one there is.
fn language_of(person: &Value) -> Option<Words> {
    let preferred = list_of(person, "communication")
        .find(|it| it.get("preferred").and_then(Value::as_bool) == Some(true));
    let mut all = list_of(person, "communication");
    let only = all.next().filter(|_| all.next().is_none());
    let language = preferred.or(only)?.get("language")?;
    let name = concept_name(language).or_else(|| codes(language).next())?;
    Some(codes(language).find_map(read_subtag).map_or_else(
        || theirs(name),
        |tag| {
            let language = Filling::Language { tag, name: name.to_owned() };
            Words::Ours(say("language-name").with("language", language))
        },
    ))
}

/// The language of a tag, without its script or where it is spoken.
fn read_subtag(tag: &str) -> Option<String> {
    let subtag = tag.split('-').next().unwrap_or_default();
    let is_one =
        (2..=3).contains(&subtag.len()) && subtag.bytes().all(|it| it.is_ascii_alphabetic());
    is_one.then(|| subtag.to_ascii_lowercase())
}

fn reasons<'a>(index: &Index<'a>, asked: Option<&'a Kept>) -> Vec<Words> {
    let Some(asked) = asked else { return Vec::new() };
    let named = list_of(&asked.body, "reasonReference").filter_map(|reference| {
        let found = match index.follow(asked, reference) {
            Some(("Condition" | "Observation", it)) => it.get("code").and_then(concept_name),
            _ => None,
        };
        found.or_else(|| text(reference, "display"))
    });
    let coded = list_of(&asked.body, "reasonCode").filter_map(concept_name);
    named.chain(coded).map(theirs).collect()
}

fn goals<'a>(index: &Index<'a>, asked: Option<&'a Kept>) -> Vec<Words> {
    let Some(asked) = asked else { return Vec::new() };
    extensions(&asked.body, "resource-pertainsToGoal")
        .filter_map(|it| it.get("valueReference"))
        .filter_map(|reference| {
            let said = match index.follow(asked, reference) {
                Some(("Goal", goal)) => goal.get("description"),
                _ => None,
            };
            said.and_then(|it| text(it, "text").or_else(|| first_display(it)))
                .or_else(|| text(reference, "display"))
        })
        .map(theirs)
        .collect()
}

fn consent<'a>(index: &Index<'a>, asked: Option<&'a Kept>) -> ConsentSeen {
    let Some(asked) = asked else { return ConsentSeen::NotSeen };
    let mut seen = ConsentSeen::NotSeen;
    for reference in list_of(&asked.body, "supportingInfo") {
        let Some(("Consent", consent)) = index.follow(asked, reference) else { continue };
        if text(consent, "status") == Some("active") {
            return ConsentSeen::InForce;
        }
        seen = ConsentSeen::NotInForce;
    }
    seen
}

/// The to-dos that the organization gave to the person for a request.
fn questions<'a>(index: &Index<'a>, task: &'a Kept) -> impl Iterator<Item = &'a Kept> {
    index.todos_under(task).into_iter()
}

fn changed(task: &Kept, now: Now<'_>) -> Option<Phrase> {
    if task.seen {
        return None;
    }
    Some(match task.news.as_ref()? {
        News::New => say("request-changed-new"),
        News::Status { .. } => say("request-changed-status"),
        News::Due { to, .. } => match to.as_deref().and_then(|to| read_day(to, now.tz)) {
            Some(to) => say("request-changed-due").with("day", day(to)),
            None => say("news-due-gone"),
        },
        News::Achievement { .. } | News::Target { .. } | News::Text => say("request-changed-text"),
    })
}

/// The rows that a request's page begins with: its Task, what the person was asked for it, and who was to help. `None`:
/// it is not there.
pub fn rows_of<'a>(index: &Index<'a>, id: &ItemId) -> Option<Vec<&'a Kept>> {
    let (source, id) = read_id(id)?;
    let task = index.row(&source, "Task", &id)?;
    // The organization itself, also where a service of it was asked.
    let own = own_organization(&task.body, index.source(&source)?);
    let own = own.and_then(|it| index.row(&source, "Organization", it));
    Some(std::iter::once(task).chain(questions(index, task)).chain(own).collect())
}

/// The place and the Task that a request's name stands for.
pub fn read_id(id: &ItemId) -> Option<(SourceId, String)> {
    parse_item_id(id, "request")
}

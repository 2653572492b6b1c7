//! One referral in full: its story, whom to call, what goes with it.

use handrail_contract::{
    goal::Linked,
    referral::{Ball, ReferralPage},
    words::{Chip, Contact, Fact, Icon, ItemId, Tone, Words},
};

use super::{Referral, find, next_of, state_chip, twin::show_with_others};
use crate::{
    fhir::{
        element::{self, codes, extensions},
        reference::read_here,
        task::output_references,
    },
    store::Kept,
    view::{
        Now,
        goal::{self, link_todo},
        index::{Index, item_id},
        people::{contacts_of, name_of, without_doubles},
        say::{fact, moment, ours, say},
        story::tell_story,
        todo,
    },
};

/// One referral in full. `None`: it is not there, or not listed.
pub fn show(index: &Index<'_>, id: &ItemId, now: Now<'_>) -> Option<ReferralPage> {
    let referral = find(index, id)?;
    let mut row = show_with_others(index, &referral, now)?;
    row.chips = vec![
        Chip { tone: Tone::Plain, icon: row.icon, words: row.topic.clone() },
        state_chip(row.state),
    ];
    let sender = referral.sender(index);
    Some(ReferralPage {
        next: next_of(row.state, &sender),
        sender: sender.words(),
        story: tell_story(index, &referral, row.state, now),
        contacts: contacts(index, &referral, row.ball),
        facts: facts(index, &referral, now),
        linked: links(index, &referral),
        row,
    })
}

/// The one to call first is the one who has the ball.
fn contacts<'a>(index: &Index<'a>, referral: &Referral<'a>, ball: Ball) -> Vec<Contact> {
    let mut helper = Vec::new();
    if let Some(task) = referral.current() {
        helper.extend(
            task.body.get("owner").map(|it| contacts_of(index, task, it)).unwrap_or_default(),
        );
    }
    let mut sender = Vec::new();
    for row in referral.request.into_iter().chain(referral.current()) {
        sender.extend(
            row.body.get("requester").map(|it| contacts_of(index, row, it)).unwrap_or_default(),
        );
        if referral.current().is_none() || helper.is_empty() {
            let performers = element::list(&row.body, "performer");
            helper.extend(performers.flat_map(|it| contacts_of(index, row, it)));
        }
    }
    let (first, second) = if matches!(ball, Ball::Source | Ball::Nobody) {
        (sender, helper)
    } else {
        (helper, sender)
    };
    without_doubles(first.into_iter().chain(second).collect())
}

fn facts<'a>(index: &Index<'a>, referral: &Referral<'a>, now: Now<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let requester = referral
        .request
        .into_iter()
        .chain(referral.current())
        .find_map(|row| name_of(index, row, row.body.get("requester")?));
    if let Some(requester) = requester {
        facts.push(fact(Icon::UserRound, "fact-who-sent", Words::theirs(requester)));
    }
    if let Some(at) = referral.moved_at(now) {
        facts.push(fact(
            Icon::History,
            "fact-last-change",
            Words::Ours(say("a-moment").with("at", moment(at))),
        ));
    }
    facts.extend(program_result(index, referral));
    facts
}

/// What came of signing up for a program, where an Observation among the outputs says so.
fn program_result<'a>(index: &Index<'a>, referral: &Referral<'a>) -> Option<Fact> {
    referral.tasks.iter().rev().find_map(|task| {
        output_references(&task.body).find_map(|reference| {
            let ("Observation", it) = index.follow(task, reference)? else { return None };
            let key = codes(it.get("valueCodeableConcept")?).find_map(|code| match code {
                "enrolled" => Some("program-enrolled"),
                "not-enrolled" => Some("program-not-enrolled"),
                "not-enrolled-on-waitlist" => Some("program-waitlist"),
                _ => None,
            })?;
            Some(fact(Icon::Receipt, "fact-program", ours(key)))
        })
    })
}

/// Goals that it helps with, and to-dos that belong to it.
fn links<'a>(index: &Index<'a>, referral: &Referral<'a>) -> Vec<Linked> {
    let mut linked: Vec<Linked> = referral
        .request
        .map(|request| goals_of(index, request))
        .unwrap_or_default()
        .into_iter()
        .map(|goal| Linked {
            id: item_id("goal", &goal.source, &goal.id),
            title: goal::title(goal),
            icon: Icon::Flag,
            about: say("about-goal"),
            done: goal::is_reached(goal),
        })
        .collect();
    linked.extend(
        referral
            .todos(index)
            .into_iter()
            .filter_map(|row| Some(link_todo(index, row, todo::read_state(&row.body)?))),
    );
    linked
}

fn goals_of<'a>(index: &Index<'a>, request: &'a Kept) -> Vec<&'a Kept> {
    let Some(source) = index.source(&request.source) else { return Vec::new() };
    let here = |reference| read_here(reference, &source.base);
    let named: Vec<(&str, &str)> = extensions(&request.body, "resource-pertainsToGoal")
        .filter_map(|it| it.get("valueReference").and_then(here))
        .collect();
    let needs: Vec<(&str, &str)> =
        element::list(&request.body, "reasonReference").filter_map(here).collect();
    goal::listed(index)
        .filter(|goal| goal.source == request.source && goal::is_listed(goal))
        .filter(|goal| {
            named.contains(&("Goal", &*goal.id))
                || element::list(&goal.body, "addresses")
                    .filter_map(here)
                    .any(|need| needs.contains(&need))
        })
        .collect()
}

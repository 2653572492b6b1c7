//! The same referral as several places tell it.
//!
//! In: every referral there is. Out: those that are one and the same, put together.
//! Never: a guess: two are one only where an identifier, or a reference from one to the other, says so.

use std::collections::{BTreeSet, HashMap};

use handrail_contract::{
    place::SourceId,
    referral::{Ball, OtherView, ReferralRow, ReferralState},
    words::ItemId,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{Referral, show_row, state_chip, turn_chip};
use crate::{
    fhir::{
        element::{codes, concept_name, list, text},
        reference::{literal, read_here},
    },
    store::Kept,
    view::{Now, index::Index},
};

/// Puts referrals of different places together. In each group, the sender's own request stands first.
pub fn put_together<'a>(index: &Index<'a>, referrals: Vec<Referral<'a>>) -> Vec<Vec<Referral<'a>>> {
    let mut groups = Groups::new(referrals.len());
    follow_references(index, &referrals, &mut groups);
    if index.shelf.sources.len() > 1 {
        compare_identifiers(&referrals, &mut groups);
    }
    let order = |source: &SourceId| index.shelf.sources.iter().position(|it| it.id == *source);
    let mut together: Vec<Vec<Referral<'a>>> = Vec::with_capacity(referrals.len());
    // A root is the first of its own, so its place is there before the others come.
    let mut places: Vec<usize> = Vec::with_capacity(referrals.len());
    for (at, referral) in referrals.into_iter().enumerate() {
        let root = groups.root(at);
        if root == at {
            together.push(Vec::with_capacity(1));
        }
        let place = if root == at { together.len() - 1 } else { places[root] };
        places.push(place);
        together[place].push(referral);
    }
    for group in together.iter_mut().filter(|group| group.len() > 1) {
        group.sort_by_cached_key(|it| {
            let is_passed_on =
                it.request.is_some_and(|request| list(&request.body, "basedOn").next().is_some());
            (it.request.is_none(), is_passed_on, order(&it.main.source), it.main.id.clone())
        });
    }
    together
}

/// A referral under the name that one place gave it, as whoever told last says it stands; and what the others say.
pub fn show_together<'a>(
    index: &Index<'a>,
    group: &[Referral<'a>],
    main: usize,
    now: Now<'_>,
) -> Option<ReferralRow> {
    let mut row = show_row(index, &group[main], now)?;
    if group.len() < 2 {
        return Some(row);
    }
    let rows: Vec<(Option<Timestamp>, ReferralRow)> =
        group.iter().filter_map(|it| Some((it.moved_at(now), show_row(index, it, now)?))).collect();
    let own = row.id.clone();
    // Who only keeps the request says nothing about how it goes.
    let last = rows.iter().max_by_key(|(moved_at, told)| {
        (told.state != ReferralState::AskedFor, *moved_at, told.id == own)
    });
    if let Some((_, last)) = last.filter(|(_, last)| last.id != own) {
        let last = last.clone();
        row = ReferralRow {
            id: row.id,
            place: row.place,
            title: row.title,
            topic: row.topic,
            icon: row.icon,
            helper: row.helper.or(last.helper.clone()),
            is_new: row.is_new,
            ..last
        };
    }
    // A to-do at any place is the person's turn, as long as there is something to wait for.
    if row.ball != Ball::Nobody && rows.iter().any(|(_, told)| told.ball == Ball::You) {
        row.ball = Ball::You;
        row.chips = vec![turn_chip(row.ball, row.state)];
    }
    row.is_new = rows.iter().any(|(_, told)| told.is_new);
    row.also = rows
        .into_iter()
        // What one place keeps twice, it says once.
        .filter(|(_, told)| told.id != own && told.place != row.place)
        .map(|(_, told)| OtherView {
            chip: state_chip(told.state),
            id: told.id,
            place: told.place,
            state: told.state,
            line: told.line,
        })
        .collect();
    Some(row)
}

/// One referral in full, with what other places say of it. `None`: not listed.
pub fn show_with_others<'a>(
    index: &Index<'a>,
    referral: &Referral<'a>,
    now: Now<'_>,
) -> Option<ReferralRow> {
    let id = referral.id();
    for group in Referral::all(index) {
        if let Some(main) = group.iter().position(|it| it.id() == id) {
            return show_together(index, &group, main, now);
        }
    }
    show_row(index, referral, now)
}

/// For each referral that a list tells of under another name: its own, and that one.
pub fn names(all: &[Vec<Referral<'_>>]) -> HashMap<ItemId, ItemId> {
    let mut names = HashMap::new();
    for group in all.iter().filter(|group| group.len() > 1) {
        names.extend(group[1..].iter().map(|it| (it.id(), group[0].id())));
    }
    names
}

/// What a row of a referral leads to: the referral, and the row that it names.
type Lead<'a> = (usize, (&'a SourceId, &'a str, &'a str));

/// Rows name what they are about, come from or belong to; at another place that is an absolute address.
fn follow_references(index: &Index<'_>, referrals: &[Referral<'_>], groups: &mut Groups) {
    let (mut here, mut there): (Vec<Lead<'_>>, Vec<Lead<'_>>) = (Vec::new(), Vec::new());
    for (at, referral) in referrals.iter().enumerate() {
        for row in rows_of(referral) {
            for reference in ["basedOn", "partOf"].iter().flat_map(|it| list(&row.body, it)) {
                let own = index.source(&row.source).and_then(|it| read_here(reference, &it.base));
                here.extend(own.map(|(kind, id)| (at, (&row.source, kind, id))));
            }
            let named = ["focus", "basedOn", "partOf"];
            for reference in named.iter().flat_map(|member| list(&row.body, member)) {
                let Some(literal) = literal(reference).filter(|it| it.contains("://")) else {
                    continue;
                };
                let others = index.shelf.sources.iter().filter(|it| it.id != row.source);
                for source in others.filter(|it| literal.trim().starts_with(it.base.as_str())) {
                    let target = read_here(reference, &source.base);
                    there.extend(target.map(|(kind, id)| (at, (&source.id, kind, id))));
                }
            }
        }
    }
    if here.is_empty() && there.is_empty() {
        return;
    }
    let mut owners: HashMap<(&SourceId, &str, &str), usize> = HashMap::new();
    for (at, referral) in referrals.iter().enumerate() {
        for row in rows_of(referral) {
            owners.insert((&row.source, &row.kind, &row.id), at);
        }
    }
    let find = |(at, target): &Lead<'_>| {
        owners.get(target).filter(|other| *other != at).map(|other| (*at, *other))
    };
    // A place that passes a request on may keep both: what it was asked, and what it asks. What asks for something else
    // is a part of it, and no twin.
    for (part, whole) in here.iter().filter_map(find) {
        if asks_the_same(&referrals[part], &referrals[whole]) {
            groups.join(part, whole);
        }
    }
    // So it is at another place where several lead to the same.
    let led: Vec<(usize, usize)> = there.iter().filter_map(find).collect();
    let mut parts: HashMap<(&SourceId, usize), BTreeSet<usize>> = HashMap::new();
    for (part, whole) in &led {
        let (place, root) = (&referrals[*part].main.source, groups.root(*part));
        parts.entry((place, *whole)).or_default().insert(root);
    }
    for (part, whole) in led {
        let is_alone = parts[&(&referrals[part].main.source, whole)].len() == 1;
        if is_alone || asks_the_same(&referrals[part], &referrals[whole]) {
            groups.join(part, whole);
        }
    }
}

/// Whether two requests are for the same thing, by a code or the very words.
fn asks_the_same(one: &Referral<'_>, other: &Referral<'_>) -> bool {
    let (Some(one), Some(other)) = (asked_for(one), asked_for(other)) else { return false };
    codes(one).any(|code| codes(other).any(|it| it == code))
        || concept_name(one).is_some_and(|name| concept_name(other) == Some(name))
}

fn asked_for<'a>(referral: &Referral<'a>) -> Option<&'a Value> {
    referral.request.and_then(|request| request.body.get("code"))
}

/// An identifier that stands for one referral at each of two places makes them one.
///
/// A requisition may hold several requests (FHIR R4, `ServiceRequest.requisition`): then it says nothing about one.
fn compare_identifiers(referrals: &[Referral<'_>], groups: &mut Groups) {
    let mut named: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, referral) in referrals.iter().enumerate() {
        for row in rows_of(referral) {
            let members = ["identifier", "requisition", "groupIdentifier"];
            for identifier in members.iter().flat_map(|member| list(&row.body, member)) {
                let (Some(system), Some(value)) =
                    (text(identifier, "system"), text(identifier, "value"))
                else {
                    continue;
                };
                let named = named.entry((system, value)).or_default();
                if named.last() != Some(&at) {
                    named.push(at);
                }
            }
        }
    }
    for named in named.values().filter(|named| named.len() > 1) {
        let place = |at: &usize| &referrals[*at].main.source;
        let alone = |at: &usize| named.iter().filter(|it| place(it) == place(at)).count() == 1;
        if named.iter().all(alone) {
            named.iter().for_each(|at| groups.join(named[0], *at));
        }
    }
}

fn rows_of<'a>(referral: &Referral<'a>) -> impl Iterator<Item = &'a Kept> {
    referral.request.into_iter().chain(referral.tasks.iter().copied())
}

/// Sets that grow together: each points at one of its own, the root at itself.
struct Groups(Vec<usize>);

impl Groups {
    fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

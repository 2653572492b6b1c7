//! The end of a look: where the next one starts, and which types were wholly read.

use std::collections::BTreeSet;

use super::{Job, List, ListState, MOST_BYTES, Planner, Wanted};
use crate::fetch::{
    Cursor, Fetched, Skip, SkipReason,
    plan::{Way, type_of, types_of},
};

impl Planner {
    /// What the fetch came to. Answers that are still out count as out of reach.
    pub fn finish(mut self) -> Fetched {
        let too_much = self.fetched.bytes > MOST_BYTES;
        let why = if too_much { SkipReason::TooMuch } else { SkipReason::OutOfReach };
        let unfinished: Vec<Job> =
            std::mem::take(&mut self.in_flight).into_values().chain(self.queue.drain(..)).collect();
        for job in unfinished {
            match job {
                Job::Metadata => {}
                Job::Page { kind, .. } => self.fail_list(&kind, ListState::Failed, why),
                Job::Lists(lists) => {
                    lists.iter().for_each(|(kind, _)| self.fail_list(kind, ListState::Failed, why));
                }
                Job::Single(wanted) => self.put_off(wanted, why),
                Job::Batch(wanted) => wanted.into_iter().for_each(|it| self.put_off(it, why)),
            }
        }
        let waiting: Vec<Wanted> = self.wanted.drain(..).collect();
        self.incomplete.extend(waiting.iter().map(|wanted| wanted.kind().to_owned()));
        self.missed_something |= !waiting.is_empty();
        self.owed.extend(waiting);
        self.write_cursors();

        if !self.whole_look || !self.read_something {
            // Compared by the larger count: a full list comes across the same things again.
            for skip in std::mem::take(&mut self.fetched.cursors.skipped) {
                let count = self.skips.entry((skip.what, skip.why)).or_default();
                *count = (*count).max(skip.count.unwrap_or_default());
            }
        }
        let mut fetched = self.fetched;
        let lasting = self.skips.clone().into_iter().filter(|((_, why), _)| !why.is_passing());
        fetched.cursors.skipped = list_skips(lasting);
        let nothing_came = self.skips_for_now.keys().any(|(_, why)| says_nothing(*why));
        for (skip, count) in self.skips_for_now {
            *self.skips.entry(skip).or_default() += count;
        }
        fetched.skipped = list_skips(self.skips.into_iter());
        if fetched.token_refused {
            // What was not read for that reason needs no other.
            fetched.skipped.retain(|skip| skip.why != SkipReason::OutOfReach);
        }
        fetched.partial = fetched.skipped.iter().any(|skip| skip.why.is_passing());
        fetched.out_of_reach = nothing_came && !self.read_something && !fetched.token_refused;
        fetched
    }

    fn write_cursors(&mut self) {
        let now = self.errand.now;
        for (kind, list) in self.lists.iter().filter(|(_, list)| list.has_cursor) {
            let earlier = self.errand.cursors.at(kind).copied();
            let is_delta = matches!(list.way, Way::Delta(_));
            let cursor = match list.state {
                ListState::Read => Cursor {
                    server_time: list.server_time,
                    full_at: earlier.filter(|_| is_delta).map_or(now, |earlier| earlier.full_at),
                    full_only: list.refused_delta,
                },
                // It was looked at, so it is not the first time again.
                ListState::CutOff => earlier.unwrap_or(Cursor {
                    server_time: None,
                    full_at: now,
                    full_only: list.refused_delta,
                }),
                ListState::Reading | ListState::Failed => continue,
            };
            self.fetched.cursors.types.insert(kind.clone(), cursor);
        }
        for kind in types_of(self.errand.role) {
            let is_blank = |list: &List| list.is_extra && list.for_good;
            let mut own = self
                .lists
                .iter()
                .filter(|(name, list)| type_of(name) == *kind && !is_blank(list))
                .peekable();
            let is_whole = own.peek().is_some()
                && own.all(|(_, list)| {
                    list.state == ListState::Read
                        && !matches!(list.way, Way::Delta(_))
                        && !list.damaged
                });
            if is_whole {
                self.fetched.complete.insert((*kind).to_owned());
            }
        }
        if self.whole_look && self.read_something && !self.stopped {
            // What the missing part of a list refers to was not read anew either.
            // Where the offer moved, the next look is a whole one again, by what the place says now.
            let are_read =
                self.lists.values().all(|list| list.state == ListState::Read || list.for_good);
            if are_read && !self.offer_moved {
                self.fetched.cursors.whole_at = Some(now);
            }
            if !self.missed_something {
                self.complete_followed();
            }
        }
        self.fetched.cursors.owed = std::mem::take(&mut self.owed);
    }

    /// Names the types that were wholly read by following references: only a whole look that missed nothing tells.
    pub(super) fn complete_followed(&mut self) {
        let listed = types_of(self.errand.role);
        let is_listed = |kind: &str| listed.contains(&kind);
        let kinds: BTreeSet<String> = self.known.iter().map(|(kind, _)| kind.clone()).collect();
        let lists_missing =
            kinds.iter().any(|kind| is_listed(kind) && !self.fetched.complete.contains(kind))
                || self
                    .lists
                    .values()
                    .any(|list| !list.is_extra && (list.state != ListState::Read || list.damaged));
        if lists_missing {
            return;
        }
        let skipped: BTreeSet<&str> = self
            .skips
            .keys()
            .filter(|(_, why)| !matches!(why, SkipReason::Gone | SkipReason::AnotherPerson))
            .map(|(kind, _)| &**kind)
            .collect();
        let whole = kinds.into_iter().filter(|kind| {
            !is_listed(kind) && !skipped.contains(&**kind) && !self.incomplete.contains(kind)
        });
        self.fetched.complete.extend(whole);
    }
}

fn list_skips(skips: impl Iterator<Item = ((String, SkipReason), u64)>) -> Vec<Skip> {
    skips
        .map(|((what, why), count)| Skip { what, why, count: (count > 0).then_some(count) })
        .collect()
}

/// Whether a place of which only this is known did not answer at all: a page of somebody in between, for instance.
fn says_nothing(why: SkipReason) -> bool {
    match why {
        SkipReason::Busy
        | SkipReason::OutOfReach
        | SkipReason::Unreadable
        | SkipReason::TooMuch
        | SkipReason::Elsewhere => true,
        SkipReason::NotOffered
        | SkipReason::NotGranted
        | SkipReason::Refused
        | SkipReason::AnotherPerson
        | SkipReason::Gone => false,
    }
}

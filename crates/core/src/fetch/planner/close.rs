//! The end of a look: where the next one starts, and which types were wholly read.

use std::collections::BTreeSet;

use super::{List, ListState, Planner};
use crate::fetch::{
    Cursor, SkipReason,
    plan::{Way, type_of, types_of},
};

impl Planner {
    pub(super) fn write_cursors(&mut self) {
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

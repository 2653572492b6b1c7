//! What is read because something that came refers to it.

use handrail_contract::place::Role;

use super::{Job, ListState, Planner, Wanted, Way};
use crate::fetch::{offer::Access, plan::types_of};

/// Reads in one batch.
const BATCH: usize = 50;

impl Planner {
    /// Turns what is wanted into requests: one wave of batches at a time, or singles. While lists are read, only what
    /// none of them can bring.
    pub(super) fn plan_wanted(&mut self, are_read: bool) {
        let batch = self.offer.as_ref().is_some_and(|offer| offer.batch);
        let mut under_way = self.in_flight.values().chain(&self.queue);
        if batch && under_way.any(|job| are_read || matches!(job, Job::Batch(_))) {
            return;
        }
        let listed = types_of(self.errand.role);
        let (now, later): (Vec<Wanted>, Vec<Wanted>) =
            self.wanted.drain(..).partition(|it| are_read || !listed.contains(&it.kind()));
        self.wanted.extend(later);
        let wanted: Vec<Wanted> = now.into_iter().filter_map(|it| self.choose_read(it)).collect();
        if batch && wanted.len() > 1 {
            for part in wanted.chunks(BATCH) {
                self.queue.push_back(Job::Batch(part.to_vec()));
            }
        } else {
            self.queue.extend(wanted.into_iter().map(Job::Single));
        }
    }

    /// Decides whether and how something wanted is asked for.
    fn choose_read(&mut self, wanted: Wanted) -> Option<Wanted> {
        if let Wanted::Options { id, .. } = &wanted {
            let is_kept = self.known.contains(&("ValueSet".to_owned(), id.clone()));
            let is_offered =
                self.offer.as_ref().is_none_or(|it| it.offers("ValueSet", Access::Read));
            // No scope is about a person's value sets.
            return (is_offered && (self.whole_look || !is_kept)).then_some(wanted);
        }
        let (wanted, access) = match wanted {
            Wanted::Canonical { fallback: Some(id), .. }
                if self.why_not("Questionnaire", Access::Search).is_some() =>
            {
                (Wanted::Read { kind: "Questionnaire".to_owned(), id }, Access::Read)
            }
            Wanted::Canonical { .. } => (wanted, Access::Search),
            Wanted::Read { .. } | Wanted::Options { .. } => (wanted, Access::Read),
        };
        if let Wanted::Read { kind, id } = &wanted
            && (self.places.contains_key(&(kind.clone(), id.clone()))
                || !self.was_owed.contains(&wanted) && !self.is_due(kind, id))
        {
            return None;
        }
        match self.why_not(wanted.kind(), access) {
            Some(why) => {
                self.skip(wanted.kind(), why, 0);
                None
            }
            None => Some(wanted),
        }
    }

    /// Whether something is to be read: what is kept already, only on a whole look.
    fn is_due(&self, kind: &str, id: &str) -> bool {
        // An organization sees the Tasks that its lists bring, and no other.
        if self.errand.role == Role::Organization && kind == "Task" {
            return false;
        }
        let listed_whole = self.lists.get(kind).is_some_and(|list| {
            list.state == ListState::Read && !matches!(list.way, Way::Delta(_))
        });
        // What a whole list did not bring is not there for this person.
        !listed_whole
            && (self.whole_look || !self.known.contains(&(kind.to_owned(), id.to_owned())))
    }
}

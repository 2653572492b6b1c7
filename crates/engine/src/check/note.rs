//! How the end of a look is written down: under the place's lock, together with what it brought.
//!
//! In: a look and its changes. Out: what came of the place, in the records and in figures.
//! Never: anything of a place that was left meanwhile.

use std::time::{Duration, Instant};

use handrail_contract::place::{Outcome, SourceOutcome};
use handrail_core::{
    act::SERVICE,
    session::{Look, Source, Trouble},
    store::{self, Change},
};
use jiff::Timestamp;

use super::idle;
use crate::{
    engine::{Engine, our_fault},
    exchange::LOCK_PATIENCE,
    ports::{RecordsError, Slot, VaultError},
};

/// How long a turn that is over waits for a place's lock.
const BRIEFLY: Duration = Duration::from_millis(200);

impl Engine {
    /// Notes how a look ended, together with what it brought. A place that was left meanwhile stays left.
    pub(super) async fn settle(
        &self,
        mut source: Source,
        look: Look,
        changes: Vec<Change>,
        started: Instant,
    ) -> SourceOutcome {
        let id = source.id.clone();
        let before = source.clone();
        // A turn that is over waits for nobody; what is not noted then is due again.
        let patience = if look == Look::OutOfTime { BRIEFLY } else { LOCK_PATIENCE };
        let (outcome, problems) =
            source.settle(look, self.now(), u16::from_ne_bytes(self.random()));
        let mut settled = SourceOutcome { outcome, problems, ..idle(id, None) };
        settled.changed = changes.len() as u64;
        if source != before || !changes.is_empty() {
            match self.note(source, changes, patience, started).await {
                Noted::Done => {}
                Noted::Left => settled = idle(settled.source, Some("gone")),
                Noted::Not(trouble) => {
                    if settled.outcome == Outcome::Ok {
                        settled.outcome = Outcome::Partial;
                    }
                    settled.changed = 0;
                    settled.problems.push(trouble.code().to_owned());
                }
            }
        }
        settled.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "fetch",
            source = %settled.source,
            outcome = ?settled.outcome,
            changed = settled.changed,
            problems = ?settled.problems,
            "looked for news"
        );
        settled
    }

    /// Writes under the place's lock: whoever ends a connection holds it, and what is ended is not written again.
    async fn note(
        &self,
        source: Source,
        changes: Vec<Change>,
        patience: Duration,
        started: Instant,
    ) -> Noted {
        let since = self.now().checked_sub(started.elapsed()).unwrap_or(Timestamp::MIN);
        let gate = self.gate(&source.id);
        let Ok(_turn) = tokio::time::timeout(patience, gate.lock()).await else {
            return Noted::Not(Trouble::Busy);
        };
        let noted = self.blocking(move |ports| {
            let slot = Slot::connection(&source.id);
            let _lock = match ports.vault.lock(&slot, patience) {
                Ok(lock) => lock,
                Err(error) => return Noted::Not(trouble_with_vault(&error)),
            };
            let known = match ports.records.sources() {
                Ok(sources) => sources.into_iter().find(|known| known.id == source.id),
                Err(error) => return Noted::Not(trouble_with_records(&error)),
            };
            let Some(known) = known.filter(|known| known.left_at.is_none()) else {
                return Noted::Left;
            };
            // It was asked for another organization than the one that was chosen meanwhile.
            if known.chosen != source.chosen {
                return Noted::Not(Trouble::Busy);
            }
            // Only a Task or a service is written here between two looks.
            let is_ours = |kind: &str| matches!(kind, "Task" | SERVICE);
            let ours = changes.iter().filter_map(|change| match change {
                Change::Put(row) if is_ours(&row.kind) => Some((row.kind.clone(), row.id.clone())),
                Change::Put(_) | Change::Forget { .. } => None,
            });
            let changes = match ports.records.kept_of(&source.id, &ours.collect::<Vec<_>>()) {
                Ok(kept) => store::drop_overtaken(&kept, changes, since),
                Err(error) => return Noted::Not(trouble_with_records(&error)),
            };
            match ports.records.apply(&source, &changes) {
                Ok(()) => Noted::Done,
                Err(error) => Noted::Not(trouble_with_records(&error)),
            }
        });
        noted.await.unwrap_or(Noted::Not(Trouble::OurFault))
    }
}

/// What came of writing a look down.
enum Noted {
    Done,
    /// The person ended the connection meanwhile.
    Left,
    Not(Trouble),
}

pub(super) fn trouble_with_vault(error: &VaultError) -> Trouble {
    match error {
        VaultError::Busy => Trouble::Busy,
        VaultError::Locked => Trouble::KeyLocked,
        VaultError::CannotWrite(_) => Trouble::CannotSave,
        VaultError::WrongKey | VaultError::Damaged => Trouble::KeyTrouble,
        VaultError::Newer => Trouble::Newer,
        VaultError::Failed(_) => {
            our_fault(&error.to_string());
            Trouble::OurFault
        }
    }
}

pub(super) fn trouble_with_records(error: &RecordsError) -> Trouble {
    match error {
        RecordsError::Locked => Trouble::KeyLocked,
        RecordsError::CannotWrite(_) => Trouble::CannotSave,
        RecordsError::Newer => Trouble::Newer,
        RecordsError::CannotOpen | RecordsError::Failed(_) => {
            our_fault(&error.to_string());
            Trouble::OurFault
        }
    }
}

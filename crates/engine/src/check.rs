//! Looking for news at one place, to its own end, whatever happens at the others.

mod turn;
mod note;

use std::{panic::AssertUnwindSafe, time::Instant};

use futures::FutureExt as _;
use handrail_contract::place::{Outcome, SourceId, SourceOutcome};
use handrail_core::{
    fetch::Fetched,
    refresh::Resting,
    session::{Look, Source, Trouble},
    store::{Change, Comparison, Known},
    view,
};

use self::note::{trouble_with_records, trouble_with_vault};
pub(crate) use self::turn::is_loopback;
pub use self::turn::{GLANCE, TURN, Which};
use crate::{
    engine::{Engine, our_fault},
    exchange::NoToken,
    fetch::Carried,
};

impl Engine {
    /// A panic on the way is ours, and no other place's trouble.
    async fn check_source_alone(&self, source: Source, eager: bool) -> SourceOutcome {
        let id = source.id.clone();
        let look = AssertUnwindSafe(self.check_source(source, eager)).catch_unwind();
        look.await.unwrap_or_else(|_| {
            our_fault("a look at a place panicked");
            let why = Trouble::OurFault.code();
            SourceOutcome { outcome: Outcome::Partial, ..idle(id, Some(why)) }
        })
    }

    async fn check_source(&self, source: Source, eager: bool) -> SourceOutcome {
        let started = Instant::now();
        let id = source.id.clone();
        // One look at a place at a time; a second one would only ask the same again.
        if !self.checking().insert(id.clone()) {
            return idle(id, None);
        }
        self.announce_change();
        let _look = UnderWay { engine: self, source: id.clone() };
        // What the person did comes before what others did.
        self.work_outbox(&source, eager).await;
        let known = {
            let id = id.clone();
            self.blocking(move |ports| ports.records.known(&id)).await
        };
        let known = match known {
            Ok(Ok(known)) => known,
            Ok(Err(error)) => {
                let look = Look::Here(trouble_with_records(&error));
                return self.settle(source, look, Vec::new(), started).await;
            }
            Err(_) => {
                return self
                    .settle(source, Look::Here(Trouble::OurFault), Vec::new(), started)
                    .await;
            }
        };
        match self.carry_fetch(&source, &known).await {
            Ok(carried) => self.take(source, carried, known, started).await,
            Err(error) => self.settle(source, look_without_token(error), Vec::new(), started).await,
        }
    }

    /// Takes what a look brought.
    async fn take(
        &self,
        mut source: Source,
        carried: Carried,
        known: Vec<Known>,
        started: Instant,
    ) -> SourceOutcome {
        let Carried { mut fetched, granted, retry_after } = carried;
        source.granted = granted;
        let (requests, bytes) = (fetched.requests, fetched.bytes);
        let (mut changes, is_first) = (Vec::new(), known.is_empty());
        let look = if fetched.token_refused {
            Look::TokenRefused
        } else if fetched.out_of_reach {
            Look::Away { retry_after }
        } else {
            let skipped = std::mem::take(&mut fetched.skipped);
            let cursors = std::mem::take(&mut fetched.cursors);
            source.organizations = std::mem::take(&mut fetched.organizations);
            source.services = std::mem::take(&mut fetched.services);
            match self.compare(known, fetched, source.id.clone()).await {
                Ok(found) => {
                    changes = found;
                    Look::Read { skipped, cursors }
                }
                Err(trouble) => Look::Here(trouble),
            }
        };
        let shown = self.count_shown(&source, &changes, is_first).await;
        let settled = self.settle(source, look, changes, started).await;
        // Nothing of it counts where it could not be written.
        let changed = if settled.changed > 0 { shown } else { 0 };
        SourceOutcome { requests, bytes, changed, ..settled }
    }
}

impl Engine {
    /// How many changes may be told as a number. None, where it is not known what is hidden. `is_first`: nothing is
    /// kept of the place.
    async fn count_shown(&self, source: &Source, changes: &[Change], is_first: bool) -> u64 {
        if changes.is_empty() {
            return 0;
        }
        let (id, base) = (source.id.clone(), source.base.clone());
        let mut wanted =
            if is_first { Vec::new() } else { view::rows_to_count(changes, &source.base) };
        // What is hidden takes what belongs to it along.
        let read = self.records(move |records| {
            let mut rows = Vec::new();
            for _ in 0..=view::STEPS {
                let more = records.kept_of(&id, &wanted)?;
                wanted = view::find_parents(&more, &base);
                rows.extend(more);
            }
            Ok((records.settings()?.hidden(), rows))
        });
        let Ok((hidden, kept)) = read.await else { return 0 };
        view::count_shown(&kept, changes, &source.base, &hidden) as u64
    }

    /// What a look changes. Only rows that seem to say something else are read.
    async fn compare(
        &self,
        known: Vec<Known>,
        fetched: Fetched,
        source: SourceId,
    ) -> Result<Vec<Change>, Trouble> {
        let now = self.now();
        let compared = self.blocking(move |ports| {
            let comparison = Comparison::new(known, fetched);
            let rows = ports.records.kept_of(&source, &comparison.rows_to_read())?;
            Ok(comparison.changes(&rows, &source, now))
        });
        match compared.await {
            Ok(Ok(changes)) => Ok(changes),
            Ok(Err(error)) => Err(trouble_with_records(&error)),
            Err(_) => Err(Trouble::OurFault),
        }
    }
}

fn look_without_token(error: NoToken) -> Look {
    match error {
        NoToken::SignedOut => Look::SignedOut,
        NoToken::Resting(Resting::Busy { retry_after }) => Look::Away { retry_after },
        NoToken::Resting(Resting::OutOfReach | Resting::Odd) => Look::Away { retry_after: None },
        NoToken::Vault(error) => Look::Here(trouble_with_vault(&error)),
        NoToken::Newer => Look::Here(Trouble::Newer),
        NoToken::Ours(what) => {
            our_fault(what);
            Look::Here(Trouble::OurFault)
        }
    }
}

/// A look that is under way; over when dropped, also where its budget ran out.
struct UnderWay<'a> {
    engine: &'a Engine,
    source: SourceId,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.engine.checking().remove(&self.source);
        self.engine.announce_change();
    }
}

/// A place that was not looked at, and why not if that is worth telling.
fn idle(source: SourceId, why: Option<&str>) -> SourceOutcome {
    SourceOutcome {
        source,
        outcome: Outcome::NotDue,
        requests: 0,
        bytes: 0,
        changed: 0,
        elapsed_ms: 0,
        problems: why.map(str::to_owned).into_iter().collect(),
    }
}

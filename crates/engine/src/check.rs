//! Looking for news: one place or all of them, side by side, each to its own end.

use std::{
    collections::BTreeSet,
    panic::AssertUnwindSafe,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures::{FutureExt as _, StreamExt as _, future::join_all, stream};
use handrail_contract::{
    Problem,
    place::{CheckOutcome, ConnectionState, Outcome, SourceId, SourceOutcome},
};
use handrail_core::{
    refresh::Resting,
    session::{Look, Source, Trouble, sum_up},
    store::{self, Change, Kept},
};

use jiff::Timestamp;

use crate::{
    engine::{Engine, our_fault},
    exchange::{LOCK_PATIENCE, NoToken},
    fetch::Carried,
    ports::{RecordsError, Slot, VaultError},
};

/// How many places are looked at side by side. Those that wait are the ones that were looked at last.
const SIDE_BY_SIDE: usize = 8;

/// The time one bounded turn may take: less than the 30 s that phones give a background task.
pub const TURN: Duration = Duration::from_secs(25);

/// How long a turn that is over waits for a place's lock.
const BRIEFLY: Duration = Duration::from_millis(200);

/// How often an open app sees whether something is due.
const GLANCE: Duration = Duration::from_secs(60);

/// Which places to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one, whatever the time.
    One(SourceId),
    /// All of them, whatever the time.
    All,
    /// Those that are due by the schedule.
    Due,
    /// Those that were not looked at in the last two minutes: the app was opened.
    Stale,
}

impl Engine {
    /// Looks for news. A slow or broken place delays nobody; what was saved is never touched by a failure.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn check(&self, which: Which) -> Result<CheckOutcome, Problem> {
        self.look_around(which, None).await
    }

    /// One bounded turn: looks at what is due, who waited longest first, and stops within the budget.
    ///
    /// What was begun and not done by then counts as too slow and backs off; what was not begun stays due. Without a
    /// network nothing is tried and nothing is held against anybody.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn wake(&self, budget: Duration) -> Result<CheckOutcome, Problem> {
        self.look_around(Which::Due, Some(budget)).await
    }

    /// Keeps every place fresh for as long as the app is open, and lets the keys go while nobody asks for anything.
    pub async fn keep_fresh(self) {
        loop {
            let asked = self.count_questions();
            tokio::time::sleep(GLANCE).await;
            if let Err(problem) = self.wake(TURN).await {
                tracing::warn!(target: "refresh", %problem, "a turn did not run");
            }
            if self.count_questions() == asked {
                self.rest().await;
            }
        }
    }

    async fn look_around(
        &self,
        which: Which,
        budget: Option<Duration>,
    ) -> Result<CheckOutcome, Problem> {
        let ends_at = budget.map(|budget| tokio::time::Instant::now() + budget);
        let (mut chosen, mut left) = self.choose(&which).await?;
        let mut outcome = CheckOutcome::default();
        if budget.is_some() && self.0.ports.network.is_offline() {
            let (here, away) = chosen.into_iter().partition(is_loopback);
            chosen = here;
            let offline = |source: Source| idle(source.id, Some(Trouble::Offline.code()));
            outcome.sources.extend(Vec::into_iter(away).map(offline));
        }
        let begun = Mutex::new(BTreeSet::new());
        let eager = which != Which::Due;
        let resting = if eager { Vec::new() } else { left.clone() };
        let mut looks = stream::iter(chosen.clone())
            .map(|source| {
                begun.lock().unwrap_or_else(PoisonError::into_inner).insert(source.id.clone());
                self.check_source_alone(source, eager)
            })
            .buffer_unordered(SIDE_BY_SIDE);
        let looked = async {
            let all = async {
                while let Some(checked) = looks.next().await {
                    outcome.sources.push(checked);
                }
            };
            tokio::join!(all, self.retry_revocations(), self.work_outboxes(&resting));
        };
        let in_time = match ends_at {
            Some(ends_at) => tokio::time::timeout_at(ends_at, looked).await.is_ok(),
            None => {
                looked.await;
                true
            }
        };
        drop(looks);
        if !in_time {
            let begun = begun.into_inner().unwrap_or_else(PoisonError::into_inner);
            let done: BTreeSet<_> =
                outcome.sources.iter().map(|checked| checked.source.clone()).collect();
            let ends =
                chosen.into_iter().filter(|source| !done.contains(&source.id)).map(|source| {
                    let begun = begun.contains(&source.id);
                    async move {
                        if begun {
                            self.settle(source, Look::OutOfTime, Vec::new(), Instant::now()).await
                        } else {
                            idle(source.id, Some("out_of_time"))
                        }
                    }
                });
            outcome.sources.extend(join_all(ends).await);
        }
        if which == Which::Due {
            outcome.sources.extend(left.drain(..).map(|source| idle(source.id, None)));
        }
        outcome.sources.sort_by(|one, two| one.source.cmp(&two.source));
        outcome.line = Some(sum_up(&outcome));
        Ok(outcome)
    }

    /// Those to look at, who waited longest first, and the others.
    async fn choose(&self, which: &Which) -> Result<(Vec<Source>, Vec<Source>), Problem> {
        let now = self.now();
        let mut sources = self.records(|records| records.sources()).await?;
        if let Which::One(wanted) = which {
            let known = sources.iter().find(|source| source.id == *wanted).ok_or(Problem::Gone)?;
            if known.left_at.is_some() {
                return Err(Problem::SignInAgain { source: wanted.clone() });
            }
        }
        sources.retain(|source| source.left_at.is_none());
        sources.sort_by_key(|source| source.last_success_at);
        Ok(sources.into_iter().partition(|source| match which {
            Which::One(wanted) => source.id == *wanted,
            Which::All => true,
            Which::Due => source.is_due(now),
            Which::Stale => source.state != ConnectionState::SignInAgain && !source.is_fresh(now),
        }))
    }

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
        let kept = {
            let id = id.clone();
            self.blocking(move |ports| ports.records.kept(Some(&id))).await
        };
        let kept = match kept {
            Ok(Ok(kept)) => kept,
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
        match self.carry_fetch(&source, &kept).await {
            Ok(carried) => self.take(source, carried, &kept, started).await,
            Err(error) => self.settle(source, look_without_token(error), Vec::new(), started).await,
        }
    }

    /// Takes what a look brought.
    async fn take(
        &self,
        mut source: Source,
        carried: Carried,
        kept: &[Kept],
        started: Instant,
    ) -> SourceOutcome {
        let Carried { mut fetched, granted, retry_after } = carried;
        source.granted = granted;
        let (requests, bytes) = (fetched.requests, fetched.bytes);
        let mut changes = Vec::new();
        let look = if fetched.token_refused {
            Look::TokenRefused
        } else if fetched.out_of_reach {
            Look::Away { retry_after }
        } else {
            let skipped = std::mem::take(&mut fetched.skipped);
            let cursors = std::mem::take(&mut fetched.cursors);
            changes = store::merge(kept, fetched, &source.id, self.now());
            Look::Read { skipped, cursors }
        };
        let settled = self.settle(source, look, changes, started).await;
        SourceOutcome { requests, bytes, ..settled }
    }

    /// Notes how a look ended, together with what it brought. A place that was left meanwhile stays left.
    async fn settle(
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
            if known.is_none_or(|known| known.left_at.is_some()) {
                return Noted::Left;
            }
            let has_task =
                |change: &Change| matches!(change, Change::Put(row) if row.kind == "Task");
            let changes = if changes.iter().any(has_task) {
                match ports.records.kept(Some(&source.id)) {
                    Ok(kept) => store::drop_overtaken(&kept, changes, since),
                    Err(error) => return Noted::Not(trouble_with_records(&error)),
                }
            } else {
                changes
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

fn trouble_with_vault(error: &VaultError) -> Trouble {
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

fn trouble_with_records(error: &RecordsError) -> Trouble {
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

/// This machine's own servers are there without any network.
pub(crate) fn is_loopback(source: &Source) -> bool {
    matches!(source.base.url().host_str(), Some("127.0.0.1" | "localhost"))
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

//! Which places are looked at now, how many side by side, and for how long.
//!
//! In: the schedule, the network, a budget, a call to stop. Out: what came of each place.
//! Never: how one place is looked at, or how that is written down.

use std::{
    collections::BTreeSet,
    future::pending,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures::{StreamExt as _, future::join_all, stream};
use handrail_contract::{
    Problem,
    place::{CheckOutcome, ConnectionState, SourceId},
    settings::HowOften,
};
use handrail_core::session::{Look, STOPPED, Source, Trouble, is_told, sum_up};

use super::idle;
use crate::engine::Engine;

/// How many places are looked at side by side. Those that wait are the ones that were looked at last.
const SIDE_BY_SIDE: usize = 8;

/// The time one bounded turn may take: less than the 30 s that phones give a background task.
pub const TURN: Duration = Duration::from_secs(25);

/// How often an open app sees whether something is due.
pub const GLANCE: Duration = Duration::from_secs(60);

/// Which places to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// This one, whatever the time.
    One(SourceId),
    /// All of them, whatever the time.
    All,
    /// Those that are due by the schedule, while the app is open.
    Due,
    /// The same while it is closed: none, where the person wants no looks then.
    DueUnseen,
    /// Those that were not looked at in the last two minutes: the app was opened.
    Stale,
}

/// Why a turn ended before all was looked at.
#[derive(Clone, Copy)]
enum Cut {
    OutOfTime,
    Stopped,
}

impl Which {
    /// Nobody asked for it but the clock.
    const fn is_by_schedule(&self) -> bool {
        matches!(self, Self::Due | Self::DueUnseen)
    }
}

impl Engine {
    /// Looks for news. A slow or broken place delays nobody; what was saved is never touched by a failure.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn check(&self, which: Which) -> Result<CheckOutcome, Problem> {
        self.look_around(which, None, pending()).await
    }

    /// One bounded turn: looks at what is due, who waited longest first, and stops within the budget.
    ///
    /// What was begun and not done by then counts as too slow and backs off; what was not begun stays due. Without a
    /// network nothing is tried and nothing is held against anybody.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn wake(&self, budget: Duration) -> Result<CheckOutcome, Problem> {
        self.wake_until(budget, pending()).await
    }

    /// The same, which also ends as soon as `stop` does: a phone wants its time back. That is nobody's fault: what was
    /// begun and not done by then stays due as well.
    ///
    /// # Errors
    /// As [`Engine::wake`].
    pub async fn wake_until(
        &self,
        budget: Duration,
        stop: impl Future<Output = ()>,
    ) -> Result<CheckOutcome, Problem> {
        self.look_around(Which::DueUnseen, Some(budget), stop).await
    }

    /// Keeps every place fresh for as long as the app is open, and lets the keys go while nobody asks for anything.
    /// `glance` is how often it sees whether something is due: [`GLANCE`], but for a developer.
    pub async fn keep_fresh(self, glance: Duration) {
        loop {
            let asked = self.count_questions();
            tokio::time::sleep(glance).await;
            match self.look_around(Which::Due, Some(TURN), pending()).await {
                Ok(outcome) => self.tell(&outcome).await,
                Err(problem) => {
                    tracing::warn!(target: "refresh", %problem, "a turn did not run");
                }
            }
            if self.count_questions() == asked {
                self.rest().await;
            }
        }
    }

    /// Says that a look brought something new, where the shell can and the person wants it.
    async fn tell(&self, outcome: &CheckOutcome) {
        let Some(notices) = self.notices() else { return };
        // What cannot be read now was not chosen.
        let Ok(settings) = self.records(|records| records.settings()).await else { return };
        if is_told(outcome, settings.tells_news, notices.is_watched()) {
            notices.tell(settings.language);
        }
    }

    async fn look_around(
        &self,
        which: Which,
        budget: Option<Duration>,
        stop: impl Future<Output = ()>,
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
        let eager = !which.is_by_schedule();
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
        let out_of_time = async {
            match ends_at {
                Some(ends_at) => tokio::time::sleep_until(ends_at).await,
                None => pending().await,
            }
        };
        let cut = tokio::select! {
            biased;
            () = looked => None,
            () = stop => Some(Cut::Stopped),
            () = out_of_time => Some(Cut::OutOfTime),
        };
        drop(looks);
        if let Some(cut) = cut {
            let begun = begun.into_inner().unwrap_or_else(PoisonError::into_inner);
            let done: BTreeSet<_> =
                outcome.sources.iter().map(|checked| checked.source.clone()).collect();
            let ends =
                chosen.into_iter().filter(|source| !done.contains(&source.id)).map(|source| {
                    let begun = begun.contains(&source.id);
                    async move {
                        match cut {
                            Cut::OutOfTime if begun => {
                                let look = Look::OutOfTime;
                                self.settle(source, look, Vec::new(), Instant::now()).await
                            }
                            Cut::OutOfTime => idle(source.id, Some("out_of_time")),
                            Cut::Stopped => idle(source.id, Some(STOPPED)),
                        }
                    }
                });
            outcome.sources.extend(join_all(ends).await);
        }
        if which.is_by_schedule() {
            outcome.sources.extend(left.drain(..).map(|source| idle(source.id, None)));
        }
        outcome.sources.sort_by(|one, two| one.source.cmp(&two.source));
        self.log_looks(&outcome.sources).await;
        outcome.line = Some(sum_up(&outcome));
        Ok(outcome)
    }

    /// Those to look at, who waited longest first, and the others.
    async fn choose(&self, which: &Which) -> Result<(Vec<Source>, Vec<Source>), Problem> {
        let now = self.now();
        let read = self.records(|records| Ok((records.sources()?, records.settings()?.how_often)));
        let (mut sources, how_often) = read.await?;
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
            Which::Due => source.is_due(now, how_often),
            Which::DueUnseen => how_often != HowOften::WhenOpen && source.is_due(now, how_often),
            Which::Stale => source.state != ConnectionState::SignInAgain && !source.is_fresh(now),
        }))
    }
}

/// This machine's own servers are there without any network.
pub(crate) fn is_loopback(source: &Source) -> bool {
    matches!(source.base.url().host_str(), Some("127.0.0.1" | "localhost"))
}

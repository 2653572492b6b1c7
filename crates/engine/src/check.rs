//! Looking for news: one place or all of them, side by side, each to its own end.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream::FuturesUnordered};
use handrail_contract::{
    Problem,
    place::{CheckOutcome, ConnectionState, Outcome, SourceId, SourceOutcome},
    words::Phrase,
};
use handrail_core::{fetch::SkipReason, session::Source, store};

use crate::{
    engine::{Engine, our_fault, vault_problem},
    exchange::NoToken,
    fetch::{Carried, NotCarried},
    ports::VaultError,
};

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
        let now = self.now();
        let mut sources = self.records(|records| records.sources()).await?;
        // Who waited longest goes first, should the budget run out.
        sources.sort_by_key(|source| source.last_success_at);
        if let Which::One(wanted) = &which
            && !sources.iter().any(|source| source.id == *wanted)
        {
            return Err(Problem::Gone);
        }
        let (chosen, left): (Vec<_>, Vec<_>) =
            sources.into_iter().partition(|source| match &which {
                Which::One(wanted) => source.id == *wanted,
                Which::All => true,
                Which::Due => source.is_due(now),
                Which::Stale => {
                    source.state != ConnectionState::SignInAgain && !source.is_fresh(now)
                }
            });
        let mut checks: FuturesUnordered<_> =
            chosen.into_iter().map(|source| self.check_source(source)).collect();
        let mut outcome = CheckOutcome::default();
        let looked = async {
            while let Some(checked) = checks.next().await {
                outcome.sources.push(checked?);
            }
            Ok(())
        };
        let (looked, ()) = tokio::join!(looked, self.retry_revocations());
        looked?;
        if matches!(which, Which::Due) {
            outcome.sources.extend(left.into_iter().map(|source| not_due(source.id)));
        }
        outcome.sources.sort_by(|one, two| one.source.cmp(&two.source));
        outcome.line = Some(said(&outcome));
        Ok(outcome)
    }

    /// Looks at what is due, and stops within the budget: what is not done by then is due next time.
    ///
    /// # Errors
    /// The records cannot be read.
    pub async fn wake(&self, budget: Duration) -> Result<CheckOutcome, Problem> {
        match tokio::time::timeout(budget, self.check(Which::Due)).await {
            Ok(outcome) => outcome,
            // An exchange that is under way ends by itself in a task of its own, and is sealed.
            Err(_) => Ok(CheckOutcome::default()),
        }
    }

    async fn check_source(&self, source: Source) -> Result<SourceOutcome, Problem> {
        let started = Instant::now();
        let id = source.id.clone();
        // One look at a place at a time; a second one would only ask the same again.
        if !self.checking().insert(id.clone()) {
            return Ok(not_due(id));
        }
        self.announce_change();
        let _look = Look { engine: self, source: id };
        self.look_at(source, started).await
    }

    async fn look_at(
        &self,
        mut source: Source,
        started: Instant,
    ) -> Result<SourceOutcome, Problem> {
        let id = source.id.clone();
        let kept = {
            let id = id.clone();
            self.records(move |records| records.kept(Some(&id))).await?
        };
        let carried = self.carry_fetch(&source, &kept).await;
        let now = self.now();
        let jitter = u16::from_ne_bytes(self.random());
        let mut figures = SourceOutcome {
            source: id,
            outcome: Outcome::Ok,
            requests: 0,
            bytes: 0,
            changed: 0,
            elapsed_ms: 0,
            problems: Vec::new(),
        };
        let mut changes = Vec::new();
        match carried {
            Ok(Carried { fetched, granted, retry_after }) => {
                figures.requests = fetched.requests;
                figures.bytes = fetched.bytes;
                let problems: BTreeSet<_> = fetched
                    .skipped
                    .iter()
                    .map(|skip| format!("{}:{}", skip.what, skip.why.code()))
                    .collect();
                figures.problems = problems.into_iter().collect();
                source.granted = granted;
                if fetched.signed_out {
                    source.sign_out();
                    figures.outcome = Outcome::SignInAgain;
                } else if fetched.out_of_reach {
                    source.fail(now, retry_after, jitter);
                    figures.outcome = Outcome::OutOfReach;
                } else {
                    changes = store::merge(&kept, &fetched, &source.id, now);
                    figures.changed = changes.len() as u64;
                    source.skipped.clone_from(&fetched.skipped);
                    source.cursors = fetched.cursors;
                    source.succeed(now, jitter);
                    if fetched.skipped.iter().any(|skip| is_trouble(skip.why)) {
                        figures.outcome = Outcome::Partial;
                    }
                }
            }
            Err(NotCarried::SignedOut) => {
                source.sign_out();
                figures.outcome = Outcome::SignInAgain;
            }
            Err(NotCarried::OutOfReach(retry_after)) => {
                source.fail(now, retry_after, jitter);
                figures.outcome = Outcome::OutOfReach;
            }
            // Another process of ours is renewing the token, or stands still while it does. The place stays as it is.
            Err(NotCarried::Token(NoToken::Vault(VaultError::Busy))) => {
                return Ok(not_due(source.id));
            }
            Err(NotCarried::Token(NoToken::Vault(error))) => return Err(vault_problem(error)),
            Err(NotCarried::Token(NoToken::Ours(what))) => return Err(our_fault(what)),
            Err(NotCarried::Token(NoToken::SignedOut | NoToken::Resting(_))) => {
                return Err(our_fault("a token problem was not told apart"));
            }
        }
        self.records(move |records| records.apply(&source, &changes)).await?;
        figures.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(
            target: "fetch",
            source = %figures.source,
            outcome = ?figures.outcome,
            requests = figures.requests,
            changed = figures.changed,
            "looked for news"
        );
        Ok(figures)
    }
}

/// A look that is under way; over when dropped, also where its budget ran out.
struct Look<'a> {
    engine: &'a Engine,
    source: SourceId,
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        self.engine.checking().remove(&self.source);
        self.engine.announce_change();
    }
}

fn not_due(source: SourceId) -> SourceOutcome {
    SourceOutcome {
        source,
        outcome: Outcome::NotDue,
        requests: 0,
        bytes: 0,
        changed: 0,
        elapsed_ms: 0,
        problems: Vec::new(),
    }
}

/// Whether a look that left this out was less than whole. What a place does not have is not missing.
fn is_trouble(why: SkipReason) -> bool {
    match why {
        SkipReason::NotOffered
        | SkipReason::NotGranted
        | SkipReason::Gone
        | SkipReason::Elsewhere => false,
        SkipReason::Refused
        | SkipReason::Unreadable
        | SkipReason::AnotherPerson
        | SkipReason::TooMuch
        | SkipReason::Busy
        | SkipReason::OutOfReach => true,
    }
}

/// "Checked. 2 things new." Never said of a place that did not answer.
fn said(outcome: &CheckOutcome) -> Phrase {
    let away = |checked: &&SourceOutcome| {
        matches!(checked.outcome, Outcome::OutOfReach | Outcome::SignInAgain)
    };
    let failed = outcome.sources.iter().filter(away).count();
    let changed: u64 = outcome.sources.iter().map(|checked| checked.changed).sum();
    if failed > 0 && failed == outcome.sources.len() {
        Phrase::new("check-failed")
    } else if failed > 0 {
        Phrase::new("check-partly")
    } else {
        Phrase::new("check-done").with("n", i64::try_from(changed).unwrap_or(i64::MAX))
    }
}

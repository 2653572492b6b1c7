//! What goes wrong between a phone and a server.

use std::collections::{BTreeMap, VecDeque};

use super::entropy::Dice;

/// One thing that goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No route: the server never saw it.
    NotSent,
    /// 429 with `Retry-After`, before the server looked.
    Busy,
    /// 503, before the server looked.
    Unavailable,
    /// 500, before the server did anything. The phone cannot know that.
    Failed,
    /// The server did it, and the answer never came.
    AnswerLost,
    /// The server did it, and half of the answer came.
    CutShort,
}

impl Fault {
    pub const ALL: [Self; 6] = [
        Self::NotSent,
        Self::Busy,
        Self::Unavailable,
        Self::Failed,
        Self::AnswerLost,
        Self::CutShort,
    ];

    /// Whether the server did what it was asked before things went wrong.
    pub fn was_done(self) -> bool {
        matches!(self, Self::AnswerLost | Self::CutShort)
    }
}

/// Which requests go wrong at one server.
#[derive(Debug)]
pub struct Faults {
    per_10_000: u64,
    dice: Dice,
    /// What becomes of the next requests, before the dice are asked.
    planned: VecDeque<Option<Fault>>,
    pub happened: BTreeMap<Fault, u64>,
    pub requests: u64,
}

impl Faults {
    /// This share of requests goes wrong, each kind as often as the others.
    pub fn random(per_10_000: u64, seed: u64) -> Self {
        Self {
            per_10_000,
            dice: Dice::new(seed),
            planned: VecDeque::new(),
            happened: BTreeMap::new(),
            requests: 0,
        }
    }

    pub fn set_share(&mut self, per_10_000: u64) {
        self.per_10_000 = per_10_000;
    }

    /// Decides what becomes of the next requests, one by one.
    pub fn plan(&mut self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.planned.extend(faults);
    }

    pub(super) fn next(&mut self) -> Option<Fault> {
        self.requests += 1;
        let fault = match self.planned.pop_front() {
            Some(planned) => planned,
            None if self.dice.roll() % 10_000 < self.per_10_000 => {
                let kinds = Fault::ALL.len() as u64;
                usize::try_from(self.dice.roll() % kinds).ok().map(|kind| Fault::ALL[kind])
            }
            None => None,
        };
        if let Some(fault) = fault {
            *self.happened.entry(fault).or_default() += 1;
        }
        fault
    }
}

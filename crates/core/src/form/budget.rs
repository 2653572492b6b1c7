//! What the expressions of a form may cost together.
//!
//! Counted and never timed, so that one form with the same answers always ends the same way, on every phone.

use std::cell::Cell;

/// Elements that may be looked at. Forms that people fill in take a hundredth of it.
const FULL: u64 = 4_000_000;

/// How much may still be looked at. Once something was too dear, nothing else is evaluated either: half of a form's
/// calculations would mislead.
#[derive(Debug)]
pub struct Budget(Cell<u64>);

/// The form's budget is used up.
#[derive(Clone, Copy, Debug)]
pub struct Spent;

impl Budget {
    /// All there is for one go through a form.
    pub fn full() -> Self {
        Self(Cell::new(FULL))
    }

    /// Takes what an evaluation costs.
    ///
    /// # Errors
    /// There is not as much left.
    pub fn spend(&self, cost: u64) -> Result<(), Spent> {
        // One stays for "it never was too much", so that none is left means that something was.
        let left = self.0.get().checked_sub(cost).filter(|left| *left > 0);
        self.0.set(left.unwrap_or(0));
        if self.is_spent() { Err(Spent) } else { Ok(()) }
    }

    /// How much was spent.
    #[cfg(test)]
    pub fn spent(&self) -> u64 {
        FULL - self.0.get()
    }

    /// Whether something cost more than was left.
    pub fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}

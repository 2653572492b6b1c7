//! What was counted, beside what was promised.

use std::{fmt::Display, process::ExitCode};

/// Lines of `what  got / goal`, and how many goals were met.
#[derive(Default)]
pub struct Ledger {
    passed: u32,
    failed: u32,
}

impl Ledger {
    /// Begins a part.
    pub fn open(&self, title: &str) {
        println!("\n{title}");
    }

    /// A figure that nobody promised.
    pub fn note(&self, what: &str, got: u64) {
        println!("    {what:<66} {got:>12}");
    }

    pub fn note_pair(&self, what: &str, before: u64, after: u64) {
        println!("    {what:<66} {before:>12} {after}");
    }

    pub fn expect(&mut self, what: &str, got: u64, goal: u64) {
        self.judge(what, got, goal, got == goal);
    }

    pub fn expect_at_most(&mut self, what: &str, got: i64, goal: i64) {
        self.judge(what, got, format!("at most {goal}"), got <= goal);
    }

    pub fn expect_some(&mut self, what: &str, got: u64) {
        self.judge(what, got, "at least 1", got > 0);
    }

    fn judge(&mut self, what: &str, got: impl Display, goal: impl Display, met: bool) {
        let sign = if met { "✓" } else { "✗" };
        println!("  {sign} {what:<66} {got:>12} / {goal}");
        if met {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }

    pub fn sum_up(self) -> ExitCode {
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

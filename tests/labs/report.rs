//! What a laboratory found: a line a figure, beside what it had to be.

use std::{fmt::Display, process::ExitCode};

/// The figures so far.
#[derive(Default)]
pub struct Report {
    passed: u32,
    failed: u32,
}

impl Report {
    /// A heading.
    pub fn begin(&self, what: &str) {
        println!("\n{what}");
    }

    /// A figure that explains others and has no goal.
    pub fn note(&self, what: &str, got: impl Display) {
        println!("    {what:<58} {got:>8}");
    }

    /// A figure that must be exactly this.
    pub fn exactly<T: Display + PartialEq>(&mut self, what: &str, got: T, goal: T) {
        let met = got == goal;
        self.judge(what, &got, &goal, met);
    }

    /// A figure that must not be more than this.
    pub fn at_most<T: Display + PartialOrd>(&mut self, what: &str, got: T, goal: T) {
        let met = got <= goal;
        self.judge(what, &got, &format!("≤ {goal}"), met);
    }

    /// A figure that must not be less than this.
    pub fn at_least<T: Display + PartialOrd>(&mut self, what: &str, got: T, goal: T) {
        let met = got >= goal;
        self.judge(what, &got, &format!("≥ {goal}"), met);
    }

    fn judge(&mut self, what: &str, got: &dyn Display, goal: &dyn Display, met: bool) {
        let mark = if met { "✓" } else { "✗" };
        println!("  {mark} {what:<58} {got:>8} / {goal}");
        if met {
            self.passed += 1;
        } else {
            self.failed += 1;
        }
    }

    /// The last line. A laboratory that judged nothing has not passed.
    pub fn conclude(self) -> ExitCode {
        println!("\n{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 && self.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

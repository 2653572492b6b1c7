//! The laboratories: `labs crash`, `labs mixup`, `labs race` and `labs storm`, most with `--long`. `docs/laboratories.md` says what they promise.
//!
//! Out: aligned lines `what  got / goal`; the last line is `N passed, N failed`, and the exit code tells the same.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where a person reads")]

mod crash;
mod mixup;
mod race;
mod storm;
mod ground;
mod hand;
mod report;
mod worker;

use std::process::ExitCode;

/// How much is done: a minute or less beside the other tests, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Short,
    Long,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["worker", rest @ ..] = words.as_slice() {
        return worker::run(rest);
    }
    let form = if words.contains(&"--long") { Form::Long } else { Form::Short };
    let words: Vec<&str> = words.into_iter().filter(|word| *word != "--long").collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime with the system's defaults");
    let report = match words.as_slice() {
        ["crash", wanted @ ..] => runtime.block_on(crash::run(form, wanted)),
        ["storm", wanted @ ..] => runtime.block_on(storm::run(form, wanted)),
        ["mixup"] => runtime.block_on(mixup::run()),
        ["race"] => runtime.block_on(race::run(form)),
        _ => {
            eprintln!(
                "labs mixup | labs race [--long] | labs crash [--long] [first|unlock|sign-in|refresh|kills|browser …] \
                 | labs storm [--long] [matrix|waits|sequences …]"
            );
            return ExitCode::from(2);
        }
    };
    report.conclude()
}

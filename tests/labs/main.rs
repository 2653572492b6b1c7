//! The laboratories: `labs crash` and `labs race`, each with `--long`. `docs/laboratories.md` says what they promise.
//!
//! Out: aligned lines `what  got / goal`; the last line is `N passed, N failed`, and the exit code tells the same.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where a person reads")]

mod crash;
mod race;
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
    let (lab, form) = match words.as_slice() {
        ["worker", rest @ ..] => return worker::run(rest),
        [lab, "--long"] => (*lab, Form::Long),
        [lab] => (*lab, Form::Short),
        _ => ("", Form::Short),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime with the system's defaults");
    let report = match lab {
        "crash" => runtime.block_on(crash::run(form)),
        "race" => runtime.block_on(race::run(form)),
        _ => {
            eprintln!("labs crash|race [--long]");
            return ExitCode::from(2);
        }
    };
    report.conclude()
}

//! The laboratories: crash, race and storm, each in a short form beside the other tests and a long one before a release.
//!
//! Out: their own lines, as they wrote them. What they promise stands in docs/laboratories.md.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

use std::{process::Command, time::Duration};

use crate::{
    cargo::cargo,
    machine::Part,
    setup,
    step::{Failure, Step},
};

/// Long forms take a while on a busy machine.
const LONGEST: Duration = Duration::from_secs(2 * 60 * 60);
/// Beside the other tests.
const SHORT: Duration = Duration::from_secs(5 * 60);

/// Sets up, runs one and shows all of its lines.
pub fn run(lab: &str, how: &[&str]) -> Result<(), Failure> {
    setup::prepare(&[Part::Build, Part::Labs])?;
    build()?;
    let said = call(lab, how, LONGEST)?;
    println!("{said}");
    Ok(())
}

/// Compiles them.
pub fn build() -> Result<(), Failure> {
    let mut command = call_cargo();
    command.arg("--no-run");
    Step::new("compiling the laboratories", command, "mend what the compiler names")
        .run()
        .map(|_| ())
}

/// Runs one in its short form.
pub fn run_short(lab: &str) -> Result<String, Failure> {
    call(lab, &[], SHORT)
}

fn call(lab: &str, how: &[&str], limit: Duration) -> Result<String, Failure> {
    let mut command = call_cargo();
    command.args(["--", lab]).args(how);
    let name = format!("the {lab} laboratory");
    Step::new(&name, command, "read the lines marked ✗").within(limit).run()
}

fn call_cargo() -> Command {
    let mut command = cargo();
    command.args(["test", "-p", "handrail-tests", "--test", "labs"]);
    command
}

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

/// Runs one in its short form; its last line counts as a test's result.
pub fn run_short(lab: &str) -> Result<String, Failure> {
    call(lab, &[], SHORT).map(|said| as_result(&said)).map_err(|mut failure| {
        failure.said = as_result(&failure.said);
        failure
    })
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

fn as_result(said: &str) -> String {
    let is_sum = |line: &&str| line.contains(" passed, ") && line.ends_with(" failed");
    match said.lines().rfind(is_sum) {
        Some(sum) => format!("{said}\ntest result: {sum}"),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sum_of_a_laboratory_counts_as_a_result() {
        let said = as_result("  ✗ lost   1 / 0\n\n3 passed, 1 failed\nerror: test failed");

        assert!(said.ends_with("\ntest result: 3 passed, 1 failed"), "{said}");
    }

    #[test]
    fn a_laboratory_that_broke_off_has_no_result() {
        assert_eq!(as_result("it died"), "it died");
    }
}

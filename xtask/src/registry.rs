//! Keys for registries, signing one, checking one: done by a package that reads them with the app's own code.

use std::process::{Command, Stdio};

use crate::{cargo, place, step::Failure};

/// Runs the tool with these words, on this terminal.
pub fn run(words: &[&str]) -> Result<(), Failure> {
    cargo::build("compiling the tool that signs registries", &["-p", "xtask-registry"])?;
    let mut command = Command::new(place::program("xtask-registry"));
    let status = command.args(words).stdin(Stdio::null()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::plain("registry", "it was not done", "read what is said above")),
        Err(error) => Err(Failure::plain("registry", error.to_string(), "build it again")),
    }
}

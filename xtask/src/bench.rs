//! Figures and labs: programs that are built as a release is, and what they say, line by line.
//!
//! `bench` never fails for being slow: it says by how much. `year` fails where a promise was broken.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

use std::{path::PathBuf, process::Command};

use crate::{
    cargo::{self, cargo},
    check,
    machine::Part,
    setup,
    step::{self, Failure, Step},
    ui::{self, Finish},
};

/// What can be measured: the word, and its program.
const BENCHES: [(&str, &str); 5] = [
    ("vault", "bench-vault"),
    ("turn", "bench-turn"),
    ("records", "bench-records"),
    ("sync", "bench-sync"),
    ("ui", "bench-ui"),
];

/// Measures these, or everything.
pub fn measure(words: &[&str]) -> Result<(), Failure> {
    let known = |word: &&&str| BENCHES.iter().any(|(name, _)| name == *word);
    if let Some(word) = words.iter().find(|word| !known(word)) {
        let why = format!("there is no bench `{word}`");
        return Err(Failure::plain(
            "bench",
            why,
            "the benches are: vault, turn, records, sync, ui",
        ));
    }
    let wanted = |name: &str| words.is_empty() || words.contains(&name);
    if wanted("ui") {
        setup::prepare(&[Part::Ui, Part::BrowserTests])?;
        ui::build(Finish::Small)?;
    }
    if wanted("turn") || wanted("ui") {
        // Alone, so that no test of ours adds a feature to what is measured.
        let shell = [&["--release", "-p", "handrail-cli"][..], &check::FEATURES].concat();
        cargo::build("compiling the headless shell as released", &shell)?;
    }
    let mut peers = Vec::new();
    if wanted("sync") {
        let (found, missing) = setup::install_peers();
        peers = found;
        // The app and the bare fetch are compared all the same, and the bench names who is left out.
        missing.iter().for_each(|failure| println!("{failure}"));
    }
    for (name, program) in BENCHES.into_iter().filter(|(name, _)| wanted(name)) {
        let said = run(program, &["--release"], &[], &peers, &format!("measuring: {name}"))?;
        println!("{}", said.trim_end());
    }
    Ok(())
}

/// A year of thirty connections, or some weeks of it.
pub fn live(words: &[&str]) -> Result<String, Failure> {
    match words {
        // A build for speed takes longer than the weeks do, and is worth it for the year.
        ["--long"] => run("year", &["--release"], words, &[], "a year with 30 places"),
        [] => run("year", &[], words, &[], "some weeks with 30 places"),
        _ => Err(Failure::plain("year", format!("unknown: {}", words.join(" ")), "year [--long]")),
    }
}

/// Codes as people photograph them, two of each kind or all.
pub fn look_at_pictures(words: &[&str]) -> Result<String, Failure> {
    let name = "pictures of codes";
    match words {
        ["--long"] => run("pictures", &["--release"], words, &[], name),
        [] => run("pictures", &[], words, &[], name),
        _ => Err(Failure::plain(
            "pictures",
            format!("unknown: {}", words.join(" ")),
            "pictures [--long]",
        )),
    }
}

/// Builds a program of the tests, runs it, and returns what it said.
fn run(
    program: &str,
    profile: &[&str],
    words: &[&str],
    settings: &[(&str, PathBuf)],
    name: &str,
) -> Result<String, Failure> {
    let test = || -> Command {
        let mut command = cargo();
        command.args(["test", "-p", "handrail-tests", "--test", program]).args(profile);
        command
    };
    let mut build = test();
    build.arg("--no-run");
    Step::new(&format!("compiling {program}"), build, "mend what the compiler names").run()?;
    let mut command = test();
    command.arg("--").args(words);
    for (setting, path) in settings {
        command.env(setting, path);
    }
    let said = Step::new(name, command, "see what it says above").run()?;
    // What cargo says stands before the program's own first line, which is empty.
    Ok(said.split_once("\n\n").map_or(said.clone(), |(_, own)| own.to_owned()))
}

/// Shows what a lab said.
pub fn show(said: &str) {
    step::say("");
    println!("{}", said.trim_end());
}

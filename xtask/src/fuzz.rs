//! Fuzzing: libFuzzer against everything that reads texts of strangers.
//!
//! Out: for each target how often it ran. What it promises stands in docs/laboratories.md.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

use std::{fs, path::PathBuf, process::Command, time::Duration};

use crate::{
    cargo::cargo,
    place,
    step::{Failure, Step},
};

/// Each target, and how often the long form runs it: research asks most of what anybody may print on paper.
pub const TARGETS: [(&str, u64); 11] = [
    ("code", 100_000_000),
    ("callback", 100_000_000),
    ("discovery", 10_000_000),
    ("registration", 10_000_000),
    ("tokens", 10_000_000),
    ("registry", 10_000_000),
    ("brands", 5_000_000),
    ("page", 2_000_000),
    ("text", 5_000_000),
    ("vault", 10_000_000),
    ("questions", 10_000_000),
];

/// Of each target in the short form, in seconds; what is kept in the corpus is run first.
const SHORT: u64 = 2;
const TRIPLE: &str = "x86_64-unknown-linux-gnu";
/// What cargo-fuzz passes, all of it known to the stable compiler.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1";

/// Runs one target or all, for some seconds each or, in the long form, as often as was promised.
pub fn run(words: &[&str]) -> Result<(), Failure> {
    let (flags, named): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.starts_with("--"));
    let unknown = named.iter().find(|name| TARGETS.iter().all(|(known, _)| known != *name));
    if let Some(name) = unknown.or(flags.iter().find(|flag| **flag != "--long")) {
        let known = TARGETS.map(|(name, _)| name).join(", ");
        return Err(Failure::plain(
            "fuzz",
            format!("no target {name}"),
            &format!("it knows {known}"),
        ));
    }
    build()?;
    for (target, runs) in TARGETS {
        if named.is_empty() || named.contains(&target) {
            let goal = (!flags.is_empty()).then_some(runs);
            println!("{}", fuzz(target, goal)?);
        }
    }
    Ok(())
}

/// Compiles the targets, apart from everything else, with the marks that libFuzzer follows.
pub fn build() -> Result<(), Failure> {
    let mut command = cargo();
    command
        .current_dir(place::root().join("fuzz"))
        .args(["build", "--release", "--target", TRIPLE])
        .env("CARGO_TARGET_DIR", folder())
        .env("RUSTFLAGS", FLAGS);
    Step::new("compiling what is fuzzed", command, "mend what the compiler names").run().map(|_| ())
}

/// Every target in the short form.
pub fn run_short() -> Result<String, Failure> {
    let mut said = String::new();
    for (target, _) in TARGETS {
        said.push_str(&fuzz(target, None)?);
        said.push('\n');
    }
    said.push_str(&format!("{} passed, 0 failed\n", TARGETS.len()));
    Ok(said)
}

fn fuzz(target: &str, runs: Option<u64>) -> Result<String, Failure> {
    let found = folder().join("found").join(target);
    let kept = place::root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&found)
        .map_err(|error| Failure::plain("fuzz", error.to_string(), "make room on the disk"))?;
    let mut command = Command::new(folder().join(TRIPLE).join("release/handrail-fuzz"));
    let limit = runs.map_or(format!("-max_total_time={SHORT}"), |runs| format!("-runs={runs}"));
    // No input takes seconds, even beside other work, or 64 MiB at once.
    command
        .args([
            &limit,
            "-timeout=5",
            "-malloc_limit_mb=64",
            "-max_len=4096",
            "-print_final_stats=1",
        ])
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args([&found, &kept])
        .env("HANDRAIL_FUZZ", target);
    let advice = "the input is named above: keep it in fuzz/corpus, and mend what it shows";
    let patience = if runs.is_some() { 24 * 60 * 60 } else { 60 };
    let step = Step::new(&format!("fuzzing {target}"), command, advice);
    let said = step.within(Duration::from_secs(patience)).run()?;
    let count = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let count = count.map_or("?", str::trim);
    Ok(match runs {
        Some(goal) => format!("{target}: {count}/{goal} runs"),
        None => format!("{target}: {count} runs"),
    })
}

fn folder() -> PathBuf {
    place::target().join("fuzz")
}

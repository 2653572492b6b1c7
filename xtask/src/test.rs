//! All tests: set-up, checks, the headless part, then what drives the window, a browser and foreign servers.
//!
//! Out: a line a step, what failed, and as the last line `N passed, N failed`. Nothing is left out in silence:
//! a step that could not run counts as failed.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

use std::{
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    bench,
    cargo::{self, cargo},
    check::{self, Depth},
    fuzz, labs,
    machine::Part,
    phones, place, setup,
    step::{self, Failure, Step},
    ui::{self, Finish},
};

/// Journeys that need more than cargo: the target's name, and what it is.
const DRIVEN: [(&str, &str); 5] = [
    ("keyring", "journeys with a keyring"),
    ("browser", "journeys in Chromium"),
    ("window", "journeys in the window"),
    ("foreign", "journeys with servers that we did not write"),
    ("fhirpath", "what forms work out, beside another engine"),
];

/// Laboratories in their short form: the verb, and what it is.
const LABS: [(&str, &str); 4] = [
    ("race", "the race laboratory: processes that want one token"),
    ("crash", "the crash laboratory: kills and failing disks"),
    ("mixup", "the mix-up laboratory: hostile sign-in servers"),
    ("storm", "the storm laboratory: broken and hostile servers"),
];

/// What came of everything.
#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    steps: Vec<(String, Duration, bool)>,
    failures: Vec<Failure>,
}

/// Runs everything. Returns whether all of it is well.
pub fn run(depth: Depth) -> bool {
    let begun = Instant::now();
    let mut tally = Tally::default();
    if tally.note("set-up", prepare) {
        tally.note_checks(depth);
        tally.note_tests("tests of the headless part", test_headless);
        tally.note_tests("some weeks with 30 places", || bench::live(&[]));
        tally.note_tests("pictures of codes", || bench::look_at_pictures(&[]));
        if tally.note("what is fuzzed", fuzz::build) {
            tally.note_tests("texts of strangers, made up as they run", fuzz::run_short);
        }
        if tally.note("the laboratories", labs::build) {
            for (lab, about) in LABS {
                tally.note_tests(about, || labs::run_short(lab));
            }
        }
        let ui = tally.note("the UI", || ui::build(Finish::Small));
        if ui
            && tally.note("the programs", build_programs)
            && tally.note("the journeys", build_journeys)
        {
            for (target, about) in DRIVEN {
                tally.note_tests(about, || drive(target, about));
            }
            tally.note_tests("the phone's own code, on a desktop's JVM", phones::try_kotlin);
        } else {
            step::say("the journeys were not run: what they drive could not be built");
        }
    }
    tally.sum_up(begun.elapsed())
}

fn prepare() -> Result<(), Failure> {
    setup::prepare(&[
        Part::Build,
        Part::Ui,
        Part::Window,
        Part::WindowTests,
        Part::KeyringTests,
        Part::BrowserTests,
        Part::Foreign,
        Part::Labs,
        Part::Phones,
    ])?;
    setup::prepare_lints()
}

fn test_headless() -> Result<String, Failure> {
    // The terminal's journeys start `handrail` itself, and cargo does not build another package's program for a test.
    let headless = [&["-p", "handrail-cli"], &check::HEADLESS[..], &check::FEATURES].concat();
    cargo::build("compiling the headless part", &headless)?;
    let mut command = cargo();
    command.args(["test", "--no-fail-fast"]).args(check::HEADLESS).args(check::FEATURES);
    command.args(["-p", "handrail-frontend"]);
    Step::new("tests of the headless part", command, "mend what the tests name").run()
}

fn build_programs() -> Result<(), Failure> {
    cargo::build("compiling the places, the preview and the window", &crate::demo::programs(true))
        .map(|_| ())
}

fn journeys(target: &str) -> Vec<&str> {
    vec!["test", "-p", "handrail-tests", "--test", target]
}

fn build_journeys() -> Result<(), Failure> {
    for (target, about) in DRIVEN {
        let mut command = cargo();
        command.args(journeys(target)).arg("--no-run");
        Step::new(&format!("compiling {about}"), command, "mend what the compiler names").run()?;
    }
    Ok(())
}

fn drive(target: &str, name: &str) -> Result<String, Failure> {
    let mut arguments = journeys(target);
    // One window and one browser at a time: two cores, and one screen.
    arguments.extend(["--no-fail-fast", "--", "--test-threads=1"]);
    let command = on_a_screen(&arguments);
    // Twice what the longest takes on a machine of which others take half.
    Step::new(name, command, "mend what the tests name").within(Duration::from_secs(30 * 60)).run()
}

/// Cargo with a screen in memory and a message bus of its own.
fn on_a_screen(arguments: &[&str]) -> Command {
    let cargo = cargo();
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "xvfb-run", "-a", "-s", "-screen 0 480x960x24"]);
    command.arg(cargo.get_program()).args(arguments).current_dir(place::root());
    cargo::forget_ourselves(&mut command);
    command
        .env("CARGO_TARGET_DIR", place::target())
        // Without these WebKit may wait for a service that is not there, or show a blank page.
        .env("NO_AT_BRIDGE", "1")
        .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
        .env("PATH", setup::path_with_tools());
    command
}

/// Takes the pictures that stand in docs/.
pub fn take_shots(more: &[&str]) -> Result<(), Failure> {
    setup::prepare(&[Part::Build, Part::Ui, Part::Window, Part::WindowTests, Part::BrowserTests])?;
    ui::build(Finish::Small)?;
    build_programs()?;
    let mut arguments = journeys("shots");
    arguments.extend(["--", "--nocapture", "--test-threads=1"]);
    arguments.extend(more);
    let command = on_a_screen(&arguments);
    Step::new("taking pictures", command, "see what it says").run()?;
    let mut arguments = journeys("browser");
    arguments.extend(["pages::every_", "--", "--test-threads=1"]);
    let mut command = on_a_screen(&arguments);
    command.env("HANDRAIL_ALBUM", "write");
    Step::new("taking the picture of every page", command, "see what it says").run().map(|_| ())
}

impl Tally {
    /// Runs one part that counts no tests. Returns whether it worked.
    fn note(&mut self, name: &str, work: impl FnOnce() -> Result<(), Failure>) -> bool {
        let begun = Instant::now();
        let outcome = work();
        let well = outcome.is_ok();
        self.steps.push((name.to_owned(), begun.elapsed(), well));
        if let Err(failure) = outcome {
            println!("\n{failure}\n");
            self.failed += 1;
            self.failures.push(failure);
        }
        well
    }

    fn note_checks(&mut self, depth: Depth) {
        let begun = Instant::now();
        let failures = check::find_failures(depth);
        self.steps.push(("checks".to_owned(), begun.elapsed(), failures.is_empty()));
        for failure in failures {
            println!("\n{failure}\n");
            self.failed += 1;
            self.failures.push(failure);
        }
    }

    /// Runs tests and counts them. Tests that did not even start count as one that failed.
    fn note_tests(&mut self, name: &str, work: impl FnOnce() -> Result<String, Failure>) {
        let begun = Instant::now();
        let outcome = work();
        let (text, failure) = match outcome {
            Ok(text) => (text, None),
            Err(failure) => (failure.said.clone(), Some(failure)),
        };
        let (passed, failed) = count_tests(&text);
        let none_ran = failure.is_none() && passed + failed == 0;
        let well = failure.is_none() && !none_ran;
        self.passed += passed;
        self.failed += if well { failed } else { failed.max(1) };
        self.steps.push((
            format!("{name}: {passed} passed, {failed} failed"),
            begun.elapsed(),
            well,
        ));
        let silent = || Failure::plain(name, "no test ran", "see why the target has no tests");
        if let Some(failure) = failure.or_else(|| none_ran.then(silent)) {
            println!("\n{failure}\n");
            self.failures.push(failure);
        }
    }

    fn sum_up(self, took: Duration) -> bool {
        println!();
        for (name, took, well) in &self.steps {
            println!("{} {} {name}", if *well { "✓" } else { "✗" }, step::clock(*took));
        }
        println!("  {} in all", step::clock(took));
        for failure in &self.failures {
            println!("FAILED   {}: {}", failure.step, failure.why);
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        self.failures.is_empty() && self.failed == 0
    }
}

/// Adds up the result lines of `cargo test`, and the last lines of labs: `N passed, N failed`.
fn count_tests(said: &str) -> (u32, u32) {
    let mut sum = (0, 0);
    let is_sum = |line: &&str| {
        let of_lab = line.starts_with(|first: char| first.is_ascii_digit())
            && line.contains(" passed, ")
            && line.ends_with(" failed");
        of_lab || line.starts_with("test result: ")
    };
    for line in said.lines().filter(is_sum) {
        let count = |word: &str| -> u32 {
            let before = line.split(word).next().unwrap_or_default();
            before.split_whitespace().next_back().and_then(|text| text.parse().ok()).unwrap_or(0)
        };
        sum.0 += count(" passed");
        sum.1 += count(" failed");
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_RESULTS: &str = "\
running 2 tests
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s
";

    #[test]
    fn results_are_added_up() {
        assert_eq!(count_tests(TWO_RESULTS), (15, 2));
    }

    #[test]
    fn the_last_line_of_a_lab_counts_like_a_result() {
        let said = "some days\n  ✓ lost sessions  0 / 0\n\n14 passed, 1 failed\n";

        assert_eq!(count_tests(said), (14, 1));
    }

    #[test]
    fn tests_that_do_not_compile_count_as_failed() {
        let mut tally = Tally::default();

        tally.note_tests("headless", || Err(Failure::plain("headless", "did not compile", "")));

        assert_eq!((tally.passed, tally.failed), (0, 1));
        assert!(!tally.sum_up(Duration::ZERO));
    }

    #[test]
    fn a_target_without_tests_is_not_green() {
        let mut tally = Tally::default();

        tally.note_tests("window", || Ok(String::new()));

        assert!(!tally.sum_up(Duration::ZERO));
    }

    #[test]
    fn all_well_is_green() {
        let mut tally = Tally::default();

        tally.note_tests("headless", || Ok("test result: ok. 1 passed; 0 failed;".to_owned()));

        assert!(tally.sum_up(Duration::ZERO));
    }
}

//! The project's verbs.
//!
//! In: a verb. Out: the work done, or which step failed, its command and what to do.
//! Never: a question that has an answer already; asks for sudo's password at most.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is how xtask speaks")]

mod place;
mod children;
mod step;
mod cargo;
mod fresh;
mod machine;
mod setup;
mod ui;
mod demo;
mod check;
mod test;
mod bench;
mod labs;
mod fuzz;
mod registry;
mod icons;
mod projects;
mod phones;

use std::{env, process::ExitCode};

use step::Failure;

const USAGE: &str = "\
cargo xtask VERB

  demo     three places to connect, and the app: --preview (a browser), --keep (go on with what was connected)
  test     all tests, after the checks
  crash    the crash laboratory: kills and failing disks at every file call; --long: all of it;
           or some parts: crash first unlock sign-in refresh kills browser
  mixup    the mix-up laboratory: hostile sign-in servers beside honest ones
  race     the race laboratory: many processes that want one token; --long: all of it
  storm    the storm laboratory: broken and hostile servers; --long: all of it;
           or some parts: storm matrix waits sequences
  doctor   what this machine has and lacks
  dev      the demo in a browser; pages are built again as they change
  ui       the pages, into frontend/dist
  check    format, lints, arrows, words, sizes: --deep adds the window's lints, the library, docs, licences, advisories;
           or the names of some: check words phrases
  fix      format, and mend what clippy can mend
  ci       what CI may run at night: check --deep, then test
  bench    figures beside their goals, of a release build: bench [vault] [turn] [records] [sync]
  year     some weeks of 30 connections over a clock turned by hand; --long: a year
  registry keys FILE: a key pair; sign BODY KEY OUT: a registry of partners; check FILE [PUBLIC]: as a release would
  pictures codes as people photograph them, read by the app; --long: all of them, as released
  fuzz     texts of strangers, made up by libFuzzer: fuzz [TARGET…] some seconds each; --long: as often as promised
  icons    from icons/app-icon.svg, for the desktop and both phones
  gen      the phones' projects in gen/, from Tauri's tool and xtask/phones
  phones   our Kotlin on a desktop's JVM, and the border to the library; phones types: types for both phones
  android  the package, where there is an Android SDK; ios: the app, on a Mac (docs/devices.md)
  shots    pictures of the window and the pages, into docs/
  setup    only what the others do first: setup [ui|window|browser|foreign|icons|labs|phones]

Everything sets itself up; nothing is done twice.";

fn main() -> ExitCode {
    if let Err(error) = children::end_with_us() {
        eprintln!("cannot listen for signals: {error}");
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (verb, rest) = arguments.split_first().map_or(("", &[][..]), |(verb, rest)| (verb, rest));
    let outcome = run(verb, rest);
    children::fall_silent_if_ending();
    children::end_all();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ended::Usage(why)) => {
            eprintln!("{why}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(Ended::Failed(failure)) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
        Err(Ended::Said) => ExitCode::FAILURE,
    }
}

/// Why a verb did not end well.
enum Ended {
    Usage(String),
    Failed(Box<Failure>),
    /// It said so itself.
    Said,
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

fn run(verb: &str, rest: &[String]) -> Result<(), Ended> {
    let words: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (verb, words.as_slice()) {
        ("doctor", []) => machine::examine(),
        ("setup", parts) => setup::prepare(&read_parts(parts)?)?,
        ("ui", []) => {
            setup::prepare(&[machine::Part::Build, machine::Part::Ui])?;
            ui::build(ui::Finish::Small)?;
        }
        ("demo", _) => demo::show(demo::Wishes::read(rest).map_err(Ended::Usage)?)?,
        ("dev", _) => demo::develop(demo::Wishes::read(rest).map_err(Ended::Usage)?)?,
        ("check", ["--deep"]) => check::run(check::Depth::Deep, &[])?,
        ("check", named) => check::run(check::Depth::Usual, named)?,
        ("fix", []) => check::fix()?,
        ("test", []) => judge(test::run(check::Depth::Usual))?,
        ("ci", []) => judge(test::run(check::Depth::Deep))?,
        ("bench", named) => bench::measure(named)?,
        ("year", words) => bench::show(&bench::live(words)?),
        ("mixup", []) | ("race", [] | ["--long"]) | ("crash" | "storm", _) => {
            labs::run(verb, &words)?
        }
        ("registry", [_, _, ..]) => registry::run(&words)?,
        ("pictures", words) => bench::show(&bench::look_at_pictures(words)?),
        ("fuzz", words) => fuzz::run(words)?,
        ("icons", []) => icons::draw()?,
        ("gen", []) => projects::write()?,
        ("phones", []) => bench::show(&phones::try_kotlin()?),
        ("phones", ["types"]) => phones::check_types()?,
        ("android", []) => phones::build_android("aarch64")?,
        ("android", [processor]) => phones::build_android(processor)?,
        ("ios", []) => phones::build_ios(("aarch64-apple-ios", "aarch64"))?,
        ("ios", ["simulator"]) => phones::build_ios(("aarch64-apple-ios-sim", "aarch64-sim"))?,
        ("shots", _) => test::take_shots(&words)?,
        ("" | "help" | "--help" | "-h", _) => println!("{USAGE}"),
        (verb, words) => {
            return Err(Ended::Usage(format!("no such verb: {verb} {}", words.join(" "))));
        }
    }
    Ok(())
}

fn judge(green: bool) -> Result<(), Ended> {
    if green { Ok(()) } else { Err(Ended::Said) }
}

fn read_parts(words: &[&str]) -> Result<Vec<machine::Part>, Ended> {
    use machine::Part;
    if words.is_empty() {
        return Ok(Part::ALL.to_vec());
    }
    let parts = words.iter().map(|word| match *word {
        "ui" => Ok(Part::Ui),
        "window" => Ok(Part::Window),
        "browser" => Ok(Part::BrowserTests),
        "foreign" => Ok(Part::Foreign),
        "icons" => Ok(Part::Icons),
        "labs" => Ok(Part::Labs),
        "phones" => Ok(Part::Phones),
        other => Err(Ended::Usage(format!(
            "setup knows ui, window, browser, foreign, icons, labs and phones, not {other}"
        ))),
    });
    std::iter::once(Ok(Part::Build)).chain(parts).collect()
}

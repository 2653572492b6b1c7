//! What can be seen to be wrong without running the app.
//!
//! Out: every finding of every check, then a failure if there was one. Each check has a test that proves it can fail.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

mod arrows;
mod lengths;
mod texts;
mod phrases;
mod reading;
mod words;
mod size;
mod phones;

use std::{
    env, fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use crate::{
    cargo::{self, cargo},
    fresh,
    machine::Part,
    place, projects, setup,
    step::{self, Failure, Step},
    ui::{self, Finish},
};

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What every change must pass.
    Usual,
    /// Also what takes long or asks the network: the window's lints, the app's size, docs, licences and advisories.
    Deep,
}

type Check = (&'static str, fn() -> Result<(), Failure>);

const USUAL: [Check; 11] = [
    ("arrows", check_arrows),
    ("lengths", check_lengths),
    ("phrases", check_phrases),
    ("words", check_words),
    ("reading", check_reading),
    ("phones", check_phones),
    ("format", check_format),
    ("wasm", check_wasm),
    ("host", check_host),
    ("release", check_without_developer),
    ("size", check_size),
];

const DEEP: [Check; 4] = [
    ("window", check_window),
    ("library", check_library),
    ("docs", check_docs),
    ("licences", check_licences),
];

/// Sets up, then runs every check, or the `named` ones.
pub fn run(depth: Depth, named: &[&str]) -> Result<(), Failure> {
    let known = |name: &&str| list_checks(Depth::Deep).iter().any(|(other, _)| other == name);
    if let Some(name) = named.iter().find(|name| !known(name)) {
        let names: Vec<_> = list_checks(Depth::Deep).iter().map(|(name, _)| *name).collect();
        let advice = format!("the checks are: {}", names.join(", "));
        return Err(Failure::plain("check", format!("there is no check `{name}`"), &advice));
    }
    let mut parts = vec![Part::Build, Part::Ui];
    if depth == Depth::Deep || named.iter().any(|name| ["window", "library"].contains(name)) {
        parts.push(Part::Window);
    }
    setup::prepare(&parts)?;
    let checks = if named.is_empty() { list_checks(depth) } else { list_checks(Depth::Deep) };
    let wanted = |(name, _): &Check| named.is_empty() || named.contains(name);
    let mut count = 0;
    for (_, check) in checks.into_iter().filter(wanted) {
        if let Err(failure) = check() {
            println!("\n{failure}\n");
            count += 1;
        }
    }
    match count {
        0 => Ok(()),
        count => Err(Failure::plain("check", format!("{count} checks failed"), "see above")),
    }
}

/// Runs every check on a prepared machine. One that fails hides none of the others.
pub fn find_failures(depth: Depth) -> Vec<Failure> {
    list_checks(depth).into_iter().filter_map(|(_, check)| check().err()).collect()
}

fn list_checks(depth: Depth) -> Vec<Check> {
    let deep = if depth == Depth::Deep { &DEEP[..] } else { &[] };
    USUAL.iter().chain(deep).copied().collect()
}

/// Formats, and mends what clippy can mend by itself.
pub fn fix() -> Result<(), Failure> {
    setup::prepare(&[Part::Build, Part::Ui])?;
    setup::prepare_lints()?;
    let mut command = cargo();
    command.args(["clippy", "--fix", "--allow-dirty", "--allow-staged", "--all-targets"]);
    command.args(HEADLESS).args(FEATURES);
    Step::new("mending what clippy can mend", command, "mend what the compiler names").run()?;
    let mut command = cargo();
    command.args(["fmt", "--all"]);
    Step::new("formatting", command, "mend what rustfmt names").run().map(|_| ())
}

/// The packages that need neither a window system nor WebAssembly.
pub const HEADLESS: [&str; 18] = [
    "-p",
    "handrail-contract",
    "-p",
    "handrail-core",
    "-p",
    "handrail-engine",
    "-p",
    "handrail-sandbox",
    "-p",
    "handrail-cli",
    "-p",
    "handrail-tests",
    "-p",
    "xtask",
    "-p",
    "xtask-bindgen",
    "-p",
    "xtask-registry",
];

/// Journeys, laboratories and figures that only their own verbs run.
const ON_DEMAND: [&str; 14] = [
    "android",
    "browser",
    "window",
    "keyring",
    "foreign",
    "fhirpath",
    "shots",
    "labs",
    "year",
    "pictures",
    "bench-vault",
    "bench-turn",
    "bench-records",
    "bench-sync",
];

/// What the tests need beyond a release.
pub const FEATURES: [&str; 2] = ["--features", "handrail-cli/developer"];

fn check_arrows() -> Result<(), Failure> {
    let begun = Instant::now();
    let members = cargo::read_members()?;
    let mut findings = arrows::find_wrong_arrows(&arrows::read_arrows(&members));
    for rule in arrows::REACH {
        findings.extend(rule.find_reached(&cargo::list_reached(rule.from)?));
    }
    judge(
        "arrows between crates",
        begun,
        &findings,
        "depend the way DESIGN draws it; a new arrow starts with a page in docs/adr",
    )
}

fn check_lengths() -> Result<(), Failure> {
    let begun = Instant::now();
    let mut findings = Vec::new();
    for (path, text) in read_sources(&[""], lengths::COUNTED)? {
        findings.extend(lengths::find_long(&path, &text));
    }
    judge("length of files", begun, &findings, "split the file at a second reason to change")
}

fn check_phrases() -> Result<(), Failure> {
    let begun = Instant::now();
    let keys: Vec<String> = read_texts()?
        .iter()
        .flat_map(|(_, text)| texts::read(text))
        .map(|entry| entry.key)
        .collect();
    let refusals = fs::read_to_string(place::root().join("crates/contract/src/problem.rs"))
        .map_err(|error| failed("reading the refusals", &error))?;
    let mut used = phrases::list_refusal_keys(&refusals);
    for (path, source) in read_sources(&phrases::PLACES, &["rs"])? {
        used.extend(phrases::list_keys(&path, &source));
    }
    let findings = phrases::find_missing(&used, &keys);
    judge(
        "texts that are named exist",
        begun,
        &findings,
        "add the text to frontend/text, or mend the key",
    )
}

fn check_words() -> Result<(), Failure> {
    let begun = Instant::now();
    let mut findings = Vec::new();
    for (path, text) in read_texts()? {
        findings.extend(words::find_forbidden(&path, &texts::read(&text)));
    }
    judge(
        "words in our texts",
        begun,
        &findings,
        "say it as a person would: a place, a to-do, a referral, a sign-in",
    )
}

fn check_reading() -> Result<(), Failure> {
    let begun = Instant::now();
    let mut findings = Vec::new();
    let all = read_texts()?;
    let text = |ending: &str| {
        let found = all.iter().find(|(path, _)| path.ends_with(&format!("text/{ending}")));
        found.map_or("", |(_, text)| text.as_str())
    };
    for part in ["", "core."] {
        let [english, spanish] =
            ["en", "es"].map(|language| text(&format!("{part}{language}.ftl")));
        findings.extend(reading::find_untranslated(english, spanish));
    }
    let mut hardest = Vec::new();
    for (path, text) in &all {
        let language = if path.ends_with("es.ftl") { "es" } else { "en" };
        let (hard, measured) = reading::find_hard(path, language, &texts::read(text));
        findings.extend(hard);
        hardest.push(format!("{path} {measured:.1}"));
    }
    step::say(&format!("the hardest groups to read: {}", hardest.join(", ")));
    judge(
        "our texts are easy to read, in both languages",
        begun,
        &findings,
        "shorter words, shorter sentences; a text belongs into both catalogues",
    )
}

fn check_phones() -> Result<(), Failure> {
    let begun = Instant::now();
    let about = projects::About::read()?;
    let mut findings = phones::find_wrong(&read_phone_texts()?, &about.identifier, &about.version);
    findings.extend(projects::find_drift()?);
    judge(
        "the phones' projects",
        begun,
        &findings,
        "change xtask/phones or src-tauri/plugins, then `cargo xtask gen`",
    )
}

/// What the phones' projects consist of, both sides of the borders to Rust, and what kinds of library Rust makes.
fn read_phone_texts() -> Result<phones::Texts, Failure> {
    let places = ["gen", "src-tauri/plugins/phone", "src-tauri/src/app/phone"];
    let endings =
        ["xml", "kts", "kt", "plist", "entitlements", "xcprivacy", "yml", "swift", "rs", "pro"];
    let mut texts: phones::Texts = read_sources(&places, &endings)?.into_iter().collect();
    let library = place::root().join(phones::LIBRARY);
    let text = fs::read_to_string(library).map_err(|error| failed(phones::LIBRARY, &error))?;
    texts.insert(phones::LIBRARY.to_owned(), text);
    Ok(texts)
}

fn check_format() -> Result<(), Failure> {
    setup::prepare_lints()?;
    let mut command = cargo();
    command.args(["fmt", "--all", "--check"]);
    Step::new("format", command, "cargo xtask fix").run().map(|_| ())
}

fn check_host() -> Result<(), Failure> {
    let mut command = cargo();
    command.args(["clippy", "--all-targets"]).args(HEADLESS).args(FEATURES);
    // What cargo does not run by itself it does not count among all targets either.
    command.args(ON_DEMAND.iter().flat_map(|target| ["--test", target]));
    command.args(["--", "-D", "warnings"]);
    Step::new("lints of the headless part", command, "cargo xtask fix mends some").run().map(|_| ())
}

/// What a release is: no `developer`.
fn check_without_developer() -> Result<(), Failure> {
    let mut command = cargo();
    command.args(["clippy", "-p", "handrail-cli", "--", "-D", "warnings"]);
    Step::new("lints of the headless shell as released", command, "cargo xtask fix mends some")
        .run()
        .map(|_| ())
}

/// The UI, and the crates a page could use, for WebAssembly.
fn check_wasm() -> Result<(), Failure> {
    // Not the core: what checks signatures in it is partly C, and no page needs it.
    let packages = ["-p", "handrail-frontend", "-p", "handrail-contract"];
    let command = setup::find_wasm_std()?.lint(&packages);
    Step::new("lints for WebAssembly", command, "mend what it names").run().map(|_| ())
}

fn check_size() -> Result<(), Failure> {
    ui::build(Finish::Small)?;
    let begun = Instant::now();
    let module = place::dist().join("handrail-frontend_bg.wasm");
    let raw = fs::metadata(&module).map_err(|error| failed("size of the UI", &error))?.len();
    let packed = size::measure_packed(&module).map_err(|error| failed("size of the UI", &error))?;
    let findings = size::find_excess(raw, packed, setup::wasm_opt().is_file());
    step::say(&format!(
        "the UI's WebAssembly: {} kB (limit {}), gzip {} kB (limit {})",
        raw / 1000,
        size::RAW_LIMIT / 1000,
        packed / 1000,
        size::PACKED_LIMIT / 1000
    ));
    judge(
        "size of the UI",
        begun,
        &findings,
        "`cargo xtask setup ui` brings wasm-opt; else find what grew",
    )
}

fn check_window() -> Result<(), Failure> {
    ui::build(Finish::Small)?;
    let mut command = cargo();
    command.args(["clippy", "-p", "handrail-app", "--all-targets"]);
    command.args(["--features", "handrail-app/developer,handrail-app/custom-protocol"]);
    command.args(["--", "-D", "warnings"]);
    Step::new("lints of the window", command, "cargo xtask fix mends some").run().map(|_| ())
}

/// The desktop's program as a release has it, in place of the library that a phone would load: there is no linker for a
/// phone, and of the library for this machine, which exports no entry, the linker keeps nothing.
fn check_library() -> Result<(), Failure> {
    ui::build(Finish::Small)?;
    let program = ["-p", "handrail-app", "--bin", "handrail-app", "--release"];
    let features = ["--features", "handrail-app/custom-protocol"];
    cargo::build("compiling the app as released", &[program.as_slice(), &features].concat())?;
    let begun = Instant::now();
    let name = format!("handrail-app{}", env::consts::EXE_SUFFIX);
    let program = place::target().join("release").join(name);
    let failed = |error| failed("size of the app", &error);
    let raw = fs::metadata(&program).map_err(failed)?.len();
    let packed = size::measure_packed(&program).map_err(failed)?;
    step::say(&format!(
        "the app in place of a phone's library: {} kB (limit {}, goal {}), gzip {} kB",
        raw / 1000,
        size::LIBRARY_LIMIT / 1000,
        size::LIBRARY_GOAL / 1000,
        packed / 1000
    ));
    judge(
        "size of the app",
        begun,
        &size::find_heavy_library(raw),
        "find what grew (`cargo bloat --release -p handrail-app`)",
    )
}

fn check_docs() -> Result<(), Failure> {
    let mut command = cargo();
    command.args(["doc", "--no-deps"]).args(HEADLESS).env("RUSTDOCFLAGS", "-D warnings");
    Step::new("docs", command, "mend the links that rustdoc names").run().map(|_| ())
}

/// The rules are in deny.toml. Compiling cargo-deny takes long, so that it is done once, and only here.
fn check_licences() -> Result<(), Failure> {
    let own = place::tools().join("cargo");
    if !own.join("bin/cargo-deny").is_file() && !cargo::has_verb("deny") {
        let mut command = cargo();
        command.args(["install", "cargo-deny", "--root"]).arg(&own);
        Step::new("compiling cargo-deny (once)", command, "cargo install cargo-deny").run()?;
    }
    let deny = |kinds: &[&str]| {
        let mut command = cargo();
        // Cargo finds its verbs on the search path.
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(own.join("bin")).chain(env::split_paths(&path));
        if let Ok(path) = env::join_paths(folders) {
            command.env("PATH", path);
        }
        command.args(["deny", "check"]).args(kinds);
        command
    };
    let known = deny(&["licenses", "bans", "sources"]);
    Step::new("licences, versions and sources of what we use", known, "see deny.toml").run()?;
    let advice =
        "update the crate it names, or say in deny.toml why not; it reads a list from the network";
    Step::new("known weaknesses of what we use", deny(&["advisories"]), advice)
        .within(Duration::from_secs(300))
        .run()
        .map(|_| ())
}

/// The catalogues: path and text.
fn read_texts() -> Result<Vec<(String, String)>, Failure> {
    read_sources(&["frontend/text"], &["ftl"])
}

/// Our files below `places` that end so: path and text.
fn read_sources(places: &[&str], endings: &[&str]) -> Result<Vec<(String, String)>, Failure> {
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in places {
        fresh::list_files(&place::root().join(folder), &mut files)
            .map_err(|error| failed("reading our files", &error))?;
    }
    files.sort();
    let wanted = |file: &PathBuf| {
        file.extension().is_some_and(|ending| endings.iter().any(|other| ending == *other))
    };
    let read = |file: PathBuf| {
        let text = fs::read(&file).map_err(|error| failed(&place::shown(&file), &error))?;
        Ok((place::shown(&file), String::from_utf8_lossy(&text).into_owned()))
    };
    files.into_iter().filter(wanted).map(read).collect()
}

fn failed(step: &str, error: &dyn std::error::Error) -> Failure {
    Failure::plain(step, error.to_string(), "see that the file is there and can be read")
}

fn judge(name: &str, begun: Instant, findings: &[String], advice: &str) -> Result<(), Failure> {
    if findings.is_empty() {
        step::say_done(name, begun.elapsed());
        return Ok(());
    }
    step::say_failed(name, begun.elapsed());
    let mut failure = Failure::plain(name, format!("{} found", findings.len()), advice);
    failure.said = findings.join("\n");
    Err(failure)
}

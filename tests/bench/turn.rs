//! What one turn in the background costs: `handrail refresh --if-due` with five places, as the schedule starts it.
//!
//! In: the program as it is released, and places on loopback. Out: a table. Never: a failure for being slow.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "table.rs"]
mod table;

use std::{
    env,
    ffi::OsString,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use handrail_engine::{
    Policy, Registry,
    keys::KeyFile,
    ports::{KeyName, KeySource as _, Records as _},
    records::SqliteRecords,
};
use handrail_sandbox::{Options, Place, Sandbox};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use support::{
    phone::{Phone, registry_of},
    programs::find_program,
};
use wait4::Wait4 as _;

const RUNS: usize = 9;
const PLACES: usize = 5;
/// So short that every turn needs new tokens: the app renews a minute ahead.
const TOKEN_LIFE: Duration = Duration::from_secs(30);

const PEAK_MB: f64 = 40.0;
const CPU_S: f64 = 0.3;

/// What one process used.
#[derive(Serialize, Deserialize)]
struct Used {
    peak_mb: f64,
    cpu_s: f64,
    took_s: f64,
    said: String,
}

fn main() {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == "--one") {
        let used = run_here(arguments);
        println!("{}", serde_json::to_string(&used).expect("figures are JSON"));
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure_turns());
}

async fn measure_turns() {
    let options = || Options { token_life: TOKEN_LIFE, ..Options::anywhere() };
    let first = Sandbox::start(options()).await.expect("three free ports");
    let second = Sandbox::start(options()).await.expect("three more free ports");
    let mut registry = registry_of(&first);
    registry.rows.extend(registry_of(&second).rows);
    let phone = Phone::with_registry(registry.clone());
    let places: Vec<&Place> = first.places().iter().chain(second.places()).take(PLACES).collect();
    for place in &places {
        phone.connect(&place.invitation()).await.expect("an honest code");
    }
    let data = phone.data();
    let partners = write_registry(&data, &registry);

    let asked =
        || -> u64 { places.iter().map(|place| place.control().count_token_requests()).sum() };
    let asked_before = asked();
    let due = measure(&data, &partners, "ok", || make_due(&data)).await;
    assert_eq!(asked() - asked_before, (PLACES * RUNS) as u64, "each turn renews each token");
    let idle = measure(&data, &partners, "not_due", || ()).await;

    show("each place due, each with a token that ran out", &due);
    show("nothing due", &idle);
}

async fn measure(
    data: &Path,
    partners: &Path,
    outcome: &'static str,
    prepare: impl Fn(),
) -> Vec<Used> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        prepare();
        let mut command = Command::new(env::current_exe().expect("a program knows where it is"));
        command.arg("--one").arg(find_program("handrail"));
        command.arg("--data").arg(data).arg("--registry").arg(partners);
        command.args(["--json", "refresh", "--if-due"]);
        // The places answer on this runtime meanwhile.
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        let output = output.expect("no panic").expect("this program starts again");
        let used: Used = serde_json::from_slice(&output.stdout).expect("figures");
        check_outcomes(&used.said, outcome);
        runs.push(used);
    }
    runs
}

/// A turn that did nothing is no figure.
fn check_outcomes(said: &str, outcome: &str) {
    let outcomes: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON")["outcome"].take())
        .collect();
    assert_eq!(outcomes, [outcome; PLACES], "{said}");
}

/// Runs a program to its end.
///
/// Linux counts what a parent held at the time of the start into its child's peak. So the parent is a process that
/// does nothing else, rather than the one in which the places live.
fn run_here(mut words: impl Iterator<Item = OsString>) -> Used {
    let begun = Instant::now();
    let mut child = Command::new(words.next().expect("a program to run"))
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`handrail` starts");
    let mut said = String::new();
    let mut output = child.stdout.take().expect("its output is piped");
    output.read_to_string(&mut said).expect("it speaks UTF-8");
    let ended = child.wait4().expect("it ends");
    Used {
        peak_mb: ended.rusage.maxrss as f64 / 1024.0 / 1024.0,
        cpu_s: (ended.rusage.utime + ended.rusage.stime).as_secs_f64(),
        took_s: begun.elapsed().as_secs_f64(),
        said,
    }
}

fn show(what: &str, runs: &[Used]) {
    let median = |figure: fn(&Used) -> f64| table::median(runs.iter().map(figure).collect());
    table::open(&format!("turn with {PLACES} places, {what}: median of {RUNS} processes"));
    table::show("peak memory", median(|used| used.peak_mb), Some(PEAK_MB), "MB");
    table::show("CPU, user and system", median(|used| used.cpu_s), Some(CPU_S), "s");
    table::show("from start to end", median(|used| used.took_s), None, "s");
}

/// Lets the schedule's time come for every place.
fn make_due(data: &Path) {
    let key = KeyFile::new(data).find(KeyName::Records).expect("a key that can be read");
    let key = key.expect("the phone's own key");
    let records = SqliteRecords::open(&data.join("records.db"), &key).expect("the phone's records");
    for mut source in records.sources().expect("the phone's places") {
        source.next_due_at = None;
        records.put_source(&source).expect("a disk with room");
    }
}

fn write_registry(data: &Path, registry: &Registry) -> PathBuf {
    let path = data.with_file_name("partners.json");
    let bytes = serde_json::to_vec(registry).expect("a registry is JSON");
    Registry::parse(&bytes, Policy::DEVELOPER).expect("rows as the app ships them");
    std::fs::write(&path, bytes).expect("a disk with room");
    path
}

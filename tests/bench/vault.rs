//! What sealing costs: a durable commit, opening the folder with one record, and the memory of a process that does both.
//!
//! In: the disk that the build lies on. Out: a table. Never: a failure for being slow.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "table.rs"]
mod table;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use handrail_contract::place::SourceId;
use handrail_engine::{
    ports::{Slot, Vault as _},
    vault::{Snapshots, StrongholdSnapshots, VaultFolder, XChaChaSnapshots},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

const RUNS: usize = 5;
/// Commits, and as many openings, of one run.
const TIMES: usize = 200;
/// Connections of one phone.
const PLACES: usize = 30;
/// A connection's record with the tokens of a real server.
const RECORD: usize = 2_000;

const COMMIT_MS: f64 = 20.0;
const UNLOCK_MS: f64 = 50.0;
const PEAK_MB: f64 = 10.0;

fn main() {
    let arguments: Vec<String> = env::args().collect();
    if let [_, one, adapter, folder] = &arguments[..]
        && one == "--one"
    {
        let folder = Path::new(folder);
        let figures = match &**adapter {
            "stronghold" => measure(folder, StrongholdSnapshots::new),
            _ => measure(folder, || XChaChaSnapshots),
        };
        println!("{figures}");
        return;
    }
    for (adapter, name) in
        [("stronghold", "Stronghold"), ("xchacha", "XChaCha20-Poly1305 in a file of ours")]
    {
        let runs: Vec<Value> = (0..RUNS).map(|_| run_apart(adapter)).collect();
        let median = |what: &str| {
            table::median(runs.iter().map(|run| run[what].as_f64().expect("a figure")).collect())
        };
        table::open(&format!(
            "vault, {name}: {PLACES} places, {TIMES} commits of {RECORD} bytes, median of {RUNS} runs"
        ));
        table::show("durable commit, median", median("commit_ms"), Some(COMMIT_MS), "ms");
        table::show("durable commit, 95 of 100", median("commit_95_ms"), None, "ms");
        table::show(
            "unlock: open the folder and one record",
            median("unlock_ms"),
            Some(UNLOCK_MS),
            "ms",
        );
        table::show("peak memory of the whole process", median("peak_mb"), Some(PEAK_MB), "MB");
        table::show("  of these before it did anything", median("start_mb"), None, "MB");
    }
}

/// A process of its own: a peak is a process's, and the work factor a process's setting.
fn run_apart(adapter: &str) -> Value {
    let folder = TempDir::new_in(build_folder()).expect("a folder on the disk we build on");
    let output = Command::new(env::current_exe().expect("a program knows where it is"))
        .args(["--one", adapter])
        .arg(folder.path())
        .output()
        .expect("this program starts again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("figures")
}

fn measure<S: Snapshots>(folder: &Path, snapshots: impl Fn() -> S) -> Value {
    let start_mb = peak_mb();
    let open = || {
        VaultFolder::open(folder, Zeroizing::new([7; 32]), snapshots())
            .expect("a folder of our own")
    };
    let slots: Vec<Slot> =
        (0..PLACES).map(|number| Slot::connection(&SourceId(format!("{number:016x}")))).collect();
    let record = |number: usize| -> Vec<u8> {
        (0..RECORD).map(|at| u8::try_from((at * 31 + number) % 251).unwrap_or_default()).collect()
    };
    let vault = open();
    for (number, slot) in slots.iter().enumerate() {
        vault.save(slot, &record(number)).expect("a disk with room");
    }
    let mut commits = Vec::new();
    let mut unlocks = Vec::new();
    for number in 0..TIMES {
        let (slot, bytes) = (&slots[number % PLACES], record(number));
        let begun = Instant::now();
        vault.save(slot, &bytes).expect("a disk with room");
        commits.push(begun.elapsed().as_secs_f64() * 1_000.0);

        let begun = Instant::now();
        let opened = open().load(slot).expect("what was sealed opens");
        unlocks.push(begun.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(opened.as_deref(), Some(&bytes), "what was sealed is what is opened");
    }
    commits.sort_by(f64::total_cmp);
    json!({
        "commit_ms": table::median(commits.clone()),
        "commit_95_ms": commits[commits.len() * 95 / 100],
        "unlock_ms": table::median(unlocks),
        "peak_mb": peak_mb(),
        "start_mb": start_mb,
    })
}

/// The most memory this process ever held, as the kernel says.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says what a process holds");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    let kb: f64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number of kB");
    kb / 1024.0
}

fn build_folder() -> PathBuf {
    let program = env::current_exe().expect("a program knows where it is");
    program.parent().expect("it lies in a folder").to_owned()
}

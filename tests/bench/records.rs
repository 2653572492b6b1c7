//! What the saved records cost: opening them, and each list, with ten thousand resources of five places; and an
//! organization's lists, with two thousand open referrals.
//!
//! In: an encrypted database on the disk that the build lies on. Out: a table. Never: a failure for being slow.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "records/desk.rs"]
mod desk;
#[path = "records/life.rs"]
mod life;
#[path = "table.rs"]
mod table;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::Instant,
};

use handrail_contract::{
    Question,
    goal::ListGoals,
    history::ShowHistory,
    inbox::{CountInbox, Inbox, InboxFilter, ListInbox, ShowRequest},
    place::ListConnections,
    referral::{ListReferrals, ShowReferral},
    today::{MarkSeen, ShowToday},
    todo::{ListTodos, ShowTodo},
};
use handrail_engine::{
    Answer, Engine,
    memory::{HEAP, Heap},
    ports::Records as _,
    records::SqliteRecords,
    testing::{HandClock, World, assemble},
    vault::{VaultFolder, XChaChaSnapshots},
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// As in the shells: what is freed is wiped, and that takes its time.
#[global_allocator]
static ALLOCATOR: Heap = HEAP;

const RUNS: usize = 7;
/// How often each list is asked for in one run.
const TIMES: usize = 15;
const KEY: [u8; 32] = [7; 32];

/// Whose records a process measures: a patient's, or an organization's.
const LIFE: &str = "--life";
const DESK: &str = "--desk";

const LIST_MS: f64 = 20.0;
const COLD_MS: f64 = 60.0;

fn main() {
    // As the shells do.
    handrail_engine::memory::share_heap();
    let arguments: Vec<String> = env::args().collect();
    if let [_, whose, folder] = &arguments[..] {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(8)
            .build();
        let (runtime, folder) = (runtime.expect("a runtime"), Path::new(folder));
        let figures = match whose.as_str() {
            LIFE => runtime.block_on(measure(folder)),
            _ => runtime.block_on(measure_desk(folder)),
        };
        println!("{}", Value::Object(figures));
        return;
    }
    let program = env::current_exe().expect("a program knows where it is");
    let disk = program.parent().expect("it lies in a folder");
    let new_folder = || TempDir::new_in(disk).expect("a folder on the disk we build on");
    let folder = new_folder();
    let (rows, bytes) = life::lay_down(&folder.path().join("records.db"), &KEY);
    let size = fs::metadata(folder.path().join("records.db")).expect("it is there").len();
    let runs: Vec<Value> = (0..RUNS).map(|_| run_apart(&program, LIFE, folder.path())).collect();
    show(rows, bytes, size, &runs);
    let folder = new_folder();
    let rows = desk::lay_down(&folder.path().join("records.db"), &KEY);
    let runs: Vec<Value> = (0..RUNS).map(|_| run_apart(&program, DESK, folder.path())).collect();
    show_desk(rows, &runs);
}

fn show_desk(rows: usize, runs: &[Value]) {
    let median = |what: &str| median_of(runs, what);
    table::open(&format!(
        "an organization, {rows} resources, {} open referrals, median of {RUNS} processes",
        desk::OPEN
    ));
    table::show("cold: open the file, then the inbox, CPU", median("cold_ms_cpu"), None, "ms");
    for (what, name, goal) in [
        ("inbox_ms", "Inbox", Some(LIST_MS)),
        ("changed_ms", "what is new or different in it", Some(LIST_MS)),
        ("count_ms", "its count", Some(LIST_MS)),
        ("request_ms", "one request in full", None),
    ] {
        let many = median(&format!("{what}_rows"));
        table::show(&format!("{name}, {many:.0}"), median(what), goal, "ms");
        table::show("  CPU of it", median(&format!("{what}_cpu")), goal, "ms");
    }
    table::show("peak memory of the whole process", median("peak_mb"), None, "MB");
}

fn median_of(runs: &[Value], what: &str) -> f64 {
    table::median(runs.iter().map(|run| run[what].as_f64().expect("a figure")).collect())
}

fn show(rows: usize, bytes: usize, size: u64, runs: &[Value]) {
    let median = |what: &str| median_of(runs, what);
    table::open(&format!(
        "records, {rows} resources of {} places ({:.0} MB of JSON, {:.0} MB on the disk), median of {RUNS} processes",
        life::PLACES,
        bytes as f64 / 1e6,
        size as f64 / 1e6,
    ));
    table::show("cold: open the file, then Today", median("cold_ms"), Some(COLD_MS), "ms");
    table::show("  of these for opening", median("open_ms"), None, "ms");
    table::show("  CPU of it", median("cold_cpu_ms"), None, "ms");
    for (what, name) in [
        ("today_ms", "Today"),
        ("todos_ms", "To-dos"),
        ("goals_ms", "Goals"),
        ("referrals_ms", "Referrals"),
        ("connections_ms", "Connections"),
    ] {
        let many = median(&format!("{what}_rows"));
        table::show(&format!("{name}, {many:.0} rows"), median(what), Some(LIST_MS), "ms");
        table::show("  CPU of it", median(&format!("{what}_cpu")), None, "ms");
    }
    table::show("the slowest list after a change", median("changed_ms"), None, "ms");
    table::show("one to-do in full", median("todo_ms"), None, "ms");
    table::show("one referral in full", median("referral_ms"), None, "ms");
    table::show("how one referral changed", median("history_ms"), None, "ms");
    table::show("peak memory of the whole process", median("peak_mb"), None, "MB");
    table::show("  of these before it did anything", median("start_mb"), None, "MB");
}

/// A process of its own: a peak is a process's, and cold is what it meets first.
fn run_apart(program: &Path, whose: &str, folder: &Path) -> Value {
    let output =
        Command::new(program).arg(whose).arg(folder).output().expect("this program starts again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("figures")
}

/// An engine whose records are opened last, by whoever measures that.
fn assemble_late(folder: &Path) -> impl FnOnce(Arc<SqliteRecords>) -> Engine {
    let clock = HandClock::at(life::NOW);
    let world = World::new(&clock, []);
    let sealed: PathBuf = folder.join("vault");
    fs::create_dir_all(&sealed).expect("a disk with room");
    let vault = VaultFolder::open(&sealed, Zeroizing::new(KEY), XChaChaSnapshots);
    let vault = Arc::new(vault.expect("a folder of our own"));
    move |records| assemble(&world, &clock, records, vault, 1)
}

fn open_records(folder: &Path) -> Arc<SqliteRecords> {
    let records = SqliteRecords::open(&folder.join("records.db"), &KEY);
    Arc::new(records.expect("records of our own"))
}

async fn measure_desk(folder: &Path) -> Map<String, Value> {
    let assemble = assemble_late(folder);
    let cpu_before = cpu_ms();
    let engine = assemble(open_records(folder));
    let inbox = engine.answer(ListInbox::default()).await.expect("an inbox");
    let mut figures = Map::new();
    figures.insert("cold_ms_cpu".to_owned(), json!(cpu_ms() - cpu_before));
    let open = inbox.new.len() + inbox.active.len() + inbox.waiting.len();
    assert_eq!(open, desk::OPEN, "nothing is left out");
    let mut note = |what: &str, figure| note(&mut figures, what, figure);
    let all = |it: &Inbox| it.new.len() + it.active.len() + it.waiting.len() + it.done.len();
    note("inbox_ms", time(&engine, ListInbox::default(), all).await);
    let changed = ListInbox { only: InboxFilter::Changed, ..ListInbox::default() };
    note("changed_ms", time(&engine, changed, all).await);
    note("count_ms", time(&engine, CountInbox {}, |it| it.new as usize).await);
    let request = ShowRequest { id: inbox.active[0].id.clone() };
    note("request_ms", time(&engine, request, |_| 1).await);
    figures.insert("peak_mb".to_owned(), json!(peak_mb()));
    figures
}

fn note(figures: &mut Map<String, Value>, what: &str, (took, cpu, rows): (f64, f64, usize)) {
    figures.insert(format!("{what}_cpu"), json!(cpu));
    figures.insert(what.to_owned(), json!(took));
    figures.insert(format!("{what}_rows"), json!(rows));
}

async fn measure(folder: &Path) -> Map<String, Value> {
    let start_mb = peak_mb();
    let assemble = assemble_late(folder);

    let (begun, cpu_before) = (Instant::now(), cpu_ms());
    let records = open_records(folder);
    let open_ms = ms(begun);
    let engine = assemble(records.clone());
    let today = engine.answer(ShowToday {}).await.expect("a first page");
    let (cold_ms, cold_cpu_ms) = (ms(begun), cpu_ms() - cpu_before);

    let mut figures = Map::new();
    figures.insert("start_mb".to_owned(), json!(start_mb));
    figures.insert("open_ms".to_owned(), json!(open_ms));
    figures.insert("cold_ms".to_owned(), json!(cold_ms));
    figures.insert("cold_cpu_ms".to_owned(), json!(cold_cpu_ms));
    let mut note = |what: &str, figure| note(&mut figures, what, figure);
    assert!(today.news.len() > 5, "news that nobody saw");
    note("today_ms", time(&engine, ShowToday {}, |it| it.your_turn.len() + it.waiting.len()).await);
    let all =
        |it: &handrail_contract::todo::Todos| it.your_turn.len() + it.paused.len() + it.done.len();
    note("todos_ms", time(&engine, ListTodos::default(), all).await);
    note(
        "goals_ms",
        time(&engine, ListGoals::default(), |it| it.open.len() + it.reached.len() + it.ended.len())
            .await,
    );
    let all = |it: &handrail_contract::referral::Referrals| {
        it.needs_push.len() + it.moving.len() + it.finished.len()
    };
    note("referrals_ms", time(&engine, ListReferrals::default(), all).await);
    note("connections_ms", time(&engine, ListConnections {}, |it| it.rows.len()).await);

    let todos = engine.answer(ListTodos::default()).await.expect("to-dos");
    let referrals = engine.answer(ListReferrals::default()).await.expect("referrals");
    let todo = ShowTodo { id: todos.your_turn[0].id.clone() };
    let referral = referrals.moving[0].id.clone();
    note("todo_ms", time(&engine, todo, |_| 1).await);
    note("referral_ms", time(&engine, ShowReferral { id: referral.clone() }, |_| 1).await);
    note("history_ms", time(&engine, ShowHistory { id: referral }, |_| 1).await);

    // Each look that brings something, and each page that was read, changes what is kept.
    let mut changed = Vec::new();
    for number in 0..TIMES {
        records
            .apply(&life::source(number % life::PLACES), &[life::move_on(number)])
            .expect("a disk with room");
        let begun = Instant::now();
        engine.answer(ListReferrals::default()).await.expect("referrals");
        changed.push(ms(begun));
    }
    figures.insert("changed_ms".to_owned(), json!(table::median(changed)));
    assert_eq!(engine.answer(MarkSeen::default()).await.expect("a page").news.len(), 0);
    life::unsee(&records);
    figures.insert("peak_mb".to_owned(), json!(peak_mb()));
    figures
}

/// The middle time of an answer, the CPU of one, and how many rows it had.
async fn time<Q: Question>(
    engine: &Engine,
    question: Q,
    rows: impl Fn(&Q::Answer) -> usize,
) -> (f64, f64, usize)
where
    Engine: Answer<Q>,
{
    let mut took = Vec::new();
    let mut many = 0;
    let cpu_before = cpu_ms();
    for _ in 0..TIMES {
        let begun = Instant::now();
        let answer = engine.answer(question.clone()).await.expect("an answer");
        took.push(ms(begun));
        many = rows(&answer);
    }
    assert!(many > 0, "an answer with nothing in it is no figure");
    (table::median(took), (cpu_ms() - cpu_before) / TIMES as f64, many)
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// What every thread of this process has computed, which a busy machine does not stretch.
fn cpu_ms() -> f64 {
    let threads = fs::read_dir("/proc/self/task").expect("Linux says which threads there are");
    let on_cpu = |thread: fs::DirEntry| -> Option<f64> {
        let spent = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        spent.split(' ').next()?.parse().ok()
    };
    threads.flatten().filter_map(on_cpu).sum::<f64>() / 1e6
}

/// The most memory this process ever held, as the kernel says.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux says what a process holds");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    let kb: f64 = line.trim().trim_end_matches("kB").trim().parse().expect("a number of kB");
    kb / 1024.0
}

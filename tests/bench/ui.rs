//! How soon the pages answer: the first saved row, a long list, a tap; in a browser slowed to an old phone's speed.
//!
//! In: the headless shell as it is released, the pages as they are shipped, saved to-dos. Out: a table.
//! Never: a failure for being slow.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "table.rs"]
mod table;

use std::{path::Path, time::Duration};

use fantoccini::wd::TimeoutConfiguration;
use handrail_contract::place::Role;
use handrail_core::{
    session::Source,
    store::{Change, Kept},
};
use handrail_engine::{
    Policy, Registry,
    keys::KeyFile,
    ports::{KeyName, KeySource as _, Records as _},
    records::SqliteRecords,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use support::{
    preview::{Look, Preview},
    programs::find_program,
};
use tempfile::TempDir;

const RUNS: usize = 7;
/// Each takes 20 s and more.
const SCROLLS: usize = 3;
/// How many times slower than this machine an old phone is.
const SLOWER: u32 = 4;

/// How long a script may take in the slowed browser.
const PATIENCE: Duration = Duration::from_secs(180);

const FIRST_ROW_MS: f64 = 300.0;
const FRAME_MS: f64 = 50.0;
const TAP_MS: f64 = 100.0;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    table::open(&format!(
        "pages in Chromium, {SLOWER} times slower than this machine, the middle of {RUNS}"
    ));
    let phone = lay_down(1_000);
    let preview = open(&phone).await;
    let mut starts = Vec::new();
    for _ in 0..RUNS {
        starts.push(start(&preview).await);
    }
    let of = |what: &str| {
        table::median(starts.iter().map(|start| start[what].as_f64().expect("a figure")).collect())
    };
    table::show("start to the first row, 1,000 saved", of("row"), Some(FIRST_ROW_MS), "ms");
    table::show("  of these until the pages run", of("running"), None, "ms");
    table::show("  of these until the answer is there", of("answered"), None, "ms");

    let mut taps = Vec::new();
    for _ in 0..RUNS {
        taps.extend(tap(&preview).await);
    }
    table::show(
        "a tap until something is seen, the middle",
        table::median(taps.clone()),
        Some(TAP_MS),
        "ms",
    );
    table::show("  the slowest", taps.into_iter().fold(0.0, f64::max), None, "ms");
    drop(preview);

    let phone = lay_down(5_000);
    let preview = open(&phone).await;
    let mut scrolls = Vec::new();
    for _ in 0..SCROLLS {
        scrolls.push(scroll(&preview).await);
    }
    let of = |what: &str| {
        table::median(scrolls.iter().map(|it| it[what].as_f64().expect("a figure")).collect())
    };
    table::show(
        "5,000 to-dos: the slowest frame of a scroll of 20 s",
        of("slowest"),
        Some(FRAME_MS),
        "ms",
    );
    table::show("  frames over 50 ms", of("slow"), Some(0.0), "");
    table::show("  frames", of("frames"), None, "");
    table::show("  rows that were scrolled past", of("rows"), None, "");
    table::show("  to-dos asked for until the first row", of("opened"), None, "ms");
}

/// A folder of the app's own with this many to-dos of one place.
fn lay_down(todos: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let began = std::process::Command::new(find_program("handrail"))
        .env("HANDRAIL_KEYS", "file")
        .arg("--data")
        .arg(&data)
        .arg("sources")
        .output();
    assert!(began.is_ok_and(|output| output.status.success()), "the app begins in a new folder");
    let key = KeyFile::new(&data).find(KeyName::Records).expect("a key that can be read");
    let key = key.expect("the folder's own key");
    let records =
        SqliteRecords::open(&data.join("records.db"), &key).expect("the folder's records");
    let now = Timestamp::now();
    let source = source(now);
    records.put_source(&source).expect("a disk with room");
    let mut changes =
        vec![json!({ "resourceType": "Patient", "id": "rosa", "name": [{ "given": ["Rosa"] }] })];
    changes.extend((0..todos).map(todo));
    let changes: Vec<Change> = changes
        .into_iter()
        .map(|body| Change::Put(kept(&source, body, now).write(Role::Patient)))
        .collect();
    records.apply(&source, &changes).expect("a disk with room");
    folder
}

/// A place on this machine that nobody serves: what is measured is what was saved.
fn source(now: Timestamp) -> Source {
    let facts = json!({
        "id": "00000000000000e1", "name": "Elm Street Family Clinic", "base": "http://127.0.0.1:9/fhir",
        "role": "patient", "hue": 1, "patient": "rosa", "granted": ["patient/Task.rus"], "state": "connected",
        "connected_at": now.to_string(), "last_success_at": now.to_string(),
        "next_due_at": (now + SignedDuration::from_hours(20)).to_string(), "failures": 0,
        "signs_in_each_time": false, "skipped": [], "cursors": {},
    });
    serde_json::from_value(facts).expect("a source as the app writes it")
}

fn kept(source: &Source, body: Value, now: Timestamp) -> Kept {
    let told = |member: &str| body[member].as_str().expect("a body has it").to_owned();
    Kept {
        source: source.id.clone(),
        kind: told("resourceType"),
        id: told("id"),
        version: Some("1".to_owned()),
        last_updated: Some(now),
        first_seen_at: now,
        changed_at: now,
        seen: true,
        news: None,
        body,
    }
}

fn todo(number: usize) -> Value {
    json!({
        "resourceType": "Task", "id": format!("todo-{number}"), "status": "ready", "intent": "order",
        "priority": if number.is_multiple_of(7) { "urgent" } else { "routine" },
        "code": {
            "coding": [{ "system": "http://hl7.org/fhir/uv/sdc/CodeSystem/temp", "code": "complete-questionnaire" }],
            "text": format!("Answer the questions about your week, number {number}"),
        },
        "description": "It takes about 2 minutes. Your answers help us find the right help for you.",
        "for": { "reference": "Patient/rosa" }, "owner": { "reference": "Patient/rosa" },
        "authoredOn": "2026-11-01", "lastModified": "2026-11-02T10:00:00Z",
    })
}

async fn open(phone: &TempDir) -> Preview {
    let registry = Registry::parse(br#"{"version":1,"rows":[]}"#, Policy::DEVELOPER);
    let path: &Path = phone.path();
    let preview =
        Preview::open(path, &registry.expect("a registry without rows"), Look::Light).await;
    preview.screen.see("Rosa").await;
    let patience = TimeoutConfiguration::new(Some(PATIENCE), None, None);
    preview.screen.0.update_timeouts(patience).await.expect("the driver waits longer");
    preview.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })).await;
    // Notes when the first row stands on the page, of whatever page comes next.
    let watch = "new MutationObserver((_, watcher) => { \
            if (!document.querySelector('.row')) return; \
            watcher.disconnect(); requestAnimationFrame(() => setTimeout(() => { window.firstRow = performance.now(); })); \
        }).observe(document, { childList: true, subtree: true });";
    preview.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await;
    preview
}

/// Opens the app anew at the to-dos.
async fn start(preview: &Preview) -> Value {
    let script = "const done = arguments[0]; const wait = () => { \
            if (!window.firstRow) return setTimeout(wait, 20); \
            const asked = performance.getEntriesByType('resource').filter(it => it.name.includes('/ask/list_todos')); \
            done({ row: window.firstRow, running: asked[0].startTime, answered: asked[0].responseEnd }); }; wait()";
    preview.screen.go("/todos").await;
    preview.screen.see("number 0").await;
    preview.screen.0.refresh().await.expect("the page comes again");
    preview.screen.run_until_done(script, Vec::new()).await
}

/// Presses three things on one page after another: each until the next frame that shows something else.
async fn tap(preview: &Preview) -> Vec<f64> {
    let script = "const done = arguments[0]; const times = []; \
        const targets = ['.list .row', '.bar .iconbtn', \".tab[href='#/goals']\", \".tab[href='#/todos']\"]; \
        const next = () => { \
            const target = targets.shift(); if (!target) return done(times); \
            const wait = () => { \
                const it = document.querySelector(target); \
                if (!it) return requestAnimationFrame(wait); \
                const began = performance.now(); \
                const watcher = new MutationObserver(() => { \
                    watcher.disconnect(); \
                    requestAnimationFrame(() => setTimeout(() => { times.push(performance.now() - began); setTimeout(next, 500); })); }); \
                watcher.observe(document.body, { childList: true, subtree: true }); it.click(); }; \
            wait(); }; \
        next()";
    preview.screen.go("/todos").await;
    preview.screen.see("number 0").await;
    let times = preview.screen.run_until_done(script, Vec::new()).await;
    serde_json::from_value(times).expect("lengths of time")
}

/// Scrolls the to-dos for 20 s, 300 px a frame, or to their end if that comes first, and measures each frame.
async fn scroll(preview: &Preview) -> Value {
    let script = "const done = arguments[0]; const page = document.scrollingElement; \
        const frames = []; let last = performance.now(); let still = 0; const begun = last; \
        const step = now => { \
            frames.push(now - last); last = now; \
            const before = page.scrollTop; page.scrollBy(0, 300); \
            still = page.scrollTop === before ? still + 1 : 0; \
            if (still < 90 && now - begun < 20000) return requestAnimationFrame(step); \
            frames.shift(); \
            done({ slowest: Math.max(...frames), slow: frames.filter(it => it > 50).length, \
                frames: frames.length, rows: document.querySelectorAll('.row').length, opened: window.firstRow }); }; \
        page.scrollTo(0, 0); requestAnimationFrame(step)";
    preview.screen.go("/todos").await;
    preview.screen.0.refresh().await.expect("the page comes again");
    preview.screen.see("number 0").await;
    preview.screen.run_until_done(script, Vec::new()).await
}

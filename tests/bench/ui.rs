//! How soon the pages answer: the first saved row, a long list, a tap; in a browser slowed to an old phone's speed.
//!
//! In: the headless shell as it is released, the pages as they are shipped, saved to-dos, an organization's saved
//! requests. Out: a table.
//! Never: a failure for being slow.

#![allow(clippy::print_stdout, reason = "this is where a person reads")]

#[path = "records/desk.rs"]
mod desk;
#[path = "records/life.rs"]
#[allow(dead_code, reason = "an organization's requests need a part of it")]
mod life;
#[path = "table.rs"]
mod table;

use std::{path::Path, time::Duration};

use fantoccini::wd::TimeoutConfiguration;
use handrail_engine::{Policy, Registry};
use serde_json::{Value, json};
use support::{
    preview::{Look, Preview},
    saved::{begin_folder, save_todos},
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

/// A page with a list, what it asks for and how often until all is there, and what stands in a row.
struct List {
    page: &'static str,
    question: &'static str,
    times: u32,
    row: &'static str,
}

const TODOS: List = List { page: "/todos", question: "/ask/list_todos", times: 1, row: "number 0" };
const INBOX: List =
    List { page: "/inbox", question: "/ask/list_inbox", times: 2, row: "Food box each week" };

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure());
}

async fn measure() {
    table::open(&format!(
        "pages in Chromium, {SLOWER} times slower than this machine, the middle of {RUNS}"
    ));
    let phone = save_todos(1_000);
    let preview = open(&phone, "Rosa").await;
    show_starts("start to the first row, 1,000 saved", &preview, &TODOS).await;

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

    let phone = begin_folder(|path, key| {
        desk::lay_down(path, key);
    });
    let preview = open(&phone, INBOX.row).await;
    let what = format!("an organization: start to the first of {} open requests", desk::OPEN);
    show_starts(&what, &preview, &INBOX).await;
    drop(preview);

    let phone = save_todos(5_000);
    let preview = open(&phone, "Rosa").await;
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
    table::show("  rows that stand on the page at its end", of("rows"), None, "");
    table::show("  to-dos asked for until the first row", of("opened"), None, "ms");
}

async fn show_starts(what: &str, preview: &Preview, list: &List) {
    let mut starts = Vec::new();
    for _ in 0..RUNS {
        starts.push(start(preview, list).await);
    }
    let of = |what: &str| {
        table::median(starts.iter().map(|start| start[what].as_f64().expect("a figure")).collect())
    };
    table::show(what, of("row"), Some(FIRST_ROW_MS), "ms");
    table::show("  of these until the pages run", of("running"), None, "ms");
    table::show("  of these until the answer is there", of("answered"), None, "ms");
}

/// Opens the pages, until they show these words.
async fn open(phone: &TempDir, words: &str) -> Preview {
    let registry = Registry::parse(br#"{"version":1,"rows":[]}"#, Policy::DEVELOPER);
    let path: &Path = phone.path();
    let preview =
        Preview::open(path, &registry.expect("a registry without rows"), Look::Light).await;
    preview.screen.see(words).await;
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

/// Opens the app anew at a list.
async fn start(preview: &Preview, list: &List) -> Value {
    let script = "const [question, done] = arguments; const wait = () => { \
            if (!window.firstRow) return setTimeout(wait, 20); \
            const asked = performance.getEntriesByType('resource').filter(it => it.name.includes(question)); \
            done({ row: window.firstRow, running: asked[0].startTime, answered: asked[0].responseEnd }); }; wait()";
    // A page that is still at work when it is left makes the next one late.
    let rest = "const [question, times, done] = arguments; const wait = () => { \
            const asked = performance.getEntriesByType('resource').filter(it => it.name.includes(question)); \
            if (asked.length < times) return setTimeout(wait, 20); \
            requestIdleCallback(left => left.timeRemaining() > 20 ? done() : wait()); }; wait()";
    preview.screen.go(list.page).await;
    preview.screen.see(list.row).await;
    preview.screen.run_until_done(rest, vec![json!(list.question), json!(list.times)]).await;
    preview.screen.0.refresh().await.expect("the page comes again");
    preview.screen.run_until_done(script, vec![json!(list.question)]).await
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
    preview.screen.go(TODOS.page).await;
    preview.screen.see(TODOS.row).await;
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
    preview.screen.go(TODOS.page).await;
    preview.screen.0.refresh().await.expect("the page comes again");
    preview.screen.see(TODOS.row).await;
    preview.screen.run_until_done(script, Vec::new()).await
}

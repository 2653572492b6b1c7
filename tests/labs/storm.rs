//! The storm laboratory: servers that are broken or hostile, over real HTTP, and what the app makes of them.

mod app;
mod call;
mod matrix;
mod sequences;
mod wire;

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use handrail_core::token::AccessToken;
use handrail_engine::ports::{Http as _, HttpMethod, HttpRequest};
use handrail_sandbox::{Options, PlaceKind, Sandbox};

use self::wire::{HURRIED, Trap, Wire};
use crate::{Form, report::Report};

/// What the memory may grow by, in kB.
const GROWTH_KB: u64 = 64 * 1024;

/// Panics of any thread, also those that the app caught.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// Runs all parts, or the `wanted` ones: `matrix`, `waits`, `sequences`.
pub async fn run(form: Form, wanted: &[&str]) -> Report {
    let mut report = Report::default();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        usual(panic);
    }));
    let is_wanted = |part: &str| wanted.is_empty() || wanted.contains(&part);
    try_trap(&mut report).await;
    let trap = Trap::set().await;
    if is_wanted("matrix") {
        matrix::explore(form, &trap, &mut report).await;
        report.note("largest resident size so far, in kB", read_kb("VmHWM:"));
    }
    if is_wanted("waits") {
        matrix::wait_as_asked(&mut report).await;
    }
    if is_wanted("sequences") {
        sequences::explore(form, &trap, &mut report).await;
    }
    report.begin("in all");
    report.exactly("panics", PANICS.load(Ordering::SeqCst), 0);
    report
}

/// A request to the trap on purpose. A trap that misses it would miss all others too.
async fn try_trap(report: &mut Report) {
    let trap = Trap::set().await;
    let sandbox = Sandbox::start(Options::anywhere()).await.expect("loopback has free ports");
    let wire = Wire::to(sandbox.place(PlaceKind::Provider));
    let asked = wire.send(HttpRequest {
        method: HttpMethod::Get,
        url: trap.origin.clone(),
        accept: "application/fhir+json",
        bearer: Some(AccessToken::new("a token on purpose")),
        time_limit: HURRIED.longest,
    });
    let answered = asked.await.is_ok_and(|answer| answer.status == 200);

    report.begin("what the laboratory must notice: a request to another origin, with a token");
    let (requests, authorized) = trap.caught();
    report.exactly("answered", u64::from(answered), 1);
    report.exactly("caught by the trap", requests, 1);
    report.exactly("  with its token", authorized, 1);
    report.exactly("noticed on the wire", wire.seen().outside, 1);
}

/// A line of what the kernel says this process holds.
fn read_kb(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

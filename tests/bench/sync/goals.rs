//! What the figures were meant to be.

use std::time::Duration;

use super::{
    Figures,
    peers::{Language, PEERS},
    shelf::PLACES,
    table,
    used::Used,
};

/// Where the bare fetch and the app stand among the rivals.
const BARE: usize = 0;
pub const APP: usize = 1;

/// Answers that must be waited for one after the other: what the server can do, three pages of to-dos, and what
/// they refer to. Whoever asks for the first beside the second has one to spare.
const ROUND_TRIPS: u32 = 5;

/// Shows the app's ratios beside their goals.
pub fn show(full: &Figures, delta: &Figures, late: Duration) {
    table::open(&format!("the app beside the others, answers {} ms late", late.as_millis()));
    let app = full[APP].1;
    if !late.is_zero() {
        let least = (late * ROUND_TRIPS).as_secs_f64();
        table::show("wall to 5 round trips", app.wall_s / least, Some(1.1), "x");
        return;
    }
    let is_one = |name: &str, wanted: &[Language]| {
        PEERS.iter().any(|peer| peer.name == name && wanted.contains(&peer.language))
    };
    let least = |wanted: &[Language], figure: fn(&Used) -> f64| {
        let found = full.iter().filter(|(name, _)| is_one(name, wanted)).map(|(_, it)| figure(it));
        found.min_by(f64::total_cmp)
    };
    let scripts = [Language::Python, Language::JavaScript];
    let all = [Language::Python, Language::JavaScript, Language::Rust];
    let ratios = [
        ("CPU to the best of JavaScript and Python", least(&scripts, |it| it.cpu_s), 0.2),
        ("CPU to fhir-sdk", least(&[Language::Rust], |it| it.cpu_s), 1.0),
    ];
    for (what, other, goal) in ratios {
        if let Some(other) = other {
            table::show(what, app.cpu_s / other, Some(goal), "x");
        }
    }
    if let Some(fastest) = least(&all, |it| it.wall_s) {
        table::show("wall to the fastest library", app.wall_s / fastest, Some(1.0), "x");
    }
    table::show("wall to the bare fetch", app.wall_s / full[BARE].1.wall_s, Some(1.3), "x");
    show_delta(&delta[APP].1, 1.0, Some(2.0), "`batch` offered");
}

/// The same for places that take no batch.
pub fn show_without_batch(delta: &Used) {
    table::open("the app at places that take no batch");
    show_delta(delta, 3.0, None, "no `batch`");
}

fn show_delta(used: &Used, requests: f64, kilobytes: Option<f64>, where_: &str) {
    let each = |count: u64| count as f64 / PLACES as f64;
    let what = format!("nothing changed, a place, {where_}");
    table::show(&what, each(used.requests), Some(requests), "asked");
    table::show(&what, each(used.bytes) / 1e3, kilobytes, "kB");
}

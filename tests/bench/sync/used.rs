//! What a piece of work used: by the clock, and as the kernel counted it.

use std::{fs, time::Instant};

use serde::{Deserialize, Serialize};

/// Ticks a second of the kernel's accounts, on every Linux.
const TICKS: f64 = 100.0;

/// What one process used, from its first request until everything was stored.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Used {
    pub wall_s: f64,
    /// User and system, of all threads.
    pub cpu_s: f64,
    /// Of the whole process, its start included.
    pub peak_mb: f64,
    pub resources: u64,
    /// As the places counted: requests, and bytes both ways.
    #[serde(default)]
    pub requests: u64,
    #[serde(default)]
    pub bytes: u64,
}

impl Used {
    pub fn to_line(self) -> String {
        serde_json::to_string(&self).expect("figures are JSON")
    }
}

/// Measures from here on.
pub struct Meter {
    begun: Instant,
    cpu_s: f64,
}

impl Meter {
    pub fn start() -> Self {
        Self { begun: Instant::now(), cpu_s: read_cpu_s() }
    }

    pub fn stop(self) -> Used {
        Used {
            wall_s: self.begun.elapsed().as_secs_f64(),
            cpu_s: read_cpu_s() - self.cpu_s,
            peak_mb: read_peak_mb(),
            ..Used::default()
        }
    }
}

/// `utime` and `stime` of /proc/self/stat, threads that have ended included.
fn read_cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in brackets may hold blanks; what follows it does not.
    let after = stat.rsplit_once(") ").map_or("", |(_, after)| after);
    let words = after.split_whitespace().skip(11).take(2);
    words.filter_map(|word| word.parse::<f64>().ok()).sum::<f64>() / TICKS
}

fn read_peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or_default() / 1024.0
}

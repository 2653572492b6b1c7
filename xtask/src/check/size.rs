//! The app stays small: it is loaded on old phones (docs/adr/0013).

use std::{io, path::Path, process::Command};

pub const RAW_LIMIT: u64 = 1_400_000;
pub const PACKED_LIMIT: u64 = 526_000;
/// What the app should weigh on a phone, pages included.
pub const LIBRARY_GOAL: u64 = 15_000_000;
/// What it weighs, and a little: it is far from its goal (docs/devices.md), and shall not go further.
pub const LIBRARY_LIMIT: u64 = 31_500_000;

/// Its size once packed. Every Debian has gzip, so that no crate is needed.
pub fn measure_packed(file: &Path) -> io::Result<u64> {
    let output = Command::new("gzip").args(["-9", "-c"]).arg(file).output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(output.stdout.len() as u64)
}

/// What is over its limit, and the likely reason.
pub fn find_excess(raw: u64, packed: u64, optimized: bool) -> Vec<String> {
    let sizes = [("raw", raw, RAW_LIMIT), ("gzip", packed, PACKED_LIMIT)];
    let over = sizes.into_iter().filter(|(_, size, limit)| size > limit);
    let mut findings: Vec<String> =
        over.map(|(name, size, limit)| format!("{name}: {size} bytes, {limit} at most")).collect();
    if !optimized {
        findings.push("wasm-opt is missing, so that the UI was not made small".to_owned());
    }
    findings
}

/// Whether the library is over its limit.
pub fn find_heavy_library(raw: u64) -> Vec<String> {
    let over = (raw > LIBRARY_LIMIT).then(|| format!("{raw} bytes, {LIBRARY_LIMIT} at most"));
    over.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ui_over_either_limit_is_refused() {
        assert_eq!(find_excess(1_400_000, 526_000, true), [""; 0]);
        assert_eq!(find_excess(1_400_001, 526_000, true).len(), 1);
        assert_eq!(find_excess(1_400_000, 526_001, true).len(), 1);
    }

    #[test]
    fn a_library_over_its_limit_is_refused() {
        assert_eq!(find_heavy_library(31_500_000), [""; 0]);
        assert_eq!(find_heavy_library(31_500_001).len(), 1);
    }

    #[test]
    fn a_ui_nobody_made_small_is_refused_with_the_reason() {
        assert!(find_excess(10, 10, false)[0].contains("wasm-opt is missing"));
    }
}

//! Texts of strangers, against everything that reads them.
//!
//! In: bytes that libFuzzer makes up, and `HANDRAIL_FUZZ`, the target's name. Out: nothing, or a panic.
//! Each target asserts what it promises beside not panicking. `cargo xtask fuzz` builds and runs it.

#![no_main]

mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();
    let target = TARGET.get_or_init(|| {
        let name = std::env::var("HANDRAIL_FUZZ").unwrap_or_default();
        let found = targets::ALL.iter().find(|(known, _)| *known == name);
        found.unwrap_or_else(|| panic!("no target is called {name:?}")).1
    });
    target(data);
});

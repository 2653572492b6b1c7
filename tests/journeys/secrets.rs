//! Where secrets must not be: memory at rest, files, logs, pages and addresses.
//!
//! The sandbox remembers every code, verifier and token that went over the wire; these are looked for.

#![expect(clippy::unwrap_used, reason = "a step of a journey that fails ends it")]

#[path = "secrets/search.rs"]
mod search;
#[path = "secrets/bridge.rs"]
mod bridge;
#[path = "secrets/memory.rs"]
mod memory;
#[path = "secrets/panics.rs"]
mod panics;
#[path = "secrets/traces.rs"]
mod traces;

use handrail_engine::memory::{HEAP, Heap};

/// The same as in the shells.
#[global_allocator]
static ALLOCATOR: Heap = HEAP;

//! How the app's threads are given memory, and that what they give back is wiped.

#![allow(unsafe_code, reason = "a setting of the C library")]

// Of glibc, a heap for each thread grows by asking the kernel for every page, and one for all is queued for, which cost
// a look more than a quarter of its time (docs/adr/0020). Where the C library is another, its own heap is taken.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
use mimalloc::MiMalloc as Inner;
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
use std::alloc::System as Inner;

use zeroizing_alloc::ZeroAlloc;

/// What a shell takes its memory from. What is freed is wiped: nothing that a library held in between stays behind.
pub type Heap = ZeroAlloc<Inner>;

/// The one of a process, for its `#[global_allocator]`.
pub const HEAP: Heap = ZeroAlloc(Inner);

/// Has the C libraries of every thread take their memory of one heap. To be called before there is a second thread.
///
/// By itself glibc gives each thread a heap of its own, and what one thread freed is of no use to the others
/// (mallopt(3), `M_ARENA_MAX`). Other C libraries do no such thing.
pub fn share_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes two numbers, and no other thread is given memory meanwhile.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

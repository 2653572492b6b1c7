//! How threads are given memory, where that can be chosen.

#![allow(unsafe_code, reason = "a setting of the C library")]

/// Has every thread take its memory of one heap. To be called before there is a second thread.
///
/// By itself glibc gives each thread a heap of its own, which asks the kernel for every page it grows by, and what one
/// thread freed is of no use to the others (mallopt(3), `M_ARENA_MAX`). Other C libraries do no such thing.
pub fn share_heap() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes two numbers, and no other thread is given memory meanwhile.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

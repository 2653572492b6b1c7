//! The window: Tauri around the engine, for the phone and the desktop.
//!
//! In: questions of the pages. Out: the engine's answers, and a call when they should ask again.
//! Never: a decision, a page's way out of the app, or an answer of its own.

mod commands;
mod desk;
mod setup;
mod stronghold;
mod window;

use tauri::{Builder, Runtime};
use zeroizing_alloc::ZeroAlloc;

/// What is freed is wiped: nothing that a library held in between stays behind in memory.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Runs the app until its window closes.
///
/// # Panics
/// There is no window system, or the window's description is broken.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    write_log_to_stderr();
    describe(Builder::default())
        .run(tauri::generate_context!())
        .expect("the window system is there");
}

/// What the app consists of, in any window system.
fn describe<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(commands::answer()).setup(|app| {
        let desk = setup::open_desk(app.handle());
        window::open_with(app.handle(), desk)?;
        Ok(())
    })
}

/// What was done and what went wrong, never with whom or by which token.
fn write_log_to_stderr() {
    use tracing_subscriber::EnvFilter;

    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Another log in this process is as good as ours.
    tracing_subscriber::fmt().with_env_filter(wanted).with_writer(std::io::stderr).try_init().ok();
}

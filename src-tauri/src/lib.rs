//! The library that a phone loads: the app, and its way in.
//!
//! It is no `rlib`, so that link-time optimisation reaches it; the desktop's program has the app for itself
//! (docs/adr/0024).

mod app;

/// Runs the app until its window closes.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    app::run();
}

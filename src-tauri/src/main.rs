//! The desktop's program: the app, and its way in.

// A release on Windows opens no console beside the window.
#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

mod app;

fn main() {
    app::run();
}

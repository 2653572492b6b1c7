// A release on Windows opens no console beside the window.
#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

fn main() {
    handrail_app_lib::run();
}

//! Tells Tauri's build where our Kotlin and Swift are. No page may call them: there is no command.

fn main() {
    tauri_plugin::Builder::new(&[]).android_path("android").ios_path("ios").build();
}

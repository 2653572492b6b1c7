//! Makes every question of the contract a command that is denied until a capability allows it.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(handrail_contract::COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes).expect("the window's description is valid");
}

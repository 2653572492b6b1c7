//! The Kotlin and Swift of tauri-plugin-barcode-scanner, for Rust alone.
//!
//! Under a name of ours no page reaches them: there is no permission for it. Their own crate is linked by the shell.

use serde_json::Value;
use tauri::{
    Manager, Runtime,
    plugin::{Builder, PluginHandle, TauriPlugin, mobile::PluginInvokeError},
};

#[cfg(target_os = "ios")]
#[allow(
    unsafe_code,
    reason = "tauri's macro declares the function that the scanner's Swift exports"
)]
mod swift {
    tauri::ios_plugin_binding!(init_plugin_barcode_scanner);

    /// What the macro declares is private.
    pub const INIT: unsafe fn() -> *const std::ffi::c_void = init_plugin_barcode_scanner;
}

/// The phone's scanner for codes.
pub struct Scanner<R: Runtime>(PluginHandle<R>);

impl<R: Runtime> Clone for Scanner<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<R: Runtime> Scanner<R> {
    /// Has it do one of its commands.
    ///
    /// # Errors
    /// It refused, threw, or was cancelled.
    pub async fn run(&self, command: &str, payload: Value) -> Result<Value, PluginInvokeError> {
        self.0.run_mobile_plugin_async(command, payload).await
    }
}

/// The plugin.
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("scanner")
        .setup(|app, api| {
            #[cfg(target_os = "android")]
            let handle =
                api.register_android_plugin("app.tauri.barcodescanner", "BarcodeScannerPlugin")?;
            #[cfg(target_os = "ios")]
            let handle = api.register_ios_plugin(swift::INIT)?;
            app.manage(Scanner(handle));
            Ok(())
        })
        .build()
}

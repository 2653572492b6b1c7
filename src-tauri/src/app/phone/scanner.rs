//! The phone's scanner for codes, as the shell asks for it.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::Value;
use tauri::{AppHandle, Manager, Runtime};
// Nothing of it is called, and without being named its Kotlin and Swift would not be linked.
use tauri_plugin_barcode_scanner as _;

use crate::app::scanner::Native;

struct PhoneScanner<R: Runtime>(handrail_plugin::scanner::Scanner<R>);

/// The phone's side of the scanner.
pub fn find_scanner<R: Runtime>(app: &AppHandle<R>) -> Option<Arc<dyn Native>> {
    let scanner = app.try_state::<handrail_plugin::scanner::Scanner<R>>()?;
    Some(Arc::new(PhoneScanner(scanner.inner().clone())))
}

#[async_trait]
impl<R: Runtime> Native for PhoneScanner<R> {
    async fn run(&self, command: &'static str, payload: Value) -> Option<Value> {
        self.0.run(command, payload).await.ok()
    }
}

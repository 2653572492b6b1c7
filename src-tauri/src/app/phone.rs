//! What a phone brings that a desktop has not: its own store for keys, its browser, its background job.
//!
//! In: calls of Kotlin and Swift, in `java.rs` and `swift.rs`, which alone hold `unsafe`. Out: ports of the engine.
//! Never: a decision. What a turn's end means is `core::session`'s.

#[cfg(mobile)]
mod browser;
#[cfg(any(target_os = "android", feature = "jvm"))]
mod java;
#[cfg(mobile)]
mod scanner;
#[cfg(target_os = "ios")]
mod swift;
#[cfg(any(mobile, feature = "jvm"))]
mod wake;

#[cfg(mobile)]
pub use browser::PhoneBrowser;
#[cfg(mobile)]
pub use scanner::find_scanner;

#[cfg(mobile)]
use std::sync::Arc;

#[cfg(mobile)]
use handrail_engine::ports::DeviceStore;
#[cfg(mobile)]
use tauri::{AppHandle, Manager, Runtime};

/// The phone's store for keys, once its side has handed it over.
#[cfg(target_os = "android")]
pub fn find_store() -> Option<Arc<dyn DeviceStore>> {
    java::attached()
}

/// The phone's store for keys. It is always there.
#[cfg(target_os = "ios")]
pub fn find_store() -> Option<Arc<dyn DeviceStore>> {
    Some(Arc::new(swift::Keychain))
}

/// Has the phone look for news while the app is closed, as soon as there is a place to look at.
#[cfg(mobile)]
pub async fn look_while_closed<R: Runtime>(app: AppHandle<R>, engine: handrail_engine::Engine) {
    use handrail_contract::place::ListConnections;
    use handrail_engine::Answer as _;

    let mut changes = engine.changes();
    loop {
        let connections = engine.answer(ListConnections {}).await;
        if connections.is_ok_and(|connections| !connections.rows.is_empty()) {
            let phone = app.state::<handrail_plugin::Phone<R>>().inner().clone();
            if phone.keep_looking().await.is_err() {
                tracing::warn!(target: "refresh", "the phone does not look while the app is closed");
            }
            return;
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// Hears what the phone's browser hands back by itself.
#[cfg(target_os = "ios")]
pub fn hear_returns<R: Runtime>(app: &AppHandle<R>) {
    let app = app.clone();
    swift::on_return(move |link| crate::app::links::open(&app, link));
}

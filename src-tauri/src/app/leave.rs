//! The end of the app, which waits for tokens that are on their way.
//!
//! In: the window system's question whether the app may end. Out: a moment's delay, and then the end.
//! Never: an app that stays. What takes longer counts as cut off, as a crash would (docs/adr/0011).

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use handrail_engine::Engine;
use tauri::{AppHandle, ExitRequestApi, Manager, Runtime, async_runtime::spawn};

use crate::app::desk::Desk;

/// Whether the end was held already: it is held once.
#[derive(Default)]
pub struct Leaving(AtomicBool);

/// Holds the end while a place may have given tokens that are not sealed here. The window is gone by then, so that nobody
/// sees it.
pub fn hold<R: Runtime>(app: &AppHandle<R>, code: Option<i32>, api: &ExitRequestApi) {
    let engine = app.try_state::<Desk>().and_then(|desk| desk.opened());
    let Some(engine) = engine.filter(Engine::is_exchanging) else { return };
    if app.state::<Leaving>().0.swap(true, SeqCst) {
        return;
    }
    api.prevent_exit();
    let app = app.clone();
    spawn(async move {
        engine.finish_exchanges().await;
        app.exit(code.unwrap_or_default());
    });
}

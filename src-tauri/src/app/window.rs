//! The one window, and what it is told.

use handrail_engine::{Engine, Which};
use tauri::{
    AppHandle, Emitter, Manager, Runtime, Url, WebviewWindowBuilder, async_runtime::spawn,
};

use crate::app::{desk::Desk, links, scanner::Scanner, setup};

/// Says that pages should ask again. Carries nothing: a page that slept through it asks when it wakes.
const CHANGED: &str = "handrail://changed";

/// Says that the device brings a scanner: `bridge.rs` of the pages looks for it.
const HAS_SCANNER: &str = "window.__HANDRAIL_SCANNER__ = true";

/// Opens the window over the desk.
pub fn open_with<R: Runtime>(app: &AppHandle<R>, desk: Desk) -> tauri::Result<()> {
    app.manage(desk);
    let config = app.config().app.windows.first().expect("tauri.conf.json describes the window");
    let mut builder = WebviewWindowBuilder::from_config(app, config)?.on_navigation(is_our_page);
    if app.state::<Scanner>().is_there() {
        builder = builder.initialization_script(HAS_SCANNER);
    }
    builder.build()?;
    Ok(())
}

/// Brings the window before the person.
#[cfg(desktop)]
pub fn raise<R: Runtime>(app: &AppHandle<R>) {
    if let Some(window) = app.webview_windows().values().next() {
        // A window system may refuse; then the window says so by its own means.
        let _ = window.unminimize();
        let _ = window.set_focus();
    }
}

/// Whether the person has the window before them: it takes their keys.
#[cfg(target_os = "linux")]
pub fn is_watched<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.webview_windows().values().any(|window| window.is_focused().unwrap_or_default())
}

/// Tells the window about the engine's changes, and has every place checked.
pub fn attend_to<R: Runtime>(app: &AppHandle<R>, engine: &Engine) {
    links::hand_over(app, engine);
    #[cfg(target_os = "linux")]
    engine.tell_by(std::sync::Arc::new(crate::app::notices::Desktop::new(app.clone())));
    tell_of_changes(app, engine);
    spawn(catch_up(engine.clone()));
    #[cfg(mobile)]
    spawn(crate::app::phone::look_while_closed(app.clone(), engine.clone()));
}

/// The app's own origin, as the window systems spell it. Everything else opens in the browser or not at all.
fn is_our_page(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" | "https" => {
            cfg!(any(windows, target_os = "android"))
                && address.host_str() == Some("tauri.localhost")
        }
        _ => false,
    }
}

/// Tells the window whenever pages should ask again, for as long as the engine is there: it is not kept by this.
pub fn tell_of_changes<R: Runtime>(app: &AppHandle<R>, engine: &Engine) {
    let (app, mut changes) = (app.clone(), engine.changes());
    spawn(async move {
        while changes.changed().await.is_ok() {
            if let Err(error) = app.emit(CHANGED, ()) {
                tracing::warn!(target: "view", %error, "the window was not told of a change");
            }
        }
    });
}

/// Sign-ins that an earlier process left in the browser, then news since the app was last open, then what is due.
async fn catch_up(engine: Engine) {
    engine.resume_sign_ins().await;
    if let Err(problem) = engine.check(Which::Stale).await {
        tracing::warn!(target: "fetch", %problem, "the check on opening did not run");
    }
    engine.keep_fresh(setup::find_glance()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_on_its_own_pages() {
        let goes = |address: &str| is_our_page(&address.parse().unwrap());

        assert!(goes("tauri://localhost/todos"));
        assert!(!goes("https://elmstreetclinic.example/"));
        assert!(!goes("http://127.0.0.1:8461/auth/authorize"));
        assert!(!goes("tauri://elsewhere/"));
        assert!(!goes("data:text/html,hello"));
    }
}

//! The window: Tauri around the engine, for the phone and the desktop.
//!
//! In: questions of the pages. Out: the engine's answers, and a call when they should ask again.
//! Never: a decision, a page's way out of the app, or an answer of its own.

mod commands;
mod desk;
mod downloads;
mod leave;
mod links;
#[cfg(target_os = "linux")]
mod notices;
#[cfg(any(mobile, feature = "jvm"))]
mod phone;
mod scanner;
mod setup;
mod stronghold;
mod window;

use handrail_engine::memory::{HEAP, Heap};
#[cfg(mobile)]
use phone::find_scanner;
use scanner::Scanner;
use tauri::{Builder, Manager as _, RunEvent, Runtime};

/// What is freed is wiped: nothing that a library held in between stays behind in memory.
#[global_allocator]
static ALLOCATOR: Heap = HEAP;

/// Runs the app until its window closes.
///
/// # Panics
/// There is no window system, or the window's description is broken.
pub fn run() {
    handrail_engine::memory::share_heap();
    write_log_to_stderr();
    let app = describe(Builder::default())
        .build(tauri::generate_context!())
        .expect("the window system is there");
    app.run(|app, event| match event {
        RunEvent::ExitRequested { code, api, .. } => leave::hold(app, code, &api),
        // Where links start no second process. Never by an event to the page: a link may hold a sign-in's code.
        #[cfg(any(target_os = "macos", mobile))]
        RunEvent::Opened { urls } => {
            urls.into_iter().for_each(|link| links::open(app, link.into()));
        }
        _ => {}
    });
}

/// What the app consists of, in any window system.
fn describe<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    // First of all: a second start ends here.
    #[cfg(desktop)]
    let builder = builder.plugin(be_the_only_one());
    // Before anything is opened: it brings the phone's store for keys.
    #[cfg(mobile)]
    let builder = builder.plugin(handrail_plugin::init()).plugin(handrail_plugin::scanner::init());
    let builder = builder.manage(links::Waiting::default()).manage(leave::Leaving::default());
    builder.invoke_handler(commands::answer()).setup(|app| {
        app.manage(Scanner::new(find_scanner(app.handle())));
        let desk = setup::open_desk(app.handle());
        window::open_with(app.handle(), desk)?;
        #[cfg(target_os = "ios")]
        phone::hear_returns(app.handle());
        links::open_start(app.handle(), std::env::args());
        Ok(())
    })
}

/// A desktop brings no scanner: its pages look by themselves.
#[cfg(desktop)]
fn find_scanner<R: Runtime>(
    _app: &tauri::AppHandle<R>,
) -> Option<std::sync::Arc<dyn scanner::Native>> {
    None
}

/// One window for a person: what a later start was opened with is shown in it.
#[cfg(desktop)]
fn be_the_only_one<R: Runtime>() -> tauri::plugin::TauriPlugin<R> {
    let only = tauri_plugin_single_instance::Builder::new().callback(|app, words, _folder| {
        window::raise(app);
        links::open_start(app, words);
    });
    match setup::name_for_others() {
        Some(name) => only.dbus_id(name).build(),
        None => only.build(),
    }
}

/// What was done and what went wrong, never with whom or by which token.
fn write_log_to_stderr() {
    use tracing_subscriber::EnvFilter;

    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Another log in this process is as good as ours.
    tracing_subscriber::fmt().with_env_filter(wanted).with_writer(std::io::stderr).try_init().ok();
}

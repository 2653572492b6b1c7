//! What this shell brings to the engine: where things are kept, how pages are opened, how files are sealed.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use handrail_engine::{
    Engine, GLANCE, Keys, OpenError, Registry, Setup, keys::StartOverError, registry,
};
#[cfg(desktop)]
use handrail_engine::{
    browser::{DesktopBrowser, Opener},
    keys::start_over,
    open,
};
#[cfg(mobile)]
use handrail_engine::{
    keys::start_over_on_device,
    open_on_device,
    ports::{DeviceStore, KeyError},
};
use tauri::{AppHandle, Manager, Runtime};

#[cfg(mobile)]
use crate::app::phone;
use crate::app::{desk::Desk, stronghold::PluginSnapshots, window};

/// The desk over the app's own folder. Whenever its engine opens, now or after an unlocking, the window attends to it.
pub fn open_desk<R: Runtime>(app: &AppHandle<R>) -> Desk {
    let (app, same_app) = (app.clone(), app.clone());
    Desk::new(
        move || open_engine(&app).inspect(|engine| window::attend_to(&app, engine)),
        move || set_aside(&find_folder(&same_app, read_wishes().data)?),
    )
}

/// What was wished for, or the app's own folder.
fn find_folder<R: Runtime>(app: &AppHandle<R>, wish: Option<PathBuf>) -> std::io::Result<PathBuf> {
    let own = || app.path().app_data_dir().map_err(std::io::Error::other);
    wish.map_or_else(own, Ok)
}

fn open_engine<R: Runtime>(app: &AppHandle<R>) -> Result<Engine, OpenError> {
    let wishes = read_wishes();
    let data = find_folder(app, wishes.data).map_err(OpenError::Folder)?;
    let setup = Setup {
        registry: wishes.registry.unwrap_or_else(|| registry::load(&data).registry),
        data,
        keys: wishes.keys,
        #[cfg(desktop)]
        browser: Arc::new(DesktopBrowser::new(wishes.opener)),
        #[cfg(mobile)]
        browser: Arc::new(phone::PhoneBrowser(app.clone())),
        snapshots: PluginSnapshots::default(),
    };
    #[cfg(desktop)]
    return open(setup);
    #[cfg(mobile)]
    return open_on_device(setup, find_store()?);
}

#[cfg(desktop)]
fn set_aside(data: &Path) -> Result<String, StartOverError> {
    start_over(data)
}

#[cfg(mobile)]
fn set_aside(data: &Path) -> Result<String, StartOverError> {
    start_over_on_device(data, find_store()?)
}

/// The phone's store for keys. Its side hands it over before the window opens; a page that asks again may find it.
#[cfg(mobile)]
fn find_store() -> Result<Arc<dyn DeviceStore>, KeyError> {
    let late = || KeyError::Unavailable(std::io::Error::other("the phone brought no store"));
    phone::find_store().ok_or_else(late)
}

/// How often the open app sees whether a place is due.
pub fn find_glance() -> Duration {
    read_wishes().glance
}

/// What a developer may ask of the app; a release asks nobody.
struct Wishes {
    data: Option<PathBuf>,
    keys: Keys,
    #[cfg(desktop)]
    opener: Opener,
    /// In place of the one that is there.
    registry: Option<Registry>,
    glance: Duration,
}

#[cfg(not(feature = "developer"))]
fn read_wishes() -> Wishes {
    Wishes {
        data: None,
        keys: Keys::Best,
        #[cfg(desktop)]
        opener: Opener::System,
        registry: None,
        glance: GLANCE,
    }
}

/// `--data DIR` keeps everything there; `--browser-file PATH` takes the sign-in address in place of a browser;
/// `--registry FILE` names other partners than the bundled ones; `--keys file` leaves the keyring alone; `--glance SECONDS`
/// sees more often whether a place is due.
/// `HANDRAIL_DATA` and so on say the same.
#[cfg(feature = "developer")]
fn read_wishes() -> Wishes {
    let wish = |name: &str, variable: &str| {
        let argument = std::env::args_os().skip_while(|argument| argument != name).nth(1);
        argument.or_else(|| std::env::var_os(variable)).map(PathBuf::from)
    };
    let registry = wish("--registry", "HANDRAIL_REGISTRY").map(|path| {
        let bytes = std::fs::read(&path).expect("the registry that was named can be read");
        Registry::parse(&bytes, handrail_engine::POLICY)
            .expect("the registry that was named is one")
    });
    let glance = wish("--glance", "HANDRAIL_GLANCE").map_or(GLANCE, |seconds| {
        let seconds = seconds.to_str().and_then(|seconds| seconds.parse().ok());
        Duration::from_secs(seconds.expect("a glance is some whole seconds"))
    });
    Wishes {
        data: wish("--data", "HANDRAIL_DATA"),
        keys: match wish("--keys", "HANDRAIL_KEYS") {
            Some(place) if place.as_os_str() == "file" => Keys::File,
            _ => Keys::Best,
        },
        #[cfg(desktop)]
        opener: wish("--browser-file", "HANDRAIL_BROWSER_FILE")
            .map_or(Opener::System, Opener::File),
        registry,
        glance,
    }
}

/// The name by which a later start finds this one; none: the app's own. A release knows one folder, so one window.
#[cfg(all(desktop, not(feature = "developer")))]
pub fn name_for_others() -> Option<String> {
    None
}

/// With a folder of its own, a developer's app is another one.
#[cfg(all(desktop, feature = "developer"))]
pub fn name_for_others() -> Option<String> {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    let data = read_wishes().data?;
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    Some(format!("org.handrail.client.in{:016x}", hasher.finish()))
}

//! What this shell brings to the engine: where things are kept, how pages are opened, how files are sealed.

use std::{path::PathBuf, sync::Arc};

use handrail_engine::{
    Engine, Keys, OpenError, POLICY, Registry, Setup,
    browser::{DesktopBrowser, Opener},
    open,
};
use tauri::{AppHandle, Manager, Runtime};

use crate::{desk::Desk, stronghold::PluginSnapshots, window};

/// The desk over the app's own folder. Whenever its engine opens, now or after an unlocking, the window attends to it.
pub fn open_desk<R: Runtime>(app: &AppHandle<R>) -> Desk {
    let app = app.clone();
    Desk::new(move || open_engine(&app).inspect(|engine| window::attend_to(&app, engine)))
}

fn open_engine<R: Runtime>(app: &AppHandle<R>) -> Result<Engine, OpenError> {
    let wishes = read_wishes();
    let own_folder =
        || app.path().app_data_dir().map_err(|why| OpenError::Folder(std::io::Error::other(why)));
    open(Setup {
        data: wishes.data.map_or_else(own_folder, Ok)?,
        keys: wishes.keys,
        registry: wishes.registry,
        browser: Arc::new(DesktopBrowser::new(wishes.opener)),
        snapshots: PluginSnapshots::default(),
    })
}

/// What a developer may ask of the app; a release asks nobody.
struct Wishes {
    data: Option<PathBuf>,
    keys: Keys,
    opener: Opener,
    registry: Registry,
}

#[cfg(not(feature = "developer"))]
fn read_wishes() -> Wishes {
    Wishes {
        data: None,
        keys: Keys::Best,
        opener: Opener::System,
        registry: Registry::bundled(POLICY),
    }
}

/// `--data DIR` keeps everything there; `--browser-file PATH` takes the sign-in address in place of a browser;
/// `--registry FILE` names other partners than the bundled ones; `--keys file` leaves the keyring alone.
/// `HANDRAIL_DATA` and so on say the same.
#[cfg(feature = "developer")]
fn read_wishes() -> Wishes {
    let wish = |name: &str, variable: &str| {
        let argument = std::env::args_os().skip_while(|argument| argument != name).nth(1);
        argument.or_else(|| std::env::var_os(variable)).map(PathBuf::from)
    };
    let registry = wish("--registry", "HANDRAIL_REGISTRY").map(|path| {
        let bytes = std::fs::read(&path).expect("the registry that was named can be read");
        Registry::parse(&bytes, POLICY).expect("the registry that was named is one")
    });
    Wishes {
        data: wish("--data", "HANDRAIL_DATA"),
        keys: match wish("--keys", "HANDRAIL_KEYS") {
            Some(place) if place.as_os_str() == "file" => Keys::File,
            _ => Keys::Best,
        },
        opener: wish("--browser-file", "HANDRAIL_BROWSER_FILE")
            .map_or(Opener::System, Opener::File),
        registry: registry.unwrap_or_else(|| Registry::bundled(POLICY)),
    }
}

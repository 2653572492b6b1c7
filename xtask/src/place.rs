//! Where things are.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The top of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask stands one folder below the top")
        .to_owned()
}

/// Where cargo builds for this machine. A `CARGO_TARGET_DIR` of one's own is kept.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Where cargo builds for WebAssembly: apart, since that may be another compiler.
pub fn wasm_target() -> PathBuf {
    target().join("wasm")
}

/// What npm and pip install for us.
pub fn tools() -> PathBuf {
    root().join("target/tools")
}

/// What the steps said.
pub fn logs() -> PathBuf {
    root().join("target/xtask/log")
}

/// What was up to date when.
pub fn stamps() -> PathBuf {
    target().join("xtask-stamps")
}

/// What the demo keeps: the sandbox's codes and the app's data.
pub fn demo() -> PathBuf {
    root().join("target/demo")
}

/// The UI, ready to be served.
pub fn dist() -> PathBuf {
    root().join("frontend/dist")
}

/// A program of ours, as `cargo build` leaves it.
pub fn program(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// A path as a person would type it from the top of the repository.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

//! Calling cargo, for this machine and for WebAssembly.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    place,
    step::{self, Failure, Step},
};

pub const WASM: &str = "wasm32-unknown-unknown";

/// Cargo on our workspace, as it would run had the person typed it.
pub fn cargo() -> Command {
    let mut command = Command::new(program());
    command.current_dir(place::root()).env("CARGO_TARGET_DIR", place::target());
    forget_ourselves(&mut command);
    show_progress(&mut command);
    command
}

/// Without a terminal cargo says what it began, not what it waits for, nor how much is left.
fn show_progress(command: &mut Command) {
    command.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", "100");
}

fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// `cargo run` tells xtask who it is. Build scripts that look would think that something changed, and build again.
pub fn forget_ourselves(command: &mut Command) {
    let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
    for (name, _) in env::vars_os() {
        if ours.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(name);
        }
    }
}

/// Where the standard library for WebAssembly comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WasmStd {
    /// Rustup downloaded it.
    Rustup,
    /// Built from the sources of Debian's rustc-web, by that compiler.
    Debian,
}

/// Debian's packages for [`WasmStd::Debian`].
pub const DEBIAN_WASM: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LINKER: &str = "wasm-ld-22";

impl WasmStd {
    /// What this machine has. `HANDRAIL_WASM_STD=debian` asks for Debian's where both are there.
    pub fn find() -> Option<Self> {
        let debian = has_debian_std().then_some(Self::Debian);
        if env::var_os("HANDRAIL_WASM_STD").is_some_and(|wish| wish == "debian") {
            return debian;
        }
        if has_rustup_std() { Some(Self::Rustup) } else { debian }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Rustup => "rustup's",
            Self::Debian => "built from Debian's sources",
        }
    }

    /// Cargo with `verb`, set up to build for WebAssembly.
    pub fn cargo(self, verb: &str) -> Command {
        self.call(verb, program())
    }

    fn call(self, verb: &str, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(place::root()).env("CARGO_TARGET_DIR", place::wasm_target());
        forget_ourselves(&mut command);
        show_progress(&mut command);
        command.arg(verb).args(["--target", WASM, "--config", &hide_paths()]);
        if self == Self::Debian {
            command
                .env("RUSTC", DEBIAN_RUSTC)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DEBIAN_LINKER)
                .args(["-Z", "build-std=std,panic_abort"]);
        }
        command
    }
}

/// A setting of cargo's: the sources' folder on this machine, a person's name in it, does not go into the app.
fn hide_paths() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let sources = home.join("registry/src");
    format!("target.{WASM}.rustflags=['--remap-path-prefix={}=']", sources.display())
}

fn has_rustup_std() -> bool {
    let Some(sysroot) = step::ask("rustc", &["--print", "sysroot"]) else { return false };
    Path::new(sysroot.trim()).join("lib/rustlib").join(WASM).join("lib").is_dir()
}

fn has_debian_std() -> bool {
    Path::new(DEBIAN_RUSTC).is_file()
        && Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
        && step::is_on_path(DEBIAN_LINKER)
}

/// Debian's clippy works only with Debian's compiler, and may be there or not.
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";

impl WasmStd {
    /// Cargo set up to lint `packages` for WebAssembly; the compiler's own warnings where clippy is not there.
    pub fn lint(self, packages: &[&str]) -> Command {
        let mut command = match self {
            Self::Rustup => self.cargo("clippy"),
            Self::Debian if Path::new(DEBIAN_CLIPPY).is_file() => {
                self.call("clippy", DEBIAN_CLIPPY)
            }
            Self::Debian => {
                let mut command = self.cargo("check");
                command.args(packages).env("RUSTFLAGS", "-D warnings");
                return command;
            }
        };
        command.args(packages).args(["--", "-D", "warnings"]);
        command
    }
}

/// Whether cargo's `verb` (`clippy`, `fmt`, `deny`) is there.
pub fn has_verb(verb: &str) -> bool {
    let mut command = cargo();
    command.args([verb, "--version"]);
    command.output().is_ok_and(|output| output.status.success())
}

/// Our packages and what each names, as `cargo metadata` says it.
pub fn read_members() -> Result<serde_json::Value, Failure> {
    let text = answer(&["metadata", "--format-version=1", "--no-deps"])?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::plain("reading cargo metadata", error.to_string(), "is cargo from rustup?")
    })
}

/// Every package there is in the tree, with where its sources are.
pub fn read_packages() -> Result<serde_json::Value, Failure> {
    let text = answer(&["metadata", "--format-version=1"])?;
    serde_json::from_str(&text).map_err(|error| {
        Failure::plain("reading cargo metadata", error.to_string(), "is cargo from rustup?")
    })
}

/// Every crate that `package` is built from, a line each, the name first.
pub fn list_reached(package: &str) -> Result<String, Failure> {
    let tree = ["tree", "-p", package, "-e", "normal", "--prefix", "none", "--format", "{p}"];
    answer(&[&tree[..], &["--all-features"]].concat())
}

fn answer(arguments: &[&str]) -> Result<String, Failure> {
    let mut command = cargo();
    command.args(arguments);
    let advice = "mend the Cargo.toml that cargo names";
    let fail = |why: String| Failure {
        command: Some(step::written(&command)),
        ..Failure::plain("asking cargo", why, advice)
    };
    let mut asked = cargo();
    let output = asked.args(arguments).output().map_err(|error| fail(error.to_string()))?;
    if !output.status.success() {
        return Err(fail(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A step that builds something with cargo.
pub fn build(name: &str, arguments: &[&str]) -> Result<String, Failure> {
    let mut command = cargo();
    command.arg("build").args(arguments);
    Step::new(
        name,
        command,
        "mend what the compiler names; `cargo xtask doctor` shows missing pieces",
    )
    .run()
}

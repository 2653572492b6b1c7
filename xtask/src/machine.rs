//! What this machine must have, what each thing is for, and whether it is there.

#![allow(clippy::print_stdout, reason = "doctor speaks to a person")]

use std::path::Path;

use crate::{
    cargo::{self, WasmStd},
    place, setup, step,
};

/// A part of the work that brings needs of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Compiling for this machine.
    Build,
    /// Making the UI's WebAssembly and JavaScript.
    Ui,
    /// The Tauri window.
    Window,
    /// Driving the window without a screen.
    WindowTests,
    /// Keys in a real keyring.
    KeyringTests,
    /// Driving the UI in Chromium.
    BrowserTests,
    /// Servers that we did not write.
    Foreign,
    /// Making the icons from their drawing.
    Icons,
    /// Striking file calls.
    Labs,
    /// Our Kotlin on a desktop's JVM.
    Phones,
    /// Types for Android and iOS.
    PhoneTypes,
}

impl Part {
    pub const ALL: [Self; 11] = [
        Self::Build,
        Self::Ui,
        Self::Window,
        Self::WindowTests,
        Self::KeyringTests,
        Self::BrowserTests,
        Self::Foreign,
        Self::Icons,
        Self::Labs,
        Self::Phones,
        Self::PhoneTypes,
    ];

    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Build => "compile: C code of SQLCipher, OpenSSL and libsodium, and linking",
            Self::Ui => "the UI: npm brings wasm-opt",
            Self::Window => "the window: WebKitGTK and GTK for Tauri",
            Self::WindowTests => "test the window: a screen in memory, a driver, pictures",
            Self::KeyringTests => "test with a real keyring",
            Self::BrowserTests => "test the UI in a browser",
            Self::Foreign => "test against servers that we did not write",
            Self::Icons => "draw the icons from icons/app-icon.svg",
            Self::Labs => "the crash laboratory: strike file calls",
            Self::Phones => "test the phones' Kotlin: a JVM, and Maven for its libraries",
            Self::PhoneTypes => "check types for the phones: OpenSSL's headers",
        }
    }

    /// What shows that a thing is there, and the Debian package that brings it.
    const fn needs(self) -> &'static [(Seen, &'static str)] {
        use Seen::{Command, Package};
        match self {
            Self::Build => &[
                (Command("cc"), "build-essential"),
                (Command("make"), "build-essential"),
                (Command("perl"), "perl"),
                (Command("pkg-config"), "pkg-config"),
            ],
            Self::Ui => &[(Command("node"), "nodejs"), (Command("npm"), "npm")],
            Self::Window => &[
                (Package, "libwebkit2gtk-4.1-dev"),
                (Package, "libgtk-3-dev"),
                (Package, "librsvg2-dev"),
            ],
            Self::WindowTests => &[
                (Command("WebKitWebDriver"), "webkit2gtk-driver"),
                (Command("xvfb-run"), "xvfb"),
                (Command("xauth"), "xauth"),
                (Command("dbus-run-session"), "dbus"),
                (Command("dbus-launch"), "dbus-x11"),
                (Command("import"), "imagemagick"),
            ],
            Self::KeyringTests => &[
                (Command("dbus-daemon"), "dbus"),
                (Command("gnome-keyring-daemon"), "gnome-keyring"),
            ],
            Self::BrowserTests => &[
                (Command("chromium"), "chromium"),
                (Command("chromedriver"), "chromium-driver"),
                (Command("pdftotext"), "poppler-utils"),
            ],
            Self::Foreign => &[
                (Command("node"), "nodejs"),
                (Command("npm"), "npm"),
                (Command("python3"), "python3"),
                (Package, "python3-venv"),
            ],
            Self::Icons => &[(Command("rsvg-convert"), "librsvg2-bin")],
            Self::Labs => &[(Command("strace"), "strace")],
            Self::Phones => &[
                (Command("javac"), "default-jdk-headless"),
                (Command("mvn"), "maven"),
                (Command("npm"), "npm"),
                (Package, "python3-venv"),
            ],
            Self::PhoneTypes => &[(Package, "libssl-dev")],
        }
    }

    /// The Debian packages this machine lacks for this part.
    pub fn missing(self) -> Vec<&'static str> {
        let lacks = |(seen, package): &&(Seen, &'static str)| match seen {
            Seen::Command(name) => !step::is_on_path(name),
            // On other systems nobody knows; the build will say.
            Seen::Package => is_debian() && !has_package(package),
        };
        self.needs().iter().filter(lacks).map(|(_, package)| *package).collect()
    }
}

/// How to see that a thing is there, wherever it came from.
#[derive(Clone, Copy)]
enum Seen {
    Command(&'static str),
    Package,
}

/// The packages these parts lack, each once.
pub fn list_missing(parts: &[Part]) -> Vec<&'static str> {
    let mut missing: Vec<_> = parts.iter().flat_map(|part| part.missing()).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

pub fn is_debian() -> bool {
    step::is_on_path("dpkg-query") && step::is_on_path("apt-get")
}

fn has_package(name: &str) -> bool {
    step::ask("dpkg-query", &["-W", "-f=${db:Status-Status}", name])
        .is_some_and(|status| status.trim() == "installed")
}

/// Whether a window can be shown.
pub fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Says what is there, what is missing, and what each thing is for. Changes nothing.
pub fn examine() {
    let mut whole = true;
    let mut line = |there: bool, name: &str, purpose: &str, remedy: &str| {
        whole &= there;
        println!("{} {name:<16} {purpose}", if there { "✓" } else { "✗" });
        if !there {
            println!("  {:<16} {remedy}", "");
        }
    };

    let rustc = step::ask("rustc", &["--version"]).unwrap_or_default();
    line(!rustc.is_empty(), "rust", rustc.trim(), "install it from https://rustup.rs");
    let lints = cargo::has_verb("clippy") && cargo::has_verb("fmt");
    line(lints, "clippy, rustfmt", "check", "rustup component add clippy rustfmt");
    let std = WasmStd::find();
    let origin = std.map_or("", WasmStd::name);
    let purpose = format!("the UI: Rust's library for WebAssembly {origin}");
    line(std.is_some(), "wasm32 std", &purpose, "cargo xtask setup ui");
    for part in Part::ALL {
        let missing = part.missing().join(" ");
        let remedy = format!("apt-get install -y {missing}");
        line(missing.is_empty(), &format!("{part:?}"), part.purpose(), &remedy);
    }
    let optimizer = setup::wasm_opt().is_file();
    line(optimizer, "wasm-opt", "the UI: halves its size", "cargo xtask setup ui");
    line(
        setup::has_foreign(),
        "foreign servers",
        Part::Foreign.purpose(),
        "cargo xtask setup foreign",
    );

    let dist = place::dist().join("index.html");
    let built = |path: &Path| if path.is_file() { "built" } else { "not built yet" };
    println!("\nUI      {:<14} frontend/dist", built(&dist));
    println!(
        "window  {:<14} {}",
        built(&place::program("handrail-app")),
        place::shown(&place::program("handrail-app"))
    );
    let screen = if has_display() { "yes" } else { "none: the demo will use a browser preview" };
    println!("screen  {screen}");
    println!(
        "\n{}",
        if whole {
            "All is there."
        } else {
            "`cargo xtask demo` and `cargo xtask test` install what they need by themselves (Debian, as root or with sudo)."
        }
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_does_not_exist_is_not_there() {
        assert!(!has_package("handrail-no-such-package"));
    }

    #[test]
    fn a_missing_package_is_named_once() {
        let mut names = list_missing(&Part::ALL);
        let count = names.len();

        names.dedup();

        assert_eq!(names.len(), count);
    }
}

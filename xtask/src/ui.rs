//! Builds the UI into `frontend/dist`.
//!
//! In: frontend, the contract, and the tools that set-up brought. Out: `index.html`, `handrail-frontend.js`,
//! `handrail-frontend_bg.wasm`, and what stands in `frontend/static` and `frontend/text`. Nothing is done where nothing changed.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::{
    cargo::{self, WASM, WasmStd},
    fresh::{self, Stamp},
    place, setup,
    step::{self, Failure, Step},
};

/// What rustc's WebAssembly uses today. Named, because a stripped module does not say.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-multivalue",
    "--enable-reference-types",
];

/// For whom it is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Small, for the app.
    Small,
    /// Built in no time, for whoever is changing it.
    Quick,
}

impl Finish {
    /// The cargo profile, and the folder cargo builds it in.
    const fn profile(self) -> (&'static str, &'static str) {
        match self {
            Self::Small => ("wasm-release", "wasm-release"),
            Self::Quick => ("dev", "debug"),
        }
    }
}

/// Builds the UI. The machine must be prepared for [`crate::machine::Part::Ui`].
pub fn build(finish: Finish) -> Result<(), Failure> {
    let begun = Instant::now();
    let std = setup::find_wasm_std()?;
    let optimized = finish == Finish::Small && setup::wasm_opt().is_file();
    let stamp = stamp(finish, std, optimized).map_err(in_step)?;
    if is_whole() && stamp.holds().map_err(in_step)? {
        step::say_done("the UI is up to date", begun.elapsed());
        return Ok(());
    }

    let module = compile(finish, std)?;
    let staging = place::wasm_target().join("ui");
    empty_folder(&staging).map_err(in_step)?;
    bind(&module, &staging)?;
    if optimized {
        shrink(&staging.join("handrail-frontend_bg.wasm"))?;
    }
    copy_static(&staging).map_err(in_step)?;
    fresh::mirror_folder(&staging, &place::dist()).map_err(in_step)?;
    stamp.set().map_err(in_step)?;
    report_size();
    Ok(())
}

fn stamp(finish: Finish, std: WasmStd, optimized: bool) -> io::Result<Stamp> {
    let inputs = ["frontend", "crates/contract", "xtask/bindgen", "Cargo.toml", "Cargo.lock"];
    let inputs = inputs.map(|name| place::root().join(name));
    Stamp::new(place::stamps().join("ui"), &inputs, &format!("{finish:?} {std:?} {optimized}"))
}

fn is_whole() -> bool {
    let there = |name| place::dist().join(name).is_file();
    ["index.html", "handrail-frontend.js", "handrail-frontend_bg.wasm"].into_iter().all(there)
}

fn compile(finish: Finish, std: WasmStd) -> Result<PathBuf, Failure> {
    let (profile, folder) = finish.profile();
    let mut command = std.cargo("build");
    command.args(["-p", "handrail-frontend", "--profile", profile]);
    let name = format!("compiling the UI to WebAssembly (library: {})", std.name());
    Step::new(&name, command, "mend what the compiler names").run()?;
    Ok(place::wasm_target().join(WASM).join(folder).join("handrail-frontend.wasm"))
}

fn bind(module: &Path, folder: &Path) -> Result<(), Failure> {
    cargo::build("compiling the tool that writes the UI's JavaScript", &["-p", "xtask-bindgen"])?;
    let mut command = Command::new(place::program("xtask-bindgen"));
    command.arg(module).arg(folder);
    let advice = "if it speaks of a schema version: make wasm-bindgen-cli-support in xtask/bindgen/Cargo.toml \
                  the version of wasm-bindgen in Cargo.lock";
    Step::new("writing the UI's JavaScript", command, advice).run().map(|_| ())
}

fn shrink(module: &Path) -> Result<(), Failure> {
    let mut command = Command::new(setup::wasm_opt());
    command.args(["-Oz"]).args(WASM_FEATURES).arg(module).arg("-o").arg(module);
    let advice = "if it names a feature, add it to WASM_FEATURES in xtask/src/ui.rs";
    Step::new("making the UI small", command, advice).run().map(|_| ())
}

fn empty_folder(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
}

fn copy_static(folder: &Path) -> io::Result<()> {
    copy(&place::root().join("frontend/static"), folder)?;
    copy(&place::root().join("frontend/text"), &folder.join("text"))
}

fn copy(from: &Path, folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    fresh::list_files(from, &mut files)?;
    for file in files {
        let to = folder.join(file.strip_prefix(from).expect("listed below it"));
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::copy(&file, to)?;
    }
    Ok(())
}

fn report_size() {
    let module = place::dist().join("handrail-frontend_bg.wasm");
    if let Ok(about) = fs::metadata(&module) {
        step::say(&format!(
            "frontend/dist is ready; its WebAssembly has {} kB",
            about.len() / 1000
        ));
    }
}

fn in_step(error: io::Error) -> Failure {
    Failure::plain("building the UI", error.to_string(), "look at the file that it names")
}

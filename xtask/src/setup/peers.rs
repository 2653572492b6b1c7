//! The libraries that the bench of a whole look compares with, each at a pinned version.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{NODE, npm_install, pip_install};
use crate::{
    cargo::cargo,
    place,
    step::{Failure, Step},
};

const OF_PYTHON: [&str; 2] = ["fhirpy==2.3.1", "fhirclient==4.4.0"];
/// With a node of their own: Medplum's client asks for one that new, and it has SQLite within.
const OF_NODE: [&str; 4] =
    [NODE, "fhirclient@2.6.3", "fhir-kit-client@2.0.3", "@medplum/core@5.2.13"];
/// A package outside the workspace, with a lock of its own.
const OF_RUST: &str = "tests/bench/sync/peers/fhir_sdk";

/// Brings what can be had: what to tell the bench about it, and why the rest is missing.
pub fn install_peers() -> (Vec<(&'static str, PathBuf)>, Vec<Failure>) {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for come in [install_python(), install_node(), build_rust()] {
        match come {
            Ok(settings) => found.extend(settings),
            Err(failure) => missing.push(failure),
        }
    }
    (found, missing)
}

type Settings = Vec<(&'static str, PathBuf)>;

fn folder() -> PathBuf {
    place::tools().join("peers")
}

fn install_python() -> Result<Settings, Failure> {
    let folder = folder().join("python");
    let mark = folder.join(format!("{}.installed", OF_PYTHON.join("+")));
    if !mark.is_file() {
        pip_install("fhirpy and fhirclient", &folder, &OF_PYTHON, &mark)?;
    }
    Ok(vec![("BENCH_PYTHON", folder.join("bin/python3"))])
}

fn install_node() -> Result<Settings, Failure> {
    let modules = folder().join("js/node_modules");
    let mark = folder().join(format!("js/{}.installed", OF_NODE.join("+").replace('/', "-")));
    if !mark.is_file() {
        // What fhirclient may do without brings React Native, a quarter of a gigabyte.
        let lean = ["--omit=optional", "--legacy-peer-deps"];
        npm_install("peers/js", &[&lean[..], &OF_NODE].concat())?;
        write_mark(&mark)?;
    }
    Ok(vec![("BENCH_NODE", modules.join("node/bin/node")), ("BENCH_NODE_MODULES", modules)])
}

fn build_rust() -> Result<Settings, Failure> {
    let target = folder().join("fhir_sdk");
    let mut build = cargo();
    build
        .args(["build", "--quiet", "--release", "--locked", "--target-dir"])
        .arg(&target)
        .current_dir(place::root().join(OF_RUST));
    let advice = "see what cargo says above; it takes up to an hour and 4 GB of memory";
    Step::new("compiling the crate fhir-sdk", build, advice)
        .within(Duration::from_secs(3_600))
        .run()?;
    Ok(vec![("BENCH_FHIR_SDK", target.join("release/fhir-sdk-sync"))])
}

fn write_mark(mark: &Path) -> Result<(), Failure> {
    fs::write(mark, "").map_err(|error| {
        Failure::plain("noting what was fetched", error.to_string(), "make the folder writable")
    })
}

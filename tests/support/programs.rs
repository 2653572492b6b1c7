//! Where the programs are that the journeys drive.

use std::path::{Path, PathBuf};

/// A program of ours, built beside this test.
pub fn find_program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folder = test.parent().and_then(Path::parent).expect("tests lie in a folder of the target");
    let program = folder.join(name);
    assert!(program.is_file(), "{} is not built; `cargo xtask test` builds it", program.display());
    program
}

/// The project's folder.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Where the set-up installs tools that are not ours; ignored by git.
pub fn tools() -> PathBuf {
    repository().join("target/tools")
}

//! Somebody else's libraries, used as their own pages show it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use super::Rival;

/// One library, and what runs it.
pub struct Peer {
    pub name: &'static str,
    pub language: Language,
    /// Its script beside this file; a compiled one has none.
    script: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Python,
    JavaScript,
    Rust,
}

impl Language {
    /// The environment variable with the program, set by the bench verb where the libraries are there.
    const fn program(self) -> &'static str {
        match self {
            Self::Python => "BENCH_PYTHON",
            Self::JavaScript => "BENCH_NODE",
            Self::Rust => "BENCH_FHIR_SDK",
        }
    }
}

const fn peer(name: &'static str, language: Language, script: &'static str) -> Peer {
    Peer { name, language, script }
}

pub const PEERS: [Peer; 6] = [
    peer("fhir-sdk (Rust), plain SQLite", Language::Rust, ""),
    peer("fhirclient (JavaScript), plain SQLite", Language::JavaScript, "fhirclient_sync.cjs"),
    peer("fhir-kit-client (JavaScript), plain SQLite", Language::JavaScript, "fhir_kit_sync.cjs"),
    peer("@medplum/core (JavaScript), plain SQLite", Language::JavaScript, "medplum_sync.cjs"),
    peer("fhirpy (Python), plain SQLite", Language::Python, "fhirpy_sync.py"),
    peer("fhirclient (Python), plain SQLite", Language::Python, "fhirclient_sync.py"),
];

impl Peer {
    /// Whether the bench verb could install it.
    pub fn is_here(&self) -> bool {
        self.find_program().is_some()
    }

    fn find_program(&self) -> Option<PathBuf> {
        env::var_os(self.language.program()).map(PathBuf::from)
    }

    pub fn find(&self, bases: &[String]) -> Option<Rival> {
        let program = self.find_program()?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench/sync/peers");
        let script = (!self.script.is_empty()).then(|| folder.join(self.script));
        let bases = bases.to_vec();
        Some(Rival {
            name: self.name,
            command: Box::new(move |folder, mode| {
                let mut command = Command::new(&program);
                if let Some(modules) = env::var_os("BENCH_NODE_MODULES") {
                    command.env("NODE_PATH", modules).env("NODE_NO_WARNINGS", "1");
                }
                command.args(&script).arg(folder.join("plain.db")).arg(mode).args(&bases);
                command
            }),
        })
    }
}

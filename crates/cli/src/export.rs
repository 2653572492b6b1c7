//! `handrail export`: what is saved, in a file of its own.

use std::{fs::OpenOptions, io, io::Write as _, path::Path};

use handrail_contract::{export::ExportBundle, paper::ShowPaper, place::SourceId};
use handrail_engine::{Answer as _, Engine};
use serde_json::json;

use crate::{Exit, explain, paper, print_json};

/// Writes the file, and only if it is a new one.
pub async fn run(
    engine: &Engine,
    connection: Option<&str>,
    page: bool,
    file: &Path,
    json: bool,
) -> Result<Exit, Exit> {
    let source = connection.map(|id| SourceId(id.to_owned()));
    let written = if page {
        engine.answer(ShowPaper { source }).await.map(|paper| paper::write_html(&paper))
    } else {
        let question = ExportBundle { source, private: false };
        engine.answer(question).await.map(|exported| exported.content)
    };
    let written = written.map_err(|problem| explain(&problem, json))?;
    save(file, written.as_bytes()).map_err(|error| {
        eprintln!("handrail: {}: {error}", file.display());
        Exit::Refused
    })?;
    if json {
        print_json(&json!({ "file": file, "bytes": written.len() }));
    } else {
        println!("{}: {} bytes", file.display(), written.len());
    }
    Ok(Exit::Done)
}

/// A new file that only its owner may read. One that cannot be written whole is not left behind.
fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // What is there is ours: it was not there before.
        let _ = std::fs::remove_file(path);
    }
    written
}

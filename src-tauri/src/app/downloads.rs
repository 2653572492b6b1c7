//! Files that the person takes along: kept in the platform's Downloads, under a name that was free.
//!
//! In: a file that a page or the engine made. Out: the name it has there.
//! Never: another folder, another file's place, or a name that is not plainly ours.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    path::Path,
};

use handrail_contract::{
    Problem,
    export::{Exported, SavedFile},
};

/// More copies of one name than anybody keeps.
const MOST: u32 = 1000;

/// Saves a file; one that is there already keeps its name, and the new one has a number.
///
/// # Errors
/// The folder cannot be written, or the name is none of ours.
pub fn save(folder: &Path, file: &Exported) -> Result<SavedFile, Problem> {
    let (stem, extension) = read_name(&file.name).ok_or(Problem::CannotSave)?;
    fs::create_dir_all(folder).map_err(|_| Problem::CannotSave)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 1..=MOST {
        let name = match number {
            1 => file.name.clone(),
            _ => format!("{stem}-{number}.{extension}"),
        };
        let path = folder.join(&name);
        let mut opened = match options.open(&path) {
            Ok(opened) => opened,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(_) => return Err(Problem::CannotSave),
        };
        let bytes = file.content.as_bytes();
        if opened.write_all(bytes).and_then(|()| opened.sync_all()).is_err() {
            // Half a file is none; what is removed is what was just made.
            let _ = fs::remove_file(&path);
            return Err(Problem::CannotSave);
        }
        return Ok(SavedFile { name });
    }
    Err(Problem::CannotSave)
}

/// The two sides of `handrail-….json`, `.html`, `.csv` or `.txt`: no folder, no dot before its last, nothing hidden.
fn read_name(name: &str) -> Option<(&str, &str)> {
    let (stem, extension) = name.split_once('.')?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let ours = stem.starts_with("handrail") && stem.len() <= 64 && stem.bytes().all(plain);
    (ours && ["json", "html", "csv", "txt"].contains(&extension)).then_some((stem, extension))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, content: &str) -> Exported {
        Exported { name: name.into(), media: "text/html".into(), content: content.into() }
    }

    #[test]
    fn a_second_copy_leaves_the_first_as_it_is() {
        let folder = tempfile::tempdir().unwrap();

        let first = save(folder.path(), &file("handrail.html", "one")).unwrap();
        let second = save(folder.path(), &file("handrail.html", "two")).unwrap();

        assert_eq!((&*first.name, &*second.name), ("handrail.html", "handrail-2.html"));
        assert_eq!(fs::read_to_string(folder.path().join("handrail.html")).unwrap(), "one");
        assert_eq!(fs::read_to_string(folder.path().join("handrail-2.html")).unwrap(), "two");
    }

    #[test]
    fn every_name_that_the_app_gives_is_kept() {
        let folder = tempfile::tempdir().unwrap();

        for name in
            ["handrail-2026-05-06.json", "handrail-requests-2026-05-06.csv", "handrail.html"]
        {
            assert_eq!(save(folder.path(), &file(name, "x")).unwrap().name, name);
        }
    }

    #[test]
    fn a_name_that_leads_elsewhere_or_is_not_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();

        for name in [
            "../handrail.csv",
            "../handrail.html",
            "handrail/../../x.txt",
            ".bashrc",
            "handrail.desktop",
            "handrail.tar.txt",
            "taxes.txt",
            "",
        ] {
            assert_eq!(save(folder.path(), &file(name, "x")).err(), Some(Problem::CannotSave));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_what_was_saved() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();

        save(folder.path(), &file("handrail-report.txt", "x")).unwrap();

        let about = fs::metadata(folder.path().join("handrail-report.txt")).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600);
    }
}

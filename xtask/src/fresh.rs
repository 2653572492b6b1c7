//! Whether a thing made from files has to be made again.
//!
//! A stamp holds two sums over what it was made from: one of sizes and times, which is quick, and one of contents,
//! which is asked only where the first differs (a fresh checkout, a branch there and back).

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// What something was made from.
pub struct Stamp {
    file: PathBuf,
    inputs: Vec<PathBuf>,
    /// How it was made: another compiler or another option makes another thing.
    manner: String,
}

impl Stamp {
    pub fn new(file: PathBuf, inputs: &[PathBuf], manner: &str) -> io::Result<Self> {
        let mut files = Vec::new();
        for input in inputs {
            list_files(input, &mut files)?;
        }
        files.sort();
        Ok(Self { file, inputs: files, manner: manner.to_owned() })
    }

    /// Whether nothing changed since [`Stamp::set`].
    pub fn holds(&self) -> io::Result<bool> {
        let Ok(written) = fs::read_to_string(&self.file) else { return Ok(false) };
        let mut lines = written.lines();
        if lines.next() == Some(self.sum_times()?.as_str()) {
            return Ok(true);
        }
        let same = lines.next() == Some(self.sum_contents()?.as_str());
        if same {
            self.set()?;
        }
        Ok(same)
    }

    /// Notes that the thing was made from what is there now.
    pub fn set(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, format!("{}\n{}\n", self.sum_times()?, self.sum_contents()?))
    }

    fn sum_times(&self) -> io::Result<String> {
        self.sum(|path, sum| {
            let about = fs::metadata(path)?;
            let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            (about.len(), changed).hash(sum);
            Ok(())
        })
    }

    fn sum_contents(&self) -> io::Result<String> {
        self.sum(|path, sum| {
            fs::read(path)?.hash(sum);
            Ok(())
        })
    }

    fn sum(&self, add: impl Fn(&Path, &mut DefaultHasher) -> io::Result<()>) -> io::Result<String> {
        let mut sum = DefaultHasher::new();
        self.manner.hash(&mut sum);
        for path in &self.inputs {
            path.hash(&mut sum);
            add(path, &mut sum)?;
        }
        Ok(format!("{:016x}", sum.finish()))
    }
}

/// Every file at or below `path`, without what was built.
pub fn list_files(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        if path.is_file() {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let built = ["target", "dist", "node_modules", ".git"].iter().any(|other| name == *other);
        if !built && !entry.file_type()?.is_symlink() {
            list_files(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// Makes `to` hold the files of `from` and no others, touching only what differs.
///
/// What is made from `to` is then made again only where there is a reason.
pub fn mirror_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(to)? {
        let old = entry?;
        if !from.join(old.file_name()).exists() {
            if old.file_type()?.is_dir() {
                fs::remove_dir_all(old.path())?;
            } else {
                fs::remove_file(old.path())?;
            }
        }
    }
    for entry in fs::read_dir(from)? {
        let new = entry?;
        let target = to.join(new.file_name());
        if new.file_type()?.is_dir() {
            mirror_folder(&new.path(), &target)?;
        } else if fs::read(&target).ok() != Some(fs::read(new.path())?) {
            fs::copy(new.path(), &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is gone when the test is.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("xtask-{}-{name}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn stamp(folder: &Folder, manner: &str) -> Stamp {
        Stamp::new(folder.0.join("stamp"), &[folder.0.join("in")], manner).unwrap()
    }

    #[test]
    fn a_stamp_ends_with_a_change_and_with_another_manner() {
        let folder = Folder::new("stamp");
        fs::create_dir(folder.0.join("in")).unwrap();
        fs::write(folder.0.join("in/a"), "one").unwrap();
        stamp(&folder, "plain").set().unwrap();

        let unchanged = stamp(&folder, "plain").holds().unwrap();
        let otherwise = stamp(&folder, "small").holds().unwrap();
        fs::write(folder.0.join("in/a"), "two").unwrap();
        let changed = stamp(&folder, "plain").holds().unwrap();

        assert_eq!((unchanged, otherwise, changed), (true, false, false));
    }

    #[test]
    fn a_stamp_survives_a_checkout_that_only_moves_times() {
        let folder = Folder::new("times");
        fs::create_dir(folder.0.join("in")).unwrap();
        fs::write(folder.0.join("in/a"), "one").unwrap();
        stamp(&folder, "plain").set().unwrap();

        let file = fs::File::options().write(true).open(folder.0.join("in/a")).unwrap();
        file.set_modified(UNIX_EPOCH).unwrap();

        assert!(stamp(&folder, "plain").holds().unwrap());
    }

    #[test]
    fn a_mirrored_folder_keeps_nothing_old() {
        let folder = Folder::new("mirror");
        let (from, to) = (folder.0.join("from"), folder.0.join("to"));
        fs::create_dir_all(from.join("fonts")).unwrap();
        fs::create_dir_all(to.join("gone")).unwrap();
        fs::write(from.join("fonts/a"), "a").unwrap();

        mirror_folder(&from, &to).unwrap();

        assert_eq!(fs::read_to_string(to.join("fonts/a")).unwrap(), "a");
        assert!(!to.join("gone").exists());
    }
}

//! Keys in 0600 files beside the data, where nothing better is there.
//!
//! Weaker than a keyring or a phone's key store: whoever can read the person's files can read the key.
//! The connections page says so.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use handrail_core::vault::keys::KeyName;
use zeroize::Zeroizing;

use super::{sync_folder, write_private};
use crate::ports::{Key, KeyError, KeySource};

/// Keys in files that only their owner may read.
pub struct KeyFile {
    folder: PathBuf,
}

impl KeyFile {
    /// Keys in this folder. It exists, and only its owner may look into it.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self, name: KeyName) -> PathBuf {
        self.folder.join(name_of(name))
    }
}

/// The name of a key's file.
pub fn name_of(name: KeyName) -> String {
    format!("{}.key", name.word())
}

impl KeySource for KeyFile {
    fn find(&self, name: KeyName) -> Result<Option<Key>, KeyError> {
        let mut file = match File::open(self.path(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(why_not)?,
        };
        let mut key = Zeroizing::new(Vec::with_capacity(33));
        (&mut file).take(33).read_to_end(&mut key).map_err(why_not)?;
        let key = <[u8; 32]>::try_from(key.as_slice()).map_err(|_| KeyError::Invalidated)?;
        Ok(Some(Zeroizing::new(key)))
    }

    fn keep(&self, name: KeyName, key: &Key) -> Result<(), KeyError> {
        write_key(&self.path(name), key).map_err(KeyError::Unavailable)
    }
}

/// A file that may not be read is locked; one that cannot be read is a place that does not work.
fn why_not(error: io::Error) -> KeyError {
    match error.kind() {
        ErrorKind::PermissionDenied => KeyError::Locked,
        _ => KeyError::Unavailable(error),
    }
}

const DRAFT: &str = "draft";

/// Removes what a process left that died while it wrote a key. The caller holds the folder's lock.
pub fn sweep(folder: &Path) {
    for name in KeyName::ALL {
        let draft = folder.join(name_of(name)).with_extension(DRAFT);
        match fs::remove_file(draft) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                tracing::warn!(target: "vault", kind = ?error.kind(), "a key's draft could not be removed");
            }
            _ => {}
        }
    }
}

/// Writes a whole key or none, and never over another.
fn write_key(path: &Path, key: &[u8; 32]) -> io::Result<()> {
    let draft = path.with_extension(DRAFT);
    let written = write_private(&draft, key, OpenOptions::new().create(true).truncate(true));
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let swept = fs::remove_file(&draft);
    linked?;
    swept?;
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::keys::suite::{self, Folder, Trial};

    /// Two folders for two data folders.
    struct Files([TempDir; 2]);

    impl Files {
        fn new() -> Self {
            Self([TempDir::new().unwrap(), TempDir::new().unwrap()])
        }

        fn place(&self, folder: Folder) -> KeyFile {
            KeyFile::new(self.0[folder as usize].path())
        }
    }

    impl Trial for Files {
        fn open(&self, folder: Folder) -> Box<dyn KeySource> {
            Box::new(self.place(folder))
        }

        fn remove(&self, folder: Folder, name: KeyName) {
            fs::remove_file(self.place(folder).path(name)).unwrap();
        }

        fn alter(&self, folder: Folder, name: KeyName, bytes: &[u8]) {
            fs::write(self.place(folder).path(name), bytes).unwrap();
        }
    }

    #[test]
    fn a_key_in_a_file_bears_what_every_key_has_to_bear() {
        suite::finds_again_what_was_kept(&Files::new());
        suite::keeps_names_and_folders_apart(&Files::new());
        suite::never_replaces_a_key(&Files::new());
        suite::tells_gone_from_altered(&Files::new());
    }

    #[test]
    fn a_file_that_may_not_be_read_is_locked_and_one_that_cannot_be_read_is_not() {
        let kinds = [ErrorKind::PermissionDenied, ErrorKind::IsADirectory, ErrorKind::Other];

        let locked = kinds.map(|kind| matches!(why_not(kind.into()), KeyError::Locked));

        assert_eq!(locked, [true, false, false]);
    }

    #[test]
    fn making_a_key_leaves_no_draft_behind() {
        let files = Files::new();

        files.place(Folder::Ours).keep(KeyName::Vault, &Zeroizing::new([7; 32])).unwrap();

        assert_eq!(fs::read_dir(files.0[0].path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let files = Files::new();
        let place = files.place(Folder::Ours);

        place.keep(KeyName::Records, &Zeroizing::new([7; 32])).unwrap();

        let mode = fs::metadata(place.path(KeyName::Records)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

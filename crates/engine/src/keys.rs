//! Where the keys come from: a 0600 file beside the data, where nothing better is there.
//!
//! Weaker than a phone's key store: whoever can read the person's files can read the key. The connections page says so.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::ports::{KeyError, KeyName, KeySource};

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
        self.folder.join(match name {
            KeyName::Vault => "vault.key",
            KeyName::Records => "records.key",
        })
    }
}

impl KeySource for KeyFile {
    fn key(
        &self,
        name: KeyName,
        fresh: &dyn Fn() -> [u8; 32],
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let path = self.path(name);
        match read_key(&path) {
            Err(KeyError::Unavailable(error)) if error.kind() == ErrorKind::NotFound => {
                write_key(&path, &Zeroizing::new(fresh())).map_err(KeyError::Unavailable)?;
                read_key(&path)
            }
            other => other,
        }
    }

    fn kind(&self) -> &'static str {
        "key_file"
    }
}

fn read_key(path: &Path) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let mut file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::PermissionDenied => KeyError::Locked,
        _ => KeyError::Unavailable(error),
    })?;
    let mut key = Zeroizing::new(Vec::with_capacity(33));
    (&mut file).take(33).read_to_end(&mut key).map_err(KeyError::Unavailable)?;
    <[u8; 32]>::try_from(key.as_slice()).map(Zeroizing::new).map_err(|_| KeyError::Invalidated)
}

/// Writes a whole key or none, and never over another: of two processes that start together, one wins.
fn write_key(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    let mut suffix = [0; 8];
    getrandom::fill(&mut suffix).map_err(|error| std::io::Error::other(error.to_string()))?;
    let draft = path.with_extension(format!("{:016x}", u64::from_ne_bytes(suffix)));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(key)?;
        file.sync_all()
    });
    let linked = written.and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    });
    let swept = fs::remove_file(&draft);
    linked?;
    swept?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let keys = KeyFile::new(folder.path());

        let first = keys.key(KeyName::Vault, &|| [7; 32]).unwrap();
        let again = keys.key(KeyName::Vault, &|| [9; 32]).unwrap();

        assert_eq!((*first, *again), ([7; 32], [7; 32]));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_of_the_wrong_length_counts_as_changed_and_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("vault.key"), b"short").unwrap();

        let outcome = KeyFile::new(folder.path()).key(KeyName::Vault, &|| [7; 32]);

        assert!(matches!(outcome, Err(KeyError::Invalidated)));
        assert_eq!(fs::read(folder.path().join("vault.key")).unwrap(), b"short");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_a_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();

        KeyFile::new(folder.path()).key(KeyName::Records, &|| [7; 32]).unwrap();

        let mode = fs::metadata(folder.path().join("records.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

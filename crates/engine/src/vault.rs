//! The vault on disk: one sealed file a slot, committed durably, one writer at a time.
//!
//! How a file is sealed is the adapter's; where files lie, how they are locked and what is swept is told here once.

mod aead;
mod lock;
mod stronghold;
#[cfg(any(test, feature = "testing"))]
pub mod suite;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, ErrorKind},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::Duration,
};

use zeroize::Zeroizing;

use crate::{
    held::HeldKey,
    ports::{KeyError, Slot, SlotLock, Vault, VaultError},
};

pub(crate) use lock::lock;

pub use aead::XChaChaSnapshots;
pub use stronghold::{StrongholdSnapshots, read_store, write_store};

/// Reads and writes one sealed file.
pub trait Snapshots: Send + Sync {
    /// Opens a file that exists.
    fn read(&self, path: &Path, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, VaultError>;
    /// Replaces the file whole: a reader sees the old one or the new one.
    fn write(&self, path: &Path, key: &[u8; 32], bytes: &[u8]) -> Result<(), VaultError>;
}

/// The extension of a sealed file.
pub(crate) const SEALED: &str = "hold";

/// A folder of sealed files.
pub struct VaultFolder<S> {
    folder: PathBuf,
    key: HeldKey,
    snapshots: S,
}

impl<S: Snapshots> VaultFolder<S> {
    /// Opens the folder, makes it if it is not there, and sweeps what an interrupted commit left.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open(
        folder: impl Into<PathBuf>,
        key: Zeroizing<[u8; 32]>,
        snapshots: S,
    ) -> Result<Self, VaultError> {
        Self::open_with(folder, HeldKey::for_good(key), snapshots)
    }

    /// The same with a key that can be let go.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open_with(
        folder: impl Into<PathBuf>,
        key: HeldKey,
        snapshots: S,
    ) -> Result<Self, VaultError> {
        let folder = folder.into();
        make_private_folder(&folder).map_err(VaultError::CannotWrite)?;
        let vault = Self { folder, key, snapshots };
        for slot in vault.traces()? {
            // Somebody who is committing right now holds the lock; what looks stray is theirs.
            if let Ok(lock) = vault.lock(&slot, Duration::ZERO) {
                vault.sweep(&slot);
                drop(lock);
            }
        }
        Ok(vault)
    }

    fn path(&self, slot: &Slot) -> PathBuf {
        self.folder.join(format!("{}.{SEALED}", slot.stem()))
    }

    /// Every slot that left anything here: a sealed file, a lock, or only the draft of a first commit.
    fn traces(&self) -> Result<BTreeSet<Slot>, VaultError> {
        let mut slots = BTreeSet::new();
        for entry in fs::read_dir(&self.folder).map_err(VaultError::CannotWrite)? {
            let name = entry.map_err(VaultError::CannotWrite)?.file_name();
            let stem = name.to_str().and_then(|name| name.split_once('.')).map(|(stem, _)| stem);
            slots.extend(stem.and_then(Slot::from_stem));
        }
        Ok(slots)
    }

    /// Removes `SLOT.hold.<12 hex>`: drafts that a killed commit left behind.
    fn sweep(&self, slot: &Slot) {
        let sealed = self.path(slot);
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let stray = is_draft_of(&sealed, &entry.path());
            if stray && let Err(error) = fs::remove_file(entry.path()) {
                tracing::warn!(target: "vault", kind = ?error.kind(), "a stray draft could not be removed");
            }
        }
    }
}

impl<S: Snapshots> Vault for VaultFolder<S> {
    fn load(&self, slot: &Slot) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let path = self.path(slot);
        match fs::metadata(&path) {
            Ok(about) if !about.is_file() => {
                Err(VaultError::CannotWrite(io::Error::other("not a file stands there")))
            }
            Ok(_) => {
                let outcome = contain("open a file", || {
                    self.key.with(|key| self.snapshots.read(&path, key)).unwrap_or_else(without_key)
                });
                match outcome {
                    // Removed by somebody else in the meantime.
                    Err(_) if matches!(path.try_exists(), Ok(false)) => Ok(None),
                    outcome => outcome.map(Some),
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(VaultError::CannotWrite(error)),
        }
    }

    fn save(&self, slot: &Slot, bytes: &[u8]) -> Result<(), VaultError> {
        let path = self.path(slot);
        let outcome = contain("seal a file", || {
            self.key.with(|key| self.snapshots.write(&path, key, bytes)).unwrap_or_else(without_key)
        });
        if outcome.is_err() {
            // A draft left on a full disk would make the disk fuller at each try.
            self.sweep(slot);
        }
        outcome?;
        sync_folder(&self.folder).map_err(VaultError::CannotWrite)
    }

    fn remove(&self, slot: &Slot) -> Result<bool, VaultError> {
        match fs::remove_file(self.path(slot)) {
            Ok(()) => {
                sync_folder(&self.folder).map_err(VaultError::CannotWrite)?;
                // Whoever lets go of the lock of a slot that is gone takes the lock's file along.
                drop(self.lock(slot, Duration::ZERO));
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(VaultError::CannotWrite(error)),
        }
    }

    fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        let mut slots = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(VaultError::CannotWrite)? {
            let name = entry.map_err(VaultError::CannotWrite)?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(&format!(".{SEALED}")));
            slots.extend(stem.and_then(Slot::from_stem));
        }
        slots.sort();
        Ok(slots)
    }

    fn rest(&self) {
        self.key.rest();
    }

    fn lock(&self, slot: &Slot, patience: Duration) -> Result<SlotLock, VaultError> {
        lock::lock(&self.folder.join(format!("{}.lock", slot.stem())), &self.path(slot), patience)
    }
}

/// A key that is locked away comes back; one that is gone or changed does not.
fn without_key<T>(error: KeyError) -> Result<T, VaultError> {
    Err(match error {
        KeyError::Locked | KeyError::Unavailable(_) => VaultError::Locked,
        KeyError::Missing | KeyError::Invalidated => VaultError::WrongKey,
    })
}

/// A library that panics has failed, and nothing more.
fn contain<T>(
    doing: &'static str,
    work: impl FnOnce() -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(VaultError::Failed(doing)))
}

/// Whether a file is a commit's draft of this sealed one: its name, a dot and 12 hexadecimal digits.
fn is_draft_of(sealed: &Path, file: &Path) -> bool {
    let names = (sealed.file_name().and_then(|name| name.to_str()), file.file_name());
    let (Some(sealed), Some(file)) = (names.0, names.1.and_then(|name| name.to_str())) else {
        return false;
    };
    let suffix = file.strip_prefix(sealed).and_then(|rest| rest.strip_prefix('.'));
    suffix.is_some_and(|hex| hex.len() == 12 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Makes a folder that only its owner may look into, and closes it if it was open to others.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // On a read-only disk even a change to what it is already is refused.
        if fs::metadata(folder)?.permissions().mode() & 0o777 != 0o700 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}

/// Makes a rename in this folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests;

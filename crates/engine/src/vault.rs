//! The vault on disk: one sealed file a slot, committed durably, one writer at a time.
//!
//! How a file is sealed is the adapter's; where files lie, how they are locked and what is swept is told here once.

mod stronghold;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use crate::ports::{Slot, SlotLock, Vault, VaultError};

pub use stronghold::{Snapshots, StrongholdSnapshots, read_store, write_store};

/// The extension of a sealed file.
const SEALED: &str = "hold";

/// A folder of sealed files.
pub struct VaultFolder<S> {
    folder: PathBuf,
    key: Zeroizing<[u8; 32]>,
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
        let folder = folder.into();
        make_private_folder(&folder).map_err(VaultError::CannotWrite)?;
        let vault = Self { folder, key, snapshots };
        for slot in vault.slots()? {
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

    /// Removes `SLOT.hold.<12 hex>`: drafts that a killed commit left behind.
    fn sweep(&self, slot: &Slot) {
        let prefix = format!("{}.{SEALED}.", slot.stem());
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let stray =
                name.to_str().and_then(|name| name.strip_prefix(&prefix)).is_some_and(|rest| {
                    rest.len() == 12 && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
                });
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
            Ok(_) => self.snapshots.read(&path, &self.key).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(VaultError::CannotWrite(error)),
        }
    }

    fn save(&self, slot: &Slot, bytes: &[u8]) -> Result<(), VaultError> {
        let path = self.path(slot);
        let outcome = self.snapshots.write(&path, &self.key, bytes);
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
                let _ = fs::remove_file(self.folder.join(format!("{}.lock", slot.stem())));
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

    fn lock(&self, slot: &Slot, patience: Duration) -> Result<SlotLock, VaultError> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(self.folder.join(format!("{}.lock", slot.stem())))
            .map_err(VaultError::CannotWrite)?;
        let give_up_at = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(SlotLock(file)),
                Err(fs::TryLockError::WouldBlock) if Instant::now() < give_up_at => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(fs::TryLockError::WouldBlock) => return Err(VaultError::Busy),
                Err(fs::TryLockError::Error(error)) => return Err(VaultError::CannotWrite(error)),
            }
        }
    }
}

/// Makes a folder that only its owner may look into, and closes it if it was open to others.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Makes a rename in this folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use handrail_contract::place::SourceId;

    fn vault(folder: &Path, key: u8) -> VaultFolder<StrongholdSnapshots> {
        VaultFolder::open(folder, Zeroizing::new([key; 32]), StrongholdSnapshots::new()).unwrap()
    }

    fn slot(name: &str) -> Slot {
        Slot::connection(&SourceId(name.to_owned()))
    }

    #[test]
    fn what_was_sealed_is_found_again_by_another_process() {
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path(), 1).save(&slot("elm"), b"refresh-1").unwrap();
        vault(folder.path(), 1).save(&slot("elm"), b"refresh-2").unwrap();

        let opened = vault(folder.path(), 1).load(&slot("elm")).unwrap().unwrap();

        assert_eq!(&**opened, b"refresh-2");
        assert_eq!(vault(folder.path(), 1).load(&slot("oak")).unwrap(), None);
    }

    #[test]
    fn another_key_does_not_open_it_and_leaves_it_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path(), 1).save(&slot("elm"), b"refresh-1").unwrap();

        let outcome = vault(folder.path(), 2).load(&slot("elm"));

        assert!(matches!(outcome, Err(VaultError::WrongKey)), "{outcome:?}");
        assert!(vault(folder.path(), 1).load(&slot("elm")).unwrap().is_some());
    }

    #[test]
    fn a_file_cut_short_anywhere_is_damaged_and_never_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path(), 1);
        vault.save(&slot("elm"), b"refresh-1").unwrap();
        let path = folder.path().join("place-elm.hold");
        let whole = fs::read(&path).unwrap();

        for length in [0, 1, 7, 40, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..length]).unwrap();

            let outcome = vault.load(&slot("elm"));

            assert!(
                matches!(outcome, Err(VaultError::Damaged | VaultError::WrongKey)),
                "{length}: {outcome:?}"
            );
        }
    }

    #[test]
    fn drafts_of_a_killed_commit_are_swept_and_the_seal_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        vault(folder.path(), 1).save(&slot("elm"), b"refresh-1").unwrap();
        let stray = folder.path().join("place-elm.hold.0123456789ab");
        fs::write(&stray, b"half").unwrap();

        let vault = vault(folder.path(), 1);

        assert!(!stray.exists());
        assert_eq!(vault.slots().unwrap(), [slot("elm")]);
    }

    #[test]
    fn a_slot_that_is_locked_makes_others_wait_no_longer_than_they_want() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (vault(folder.path(), 1), vault(folder.path(), 1));
        let held = one.lock(&slot("elm"), Duration::ZERO).unwrap();

        let refused = two.lock(&slot("elm"), Duration::ZERO);
        drop(held);
        let taken = two.lock(&slot("elm"), Duration::ZERO);

        assert!(matches!(refused, Err(VaultError::Busy)));
        assert!(taken.is_ok());
    }

    #[test]
    fn of_two_that_remove_a_slot_one_is_told_that_it_did() {
        let folder = tempfile::tempdir().unwrap();
        let vault = vault(folder.path(), 1);
        vault.save(&slot("elm"), b"once").unwrap();

        let removed = [vault.remove(&slot("elm")).unwrap(), vault.remove(&slot("elm")).unwrap()];

        assert_eq!(removed, [true, false]);
    }

    #[cfg(unix)]
    #[test]
    fn others_cannot_look_into_the_folder() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();

        vault(&folder.path().join("vault"), 1);

        let mode = fs::metadata(folder.path().join("vault")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }
}

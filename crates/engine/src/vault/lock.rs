//! The kernel's lock on a slot: a file beside the sealed one, held with `flock` until its guard is dropped.
//!
//! The sealed file itself cannot carry the lock, because each commit puts another file in its place.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::ports::{SlotLock, VaultError};

/// How often a waiter asks again.
const PAUSE: Duration = Duration::from_millis(10);

/// Takes the lock whose file is `path`, and waits for it no longer than `patience`.
///
/// # Errors
/// Somebody else has it, or its file cannot be made.
pub fn lock(path: &Path, sealed: &Path, patience: Duration) -> Result<SlotLock, VaultError> {
    let give_up_at = Instant::now() + patience;
    let mut file = open_file(path).map_err(VaultError::CannotWrite)?;
    loop {
        match file.try_lock() {
            Ok(()) if is_gone(&file) => file = open_file(path).map_err(VaultError::CannotWrite)?,
            Ok(()) => {
                let (path, sealed) = (path.to_owned(), sealed.to_owned());
                return Ok(SlotLock::new(Held { path, sealed, _file: file }));
            }
            Err(fs::TryLockError::WouldBlock) if Instant::now() < give_up_at => {
                std::thread::sleep(PAUSE);
            }
            Err(fs::TryLockError::WouldBlock) => return Err(VaultError::Busy),
            Err(fs::TryLockError::Error(error)) => return Err(VaultError::CannotWrite(error)),
        }
    }
}

/// A lock that is held. The file is closed, and with that let go, after `drop` has run.
struct Held {
    path: PathBuf,
    sealed: PathBuf,
    _file: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        // Elsewhere a waiter could not tell that the file it waits for is gone, so there it stays.
        if cfg!(unix) && matches!(self.sealed.try_exists(), Ok(false)) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Whether the last holder took the file away: who locks it then locks nothing that others see.
fn is_gone(file: &File) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        file.metadata().is_ok_and(|about| about.nlink() == 0)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        false
    }
}

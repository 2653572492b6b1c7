//! The two keys of a data folder: where they are looked for, and the one time that each is made.
//!
//! In: the folder, the shell's wish. Out: both keys, or why not; and `keys.json`, the note of where they are.
//! Never: a fresh key in the place of one that is gone, away or altered.

mod file;
mod device;
#[cfg(any(test, feature = "testing"))]
pub mod memory;
#[cfg(target_os = "linux")]
mod secret_service;
mod start_over;
#[cfg(any(test, feature = "testing"))]
pub mod suite;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::Path,
    sync::Arc,
    time::Duration,
};

use handrail_core::vault::keys::{KeyMark, KeyName, KeyPlace, KeyStep, Keys, Traces};
use zeroize::Zeroizing;

use crate::{
    ports::{DeviceStore, Entropy, Key, KeyError, KeySource, SlotLock, VaultError},
    vault::{SEALED, lock},
};

pub use device::DeviceKeys;
pub use file::KeyFile;
#[cfg(target_os = "linux")]
pub use secret_service::SecretService;
pub use start_over::{StartOverError, start_over, start_over_on_device};

/// The note's name in the data folder.
const MARK: &str = "keys.json";
/// Longer than a whole opening by another process, each of whose calls is bounded.
const PATIENCE: Duration = Duration::from_secs(30);

/// Both keys of a data folder, and where they are.
pub struct OpenedKeys {
    pub place: KeyPlace,
    pub vault: Key,
    pub records: Key,
}

/// The places of this machine.
pub trait Places {
    /// The safe place for the keys of a new folder, if this machine has one.
    fn find_safest(&self) -> Option<KeyPlace>;
    /// One of the places, for this folder.
    fn open(
        &self,
        place: KeyPlace,
        data: &Path,
        folder: &str,
    ) -> Result<Box<dyn KeySource>, KeyError>;
}

/// The real ones.
#[derive(Clone, Default)]
pub struct Machine {
    /// A phone has one, and then no other place.
    store: Option<Arc<dyn DeviceStore>>,
}

impl Machine {
    /// A phone, which keeps its keys in this store.
    pub fn with_store(store: Arc<dyn DeviceStore>) -> Self {
        Self { store: Some(store) }
    }
}

impl Places for Machine {
    fn find_safest(&self) -> Option<KeyPlace> {
        if self.store.is_some() {
            return Some(KeyPlace::Device);
        }
        #[cfg(target_os = "linux")]
        return SecretService::answers().then_some(KeyPlace::SecretService);
        #[cfg(not(target_os = "linux"))]
        return None;
    }

    fn open(
        &self,
        place: KeyPlace,
        data: &Path,
        folder: &str,
    ) -> Result<Box<dyn KeySource>, KeyError> {
        match place {
            KeyPlace::Device => match &self.store {
                Some(store) => Ok(Box::new(DeviceKeys::new(store.clone(), folder))),
                None => Err(unavailable("the keys are in a phone's own store")),
            },
            KeyPlace::KeyFile => Ok(Box::new(KeyFile::new(data))),
            #[cfg(target_os = "linux")]
            KeyPlace::SecretService => Ok(Box::new(SecretService::new(folder))),
            #[cfg(not(target_os = "linux"))]
            KeyPlace::SecretService => {
                Err(unavailable("the keys are in the keyring of another system"))
            }
        }
    }
}

/// Finds the keys of a data folder in these places, and makes them the first time.
///
/// # Errors
/// A key is gone, altered or locked, or there is no place for keys. Nothing was made or changed then.
pub fn open_with(
    data: &Path,
    wish: Keys,
    entropy: &dyn Entropy,
    places: &dyn Places,
) -> Result<OpenedKeys, KeyError> {
    // Where both keys were made there is nothing left to decide, to write or to wait for.
    if let Some(mark) = read_mark(data)?.filter(KeyMark::is_whole) {
        let traces = Traces { mark: Some(mark.clone()), ..Traces::default() };
        let source = places.open(mark.place, data, &mark.folder)?;
        let mut opening = Opening { data, entropy, source: &*source, traces, mark };
        return opening.run();
    }
    let _alone = lock_keys(data)?;
    file::sweep(data);
    let traces = find_traces(data)?;
    let place = traces.choose_place(wish, || places.find_safest()).ok_or(KeyError::Missing)?;
    let mark = traces.mark.clone().unwrap_or_else(|| {
        let mut folder = [0; 16];
        entropy.fill(&mut folder);
        KeyMark::new(place, format!("{:032x}", u128::from_ne_bytes(folder)))
    });
    let source = places.open(place, data, &mark.folder)?;
    Opening { data, entropy, source: &*source, traces, mark }.run()
}

/// One process at a time makes the keys of a folder, or sets them aside.
fn lock_keys(data: &Path) -> Result<SlotLock, KeyError> {
    lock(&data.join("keys.lock"), &data.join(MARK), PATIENCE).map_err(|error| match error {
        VaultError::CannotWrite(error) => KeyError::Unavailable(error),
        _ => KeyError::Unavailable(ErrorKind::WouldBlock.into()),
    })
}

/// One opening: what was seen before it, and the note as it grows.
struct Opening<'a> {
    data: &'a Path,
    entropy: &'a dyn Entropy,
    source: &'a dyn KeySource,
    traces: Traces,
    mark: KeyMark,
}

impl Opening<'_> {
    fn run(&mut self) -> Result<OpenedKeys, KeyError> {
        let vault = self.open(KeyName::Vault)?;
        let records = self.open(KeyName::Records)?;
        Ok(OpenedKeys { place: self.mark.place, vault, records })
    }

    fn open(&mut self, name: KeyName) -> Result<Key, KeyError> {
        let found = self.source.find(name)?;
        let key = match (self.traces.judge(name, found.is_some()), found) {
            (KeyStep::Use, Some(key)) => key,
            (KeyStep::Make, _) => self.make(name)?,
            (KeyStep::GiveUp | KeyStep::Use, _) => return Err(KeyError::Missing),
        };
        if !self.mark.made.contains(&name) {
            self.mark.note(name);
            // Before anything is sealed with it: from then on its absence is a loss.
            write_whole(self.data, MARK, &self.mark.write()).map_err(KeyError::Unavailable)?;
        }
        Ok(key)
    }

    fn make(&self, name: KeyName) -> Result<Key, KeyError> {
        let mut key = Zeroizing::new([0; 32]);
        self.entropy.fill(&mut *key);
        self.source.keep(name, &key)?;
        // What is used is what the place gives back, so that a place that keeps nothing shows now.
        let kept = self.source.find(name)?;
        kept.ok_or_else(|| unavailable("a key was kept and not found again"))
    }
}

fn read_mark(data: &Path) -> Result<Option<KeyMark>, KeyError> {
    match fs::read(data.join(MARK)) {
        Ok(bytes) => KeyMark::read(&bytes)
            .map(Some)
            .map_err(|error| KeyError::Unavailable(io::Error::new(ErrorKind::InvalidData, error))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::Unavailable(error)),
    }
}

fn find_traces(data: &Path) -> Result<Traces, KeyError> {
    let there = |name: &str| data.join(name).try_exists().map_err(KeyError::Unavailable);
    let mut sealed = Vec::new();
    if has_sealed_files(&data.join("vault")).map_err(KeyError::Unavailable)? {
        sealed.push(KeyName::Vault);
    }
    if there("records.db")? {
        sealed.push(KeyName::Records);
    }
    let mut key_files = false;
    for name in KeyName::ALL {
        key_files |= there(&file::name_of(name))?;
    }
    Ok(Traces { mark: read_mark(data)?, key_files, sealed })
}

fn has_sealed_files(vault: &Path) -> io::Result<bool> {
    let entries = match fs::read_dir(vault) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        entries => entries?,
    };
    for entry in entries {
        if entry?.path().extension().is_some_and(|extension| extension == SEALED) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Replaces a file of the folder whole: a reader sees the old one or the new one.
pub(crate) fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let draft = folder.join(format!("{name}.draft"));
    let written = write_private(&draft, bytes, OpenOptions::new().create(true).truncate(true));
    written.and_then(|()| fs::rename(&draft, folder.join(name)))?;
    sync_folder(folder)
}

/// Writes a file that only its owner may read, down to the disk.
fn write_private(path: &Path, bytes: &[u8], options: &mut OpenOptions) -> io::Result<()> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    let mut file = options.write(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn unavailable(why: &'static str) -> KeyError {
    KeyError::Unavailable(io::Error::other(why))
}

#[cfg(test)]
mod tests;

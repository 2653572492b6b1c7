//! Sealing with Stronghold's readable store: an age file (scrypt, ChaCha20-Poly1305) under a random 256-bit key.
//!
//! The work factor is 0 and the key is never derived from anything a person types: stretching a random key adds
//! nothing but seconds and half a gigabyte of memory.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
    sync::Once,
};

use iota_stronghold::{
    ClientError, KeyProvider, SnapshotPath, Stronghold,
    engine::snapshot::{MAGIC, VERSION},
};
use zeroize::Zeroizing;

use super::Snapshots;
use crate::ports::VaultError;

const CLIENT: &[u8] = b"handrail";
const ENTRY: &[u8] = b"slot";

/// Stronghold itself, without any shell.
#[derive(Clone, Copy, Debug)]
pub struct StrongholdSnapshots(());

impl StrongholdSnapshots {
    /// Sets the process-wide work factor, once.
    pub fn new() -> Self {
        set_work_factor();
        Self(())
    }
}

impl Default for StrongholdSnapshots {
    fn default() -> Self {
        Self::new()
    }
}

impl Snapshots for StrongholdSnapshots {
    fn read(&self, path: &Path, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if is_newer(path) {
            return Err(VaultError::Newer);
        }
        match open_file(path, key) {
            // The library takes a disk that refuses for a damaged file. So the disk is asked, and the file once more.
            Err(VaultError::Damaged) => {
                fs::read(path).map_err(VaultError::CannotWrite)?;
                open_file(path, key)
            }
            outcome => outcome,
        }
    }

    fn write(&self, path: &Path, key: &[u8; 32], bytes: &[u8]) -> Result<(), VaultError> {
        let stronghold = Stronghold::default();
        write_store(&stronghold, bytes)?;
        stronghold
            .commit_with_keyprovider(&SnapshotPath::from_path(path), &key_provider(key)?)
            .map_err(|error| explain(&error, "seal a file"))
    }
}

fn open_file(path: &Path, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let stronghold = Stronghold::default();
    stronghold
        .load_snapshot(&key_provider(key)?, &SnapshotPath::from_path(path))
        .map_err(|error| explain(&error, "open a file"))?;
    read_store(&stronghold)
}

/// Takes the slot's bytes out of an opened Stronghold.
///
/// # Errors
/// The file was opened, yet does not hold what we write.
pub fn read_store(stronghold: &Stronghold) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let client = stronghold.load_client(CLIENT).map_err(|_| VaultError::Damaged)?;
    let bytes = client.store().get(ENTRY).map_err(|error| explain(&error, "read a file"))?;
    bytes.map(Zeroizing::new).ok_or(VaultError::Damaged)
}

/// Puts the slot's bytes into a new Stronghold, ready to be committed.
///
/// # Errors
/// The library failed.
pub fn write_store(stronghold: &Stronghold, bytes: &[u8]) -> Result<(), VaultError> {
    let client =
        stronghold.create_client(CLIENT).map_err(|error| explain(&error, "fill a file"))?;
    client
        .store()
        .insert(ENTRY.to_vec(), bytes.to_vec(), None)
        .map_err(|error| explain(&error, "fill a file"))?;
    Ok(())
}

/// Only ever with a key of 256 random bits (the engine's own documentation allows it for such keys).
pub(crate) fn set_work_factor() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        iota_stronghold::engine::snapshot::try_set_encrypt_work_factor(0)
            .expect("0 is within age's range of work factors");
    });
}

fn key_provider(key: &[u8; 32]) -> Result<KeyProvider, VaultError> {
    KeyProvider::try_from(Zeroizing::new(key.to_vec()))
        .map_err(|_| VaultError::Failed("guard a key"))
}

/// The file starts with `PARTI` and two bytes of version, which the library only compares with its own.
fn is_newer(path: &Path) -> bool {
    let mut start = [0; MAGIC.len() + VERSION.len()];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start[..MAGIC.len()] == MAGIC && start[MAGIC.len()..] > VERSION[..]
}

/// Stronghold tells its errors apart by text only.
fn explain(error: &ClientError, doing: &'static str) -> VaultError {
    let text = error.to_string();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["BadFileKey", "bad file key", "DecryptError", "Decrypt"]) {
        VaultError::WrongKey
    } else if has(&["os error"]) {
        VaultError::CannotWrite(io::Error::other("the disk refused"))
    } else if doing == "open a file" {
        VaultError::Damaged
    } else {
        VaultError::Failed(doing)
    }
}

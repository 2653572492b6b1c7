//! What every place for keys has to bear, told once.
//!
//! In: a place, and ways to spoil it. Out: nothing, or the panic of an assertion.
//! Never: an assertion about how a key is kept; that is the adapter's own test.

#![allow(clippy::unwrap_used, reason = "tests, made for other crates too")]

use handrail_core::vault::keys::KeyName;
use zeroize::Zeroizing;

use crate::ports::{KeyError, KeySource};

/// One of two data folders that share a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    Ours,
    Another,
}

/// A place for keys, empty at first, and what somebody may do to it.
pub trait Trial {
    /// Opens the place for a data folder, as a new process would.
    fn open(&self, folder: Folder) -> Box<dyn KeySource>;
    /// Takes a key away.
    fn remove(&self, folder: Folder, name: KeyName);
    /// Puts other bytes in a key's place.
    fn alter(&self, folder: Folder, name: KeyName, bytes: &[u8]);
}

/// A place that can be locked.
pub trait Locks: Trial {
    fn lock(&self);
    fn unlock(&self);
}

/// What was kept is found by whoever opens the place later; where nothing was kept, nothing is found.
pub fn finds_again_what_was_kept(trial: &impl Trial) {
    let before = trial.open(Folder::Ours).find(KeyName::Vault);
    assert!(matches!(before, Ok(None)));

    trial.open(Folder::Ours).keep(KeyName::Vault, &key(7)).unwrap();

    assert_eq!(find(trial, Folder::Ours, KeyName::Vault), Some(key(7)));
}

/// Two names and two folders are four keys.
pub fn keeps_names_and_folders_apart(trial: &impl Trial) {
    let all = || {
        [Folder::Ours, Folder::Another]
            .into_iter()
            .flat_map(|folder| KeyName::ALL.map(|name| (folder, name)))
            .zip(1..)
    };

    for ((folder, name), seed) in all() {
        assert_eq!(find(trial, folder, name), None, "{folder:?} {name:?}");
        trial.open(folder).keep(name, &key(seed)).unwrap();
    }

    for ((folder, name), seed) in all() {
        assert_eq!(find(trial, folder, name), Some(key(seed)), "{folder:?} {name:?}");
    }
}

/// A key that is there stands, whatever else is to be kept under its name.
pub fn never_replaces_a_key(trial: &impl Trial) {
    let place = trial.open(Folder::Ours);
    place.keep(KeyName::Vault, &key(7)).unwrap();

    // Whether the place says so is its own matter.
    let _ = place.keep(KeyName::Vault, &key(9));

    assert_eq!(find(trial, Folder::Ours, KeyName::Vault), Some(key(7)));
}

/// Nothing there, and something else there, are two answers.
pub fn tells_gone_from_altered(trial: &impl Trial) {
    for bytes in [&b"short"[..], &[7; 31], &[7; 33], b""] {
        trial.open(Folder::Ours).keep(KeyName::Vault, &key(7)).unwrap();

        trial.alter(Folder::Ours, KeyName::Vault, bytes);
        let altered = trial.open(Folder::Ours).find(KeyName::Vault);
        trial.remove(Folder::Ours, KeyName::Vault);
        let gone = trial.open(Folder::Ours).find(KeyName::Vault);

        assert!(matches!(altered, Err(KeyError::Invalidated)), "{} bytes", bytes.len());
        assert!(matches!(gone, Ok(None)), "{} bytes", bytes.len());
    }
}

/// A locked place gives nothing, takes nothing, and says so; unlocked, it has what it had.
pub fn is_locked_and_opens_again(trial: &impl Locks) {
    trial.open(Folder::Ours).keep(KeyName::Vault, &key(7)).unwrap();

    trial.lock();
    let there = trial.open(Folder::Ours).find(KeyName::Vault);
    let not_there = trial.open(Folder::Ours).find(KeyName::Records);
    let kept = trial.open(Folder::Ours).keep(KeyName::Records, &key(9));
    trial.unlock();

    assert!(matches!(there, Err(KeyError::Locked)), "{there:?}");
    assert!(matches!(not_there, Err(KeyError::Locked)), "{not_there:?}");
    assert!(matches!(kept, Err(KeyError::Locked)), "{kept:?}");
    assert_eq!(find(trial, Folder::Ours, KeyName::Vault), Some(key(7)));
    assert_eq!(find(trial, Folder::Ours, KeyName::Records), None);
}

fn find(trial: &impl Trial, folder: Folder, name: KeyName) -> Option<Zeroizing<[u8; 32]>> {
    trial.open(folder).find(name).unwrap()
}

fn key(seed: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new([seed; 32])
}

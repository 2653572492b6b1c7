//! Keys in memory, for tests: gone with the value, and spoilt at will.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use handrail_core::vault::keys::KeyName;
use zeroize::Zeroizing;

use crate::ports::{Key, KeyError, KeySource};

/// A keyring in memory. Clones are the same keyring.
#[derive(Clone, Default)]
pub struct MemoryRing(Arc<Mutex<Ring>>);

#[derive(Default)]
struct Ring {
    items: Vec<(String, KeyName, Vec<u8>)>,
    state: RingState,
}

/// How a keyring stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RingState {
    #[default]
    Open,
    Locked,
    /// Nobody answers.
    Away,
}

impl MemoryRing {
    /// The keys of one data folder in this keyring.
    pub fn keys(&self, folder: &str) -> MemoryKeys {
        MemoryKeys { ring: self.clone(), folder: folder.to_owned() }
    }

    pub fn set_state(&self, state: RingState) {
        self.ring().state = state;
    }

    pub fn state(&self) -> RingState {
        self.ring().state
    }

    /// Takes away what is kept under a name, in whatever folder.
    pub fn remove(&self, name: KeyName) {
        self.ring().items.retain(|(_, other, _)| *other != name);
    }

    /// Puts other bytes in the place of what is kept under a name, in whatever folder.
    pub fn alter(&self, name: KeyName, bytes: &[u8]) {
        for (_, other, kept) in &mut self.ring().items {
            if *other == name {
                bytes.clone_into(kept);
            }
        }
    }

    /// How many keys are kept.
    pub fn count(&self) -> usize {
        self.ring().items.len()
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The keys of one data folder in memory.
pub struct MemoryKeys {
    ring: MemoryRing,
    folder: String,
}

impl MemoryKeys {
    fn open(&self) -> Result<MutexGuard<'_, Ring>, KeyError> {
        let ring = self.ring.ring();
        match ring.state {
            RingState::Open => Ok(ring),
            RingState::Locked => Err(KeyError::Locked),
            RingState::Away => Err(super::unavailable("nobody answers")),
        }
    }
}

impl KeySource for MemoryKeys {
    fn find(&self, name: KeyName) -> Result<Option<Key>, KeyError> {
        let ring = self.open()?;
        let mut items = ring.items.iter();
        let Some((_, _, kept)) = items.find(|item| item.0 == self.folder && item.1 == name) else {
            return Ok(None);
        };
        let key = <[u8; 32]>::try_from(kept.as_slice()).map_err(|_| KeyError::Invalidated)?;
        Ok(Some(Zeroizing::new(key)))
    }

    fn keep(&self, name: KeyName, key: &Key) -> Result<(), KeyError> {
        if self.find(name)?.is_none() {
            self.open()?.items.push((self.folder.clone(), name, key.to_vec()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::suite::{self, Folder, Locks, Trial};

    impl Trial for MemoryRing {
        fn open(&self, folder: Folder) -> Box<dyn KeySource> {
            Box::new(self.keys(&format!("{folder:?}")))
        }

        fn remove(&self, _: Folder, name: KeyName) {
            Self::remove(self, name);
        }

        fn alter(&self, _: Folder, name: KeyName, bytes: &[u8]) {
            Self::alter(self, name, bytes);
        }
    }

    impl Locks for MemoryRing {
        fn lock(&self) {
            self.set_state(RingState::Locked);
        }

        fn unlock(&self) {
            self.set_state(RingState::Open);
        }
    }

    #[test]
    fn a_key_in_memory_bears_what_every_key_has_to_bear() {
        suite::finds_again_what_was_kept(&MemoryRing::default());
        suite::keeps_names_and_folders_apart(&MemoryRing::default());
        suite::never_replaces_a_key(&MemoryRing::default());
        suite::tells_gone_from_altered(&MemoryRing::default());
        suite::is_locked_and_opens_again(&MemoryRing::default());
    }
}

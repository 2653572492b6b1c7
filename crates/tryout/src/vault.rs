//! The [`Vault`] port in memory: nothing is sealed, because nothing is worth it, and all is gone with the tryout.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use handrail_engine::ports::{Slot, SlotLock, Vault, VaultError};
use zeroize::Zeroizing;

/// Slots in memory.
#[derive(Default)]
pub struct MemoryVault {
    slots: Mutex<BTreeMap<Slot, Zeroizing<Vec<u8>>>>,
    locks: Arc<Locks>,
}

/// Which slots are locked, and a bell for whoever waits for one.
#[derive(Default)]
struct Locks {
    held: Mutex<BTreeSet<Slot>>,
    freed: Condvar,
}

/// Lets a slot go when dropped.
struct Held {
    locks: Arc<Locks>,
    slot: Slot,
}

impl Drop for Held {
    fn drop(&mut self) {
        locked(&self.locks.held).remove(&self.slot);
        self.locks.freed.notify_all();
    }
}

impl Vault for MemoryVault {
    fn load(&self, slot: &Slot) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        Ok(locked(&self.slots).get(slot).cloned())
    }

    fn save(&self, slot: &Slot, bytes: &[u8]) -> Result<(), VaultError> {
        locked(&self.slots).insert(slot.clone(), Zeroizing::new(bytes.to_vec()));
        Ok(())
    }

    fn remove(&self, slot: &Slot) -> Result<bool, VaultError> {
        Ok(locked(&self.slots).remove(slot).is_some())
    }

    fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        Ok(locked(&self.slots).keys().cloned().collect())
    }

    fn lock(&self, slot: &Slot, patience: Duration) -> Result<SlotLock, VaultError> {
        let held = locked(&self.locks.held);
        let waited =
            self.locks.freed.wait_timeout_while(held, patience, |held| held.contains(slot));
        let (mut held, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if !held.insert(slot.clone()) {
            return Err(VaultError::Busy);
        }
        Ok(SlotLock::new(Held { locks: self.locks.clone(), slot: slot.clone() }))
    }
}

/// The sets under these locks are whole between statements.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use handrail_contract::place::SourceId;

    use super::*;

    fn slot(name: &str) -> Slot {
        Slot::connection(&SourceId(name.to_owned()))
    }

    #[test]
    fn what_was_saved_is_found_until_it_is_removed_once() {
        let vault = MemoryVault::default();
        vault.save(&slot("elm"), b"first").unwrap();
        vault.save(&slot("elm"), b"second").unwrap();

        assert_eq!(vault.load(&slot("elm")).unwrap().as_deref(), Some(&b"second".to_vec()));
        assert_eq!(vault.slots().unwrap(), [slot("elm")]);
        assert!(vault.remove(&slot("elm")).unwrap());
        assert!(!vault.remove(&slot("elm")).unwrap());
        assert_eq!(vault.load(&slot("elm")).unwrap(), None);
    }

    #[test]
    fn a_slot_is_one_holders_until_it_is_let_go() {
        let vault = MemoryVault::default();
        let first = vault.lock(&slot("elm"), Duration::ZERO).unwrap();

        let second = vault.lock(&slot("elm"), Duration::ZERO);
        let other = vault.lock(&slot("oak"), Duration::ZERO);

        assert!(matches!(second, Err(VaultError::Busy)));
        assert!(other.is_ok());
        drop(first);
        assert!(vault.lock(&slot("elm"), Duration::ZERO).is_ok());
    }
}

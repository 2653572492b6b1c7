//! A key that is held while there is work, let go when there is none, and asked for again.
//!
//! It lies on the heap alone, in one place, and is wiped there when the last who works with it is done.

use std::sync::{Arc, Mutex, PoisonError};

use zeroize::{Zeroize as _, Zeroizing};

use crate::ports::KeyError;

type Find = Box<dyn Fn() -> Result<Zeroizing<[u8; 32]>, KeyError> + Send + Sync>;

/// A key, and who to ask for it.
pub struct HeldKey {
    held: Mutex<Option<Arc<Zeroizing<[u8; 32]>>>>,
    find: Option<Find>,
}

impl HeldKey {
    /// A key that is held for good: nobody knows where to ask for it again.
    pub fn for_good(key: Zeroizing<[u8; 32]>) -> Self {
        Self { held: Mutex::new(Some(Arc::new(key))), find: None }
    }

    /// A key that can be asked for again.
    pub fn until_rest(
        key: Zeroizing<[u8; 32]>,
        find: impl Fn() -> Result<Zeroizing<[u8; 32]>, KeyError> + Send + Sync + 'static,
    ) -> Self {
        Self { find: Some(Box::new(find)), ..Self::for_good(key) }
    }

    /// Works with the key.
    ///
    /// # Errors
    /// It was let go, and where it lives does not give it out right now.
    pub fn with<T>(&self, work: impl FnOnce(&[u8; 32]) -> T) -> Result<T, KeyError> {
        let key = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            match (&*held, &self.find) {
                (Some(key), _) => key.clone(),
                (None, Some(find)) => {
                    let found = find();
                    wipe_stack();
                    held.insert(Arc::new(found?)).clone()
                }
                (None, None) => return Err(KeyError::Locked),
            }
        };
        Ok(work(&key))
    }

    /// Lets the key go, if it can be asked for again.
    pub fn rest(&self) {
        if self.find.is_some() {
            *self.held.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Overwrites what the calls before this one left on the stack: a key that was passed by value left copies there.
#[inline(never)]
pub(crate) fn wipe_stack() {
    let mut space = [0_u8; 256 * 1024];
    space.zeroize();
    std::hint::black_box(&mut space);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_let_go_is_asked_for_again_and_a_locked_one_says_so() {
        let answers = Mutex::new(vec![Err(KeyError::Locked), Ok(Zeroizing::new([2; 32]))]);
        let find = move || answers.lock().unwrap().pop().unwrap();
        let key = HeldKey::until_rest(Zeroizing::new([1; 32]), find);

        let before = key.with(|key| key[0]);
        key.rest();
        let after = key.with(|key| key[0]);
        key.rest();
        let locked = key.with(|key| key[0]);

        assert_eq!((before.unwrap(), after.unwrap()), (1, 2));
        assert!(matches!(locked, Err(KeyError::Locked)));
    }

    #[test]
    fn a_key_that_nobody_can_give_again_is_kept() {
        let key = HeldKey::for_good(Zeroizing::new([1; 32]));

        key.rest();

        assert_eq!(key.with(|key| key[0]).unwrap(), 1);
    }
}

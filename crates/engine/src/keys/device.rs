//! Keys in a phone's own store, which its shell brings: the Android Keystore, the iOS Keychain.

use std::sync::Arc;

use handrail_core::vault::keys::KeyName;

use crate::ports::{DeviceStore, Key, KeyError, KeySource};

/// The keys of one data folder in the store.
pub struct DeviceKeys {
    store: Arc<dyn DeviceStore>,
    folder: String,
}

impl DeviceKeys {
    /// The keys of the folder that calls itself this.
    pub fn new(store: Arc<dyn DeviceStore>, folder: impl Into<String>) -> Self {
        Self { store, folder: folder.into() }
    }

    fn name(&self, name: KeyName) -> String {
        format!("{}-{}", self.folder, name.word())
    }
}

impl KeySource for DeviceKeys {
    fn find(&self, name: KeyName) -> Result<Option<Key>, KeyError> {
        self.store.find(&self.name(name))
    }

    fn keep(&self, name: KeyName, key: &Key) -> Result<(), KeyError> {
        self.store.keep(&self.name(name), key)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::HashMap,
        sync::{Mutex, PoisonError},
    };

    use zeroize::Zeroizing;

    use super::*;
    use crate::keys::{
        Machine, open_with,
        suite::{self, Folder, Trial},
    };

    /// A phone's store, as its two sides behave.
    #[derive(Default)]
    struct Phone(Mutex<HashMap<String, Vec<u8>>>);

    impl DeviceStore for Phone {
        fn find(&self, name: &str) -> Result<Option<Key>, KeyError> {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let key = kept.get(name).map(|bytes| <[u8; 32]>::try_from(bytes.as_slice()));
            key.transpose().map(|key| key.map(Zeroizing::new)).map_err(|_| KeyError::Invalidated)
        }

        fn keep(&self, name: &str, key: &Key) -> Result<(), KeyError> {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.entry(name.to_owned()).or_insert_with(|| key.to_vec());
            Ok(())
        }
    }

    #[derive(Default)]
    struct Try(Arc<Phone>);

    impl Try {
        fn keys(&self, folder: Folder) -> DeviceKeys {
            DeviceKeys::new(self.0.clone(), format!("{folder:?}"))
        }
    }

    impl Trial for Try {
        fn open(&self, folder: Folder) -> Box<dyn KeySource> {
            Box::new(self.keys(folder))
        }

        fn remove(&self, folder: Folder, name: KeyName) {
            self.0.0.lock().unwrap().remove(&self.keys(folder).name(name));
        }

        fn alter(&self, folder: Folder, name: KeyName, bytes: &[u8]) {
            self.0.0.lock().unwrap().insert(self.keys(folder).name(name), bytes.to_vec());
        }
    }

    #[test]
    fn a_phones_store_passes_the_suite() {
        suite::finds_again_what_was_kept(&Try::default());
        suite::keeps_names_and_folders_apart(&Try::default());
        suite::never_replaces_a_key(&Try::default());
        suite::tells_gone_from_altered(&Try::default());
    }

    #[test]
    fn a_phone_keeps_its_keys_in_its_own_store_and_leaves_no_key_file() {
        let (data, phone) = (tempfile::tempdir().unwrap(), Arc::new(Phone::default()));
        let machine = Machine::with_store(phone.clone());
        let open = || {
            open_with(data.path(), super::super::Keys::Best, &crate::OsEntropy, &machine).unwrap()
        };

        let (first, again) = (open(), open());

        assert_eq!(first.vault, again.vault);
        assert_eq!(phone.0.lock().unwrap().len(), 2);
        let files: Vec<_> = std::fs::read_dir(data.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".key"))
            .collect();
        assert_eq!(files, [""; 0]);
    }
}

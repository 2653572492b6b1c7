//! Sealed files through tauri-plugin-stronghold, called from Rust and never registered: no page can reach it.
//!
//! The file is the engine's own format, so the headless shell and the window read each other's.

use std::path::Path;

use handrail_engine::{
    ports::VaultError,
    vault::{Snapshots, StrongholdSnapshots, read_store, write_store},
};
use tauri_plugin_stronghold::stronghold::Stronghold;
use zeroize::Zeroizing;

/// Stronghold as the plugin wraps it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PluginSnapshots {
    /// Sets the process-wide work factor when it is made, and names what went wrong.
    plain: StrongholdSnapshots,
}

impl Snapshots for PluginSnapshots {
    fn read(&self, path: &Path, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        match Stronghold::new(path, key.to_vec()) {
            Ok(stronghold) => read_store(&stronghold),
            Err(_) => self.plain.read(path, key),
        }
    }

    fn write(&self, path: &Path, key: &[u8; 32], bytes: &[u8]) -> Result<(), VaultError> {
        // The plugin opens what is there first; what does not open is replaced all the same, as the port has it.
        let Ok(stronghold) = Stronghold::new(path, key.to_vec()) else {
            return self.plain.write(path, key, bytes);
        };
        write_store(&stronghold, bytes)?;
        stronghold.save().or_else(|_| self.plain.write(path, key, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn what_one_shell_seals_the_other_opens() {
        let folder = tempfile::tempdir().unwrap();
        let (by_plugin, by_engine) = (folder.path().join("a.hold"), folder.path().join("b.hold"));
        let (plugin, engine) = (PluginSnapshots::default(), StrongholdSnapshots::new());

        plugin.write(&by_plugin, &KEY, b"one").unwrap();
        engine.write(&by_engine, &KEY, b"two").unwrap();

        assert_eq!(*engine.read(&by_plugin, &KEY).unwrap(), b"one");
        assert_eq!(*plugin.read(&by_engine, &KEY).unwrap(), b"two");
    }

    #[test]
    fn a_second_commit_replaces_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.hold");
        let plugin = PluginSnapshots::default();

        plugin.write(&path, &KEY, b"first").unwrap();
        plugin.write(&path, &KEY, b"second").unwrap();

        assert_eq!(*plugin.read(&path, &KEY).unwrap(), b"second");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_wrong_key_and_a_damaged_file_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let (sealed, torn) = (folder.path().join("a.hold"), folder.path().join("b.hold"));
        let plugin = PluginSnapshots::default();
        plugin.write(&sealed, &KEY, b"tokens").unwrap();
        let whole = std::fs::read(&sealed).unwrap();
        std::fs::write(&torn, &whole[..whole.len() / 2]).unwrap();

        let wrong_key = plugin.read(&sealed, &[9; 32]);
        let damaged = plugin.read(&torn, &KEY);

        assert!(matches!(wrong_key, Err(VaultError::WrongKey)), "{wrong_key:?}");
        assert!(matches!(damaged, Err(VaultError::Damaged)), "{damaged:?}");
    }
}

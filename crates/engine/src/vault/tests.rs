use super::*;
use crate::ports::Slot;
use handrail_contract::place::SourceId;

mod stronghold {
    use crate::vault::{StrongholdSnapshots, suite::Trial};

    /// Opening an age file takes milliseconds, so of each byte one bit is flipped, each time another.
    const TRIAL: Trial<StrongholdSnapshots> = Trial {
        make: StrongholdSnapshots::new,
        tells_damage_from_key: false,
        make_newer: |file| file[5] += 1,
        bits: 1,
    };

    crate::bear_the_vault_suite!(TRIAL);
}

mod xchacha {
    use sha2::Digest as _;

    use crate::vault::{XChaChaSnapshots, suite::Trial};

    const TRIAL: Trial<XChaChaSnapshots> = Trial {
        make: || XChaChaSnapshots,
        tells_damage_from_key: true,
        make_newer: |file| {
            file[9] += 1;
            let sum = sha2::Sha256::digest(&file[..10]);
            file[10..14].copy_from_slice(&sum[..4]);
        },
        bits: 8,
    };

    crate::bear_the_vault_suite!(TRIAL);
}

#[test]
fn a_library_that_panics_has_failed_and_nothing_more() {
    struct Panics;
    impl Snapshots for Panics {
        fn read(&self, _: &Path, _: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
            panic!("as libraries do")
        }
        fn write(&self, _: &Path, _: &[u8; 32], _: &[u8]) -> Result<(), VaultError> {
            panic!("as libraries do")
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let slot = Slot::connection(&SourceId("elm".to_owned()));
    let vault = VaultFolder::open(folder.path(), Zeroizing::new([1; 32]), Panics).unwrap();
    fs::write(folder.path().join("place-elm.hold"), b"").unwrap();

    let (opened, sealed) = (vault.load(&slot), vault.save(&slot, b"refresh-1"));

    assert!(matches!(opened, Err(VaultError::Failed("open a file"))), "{opened:?}");
    assert!(matches!(sealed, Err(VaultError::Failed("seal a file"))), "{sealed:?}");
}

#[cfg(unix)]
#[test]
fn others_cannot_look_into_the_folder() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("vault");
    fs::create_dir(&inside).unwrap();
    fs::set_permissions(&inside, fs::Permissions::from_mode(0o755)).unwrap();

    VaultFolder::open(&inside, Zeroizing::new([1; 32]), XChaChaSnapshots).unwrap();

    assert_eq!(fs::metadata(&inside).unwrap().permissions().mode() & 0o777, 0o700);
}

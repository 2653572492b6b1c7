//! Disks that refuse, for real: a small tmpfs in a mount namespace of its own.
//!
//! Modes do not stop root and quotas need a file system, so the test starts itself again under `unshare`, which needs
//! no privilege. Where even that is not allowed, the test fails and says so; it is never skipped.

use std::{fs, path::Path, process::Command};

use super::{Snapshots, Trial, child_folder, list_drafts, scramble, slot};
use crate::ports::{Vault, VaultError};

const PAGE: usize = 4096;

impl<S: Snapshots> Trial<S> {
    /// Whatever is left of the disk, from nothing to enough: the new record is there, or the old one and no draft.
    pub fn keeps_the_old_record_when_the_disk_is_full(&self, test: &str) {
        let Some(disk) = on_a_disk(test, "size=256k") else { return };
        let (old, new) = (scramble(5 * PAGE, 1), scramble(5 * PAGE, 2));
        let vault = self.open(&disk.join("vault"), 1);
        let ballast = disk.join("ballast");
        let mut refusals = 0;

        for free in 0..12 {
            vault.save(&slot("elm"), &old).unwrap();
            fill(&ballast, free * PAGE);

            let outcome = vault.save(&slot("elm"), &new);

            let opened = vault.load(&slot("elm")).unwrap().unwrap();
            match outcome {
                Ok(()) => assert_eq!(*opened, new, "{free} pages free"),
                Err(VaultError::CannotWrite(_)) => {
                    refusals += 1;
                    assert_eq!(*opened, old, "{free} pages free");
                }
                Err(error) => panic!("{free} pages free: {error:?}"),
            }
            assert!(list_drafts(&disk.join("vault")).is_empty(), "{free} pages free");
            fs::remove_file(&ballast).unwrap();
        }

        assert!((5..12).contains(&refusals), "{refusals} of 12 were refused");
    }

    /// No inode is left for a draft: the old record stays, and the new one is taken as soon as there is room.
    pub fn keeps_the_old_record_when_there_are_no_inodes(&self, test: &str) {
        let Some(disk) = on_a_disk(test, "size=256k,nr_inodes=32") else { return };
        let vault = self.open(&disk.join("vault"), 1);
        drop(vault.lock(&slot("elm"), std::time::Duration::ZERO).unwrap());
        vault.save(&slot("elm"), b"refresh-1").unwrap();
        let ballast: Vec<_> = (0..)
            .map(|count| disk.join(format!("ballast-{count}")))
            .take_while(|path| fs::File::create(path).is_ok())
            .collect();

        let refused = vault.save(&slot("elm"), b"refresh-2");
        let unlocked = vault.lock(&slot("oak"), std::time::Duration::ZERO);
        let kept = self.open(&disk.join("vault"), 1).load(&slot("elm")).unwrap().unwrap();
        ballast.iter().for_each(|path| fs::remove_file(path).unwrap());
        vault.save(&slot("elm"), b"refresh-3").unwrap();

        assert!(matches!(refused, Err(VaultError::CannotWrite(_))), "{refused:?}");
        assert!(matches!(unlocked, Err(VaultError::CannotWrite(_))));
        assert_eq!(&**kept, b"refresh-1");
        assert_eq!(&**vault.load(&slot("elm")).unwrap().unwrap(), b"refresh-3");
    }

    /// On a read-only disk a vault opens and is read; it is only not written.
    pub fn reads_on_a_read_only_disk(&self, test: &str) {
        let Some(disk) = on_a_disk(test, "size=256k") else { return };
        let folder = disk.join("vault");
        self.open(&folder, 1).save(&slot("elm"), b"refresh-1").unwrap();
        fs::write(folder.join("place-elm.hold.0123456789ab"), b"half").unwrap();
        let remounted =
            Command::new("mount").args(["-o", "remount,ro"]).arg(&disk).status().unwrap();
        assert!(remounted.success());

        let vault = self.open(&folder, 1);
        let refused = [vault.save(&slot("elm"), b"refresh-2"), vault.save(&slot("oak"), b"first")];
        let removed = vault.remove(&slot("elm"));

        let cannot = |outcome: &Result<(), _>| matches!(outcome, Err(VaultError::CannotWrite(_)));
        assert!(refused.iter().all(cannot), "{refused:?}");
        assert!(matches!(removed, Err(VaultError::CannotWrite(_))), "{removed:?}");
        assert_eq!(&**vault.load(&slot("elm")).unwrap().unwrap(), b"refresh-1");
    }
}

/// In the process that has the disk: where it is. In the test itself: starts that process and judges how it ended.
fn on_a_disk(test: &str, options: &str) -> Option<std::path::PathBuf> {
    if let Some(disk) = child_folder() {
        return Some(disk);
    }
    let place = tempfile::TempDir::new().unwrap();
    let again = super::call_self(test, place.path());
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-ec"])
        .arg("mount -t tmpfs -o \"$1\" tmpfs \"$2\"; echo mounted; shift 2; exec \"$@\"")
        .args(["sh".as_ref(), options.as_ref(), place.path().as_os_str()])
        .arg(again.get_program())
        .args(again.get_args())
        .envs(again.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .output()
        .unwrap_or_else(|error| panic!("this test needs `unshare` (util-linux): {error}"));
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(
        said.starts_with("mounted"),
        "this test needs unprivileged user namespaces (`unshare --user --map-root-user --mount`): {said}"
    );
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    None
}

/// Takes everything but `left` bytes of the disk.
fn fill(ballast: &Path, left: usize) {
    use std::io::Write as _;
    let mut file = fs::File::create(ballast).unwrap();
    let mut taken = 0;
    while file.write_all(&[0; PAGE]).is_ok() {
        taken += PAGE;
    }
    file.set_len((taken - left) as u64).unwrap();
}

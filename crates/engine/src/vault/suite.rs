//! What every adapter of `Snapshots` has to bear, told once.
//!
//! In: an adapter. Out: nothing, or the panic of an assertion.
//! Never: an assertion about how a file is sealed; that is the adapter's own test.

#![allow(clippy::unwrap_used, reason = "tests, made for other crates too")]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Barrier, atomic::AtomicBool, atomic::AtomicUsize, atomic::Ordering::SeqCst},
    thread,
    time::Duration,
};

use handrail_contract::place::SourceId;
use tempfile::TempDir;
use zeroize::Zeroizing;

#[cfg(target_os = "linux")]
pub mod disks;

use super::{Snapshots, VaultFolder};
use crate::ports::{Slot, Vault, VaultError};

/// One adapter, and what may be asked of it.
#[derive(Clone, Copy, Debug)]
pub struct Trial<S> {
    /// Makes the adapter, once for each time the vault is opened.
    pub make: fn() -> S,
    /// Whether a damaged file is never taken for a key that does not fit.
    pub tells_damage_from_key: bool,
    /// Makes a sealed file one of the next version, as far as that can be known.
    pub make_newer: fn(&mut Vec<u8>),
    /// Every bit of a byte, or one of them, each byte another.
    pub bits: usize,
}

impl<S: Snapshots> Trial<S> {
    /// What was sealed is found again by whoever opens the folder with the same key.
    pub fn finds_again_what_was_sealed(&self) {
        let home = TempDir::new().unwrap();

        for size in [20_000, 0, 1, 300, 200_000] {
            let bytes = scramble(size, 1);
            self.open(home.path(), 1).save(&slot("elm"), &bytes).unwrap();

            let opened = self.open(home.path(), 1).load(&slot("elm")).unwrap().unwrap();

            assert_eq!(*opened, bytes, "{size} bytes");
        }
        assert_eq!(self.open(home.path(), 1).load(&slot("oak")).unwrap(), None);
        assert_eq!(self.open(home.path(), 1).slots().unwrap(), [slot("elm")]);
    }

    /// Another key does not open a file, and leaves it as it is.
    pub fn refuses_another_key(&self) {
        let home = TempDir::new().unwrap();
        let (path, whole) = self.seal(&home, b"refresh-1");

        let outcome = self.open(home.path(), 2).load(&slot("elm"));

        assert!(matches!(outcome, Err(VaultError::WrongKey)), "{outcome:?}");
        assert_eq!(fs::read(path).unwrap(), whole);
        assert_eq!(self.load(&home).unwrap(), b"refresh-1");
    }

    /// A file cut short, at every length there is.
    pub fn refuses_every_length_but_the_whole(&self) {
        let home = TempDir::new().unwrap();
        let (path, whole) = self.seal(&home, b"refresh-1");
        let vault = self.open(home.path(), 1);

        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            self.expect_refusal(&vault, &format!("cut at {length}"));
        }
        fs::write(&path, [&whole[..], b"x"].concat()).unwrap();
        self.expect_refusal(&vault, "a byte too many");
    }

    /// One bit is not as it was.
    pub fn refuses_every_flipped_bit(&self) {
        let home = TempDir::new().unwrap();
        let (path, whole) = self.seal(&home, b"refresh-1");
        let vault = self.open(home.path(), 1);

        for at in 0..whole.len() {
            for bit in (0..self.bits).map(|bit| (at + bit) % 8) {
                let mut file = whole.clone();
                file[at] ^= 1 << bit;
                fs::write(&path, file).unwrap();
                self.expect_refusal(&vault, &format!("bit {bit} of byte {at}"));
            }
        }
    }

    /// The start of a new file, and then what was there before.
    pub fn refuses_a_torn_write(&self) {
        let home = TempDir::new().unwrap();
        let (_, old) = self.seal(&home, b"refresh-1");
        let (path, new) = self.seal(&home, b"refresh-2");
        let vault = self.open(home.path(), 1);
        assert_eq!(old.len(), new.len());

        for cut in 0..=new.len() {
            let torn = [&new[..cut], &old[cut..]].concat();
            fs::write(&path, &torn).unwrap();
            if torn == old || torn == new {
                let opened = vault.load(&slot("elm")).unwrap().unwrap();
                assert_eq!(&**opened, if torn == old { b"refresh-1" } else { b"refresh-2" });
            } else {
                self.expect_refusal(&vault, &format!("torn at {cut}"));
            }
        }
    }

    /// A file of a later version is named as such and not touched.
    pub fn names_a_newer_version(&self) {
        let home = TempDir::new().unwrap();
        let (path, mut file) = self.seal(&home, b"refresh-1");
        (self.make_newer)(&mut file);
        fs::write(&path, &file).unwrap();

        let outcome = self.open(home.path(), 1).load(&slot("elm"));

        assert!(matches!(outcome, Err(VaultError::Newer)), "{outcome:?}");
        assert_eq!(fs::read(path).unwrap(), file);
    }

    /// A backup of an earlier record is that earlier record, and the next commit follows it.
    pub fn opens_an_older_copy_as_what_it_was(&self) {
        let home = TempDir::new().unwrap();
        let (path, older) = self.seal(&home, b"refresh-1");
        self.seal(&home, b"a longer record of refresh-2");
        fs::write(&path, older).unwrap();

        let restored = self.load(&home).unwrap();
        self.seal(&home, b"refresh-3");

        assert_eq!(restored, b"refresh-1");
        assert_eq!(self.load(&home).unwrap(), b"refresh-3");
    }

    /// What a killed commit left is swept, a first commit's too, and nothing else is.
    pub fn sweeps_what_a_killed_commit_left(&self) {
        let home = TempDir::new().unwrap();
        self.seal(&home, b"refresh-1");
        let strays =
            ["place-elm.hold.0123456789ab", "place-oak.hold.ba9876543210", "place-ash.lock"];
        let others =
            ["place-elm.hold.backup", "place-elm.hold.0123456789abc", "notes.0123456789ab"];
        for name in strays.iter().chain(&others) {
            fs::write(home.path().join(name), b"half").unwrap();
        }

        let vault = self.open(home.path(), 1);

        assert_eq!(vault.slots().unwrap(), [slot("elm")]);
        assert_eq!(self.load(&home).unwrap(), b"refresh-1");
        assert!(strays.iter().all(|name| !home.path().join(name).exists()));
        assert!(others.iter().all(|name| home.path().join(name).exists()));
    }

    /// The draft of somebody who is committing right now is not swept.
    pub fn leaves_the_draft_of_who_holds_the_lock(&self) {
        let home = TempDir::new().unwrap();
        let writer = self.open(home.path(), 1);
        let held = writer.lock(&slot("elm"), Duration::ZERO).unwrap();
        let draft = home.path().join("place-elm.hold.0123456789ab");
        fs::write(&draft, b"half").unwrap();

        self.open(home.path(), 1);
        let kept = draft.exists();
        drop(held);
        self.open(home.path(), 1);

        assert!(kept && !draft.exists());
    }

    /// A folder stands where the sealed file should be: an error on both ways, and no crash.
    pub fn bears_a_folder_in_the_files_place(&self) {
        let home = TempDir::new().unwrap();
        let vault = self.open(home.path(), 1);
        fs::create_dir(home.path().join("place-elm.hold")).unwrap();

        let (opened, sealed) = (vault.load(&slot("elm")), vault.save(&slot("elm"), b"refresh-1"));

        assert!(matches!(opened, Err(VaultError::CannotWrite(_))), "{opened:?}");
        assert!(matches!(sealed, Err(VaultError::CannotWrite(_))), "{sealed:?}");
        assert_eq!(list_drafts(home.path()), Vec::<PathBuf>::new());
    }

    /// Writers that take the lock, read and write lose nothing, in one process.
    pub fn loses_no_update_of_two_threads(&self) {
        let home = TempDir::new().unwrap();
        let vaults = [self.open(home.path(), 1), self.open(home.path(), 1)];

        thread::scope(|scope| {
            for vault in &vaults {
                scope.spawn(move || count_up(vault, 15));
            }
        });

        assert_eq!(self.load(&home).unwrap(), 30_u32.to_be_bytes());
    }

    /// The same in three processes. `test` is the name of the test that calls this, as the test program knows it.
    pub fn loses_no_update_of_two_processes(&self, test: &str) {
        if let Some(home) = child_folder() {
            return count_up(&self.open(&home, 1), 10);
        }
        let home = TempDir::new().unwrap();
        let mut children: Vec<_> =
            (0..2).map(|_| call_self(test, home.path()).spawn().unwrap()).collect();

        count_up(&self.open(home.path(), 1), 10);
        let ends: Vec<_> = children.iter_mut().map(|child| child.wait().unwrap()).collect();

        assert!(ends.iter().all(|end| end.success()), "{ends:?}");
        assert_eq!(self.load(&home).unwrap(), 30_u32.to_be_bytes());
    }

    /// A pending sign-in is used once: of many that remove a slot at the same time, one is told that it did.
    pub fn removes_once(&self) {
        let home = TempDir::new().unwrap();
        let vault = self.open(home.path(), 1);

        for _ in 0..20 {
            vault.save(&slot("elm"), b"once").unwrap();
            let (start, removed) = (Barrier::new(4), AtomicUsize::new(0));
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        start.wait();
                        removed.fetch_add(usize::from(vault.remove(&slot("elm")).unwrap()), SeqCst);
                    });
                }
            });
            assert_eq!(removed.into_inner(), 1);
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0, "nothing of the slot is left");
    }

    /// The lock stays one lock, although its file goes with its slot.
    pub fn locks_for_one_while_slots_come_and_go(&self) {
        let home = TempDir::new().unwrap();
        let (inside, met) = (AtomicBool::new(false), AtomicUsize::new(0));

        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let vault = self.open(home.path(), 1);
                    for _ in 0..50 {
                        let held = vault.lock(&slot("elm"), Duration::from_secs(20)).unwrap();
                        met.fetch_add(usize::from(inside.swap(true, SeqCst)), SeqCst);
                        vault.remove(&slot("elm")).unwrap();
                        fs::write(home.path().join("place-elm.hold"), b"").unwrap();
                        thread::yield_now();
                        vault.remove(&slot("elm")).unwrap();
                        inside.store(false, SeqCst);
                        drop(held);
                    }
                });
            }
        });

        assert_eq!(met.into_inner(), 0, "two held the lock at the same time");
    }

    /// Waits no longer than it is told to, and gets the lock once it is free.
    pub fn waits_no_longer_than_told(&self) {
        let home = TempDir::new().unwrap();
        let (one, two) = (self.open(home.path(), 1), self.open(home.path(), 1));
        let held = one.lock(&slot("elm"), Duration::ZERO).unwrap();

        let refused = [0, 50].map(|wait| two.lock(&slot("elm"), Duration::from_millis(wait)));
        let other = two.lock(&slot("oak"), Duration::ZERO);
        drop(held);
        let taken = two.lock(&slot("elm"), Duration::ZERO);

        assert!(refused.iter().all(|refused| matches!(refused, Err(VaultError::Busy))));
        assert!(other.is_ok() && taken.is_ok());
    }

    fn open(&self, folder: &Path, key: u8) -> VaultFolder<S> {
        VaultFolder::open(folder, Zeroizing::new([key; 32]), (self.make)()).unwrap()
    }

    fn seal(&self, home: &TempDir, bytes: &[u8]) -> (PathBuf, Vec<u8>) {
        self.open(home.path(), 1).save(&slot("elm"), bytes).unwrap();
        let path = home.path().join("place-elm.hold");
        let file = fs::read(&path).unwrap();
        (path, file)
    }

    fn load(&self, home: &TempDir) -> Result<Vec<u8>, VaultError> {
        let opened = self.open(home.path(), 1).load(&slot("elm"))?;
        Ok(opened.unwrap().to_vec())
    }

    fn expect_refusal(&self, vault: &VaultFolder<S>, what: &str) {
        let outcome = vault.load(&slot("elm"));
        let named = match &outcome {
            Err(VaultError::Damaged) => true,
            Err(VaultError::WrongKey | VaultError::Newer) => !self.tells_damage_from_key,
            _ => false,
        };
        assert!(named, "{what}: {outcome:?}");
    }
}

/// The tests of a trial, one for each promise, so that each has its own name in the report.
#[macro_export]
macro_rules! bear_the_vault_suite {
    ($trial:expr; $($promise:ident),+ $(,)?) => {
        $(#[test] fn $promise() { $trial.$promise(); })+
    };
    ($trial:expr) => {
        $crate::bear_the_vault_suite!($trial;
            finds_again_what_was_sealed,
            refuses_another_key,
            refuses_every_length_but_the_whole,
            refuses_every_flipped_bit,
            refuses_a_torn_write,
            names_a_newer_version,
            opens_an_older_copy_as_what_it_was,
            sweeps_what_a_killed_commit_left,
            leaves_the_draft_of_who_holds_the_lock,
            bears_a_folder_in_the_files_place,
            loses_no_update_of_two_threads,
            removes_once,
            locks_for_one_while_slots_come_and_go,
            waits_no_longer_than_told,
        );

        #[test]
        fn loses_no_update_of_two_processes() {
            $trial.loses_no_update_of_two_processes(&$crate::vault::suite::name_test(
                module_path!(),
                "loses_no_update_of_two_processes",
            ));
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn keeps_the_old_record_when_the_disk_is_full() {
            $trial.keeps_the_old_record_when_the_disk_is_full(&$crate::vault::suite::name_test(
                module_path!(),
                "keeps_the_old_record_when_the_disk_is_full",
            ));
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn keeps_the_old_record_when_there_are_no_inodes() {
            $trial.keeps_the_old_record_when_there_are_no_inodes(&$crate::vault::suite::name_test(
                module_path!(),
                "keeps_the_old_record_when_there_are_no_inodes",
            ));
        }

        #[cfg(target_os = "linux")]
        #[test]
        fn reads_on_a_read_only_disk() {
            $trial.reads_on_a_read_only_disk(&$crate::vault::suite::name_test(
                module_path!(),
                "reads_on_a_read_only_disk",
            ));
        }
    };
}

/// A test's name as the test program knows it: without the crate.
pub fn name_test(module: &str, test: &str) -> String {
    let inside = module.split_once("::").map_or("", |(_, inside)| inside);
    format!("{inside}::{test}")
}

const CHILD_FOLDER: &str = "HANDRAIL_VAULT_SUITE_FOLDER";

/// The folder this process was started for, if it is one that a test started.
fn child_folder() -> Option<PathBuf> {
    std::env::var_os(CHILD_FOLDER).map(PathBuf::from)
}

/// This very test again, in a process of its own.
fn call_self(test: &str, folder: &Path) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--quiet"]).env(CHILD_FOLDER, folder);
    // What it says of its one test would be counted as a test of its own.
    command.stdout(std::process::Stdio::null());
    command
}

fn count_up<S: Snapshots>(vault: &VaultFolder<S>, times: u32) {
    for _ in 0..times {
        let _held = vault.lock(&slot("elm"), Duration::from_secs(20)).unwrap();
        let before = vault
            .load(&slot("elm"))
            .unwrap()
            .map_or(0, |bytes| u32::from_be_bytes(bytes.as_slice().try_into().unwrap()));
        vault.save(&slot("elm"), &(before + 1).to_be_bytes()).unwrap();
    }
}

fn slot(name: &str) -> Slot {
    Slot::connection(&SourceId(name.to_owned()))
}

/// Bytes that no compression makes smaller: xorshift64 (Marsaglia 2003).
fn scramble(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

fn list_drafts(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| super::is_draft_of(&folder.join("place-elm.hold"), path)).collect()
}

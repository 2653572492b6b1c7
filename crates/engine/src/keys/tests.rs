//! The two keys of a folder, over a keyring in memory and real files.

use tempfile::TempDir;

use super::{memory::MemoryRing, memory::RingState, *};
use crate::OsEntropy;

pub struct Desk<'a>(pub &'a MemoryRing);

impl Places for Desk<'_> {
    fn find_safest(&self) -> Option<KeyPlace> {
        (self.0.state() != RingState::Away).then_some(KeyPlace::SecretService)
    }

    fn open(
        &self,
        place: KeyPlace,
        data: &Path,
        folder: &str,
    ) -> Result<Box<dyn KeySource>, KeyError> {
        Ok(match place {
            KeyPlace::KeyFile => Box::new(KeyFile::new(data)),
            KeyPlace::SecretService | KeyPlace::Device => Box::new(self.0.keys(folder)),
        })
    }
}

pub fn open(data: &TempDir, ring: &MemoryRing) -> Result<OpenedKeys, KeyError> {
    open_with(data.path(), Keys::Best, &OsEntropy, &Desk(ring))
}

pub fn pair(keys: &OpenedKeys) -> (KeyPlace, [u8; 32], [u8; 32]) {
    (keys.place, *keys.vault, *keys.records)
}

/// Something that was sealed with the key of this name.
pub fn seal(data: &TempDir, name: KeyName) {
    fs::create_dir_all(data.path().join("vault")).unwrap();
    let path = match name {
        KeyName::Vault => "vault/place-elm.hold",
        KeyName::Records => "records.db",
    };
    fs::write(data.path().join(path), b"sealed").unwrap();
}

#[test]
fn keys_are_made_once_and_found_again() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());

    let first = open(&data, &ring).unwrap();
    let again = open(&data, &ring).unwrap();

    assert_eq!(pair(&first), pair(&again));
    assert_eq!(first.place, KeyPlace::SecretService);
    assert_ne!(first.vault, first.records);
    assert_eq!(ring.count(), 2);
}

#[test]
fn a_copy_of_a_key_that_a_dead_process_left_is_swept() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    let open = || open_with(data.path(), Keys::File, &OsEntropy, &Desk(&ring));
    KeyFile::new(data.path()).keep(KeyName::Vault, &Zeroizing::new([7; 32])).unwrap();
    let draft = data.path().join("vault.draft");
    fs::hard_link(data.path().join("vault.key"), &draft).unwrap();

    let opened = open().unwrap();

    assert!(!draft.exists());
    assert_eq!(*opened.vault, [7; 32]);
}

#[test]
fn keys_of_a_folder_that_was_moved_are_found_again() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    let first = open(&data, &ring).unwrap();
    let elsewhere = TempDir::new().unwrap();
    fs::copy(data.path().join(MARK), elsewhere.path().join(MARK)).unwrap();

    let moved = open(&elsewhere, &ring).unwrap();

    assert_eq!(pair(&first), pair(&moved));
}

#[test]
fn two_folders_have_four_keys() {
    let ring = MemoryRing::default();
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];

    let keys = folders.each_ref().map(|data| open(data, &ring).unwrap());

    assert_ne!(keys[0].vault, keys[1].vault);
    assert_eq!(ring.count(), 4);
}

#[test]
fn a_keyring_that_is_away_later_is_not_replaced_by_a_file() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    let before = open(&data, &ring).unwrap();

    ring.set_state(RingState::Away);
    let away = open(&data, &ring).err();
    ring.set_state(RingState::Locked);
    let locked = open(&data, &ring).err();
    ring.set_state(RingState::Open);
    let back = open(&data, &ring).unwrap();

    assert!(matches!(away, Some(KeyError::Unavailable(_))));
    assert!(matches!(locked, Some(KeyError::Locked)));
    assert_eq!(pair(&before), pair(&back));
    assert!(!data.path().join("vault.key").exists());
}

#[test]
fn a_keyring_that_is_locked_the_first_time_leaves_no_note_and_no_key() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    ring.set_state(RingState::Locked);

    let locked = open(&data, &ring).err();

    assert!(matches!(locked, Some(KeyError::Locked)));
    assert_eq!(fs::read_dir(data.path()).unwrap().count(), 0);
}

#[test]
fn a_key_that_is_gone_or_altered_is_named_and_never_made_again() {
    for name in KeyName::ALL {
        let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
        open(&data, &ring).unwrap();

        ring.alter(name, b"short");
        let altered = open(&data, &ring).err();
        ring.remove(name);
        let gone = open(&data, &ring).err();

        assert!(matches!(altered, Some(KeyError::Invalidated)), "{name:?}");
        assert!(matches!(gone, Some(KeyError::Missing)), "{name:?}");
        assert_eq!(ring.count(), 1, "{name:?}");
    }
}

#[test]
fn a_key_file_that_is_gone_is_missing_and_not_made_again() {
    let data = TempDir::new().unwrap();
    let ring = MemoryRing::default();
    ring.set_state(RingState::Away);
    open(&data, &ring).unwrap();

    fs::remove_file(data.path().join("records.key")).unwrap();
    let gone = open(&data, &ring).err();

    assert!(matches!(gone, Some(KeyError::Missing)));
    assert!(!data.path().join("records.key").exists());
}

#[test]
fn a_folder_of_an_older_version_keeps_its_key_files_though_a_keyring_answers() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    for (name, byte) in [("vault.key", 1), ("records.key", 2)] {
        fs::write(data.path().join(name), [byte; 32]).unwrap();
    }
    seal(&data, KeyName::Records);

    let keys = open(&data, &ring).unwrap();

    assert_eq!(pair(&keys), (KeyPlace::KeyFile, [1; 32], [2; 32]));
    assert_eq!(ring.count(), 0);
}

#[test]
fn what_was_sealed_before_its_keys_were_lost_gets_no_fresh_ones() {
    for name in KeyName::ALL {
        let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
        seal(&data, name);

        let lost = open(&data, &ring).err();

        assert!(matches!(lost, Some(KeyError::Missing)), "{name:?}");
        assert_eq!(ring.count(), 0);
        assert!(!data.path().join(MARK).exists());
    }
}

#[test]
fn an_opening_that_died_between_the_two_keys_is_finished_by_the_next() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    let folder = "00ff";
    ring.keys(folder).keep(KeyName::Vault, &Zeroizing::new([7; 32])).unwrap();
    let mut mark = KeyMark::new(KeyPlace::SecretService, folder.to_owned());
    mark.note(KeyName::Vault);
    fs::write(data.path().join(MARK), mark.write()).unwrap();

    let keys = open(&data, &ring).unwrap();

    assert_eq!(*keys.vault, [7; 32]);
    assert_eq!(ring.count(), 2);
    assert!(read_mark(data.path()).unwrap().unwrap().is_whole());
}

#[test]
fn a_note_that_cannot_be_read_stops_everything_and_stays() {
    let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
    open(&data, &ring).unwrap();

    for note in [&b"{\"version\":1"[..], b"{\"version\":2}"] {
        fs::write(data.path().join(MARK), note).unwrap();
        let outcome = open(&data, &ring).err();

        assert!(matches!(outcome, Some(KeyError::Unavailable(_))));
        assert_eq!(fs::read(data.path().join(MARK)).unwrap(), note);
        assert_eq!(ring.count(), 2);
    }
}

#[test]
fn of_many_that_open_a_new_folder_at_once_all_get_the_same_keys() {
    for state in [RingState::Open, RingState::Away] {
        let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
        ring.set_state(state);

        let pairs: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> =
                (0..8).map(|_| scope.spawn(|| pair(&open(&data, &ring).unwrap()))).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });

        assert!(pairs.iter().all(|pair| *pair == pairs[0]), "{state:?}");
    }
}

#[test]
fn the_note_holds_no_key() {
    let data = TempDir::new().unwrap();
    let ring = MemoryRing::default();
    ring.set_state(RingState::Away);

    open(&data, &ring).unwrap();

    let note: serde_json::Value =
        serde_json::from_slice(&fs::read(data.path().join(MARK)).unwrap()).unwrap();
    let fields: Vec<_> = note.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["folder", "made", "place", "version"]);
    assert_eq!(note["made"], serde_json::json!(["vault", "records"]));
}

//! The way out where a key is lost for good: what nobody can open any more is moved aside, and the folder is new.
//!
//! In: a data folder. Out: the name of the folder in it that now holds everything that was there.
//! Never: a deletion; and nothing at all while both keys are there, locked or away.

use std::{
    fs::{self, DirBuilder},
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
};

use handrail_contract::{Problem, problem::Refusal};
use handrail_core::vault::keys::{KeyName, KeyStep, Keys};
use jiff::Timestamp;

use super::{MARK, Machine, Places, file, find_traces, lock_keys, sync_folder};
use crate::{
    engine::OpenError,
    ports::{DeviceStore, KeyError},
};

/// Why nothing was moved, or not all of it; what was not moved is where it was, and another try goes on.
#[derive(Debug, thiserror::Error)]
pub enum StartOverError {
    /// Both keys are there. Open what is saved with them.
    #[error("the keys are there: nothing has to start over")]
    KeysAreThere,
    /// Whether a key is lost cannot be told right now. Unlock the keyring, or wait.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The folder cannot be written.
    #[error("what is saved cannot be moved aside")]
    CannotMove(#[from] io::Error),
}

impl StartOverError {
    /// What the person can do about it.
    pub fn problem(self) -> Problem {
        match self {
            Self::KeysAreThere => Problem::Refused { reason: Refusal::KeyFits },
            Self::Key(error) => OpenError::Key(error).problem(),
            Self::CannotMove(_) => Problem::CannotSave,
        }
    }
}

/// Moves everything that was sealed with a lost key into `set-aside-<time>` in the same folder, keys and their note
/// included, so that the next opening makes new keys. Connections are made anew after that.
///
/// # Errors
/// No key is lost, or that cannot be told, or the folder cannot be written.
pub fn start_over(data: &Path) -> Result<String, StartOverError> {
    start_over_with(data, Timestamp::now(), &Machine::default())
}

/// The same on a phone, which keeps its keys in this store.
///
/// # Errors
/// As [`start_over`].
pub fn start_over_on_device(
    data: &Path,
    store: Arc<dyn DeviceStore>,
) -> Result<String, StartOverError> {
    start_over_with(data, Timestamp::now(), &Machine::with_store(store))
}

/// The same over any places.
///
/// # Errors
/// As [`start_over`].
pub fn start_over_with(
    data: &Path,
    now: Timestamp,
    places: &dyn Places,
) -> Result<String, StartOverError> {
    // Whoever makes keys holds the same lock.
    let _alone = lock_keys(data)?;
    if !is_key_lost(data, places)? {
        return Err(StartOverError::KeysAreThere);
    }
    Ok(set_aside(data, now)?)
}

fn is_key_lost(data: &Path, places: &dyn Places) -> Result<bool, KeyError> {
    let traces = find_traces(data)?;
    let Some(place) = traces.choose_place(Keys::File, || None) else { return Ok(true) };
    let folder = traces.mark.as_ref().map(|mark| mark.folder.as_str()).unwrap_or_default();
    let source = places.open(place, data, folder)?;
    let mut lost = false;
    for name in KeyName::ALL {
        lost |= match source.find(name) {
            Ok(found) => traces.judge(name, found.is_some()) == KeyStep::GiveUp,
            Err(KeyError::Missing | KeyError::Invalidated) => true,
            Err(error) => return Err(error),
        };
    }
    Ok(lost)
}

/// The note of where the keys are goes last: until then the key counts as lost, and a try that was cut short is
/// followed by another.
fn set_aside(data: &Path, now: Timestamp) -> io::Result<String> {
    let name = make_folder(data, now)?;
    let aside = data.join(&name);
    let mut names = vec!["vault".to_owned()];
    names.extend(["", "-wal", "-shm", "-journal"].map(|end| format!("records.db{end}")));
    names.extend(KeyName::ALL.map(file::name_of));
    names.push(MARK.to_owned());
    for name in names {
        match fs::rename(data.join(&name), aside.join(&name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    sync_folder(&aside)?;
    sync_folder(data)?;
    Ok(name)
}

/// Makes the folder, which only its owner may look into, under a name that is free.
fn make_folder(data: &Path, now: Timestamp) -> io::Result<String> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let time = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    for number in 1.. {
        let name = match number {
            1 => format!("set-aside-{time}"),
            number => format!("set-aside-{time}-{number}"),
        };
        match builder.create(data.join(&name)) {
            Ok(()) => return Ok(name),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use handrail_core::vault::keys::KeyName;
    use tempfile::TempDir;

    use super::super::{
        memory::{MemoryRing, RingState},
        tests::{Desk, open, pair, seal},
        *,
    };
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
    const ASIDE: &str = "set-aside-20270115T080000Z";

    /// A folder in which something was sealed with each key.
    fn used() -> (TempDir, MemoryRing) {
        let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
        open(&data, &ring).unwrap();
        for name in KeyName::ALL {
            seal(&data, name);
        }
        (data, ring)
    }

    fn try_it(data: &TempDir, ring: &MemoryRing) -> Result<String, StartOverError> {
        start_over_with(data.path(), NOW, &Desk(ring))
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_lost_key_sealed_is_moved_aside_whole_and_the_folder_gets_new_keys() {
        for name in KeyName::ALL {
            let (data, ring) = used();
            let before = pair(&open(&data, &ring).unwrap());
            ring.remove(name);

            let aside = try_it(&data, &ring).unwrap();
            let after = pair(&open(&data, &ring).unwrap());

            assert_eq!(aside, ASIDE);
            let aside = data.path().join(aside);
            assert_eq!(files(&aside), ["keys.json", "records.db", "vault"]);
            assert_eq!(fs::read(aside.join("vault/place-elm.hold")).unwrap(), b"sealed");
            assert!(after.1 != before.1 && after.2 != before.2, "new keys, both of them");
        }
    }

    #[test]
    fn an_altered_key_file_is_set_aside_with_what_it_sealed() {
        let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());
        let open = || open_with(data.path(), Keys::File, &crate::OsEntropy, &Desk(&ring));
        open().unwrap();
        seal(&data, KeyName::Vault);
        fs::write(data.path().join("vault.key"), b"short").unwrap();

        let aside = try_it(&data, &ring).unwrap();

        let expected = ["keys.json", "records.key", "vault", "vault.key"];
        assert_eq!(files(&data.path().join(aside)), expected);
        assert!(open().is_ok());
    }

    #[test]
    fn nothing_is_moved_while_the_keys_are_there_or_may_come_back() {
        let (data, ring) = used();
        let before = files(data.path());

        let there = try_it(&data, &ring);
        ring.set_state(RingState::Locked);
        let locked = try_it(&data, &ring);
        ring.set_state(RingState::Away);
        let away = try_it(&data, &ring);

        assert!(matches!(there, Err(StartOverError::KeysAreThere)), "{there:?}");
        assert!(matches!(locked, Err(StartOverError::Key(KeyError::Locked))), "{locked:?}");
        assert!(matches!(away, Err(StartOverError::Key(KeyError::Unavailable(_)))), "{away:?}");
        assert_eq!(files(data.path()), before);
    }

    #[test]
    fn a_new_folder_has_nothing_to_start_over() {
        let (data, ring) = (TempDir::new().unwrap(), MemoryRing::default());

        assert!(matches!(try_it(&data, &ring), Err(StartOverError::KeysAreThere)));
    }

    #[test]
    fn a_second_loss_in_the_same_second_goes_to_a_folder_of_its_own() {
        let (data, ring) = used();
        ring.remove(KeyName::Vault);
        try_it(&data, &ring).unwrap();
        open(&data, &ring).unwrap();
        ring.remove(KeyName::Vault);

        assert_eq!(try_it(&data, &ring).unwrap(), format!("{ASIDE}-2"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_look_into_what_was_set_aside() {
        use std::os::unix::fs::PermissionsExt as _;
        let (data, ring) = used();
        ring.remove(KeyName::Vault);

        let aside = data.path().join(try_it(&data, &ring).unwrap());

        assert_eq!(fs::metadata(aside).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

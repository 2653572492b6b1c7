//! Where the keys live, and whether one may be made.
//!
//! In: what the data folder holds and says, what the shell wishes, whether a Secret Service answers.
//! Out: a place, one thing to do, and the note that is left in the folder.
//! Never: a key; the engine carries those, and looks at no more than their names here.

use serde::{Deserialize, Serialize};

/// The version of the note this build writes. Newer ones are refused, never guessed at.
const VERSION: u32 = 1;

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyName {
    /// Seals tokens and pending sign-ins.
    Vault,
    /// Encrypts the records.
    Records,
}

impl KeyName {
    /// Every key there is.
    pub const ALL: [Self; 2] = [Self::Vault, Self::Records];

    /// The same as a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::Records => "records",
        }
    }
}

/// Where a shell wants the keys of a new folder to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// In the safest place there is.
    #[default]
    Best,
    /// In files beside the data: for tests and demos, which leave a person's keyring alone.
    File,
}

/// Where keys live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    /// The desktop's keyring, over D-Bus.
    SecretService,
    /// The phone's own store: the Android Keystore, the iOS Keychain.
    Device,
    /// Files beside the data that only their owner may read. The weaker place.
    KeyFile,
}

/// What a data folder holds, seen before any key is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// The note that was left when a key was made, if there is one.
    pub mark: Option<KeyMark>,
    /// Whether a key file lies there.
    pub key_files: bool,
    /// What has been sealed here: each of these needs the very key it was sealed with.
    pub sealed: Vec<KeyName>,
}

impl Traces {
    /// Where the keys of this folder are, or are to be. `None`: what was sealed here has lost every trace of its keys.
    ///
    /// What is written stands, so that a keyring that is away today is not taken for a folder without keys.
    /// `safest` is asked for a new folder only: the safe place of this machine, if it has one.
    pub fn choose_place(
        &self,
        wish: Keys,
        safest: impl FnOnce() -> Option<KeyPlace>,
    ) -> Option<KeyPlace> {
        match &self.mark {
            Some(mark) => Some(mark.place),
            None if self.key_files => Some(KeyPlace::KeyFile),
            None if !self.sealed.is_empty() => None,
            None if wish == Keys::Best => Some(safest().unwrap_or(KeyPlace::KeyFile)),
            None => Some(KeyPlace::KeyFile),
        }
    }

    /// What to do about one key. A key that was ever made is never made again.
    pub fn judge(&self, name: KeyName, is_found: bool) -> KeyStep {
        let was_made = self.mark.as_ref().is_some_and(|mark| mark.made.contains(&name))
            || self.sealed.contains(&name);
        match (is_found, was_made) {
            (true, _) => KeyStep::Use,
            (false, true) => KeyStep::GiveUp,
            (false, false) => KeyStep::Make,
        }
    }
}

/// What to do about one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStep {
    /// It is there.
    Use,
    /// This is the first time.
    Make,
    /// It was there once. A fresh one would open nothing, and hide that.
    GiveUp,
}

/// The note in the data folder: where its keys are, and which were made. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMark {
    version: u32,
    pub place: KeyPlace,
    /// Tells this folder's keys from another's in the same keyring, also after the folder was moved.
    pub folder: String,
    pub made: Vec<KeyName>,
}

/// Why a note cannot be read. Nothing is made or changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MarkError {
    /// Cut short or altered.
    #[error("the note of where the keys are is damaged")]
    Damaged,
    /// Written by a later version of the app.
    #[error("the note of where the keys are is of a newer version")]
    Newer,
}

impl KeyMark {
    /// A note for a folder whose first key is about to be made.
    pub fn new(place: KeyPlace, folder: String) -> Self {
        Self { version: VERSION, place, folder, made: Vec::new() }
    }

    /// Reads a note.
    ///
    /// # Errors
    /// It is damaged, or a later version wrote it.
    pub fn read(bytes: &[u8]) -> Result<Self, MarkError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let Versioned { version } =
            serde_json::from_slice(bytes).map_err(|_| MarkError::Damaged)?;
        match version {
            VERSION => serde_json::from_slice(bytes).map_err(|_| MarkError::Damaged),
            0 => Err(MarkError::Damaged),
            _ => Err(MarkError::Newer),
        }
    }

    /// Writes it.
    pub fn write(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("words and numbers are JSON")
    }

    /// Adds a key that was made.
    pub fn note(&mut self, name: KeyName) {
        if !self.made.contains(&name) {
            self.made.push(name);
        }
    }

    /// Whether every key was made.
    pub fn is_whole(&self) -> bool {
        KeyName::ALL.iter().all(|name| self.made.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(place: KeyPlace, made: &[KeyName]) -> Option<KeyMark> {
        Some(KeyMark { made: made.to_vec(), ..KeyMark::new(place, "00ff".to_owned()) })
    }

    fn ask_nobody() -> Option<KeyPlace> {
        panic!("the keyring was asked")
    }

    #[test]
    fn a_new_folder_uses_the_safe_place_of_its_machine_and_a_file_where_there_is_none() {
        let new = Traces::default();

        let safe = [Some(KeyPlace::SecretService), Some(KeyPlace::Device), None];
        let choices = safe.map(|safest| new.choose_place(Keys::Best, || safest));

        let [keyring, phone, _] = safe;
        assert_eq!(choices, [keyring, phone, Some(KeyPlace::KeyFile)]);
    }

    #[test]
    fn whoever_wishes_for_a_file_leaves_the_keyring_alone() {
        let place = Traces::default().choose_place(Keys::File, ask_nobody);

        assert_eq!(place, Some(KeyPlace::KeyFile));
    }

    #[test]
    fn a_folder_that_has_key_files_keeps_using_them() {
        let older = Traces { key_files: true, sealed: KeyName::ALL.to_vec(), mark: None };

        assert_eq!(older.choose_place(Keys::Best, ask_nobody), Some(KeyPlace::KeyFile));
    }

    #[test]
    fn what_is_written_stands_whatever_answers_or_is_wished_today() {
        for place in [KeyPlace::SecretService, KeyPlace::Device, KeyPlace::KeyFile] {
            for wish in [Keys::Best, Keys::File] {
                let mark = mark(place, &[KeyName::Vault]);
                let traces = Traces { mark, key_files: true, sealed: Vec::new() };

                assert_eq!(traces.choose_place(wish, ask_nobody), Some(place));
            }
        }
    }

    #[test]
    fn sealed_data_without_any_trace_of_its_keys_gets_no_place() {
        for name in KeyName::ALL {
            let lost = Traces { sealed: vec![name], ..Traces::default() };

            assert_eq!(lost.choose_place(Keys::Best, ask_nobody), None);
        }
    }

    #[test]
    fn a_key_is_made_only_where_none_was_made_and_nothing_was_sealed() {
        let marked =
            Traces { mark: mark(KeyPlace::KeyFile, &[KeyName::Vault]), ..Traces::default() };
        let sealed = Traces { sealed: vec![KeyName::Vault], ..Traces::default() };

        for traces in [&marked, &sealed] {
            assert_eq!(traces.judge(KeyName::Vault, true), KeyStep::Use);
            assert_eq!(traces.judge(KeyName::Vault, false), KeyStep::GiveUp);
            assert_eq!(traces.judge(KeyName::Records, false), KeyStep::Make);
        }
        assert_eq!(Traces::default().judge(KeyName::Vault, false), KeyStep::Make);
    }

    #[test]
    fn a_note_is_read_as_it_was_written() {
        let mut note = KeyMark::new(KeyPlace::SecretService, "00ff".to_owned());
        note.note(KeyName::Vault);
        note.note(KeyName::Vault);

        assert_eq!(KeyMark::read(&note.write()), Ok(note));
    }

    #[test]
    fn the_note_that_version_1_wrote_is_read_for_ever() {
        let written =
            br#"{"version":1,"place":"secret_service","folder":"00ff","made":["vault","records"]}"#;

        let note = KeyMark::read(written).unwrap();

        assert!(note.is_whole());
        assert_eq!(note.place, KeyPlace::SecretService);
    }

    #[test]
    fn the_note_that_a_phone_wrote_is_read_for_ever() {
        let written =
            br#"{"version":1,"place":"device","folder":"00ff","made":["vault","records"]}"#;

        let note = KeyMark::read(written).unwrap();

        assert_eq!(note.place, KeyPlace::Device);
    }

    #[test]
    fn a_note_of_a_later_version_is_told_from_a_damaged_one() {
        let newer = KeyMark::read(br#"{"version":2,"place":"cloud"}"#);
        let damaged = [&b""[..], b"{}", b"{\"version\":1}", b"\xff", b"{\"version\":0}"];

        assert_eq!(newer, Err(MarkError::Newer));
        for bytes in damaged {
            assert_eq!(KeyMark::read(bytes), Err(MarkError::Damaged));
        }
    }
}

//! The lock before the app: every question passes here first.
//!
//! In: a PIN, and that somebody went away. Out: whether questions are answered.
//! Never: the end of the schedule; places are looked at while the app is locked. Nor is this what what is saved is sealed
//! with: that is the key's matter (SECURITY.md).

use std::{collections::BTreeMap, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::SaltString,
};
use handrail_contract::{
    Problem, Question,
    lock::{
        Door, EraseAll, ErasedAll, LeavePrivate, LockNow, NoteAway, Pin, RemovePin, SetPin,
        ShowDoor, Unlock,
    },
    place::Revoked,
    problem::Refusal,
    words::ItemId,
};
use handrail_core::{
    activity::Deed,
    lock::{self, Reading, Tries, is_good_pin},
    view::{self, Shelf},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::{
    answers::Reply,
    engine::{Engine, Ports, records_problem, vault_problem},
    ports::{Slot, VaultError},
};

/// The second recommended option of RFC 9106 section 4: 64 MiB, three passes, four lanes. A fraction of a second a try
/// on a phone, and a long time for a million of them.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// How long one process waits for another that checks a PIN.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is sealed in the vault as long as there is a PIN.
#[derive(Serialize, Deserialize)]
struct KeptLock {
    version: u32,
    /// What the PIN is held against, with its parameters and salt, as a PHC string.
    verifier: String,
    tries: Tries,
    /// Anything a later version adds is kept as it is.
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// What came of a try.
enum Tried {
    Right,
    Wrong,
    /// It was not looked at: there is a wait.
    TooSoon,
}

impl Engine {
    /// Lets a question in, or says that the app is locked.
    pub(crate) async fn let_in<Q: Question>(&self) -> Result<(), Problem> {
        let now = self.reading();
        let mut door = self.0.door.lock().await;
        let door = match &mut *door {
            Some(door) => door,
            unknown => unknown.insert(lock::Door::new(self.has_pin().await?)),
        };
        let before = *door;
        let locked = door.is_locked(now);
        if *door != before {
            self.announce_change();
        }
        if locked && !Q::WHILE_LOCKED { Err(Problem::Locked) } else { Ok(()) }
    }

    /// Refuses what is hidden until the PIN was given for it.
    pub(crate) async fn let_see(&self, shelf: Shelf, id: &ItemId) -> Result<Shelf, Problem> {
        if self.shows_private().await {
            return Ok(shelf);
        }
        let id = id.clone();
        let looked = self.blocking(move |_| (view::is_hidden(&shelf, &id), shelf)).await?;
        match looked {
            (true, _) => Err(Problem::NeedsPin),
            (false, shelf) => Ok(shelf),
        }
    }

    /// Whether what is private is shown without asking.
    pub(crate) async fn shows_private(&self) -> bool {
        self.0.door.lock().await.as_ref().is_some_and(lock::Door::shows_private)
    }

    /// Whether there is a PIN, as the folder says.
    pub(crate) async fn has_pin(&self) -> Result<bool, Problem> {
        let slots = self.blocking(|ports| ports.vault.slots()).await?.map_err(vault_problem)?;
        Ok(slots.contains(&Slot::lock()))
    }

    fn reading(&self) -> Reading {
        read_clocks(&self.0.ports)
    }

    /// Does something to the door, and says how it stands then.
    async fn at_door(
        &self,
        deed: impl FnOnce(&mut lock::Door, Reading),
        wrong: bool,
    ) -> Result<Door, Problem> {
        let (has_pin, now) = (self.has_pin().await?, self.reading());
        let tries = if has_pin { self.read_tries().await? } else { Tries::default() };
        let looks = self.records(|records| records.settings()).await.unwrap_or_default().looks();
        let mut door = self.0.door.lock().await;
        let door = door.get_or_insert(lock::Door::new(has_pin));
        door.learn(has_pin);
        let before = (door.is_locked(now), door.shows_private());
        deed(door, now);
        let locked = door.is_locked(now);
        if (locked, door.shows_private()) != before {
            self.announce_change();
        }
        Ok(Door {
            looks,
            made_up: self.0.made_up,
            has_pin,
            locked,
            private_open: door.is_private_open(),
            wrong,
            tries_left: tries.left(now),
            // Rounded up, so that at zero it is over.
            wait_seconds: tries
                .wait_left(now)
                .as_millis()
                .div_ceil(1000)
                .try_into()
                .unwrap_or(u64::MAX),
        })
    }

    /// Somebody tried a PIN that was not the right one: that is written down, and said.
    async fn note_wrong(&self) -> Result<Door, Problem> {
        self.log(None, Deed::WrongPin).await;
        self.at_door(|_, _| (), true).await
    }

    async fn read_tries(&self) -> Result<Tries, Problem> {
        let tries = self.blocking(|ports| {
            let _lock = ports.vault.lock(&Slot::lock(), PATIENCE)?;
            let Some(mut kept) = load(ports)? else { return Ok(Tries::default()) };
            if kept.tries.notice_restart(read_clocks(ports)) {
                save(ports, &kept)?;
            }
            Ok(kept.tries)
        });
        tries.await?.map_err(vault_problem)
    }

    /// Holds a PIN against the one that was chosen. The try is kept as a wrong one before it is known to be right.
    async fn try_pin(&self, pin: Pin) -> Result<Tried, Problem> {
        let tried = self.blocking(move |ports| {
            let _lock = ports.vault.lock(&Slot::lock(), PATIENCE)?;
            let Some(mut kept) = load(ports)? else { return Ok(Tried::Right) };
            let now = read_clocks(ports);
            kept.tries.notice_restart(now);
            if kept.tries.begin(now).is_err() {
                return Ok(Tried::TooSoon);
            }
            save(ports, &kept)?;
            if !fits(&kept.verifier, &pin) {
                return Ok(Tried::Wrong);
            }
            kept.tries.succeed();
            save(ports, &kept)?;
            Ok(Tried::Right)
        });
        tried.await?.map_err(vault_problem)
    }

    async fn keep_pin(&self, pin: Pin) -> Result<(), Problem> {
        let salt = Zeroizing::new(self.random::<16>());
        let kept = self.blocking(move |ports| {
            let verifier = make_verifier(&pin, &*salt).ok_or(VaultError::Failed("hold a PIN"))?;
            let tries = Tries::default();
            let _lock = ports.vault.lock(&Slot::lock(), PATIENCE)?;
            save(ports, &KeptLock { version: 1, verifier, tries, rest: BTreeMap::new() })
        });
        kept.await?.map_err(vault_problem)
    }

    /// Leaves every place and forgets everything. What cannot be reached is forgotten all the same.
    async fn erase_all(&self) -> Result<ErasedAll, Problem> {
        let sources = self.records(|records| records.sources()).await?;
        let ends = sources.iter().map(|source| async {
            match self.disconnect(source.id.clone(), true).await {
                Ok(left) => matches!(left.revoked, Revoked::Confirmed | Revoked::NothingLeft),
                Err(_) => false,
            }
        });
        let confirmed = futures::future::join_all(ends).await;
        let forgotten = self.blocking(|ports| {
            for source in ports.records.sources().map_err(records_problem)? {
                ports.vault.remove(&Slot::connection(&source.id)).map_err(vault_problem)?;
                ports.records.erase_source(&source.id).map_err(records_problem)?;
            }
            ports.records.forget_choices().map_err(records_problem)?;
            for slot in ports.vault.slots().map_err(vault_problem)? {
                // What tells places that our access ended waits until it can be told.
                if !slot.is_revocation() {
                    ports.vault.remove(&slot).map_err(vault_problem)?;
                }
            }
            Ok(())
        });
        forgotten.await??;
        self.attempts().clear();
        *self.0.door.lock().await = Some(lock::Door::new(false));
        self.announce_change();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(ErasedAll {
            places: count(sources.len()),
            not_confirmed: count(confirmed.iter().filter(|confirmed| !**confirmed).count()),
        })
    }
}

fn read_clocks(ports: &Ports) -> Reading {
    Reading { wall: ports.clock.now(), uptime: ports.clock.uptime() }
}

fn load(ports: &Ports) -> Result<Option<KeptLock>, VaultError> {
    let Some(bytes) = ports.vault.load(&Slot::lock())? else { return Ok(None) };
    serde_json::from_slice(&bytes).map(Some).map_err(|_| VaultError::Damaged)
}

fn save(ports: &Ports, kept: &KeptLock) -> Result<(), VaultError> {
    let bytes = serde_json::to_vec(kept).map_err(|_| VaultError::Failed("write a lock down"))?;
    ports.vault.save(&Slot::lock(), &Zeroizing::new(bytes))
}

fn make_verifier(pin: &Pin, salt: &[u8]) -> Option<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    let salt = SaltString::encode_b64(salt).ok()?;
    let slow = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let made = slow.hash_password(pin.digits().as_bytes(), &salt).ok()?;
    Some(made.to_string())
}

/// Whether a PIN is the one; what cannot be read fits none.
fn fits(verifier: &str, pin: &Pin) -> bool {
    // The parameters are those that stand in what was kept.
    PasswordHash::new(verifier)
        .is_ok_and(|kept| Argon2::default().verify_password(pin.digits().as_bytes(), &kept).is_ok())
}

impl Reply<ShowDoor> for Engine {
    async fn reply(&self, _: ShowDoor) -> Result<Door, Problem> {
        self.at_door(|_, _| (), false).await
    }
}

impl Reply<NoteAway> for Engine {
    async fn reply(&self, question: NoteAway) -> Result<Door, Problem> {
        self.at_door(|door, now| door.note_away(question.away, now), false).await
    }
}

impl Reply<LockNow> for Engine {
    async fn reply(&self, _: LockNow) -> Result<Door, Problem> {
        self.at_door(|door, _| door.lock(), false).await
    }
}

impl Reply<LeavePrivate> for Engine {
    async fn reply(&self, _: LeavePrivate) -> Result<Door, Problem> {
        self.at_door(|door, _| door.leave_private(), false).await
    }
}

impl Reply<Unlock> for Engine {
    async fn reply(&self, question: Unlock) -> Result<Door, Problem> {
        match self.try_pin(question.pin).await? {
            Tried::Right => self.at_door(|door, _| door.open(question.private), false).await,
            Tried::Wrong => self.note_wrong().await,
            Tried::TooSoon => self.at_door(|_, _| (), false).await,
        }
    }
}

impl Reply<SetPin> for Engine {
    async fn reply(&self, question: SetPin) -> Result<Door, Problem> {
        if !is_good_pin(question.pin.digits()) {
            return Err(Problem::Refused { reason: Refusal::PinGuessable });
        }
        if self.has_pin().await? {
            let Some(old) = question.old else { return Err(Problem::NeedsPin) };
            match self.try_pin(old).await? {
                Tried::Right => {}
                Tried::Wrong => return self.note_wrong().await,
                Tried::TooSoon => return self.at_door(|_, _| (), false).await,
            }
        }
        self.keep_pin(question.pin).await?;
        self.at_door(|door, _| door.set_pin(true), false).await
    }
}

impl Reply<RemovePin> for Engine {
    async fn reply(&self, question: RemovePin) -> Result<Door, Problem> {
        match self.try_pin(question.pin).await? {
            Tried::Right => {
                let removed = self.blocking(|ports| ports.vault.remove(&Slot::lock())).await?;
                removed.map_err(vault_problem)?;
                self.at_door(|door, _| door.set_pin(false), false).await
            }
            Tried::Wrong => self.note_wrong().await,
            Tried::TooSoon => self.at_door(|_, _| (), false).await,
        }
    }
}

impl Reply<EraseAll> for Engine {
    async fn reply(&self, _: EraseAll) -> Result<ErasedAll, Problem> {
        self.erase_all().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_fits_what_was_made_of_it_and_no_other_does() {
        let verifier = make_verifier(&Pin::new("274913"), &[7; 16]).unwrap();

        assert!(verifier.starts_with("$argon2id$v=19$m=65536,t=3,p=4$"), "{verifier}");
        assert!(fits(&verifier, &Pin::new("274913")));
        assert!(!fits(&verifier, &Pin::new("274914")));
        assert!(!fits("no verifier", &Pin::new("274913")));
    }
}

//! What the laboratories need of an engine: a demand without the token, the record without its secrets, no kernel lock.
//!
//! In: an engine and a connection. Out: numbers and codes.
//! Never: a token; and never in a release, which is built without the feature `testing`.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use handrail_contract::{Problem, place::SourceId};
use handrail_core::{refresh::Want, vault::Phase};
use zeroize::Zeroizing;

use crate::{
    engine::Engine,
    exchange::NoToken,
    ports::{Http, HttpError, HttpRequest, HttpResponse, Slot, SlotLock, Vault, VaultError},
};

/// Demands a token, as a fetch does: any that works, or after a 401 one newer than a generation.
///
/// # Errors
/// Why there is none, as a code.
pub async fn demand_token(
    engine: &Engine,
    source: &SourceId,
    newer_than: Option<u64>,
) -> Result<u64, &'static str> {
    let want = newer_than.map_or(Want::Fresh, Want::NewerThan);
    let token = engine.demand_token(source, want).await.map_err(name)?;
    Ok(token.generation)
}

/// The generation that is sealed for a connection, and the phase it is in.
///
/// # Errors
/// Why it cannot be read, as a code.
pub async fn read_sealed(
    engine: &Engine,
    source: &SourceId,
) -> Result<(u64, &'static str), &'static str> {
    let record = engine.load_record(&Slot::connection(source)).await.map_err(name)?;
    let phase = match record.phase {
        Phase::Idle => "idle",
        Phase::InFlight { .. } => "in_flight",
        Phase::SignedOut { .. } => "signed_out",
    };
    Ok((record.generation, phase))
}

/// Takes a connection off the list and leaves its tokens: as a process that died between the two.
///
/// # Errors
/// The records cannot be written.
pub async fn unlist(engine: &Engine, source: &SourceId) -> Result<(), Problem> {
    let source = source.clone();
    engine.records(move |records| records.erase_source(&source)).await
}

/// The same engine with a vault whose lock locks nothing: what a laboratory must notice.
#[must_use]
pub fn without_locks(engine: &Engine) -> Engine {
    with_locks(engine, || Ok(SlotLock::new(())))
}

/// The same engine while another process holds every slot.
#[must_use]
pub fn while_others_hold(engine: &Engine) -> Engine {
    with_locks(engine, || Err(VaultError::Busy))
}

/// The same engine while the keyring is locked: what is sealed is there, and nothing of it can be read or written.
#[must_use]
pub fn while_the_key_is_locked(engine: &Engine) -> Engine {
    let mut ports = engine.0.ports.clone();
    ports.vault = Arc::new(KeyLocked(ports.vault));
    Engine::new(ports, engine.0.registry.clone(), engine.0.policy)
}

struct KeyLocked(Arc<dyn Vault>);

impl Vault for KeyLocked {
    fn load(&self, slot: &Slot) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        // Whether there is anything is seen without the key.
        let is_there = self.0.slots()?.contains(slot);
        if is_there { Err(VaultError::Locked) } else { Ok(None) }
    }

    fn save(&self, _: &Slot, _: &[u8]) -> Result<(), VaultError> {
        Err(VaultError::Locked)
    }

    fn remove(&self, slot: &Slot) -> Result<bool, VaultError> {
        self.0.remove(slot)
    }

    fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        self.0.slots()
    }

    fn lock(&self, slot: &Slot, patience: Duration) -> Result<SlotLock, VaultError> {
        self.0.lock(slot, patience)
    }
}

/// The same engine over a network that panics at each request, and says all that it can say about it.
#[must_use]
pub fn with_panicking_network(engine: &Engine) -> Engine {
    let mut ports = engine.0.ports.clone();
    ports.http = Arc::new(Panicking);
    Engine::new(ports, engine.0.registry.clone(), engine.0.policy)
}

struct Panicking;

#[async_trait]
impl Http for Panicking {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        panic!("{request:?}")
    }
}

type Locking = fn() -> Result<SlotLock, VaultError>;

fn with_locks(engine: &Engine, locking: Locking) -> Engine {
    let mut ports = engine.0.ports.clone();
    ports.vault = Arc::new(OddlyLocked(ports.vault, locking));
    Engine::new(ports, engine.0.registry.clone(), engine.0.policy)
}

struct OddlyLocked(Arc<dyn Vault>, Locking);

impl Vault for OddlyLocked {
    fn load(&self, slot: &Slot) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.0.load(slot)
    }

    fn save(&self, slot: &Slot, bytes: &[u8]) -> Result<(), VaultError> {
        self.0.save(slot, bytes)
    }

    fn remove(&self, slot: &Slot) -> Result<bool, VaultError> {
        self.0.remove(slot)
    }

    fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        self.0.slots()
    }

    fn lock(&self, _: &Slot, _: Duration) -> Result<SlotLock, VaultError> {
        (self.1)()
    }

    fn rest(&self) {
        self.0.rest();
    }
}

fn name(error: NoToken) -> &'static str {
    match error {
        NoToken::SignedOut => "signed_out",
        NoToken::Resting(_) => "resting",
        NoToken::Newer => "newer",
        NoToken::Ours(_) => "our_fault",
        NoToken::Vault(VaultError::Busy) => "busy",
        NoToken::Vault(VaultError::Locked) => "locked",
        NoToken::Vault(VaultError::CannotWrite(_)) => "cannot_write",
        NoToken::Vault(VaultError::WrongKey) => "wrong_key",
        NoToken::Vault(VaultError::Damaged) => "damaged",
        NoToken::Vault(VaultError::Newer) => "newer",
        NoToken::Vault(VaultError::Failed(_)) => "failed",
    }
}

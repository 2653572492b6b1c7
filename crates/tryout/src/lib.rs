//! The whole app over made-up people and places, for whoever wants to show it or to try it.
//!
//! In: a person's own engine, and the wish to try. Out: another engine in its place, with places connected already.
//! Never: a socket, a file, a key that is kept, or anything of the person's own but the looks they chose.
//!
//! The places are the sandbox's, called in the process (docs/adr/0021). All of it is gone when it is left.

mod http;
mod person;
mod vault;

use std::sync::{Arc, Mutex, PoisonError};

use handrail_contract::{
    Problem,
    lock::{Door, LockNow, ShowDoor},
    place::Role,
    settings::{ChangeSettings, Looks},
    sign_in::{BeginSignIn, ShowSignIn, Stage},
};
use handrail_engine::{
    Answer as _, Engine, OpenError, OsEntropy, Policy, Ports, Registry, SystemClock,
    ports::Network, records::SqliteRecords,
};
use handrail_sandbox::{Options, Place, open_places};
use serde_json::json;
use url::Url;

use crate::{http::WithinProcess, person::MadeUpPerson, vault::MemoryVault};

/// Names that belong to nobody (RFC 2606 section 2). No request ever leaves for them.
const ORIGINS: [&str; 3] =
    ["https://elmstreet.example", "https://tworivers.example", "https://brightharvest.example"];

/// What a shell shows: the person's own engine, or a tryout in its place.
#[derive(Default)]
pub struct OnShow(Mutex<Option<Engine>>);

impl OnShow {
    /// The engine that questions go to.
    pub fn engine(&self, own: Engine) -> Engine {
        self.slot().clone().unwrap_or(own)
    }

    /// Puts a tryout before the person's own engine, which is locked if it has a PIN: whoever tries the app is perhaps
    /// not whose app it is.
    ///
    /// # Errors
    /// The app is locked, or the tryout did not come about. Then nothing is put before it.
    pub async fn begin(&self, own: &Engine) -> Result<Engine, Problem> {
        // Asked of the door itself: what opens it is answered while it is locked.
        if own.answer(ShowDoor {}).await?.locked {
            return Err(Problem::Locked);
        }
        let door = own.answer(LockNow {}).await?;
        let tryout = open_tryout(&door.looks).await?;
        *self.slot() = Some(tryout.clone());
        Ok(tryout)
    }

    /// Drops the tryout with everything in it, and says how the person's own engine stands.
    ///
    /// # Errors
    /// The own engine's.
    pub async fn leave(&self, own: &Engine) -> Result<Door, Problem> {
        *self.slot() = None;
        own.answer(ShowDoor {}).await
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Engine>> {
        // What is under the lock is one value, replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An engine over places that were just made up, each of them connected.
async fn open_tryout(looks: &Looks) -> Result<Engine, Problem> {
    let origins = ORIGINS.map(|origin| Url::parse(origin).expect("the origins are URLs"));
    let places: Arc<[Place]> = open_places(&origins, &Options::default()).into();
    let records = SqliteRecords::in_memory().map_err(|error| OpenError::from(error).problem())?;
    let ports = Ports {
        http: Arc::new(WithinProcess(places.clone())),
        network: Arc::new(NoNetworkNeeded),
        records: Arc::new(records),
        vault: Arc::new(MemoryVault::default()),
        browser: Arc::new(MadeUpPerson::new(places.clone())),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
    };
    let engine = Engine::over_made_up(ports, list_partners(&places));
    let Looks { language, text_size, theme, covers } = *looks;
    let same_looks = ChangeSettings {
        language: Some(language),
        text_size: Some(text_size),
        theme: Some(theme),
        covers: Some(covers),
        how_often: None,
        tells_news: None,
    };
    engine.answer(same_looks).await?;
    // One after the other, so that they stand in the same order each time.
    for place in &*places {
        connect(&engine, place).await?;
    }
    Ok(engine)
}

/// The places that know the app beforehand, as a registry has them; at the others it introduces itself.
fn list_partners(places: &[Place]) -> Registry {
    let known = places.iter().filter_map(|place| Some((place, place.client_id.as_deref()?)));
    let rows = known.map(|(place, client_id)| {
        json!({
            "fhir_base": place.fhir_base,
            "name": place.name,
            "issuer": place.issuer,
            "authorization_endpoint": format!("{}/authorize", place.issuer),
            "token_endpoint": format!("{}/token", place.issuer),
            "revocation_endpoint": format!("{}/revoke", place.issuer),
            "client_id": client_id,
            "rotation": "strict",
        })
    });
    let list = json!({ "version": 1, "rows": rows.collect::<Vec<_>>() });
    Registry::parse(list.to_string().as_bytes(), Policy::DEVELOPER)
        .expect("a test parses these rows")
}

/// Confirms a place's code, signs in and reads for the first time, as a person would.
async fn connect(engine: &Engine, place: &Place) -> Result<(), Problem> {
    let mut changes = engine.changes();
    let text = place.invitation();
    let begun = engine.answer(BeginSignIn { text, role: Role::Patient }).await?;
    loop {
        let shown = engine.answer(ShowSignIn { attempt: begun.attempt.clone() }).await?;
        match shown.stage {
            Stage::Connected { .. } => return Ok(()),
            Stage::Refused { reason, .. } => return Err(Problem::Refused { reason }),
            Stage::Preparing
            | Stage::InBrowser { .. }
            | Stage::Exchanging
            | Stage::Fetching { .. } => {}
        }
        if changes.changed().await.is_err() {
            return Err(Problem::Gone);
        }
    }
}

/// The made-up places are here, whatever the device can reach.
struct NoNetworkNeeded;

impl Network for NoNetworkNeeded {
    fn is_offline(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;

//! The ports in memory, for tests and labs: servers that behave, a person who signs in, a clock turned by hand.
//!
//! In: hosts with their habits, and which faults to make. Out: everything an [`Engine`] needs.
//! Never: a socket, the time of day, or an answer that no server would give.
//!
//! Records in memory are [`SqliteRecords::in_memory`](crate::records::SqliteRecords::in_memory): the real thing,
//! which dies with its process.

#![allow(clippy::unwrap_used, reason = "tests, made for other crates too")]

mod at_work;
mod clock;
mod entropy;
mod faults;
mod authorization;
mod shelf;
mod world;
mod person;

pub use at_work::{
    demand_token, read_sealed, unlist, while_others_hold, while_the_key_is_locked,
    with_panicking_network, without_locks,
};
pub use authorization::{Counts, Ended, How};
pub use clock::HandClock;
pub use entropy::SeededEntropy;
pub use faults::{Fault, Faults};
pub use person::{Person, connect, sign_in_again};
pub use world::{Habits, World};

use std::sync::Arc;

use handrail_core::fhir::base::Policy;

use crate::{
    Engine, Ports,
    ports::{Records, Vault},
};

/// The engine over a world, and over whatever keeps its things. The phone's clock may differ from the world's.
pub fn assemble(
    world: &World,
    clock: &HandClock,
    records: Arc<dyn Records>,
    vault: Arc<dyn Vault>,
    seed: u64,
) -> Engine {
    let ports = Ports {
        http: Arc::new(world.clone()),
        network: Arc::new(world.clone()),
        records,
        vault,
        browser: Arc::new(Person::new(world)),
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(SeededEntropy::new(seed)),
    };
    Engine::new(ports, world.registry(), Policy::RELEASE)
}

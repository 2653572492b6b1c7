//! Does what the core decides, through ports.
//!
//! In: questions of a shell, and wake-ups. Out: answers that are ready to show.
//! Never: a decision of its own, or knowledge of which shell it serves.

pub mod ports;

mod act;
mod activity;
mod answers;
mod check;
mod clock;
mod connect;
mod disconnect;
mod employers;
mod engine;
mod exchange;
mod export;
mod fetch;
mod forms;
mod held;
mod links;
mod lock;
mod network;
mod oauth;
mod picture;
mod settings;
mod sign_in;

pub mod browser;
pub mod http;
pub mod keys;
pub mod memory;
pub mod places;
pub mod records;
pub mod registry;
pub mod vault;

#[cfg(feature = "testing")]
pub mod testing;

pub use answers::Answer;
pub use check::{GLANCE, TURN, Which};
pub use clock::{OsEntropy, SystemClock};
pub use engine::{Engine, OpenError, Ports, Setup, open, open_on_device};
pub use handrail_core::{
    authorize::phone_redirect,
    connect::Registry,
    fhir::base::Policy,
    session::{TurnEnd, end_turn},
    vault::keys::{KeyPlace, Keys},
};
pub use held::HeldKey;
pub use picture::read_picture;
pub use sign_in::refusal_note;

/// Whether this build may speak http to loopback: only with the feature `developer`.
pub const POLICY: Policy =
    if cfg!(feature = "developer") { Policy::DEVELOPER } else { Policy::RELEASE };

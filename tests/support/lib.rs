//! Servers, shells and people for the journeys.

pub mod person;
pub mod life;
pub mod wait;
pub mod phone;
pub mod saved;
pub mod requests;
pub mod screen;
pub mod texts;
pub mod tour;
pub mod album;
pub mod window;
pub mod preview;
pub mod foreign;
pub mod driver;
pub mod pictures;
pub mod child;
pub mod programs;
#[cfg(target_os = "linux")]
pub mod keyring;
#[cfg(target_os = "linux")]
pub mod notices;

//! Servers, shells and people for the journeys.

pub mod foreign;
pub mod person;

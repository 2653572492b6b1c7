//! The sandbox as apps and browsers meet it: over real HTTP on loopback.

mod app;
mod faults;
mod fhir_read;
mod fhir_write;
mod sign_in;
mod tokens;

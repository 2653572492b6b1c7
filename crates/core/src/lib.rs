//! Every decision Handrail makes, and no I/O.
//!
//! The journey, in the order the data travels:
//!
//! ```text
//! scan → connect → authorize → vault → refresh → fetch → store → view
//! ```
//!
//! In: texts, answers of servers, instants and random bytes. Out: what to do, what to keep, what to show.
//! Never: a clock, a socket, a file or a random number; the caller brings those.

pub mod scan;
pub mod connect;
pub mod authorize;
pub mod vault;
pub mod refresh;
pub mod fetch;
pub mod store;
pub mod view;

pub mod act;
pub mod session;
pub mod settings;
pub mod lock;
pub mod activity;
pub mod token;
pub mod fhir;
pub mod written;
pub mod form;

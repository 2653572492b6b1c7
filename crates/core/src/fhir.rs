//! Resources as the wire has them: kept whole, read narrowly.
//!
//! In: JSON that a server sent. Out: the few elements that a step needs.
//! Never: an error for what is missing or of the wrong shape; that is read as absent, and the rest stays readable.

pub mod base;
pub mod element;
pub mod reference;
pub mod time;
pub mod task;
pub mod request;
pub mod text;

pub use base::FhirBase;

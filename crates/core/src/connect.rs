//! Finding out how a place wants to be signed in to.
//!
//! In: an invitation, the registry's row for it if there is one, and what the place says about itself.
//! Out: the [`Server`] to sign in at, the name under which it knows this app, and the scopes to ask for; or a refusal.
//! Never: a request, and never an endpoint, a scope or a token that came from a code.

mod endpoint;
mod registry;
mod discovery;
mod client;
mod scopes;
mod reach;
mod brands;
mod choose;
mod imitation;
mod verdict;
#[cfg(test)]
mod descriptions;

pub use brands::{Brand, Brands, BrandsError, MAX_BYTES as MAX_BRANDS_BYTES, read_brands};
pub use choose::list_places;
pub use client::{Client, choose_client, read_registration, registration_body};
pub use discovery::{
    Server, Trust, discovery_url, old_discovery_url, read_discovery, read_old_discovery,
};
pub use endpoint::follow_hop;
pub use reach::may_reach;
pub use registry::{
    MAX_BYTES as MAX_REGISTRY_BYTES, Registry, RegistryError, RegistryKey, Rotation, Row,
    text_to_sign, write_signed,
};
pub use scopes::choose_scopes;
pub use verdict::verdict;

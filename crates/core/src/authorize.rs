//! Signing in: the address to open, the redirect that comes back, and what the tokens' answer grants.
//!
//! In: a server, a client id, random bytes and an instant; later a redirect and a token response.
//! Out: a [`PendingSignIn`] to seal before the browser opens, then a code, then a [`Grant`].
//! Never: a page, a socket or a random number; and never a second use of one pending sign-in, which is the
//! caller's to remove before it uses the code.

mod pending;
mod redirect;
mod token_response;
mod grant;
mod id_token;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod edits;

pub use grant::{Grant, read_grant, renew};
pub use id_token::{IdTokenError, Keys, read_fhir_user, read_keys};
pub use pending::{FormatError, LIFETIME, PendingSignIn, begin, phone_redirect, redirect_path};
pub use redirect::{CallbackError, read_redirect};
pub use token_response::{SmartClient, SmartTokenResponse, smart_client};

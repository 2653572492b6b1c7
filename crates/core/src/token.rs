//! Tokens and other secrets: they do not print themselves, and they are wiped when dropped.

use secrecy::{ExposeSecret, SecretString};

macro_rules! secret {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone)]
            pub struct $name(SecretString);

            impl $name {
                /// Takes the text over; the caller should not keep a copy.
                pub fn new(text: impl Into<String>) -> Self {
                    Self(SecretString::from(text.into()))
                }

                /// The text itself, for the wire and the vault only.
                pub fn expose(&self) -> &str {
                    self.0.expose_secret()
                }
            }

            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($name), "(…)"))
                }
            }

            impl PartialEq for $name {
                fn eq(&self, other: &Self) -> bool {
                    self.expose() == other.expose()
                }
            }

            impl Eq for $name {}
        )*
    };
}

secret! {
    /// Opens a server's data for a short time (RFC 6749 section 1.4).
    AccessToken;
    /// Gets the next access token (RFC 6749 section 1.5). Servers rotate it: never sent twice without need.
    RefreshToken;
    /// The one-time code of a redirect (RFC 6749 section 1.3.1).
    AuthorizationCode;
    /// The verifier behind a PKCE challenge (RFC 7636 section 4.1).
    PkceVerifier;
    /// Says who signed in (OpenID Connect Core 1.0 section 2). Read once, and never kept.
    IdToken;
    /// Ties a redirect to the sign-in that we started (RFC 6749 section 10.12).
    State;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_does_not_print_itself() {
        let token = RefreshToken::new("canary-7f3a");

        let printed = format!("{token:?} {:?}", Some(&token));

        assert!(!printed.contains("canary"));
    }
}

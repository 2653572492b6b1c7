//! What a place says about its sign-in, and the older or poorer ways in which real ones say it.

use serde::{Deserialize, Serialize};

/// How this place describes itself, and to whom it gives a client id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Discovery {
    /// `/fhir/.well-known/smart-configuration` is there; else 404.
    pub smart_configuration: bool,
    /// `/fhir/metadata` has the `oauth-uris` extension of SMART App Launch 1.0.
    pub oauth_uris: bool,
    /// The spelling of scopes that it lists and grants.
    pub scopes: Spelling,
    /// What comes of a registration; none changes anything at a place that knows its apps beforehand.
    pub registration: Registration,
}

impl Default for Discovery {
    fn default() -> Self {
        Self {
            smart_configuration: true,
            oauth_uris: false,
            scopes: Spelling::Both,
            registration: Registration::Open,
        }
    }
}

/// `permission-v1`, `permission-v2`, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    Both,
    V1,
    V2,
}

impl Spelling {
    /// Whether a scope is spelled in a way that this place knows. Those without a type are in both.
    pub(crate) fn knows(self, scope: &str) -> bool {
        let old = [".read", ".write", ".*"].iter().any(|end| scope.ends_with(end));
        match self {
            Self::Both => true,
            Self::V1 => old || !scope.contains('/'),
            Self::V2 => !old,
        }
    }

    pub(crate) fn capabilities(self) -> &'static [&'static str] {
        match self {
            Self::Both => &["permission-v1", "permission-v2"],
            Self::V1 => &["permission-v1"],
            Self::V2 => &["permission-v2"],
        }
    }
}

/// What comes of a registration (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// As asked.
    Open,
    /// No registration endpoint is named, and there is none.
    Closed,
    /// 201, for another redirect address than the one that was asked for.
    OtherRedirect,
    /// 201, for an app that keeps a secret.
    Confidential,
    /// The endpoint that is named lies at another origin.
    At { endpoint: String },
}

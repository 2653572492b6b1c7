//! The service base URL of a FHIR server (FHIR R4 section 3.1.0.1.2), and what lies under it.

use handrail_contract::code::HostParts;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Whether plain http on loopback is allowed: the sandbox and the tests, never a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    pub developer: bool,
}

impl Policy {
    /// https only.
    pub const RELEASE: Self = Self { developer: false };
    /// https, and http to `127.0.0.1` or `localhost`.
    pub const DEVELOPER: Self = Self { developer: true };

    /// Whether a request may go to this address as far as scheme and host tell.
    pub fn allows(self, url: &Url) -> bool {
        let loopback = matches!(url.host(), Some(Host::Ipv4(ip)) if ip.octets() == [127, 0, 0, 1])
            || url.host_str() == Some("localhost");
        match url.scheme() {
            "https" => matches!(url.host(), Some(Host::Domain(_))),
            "http" => self.developer && loopback,
            _ => false,
        }
    }
}

/// The address of a FHIR server, without a trailing slash. Compared letter by letter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FhirBase(Url);

/// Why a text is no FHIR base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a FHIR server")]
pub struct NotABase;

impl FhirBase {
    /// Takes an absolute URL without user name, query and fragment. The policy was checked by `scan`.
    ///
    /// # Errors
    /// Anything else.
    pub fn new(mut url: Url) -> Result<Self, NotABase> {
        let fit = matches!(url.scheme(), "https" | "http")
            && url.host().is_some()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !fit {
            return Err(NotABase);
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The base as it is sent in `aud` and compared: without a trailing slash.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The host in ASCII, with the port where it is not the scheme's own.
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        match self.0.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// The host, split at the part that somebody registered (public suffix list).
    pub fn host_parts(&self) -> HostParts {
        let host = self.host();
        let bare = self.0.host_str().unwrap_or_default();
        let registered = match self.0.host() {
            Some(Host::Domain(domain)) => psl::domain_str(domain).unwrap_or(bare),
            _ => bare,
        };
        let start = bare.len() - registered.len();
        HostParts { before: host[..start].to_owned(), registered: host[start..].to_owned() }
    }

    /// The registrable domain, or the whole host where it has none.
    pub fn registrable_domain(&self) -> &str {
        registrable_domain(&self.0)
    }

    /// The address of something under the base, such as `Task?patient=1` or `.well-known/smart-configuration`.
    pub fn join(&self, relative: &str) -> Option<Url> {
        Url::parse(&format!("{}/{}", self.as_str(), relative.trim_start_matches('/'))).ok()
    }

    /// Whether the URL has the base's scheme, host and port and lies under its path. Only such URLs may see a token.
    pub fn contains(&self, url: &Url) -> bool {
        let under = url.path() == self.0.path()
            || self.0.path() == "/"
            || url.path().strip_prefix(self.0.path()).is_some_and(|rest| rest.starts_with('/'));
        url.origin() == self.0.origin()
            && under
            && url.username().is_empty()
            && url.password().is_none()
    }

    /// The address of a page that a browser may open: https, without anybody's name or password, and not on the server
    /// itself, which would ask for our token.
    pub fn read_page(&self, address: &str) -> Option<Url> {
        let page = Url::parse(address.trim()).ok()?;
        let is_open = page.scheme() == "https"
            && page.host_str().is_some_and(|host| !host.is_empty())
            && page.username().is_empty()
            && page.password().is_none()
            && !self.contains(&page);
        is_open.then_some(page)
    }

    /// The same as a [`Url`].
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// The registrable domain of a URL's host, or the whole host where it has none.
pub fn registrable_domain(url: &Url) -> &str {
    let bare = url.host_str().unwrap_or_default();
    match url.host() {
        Some(Host::Domain(domain)) => psl::domain_str(domain).unwrap_or(bare),
        _ => bare,
    }
}

impl TryFrom<String> for FhirBase {
    type Error = NotABase;

    fn try_from(text: String) -> Result<Self, NotABase> {
        Self::new(Url::parse(&text).map_err(|_| NotABase)?)
    }
}

impl From<FhirBase> for String {
    fn from(base: FhirBase) -> Self {
        base.as_str().to_owned()
    }
}

impl std::fmt::Display for FhirBase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> FhirBase {
        FhirBase::try_from(text.to_owned()).unwrap()
    }

    #[test]
    fn a_url_on_another_origin_or_beside_the_path_is_not_under_the_base() {
        let base = base("https://health.elm.example/fhir/r4/");

        let under = |text: &str| base.contains(&Url::parse(text).unwrap());

        assert!(under("https://health.elm.example/fhir/r4/Task?x=1"));
        assert!(under("https://health.elm.example/fhir/r4"));
        assert!(!under("https://health.elm.example/fhir/r40/Task"));
        assert!(!under("https://health.elm.example/fhir/r4/../../steal"));
        assert!(!under("https://health.elm.example:8443/fhir/r4/Task"));
        assert!(!under("http://health.elm.example/fhir/r4/Task"));
        assert!(!under("https://me@health.elm.example/fhir/r4/Task"));
        assert!(!under("https://elm.example/fhir/r4/Task"));
    }

    #[test]
    fn the_registered_part_of_a_host_is_told_apart() {
        let parts = base("https://health.elmstreet.co.uk:8443/fhir").host_parts();

        assert_eq!((&*parts.before, &*parts.registered), ("health.", "elmstreet.co.uk:8443"));
    }

    #[test]
    fn only_a_developer_build_speaks_http_and_only_to_loopback() {
        let allows = |policy: Policy, text: &str| policy.allows(&Url::parse(text).unwrap());

        assert!(allows(Policy::DEVELOPER, "http://127.0.0.1:8461/fhir"));
        assert!(!allows(Policy::DEVELOPER, "http://192.168.0.1/fhir"));
        assert!(!allows(Policy::RELEASE, "http://127.0.0.1:8461/fhir"));
        assert!(!allows(Policy::RELEASE, "https://203.0.113.7/fhir"));
        assert!(allows(Policy::RELEASE, "https://elm.example/fhir"));
    }
}

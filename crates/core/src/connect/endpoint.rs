//! Addresses that a place names: where a request may go.

use url::Url;

use crate::{
    fhir::{FhirBase, base::Policy},
    scan::judge_host,
};

/// As long as any address we take.
const MAX_ADDRESS: usize = 2_048;

/// An address that a server or a registry names, where a request may go. Relative ones start at the base.
pub(super) fn judge_endpoint(text: &str, base: &FhirBase, policy: Policy) -> Option<Url> {
    let plain = text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>'));
    if text.is_empty() || text.len() > MAX_ADDRESS || !plain {
        return None;
    }
    let start = Url::parse(&format!("{base}/")).expect("a base ends where a slash may follow");
    let url = start.join(text).ok()?;
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let fit = bare && policy.allows(&url) && judge_host(url.host_str()?, policy).is_ok();
    fit.then_some(url)
}

/// Where an answer to the first request of a discovery sends us, if that is the same origin. Followed once and no
/// further; everything else of the app follows no redirect at all.
///
/// Some servers move the description within themselves. Whoever answers at an origin answers for all of it, so that
/// nothing is trusted here that was not before.
pub fn follow_hop(asked: &Url, status: u16, location: Option<&str>) -> Option<Url> {
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let text = location.filter(|text| text.len() <= MAX_ADDRESS && !text.contains('\\'))?;
    let mut to = asked.join(text).ok()?;
    to.set_fragment(None);
    let bare = to.username().is_empty() && to.password().is_none();
    (bare && to.origin() == asked.origin() && to != *asked).then_some(to)
}

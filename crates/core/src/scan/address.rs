//! An address, taken apart as it is written; nothing is mended on the way.

use handrail_contract::problem::Refusal;
use url::Url;

use super::host::{has_known_suffix, judge_host};
use crate::fhir::base::Policy;

/// The parts of an address, each judged.
#[derive(Debug)]
pub(super) struct Address {
    /// Scheme, host, port and path: what requests could be sent to.
    pub url: Url,
    pub query: Option<String>,
    pub fragment: Option<String>,
}

/// The scheme before a colon, if there is one. `elm.example:8443` has none: a host and its port.
pub(super) fn cut_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let first = scheme.bytes().next()?;
    let fit = first.is_ascii_alphabetic()
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let port = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let is_host = scheme.contains('.') || scheme.eq_ignore_ascii_case("localhost");
    (fit && !(is_port && is_host)).then_some((scheme, rest))
}

/// Reads a text with its scheme, or one that somebody typed without.
pub(super) fn read_address(text: &str, policy: Policy) -> Result<Address, Refusal> {
    match cut_scheme(text) {
        Some((scheme, rest)) => read_with_scheme(&scheme.to_ascii_lowercase(), rest, policy),
        None => read_typed(text, policy),
    }
}

fn read_with_scheme(scheme: &str, rest: &str, policy: Policy) -> Result<Address, Refusal> {
    match (scheme, rest.strip_prefix("//")) {
        ("https" | "http", Some(rest)) => read_rest(scheme, rest, policy),
        ("https" | "http", None) => Err(Refusal::NotAnAddress),
        ("ws" | "ftp", _) => Err(Refusal::NotLocked),
        _ => Err(Refusal::OtherApp),
    }
}

fn read_typed(text: &str, policy: Policy) -> Result<Address, Refusal> {
    let authority = text.split(['/', '?', '#', '\\']).next().unwrap_or(text);
    if authority.contains('@') {
        return Err(Refusal::HidesAddress);
    }
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let local = policy.developer && matches!(host, "localhost" | "127.0.0.1");
    if text.contains(char::is_whitespace)
        || !(local || is_bracketed(authority) || host.contains('.'))
    {
        return Err(Refusal::NotAnAddress);
    }
    let address = read_rest(if local { "http" } else { "https" }, text, policy)?;
    // Without a scheme, `v1.2` or `hello.there` is a word as likely as a name.
    let known = local || address.url.host_str().is_some_and(|host| has_known_suffix(host, policy));
    if known { Ok(address) } else { Err(Refusal::NotAnAddress) }
}

/// `[::1]`, with or without a port; the beginning of a list in JSON is none.
fn is_bracketed(authority: &str) -> bool {
    authority.starts_with('[') && authority.contains(']')
}

/// Judges everything after `scheme://`.
fn read_rest(scheme: &str, rest: &str, policy: Policy) -> Result<Address, Refusal> {
    if rest.contains('\\') {
        return Err(Refusal::HidesAddress);
    }
    if rest.contains(char::is_whitespace) {
        return Err(Refusal::NotAnAddress);
    }
    let (rest, fragment) = cut(rest, '#');
    let (rest, query) = cut(rest, '?');
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    if authority.contains('@') {
        return Err(Refusal::HidesAddress);
    }
    if authority.is_empty() {
        return Err(Refusal::NotAnAddress);
    }
    let (host, port) = cut_port(authority)?;
    if scheme == "http" && !(policy.developer && matches!(host, "localhost" | "127.0.0.1")) {
        return Err(Refusal::NotLocked);
    }
    // `https://https://…`, and an address in the path that looks like the one it leads to.
    if matches!(host, "http" | "https") {
        return Err(Refusal::HidesAddress);
    }
    let host = judge_host(host, policy)?;
    judge_path(path)?;
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let url =
        Url::parse(&format!("{scheme}://{host}{port}{path}")).map_err(|_| Refusal::NotAnAddress)?;
    // The parser must have understood what we judged.
    if url.host_str() != Some(&host) || !policy.allows(&url) {
        return Err(Refusal::SpecialAddress);
    }
    Ok(Address { url, query: query.map(str::to_owned), fragment: fragment.map(str::to_owned) })
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn cut_port(authority: &str) -> Result<(&str, Option<u16>), Refusal> {
    if authority.starts_with('[') {
        return Err(Refusal::SpecialAddress);
    }
    let Some((host, port)) = authority.split_once(':') else {
        return Ok((authority, None));
    };
    // `https://https://…` has an empty port.
    if port.is_empty() {
        return Err(Refusal::HidesAddress);
    }
    let digits =
        port.len() <= 5 && port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    match port.parse() {
        Ok(port) if digits => Ok((host, Some(port))),
        _ => Err(Refusal::NotAnAddress),
    }
}

/// Paths of servers are plain: no second address, nothing climbing, nothing escaped that would change where it goes.
fn judge_path(path: &str) -> Result<(), Refusal> {
    let plain = path
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/%!$&'()*+,;=:@".contains(&byte));
    if !plain {
        return Err(Refusal::NotAnAddress);
    }
    let lower = path.to_ascii_lowercase();
    let escaped = ["%2f", "%5c", "%2e", "%25", "%0", "%1", "%7f", "%3a", "%40", "%23", "%3f"];
    let climbs = path.split('/').any(|segment| matches!(segment, "." | ".."));
    if lower.contains("://") || climbs || escaped.iter().any(|escape| lower.contains(escape)) {
        return Err(Refusal::HidesAddress);
    }
    let escapes_end = path.match_indices('%').all(|(at, _)| {
        path.as_bytes().get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
    });
    if escapes_end { Ok(()) } else { Err(Refusal::NotAnAddress) }
}

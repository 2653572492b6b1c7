//! Links that carry an invitation, and addresses that are one.

use std::borrow::Cow;

use handrail_contract::problem::Refusal;
use url::{Url, form_urlencoded};

use super::{
    Invitation,
    address::{cut_scheme, read_address},
    text::{is_hidden, join_lines},
};
use crate::fhir::{FhirBase, base::Policy};

/// The names under which links carry a FHIR base. Lower case; compared without regard to case.
const BASE_NAMES: &[&str] = &["fhiruri", "iss", "server"];
const NAME_NAMES: &[&str] = &["title", "name"];
const CLIENT_NAMES: &[&str] = &["clientid", "client_id"];

/// No honest base is longer.
const MAX_BASE: usize = 512;
const MAX_NAME_CHARS: usize = 80;
const MAX_NAME_BYTES: usize = 160;
const MAX_CLIENT_ID: usize = 128;

/// What people copy although the base ends before it.
const SUFFIXES: &[&str] = &["/.well-known/smart-configuration", "/metadata"];

/// Hosts that show pages to people, and share no records.
const SITES: &[&str] = &[
    "apps.apple.com",
    "itunes.apple.com",
    "play.google.com",
    "www.google.com",
    "google.com",
    "goo.gl",
    "maps.google.com",
    "docs.google.com",
    "forms.gle",
    "youtube.com",
    "youtu.be",
    "facebook.com",
    "fb.me",
    "instagram.com",
    "twitter.com",
    "x.com",
    "t.co",
    "tiktok.com",
    "linkedin.com",
    "pinterest.com",
    "whatsapp.com",
    "wa.me",
    "t.me",
    "signal.me",
    "bit.ly",
    "tinyurl.com",
    "qrco.de",
    "linktr.ee",
    "ow.ly",
    "rebrand.ly",
    "is.gd",
    "wikipedia.org",
    "paypal.com",
    "paypal.me",
    "venmo.com",
    "zoom.us",
    "eventbrite.com",
    "yelp.com",
    "surveymonkey.com",
    "dropbox.com",
    "drive.google.com",
];

/// Endings of files that browsers and viewers show.
const PAGES: &[&str] = &[
    ".html", ".htm", ".xhtml", ".php", ".asp", ".aspx", ".jsp", ".cgi", ".pdf", ".png", ".jpg",
    ".jpeg", ".gif", ".svg", ".webp", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip",
    ".apk", ".ipa", ".exe", ".dmg", ".mp3", ".mp4", ".mov", ".vcf", ".ics", ".css", ".js", ".txt",
];

/// Reads a cleaned text.
pub(super) fn read_invitation(text: &str, policy: Policy) -> Result<Invitation, Refusal> {
    let text = join_lines(text);
    let text = strip_label(&text);
    match cut_scheme(text) {
        Some((scheme, rest)) if is_app_scheme(scheme) => read_app_link(rest, policy),
        _ => read_web_link(text, policy),
    }
}

/// Reads a text that is a FHIR base and nothing else: no link that carries one, no name, no parameters.
pub(super) fn read_base_text(text: &str, policy: Policy) -> Result<FhirBase, Refusal> {
    let address = read_address(text, policy)?;
    if address.query.is_some() || address.fragment.is_some() {
        return Err(Refusal::Website);
    }
    read_base(address.url)
}

/// Writes an invitation as a link that carries it, or as the base alone where that is all.
pub(super) fn write_invitation(invitation: &Invitation) -> String {
    let base = invitation.fhir_base.as_str();
    if invitation.name.is_none() && invitation.client_id.is_none() {
        return base.to_owned();
    }
    let mut link = invitation.fhir_base.url().clone();
    link.set_path("/");
    link.query_pairs_mut().append_pair("fhirUri", base);
    for (name, value) in [("title", &invitation.name), ("clientId", &invitation.client_id)] {
        if let Some(value) = value {
            link.query_pairs_mut().append_pair(name, value);
        }
    }
    link.into()
}

/// `URL:` before an address is what some makers of codes write.
fn strip_label(text: &str) -> &str {
    match text.split_at_checked(4) {
        Some((label, rest)) if ["url:", "uri:"].contains(&&*label.to_ascii_lowercase()) => {
            rest.trim_start()
        }
        _ => text,
    }
}

fn is_app_scheme(scheme: &str) -> bool {
    !["http", "https", "ws", "wss", "ftp"].contains(&&*scheme.to_ascii_lowercase())
}

/// Another app's link is taken only for the invitation in it; the app is never started.
fn read_app_link(rest: &str, policy: Policy) -> Result<Invitation, Refusal> {
    let Some(rest) = rest.strip_prefix("//") else { return Err(Refusal::OtherApp) };
    let (rest, fragment) =
        rest.split_once('#').map_or((rest, None), |(rest, after)| (rest, Some(after)));
    let query = rest.split_once('?').map(|(_, query)| query);
    read_carried(query, fragment, policy)?.ok_or(Refusal::OtherApp)
}

fn read_web_link(text: &str, policy: Policy) -> Result<Invitation, Refusal> {
    let address = read_address(text, policy)?;
    if let Some(invitation) =
        read_carried(address.query.as_deref(), address.fragment.as_deref(), policy)?
    {
        return Ok(invitation);
    }
    let (url, shortened) = strip_suffix(address.url);
    let bare = |part: &Option<String>| part.as_deref().is_none_or(str::is_empty);
    if !(shortened || bare(&address.query)) || !bare(&address.fragment) {
        return Err(Refusal::Website);
    }
    Ok(Invitation { fhir_base: read_base(url)?, name: None, client_id: None })
}

/// The invitation in a link's parameters, if it carries one.
fn read_carried(
    query: Option<&str>,
    fragment: Option<&str>,
    policy: Policy,
) -> Result<Option<Invitation>, Refusal> {
    // A page's own router may stand before the parameters: `#/connect?fhirUri=…`.
    let fragment = fragment.map(|text| text.split_once('?').map_or(text, |(_, query)| query));
    let parameters: Vec<(Cow<'_, str>, Cow<'_, str>)> = [query, fragment]
        .into_iter()
        .flatten()
        .flat_map(|part| form_urlencoded::parse(part.as_bytes()))
        .collect();
    let Some(base) = find(&parameters, BASE_NAMES)? else { return Ok(None) };
    let base = decode_address(base);
    if cut_scheme(&base).is_none_or(|(scheme, _)| is_app_scheme(scheme)) {
        return Err(Refusal::NotAnAddress);
    }
    refuse_hidden(&base)?;
    let address = read_address(&base, policy)?;
    if address.query.is_some() || address.fragment.is_some() {
        return Err(Refusal::NotAnAddress);
    }
    let client_id = match find(&parameters, CLIENT_NAMES)?.filter(|text| !text.is_empty()) {
        Some(text) if text.len() > MAX_CLIENT_ID => return Err(Refusal::TooLong),
        // RFC 6749 appendix A.1.
        Some(text) if !text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) => {
            return Err(Refusal::HidesAddress);
        }
        other => other.map(str::to_owned),
    };
    Ok(Some(Invitation {
        fhir_base: read_base(strip_suffix(address.url).0)?,
        name: find(&parameters, NAME_NAMES)?.and_then(read_name),
        client_id,
    }))
}

/// The one value under any of these names. Two that differ would show one thing and do another.
fn find<'a>(
    parameters: &'a [(Cow<'_, str>, Cow<'_, str>)],
    names: &[&str],
) -> Result<Option<&'a str>, Refusal> {
    let mut found =
        parameters.iter().filter(|(name, _)| names.contains(&&*name.to_ascii_lowercase()));
    let first = found.next().map(|(_, value)| &**value);
    if found.any(|(_, value)| Some(&**value) != first) {
        Err(Refusal::HidesAddress)
    } else {
        Ok(first)
    }
}

/// Undoes a second and a third percent-encoding, as far as none of them reads as an address yet.
fn decode_address(value: &str) -> String {
    let mut value = value.trim().to_owned();
    for _ in 0..2 {
        if value.contains("://") || !value.contains('%') {
            break;
        }
        // Only percent signs are undone: a plus sign is one here.
        let escaped = value.replace('+', "%2B");
        value = form_urlencoded::parse(escaped.as_bytes())
            .next()
            .map_or(String::new(), |(name, _)| name.into_owned());
    }
    value
}

fn refuse_hidden(text: &str) -> Result<(), Refusal> {
    if text.chars().any(is_hidden) { Err(Refusal::HidesAddress) } else { Ok(()) }
}

fn strip_suffix(mut url: Url) -> (Url, bool) {
    let mut path = url.path().trim_end_matches('/');
    while let Some(shorter) = SUFFIXES.iter().find_map(|suffix| path.strip_suffix(suffix)) {
        path = shorter.trim_end_matches('/');
    }
    let shortened = path.len() < url.path().trim_end_matches('/').len();
    let path = path.to_owned();
    url.set_path(&path);
    (url, shortened)
}

fn is_page(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let site = SITES.iter().any(|site| {
        host.strip_suffix(site)
            .is_some_and(|before| before.is_empty() || before == "www." || before == "m.")
    });
    let path = url.path().trim_end_matches('/').to_ascii_lowercase();
    site || PAGES.iter().any(|ending| path.ends_with(ending))
}

fn read_base(url: Url) -> Result<FhirBase, Refusal> {
    if is_page(&url) {
        return Err(Refusal::Website);
    }
    if url.as_str().len() > MAX_BASE {
        return Err(Refusal::TooLong);
    }
    FhirBase::new(url).map_err(|_| Refusal::NotAnAddress)
}

/// What a code calls the place: plain text of a bearable length, and no second address.
pub(crate) fn read_name(text: &str) -> Option<String> {
    let plain: String = text.chars().map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    let mut name = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.contains("://") || name.to_ascii_lowercase().contains("www.") {
        return None;
    }
    while name.chars().count() > MAX_NAME_CHARS || name.len() > MAX_NAME_BYTES {
        name.pop();
    }
    let name = name.trim_end().to_owned();
    (!name.is_empty()).then_some(name)
}

//! The name between the scheme and the path: whose it is, and whether it says so honestly.

use handrail_contract::problem::Refusal;
use unicode_security::{GeneralSecurityProfile, MixedScript, skeleton};

use crate::fhir::base::Policy;

/// Names that belong to no public network: IANA's special-use domain names (RFC 6761), and those that offices
/// and homes use for themselves.
const SPECIAL: &[&str] = &[
    "alt",
    "arpa",
    "corp",
    "example",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "mail",
    "onion",
    "private",
    "test",
    "workgroup",
];

/// Special names that stand for public ones in examples and tests.
const FOR_DEVELOPERS: &[&str] = &["example", "test"];

/// Public names that answer with whatever address is written in them, or with loopback.
const REBINDING: &[&str] = &[
    "nip.io",
    "sslip.io",
    "xip.io",
    "traefik.me",
    "localtest.me",
    "lvh.me",
    "vcap.me",
    "lacolhost.com",
    "yoogle.com",
    "readme.localtest.me",
];

/// What stands between letters in some scripts (UTS 39, identifiers of type Inclusion) and reads like a dot, a hyphen
/// or nothing elsewhere.
const SIGNS: &[char] = &[
    '\'', '.', ':', '\u{B7}', '\u{375}', '\u{58A}', '\u{5F3}', '\u{5F4}', '\u{6FD}', '\u{6FE}',
    '\u{F0B}', '\u{200C}', '\u{200D}', '\u{2010}', '\u{2019}', '\u{2027}', '\u{30A0}', '\u{30FB}',
];

/// Judges a host as it was written, and returns it in ASCII and lower case.
pub(crate) fn judge_host(written: &str, policy: Policy) -> Result<String, Refusal> {
    if policy.developer && matches!(written, "localhost" | "127.0.0.1") {
        return Ok(written.to_owned());
    }
    if written.is_empty() {
        return Err(Refusal::NotAnAddress);
    }
    if written.starts_with('[') || written.contains(':') {
        return Err(Refusal::SpecialAddress);
    }
    let ascii = to_ascii(written)?;
    // A trailing dot names the same host in another spelling, and escapes comparisons.
    if ascii.ends_with('.') || ascii.starts_with('.') || ascii.contains("..") {
        return Err(Refusal::HidesAddress);
    }
    if is_number(&ascii) {
        return Err(Refusal::SpecialAddress);
    }
    if ascii.len() > 253 || !ascii.split('.').all(is_label) {
        return Err(Refusal::NotAnAddress);
    }
    judge_name(&ascii, policy)?;
    judge_letters(&ascii)?;
    Ok(ascii)
}

/// The form of a name that all its look-alikes share (UTS 39 section 4).
pub(crate) fn look(ascii: &str) -> String {
    let shown = idna::domain_to_unicode(ascii).0;
    skeleton(&shown).collect::<String>().to_lowercase()
}

/// Whether a name's suffix is one that somebody may register under (public suffix list).
pub(super) fn has_known_suffix(ascii: &str, policy: Policy) -> bool {
    let example = FOR_DEVELOPERS.iter().any(|top| ascii.rsplit('.').next() == Some(top));
    psl::suffix(ascii.as_bytes()).is_some_and(|suffix| suffix.is_known())
        || (policy.developer && example)
}

fn to_ascii(written: &str) -> Result<String, Refusal> {
    let lower = written.to_lowercase();
    if lower.is_ascii() {
        let odd =
            lower.bytes().any(|byte| !(byte.is_ascii_alphanumeric() || b".-_".contains(&byte)));
        // A percent sign here is an escape that some parsers undo.
        return match odd {
            true if lower.contains('%') => Err(Refusal::HidesAddress),
            true => Err(Refusal::NotAnAddress),
            false => Ok(lower),
        };
    }
    let ascii = idna::domain_to_ascii(&lower).map_err(|_| Refusal::LookAlike)?;
    // Letters that a parser would silently turn into others (full width, circled, ligatures) are never honest.
    match idna::domain_to_unicode(&ascii) {
        (back, Ok(())) if back == lower => Ok(ascii),
        _ => Err(Refusal::LookAlike),
    }
}

/// Whether a parser would take the name for a number (WHATWG URL, "ends in a number checker").
fn is_number(ascii: &str) -> bool {
    let last = ascii.rsplit('.').next().unwrap_or(ascii);
    let hex = last
        .strip_prefix("0x")
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hex || last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn judge_name(ascii: &str, policy: Policy) -> Result<(), Refusal> {
    let Some((_, top)) = ascii.rsplit_once('.') else {
        return Err(Refusal::SpecialAddress);
    };
    let special = SPECIAL.contains(&top) && !(policy.developer && FOR_DEVELOPERS.contains(&top));
    let rebinding = REBINDING.iter().any(|name| {
        ascii.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    });
    // A name that only a registry may hold is nobody's.
    if special || rebinding || psl::domain_str(ascii).is_none() {
        return Err(Refusal::SpecialAddress);
    }
    Ok(())
}

/// One script for each label, letters fit for names, and nothing that reads like plain ASCII (UTS 39).
fn judge_letters(ascii: &str) -> Result<(), Refusal> {
    for label in ascii.split('.') {
        let Some(encoded) = label.strip_prefix("xn--") else {
            // The third and fourth place are reserved (RFC 5891 section 4.2.3.1).
            if label.as_bytes().get(2..4) == Some(b"--") {
                return Err(Refusal::LookAlike);
            }
            continue;
        };
        let (shown, read) = idna::domain_to_unicode(label);
        let honest = read.is_ok()
            && !encoded.is_empty()
            && !shown.is_ascii()
            && shown.chars().all(|c| c == '-' || c.identifier_allowed() && !SIGNS.contains(&c))
            && shown.is_single_script()
            && !skeleton(&shown).collect::<String>().is_ascii();
        if !honest {
            return Err(Refusal::LookAlike);
        }
    }
    Ok(())
}

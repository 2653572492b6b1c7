//! Reading codes: the table of cases, and generated texts.

use handrail_contract::problem::Refusal::{TooLong, Website};
use proptest::prelude::*;
use url::Host;

use super::{
    Invitation,
    cases::{DEVELOPER_BASES, bases, refused},
    read_code,
};
use crate::fhir::base::Policy;

#[test]
fn every_honest_text_is_the_base_it_names() {
    for (text, base) in bases() {
        for policy in [Policy::RELEASE, Policy::DEVELOPER] {
            let read = read_code(text, policy);

            let read = read.unwrap_or_else(|refusal| panic!("{text:?} is refused: {refusal:?}"));
            assert_eq!(read.fhir_base.as_str(), *base, "{text:?}");
        }
    }
}

#[test]
fn loopback_and_example_names_are_for_developers() {
    for (text, base) in DEVELOPER_BASES {
        let developer =
            read_code(text, Policy::DEVELOPER).map(|read| read.fhir_base.as_str().to_owned());
        let release = read_code(text, Policy::RELEASE);

        assert_eq!(developer.as_deref(), Ok(*base), "{text:?}");
        assert!(release.is_err(), "{text:?}");
    }
}

#[test]
fn every_wrong_text_is_refused_for_what_it_is() {
    let wrong: Vec<_> = refused()
        .map(|(text, refusal)| (text, read_code(text, Policy::RELEASE), refusal))
        .filter(|(_, read, refusal)| *read != Err(**refusal))
        .collect();

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_has_four_hundred_cases_and_none_of_them_twice() {
    let texts = bases().chain(DEVELOPER_BASES).map(|(text, _)| *text);
    let texts: Vec<&str> = texts.chain(refused().map(|(text, _)| *text)).collect();
    let mut each = texts.clone();
    each.sort_unstable();
    each.dedup();

    assert!(each.len() >= 400, "{}", each.len());
    // What only a developer build takes stands among the refused ones too.
    let twice = DEVELOPER_BASES.iter().filter(|(text, _)| refused().any(|(it, _)| it == text));
    assert_eq!(texts.len() - each.len(), twice.count());
}

#[test]
fn a_developer_build_refuses_all_of_that_but_loopback_and_example_names() {
    let accepted: Vec<_> = refused()
        .filter_map(|(text, _)| Some((text, read_code(text, Policy::DEVELOPER).ok()?.fhir_base)))
        .filter(|(_, base)| {
            let host = base.url().host_str().unwrap_or_default();
            !matches!(host, "127.0.0.1" | "localhost")
                && !host.ends_with(".example")
                && !host.ends_with(".test")
        })
        .collect();

    assert!(accepted.is_empty(), "{accepted:#?}");
}

#[test]
fn a_text_is_too_long_beyond_2048_bytes_and_a_base_beyond_512() {
    let long = format!("https://health.example.org/{}", "a".repeat(2_048));
    let base = format!("https://health.example.org/{}", "a".repeat(512));

    assert_eq!(read_code(&long, Policy::RELEASE), Err(TooLong));
    assert_eq!(read_code(&base, Policy::RELEASE), Err(TooLong));
}

#[test]
fn a_link_brings_a_name_and_a_client_id() {
    let text = "https://elm.example.org/c?fhirUri=https%3A%2F%2Fhealth.example.org%2Ffhir\
                &title=Cl%C3%ADnica+del+%C3%81rbol&client_id=handrail-7";

    let read = read_code(text, Policy::RELEASE).unwrap();

    assert_eq!(read.name.as_deref(), Some("Clínica del Árbol"));
    assert_eq!(read.client_id.as_deref(), Some("handrail-7"));
}

#[test]
fn a_name_is_plain_short_and_no_second_address() {
    let name = |title: &str| {
        let mut link =
            url::Url::parse("https://elm.example.org/?iss=https://health.example.org/fhir")
                .unwrap();
        link.query_pairs_mut().append_pair("title", title);
        read_code(link.as_str(), Policy::RELEASE).unwrap().name
    };

    assert_eq!(name(" Elm\n\tStreet \u{202e}Clinic\u{0} ").as_deref(), Some("Elm Street Clinic"));
    assert_eq!(name(&"é".repeat(120)).map(|name| name.chars().count()), Some(80));
    assert_eq!(name(&"診".repeat(120)).map(|name| name.len()), Some(159));
    assert_eq!(name("https://health.example.com is safe"), None);
    assert_eq!(name("see WWW.example.com"), None);
    assert_eq!(name("\u{200b}"), None);
}

#[test]
fn endpoints_and_scopes_in_a_code_are_not_read() {
    let text = "https://elm.example.org/?iss=https://health.example.org/fhir\
                &authorization_endpoint=https://evil.example.com/a&token_endpoint=https://evil.example.com/t\
                &scope=patient/*.*&launch=x";

    let read = read_code(text, Policy::RELEASE).unwrap();

    assert!(!serde_json::to_string(&read).unwrap().contains("evil"));
}

#[test]
fn a_page_carried_as_a_base_is_refused_like_the_page_itself() {
    let page = read_code(
        "https://elm.example.org/?iss=https://health.example.org/a.html",
        Policy::RELEASE,
    );
    let site = read_code("careapp://x?iss=https://youtu.be/abc", Policy::RELEASE);

    assert_eq!((page, site), (Err(Website), Err(Website)));
}

#[test]
fn a_doubled_ending_is_taken_off_whole() {
    let read = read_code("https://health.example.org/fhir/metadata//metadata/", Policy::RELEASE);

    assert_eq!(read.unwrap().fhir_base.as_str(), "https://health.example.org/fhir");
}

fn read_back(invitation: &Invitation, policy: Policy) {
    let text = invitation.to_text();
    let again = read_code(&text, policy);

    assert_eq!(again.as_ref(), Ok(invitation), "{text:?}");
    assert_eq!(again.map(|again| again.to_text()), Ok(text));
}

#[test]
fn the_cleaned_text_of_every_case_reads_back_to_the_same_invitation() {
    for (text, _) in bases().chain(DEVELOPER_BASES) {
        read_back(&read_code(text, Policy::DEVELOPER).unwrap(), Policy::DEVELOPER);
    }
}

/// Says of an accepted base what must hold in a release, without asking the parser that accepted it.
fn assert_public_and_locked(invitation: &Invitation) {
    let url = invitation.fhir_base.url();
    let host = url.host_str().unwrap();
    let top = host.rsplit('.').next().unwrap();

    assert_eq!(url.scheme(), "https", "{url}");
    assert!(matches!(url.host(), Some(Host::Domain(_))), "{url}");
    assert!(host.contains('.') && host.is_ascii() && !host.ends_with('.'), "{url}");
    assert!(
        !["localhost", "local", "internal", "onion", "test", "example", "arpa", "lan"]
            .contains(&top),
        "{url}"
    );
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
}

/// Texts near the border: pieces of good and bad addresses, put together.
fn near_addresses() -> impl Strategy<Value = String> {
    let scheme = prop::sample::select(vec![
        "https://",
        "HTTPS://",
        "http://",
        "",
        "https:",
        "https:/",
        "//",
        "https://https://",
        "careapp://x?iss=",
        "https://elm.example.org/?fhirUri=",
        "https://elm.example.org/#iss=https%3A%2F%2F",
        "javascript:",
        "wss://",
    ]);
    let host = prop::sample::select(vec![
        "health.example.org",
        "health.example.org.",
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "[::1]",
        "localhost",
        "a.local",
        "еxample.org",
        "xn--80ak6aa92e.com",
        "a@b.example.org",
        "a%40b.example.org",
        "köln.de",
        "co.uk",
        "ａ.example.org",
        "10.0.0.1.nip.io",
        "elm.example",
        "127。0。0。1",
        "a..b.org",
        "_x.example.org",
    ]);
    let port =
        prop::sample::select(vec!["", ":8443", ":", ":0", ":99999", ":443@evil.example.com"]);
    let path = prop::sample::select(vec![
        "",
        "/",
        "/fhir",
        "/fhir/",
        "/../x",
        "/%2e%2e/",
        "/fhir%2fx",
        "\\x",
        "/fhir/metadata",
        "/fhir/metadata/metadata",
        "/fhir//metadata/.well-known/smart-configuration",
        "/%",
        "/a.html",
        "//x",
        "/https://x",
        "/fhir?x=1",
        "/fhir#x",
        "/fhir%3Fx",
        "/f\u{200b}hir",
        "/f ir",
        "/f\nhir",
    ]);
    let tail = prop::sample::select(vec![
        "",
        "&title=Elm%20Clinic",
        "&clientId=a%2Bb",
        "?title=x",
        "&iss=https://b.org",
    ]);
    (scheme, host, port, path, tail).prop_map(|(a, b, c, d, e)| format!("{a}{b}{c}{d}{e}"))
}

/// A good text with one character changed, dropped or put in.
fn edited() -> impl Strategy<Value = String> {
    let good: Vec<&'static str> = bases().map(|(text, _)| *text).collect();
    (prop::sample::select(good), any::<prop::sample::Index>(), any::<char>(), 0..3_u8).prop_map(
        |(text, at, c, how)| {
            let mut chars: Vec<char> = text.chars().collect();
            let at = at.index(chars.len());
            match how {
                0 => chars[at] = c,
                1 => drop(chars.remove(at)),
                _ => chars.insert(at, c),
            }
            chars.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = read_code(&text, Policy::RELEASE);
        let _ = read_code(&text, Policy::DEVELOPER);
    }

    #[test]
    fn whatever_a_release_accepts_is_public_locked_and_reads_back(
        text in prop_oneof![near_addresses(), edited(), "https://[a-z0-9.:@%/\\\\?#\\[\\]-]{1,40}"]
    ) {
        if let Ok(invitation) = read_code(&text, Policy::RELEASE) {
            assert_public_and_locked(&invitation);
            read_back(&invitation, Policy::RELEASE);
        }
    }

    #[test]
    fn whatever_a_developer_build_accepts_reads_back(text in prop_oneof![near_addresses(), edited()]) {
        if let Ok(invitation) = read_code(&text, Policy::DEVELOPER) {
            read_back(&invitation, Policy::DEVELOPER);
        }
    }

    #[test]
    fn names_and_client_ids_read_back(title in ".{0,200}", client in "[ -~]{0,128}", path in "(/[a-z0-9%+]{0,6}){0,8}") {
        let mut link = url::Url::parse("https://elm.example.org/").unwrap();
        link.query_pairs_mut()
            .append_pair("iss", &format!("https://health.example.org{path}"))
            .append_pair("title", &title)
            .append_pair("clientId", &client);
        if let Ok(invitation) = read_code(link.as_str(), Policy::RELEASE) {
            read_back(&invitation, Policy::RELEASE);
        }
    }
}

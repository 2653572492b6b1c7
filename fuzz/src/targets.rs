//! What is fuzzed, and what must hold.

use std::{collections::BTreeMap, sync::OnceLock};

use handrail_contract::{place::Role, sign_in::AttemptId, with_every_question};
use handrail_core::{
    authorize::{PendingSignIn, SmartTokenResponse, begin, read_redirect},
    connect::{
        Registry, Server, read_brands, read_discovery, read_old_discovery, read_registration,
    },
    fetch::{Answer, Cursors, Errand, Planner},
    fhir::{FhirBase, base::Policy, text},
    scan::{Invitation, is_redirect, read_code},
    vault::Record,
};
use jiff::Timestamp;
use serde_json::Value;
use url::{Host, Url};

/// Every target by its name.
pub const ALL: &[(&str, fn(&[u8]))] = &[
    ("code", code),
    ("callback", callback),
    ("discovery", discovery),
    ("registration", registration),
    ("tokens", tokens),
    ("registry", registry),
    ("brands", brands),
    ("page", page),
    ("text", shown_text),
    ("vault", vault),
    ("questions", questions),
];

/// Whatever a release accepts is https, a name of a public network, and reads back to the same.
fn code(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = read_code(text, Policy::DEVELOPER);
    let Ok(invitation) = read_code(text, Policy::RELEASE) else { return };
    let url = invitation.fhir_base.url();
    assert_eq!(url.scheme(), "https");
    assert!(matches!(url.host(), Some(Host::Domain(name)) if name.contains('.')));
    assert!(url.username().is_empty() && url.password().is_none());
    let again = invitation.to_text();
    assert_eq!(read_code(&again, Policy::RELEASE).as_ref(), Ok(&invitation));
}

/// A redirect is taken only at our own address and with our state, which stands for `STATE` in what is made up.
fn callback(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let pending = pending();
    let state = pending.state.expose();
    let whole = format!("{}?{}", pending.redirect_uri, text.replace("STATE", state));
    for text in [text, &whole] {
        let is_told_apart = is_redirect(text);
        if read_redirect(text, pending, pending.started_at).is_ok() {
            assert!(text.starts_with(pending.redirect_uri.as_str()) && text.contains(state));
            assert!(is_told_apart, "a page would see the way back from a sign-in");
        }
    }
}

/// Every endpoint of a place that is accepted is https, and of one registrable domain.
fn discovery(data: &[u8]) {
    for read in [read_discovery, read_old_discovery] {
        if let Ok(server) = read(200, data, invitation(), None, Policy::RELEASE) {
            let endpoints = [&server.authorization_endpoint, &server.token_endpoint];
            let endpoints = endpoints.into_iter().chain(&server.registration_endpoint);
            for url in endpoints.chain(&server.revocation_endpoint) {
                assert_eq!(url.scheme(), "https");
                assert!(matches!(url.host(), Some(Host::Domain(_))));
            }
        }
    }
}

fn registration(data: &[u8]) {
    if let Ok(id) = read_registration(201, data, &pending().redirect_uri) {
        assert!(!id.is_empty() && id.bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    }
}

/// A token response never shows a token.
fn tokens(data: &[u8]) {
    if let Ok(response) = serde_json::from_slice::<SmartTokenResponse>(data) {
        let shown = format!("{response:?}");
        let said: Value = serde_json::from_slice(data).unwrap_or_default();
        if let Some(token) = said["access_token"].as_str().filter(|token| token.len() > 20) {
            assert!(!shown.contains(token));
        }
    }
}

/// Nothing that libFuzzer makes up is signed.
fn registry(data: &[u8]) {
    let _ = Registry::parse(data, Policy::RELEASE);
    assert!(Registry::open_newer(data, &[], 0, Policy::RELEASE).is_err());
}

/// Every place of a list is one that a code could name.
fn brands(data: &[u8]) {
    for row in read_brands(data, Policy::RELEASE).unwrap_or_default().rows {
        assert_eq!(row.fhir_base.url().scheme(), "https");
        assert!(read_code(row.fhir_base.as_str(), Policy::RELEASE).is_ok());
    }
}

/// Whatever a server sends, each request stays under the base, and the look comes to an end.
fn page(data: &[u8]) {
    const MOST_ROUNDS: usize = 2_000;
    let base = &invitation().fhir_base;
    let mut planner = Planner::new(errand(base.clone()), std::iter::empty());
    for _ in 0..MOST_ROUNDS {
        let requests = planner.next();
        if requests.is_empty() {
            let _ = planner.finish();
            return;
        }
        for request in requests {
            assert!(base.contains(&request.url), "a token would leave the place");
            planner.took(request.id, Answer::read(Role::Patient, 200, None, data));
        }
    }
    panic!("the look does not end");
}

/// What is shown has a bearable length and no character that changes how the rest is read.
fn shown_text(data: &[u8]) {
    let Ok(raw) = std::str::from_utf8(data) else { return };
    let line = text::clean_line(raw);
    assert!(line.chars().count() <= text::LINE + 1 && !line.contains('\n'));
    assert!(!text::clean_message(raw).contains('\u{202e}'));
    let _ = text::is_blank(raw);
}

/// A record that opens is written and read back to the same.
fn vault(data: &[u8]) {
    if let Ok(record) = Record::from_bytes(data) {
        let again = Record::from_bytes(&record.to_bytes()).map(|again| again.to_bytes());
        assert!(again.is_ok_and(|again| *again == *record.to_bytes()));
    }
    let _ = PendingSignIn::from_bytes(data);
}

/// A question of a page that is read is written back to one that means the same.
fn questions(data: &[u8]) {
    macro_rules! read_each {
        ($($command:ident => $question:path,)*) => {
            $(if let Ok(question) = serde_json::from_slice::<$question>(data) {
                let again = serde_json::to_value(&question).and_then(serde_json::from_value);
                assert!(again.is_ok_and(|again: $question| again == question));
            })*
        };
    }
    with_every_question!(read_each);
}

fn invitation() -> &'static Invitation {
    static ONE: OnceLock<Invitation> = OnceLock::new();
    ONE.get_or_init(|| {
        read_code("https://ehr.example.com/fhir", Policy::RELEASE).expect("an honest code")
    })
}

fn errand(base: FhirBase) -> Errand {
    Errand {
        base,
        role: Role::Patient,
        patient: Some("rosa".to_owned()),
        fhir_user: None,
        organizations: Vec::new(),
        chosen: Vec::new(),
        services: BTreeMap::new(),
        granted: vec!["patient/*.rs".to_owned()],
        cursors: Cursors::default(),
        now: Timestamp::UNIX_EPOCH,
        full: false,
    }
}

fn pending() -> &'static PendingSignIn {
    static ONE: OnceLock<PendingSignIn> = OnceLock::new();
    ONE.get_or_init(make_pending)
}

fn make_pending() -> PendingSignIn {
    let said = serde_json::json!({
        "authorization_endpoint": "https://ehr.example.com/auth/authorize",
        "token_endpoint": "https://ehr.example.com/auth/token",
        "code_challenge_methods_supported": ["S256"],
    });
    let server: Server =
        read_discovery(200, said.to_string().as_bytes(), invitation(), None, Policy::RELEASE)
            .expect("an honest description");
    begin(
        AttemptId("a1".into()),
        invitation().clone(),
        server,
        "handrail".into(),
        Url::parse("http://127.0.0.1:5123/callback/q7Z").expect("an address"),
        Role::Patient,
        vec!["patient/Task.rs".into()],
        None,
        [7; 64],
        Timestamp::UNIX_EPOCH,
    )
    .0
}

//! Redirects and token responses, good and bad, and what each comes to.

use handrail_contract::{
    place::{Role, SourceId},
    problem::Refusal,
    sign_in::AttemptId,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::{
    connect::{Rotation, Server, Trust},
    fhir::base::Policy,
    scan::read_code,
};

pub const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);
pub const REDIRECT: &str = "http://127.0.0.1:5123/callback/q7Z";
pub const ISSUER: &str = "https://auth.example.com/realm";

fn begin_sample(change: impl FnOnce(&mut Server)) -> (PendingSignIn, Url) {
    let invitation = read_code("https://ehr.example.com/fhir", Policy::RELEASE).unwrap();
    let mut server = Server {
        base: invitation.fhir_base.clone(),
        name: "Example Clinic".into(),
        trust: Trust::Unlisted,
        issuer: Some(ISSUER.into()),
        authorization_endpoint: Url::parse("https://auth.example.com/authorize?tenant=4").unwrap(),
        token_endpoint: Url::parse("https://auth.example.com/token").unwrap(),
        registration_endpoint: None,
        revocation_endpoint: None,
        jwks_uri: None,
        iss_promised: false,
        capabilities: vec![],
        scopes_supported: vec![],
        rotation: Rotation::Strict,
        revokes_siblings: false,
        two_hosts: None,
    };
    change(&mut server);
    let mut entropy = [0_u8; 64];
    entropy.iter_mut().zip(0_u8..).for_each(|(byte, value)| *byte = value.wrapping_mul(37));
    begin(
        AttemptId("a1".into()),
        invitation,
        server,
        "handrail".into(),
        Url::parse(REDIRECT).unwrap(),
        Role::Patient,
        vec!["launch/patient".into(), "patient/Task.rus".into()],
        Some(SourceId("s1".into())),
        entropy,
        NOW,
    )
}

pub fn pending() -> PendingSignIn {
    begin_sample(|_| {}).0
}

/// A redirect with the pending state in place of `STATE`.
pub fn redirect(template: &str, pending: &PendingSignIn) -> String {
    template.replace("STATE", pending.state.expose())
}

fn take(template: &str, pending: &PendingSignIn) -> Result<String, CallbackError> {
    read_redirect(&redirect(template, pending), pending, NOW).map(|code| code.expose().to_owned())
}

#[test]
fn the_sign_in_page_is_asked_for_exactly_what_the_specifications_name() {
    let (pending, address) = begin_sample(|_| {});

    let mut asked: Vec<_> = address.query_pairs().into_owned().collect();
    asked.sort();
    let names: Vec<_> = asked.iter().map(|(name, _)| name.as_str()).collect();
    let value = |wanted: &str| &asked.iter().find(|(name, _)| name == wanted).unwrap().1;
    assert_eq!(
        names,
        [
            "aud",
            "client_id",
            "code_challenge",
            "code_challenge_method",
            "redirect_uri",
            "response_type",
            "scope",
            "state",
            "tenant"
        ]
    );
    assert_eq!(value("aud"), "https://ehr.example.com/fhir");
    assert_eq!(value("redirect_uri"), REDIRECT);
    assert_eq!(value("scope"), "launch/patient patient/Task.rus");
    assert_eq!(
        (value("response_type").as_str(), value("code_challenge_method").as_str()),
        ("code", "S256")
    );
    assert_eq!(value("state"), pending.state.expose());
    assert_eq!((pending.state.expose().len(), pending.verifier.expose().len()), (43, 43));
    assert_ne!(pending.state.expose(), pending.verifier.expose());
    assert!(!address.as_str().contains(pending.verifier.expose()));
}

#[test]
fn a_pending_sign_in_survives_being_sealed_and_opens_the_same_page_again() {
    let (pending, address) = begin_sample(|_| {});

    let again = PendingSignIn::from_bytes(&pending.to_bytes()).unwrap();

    assert_eq!(again, pending);
    assert_eq!(again.write_address(), address);
}

#[test]
fn each_place_has_a_redirect_address_of_its_own_and_always_the_same() {
    let path = |base: &str| redirect_path(&read_code(base, Policy::RELEASE).unwrap().fhir_base);

    // What a place may have on file for this app. It never changes.
    assert_eq!(path("https://ehr.example.com/fhir"), "/callback/nL-SzSdNEnG2QAj7");
    assert_ne!(path("https://ehr.example.com/fhir"), path("https://ehr.example.com/fhir2"));
}

#[test]
fn sealed_bytes_of_a_newer_version_or_none_of_ours_are_refused() {
    let bytes = pending().to_bytes();
    let mut newer: Value = serde_json::from_slice(&bytes).unwrap();
    newer["v"] = json!(2);

    assert_eq!(PendingSignIn::from_bytes(newer.to_string().as_bytes()), Err(FormatError::Newer(2)));
    assert_eq!(PendingSignIn::from_bytes(b"{\"v\":1}"), Err(FormatError::Malformed));
    assert_eq!(PendingSignIn::from_bytes(&bytes[..bytes.len() - 1]), Err(FormatError::Malformed));
    assert_eq!(PendingSignIn::from_bytes(b""), Err(FormatError::Malformed));
}

#[test]
fn neither_state_nor_verifier_is_printed() {
    let pending = pending();

    let printed = format!("{pending:?}");

    assert!(
        !printed.contains(pending.state.expose()) && !printed.contains(pending.verifier.expose())
    );
}

#[test]
fn a_good_redirect_brings_its_code() {
    let pending = pending();
    let good = [
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE", "abc"),
        ("http://127.0.0.1:5123/callback/q7Z?state=STATE&code=abc", "abc"),
        ("http://127.0.0.1:5123/callback/q7Z?code=a%2Fb%2Bc%3D&state=STATE", "a/b+c="),
        (
            "http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&session_state=x&session_state=y",
            "abc",
        ),
        (
            "http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss=https%3A%2F%2Fauth.example.com%2Frealm",
            "abc",
        ),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE#_=_", "abc"),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE#", "abc"),
    ];
    for (template, code) in good {
        assert_eq!(take(template, &pending).as_deref(), Ok(code), "{template}");
    }
}

#[test]
fn a_wrong_redirect_is_refused_for_what_is_wrong() {
    use CallbackError::{Declined, Malformed, NotOurs, ServerFailed, UnknownClient, WrongIssuer};
    let pending = pending();
    let bad = [
        // Not where it was to come back to.
        ("", NotOurs),
        ("?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z/?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z2?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback//q7Z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/x/../callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/%71%37Z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5124/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://localhost:5123/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("https://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("HTTP://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://me@127.0.0.1:5123/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://2130706433:5123/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123@evil.example.com/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("handrail://callback/q7Z?code=abc&state=STATE", NotOurs),
        (" http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE\n", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=a bc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=é&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z#code=abc&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc#state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE#x", NotOurs),
        // Not for this sign-in.
        ("http://127.0.0.1:5123/callback/q7Z?", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=other", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATEx", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=xSTATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=+STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&State=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&state=other", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=other&state=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state[]=STATE", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?error=access_denied", NotOurs),
        ("http://127.0.0.1:5123/callback/q7Z?error=access_denied&state=other", NotOurs),
        // Ours, and malformed.
        ("http://127.0.0.1:5123/callback/q7Z?state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?code=&state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?Code=abc&state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&code=abc&state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&code=def&state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc%00&state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc%0d%0a&state=STATE", Malformed("code")),
        ("http://127.0.0.1:5123/callback/q7Z?code=%ff%fe&state=STATE", Malformed("code")),
        (
            "http://127.0.0.1:5123/callback/q7Z?code=abc&error=access_denied&state=STATE",
            Malformed("error"),
        ),
        ("http://127.0.0.1:5123/callback/q7Z?error=a&error=b&state=STATE", Malformed("error")),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss=x&iss=x", Malformed("iss")),
        // Another server's.
        (
            "http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss=https%3A%2F%2Fevil.example.net",
            WrongIssuer,
        ),
        (
            "http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss=https%3A%2F%2Fauth.example.com%2Frealm%2F",
            WrongIssuer,
        ),
        (
            "http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss=https%3A%2F%2FAUTH.example.com%2Frealm",
            WrongIssuer,
        ),
        ("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss=", WrongIssuer),
        (
            "http://127.0.0.1:5123/callback/q7Z?error=access_denied&state=STATE&iss=https%3A%2F%2Fevil.example.net",
            WrongIssuer,
        ),
        // The answer is no.
        ("http://127.0.0.1:5123/callback/q7Z?error=access_denied&state=STATE", Declined),
        (
            "http://127.0.0.1:5123/callback/q7Z?error=access_denied&error_description=%3Cscript%3E&state=STATE",
            Declined,
        ),
        ("http://127.0.0.1:5123/callback/q7Z?error=server_error&state=STATE", ServerFailed),
        (
            "http://127.0.0.1:5123/callback/q7Z?error=temporarily_unavailable&state=STATE",
            ServerFailed,
        ),
        ("http://127.0.0.1:5123/callback/q7Z?error=invalid_scope&state=STATE", ServerFailed),
        ("http://127.0.0.1:5123/callback/q7Z?error=&state=STATE", ServerFailed),
        ("http://127.0.0.1:5123/callback/q7Z?error=unauthorized_client&state=STATE", UnknownClient),
    ];
    assert!(bad.len() >= 40);
    for (template, error) in bad {
        assert_eq!(take(template, &pending), Err(error), "{template}");
    }
}

#[test]
fn a_redirect_longer_than_any_honest_one_is_not_ours() {
    let pending = pending();
    let long =
        format!("http://127.0.0.1:5123/callback/q7Z?state=STATE&code={}", "a".repeat(20_000));

    assert_eq!(take(&long, &pending), Err(CallbackError::NotOurs));
}

#[test]
fn a_promised_issuer_that_is_missing_ends_the_sign_in() {
    let (pending, _) = begin_sample(|server| server.iss_promised = true);
    let plain = "http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE";

    assert_eq!(take(plain, &pending), Err(CallbackError::WrongIssuer));
    assert!(take(&format!("{plain}&iss=https%3A%2F%2Fauth.example.com%2Frealm"), &pending).is_ok());
}

#[test]
fn an_issuer_that_was_never_named_must_at_least_own_the_page_that_was_open() {
    let (pending, _) = begin_sample(|server| server.issuer = None);
    let with =
        |iss: &str| format!("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE&iss={iss}");

    assert!(take(&with("https%3A%2F%2Fother.example.com"), &pending).is_ok());
    assert_eq!(
        take(&with("https%3A%2F%2Fevil.example.net"), &pending),
        Err(CallbackError::WrongIssuer)
    );
    assert_eq!(take(&with("example.com"), &pending), Err(CallbackError::WrongIssuer));
}

#[test]
fn a_redirect_after_ten_minutes_comes_too_late() {
    let pending = pending();
    let url = redirect("http://127.0.0.1:5123/callback/q7Z?code=abc&state=STATE", &pending);
    let after = |seconds| NOW + SignedDuration::from_secs(seconds);

    assert!(read_redirect(&url, &pending, after(599)).is_ok());
    assert_eq!(read_redirect(&url, &pending, after(600)), Err(CallbackError::TooLate));
    assert_eq!(pending.expires_at(), after(600));
    assert_eq!(LIFETIME.as_secs(), 600);
}

#[test]
fn only_a_foreign_redirect_leaves_the_sign_in_waiting() {
    let ending = [
        (CallbackError::Declined, Refusal::Declined),
        (CallbackError::UnknownClient, Refusal::NoClientId),
        (CallbackError::ServerFailed, Refusal::PlaceFailed),
        (CallbackError::WrongIssuer, Refusal::DidNotMatch),
        (CallbackError::Malformed("code"), Refusal::DidNotMatch),
        (CallbackError::TooLate, Refusal::TookTooLong),
    ];
    for (error, refusal) in ending {
        assert_eq!(error.refusal(), Some(refusal));
    }
    assert_eq!(CallbackError::NotOurs.refusal(), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn no_redirect_makes_it_panic(url in ".{0,200}", tail in ".{0,100}") {
        let pending = pending();
        let _ = read_redirect(&url, &pending, NOW);
        let _ = read_redirect(&format!("{REDIRECT}?{tail}"), &pending, NOW);
    }
}

/// SMART App Launch 2.2's own sample.
const TOKENS: &str = r#"{
  "need_patient_banner": true,
  "smart_style_url": "https://smart.argo.run/smart-style.json",
  "patient": "87a339d0-8cae-418e-89c7-8651e6aab3c6",
  "token_type": "Bearer",
  "scope": "launch/patient patient/Observation.rs patient/Patient.rs",
  "expires_in": 3600,
  "access_token": "example-access-token",
  "refresh_token": "example-refresh-token"
}"#;

fn response(changes: Value) -> SmartTokenResponse {
    let mut body: Value = serde_json::from_str(TOKENS).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(name)),
            value => body[name] = value.clone(),
        }
    }
    serde_json::from_value(body).unwrap()
}

fn grant(changes: Value) -> Result<Grant, Refusal> {
    read_grant(
        &response(changes),
        &["launch/patient".into(), "patient/Task.rus".into()],
        Role::Patient,
        NOW,
    )
}

#[test]
fn the_sample_of_the_specification_is_a_grant() {
    let grant = grant(json!({})).unwrap();

    assert_eq!(grant.access.expose(), "example-access-token");
    assert_eq!(grant.refresh.unwrap().expose(), "example-refresh-token");
    assert_eq!(grant.expires_at, NOW + SignedDuration::from_secs(3_600));
    assert_eq!(grant.granted, ["launch/patient", "patient/Observation.rs", "patient/Patient.rs"]);
    assert_eq!(grant.patient.as_deref(), Some("87a339d0-8cae-418e-89c7-8651e6aab3c6"));
}

#[test]
fn a_life_is_read_as_servers_write_it_and_short_where_they_do_not() {
    let lasts = |changes| (grant(changes).unwrap().expires_at - NOW).as_secs();
    let cases = [
        (json!({ "expires_in": "1800" }), 1_800),
        (json!({ "expires_in": 1800.5 }), 1_800),
        (json!({ "expires_in": 0 }), 0),
        (json!({ "expires_in": null }), 300),
        (json!({ "expires_in": -5 }), 300),
        (json!({ "expires_in": "soon" }), 300),
        (json!({ "expires_in": [] }), 300),
        (json!({ "expires_in": 1e30 }), 300),
        (json!({ "expires_in": 999_999_999 }), 86_400),
    ];
    for (changes, seconds) in cases {
        assert_eq!(lasts(changes.clone()), seconds, "{changes}");
    }
}

#[test]
fn scopes_that_were_left_out_are_those_that_were_asked_for() {
    let granted = |changes| grant(changes).unwrap().granted;

    assert_eq!(granted(json!({ "scope": null })), ["launch/patient", "patient/Task.rus"]);
    assert_eq!(granted(json!({ "scope": " " })), ["launch/patient", "patient/Task.rus"]);
    assert_eq!(granted(json!({ "scope": ["patient/Task.rs"] })), ["patient/Task.rs"]);
    assert_eq!(granted(json!({ "scope": "patient/Task.rs" })), ["patient/Task.rs"]);
}

#[test]
fn a_token_that_cannot_be_used_is_the_places_failure() {
    let cases = [
        json!({ "token_type": "DPoP" }),
        json!({ "token_type": "mac" }),
        json!({ "access_token": "" }),
        json!({ "access_token": "a\r\nX: y" }),
        json!({ "access_token": "a b" }),
        json!({ "access_token": "é" }),
    ];
    for changes in cases {
        assert_eq!(grant(changes.clone()), Err(Refusal::PlaceFailed), "{changes}");
    }
    assert!(grant(json!({ "token_type": "bEARER" })).is_ok());
    assert!(grant(json!({ "token_type": null })).is_ok());
    assert!(serde_json::from_str::<SmartTokenResponse>(r#"{"token_type":"Bearer"}"#).is_err());
}

#[test]
fn a_patient_who_is_not_named_is_nobody() {
    let patient = |changes| grant(changes).map(|grant| grant.patient.unwrap());

    assert_eq!(patient(json!({ "patient": "Patient/p-1" })).as_deref(), Ok("p-1"));
    assert_eq!(patient(json!({ "patient": 42 })).as_deref(), Ok("42"));
    for wrong in
        [json!(null), json!(""), json!("../Patient/2"), json!(".."), json!("a b"), json!(["p-1"])]
    {
        assert_eq!(patient(json!({ "patient": wrong })), Err(Refusal::NoPerson), "{wrong}");
    }
    let staff = read_grant(&response(json!({ "patient": null })), &[], Role::Organization, NOW);
    assert_eq!(staff.unwrap().patient, None);
}

#[test]
fn a_refresh_keeps_what_the_server_left_out() {
    let granted = ["patient/Task.rs".to_owned()];
    let quiet = response(json!({ "patient": null, "scope": null, "refresh_token": null }));

    let grant = renew(Some("p-1"), &granted, &quiet, NOW).unwrap();

    assert_eq!(
        (grant.granted.as_slice(), grant.patient.as_deref()),
        (granted.as_slice(), Some("p-1"))
    );
    assert_eq!(grant.refresh, None);
}

#[test]
fn a_refresh_that_opens_another_persons_data_is_refused() {
    let same = response(json!({ "patient": "Patient/p-1" }));
    let other = response(json!({ "patient": "p-2" }));

    assert!(renew(Some("p-1"), &[], &same, NOW).is_ok());
    assert_eq!(renew(Some("p-1"), &[], &other, NOW), Err(Refusal::AnotherPerson));
    assert_eq!(renew(None, &[], &other, NOW).map(|grant| grant.patient), Ok(None));
}

#[test]
fn a_token_response_shows_no_token_printed_or_written() {
    let response = response(json!({ "id_token": "canary-id" }));

    let shown = format!("{response:?} {}", serde_json::to_string(&response).unwrap());

    assert!(
        !shown.contains("example-access")
            && !shown.contains("example-refresh")
            && !shown.contains("canary")
    );
    assert!(!shown.contains("87a339d0"));
}

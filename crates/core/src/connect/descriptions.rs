//! What places say about their sign-in, and what comes of it.

use handrail_contract::{place::Role, problem::Refusal};
use serde_json::{Value, json};
use url::Url;

use super::*;
use crate::{
    fhir::base::Policy,
    scan::{Invitation, read_code},
};

/// SMART App Launch 2.2's own sample.
const SAMPLE: &str = r#"{
  "issuer": "https://ehr.example.com",
  "jwks_uri": "https://ehr.example.com/.well-known/jwks.json",
  "authorization_endpoint": "https://ehr.example.com/auth/authorize",
  "token_endpoint": "https://ehr.example.com/auth/token",
  "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
  "grant_types_supported": ["authorization_code", "client_credentials"],
  "registration_endpoint": "https://ehr.example.com/auth/register",
  "scopes_supported": ["openid", "profile", "launch", "launch/patient", "patient/*.rs", "user/*.rs", "offline_access"],
  "response_types_supported": ["code"],
  "management_endpoint": "https://ehr.example.com/user/manage",
  "introspection_endpoint": "https://ehr.example.com/user/introspect",
  "revocation_endpoint": "https://ehr.example.com/user/revoke",
  "code_challenge_methods_supported": ["S256"],
  "capabilities": ["launch-ehr", "permission-patient", "permission-v2", "client-public",
    "client-confidential-symmetric", "context-ehr-patient", "sso-openid-connect"],
  "associated_endpoints": [{ "url": "https://state.example.com", "capabilities": ["smart-app-state"] }]
}"#;

fn invitation() -> Invitation {
    read_code("https://ehr.example.com/fhir", Policy::RELEASE).unwrap()
}

/// The sample with members changed; `null` takes one out.
fn sample(changes: Value) -> Vec<u8> {
    let mut body: Value = serde_json::from_str(SAMPLE).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(body.as_object_mut().unwrap().remove(name)),
            value => body[name] = value.clone(),
        }
    }
    serde_json::to_vec(&body).unwrap()
}

fn read(changes: Value) -> Result<Server, Refusal> {
    read_discovery(200, &sample(changes), &invitation(), None, Policy::RELEASE)
}

fn row() -> Row {
    Row {
        fhir_base: invitation().fhir_base,
        name: "Example Clinic".into(),
        issuer: "https://ehr.example.com".into(),
        authorization_endpoint: Url::parse("https://ehr.example.com/auth/authorize").unwrap(),
        token_endpoint: Url::parse("https://ehr.example.com/auth/token").unwrap(),
        revocation_endpoint: Some(Url::parse("https://ehr.example.com/user/revoke").unwrap()),
        client_id: "handrail".into(),
        scopes: None,
        rotation: Rotation::Grace { seconds: 30 },
        revokes_siblings: true,
        old_discovery: false,
    }
}

#[test]
fn the_description_lies_under_the_base_even_where_that_has_a_path() {
    let at = |text: &str| {
        discovery_url(&read_code(text, Policy::RELEASE).unwrap().fhir_base).to_string()
    };

    assert_eq!(
        at("https://a.example.org/x/r4/"),
        "https://a.example.org/x/r4/.well-known/smart-configuration"
    );
    assert_eq!(
        at("https://a.example.org"),
        "https://a.example.org/.well-known/smart-configuration"
    );
}

#[test]
fn the_sample_of_the_specification_is_a_place_to_sign_in_at() {
    let server = read(json!({})).unwrap();

    assert_eq!(server.trust, Trust::Unlisted);
    assert_eq!(server.name, "ehr.example.com");
    assert_eq!(server.issuer.as_deref(), Some("https://ehr.example.com"));
    assert_eq!(server.registration_endpoint.unwrap().path(), "/auth/register");
    assert_eq!(server.revocation_endpoint.unwrap().path(), "/user/revoke");
    assert_eq!(
        (server.rotation, server.iss_promised, server.two_hosts),
        (Rotation::Strict, false, None)
    );
}

#[test]
fn a_description_that_lacks_something_is_refused_for_what_it_lacks() {
    use Refusal::{Disagrees, NotSmart, WeakSignIn};
    let cases: &[(Value, Refusal)] = &[
        (json!({ "authorization_endpoint": null }), NotSmart),
        (json!({ "authorization_endpoint": 7 }), NotSmart),
        (json!({ "token_endpoint": null }), NotSmart),
        (json!({ "token_endpoint": ["https://ehr.example.com/auth/token"] }), NotSmart),
        (json!({ "grant_types_supported": ["client_credentials"] }), NotSmart),
        (json!({ "response_types_supported": ["token"] }), NotSmart),
        (json!({ "code_challenge_methods_supported": null }), WeakSignIn),
        (json!({ "code_challenge_methods_supported": [] }), WeakSignIn),
        (json!({ "code_challenge_methods_supported": ["plain"] }), WeakSignIn),
        (json!({ "code_challenge_methods_supported": "S256" }), WeakSignIn),
        (json!({ "authorization_endpoint": "http://ehr.example.com/auth/authorize" }), Disagrees),
        (json!({ "authorization_endpoint": "https://login.example.net/authorize" }), Disagrees),
        (json!({ "authorization_endpoint": "https://u:p@ehr.example.com/authorize" }), Disagrees),
        (json!({ "authorization_endpoint": "https://ehr.example.com/authorize#x" }), Disagrees),
        (
            json!({ "authorization_endpoint": "https://ehr.example.com/a?redirect_uri=https://evil.example.net" }),
            Disagrees,
        ),
        (
            json!({ "authorization_endpoint": "https://ehr.example.com/a?client_id=other" }),
            Disagrees,
        ),
        (json!({ "authorization_endpoint": "javascript:alert(1)" }), Disagrees),
        (json!({ "authorization_endpoint": "" }), Disagrees),
        (json!({ "token_endpoint": "https://evil.example.net/token" }), Disagrees),
        (json!({ "token_endpoint": "http://ehr.example.com/auth/token" }), Disagrees),
        (json!({ "token_endpoint": "https://127.0.0.1/token" }), Disagrees),
        (json!({ "token_endpoint": "https://[::1]/token" }), Disagrees),
        (json!({ "token_endpoint": "https://localhost/token" }), Disagrees),
        (json!({ "token_endpoint": "https://2130706433/token" }), Disagrees),
        (json!({ "token_endpoint": "https://metadata.google.internal/token" }), Disagrees),
        (json!({ "token_endpoint": "//evil.example.net/token" }), Disagrees),
        (json!({ "token_endpoint": "\\\\evil.example.net/token" }), Disagrees),
        (
            json!({ "token_endpoint": "https://ehr.example.com\\@evil.example.net/token" }),
            Disagrees,
        ),
        (json!({ "token_endpoint": "https://ehr.example.com/\ttoken" }), Disagrees),
        (json!({ "token_endpoint": "https://еhr.example.com/token" }), Disagrees),
        (
            json!({ "token_endpoint": format!("https://ehr.example.com/{}", "t".repeat(3_000)) }),
            Disagrees,
        ),
        (json!({ "registration_endpoint": "https://evil.example.net/register" }), Disagrees),
        (json!({ "revocation_endpoint": "https://evil.example.net/revoke" }), Disagrees),
        (json!({ "issuer": "https://evil.example.net" }), Disagrees),
        (json!({ "issuer": "ehr" }), Disagrees),
        (
            json!({ "issuer": null, "authorization_response_iss_parameter_supported": true }),
            Disagrees,
        ),
    ];
    for (changes, refusal) in cases {
        assert_eq!(read(changes.clone()), Err(*refusal), "{changes}");
    }
}

#[test]
fn what_a_description_says_oddly_but_safely_is_let_pass() {
    let cases = [
        json!({ "issuer": null }),
        json!({ "registration_endpoint": null, "revocation_endpoint": null }),
        json!({ "registration_endpoint": 5, "revocation_endpoint": "" }),
        json!({ "capabilities": null, "scopes_supported": null }),
        json!({ "capabilities": "permission-v2", "scopes_supported": { "a": 1 } }),
        json!({ "grant_types_supported": null, "response_types_supported": null }),
        json!({ "code_challenge_methods_supported": ["plain", "S256"] }),
        json!({ "authorization_endpoint": "https://ehr.example.com/authorize?tenant=4" }),
        json!({ "authorization_endpoint": "https://login.example.com/authorize" }),
    ];
    for changes in cases {
        assert!(read(changes.clone()).is_ok(), "{changes}");
    }
}

#[test]
fn a_relative_endpoint_starts_at_the_base() {
    let server =
        read(json!({ "token_endpoint": "oauth/token", "authorization_endpoint": "/authorize" }))
            .unwrap();

    assert_eq!(server.token_endpoint.as_str(), "https://ehr.example.com/fhir/oauth/token");
    assert_eq!(server.authorization_endpoint.as_str(), "https://ehr.example.com/authorize");
}

#[test]
fn a_sign_in_page_of_somebody_else_is_shown_as_a_second_host() {
    let other = |path: &str| format!("https://login.example.net:8443/{path}");
    let server = read(json!({
        "issuer": other(""),
        "authorization_endpoint": other("authorize"),
        "token_endpoint": other("token"),
        "registration_endpoint": null,
        "revocation_endpoint": null,
    }))
    .unwrap();

    let second = server.two_hosts.unwrap();
    assert_eq!((&*second.before, &*second.registered), ("login.", "example.net:8443"));
}

#[test]
fn an_answer_that_is_no_description_is_told_from_a_place_that_is_busy() {
    let status = |status: u16| {
        read_discovery(status, SAMPLE.as_bytes(), &invitation(), None, Policy::RELEASE).err()
    };
    let body = |body: &[u8]| read_discovery(200, body, &invitation(), None, Policy::RELEASE).err();
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(500), "]".repeat(500));
    let large = sample(json!({ "x": "a".repeat(300 * 1024) }));

    for code in [204, 301, 302, 401, 403, 404, 410] {
        assert_eq!(status(code), Some(Refusal::NotSmart), "{code}");
    }
    for code in [429, 500, 502, 503] {
        assert_eq!(status(code), Some(Refusal::NoAnswer), "{code}");
    }
    for wrong in [
        b"".as_slice(),
        b"<html>",
        b"[]",
        b"null",
        b"{}",
        b"{\"issuer\":",
        b"\xff",
        deep.as_bytes(),
        &large,
    ] {
        assert_eq!(body(wrong), Some(Refusal::NotSmart));
    }
}

#[test]
fn a_listed_place_takes_its_name_and_habits_from_the_registry() {
    let server =
        read_discovery(200, SAMPLE.as_bytes(), &invitation(), Some(&row()), Policy::RELEASE)
            .unwrap();

    assert_eq!((server.trust, server.name.as_str()), (Trust::Listed, "Example Clinic"));
    assert_eq!((server.rotation, server.revokes_siblings), (Rotation::Grace { seconds: 30 }, true));
    assert_eq!(server.registration_endpoint, None);
}

#[test]
fn a_listed_place_that_differs_from_its_row_is_refused() {
    let cases = [
        json!({ "issuer": "https://ehr.example.com/" }),
        json!({ "authorization_endpoint": "https://ehr.example.com/auth/authorize2" }),
        json!({ "authorization_endpoint": "https://ehr.example.com:8443/auth/authorize" }),
        json!({ "token_endpoint": "https://ehr.example.com/auth/token/" }),
        json!({ "token_endpoint": "https://evil.example.net/token" }),
        json!({ "revocation_endpoint": "https://ehr.example.com/elsewhere" }),
    ];
    for changes in cases {
        let read = read_discovery(
            200,
            &sample(changes.clone()),
            &invitation(),
            Some(&row()),
            Policy::RELEASE,
        );

        assert_eq!(read, Err(Refusal::Disagrees), "{changes}");
    }
    let mut elsewhere = row();
    elsewhere.fhir_base =
        read_code("https://other.example.com/fhir", Policy::RELEASE).unwrap().fhir_base;
    let read =
        read_discovery(200, SAMPLE.as_bytes(), &invitation(), Some(&elsewhere), Policy::RELEASE);
    assert_eq!(read, Err(Refusal::Disagrees));
}

#[test]
fn the_sandbox_is_read_in_a_developer_build_only() {
    let registry = Registry::bundled(Policy::DEVELOPER);
    let told = |port: u16| {
        let auth = format!("http://127.0.0.1:{port}/auth");
        json!({
            "issuer": auth,
            "authorization_endpoint": format!("{auth}/authorize"),
            "token_endpoint": format!("{auth}/token"),
            "registration_endpoint": format!("{auth}/register"),
            "revocation_endpoint": format!("{auth}/revoke"),
            "code_challenge_methods_supported": ["S256"],
            "capabilities": ["launch-standalone", "permission-v2"],
            "authorization_response_iss_parameter_supported": true,
        })
        .to_string()
    };
    let read = |port: u16, policy| {
        let invitation =
            read_code(&format!("http://127.0.0.1:{port}/fhir"), Policy::DEVELOPER).unwrap();
        read_discovery(
            200,
            told(port).as_bytes(),
            &invitation,
            registry.row(&invitation.fhir_base),
            policy,
        )
    };

    let trust = |port| read(port, Policy::DEVELOPER).map(|server| server.trust);
    assert_eq!(
        (trust(8461), trust(8462), trust(8463)),
        (Ok(Trust::Listed), Ok(Trust::Listed), Ok(Trust::Unlisted))
    );
    assert_eq!(read(8463, Policy::RELEASE), Err(Refusal::Disagrees));
}

#[test]
fn a_server_is_written_and_read_back_whole() {
    let server = read(json!({})).unwrap();

    let again: Server = serde_json::from_slice(&serde_json::to_vec(&server).unwrap()).unwrap();

    assert_eq!(again, server);
}

#[test]
fn the_client_id_is_the_rows_then_the_codes_then_asked_for() {
    let server = read(json!({})).unwrap();
    let closed = read(json!({ "registration_endpoint": null })).unwrap();
    let mut named = invitation();
    named.client_id = Some("from-code".into());

    let known = |id: &str| Ok(Client::Known(id.into()));
    assert_eq!(choose_client(&server, &named, Some(&row())), known("handrail"));
    assert_eq!(choose_client(&server, &named, None), known("from-code"));
    assert!(matches!(choose_client(&server, &invitation(), None), Ok(Client::Register(_))));
    assert_eq!(choose_client(&closed, &invitation(), None), Err(Refusal::NoClientId));
}

#[test]
fn the_app_introduces_itself_as_a_native_app_without_a_secret() {
    let redirect = Url::parse("http://127.0.0.1:5123/callback/abc").unwrap();

    let body = registration_body(&redirect);

    assert_eq!(body["token_endpoint_auth_method"], "none");
    assert_eq!(body["application_type"], "native");
    assert_eq!(body["software_id"], "org.handrail.client");
    assert_eq!(body["redirect_uris"], json!(["http://127.0.0.1:5123/callback/abc"]));
    assert_eq!(body["grant_types"], json!(["authorization_code", "refresh_token"]));
}

#[test]
fn the_answer_to_an_introduction_is_read() {
    use Refusal::{NoClientId, PlaceFailed};
    let redirect = Url::parse("http://127.0.0.1:5123/callback/abc").unwrap();
    let cases: &[(u16, &str, Result<&str, Refusal>)] = &[
        (201, r#"{"client_id":"abc-7"}"#, Ok("abc-7")),
        (200, r#"{"client_id":"abc-7","token_endpoint_auth_method":"none"}"#, Ok("abc-7")),
        (
            201,
            r#"{"client_id":"abc-7","token_endpoint_auth_method":"client_secret_basic","client_secret":"x"}"#,
            Err(NoClientId),
        ),
        (201, r#"{"client_id":"abc-7","client_secret":"x"}"#, Err(NoClientId)),
        (201, r#"{"client_id":"abc-7","token_endpoint_auth_method":["none"]}"#, Err(NoClientId)),
        (
            201,
            r#"{"client_id":"abc-7","client_secret":"unasked","token_endpoint_auth_method":"none"}"#,
            Ok("abc-7"),
        ),
        (
            201,
            r#"{"client_id":"abc-7","redirect_uris":["http://127.0.0.1:5123/callback/abc"]}"#,
            Ok("abc-7"),
        ),
        (
            201,
            r#"{"client_id":"abc-7","redirect_uris":["http://127.0.0.1:5123/callback"]}"#,
            Err(NoClientId),
        ),
        (
            201,
            r#"{"client_id":"abc-7","redirect_uris":["http://127.0.0.1:5123/callback/abc","https://evil.example.net"]}"#,
            Err(NoClientId),
        ),
        (201, r#"{"client_id":"abc-7","redirect_uris":[]}"#, Err(NoClientId)),
        (201, r#"{"client_id":"abc-7","grant_types":["implicit"]}"#, Err(NoClientId)),
        (201, r#"{"client_id":"abc-7","grant_types":["authorization_code"]}"#, Ok("abc-7")),
        (201, r#"{"client_id":"abc-7","response_types":["token"]}"#, Err(NoClientId)),
        (400, r#"{"error":"invalid_redirect_uri"}"#, Err(NoClientId)),
        (401, "", Err(NoClientId)),
        (403, "<html>", Err(NoClientId)),
        (404, "", Err(NoClientId)),
        (429, "", Err(PlaceFailed)),
        (500, "", Err(PlaceFailed)),
        (201, "", Err(PlaceFailed)),
        (201, "[]", Err(PlaceFailed)),
        (201, r#"{"client_id":""}"#, Err(PlaceFailed)),
        (201, r#"{"client_id":7}"#, Err(PlaceFailed)),
        (201, r#"{"client_id":"a\u0000b"}"#, Err(PlaceFailed)),
    ];
    for (status, body, expected) in cases {
        let read = read_registration(*status, body.as_bytes(), &redirect);

        assert_eq!(read.as_deref().map_err(|refusal| *refusal), *expected, "{status} {body}");
    }
}

#[test]
fn scopes_are_spelled_as_the_server_can() {
    let ask = |changes| choose_scopes(&read(changes).unwrap(), None, Role::Patient);

    let second = ask(json!({}));
    let first = ask(json!({ "capabilities": ["permission-v1"], "scopes_supported": null }));
    let old = ask(
        json!({ "capabilities": null, "scopes_supported": ["patient/*.read", "launch/patient"] }),
    );

    assert_eq!(
        second[..4],
        ["launch/patient", "offline_access", "patient/Patient.r", "patient/Task.rus"]
    );
    assert!(
        first.contains(&"patient/Task.read".into()) && first.contains(&"patient/Task.write".into())
    );
    assert!(
        first.contains(&"patient/Goal.read".into())
            && !first.contains(&"patient/Goal.write".into())
    );
    assert_eq!(first, old);
}

#[test]
fn only_what_a_server_lists_is_asked_for_and_to_dos_always() {
    let ask = |listed: Value, role| {
        choose_scopes(&read(json!({ "scopes_supported": listed })).unwrap(), None, role)
    };

    let few = ask(
        json!(["patient/Task.rus", "patient/DocumentReference.rs?category=x.y"]),
        Role::Patient,
    );
    let odd = ask(json!(["patient/Patient.r"]), Role::Patient);
    let silent = ask(json!(["openid"]), Role::Patient);
    let staff = ask(json!(["patient/Task.rs", "user/Task.crus"]), Role::Organization);

    let fixed = ["launch/patient", "offline_access"];
    assert_eq!(
        few,
        [fixed.as_slice(), &["patient/Task.rus", "patient/DocumentReference.crs"]].concat()
    );
    assert_eq!(odd, [fixed.as_slice(), &["patient/Patient.r", "patient/Task.rus"]].concat());
    assert_eq!(silent.len(), 20);
    assert_eq!(staff, ["openid", "fhirUser", "offline_access", "user/Task.crus"]);
}

#[test]
fn who_signed_in_is_asked_by_organizations_only_and_where_it_can_be_validated() {
    let asks_who = |changes: Value, role| {
        let asked = choose_scopes(&read(changes).unwrap(), None, role);
        assert!(asked.iter().all(|scope| !scope.contains('*')));
        ["openid", "fhirUser"].map(|wanted| asked.iter().any(|scope| scope == wanted))
    };
    let elsewhere = json!({ "jwks_uri": "https://keys.example.net/jwks.json" });
    let by_scopes =
        json!({ "capabilities": ["permission-v2"], "scopes_supported": ["openid", "fhirUser"] });
    let cannot = [
        json!({ "jwks_uri": null }),
        json!({ "issuer": null }),
        json!({ "capabilities": ["permission-v2"] }),
        elsewhere,
    ];

    assert_eq!(asks_who(json!({}), Role::Organization), [true; 2]);
    assert_eq!(asks_who(by_scopes, Role::Organization), [true; 2]);
    for changes in cannot {
        assert_eq!(asks_who(changes.clone(), Role::Organization), [false; 2], "{changes}");
    }
    assert_eq!(asks_who(json!({}), Role::Patient), [false; 2]);
}

#[test]
fn to_change_a_service_is_asked_for_only_where_the_server_lists_it() {
    let asked = |listed: &str| {
        let changes = json!({ "capabilities": ["permission-v2"], "scopes_supported": [listed] });
        let scopes = choose_scopes(&read(changes).unwrap(), None, Role::Organization);
        scopes.into_iter().find(|scope| scope.contains("HealthcareService"))
    };

    let may = |rights: &str| Some(format!("user/HealthcareService.{rights}"));
    for listed in ["user/HealthcareService.rus", "user/*.cruds", "user/HealthcareService.write"] {
        assert_eq!(asked(listed), may("rus"), "{listed}");
    }
    for listed in ["user/HealthcareService.rs", "user/HealthcareService.read", "openid"] {
        assert_eq!(asked(listed), may("rs"), "{listed}");
    }
    assert_eq!(asked("patient/HealthcareService.rus"), may("rs"));
}

#[test]
fn a_row_may_name_its_own_scopes() {
    let mut row = row();
    row.scopes = Some(vec!["patient/*.*".into()]);

    assert_eq!(
        choose_scopes(&read(json!({})).unwrap(), Some(&row), Role::Patient),
        ["patient/*.*"]
    );
}

#[test]
fn a_description_that_moved_is_looked_for_at_the_same_origin_only() {
    let asked = discovery_url(&invitation().fhir_base);
    let hop = |status: u16, to: &str| follow_hop(&asked, status, Some(to)).map(String::from);

    for status in [301, 302, 303, 307, 308] {
        assert_eq!(hop(status, "/smart"), Some("https://ehr.example.com/smart".into()), "{status}");
    }
    assert_eq!(
        hop(302, "https://ehr.example.com:443/s?x=1#y"),
        Some("https://ehr.example.com/s?x=1".into())
    );
    for to in [
        "https://evil.example.net/smart",
        "https://www.ehr.example.com/smart",
        "https://ehr.example.com:8443/smart",
        "http://ehr.example.com/smart",
        "//evil.example.net/smart",
        "/\\evil.example.net/smart",
        "https://me@ehr.example.com/smart",
        "javascript:alert(1)",
        "https://169.254.169.254/",
        "",
        "#again",
        asked.as_str(),
    ] {
        assert_eq!(hop(302, to), None, "{to}");
    }
    for status in [200, 300, 304, 305, 404] {
        assert_eq!(hop(status, "/smart"), None, "{status}");
    }
    assert_eq!(follow_hop(&asked, 302, None), None);
}

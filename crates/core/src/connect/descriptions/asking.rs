//! Under which name a place knows the app, and what the app asks of it.

use super::*;

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
fn to_show_a_page_or_ask_for_a_form_is_asked_for_only_where_the_server_lists_it() {
    let asked = |listed: Value| {
        let changes = json!({ "capabilities": ["permission-v2"], "scopes_supported": listed });
        let scopes = choose_scopes(&read(changes).unwrap(), None, Role::Organization);
        ["DocumentReference", "Questionnaire"].map(|kind| {
            let is_it = |scope: &&String| scope.starts_with(&format!("user/{kind}."));
            scopes
                .iter()
                .find(is_it)
                .map_or("", |scope| scope.rsplit('.').next().unwrap())
                .to_owned()
        })
    };

    assert_eq!(asked(json!(["user/DocumentReference.crs", "user/Questionnaire.r"])), ["crs", "rs"]);
    assert_eq!(asked(json!(["user/*.read"])), ["rs", "rs"]);
    assert_eq!(asked(json!(["user/DocumentReference.rs", "user/Task.crus"])), ["rs", ""]);
    assert_eq!(asked(json!([])), ["rs", ""], "where nothing is listed, no more than the guide has");
    assert_eq!(
        asked(json!(["patient/Questionnaire.rs", "patient/DocumentReference.crs"])),
        ["rs", ""]
    );
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

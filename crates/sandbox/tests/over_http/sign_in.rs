//! Discovery, the pages and the code.

use handrail_sandbox::PlaceKind;
use reqwest::StatusCode;
use serde_json::Value;

use crate::app::*;

#[tokio::test]
async fn rosa_signs_in_at_all_three_places() {
    let sandbox = start().await;

    for (kind, patient) in [
        (PlaceKind::Provider, "rosa-delgado"),
        (PlaceKind::Platform, "trc-10442"),
        (PlaceKind::Cbo, "guest-207"),
    ] {
        let app = sign_in_rosa(&sandbox, kind).await;

        assert_eq!(app.tokens["patient"], patient);
        assert_eq!(app.tokens["token_type"], "Bearer");
        assert_eq!(app.tokens["expires_in"], 300);
        let (status, bundle) = app.get(&format!("/Task?patient={patient}")).await;
        assert_eq!(status, StatusCode::OK);
        assert!(bundle["total"].as_u64().unwrap() >= 5, "{kind:?}");
    }
}

#[tokio::test]
async fn discovery_names_endpoints_of_its_own_origin() {
    let sandbox = start().await;

    for place in sandbox.places() {
        let address = format!("{}/.well-known/smart-configuration", place.fhir_base);
        let metadata: Value = client().get(address).send().await.unwrap().json().await.unwrap();

        assert_eq!(metadata["issuer"], place.issuer.as_str());
        assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
        for name in ["authorization_endpoint", "token_endpoint", "revocation_endpoint"] {
            assert!(metadata[name].as_str().unwrap().starts_with(place.issuer.as_str()), "{name}");
        }
        let registers = metadata["registration_endpoint"].is_string();
        assert_eq!(registers, place.client_id.is_none());
    }
}

#[tokio::test]
async fn the_redirect_carries_code_state_and_issuer() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let page = open(place, &ask(place, "handrail", SCOPE)).await.text().await.unwrap();
    let request = find_request(&page);
    post_form(
        place,
        "sign-in",
        &[("request", &request), ("username", "rosa"), ("password", "handrail")],
    )
    .await;

    let decided = post_form(place, "decide", &[("request", &request), ("decision", "allow")]).await;

    let (location, pairs) = read_redirect(&decided);
    assert!(location.as_str().starts_with(REDIRECT));
    assert!(find(&pairs, "code").is_some());
    assert_eq!(find(&pairs, "state"), Some("a-state"));
    assert_eq!(find(&pairs, "iss"), Some(place.issuer.as_str()));
}

#[tokio::test]
async fn not_allowing_sends_access_denied_back() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Platform);
    let page = open(place, &ask(place, "handrail", SCOPE)).await.text().await.unwrap();
    let request = find_request(&page);

    let decided = post_form(place, "decide", &[("request", &request), ("decision", "deny")]).await;

    let (_, pairs) = read_redirect(&decided);
    assert_eq!(find(&pairs, "error"), Some("access_denied"));
    assert_eq!(find(&pairs, "state"), Some("a-state"));
    assert_eq!(find(&pairs, "code"), None);
}

#[tokio::test]
async fn a_wrong_password_is_told_in_words_and_may_be_tried_again() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let page = open(place, &ask(place, "handrail", SCOPE)).await.text().await.unwrap();
    let request = find_request(&page);

    let wrong = post_form(
        place,
        "sign-in",
        &[("request", &request), ("username", "rosa"), ("password", "x")],
    )
    .await;
    let allowed_early =
        post_form(place, "decide", &[("request", &request), ("decision", "allow")]).await;
    let right = post_form(
        place,
        "sign-in",
        &[("request", &request), ("username", "rosa"), ("password", "handrail")],
    )
    .await;

    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert!(wrong.text().await.unwrap().contains("id=\"problem\""));
    assert_eq!(allowed_early.status(), StatusCode::OK);
    assert!(right.text().await.unwrap().contains("id=\"allow\""));
}

#[tokio::test]
async fn a_newcomer_creates_an_account_and_sees_only_their_own() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let known = place.newcomers().into_iter().find(|known| known.name == "Mai Tran").unwrap();
    let page = open(place, &ask(place, "handrail", SCOPE)).await.text().await.unwrap();
    let request = find_request(&page);
    let fields = [
        ("request", request.as_str()),
        ("email", &known.email),
        ("birth-date", &known.birth_date),
        ("registration-code", &known.registration_code),
        ("new-username", "maitran"),
        ("new-password", "a long one"),
    ];

    let consent = post_form(place, "create-account", &fields).await.text().await.unwrap();
    let decided = post_form(place, "decide", &[("request", &request), ("decision", "allow")]).await;

    assert!(consent.contains("Hello Mai Tran"));
    let (_, pairs) = read_redirect(&decided);
    let code = find(&pairs, "code").unwrap();
    let tokens: Value = redeem(place, "handrail", code, VERIFIER).await.json().await.unwrap();
    assert_eq!(tokens["patient"], "mai-tran");
    let app = SignedIn { place: place.clone(), client_id: "handrail".into(), tokens };
    let (_, bundle) = app.get("/Task").await;
    assert_eq!(list_ids(&bundle, "match"), ["mai-food-task", "mai-welcome"]);
}

#[tokio::test]
async fn an_unknown_client_or_redirect_gets_a_page_and_no_redirect() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let good = ask(place, "handrail", SCOPE);

    for (name, value) in [
        ("client_id", Some("somebody")),
        ("client_id", None),
        ("redirect_uri", Some("https://evil.example/callback/one")),
        ("redirect_uri", Some("http://127.0.0.1:7777/elsewhere")),
        ("redirect_uri", Some("http://127.0.0.1.evil.example/callback/one")),
        ("redirect_uri", None),
    ] {
        let mut asked = good.clone();
        change(&mut asked, name, value);
        let answer = open(place, &asked).await;

        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{name} {value:?}");
        assert!(answer.headers().get("location").is_none());
    }
}

#[tokio::test]
async fn every_other_mistake_goes_back_to_the_client() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let good = ask(place, "handrail", SCOPE);

    for (name, value, expected) in [
        ("response_type", Some("token"), "unsupported_response_type"),
        ("aud", Some("http://127.0.0.1:1/fhir"), "invalid_request"),
        ("aud", None, "invalid_request"),
        ("state", None, "invalid_request"),
        ("code_challenge", None, "invalid_request"),
        ("code_challenge_method", Some("plain"), "invalid_request"),
        ("scope", None, "invalid_scope"),
    ] {
        let mut asked = good.clone();
        change(&mut asked, name, value);
        let answer = open(place, &asked).await;

        let (location, pairs) = read_redirect(&answer);
        assert!(location.as_str().starts_with(REDIRECT));
        assert_eq!(find(&pairs, "error"), Some(expected), "{name}");
        assert_eq!(find(&pairs, "iss"), Some(place.issuer.as_str()));
    }
}

#[tokio::test]
async fn the_pages_run_no_script_and_let_the_redirect_through() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);

    let answer = open(place, &ask(place, "handrail", SCOPE)).await;

    let policy = answer.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    assert!(policy.contains("form-action 'self' http://127.0.0.1:7777;"));
    assert!(!policy.contains("unsafe"));
}

#[tokio::test]
async fn a_self_registered_client_returns_only_where_it_said() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Cbo);
    let client_id = find_client_id(place).await;
    let mut asked = ask(place, &client_id, SCOPE);

    let registered = open(place, &asked).await.status();
    change(&mut asked, "redirect_uri", Some("http://127.0.0.1:7777/callback/two"));
    let other = open(place, &asked).await.status();

    assert_eq!(registered, StatusCode::OK);
    assert_eq!(other, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_typed_stays_in_the_form_but_for_the_password() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let page = open(place, &ask(place, "handrail", SCOPE)).await.text().await.unwrap();
    let request = find_request(&page);
    let fields =
        [("request", request.as_str()), ("username", "ro\"><b>"), ("password", "a-secret-word")];

    let again = post_form(place, "sign-in", &fields).await.text().await.unwrap();

    assert!(again.contains("value=\"ro&quot;&gt;&lt;b&gt;\""));
    assert!(!again.contains("a-secret-word") && !again.contains("<b>"));
}

//! Codes, refresh tokens and their rotation.

#![expect(
    clippy::unwrap_used,
    reason = "the steps between the tests are theirs too; a panic names the line"
)]

use std::time::Duration;

use handrail_sandbox::{PlaceKind, Rotation, Sandbox};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::app::*;

async fn read_error(answer: Response) -> String {
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: Value = answer.json().await.unwrap();
    body["error"].as_str().unwrap().to_owned()
}

async fn read_tokens(answer: Response) -> Value {
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

async fn sign_in_with(sandbox: &Sandbox, rotation: Rotation) -> SignedIn {
    sandbox.place(PlaceKind::Provider).control().set_rotation(rotation);
    sign_in_rosa(sandbox, PlaceKind::Provider).await
}

async fn can_read(app: &SignedIn, tokens: &Value) -> bool {
    let with = SignedIn {
        tokens: tokens.clone(),
        place: app.place.clone(),
        client_id: app.client_id.clone(),
    };
    with.get("/Patient/rosa-delgado").await.0 == StatusCode::OK
}

#[tokio::test]
async fn a_wrong_verifier_gives_no_token() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let code = fetch_code(place, "handrail", "rosa", SCOPE).await;

    let answer =
        redeem(place, "handrail", &code, "another-verifier-of-at-least-43-characters-0").await;

    assert_eq!(read_error(answer).await, "invalid_grant");
}

#[tokio::test]
async fn a_replayed_code_ends_what_came_of_it() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Provider);
    let code = fetch_code(place, "handrail", "rosa", SCOPE).await;
    let tokens = read_tokens(redeem(place, "handrail", &code, VERIFIER).await).await;
    let app = SignedIn { place: place.clone(), client_id: "handrail".into(), tokens };
    assert!(can_read(&app, &app.tokens).await);

    let replayed = redeem(place, "handrail", &code, VERIFIER).await;

    assert_eq!(read_error(replayed).await, "invalid_grant");
    assert!(!can_read(&app, &app.tokens).await);
    let refreshed = refresh(place, "handrail", app.refresh_token()).await;
    assert_eq!(read_error(refreshed).await, "invalid_grant");
}

#[tokio::test]
async fn no_refresh_token_without_offline_access() {
    let sandbox = start().await;

    let app =
        sign_in_as(&sandbox, PlaceKind::Provider, "rosa", "launch/patient patient/Task.rs").await;

    assert_eq!(app.tokens["refresh_token"], Value::Null);
    assert_eq!(app.tokens["scope"], "launch/patient patient/Task.rs");
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays() {
    let sandbox = start().await;
    let app = sign_in_with(&sandbox, Rotation::None).await;

    let first = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;
    let second = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;

    assert_eq!(first["refresh_token"], Value::Null);
    assert!(can_read(&app, &second).await);
}

#[tokio::test]
async fn strict_rotation_ends_the_sign_in_when_an_old_token_comes() {
    let sandbox = start().await;
    let app = sign_in_with(&sandbox, Rotation::Strict).await;
    let second = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;
    assert!(can_read(&app, &second).await);

    let reused = refresh(&app.place, "handrail", app.refresh_token()).await;

    assert_eq!(read_error(reused).await, "invalid_grant");
    assert!(!can_read(&app, &second).await);
    let young = refresh(&app.place, "handrail", second["refresh_token"].as_str().unwrap()).await;
    assert_eq!(read_error(young).await, "invalid_grant");
    assert_eq!(app.place.control().count_reuse_events(), 1);
    assert_eq!(app.place.control().count_live_grants(), 0);
}

#[tokio::test]
async fn within_the_grace_an_old_token_still_works() {
    let sandbox = start().await;
    let app = sign_in_with(&sandbox, Rotation::Grace(Duration::from_secs(600))).await;

    let first = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;
    let again = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;

    assert!(can_read(&app, &first).await && can_read(&app, &again).await);
    assert_eq!(app.place.control().count_reuse_events(), 0);
}

#[tokio::test]
async fn after_the_grace_an_old_token_ends_the_sign_in() {
    let sandbox = start().await;
    let app = sign_in_with(&sandbox, Rotation::Grace(Duration::ZERO)).await;
    let first = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;

    let late = refresh(&app.place, "handrail", app.refresh_token()).await;

    assert_eq!(read_error(late).await, "invalid_grant");
    assert!(!can_read(&app, &first).await);
}

#[tokio::test]
async fn confirm_on_use_keeps_the_old_token_until_the_new_ones_are_used() {
    let sandbox = start().await;
    let app = sign_in_with(&sandbox, Rotation::ConfirmOnUse).await;

    let lost = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;
    let kept = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;
    assert!(can_read(&app, &kept).await);
    let old = refresh(&app.place, "handrail", app.refresh_token()).await;

    assert_ne!(lost["refresh_token"], kept["refresh_token"]);
    assert_eq!(read_error(old).await, "invalid_grant");
    let next = refresh(&app.place, "handrail", kept["refresh_token"].as_str().unwrap()).await;
    assert_eq!(next.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_revoked_refresh_token_takes_its_access_token_with_it() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Platform).await;

    let other =
        post_form(&app.place, "revoke", &[("token", app.refresh_token()), ("client_id", "x")])
            .await;
    let untouched = app.get("/Task").await.0;
    let own = post_form(
        &app.place,
        "revoke",
        &[("token", app.refresh_token()), ("client_id", "handrail")],
    )
    .await;
    let after = app.get("/Task").await.0;

    assert_eq!((other.status(), own.status()), (StatusCode::OK, StatusCode::OK));
    assert_eq!((untouched, after), (StatusCode::OK, StatusCode::UNAUTHORIZED));
}

#[tokio::test]
async fn expired_and_dead_tokens_are_told_apart() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let control = app.place.control();

    control.expire_access_tokens();
    let expired = app.request(reqwest::Method::GET, "/Task").send().await.unwrap();
    let refreshed = read_tokens(refresh(&app.place, "handrail", app.refresh_token()).await).await;
    control.kill_refresh_tokens();
    let dead = refresh(&app.place, "handrail", refreshed["refresh_token"].as_str().unwrap()).await;

    assert_eq!(expired.status(), StatusCode::UNAUTHORIZED);
    let challenge = expired.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Bearer ") && challenge.contains("invalid_token"));
    assert!(can_read(&app, &refreshed).await);
    assert_eq!(read_error(dead).await, "invalid_grant");
    assert_eq!(control.count_token_requests(), 3);
}

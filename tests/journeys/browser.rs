//! The pages in a phone-sized browser: three places by hand, and what is said about wrong input.

#![expect(clippy::unwrap_used, reason = "a step of a journey that fails ends it")]

#[path = "browser/asking.rs"]
mod asking;
#[path = "browser/calm.rs"]
mod calm;
#[path = "browser/camera.rs"]
mod camera;
#[path = "browser/clinic.rs"]
mod clinic;
#[path = "browser/desk.rs"]
mod desk;
#[path = "browser/doubt.rs"]
mod doubt;
#[path = "browser/employers.rs"]
mod employers;
#[path = "browser/finding.rs"]
mod finding;
#[path = "browser/hostile.rs"]
mod hostile;
#[path = "browser/heard.rs"]
mod heard;
#[path = "browser/keyboard.rs"]
mod keyboard;
#[path = "browser/long.rs"]
mod long;
#[path = "browser/pages.rs"]
mod pages;
#[path = "browser/spanish.rs"]
mod spanish;
#[path = "browser/taking.rs"]
mod taking;
#[path = "browser/tryout.rs"]
mod tryout;
#[path = "browser/ways.rs"]
mod ways;
#[path = "browser/writing.rs"]
mod writing;

use axum::{Router, routing::get};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    screen::Screen,
    texts::Texts,
};
use tokio::net::TcpListener;

#[tokio::test(flavor = "multi_thread")]
async fn three_places_are_connected_by_hand_and_every_row_says_where_it_came_from() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    for place in sandbox.places() {
        screen.type_address(&place.invitation()).await;
        if place.kind == PlaceKind::Cbo {
            screen
                .confirm_unlisted(place.origin.as_str()["http://".len()..].trim_matches('/'))
                .await;
        } else {
            screen.confirm_listed(place.name).await;
        }
        Person::rosa().sign_in(&preview.wait_for_sign_in_page().await).await.unwrap();
        screen.see("You are connected").await;
    }

    screen.go("/todos").await;
    for (title, place) in [
        ("Answer 3 questions about food", "Elm Street Family Clinic"),
        ("Answer 4 questions about your home", "Two Rivers Care Network"),
        ("Read about keeping food safe", "Bright Harvest Food Bank"),
    ] {
        assert_row(screen, title, place).await;
    }
    screen.go("/goals").await;
    screen.see("Have enough food each week").await;
    screen.see("A power bill I can pay").await;
    screen.go("/referrals").await;
    assert_row(screen, "Rides to clinic visits", "Elm Street Family Clinic").await;
    assert_row(screen, "A lower power bill", "Two Rivers Care Network").await;
    screen.go("/connections").await;
    for place in sandbox.places() {
        screen.see(place.name).await;
    }
    assert!(!screen.text().await.contains("Mai"), "another person's things are on the page");
}

/// Waits for a row, and looks whether it names its place.
async fn assert_row(screen: &Screen, title: &str, place: &str) {
    screen.see(title).await;
    let script = "return [...document.querySelectorAll('li, article')] \
        .filter(row => !row.querySelector('li')).map(row => row.innerText)";
    let rows = screen.run(script, Vec::new()).await;
    let rows: Vec<String> = serde_json::from_value(rows).unwrap();
    let found = rows.iter().any(|row| row.contains(title) && row.contains(place));
    assert!(found, "no row has both “{title}” and “{place}”: {rows:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_input_is_named_and_leads_on() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    for (input, said) in [
        ("WIFI:T:WPA;S:clinic;P:secret;;", "refused-wifi-heading"),
        ("http://elmstreetclinic.example/fhir", "refused-not_locked-heading"),
        ("tel:5550118", "refused-phone_or_message-heading"),
        ("https://rosa@elmstreetclinic.example/fhir", "refused-hides_address-heading"),
    ] {
        screen.type_address(input).await;
        screen.see(&english(said)).await;
        screen.press("Paste or type an address").await;
    }

    let dead = free_address().await;
    screen.type_address(&format!("{dead}/fhir")).await;
    screen.confirm_unlisted(&dead["http://".len()..]).await;
    screen.see(&english("refused-no_answer-heading")).await;

    let without_smart = serve_plain_fhir().await;
    screen.type_address(&format!("{without_smart}/fhir")).await;
    screen.confirm_unlisted(&without_smart["http://".len()..]).await;
    screen.see(&english("refused-not_smart-heading")).await;

    let clinic = sandbox.place(PlaceKind::Provider);
    screen.type_address(&clinic.invitation()).await;
    screen.confirm_listed(clinic.name).await;
    Person::rosa().decline(&preview.wait_for_sign_in_page().await).await.unwrap();
    screen.see(&english("refused-declined-heading")).await;

    screen.type_address(&clinic.invitation()).await;
    screen.confirm_listed(clinic.name).await;
    preview.wait_for_sign_in_page().await;
    screen.press("Cancel").await;
    screen.see("Have an address?").await;
    screen.go("/connections").await;
    assert!(!screen.text().await.contains(clinic.name), "a sign-in that was given up left a place");
}

/// The text of ours under a key, as the page says it.
fn english(key: &str) -> String {
    Texts::of("en").get(key).to_owned()
}

/// An address of this machine that nobody listens at.
async fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A server that answers, and knows nothing of SMART.
async fn serve_plain_fhir() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().route("/fhir/metadata", get(|| async { "{}" }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

//! Addresses that ask for a second look: one that imitates a known place, and one that sends people elsewhere.

use handrail_core::{connect::Registry, fhir::base::Policy};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::{Value, json};
use support::{
    phone::registry_bytes_of,
    preview::{Look, Preview},
};

use super::english;

#[tokio::test(flavor = "multi_thread")]
async fn what_imitates_a_known_place_stands_beside_it_and_goes_no_further() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &with_a_clinic(&sandbox), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.type_address("https://health.elrnstreetclinic.example/fhir").await;

    screen.see(&english("refused-look_alike-heading")).await;
    let shown = "return [...document.querySelectorAll('.host')].map(host => [host.textContent.trim(), \
        [...host.querySelectorAll('mark')].map(mark => mark.textContent).join()])";
    let hosts = screen.run(shown, Vec::new()).await;
    let expected = json!([["elrnstreetclinic.example", "rn"], ["elmstreetclinic.example", "m"]]);
    assert_eq!(hosts, expected, "both addresses, and where they differ");
    let page = screen.text().await;
    for words in ["look-alike-seen", "look-alike-known"] {
        assert!(page.contains(&english(words)), "{page}");
    }
    assert!(page.contains("Elm Street on the list"), "the known one has no name: {page}");
    assert!(!page.contains(&english("confirm-sign-in")), "it goes on: {page}");
    keep(&preview, "doubt-look-alike").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_address_is_shown() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &with_a_clinic(&sandbox), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.type_address("https://coupons.example.org/today.html").await;

    screen.see(&english("refused-website-heading")).await;
    screen.see("coupons.example.org").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_signs_people_in_at_another_host_has_both_hosts_on_the_page() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &with_a_clinic(&sandbox), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;
    let food = sandbox.place(PlaceKind::Cbo).fhir_base.port().unwrap();

    // The place names its endpoints by its number, and the code leads to its name.
    screen.type_address(&format!("http://localhost:{food}/fhir")).await;
    screen.confirm_unlisted(&format!("localhost:{food}")).await;

    screen.see(&english("two-hosts-heading")).await;
    screen.see(&format!("localhost:{food} sends you to 127.0.0.1:{food} to sign in")).await;
    keep(&preview, "doubt-two-hosts").await;
}

/// The list of the sandbox, with a clinic that has a name of its own.
fn with_a_clinic(sandbox: &Sandbox) -> Registry {
    let mut list: Value = serde_json::from_slice(&registry_bytes_of(sandbox)).unwrap();
    let mut row = list["rows"][0].clone();
    row["name"] = json!("Elm Street on the list");
    row["fhir_base"] = json!("https://health.elmstreetclinic.example/fhir");
    row["issuer"] = json!("https://health.elmstreetclinic.example");
    for endpoint in ["authorization_endpoint", "token_endpoint", "revocation_endpoint"] {
        row[endpoint] = json!("https://health.elmstreetclinic.example/x");
    }
    list["rows"].as_array_mut().unwrap().push(row);
    Registry::parse(list.to_string().as_bytes(), Policy::DEVELOPER).unwrap()
}

/// Keeps a picture for whoever looks, where a folder is named for it.
async fn keep(preview: &Preview, name: &str) {
    if let Some(folder) = std::env::var_os("HANDRAIL_PICTURES") {
        preview.take_picture(&std::path::Path::new(&folder).join(format!("{name}.png"))).await;
    }
}

//! Choosing a place from the list: what the app ships with, and what a User-Access Brands Bundle names.

use std::path::Path;

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::json;
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    programs::find_program,
};
use tokio::process::Command;

use super::english;

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_code_or_address_gets_in_by_the_list() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let (clinic, food) = (sandbox.place(PlaceKind::Provider), sandbox.place(PlaceKind::Cbo));
    let folder = tempfile::tempdir().unwrap();
    take_brands(folder.path(), food.name, food.fhir_base.as_str()).await;
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.go("/connect").await;
    screen.press(&english("connect-find")).await;
    screen.see(clinic.name).await;
    screen.see(&english("confirm-known")).await;
    screen.see("3 places").await;
    screen.type_into("find", "springfield HARVEST").await;
    screen.see("1 place\n").await;
    let found = screen.text().await;
    assert!(found.contains(food.name) && !found.contains(clinic.name), "{found}");
    assert!(!found.contains(&english("confirm-known")), "nobody vouches for it: {found}");

    screen.press(food.name).await;
    screen.see(&english("confirm-name-unlisted")).await;
    screen.see(food.name).await;
    screen.see(&english("confirm-unknown-heading")).await;
    screen.press(&english("confirm-no")).await;
    screen.press(&english("connect-find")).await;
    screen.type_into("find", "no such clinic").await;
    screen.see(&english("find-empty-heading")).await;

    screen.type_into("find", "elm").await;
    screen.press(clinic.name).await;
    screen.confirm_listed(clinic.name).await;
    Person::rosa().sign_in(&preview.wait_for_sign_in_page().await).await.unwrap();
    screen.see("You are connected").await;
    screen.go("/connect/find").await;
    screen.see(&english("find-already")).await;
}

/// Brings a list of one place in Springfield, as somebody does who was given the file.
async fn take_brands(folder: &Path, name: &str, base: &str) {
    let bundle = json!({
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            { "fullUrl": "https://lists.example/Organization/1", "resource": {
                "resourceType": "Organization",
                "active": true,
                "name": name,
                "address": [{ "city": "Springfield", "state": "IL" }],
                "endpoint": [{ "reference": "Endpoint/1" }],
            } },
            { "fullUrl": "https://lists.example/Endpoint/1", "resource": {
                "resourceType": "Endpoint",
                "status": "active",
                "connectionType": { "code": "hl7-fhir-rest" },
                "address": base,
            } },
        ],
    });
    let file = folder.join("brands-bundle.json");
    std::fs::write(&file, bundle.to_string()).unwrap();
    let mut command = Command::new(find_program("handrail"));
    command.env("HANDRAIL_KEYS", "file").arg("--data").arg(folder.join("data"));
    let taken = command.args(["places", "--take"]).arg(&file).output().await.unwrap();
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
}

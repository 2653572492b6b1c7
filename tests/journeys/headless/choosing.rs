//! A place chosen from a list, as the headless shell offers it.

use std::fs;

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::json;

use super::terminal::{command, lines};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_was_brought_offers_its_places_and_none_that_a_code_may_not_name() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Cbo);
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("brands.json.brought");
    let entry = |id: &str, address: &str| {
        [
            json!({ "fullUrl": format!("https://l.org/Organization/{id}"), "resource": {
                "resourceType": "Organization", "id": id, "name": format!("Pantry {id}"),
                "endpoint": [{ "reference": format!("https://l.org/Endpoint/{id}") }] } }),
            json!({ "fullUrl": format!("https://l.org/Endpoint/{id}"), "resource": {
                "resourceType": "Endpoint", "id": id, "status": "active", "address": address,
                "connectionType": { "code": "hl7-fhir-rest" } } }),
        ]
    };
    let entries = [entry("good", place.fhir_base.as_str()), entry("bad", "https://10.0.0.1/fhir")];
    let bundle = json!({ "resourceType": "Bundle", "entry": entries.concat() });
    fs::write(&file, bundle.to_string()).unwrap();
    let places = |arguments: &[&str]| {
        let output = command(data.path(), arguments).output().unwrap();
        (output.status.code(), lines(&output.stdout))
    };

    let taken = places(&["places", "--search", "pantry", "--take", file.to_str().unwrap()]);
    fs::write(&file, "<html>").unwrap();
    let refused = places(&["places", "--take", file.to_str().unwrap()]);
    let later = places(&["places", "--search", "pantry"]);

    assert_eq!((taken.0, refused.0), (Some(0), Some(2)));
    assert_eq!(taken.1, later.1);
    let rows = taken.1[0]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["name"], &rows[0]["grade"]), (&json!("Pantry good"), &json!("unlisted")));
    let asked = places(&["scan", "--text", rows[0]["text"].as_str().unwrap()]).1;
    let invitation = &asked[0]["invitation"];
    assert_eq!(
        (&invitation["fhir_base"], &invitation["name"]),
        (&json!(place.fhir_base), &json!("Pantry good"))
    );
    assert!(sandbox.places().iter().all(|place| place.control().requests().is_empty()));
}

//! Connecting in a terminal, in either role, and connecting the same place again.

use std::{
    io::BufRead as _,
    path::Path,
    process::{Command, Stdio},
};

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::{Value, json};
use support::{person::Person, phone::registry_bytes_of};
use url::Url;

use super::terminal::{command as start, first_line, lines};

/// A command of the app that knows the sandbox's places.
fn command(data: &Path, words: &[&str]) -> Command {
    let partners = data.join("partners.json");
    let known = ["--registry", partners.to_str().unwrap()];
    start(data, &[&known, words].concat())
}

/// What the command says at its end, once the person has done `what` on the sign-in page.
async fn connect(data: &Path, code: &str, role: &str, what: What<'_>) -> Value {
    let words = ["connect", code, "--role", role, "--accept", "--no-browser"];
    let mut connecting = command(data, &words).stdout(Stdio::piped()).spawn().unwrap();
    let (sign_in, mut rest) = first_line(&mut connecting);
    let page = Url::parse(sign_in["url"].as_str().unwrap()).unwrap();
    match what {
        What::SignsIn(person) => person.sign_in(&page).await.map(drop).unwrap(),
        What::Declines(person) => person.decline(&page).await.map(drop).unwrap(),
    }
    let mut said = String::new();
    rest.read_line(&mut said).unwrap();
    connecting.wait().unwrap();
    serde_json::from_str(&said).unwrap()
}

enum What<'a> {
    SignsIn(&'a Person),
    Declines(&'a Person),
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_again_in_a_terminal_updates_the_place_in_either_role_and_keeps_what_is_saved() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let code = sandbox.place(PlaceKind::Platform).invitation();
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("partners.json"), registry_bytes_of(&sandbox)).unwrap();
    let run = |words: &[&str]| lines(&command(data.path(), words).output().unwrap().stdout);
    let both = [
        ("patient", Person::rosa(), "tasks", "/your_turn"),
        ("organization", Person::named("priya", "handrail"), "inbox", "/new"),
    ];

    for (place, (role, person, list, part)) in both.iter().enumerate() {
        let first = connect(data.path(), &code, role, What::SignsIn(person)).await;
        let saved = run(&[list]);
        let declined = connect(data.path(), &code, role, What::Declines(person)).await;
        let kept = run(&[list]);
        let again = connect(data.path(), &code, role, What::SignsIn(person)).await;
        let sources = run(&["sources"]);
        let after = run(&[list]);

        assert_eq!(first["event"], "connected", "{first}");
        assert!(is_filled(&saved, part), "{role}: {saved:?}");
        assert_eq!(declined, json!({ "event": "refused", "reason": "declined" }));
        assert!(is_filled(&kept, part), "{role}: {kept:?}");
        assert_eq!(again["source"], first["source"], "{role}");
        let rows = sources[0].as_array().unwrap();
        assert_eq!(rows.len(), place + 1, "a place of its own for each role, and no more");
        let row = rows.iter().find(|row| row["id"] == first["source"]).unwrap();
        assert_eq!((&row["role"], &row["state"]), (&json!(role), &json!("connected")));
        assert!(is_filled(&after, part), "{role}: {after:?}");
    }
}

fn is_filled(said: &[Value], part: &str) -> bool {
    said[0].pointer(part).and_then(Value::as_array).is_some_and(|rows| !rows.is_empty())
}

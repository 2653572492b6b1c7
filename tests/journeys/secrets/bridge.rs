//! What crosses the window's bridge: every answer of the contract, as the JSON that a page is given.
//!
//! The window answers each command through the same `Answer` that `Engine::ask` calls here.

use std::collections::BTreeSet;

use handrail_contract::{COMMANDS, Question as _, place::Role, start_over::StartOver};
use handrail_engine::Which;
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::{Value, json};
use support::phone::{Mood, Phone};

use super::search::{Canary, find_leaks};

/// The first id of this kind of thing in an answer, such as `todo:…`.
fn first_id(answer: &Value, kind: &str) -> Option<String> {
    match answer {
        Value::String(text) if text.starts_with(&format!("{kind}:")) => Some(text.clone()),
        Value::Array(values) => values.iter().find_map(|value| first_id(value, kind)),
        Value::Object(members) => members.values().find_map(|value| first_id(value, kind)),
        _ => None,
    }
}

/// Asks every question as a page would, those last that end something; what came, by command.
async fn ask_everything(phone: &Phone, code: &str) -> Vec<(&'static str, Result<Value, Value>)> {
    let ask = async |command: &str, question: Value| {
        let answered = phone.engine.ask(command, question).await;
        answered.map_err(|problem| serde_json::to_value(problem).unwrap())
    };
    let places = ask("list_connections", json!({})).await.unwrap();
    let source = places["rows"][0]["source"].clone();
    let work = places["rows"][1]["source"].clone();
    let mut ids = std::collections::BTreeMap::new();
    for (kind, list) in [
        ("todo", "list_todos"),
        ("goal", "list_goals"),
        ("referral", "list_referrals"),
        ("request", "list_inbox"),
    ] {
        ids.insert(kind, first_id(&ask(list, json!({})).await.unwrap(), kind));
    }
    let begun = ask("begin_sign_in", json!({ "text": code, "role": "patient" })).await.unwrap();
    let attempt = begun["attempt"].clone();
    let mut answers = vec![("begin_sign_in", Ok(begun))];
    let mut commands: Vec<&'static str> = COMMANDS.to_vec();
    commands.retain(|command| {
        ![
            "begin_sign_in",
            StartOver::COMMAND,
            "save_file",
            "use_scanner",
            "begin_tryout",
            "leave_tryout",
        ]
        .contains(command)
    });
    // What ends something comes last, and the end of the connection after that.
    commands.sort_by_key(|command| match *command {
        "erase_all" => 4,
        "disconnect" => 3,
        "sign_in_again" | "act" => 2,
        "cancel_sign_in" => 1,
        _ => 0,
    });
    for command in commands {
        let question = match command {
            "read_code" => json!({ "text": code }),
            "read_picture" => json!({ "picture": "" }),
            "show_sign_in" | "reopen_browser" | "cancel_sign_in" => json!({ "attempt": attempt }),
            "sign_in_again" | "show_connection" => json!({ "source": source }),
            "choose_employers" => json!({ "source": work, "chosen": ["open-door"] }),
            "disconnect" => json!({ "source": source, "erase": false }),
            "show_todo" | "show_history" | "show_form" => json!({ "id": ids["todo"] }),
            "hide_topic" => json!({ "code": "stress", "hidden": true }),
            "note_away" => json!({ "away": false }),
            "set_pin" | "remove_pin" => json!({ "pin": "274913" }),
            "unlock" => json!({ "pin": "274913", "private": true }),
            "act" => json!({ "id": ids["todo"], "act": "start" }),
            "show_goal" => json!({ "id": ids["goal"] }),
            "show_referral" => json!({ "id": ids["referral"] }),
            "show_request" => json!({ "id": ids["request"] }),
            _ => json!({}),
        };
        answers.push((command, ask(command, question).await));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_crosses_the_bridge_to_a_page() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Provider);
    let phone = Phone::new(&sandbox);
    phone.connect(&place.invitation()).await.unwrap();
    phone.set_mood(Mood::SignsInForTwo);
    phone.connect_as(&place.invitation(), Role::Organization).await.unwrap();
    phone.engine.check(Which::All).await.unwrap();

    let answers = ask_everything(&phone, &place.invitation()).await;

    let written = |value: &Value| serde_json::to_vec(value).unwrap();
    let crossed: Vec<(String, Vec<u8>)> = answers
        .iter()
        .map(|(command, answer)| {
            let (Ok(value) | Err(value)) = answer;
            ((*command).to_owned(), written(value))
        })
        .collect();
    let secrets = place.control().list_secrets();
    let canaries: Vec<Canary> =
        secrets.iter().map(|secret| Canary::new("a secret", secret.as_bytes())).collect();
    assert!(!canaries.is_empty());
    assert_eq!(find_leaks(&canaries, &crossed), Vec::<String>::new());
    // The control: the same search finds a token in an answer that holds one.
    let spoilt = json!({ "rows": [{ "token": secrets.iter().last().unwrap() }] });
    assert!(!find_leaks(&canaries, &[("spoilt".to_owned(), written(&spoilt))]).is_empty());
    // And it saw answers: these alone may be refused when they are asked so plainly.
    let refused: BTreeSet<&str> =
        answers.iter().filter(|(_, answer)| answer.is_err()).map(|(command, _)| *command).collect();
    let may_be = BTreeSet::from(["read_picture", "show_form", "save_answer", "repeat_group"]);
    assert!(refused.is_subset(&may_be), "{refused:?}");
}

//! What the headless shell leaves behind: files, logs at trace level, pages of the preview, addresses.

use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

use handrail_contract::COMMANDS;
use handrail_sandbox::{At, Fault, Options, Place, Rotation, Rule, Sandbox};
use reqwest::Client;
use serde_json::{Value, json};
use support::{child::Child, person::Person, programs::find_program};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::Command,
};
use url::Url;

use super::search::{Canary, find_leaks};

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(find_program("handrail"));
    command.arg("--data").arg(data).arg("--json").args(arguments);
    command.env("HANDRAIL_LOG", "trace").env("HANDRAIL_KEYS", "file");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

async fn run(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().await.unwrap()
}

/// Connects as a person does; everything the shell said on the way.
async fn connect(data: &Path, code: &str) -> (Vec<u8>, Vec<u8>) {
    let mut child = command(data, &["connect", code, "--accept", "--no-browser"]).spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let log = tokio::spawn(async move {
        let mut log = Vec::new();
        stderr.read_to_end(&mut log).await.unwrap();
        log
    });
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    output.read_line(&mut said).await.unwrap();
    let sign_in: Value = serde_json::from_str(&said).unwrap();
    let page = Url::parse(sign_in["url"].as_str().unwrap()).unwrap();
    Person::rosa().sign_in(&page).await.unwrap();
    output.read_to_string(&mut said).await.unwrap();
    assert!(child.wait().await.unwrap().success());
    (said.into_bytes(), log.await.unwrap())
}

/// Asks the preview every question that needs no argument, and some that do.
async fn ask_everything(data: &Path, ui: &Path) -> Vec<(String, Vec<u8>)> {
    let mut preview = Command::new(find_program("handrail"));
    preview.arg("--data").arg(data).args(["preview", "--port", "0", "--ui"]).arg(ui);
    preview.env("HANDRAIL_LOG", "trace").env("HANDRAIL_KEYS", "file");
    let (mut child, address) = Child::start_until(preview, |line| {
        line.strip_prefix("Handrail preview: ").map(str::to_owned)
    })
    .await;
    let address = Url::parse(&address).unwrap();
    let browser = Client::new();
    let mut seen = Vec::new();
    for command in COMMANDS {
        let question = match *command {
            "read_code" => json!({ "text": "https://elm.example/fhir" }),
            "disconnect" | "begin_sign_in" => continue,
            _ => json!({}),
        };
        let asked = browser
            .post(address.join(&format!("ask/{command}")).unwrap())
            .header("x-handrail-preview", "1")
            .json(&question);
        let answer = asked.send().await.unwrap();
        let headers = format!("{:?}", answer.headers());
        seen.push((format!("headers of {command}"), headers.into_bytes()));
        seen.push((format!("answer to {command}"), answer.bytes().await.unwrap().to_vec()));
    }
    seen.push(("what the preview said".to_owned(), child.said().into_bytes()));
    seen
}

fn list_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            files.extend(list_files(&entry.path()));
        } else {
            files.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap()));
        }
    }
    files
}

fn list_canaries(places: &[Place]) -> Vec<Canary> {
    let secrets = places.iter().flat_map(|place| {
        let name = place.name;
        let numbered = place.control().list_secrets().into_iter().enumerate();
        numbered
            .map(move |(at, secret)| Canary::new(format!("{name}, secret {at}"), secret.as_bytes()))
    });
    secrets.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_left_in_a_file_a_log_a_page_or_an_address() {
    let sandbox =
        Sandbox::start(Options { rotation: Some(Rotation::ConfirmOnUse), ..Options::anywhere() })
            .await
            .unwrap();
    // The third place introduces the app by itself; the others need rows that only a developer's registry has.
    let place = &sandbox.places()[2];
    let (home, ui) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let data = home.path().join("data");
    fs::write(ui.path().join("index.html"), "<!doctype html><title>Handrail</title>").unwrap();
    let mut seen = Vec::new();
    let mut logs = Vec::new();

    let (said, log) = connect(&data, &place.invitation()).await;
    seen.push(("what connect said".to_owned(), said));
    logs.push(("log of connect".to_owned(), log));
    let faults = [
        None,
        Some((At::Token, Fault::Truncate)),
        Some((At::Token, Fault::WebPage)),
        Some((At::Fhir, Fault::Truncate)),
        Some((At::Fhir, Fault::Status { status: 401 })),
        Some((At::Fhir, Fault::Redirect { to: "http://127.0.0.1:9/elsewhere".to_owned() })),
    ];
    for (round, fault) in faults.into_iter().enumerate() {
        place.control().expire_access_tokens();
        place.control().clear_faults();
        if let Some((at, fault)) = fault {
            place.control().add_fault(Rule::always(at, fault));
        }
        let refreshed = run(&data, &["refresh"]).await;
        seen.push((format!("what refresh {round} said"), refreshed.stdout));
        logs.push((format!("log of refresh {round}"), refreshed.stderr));
    }
    place.control().clear_faults();
    for verb in ["sources", "tasks", "goals", "referrals"] {
        let listed = run(&data, &[verb]).await;
        seen.push((format!("what {verb} said"), listed.stdout));
        logs.push((format!("log of {verb}"), listed.stderr));
    }
    seen.extend(ask_everything(&data, ui.path()).await);
    seen.extend(list_files(home.path()));
    let asked = serde_json::to_vec(&place.control().requests()).unwrap();
    seen.push(("addresses that were asked".to_owned(), asked));

    let canaries = list_canaries(sandbox.places());
    let health =
        ["Rosa", "Delgado", "food box", "Task/"].map(|word| Canary::new(word, word.as_bytes()));
    let seen_health = seen.iter().any(|(_, bytes)| health[2].is_plainly_in(bytes));
    let traced = logs.iter().any(|(_, log)| !log.is_empty());
    let health_in_logs: Vec<_> = logs
        .iter()
        .flat_map(|(name, log)| {
            health.iter().filter(|word| word.is_plainly_in(log)).map(move |word| (name, &word.name))
        })
        .collect();
    seen.extend(logs.iter().cloned());
    let leaks = find_leaks(&canaries, &seen);

    println!(
        "traces: {} secrets, {} places looked at, {} leaks, goal 0",
        canaries.len(),
        seen.len(),
        leaks.len()
    );
    assert!(canaries.len() > 10 && seen_health && traced, "there was something to find");
    assert_eq!(leaks, Vec::<String>::new());
    assert_eq!(health_in_logs, Vec::new());
}

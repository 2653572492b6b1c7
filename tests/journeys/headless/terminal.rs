//! The headless shell, as a schedule or a script meets it.

use std::{
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::Value;
use support::person::Person;
use url::Url;

/// The binary that this build made, two folders above the test's own.
pub fn handrail() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let path = test.parent()?.parent()?.join("handrail");
    path.is_file().then_some(path)
}

pub fn command(data: &Path, arguments: &[&str]) -> Command {
    let path = handrail()
        .expect("`cargo build -p handrail-cli --features developer` comes before this journey");
    let mut command = Command::new(path);
    command.arg("--data").arg(data).arg("--json").args(arguments).stdin(Stdio::null());
    command.env("HANDRAIL_KEYS", "file");
    command
}

pub fn lines(output: &[u8]) -> Vec<Value> {
    output
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

pub fn first_line(child: &mut Child) -> (Value, BufReader<std::process::ChildStdout>) {
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    (serde_json::from_str(&line).unwrap(), output)
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_refresh_and_lists_speak_the_json_they_promise() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let place = sandbox.place(PlaceKind::Cbo);
    let code = place.invitation();

    let mut connect = command(data.path(), &["connect", &code, "--accept", "--no-browser"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (sign_in, mut rest) = first_line(&mut connect);
    let page = Url::parse(sign_in["url"].as_str().unwrap()).unwrap();
    Person::rosa().sign_in(&page).await.unwrap();
    let mut connected = String::new();
    rest.read_line(&mut connected).unwrap();
    let connected: Value = serde_json::from_str(&connected).unwrap();
    assert!(connect.wait().unwrap().success());
    let run = |arguments: &[&str]| command(data.path(), arguments).output().unwrap();
    let sources = lines(&run(&["sources"]).stdout);
    let refresh = lines(&run(&["refresh"]).stdout);
    let not_due = lines(&run(&["refresh", "--if-due"]).stdout);
    let tasks = lines(&run(&["tasks"]).stdout);
    let todo = format!("todo:{}:box-question", connected["source"].as_str().unwrap());
    let answer = data.path().join("answer.txt");
    std::fs::write(&answer, "Two boxes.\n").unwrap();
    let page = lines(&run(&["show", &todo]).stdout);
    let finish = run(&["act", &todo, "finish", "--answer", answer.to_str().unwrap()]);
    let too_late = run(&["act", &todo, "start"]);

    let offered: Vec<&Value> =
        page[0]["acts"].as_array().unwrap().iter().map(|offer| &offer["act"]).collect();
    assert_eq!(offered, ["start", "finish", "pause", "fail", "cancel"]);
    let sent = &lines(&finish.stdout)[0];
    assert_eq!((finish.status.code(), &sent["state"]), (Some(0), &Value::from("sent")));
    assert_eq!(sent["id"], todo.as_str());
    let done = place.control().read_resource("Task", "box-question").unwrap();
    assert_eq!(done["output"][0]["valueMarkdown"], "Two boxes.");
    let refused = &lines(&too_late.stdout)[0];
    assert_eq!(
        (too_late.status.code(), &refused["state"], &refused["problem"]),
        (Some(2), &Value::from("refused"), &Value::from("not_offered"))
    );
    assert_eq!(sign_in["event"], "sign_in");
    assert_eq!(connected["event"], "connected");
    assert!(connected["counts"]["todos"].as_u64().unwrap() > 0);
    let source = &sources[0][0];
    assert_eq!(
        (&source["id"], &source["state"]),
        (&connected["source"], &Value::from("connected"))
    );
    assert!(source["last_success_at"].is_string() && source["next_due_at"].is_string());
    assert_eq!(
        (&refresh[0]["source"], &refresh[0]["outcome"]),
        (&source["id"], &Value::from("ok"))
    );
    assert_eq!(not_due[0]["outcome"], "not_due");
    assert_eq!(tasks[0]["your_turn"][0]["place"]["source"], source["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_ends_with_2_and_a_dead_place_with_4() {
    let data = tempfile::tempdir().unwrap();

    let wifi = command(data.path(), &["scan", "--text", "WIFI:S:x;;"]).output().unwrap();
    let dead =
        command(data.path(), &["connect", "http://127.0.0.1:9/fhir", "--accept", "--no-browser"])
            .output()
            .unwrap();
    let usage = command(data.path(), &["no-such-verb"]).output().unwrap();

    assert_eq!(
        (wifi.status.code(), &lines(&wifi.stdout)[0]["reason"]),
        (Some(2), &Value::from("wifi"))
    );
    assert_eq!(
        (dead.status.code(), &lines(&dead.stdout)[0]["reason"]),
        (Some(4), &Value::from("no_answer"))
    );
    assert_eq!(usage.status.code(), Some(2));
}

#[test]
fn a_batch_of_codes_is_judged_line_by_line_in_order() {
    let data = tempfile::tempdir().unwrap();
    let batch = data.path().join("codes");
    std::fs::write(&batch, "\"WIFI:S:x;;\"\n\"https://elm.example.org/fhir\"\nnot json\n").unwrap();

    let output =
        command(data.path(), &["scan", "--batch", batch.to_str().unwrap()]).output().unwrap();

    let verdicts: Vec<_> =
        lines(&output.stdout).iter().map(|line| line["verdict"].clone()).collect();
    assert_eq!(verdicts, ["refused", "unlisted", "refused"]);
}

#[test]
fn a_lost_key_is_no_dead_end_and_nothing_that_it_sealed_is_deleted() {
    let data = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| command(data.path(), arguments).output().unwrap();
    let first = run(&["sources"]);
    let records = std::fs::read(data.path().join("records.db")).unwrap();
    std::fs::remove_file(data.path().join("records.key")).unwrap();

    let refused = run(&["sources"]);
    let unasked = run(&["start-over"]);
    let still_refused = run(&["sources"]);
    let begun = run(&["start-over", "--yes"]);
    let anew = run(&["sources"]);
    let needless = run(&["start-over", "--yes"]);

    assert!(first.status.success());
    assert_eq!(lines(&refused.stdout)[0]["reason"], "key_trouble");
    assert_eq!((unasked.status.code(), still_refused.status.code()), (Some(2), Some(2)));
    let aside = lines(&begun.stdout)[0]["set_aside"].as_str().unwrap().to_owned();
    assert!(aside.starts_with("set-aside-") && begun.status.success(), "{begun:?}");
    assert_eq!(std::fs::read(data.path().join(aside).join("records.db")).unwrap(), records);
    assert_eq!(anew.status.code(), Some(0), "{anew:?}");
    assert_eq!(needless.status.code(), Some(2));
    assert_eq!(lines(&needless.stdout)[0]["reason"], "key_fits");
}

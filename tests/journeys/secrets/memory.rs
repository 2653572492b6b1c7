//! What a process holds in memory while it works, and when it is at rest.
//!
//! A process of its own looks for news with a token that it has to renew, then rests. Its whole memory is read from
//! outside both times: the first is the control that shows that this search finds something.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
};

use handrail_contract::todo::ListTodos;
use handrail_engine::{
    Answer as _, Engine, Keys, Policy, Registry, Setup, Which,
    browser::{DesktopBrowser, Opener},
    vault::StrongholdSnapshots,
};
use handrail_sandbox::{Options, PlaceKind, Rotation, Sandbox};
use support::phone::Phone;

use super::search::Canary;

pub const FOLDER: &str = "HANDRAIL_SECRETS_FOLDER";
const AT_WORK: &str = "at work";
const AT_REST: &str = "at rest";

/// The process that is looked into. In the test run itself, where nobody gives it a folder, there is nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_works_and_rests() {
    let Some(data) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let engine = open(data);

    engine.check(Which::All).await.unwrap();
    engine.answer(ListTodos::default()).await.unwrap();
    pause(AT_WORK);
    engine.rest().await;
    // The connections that were let go hold what went over them until each had its turn to close.
    while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
        tokio::task::yield_now().await;
    }
    pause(AT_REST);
}

/// The engine over a folder, in the process that is looked into.
pub fn open(data: PathBuf) -> Engine {
    handrail_engine::open(Setup {
        data,
        keys: Keys::File,
        registry: Registry::bundled(Policy::DEVELOPER),
        browser: Arc::new(DesktopBrowser::new(Opener::Shell(Box::new(|_, _| {
            Err(std::io::Error::other("nobody signs in here"))
        })))),
        snapshots: StrongholdSnapshots::new(),
    })
    .unwrap()
}

#[expect(clippy::print_stdout, reason = "the test that started this process reads it")]
fn pause(at: &str) {
    println!("\n{at}");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

fn wait_until(child: &mut Child, said: &str) {
    let mut output = BufReader::with_capacity(1, child.stdout.as_mut().unwrap());
    let mut line = String::new();
    while line.trim() != said {
        line.clear();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended before it was {said}");
    }
}

/// Every readable byte of a process's memory, piece by piece.
fn read_memory(process: u32) -> Vec<(String, Vec<u8>)> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut pieces = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, mode) = (words.next().unwrap(), words.next().unwrap());
        let name = words.nth(3).unwrap_or("memory").to_owned();
        // What is mapped from a file and never written holds what the file holds.
        if !mode.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|number| u64::from_str_radix(number, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        memory.seek(SeekFrom::Start(from)).unwrap();
        // A guard page cannot be read by anybody; what was read before it counts.
        if memory.read_exact(&mut bytes).is_ok() {
            pieces.push((format!("{name} {range}"), bytes));
        }
    }
    pieces
}

fn list_canaries(data: &Path, secrets: Vec<String>) -> Vec<Canary> {
    let mut canaries: Vec<Canary> = secrets
        .iter()
        .enumerate()
        .map(|(at, secret)| Canary::new(format!("secret {at} on the wire"), secret.as_bytes()))
        .collect();
    for name in ["vault.key", "records.key"] {
        canaries.push(Canary::new(name, &fs::read(data.join(name)).unwrap()));
    }
    canaries
}

fn find_plainly(canaries: &[Canary], memory: &[(String, Vec<u8>)]) -> Vec<String> {
    let mut found = Vec::new();
    for (piece, bytes) in memory {
        let here = canaries.iter().filter(|canary| canary.is_plainly_in(bytes));
        found.extend(here.map(|canary| format!("{} in {piece}", canary.name)));
    }
    found
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_process_at_rest_holds_no_token_no_verifier_and_no_key() {
    let sandbox =
        Sandbox::start(Options { rotation: Some(Rotation::Strict), ..Options::anywhere() })
            .await
            .unwrap();
    let place = sandbox.place(PlaceKind::Provider);
    let phone = Phone::new(&sandbox);
    phone.connect(&place.invitation()).await.unwrap();
    place.control().expire_access_tokens();
    let before = place.control().list_secrets().len();

    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["memory::somebody_who_works_and_rests", "--exact", "--nocapture"])
        .env(FOLDER, phone.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until(&mut child, AT_WORK);
    let canaries = list_canaries(&phone.data(), place.control().list_secrets());
    let at_work = find_plainly(&canaries, &read_memory(child.id()));
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    wait_until(&mut child, AT_REST);
    let at_rest = find_plainly(&canaries, &read_memory(child.id()));
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    child.wait().unwrap();

    assert!(place.control().list_secrets().len() > before, "a token was renewed");
    assert!(at_work.iter().any(|found| found.starts_with("vault.key")), "{at_work:?}");
    println!(
        "memory: {} secrets, {} finds at work, {} at rest, goal 0",
        canaries.len(),
        at_work.len(),
        at_rest.len()
    );
    assert_eq!(at_rest, Vec::<String>::new());
}

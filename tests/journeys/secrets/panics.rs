//! What a panic says, wherever it strikes while a token is in use.

use std::process::{Command, Stdio};

use handrail_engine::{Which, testing::with_panicking_network};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::phone::Phone;

use super::{memory, search::Canary};

const FOLDER: &str = "HANDRAIL_SECRETS_PANIC_FOLDER";

/// The process that panics. In the test run itself, where nobody gives it a folder, there is nothing to do.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_whose_network_panics() {
    let Some(data) = std::env::var_os(FOLDER) else { return };
    let engine = memory::open(data.into());
    for engine in [with_panicking_network(&engine), engine] {
        engine.check(Which::All).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_says_neither_a_token_nor_about_whom() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let place = sandbox.place(PlaceKind::Provider);
    let phone = Phone::new(&sandbox);
    phone.connect(&place.invitation()).await.unwrap();

    let with_a_token = panic_over(&phone);
    place.control().expire_access_tokens();
    let while_renewing = panic_over(&phone);

    let secrets = place.control().list_secrets();
    let canaries: Vec<Canary> =
        secrets.iter().map(|secret| Canary::new("a secret", secret.as_bytes())).collect();
    // Short words would be found in anything, if they were looked for in base64 too.
    let words = ["rosa", "Rosa", "patient="].map(|word| Canary::new(word, word.as_bytes()));
    for said in [with_a_token, while_renewing] {
        assert!(memchr::memmem::find(&said, b"panicked at").is_some(), "it panicked");
        assert!(memchr::memmem::find(&said, b"HttpRequest").is_some(), "it said what it could");
        let leaks = canaries.iter().filter(|canary| canary.is_in(&said));
        let told = words.iter().filter(|word| word.is_plainly_in(&said));
        let found: Vec<&str> = leaks.chain(told).map(|canary| &*canary.name).collect();
        assert_eq!(found, Vec::<&str>::new(), "{}", String::from_utf8_lossy(&said));
    }
}

/// Everything that a process says whose network panics.
fn panic_over(phone: &Phone) -> Vec<u8> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["panics::somebody_whose_network_panics", "--exact", "--nocapture"])
        .env(FOLDER, phone.data())
        .env("RUST_BACKTRACE", "full")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    [output.stdout, output.stderr].concat()
}

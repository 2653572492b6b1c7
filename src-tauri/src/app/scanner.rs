//! The device's own scanner for codes, where the shell has one: a phone's.
//!
//! In: what a page wants of it. Out: the text of a code, for the engine to judge, or why there is none.
//! Never: a camera that stays on after its page, a look that never ends, or a call of the page to the phone's side.
//!
//! The phone's side is tauri-plugin-barcode-scanner's Kotlin and Swift. Its Rust side cannot be called and offers its
//! commands to pages alone, so that `handrail-plugin` loads that Kotlin and Swift under a name of ours instead.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use handrail_contract::code::ScanStep;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    sync::{Mutex, watch},
    time::{sleep, timeout},
};

/// How long a step may take. On some phones the scanner's library never answers.
const PATIENCE: Duration = Duration::from_secs(120);

/// The phone's side of the scanner.
#[async_trait]
pub trait Native: Send + Sync {
    /// Has it do this; what it answered. `None`: it refused, threw, or is not there. Why may hold anything, so that it is
    /// not passed on.
    async fn run(&self, command: &'static str, payload: Value) -> Option<Value>;
}

/// What came of a step.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    /// There is no scanner, or it does not work.
    Missing,
    /// The camera may be used.
    Ready,
    /// The text of a code, as it is.
    Text(String),
    /// The camera may not be used.
    Refused,
    /// Nothing for long enough.
    Nothing,
    /// It was ended, or it was no look.
    Stopped,
}

/// The scanner, one look at a time.
pub struct Scanner {
    native: Option<Arc<dyn Native>>,
    patience: Duration,
    /// Counts looks and stops: a look goes on while it is the latest.
    latest: watch::Sender<u64>,
    /// Held from a look's first word to the phone to its last.
    busy: Mutex<()>,
}

/// What `requestPermissions` answers.
#[derive(Deserialize)]
struct Permissions {
    camera: String,
}

/// What `scan` answers. iOS leaves out what is not text, Android says it is empty.
#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    content: String,
}

impl Scanner {
    /// A scanner over the phone's side, or none.
    pub fn new(native: Option<Arc<dyn Native>>) -> Self {
        Self { native, patience: PATIENCE, latest: watch::channel(0).0, busy: Mutex::default() }
    }

    /// Whether the device brings one.
    pub const fn is_there(&self) -> bool {
        self.native.is_some()
    }

    /// Takes one step.
    pub async fn take(&self, step: ScanStep) -> Seen {
        let Some(native) = &self.native else { return Seen::Missing };
        match step {
            ScanStep::Ask => {
                let asked = timeout(self.patience, ask_for_camera(&**native)).await;
                asked.unwrap_or(Seen::Nothing)
            }
            ScanStep::Look => self.look(&**native).await,
            ScanStep::Stop => {
                self.overtake();
                Seen::Stopped
            }
            ScanStep::OpenSettings => {
                // The phone answers when the person comes back, or never.
                let _ = timeout(self.patience, native.run("openAppSettings", json!({}))).await;
                Seen::Stopped
            }
        }
    }

    async fn look(&self, native: &dyn Native) -> Seen {
        let mine = self.overtake();
        let mut latest = self.latest.subscribe();
        let _alone = self.busy.lock().await;
        let seen = tokio::select! {
            biased;
            _ = latest.wait_for(|number| *number != mine) => Seen::Stopped,
            seen = wait_for_code(native) => return seen,
            () = sleep(self.patience) => Seen::Nothing,
        };
        // The camera is off before the next look, or before the page that waited is gone.
        let _ = timeout(self.patience, native.run("cancel", json!({}))).await;
        seen
    }

    /// Ends the look that is under way; the number of what came after it.
    fn overtake(&self) -> u64 {
        let mut number = 0;
        self.latest.send_modify(|latest| {
            *latest += 1;
            number = *latest;
        });
        number
    }
}

async fn ask_for_camera(native: &dyn Native) -> Seen {
    match native.run("requestPermissions", json!({})).await.and_then(read) {
        Some(Permissions { camera }) if camera == "granted" => Seen::Ready,
        Some(_) => Seen::Refused,
        None => Seen::Missing,
    }
}

async fn wait_for_code(native: &dyn Native) -> Seen {
    // Behind the page, which stays in charge of how to leave: in front of it there is no button.
    let options = json!({ "formats": ["QR_CODE"], "windowed": true, "cameraDirection": "back" });
    match native.run("scan", options).await.and_then(read) {
        Some(Found { content }) => Seen::Text(content),
        None => Seen::Missing,
    }
}

fn read<T: for<'de> Deserialize<'de>>(answer: Value) -> Option<T> {
    serde_json::from_value(answer).ok()
}

#[cfg(test)]
mod tests {
    /// The phone's side as its source has it.
    mod source;

    use std::{
        future::pending,
        sync::{Mutex, PoisonError},
    };

    use tokio::sync::Notify;

    use super::*;

    /// A phone's side in memory: what it says to a question for the camera and to a scan, and what it was told.
    struct Phone {
        camera: Option<Value>,
        /// `None`: it never answers a scan, until it is cancelled.
        code: Option<Option<Value>>,
        told: Mutex<Vec<(&'static str, Value)>>,
        looks: Notify,
    }

    impl Phone {
        fn new(camera: &str, code: Option<Option<Value>>) -> Arc<Self> {
            let camera = Some(json!({ "camera": camera }));
            Arc::new(Self { camera, code, told: Mutex::default(), looks: Notify::new() })
        }

        fn commands(&self) -> Vec<&'static str> {
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.iter().map(|(command, _)| *command).collect()
        }
    }

    #[async_trait]
    impl Native for Phone {
        async fn run(&self, command: &'static str, payload: Value) -> Option<Value> {
            self.told.lock().unwrap_or_else(PoisonError::into_inner).push((command, payload));
            match (command, &self.code) {
                ("requestPermissions", _) => self.camera.clone(),
                ("scan", Some(code)) => code.clone(),
                ("scan", None) => {
                    self.looks.notify_one();
                    pending().await
                }
                _ => Some(Value::Null),
            }
        }
    }

    fn over(phone: &Arc<Phone>) -> Scanner {
        Scanner::new(Some(phone.clone()))
    }

    #[tokio::test]
    async fn a_code_is_brought_as_it_is_and_only_codes_of_one_kind_are_looked_for() {
        let text = "https://elm.example.org/fhir\u{202e}";
        let android = json!({ "content": text, "format": "QR_CODE", "bounds": "0 0 1 1" });
        let phone = Phone::new("granted", Some(Some(android)));

        let seen = over(&phone).take(ScanStep::Look).await;

        assert_eq!(seen, Seen::Text(text.to_owned()));
        assert_eq!(phone.commands(), ["scan"]);
        let told = phone.told.lock().unwrap();
        assert_eq!(told[0].1["formats"], json!(["QR_CODE"]));
        assert_eq!(told[0].1["windowed"], true, "the page has the button that leaves");
    }

    #[tokio::test]
    async fn a_code_without_text_is_an_empty_text_and_no_fault() {
        let phone = Phone::new("granted", Some(Some(json!({ "format": "QR_CODE" }))));

        assert_eq!(over(&phone).take(ScanStep::Look).await, Seen::Text(String::new()));
    }

    #[tokio::test]
    async fn only_a_yes_is_a_yes() {
        for (state, said) in [
            ("granted", Seen::Ready),
            ("denied", Seen::Refused),
            ("prompt", Seen::Refused),
            ("prompt-with-rationale", Seen::Refused),
        ] {
            let phone = Phone::new(state, None);

            let seen = over(&phone).take(ScanStep::Ask).await;

            assert_eq!(seen, said, "{state}");
            assert_eq!(phone.commands(), ["requestPermissions"], "{state}");
        }
    }

    #[tokio::test]
    async fn what_a_scanner_says_that_is_no_answer_leaves_the_page_to_look_by_itself() {
        for code in [None, Some(json!(null)), Some(json!("a text")), Some(json!({ "content": 7 }))]
        {
            let phone = Phone::new("granted", Some(code.clone()));

            assert_eq!(over(&phone).take(ScanStep::Look).await, Seen::Missing, "{code:?}");
        }
        let Some(mut phone) = Arc::into_inner(Phone::new("", None)) else { unreachable!() };
        phone.camera = Some(json!([]));
        assert_eq!(over(&Arc::new(phone)).take(ScanStep::Ask).await, Seen::Missing);
    }

    #[tokio::test]
    async fn without_a_scanner_every_step_says_so() {
        for step in [ScanStep::Ask, ScanStep::Look, ScanStep::Stop, ScanStep::OpenSettings] {
            assert_eq!(Scanner::new(None).take(step).await, Seen::Missing, "{step:?}");
        }
    }

    #[tokio::test]
    async fn a_scanner_that_never_answers_is_given_up_and_its_camera_goes_off() {
        let phone = Phone::new("granted", None);
        let scanner = Scanner { patience: Duration::ZERO, ..over(&phone) };

        let seen = scanner.take(ScanStep::Look).await;

        assert_eq!(seen, Seen::Nothing);
        assert_eq!(phone.commands(), ["scan", "cancel"]);
    }

    #[tokio::test]
    async fn a_page_that_leaves_ends_its_look_and_the_camera_goes_off() {
        let phone = Phone::new("granted", None);
        let scanner = over(&phone);

        let stop = async {
            phone.looks.notified().await;
            scanner.take(ScanStep::Stop).await
        };
        let (seen, stopped) = tokio::join!(scanner.take(ScanStep::Look), stop);

        assert_eq!((seen, stopped), (Seen::Stopped, Seen::Stopped));
        assert_eq!(phone.commands(), ["scan", "cancel"]);
    }

    #[tokio::test]
    async fn a_second_look_ends_the_first_and_its_camera_is_not_the_one_that_goes_off() {
        let phone = Phone::new("granted", None);
        let scanner = over(&phone);

        let again = async {
            phone.looks.notified().await;
            let stop = async {
                phone.looks.notified().await;
                scanner.take(ScanStep::Stop).await
            };
            tokio::join!(scanner.take(ScanStep::Look), stop).0
        };
        let (first, second) = tokio::join!(scanner.take(ScanStep::Look), again);

        assert_eq!((first, second), (Seen::Stopped, Seen::Stopped));
        let look = ["scan", "cancel"];
        assert_eq!(phone.commands(), [look, look].concat(), "one after the other");
    }

    #[tokio::test]
    async fn the_settings_are_shown_where_the_camera_was_refused() {
        let phone = Phone::new("denied", None);

        let seen = over(&phone).take(ScanStep::OpenSettings).await;

        assert_eq!(seen, Seen::Stopped);
        assert_eq!(phone.commands(), ["openAppSettings"]);
    }
}

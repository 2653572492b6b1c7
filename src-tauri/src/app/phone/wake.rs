//! One bounded turn of the engine without a window and without Tauri: what the phone's job runs.
//!
//! In: the app's folder, the phone's store for keys, and the phone's call to stop. Out: how the turn ended.
//! Never: a panic that leaves this module, a sign-in page, or a key for a folder in which nothing was ever kept.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, LazyLock},
};

use async_trait::async_trait;
use handrail_contract::sign_in::AttemptId;
use handrail_engine::{
    Engine, Keys, OpenError, Setup, TURN, TurnEnd, end_turn, open_on_device,
    ports::{Browser, BrowserError, DeviceStore, Opened, Redirects},
    registry,
};
use tokio::sync::watch;
use url::Url;

use crate::app::stronghold::PluginSnapshots;

/// The latest turn that the phone wants ended.
static STOPPED: LazyLock<watch::Sender<i64>> = LazyLock::new(|| watch::channel(0).0);

/// Ends the turn of this number, also one that has not begun, and those before it. Numbers go up from 1.
pub fn stop(number: i64) {
    STOPPED.send_modify(|latest| *latest = number.max(*latest));
}

/// Runs the turn of this number. The app with a window may run at the same time: the engine bears other processes, and so other
/// engines in this one.
pub fn turn(folder: &Path, store: Arc<dyn DeviceStore>, number: i64) -> TurnEnd {
    if !folder.join("records.db").is_file() {
        return TurnEnd::Quiet;
    }
    run(folder, store, number).unwrap_or_else(|why| {
        tracing::warn!(target: "refresh", why, "a turn did not run");
        TurnEnd::Failed
    })
}

/// What `work` comes to for the phone: a panic is a fault of ours, and never goes on into Kotlin or Swift.
pub fn guard(work: impl FnOnce() -> TurnEnd) -> i32 {
    // Nothing that `work` left half done is used again: it opens its own engine.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(TurnEnd::Failed).code()
}

fn run(folder: &Path, store: Arc<dyn DeviceStore>, number: i64) -> Result<TurnEnd, &'static str> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|_| "there is no thread for it")?;
    // The engine may start tasks as it opens.
    let _inside = runtime.enter();
    let engine = open(folder, store).map_err(|_| "the engine did not open")?;
    let outcome = runtime.block_on(async {
        let mut stopped = STOPPED.subscribe();
        let stop = async {
            // The sender lives as long as the process.
            let _ = stopped.wait_for(|latest| *latest >= number).await;
        };
        let outcome = engine.wake_until(TURN, stop).await;
        // With the runtime its tasks end: an exchange must not be among them.
        engine.finish_exchanges().await;
        engine.rest().await;
        outcome
    });
    outcome.map(|outcome| end_turn(&outcome)).map_err(|_| "what is kept cannot be read")
}

fn open(folder: &Path, store: Arc<dyn DeviceStore>) -> Result<Engine, OpenError> {
    let setup = Setup {
        data: folder.to_owned(),
        keys: Keys::Best,
        registry: registry::load(folder).registry,
        browser: Arc::new(NoBrowser),
        snapshots: PluginSnapshots::default(),
    };
    open_on_device(setup, store)
}

/// What the window's page does where a key is lost, for the test on a desktop's JVM: sets aside what it sealed, and opens
/// anew. `Later`: no key is lost.
#[cfg(feature = "jvm")]
pub fn start_over(folder: &Path, store: Arc<dyn DeviceStore>) -> TurnEnd {
    use handrail_engine::keys::{StartOverError, start_over_on_device};

    match start_over_on_device(folder, store.clone()) {
        Ok(_) if open(folder, store).is_ok() => TurnEnd::Quiet,
        Err(StartOverError::KeysAreThere) => TurnEnd::Later,
        Ok(_) | Err(_) => TurnEnd::Failed,
    }
}

/// Nobody is there to sign in.
struct NoBrowser;

#[async_trait]
impl Browser for NoBrowser {
    async fn expect_redirects(&self, _: &str, _: Option<u16>) -> Result<Redirects, BrowserError> {
        Err(nobody())
    }

    async fn open(&self, _: &AttemptId, _: &Url) -> Result<Opened, BrowserError> {
        Err(nobody())
    }
}

fn nobody() -> BrowserError {
    BrowserError(std::io::Error::other("a job in the background shows no page"))
}

#[cfg(test)]
mod tests {
    use handrail_engine::ports::{Key, KeyError};

    use super::*;

    struct Untouched;

    impl DeviceStore for Untouched {
        fn find(&self, _: &str) -> Result<Option<Key>, KeyError> {
            panic!("a key was looked for")
        }

        fn keep(&self, _: &str, _: &Key) -> Result<(), KeyError> {
            panic!("a key was made")
        }
    }

    #[test]
    fn a_folder_in_which_nothing_was_kept_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();

        let end = turn(folder.path(), Arc::new(Untouched), 1);

        assert_eq!(end, TurnEnd::Quiet);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_panic_comes_back_as_a_fault_of_ours() {
        assert_eq!(guard(|| panic!("a bug")), TurnEnd::Failed.code());
        assert_eq!(guard(|| TurnEnd::News), 1);
    }
}

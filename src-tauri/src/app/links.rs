//! Links that the system opens the app with.
//!
//! In: the words of a start, this one's or a later one's, and on a phone or a Mac the system's own call.
//! Out: the link, to the engine; those that come before the engine is open wait for it.
//! Never: a link in a log, and never a page's address: what a link leads to is the engine's to say.

use std::sync::{Mutex, PoisonError};

use handrail_engine::Engine;
use tauri::{AppHandle, Manager, Runtime};

use crate::app::desk::Desk;

/// How many links wait at most: other apps may send what they like.
const MOST: usize = 8;

/// Links that came before the engine was open, in order.
#[derive(Default)]
pub struct Waiting(Mutex<Vec<String>>);

impl Waiting {
    /// Takes a link, to the engine if it is open.
    fn take(&self, link: String, engine: Option<&Engine>) {
        let mut slot = self.slot();
        if slot.len() == MOST {
            slot.remove(0);
        }
        slot.push(link);
        drop(slot);
        if let Some(engine) = engine {
            self.hand_over(engine);
        }
    }

    /// Gives the engine what waited for it.
    fn hand_over(&self, engine: &Engine) {
        let links = std::mem::take(&mut *self.slot());
        links.iter().for_each(|link| engine.open_link(link));
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        // What is under the lock is whole between statements.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a link.
pub fn open<R: Runtime>(app: &AppHandle<R>, link: String) {
    let engine = app.try_state::<Desk>().and_then(|desk| desk.engine().ok());
    app.state::<Waiting>().take(link, engine.as_ref());
}

/// Takes the link among the words that the app was started with, if there is one.
pub fn open_start<R: Runtime>(app: &AppHandle<R>, words: impl IntoIterator<Item = String>) {
    if let Some(link) = find_link(words) {
        open(app, link);
    }
}

/// Gives the engine what waited for it.
pub fn hand_over<R: Runtime>(app: &AppHandle<R>, engine: &Engine) {
    app.state::<Waiting>().hand_over(engine);
}

/// The first word after the program's name that is neither an option nor an option's value.
fn find_link(words: impl IntoIterator<Item = String>) -> Option<String> {
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            return Some(word);
        }
        // Every option of ours has a value.
        words.next();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use handrail_contract::{
        code::{Grade, TakeOpenedLink},
        problem::Refusal,
    };
    use handrail_engine::{
        Answer as _, Keys, Setup,
        browser::{DesktopBrowser, Opener},
        open, registry,
    };

    use super::*;
    use crate::app::stronghold::PluginSnapshots;

    /// The real engine over a folder of its own.
    fn engine(folder: &tempfile::TempDir) -> Engine {
        let setup = Setup {
            data: folder.path().join("data"),
            keys: Keys::File,
            registry: registry::load(folder.path()).registry,
            browser: Arc::new(DesktopBrowser::new(Opener::File(folder.path().join("page")))),
            snapshots: PluginSnapshots::default(),
        };
        open(setup).unwrap()
    }

    #[tokio::test]
    async fn a_link_that_starts_the_app_waits_for_the_engine_and_is_shown_once() {
        let folder = tempfile::tempdir().unwrap();
        let waiting = Waiting::default();

        waiting.take("https://fhir.elm.org/r4".to_owned(), None);
        waiting.take("org.handrail.client:/callback/elm?code=x&state=y".to_owned(), None);
        let engine = engine(&folder);
        waiting.hand_over(&engine);
        let shown = engine.answer(TakeOpenedLink {}).await.unwrap().code.unwrap();
        waiting.hand_over(&engine);
        let again = engine.answer(TakeOpenedLink {}).await.unwrap().code;

        assert_eq!(shown.verdict, Grade::Unlisted, "the way back hides no invitation");
        assert_eq!(again, None);
    }

    #[tokio::test]
    async fn a_link_that_comes_later_is_handed_on_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (waiting, engine) = (Waiting::default(), engine(&folder));

        waiting.take("javascript:alert(1)".to_owned(), Some(&engine));
        let shown = engine.answer(TakeOpenedLink {}).await.unwrap().code.unwrap();

        assert_eq!(shown.reason, Some(Refusal::OtherApp));
    }

    #[test]
    fn whoever_sends_many_links_fills_no_memory() {
        let waiting = Waiting::default();

        for number in 0..100 {
            waiting.take(number.to_string(), None);
        }

        assert_eq!(waiting.slot().len(), MOST);
        assert_eq!(waiting.slot().last().map(String::as_str), Some("99"));
    }

    fn found(words: &[&str]) -> Option<String> {
        find_link(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn the_link_of_a_start_is_found_wherever_it_stands_among_the_options() {
        let link = "org.handrail.client://invite?fhirUri=https%3A%2F%2Ffhir.elm.org";

        for words in [
            &["handrail-app", link][..],
            &["handrail-app", "--data", "/tmp/x", link],
            &["handrail-app", link, "--data", "/tmp/x"],
        ] {
            assert_eq!(found(words).as_deref(), Some(link), "{words:?}");
        }
        assert_eq!(found(&["handrail-app"]), None);
        assert_eq!(found(&["handrail-app", "--data", "/tmp/x"]), None);
    }

    #[test]
    fn the_desktop_starts_this_app_for_links_of_its_own_scheme() {
        let entry = include_str!("../../linux/org.handrail.client.desktop");
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../../tauri.conf.json")).unwrap();

        let scheme = config["identifier"].as_str().unwrap();

        assert!(entry.contains(&format!("\nMimeType=x-scheme-handler/{scheme};\n")));
        assert!(entry.contains("\nExec=handrail-app %u\n"));
        assert_eq!(
            config["bundle"]["linux"]["deb"]["desktopTemplate"],
            format!("linux/{scheme}.desktop")
        );
    }
}

//! Links that the system opens the app with.
//!
//! In: the words of a start, this one's or a later one's, and on a phone or a Mac the system's own call.
//! Out: the link, to the engine; one that comes before the engine is open waits for it.
//! Never: a link in a log, and never a page's address: what a link leads to is the engine's to say.

use std::sync::{Mutex, PoisonError};

use handrail_engine::Engine;
use tauri::{AppHandle, Manager, Runtime};

use crate::desk::Desk;

/// A link that came before the engine was open. Of several, the latest.
#[derive(Default)]
pub struct Waiting(Mutex<Option<String>>);

impl Waiting {
    fn slot(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        // What is under the lock is one value, replaced whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a link.
pub fn open<R: Runtime>(app: &AppHandle<R>, link: String) {
    *app.state::<Waiting>().slot() = Some(link);
    if let Some(Ok(engine)) = app.try_state::<Desk>().map(|desk| desk.engine()) {
        hand_over(app, &engine);
    }
}

/// Takes the link among the words that the app was started with, if there is one.
pub fn open_start<R: Runtime>(app: &AppHandle<R>, words: impl IntoIterator<Item = String>) {
    if let Some(link) = find_link(words) {
        open(app, link);
    }
}

/// Gives the engine what waited for it.
pub fn hand_over<R: Runtime>(app: &AppHandle<R>, engine: &Engine) {
    let link = app.state::<Waiting>().slot().take();
    if let Some(link) = link {
        engine.open_link(&link);
    }
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
    use super::*;

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
        let entry = include_str!("../linux/org.handrail.client.desktop");
        let config: serde_json::Value =
            serde_json::from_str(include_str!("../tauri.conf.json")).unwrap();

        let scheme = config["identifier"].as_str().unwrap();

        assert!(entry.contains(&format!("\nMimeType=x-scheme-handler/{scheme};\n")));
        assert!(entry.contains("\nExec=handrail-app %u\n"));
        assert_eq!(
            config["bundle"]["linux"]["deb"]["desktopTemplate"],
            format!("linux/{scheme}.desktop")
        );
    }
}

//! Says on a Linux desktop that there is something new, as `News.kt` and `News.swift` do on a phone.
//!
//! In: the engine's call. Out: one notification, which brings the window up when it is pressed.
//! Never: what is new, at which place, or a second notification beside the first.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering::SeqCst},
};

use handrail_contract::settings::Language;
use handrail_engine::ports::Notices;
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse};
use tauri::{
    AppHandle, Runtime,
    async_runtime::{JoinHandle, spawn},
};

use crate::app::window;

/// The same as on a phone.
const ENGLISH: &str = "There is something new to see.";
const SPANISH: &str = "Hay algo nuevo que ver.";

/// The desktop's own notifications (freedesktop.org, Desktop Notifications 1.2).
pub struct Desktop<R: Runtime> {
    app: AppHandle<R>,
    /// The desktop's number for what was said last; 0: nothing yet.
    last: Arc<AtomicU32>,
    /// Waits until it is pressed.
    waiting: Mutex<Option<JoinHandle<()>>>,
}

impl<R: Runtime> Desktop<R> {
    pub fn new(app: AppHandle<R>) -> Self {
        Self { app, last: Arc::default(), waiting: Mutex::default() }
    }
}

impl<R: Runtime> Notices for Desktop<R> {
    fn is_watched(&self) -> bool {
        window::is_watched(&self.app)
    }

    fn tell(&self, language: Language) {
        let (app, last) = (self.app.clone(), self.last.clone());
        let body = if is_spanish(language) { SPANISH } else { ENGLISH };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = waiting.take() {
            earlier.abort();
        }
        *waiting = Some(spawn(async move {
            match describe(body, last.load(SeqCst)).show_async().await {
                Ok(shown) => {
                    last.store(shown.id(), SeqCst);
                    raise_when_pressed(&app, &shown).await;
                }
                // A desktop without notifications is none that we could tell by.
                Err(_) => tracing::warn!(target: "refresh", "the desktop shows no notification"),
            }
        }));
    }
}

fn describe(body: &str, last: u32) -> Notification {
    let mut notification = Notification::new();
    notification
        .appname("Handrail")
        .summary("Handrail")
        .body(body)
        .icon("org.handrail.client")
        .hint(Hint::DesktopEntry("org.handrail.client".to_owned()))
        // What a press on the notification itself does; nobody sees its label.
        .action("default", "Handrail")
        .id(last);
    notification
}

async fn raise_when_pressed<R: Runtime>(app: &AppHandle<R>, shown: &NotificationHandle) {
    let raise = |response: &NotificationResponse| {
        if matches!(response, NotificationResponse::Default) {
            window::raise(app);
        }
    };
    shown.wait_for_action_async(raise).await;
}

fn is_spanish(chosen: Language) -> bool {
    match chosen {
        Language::Spanish => true,
        Language::English => false,
        // The first that we speak, as on the pages.
        Language::Phone => sys_locale::get_locales()
            .find(|name| name.starts_with("es") || name.starts_with("en"))
            .is_some_and(|name| name.starts_with("es")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desktop_says_what_both_phones_say() {
        let android = [
            (ENGLISH, include_str!("../../plugins/phone/android/src/main/res/values/strings.xml")),
            (
                SPANISH,
                include_str!("../../plugins/phone/android/src/main/res/values-es/strings.xml"),
            ),
        ];
        let ios = include_str!("../../plugins/phone/ios/Sources/News.swift");

        for (words, texts) in android {
            assert!(texts.contains(&format!("\"phone_news_body\">{words}<")), "{words}");
            assert!(ios.contains(&format!("\"{words}\"")), "{words}");
        }
    }
}

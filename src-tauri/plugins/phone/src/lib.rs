//! The Rust half of the phone's own plugin: what the shell asks of Kotlin and Swift.
//!
//! In: what the shell wants shown or begun. Out: whether the phone did it.
//! Never: a command for a page, a decision, a key or a token; keys go another way (docs/adr/0022).

#![cfg(mobile)]

pub mod scanner;

use answer::Nothing;
use serde::Serialize;
use tauri::{
    Manager, Runtime,
    plugin::{Builder, PluginHandle, TauriPlugin, mobile::PluginInvokeError},
};

#[cfg(target_os = "ios")]
#[allow(unsafe_code, reason = "tauri's macro declares the function that our Swift exports")]
mod swift {
    tauri::ios_plugin_binding!(init_plugin_phone);

    /// What the macro declares is private.
    pub const INIT: unsafe fn() -> *const std::ffi::c_void = init_plugin_phone;
}

/// The phone, as far as the shell needs it.
pub struct Phone<R: Runtime>(PluginHandle<R>);

impl<R: Runtime> Clone for Phone<R> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

#[derive(Serialize)]
struct Page<'a> {
    address: &'a str,
    /// What an iPhone's browser hands back to the app by itself.
    scheme: &'a str,
}

impl<R: Runtime> Phone<R> {
    /// Shows a sign-in page in the system's browser (RFC 8252 section 6), never in a view of the app.
    ///
    /// # Errors
    /// There is no browser, or it would not open.
    pub async fn open_page(&self, address: &str, scheme: &str) -> Result<(), PluginInvokeError> {
        let page = Page { address, scheme };
        self.0.run_mobile_plugin_async::<Nothing>("openPage", page).await.map(drop)
    }

    /// Has the phone look for news while the app is closed, and asks whether it may say so. Repeating it changes nothing.
    ///
    /// # Errors
    /// The phone refused the job.
    pub async fn keep_looking(&self) -> Result<(), PluginInvokeError> {
        self.0.run_mobile_plugin_async::<Nothing>("keepLooking", ()).await.map(drop)
    }
}

/// An answer in which nothing stands, whatever the phone writes for it.
mod answer {
    #[derive(serde::Deserialize)]
    #[serde(from = "serde::de::IgnoredAny")]
    pub struct Nothing;

    impl From<serde::de::IgnoredAny> for Nothing {
        fn from(_: serde::de::IgnoredAny) -> Self {
            Self
        }
    }
}

/// The plugin. With it the phone's side has its keys in reach and hides the app from the list of recent ones.
pub fn init<R: Runtime>() -> TauriPlugin<R> {
    Builder::new("phone")
        .setup(|app, api| {
            #[cfg(target_os = "android")]
            let handle = api.register_android_plugin("org.handrail.client.phone", "PhonePlugin")?;
            #[cfg(target_os = "ios")]
            let handle = api.register_ios_plugin(swift::INIT)?;
            app.manage(Phone(handle));
            Ok(())
        })
        .build()
}

//! The UI in headless Chromium, over the engine behind `handrail preview`.

use std::path::Path;

use fantoccini::{Locator, wd::WebDriverCompatibleCommand};
use handrail_engine::Registry;
use reqwest::{Client, Method, header, redirect};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;
use url::Url;

use crate::{
    child::Child,
    driver::{begin_session, start_driver},
    programs::{find_program, repository},
    screen::Screen,
};

/// How the browser shows pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Light,
    Dark,
    /// Light, for somebody who reads Spanish.
    Spanish,
    /// Light, on the narrowest phone, for somebody who needs letters of twice the size.
    Large,
    /// Light, on a tablet held upright.
    Tablet,
    /// Light, in a desktop's window.
    Desktop,
}

impl Look {
    /// Width and height of the page, in CSS pixels.
    pub const fn size(self) -> (u32, u32) {
        match self {
            Self::Light | Self::Dark | Self::Spanish => (412, 915),
            Self::Large => (320, 915),
            Self::Tablet => (820, 1180),
            Self::Desktop => (1280, 800),
        }
    }
}

/// What the browser's camera is.
#[derive(Clone, Copy, Debug)]
pub enum Camera<'a> {
    /// A video, and a person who lets the page use it.
    Shows(&'a Path),
    /// A person who says no.
    Refused,
}

/// The preview and the browser that shows it, as long as this lives.
pub struct Preview {
    pub screen: Screen,
    pub address: Url,
    _driver: Child,
    preview: Child,
    _profile: TempDir,
}

impl Preview {
    /// Starts the preview over this folder and opens it at a phone's width.
    pub async fn open(folder: &Path, registry: &Registry, look: Look) -> Self {
        Self::open_with(folder, registry, look, None).await
    }

    /// The same, with a camera.
    pub async fn open_with(
        folder: &Path,
        registry: &Registry,
        look: Look,
        camera: Option<Camera<'_>>,
    ) -> Self {
        Self::start(folder, registry, look, camera, None).await
    }

    /// The same by a link, as the system opens the app with one.
    pub async fn open_by(folder: &Path, registry: &Registry, link: &str) -> Self {
        Self::start(folder, registry, Look::Light, None, Some(link)).await
    }

    async fn start(
        folder: &Path,
        registry: &Registry,
        look: Look,
        camera: Option<Camera<'_>>,
        link: Option<&str>,
    ) -> Self {
        let partners = folder.join("partners.json");
        let rows = serde_json::to_vec(registry).expect("a registry can be written");
        std::fs::write(&partners, rows).expect("a file for the partners");
        let mut command = Command::new(find_program("handrail"));
        command
            .env("HANDRAIL_KEYS", "file")
            .arg("--data")
            .arg(folder.join("data"))
            .arg("--registry")
            .arg(partners)
            .args(["preview", "--port", "0", "--ui"])
            .arg(repository().join("frontend/dist"))
            .args(link.map(|link| format!("--link={link}")));
        let (preview, address) = Child::start_until(command, |line| {
            line.strip_prefix("Handrail preview: ").map(str::to_owned)
        })
        .await;

        let profile = tempfile::tempdir().expect("a folder for the browser");
        let (driver, driver_address) = start_driver("chromedriver", |_| ()).await;
        let mut arguments = vec![
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            format!("--accept-lang={}", if look == Look::Spanish { "es-MX" } else { "en-US" }),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        if look == Look::Dark {
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        match camera {
            Some(Camera::Shows(video)) => arguments.extend([
                "--use-fake-device-for-media-stream".to_owned(),
                "--use-fake-ui-for-media-stream".to_owned(),
                format!("--use-file-for-fake-video-capture={}", video.display()),
            ]),
            Some(Camera::Refused) => arguments.extend([
                "--use-fake-device-for-media-stream".to_owned(),
                "--use-fake-ui-for-media-stream=deny".to_owned(),
            ]),
            None => {}
        }
        let (width, height) = look.size();
        let options = json!({
            "args": arguments,
            "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0 } },
        });
        let capabilities = [("goog:chromeOptions".to_owned(), options)];
        let client = begin_session(&driver_address, capabilities.into_iter().collect()).await;
        client.goto(&address).await.expect("the preview opens");
        let screen = Screen(client);

        Self {
            screen,
            address: address.parse().expect("the preview names its address"),
            _driver: driver,
            preview,
            _profile: profile,
        }
    }

    /// The number of the preview's process.
    pub fn process(&self) -> u32 {
        self.preview.id().expect("the preview lives as long as this")
    }

    /// The page that the preview offers the person to sign in at.
    pub async fn wait_for_sign_in_page(&self) -> Url {
        let link = Locator::Css("a[href^='/sign-in/']");
        let link = self.screen.0.wait().for_element(link).await.expect("the page offers a link");
        let path = link.attr("href").await.expect("the link can be read").unwrap_or_default();

        let browser = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .expect("a client without certificates of its own");
        let offered = self.address.join(&path).expect("a path of the preview");
        let answer = browser.get(offered).send().await.expect("the preview answers");
        let to = answer.headers().get(header::LOCATION).and_then(|it| it.to_str().ok());
        to.and_then(|to| to.parse().ok()).expect("the preview leads to the sign-in page")
    }

    /// Asks the browser's own tools, by the names of the Chrome DevTools Protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let ask = Ask(json!({ "cmd": command, "params": parameters }));
        self.screen.0.issue_cmd(ask).await.expect("the browser knows the command")
    }

    /// Takes a picture of the page.
    pub async fn take_picture(&self, to: &Path) {
        let picture = self.screen.0.screenshot().await.expect("the browser takes pictures");
        std::fs::write(to, picture).expect("the picture can be saved");
    }
}

/// A command of the browser's own tools, as chromedriver passes it on.
#[derive(Debug)]
struct Ask(Value);

impl WebDriverCompatibleCommand for Ask {
    fn endpoint(&self, driver: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        driver.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.0.to_string()))
    }
}

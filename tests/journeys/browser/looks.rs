//! The pages that connect a place, as they look: light, dark, in Spanish, and on a small phone with large text.

use std::path::PathBuf;

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
};

use super::free_address;

/// One look, and where its pictures go if somebody wants them.
struct Gallery {
    preview: Preview,
    look: Look,
    folder: Option<PathBuf>,
}

impl Gallery {
    /// Looks at the page as it stands: nothing may reach past its edge.
    async fn look_at(&self, name: &str) {
        let screen = &self.preview.screen;
        // The edge is the phone's: a page that is too wide makes the window wider too.
        let script = "const [edge, done] = arguments; \
            const right = it => it.getBoundingClientRect().right; \
            const beyond = () => Math.max(...[...document.querySelectorAll('main *, main')].map(right)) - edge; \
            document.fonts.ready.then(() => setTimeout(() => done(Math.ceil(beyond())), 300))";
        let edge = vec![serde_json::Value::from(self.look.width())];
        let beyond = screen.run_until_done(script, edge).await;
        if let Some(folder) = &self.folder {
            let script = "return document.documentElement.scrollHeight";
            let height = screen.run(script, Vec::new()).await.as_u64().unwrap_or(915);
            self.preview.resize(self.look.width(), height.clamp(600, 3_000)).await;
            let file = format!("{:?}-{name}.png", self.look).to_lowercase();
            self.preview.take_picture(&folder.join(file)).await;
            self.preview.resize(self.look.width(), 915).await;
        }
        assert!(beyond.as_i64() <= Some(0), "{:?}: {name} is {beyond} pixels too wide", self.look);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_on_the_way_in_reaches_past_the_edge_of_a_small_phone_with_large_text() {
    walk(Look::Small).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_on_the_way_in_stand_for_their_pictures_in_every_other_look() {
    if std::env::var_os("HANDRAIL_PICTURES").is_some() {
        for look in [Look::Light, Look::Dark, Look::Spanish] {
            walk(look).await;
        }
    }
}

async fn walk(look: Look) {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let (clinic, food) = (sandbox.place(PlaceKind::Provider), sandbox.place(PlaceKind::Cbo));
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), look).await;
    let pictures = std::env::var_os("HANDRAIL_PICTURES").map(PathBuf::from);
    let gallery = Gallery { preview, look, folder: pictures };
    let screen = &gallery.preview.screen;
    screen.wait_for_class("btn").await;
    if look == Look::Small {
        screen.run("document.documentElement.dataset.text = 'largest'", Vec::new()).await;
    }

    for (name, page) in
        [("connect", "/connect"), ("scan", "/connect/scan"), ("find", "/connect/find")]
    {
        screen.go(page).await;
        screen.wait_for_class(if name == "scan" { "empty" } else { "input" }).await;
        gallery.look_at(name).await;
    }
    screen.type_into("find", "no such clinic").await;
    screen.wait_for_class("empty").await;
    gallery.look_at("find-empty").await;

    for (name, text) in [
        ("wifi", "WIFI:T:WPA;S:clinic;P:secret;;"),
        ("not-locked", "http://elmstreetclinic.example/fhir"),
        ("phone", "tel:5550118"),
        ("trap", "https://rosa@elmstreetclinic.example/fhir"),
        ("website", "https://www.facebook.com/elm"),
    ] {
        enter(&gallery, text).await;
        screen.wait_for_class("row").await;
        screen.wait_until_gone("input").await;
        gallery.look_at(name).await;
        screen.go("/connections").await;
    }

    let dead = format!("{}/fhir", free_address().await);
    for (name, text) in [("confirm-known", clinic.invitation()), ("confirm-new", food.invitation())]
    {
        enter(&gallery, &text).await;
        screen.wait_for_class("host").await;
        gallery.look_at(name).await;
    }
    enter(&gallery, &dead).await;
    screen.wait_for_class("host").await;
    screen.tick("compared").await;
    screen.press_main().await;
    screen.wait_until_gone("choice").await;
    gallery.look_at("no-answer").await;

    enter(&gallery, &clinic.invitation()).await;
    screen.wait_for_class("host").await;
    screen.press_main().await;
    let page = gallery.preview.wait_for_sign_in_page().await;
    gallery.look_at("waiting").await;
    Person::rosa().decline(&page).await.unwrap();
    screen.wait_until_gone("btn[href^='/sign-in/']").await;
    screen.wait_for_class("empty").await;
    gallery.look_at("declined").await;

    enter(&gallery, &clinic.invitation()).await;
    screen.wait_for_class("host").await;
    screen.press_main().await;
    Person::rosa().sign_in(&gallery.preview.wait_for_sign_in_page().await).await.unwrap();
    screen.wait_for_class("row").await;
    gallery.look_at("connected").await;
    enter(&gallery, &clinic.invitation()).await;
    screen.wait_for_class("host").await;
    gallery.look_at("confirm-again").await;
}

/// Types an address in whatever language.
async fn enter(gallery: &Gallery, text: &str) {
    let screen = &gallery.preview.screen;
    screen.go("/connect").await;
    screen.type_into("address", text).await;
    screen.press_main().await;
}

//! The pictures in docs/pictures: the window, and the main pages at a phone's width, light and dark.

#![expect(clippy::unwrap_used, reason = "a step of a journey that fails ends it")]

use std::path::PathBuf;

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    programs::repository,
    screen::Screen,
    window::Window,
};

/// Each page with words that stand on it once it is whole.
const PAGES: [(&str, &str, &str); 5] = [
    ("today", "/", "Rosa"),
    ("todos", "/todos", "Answer 3 questions about food"),
    ("goals", "/goals", "Have enough food each week"),
    ("referrals", "/referrals", "Rides to clinic visits"),
    ("connections", "/connections", "Bright Harvest Food Bank"),
];

fn picture(name: &str) -> PathBuf {
    let folder = repository().join("docs/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(format!("{name}.png"))
}

/// Waits until fonts are there and nothing moves.
async fn settle(screen: &Screen) {
    let script = "const done = arguments[0]; document.fonts.ready.then(() => setTimeout(() => done(true), 400))";
    screen.run_until_done(script, Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_pages_stand_for_their_pictures_in_light_and_dark() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    for (look, ending) in [(Look::Light, "light"), (Look::Dark, "dark")] {
        let folder = tempfile::tempdir().unwrap();
        let preview = Preview::open(folder.path(), &registry_of(&sandbox), look).await;
        let screen = &preview.screen;
        screen.see("Your help, in one place").await;
        settle(screen).await;
        preview.take_picture(&picture(&format!("welcome-{ending}"))).await;
        for place in sandbox.places() {
            screen.type_address(&place.invitation()).await;
            if place.kind == PlaceKind::Cbo {
                screen.see("This place is new to Handrail").await;
                settle(screen).await;
                preview.take_picture(&picture(&format!("confirm-{ending}"))).await;
                screen.tick("compared").await;
                screen.press("Yes, sign in").await;
            } else {
                screen.confirm_listed(place.name).await;
            }
            Person::rosa().sign_in(&preview.wait_for_sign_in_page().await).await.unwrap();
            screen.see("You are connected").await;
        }
        for (name, page, words) in PAGES {
            screen.go(page).await;
            screen.see(words).await;
            settle(screen).await;
            preview.take_picture(&picture(&format!("{name}-{ending}"))).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_stands_for_its_picture() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(folder.path(), &registry_of(&sandbox)).await;
    window.screen.see("Your help, in one place").await;
    for place in &sandbox.places()[..2] {
        window.screen.type_address(&place.invitation()).await;
        window.screen.confirm_listed(place.name).await;
        Person::rosa().sign_in(&window.wait_for_sign_in_page().await).await.unwrap();
        window.screen.see("You are connected").await;
    }
    window.screen.press("Go to Today").await;
    window.screen.see("Rosa").await;
    settle(&window.screen).await;
    window.take_picture(&picture("window")).await;
}

//! Scanning with the camera: a code in front of it, and a person who says no.

use std::path::Path;

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::{Value, json};
use support::{
    phone::registry_of,
    pictures::write_video,
    preview::{Camera, Look, Preview},
    screen::Screen,
};

use super::english;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_in_front_of_the_camera_leads_to_the_question_whether_it_is_the_right_place() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let clinic = sandbox.place(PlaceKind::Provider);
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("code.y4m");
    write_video(&clinic.invitation(), &video).unwrap();
    let camera = Some(Camera::Shows(&video));
    let preview =
        Preview::open_with(folder.path(), &registry_of(&sandbox), Look::Light, camera).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.go("/connect").await;
    screen.press(&english("connect-scan")).await;
    screen.see(&english("scan-ask-heading")).await;
    screen.press(&english("scan-turn-on")).await;

    screen.see("Is this the right place?").await;
    screen.see(clinic.name).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_that_may_not_be_used_is_named_and_other_ways_are_offered() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let camera = Some(Camera::Refused);
    let preview =
        Preview::open_with(folder.path(), &registry_of(&sandbox), Look::Light, camera).await;
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;

    screen.go("/connect/scan").await;
    screen.press(&english("scan-turn-on")).await;

    screen.see(&english("scan-refused-heading")).await;
    screen.press(&english("connect-type-again")).await;
    screen.see(&english("connect-address-heading")).await;
}

/// What a phone's window has and a browser has not: the app's bridge, and a scanner of the device's own behind it. All
/// other questions go on to the engine. `see` is what the scanner answers to a look.
const PHONE: &str = "
    window.steps = [];
    window.__HANDRAIL_SCANNER__ = true;
    window.ask = async (command, question) => {
        const headers = { 'content-type': 'application/json', 'x-handrail-preview': '1' };
        const asked = { method: 'POST', headers, body: JSON.stringify(question) };
        const answer = await fetch(`/ask/${command}`, asked);
        const said = await answer.json();
        if (answer.ok) return said;
        throw said;
    };
    window.scanner = {
        ask: () => ({ outcome: 'ready' }),
        look: () => new Promise(done => { window.see = done; }),
        stop: () => { window.see({ outcome: 'stopped' }); return { outcome: 'stopped' }; },
        open_settings: () => ({ outcome: 'stopped' }),
    };
    window.__TAURI_INTERNALS__ = {
        invoke: async (command, { question }) => {
            if (command !== 'use_scanner') return window.ask(command, question);
            window.steps.push(question.step);
            return window.scanner[question.step]();
        },
        transformCallback: () => 0,
    };";

/// The scan page on such a phone.
async fn open_scan_page(preview: &Preview) -> &Screen {
    let screen = &preview.screen;
    screen.see("Your help, in one place").await;
    screen.go("/connect").await;
    screen.see(&english("connect-heading")).await;
    screen.run(PHONE, Vec::new()).await;
    screen.press(&english("connect-scan")).await;
    screen.see(&english("scan-ask-heading")).await;
    screen
}

/// The steps that the scanner was asked for, once there are as many.
async fn steps(screen: &Screen, count: usize) -> Vec<Value> {
    loop {
        let steps = screen.run("return window.steps", Vec::new()).await;
        let steps = steps.as_array().cloned().unwrap_or_default();
        if steps.len() >= count {
            return steps;
        }
        tokio::task::yield_now().await;
    }
}

async fn is_glass(screen: &Screen) -> bool {
    let colour = "return getComputedStyle(document.documentElement).backgroundColor";
    screen.run(colour, Vec::new()).await == json!("rgba(0, 0, 0, 0)")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_devices_own_scanner_looks_behind_the_page_and_what_it_reads_is_asked_about() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let clinic = sandbox.place(PlaceKind::Provider);
    let folder = tempfile::tempdir().unwrap();
    let registry = registry_of(&sandbox);
    let preview = Preview::open_with(folder.path(), &registry, Look::Light, None).await;
    let screen = open_scan_page(&preview).await;

    let before = is_glass(screen).await;
    screen.press(&english("scan-turn-on")).await;
    screen.see(&english("scan-looking")).await;
    let while_it_looks = is_glass(screen).await;
    if let Some(folder) = std::env::var_os("HANDRAIL_PICTURES") {
        preview.take_picture(&Path::new(&folder).join("scan-behind.png")).await;
    }
    let read = "const done = arguments[1]; window.ask('read_code', { text: arguments[0] })
        .then(code => { window.see({ outcome: 'read', code }); done(true); });";
    screen.run_until_done(read, vec![json!(clinic.invitation())]).await;
    screen.see("Is this the right place?").await;

    assert!(while_it_looks && !before, "the camera is seen through the page while it looks");
    assert!(!is_glass(screen).await);
    assert_eq!(steps(screen, 2).await, ["ask", "look"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leaves_the_scan_page_switches_the_devices_scanner_off() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let registry = registry_of(&sandbox);
    let preview = Preview::open_with(folder.path(), &registry, Look::Light, None).await;
    let screen = open_scan_page(&preview).await;

    screen.press(&english("scan-turn-on")).await;
    screen.see(&english("scan-looking")).await;
    screen.press(&english("connect-type-again")).await;
    screen.see(&english("connect-address-heading")).await;

    assert_eq!(steps(screen, 3).await, ["ask", "look", "stop"]);
    assert!(!is_glass(screen).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_keeps_its_camera_back_leads_to_its_settings() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let registry = registry_of(&sandbox);
    let preview = Preview::open_with(folder.path(), &registry, Look::Light, None).await;
    let screen = open_scan_page(&preview).await;
    screen.run("window.scanner.ask = () => ({ outcome: 'refused' })", Vec::new()).await;

    screen.press(&english("scan-turn-on")).await;
    screen.see(&english("scan-refused-heading")).await;
    screen.press(&english("scan-open-settings")).await;

    assert_eq!(steps(screen, 2).await, ["ask", "open_settings"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_devices_scanner_does_not_work_the_page_looks_by_itself() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let clinic = sandbox.place(PlaceKind::Provider);
    let folder = tempfile::tempdir().unwrap();
    let video = folder.path().join("code.y4m");
    write_video(&clinic.invitation(), &video).unwrap();
    let (registry, camera) = (registry_of(&sandbox), Some(Camera::Shows(&video)));
    let preview = Preview::open_with(folder.path(), &registry, Look::Light, camera).await;
    let screen = open_scan_page(&preview).await;
    screen.run("window.scanner.look = () => ({ outcome: 'missing' })", Vec::new()).await;

    screen.press(&english("scan-turn-on")).await;

    screen.see("Is this the right place?").await;
    screen.see(clinic.name).await;
}

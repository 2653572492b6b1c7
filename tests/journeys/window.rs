//! The app in its real window: a place is connected, and what it said outlives the process and the network.

#[path = "window/leaving.rs"]
mod leaving;
#[cfg(target_os = "linux")]
#[path = "window/telling.rs"]
mod telling;

use std::{fs, path::Path};

use handrail_engine::Registry;
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::json;
use support::{
    person::Person,
    phone::registry_of,
    saved::{read_all, save_todos},
    window::Window,
};
use url::form_urlencoded;

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_connected_in_the_window_and_its_lists_outlive_the_process_and_the_network() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let registry = registry_of(&sandbox);
    let folder = tempfile::tempdir().unwrap();

    let window = Window::open(folder.path(), &registry).await;
    window.screen.see("Your help, in one place").await;
    window.screen.press("Connect a place").await;
    connect_the_clinic(&window, &sandbox).await;
    window.screen.press("Go to Today").await;
    window.screen.see("Rosa").await;
    see_the_lists(&window).await;

    window.kill().await;
    drop(sandbox);
    let window = Window::open(folder.path(), &registry).await;
    window.screen.see("Rosa").await;
    see_the_lists(&window).await;
    window.screen.go("/connections").await;
    window.screen.see("Elm Street Family Clinic").await;
}

async fn see_the_lists(window: &Window) {
    window.screen.go("/todos").await;
    window.screen.see("Answer 3 questions about food").await;
    window.screen.see("Elm Street Family Clinic").await;
    window.screen.go("/goals").await;
    window.screen.see("Have enough food each week").await;
    window.screen.go("/referrals").await;
    window.screen.see("Rides to clinic visits").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_the_app_at_the_question_whether_it_is_the_right_place_and_signs_nobody_in() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let (clinic, food) = (sandbox.place(PlaceKind::Provider), sandbox.place(PlaceKind::Cbo));
    let link = |base: &str| {
        let query = form_urlencoded::byte_serialize(base.as_bytes()).collect::<String>();
        format!("org.handrail.client://invite?fhirUri={query}")
    };
    let folder = tempfile::tempdir().unwrap();

    let first = link(clinic.fhir_base.as_str());
    let window = Window::open_with(folder.path(), &registry_of(&sandbox), &[&first]).await;
    window.screen.see("Is this the right place?").await;
    window.screen.see(clinic.name).await;

    window.open_link(&link(food.fhir_base.as_str())).await;
    window.screen.see("This place is new to Handrail").await;
    window.screen.tick("compared").await;
    window.open_link(&link("https://bright-harvest.example/fhir")).await;
    window.screen.see("bright-harvest.example").await;
    window.screen.see("compare the address first").await;

    window.open_link("javascript:alert(1)").await;
    window.screen.see("This code is for another app").await;
    window.screen.go("/connections").await;
    window.screen.see("No places yet").await;
    window.open_link("org.handrail.client:/callback/q7Z?code=abc&state=xyz").await;
    window.screen.see("No places yet").await;
    assert!(!window.was_sent_to_sign_in(), "a link alone opened a sign-in page");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_in_the_window_can_ask_our_questions_and_do_nothing_else() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(folder.path(), &registry_of(&sandbox)).await;
    window.screen.see("Your help, in one place").await;

    let asked = ask(&window, "list_connections", json!({ "question": {} })).await;
    let unknown = ask(&window, "read_file", json!({ "path": "/etc/passwd" })).await;
    let stronghold = ask(&window, "plugin:stronghold|get_store_record", json!({})).await;
    let emitted = ask(&window, "plugin:event|emit", json!({ "event": "x" })).await;
    let title = ask(&window, "plugin:window|set_title", json!({ "value": "x" })).await;
    let reached = reach(&window, sandbox.place(PlaceKind::Provider).fhir_base.as_str()).await;
    try_to_leave(&window, "https://example.org/").await;

    assert_eq!(asked["answer"]["rows"], json!([]));
    for refused in [unknown, stronghold, emitted, title] {
        assert!(refused["refused"].is_string(), "{refused}");
    }
    assert_eq!(reached, json!("blocked"));
    assert_eq!(window.screen.run("return location.origin", Vec::new()).await, "tauri://localhost");
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_key_is_lost_starts_over_after_being_told_what_happens() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let registry = registry_of(&sandbox);
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(folder.path(), &registry).await;
    window.screen.see("Your help, in one place").await;
    connect_the_clinic(&window, &sandbox).await;
    window.kill().await;
    let data = folder.path().join("data");
    fs::remove_file(data.join("records.key")).unwrap();
    let records = fs::read(data.join("records.db")).unwrap();

    let window = Window::open(folder.path(), &registry).await;
    window.screen.see("We could not open what is saved").await;
    picture(&window, "key-lost").await;
    window.screen.press("Start over").await;
    window.screen.see("Nothing is deleted.").await;
    picture(&window, "start-over").await;
    window.screen.press("Yes, start over").await;
    window.screen.see("Your help, in one place").await;

    let entries = fs::read_dir(&data).unwrap().flatten();
    let aside = entries.map(|entry| entry.path()).find(|path| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("set-aside-"))
    });
    assert_eq!(fs::read(aside.unwrap().join("records.db")).unwrap(), records);
    connect_the_clinic(&window, &sandbox).await;
    see_the_lists(&window).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_kept_in_downloads_beside_the_one_before_under_the_name_that_the_page_says() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(folder.path(), &registry_of(&sandbox)).await;
    let screen = &window.screen;
    screen.see("Your help, in one place").await;
    connect_the_clinic(&window, &sandbox).await;

    screen.go("/more/export").await;
    screen.press("Save as health data").await;
    screen.see("Saved in Downloads").await;
    let data = list_files(&window.downloads);
    screen.press("A page to read and print").await;
    screen.see("Rides to clinic visits").await;
    screen.press("Save as a page").await;
    screen.see("handrail.html").await;
    picture(&window, "saved").await;
    screen.press("Save as a page").await;
    screen.see("handrail-2.html").await;

    let [data] = &data[..] else { panic!("{data:?}") };
    assert!(data.starts_with("handrail-") && data.ends_with(".json"), "{data}");
    let bundle = fs::read(window.downloads.join(data)).unwrap();
    let bundle: serde_json::Value = serde_json::from_slice(&bundle).unwrap();
    assert_eq!(bundle["type"], "collection");
    assert_eq!(
        list_files(&window.downloads),
        ["handrail-2.html", data.as_str(), "handrail.html"],
        "nothing else, and nothing in another's place"
    );
    let page = fs::read_to_string(window.downloads.join("handrail.html")).unwrap();
    assert!(page.contains("Rides to clinic visits") && page.contains("default-src 'none'"));
}

#[tokio::test(flavor = "multi_thread")]
async fn made_up_data_works_in_the_window_and_leaves_nothing_behind() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(folder.path(), &registry_of(&sandbox)).await;
    let screen = &window.screen;
    screen.see("Your help, in one place").await;
    let before = read_all(&folder.path().join("data"));

    screen.try_with_made_up_data().await;
    picture(&window, "tryout").await;
    screen.finish_a_made_up_todo().await;
    screen.press("Stop trying").await;
    screen.see("Your help, in one place").await;

    assert!(!screen.text().await.contains("made up"));
    screen.go("/connections").await;
    screen.see("No places yet").await;
    assert!(!window.was_sent_to_sign_in(), "something made up opened a browser");
    assert_eq!(
        read_all(&folder.path().join("data")),
        before,
        "something of the tryout is on the disk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_walked_up_and_down_and_found_again_in_the_window() {
    let folder = save_todos(2_000);
    let nobody = Registry { version: 0, rows: Vec::new() };
    let window = Window::open(folder.path(), &nobody).await;
    let screen = &window.screen;
    screen.see("Rosa").await;
    screen.go("/todos").await;
    screen.see("number 0").await;
    // Waits until nothing but rows is in sight and nothing moves, and tells where they stand.
    let script = "const done = arguments[1];         const frame = () => new Promise(requestAnimationFrame);         const inSight = it => { const { top, bottom } = it.getBoundingClientRect(); return bottom > 0 && top < innerHeight; };         const seen = async () => { let quiet = 0, last = ''; for (;;) { await frame();             const all = [...document.querySelector('.list').children].filter(inSight);             const now = JSON.stringify(all.map(it => [it.getAttribute('aria-posinset'), Math.round(it.getBoundingClientRect().top)]));             quiet = now === last && !all.some(it => it.matches('.list__gap')) ? quiet + 1 : 0; last = now;             if (quiet > 5) return JSON.parse(now); } };         (async () => { let jumps = [], before = await seen();             for (const by of arguments[0]) { scrollBy(0, by); const after = await seen();                 for (const [at, top] of after) { const was = before.find(was => was[0] === at);                     if (was && Math.abs(by) < innerHeight && Math.abs(was[1] - by - top) > 2) jumps.push([at, was[1] - by, top]); }                 before = after; }             done({ jumps, rows: before, drawn: document.querySelectorAll('.row').length }); })().catch(why => done(String(why)))";
    let walk = [100_000, -300, -300, -300, -300, -300, -300, -300, -300, 300, 300, 300];

    let walked = screen.run_until_done(script, vec![json!(walk)]).await;
    assert!(walked.is_object(), "{walked}");
    let row = &walked["rows"][2];
    let link = format!(
        "document.querySelector(\"[aria-posinset='{}'] .row\").click()",
        row[0].as_str().unwrap()
    );
    screen.run(&link, Vec::new()).await;
    screen.see("It takes about 2 minutes").await;
    screen.run("document.querySelector('.bar .iconbtn').click()", Vec::new()).await;
    screen.wait_for_class("list--long").await;
    let back = screen.run_until_done(script, vec![json!([])]).await;

    assert_eq!(walked["jumps"], json!([]), "something jumped");
    assert!(walked["drawn"].as_u64() <= Some(150), "{}", walked["drawn"]);
    let again = back["rows"].as_array().unwrap().iter().find(|again| again[0] == row[0]);
    let moved = again.map(|again| again[1].as_i64().unwrap() - row[1].as_i64().unwrap());
    assert!(
        moved.is_some_and(|moved| moved.abs() <= 2),
        "{row} of {walked} is at {again:?} of {back}"
    );
}

/// The names in a folder, in their order.
fn list_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

async fn connect_the_clinic(window: &Window, sandbox: &Sandbox) {
    let clinic = sandbox.place(PlaceKind::Provider);
    window.screen.type_address(clinic.fhir_base.as_str()).await;
    window.screen.confirm_listed(clinic.name).await;
    window.screen.see("Finish in your browser").await;
    Person::rosa().sign_in(&window.wait_for_sign_in_page().await).await.unwrap();
    window.screen.see("You are connected").await;
}

/// Takes a picture for whoever wants to look, into the folder that `HANDRAIL_PICTURES` names.
async fn picture(window: &Window, name: &str) {
    if let Some(folder) = std::env::var_os("HANDRAIL_PICTURES") {
        window.take_picture(&Path::new(&folder).join(format!("{name}.png"))).await;
    }
}

/// What a script in the page gets when it calls a command.
async fn ask(window: &Window, command: &str, arguments: serde_json::Value) -> serde_json::Value {
    let script = "const done = arguments[2]; \
        window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]) \
            .then(answer => done({ answer }), refused => done({ refused: String(refused) }));";
    window.screen.run_until_done(script, vec![json!(command), arguments]).await
}

/// A script sends the page elsewhere, and lives on for some pictures: a page that goes takes it along.
async fn try_to_leave(window: &Window, address: &str) {
    let script = "const done = arguments[1]; location.href = arguments[0]; let left = 60; \
        const draw = () => left-- ? requestAnimationFrame(draw) : done(true); draw();";
    window.screen.run_until_done(script, vec![json!(address)]).await;
}

/// Whether a script in the page can talk to a server past the engine.
async fn reach(window: &Window, address: &str) -> serde_json::Value {
    let script = "const done = arguments[1]; \
        fetch(arguments[0], { mode: 'no-cors' }).then(() => done('reached'), () => done('blocked'));";
    window.screen.run_until_done(script, vec![json!(address)]).await
}

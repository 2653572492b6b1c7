//! Staff who have to say for which organization they work, and whether there is room.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use fantoccini::key::Key;
use handrail_sandbox::{Control, Options, PlaceKind, Sandbox};
use serde_json::json;
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    requests::ask_food_bank,
    wait::until,
};
use tempfile::TempDir;

use super::{
    heard::{Ear, said},
    keyboard::Keyboard,
};

const KIND: PlaceKind = PlaceKind::Platform;
const PANTRY: &str = "Assistance with application for food pantry program";
const RENT: &str = "Help to pay rent";

/// Somebody's laptop right after they signed in at the platform.
struct Desk {
    sandbox: Sandbox,
    preview: Preview,
    _folder: TempDir,
}

impl Desk {
    async fn open(who: &str) -> Self {
        Self::open_with(who, |_| ()).await
    }

    async fn open_with(who: &str, prepare: impl FnOnce(&Control)) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        ask_food_bank(&sandbox, KIND, None);
        prepare(&sandbox.place(KIND).control());
        let folder = tempfile::tempdir().unwrap();
        let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
        let screen = &preview.screen;
        screen.see("Your help, in one place").await;
        screen.type_address(&sandbox.place(KIND).invitation()).await;
        screen.see("Is this the right place?").await;
        screen.pick("I work for a group that helps").await;
        screen.press("Yes, sign in").await;
        let page = preview.wait_for_sign_in_page().await;
        Person::named(who, "handrail").sign_in(&page).await.unwrap();
        screen.see("You are connected").await;
        Self { sandbox, preview, _folder: folder }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_no_role_names_chooses_a_group_right_after_the_sign_in_and_another_one_later() {
    let desk = Desk::open("noor").await;
    let screen = &desk.preview.screen;

    screen.press("Choose your group").await;
    screen.see("Which group do you work for?").await;
    screen.pick("Bright Harvest Food Bank").await;
    screen.press("See the requests").await;
    screen.see(PANTRY).await;

    screen.go("/connections").await;
    screen.press("Two Rivers Care Network").await;
    screen.pick("Open Door Housing Help").await;
    screen.see("Saved").await;
    screen.go("/inbox/helping").await;
    screen.see(RENT).await;
    screen.go("/inbox").await;
    assert!(!screen.text().await.contains(PANTRY), "that is another group's");
}

/// Two hundred groups, one of which has an accent.
fn fill_the_list(control: &Control) {
    for number in 0..200 {
        let name = format!("Group {number}");
        control.put_resource(json!({ "resourceType": "Organization", "id": format!("group-{number}"), "name": name }));
    }
    control.put_resource(
        json!({ "resourceType": "Organization", "id": "pan", "name": "Asociación Pan y Techo" }),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_groups_one_is_found_by_its_name_with_the_keyboard_and_heard() {
    let desk = Desk::open_with("noor", fill_the_list).await;
    let screen = &desk.preview.screen;
    let keyboard = Keyboard(screen);
    let shown = "return document.querySelectorAll('input[name=employer]').length";

    screen.press("Choose your group").await;
    screen.see("Find your group").await;
    let all = screen.run(shown, Vec::new()).await.as_u64().unwrap();
    assert!(all > 200, "{all}");
    Ear(screen).listen().await;
    keyboard.step_to("#employer-search").await;
    keyboard.write("asociacion").await;
    screen.see("1 group").await;
    assert_eq!(screen.run(shown, Vec::new()).await, 1);
    screen.type_into("employer-search", "nobody").await;
    screen.see("No group has this name").await;
    let heard = Ear(screen).heard().await;
    assert!(heard.contains(&said("status", "1 group")), "{heard:?}");
    screen.type_into("employer-search", "harvest").await;
    screen.see("Bright Harvest Food Bank").await;
    keyboard.choose("Bright Harvest Food Bank", Key::Space).await;
    screen.see("Saved").await;
    keyboard.choose("See the requests", Key::Enter).await;
    screen.see(PANTRY).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_few_groups_are_read_and_not_searched() {
    let desk = Desk::open("noor").await;
    let screen = &desk.preview.screen;

    screen.press("Choose your group").await;
    screen.see("Bright Harvest Food Bank").await;

    assert!(!screen.text().await.contains("Find your group"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_for_two_is_asked_in_the_inbox_until_they_chose_both() {
    let desk = Desk::open("lena").await;
    let screen = &desk.preview.screen;

    screen.go("/inbox").await;
    screen.see("does not say which group is yours").await;
    screen.press("Choose your group").await;
    screen.pick("Bright Harvest Food Bank").await;
    screen.press("See the requests").await;
    screen.see(PANTRY).await;
    screen.go("/inbox/helping").await;
    assert!(!screen.text().await.contains(RENT), "only the one that was chosen");
    screen.go("/connections").await;
    screen.press("Two Rivers Care Network").await;
    screen.pick("Open Door Housing Help").await;
    screen.see("Saved").await;
    screen.go("/inbox").await;
    screen.see(PANTRY).await;

    assert!(!screen.text().await.contains("does not say which group"));
    screen.go("/inbox/helping").await;
    screen.see(RENT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_room_says_so_where_the_place_takes_it() {
    let desk = Desk::open("priya").await;
    let screen = &desk.preview.screen;
    screen.press("See the requests").await;
    screen.press(PANTRY).await;
    screen.see("The person").await;

    screen.press("We can’t take this").await;
    screen.pick("We are full right now").await;
    screen.press("Send: we can’t take it").await;
    screen.see("You said no").await;
    screen.press("Tell others that you are full").await;
    screen.see("Food pantry").await;
    screen.pick("We are full").await;

    let control = desk.sandbox.place(KIND).control();
    let is_told = || {
        let service = control.read_resource("HealthcareService", "bright-harvest-pantry").unwrap();
        service.to_string().contains("\"no-capacity\"")
    };
    until(is_told).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_to_take_along_is_a_file_with_a_line_for_each_request() {
    let desk = Desk::open("priya").await;
    let screen = &desk.preview.screen;
    let kept = tempfile::tempdir().unwrap();
    let folder = json!({ "behavior": "allow", "downloadPath": kept.path() });
    desk.preview.devtools("Page.setDownloadBehavior", folder).await;

    screen.go("/inbox/closed").await;
    screen.press("Save all").await;
    screen.see("Saved.").await;
    let all = wait_for_table(kept.path()).await;

    let is_pantry = |line: &&str| line.contains(PANTRY);
    assert!(
        all.starts_with("\u{feff}group,do_not_contact,title,"),
        "a spreadsheet reads UTF-8: {all}"
    );
    assert_eq!(all.lines().filter(is_pantry).count(), 1);
    assert!(all.lines().count() > 2, "what nobody has is in it too: {all}");
}

/// The table, once the browser put it there: a browser gives no sign of that.
async fn wait_for_table(folder: &Path) -> String {
    let begun = Instant::now();
    loop {
        let mut files = std::fs::read_dir(folder).unwrap().flatten().map(|it| it.path());
        let table = files.find(|it| it.extension().is_some_and(|it| it == "csv"));
        match table.map(std::fs::read_to_string) {
            Some(Ok(table)) if table.ends_with('\n') => return table,
            _ if begun.elapsed() > Duration::from_secs(30) => panic!("the file did not come"),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

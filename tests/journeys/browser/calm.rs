//! The app itself on the pages: how it looks, what it hides, and the lock before it.

use fantoccini::Locator;
use serde_json::{Value, json};
use support::preview::Look;

use super::clinic::AtTheClinic;

const PIN: &str = "274913";

impl AtTheClinic {
    async fn set_pin(&self) {
        self.screen().go("/more/pin").await;
        self.screen().see("Choose a PIN").await;
        self.screen().type_pin(PIN).await;
        self.screen().see("Enter it once more").await;
        self.screen().type_pin(PIN).await;
        self.screen().see("Change your PIN").await;
    }

    async fn press_labelled(&self, label: &str) {
        let button = format!("[aria-label='{label}']");
        let wait = self.screen().0.wait();
        wait.for_element(Locator::Css(&button)).await.unwrap().click().await.unwrap();
    }

    /// Tells the page that nobody sees it any more, or that somebody does.
    async fn turn_away(&self, away: bool) {
        let script = "const away = arguments[0]; \
            Object.defineProperty(document, 'visibilityState', \
            { configurable: true, get: () => away ? 'hidden' : 'visible' }); \
            document.dispatchEvent(new Event('visibilitychange'))";
        self.screen().run(script, vec![Value::Bool(away)]).await;
    }

    /// An attribute of the whole page.
    async fn page_attribute(&self, name: &str) -> Value {
        self.screen()
            .run(&format!("return document.documentElement.getAttribute('{name}')"), vec![])
            .await
    }

    async fn text_size(&self) -> Value {
        let script = "return getComputedStyle(document.documentElement).fontSize";
        self.screen().run(script, vec![]).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn language_text_and_light_are_chosen_at_once_and_there_before_the_next_first_picture() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/more").await;
    screen.see("Language, text size, lock").await;
    phone.picture("more").await;
    screen.go("/more/settings").await;
    screen.see("How often to check for news").await;
    phone.picture("settings").await;

    screen.pick("Largest").await;
    screen.pick("Dark").await;
    screen.pick("Español").await;
    screen.see("Ajustes").await;
    screen.see("Cada cuánto buscar novedades").await;
    phone.picture("settings-es-dark-200").await;

    assert_eq!(phone.text_size().await, json!("32px"), "twice what a browser has");
    assert_eq!(phone.page_attribute("data-theme").await, json!("dark"));
    assert_eq!(phone.page_attribute("lang").await, json!("es"));
    // What is set when the body is first drawn into.
    screen.0.goto(phone.preview.address.as_str()).await.unwrap();
    screen.see("Rosa").await;
    assert_eq!(phone.text_size().await, json!("32px"));
    phone.picture("today-es-dark-200").await;
    let folded =
        "return getComputedStyle(document.querySelector('.tabs__toggle')).display != 'none'";
    assert_eq!(
        screen.run(folded, vec![]).await,
        Value::Bool(true),
        "the tabs fold where letters are large"
    );
    let wide =
        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth";
    assert_eq!(screen.run(wide, vec![]).await, Value::Bool(true), "nothing is cut off sideways");
    screen.go("/more/settings").await;
    screen.see("Ajustes").await;
    screen.pick("English").await;
    screen.see("How often to check for news").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_is_hidden_leaves_every_list_and_is_found_among_private_items() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/referrals").await;
    screen.see("Rides to clinic visits").await;
    screen.go("/more/private").await;
    screen.see("Nothing is hidden").await;
    screen.go("/more/settings/hidden").await;
    screen.see("Safety with a partner").await;
    phone.picture("hidden-topics").await;

    screen.pick("Getting around").await;
    let on = "return document.getElementById('transportation-insecurity').checked";
    let wait = std::time::Instant::now();
    while screen.run(on, vec![]).await != Value::Bool(true) {
        assert!(wait.elapsed().as_secs() < 30, "the switch did not turn");
    }

    for (page, still_there) in
        [("/", "Waiting on others"), ("/referrals", "Food box"), ("/todos", "food")]
    {
        screen.go(page).await;
        screen.see(still_there).await;
        assert!(!screen.text().await.contains("Rides to clinic visits"), "on {page}");
    }
    screen.go("/more/private").await;
    screen.see("Rides to clinic visits").await;
    screen.see("Anyone holding your device can see this page").await;
    assert!(!screen.text().await.contains("Getting around"));
    phone.picture("private").await;
    screen.press("Rides to clinic visits").await;
    screen.see("Private").await;
    assert!(
        !screen.text().await.contains("Getting around"),
        "the label says only that it is private"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_locks_the_app_asks_again_for_private_items_and_opens_where_the_person_was() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/more/pin").await;
    screen.see("Choose a PIN").await;
    phone.picture("pin-choose").await;
    screen.type_pin("123456").await;
    screen.see("Enter it once more").await;
    screen.type_pin("123456").await;
    screen.see("This PIN is easy to guess").await;
    phone.set_pin().await;
    phone.picture("settings-with-pin").await;

    screen.go("/goals").await;
    screen.see("Have enough food each week").await;
    screen.go("/").await;
    screen.see("Rosa").await;
    phone.picture("today").await;
    phone.press_labelled("Lock and hide").await;
    screen.see("Enter your PIN").await;
    phone.picture("locked").await;
    let page =
        screen.run("return document.documentElement.outerHTML + document.title", vec![]).await;
    for word in ["Rosa", "Elm Street", "food", "274913"] {
        assert!(!page.as_str().unwrap().contains(word), "“{word}” is in the locked page");
    }
    screen.go("/goals").await; // A link that opens the app waits behind the lock.
    screen.see("Enter your PIN").await;
    screen.type_pin("000001").await;
    screen.see("You have 4 tries left").await;
    phone.picture("wrong").await;
    screen.type_pin(PIN).await;
    screen.see("Have enough food each week").await;

    screen.go("/more/private").await;
    screen.see("Private items need your PIN").await;
    screen.type_pin(PIN).await;
    screen.see("Leave fast").await;
    screen.go("/more").await;
    screen.see("Lock and hide now").await;
    screen.go("/more/private").await;
    screen.see("Private items need your PIN").await;

    screen.0.refresh().await.unwrap(); // The engine holds the door, not the page.
    screen.go("/more").await;
    screen.press("Lock and hide now").await;
    screen.see("Enter your PIN").await;
    screen.0.refresh().await.unwrap();
    screen.see("Enter your PIN").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_begins_at_its_heading_in_the_largest_letters_and_what_it_opens_at_its_own() {
    let phone = AtTheClinic::open(Look::Large).await;
    let screen = phone.screen();
    screen.go("/more/settings").await;
    screen.pick("Largest").await;
    // Letters that grow would move the keys away from whoever presses them.
    screen.0.wait().for_element(Locator::Css("html[data-text]")).await.unwrap();
    phone.set_pin().await;
    screen.go("/more").await;
    screen.see("Lock and hide now").await;
    let in_view = "const box = document.querySelector(arguments[0]).getBoundingClientRect(); \
        return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight";

    screen.press("Lock and hide now").await;

    screen.see("Enter your PIN").await;
    assert_eq!(screen.focused().await, "Enter your PIN");
    assert_eq!(screen.run(in_view, vec!["h1".into()]).await, json!(true), "the heading");
    screen.run("window.scrollTo(0, document.body.scrollHeight)", vec![]).await;
    screen.type_pin("000001").await;
    screen.see("Try again").await;
    assert_eq!(screen.run(in_view, vec![".lead".into()]).await, json!(true), "what came of it");
    screen.type_pin(PIN).await;
    screen.see("Connections").await;
    assert_eq!(screen.focused().await, "More");
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_pins_end_in_a_wait_and_a_forgotten_one_in_a_fresh_start() {
    let phone = AtTheClinic::open(Look::Dark).await;
    let screen = phone.screen();
    phone.set_pin().await;
    screen.go("/more").await;
    screen.press("Lock and hide now").await;
    screen.see("Enter your PIN").await;
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        screen.type_pin("000001").await;
        screen.see(&format!("You have {left} left")).await;
    }
    screen.type_pin("000001").await;
    screen.see("Too many tries").await;
    phone.picture("wait-dark").await;

    screen.press("Forgot your PIN?").await;
    screen.see("You lose what was not sent").await;
    phone.picture("forgot-dark").await;
    screen.press("Erase and start fresh").await;

    screen.see("Your help, in one place").await;
    screen.0.refresh().await.unwrap();
    screen.see("Your help, in one place").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_nobody_looks_at_shows_nothing_where_the_person_chose_so() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/goals").await;
    screen.see("Have enough food each week").await;

    phone.turn_away(true).await;
    let covered = screen.text().await;
    phone.picture("covered").await;
    phone.turn_away(false).await;
    screen.see("Have enough food each week").await;

    assert!(!covered.contains("food"), "{covered}");
    screen.go("/more/settings").await;
    screen.see("Hide in the list of open apps").await;
    screen.pick("Hide in the list of open apps").await;
    let off = "return !document.getElementById('covers').checked";
    let wait = std::time::Instant::now();
    while screen.run(off, vec![]).await != Value::Bool(true) {
        assert!(wait.elapsed().as_secs() < 30, "the switch did not turn");
    }
    screen.go("/goals").await;
    screen.see("Have enough food each week").await;
    phone.turn_away(true).await;
    assert!(screen.text().await.contains("Have enough food each week"));
}

#[tokio::test(flavor = "multi_thread")]
async fn pulling_a_list_down_looks_for_news_once_and_half_a_pull_does_not() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/goals").await;
    screen.see("Have enough food each week").await;
    let pull = "const at = y => new Touch({ identifier: 1, target: document.body, clientX: 200, clientY: y }); \
        const send = (kind, touches, y) => window.dispatchEvent(new TouchEvent(kind, \
            { touches, changedTouches: [at(y)] })); \
        send('touchstart', [at(100)], 100); send('touchend', [], 100 + arguments[0])";
    let searches = || {
        // All that a look asks for goes in one batch.
        phone.control.requests().iter().filter(|it| it.path == "/fhir").count()
    };
    phone.control.clear_requests();

    screen.run(pull, vec![json!(60)]).await;
    screen.run(pull, vec![json!(-200)]).await;
    // Both at once: the second finds the first under way.
    screen
        .run(&format!("const pull = (...arguments) => {{ {pull} }}; pull(150); pull(150)"), vec![])
        .await;
    screen.see("Checked just now").await;
    let begun = std::time::Instant::now();
    while searches() == 0 {
        assert!(begun.elapsed().as_secs() < 30, "nothing was looked for");
    }
    screen.go("/more/activity").await;
    screen.see("Checked for news").await;

    assert_eq!(searches(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_did_a_report_a_story_and_a_copy_can_be_taken_along() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/more").await;
    screen.press("What the app did").await;
    screen.see("You signed in").await;
    phone.picture("activity").await;
    screen.press("Make a report").await;
    screen.see("place 1: Connected as Patient").await;
    phone.picture("report").await;
    let report = screen.text().await;
    for word in ["Elm Street", "Rosa", "127.0.0.1", "food"] {
        assert!(!report.contains(word), "“{word}” is in the report");
    }
    screen.pick("Add the web addresses of places").await;
    screen.see("host: 127.0.0.1").await;

    // What stands on the clipboard afterwards.
    let listen = "window.copied = ''; Object.defineProperty(navigator, 'clipboard', \
        { value: { writeText: async words => { window.copied = words } } })";
    screen.run(listen, vec![]).await;
    screen.press("Copy the report").await;
    screen.see("Copied.").await;
    let copied = screen.run("return window.copied", vec![]).await;
    assert!(copied.as_str().unwrap().contains("place 1: Connected as Patient"));
    screen.go("/referrals").await;
    screen.see("Rides to clinic visits").await;
    screen.press("Rides to clinic visits").await;
    screen.press("Copy this story").await;
    let begun = std::time::Instant::now();
    let story = loop {
        let copied = screen.run("return window.copied", vec![]).await;
        let copied = copied.as_str().unwrap().to_owned();
        if copied.contains("Rides to clinic visits") {
            break copied;
        }
        assert!(begun.elapsed().as_secs() < 30, "{copied}");
    };
    assert!(story.contains("Elm Street Family Clinic") && story.contains("- "), "{story}");

    let catch = "window.saved = ''; URL.createObjectURL = blob => { \
        blob.text().then(text => { window.saved = text }); return '#'; }";
    screen.run(catch, vec![]).await;
    screen.go("/more/export").await;
    screen.see("Whoever gets the file can read it").await;
    phone.picture("export").await;
    screen.press("Save as health data").await;
    screen.see("Saved.").await;
    let begun = std::time::Instant::now();
    let saved = loop {
        let saved = screen.run("return window.saved", vec![]).await;
        if let Ok(saved) = serde_json::from_str::<Value>(saved.as_str().unwrap()) {
            break saved;
        }
        assert!(begun.elapsed().as_secs() < 30, "nothing was saved");
    };
    assert_eq!(saved["type"], "collection");
    assert!(
        saved["entry"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["resource"]["resourceType"] == "Goal")
    );
}

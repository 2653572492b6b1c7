//! What a person does with the pages: reads them, types, presses.
//!
//! In: words as they stand on the screen. Out: what happened there.
//! Never: the inside of the pages; a journey knows their words and nothing else.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use axum::http::Method;
use fantoccini::{Client, Locator, elements::Element, wd::WebDriverCompatibleCommand};
use serde_json::{Value, json};
use url::Url;

/// Longer than anything on this machine takes; a page that does not come by then does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pages, through WebDriver.
#[derive(Clone)]
pub struct Screen(pub Client);

impl Screen {
    /// Waits until these words stand on the page.
    pub async fn see(&self, words: &str) {
        let begun = Instant::now();
        loop {
            let text = self.text().await;
            if text.contains(words) {
                return;
            }
            if begun.elapsed() > PATIENCE {
                panic!("“{words}” did not come; {}; it says:\n{text}", self.describe().await);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Presses the button or link with this label, once it is there.
    pub async fn press(&self, label: &str) {
        let path = format!(
            "//*[self::a or self::button or self::summary][contains(normalize-space(.), \"{label}\")]"
        );
        self.click(&path, label).await;
    }

    async fn click(&self, path: &str, label: &str) {
        let begun = Instant::now();
        loop {
            // A page that is being drawn anew may take the button away between finding and pressing it.
            let outcome = match self.0.find(Locator::XPath(path)).await {
                Ok(found) => {
                    self.scroll_to(&found).await;
                    found.click().await
                }
                Err(error) => Err(error),
            };
            let Err(error) = outcome else { return };
            if begun.elapsed() > PATIENCE {
                panic!(
                    "“{label}” cannot be pressed: {error}; the page says:\n{}",
                    self.text().await
                );
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Picks the answer with this label, once it is there.
    pub async fn pick(&self, label: &str) {
        self.click(&format!("//label[contains(normalize-space(.), \"{label}\")]"), label).await;
    }

    /// Brings something out from under the bars that stay in their place.
    async fn scroll_to(&self, element: &Element) {
        let there = serde_json::to_value(element).expect("an element has a name");
        let middle = "arguments[0].scrollIntoView({ block: 'center' })";
        // What was drawn anew meanwhile cannot be found; whoever presses it says so.
        let _ = self.0.execute(middle, vec![there]).await;
    }

    /// The words of what has the focus; none where nothing has it, which a page calls its body.
    pub async fn focused(&self) -> String {
        let script = "const it = document.activeElement; \
            return it && it !== document.body && it !== document.documentElement ? it.innerText : ''";
        let words = self.run(script, Vec::new()).await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Ticks the box with this id.
    pub async fn tick(&self, id: &str) {
        let found = self.0.find(Locator::Id(id)).await.expect("the box is there");
        self.scroll_to(&found).await;
        found.click().await.expect("it can be ticked");
    }

    /// Types into the field with this id, in place of what was there.
    pub async fn type_into(&self, id: &str, words: &str) {
        let wait = self.0.wait().at_most(PATIENCE);
        let field = wait.for_element(Locator::Id(id)).await.expect("the field is there");
        field.clear().await.expect("the field can be emptied");
        field.send_keys(words).await.expect("the field takes letters");
    }

    /// Types numbers on the keys that the page shows.
    pub async fn type_pin(&self, numbers: &str) {
        for number in numbers.chars() {
            let key = format!("//button[@class='key'][normalize-space(.)='{number}']");
            let key = self.0.find(Locator::XPath(&key)).await.expect("the page has keys");
            key.click().await.expect("a key can be pressed");
        }
    }

    /// Waits until something of this class stands on the page, for pages in any language.
    pub async fn wait_for_class(&self, class: &str) {
        let css = format!(".{class}");
        let wait = self.0.wait().at_most(PATIENCE);
        wait.for_element(Locator::Css(&css)).await.unwrap_or_else(|_| panic!("no .{class} came"));
    }

    /// Chooses a file where the page asks for one.
    pub async fn choose_file(&self, file: &Path) {
        let input = self.0.find(Locator::Css("input[type=file]")).await;
        let input = input.expect("the page takes files");
        input.send_keys(&file.display().to_string()).await.expect("the file can be chosen");
    }

    /// Copies words, as another app does, and lets the page read what was copied.
    pub async fn put_on_clipboard(&self, words: &str) {
        for name in ["clipboard-read", "clipboard-write"] {
            self.0.issue_cmd(Allow(name)).await.expect("the browser allows it");
        }
        let script = "const done = arguments[1]; \
            navigator.clipboard.writeText(arguments[0]).then(() => done(true), why => done(String(why)));";
        let copied = self.run_until_done(script, vec![Value::from(words)]).await;
        assert_eq!(copied, true, "the words cannot be copied");
    }

    /// Types an address on the page that connects a place, and goes on.
    pub async fn type_address(&self, address: &str) {
        self.go("/connect").await;
        self.see("Have an address?").await;
        self.type_into("address", address).await;
        self.press("Continue").await;
    }

    /// Confirms a place of the list.
    pub async fn confirm_listed(&self, name: &str) {
        self.see("Is this the right place?").await;
        self.see(name).await;
        self.press("Yes, sign in").await;
    }

    /// Confirms a place that nobody vouches for: the person says that they compared the address.
    pub async fn confirm_unlisted(&self, host: &str) {
        self.see("This place is new to Handrail").await;
        self.see(host).await;
        self.tick("compared").await;
        self.press("Yes, sign in").await;
    }

    /// Opens made-up people and places from the welcome page.
    pub async fn try_with_made_up_data(&self) {
        self.press("Try it with made-up data").await;
        self.see("All of this is made up").await;
        self.see("Rosa").await;
    }

    /// Does one of their to-dos, to its end.
    pub async fn finish_a_made_up_todo(&self) {
        self.go("/todos").await;
        self.press("Read about keeping food safe").await;
        self.press("I did it").await;
        self.see("Tell them that it is done?").await;
        self.run("document.querySelector('dialog .btn--main').click()", Vec::new()).await;
        self.see("Done").await;
    }

    /// Goes to a page of the app, such as `/todos`.
    pub async fn go(&self, page: &str) {
        self.run("location.hash = arguments[0]", vec![Value::from(format!("#{page}"))]).await;
    }

    /// The words on the page; none while it is being loaded.
    pub async fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        // A page that is just being replaced cannot answer.
        let text = self.0.execute(script, Vec::new()).await.unwrap_or_default();
        text.as_str().unwrap_or_default().replace('\u{a0}', " ")
    }

    /// How far the page came: where it is, what of it was loaded, and what the driver says if it cannot be asked.
    async fn describe(&self) -> String {
        let script = "return `the page ${location.href} is ${document.readyState}, loaded ` \
            + performance.getEntriesByType('resource').slice(0, 12).map(it => `${it.name} ${it.responseEnd | 0} ms`).join(', ')";
        match self.0.execute(script, Vec::new()).await {
            Ok(state) => state.as_str().unwrap_or_default().to_owned(),
            Err(error) => format!("the page cannot be asked: {error}"),
        }
    }

    /// Runs a script in the page until it calls its last argument.
    pub async fn run_until_done(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.0.execute_async(script, arguments).await.expect("the page runs a script")
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.0.execute(script, arguments).await.expect("the page runs a script")
    }
}

/// The person allows the page something (W3C Permissions, section "Set Permission").
#[derive(Debug)]
struct Allow(&'static str);

impl WebDriverCompatibleCommand for Allow {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/permissions", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "descriptor": { "name": self.0 }, "state": "granted" });
        (Method::POST, Some(body.to_string()))
    }
}

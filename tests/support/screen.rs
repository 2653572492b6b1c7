//! What a person does with the pages: reads them, types, presses.
//!
//! In: words as they stand on the screen. Out: what happened there.
//! Never: the inside of the pages; a journey knows their words and nothing else.

use std::time::{Duration, Instant};

use fantoccini::{Client, Locator};
use serde_json::Value;

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
            assert!(begun.elapsed() < PATIENCE, "“{words}” did not come; the page says:\n{text}");
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
                    // Out from under the bars that stay in their place.
                    let there = serde_json::to_value(&found).expect("an element has a name");
                    let middle = "arguments[0].scrollIntoView({ block: 'center' })";
                    let _ = self.0.execute(middle, vec![there]).await;
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

    /// The words of what has the focus.
    pub async fn focused(&self) -> String {
        let words = self.run("return document.activeElement.innerText", Vec::new()).await;
        words.as_str().unwrap_or_default().to_owned()
    }

    /// Ticks the box with this id.
    pub async fn tick(&self, id: &str) {
        self.0
            .find(Locator::Id(id))
            .await
            .expect("the box is there")
            .click()
            .await
            .expect("it can be ticked");
    }

    /// Types into the field with this id, in place of what was there.
    pub async fn type_into(&self, id: &str, words: &str) {
        let wait = self.0.wait().at_most(PATIENCE);
        let field = wait.for_element(Locator::Id(id)).await.expect("the field is there");
        field.clear().await.expect("the field can be emptied");
        field.send_keys(words).await.expect("the field takes letters");
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

    /// Runs a script in the page until it calls its last argument.
    pub async fn run_until_done(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.0.execute_async(script, arguments).await.expect("the page runs a script")
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.0.execute(script, arguments).await.expect("the page runs a script")
    }
}

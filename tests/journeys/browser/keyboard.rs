//! From the first page to an answer that is sent, with no hand on a mouse or a screen (WCAG 2.1.1, 2.4.3, 2.4.7, 2.4.11).

use std::collections::BTreeSet;

use fantoccini::{
    actions::{InputSource as _, KeyAction, KeyActions},
    key::Key,
};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use serde_json::Value;
use support::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    screen::Screen,
};

/// More than any page has to step through.
const MOST_STEPS: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_connected_and_its_questions_answered_with_the_keyboard_alone() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let clinic = sandbox.place(PlaceKind::Provider);
    let folder = tempfile::tempdir().unwrap();
    let preview = Preview::open(folder.path(), &registry_of(&sandbox), Look::Light).await;
    let keyboard = Keyboard(&preview.screen);
    let screen = &preview.screen;

    screen.see("Your help, in one place").await;
    keyboard.choose("Connect a place", Key::Enter).await;
    screen.see("Have an address?").await;
    keyboard.step_to("#address").await;
    keyboard.write(&clinic.invitation()).await;
    keyboard.choose("Continue", Key::Enter).await;
    screen.see("Is this the right place?").await;
    keyboard.choose("Yes, sign in", Key::Enter).await;
    Person::rosa().sign_in(&preview.wait_for_sign_in_page().await).await.unwrap();
    screen.see("You are connected").await;
    assert!(screen.focused().await.contains("You are connected"), "news takes the focus along");
    keyboard.choose("Go to Today", Key::Enter).await;
    screen.see("Rosa").await;
    keyboard.choose("To-dos", Key::Enter).await;
    keyboard.choose("Tell us how you get around", Key::Enter).await;
    screen.see("What you send goes to").await;
    keyboard.choose("Answer the questions", Key::Enter).await;
    screen.see("How do you get to visits now?").await;
    keyboard.choose("By bus", Key::Space).await;
    keyboard.choose("Next", Key::Enter).await;
    screen.see("How many visits did you miss").await;
    keyboard.step_to("#answer-0").await;
    keyboard.write("2").await;
    keyboard.choose("Next", Key::Enter).await;
    screen.see("Do you use a wheelchair").await;
    // One of a group is reached with Tab, the next one with an arrow.
    keyboard.choose("Yes", Key::Right).await;
    assert!(screen.run("return document.activeElement.checked", Vec::new()).await == true);
    keyboard.choose("Next", Key::Enter).await;
    screen.see("a child who needs a car seat").await;
    keyboard.choose("Next", Key::Enter).await;
    screen.see("Check your answers").await;
    keyboard.choose("Send to Elm Street Family Clinic", Key::Enter).await;
    screen.see("Done").await;
    assert_eq!(
        clinic.control().read_resource("Task", "getting-around").unwrap()["status"],
        "completed"
    );

    // A sheet holds the focus, Escape closes it, and the focus goes back to what opened it.
    keyboard.go_back().await;
    keyboard.choose("Bring your rent papers", Key::Enter).await;
    keyboard.choose("I did it", Key::Enter).await;
    screen.see("Tell them that it is done?").await;
    let mut words = BTreeSet::new();
    for _ in 0..6 {
        keyboard.press(Key::Tab).await;
        // After the last of the sheet the browser's own bar has its turn, and the page has no focus then.
        let held = "const it = document.activeElement; return it === document.body || !!it.closest('dialog')";
        assert_eq!(
            screen.run(held, Vec::new()).await,
            Value::Bool(true),
            "the sheet lost the focus"
        );
        words.insert(screen.focused().await);
    }
    assert!(words.contains("Tell them") && words.contains("Go back"), "{words:?}");
    keyboard.press(Key::Escape).await;
    let closed = "return !document.querySelector('dialog[open]')";
    assert_eq!(screen.run(closed, Vec::new()).await, Value::Bool(true));
    assert!(screen.focused().await.contains("I did it"), "the focus went elsewhere");
}

/// The keys of a page, and nothing else.
pub struct Keyboard<'a>(pub &'a Screen);

impl Keyboard<'_> {
    pub async fn press(&self, key: Key) {
        let value = char::from(key);
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.0.0.perform_actions(keys).await.expect("keys can be pressed");
    }

    pub async fn write(&self, words: &str) {
        let keys = words.chars().fold(KeyActions::new("keyboard".to_owned()), |keys, value| {
            keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
        });
        self.0.0.perform_actions(keys).await.expect("keys can be pressed");
    }

    /// Steps on until what has the focus says this, and presses the key there.
    pub async fn choose(&self, label: &str, key: Key) {
        self.0.see(label).await;
        self.step_until(label, "label => { \
            const it = document.activeElement; \
            const said = (it.closest('label') ?? it).innerText || it.getAttribute('aria-label') || ''; \
            return it !== document.body && !/^H[1-6]|MAIN$/.test(it.tagName) && said.replace(/\\u00a0/g, ' ').includes(label); }")
            .await;
        self.press(key).await;
    }

    /// Follows the arrow at the top.
    pub async fn go_back(&self) {
        self.step_to(".bar .iconbtn").await;
        self.press(Key::Enter).await;
    }

    /// Steps on until this has the focus.
    pub async fn step_to(&self, selector: &str) {
        self.step_until(selector, "selector => document.activeElement.matches(selector)").await;
    }

    async fn step_until(&self, wanted: &str, is_it: &str) {
        let look = format!(
            "const it = document.activeElement; if (!({is_it})(arguments[0])) return 'no'; \
             const target = it.closest('label') ?? it; \
             const ring = getComputedStyle(target); const own = getComputedStyle(it); \
             if (ring.outlineStyle === 'none' && own.outlineStyle === 'none' && ring.boxShadow === 'none') return 'no ring'; \
             const box = target.getBoundingClientRect(); \
             const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2); \
             return target.contains(there) || there?.contains(target) ? 'yes' : 'hidden behind ' + there?.outerHTML.slice(0, 80);"
        );
        for _ in 0..MOST_STEPS {
            let found = self.0.run(&look, vec![wanted.into()]).await;
            match found.as_str() {
                Some("no") => self.press(Key::Tab).await,
                Some("yes") => return,
                other => panic!("“{wanted}” has the focus, and {other:?}"),
            }
        }
        panic!(
            "“{wanted}” is out of reach of the keyboard; the page says:\n{}",
            self.0.text().await
        );
    }
}

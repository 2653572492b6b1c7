//! What a screen reader says by itself: once, and not while somebody types (WCAG 4.1.3).

use fantoccini::Locator;
use handrail_sandbox::{At, Fault, Rule};
use support::{preview::Look, screen::Screen};

use super::clinic::AtTheClinic;

/// Listens as a screen reader does: to what changes within a live region, and to one that appears.
const LISTEN: &str = "const live = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'; \
    const told = new WeakMap(); window.heard = []; \
    const say = it => { const text = it.textContent; \
        if (!text.trim() || told.get(it) === text) return; told.set(it, text); \
        window.heard.push([it.getAttribute('role'), text.replace(/\\s+/g, ' ').trim()]); }; \
    document.querySelectorAll(live).forEach(it => told.set(it, it.textContent)); \
    new MutationObserver(changes => { const regions = new Set(); \
        for (const { target, addedNodes } of changes) { \
            const around = (target.closest ? target : target.parentElement)?.closest(live); \
            if (around) regions.add(around); \
            for (const it of addedNodes) if (it.matches) { \
                if (it.matches(live)) regions.add(it); it.querySelectorAll(live).forEach(it => regions.add(it)); } } \
        [...regions].filter(it => it.isConnected).forEach(say); \
    }).observe(document.body, { subtree: true, childList: true, characterData: true })";

/// Who listens to a page.
pub struct Ear<'a>(pub &'a Screen);

impl Ear<'_> {
    pub async fn listen(&self) {
        self.0.run(LISTEN, Vec::new()).await;
    }

    /// What was said since somebody listens: whether it interrupts, and the words.
    pub async fn heard(&self) -> Vec<(String, String)> {
        let heard = self.0.run("return window.heard", Vec::new()).await;
        serde_json::from_value(heard).unwrap()
    }
}

impl AtTheClinic {
    fn ear(&self) -> Ear<'_> {
        Ear(self.screen())
    }

    async fn tell_that_the_papers_are_brought(&self) {
        let screen = self.screen();
        screen.go("/todos").await;
        screen.press("Bring your rent papers").await;
        screen.see("What you send goes to").await;
        self.ear().listen().await;
        screen.press("I did it").await;
        screen.see("Tell them that it is done?").await;
        screen.run("document.querySelector('dialog .btn--main').click()", Vec::new()).await;
    }
}

pub fn said(role: &str, words: &str) -> (String, String) {
    (role.to_owned(), words.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_for_news_says_that_it_begins_and_what_it_came_to() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/todos").await;
    screen.see("Bring your rent papers").await;
    phone.ear().listen().await;

    let button = Locator::Css("[aria-label='Check for news']");
    screen.0.find(button).await.unwrap().click().await.unwrap();
    screen.see("Checked just now").await;
    screen.see("Nothing new.").await;

    let outcome = said("status", "Checked. Nothing new.");
    assert_eq!(phone.ear().heard().await, [said("status", "Checking now."), outcome]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_said_once() {
    let phone = AtTheClinic::open(Look::Light).await;

    phone.tell_that_the_papers_are_brought().await;
    phone.screen().see("Done").await;

    assert_eq!(phone.ear().heard().await, [said("status", "Sent.")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_they_changed_meanwhile_interrupts_once() {
    let phone = AtTheClinic::open(Look::Light).await;
    phone.control.change_resource("Task", "papers", |task| task["status"] = "on-hold".into());

    phone.tell_that_the_papers_are_brought().await;
    phone.screen().see("This changed meanwhile").await;

    let heard = phone.ear().heard().await;
    let [(role, words)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!(role, "alert");
    assert!(words.starts_with("This changed meanwhile"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_a_place_that_is_away_is_said_once() {
    let phone = AtTheClinic::open(Look::Light).await;
    phone.control.add_fault(Rule::always(At::Fhir, Fault::HangUp));

    phone.tell_that_the_papers_are_brought().await;
    phone.screen().see("Not sent yet").await;

    let heard = phone.ear().heard().await;
    let [(role, words)] = &heard[..] else { panic!("{heard:?}") };
    assert_eq!((role.as_str(), words.as_str()), ("status", "Not sent yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_while_somebody_types() {
    let phone = AtTheClinic::open(Look::Light).await;
    let screen = phone.screen();
    screen.go("/todos").await;
    screen.press("Answer a question").await;
    screen.see("What you send goes to").await;
    phone.ear().listen().await;

    screen.type_into("answer", "Elm School.").await;
    screen.go("/connect").await;
    screen.see("Have an address?").await;
    screen.type_into("address", "elm").await;

    assert_eq!(phone.ear().heard().await, []);
}

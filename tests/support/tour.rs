//! A walk past every page of the patient's app and the states it can be in, with a look at each.
//!
//! In: how the browser shows pages. Out: a call at each stop, in the order in which a person meets them.
//! Never: a judgement; whoever walks along looks.

use handrail_sandbox::{At, Control, Fault, Options, Place, PlaceKind, Rule, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    person::Person,
    phone::registry_of,
    preview::{Look, Preview},
    screen::Screen,
    texts::Texts,
};

mod desk;

/// Nothing that is easy to guess.
const PIN: &str = "274913";

/// The walk, and who goes along.
pub struct Tour<Visit> {
    sandbox: Sandbox,
    preview: Preview,
    texts: Texts,
    visit: Visit,
    _folder: TempDir,
}

impl<Visit: AsyncFnMut(&Preview, &str)> Tour<Visit> {
    /// Walks past everything. `visit` gets each page once it stands still, and its name.
    pub async fn walk(look: Look, visit: Visit) {
        Self::walk_spoilt(look, |_| (), visit).await;
    }

    /// Walks past a few pages of each kind, in a tryout: for the widths at which pages stand otherwise.
    pub async fn glance(look: Look, visit: Visit) {
        let mut tour = Self::open(look, |_| (), visit).await;
        tour.see("welcome-heading").await;
        tour.stop("welcome").await;
        tour.press("welcome-try").await;
        tour.stop_at("/", "Rosa", "today").await;
        tour.stop_at("/todos", "Answer 3 questions about food", "todos").await;
        tour.stop_at("/referrals", "Rides to clinic visits", "referrals").await;
        tour.screen().press("Rides to clinic visits").await;
        tour.see("referral-story").await;
        tour.stop("referral").await;
        tour.stop_at("/more", "Language, text size, lock", "more").await;
        tour.stop_at("/more/settings", "How often to check for news", "settings").await;
        tour.open_todo("Bring your rent papers").await;
        tour.press("act-finish").await;
        tour.see("act-sheet-done").await;
        tour.stop("sheet").await;
    }

    /// The same as the whole walk, past places that were changed before anybody met them.
    pub async fn walk_spoilt(look: Look, spoil: impl FnOnce(&Sandbox), visit: Visit) {
        let mut tour = Self::open(look, spoil, visit).await;
        tour.see_the_ways_in().await;
        tour.see_the_lists().await;
        tour.see_the_to_dos().await;
        tour.see_a_form().await;
        tour.see_trouble().await;
        tour.see_an_end().await;
        tour.see_the_app_itself().await;
    }

    /// Three places that nobody met yet, changed beforehand, and the pages in this look.
    async fn open(look: Look, spoil: impl FnOnce(&Sandbox), visit: Visit) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.expect("the sandbox starts");
        spoil(&sandbox);
        let folder = tempfile::tempdir().expect("a folder");
        let preview = Preview::open(folder.path(), &registry_of(&sandbox), look).await;
        let texts = Texts::of(if look == Look::Spanish { "es" } else { "en" });
        let tour = Self { sandbox, preview, texts, visit, _folder: folder };
        if look == Look::Large {
            tour.choose_large_letters().await;
        }
        tour
    }

    fn screen(&self) -> &Screen {
        &self.preview.screen
    }

    async fn see(&self, key: &str) {
        self.screen().see(self.texts.get(key)).await;
    }

    async fn press(&self, key: &str) {
        self.screen().press(self.texts.get(key)).await;
    }

    /// Waits until fonts are there and nothing moves, and looks.
    async fn stop(&mut self, name: &str) {
        let script = "const done = arguments[0]; \
            document.fonts.ready.then(() => setTimeout(() => done(true), 400))";
        self.screen().run_until_done(script, Vec::new()).await;
        (self.visit)(&self.preview, name).await;
    }

    async fn stop_at(&mut self, page: &str, words: &str, name: &str) {
        self.screen().go(page).await;
        self.screen().see(words).await;
        self.stop(name).await;
    }

    async fn choose_large_letters(&self) {
        self.see("welcome-heading").await;
        self.screen().go("/more/settings").await;
        self.see("settings-how-often").await;
        self.screen().pick(self.texts.get("settings-text-largest")).await;
        let grown = "const done = arguments[0]; const wait = () => \
            getComputedStyle(document.documentElement).fontSize === '32px' ? done(true) : setTimeout(wait, 20); wait()";
        self.screen().run_until_done(grown, Vec::new()).await;
        self.screen().go("/welcome").await;
    }

    async fn see_the_ways_in(&mut self) {
        self.see("welcome-heading").await;
        self.stop("welcome").await;
        self.press("welcome-try").await;
        self.see("tryout-says").await;
        self.stop("tryout").await;
        self.press("tryout-leave").await;
        self.see("welcome-heading").await;
        self.screen().go("/connect").await;
        self.see("connect-heading").await;
        self.stop("connect").await;
        self.screen().go("/connect/scan").await;
        self.see("scan-ask-heading").await;
        self.stop("scan").await;
        self.screen().go("/connect/find").await;
        self.see("find-heading").await;
        self.stop("find").await;
        for (text, refusal) in [
            ("WIFI:T:WPA;S:clinic;P:secret;;", "wifi"),
            ("http://elmstreetclinic.example/fhir", "not_locked"),
            ("https://rosa@elmstreetclinic.example/fhir", "hides_address"),
        ] {
            self.type_address(text).await;
            self.see(&format!("refused-{refusal}-heading")).await;
            self.stop(&format!("refused-{refusal}")).await;
        }
        let kinds: Vec<PlaceKind> = self.sandbox.places().iter().map(|place| place.kind).collect();
        for kind in kinds {
            self.connect(kind).await;
        }
    }

    async fn type_address(&self, address: &str) {
        // What was refused before stays on its page.
        self.screen().go("/more").await;
        self.see("more-heading").await;
        self.screen().go("/connect").await;
        self.see("connect-address-heading").await;
        self.screen().type_into("address", address).await;
        self.press("connect-continue").await;
    }

    async fn connect(&mut self, kind: PlaceKind) {
        let invitation = self.sandbox.place(kind).invitation();
        self.type_address(&invitation).await;
        if kind == PlaceKind::Cbo {
            self.see("confirm-unknown-heading").await;
            self.stop("confirm-new").await;
            self.screen().tick("compared").await;
        } else {
            self.see("confirm-heading").await;
        }
        if kind == PlaceKind::Provider {
            self.stop("confirm").await;
        }
        self.press("confirm-sign-in").await;
        let page = self.preview.wait_for_sign_in_page().await;
        if kind == PlaceKind::Provider {
            self.stop("sign-in").await;
        }
        Person::rosa().sign_in(&page).await.expect("Rosa can sign in");
        self.see("connected-heading").await;
        if kind == PlaceKind::Provider {
            self.stop("connected").await;
        }
    }

    async fn see_the_lists(&mut self) {
        self.stop_at("/", "Rosa", "today").await;
        self.stop_at("/todos", "Answer 3 questions about food", "todos").await;
        self.stop_at("/goals", "Have enough food each week", "goals").await;
        let follow = "[...document.querySelectorAll('.card')] \
            .find(card => card.innerText.includes(arguments[0])).querySelector('a').click()";
        self.screen().run(follow, vec!["Have enough food each week".into()]).await;
        self.see("goal-change-heading").await;
        self.stop("goal").await;
        self.stop_at("/referrals", "Rides to clinic visits", "referrals").await;
        self.screen().press("Rides to clinic visits").await;
        self.see("referral-story").await;
        self.stop("referral").await;
        let heading = self.texts.get("more-heading").to_owned();
        self.stop_at("/more", &heading, "more").await;
        self.stop_at("/connections", "Bright Harvest Food Bank", "connections").await;
        self.screen().press("Elm Street Family Clinic").await;
        self.see("connection-disconnect").await;
        self.stop("connection").await;
        let heading = self.texts.get("lost-page-heading").to_owned();
        self.stop_at("/nowhere", &heading, "lost").await;
    }

    async fn open_todo(&self, title: &str) {
        self.screen().go("/todos").await;
        self.screen().see(title).await;
        self.screen().press(title).await;
        self.see("todo-goes-to").await;
    }

    async fn see_the_to_dos(&mut self) {
        for (title, name) in [
            ("Answer 3 questions about food", "todo-questions"),
            ("Choose who", "todo-contact"),
            ("Answer a question", "todo-words"),
            ("Read about keeping food safe", "todo-review"),
            ("Bring your rent papers", "todo-papers"),
        ] {
            self.open_todo(title).await;
            self.stop(name).await;
        }
        self.press("act-finish").await;
        self.see("act-sheet-done").await;
        self.stop("sheet").await;
        self.press("act-sheet-back").await;
    }

    async fn see_a_form(&mut self) {
        self.open_todo("Tell us how you get around").await;
        self.press("act-answer").await;
        self.screen().see("How do you get to visits now?").await;
        self.stop("question-several").await;
        self.press("form-next").await;
        self.screen().see("How many visits did you miss").await;
        self.screen().type_into("answer-0", "a few").await;
        self.press("form-next").await;
        self.see("form-fault-whole").await;
        self.stop("question-error").await;
        self.screen().type_into("answer-0", "2").await;
        self.press("form-next").await;
        self.screen().see("Do you use a wheelchair").await;
        self.stop("question-choice").await;
        self.press("form-next").await;
        self.screen().see("a child who needs a car seat").await;
        self.press("form-next").await;
        self.see("form-check").await;
        self.stop("review").await;
    }

    fn clinic(&self) -> &Place {
        self.sandbox.place(PlaceKind::Provider)
    }

    /// What waits, what was refused, who cannot be reached, and whose sign-in ended.
    async fn see_trouble(&mut self) {
        let control: Control = self.clinic().control();
        control.add_fault(Rule::always(At::Fhir, Fault::HangUp));
        self.press("form-send").await;
        self.see("sending-waiting-heading").await;
        self.stop("waiting").await;
        self.screen().go("/connections").await;
        self.screen().press("Elm Street Family Clinic").await;
        self.press("connection-check").await;
        self.see("place-away-heading").await;
        self.stop("connection-away").await;
        self.stop_at("/", "Rosa", "today-away").await;
        control.clear_faults();

        control.change_resource("Task", "papers", |task| {
            task["status"] = "on-hold".into();
            task["statusReason"] = json!({ "text": "We found them." });
        });
        self.open_todo("Bring your rent papers").await;
        self.press("act-finish").await;
        self.see("act-sheet-done").await;
        let send = "document.querySelector('dialog .btn--main').click()";
        self.screen().run(send, Vec::<Value>::new()).await;
        self.screen().see("We found them.").await;
        self.stop("changed").await;

        control.kill_refresh_tokens();
        control.expire_access_tokens();
        self.screen().go("/connections").await;
        self.screen().press("Elm Street Family Clinic").await;
        self.press("try-now").await;
        self.see("place-sign-in-heading").await;
        self.stop("connection-signed-out").await;
        self.stop_at("/", "Rosa", "today-signed-out").await;
    }

    async fn see_an_end(&mut self) {
        self.screen().go("/connections").await;
        self.screen().press("Bright Harvest Food Bank").await;
        self.press("connection-disconnect").await;
        self.see("disconnect-heading").await;
        self.stop("disconnect").await;
        self.press("disconnect-erase").await;
        self.see("disconnected-heading").await;
        self.stop("disconnected").await;
    }

    /// What the app keeps, hides and says about itself, and its lock.
    async fn see_the_app_itself(&mut self) {
        for (page, key, name) in [
            ("/more/settings", "settings-how-often", "settings"),
            ("/more/settings/hidden", "topics-title", "hidden-topics"),
            ("/more/private", "private-empty-heading", "private"),
            ("/more/activity", "activity-title", "activity"),
            ("/more/report", "report-title", "report"),
            ("/more/export", "export-title", "export"),
            ("/more/paper", "paper-referrals", "paper"),
        ] {
            self.screen().go(page).await;
            self.see(key).await;
            self.stop(name).await;
        }
        self.screen().go("/more/pin").await;
        self.see("pin-choose").await;
        self.stop("pin").await;
        self.screen().type_pin(PIN).await;
        self.see("pin-repeat").await;
        self.screen().type_pin(PIN).await;
        self.see("settings-pin-change").await;
        self.screen().go("/more").await;
        self.press("lock-now").await;
        self.see("pin-enter").await;
        self.stop("locked").await;
        self.screen().type_pin("111222").await;
        self.see("pin-again").await;
        self.stop("locked-wrong").await;
        self.press("lock-forgot").await;
        self.see("lock-forgot-erase").await;
        self.stop("lock-forgot").await;
    }
}

//! The desktop says that there is something new, to whoever wants it and looks at something else.

use fantoccini::Locator;
use handrail_sandbox::{Control, Options, PlaceKind, Sandbox};
use support::{
    notices::Notices,
    phone::{Phone, registry_of},
    wait::until,
    window::Window,
};

use super::picture;

/// A computer that is connected to the clinic, with the app open on it.
struct AtHome {
    phone: Phone,
    control: Control,
    window: Window,
    _sandbox: Sandbox,
}

impl AtHome {
    async fn open() -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
        let phone = Phone::new(&sandbox);
        let clinic = sandbox.place(PlaceKind::Provider);
        phone.connect(&clinic.invitation()).await.unwrap();
        let control = clinic.control();
        let registry = registry_of(&sandbox);
        let folder = phone.data();
        let window =
            Window::open_with(folder.parent().unwrap(), &registry, &["--glance", "1"]).await;
        window.screen.see("Rosa").await;
        Self { phone, control, window, _sandbox: sandbox }
    }

    /// The clinic says something else of a to-do.
    fn change(&self, status: &str) {
        self.control.change_resource("Task", "papers", |task| task["status"] = status.into());
    }

    /// An hour goes by, and the open app looks by itself; and once more, which it does after it told what came first.
    async fn look(&self) {
        for _ in 0..2 {
            let before = self.phone.sources()[0].last_success_at;
            let asked = self.control.requests().len();
            self.phone.make_all_due();
            until(|| self.control.requests().len() > asked).await;
            until(|| self.phone.sources()[0].last_success_at != before).await;
        }
    }

    async fn choose(&self, label: &str, saved: &str) {
        self.window.screen.go("/more/settings").await;
        self.window.screen.pick(label).await;
        self.window.screen.see(saved).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_is_told_in_the_persons_language_where_they_want_it_and_look_at_something_else() {
    let notices = Notices::serve().await;
    let home = AtHome::open().await;
    let window = &home.window;

    window.turn_away().await;
    home.change("on-hold");
    home.look().await; // Nobody asked to be told.
    home.choose("Tell me when there is news", "Saved").await;
    window.turn_away().await;
    home.look().await; // Nothing is new.
    home.change("in-progress");
    home.look().await;
    let first = notices.wait_for_more_than(0).await;
    notices.press(first.id).await;
    window.wait_until_focus_is(true).await;
    home.change("on-hold");
    home.look().await; // The person sees it as it comes.
    home.choose("Español", "Ajustes").await;
    // The page is drawn anew in the other language.
    window.screen.0.wait().for_element(Locator::Id("tells-news")).await.unwrap();
    let to_the_switch = "document.getElementById('tells-news').scrollIntoView({ block: 'center' })";
    window.screen.run(to_the_switch, Vec::new()).await;
    picture(window, "tells-news").await;
    window.turn_away().await;
    home.change("in-progress");
    home.look().await;
    let second = notices.wait_for_more_than(1).await;

    assert_eq!((&*first.app, &*first.summary), ("Handrail", "Handrail"));
    assert_eq!(first.body, "There is something new to see.");
    assert_eq!((&*second.summary, &*second.body), ("Handrail", "Hay algo nuevo que ver."));
    assert_eq!((first.replaces, second.replaces), (0, first.id), "never two beside each other");
    assert_eq!(notices.list().len(), 2, "{:?}", notices.list());
    for shown in notices.list() {
        let all = format!("{shown:?}");
        assert!(!all.contains("Elm") && !all.contains("rent") && !all.contains("Rosa"), "{all}");
    }
}

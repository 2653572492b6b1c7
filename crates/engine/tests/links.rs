//! Links that the system opens the app with: an invitation waits for a page, the way back from a sign-in for nobody else.

#![expect(clippy::unwrap_used, reason = "a test whose ground does not hold has failed")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use handrail_contract::{
    code::{Grade, TakeOpenedLink},
    place::{ListConnections, Role},
    problem::Refusal,
    sign_in::{AttemptId, BeginSignIn, ShowSignIn, Stage},
};
use handrail_core::connect::Rotation;
use handrail_engine::{
    Answer as _, Engine, Policy, Ports,
    ports::{Browser, BrowserError, Opened, Redirected, Redirects},
    records::SqliteRecords,
    testing::{Habits, HandClock, SeededEntropy, World},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use url::Url;
use zeroize::Zeroizing;

const HOST: &str = "elm.example.org";

/// A phone's browser: the person agrees, and the system opens the app with where the page sends them.
struct ByLink {
    world: World,
    back: watch::Sender<Option<Url>>,
    /// Nothing comes here; dropping it would end the waiting.
    listening: Mutex<Vec<mpsc::Sender<Redirected>>>,
}

#[async_trait]
impl Browser for ByLink {
    async fn expect_redirects(
        &self,
        path: &str,
        _port: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        let redirect_uri = format!("org.handrail.client:{path}").parse().unwrap();
        let (sender, incoming) = mpsc::channel(1);
        self.listening.lock().unwrap().push(sender);
        Ok(Redirects { redirect_uri, incoming, guard: Box::new(()) })
    }

    async fn open(&self, _attempt: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        let back = self.world.agree(page);
        self.back
            .send_replace(Some(back.ok_or_else(|| BrowserError(io::Error::other("no page")))?));
        Ok(Opened::Shown)
    }
}

/// A phone, where its sign-in pages send the person, and an invitation to the one place there is.
fn phone(folder: &TempDir) -> (Engine, watch::Receiver<Option<Url>>, String) {
    let clock = HandClock::at(Timestamp::constant(1_800_000_000, 0));
    let world = World::new(&clock, [(HOST.to_owned(), Habits::of(Rotation::Strict))]);
    let vault =
        VaultFolder::open(folder.path(), Zeroizing::new([7; 32]), XChaChaSnapshots).unwrap();
    let (back, returned) = watch::channel(None);
    let ports = Ports {
        http: Arc::new(world.clone()),
        network: Arc::new(world.clone()),
        records: Arc::new(SqliteRecords::in_memory().unwrap()),
        vault: Arc::new(vault),
        browser: Arc::new(ByLink { world: world.clone(), back, listening: Mutex::default() }),
        clock: Arc::new(clock),
        entropy: Arc::new(SeededEntropy::new(1)),
    };
    let invitation = world.invitation(HOST);
    (Engine::new(ports, world.registry(), Policy::RELEASE), returned, invitation)
}

#[tokio::test]
async fn the_way_back_from_a_sign_in_page_finishes_the_sign_in_it_belongs_to_and_no_other() {
    let folder = TempDir::new().unwrap();
    let (engine, mut returned, invitation) = phone(&folder);
    let mut changes = engine.changes();
    let begin = BeginSignIn { text: invitation, role: Role::Patient };
    let attempt = engine.answer(begin).await.unwrap().attempt;
    let back = returned.wait_for(Option::is_some).await.unwrap().clone().unwrap();
    let foreign = back.as_str().replacen("state=", "state=A", 1);

    engine.open_link(&foreign);
    let opened = engine.answer(TakeOpenedLink {}).await.unwrap();
    tokio::task::yield_now().await;
    let still = engine.answer(ShowSignIn { attempt: attempt.clone() }).await.unwrap().stage;
    engine.open_link(back.as_str());
    let ended = loop {
        let shown = engine.answer(ShowSignIn { attempt: attempt.clone() }).await.unwrap();
        match shown.stage {
            Stage::Connected { .. } | Stage::Refused { .. } => break shown.stage,
            _ => changes.changed().await.unwrap(),
        }
    };

    assert_eq!(opened.code, None, "no page is told of it");
    assert!(!matches!(still, Stage::Refused { .. } | Stage::Connected { .. }), "{still:?}");
    assert!(matches!(ended, Stage::Connected { .. }), "{ended:?}");
}

#[tokio::test]
async fn an_invitation_waits_for_the_page_that_asks_and_signs_nobody_in() {
    let folder = TempDir::new().unwrap();
    let (engine, returned, invitation) = phone(&folder);
    engine.open_link("https://an-earlier-one.example.org/fhir");

    engine.open_link(&invitation);
    let opened = engine.answer(TakeOpenedLink {}).await.unwrap().code.unwrap();
    let again = engine.answer(TakeOpenedLink {}).await.unwrap().code;

    assert_eq!(opened.verdict, Grade::Listed);
    assert_eq!(opened.invitation.map(|seen| seen.host), Some(HOST.to_owned()));
    assert_eq!(again, None);
    assert_eq!(*returned.borrow(), None, "a sign-in page was opened");
    assert_eq!(engine.answer(ListConnections {}).await.unwrap().rows, []);
}

#[tokio::test]
async fn a_hostile_link_is_refused_by_name() {
    let folder = TempDir::new().unwrap();
    let (engine, ..) = phone(&folder);

    for (link, reason) in [
        ("javascript:alert(1)", Refusal::OtherApp),
        ("org.handrail.client://open", Refusal::OtherApp),
        ("org.handrail.client://invite?fhirUri=http%3A%2F%2Felm.example.org", Refusal::NotLocked),
        ("https://elm.example.org@evil.example.net/fhir", Refusal::HidesAddress),
    ] {
        engine.open_link(link);
        let code = engine.answer(TakeOpenedLink {}).await.unwrap().code.unwrap();

        assert_eq!((code.verdict, code.reason), (Grade::Refused, Some(reason)), "{link}");
    }
}

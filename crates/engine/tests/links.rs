//! Links that the system opens the app with: an invitation waits for a page, the way back from a sign-in for nobody else.

#![expect(clippy::unwrap_used, reason = "a test whose ground does not hold has failed")]

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
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
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use url::Url;
use zeroize::Zeroizing;

const HOST: &str = "elm.example.org";
const OTHER: &str = "oak.example.org";
/// Far more than anything here takes: what waits longer waits for ever.
const PATIENCE: Duration = Duration::from_secs(30);

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

/// A phone, where its sign-in pages send the person, and the places there are.
fn phone(folder: &TempDir) -> (Engine, watch::Receiver<Option<Url>>, World) {
    let clock = HandClock::at(Timestamp::constant(1_800_000_000, 0));
    let world = World::new(
        &clock,
        [HOST, OTHER].map(|host| (host.to_owned(), Habits::of(Rotation::Strict))),
    );
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
    (Engine::new(ports, world.registry(), Policy::RELEASE), returned, world)
}

/// Begins a sign-in; where its page sends the person.
async fn begin(
    engine: &Engine,
    returned: &mut watch::Receiver<Option<Url>>,
    text: String,
) -> (AttemptId, Url) {
    let question = BeginSignIn { text, role: Role::Patient };
    let attempt = engine.answer(question).await.unwrap().attempt;
    returned.changed().await.unwrap();
    let back = returned.borrow_and_update().clone().unwrap();
    (attempt, back)
}

/// How a sign-in ends.
async fn wait_for_end(engine: &Engine, attempt: &AttemptId) -> Stage {
    let mut changes = engine.changes();
    let ended = async {
        loop {
            let shown = engine.answer(ShowSignIn { attempt: attempt.clone() }).await.unwrap();
            match shown.stage {
                Stage::Connected { .. } | Stage::Refused { .. } => return shown.stage,
                _ => changes.changed().await.unwrap(),
            }
        }
    };
    timeout(PATIENCE, ended).await.expect("the sign-in goes on waiting")
}

#[tokio::test]
async fn the_way_back_from_a_sign_in_page_finishes_the_sign_in_it_belongs_to_and_no_other() {
    let folder = TempDir::new().unwrap();
    let (engine, mut returned, world) = phone(&folder);
    let (attempt, back) = begin(&engine, &mut returned, world.invitation(HOST)).await;
    let foreign = back.as_str().replacen("state=", "state=A", 1);

    engine.open_link(&foreign);
    let opened = engine.answer(TakeOpenedLink {}).await.unwrap();
    tokio::task::yield_now().await;
    let still = engine.answer(ShowSignIn { attempt: attempt.clone() }).await.unwrap().stage;
    engine.open_link(back.as_str());
    let ended = wait_for_end(&engine, &attempt).await;

    assert_eq!(opened.code, None, "no page is told of it");
    assert!(!matches!(still, Stage::Refused { .. } | Stage::Connected { .. }), "{still:?}");
    assert!(matches!(ended, Stage::Connected { .. }), "{ended:?}");
}

#[tokio::test]
async fn two_ways_back_at_once_finish_both_sign_ins_in_whatever_order_they_come() {
    for turned in [false, true] {
        let folder = TempDir::new().unwrap();
        let (engine, mut returned, world) = phone(&folder);
        let mut both = [
            begin(&engine, &mut returned, world.invitation(HOST)).await,
            begin(&engine, &mut returned, world.invitation(OTHER)).await,
        ];
        if turned {
            both.reverse();
        }

        // Nothing waits in between, so that neither sign-in has seen its own.
        both.iter().for_each(|(_, back)| engine.open_link(back.as_str()));
        let ends =
            [wait_for_end(&engine, &both[0].0).await, wait_for_end(&engine, &both[1].0).await];

        for ended in &ends {
            assert!(matches!(ended, Stage::Connected { .. }), "{turned}: {ends:?}");
        }
        assert_eq!(engine.answer(ListConnections {}).await.unwrap().rows.len(), 2);
    }
}

#[tokio::test]
async fn two_sign_ins_at_one_place_make_one_connection() {
    let folder = TempDir::new().unwrap();
    let (engine, mut returned, world) = phone(&folder);
    let both = [
        begin(&engine, &mut returned, world.invitation(HOST)).await,
        begin(&engine, &mut returned, world.invitation(HOST)).await,
    ];

    both.iter().for_each(|(_, back)| engine.open_link(back.as_str()));
    for (attempt, _) in &both {
        let ended = wait_for_end(&engine, attempt).await;
        assert!(matches!(ended, Stage::Connected { .. }), "{ended:?}");
    }

    assert_eq!(engine.answer(ListConnections {}).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn an_invitation_waits_for_the_page_that_asks_and_signs_nobody_in() {
    let folder = TempDir::new().unwrap();
    let (engine, returned, world) = phone(&folder);
    engine.open_link("https://an-earlier-one.example.org/fhir");

    engine.open_link(&world.invitation(HOST));
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

//! The way back from a phone's browser: a link that the system opens the app with, also into a later process.

use std::sync::Arc;

use async_trait::async_trait;
use handrail_contract::{
    code::TakeOpenedLink,
    place::{ListConnections, Role},
    sign_in::{AttemptId, BeginSignIn, ShowSignIn, Stage},
};
use handrail_engine::{
    Answer as _, Engine, Keys, Setup, phone_redirect,
    ports::{Browser, BrowserError, Opened, Redirects},
    vault::StrongholdSnapshots,
};
use handrail_sandbox::{Options, PlaceKind, Sandbox};
use support::{life::live_and_die, person::Person, phone::registry_of};
use tempfile::TempDir;
use tokio::sync::mpsc;
use url::Url;

/// A phone's browser, as the app's shell has it: it shows pages, and nothing comes back by it.
struct PhoneBrowser(mpsc::UnboundedSender<Url>);

#[async_trait]
impl Browser for PhoneBrowser {
    async fn expect_redirects(
        &self,
        path: &str,
        _: Option<u16>,
    ) -> Result<Redirects, BrowserError> {
        let redirect_uri = phone_redirect("org.handrail.client", path).unwrap();
        let (sender, incoming) = mpsc::channel(1);
        Ok(Redirects { redirect_uri, incoming, guard: Box::new(sender) })
    }

    async fn open(&self, _: &AttemptId, page: &Url) -> Result<Opened, BrowserError> {
        self.0.send(page.clone()).unwrap();
        Ok(Opened::Shown)
    }
}

/// What one process of the app over the folder starts with, and the pages that it shows.
fn prepare(
    sandbox: &Sandbox,
    folder: &TempDir,
) -> (Setup<StrongholdSnapshots>, mpsc::UnboundedReceiver<Url>) {
    let (sender, pages) = mpsc::unbounded_channel();
    let setup = Setup {
        data: folder.path().join("data"),
        keys: Keys::File,
        registry: registry_of(sandbox),
        browser: Arc::new(PhoneBrowser(sender)),
        snapshots: StrongholdSnapshots::new(),
    };
    (setup, pages)
}

fn start(sandbox: &Sandbox, folder: &TempDir) -> (Engine, mpsc::UnboundedReceiver<Url>) {
    let (setup, pages) = prepare(sandbox, folder);
    (handrail_engine::open(setup).unwrap(), pages)
}

/// A process begins a sign-in and dies with its browser open; the sign-in, and where the page sends the person.
async fn begin_and_die(sandbox: &Sandbox, folder: &TempDir, role: Role) -> (AttemptId, String) {
    // It takes any redirect address of an app that introduces itself; the others know this app on a desktop only.
    let invitation = sandbox.place(PlaceKind::Cbo).invitation();
    let (setup, mut pages) = prepare(sandbox, folder);
    let (attempt, page) = live_and_die(async move {
        let engine = handrail_engine::open(setup).unwrap();
        let question = BeginSignIn { text: invitation, role };
        let attempt = engine.answer(question).await.unwrap().attempt;
        (attempt, pages.recv().await.unwrap())
    })
    .await;
    let person = match role {
        Role::Patient => Person::rosa(),
        Role::Organization => Person::named("priya", "handrail"),
    };
    let landing = person.walk_to_redirect(&page).await.unwrap();
    (attempt, landing.uri.into())
}

async fn wait_until_connected(engine: &Engine, attempt: &AttemptId) {
    let mut changes = engine.changes();
    loop {
        match engine.answer(ShowSignIn { attempt: attempt.clone() }).await.unwrap().stage {
            Stage::Connected { .. } => return,
            Stage::Refused { reason, .. } => panic!("{reason:?}"),
            _ => changes.changed().await.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_starts_the_app_and_finishes_what_an_earlier_process_began() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (attempt, back) = begin_and_die(&sandbox, &folder, Role::Patient).await;

    let (engine, _pages) = start(&sandbox, &folder);
    // As a cold start has it: the link is there before anything waits for it.
    engine.open_link(&back);
    engine.resume_sign_ins().await;
    wait_until_connected(&engine, &attempt).await;

    let shown = engine.answer(TakeOpenedLink {}).await.unwrap();
    assert_eq!(shown.code, None, "no page is told of the way back");
    assert_eq!(engine.answer(ListConnections {}).await.unwrap().rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_that_comes_again_and_again_is_used_once() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (attempt, back) = begin_and_die(&sandbox, &folder, Role::Patient).await;
    let place = sandbox.place(PlaceKind::Cbo).control();

    let (engine, _pages) = start(&sandbox, &folder);
    engine.resume_sign_ins().await;
    // An activity that Android makes anew is opened with the same link.
    engine.open_link(&back);
    engine.open_link(&back);
    wait_until_connected(&engine, &attempt).await;
    engine.open_link(&back);
    let later = start(&sandbox, &folder).0;
    later.open_link(&back);
    later.resume_sign_ins().await;
    later.check(handrail_engine::Which::All).await.unwrap();

    assert_eq!(place.count_token_requests(), 1, "one code, one exchange");
    assert_eq!(place.count_live_grants(), 1);
    assert_eq!(later.answer(ListConnections {}).await.unwrap().rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_ways_back_that_start_the_app_finish_both_sign_ins_of_an_earlier_process() {
    let sandbox = Sandbox::start(Options::anywhere()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    // The same place, in both roles: the two differ in nothing but what the app made up for each.
    let (first, back) = begin_and_die(&sandbox, &folder, Role::Patient).await;
    let (second, other) = begin_and_die(&sandbox, &folder, Role::Organization).await;

    let (engine, _pages) = start(&sandbox, &folder);
    engine.open_link(&other);
    engine.open_link(&back);
    engine.resume_sign_ins().await;
    wait_until_connected(&engine, &first).await;
    wait_until_connected(&engine, &second).await;

    assert_eq!(engine.answer(ListConnections {}).await.unwrap().rows.len(), 2);
}

//! An honest place, the attacker, the app between them, and the person's browser.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use handrail_contract::{
    Problem,
    place::{ListConnections, Role},
    problem::Refusal,
    sign_in::{AttemptId, BeginSignIn, CancelSignIn, ShowSignIn, Stage},
};
use handrail_core::{authorize::redirect_path, fhir::FhirBase};
use handrail_engine::{
    Answer as _, Engine, Keys, POLICY, Registry, Setup,
    browser::{DesktopBrowser, Opener},
    ports::Opened,
    vault::StrongholdSnapshots,
};
use handrail_sandbox::{Checks, Options, Place, PlaceKind, Sandbox};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::person::Person;
use tempfile::TempDir;
use tokio::sync::mpsc;
use url::{Url, form_urlencoded};

use super::attacker::Attacker;

/// What the honest server looks at, besides PKCE and its client's redirect address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honest {
    IssAndAud,
    AudOnly,
    Neither,
}

impl Honest {
    pub const ALL: [Self; 3] = [Self::IssAndAud, Self::AudOnly, Self::Neither];

    pub fn name(self) -> &'static str {
        match self {
            Self::IssAndAud => "iss + aud",
            Self::AudOnly => "aud only",
            Self::Neither => "neither",
        }
    }
}

/// How an attack ended for the person whom it was aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The app ended the sign-in, and said why.
    Refused(Refusal),
    /// The app threw the redirect away and went on waiting.
    Ignored,
    /// The honest server does not know the redirect address.
    HonestServerRefused,
    /// There is a connection.
    Connected,
}

impl End {
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused(reason) => reason.code(),
            Self::Ignored => "ignored",
            Self::HonestServerRefused => "redirect unknown",
            Self::Connected => "connected",
        }
    }
}

/// One run's world.
pub struct World {
    pub attacker: Attacker,
    pub engine: Engine,
    sandbox: Sandbox,
    pages: mpsc::UnboundedReceiver<Url>,
    _folder: TempDir,
}

impl World {
    /// `rows` are the partners that the app knows.
    pub async fn make(honest: Honest, rows: impl FnOnce(&Place, &Attacker) -> Vec<Value>) -> Self {
        let sandbox = Sandbox::start(Options::anywhere()).await.expect("loopback has free ports");
        let attacker = Attacker::serve().await;
        let place = sandbox.place(PlaceKind::Provider);
        let base = FhirBase::try_from(place.fhir_base.to_string()).expect("the sandbox's base");
        place.control().set_checks(Checks {
            iss: honest == Honest::IssAndAud,
            aud: honest != Honest::Neither,
            redirect_path: Some(redirect_path(&base)),
        });
        let rows = json!({ "version": 1, "rows": rows(place, &attacker) }).to_string();
        let registry =
            Registry::parse(rows.as_bytes(), POLICY).expect("rows as the app reads them");
        let (sender, pages) = mpsc::unbounded_channel();
        let browser = DesktopBrowser::new(Opener::Shell(Box::new(move |_, page| {
            sender.send(page.clone()).map_err(std::io::Error::other)?;
            Ok(Opened::Shown)
        })));
        let folder = tempfile::tempdir().expect("a folder to keep things in");
        let engine = handrail_engine::open(Setup {
            data: folder.path().join("data"),
            keys: Keys::File,
            registry,
            browser: Arc::new(browser),
            snapshots: StrongholdSnapshots::new(),
        })
        .expect("an engine over its own folder");
        Self { attacker, engine, sandbox, pages, _folder: folder }
    }

    pub fn honest(&self) -> &Place {
        self.sandbox.place(PlaceKind::Provider)
    }

    /// The path of the redirect address that the honest server knows.
    pub fn honest_path(&self) -> String {
        let base = FhirBase::try_from(self.honest().fhir_base.to_string());
        redirect_path(&base.expect("the sandbox's base"))
    }

    /// An invitation that names its client id, as a place would that no list has.
    pub fn invitation(&self, base: &str) -> String {
        let pairs = form_urlencoded::Serializer::new(String::new())
            .append_pair("fhirUri", base)
            .append_pair("clientId", "handrail")
            .finish();
        let mut link = Url::parse(base).expect("a base is an address");
        link.set_path("/invite");
        link.set_query(Some(&pairs));
        link.to_string()
    }

    /// The person confirms a place. The page that the app opens, or how it ended before.
    pub async fn begin(&mut self, base: &str) -> Result<(AttemptId, Url), End> {
        let question = BeginSignIn { text: self.invitation(base), role: Role::Patient };
        let begun = match self.engine.answer(question).await {
            Ok(begun) => begun.attempt,
            Err(Problem::Refused { reason }) => return Err(End::Refused(reason)),
            Err(other) => panic!("the app itself failed: {other}"),
        };
        let over = wait_for_end(&self.engine, &begun);
        tokio::select! {
            Some(page) = self.pages.recv() => Ok((begun, page)),
            end = over => Err(end),
        }
    }

    /// The sign-in's end, once the browser did what it did.
    pub async fn end_of(&self, attempt: &AttemptId) -> End {
        wait_for_end(&self.engine, attempt).await
    }

    /// The person gives up; how the sign-in stood is `stood`.
    pub async fn give_up(&self, attempt: &AttemptId, stood: End) -> End {
        let cancel = CancelSignIn { attempt: attempt.clone() };
        let _ = self.engine.answer(cancel).await;
        match wait_for_end(&self.engine, attempt).await {
            End::Refused(Refusal::Cancelled) => stood,
            other => other,
        }
    }

    pub async fn count_connections(&self) -> usize {
        self.engine.answer(ListConnections {}).await.map_or(0, |list| list.rows.len())
    }

    /// A sign-in page of the attacker's own making at the honest server: its challenge, its state, that redirect address.
    pub fn forge_page(&self, redirect_uri: &str) -> Url {
        let verifier = "attackers-own-verifier-attackers-own-verifier";
        let mut page = self.honest().issuer.clone();
        page.path_segments_mut().expect("an http address").push("authorize");
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", "handrail")
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("scope", "launch/patient patient/Task.rs")
            .append_pair("state", "attackers-own-state")
            .append_pair("aud", self.honest().fhir_base.as_str())
            .append_pair(
                "code_challenge",
                &URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())),
            )
            .append_pair("code_challenge_method", "S256");
        page
    }

    /// A code that the honest server gave to somebody else.
    pub async fn steal_code(&self, redirect_uri: &str) -> String {
        let page = self.forge_page(redirect_uri);
        let landed = Person::colin().walk_to_redirect(&page).await.expect("the page lets Colin in");
        parameter(&landed.uri, "code").expect("a code")
    }
}

async fn wait_for_end(engine: &Engine, attempt: &AttemptId) -> End {
    let mut changes = engine.changes();
    loop {
        match engine.answer(ShowSignIn { attempt: attempt.clone() }).await {
            Ok(shown) => match shown.stage {
                Stage::Connected { .. } => return End::Connected,
                Stage::Refused { reason, .. } => return End::Refused(reason),
                _ => {}
            },
            Err(problem) => panic!("the app forgot a sign-in: {problem}"),
        }
        changes.changed().await.expect("the engine lives");
    }
}

pub fn parameter(url: &Url, wanted: &str) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
}

/// The address with one parameter set to this, or taken out.
pub fn with_parameter(url: &Url, name: &str, value: Option<&str>) -> Url {
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(one, _)| one != name).collect();
    let mut changed = url.clone();
    changed.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(value.map(|it| (name, it)));
    changed
}

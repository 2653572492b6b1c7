//! A place that we did not write: npm `oidc-provider` in front of PyPI `sekmet-fhir`, and a thin gateway of ours between them.
//!
//! In: resources to hold, and people who may sign in. Out: one FHIR base to connect to.
//! Never: a fixed port, an address beyond loopback, or a process that outlives the test.

mod gateway;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use self::gateway::{Gateway, Setup};
use crate::{
    child::Child,
    programs::{repository, tools},
};

/// How the foreign place is to be started.
pub struct Plan {
    /// The user names that may sign in, and whose records each one sees.
    pub people: BTreeMap<String, String>,
    /// How long an access token lives.
    pub access_token_lasts: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            people: BTreeMap::from([("colin".to_owned(), "pat-53234".to_owned())]),
            access_token_lasts: Duration::from_secs(3600),
        }
    }
}

/// The running place. Dropping it ends everything it started.
pub struct Foreign {
    gateway: Gateway,
    fhir_behind: Url,
    http: reqwest::Client,
    _authorization_server: Child,
    _fhir_server: Child,
    _folder: TempDir,
}

impl Foreign {
    /// Starts the place, empty.
    pub async fn start(plan: Plan) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the FHIR server");
        let setup = Setup::draw().await;
        let base = setup.fhir_base();
        let ((fhir_server, fhir_behind), (authorization_server, issuer)) = tokio::join!(
            start_fhir_server(folder.path(), &base),
            start_authorization_server(&plan, &setup)
        );

        Self {
            gateway: setup.open(fhir_behind.clone(), issuer),
            fhir_behind,
            http: reqwest::Client::new(),
            _authorization_server: authorization_server,
            _fhir_server: fhir_server,
            _folder: folder,
        }
    }

    /// Starts the place and gives it the guide's examples.
    pub async fn start_with_the_guide(plan: Plan) -> Self {
        let place = Self::start(plan).await;
        place.hold(read_guide_examples()).await;
        place
    }

    /// The base that an invitation to this place carries.
    pub fn fhir_base(&self) -> Url {
        self.gateway.fhir_base()
    }

    /// Every request that reached the FHIR base so far: the method and the path with its query.
    pub fn requests(&self) -> Vec<String> {
        self.gateway.requests()
    }

    /// Stores resources under their own ids, past the gateway.
    pub async fn hold(&self, resources: Vec<Value>) {
        let entries: Vec<Value> = resources
            .into_iter()
            .map(|resource| {
                let url = format!("{}/{}", text(&resource, "resourceType"), text(&resource, "id"));
                json!({ "resource": resource, "request": { "method": "PUT", "url": url } })
            })
            .collect();
        let bundle = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });

        let answer: Value = self
            .http
            .post(self.fhir_behind.clone())
            .header("content-type", "application/fhir+json")
            .body(bundle.to_string())
            .send()
            .await
            .expect("the FHIR server answers a batch")
            .json()
            .await
            .expect("the answer to a batch is JSON");
        for entry in answer["entry"].as_array().expect("a batch response has entries") {
            let status = entry["response"]["status"].as_str().unwrap_or_default();
            assert!(status.starts_with("20"), "the FHIR server refused an example: {entry}");
        }
    }

    /// Reads what the FHIR server holds, past the gateway, such as `Task?patient=pat-53234`.
    pub async fn read(&self, query: &str) -> Value {
        self.http
            .get(format!("{}/{query}", self.fhir_behind))
            .send()
            .await
            .expect("the FHIR server answers")
            .json()
            .await
            .expect("the FHIR server answers with JSON")
    }
}

/// The guide's examples, as the sandbox holds them too.
pub fn read_guide_examples() -> Vec<Value> {
    let folder = repository().join("crates/sandbox/data/guide");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap_or_else(|why| panic!("the guide's examples in {}: {why}", folder.display()))
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();

    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).expect("a readable example");
            serde_json::from_str(&text).expect("an example is JSON")
        })
        .collect()
}

async fn start_fhir_server(folder: &Path, public_base: &Url) -> (Child, Url) {
    let settings = folder.join("settings.yaml");
    // JSON is YAML. The public base decides the `next` links; port 0 lets the system choose.
    let text = json!({
        "base_url": public_base.as_str(),
        "port": 0,
        "data_dir": folder.join("data"),
        "simulator": { "enabled": false },
        "log_inbound": false,
        "validation": { "inbound": "warn" },
    });
    std::fs::create_dir_all(folder.join("data")).expect("a folder for the FHIR server's data");
    std::fs::write(&settings, text.to_string()).expect("the FHIR server's settings");

    let python = tools().join("sekmet/bin/python");
    assert!(python.exists(), "{} is missing: `cargo xtask test` puts it there", python.display());
    let mut command = tokio::process::Command::new(python);
    command.arg(here().join("fhir_server.py")).arg(settings).current_dir(folder);
    let (child, address) = Child::start_until(command, |line| {
        let (_, rest) = line.split_once("Uvicorn running on ")?;
        rest.split_whitespace().next().map(str::to_owned)
    })
    .await;
    (child, Url::parse(&format!("{address}/fhir")).expect("uvicorn names its address"))
}

async fn start_authorization_server(plan: &Plan, setup: &Setup) -> (Child, Url) {
    let home = tools().join("oidc");
    let package = home.join("node_modules/oidc-provider");
    assert!(package.exists(), "{} is missing: `cargo xtask test` puts it there", package.display());
    let wishes = json!({
        "gateway": setup.client_id(),
        "secret": setup.secret(),
        "audience": setup.fhir_base().as_str(),
        "people": plan.people,
        "accessTokenSeconds": plan.access_token_lasts.as_secs(),
    });

    let mut command = tokio::process::Command::new("node");
    command
        .arg(here().join("authorization_server.mjs"))
        .env("OIDC_HOME", home)
        .env("OIDC_SETUP", wishes.to_string());
    let (child, issuer) = Child::start_until(command, |line| {
        let line: Value = serde_json::from_str(line).ok()?;
        line["issuer"].as_str().map(str::to_owned)
    })
    .await;
    (child, Url::parse(&issuer).expect("the issuer is an address"))
}

fn text<'a>(resource: &'a Value, name: &str) -> &'a str {
    resource[name].as_str().unwrap_or_else(|| panic!("a resource without {name}"))
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("support/foreign")
}

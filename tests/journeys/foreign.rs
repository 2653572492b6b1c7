//! A place that we did not write is connected like any other.
//!
//! First what the place itself does, so that a failure below is told from a fault of the place; then the app against it.

#![expect(clippy::unwrap_used, reason = "a step of a journey that fails ends it")]

#[path = "foreign/acting.rs"]
mod acting;

use std::{path::Path, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use handrail_contract::{
    goal::ListGoals,
    place::{Disconnect, Outcome, Revoked},
    problem::Refusal,
    referral::ListReferrals,
    sign_in::Stage,
    todo::{ListTodos, TodoState},
};
use handrail_engine::{Answer as _, Policy, Registry, Which};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use support::{
    child::Child,
    foreign::{Foreign, Plan},
    person::Person,
    phone::{Mood, Phone},
    programs::find_program,
};
use tokio::process::Command;
use url::Url;

const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-long";
const REDIRECT: &str = "http://127.0.0.1/callback/one";

/// What the place says about itself, and who we are there.
struct Introduced {
    http: Client,
    base: Url,
    smart: Value,
    client_id: String,
}

impl Introduced {
    async fn at(place: &Foreign) -> Self {
        let (http, base) = (Client::new(), place.fhir_base());
        let smart: Value = http
            .get(format!("{base}/.well-known/smart-configuration"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let wishes = json!({
            "client_name": "Handrail",
            "application_type": "native",
            "redirect_uris": [REDIRECT],
            "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token"],
        });
        let endpoint = smart["registration_endpoint"].as_str().unwrap();
        let answer = http.post(endpoint).json(&wishes).send().await.unwrap();
        let registered: Value = answer.json().await.unwrap();
        let client_id = registered["client_id"].as_str().unwrap().to_owned();
        Self { http, base, smart, client_id }
    }

    fn sign_in(&self, scope: &str, aud: &str) -> Url {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let parameters = [
            ("response_type", "code"),
            ("client_id", &self.client_id),
            ("redirect_uri", REDIRECT),
            ("scope", scope),
            ("state", "a-state"),
            ("aud", aud),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let endpoint = self.smart["authorization_endpoint"].as_str().unwrap();
        Url::parse_with_params(endpoint, parameters).unwrap()
    }

    async fn ask_for_tokens(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let endpoint = self.smart["token_endpoint"].as_str().unwrap();
        let mut form = form.to_vec();
        form.push(("client_id", &self.client_id));
        let answer = self.http.post(endpoint).form(&form).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    async fn exchange(&self, code: &str) -> (StatusCode, Value) {
        self.ask_for_tokens(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    async fn ask(&self, query: &str, token: &str) -> (StatusCode, Value) {
        let url = format!("{}/{query}", self.base);
        let answer = self.http.get(url).bearer_auth(token).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }
}

fn named(uri: &Url, name: &str) -> Option<String> {
    uri.query_pairs().find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn the_foreign_place_signs_a_person_in_and_gives_only_what_was_granted() {
    let place = Foreign::start_with_the_guide(Plan::default()).await;
    let us = Introduced::at(&place).await;
    let scope = "launch/patient offline_access patient/Task.rs";

    let landing =
        Person::colin().walk_to_redirect(&us.sign_in(scope, us.base.as_str())).await.unwrap();
    let (status, tokens) = us.exchange(&named(&landing.uri, "code").unwrap()).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    let (read, todos) = us.ask("Task?patient=pat-53234&_count=3", access_token).await;
    let (not_granted, _) = us.ask("Goal?patient=pat-53234", access_token).await;
    let (no_token, _) = us.ask("Task?patient=pat-53234", "made-up").await;

    assert_eq!(named(&landing.uri, "state").as_deref(), Some("a-state"));
    assert_eq!(named(&landing.uri, "iss").as_deref(), us.smart["issuer"].as_str());
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tokens["patient"], "pat-53234");
    assert_eq!(read, StatusCode::OK);
    assert_eq!(todos["entry"].as_array().unwrap().len(), 3);
    let next = todos["link"].as_array().unwrap().iter().find(|it| it["relation"] == "next");
    assert!(next.unwrap()["url"].as_str().unwrap().starts_with(us.base.as_str()));
    assert_eq!(not_granted, StatusCode::FORBIDDEN);
    assert_eq!(no_token, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_foreign_place_ends_the_whole_grant_when_an_old_refresh_token_comes_back() {
    let place = Foreign::start(Plan::default()).await;
    let us = Introduced::at(&place).await;
    let sign_in = us.sign_in("offline_access patient/Task.rs", us.base.as_str());
    let landing = Person::colin().walk_to_redirect(&sign_in).await.unwrap();
    let (_, first) = us.exchange(&named(&landing.uri, "code").unwrap()).await;
    let refresh = async |tokens: &Value| {
        let token = tokens["refresh_token"].as_str().unwrap().to_owned();
        us.ask_for_tokens(&[("grant_type", "refresh_token"), ("refresh_token", &token)]).await
    };

    let (renewed, second) = refresh(&first).await;
    let (replayed, why) = refresh(&first).await;
    let (after, _) = refresh(&second).await;

    assert_eq!(renewed, StatusCode::OK);
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!((replayed, &why["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    assert_eq!(after, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_foreign_place_refuses_a_sign_in_that_is_meant_for_another_server() {
    let place = Foreign::start(Plan::default()).await;
    let us = Introduced::at(&place).await;

    let landing = Person::colin()
        .walk_to_redirect(&us.sign_in("patient/Task.rs", "http://127.0.0.1:1/fhir"))
        .await
        .unwrap();

    assert_eq!(named(&landing.uri, "error").as_deref(), Some("invalid_request"));
    assert_eq!(named(&landing.uri, "code"), None);
}

#[tokio::test]
async fn a_person_may_say_no_at_the_foreign_place() {
    let place = Foreign::start(Plan::default()).await;
    let us = Introduced::at(&place).await;
    let app = axum::Router::new().route("/callback/one", axum::routing::get(|| async { "back" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, app).await });
    let sign_in = us.sign_in("patient/Task.rs", us.base.as_str());
    // A native app's redirect URI may come with any port (RFC 8252 section 7.3).
    let here = format!("127.0.0.1%3A{port}%2Fcallback");
    let sign_in = sign_in.as_str().replace("127.0.0.1%2Fcallback", &here);

    let landing = Person::colin().decline(&sign_in.parse().unwrap()).await.unwrap();

    assert_eq!(landing.uri.port(), Some(port));
    assert_eq!(named(&landing.uri, "error").as_deref(), Some("access_denied"));
}

/// A phone that knows no partner, so that the place is new to it.
fn new_phone() -> Phone {
    let none = json!({ "version": 1, "rows": [] }).to_string();
    Phone::with_registry(Registry::parse(none.as_bytes(), Policy::DEVELOPER).unwrap())
}

/// The guide's patient, under the name that the phone's person signs in with.
fn known_as_rosa() -> Plan {
    Plan { people: [("rosa".to_owned(), "pat-53234".to_owned())].into(), ..Plan::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_introduces_itself_signs_in_and_shows_what_the_foreign_place_holds() {
    let place = Foreign::start_with_the_guide(known_as_rosa()).await;
    // SEKMET holds goals and gives everybody's away, yet does not say that it has any: they are left alone.
    let goal_of_stranger = json!({
        "resourceType": "Goal", "id": "goal-of-stranger", "lifecycleStatus": "active",
        "description": { "text": "A goal of somebody else" },
        "subject": { "reference": "Patient/stranger" },
    });
    place.hold(vec![goal_of_stranger]).await;
    let phone = new_phone();

    let ended = phone.connect(place.fhir_base().as_str()).await.unwrap();
    let Stage::Connected { found, .. } = ended.stage else { panic!("{:?}", ended.stage) };
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();
    let goals = phone.engine.answer(ListGoals::default()).await.unwrap();
    let referrals = phone.engine.answer(ListReferrals::default()).await.unwrap();

    let held = place.read("Task?patient=pat-53234&_count=100").await;
    let to_patient = held["entry"].as_array().unwrap().iter().filter(|entry| {
        let owner = &entry["resource"]["owner"]["reference"];
        owner == "Patient/pat-53234"
    });
    assert_eq!(todos.done.len(), to_patient.count());
    assert_eq!(found.counts.todos as usize, todos.done.len());
    assert!(todos.done.iter().all(|row| row.state == TodoState::Done));
    let held = place.read("ServiceRequest?patient=pat-53234&_count=100").await;
    let shown = referrals.needs_push.len() + referrals.moving.len() + referrals.finished.len();
    assert_eq!(shown, held["entry"].as_array().unwrap().len());
    assert_eq!(found.counts.referrals as usize, shown);
    assert!(goals.open.is_empty() && goals.reached.is_empty() && goals.ended.is_empty());
    assert_eq!(goals.notes[0].heading.key, "no-goals-heading");
    let asked = place.requests();
    assert!(asked.iter().all(|request| !request.contains("access_token")), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_keeps_its_sign_in_at_a_place_that_rotates_strictly_and_sees_changes() {
    let plan = Plan { access_token_lasts: Duration::from_secs(1), ..known_as_rosa() };
    let place = Foreign::start_with_the_guide(plan).await;
    let phone = new_phone();
    let ended = phone.connect(place.fhir_base().as_str()).await.unwrap();
    assert!(matches!(ended.stage, Stage::Connected { .. }), "{:?}", ended.stage);
    let task = "Task/SDOHCC-TaskPatientRiskQuestionnaireCompletedExample";
    let mut changed = place.read(task).await;
    changed["status"] = json!("in-progress");
    place.hold(vec![changed]).await;

    // Two processes at once: a second use of one refresh token would end the whole grant here.
    let twin = phone.open_twin();
    let (one, two) = tokio::join!(phone.engine.check(Which::All), twin.check(Which::All));
    drop(twin);
    let phone = phone.restart();
    let after = phone.engine.check(Which::All).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    for checked in [one.unwrap(), two.unwrap(), after] {
        let outcome = checked.sources[0].outcome;
        assert!(matches!(outcome, Outcome::Ok | Outcome::Partial), "{checked:?}");
    }
    assert_eq!(todos.your_turn.len(), 1, "{todos:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_place_with_many_pages_is_read_to_its_end() {
    let place = Foreign::start_with_the_guide(known_as_rosa()).await;
    let model = place.read("Task/SDOHCC-TaskPatientMakeAppointmentCompletedExample").await;
    let many = (0..250).map(|number| {
        let mut task = model.clone();
        task["id"] = json!(format!("many-{number}"));
        task
    });
    place.hold(many.collect()).await;
    let before = new_phone();

    let ended = before.connect(place.fhir_base().as_str()).await.unwrap();
    let todos = before.engine.answer(ListTodos::default()).await.unwrap();

    assert!(matches!(ended.stage, Stage::Connected { .. }), "{:?}", ended.stage);
    assert_eq!(todos.done.len(), 253);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_says_no_at_the_foreign_place_leaves_nothing_behind() {
    let place = Foreign::start(known_as_rosa()).await;
    let phone = new_phone();
    phone.set_mood(Mood::SaysNo);

    let ended = phone.connect(place.fhir_base().as_str()).await.unwrap();

    assert!(
        matches!(ended.stage, Stage::Refused { reason: Refusal::Declined, .. }),
        "{:?}",
        ended.stage
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnect_ends_our_access_at_the_foreign_place() {
    let place = Foreign::start_with_the_guide(known_as_rosa()).await;
    let phone = new_phone();
    let ended = phone.connect(place.fhir_base().as_str()).await.unwrap();
    let Stage::Connected { source, .. } = ended.stage else { panic!("{:?}", ended.stage) };

    let receipt = phone.engine.answer(Disconnect { source, erase: true }).await.unwrap();
    let todos = phone.engine.answer(ListTodos::default()).await.unwrap();

    assert_eq!((receipt.revoked, receipt.erased), (Revoked::Confirmed, true));
    assert!(todos.done.is_empty() && todos.your_turn.is_empty());
}

/// The headless shell over this folder, printing JSON.
fn handrail(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(find_program("handrail"));
    command.env("HANDRAIL_KEYS", "file");
    command.arg("--data").arg(data).arg("--json").args(arguments);
    command
}

async fn print(data: &Path, arguments: &[&str]) -> Value {
    let output = handrail(data, arguments).output().await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headless_shell_connects_the_foreign_place_and_prints_what_it_holds() {
    let place = Foreign::start_with_the_guide(Plan::default()).await;
    let data = tempfile::tempdir().unwrap();
    let base = place.fhir_base();
    let command = handrail(data.path(), &["connect", base.as_str(), "--accept", "--no-browser"]);

    let (mut connect, page) = Child::start_until(command, |line| {
        let said: Value = serde_json::from_str(line).ok()?;
        (said["event"] == "sign_in").then(|| said["url"].as_str().map(str::to_owned))?
    })
    .await;
    Person::colin().sign_in(&page.parse().unwrap()).await.unwrap();
    let connected =
        connect.wait_for(|line| line.contains("connected").then(|| line.to_owned())).await;
    let connected: Value = serde_json::from_str(&connected).unwrap();
    let refreshed = print(data.path(), &["refresh"]).await;
    let tasks = print(data.path(), &["tasks"]).await;

    let held = place.read("Task?patient=pat-53234&owner=Patient/pat-53234&_count=100").await;
    let held = held["entry"].as_array().unwrap().len();
    assert_eq!(connected["counts"]["todos"], held);
    assert_eq!(refreshed["source"], connected["source"]);
    assert_eq!(tasks["done"].as_array().unwrap().len(), held);
    assert_eq!(tasks["done"][0]["place"]["source"], connected["source"]);
}

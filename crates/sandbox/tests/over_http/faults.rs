//! Faults on request, and what the sandbox tells about itself.

use std::time::{Duration, Instant};

use handrail_sandbox::{At, Fault, Options, PlaceKind, Rule, Sandbox, SeenRequest};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::*;

fn task() -> At {
    At::Type("Task".into())
}

#[tokio::test]
async fn a_hang_up_is_no_answer_and_strikes_only_where_it_should() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    app.place.control().add_fault(Rule::always(task(), Fault::HangUp));

    let struck = app.request(Method::GET, "/Task").send().await;
    let spared = app.get("/Goal").await.0;
    app.place.control().clear_faults();
    let after = app.get("/Task").await.0;

    assert!(struck.is_err());
    assert_eq!((spared, after), (StatusCode::OK, StatusCode::OK));
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_in_its_body() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    app.place.control().add_fault(Rule::once(task(), Fault::Truncate));

    let answer = app.request(Method::GET, "/Task").send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.bytes().await.is_err());
    assert_eq!(app.get("/Task").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_lost_answer_was_acted_upon() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Platform).await;
    app.place.control().add_fault(Rule::once(At::Token, Fault::LoseAnswer));
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", app.refresh_token()),
        ("client_id", "handrail"),
    ];
    let address = format!("{}/token", app.place.issuer);

    let lost = client().post(address).form(&fields).send().await;
    let again = refresh(&app.place, "handrail", app.refresh_token()).await;

    assert!(lost.is_err());
    assert_eq!(again.status(), StatusCode::BAD_REQUEST);
    assert_eq!(app.place.control().count_reuse_events(), 1);
}

#[tokio::test]
async fn statuses_and_waits_come_as_asked_for() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let control = app.place.control();

    control.set_faults(vec![
        Rule::once(task(), Fault::Status { status: 503 }),
        Rule::once(task(), Fault::TooMany { retry_after: Some("7".into()) }),
        Rule::once(task(), Fault::WebPage),
        Rule::once(task(), Fault::Slow { millis: 150 }),
    ]);
    let away = app.request(Method::GET, "/Task").send().await.unwrap();
    let busy = app.request(Method::GET, "/Task").send().await.unwrap();
    let portal = app.request(Method::GET, "/Task").send().await.unwrap();
    let started = Instant::now();
    let slow = app.request(Method::GET, "/Task").send().await.unwrap();

    assert_eq!(away.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(busy.headers()["retry-after"], "7");
    assert!(portal.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(slow.status(), StatusCode::OK);
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn a_fault_of_a_type_strikes_inside_a_batch() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    app.place.control().add_fault(Rule::always(task(), Fault::Status { status: 500 }));
    let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        {"request": {"method": "GET", "url": "Task"}}, {"request": {"method": "GET", "url": "Goal"}}]});

    let (_, answer) = app.post("", &batch).await;

    assert_eq!(answer["entry"][0]["response"]["status"], "500");
    assert_eq!(answer["entry"][1]["response"]["status"], "200");
}

#[tokio::test]
async fn what_only_a_hostile_server_sends_is_as_hostile_as_it_says() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let control = app.place.control();
    let read = async |fault: Fault| {
        control.set_faults(vec![Rule::once(task(), fault)]);
        app.request(Method::GET, "/Task").send().await
    };

    let bomb = read(Fault::GzipBomb).await.unwrap().bytes().await.unwrap();
    let crowd = read(Fault::ManyValues).await.unwrap().bytes().await.unwrap();
    let deep = read(Fault::DeepJson).await.unwrap().bytes().await.unwrap();
    let short = read(Fault::WrongLength).await.unwrap().bytes().await.unwrap();
    let headers = read(Fault::ManyHeaders).await;
    let mut endless = read(Fault::Endless).await.unwrap().bytes_stream();
    let mut came = 0;
    while came < 20 * 1024 * 1024 {
        came += futures::StreamExt::next(&mut endless).await.unwrap().unwrap().len();
    }

    assert_eq!(bomb.len(), 16 * 1024 * 1024);
    assert!(crowd.len() < 8 * 1024 * 1024 && serde_json::from_slice::<Value>(&crowd).is_ok());
    assert!(deep.ends_with(b"[[[["));
    assert!(!short.is_empty() && serde_json::from_slice::<Value>(&short).is_err());
    assert!(headers.is_err(), "no client takes so many");
}

#[tokio::test]
async fn hostile_lists_are_well_formed_and_say_what_is_not_so() {
    let sandbox = Sandbox::start(Options { largest_page: 4, ..Options::anywhere() }).await.unwrap();
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let control = app.place.control();
    let read = async |fault: Fault, path: &str| {
        control.set_faults(vec![Rule::always(At::Fhir, fault)]);
        app.get(path).await.1
    };
    let next = |bundle: &Value| {
        let links = bundle["link"].as_array().unwrap();
        links.iter().find(|link| link["relation"] == "next").unwrap()["url"].clone()
    };

    let round = read(Fault::NextRound, "/Task").await;
    let led = read(Fault::NextAt { to: "http://trap/fhir".into() }, "/Task").await;
    let refers = read(Fault::ReferTo { to: "http://trap/fhir/".into() }, "/Task").await;
    let strangers = read(Fault::Strangers, "/Task").await;
    let in_part = read(Fault::InPart, "/Task").await;
    control.set_faults(vec![Rule::always(At::NextPage, Fault::Status { status: 500 })]);
    let first = app.get("/Task").await;
    let second = app.get(next(&first.1).as_str().unwrap()).await.0;

    assert_eq!(next(&round), "/fhir/Task");
    assert_eq!(next(&led), "http://trap/fhir");
    assert!(refers.to_string().contains("http://trap/fhir/ServiceRequest/planted"));
    assert!(strangers.to_string().contains("Patient/somebody-else"));
    assert_eq!(in_part["entry"][2]["resource"]["resourceType"], "OperationOutcome");
    assert_eq!((first.0, second), (StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR));
}

#[tokio::test]
async fn the_levers_work_over_http_too() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let control = |path: &str| format!("{}control/{path}", app.place.origin);
    let rules = json!({"faults": [{"at": "Goal", "fault": "status", "status": 500, "times": 1}]});

    let set = client().post(control("faults")).json(&rules).send().await.unwrap();
    let struck = app.get("/Goal").await.0;
    let ended = client()
        .post(control("tokens"))
        .json(&json!({"expire_access": true}))
        .send()
        .await
        .unwrap();
    let expired = app.get("/Goal").await.0;
    let counts: Value = client().get(control("counts")).send().await.unwrap().json().await.unwrap();
    let reset = client().post(control("reset")).send().await.unwrap();
    let forgotten = refresh(&app.place, "handrail", app.refresh_token()).await.status();

    assert_eq!((set.status(), struck), (StatusCode::OK, StatusCode::INTERNAL_SERVER_ERROR));
    assert_eq!((ended.status(), expired), (StatusCode::NO_CONTENT, StatusCode::UNAUTHORIZED));
    assert_eq!((&counts["token_requests"], &counts["live_grants"]), (&json!(1), &json!(1)));
    assert_eq!((reset.status(), forgotten), (StatusCode::NO_CONTENT, StatusCode::BAD_REQUEST));
}

#[tokio::test]
async fn requests_are_remembered_without_their_secrets() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    app.get("/Task?patient=rosa-delgado").await;
    let seen = app.place.control().requests();

    let expected = SeenRequest {
        method: "GET".into(),
        path: "/fhir/Task".into(),
        query: Some("patient=rosa-delgado".into()),
        authorized: true,
        status: Some(200),
    };
    assert_eq!(seen.last(), Some(&expected));
    let text = serde_json::to_string(&seen).unwrap();
    assert!(!text.contains(app.access_token()) && !text.contains("a-state"));
}

#[tokio::test]
async fn dropping_the_sandbox_frees_its_ports() {
    let sandbox = start().await;
    let place = sandbox.place(PlaceKind::Cbo).clone();
    let address = format!("{}/metadata", place.fhir_base);
    assert_eq!(client().get(&address).send().await.unwrap().status(), StatusCode::OK);

    drop(sandbox);
    tokio::task::yield_now().await;

    let mut left = 50;
    while client().get(&address).send().await.is_ok() && left > 0 {
        left -= 1;
        tokio::task::yield_now().await;
    }
    assert!(client().get(&address).send().await.is_err());
}

#[tokio::test]
async fn invitations_name_the_base_in_three_ways() {
    let sandbox = start().await;
    let texts: Vec<String> = sandbox.places().iter().map(|place| place.invitation()).collect();
    let encoded = |kind| {
        url::form_urlencoded::byte_serialize(sandbox.place(kind).fhir_base.as_str().as_bytes())
            .collect::<String>()
    };

    assert_eq!(texts[0], sandbox.place(PlaceKind::Provider).fhir_base.as_str());
    assert!(texts[1].ends_with(&format!(
        "/invite?fhirUri={}&title=Two%20Rivers%20Care%20Network",
        encoded(PlaceKind::Platform)
    )));
    assert!(texts[2].ends_with(&format!(
        "/invite#iss={}&title=Bright%20Harvest%20Food%20Bank",
        encoded(PlaceKind::Cbo)
    )));
}

//! Reading and searching.

use handrail_sandbox::{Options, PlaceKind, Sandbox};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::*;

const TMP: &str =
    "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";

#[tokio::test]
async fn rosas_records_show_every_state() {
    let sandbox = start().await;
    let mut seen: Vec<String> = Vec::new();
    for kind in PlaceKind::ALL {
        let tasks = sandbox.place(kind).control().list_resources("Task");
        for task in tasks.iter().filter(|task| task["for"]["display"] == "Rosa Delgado") {
            let code = task["code"]["coding"][0]["code"].as_str().unwrap();
            seen.push(format!("{code} {}", task["status"].as_str().unwrap()));
        }
    }

    for expected in [
        "complete-questionnaire ready",
        "complete-questionnaire in-progress",
        "complete-questionnaire on-hold",
        "complete-questionnaire completed",
        "complete-questionnaire failed",
        "complete-questionnaire cancelled",
        "general-information ready",
        "general-information on-hold",
        "general-information completed",
        "general-information cancelled",
        "make-contact ready",
        "make-contact completed",
        "review-material ready",
        "review-material in-progress",
        "review-material completed",
        "bring-papers ready",
        "fulfill requested",
        "fulfill received",
        "fulfill accepted",
        "fulfill in-progress",
        "fulfill on-hold",
        "fulfill completed",
        "fulfill rejected",
        "fulfill failed",
        "fulfill cancelled",
    ] {
        assert!(seen.iter().any(|found| found == expected), "{expected}");
    }
}

#[tokio::test]
async fn a_patient_sees_only_their_own() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    let (_, all) = app.get("/Task?_count=200").await;
    let (_, others) = app.get("/Task?patient=pat-53234").await;
    let (read, outcome) = app.get("/Goal/SDOHCC-GoalFoodSecurityExample").await;
    let (shared, _) = app.get("/HealthcareService/neighbors-drive").await;

    let entries = all["entry"].as_array().unwrap();
    assert!(
        entries.iter().all(|entry| entry["resource"]["for"]["reference"] == "Patient/rosa-delgado")
    );
    assert_eq!(others["total"], 0);
    assert_eq!(
        (read, &outcome["resourceType"]),
        (StatusCode::NOT_FOUND, &json!("OperationOutcome"))
    );
    assert_eq!(shared, StatusCode::OK);
}

#[tokio::test]
async fn the_guides_patient_has_the_guides_examples() {
    let sandbox = start().await;
    let app = sign_in_as(&sandbox, PlaceKind::Provider, "colin", SCOPE).await;

    let (_, tasks) = app.get("/Task?patient=Patient/pat-53234").await;
    let (_, goals) = app.get("/Goal?patient=Patient/pat-53234").await;

    assert_eq!(app.tokens["patient"], "pat-53234");
    assert_eq!(tasks["total"], 7);
    assert_eq!(list_ids(&goals, "match"), ["SDOHCC-GoalFoodSecurityExample"]);
}

#[tokio::test]
async fn scopes_are_enforced_by_type_and_interaction() {
    let sandbox = start().await;
    let scope = "launch/patient patient/Task.s patient/Goal.r patient/Condition.read";
    let app = sign_in_as(&sandbox, PlaceKind::Provider, "rosa", scope).await;

    for (path, expected) in [
        ("/Task?patient=rosa-delgado", StatusCode::OK),
        ("/Task/rides-task", StatusCode::FORBIDDEN),
        ("/Goal/goal-food", StatusCode::OK),
        ("/Goal?patient=rosa-delgado", StatusCode::FORBIDDEN),
        ("/Condition?patient=rosa-delgado", StatusCode::OK),
        ("/Condition/rosa-food", StatusCode::OK),
        ("/ServiceRequest?patient=rosa-delgado", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(app.get(path).await.0, expected, "{path}");
    }
    let task = app.place.control().read_resource("Task", "food-questions").unwrap();
    assert_eq!(app.put(&task, Some("W/\"1\"")).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn staff_see_their_places_people() {
    let sandbox = start().await;

    let app = sign_in_as(&sandbox, PlaceKind::Cbo, "sam", "offline_access user/Task.rus").await;

    assert_eq!(app.tokens["patient"], Value::Null);
    let (_, own) = app.get("/Task?owner=Organization/bright-harvest").await;
    let (_, open) = app.get("/Task?owner:missing=true&status=requested").await;
    assert_eq!(list_ids(&own, "match"), ["box-207"]);
    assert_eq!(list_ids(&open, "match"), ["market-claim"]);
}

#[tokio::test]
async fn search_parameters_find_what_they_name() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    for (path, expected) in [
        ("/Task?status=on-hold", vec!["diapers-task", "school-question"]),
        (
            "/Task?code=http://hl7.org/fhir/CodeSystem/task-code%7Cfulfill&status=accepted",
            vec!["english-task"],
        ),
        ("/Task?owner=Organization/open-door", vec!["rent-task"]),
        ("/Task?focus=ServiceRequest/rides", vec!["rides-task"]),
        ("/Task?focus=rides&status:not=requested", vec![]),
        ("/Task?output=Procedure/phone-done", vec!["phone-task"]),
        ("/Task?_id=rides-task,rent-task,none", vec!["rent-task", "rides-task"]),
        ("/ServiceRequest?status=revoked", vec!["job"]),
        ("/ServiceRequest?intent=plan", vec!["nurse-draft"]),
        ("/ServiceRequest?supporting-info=Consent/rosa-sharing", vec!["food-boxes", "rides"]),
        ("/Goal?lifecycle-status=completed", vec!["goal-phone"]),
        ("/Goal?lifecycle-status=active&achievement-status=improving", vec!["goal-food"]),
        ("/Procedure?based-on=ServiceRequest/phone", vec!["phone-done"]),
        (
            "/Questionnaire?url=http://maplefalls.example/Questionnaire/getting-around&version=1.2",
            vec!["getting-around"],
        ),
        (
            "/Questionnaire?url=http://maplefalls.example/Questionnaire/getting-around&version=9",
            vec![],
        ),
        ("/QuestionnaireResponse?status=in-progress", vec!["rosa-rides-draft"]),
        (
            "/Observation?category=http://terminology.hl7.org/CodeSystem/observation-category%7Csurvey",
            vec!["rosa-food-risk"],
        ),
    ] {
        let (status, bundle) = app.get(path).await;

        assert_eq!(status, StatusCode::OK, "{path}");
        assert_eq!(list_ids(&bundle, "match"), expected, "{path}");
        assert_eq!(bundle["total"], expected.len(), "{path}");
    }
    let (_, food) = app.get(&format!("/Goal?category={TMP}%7Cfood-insecurity")).await;
    assert_eq!(list_ids(&food, "match"), ["goal-food"]);
}

#[tokio::test]
async fn last_updated_follows_the_calendar_and_the_servers_clock() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let ten_days_ago = Timestamp::now() - SignedDuration::from_hours(10 * 24);
    let eight_days_ago = Timestamp::now() - SignedDuration::from_hours(8 * 24);

    let (_, ninth) = app
        .get(&format!(
            "/Task?status=requested&_lastUpdated=gt{ten_days_ago}&_lastUpdated=lt{eight_days_ago}"
        ))
        .await;
    let (_, before) = app.get("/Task").await;
    let asked_at = before["meta"]["lastUpdated"].as_str().unwrap();
    app.place
        .control()
        .change_resource("Task", "rides-task", |task| task["status"] = json!("accepted"));
    let (_, after) = app.get(&format!("/Task?_lastUpdated=ge{asked_at}")).await;

    assert_eq!(list_ids(&ninth, "match"), ["rides-task"]);
    assert_eq!(list_ids(&after, "match"), ["rides-task"]);
    assert_eq!(after["entry"][0]["resource"]["meta"]["versionId"], "2");
}

#[tokio::test]
async fn includes_bring_what_is_referred_to_once() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    let (_, tasks) = app.get("/Task?_id=phone-task&_include=Task:focus&_include=Task:output").await;
    let (_, services) = app
        .get("/HealthcareService?_id=two-rivers-rides-vans&_include=HealthcareService:location")
        .await;
    let (_, typed) =
        app.get("/Task?_id=phone-task,rides-task&_include=Task:owner:Organization").await;

    assert_eq!(list_ids(&tasks, "include"), ["phone", "phone-done"]);
    assert_eq!(list_ids(&services, "include"), ["mill-street"]);
    assert_eq!(list_ids(&typed, "include"), ["maple-library"]);
}

#[tokio::test]
async fn next_links_lead_to_the_end_and_miss_nothing() {
    let sandbox = Sandbox::start(Options { page_size: 4, ..Options::anywhere() }).await.unwrap();
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let (_, whole) = app.get("/Task?patient=rosa-delgado&_count=200").await;

    let mut seen = Vec::new();
    let mut next = Some("/Task?patient=rosa-delgado".to_owned());
    while let Some(path) = next {
        let (status, page) = app.get(&path).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(page["total"], whole["total"]);
        let found = list_ids(&page, "match");
        assert!((1..=4).contains(&found.len()));
        seen.extend(found);
        let links = page["link"].as_array().unwrap();
        let link = links.iter().find(|link| link["relation"] == "next");
        next = link.map(|link| link["url"].as_str().unwrap().to_owned());
        assert!(next.iter().all(|url| url.starts_with(app.place.fhir_base.as_str())));
    }

    assert_eq!(seen, list_ids(&whole, "match"));
}

#[tokio::test]
async fn newest_first_and_by_post() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    let form = [("patient", "rosa-delgado"), ("_sort", "-_lastUpdated"), ("_count", "2")];
    let answer = app.request(Method::POST, "/Goal/_search").form(&form).send().await.unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    let bundle: Value = answer.json().await.unwrap();
    assert_eq!(list_ids(&bundle, "match"), ["goal-food", "goal-class"]);
}

#[tokio::test]
async fn an_unknown_parameter_is_told_or_refused_as_the_client_prefers() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    let (lenient, bundle) = app.get("/Task?_id=rides-task&_lastupdated=gt2020").await;
    let strict = app
        .request(Method::GET, "/Task?_lastupdated=gt2020")
        .header("prefer", "handling=strict")
        .send()
        .await
        .unwrap();
    let bad_value = app.get("/Task?_lastUpdated=gtsoon").await.0;

    assert_eq!(lenient, StatusCode::OK);
    assert_eq!(list_ids(&bundle, "outcome").len(), 1);
    assert!(!bundle["link"][0]["url"].as_str().unwrap().contains("_lastupdated"));
    assert_eq!(strict.status(), StatusCode::BAD_REQUEST);
    let outcome: Value = strict.json().await.unwrap();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert_eq!(bad_value, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_read_tells_its_version_and_when_nothing_changed() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;

    let answer = app.request(Method::GET, "/Task/rides-task").send().await.unwrap();
    let modified = answer.headers()["last-modified"].clone();
    let same = app
        .request(Method::GET, "/Task/rides-task")
        .header("if-modified-since", &modified)
        .send()
        .await
        .unwrap();
    app.place
        .control()
        .change_resource("Task", "rides-task", |task| task["priority"] = json!("urgent"));
    let changed = app
        .request(Method::GET, "/Task/rides-task")
        .header("if-none-match", "W/\"1\"")
        .send()
        .await
        .unwrap();
    let first = app.get("/Task/rides-task/_history/1").await;
    app.place.control().remove_resource("Task", "rides-task");
    let gone = app.get("/Task/rides-task").await.0;

    assert_eq!(answer.headers()["etag"], "W/\"1\"");
    assert!(
        answer.headers()["content-type"].to_str().unwrap().starts_with("application/fhir+json")
    );
    assert_eq!(
        (same.status(), &same.headers()["etag"]),
        (StatusCode::NOT_MODIFIED, &answer.headers()["etag"])
    );
    assert!(same.bytes().await.unwrap().is_empty());
    assert_eq!(changed.headers()["etag"], "W/\"2\"");
    assert_eq!(first.1["priority"], "routine");
    assert_eq!(gone, StatusCode::GONE);
}

#[tokio::test]
async fn the_food_bank_offers_tasks_and_documents_only() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Cbo).await;

    let metadata: Value = client()
        .get(format!("{}/metadata", app.place.fhir_base))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let (goals, outcome) = app.get("/Goal?patient=guest-207").await;
    let (patient, _) = app.get("/Patient/guest-207").await;
    let (material, document) = app.get("/DocumentReference/food-safety").await;
    let (_, boxes) = app.get("/Task/box-207").await;

    let types: Vec<&str> = metadata["rest"][0]["resource"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["type"].as_str())
        .collect();
    assert_eq!(types, ["DocumentReference", "Task"]);
    assert_eq!(
        (goals, &outcome["resourceType"]),
        (StatusCode::NOT_FOUND, &json!("OperationOutcome"))
    );
    assert_eq!(patient, StatusCode::NOT_FOUND);
    assert_eq!(material, StatusCode::OK);
    assert!(document["content"][0]["attachment"]["data"].as_str().unwrap().starts_with("JVBERi0"));
    let provider = &sandbox.place(PlaceKind::Provider).fhir_base;
    assert_eq!(boxes["focus"]["reference"], format!("{provider}/ServiceRequest/food-boxes"));
}

#[tokio::test]
async fn every_search_parameter_of_metadata_is_taken() {
    let sandbox = start().await;
    for kind in PlaceKind::ALL {
        let app = sign_in_rosa(&sandbox, kind).await;
        let metadata: Value = client()
            .get(format!("{}/metadata", app.place.fhir_base))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();

        for resource in metadata["rest"][0]["resource"].as_array().unwrap() {
            let name = resource["type"].as_str().unwrap();
            for param in resource["searchParam"].as_array().unwrap_or(&Vec::new()) {
                let value = if param["type"] == "date" { "gt2020-01-01" } else { "x" };
                let path = format!("/{name}?{}={value}", param["name"].as_str().unwrap());
                let answer = app
                    .request(Method::GET, &path)
                    .header("prefer", "handling=strict")
                    .send()
                    .await
                    .unwrap();

                let expected = if name == "Group" { StatusCode::FORBIDDEN } else { StatusCode::OK };
                assert_eq!(answer.status(), expected, "{path}");
            }
        }
    }
}

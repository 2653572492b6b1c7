//! Creating, updating, and batches.

use handrail_sandbox::PlaceKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::app::*;

async fn read_task(app: &SignedIn, id: &str) -> Value {
    let (status, task) = app.get(&format!("/Task/{id}")).await;
    assert_eq!(status, StatusCode::OK);
    task
}

#[tokio::test]
async fn a_questionnaire_is_answered_and_its_task_completed() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let response = json!({"resourceType": "QuestionnaireResponse", "status": "completed", "authored": "2026-05-06T10:00:00Z",
        "questionnaire": "http://hl7.org/fhir/us/sdoh-clinicalcare/Questionnaire/SDOHCC-QuestionnaireHungerVitalSign",
        "subject": {"reference": "Patient/rosa-delgado"}});

    let (created, kept) = app.post("/QuestionnaireResponse", &response).await;
    let mut task = read_task(&app, "food-questions").await;
    task["status"] = json!("completed");
    task["output"] = json!([{
        "type": {"coding": [{"system": "http://hl7.org/fhir/uv/sdc/CodeSystem/temp", "code": "questionnaire-response"}]},
        "valueReference": {"reference": format!("QuestionnaireResponse/{}", kept["id"].as_str().unwrap())},
    }]);
    let (updated, after) = app.put(&task, Some("W/\"1\"")).await;

    assert_eq!(created, StatusCode::CREATED);
    assert_eq!(updated, StatusCode::OK, "{after}");
    assert_eq!((&after["status"], &after["meta"]["versionId"]), (&json!("completed"), &json!("2")));
    assert_eq!(after["meta"]["profile"], task["meta"]["profile"]);
}

#[tokio::test]
async fn an_update_needs_the_version_it_is_based_on() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let mut task = read_task(&app, "rides-contact").await;
    app.place
        .control()
        .change_resource("Task", "rides-contact", |task| task["priority"] = json!("urgent"));
    task["status"] = json!("in-progress");

    let without = app.put(&task, None).await.0;
    let (stale, outcome) = app.put(&task, Some("W/\"1\"")).await;
    let mut fresh = read_task(&app, "rides-contact").await;
    fresh["status"] = json!("in-progress");
    let current = app.put(&fresh, Some("W/\"2\"")).await.0;

    assert_eq!(without, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(
        (stale, &outcome["issue"][0]["code"]),
        (StatusCode::PRECONDITION_FAILED, &json!("conflict"))
    );
    assert_eq!(current, StatusCode::OK);
}

#[tokio::test]
async fn a_patient_cannot_touch_a_referral_or_more_than_the_guide_lets() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let mut referral = read_task(&app, "rides-task").await;
    referral["status"] = json!("cancelled");
    let mut noted = read_task(&app, "rides-contact").await;
    noted["note"] = json!([{"text": "hello"}]);
    let mut backwards = read_task(&app, "visit-feedback").await;
    backwards["status"] = json!("in-progress");

    let (refused, _) = app.put(&referral, Some("W/\"1\"")).await;
    let (too_much, outcome) = app.put(&noted, Some("W/\"1\"")).await;
    let (no_way, step) = app.put(&backwards, Some("W/\"3\"")).await;

    assert_eq!(refused, StatusCode::FORBIDDEN);
    assert_eq!(
        (too_much, &outcome["issue"][0]["expression"][0]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("Task.note"))
    );
    assert_eq!(
        (no_way, &step["issue"][0]["expression"][0]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("Task.status"))
    );
}

#[tokio::test]
async fn nothing_is_written_about_somebody_else() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let document = |subject: Value| {
        json!({"resourceType": "DocumentReference", "status": "current", "subject": subject,
        "content": [{"attachment": {"contentType": "application/pdf", "data": "JVBERi0="}}]})
    };

    let (other, _) =
        app.post("/DocumentReference", &document(json!({"reference": "Patient/pat-53234"}))).await;
    let (nobody, _) = app.post("/DocumentReference", &document(Value::Null)).await;
    let (own, kept) = app
        .post("/DocumentReference", &document(json!({"reference": "Patient/rosa-delgado"})))
        .await;
    let (task, _) = app.post("/Task", &json!({"resourceType": "Task"})).await;

    assert_eq!(
        (other, nobody, own),
        (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN, StatusCode::CREATED)
    );
    assert!(
        app.place
            .control()
            .read_resource("DocumentReference", kept["id"].as_str().unwrap())
            .is_some()
    );
    assert_eq!(task, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_draft_is_kept_and_sent_later() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let (_, mut draft) = app.get("/QuestionnaireResponse/rosa-rides-draft").await;
    draft["status"] = json!("completed");

    let (status, kept) = app.put(&draft, None).await;
    draft["authored"] = Value::Null;
    let (incomplete, outcome) = app.put(&draft, None).await;

    assert_eq!((status, &kept["status"]), (StatusCode::OK, &json!("completed")));
    assert_eq!(incomplete, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(outcome["issue"][0]["expression"][0], "QuestionnaireResponse.authored");
}

#[tokio::test]
async fn staff_take_an_open_referral_and_finish_it() {
    let sandbox = start().await;
    let app = sign_in_as(&sandbox, PlaceKind::Cbo, "sam", "offline_access user/Task.rus").await;

    let mut task = read_task(&app, "market-claim").await;
    task["owner"] = json!({"reference": "Organization/bright-harvest"});
    task["status"] = json!("accepted");
    let (claimed, task) = app.put(&task, Some("W/\"1\"")).await;
    let mut done = task.clone();
    done["status"] = json!("completed");
    let (completed, _) = app.put(&done, Some("W/\"2\"")).await;
    let mut back = done.clone();
    back["status"] = json!("accepted");
    let (reopened, _) = app.put(&back, Some("W/\"3\"")).await;

    assert_eq!(
        (claimed, completed, reopened),
        (StatusCode::OK, StatusCode::OK, StatusCode::UNPROCESSABLE_ENTITY)
    );
}

#[tokio::test]
async fn a_batch_answers_each_entry_for_itself() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let get = |url: &str| json!({"request": {"method": "GET", "url": url}});
    let absolute = format!("{}/Location/mill-street", app.place.fhir_base);
    let batch = json!({"resourceType": "Bundle", "type": "batch", "entry": [
        get("Task?patient=Patient/rosa-delgado&_count=1"), get("Goal/goal-food"), get("Goal/none"), get(&absolute),
        get("http://elsewhere.example/Task"), {"request": {"method": "DELETE", "url": "Goal/goal-food"}},
    ]});

    let (status, answer) = app.post("", &batch).await;

    assert_eq!((status, &answer["type"]), (StatusCode::OK, &json!("batch-response")));
    let entries = answer["entry"].as_array().unwrap();
    let statuses: Vec<&str> =
        entries.iter().filter_map(|entry| entry["response"]["status"].as_str()).collect();
    assert_eq!(statuses, ["200", "200", "404", "200", "400", "405"]);
    assert_eq!(entries[0]["resource"]["type"], "searchset");
    assert_eq!(entries[1]["response"]["etag"], "W/\"3\"");
    assert_eq!(entries[2]["response"]["outcome"]["resourceType"], "OperationOutcome");
    assert_eq!(entries[2]["resource"], Value::Null);
}

#[tokio::test]
async fn a_minimal_answer_still_tells_the_version() {
    let sandbox = start().await;
    let app = sign_in_rosa(&sandbox, PlaceKind::Provider).await;
    let mut task = read_task(&app, "rides-contact").await;
    task["status"] = json!("in-progress");

    let answer = app
        .request(Method::PUT, "/Task/rides-contact")
        .header("if-match", "W/\"1\"")
        .header("prefer", "return=minimal")
        .json(&task)
        .send()
        .await
        .unwrap();

    assert_eq!(
        (answer.status(), answer.headers()["etag"].to_str().unwrap()),
        (StatusCode::OK, "W/\"2\"")
    );
    assert!(answer.bytes().await.unwrap().is_empty());
}

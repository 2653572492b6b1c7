//! The hidden levers over HTTP, for people with curl.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    control::{Control, route_place},
    discovery::Discovery,
    faults::Rule,
    place::Site,
};

/// Routes everything of one place, and its levers.
pub(crate) fn route_site(site: Arc<Site>) -> Router {
    route_place(site.clone()).merge(route_control().with_state(site))
}

fn route_control() -> Router<Arc<Site>> {
    Router::new()
        .route("/control/faults", get(list_faults).post(set_faults))
        .route("/control/discovery", get(show_discovery).post(set_discovery))
        .route("/control/reset", post(reset))
        .route("/control/tokens", post(end_tokens))
        .route("/control/requests", get(list_requests))
        .route("/control/counts", get(show_counts))
}

#[derive(Serialize, Deserialize)]
struct FaultList {
    faults: Vec<Rule>,
}

async fn list_faults(State(site): State<Arc<Site>>) -> Json<FaultList> {
    Json(FaultList { faults: site.lock_faults().list_rules() })
}

async fn set_faults(State(site): State<Arc<Site>>, Json(list): Json<FaultList>) -> Json<FaultList> {
    site.lock_faults().set_rules(list.faults);
    list_faults(State(site)).await
}

async fn show_discovery(State(site): State<Arc<Site>>) -> Json<Discovery> {
    Json(site.lock_discovery().clone())
}

async fn set_discovery(
    State(site): State<Arc<Site>>,
    Json(discovery): Json<Discovery>,
) -> Json<Discovery> {
    Control::of(site.clone()).set_discovery(discovery);
    show_discovery(State(site)).await
}

async fn reset(State(site): State<Arc<Site>>) -> StatusCode {
    site.reset();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct EndTokens {
    #[serde(default)]
    expire_access: bool,
    #[serde(default)]
    kill_refresh: bool,
}

async fn end_tokens(State(site): State<Arc<Site>>, Json(asked): Json<EndTokens>) -> Response {
    let control = Control::of(site);
    if asked.expire_access {
        control.expire_access_tokens();
    }
    if asked.kill_refresh {
        control.kill_refresh_tokens();
    }
    StatusCode::NO_CONTENT.into_response()
}

async fn list_requests(State(site): State<Arc<Site>>) -> Json<Value> {
    Json(json!({"requests": Control::of(site).requests()}))
}

async fn show_counts(State(site): State<Arc<Site>>) -> Json<Value> {
    let control = Control::of(site);
    Json(json!({
        "token_requests": control.count_token_requests(),
        "reuse_events": control.count_reuse_events(),
        "live_grants": control.count_live_grants(),
    }))
}

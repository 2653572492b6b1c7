//! The hidden levers of a place, and everything else that it answers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    Router,
    extract::{Request, State},
    http::header,
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use serde_json::Value;

use crate::{
    auth::{
        self,
        grants::{Checks, Rotation},
    },
    discovery::Discovery,
    faults::{self, Rule},
    fhir,
    place::Site,
    requests::SeenRequest,
};

/// The levers, in the process. Clones pull the same ones.
#[derive(Clone)]
pub struct Control(Arc<Site>);

impl Control {
    pub(crate) fn of(site: Arc<Site>) -> Self {
        Self(site)
    }

    /// Replaces the faults in force.
    pub fn set_faults(&self, rules: Vec<Rule>) {
        self.0.lock_faults().set_rules(rules);
    }

    pub fn add_fault(&self, rule: Rule) {
        self.0.lock_faults().add_rule(rule);
    }

    pub fn clear_faults(&self) {
        self.set_faults(Vec::new());
    }

    /// Changes how the place describes itself.
    pub fn set_discovery(&self, discovery: Discovery) {
        *self.0.lock_discovery() = discovery;
    }

    /// Ends every access token now; refresh tokens stay good.
    pub fn expire_access_tokens(&self) {
        self.0.lock_grants().expire_access_tokens(Instant::now());
    }

    /// Ends every refresh token: the next exchange is answered with `invalid_grant`.
    pub fn kill_refresh_tokens(&self) {
        self.0.lock_grants().kill_refresh_tokens();
    }

    pub fn set_rotation(&self, rotation: Rotation) {
        self.0.lock_grants().rotation = Some(rotation);
    }

    /// What the authorization server looks at from now on.
    pub fn set_checks(&self, checks: Checks) {
        self.0.lock_grants().checks = checks;
    }

    /// What is never granted from now on: `offline_access`, or letters of a type, as `Goal.rs`.
    pub fn withhold(&self, scopes: &[&str]) {
        self.0.lock_grants().withheld = scopes.iter().map(|&scope| scope.to_owned()).collect();
    }

    /// Makes each `id_token` out to another app from now on.
    pub fn spoil_identity(&self) {
        self.0.lock_grants().spoils_identity = true;
    }

    /// How long access tokens work that are issued from now on.
    pub fn set_token_life(&self, life: Duration) {
        self.0.lock_grants().token_life = life;
    }

    /// How often the token endpoint was asked, with or without success.
    pub fn count_token_requests(&self) -> u64 {
        self.0.lock_grants().token_requests
    }

    /// How often a refresh token came that had been replaced for good.
    pub fn count_reuse_events(&self) -> u64 {
        self.0.lock_grants().reuse_events
    }

    /// How many grants could still be refreshed.
    pub fn count_live_grants(&self) -> usize {
        self.0.lock_grants().count_live_grants()
    }

    /// Every code, verifier and token of every sign-in so far. Only here, never at a control address.
    pub fn list_secrets(&self) -> Vec<String> {
        self.0.lock_grants().secrets.clone()
    }

    /// The requests so far, oldest first.
    pub fn requests(&self) -> Vec<SeenRequest> {
        self.0.lock_requests().list_requests()
    }

    pub fn clear_requests(&self) {
        self.0.lock_requests().forget();
    }

    /// The current version of a resource.
    pub fn read_resource(&self, type_name: &str, id: &str) -> Option<Value> {
        self.0.lock_store().current(type_name, id).cloned()
    }

    /// Every current resource of a type.
    pub fn list_resources(&self, type_name: &str) -> Vec<Value> {
        self.0.lock_store().list(type_name).cloned().collect()
    }

    /// Changes a resource as staff would at their own desk; returns the new version.
    pub fn change_resource(
        &self,
        type_name: &str,
        id: &str,
        change: impl FnOnce(&mut Value),
    ) -> Option<Value> {
        let mut store = self.0.lock_store();
        let mut resource = store.current(type_name, id)?.clone();
        change(&mut resource);
        Some(store.update(resource))
    }

    /// Puts a resource in, new or over an older version.
    pub fn put_resource(&self, resource: Value) -> Value {
        self.0.lock_store().update(resource)
    }

    /// Removes a resource; reading it is answered with 410 from now on.
    pub fn remove_resource(&self, type_name: &str, id: &str) {
        self.0.lock_store().remove(type_name, id);
    }

    /// Puts everything back as it was at the start.
    pub fn reset(&self) {
        self.0.reset();
    }
}

/// Routes everything of one place. Every request is noted and may be spoilt.
pub(crate) fn route_place(site: Arc<Site>) -> Router {
    Router::new()
        .merge(auth::route_auth())
        .merge(fhir::route_fhir())
        .route("/invite", get(show_invite))
        .layer(middleware::from_fn_with_state(site.clone(), faults::spoil_answer))
        .layer(middleware::from_fn_with_state(site.clone(), note_request))
        .with_state(site)
}

/// The page behind an invitation that was opened in a browser instead of the app.
async fn show_invite(State(site): State<Arc<Site>>) -> Response {
    let words = "Open your app for to-dos and referrals, choose to add a place, and scan the code again from there.";
    auth::explain_invitation(&site, words)
}

async fn note_request(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let query = request.uri().query().filter(|_| path.starts_with("/fhir")).map(str::to_owned);
    let seen = SeenRequest {
        method: request.method().to_string(),
        path,
        query,
        authorized: request.headers().contains_key(header::AUTHORIZATION),
        status: None,
    };
    let number = site.lock_requests().note_request(seen);
    let response = next.run(request).await;
    let hung_up = response.extensions().get::<faults::HangUp>().is_some();
    let status = (!hung_up).then(|| response.status().as_u16());
    site.lock_requests().note_answer(number, status);
    response
}

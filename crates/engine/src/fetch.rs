//! Carries a fetch: the core's planner says what to send, the Http port sends it, side by side.

use std::time::Duration;

use futures::{StreamExt as _, stream::FuturesUnordered};
use handrail_contract::place::{Role, SourceId};
use handrail_core::{
    fetch::{Answer, Errand, Failure, Fetched, Method, Planner, Request},
    refresh::Want,
    session::{Source, read_delay},
    store::Known,
};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::{
    engine::Engine,
    exchange::{NoToken, Token},
    ports::{HttpError, HttpMethod, HttpRequest, HttpResponse},
};

/// One request takes no longer than this, answer included.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Bodies that are read at a time: each may take as much memory as a phone should give.
static READERS: Semaphore = Semaphore::const_new(2);

/// What a fetch came to.
pub struct Carried {
    pub fetched: Fetched,
    /// The scopes in force, which a refresh may have narrowed.
    pub granted: Vec<String>,
    pub retry_after: Option<Duration>,
}

impl Engine {
    /// Fetches what is new at a place. `known` tells the planner what is here already.
    pub(crate) async fn carry_fetch(
        &self,
        source: &Source,
        known: &[Known],
    ) -> Result<Carried, NoToken> {
        let mut token = self.demand_token(&source.id, Want::Fresh).await?;
        let errand = Errand {
            base: source.base.clone(),
            role: source.role,
            patient: source.patient.clone(),
            fhir_user: source.fhir_user.clone(),
            organizations: source.organizations.clone(),
            chosen: source.chosen.clone(),
            services: source.services.clone(),
            granted: token.record.granted.clone(),
            cursors: source.cursors.clone(),
            now: self.now(),
            full: false,
        };
        let mut planner =
            Planner::new(errand, known.iter().map(|row| (row.kind.clone(), row.id.clone())));
        let mut retry_after = None;
        let mut renewed = false;
        let mut under_way = FuturesUnordered::new();
        loop {
            for request in planner.next() {
                under_way.push(self.carry_request(source.role, request, token.access.clone()));
            }
            let Some((request, sent)) = under_way.next().await else { break };
            // A token can end while a page is on its way: renewed once, and the page asked for again.
            if sent.status == Some(401) && !renewed {
                renewed = true;
                token = self.renew_token(&source.id, &token).await?;
                under_way.push(self.carry_request(source.role, request, token.access.clone()));
                continue;
            }
            if sent.status == Some(401) && sent.generation_is_old(&token) {
                under_way.push(self.carry_request(source.role, request, token.access.clone()));
                continue;
            }
            retry_after = retry_after.max(sent.retry_after);
            planner.took(request.id, sent.answer);
        }
        Ok(Carried { fetched: planner.finish(), granted: token.record.granted, retry_after })
    }

    async fn renew_token(&self, source: &SourceId, refused: &Token) -> Result<Token, NoToken> {
        self.demand_token(source, Want::NewerThan(refused.generation)).await
    }

    async fn carry_request(
        &self,
        role: Role,
        request: Request,
        access: handrail_core::token::AccessToken,
    ) -> (Request, Sent) {
        let (method, accept) = match &request.method {
            Method::Get => (HttpMethod::Get, "application/fhir+json"),
            Method::PostBatch(bundle) => (
                HttpMethod::Post {
                    content_type: "application/fhir+json",
                    body: Zeroizing::new(bundle.clone().into_bytes()),
                },
                "application/fhir+json",
            ),
        };
        let sent = self
            .0
            .ports
            .http
            .send(HttpRequest {
                method,
                url: request.url.clone(),
                accept,
                bearer: Some(access.clone()),
                time_limit: TIME_LIMIT,
            })
            .await;
        let sent = match sent {
            Ok(response) => Sent {
                status: Some(response.status),
                retry_after: response
                    .retry_after
                    .as_deref()
                    .and_then(|text| read_delay(text, self.now())),
                answer: read_answer(role, response).await,
                access,
            },
            Err(error) => Sent {
                status: None,
                retry_after: None,
                answer: Answer::Failed(match error {
                    HttpError::TooMuch => Failure::TooMuch,
                    HttpError::Forbidden
                    | HttpError::Astray
                    | HttpError::NotSent
                    | HttpError::Ambiguous => Failure::OutOfReach,
                }),
                access,
            },
        };
        (request, sent)
    }
}

/// Reads a body beside everything else: another place's answer must not wait for it.
async fn read_answer(role: Role, response: HttpResponse) -> Answer {
    let HttpResponse { status, date, body, .. } = response;
    let _turn = READERS.acquire().await;
    let read = tokio::task::spawn_blocking(move || Answer::read(role, status, date, &body)).await;
    // A body that makes a reader panic is our own fault, and this look's alone.
    read.unwrap_or(Answer::Failed(Failure::OutOfReach))
}

struct Sent {
    status: Option<u16>,
    retry_after: Option<Duration>,
    answer: Answer,
    access: handrail_core::token::AccessToken,
}

impl Sent {
    fn generation_is_old(&self, token: &Token) -> bool {
        self.access != token.access
    }
}

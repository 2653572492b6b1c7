//! Finding out how a place wants to be signed in to: discovery, and introducing the app where that is possible.

use std::time::Duration;

use handrail_contract::problem::Refusal;
use handrail_core::{
    authorize::{Keys, read_keys},
    connect::{
        Client, Server, choose_client, discovery_url, follow_hop, old_discovery_url,
        read_discovery, read_old_discovery, read_registration, registration_body,
    },
    scan::Invitation,
};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    engine::Engine,
    ports::{HttpError, HttpMethod, HttpRequest, HttpResponse},
};

const TIME_LIMIT: Duration = Duration::from_secs(20);

impl Engine {
    /// Asks the place how to sign in (SMART App Launch 2.2, section 3.1). The first request it ever gets from us.
    pub(crate) async fn discover(&self, invitation: &Invitation) -> Result<Server, Refusal> {
        let asked = discovery_url(&invitation.fhir_base);
        let mut response = self.ask_openly(HttpMethod::Get, asked.clone()).await?;
        if let Some(moved) = follow_hop(&asked, response.status, response.location.as_deref()) {
            response = self.ask_openly(HttpMethod::Get, moved).await?;
        }
        let row = self.0.registry.row(&invitation.fhir_base);
        let policy = self.0.policy;
        if response.status == 404 {
            let asked = old_discovery_url(&invitation.fhir_base);
            let old = self.ask_openly(HttpMethod::Get, asked).await?;
            return read_old_discovery(old.status, &old.body, invitation, row, policy);
        }
        read_discovery(response.status, &response.body, invitation, row, policy)
    }

    /// The name under which the place knows this app: given, or asked for (RFC 7591).
    pub(crate) async fn introduce(
        &self,
        server: &Server,
        invitation: &Invitation,
        redirect_uri: &Url,
    ) -> Result<String, Refusal> {
        let row = self.0.registry.row(&invitation.fhir_base);
        match choose_client(server, invitation, row)? {
            Client::Known(client_id) => Ok(client_id),
            Client::Register(endpoint) => {
                let body = registration_body(redirect_uri).to_string().into_bytes();
                let method = HttpMethod::Post {
                    content_type: "application/json",
                    body: Zeroizing::new(body),
                };
                let response = self.ask_openly(method, endpoint).await?;
                read_registration(response.status, &response.body, redirect_uri)
            }
        }
    }

    /// The keys of this place that sign an `id_token`.
    pub(crate) async fn fetch_keys(&self, server: &Server) -> Result<Keys, Refusal> {
        let address = server.jwks_uri.clone().ok_or(Refusal::DidNotMatch)?;
        let response = self.ask_openly(HttpMethod::Get, address).await?;
        read_keys(response.status, &response.body).map_err(|_| Refusal::PlaceFailed)
    }

    /// A request that anybody may make: no token goes with it.
    async fn ask_openly(&self, method: HttpMethod, url: Url) -> Result<HttpResponse, Refusal> {
        let request = HttpRequest {
            method,
            url,
            // CapabilityStatements are FHIR; a server may insist on the name (FHIR R4 section 3.1.0.1.11).
            accept: "application/json, application/fhir+json",
            bearer: None,
            time_limit: TIME_LIMIT,
        };
        self.0.ports.http.send(request).await.map_err(|error| match error {
            HttpError::Forbidden | HttpError::Astray => Refusal::SpecialAddress,
            HttpError::NotSent | HttpError::Ambiguous => Refusal::NoAnswer,
            HttpError::TooMuch => Refusal::NotSmart,
        })
    }
}

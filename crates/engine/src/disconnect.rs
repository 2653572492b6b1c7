//! Ending a connection: revoke both tokens (RFC 7009), forget them, then keep or erase what was saved.

use std::time::Duration;

use handrail_contract::{
    Problem,
    place::{Disconnected, Revoked, SourceId},
    words::Phrase,
};
use handrail_core::vault::Record;
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::{
    engine::{Engine, vault_problem},
    ports::{HttpMethod, HttpRequest, Slot},
};

const TIME_LIMIT: Duration = Duration::from_secs(10);

impl Engine {
    /// Ends a connection. Our copy of the tokens goes, whatever the place says.
    pub(crate) async fn disconnect(
        &self,
        source: SourceId,
        erase: bool,
    ) -> Result<Disconnected, Problem> {
        let id = source.clone();
        let sources = self.records(|records| records.sources()).await?;
        let mut known = sources.into_iter().find(|known| known.id == id).ok_or(Problem::Gone)?;
        let gate = self.gate(&source);
        let _turn = gate.lock().await;
        let slot = Slot::connection(&source);
        let revoked = match self.load_record(&slot).await {
            Ok(record) => self.revoke(&record).await,
            Err(_) => Revoked::NotConfirmed,
        };
        self.blocking(move |ports| ports.vault.remove(&slot)).await?.map_err(vault_problem)?;
        self.records(move |records| {
            if erase {
                return records.erase_source(&source);
            }
            known.sign_out();
            records.put_source(&known)
        })
        .await?;
        self.announce_change();
        let line = Phrase::new(match revoked {
            Revoked::Confirmed => "disconnected-confirmed",
            Revoked::NotConfirmed | Revoked::Queued => "disconnected-not-confirmed",
        });
        Ok(Disconnected { revoked, erased: erase, line })
    }

    /// The refresh token first: with it, a server ends the whole grant (RFC 7009 section 2.1).
    async fn revoke(&self, record: &Record) -> Revoked {
        let Some(endpoint) = &record.server.revocation_endpoint else {
            return Revoked::NotConfirmed;
        };
        let refresh = record.refresh.as_ref().map(|token| (token.expose(), "refresh_token"));
        let access = record.access.as_ref().map(|token| (token.expose(), "access_token"));
        let mut confirmed = false;
        for (token, hint) in refresh.into_iter().chain(access) {
            if !self.revoke_token(endpoint, &record.client_id, token, hint).await {
                return Revoked::NotConfirmed;
            }
            confirmed = true;
        }
        if confirmed { Revoked::Confirmed } else { Revoked::NotConfirmed }
    }

    async fn revoke_token(&self, endpoint: &Url, client_id: &str, token: &str, hint: &str) -> bool {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", token)
            .append_pair("token_type_hint", hint)
            .append_pair("client_id", client_id)
            .finish();
        let request = HttpRequest {
            method: HttpMethod::Post {
                content_type: "application/x-www-form-urlencoded",
                body: Zeroizing::new(form.into_bytes()),
            },
            url: endpoint.clone(),
            accept: "application/json",
            bearer: None,
            time_limit: TIME_LIMIT,
        };
        matches!(self.0.ports.http.send(request).await, Ok(response) if response.status == 200)
    }
}

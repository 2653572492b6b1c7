//! Ending a connection: revoke both tokens (RFC 7009), forget them, then keep or erase what was saved.
//! A place that is away is asked again at the next check; until then its tokens wait, sealed aside and never used.

use std::time::Duration;

use handrail_contract::{
    Problem,
    place::{Disconnected, Revoked, SourceId},
    words::Phrase,
};
use handrail_core::{activity::Deed, authorize::PendingSignIn, vault::Record};
use url::{Url, form_urlencoded};
use zeroize::Zeroizing;

use crate::{
    engine::{Engine, vault_problem},
    exchange::NoToken,
    ports::{HttpError, HttpMethod, HttpRequest, HttpResponse, Slot, VaultError},
};

const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Longer than any exchange takes that another process of ours may be in.
const PATIENCE: Duration = Duration::from_secs(45);

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
        let mut turn = gate.lock().await;
        turn.forget();
        let slot = Slot::connection(&source);
        // A process in the middle of an exchange would seal fresh tokens after we were gone.
        let _lock = {
            let slot = slot.clone();
            self.blocking(move |ports| ports.vault.lock(&slot, PATIENCE))
                .await?
                .map_err(vault_problem)?
        };
        let revoked = match self.load_record(&slot).await {
            Ok(record) => match self.revoke(&record).await {
                Asked::Confirmed => Revoked::Confirmed,
                Asked::Refused => Revoked::NotConfirmed,
                Asked::Away => self.queue_revocation(&record).await,
            },
            // It was left before: what it has still to be told waits, or there is nothing.
            Err(NoToken::SignedOut) if known.left_at.is_some() => {
                if self.queued_revocations(&source).await?.is_empty() {
                    Revoked::NothingLeft
                } else {
                    Revoked::Queued
                }
            }
            Err(_) => Revoked::NotConfirmed,
        };
        self.forget_sign_ins(&source).await?;
        self.blocking(move |ports| ports.vault.remove(&slot)).await?.map_err(vault_problem)?;
        let now = self.now();
        let place = source.clone();
        self.records(move |records| {
            if erase {
                return records.erase_source(&source);
            }
            // What was not sent will not be: a later sign-in must not send it out of the blue.
            for entry in records.acts(Some(&source))? {
                records.drop_act(&entry.id)?;
            }
            known.leave(now);
            records.put_source(&known)
        })
        .await?;
        // A place that is erased is named nowhere any more.
        self.log((!erase).then_some(place), Deed::Disconnected { revoked }).await;
        self.announce_change();
        let line = Phrase::new(match revoked {
            Revoked::Confirmed => "disconnected-confirmed",
            Revoked::NotConfirmed => "disconnected-not-confirmed",
            Revoked::Queued => "disconnected-queued",
            Revoked::NothingLeft => "disconnected-nothing-left",
        });
        Ok(Disconnected { revoked, erased: erase, line })
    }

    /// Sign-ins at this place that still wait in a browser find nothing to come back to.
    async fn forget_sign_ins(&self, source: &SourceId) -> Result<(), Problem> {
        let source = source.clone();
        self.blocking(move |ports| {
            for slot in ports.vault.slots()?.into_iter().filter(|slot| slot.attempt().is_some()) {
                // One that cannot be read waits for nobody either; the next start sweeps it.
                let Ok(Some(bytes)) = ports.vault.load(&slot) else { continue };
                let pending = PendingSignIn::from_bytes(&bytes);
                if pending.is_ok_and(|pending| pending.again.as_ref() == Some(&source)) {
                    ports.vault.remove(&slot)?;
                }
            }
            Ok(())
        })
        .await?
        .map_err(vault_problem)
    }

    /// Asks again to end what could not be ended while the place was away.
    pub(crate) async fn retry_revocations(&self) {
        let Ok(Ok(slots)) = self.blocking(|ports| ports.vault.slots()).await else { return };
        for slot in slots.into_iter().filter(Slot::is_revocation) {
            let asked = match self.load_record(&slot).await {
                Ok(record) => match self.revoke(&record).await {
                    Asked::Away if !record.is_worth_revoking(self.now()) => Asked::Refused,
                    asked => asked,
                },
                // It can be read again later, or by a newer version: not ours to throw away.
                Err(
                    NoToken::Vault(
                        VaultError::CannotWrite(_) | VaultError::Locked | VaultError::Newer,
                    )
                    | NoToken::Newer,
                ) => Asked::Away,
                // It cannot be read any more, so it cannot be used any more either.
                Err(_) => Asked::Refused,
            };
            if asked != Asked::Away
                && let Ok(Err(error)) = self.blocking(move |ports| ports.vault.remove(&slot)).await
            {
                tracing::warn!(target: "vault", %error, "an ended token could not be forgotten");
            }
        }
    }

    /// Seals the tokens aside, to be ended at the next check. Others that wait for the same place stay as they are.
    pub(crate) async fn queue_revocation(&self, record: &Record) -> Revoked {
        for slot in self.queued_revocations(&record.source).await.unwrap_or_default() {
            // Said already, by a process that died before it could forget the connection.
            if self.load_record(&slot).await.is_ok_and(|queued| queued.has_tokens_of(record)) {
                return Revoked::Queued;
            }
        }
        let record = Record { ended_at: Some(self.now()), ..record.clone() };
        let slot = Slot::revocation(&record.source, &self.random_name());
        match self.seal(&slot, &record).await {
            Ok(()) => Revoked::Queued,
            Err(_) => Revoked::NotConfirmed,
        }
    }

    /// What a place has still to be told.
    async fn queued_revocations(&self, source: &SourceId) -> Result<Vec<Slot>, Problem> {
        let slots = self.blocking(|ports| ports.vault.slots()).await?.map_err(vault_problem)?;
        Ok(slots.into_iter().filter(|slot| slot.is_revocation_of(source)).collect())
    }

    /// The refresh token first: with it, a server ends the whole grant (RFC 7009 section 2.1).
    async fn revoke(&self, record: &Record) -> Asked {
        let Some(endpoint) = &record.server.revocation_endpoint else { return Asked::Refused };
        let refresh = record.refresh.as_ref().map(|token| (token.expose(), "refresh_token"));
        let access = record.access.as_ref().map(|token| (token.expose(), "access_token"));
        let mut asked = Asked::Refused;
        for (token, hint) in refresh.into_iter().chain(access) {
            asked = self.revoke_token(endpoint, &record.client_id, token, hint).await;
            if asked != Asked::Confirmed {
                break;
            }
        }
        asked
    }

    async fn revoke_token(
        &self,
        endpoint: &Url,
        client_id: &str,
        token: &str,
        hint: &str,
    ) -> Asked {
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
        match self.0.ports.http.send(request).await {
            // A page is no answer of a revocation endpoint, but of somebody in between.
            Ok(response) if response.status == 200 && is_page(&response) => Asked::Away,
            Ok(response) if response.status == 200 => Asked::Confirmed,
            // RFC 7009 section 2.2.1: 503 asks to try again.
            Ok(response) if !(400..500).contains(&response.status) => Asked::Away,
            Ok(response) if response.status == 429 => Asked::Away,
            Ok(_) | Err(HttpError::Forbidden) => Asked::Refused,
            Err(
                HttpError::Astray | HttpError::NotSent | HttpError::Ambiguous | HttpError::TooMuch,
            ) => Asked::Away,
        }
    }
}

/// Whether there is HTML in it. Some servers name HTML and send nothing, which is an honest answer.
fn is_page(response: &HttpResponse) -> bool {
    response.body.trim_ascii_start().starts_with(b"<")
}

/// What a place said when it was asked to end a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Confirmed,
    /// It said no, or has no way to ask.
    Refused,
    /// It may be asked again later.
    Away,
}

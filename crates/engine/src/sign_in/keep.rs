//! Keeping what a sign-in brought: the tokens first, then the connection, and the end of what they replaced.

use std::time::Duration;

use handrail_contract::{
    place::{ConnectionState, SourceId},
    problem::Refusal,
};
use handrail_core::{
    activity::Deed,
    authorize::{Grant, PendingSignIn},
    session::Source,
    vault::Record,
};
use jiff::Timestamp;

use super::vault_refusal;
use crate::{engine::Engine, ports::Slot};

impl Engine {
    /// Seals the tokens, then notes the connection. An earlier one is updated in place.
    pub(super) async fn keep_connection(
        &self,
        pending: PendingSignIn,
        grant: Grant,
    ) -> Result<SourceId, Refusal> {
        let _alone = self.0.keeping.lock().await;
        let sources =
            self.records(|records| records.sources()).await.map_err(|_| Refusal::CannotSave)?;
        let again = sources.iter().find(|source| pending.again.as_ref() == Some(&source.id));
        // Another sign-in may have connected the place since this one began.
        let meanwhile = || {
            let is_here = |source: &&Source| {
                source.base == pending.server.base && source.role == pending.role
            };
            sources.iter().find(is_here)
        };
        let known = again.or_else(meanwhile);
        if let Some(known) = known
            && known.patient.is_some()
            && known.patient != grant.patient
        {
            return Err(Refusal::AnotherPerson);
        }
        let id = known.map_or_else(|| SourceId(self.random_name()), |source| source.id.clone());
        let record = Record::first(
            id.clone(),
            pending.invitation,
            pending.server,
            pending.client_id,
            pending.redirect_uri,
            pending.role,
            pending.scopes,
            grant,
        );
        let mut source = describe_connection(&record, &sources, self.now());
        if let Some(known) = known {
            source.hue = known.hue;
            source.connected_at = known.connected_at;
            source.last_success_at = known.last_success_at;
            source.skipped.clone_from(&known.skipped);
            source.cursors.clone_from(&known.cursors);
            if source.fhir_user == known.fhir_user {
                source.organizations.clone_from(&known.organizations);
                source.chosen.clone_from(&known.chosen);
                source.services.clone_from(&known.services);
            } else {
                // A colleague need not work for the same organization.
                source.read_anew();
            }
            source.rest.clone_from(&known.rest);
        }
        let slot = Slot::connection(&id);
        let gate = self.gate(&id);
        let mut turn = gate.lock().await;
        turn.forget();
        let bytes = record.to_bytes();
        // The lock is held until the connection is listed, so that nobody takes it for one left behind.
        let (listed, before) = self
            .blocking(move |ports| {
                let _lock = ports.vault.lock(&slot, Duration::from_secs(5))?;
                // What cannot be read cannot be ended either.
                let before = ports.vault.load(&slot).ok().flatten();
                ports.vault.save(&slot, &bytes)?;
                Ok((ports.records.put_source(&source), before))
            })
            .await
            .map_err(|_| Refusal::KeyTrouble)?
            .map_err(|error| vault_refusal(&error))?;
        listed.map_err(|_| Refusal::CannotSave)?;
        // After the new tokens are sealed, so that no crash between the two ends a session that is still the only one.
        let before = before.and_then(|bytes| Record::from_bytes(&bytes).ok());
        if let Some(ended) = before.and_then(|old| old.to_end_after(&record, self.now())) {
            self.queue_revocation(&ended).await;
        }
        self.log(Some(id.clone()), Deed::SignedIn).await;
        Ok(id)
    }
}

/// A connection that was just made, as its record tells it.
pub(super) fn describe_connection(record: &Record, others: &[Source], now: Timestamp) -> Source {
    Source {
        id: record.source.clone(),
        name: record.server.name.clone(),
        base: record.server.base.clone(),
        role: record.role,
        hue: next_hue(others),
        patient: record.patient.clone(),
        fhir_user: record.fhir_user.clone(),
        organizations: Vec::new(),
        chosen: Vec::new(),
        services: Default::default(),
        granted: record.granted.clone(),
        state: ConnectionState::Connected,
        connected_at: now,
        last_success_at: None,
        next_due_at: None,
        failures: 0,
        signs_in_each_time: record.refresh.is_none(),
        left_at: None,
        skipped: Vec::new(),
        cursors: Default::default(),
        rest: Default::default(),
    }
}

/// Hues go round; a freed one is taken again first.
fn next_hue(sources: &[Source]) -> u8 {
    let free = (1..=6).find(|hue| sources.iter().all(|source| source.hue != *hue));
    free.unwrap_or_else(|| u8::try_from(sources.len() % 6).unwrap_or_default() + 1)
}

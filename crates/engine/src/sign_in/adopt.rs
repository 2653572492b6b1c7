//! Tokens that were sealed by a process which died before it could list their connection.

use std::time::Duration;

use handrail_contract::{Problem, place::SourceId};

use super::keep::describe_connection;
use crate::{engine::Engine, ports::Slot};

impl Engine {
    /// Lists connections that are sealed and not listed. Where the place is connected by now, they are ended instead.
    pub(super) async fn adopt_connections(&self) {
        let Ok(Ok(slots)) = self.blocking(|ports| ports.vault.slots()).await else { return };
        for source in slots.iter().filter_map(Slot::source) {
            if self.adopt_connection(&source).await.is_err() {
                tracing::warn!(target: "vault", %source, "a connection that was left behind could not be listed");
            }
        }
    }

    async fn adopt_connection(&self, id: &SourceId) -> Result<(), Problem> {
        let gate = self.gate(id);
        let _turn = gate.lock().await;
        let slot = Slot::connection(id);
        let locked = {
            let slot = slot.clone();
            self.blocking(move |ports| ports.vault.lock(&slot, Duration::ZERO)).await?
        };
        // Whoever holds it is listing it right now.
        let Ok(_lock) = locked else { return Ok(()) };
        let sources = self.records(|records| records.sources()).await?;
        if sources.iter().any(|source| source.id == *id) {
            return Ok(());
        }
        // A disconnect removes the tokens first and the row after them: without a row, what can be read was left behind.
        let Ok(record) = self.load_record(&slot).await else { return Ok(()) };
        let is_there = |source: &handrail_core::session::Source| {
            source.base == record.server.base && source.role == record.role
        };
        if sources.iter().any(is_there) {
            self.queue_revocation(&record).await;
            let removed = self.blocking(move |ports| ports.vault.remove(&slot)).await?;
            removed.map_err(crate::engine::vault_problem)?;
        } else {
            let source = describe_connection(&record, &sources, self.now());
            self.records(move |records| records.put_source(&source)).await?;
        }
        self.announce_change();
        Ok(())
    }
}

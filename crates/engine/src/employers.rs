//! For whom somebody works at a place, where only they can say it.

use handrail_contract::{
    Problem,
    place::{ChooseEmployers, ConnectionPage, Role, ShowConnection, SourceId},
};

use crate::{
    answers::Reply,
    check::Which,
    engine::{Engine, records_problem, vault_problem},
    exchange::LOCK_PATIENCE,
    ports::Slot,
};

impl Reply<ChooseEmployers> for Engine {
    async fn reply(&self, question: ChooseEmployers) -> Result<ConnectionPage, Problem> {
        let ChooseEmployers { source, chosen } = question;
        let show = ShowConnection { source: source.clone() };
        let page = self.reply(show.clone()).await?;
        let offered = page.employers.ok_or(Problem::Gone)?;
        let is_offered = |id: &String| offered.all.iter().any(|it| it.id == *id);
        let is_fit = match chosen.len() {
            0 => false,
            1 => true,
            _ => offered.several,
        };
        if !is_fit || !chosen.iter().all(is_offered) {
            return Err(Problem::Gone);
        }
        self.keep_employers(source.clone(), chosen).await?;
        self.announce_change();
        // What they may see now is read at once; that a look failed is said on the place's page.
        let _ = self.check(Which::One(source)).await;
        self.reply(show).await
    }
}

impl Engine {
    /// Writes under the place's lock, as a look does: one that is under way for another choice is not written then.
    async fn keep_employers(&self, id: SourceId, chosen: Vec<String>) -> Result<(), Problem> {
        let gate = self.gate(&id);
        let _turn = gate.lock().await;
        let written = self.blocking(move |ports| {
            let slot = Slot::connection(&id);
            let _lock = ports.vault.lock(&slot, LOCK_PATIENCE).map_err(vault_problem)?;
            let sources = ports.records.sources().map_err(records_problem)?;
            let known = sources
                .into_iter()
                .find(|it| it.id == id && it.role == Role::Organization && it.left_at.is_none());
            let mut source = known.ok_or(Problem::Gone)?;
            source.choose(chosen);
            ports.records.put_source(&source).map_err(records_problem)
        });
        written.await?
    }
}

//! Taking what is saved along: a file for the shell to save.

use handrail_contract::{
    Problem,
    export::{ExportBundle, Exported},
};
use handrail_core::{
    activity::Deed,
    view::{self, Shelf},
};

use crate::{answers::Reply, engine::Engine};

impl Reply<ExportBundle> for Engine {
    async fn reply(&self, question: ExportBundle) -> Result<Exported, Problem> {
        if question.private && !self.shows_private().await {
            return Err(Problem::NeedsPin);
        }
        let ExportBundle { source, private } = question;
        let only = source.clone();
        let read = self.records(move |records| {
            let sources = records.sources()?;
            let kept = records.kept(only.as_ref())?.into();
            let hidden = records.settings()?.hidden();
            Ok(Shelf { sources, kept, hidden, ..Shelf::default() })
        });
        let shelf = read.await?;
        if source.as_ref().is_some_and(|id| shelf.sources.iter().all(|it| it.id != *id)) {
            return Err(Problem::Gone);
        }
        let only = source.clone();
        let exported = self.blocking(move |ports| {
            let (now, zone) = (ports.clock.now(), ports.clock.time_zone());
            view::bundle(&shelf, only.as_ref(), private, now, &zone)
        });
        let exported = exported.await?;
        self.log(source, Deed::Exported).await;
        Ok(exported)
    }
}

//! Taking what is saved along: a file for the shell to save, and a paper for it to show.

use handrail_contract::{
    Problem,
    export::{ExportBundle, Exported},
    paper::{Paper, ShowPaper},
    place::SourceId,
};
use handrail_core::{
    activity::Deed,
    view::{self, Shelf},
};

use crate::{answers::Reply, engine::Engine};

impl Engine {
    /// Every row in full, of one place or of all.
    async fn whole_shelf(&self, source: Option<SourceId>) -> Result<Shelf, Problem> {
        let only = source.clone();
        let read = self.records(move |records| {
            let sources = records.sources()?;
            let kept = records.kept(only.as_ref())?.into();
            let hidden = records.settings()?.hidden();
            Ok(Shelf { sources, kept, hidden, ..Shelf::default() })
        });
        let shelf = read.await?;
        if source.is_some_and(|id| shelf.sources.iter().all(|it| it.id != id)) {
            return Err(Problem::Gone);
        }
        Ok(shelf)
    }
}

impl Reply<ExportBundle> for Engine {
    async fn reply(&self, question: ExportBundle) -> Result<Exported, Problem> {
        if question.private && !self.shows_private().await {
            return Err(Problem::NeedsPin);
        }
        let ExportBundle { source, private } = question;
        let shelf = self.whole_shelf(source.clone()).await?;
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

impl Reply<ShowPaper> for Engine {
    async fn reply(&self, question: ShowPaper) -> Result<Paper, Problem> {
        let shelf = self.whole_shelf(question.source.clone()).await?;
        self.blocking(move |ports| {
            let (now, zone) = (ports.clock.now(), ports.clock.time_zone());
            view::paper(&shelf, question.source.as_ref(), now, &zone)
        })
        .await
    }
}

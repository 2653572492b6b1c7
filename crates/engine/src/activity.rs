//! Writing down what the app did. Best effort: nothing fails because it could not be written down.

use handrail_contract::{
    Problem,
    activity::{Activity, ListActivity},
    place::{SourceId, SourceOutcome},
    report::{Report, ShowReport},
};
use handrail_core::{
    activity::{Deed, Logged, deed_of},
    view::{self, About},
};

use crate::{answers::Reply, engine::Engine};

impl Engine {
    /// Writes down one thing.
    pub(crate) async fn log(&self, source: Option<SourceId>, deed: Deed) {
        self.log_all(vec![Logged::now(self.now(), source, deed)]).await;
    }

    /// Writes down what came of looks.
    pub(crate) async fn log_looks(&self, looks: &[SourceOutcome]) {
        let now = self.now();
        let logged = looks
            .iter()
            .filter_map(|it| Some(Logged::now(now, Some(it.source.clone()), deed_of(it)?)));
        self.log_all(logged.collect()).await;
    }

    async fn log_all(&self, logged: Vec<Logged>) {
        if logged.is_empty() {
            return;
        }
        let written =
            self.records(move |records| logged.iter().try_for_each(|it| records.log(it))).await;
        if let Err(problem) = written {
            tracing::warn!(target: "store", %problem, "what was done was not written down");
        }
    }
}

impl Reply<ListActivity> for Engine {
    async fn reply(&self, _: ListActivity) -> Result<Activity, Problem> {
        let read = self.records(|records| Ok((records.logged()?, records.sources()?)));
        let (logged, sources) = read.await?;
        let clock = &self.0.ports.clock;
        Ok(view::activity(&logged, &sources, clock.now(), &clock.time_zone()))
    }
}

impl Reply<ShowReport> for Engine {
    async fn reply(&self, question: ShowReport) -> Result<Report, Problem> {
        let has_pin = self.has_pin().await?;
        let keys = self.0.key_place;
        let read = self.records(|records| Ok((records.settings()?, records.logged()?))).await?;
        self.list(move |shelf, now, zone| {
            let (settings, logged) = &read;
            let about = About {
                version: env!("CARGO_PKG_VERSION"),
                keys,
                has_pin,
                settings,
                logged,
                with_hosts: question.with_hosts,
            };
            view::report(shelf, &about, now, zone)
        })
        .await
    }
}

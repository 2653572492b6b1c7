//! What the person chose about the app: kept in the records, and followed from the next question on.

use handrail_contract::{
    Problem,
    settings::{ChangeSettings, HideTopic, ListTopics, Settings, ShowSettings, Topics},
};
use handrail_core::{settings, view};

use crate::{answers::Reply, engine::Engine};

impl Engine {
    /// Changes what is kept. Two changes at once are made one after the other.
    async fn set(&self, change: impl FnOnce(&mut settings::Settings)) -> Result<(), Problem> {
        let _turn = self.0.choosing.lock().await;
        let mut settings = self.records(|records| records.settings()).await?;
        change(&mut settings);
        self.records(move |records| records.put_settings(&settings)).await?;
        self.announce_change();
        Ok(())
    }
}

impl Reply<ShowSettings> for Engine {
    async fn reply(&self, _: ShowSettings) -> Result<Settings, Problem> {
        let settings = self.records(|records| records.settings()).await?;
        Ok(Settings {
            looks: settings.looks(),
            how_often: settings.how_often,
            tells_news: self.notices().map(|_| settings.tells_news),
            hidden_topics: u32::try_from(settings.hidden().len()).unwrap_or(u32::MAX),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }
}

impl Reply<ChangeSettings> for Engine {
    async fn reply(&self, question: ChangeSettings) -> Result<Settings, Problem> {
        self.set(|settings| settings.change(&question)).await?;
        Reply::reply(self, ShowSettings {}).await
    }
}

impl Reply<ListTopics> for Engine {
    async fn reply(&self, _: ListTopics) -> Result<Topics, Problem> {
        let settings = self.records(|records| records.settings()).await?;
        Ok(view::topics(&settings.hidden()))
    }
}

impl Reply<HideTopic> for Engine {
    async fn reply(&self, question: HideTopic) -> Result<Topics, Problem> {
        if view::is_topic(&question.code) {
            self.set(|settings| settings.hide(&question.code, question.hidden)).await?;
        }
        Reply::reply(self, ListTopics {}).await
    }
}

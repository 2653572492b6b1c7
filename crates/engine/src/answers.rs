//! What the engine answers to each question of the contract.

mod inbox;
mod pages;

pub(crate) use pages::read_page;

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use handrail_contract::{
    Problem, Question,
    act::{Act, ActKind, ActState, Acted},
    code::{CodeRead, ReadCode, ReadPicture},
    goal::{GoalPage, Goals, ListGoals, ShowGoal},
    history::{History, ShowHistory},
    partner::{ListPlaces, PlacesToChoose},
    place::{
        CheckNow, CheckOutcome, ConnectionPage, Connections, Disconnect, Disconnected,
        ListConnections, ShowConnection, SourceId,
    },
    private::{ListPrivate, Private},
    problem::Refusal,
    referral::{ListReferrals, ReferralPage, Referrals, ShowReferral},
    sign_in::{BeginSignIn, CancelSignIn, ReopenBrowser, ShowSignIn, SignIn, SignInAgain},
    today::{MarkSeen, ShowToday, Today},
    todo::{ListTodos, ShowTodo, TodoPage, Todos},
    with_every_question,
};
use handrail_core::{
    connect::{list_places, verdict},
    scan,
    settings::Settings,
    view::{self, PageRows, Shelf},
};

use crate::{
    check::Which,
    engine::{Engine, Ports, our_fault, records_problem},
    picture,
    places::load_brands,
    ports::{Records, RecordsError},
    sign_in::refusal_note,
};

/// An engine that can answer this question.
pub trait Answer<Q: Question> {
    /// Answers it.
    ///
    /// # Errors
    /// Why there is no answer, in terms of what the person can do about it.
    fn answer(&self, question: Q) -> impl Future<Output = Result<Q::Answer, Problem>> + Send;
}

/// How the engine answers a question that was let in.
pub(crate) trait Reply<Q: Question> {
    fn reply(&self, question: Q) -> impl Future<Output = Result<Q::Answer, Problem>> + Send;
}

/// The one way in, whatever the shell: while the app is locked, only what opens it is answered.
impl<Q: Question> Answer<Q> for Engine
where
    Self: Reply<Q>,
{
    async fn answer(&self, question: Q) -> Result<Q::Answer, Problem> {
        self.let_in::<Q>().await?;
        self.reply(question).await
    }
}

impl Engine {
    /// Answers a question that came as text: for shells whose pages speak JSON.
    ///
    /// # Errors
    /// The answer's own problem, or that the question is none we know.
    pub async fn ask(
        &self,
        command: &str,
        question: serde_json::Value,
    ) -> Result<serde_json::Value, Problem> {
        macro_rules! dispatch {
            ($($name:ident => $question:path,)*) => {
                match command {
                    $(stringify!($name) => {
                        let question: $question = serde_json::from_value(question)
                            .map_err(|_| our_fault(concat!("a malformed question: ", stringify!($name))))?;
                        let answer = Answer::answer(self, question).await?;
                        serde_json::to_value(answer).map_err(|_| our_fault("an answer is not JSON"))
                    })*
                    _ => Err(our_fault("an unknown question")),
                }
            };
        }
        with_every_question!(dispatch)
    }

    /// A list, of all places: what lists need is read once and shared.
    pub(crate) async fn list<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Shelf, jiff::Timestamp, &jiff::tz::TimeZone) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        self.note_question();
        let checking = self.checking().clone();
        let look = move |ports: &Ports| {
            let shelf = glance_at(&*ports.records, checking)?;
            Ok(look(&shelf, ports.clock.now(), &ports.clock.time_zone()))
        };
        self.blocking(look).await?.map_err(records_problem)
    }

    async fn judge(&self, read: Result<String, Refusal>) -> Result<CodeRead, Problem> {
        let sources = self.records(|records| records.sources()).await?;
        Ok(match read {
            Ok(text) => verdict(&text, &self.0.registry, &sources, self.0.policy),
            Err(reason) => refused(reason),
        })
    }
}

/// Everything there is to show, at a glance.
fn glance_at(records: &dyn Records, checking: BTreeSet<SourceId>) -> Result<Shelf, RecordsError> {
    let (sources, kept) = (records.sources()?, records.glances()?);
    let shelf = Shelf { sources, kept, outbox: records.acts(None)?, checking, ..Shelf::default() };
    Ok(on_shelf(&records.settings()?, shelf))
}

/// The shelf as the person chose to see it: without hidden topics, and with the looks they asked for.
fn on_shelf(settings: &Settings, mut shelf: Shelf) -> Shelf {
    for source in &mut shelf.sources {
        source.next_due_at = source.due_at(settings.how_often);
    }
    Shelf { hidden: settings.hidden(), ..shelf }
}

fn refused(reason: Refusal) -> CodeRead {
    CodeRead { note: Some(refusal_note(reason)), ..CodeRead::refused(reason) }
}

impl Reply<ReadCode> for Engine {
    async fn reply(&self, question: ReadCode) -> Result<CodeRead, Problem> {
        self.judge(Ok(question.text)).await
    }
}

impl Reply<ListPlaces> for Engine {
    async fn reply(&self, question: ListPlaces) -> Result<PlacesToChoose, Problem> {
        let engine = self.clone();
        let list = move |ports: &Ports| {
            let sources = ports.records.sources()?;
            let brands = engine.0.data.as_deref().map(load_brands).unwrap_or_default();
            let (registry, policy) = (&engine.0.registry, engine.0.policy);
            Ok(list_places(registry, &brands, &sources, &question.search, policy))
        };
        self.blocking(list).await?.map_err(records_problem)
    }
}

impl Reply<ReadPicture> for Engine {
    async fn reply(&self, question: ReadPicture) -> Result<CodeRead, Problem> {
        let policy = self.0.policy;
        let reading = self.blocking(move |_| {
            let bytes =
                STANDARD.decode(question.picture).map_err(|_| Refusal::UnreadablePicture)?;
            picture::read_picture(&bytes, policy)
        });
        let read = match tokio::time::timeout(picture::PATIENCE, reading).await {
            Ok(read) => read?,
            // The reader ends at the same time, but for what it is at.
            Err(_) => Err(Refusal::NoCodeInPicture),
        };
        self.judge(read).await
    }
}

impl Reply<BeginSignIn> for Engine {
    async fn reply(&self, question: BeginSignIn) -> Result<SignIn, Problem> {
        let invitation = scan::read_code(&question.text, self.0.policy)
            .map_err(|reason| Problem::Refused { reason })?;
        self.begin_sign_in(invitation, question.role).await
    }
}

impl Reply<SignInAgain> for Engine {
    async fn reply(&self, question: SignInAgain) -> Result<SignIn, Problem> {
        self.sign_in_again(&question.source).await
    }
}

impl Reply<ShowSignIn> for Engine {
    async fn reply(&self, question: ShowSignIn) -> Result<SignIn, Problem> {
        self.show_sign_in(&question.attempt)
    }
}

impl Reply<ReopenBrowser> for Engine {
    async fn reply(&self, question: ReopenBrowser) -> Result<SignIn, Problem> {
        self.reopen_browser(&question.attempt).await
    }
}

impl Reply<CancelSignIn> for Engine {
    async fn reply(&self, question: CancelSignIn) -> Result<SignIn, Problem> {
        self.cancel_sign_in(&question.attempt)
    }
}

impl Reply<ShowToday> for Engine {
    async fn reply(&self, _: ShowToday) -> Result<Today, Problem> {
        self.show_today().await
    }
}

impl Engine {
    async fn show_today(&self) -> Result<Today, Problem> {
        let today = self.list(view::today).await?;
        Ok(Today { sign_in: self.waiting_sign_in(), ..today })
    }
}

impl Reply<MarkSeen> for Engine {
    async fn reply(&self, question: MarkSeen) -> Result<Today, Problem> {
        let seen = move |records: &dyn Records| {
            let mut sources = records.sources()?;
            sources.retain(|source| source.role == question.role);
            let ids: Vec<SourceId> = sources.into_iter().map(|source| source.id).collect();
            records.mark_seen(&ids)
        };
        self.records(seen).await?;
        self.announce_change();
        self.show_today().await
    }
}

impl Reply<ListTodos> for Engine {
    async fn reply(&self, question: ListTodos) -> Result<Todos, Problem> {
        self.list(move |shelf, now, zone| view::todos(shelf, question.source.as_ref(), now, zone))
            .await
    }
}

impl Reply<ShowTodo> for Engine {
    async fn reply(&self, question: ShowTodo) -> Result<TodoPage, Problem> {
        self.thing(question.id, view::todo).await
    }
}

impl Reply<Act> for Engine {
    async fn reply(&self, question: Act) -> Result<Acted, Problem> {
        let asked_at = view::place_of(&question.id).filter(|_| question.act == ActKind::Ask);
        let acted = self.act(question).await?;
        // A question is a to-do of its own, which is here once the place was looked at. Whoever asked wants to see it;
        // that a look failed is the place's trouble and not theirs.
        if let Some(place) = asked_at.filter(|_| acted.state == ActState::Sent) {
            let _ = self.check(Which::One(place)).await;
        }
        Ok(acted)
    }
}

impl Reply<ListGoals> for Engine {
    async fn reply(&self, question: ListGoals) -> Result<Goals, Problem> {
        self.list(move |shelf, now, zone| view::goals(shelf, question.source.as_ref(), now, zone))
            .await
    }
}

impl Reply<ShowGoal> for Engine {
    async fn reply(&self, question: ShowGoal) -> Result<GoalPage, Problem> {
        self.thing(question.id, view::goal).await
    }
}

impl Reply<ListReferrals> for Engine {
    async fn reply(&self, question: ListReferrals) -> Result<Referrals, Problem> {
        self.list(move |shelf, now, zone| {
            view::referrals(shelf, question.source.as_ref(), now, zone)
        })
        .await
    }
}

impl Reply<ShowReferral> for Engine {
    async fn reply(&self, question: ShowReferral) -> Result<ReferralPage, Problem> {
        self.thing(question.id, view::referral).await
    }
}

impl Reply<ListPrivate> for Engine {
    async fn reply(&self, _: ListPrivate) -> Result<Private, Problem> {
        let behind_pin = self.has_pin().await?;
        if !self.shows_private().await {
            return Err(Problem::NeedsPin);
        }
        let private = self.list(view::private).await?;
        Ok(Private { behind_pin, ..private })
    }
}

impl Reply<ShowHistory> for Engine {
    async fn reply(&self, question: ShowHistory) -> Result<History, Problem> {
        self.note_question();
        let shelf = self.shelf_of(question.id.clone()).await?;
        let told = self.records(move |records| {
            let Some(rows) = view::history_rows(&shelf, &question.id) else { return Ok(None) };
            let mut earlier = BTreeMap::new();
            for (source, kind, id) in rows {
                let said = records.earlier(&source, &kind, &id)?;
                earlier.insert((source, kind, id), said);
            }
            Ok(Some((shelf, question.id, earlier)))
        });
        let (shelf, id, earlier) = told.await?.ok_or(Problem::Gone)?;
        self.blocking(move |ports| {
            view::history(&shelf, &id, &earlier, ports.clock.now(), &ports.clock.time_zone())
        })
        .await?
        .ok_or(Problem::Gone)
    }
}

impl Reply<ListConnections> for Engine {
    async fn reply(&self, _: ListConnections) -> Result<Connections, Problem> {
        let keys = self.0.key_place;
        self.list(move |shelf, now, zone| view::connections(shelf, keys, now, zone)).await
    }
}

impl Reply<ShowConnection> for Engine {
    async fn reply(&self, question: ShowConnection) -> Result<ConnectionPage, Problem> {
        let source = question.source.clone();
        self.page(
            move |shelf| PageRows::of_place(shelf, &source),
            move |shelf, now, zone| view::connection(shelf, &question.source, now, zone),
        )
        .await
    }
}

impl Reply<CheckNow> for Engine {
    async fn reply(&self, question: CheckNow) -> Result<CheckOutcome, Problem> {
        self.check(question.source.map_or(Which::All, Which::One)).await
    }
}

impl Reply<Disconnect> for Engine {
    async fn reply(&self, question: Disconnect) -> Result<Disconnected, Problem> {
        self.disconnect(question.source, question.erase).await
    }
}

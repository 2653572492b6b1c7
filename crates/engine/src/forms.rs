//! Questions one at a time, and drafts that outlive the process.
//!
//! In: what a page asks and saves. Out: the step to show; the answers, in the records; once the person sends them, the
//! answer to send.
//! Never: sends anything; that is another step, and the person's own.

use handrail_contract::{
    Problem, act,
    form::{FormPage, Given, RepeatGroup, SaveAnswer, ShowForm, Spot},
    words::ItemId,
};
use handrail_core::{
    act::Unfit,
    form::{KeptDraft, Moment},
    session::Source,
    view::{self, Desk, PageRows, Saved, Shelf},
};

use crate::{
    answers::Reply,
    engine::{Engine, Ports, records_problem},
    ports::RecordsError,
};

/// What a page does at a step.
enum Deed {
    Answer(Vec<Given>),
    Repeat { take_away: bool },
}

impl Engine {
    /// What a form is told of, unless it is private and nobody said who they are.
    async fn form_shelf(&self, todo: &ItemId) -> Result<Shelf, Problem> {
        let of = todo.clone();
        let shelf = self.shelf_for(move |shelf| PageRows::of_form(shelf, &of)).await?;
        self.let_see(shelf, todo).await
    }

    /// Reads, changes and writes one draft in one go, so that answers do not overtake one another.
    async fn change_draft(
        &self,
        todo: ItemId,
        at: Spot,
        lang: String,
        deed: Deed,
    ) -> Result<FormPage, Problem> {
        self.note_question();
        let (source, task) = view::read_todo_id(&todo).ok_or(Problem::Gone)?;
        let shelf = self.form_shelf(&todo).await?;
        let turn = self.0.drafts.clone().lock_owned().await;
        self.blocking(move |ports| {
            let _turn = turn;
            let (now, tz) = (ports.clock.now(), ports.clock.time_zone());
            let moment = Moment { at: now, tz: &tz };
            let kept = ports.records.draft(&source, &task).map_err(records_problem)?;
            let desk = view::open_form(&shelf, &todo, kept.map(|it| it.draft), &lang, moment)
                .ok_or(Problem::Gone)?;
            let saved = match deed {
                Deed::Answer(given) => desk.save(&at, &given, moment),
                Deed::Repeat { take_away } => desk.repeat(&at, take_away, moment),
            };
            match saved {
                Some(Saved::Draft(draft, page)) => {
                    let kept = KeptDraft { source, task, draft: *draft, saved_at: now };
                    ports.records.put_draft(&kept).map_err(records_problem)?;
                    Ok(*page)
                }
                Some(Saved::Not(page)) => Ok(*page),
                None => Err(Problem::Gone),
            }
        })
        .await?
    }

    /// The answer to send: built of what is kept on this device, or of what was written elsewhere.
    /// Whoever calls it holds the turn of the drafts until the answer is kept to be sent.
    pub(crate) async fn take_form(
        &self,
        todo: &ItemId,
        source: &Source,
        written: Option<act::Given>,
    ) -> Result<Result<act::Given, Unfit>, Problem> {
        let of = todo.clone();
        let shelf = self.shelf_for(move |shelf| PageRows::of_form(shelf, &of)).await?;
        let (todo, patient) = (todo.clone(), source.patient.clone());
        self.blocking(move |ports| {
            let tz = ports.clock.time_zone();
            let moment = Moment { at: ports.clock.now(), tz: &tz };
            // What is sent has their words as they wrote them.
            let desk = open(ports, &shelf, &todo, "", moment).map_err(records_problem)?;
            let Some(mut desk) = desk else { return Ok(Err(Unfit::AnswerMissing)) };
            let Some(patient) = patient else { return Ok(Err(Unfit::NotOffered)) };
            if let Some(act::Given::Form(response)) = written
                && let Err(why) = desk.take_response(&response)
            {
                return Ok(Err(why));
            }
            let response = desk.response(&format!("Patient/{patient}"), moment);
            Ok(response.map(|it| act::Given::Form(it.to_string())))
        })
        .await?
    }
}

fn open(
    ports: &Ports,
    shelf: &view::Shelf,
    todo: &ItemId,
    lang: &str,
    moment: Moment<'_>,
) -> Result<Option<Desk>, RecordsError> {
    let Some((source, task)) = view::read_todo_id(todo) else { return Ok(None) };
    let kept = ports.records.draft(&source, &task)?;
    Ok(view::open_form(shelf, todo, kept.map(|it| it.draft), lang, moment))
}

impl Reply<ShowForm> for Engine {
    async fn reply(&self, question: ShowForm) -> Result<FormPage, Problem> {
        self.note_question();
        let shelf = self.form_shelf(&question.todo).await?;
        self.blocking(move |ports| {
            let tz = ports.clock.time_zone();
            let moment = Moment { at: ports.clock.now(), tz: &tz };
            let desk = open(ports, &shelf, &question.todo, &question.lang, moment)
                .map_err(records_problem)?
                .ok_or(Problem::Gone)?;
            Ok(desk.show(question.at.as_ref(), moment))
        })
        .await?
    }
}

impl Reply<SaveAnswer> for Engine {
    async fn reply(&self, question: SaveAnswer) -> Result<FormPage, Problem> {
        let SaveAnswer { todo, at, given, lang } = question;
        self.change_draft(todo, at, lang, Deed::Answer(given)).await
    }
}

impl Reply<RepeatGroup> for Engine {
    async fn reply(&self, question: RepeatGroup) -> Result<FormPage, Problem> {
        let RepeatGroup { todo, at, take_away, lang } = question;
        self.change_draft(todo, at, lang, Deed::Repeat { take_away }).await
    }
}

//! Answers are kept as they are given, and are there in the next process.

#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::{path::Path, sync::Arc};

use handrail_contract::{
    Problem,
    form::{FormPage, FormStep, Given, SaveAnswer, ShowForm, Spot},
    place::{Role, SourceId},
    words::ItemId,
};
use handrail_core::{
    connect::Rotation,
    store::{Change, Kept},
};
use handrail_engine::{
    Answer as _, Engine,
    ports::Records as _,
    records::SqliteRecords,
    testing::{Habits, HandClock, World, assemble, connect},
    vault::{VaultFolder, XChaChaSnapshots},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

const HOST: &str = "elm.example.org";
const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn start(folder: &Path, world: &World, clock: &HandClock) -> (Engine, Arc<SqliteRecords>) {
    let vault = VaultFolder::open(folder, Zeroizing::new([7; 32]), XChaChaSnapshots).unwrap();
    let records = Arc::new(SqliteRecords::open(&folder.join("records.db"), &[7; 32]).unwrap());
    (assemble(world, clock, records.clone(), Arc::new(vault), 1), records)
}

fn keep(records: &SqliteRecords, source: &SourceId, kind: &str, id: &str, body: Value) {
    let facts = records.sources().unwrap().into_iter().find(|it| it.id == *source).unwrap();
    let kept = Kept {
        source: source.clone(),
        kind: kind.to_owned(),
        id: id.to_owned(),
        version: None,
        last_updated: None,
        body,
        first_seen_at: NOW,
        changed_at: NOW,
        seen: true,
        news: None,
    };
    records.apply(&facts, &[Change::Put(kept.write(Role::Patient))]).unwrap();
}

fn heading(page: &FormPage) -> Option<(Spot, String)> {
    match &page.step {
        FormStep::Question(question) => {
            Some((question.at.clone(), format!("{:?}", question.heading)))
        }
        _ => None,
    }
}

#[tokio::test]
async fn an_answer_is_there_in_the_next_process_and_gone_with_its_place() {
    let clock = HandClock::at(NOW);
    let world = World::new(&clock, [(HOST.to_owned(), Habits::of(Rotation::Strict))]);
    let folder = TempDir::new().unwrap();
    let (engine, records) = start(folder.path(), &world, &clock);
    let source = connect(&engine, world.invitation(HOST)).await.unwrap();
    let form = json!({ "resourceType": "Questionnaire", "id": "q", "url": "https://elm.example/q", "item": [
        { "linkId": "a", "type": "string", "text": "First?" }, { "linkId": "b", "type": "string", "text": "Second?" },
    ] });
    let task = json!({ "resourceType": "Task", "id": "t", "status": "ready",
        "code": { "coding": [{ "code": "complete-questionnaire" }] },
        "input": [{ "type": { "coding": [{ "code": "questionnaire" }] }, "valueCanonical": "https://elm.example/q" }] });
    keep(&records, &source, "Questionnaire", "q", form);
    keep(&records, &source, "Task", "t", task);
    let todo = ItemId(format!("todo:{source}:t"));
    let show = ShowForm { todo: todo.clone(), at: None, lang: "en".to_owned() };
    let first = engine.answer(show.clone()).await.unwrap();
    let (at, said) = heading(&first).unwrap();
    assert!(said.contains("First?"));

    let given = vec![Given::Text("yes, often".to_owned())];
    let save = SaveAnswer { todo, at: at.clone(), given: given.clone(), lang: "en".to_owned() };
    engine.answer(save).await.unwrap();
    drop((engine, records));
    let (engine, records) = start(folder.path(), &world, &clock);
    let next = engine.answer(show.clone()).await.unwrap();
    let again = engine.answer(ShowForm { at: Some(at), ..show.clone() }).await.unwrap();

    assert!(heading(&next).unwrap().1.contains("Second?"));
    let FormStep::Question(question) = again.step else { panic!("it is asked") };
    assert_eq!(question.given, given);
    records.erase_source(&source).unwrap();
    assert_eq!(records.draft(&source, "t").unwrap(), None);
    assert_eq!(engine.answer(show).await, Err(Problem::Gone));
}

//! What belongs together among the rows of one place: found once, and kept beside the rows as long as they stand.
//!
//! In: rows of one place, ordered by type and id, and the place's base. Out: positions of rows.
//! Never: a row of another place, and no health data but the names that rows give one another.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

use crate::{
    fhir::{
        FhirBase,
        element::{extensions, list, text},
        reference::read_here,
        task::{TaskRole, classify_task},
    },
    store::Kept,
};

/// Where a row stands among those of its place.
type At = u32;

/// Positions of rows by what they are asked for.
#[derive(Clone, Debug, Default)]
pub struct Links {
    names: Names,
    /// The person's own to-dos.
    pub todos: Vec<At>,
    pub goals: Vec<At>,
    pub requests: Vec<At>,
    pub referral_tasks: Vec<At>,
    /// ServiceRequests with the referral Tasks about them.
    tasks_by_request: Vec<(At, At)>,
    /// Tasks and ServiceRequests with the to-dos that belong to them.
    todos_by_parent: Vec<(At, At)>,
    /// Goals and Conditions, which need not be kept, with the ServiceRequests that name them.
    requests_by_reason: Vec<(Box<str>, Box<str>, At)>,
    questionnaires: Vec<(Box<str>, At)>,
}

impl Links {
    /// Goes through the rows once.
    pub fn find(rows: &[Kept], base: &FhirBase) -> Self {
        let mut links = Self { names: Names::of(rows), ..Self::default() };
        for (at, row) in (0..).zip(rows) {
            links.add(rows, at, row, base);
        }
        // Each list in the order of the rows, and nothing twice.
        links.tasks_by_request.sort_unstable();
        links.todos_by_parent.sort_unstable();
        links.todos_by_parent.dedup();
        links.requests_by_reason.sort_unstable();
        links.requests_by_reason.dedup();
        links.questionnaires.sort_unstable();
        links
    }

    fn add(&mut self, rows: &[Kept], at: At, row: &Kept, base: &FhirBase) {
        match &*row.kind {
            "Task" => self.add_task(rows, at, row, base),
            "Goal" => self.goals.push(at),
            "ServiceRequest" => {
                self.requests.push(at);
                let reasons = list(&row.body, "reasonReference").chain(
                    extensions(&row.body, "resource-pertainsToGoal")
                        .filter_map(|it| it.get("valueReference")),
                );
                let reasons = reasons.filter_map(|it| read_here(it, base));
                self.requests_by_reason
                    .extend(reasons.map(|(kind, id)| (kind.into(), id.into(), at)));
            }
            "Questionnaire" => {
                self.questionnaires.extend(text(&row.body, "url").map(|url| (url.into(), at)));
            }
            _ => {}
        }
    }

    fn add_task(&mut self, rows: &[Kept], at: At, row: &Kept, base: &FhirBase) {
        let here = |reference| read_here(reference, base);
        match classify_task(&row.body, base) {
            TaskRole::Staff => {}
            TaskRole::Referral => {
                self.referral_tasks.push(at);
                if let Some((kind @ "ServiceRequest", id)) = row.body.get("focus").and_then(here) {
                    let request = self.names.find(rows, kind, id);
                    self.tasks_by_request.extend(request.map(|request| (request, at)));
                }
            }
            TaskRole::ToDo => {
                self.todos.push(at);
                let parents = list(&row.body, "partOf")
                    .chain(list(&row.body, "basedOn"))
                    .chain(row.body.get("focus"))
                    .filter_map(here)
                    .filter(|(kind, _)| matches!(*kind, "Task" | "ServiceRequest"))
                    .filter_map(|(kind, id)| self.names.find(rows, kind, id));
                self.todos_by_parent.extend(parents.map(|parent| (parent, at)));
            }
        }
    }

    /// Where the row of this type and id stands. `rows` are those that these links were found among.
    pub fn position(&self, rows: &[Kept], kind: &str, id: &str) -> Option<At> {
        self.names.find(rows, kind, id)
    }

    /// The referral Tasks about the ServiceRequest at this position.
    pub fn tasks_about(&self, request: At) -> impl Iterator<Item = At> {
        pairs_of(&self.tasks_by_request, request)
    }

    /// The to-dos that belong to the Task or ServiceRequest at this position.
    pub fn todos_under(&self, parent: At) -> impl Iterator<Item = At> {
        pairs_of(&self.todos_by_parent, parent)
    }

    /// The ServiceRequests that name a Goal or Condition.
    pub fn requests_for(&self, kind: &str, id: &str) -> impl Iterator<Item = At> {
        let key = (kind, id);
        let begin = self.requests_by_reason.partition_point(|(kind, id, _)| (&**kind, &**id) < key);
        self.requests_by_reason[begin..]
            .iter()
            .take_while(move |(kind, id, _)| (&**kind, &**id) == key)
            .map(|(.., at)| *at)
    }

    /// The Questionnaires with this canonical address, whatever their version.
    pub fn questionnaires(&self, url: &str) -> impl Iterator<Item = At> {
        let begin = self.questionnaires.partition_point(|(it, _)| **it < *url);
        self.questionnaires[begin..]
            .iter()
            .take_while(move |(it, _)| **it == *url)
            .map(|(_, at)| *at)
    }
}

/// Positions by type and id, which stand in the rows alone. Servers choose ids, so how they are spread is not known to
/// them.
#[derive(Clone, Debug, Default)]
struct Names {
    spread: RandomState,
    table: HashTable<At>,
}

impl Names {
    fn of(rows: &[Kept]) -> Self {
        let spread = RandomState::new();
        let mut table = HashTable::with_capacity(rows.len());
        let hash = |row: &Kept| spread.hash_one((&*row.kind, &*row.id));
        for (at, row) in (0..).zip(rows) {
            table.insert_unique(hash(row), at, |at| hash(&rows[*at as usize]));
        }
        Self { spread, table }
    }

    fn find(&self, rows: &[Kept], kind: &str, id: &str) -> Option<At> {
        let is_it = |at: &At| {
            let row = &rows[*at as usize];
            row.id == id && row.kind == kind
        };
        self.table.find(self.spread.hash_one((kind, id)), is_it).copied()
    }
}

fn pairs_of(pairs: &[(At, At)], key: At) -> impl Iterator<Item = At> {
    let begin = pairs.partition_point(|(it, _)| *it < key);
    pairs[begin..].iter().take_while(move |(it, _)| *it == key).map(|(_, at)| *at)
}

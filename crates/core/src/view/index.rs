//! Everything on the shelf by what it is asked for: built once for an answer.

use std::collections::HashMap;

use handrail_contract::{
    place::{Place, Role, SourceId},
    words::ItemId,
};
use serde_json::Value;

use super::{Shelf, topic};
use crate::{
    fhir::{
        element::{extensions, list, text},
        reference::{Target, find_contained, read_here, read_target},
        task::{TaskRole, classify_task},
    },
    session::Source,
    store::Kept,
};

type Key<'a> = (&'a SourceId, &'a str, &'a str);

/// The shelf, with what belongs together found.
pub struct Index<'a> {
    pub shelf: &'a Shelf,
    sources: HashMap<&'a SourceId, &'a Source>,
    rows: HashMap<Key<'a>, &'a Kept>,
    /// The person's own to-dos.
    pub todos: Vec<&'a Kept>,
    pub goals: Vec<&'a Kept>,
    pub requests: Vec<&'a Kept>,
    pub referral_tasks: Vec<&'a Kept>,
    /// Referral Tasks by the ServiceRequest they are about.
    tasks_by_request: HashMap<(&'a SourceId, &'a str), Vec<&'a Kept>>,
    /// To-dos by the Task or ServiceRequest they belong to.
    todos_by_parent: HashMap<Key<'a>, Vec<&'a Kept>>,
    /// ServiceRequests by a Goal or Condition that they name.
    requests_by_reason: HashMap<Key<'a>, Vec<&'a Kept>>,
    questionnaires: HashMap<(&'a SourceId, &'a str), Vec<&'a Kept>>,
}

impl<'a> Index<'a> {
    /// Goes through the shelf once. Rows of places that are not connected as a patient stay out.
    pub fn new(shelf: &'a Shelf) -> Self {
        let sources: HashMap<&SourceId, &Source> = shelf
            .sources
            .iter()
            .filter(|source| source.role == Role::Patient)
            .map(|source| (&source.id, source))
            .collect();
        let mut index = Self {
            shelf,
            sources,
            rows: HashMap::with_capacity(shelf.kept.len()),
            todos: Vec::new(),
            goals: Vec::new(),
            requests: Vec::new(),
            referral_tasks: Vec::new(),
            tasks_by_request: HashMap::new(),
            todos_by_parent: HashMap::new(),
            requests_by_reason: HashMap::new(),
            questionnaires: HashMap::new(),
        };
        for row in shelf.kept.iter() {
            index.add(row);
        }
        index
    }

    fn add(&mut self, row: &'a Kept) {
        let Some(source) = self.sources.get(&row.source).copied() else { return };
        self.rows.insert((&row.source, &row.kind, &row.id), row);
        match &*row.kind {
            "Task" => self.add_task(row, source),
            "Goal" => self.goals.push(row),
            "ServiceRequest" => {
                self.requests.push(row);
                let reasons = list(&row.body, "reasonReference").chain(
                    extensions(&row.body, "resource-pertainsToGoal")
                        .filter_map(|it| it.get("valueReference")),
                );
                for (kind, id) in reasons.filter_map(|it| read_here(it, &source.base)) {
                    let rows = self.requests_by_reason.entry((&row.source, kind, id)).or_default();
                    if !rows.iter().any(|it| it.id == row.id) {
                        rows.push(row);
                    }
                }
            }
            "Questionnaire" => {
                if let Some(url) = text(&row.body, "url") {
                    self.questionnaires.entry((&row.source, url)).or_default().push(row);
                }
            }
            _ => {}
        }
    }

    fn add_task(&mut self, row: &'a Kept, source: &'a Source) {
        let here = |reference| read_here(reference, &source.base);
        match classify_task(&row.body, &source.base) {
            TaskRole::Staff => {}
            TaskRole::Referral => {
                self.referral_tasks.push(row);
                if let Some(("ServiceRequest", id)) = row.body.get("focus").and_then(here) {
                    self.tasks_by_request.entry((&row.source, id)).or_default().push(row);
                }
            }
            TaskRole::ToDo => {
                self.todos.push(row);
                let parents = list(&row.body, "partOf")
                    .chain(list(&row.body, "basedOn"))
                    .chain(row.body.get("focus"))
                    .filter_map(here)
                    .filter(|(kind, _)| matches!(*kind, "Task" | "ServiceRequest"));
                for (kind, id) in parents {
                    self.todos_by_parent.entry((&row.source, kind, id)).or_default().push(row);
                }
            }
        }
    }

    /// The place a row came from. Rows in the lists come from places that are there.
    pub fn source(&self, id: &SourceId) -> Option<&'a Source> {
        self.sources.get(id).copied()
    }

    /// One kept resource.
    pub fn row(&self, source: &SourceId, kind: &str, id: &str) -> Option<&'a Kept> {
        self.rows.get(&(source, kind, id)).copied()
    }

    /// What a reference in `owner` leads to: something kept of the same place, or something inside `owner`.
    pub fn follow(&self, owner: &'a Kept, reference: &'a Value) -> Option<(&'a str, &'a Value)> {
        let source = self.source(&owner.source)?;
        match read_target(reference, &source.base)? {
            Target::Here { kind, id } => {
                self.row(&owner.source, kind, id).map(|row| (&*row.kind, &row.body))
            }
            Target::Contained { id } => {
                let inside = find_contained(&owner.body, id)?;
                Some((text(inside, "resourceType")?, inside))
            }
            Target::Elsewhere { .. } => None,
        }
    }

    /// The kept row that a reference in `owner` leads to.
    pub fn follow_row(&self, owner: &'a Kept, reference: &'a Value) -> Option<&'a Kept> {
        let source = self.source(&owner.source)?;
        let (kind, id) = read_here(reference, &source.base)?;
        self.row(&owner.source, kind, id)
    }

    /// The referral Tasks about a ServiceRequest.
    pub fn tasks_about(&self, request: &'a Kept) -> &[&'a Kept] {
        self.tasks_by_request.get(&(&request.source, &*request.id)).map_or(&[], Vec::as_slice)
    }

    /// The to-dos that belong to a Task or ServiceRequest.
    pub fn todos_under(&self, parent: &'a Kept) -> &[&'a Kept] {
        let key: Key<'a> = (&parent.source, &parent.kind, &parent.id);
        self.todos_by_parent.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The ServiceRequests that name a Goal or Condition.
    pub fn requests_for(&self, source: &'a SourceId, kind: &'a str, id: &'a str) -> &[&'a Kept] {
        self.requests_by_reason.get(&(source, kind, id)).map_or(&[], Vec::as_slice)
    }

    /// A Questionnaire by its canonical address, or by a reference.
    pub fn questionnaire(&self, owner: &Kept, canonical: &str) -> Option<&'a Kept> {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (canonical, None),
        };
        let versions = self.questionnaires.get(&(&owner.source, url));
        let exact = versions.and_then(|rows| {
            rows.iter().find(|row| version.is_none() || text(&row.body, "version") == version)
        });
        exact.or_else(|| versions.and_then(|rows| rows.first())).copied().or_else(|| {
            let id = url.rsplit('/').next()?;
            self.row(&owner.source, "Questionnaire", id)
        })
    }

    /// The place, as every row names it.
    pub fn place(&self, id: &SourceId) -> Place {
        let (name, hue) =
            self.source(id).map_or((id.0.clone(), 1), |source| (source.name.clone(), source.hue));
        Place { source: id.clone(), name, hue }
    }

    /// Whether a to-do belongs to something that is hidden from the start.
    pub fn is_private_todo(&self, todo: &'a Kept) -> bool {
        self.parents_of(todo).any(|parent| match &*parent.kind {
            "ServiceRequest" => topic::is_private(&parent.body),
            _ => self.is_private_referral_task(parent),
        })
    }

    /// Whether a referral Task is about something that is hidden from the start.
    pub fn is_private_referral_task(&self, task: &'a Kept) -> bool {
        task.body
            .get("focus")
            .and_then(|focus| self.follow(task, focus))
            .is_some_and(|(_, request)| topic::is_private(request))
    }

    /// What a to-do belongs to: Tasks and ServiceRequests, two steps up.
    pub fn parents_of(&self, todo: &'a Kept) -> impl Iterator<Item = &'a Kept> {
        let mut found: Vec<&'a Kept> = Vec::new();
        let mut at = vec![todo];
        for _ in 0..2 {
            let next: Vec<&'a Kept> = at
                .iter()
                .flat_map(|row| {
                    list(&row.body, "partOf")
                        .chain(list(&row.body, "basedOn"))
                        .chain(row.body.get("focus"))
                        .filter_map(|reference| self.follow_row(row, reference))
                })
                .filter(|row| matches!(&*row.kind, "Task" | "ServiceRequest"))
                .collect();
            found.extend(next.iter().copied());
            at = next;
        }
        found.into_iter()
    }
}

/// Names a row: `todo:SOURCE:ID`.
pub fn item_id(what: &str, source: &SourceId, id: &str) -> ItemId {
    ItemId(format!("{what}:{source}:{id}"))
}

/// Reads the name of a row back.
pub fn parse_item_id(id: &ItemId, what: &str) -> Option<(SourceId, String)> {
    let rest = id.0.strip_prefix(what)?.strip_prefix(':')?;
    let (source, id) = rest.rsplit_once(':')?;
    Some((SourceId(source.to_owned()), id.to_owned()))
}

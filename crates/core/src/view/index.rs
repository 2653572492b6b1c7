//! Everything on the shelf by what it is asked for: built once for an answer.

use std::{collections::BTreeMap, sync::Arc};

use handrail_contract::{
    place::{Place, Role, SourceId},
    words::ItemId,
};
use serde_json::Value;

use super::{Shelf, topic};
use crate::{
    fhir::{
        element::{list, text},
        reference::{Target, find_contained, read_here, read_target},
    },
    session::Source,
    store::{Kept, Links},
};

/// The shelf, with what belongs together found.
pub struct Index<'a> {
    pub shelf: &'a Shelf,
    /// Lists tell of hidden things alone.
    private: bool,
    places: Vec<Shelved<'a>>,
    /// The person's own to-dos.
    pub todos: Vec<&'a Kept>,
    pub goals: Vec<&'a Kept>,
    pub requests: Vec<&'a Kept>,
    pub referral_tasks: Vec<&'a Kept>,
}

/// One place with its rows.
struct Shelved<'a> {
    source: &'a Source,
    rows: &'a [Kept],
    links: Arc<Links>,
    /// Rows of a page, whole, by type and id. They stand for their short forms.
    whole: BTreeMap<(&'a str, &'a str), &'a Kept>,
}

impl<'a> Shelved<'a> {
    fn at(&self, at: u32) -> &'a Kept {
        let row = &self.rows[at as usize];
        if self.whole.is_empty() { row } else { self.whole_of(&row.kind, &row.id).unwrap_or(row) }
    }

    fn whole_of(&self, kind: &str, id: &str) -> Option<&'a Kept> {
        self.whole.get(&(kind, id)).copied()
    }

    fn row(&self, kind: &str, id: &str) -> Option<&'a Kept> {
        let short = || self.links.position(self.rows, kind, id).map(|at| &self.rows[at as usize]);
        if self.whole.is_empty() { short() } else { self.whole_of(kind, id).or_else(short) }
    }
}

impl<'a> Index<'a> {
    /// Puts together what is known of each place. Rows of places that are not connected as a patient stay out.
    pub fn new(shelf: &'a Shelf) -> Self {
        Self::of(shelf, Role::Patient)
    }

    /// The same, for lists of what is hidden.
    pub fn private(shelf: &'a Shelf) -> Self {
        Self { private: true, ..Self::new(shelf) }
    }

    /// The same for the places that are connected in this role.
    pub fn of(shelf: &'a Shelf, role: Role) -> Self {
        let mut index = Self {
            shelf,
            private: false,
            places: Vec::new(),
            todos: Vec::new(),
            goals: Vec::new(),
            requests: Vec::new(),
            referral_tasks: Vec::new(),
        };
        for source in shelf.sources.iter().filter(|source| source.role == role) {
            let found = shelf.kept.places().find(|(id, _)| **id == source.id);
            let (rows, links) = found
                .map_or((&[][..], Arc::default()), |(_, it)| (it.rows(), it.links(&source.base)));
            let own = shelf.whole.iter().filter(|row| row.source == source.id);
            let whole = own.map(|row| ((&*row.kind, &*row.id), row)).collect();
            let place = Shelved { source, rows, links, whole };
            let all = |at: &[u32]| at.iter().map(|at| place.at(*at)).collect::<Vec<_>>();
            index.todos.extend(all(&place.links.todos));
            index.goals.extend(all(&place.links.goals));
            index.requests.extend(all(&place.links.requests));
            index.referral_tasks.extend(all(&place.links.referral_tasks));
            index.places.push(place);
        }
        index
    }

    fn shelved(&self, id: &SourceId) -> Option<&Shelved<'a>> {
        self.places.iter().find(|place| place.source.id == *id)
    }

    /// The place a row came from. Rows in the lists come from places that are there.
    pub fn source(&self, id: &SourceId) -> Option<&'a Source> {
        self.shelved(id).map(|place| place.source)
    }

    /// What a page reads whole of a place; where there is no page, everything that is kept of it.
    pub fn rows(&self, source: &SourceId) -> Vec<&'a Kept> {
        match self.shelved(source) {
            Some(place) if place.whole.is_empty() => place.rows.iter().collect(),
            Some(place) => place.whole.values().copied().collect(),
            None => Vec::new(),
        }
    }

    /// One kept resource.
    pub fn row(&self, source: &SourceId, kind: &str, id: &str) -> Option<&'a Kept> {
        self.shelved(source)?.row(kind, id)
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
    pub fn tasks_about(&self, request: &Kept) -> Vec<&'a Kept> {
        self.linked(request, |links, at| links.tasks_about(at).collect())
    }

    /// The to-dos that belong to a Task or ServiceRequest.
    pub fn todos_under(&self, parent: &Kept) -> Vec<&'a Kept> {
        self.linked(parent, |links, at| links.todos_under(at).collect())
    }

    fn linked(&self, row: &Kept, find: impl Fn(&Links, u32) -> Vec<u32>) -> Vec<&'a Kept> {
        let Some(place) = self.shelved(&row.source) else { return Vec::new() };
        // Mostly it is one of the rows itself, whose place needs no search; an earlier version is not.
        let here = place.rows.element_offset(row).and_then(|at| u32::try_from(at).ok());
        let Some(at) = here.or_else(|| place.links.position(place.rows, &row.kind, &row.id)) else {
            return Vec::new();
        };
        find(&place.links, at).into_iter().map(|at| place.at(at)).collect()
    }

    /// The ServiceRequests that name a Goal or Condition.
    pub fn requests_for(&self, source: &SourceId, kind: &str, id: &str) -> Vec<&'a Kept> {
        let Some(place) = self.shelved(source) else { return Vec::new() };
        place.links.requests_for(kind, id).map(|at| place.at(at)).collect()
    }

    /// A Questionnaire by its canonical address, or by a reference.
    pub fn questionnaire(&self, owner: &Kept, canonical: &str) -> Option<&'a Kept> {
        let (url, version) = match canonical.split_once('|') {
            Some((url, version)) => (url, Some(version)),
            None => (canonical, None),
        };
        let place = self.shelved(&owner.source)?;
        let versions = || place.links.questionnaires(url).map(|at| place.at(at));
        let exact =
            versions().find(|row| version.is_none() || text(&row.body, "version") == version);
        exact.or_else(|| versions().next()).or_else(|| {
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

    /// Whether a to-do belongs to something that is hidden.
    pub fn is_hidden_todo(&self, todo: &'a Kept) -> bool {
        self.parents_of(todo).any(|parent| match &*parent.kind {
            "ServiceRequest" => self.is_hidden_request(parent),
            _ => self.is_hidden_referral_task(parent),
        })
    }

    /// Whether a referral Task is about something that is hidden.
    fn is_hidden_referral_task(&self, task: &'a Kept) -> bool {
        task.body
            .get("focus")
            .and_then(|focus| self.follow(task, focus))
            .is_some_and(|(_, request)| topic::is_hidden(request, &self.shelf.hidden))
    }

    /// Whether a ServiceRequest is about something that is hidden.
    pub fn is_hidden_request(&self, request: &Kept) -> bool {
        topic::is_hidden(&request.body, &self.shelf.hidden)
    }

    /// Whether a Goal is about something that is hidden, by its own word or by a request for it.
    pub fn is_hidden_goal(&self, goal: &Kept) -> bool {
        topic::is_hidden(&goal.body, &self.shelf.hidden)
            || self
                .requests_for(&goal.source, "Goal", &goal.id)
                .into_iter()
                .any(|request| topic::is_hidden(&request.body, &self.shelf.hidden))
    }

    /// Whether a list tells of what is hidden, or of all the rest.
    pub fn lists(&self, is_hidden: bool) -> bool {
        is_hidden == self.private
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

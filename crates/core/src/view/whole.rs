//! Which rows the page of one thing is told of whole, where lists are told of short forms.
//!
//! In: glances of everything, then the rows that were read so far. Out: the keys of those to read whole.
//! Never: everything that is kept of a place.

use std::collections::HashSet;

use handrail_contract::{
    place::{Role, SourceId},
    words::ItemId,
};

use super::{
    Shelf, inbox,
    index::{Index, parse_item_id},
    place, referral,
};
use crate::{
    act::SERVICE,
    fetch::{Found, Wanted, find_wanted},
    fhir::FhirBase,
    store::{Kept, KindAndId},
};

/// The rows of one page, gathered step by step: what it is about, what that names, what these name in turn.
pub struct PageRows<'a> {
    index: Index<'a>,
    place: SourceId,
    base: &'a FhirBase,
    role: Role,
    kinds: &'static [&'static str],
    /// To be read next.
    wanted: Vec<KindAndId>,
    seen: HashSet<KindAndId>,
    rows: Vec<Kept>,
}

impl<'a> PageRows<'a> {
    /// A thing's page. `None`: it is not there.
    pub fn of_thing(shelf: &'a Shelf, id: &ItemId) -> Option<Self> {
        let what = id.0.split_once(':')?.0;
        let (place, name) = parse_item_id(id, what)?;
        let own = Index::new(shelf);
        match what {
            "todo" => {
                let todo = own.row(&place, "Task", &name)?;
                Self::begin(own, place, &[], &[todo])
            }
            "goal" => {
                let goal = own.row(&place, "Goal", &name)?;
                Self::begin(own, place, &[], &[goal])
            }
            "referral" => {
                let referral = referral::find(&own, id)?;
                let mut rows: Vec<&Kept> = referral.todos(&own);
                let asked = referral.request.into_iter();
                rows.extend(asked.flat_map(|it| [vec![it], own.tasks_about(it)].concat()));
                rows.extend(referral.tasks);
                Self::begin(own, place, &[], &rows)
            }
            _ => {
                let staff = Index::of(shelf, Role::Organization);
                let rows = inbox::rows_of(&staff, id)?;
                // What was done for others can be recorded as done for this one, each service may say what room it has,
                // and each form can be asked for.
                Self::begin(staff, place, &["Procedure", SERVICE, "Questionnaire"], &rows)
            }
        }
    }

    /// The form of a to-do: its answers may have been begun with another app. `None`: it is not there.
    pub fn of_form(shelf: &'a Shelf, todo: &ItemId) -> Option<Self> {
        Some(Self { kinds: &["QuestionnaireResponse"], ..Self::of_thing(shelf, todo)? })
    }

    /// A connection's page. `None`: there is no such place.
    pub fn of_place(shelf: &'a Shelf, id: &SourceId) -> Option<Self> {
        let source = shelf.sources.iter().find(|it| it.id == *id)?;
        let index = Index::of(shelf, source.role);
        match source.role {
            Role::Patient => {
                let named = place::own_requesters(&index, source).into_iter();
                let rows: Vec<&Kept> =
                    named.filter_map(|(row, it)| index.follow_row(row, it)).collect();
                Self::begin(index, id.clone(), &[], &rows)
            }
            Role::Organization => Self::begin(index, id.clone(), &[SERVICE, "Organization"], &[]),
        }
    }

    fn begin(
        index: Index<'a>,
        place: SourceId,
        kinds: &'static [&'static str],
        rows: &[&Kept],
    ) -> Option<Self> {
        let source = index.source(&place)?;
        let wanted = rows.iter().map(|row| (row.kind.clone(), row.id.clone())).collect();
        let (seen, rows) = (HashSet::new(), Vec::new());
        Some(Self {
            base: &source.base,
            role: source.role,
            index,
            place,
            kinds,
            wanted,
            seen,
            rows,
        })
    }

    /// The place that all of them are of.
    pub fn place(&self) -> &SourceId {
        &self.place
    }

    /// Kinds of which the page needs every row of its place. To be read first.
    pub fn kinds(&self) -> &'static [&'static str] {
        self.kinds
    }

    /// What is to be read next. Empty: that is all.
    pub fn take_wanted(&mut self) -> Vec<KindAndId> {
        let seen = &mut self.seen;
        std::mem::take(&mut self.wanted)
            .into_iter()
            .filter(|key| seen.insert(key.clone()))
            .collect()
    }

    /// Takes what was read.
    pub fn took(&mut self, rows: Vec<Kept>) {
        self.seen.extend(rows.iter().map(|row| (row.kind.clone(), row.id.clone())));
        let named = rows.iter().flat_map(|row| {
            let found = find_wanted(self.role, &row.kind, &row.body, self.base);
            found.into_iter().filter_map(|it| self.key_of(row, it)).collect::<Vec<_>>()
        });
        let named: Vec<KindAndId> = named.collect();
        self.wanted.extend(named);
        self.rows.extend(rows);
    }

    fn key_of(&self, row: &Kept, found: Found) -> Option<KindAndId> {
        match found {
            Found::Wanted(Wanted::Read { kind, id }) => Some((kind, id)),
            Found::Wanted(Wanted::Options { id, .. }) => Some(("ValueSet".to_owned(), id)),
            Found::Wanted(Wanted::Canonical { url, version, .. }) => {
                let canonical = version.map_or_else(|| url.clone(), |it| format!("{url}|{it}"));
                let form = self.index.questionnaire(row, &canonical)?;
                Some((form.kind.clone(), form.id.clone()))
            }
            Found::Elsewhere { .. } => None,
        }
    }

    /// Everything that was read.
    pub fn into_rows(self) -> Vec<Kept> {
        self.rows
    }
}

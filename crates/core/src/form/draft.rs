//! What was answered so far: the form's tree, with a place for every repetition.

use std::collections::BTreeMap;

use handrail_contract::place::SourceId;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::{Answer, Form};

/// The shape of drafts that this build writes.
const VERSION: u32 = 1;
/// Repetitions of one item.
pub const MOST_SLOTS: usize = 100;

/// Answers under their link ids.
pub type Slots = BTreeMap<String, Vec<Slot>>;

/// What is answered of a form. Answers to questions that are not asked any more stay in it, and are not sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    #[serde(deserialize_with = "read_version")]
    version: u32,
    /// The canonical address of the form.
    pub form: String,
    pub slots: Slots,
}

/// One answer of a question, or one repetition of a group, and what is nested in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub slots: Slots,
}

/// An item, and which of its repetitions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    pub link: String,
    pub index: usize,
}

/// The way from the top of the form to one item: the groups and answers around it, then its own link id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Path {
    pub around: Vec<Spot>,
    pub link: String,
}

/// A draft, and which to-do it belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptDraft {
    pub source: SourceId,
    /// The id of the Task.
    pub task: String,
    pub draft: Draft,
    pub saved_at: Timestamp,
}

fn read_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    match u32::deserialize(deserializer)? {
        VERSION => Ok(VERSION),
        _ => Err(D::Error::custom("a draft of another version")),
    }
}

impl Draft {
    /// A draft without answers.
    pub fn empty(form: &Form) -> Self {
        Self { version: VERSION, form: form.canonical.clone(), slots: Slots::new() }
    }

    /// What is under a path's item. Nothing is made.
    pub fn under(&self, around: &[Spot]) -> Option<&Slots> {
        around.iter().try_fold(&self.slots, |slots, spot| {
            slots.get(&spot.link)?.get(spot.index).map(|slot| &slot.slots)
        })
    }

    /// The answers or repetitions of the item at a path.
    pub fn at(&self, path: &Path) -> &[Slot] {
        self.under(&path.around).and_then(|slots| slots.get(&path.link)).map_or(&[], Vec::as_slice)
    }

    /// The answers at a path.
    pub fn answers(&self, path: &Path) -> impl Iterator<Item = &Answer> + use<'_> {
        self.at(path).iter().filter_map(|slot| slot.answer.as_ref())
    }

    /// Puts answers in the place of those at a path. What is nested in an answer that stays, stays.
    pub fn put(&mut self, path: &Path, answers: Vec<Answer>) {
        let Some(slots) = self.make(&path.around) else { return };
        let old = slots.remove(&path.link).unwrap_or_default();
        if answers.is_empty() {
            return;
        }
        let only_one = answers.len() == 1 && old.len() == 1;
        let mut old = old;
        let new = answers
            .into_iter()
            .take(MOST_SLOTS)
            .map(|answer| {
                let before = old.iter().position(|slot| {
                    slot.answer.as_ref().is_some_and(|it| it.is_same(&answer)) || only_one
                });
                let nested = before.map(|place| old.swap_remove(place).slots).unwrap_or_default();
                Slot { answer: Some(answer), slots: nested }
            })
            .collect();
        slots.insert(path.link.clone(), new);
    }

    /// Adds a repetition of a group. The first is there without being written down.
    pub fn add_group(&mut self, path: &Path) {
        let Some(slots) = self.make(&path.around) else { return };
        let group = slots.entry(path.link.clone()).or_default();
        if group.is_empty() {
            group.push(Slot::default());
        }
        if group.len() < MOST_SLOTS {
            group.push(Slot::default());
        }
    }

    /// Takes a repetition of a group away, and what was answered in it.
    pub fn remove_group(&mut self, path: &Path, index: usize) {
        let Some(slots) = self.make(&path.around) else { return };
        if let Some(group) = slots.get_mut(&path.link)
            && index < group.len()
        {
            group.remove(index);
            if group.is_empty() {
                slots.remove(&path.link);
            }
        }
    }

    /// The slots under a way down, made where a group was not written down yet.
    fn make(&mut self, around: &[Spot]) -> Option<&mut Slots> {
        let mut slots = &mut self.slots;
        for spot in around {
            let here = slots.entry(spot.link.clone()).or_default();
            if spot.index >= MOST_SLOTS {
                return None;
            }
            while here.len() <= spot.index {
                here.push(Slot::default());
            }
            slots = &mut here[spot.index].slots;
        }
        Some(slots)
    }
}

impl Path {
    /// An item at the top of the form.
    pub fn top(link: &str) -> Self {
        Self { around: Vec::new(), link: link.to_owned() }
    }

    /// The same item, as a place that others are nested in.
    pub fn spot(&self, index: usize) -> Vec<Spot> {
        let mut around = self.around.clone();
        around.push(Spot { link: self.link.clone(), index });
        around
    }
}

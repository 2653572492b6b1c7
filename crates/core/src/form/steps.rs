//! One question a step: which there are, what is said before each, and how far the person is.

use std::collections::BTreeSet;

use super::{Item, Kind, Look, Path, Spot, check::check_question};

/// A question, as a step of its own.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    pub item: &'a Item,
    pub path: Path,
    /// What the group around it is called.
    pub group: Option<&'a str>,
    /// Texts that stand before it in the form.
    pub said: Vec<&'a str>,
    pub stand: Stand,
    /// The repeating group it is in: where it stands, which repetition, of how many.
    pub repetition: Option<Repetition>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Open,
    Answered,
    /// Something about its answer has to be mended.
    Faulty,
    /// Not to be answered in this app.
    Elsewhere,
}

/// One repetition of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repetition {
    pub group: Path,
    pub index: usize,
    pub count: usize,
    /// The last question of the last repetition: from here another can be begun.
    pub is_last: bool,
}

/// All steps, and what is said after the last.
#[derive(Clone, Debug, Default)]
pub struct Steps<'a> {
    pub steps: Vec<Step<'a>>,
    pub closing: Vec<&'a str>,
    /// Answers that were worked out.
    pub worked_out: Vec<(&'a Item, Path)>,
}

/// The questions to ask, in order. `failed`: calculations that the person has to make.
pub fn list_steps<'a>(look: &'a Look<'a>, failed: &BTreeSet<String>) -> Steps<'a> {
    let mut found = Steps::default();
    look.walk(&mut |item, path, slots| {
        if item.hidden || path.around.iter().any(|spot| is_hidden(look, spot)) {
            return;
        }
        match item.kind {
            Kind::Group => {}
            Kind::Display => {
                let in_a_question = path
                    .around
                    .last()
                    .and_then(|spot| look.form.find(&spot.link))
                    .is_some_and(Item::is_question);
                // A plain text in a question was taken as its help already.
                if !in_a_question || item.enable.is_some() {
                    found.closing.extend(item.text.as_deref());
                }
            }
            _ if item.is_asked() || (failed.contains(&item.link) && !item.read_only) => {
                let stand = if !item.can_be_asked() {
                    Stand::Elsewhere
                } else if !check_question(look, item, path).is_empty() && !slots.is_empty() {
                    Stand::Faulty
                } else if slots.is_empty() {
                    Stand::Open
                } else {
                    Stand::Answered
                };
                found.steps.push(Step {
                    item,
                    path: path.clone(),
                    group: group_of(look, path),
                    said: std::mem::take(&mut found.closing),
                    stand,
                    repetition: repetition_of(look, path),
                });
            }
            _ => found.worked_out.push((item, path.clone())),
        }
    });
    mark_last(&mut found.steps);
    found
}

fn is_hidden(look: &Look<'_>, spot: &Spot) -> bool {
    look.form.find(&spot.link).is_some_and(|item| item.hidden)
}

fn group_of<'a>(look: &'a Look<'a>, path: &Path) -> Option<&'a str> {
    path.around.iter().rev().find_map(|spot| {
        let item = look.form.find(&spot.link)?;
        (item.kind == Kind::Group).then_some(item.text.as_deref()).flatten()
    })
}

fn repetition_of(look: &Look<'_>, path: &Path) -> Option<Repetition> {
    let depth = path.around.iter().rposition(|spot| {
        look.form.find(&spot.link).is_some_and(|item| item.kind == Kind::Group && item.repeats)
    })?;
    let spot = &path.around[depth];
    let group = Path { around: path.around[..depth].to_vec(), link: spot.link.clone() };
    let count = look.draft.at(&group).len().max(1);
    Some(Repetition { group, index: spot.index, count, is_last: false })
}

fn mark_last(steps: &mut [Step<'_>]) {
    for place in 0..steps.len() {
        let after = steps.get(place + 1).and_then(|step| step.repetition.clone());
        if let Some(repetition) = &mut steps[place].repetition {
            let goes_on = after.is_some_and(|after| after.group == repetition.group);
            repetition.is_last = repetition.index + 1 == repetition.count && !goes_on;
        }
    }
}

//! One to-do, goal or referral in a list.

use handrail_contract::{
    goal::{GoalRow, Linked},
    inbox::InboxRow,
    referral::ReferralRow,
    todo::TodoRow,
    words::{Chip, Icon, ItemId, Phrase, Tone},
};
use yew::prelude::*;

use super::{
    Leads, LinkButton, Row, draw_chips, draw_from, draw_tile, draw_words, long_list::InList,
    plain_text,
};
use crate::{
    route::Route,
    text::{say, t},
};

impl InList for TodoRow {
    fn id(&self) -> &ItemId {
        &self.id
    }

    fn draw(&self) -> Html {
        Row {
            title: draw_words(&self.title),
            leads: Leads::To(Route::item(&self.id)),
            lead: draw_tile(self.icon),
            sub: Some(draw_from(&self.place)),
            chips: draw_chips(self.chips.iter().chain(&new_chip(self.is_new))),
            ..Row::default()
        }
        .draw()
    }
}

impl InList for ReferralRow {
    fn id(&self) -> &ItemId {
        &self.id
    }

    fn draw(&self) -> Html {
        draw_referral(self)
    }
}

/// A goal that is over.
impl InList for GoalRow {
    fn id(&self) -> &ItemId {
        &self.id
    }

    fn draw(&self) -> Html {
        Row {
            title: draw_words(&self.title),
            leads: Leads::To(Route::item(&self.id)),
            lead: draw_tile(self.icon),
            sub: Some(draw_from(&self.place)),
            chips: draw_chips([&self.chip]),
            is_new: self.is_new,
            ..Row::default()
        }
        .draw()
    }
}

impl InList for InboxRow {
    fn id(&self) -> &ItemId {
        &self.id
    }

    fn draw(&self) -> Html {
        draw_request(self, false)
    }
}

/// A request beside the page of one.
#[derive(Clone, PartialEq, Eq)]
pub struct BesideRow {
    pub row: InboxRow,
    pub is_current: bool,
}

impl InList for BesideRow {
    fn id(&self) -> &ItemId {
        &self.row.id
    }

    fn draw(&self) -> Html {
        draw_request(&self.row, self.is_current)
    }
}

/// A request to an organization. That the person must not be contacted is its first label.
fn draw_request(row: &InboxRow, is_current: bool) -> Html {
    let changed = row.changed.clone().map(|it| Chip::ours(Tone::Plain, Icon::Bell, it));
    let person = row
        .person
        .as_ref()
        .map(|name| html! { <><span lang="">{ name.clone() }</span>{ ". " }</> });
    Row {
        title: draw_words(&row.title),
        leads: Leads::To(Route::item(&row.id)),
        lead: draw_tile(row.icon),
        sub: Some(html! {<>
            { person.unwrap_or_default() }{ say(&row.line) }
            <br />
            { draw_from(&row.place) }
        </>}),
        chips: draw_chips(row.chips.iter().chain(&changed)),
        is_current,
        ..Row::default()
    }
    .draw()
}

/// A referral in a list.
pub fn draw_referral(row: &ReferralRow) -> Html {
    Row {
        title: draw_words(&row.title),
        leads: Leads::To(Route::item(&row.id)),
        lead: draw_tile(row.icon),
        sub: Some(html! { say(&row.line) }),
        chips: html! {<>
            { draw_chips(row.chips.iter().chain(&new_chip(row.is_new))) }
            { draw_from(&row.place) }
        </>},
        ..Row::default()
    }
    .draw()
}

/// A goal that is still open, as a card of its own.
pub fn draw_goal_card(row: &GoalRow) -> Html {
    let label =
        Phrase::new("goals-open-one-label").with("goal", plain_text(&row.title).to_string());
    let open = LinkButton {
        href: Route::item(&row.id).href(),
        label: t("goals-open-one"),
        aria_label: Some(say(&label)),
        ..LinkButton::default()
    };
    html! {
        <article class="card" key={row.id.0.clone()}>
            { draw_chips(goal_chips(row).iter().chain(&new_chip(row.is_new))) }
            <div class="group group--tight">
                <h2>{ draw_words(&row.title) }</h2>
                <p>{ draw_from(&row.place) }</p>
            </div>
            { draw_steps_bar(row) }
            { row.target_line.as_ref().map(|line| html! { <p class="small muted">{ say(line) }</p> }).unwrap_or_default() }
            { open.draw() }
        </article>
    }
}

/// Topic and state of a goal.
pub fn goal_chips(row: &GoalRow) -> [Chip; 2] {
    let topic = Chip { tone: Tone::Plain, icon: row.icon, words: row.topic.clone() };
    [topic, row.chip.clone()]
}

/// How many of the steps that help are done; nothing where none are linked.
pub fn draw_steps_bar(row: &GoalRow) -> Html {
    let Some(steps) = row.steps else { return Html::default() };
    let line = Phrase::new("goal-steps-done")
        .with("done", i64::from(steps.done))
        .with("of", i64::from(steps.of));
    let id = format!("steps-{}", row.id);
    html! {
        <div class="group group--tight">
            <label class="small" for={id.clone()}>{ say(&line) }</label>
            <progress class="progress" {id} max={steps.of.to_string()} value={steps.done.to_string()}>
                { format!("{}/{}", steps.done, steps.of) }
            </progress>
        </div>
    }
}

/// Something that belongs to the thing on the page.
pub fn draw_linked(linked: &Linked) -> Html {
    let done =
        linked.done.then(|| Chip::ours(Tone::Done, Icon::Check, Phrase::new("goal-step-done")));
    Row {
        title: draw_words(&linked.title),
        leads: Leads::To(Route::item(&linked.id)),
        lead: draw_tile(linked.icon),
        sub: Some(html! { say(&linked.about) }),
        chips: draw_chips(&done),
        ..Row::default()
    }
    .draw()
}

/// What marks a row that was not seen yet.
fn new_chip(is_new: bool) -> Option<Chip> {
    is_new.then(|| Chip::ours(Tone::Plain, Icon::Bell, Phrase::new("new-chip")))
}

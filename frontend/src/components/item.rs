//! One to-do, goal or referral in a list.

use handrail_contract::{
    goal::{GoalRow, Linked},
    referral::ReferralRow,
    todo::TodoRow,
    words::{Chip, Icon, Phrase, Tone},
};
use yew::prelude::*;

use super::{Chips, From, LinkButton, Row, Said, Tile, plain_text};
use crate::{
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct TodoItemProps {
    pub row: TodoRow,
}

/// A to-do in a list.
#[component]
pub fn TodoItem(props: &TodoItemProps) -> Html {
    let row = &props.row;
    html! {
        <Row
            href={Route::item(&row.id).href()}
            lead={html! { <Tile icon={row.icon} /> }}
            title={html! { <Said words={row.title.clone()} /> }}
            sub={html! { <From place={row.place.clone()} /> }}
            chips={html! { <Chips chips={with_new(&row.chips, row.is_new)} /> }}
        />
    }
}

#[derive(Properties, PartialEq)]
pub struct ReferralItemProps {
    pub row: ReferralRow,
}

/// A referral in a list.
#[component]
pub fn ReferralItem(props: &ReferralItemProps) -> Html {
    let row = &props.row;
    html! {
        <Row
            href={Route::item(&row.id).href()}
            lead={html! { <Tile icon={row.icon} /> }}
            title={html! { <Said words={row.title.clone()} /> }}
            sub={html! { say(&row.line) }}
            chips={html! {<>
                <Chips chips={with_new(&row.chips, row.is_new)} />
                <From place={row.place.clone()} />
            </>}}
        />
    }
}

#[derive(Properties, PartialEq)]
pub struct GoalCardProps {
    pub row: GoalRow,
}

/// A goal that is still open, as a card of its own.
#[component]
pub fn GoalCard(props: &GoalCardProps) -> Html {
    let row = &props.row;
    let label =
        Phrase::new("goals-open-one-label").with("goal", plain_text(&row.title).to_string());
    html! {
        <article class="card">
            <Chips chips={with_new(&goal_chips(row), row.is_new)} />
            <div class="group group--tight">
                <h2><Said words={row.title.clone()} /></h2>
                <p><From place={row.place.clone()} /></p>
            </div>
            <StepsBar row={row.clone()} />
            { for row.target_line.as_ref().map(|line| html! { <p class="small muted">{ say(line) }</p> }) }
            <LinkButton
                href={Route::item(&row.id).href()}
                label={t("goals-open-one")}
                aria_label={say(&label)}
            />
        </article>
    }
}

/// Topic and state of a goal.
pub fn goal_chips(row: &GoalRow) -> Vec<Chip> {
    let topic = Chip { tone: Tone::Plain, icon: row.icon, words: row.topic.clone() };
    vec![topic, row.chip.clone()]
}

/// How many of the steps that help are done; nothing where none are linked.
#[component]
pub fn StepsBar(props: &GoalCardProps) -> Html {
    let Some(steps) = props.row.steps else { return Html::default() };
    let line = Phrase::new("goal-steps-done")
        .with("done", i64::from(steps.done))
        .with("of", i64::from(steps.of));
    let id = format!("steps-{}", props.row.id);
    html! {
        <div class="group group--tight">
            <label class="small" for={id.clone()}>{ say(&line) }</label>
            <progress class="progress" {id} max={steps.of.to_string()} value={steps.done.to_string()}>
                { format!("{}/{}", steps.done, steps.of) }
            </progress>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub struct LinkedRowProps {
    pub linked: Linked,
}

/// Something that belongs to the thing on the page.
#[component]
pub fn LinkedRow(props: &LinkedRowProps) -> Html {
    let linked = &props.linked;
    let done = Chip::ours(Tone::Done, Icon::Check, Phrase::new("goal-step-done"));
    let chips = if linked.done { vec![done] } else { Vec::new() };
    html! {
        <Row
            href={Route::item(&linked.id).href()}
            lead={html! { <Tile icon={linked.icon} /> }}
            title={html! { <Said words={linked.title.clone()} /> }}
            sub={html! { say(&linked.about) }}
            chips={html! { <Chips {chips} /> }}
        />
    }
}

/// The chips of a row, with one more where it was not seen yet.
fn with_new(chips: &[Chip], is_new: bool) -> Vec<Chip> {
    let new = is_new.then(|| Chip::ours(Tone::Plain, Icon::Bell, Phrase::new("new-chip")));
    chips.iter().cloned().chain(new).collect()
}

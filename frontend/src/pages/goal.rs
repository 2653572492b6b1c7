//! One goal: how far it is, and what helps.

use handrail_contract::{
    goal::{GoalPage as Goal, ShowGoal},
    words::{Icon, ItemId, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::show_whole;
use crate::{
    components::{
        Bar, Chips, Facts, From, Heading, LinkedRow, List, NoteBox, Page, Said, StepsBar,
        TheirWords, goal_chips,
    },
    hooks::use_answer,
    route::Route,
    text::t,
};

#[derive(Properties, PartialEq)]
pub struct GoalPageProps {
    pub id: ItemId,
}

#[component]
pub fn GoalPage(props: &GoalPageProps) -> Html {
    let answered = use_answer(ShowGoal { id: props.id.clone() });

    html! {
        <Page title={t("goal-title")} bar={Bar::back(Route::Goals, t("goals-title"))}>
            { show_whole(&answered, draw) }
        </Page>
    }
}

fn draw(goal: &Goal) -> Html {
    let Goal { row, facts, steps, notes } = goal;
    let writer = AttrValue::from(row.place.name.clone());
    let change = Note {
        tone: Tone::Plain,
        icon: Icon::Phone,
        heading: Phrase::new("goal-change-heading"),
        body: Phrase::new("goal-change-body"),
    };
    html! {<>
        <div class="group">
            <Chips chips={goal_chips(row)} />
            <div class="group group--tight">
                <Heading><Said words={row.title.clone()} /></Heading>
                <p><From place={row.place.clone()} /></p>
            </div>
        </div>
        if row.steps.is_some() || !facts.is_empty() {
            <section class="card">
                <StepsBar row={row.clone()} />
                <Facts facts={facts.clone()} />
            </section>
        }
        if !steps.is_empty() {
            <section class="group">
                <h2>{ t("goal-steps") }</h2>
                <List rows={steps.iter().map(|linked| html! { <LinkedRow linked={linked.clone()} /> }).collect::<Vec<_>>()} />
            </section>
        }
        if !notes.is_empty() {
            <section class="group">
                <h2>{ t("goal-notes") }</h2>
                { for notes.iter().map(|words| html! { <TheirWords words={words.clone()} writer={writer.clone()} /> }) }
            </section>
        }
        <NoteBox note={change} />
    </>}
}

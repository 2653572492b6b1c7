//! One goal: how far it is, and what helps.

use handrail_contract::{
    goal::{GoalPage as Goal, ShowGoal},
    words::{Icon, ItemId, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::show_whole;
use crate::{
    components::{
        Bar, Heading, Page, draw_chips, draw_facts, draw_from, draw_linked, draw_note, draw_rows,
        draw_section, draw_steps_bar, draw_their_words, draw_words, goal_chips,
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
        <Page title={t("goal-page-title")} bar={Bar::back(Route::Goals, t("goals-title"))}>
            { show_whole(&answered, draw) }
        </Page>
    }
}

fn draw(goal: &Goal) -> Html {
    let Goal { row, facts, steps, notes } = goal;
    let change = Note {
        tone: Tone::Plain,
        icon: Icon::Phone,
        heading: Phrase::new("goal-change-heading"),
        body: Phrase::new("goal-change-body"),
    };
    let theirs = |words| draw_their_words(words, &row.place.name);
    html! {<>
        <div class="group">
            { draw_chips(&goal_chips(row)) }
            <div class="group group--tight">
                <Heading>{ draw_words(&row.title) }</Heading>
                <p>{ draw_from(&row.place) }</p>
            </div>
        </div>
        if row.steps.is_some() || !facts.is_empty() {
            <section class="card">
                { draw_steps_bar(row) }
                { draw_facts(facts) }
            </section>
        }
        { draw_rows(t("goal-steps"), steps.iter().map(draw_linked)) }
        if !notes.is_empty() {
            { draw_section(t("goal-notes"), notes.iter().map(theirs).collect()) }
        }
        { draw_note(&change) }
    </>}
}

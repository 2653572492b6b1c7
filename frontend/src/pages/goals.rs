//! All goals: the open ones as cards, the others as rows.

use handrail_contract::goal::{Goals, ListGoals};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, Heading, Page, Picture, PlaceFilter, Tab, draw_check_line, draw_empty,
        draw_goal_card, draw_long_rows, draw_note,
    },
    hooks::{Answered, use_answer},
    text::t,
};

#[component]
pub fn GoalsPage() -> Html {
    let source = use_state(|| None);
    let answered = use_answer(ListGoals { source: (*source).clone() });
    let running = matches!(&answered, Answered::Given(goals) if goals.checked.running);
    let on_choose = {
        let source = source.setter();
        Callback::from(move |chosen| source.set(chosen))
    };

    html! {
        <Page title={t("goals-title")} tab={Tab::Goals}>
            <div class="head">
                <div class="group group--tight">
                    <Heading>{ t("goals-heading") }</Heading>
                    <p class="muted">{ t("goals-lead") }</p>
                </div>
                <CheckButton {running} />
            </div>
            <PlaceFilter chosen={(*source).clone()} {on_choose} />
            { show_part(&answered, draw) }
        </Page>
    }
}

fn draw(goals: &Goals) -> Html {
    let Goals { open, reached, ended, notes, checked } = goals;
    html! {<>
        if open.is_empty() && reached.is_empty() && ended.is_empty() {
            { draw_empty(Picture::AllWell, t("goals-empty-heading"), Some(t("goals-empty-body"))) }
        } else if open.is_empty() {
            { draw_empty(Picture::AllWell, t("goals-none-open-heading"), None) }
        }
        { open.iter().map(draw_goal_card).collect::<Html>() }
        { draw_long_rows(t("goals-reached"), reached) }
        { draw_long_rows(t("goals-ended"), ended) }
        { notes.iter().map(draw_note).collect::<Html>() }
        { draw_check_line(checked) }
    </>}
}

//! All goals: the open ones as cards, the others as rows.

use handrail_contract::goal::{GoalRow, Goals, ListGoals};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, Heading, Leads, Page, Picture, PlaceFilter, Row, Tab, draw_check_line,
        draw_chips, draw_empty, draw_from, draw_goal_card, draw_note, draw_rows, draw_tile,
        draw_words,
    },
    hooks::{Answered, use_answer},
    route::Route,
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
        { draw_rows(t("goals-reached"), reached.iter().map(draw_row)) }
        { draw_rows(t("goals-ended"), ended.iter().map(draw_row)) }
        { notes.iter().map(draw_note).collect::<Html>() }
        { draw_check_line(checked) }
    </>}
}

/// A goal that is over.
fn draw_row(row: &GoalRow) -> Html {
    Row {
        title: draw_words(&row.title),
        leads: Leads::To(Route::item(&row.id)),
        lead: draw_tile(row.icon),
        sub: Some(draw_from(&row.place)),
        chips: draw_chips([&row.chip]),
        is_new: row.is_new,
    }
    .draw()
}

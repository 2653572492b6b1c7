//! All goals: the open ones as cards, the others as rows.

use handrail_contract::goal::{GoalRow, Goals, ListGoals};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, CheckLine, Chips, Empty, From, GoalCard, Heading, List, NoteBox, Page,
        Picture, PlaceFilter, Row, Said, Tab, Tile,
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
            <Empty picture={Picture::AllWell}>
                <h2>{ t("goals-empty-heading") }</h2>
                <p class="muted">{ t("goals-empty-body") }</p>
            </Empty>
        } else if open.is_empty() {
            <Empty picture={Picture::AllWell}><h2>{ t("goals-none-open-heading") }</h2></Empty>
        }
        { for open.iter().map(|row| html! { <GoalCard key={row.id.0.clone()} row={row.clone()} /> }) }
        { draw_group(t("goals-reached"), reached) }
        { draw_group(t("goals-ended"), ended) }
        { for notes.iter().map(|note| html! { <NoteBox note={note.clone()} /> }) }
        <CheckLine checked={checked.clone()} />
    </>}
}

fn draw_group(title: AttrValue, goals: &[GoalRow]) -> Html {
    if goals.is_empty() {
        return Html::default();
    }
    let row = |row: &GoalRow| {
        html! {
            <Row
                href={Route::item(&row.id).href()}
                lead={html! { <Tile icon={row.icon} /> }}
                title={html! { <Said words={row.title.clone()} /> }}
                sub={html! { <From place={row.place.clone()} /> }}
                chips={html! { <Chips chips={vec![row.chip.clone()]} /> }}
                is_new={row.is_new}
            />
        }
    };
    html! {
        <section class="group">
            <h2>{ title }</h2>
            <List rows={goals.iter().map(row).collect::<Vec<_>>()} />
        </section>
    }
}

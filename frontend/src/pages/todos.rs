//! All to-dos: your turn, paused, done.

use handrail_contract::{
    todo::{ListTodos, TodoRow, Todos},
    words::Phrase,
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, Heading, Page, Picture, PlaceFilter, PressButton, Tab, Weight,
        draw_check_line, draw_empty, draw_long_list, draw_long_rows, draw_note, draw_section,
    },
    hooks::{Answered, use_answer},
    text::{say, t},
};

/// How many done to-dos show before the rest is asked for.
const DONE_AT_FIRST: usize = 3;

#[component]
pub fn TodosPage() -> Html {
    let source = use_state(|| None);
    let answered = use_answer(ListTodos { source: (*source).clone() });
    let running = matches!(&answered, Answered::Given(todos) if todos.checked.running);
    let on_choose = {
        let source = source.setter();
        Callback::from(move |chosen| source.set(chosen))
    };

    html! {
        <Page title={t("todos-title")} tab={Tab::Todos}>
            <div class="head">
                <Heading>{ t("todos-heading") }</Heading>
                <CheckButton {running} />
            </div>
            <PlaceFilter chosen={(*source).clone()} {on_choose} />
            { show_part(&answered, draw) }
        </Page>
    }
}

fn draw(todos: &Todos) -> Html {
    let Todos { your_turn, paused, done, notes, checked } = todos;
    let is_empty = your_turn.is_empty() && paused.is_empty() && done.is_empty();
    html! {<>
        if is_empty {
            { draw_empty(Picture::AllWell, t("todos-empty-heading"), Some(t("todos-empty-body"))) }
        } else if your_turn.is_empty() {
            { draw_empty(Picture::AllWell, t("todos-all-done-heading"), None) }
        }
        { draw_long_rows(t("todos-your-turn"), your_turn) }
        { draw_long_rows(t("todos-paused"), paused) }
        if !done.is_empty() {
            <DoneTodos rows={done.clone()} />
        }
        { notes.iter().map(draw_note).collect::<Html>() }
        { draw_check_line(checked) }
    </>}
}

#[derive(Properties, PartialEq)]
struct DoneTodosProps {
    rows: Vec<TodoRow>,
}

/// To-dos that are over: the latest, and the older ones when asked for.
#[component]
fn DoneTodos(props: &DoneTodosProps) -> Html {
    let shows_all = use_state(|| false);
    let limit = if *shows_all { usize::MAX } else { DONE_AT_FIRST };
    let older = props.rows.len().saturating_sub(limit);
    let rows = draw_long_list(&props.rows[..limit.min(props.rows.len())]);
    let show_all = {
        let shows_all = shows_all.setter();
        Callback::from(move |_: MouseEvent| shows_all.set(true))
    };
    let more = (older > 0).then(|| {
        let label = say(&Phrase::new("todos-older").with("count", older as i64));
        let (weight, onclick) = (Weight::Text, show_all);
        PressButton { label, weight, onclick, ..PressButton::default() }.draw()
    });
    draw_section(t("todos-done"), html! {<>{ rows }{ more.unwrap_or_default() }</>})
}

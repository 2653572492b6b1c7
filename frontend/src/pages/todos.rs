//! All to-dos: your turn, paused, done.

use handrail_contract::{
    todo::{ListTodos, TodoRow, Todos},
    words::Phrase,
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, CheckLine, Empty, Heading, List, NoteBox, Page, Picture, PlaceFilter,
        PressButton, Tab, TodoItem, Weight,
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
            <Empty picture={Picture::AllWell}>
                <h2>{ t("todos-empty-heading") }</h2>
                <p class="muted">{ t("todos-empty-body") }</p>
            </Empty>
        } else if your_turn.is_empty() {
            <Empty picture={Picture::AllWell}><h2>{ t("todos-all-done-heading") }</h2></Empty>
        }
        <Group title={t("todos-your-turn")} rows={your_turn.clone()} />
        <Group title={t("todos-paused")} rows={paused.clone()} />
        <Group title={t("todos-done")} rows={done.clone()} at_first={DONE_AT_FIRST} />
        { for notes.iter().map(|note| html! { <NoteBox note={note.clone()} /> }) }
        <CheckLine checked={checked.clone()} />
    </>}
}

#[derive(Properties, PartialEq)]
struct GroupProps {
    title: AttrValue,
    rows: Vec<TodoRow>,
    #[prop_or(usize::MAX)]
    at_first: usize,
}

/// To-dos of one kind; nothing where there are none.
#[component]
fn Group(props: &GroupProps) -> Html {
    let shows_all = use_state(|| false);
    if props.rows.is_empty() {
        return Html::default();
    }
    let limit = if *shows_all { usize::MAX } else { props.at_first };
    let rows: Vec<_> =
        props.rows.iter().take(limit).map(|row| html! { <TodoItem row={row.clone()} /> }).collect();
    let older = props.rows.len() - rows.len();
    let onclick = {
        let shows_all = shows_all.setter();
        Callback::from(move |_: MouseEvent| shows_all.set(true))
    };
    html! {
        <section class="group">
            <h2>{ props.title.clone() }</h2>
            <List {rows} />
            if older > 0 {
                <PressButton
                    label={say(&Phrase::new("todos-older").with("count", older as i64))}
                    weight={Weight::Text}
                    {onclick}
                />
            }
        </section>
    }
}

//! One to-do: who asks, what for, and how to do it.

use handrail_contract::{
    todo::{Material, ShowTodo, TodoPage as Todo},
    words::{ItemId, Words},
};
use yew::prelude::*;

use super::show_whole;
use crate::{
    components::{
        Bar, Heading, Leads, Page, Row, draw_chips, draw_contact, draw_facts, draw_from, draw_note,
        draw_rows, draw_section, draw_their_words, draw_tile, draw_words,
    },
    hooks::use_answer,
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct TodoPageProps {
    pub id: ItemId,
}

#[component]
pub fn TodoPage(props: &TodoPageProps) -> Html {
    let answered = use_answer(ShowTodo { id: props.id.clone() });

    html! {
        <Page title={t("todo-page-title")} bar={Bar::back(Route::Todos, t("todos-title"))}>
            { show_whole(&answered, draw) }
        </Page>
    }
}

fn draw(todo: &Todo) -> Html {
    let Todo { row, facts, message, questions, contacts, materials, outcome, note, .. } = todo;
    let theirs = |words| draw_their_words(words, &row.place.name);
    html! {<>
        <div class="group">
            { draw_chips(&row.chips) }
            <div class="group group--tight">
                <Heading>{ draw_words(&row.title) }</Heading>
                <p>{ draw_from(&row.place) }</p>
            </div>
        </div>
        { note.as_ref().map(draw_note).unwrap_or_default() }
        { draw_facts(facts) }
        { message.as_ref().map(theirs).unwrap_or_default() }
        { draw_rows(t("todo-they-ask"), questions.iter().map(draw_question)) }
        { draw_rows(t("todo-materials"), materials.iter().map(draw_material)) }
        if !outcome.is_empty() {
            { draw_section(t("todo-outcome"), outcome.iter().map(theirs).collect()) }
        }
        { draw_rows(t("todo-contacts"), contacts.iter().map(draw_contact)) }
    </>}
}

fn draw_question(words: &Words) -> Html {
    Row { title: draw_words(words), ..Row::default() }.draw()
}

fn draw_material(material: &Material) -> Html {
    let link = material.link.clone().filter(|link| link.starts_with("https://"));
    Row {
        title: draw_words(&material.title),
        sub: Some(html! { say(&material.about) }),
        lead: draw_tile(material.icon),
        leads: link.map_or(Leads::Nowhere, |link| Leads::Beside(link.into())),
        ..Row::default()
    }
    .draw()
}

//! One to-do: who asks, what for, and how to do it.

use handrail_contract::{
    todo::{Material, ShowTodo, TodoPage as Todo},
    words::{ItemId, Words},
};
use yew::prelude::*;

use super::show_whole;
use crate::{
    components::{
        Bar, Chips, ContactRows, Facts, From, Heading, List, NoteBox, Page, Row, Said, TheirWords,
        Tile,
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
        <Page title={t("todo-title")} bar={Bar::back(Route::Todos, t("todos-title"))}>
            { show_whole(&answered, draw) }
        </Page>
    }
}

fn draw(todo: &Todo) -> Html {
    let Todo { row, facts, message, questions, contacts, materials, outcome, note } = todo;
    let writer = AttrValue::from(row.place.name.clone());
    html! {<>
        <div class="group">
            <Chips chips={row.chips.clone()} />
            <div class="group group--tight">
                <Heading><Said words={row.title.clone()} /></Heading>
                <p><From place={row.place.clone()} /></p>
            </div>
        </div>
        { for note.clone().map(|note| html! { <NoteBox {note} /> }) }
        <Facts facts={facts.clone()} />
        { for message.clone().map(|words| html! { <TheirWords {words} writer={writer.clone()} /> }) }
        if !questions.is_empty() {
            <section class="group">
                <h2>{ t("todo-they-ask") }</h2>
                <List rows={questions.iter().map(draw_question).collect::<Vec<_>>()} />
            </section>
        }
        if !materials.is_empty() {
            <section class="group">
                <h2>{ t("todo-materials") }</h2>
                <List rows={materials.iter().map(draw_material).collect::<Vec<_>>()} />
            </section>
        }
        if !outcome.is_empty() {
            <section class="group">
                <h2>{ t("todo-outcome") }</h2>
                { for outcome.iter().map(|words| html! { <TheirWords words={words.clone()} writer={writer.clone()} /> }) }
            </section>
        }
        if !contacts.is_empty() {
            <section class="group">
                <h2>{ t("todo-contacts") }</h2>
                <ContactRows contacts={contacts.clone()} />
            </section>
        }
    </>}
}

fn draw_question(words: &Words) -> Html {
    html! { <Row title={html! { <Said words={words.clone()} /> }} /> }
}

fn draw_material(material: &Material) -> Html {
    let link = material.link.clone().filter(|link| link.starts_with("https://"));
    html! {
        <Row
            lead={html! { <Tile icon={material.icon} /> }}
            title={html! { <Said words={material.title.clone()} /> }}
            sub={html! { say(&material.about) }}
            href={link.map(AttrValue::from)}
            outside=true
        />
    }
}

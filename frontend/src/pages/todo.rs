//! One to-do: who asks, what for, how to do it, and what can be done to it now.

use handrail_contract::{
    act::{ActKind, ActOffer, AnswerKind, Given},
    place::CheckNow,
    sign_in::SignInAgain,
    todo::{Material, ShowTodo, TodoPage as Todo},
    words::{Icon, ItemId, Note, Phrase, Words},
};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    act::{ActSheet, draw_way_on},
    show_whole,
};
use crate::{
    components::{
        Bar, Heading, Leads, LinkButton, Page, PressButton, Row, Weight, draw_chips, draw_contact,
        draw_facts, draw_from, draw_icon, draw_note, draw_rows, draw_section, draw_sending_note,
        draw_their_words, draw_tile, draw_words, use_check,
    },
    hooks::{Answered, Deed, use_answer, use_sign_in_again},
    picture,
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
    // What the person wrote, once they wrote something.
    let answer = use_state(|| None::<Given>);
    let chosen = use_state(|| None::<ActKind>);
    let check = use_check();
    let sign_in = use_sign_in_again();

    let mut sheet = None;
    let mut actions = None;
    if let Answered::Given(todo) = &answered {
        let given = given_of(todo, &answer);
        let place = AttrValue::from(todo.row.place.name.clone());
        if let Some(offer) = todo.acts.iter().find(|offer| Some(offer.act) == *chosen) {
            let on_close = {
                let chosen = chosen.setter();
                Callback::from(move |()| chosen.set(None))
            };
            let answer = given.clone().filter(|_| offer.answer.is_some());
            let (id, offer) = (props.id.clone(), offer.clone());
            sheet = Some(html! { <ActSheet {id} {place} {offer} {answer} {on_close} /> });
        }
        actions = draw_actions(todo, given.is_some(), &chosen);
    }
    html! {
        <Page
            title={t("todo-page-title")}
            bar={Bar::back(Route::Todos, t("todos-title"))}
            {actions}
            {sheet}
        >
            { show_whole(&answered, |todo| draw(todo, &answer, &chosen, &check, &sign_in)) }
        </Page>
    }
}

/// The answer as it stands: what was just written, else what did not get there before.
fn given_of(todo: &Todo, answer: &Option<Given>) -> Option<Given> {
    match answer {
        Some(Given::Words(text)) if text.trim().is_empty() => None,
        Some(given) => Some(given.clone()),
        None => todo.written.clone().map(Given::Words),
    }
}

/// The buttons at the bottom: the work itself, and that it is begun.
fn draw_actions(
    todo: &Todo,
    has_answer: bool,
    chosen: &UseStateHandle<Option<ActKind>>,
) -> Option<Html> {
    let main = |offer: &ActOffer| {
        if offer.answer == Some(AnswerKind::Form) {
            return LinkButton {
                href: Route::Form { id: todo.row.id.0.clone() }.href(),
                label: say(&offer.label),
                weight: Weight::Main,
                icon: Some(Icon::PenLine),
                ..LinkButton::default()
            }
            .draw();
        }
        let first = if offer.answer == Some(AnswerKind::Pdf) {
            t("todo-file-first")
        } else {
            t("todo-answer-first")
        };
        let is_work = offer.act == ActKind::Finish;
        PressButton {
            label: say(&offer.label),
            weight: if is_work { Weight::Main } else { Weight::Edge },
            not_now: (offer.needs_answer && !has_answer).then_some(first),
            onclick: press(chosen, offer.act),
            ..PressButton::default()
        }
        .draw()
    };
    let buttons: Vec<Html> = [ActKind::Finish, ActKind::Start]
        .iter()
        .filter_map(|act| todo.acts.iter().find(|offer| offer.act == *act))
        .map(main)
        .collect();
    (!buttons.is_empty()).then(|| html! {<>{ for buttons }</>})
}

fn press(chosen: &UseStateHandle<Option<ActKind>>, act: ActKind) -> Callback<MouseEvent> {
    let chosen = chosen.setter();
    Callback::from(move |_| chosen.set(Some(act)))
}

fn draw(
    todo: &Todo,
    answer: &UseStateHandle<Option<Given>>,
    chosen: &UseStateHandle<Option<ActKind>>,
    check: &Deed<CheckNow>,
    sign_in: &Deed<SignInAgain>,
) -> Html {
    let Todo { row, facts, message, questions, contacts, materials, outcome, note, .. } = todo;
    let theirs = |words| draw_their_words(words, &row.place.name);
    let goes_to = say(&Phrase::new("todo-goes-to").with("place", row.place.name.as_str()));
    html! {<>
        <div class="group">
            { draw_chips(&row.chips) }
            <div class="group group--tight">
                <Heading>{ draw_words(&row.title) }</Heading>
                <p>{ draw_from(&row.place) }</p>
            </div>
        </div>
        { todo.sending.as_ref().map(|note| draw_sending(todo, note, check, sign_in)).unwrap_or_default() }
        { note.as_ref().map(draw_note).unwrap_or_default() }
        { draw_facts(facts) }
        { message.as_ref().map(theirs).unwrap_or_default() }
        { draw_rows(t("todo-they-ask"), questions.iter().map(draw_question)) }
        { draw_rows(t("todo-materials"), materials.iter().map(draw_material)) }
        { draw_work(todo, answer) }
        if !outcome.is_empty() {
            { draw_section(t("todo-outcome"), outcome.iter().map(theirs).collect()) }
        }
        { draw_rows(t("todo-contacts"), contacts.iter().map(draw_contact)) }
        if !todo.acts.is_empty() {
            <p class="small muted">{ goes_to }</p>
        }
        { draw_rows(t("todo-not-now"), todo.acts.iter().filter_map(|offer| draw_way_out(offer, chosen))) }
    </>}
}

/// What became of what the person did: where it stands, what the place said, and what is different.
fn draw_sending(
    todo: &Todo,
    note: &Note,
    check: &Deed<CheckNow>,
    sign_in: &Deed<SignInAgain>,
) -> Html {
    let way_on = draw_way_on(note, &todo.row.place.source, todo.sign_in_sends, check, sign_in);
    if let Some(way_on) = way_on {
        return way_on;
    }
    let said = todo.said.as_ref().map(|said| draw_their_words(said, &todo.row.place.name));
    html! {<>
        { draw_sending_note(note, said.unwrap_or_default()) }
        if !todo.compared.is_empty() {
            <section class="card">
                <h2>{ t("todo-changed") }</h2>
                { draw_facts(&todo.compared) }
            </section>
        }
    </>}
}

/// Where the answer is written, chosen or added.
fn draw_work(todo: &Todo, answer: &UseStateHandle<Option<Given>>) -> Html {
    let finish = todo.acts.iter().find(|offer| offer.act == ActKind::Finish);
    let Some(kind) = finish.and_then(|offer| offer.answer) else { return Html::default() };
    let given = match given_of(todo, answer) {
        Some(Given::Words(text)) => text,
        _ => String::new(),
    };
    let set = answer.setter();
    match kind {
        // What an organization gives with its acts is no to-do's.
        AnswerKind::Form | AnswerKind::Done | AnswerKind::Because | AnswerKind::Capacity => {
            Html::default()
        }
        AnswerKind::Contact if todo.choices.is_empty() => Html::default(),
        AnswerKind::Contact => {
            let choice = |name: &String| {
                let (set, picked) = (set.clone(), name.clone());
                let onchange =
                    Callback::from(move |_: Event| set.set(Some(Given::Words(picked.clone()))));
                html! {
                    <label class="choice">
                        <input type="radio" name="contact" checked={given == *name} {onchange} />
                        <span lang="">{ name.clone() }</span>
                    </label>
                }
            };
            html! {
                <fieldset class="group">
                    <legend><h2>{ t("todo-choose") }</h2></legend>
                    <div class="choices">{ for todo.choices.iter().map(choice) }</div>
                </fieldset>
            }
        }
        AnswerKind::Words => {
            let oninput = Callback::from(move |event: InputEvent| {
                let text = event.target_unchecked_into::<HtmlInputElement>().value();
                set.set(Some(Given::Words(text)));
            });
            html! {
                <div class="field">
                    <label for="answer">{ t("todo-answer") }</label>
                    <textarea class="input" id="answer" value={given} {oninput} />
                </div>
            }
        }
        AnswerKind::Pdf => {
            let onchange = Callback::from(move |event: Event| {
                let files = event.target_unchecked_into::<HtmlInputElement>().files();
                let (set, file) = (set.clone(), files.and_then(|files| files.get(0)));
                spawn_local(async move {
                    let read = match &file {
                        Some(file) => picture::read_as_it_is(file).await,
                        None => None,
                    };
                    set.set(read.map(Given::Pdf));
                });
            });
            html! {
                <div class="field">
                    <label for="answer">{ t("todo-file") }</label>
                    <input class="input" id="answer" type="file" accept="application/pdf" {onchange} />
                </div>
            }
        }
    }
}

/// Pausing, or saying no.
fn draw_way_out(offer: &ActOffer, chosen: &UseStateHandle<Option<ActKind>>) -> Option<Html> {
    let (icon, hint) = match offer.act {
        ActKind::Start
        | ActKind::Finish
        | ActKind::Claim
        | ActKind::Accept
        | ActKind::Decline
        | ActKind::Ask
        | ActKind::TellCapacity => return None,
        ActKind::Pause => (Icon::CirclePause, t("todo-pause-hint")),
        ActKind::Fail => (Icon::HandHelping, t("todo-fail-hint")),
        ActKind::Cancel => (Icon::CircleSlash, t("todo-cancel-hint")),
    };
    let row = Row {
        title: html! { say(&offer.label) },
        sub: Some(html! { hint }),
        lead: draw_icon(icon),
        leads: Leads::Press(press(chosen, offer.act)),
        ..Row::default()
    };
    Some(row.draw())
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

//! The questions of a to-do, one at a time, and all answers before they are sent.

use std::rc::Rc;

use handrail_contract::{
    act::{Act, ActKind},
    form::{FormPage as Step, FormQuestion, FormReview, FormStep, Given, ReviewRow},
    words::{Icon, ItemId, Phrase, Words},
};
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::act::use_act;
use crate::{
    components::{
        Bar, Heading, Inputs, Page, PressButton, ProblemNote, ProblemPart, Waiting, Weight,
        draw_field_errors, draw_list, draw_note, draw_words, plain_text,
    },
    hooks::{Asked, use_around, use_form},
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct FormPageProps {
    pub id: ItemId,
}

#[component]
pub fn FormPage(props: &FormPageProps) -> Html {
    let asked = use_form(&props.id);
    let todo = Route::Todo { id: props.id.0.clone() };
    let Some(page) = asked.page.clone() else {
        return html! {
            <Page title={t("form-title")} bar={Bar::back(todo, t("todo-page-title"))}>
                { match asked.problem.clone() {
                    Some(problem) => html! { <ProblemPart {problem} /> },
                    None => html! { <Waiting /> },
                } }
            </Page>
        };
    };
    match &page.step {
        FormStep::Question(question) => {
            let key = [&question.at.0, "/", &asked.turn.to_string()].concat();
            html! { <QuestionPage {key} {asked} page={page.clone()} {todo} /> }
        }
        FormStep::Review(_) => html! { <ReviewPage {asked} {page} {todo} id={props.id.clone()} /> },
        FormStep::Cannot(note) => html! {
            <Page title={t("form-title")} bar={Bar::back(todo, t("todo-page-title"))}>
                <Heading>{ draw_words(&page.title) }</Heading>
                { draw_note(note) }
            </Page>
        },
    }
}

#[derive(Properties, PartialEq)]
struct StepProps {
    asked: Asked,
    page: Rc<Step>,
    todo: Route,
    #[prop_or(ItemId(String::new()))]
    id: ItemId,
}

/// One question.
#[component]
fn QuestionPage(props: &StepProps) -> Html {
    let StepProps { asked, page, todo, .. } = props;
    let FormStep::Question(question) = &page.step else { return Html::default() };
    let FormQuestion { at, problems, repetition, .. } = &**question;
    let given = use_state(|| question.given.clone());
    let body = use_node_ref();
    let announce = use_around().announce;
    {
        // What is wrong is said, and the field it is about takes the focus.
        let body = body.clone();
        use_effect_with(page.clone(), move |page| {
            let FormStep::Question(question) = &page.step else { return };
            if let Some(problem) = question.problems.first() {
                announce.emit(plain_text(problem));
                let field = body.cast::<HtmlElement>();
                let field = field.and_then(|it| it.query_selector("input, textarea, select").ok());
                if let Some(field) = field.flatten() {
                    let _ = wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(field).focus();
                }
            }
        });
    }
    let on_given = {
        let (given, asked, at) = (given.setter(), asked.clone(), at.clone());
        Callback::from(move |(new, is_whole): (Vec<Given>, bool)| {
            // Kept as it is given; a letter is no answer yet.
            if is_whole {
                asked.keep(&at, new.clone());
            }
            given.set(new);
        })
    };
    let press = |what: fn(&Asked, &Step, &FormQuestion, Vec<Given>)| {
        let (asked, page, given) = (asked.clone(), page.clone(), (*given).clone());
        Callback::from(move |_: MouseEvent| {
            if let FormStep::Question(question) = &page.step {
                what(&asked, &page, question, given.clone());
            }
        })
    };
    let button = |label: AttrValue, weight: Weight, onclick: Callback<MouseEvent>| {
        PressButton { label, weight, onclick, ..PressButton::default() }.draw()
    };
    let next = button(
        t("form-next"),
        Weight::Main,
        press(|asked, _, question, given| asked.go_on(&question.at, given)),
    );
    let back = page.back.is_some().then(|| {
        let back = press(|asked, page, question, given| {
            if let Some(to) = page.back.clone() {
                asked.go_back(&question.at, given, to);
            }
        });
        button(t("back"), Weight::Edge, back)
    });
    let actions = html! { <div class="btns btns--pair">{ back.unwrap_or_default() }{ next }</div> };
    let bar = Bar::leave(todo.clone(), plain_text(&page.title), t("form-leave"));
    let add = repetition.as_ref().filter(|it| it.can_add).map(|_| {
        let add = press(|asked, _, question, given| asked.repeat(&question.at, given, false));
        button(t("form-add-group"), Weight::Tonal, add)
    });
    let take_away = repetition.as_ref().filter(|it| it.can_take_away).map(|_| {
        let away = press(|asked, _, question, given| asked.repeat(&question.at, given, true));
        button(t("form-take-away"), Weight::Text, away)
    });
    html! {
        <Page title={t("form-title")} {bar} {actions}>
            <div class="group group--tight">
                <label class="small muted" for="progress">{ say(&question.progress) }</label>
                <progress
                    class="progress"
                    id="progress"
                    max={question.count.to_string()}
                    value={question.number.to_string()}
                />
            </div>
            { draw_problem(asked) }
            { page.note.as_ref().map(draw_note).unwrap_or_default() }
            { for question.said.iter().map(draw_said) }
            if let Some(group) = &question.group {
                <p class="muted">
                    { draw_words(group) }
                    if let Some(it) = repetition.as_ref().filter(|it| it.can_take_away) {
                        { " · " }{ say(&it.line) }
                    }
                </p>
            }
            <div ref={body} class="group">
                { Inputs { question, given: &given, problems, on_given }.draw() }
            </div>
            if add.is_some() || take_away.is_some() {
                <div class="btns">{ add.unwrap_or_default() }{ take_away.unwrap_or_default() }</div>
            }
        </Page>
    }
}

/// All answers, and Send.
#[component]
fn ReviewPage(props: &StepProps) -> Html {
    let StepProps { asked, page, todo, id } = props;
    let navigator = use_navigator();
    let deed = {
        let todo = todo.clone();
        use_act(Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                navigator.replace(&todo);
            }
        }))
    };
    let FormStep::Review(FormReview { rows, said, problems, is_complete }) = &page.step else {
        return Html::default();
    };
    let with_place = |key: &str| say(&Phrase::new(key).with("place", page.place.as_str()));
    let act = Act { id: id.clone(), act: ActKind::Finish, reason: None, answer: None };
    let send = PressButton {
        label: with_place("form-send"),
        weight: Weight::Main,
        icon: Some(Icon::Send),
        busy: deed.busy.then(|| t("act-busy")),
        not_now: (!is_complete).then(|| t("form-not-yet")),
        onclick: deed.press(act),
        ..PressButton::default()
    };
    let bar = Bar::leave(todo.clone(), plain_text(&page.title), t("form-leave"));
    html! {
        <Page title={t("form-title")} {bar} actions={send.draw()}>
            <div class="group">
                <Heading>{ t("form-check") }</Heading>
                <p class="muted">{ t("form-check-line") }</p>
            </div>
            { deed.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { draw_problem(asked) }
            { page.note.as_ref().map(draw_note).unwrap_or_default() }
            { draw_field_errors(problems) }
            { draw_list(rows.iter().map(|row| draw_answer(row, asked))) }
            { for said.iter().map(draw_said) }
            <p class="small muted">{ with_place("form-goes-to") }</p>
        </Page>
    }
}

/// Why the last press did nothing.
fn draw_problem(asked: &Asked) -> Html {
    let problem = asked.problem.clone();
    problem.map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default()
}

/// What the form says, between its questions.
fn draw_said(words: &Words) -> Html {
    html! { <p>{ draw_words(words) }</p> }
}

/// One answer, and the way to change it.
fn draw_answer(row: &ReviewRow, asked: &Asked) -> Html {
    let change = row.at.as_ref().map(|at| {
        let (asked, at) = (asked.clone(), at.clone());
        let onclick = Callback::from(move |_: MouseEvent| asked.show(Some(at.clone())));
        html! {
            <button class="btn btn--text" type="button" {onclick}>
                <span>{ t("form-change") }<span class="vh">{ ": " }{ draw_words(&row.heading) }</span></span>
            </button>
        }
    });
    html! {
        <div class="row">
            <span class="row__text">
                <span class="row__sub">{ draw_words(&row.heading) }</span>
                { for row.answers.iter().map(|answer| html! {
                    <span class="row__title">{ draw_words(answer) }</span>
                }) }
                if row.answers.is_empty() {
                    <span class="muted">{ t("form-no-answer") }</span>
                }
                if row.is_worked_out {
                    <span class="hint">{ t("form-worked-out") }</span>
                }
                { draw_field_errors(&row.problems) }
            </span>
            { change.unwrap_or_default() }
        </div>
    }
}

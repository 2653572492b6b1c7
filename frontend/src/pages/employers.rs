//! For which organization somebody works at a place, where only they can say it.

use handrail_contract::{
    place::{
        ChooseEmployers, ConnectionPage as Connection, Employer, Employers, ShowConnection,
        SourceId,
    },
    words::Words,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::show_whole;
use crate::{
    components::{Bar, Heading, Page, PressButton, ProblemNote, Weight, draw_words, plain_text},
    hooks::{use_answer, use_around, use_deed},
    route::Route,
    text::t,
};

/// Of more than these some are found by their name alone.
const MOST: usize = 12;

#[derive(Properties, PartialEq)]
pub struct EmployersPageProps {
    pub source: SourceId,
}

#[component]
pub fn EmployersPage(props: &EmployersPageProps) -> Html {
    let answered = use_answer(ShowConnection { source: props.source.clone() });
    // What is chosen on the page; until then what was chosen before.
    let picked = use_state(|| None::<Vec<String>>);
    let search = use_state(String::new);
    let (around, navigator) = (use_around(), use_navigator());
    let save = use_deed::<ChooseEmployers>(Callback::from(move |_: Connection| {
        around.announce.emit(t("employers-saved"));
        around.ask_again.emit(());
        if let Some(navigator) = &navigator {
            navigator.replace(&Route::Inbox);
        }
    }));
    let on_save = {
        let (save, source, picked) = (save.begin(), props.source.clone(), (*picked).clone());
        Callback::from(move |_: MouseEvent| {
            let chosen = picked.clone().unwrap_or_default();
            save.emit(ChooseEmployers { source: source.clone(), chosen });
        })
    };
    let has_picked = picked.as_ref().is_some_and(|picked| !picked.is_empty());
    let actions = PressButton {
        label: t("employers-save"),
        weight: Weight::Main,
        busy: save.busy.then(|| t("act-busy")),
        not_now: (!has_picked).then(|| t("employers-first")),
        onclick: on_save,
        ..PressButton::default()
    };
    html! {
        <Page
            title={t("employers-heading")}
            bar={Bar::back(Route::connection(&props.source), t("connection-title"))}
            actions={actions.draw()}
        >
            <div class="group group--tight">
                <Heading>{ t("employers-heading") }</Heading>
                <p class="muted">{ t("employers-line") }</p>
            </div>
            { save.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { show_whole(&answered, |connection| match &connection.employers {
                Some(employers) if !employers.all.is_empty() => draw_choices(employers, &picked, &search),
                _ => html! { <p>{ t("employers-none") }</p> },
            }) }
        </Page>
    }
}

fn draw_choices(
    employers: &Employers,
    picked: &UseStateHandle<Option<Vec<String>>>,
    search: &UseStateHandle<String>,
) -> Html {
    let is_long = employers.all.len() > MOST;
    let wanted = search.trim().to_lowercase();
    let is_found = |name: &Words| plain_text(name).to_lowercase().contains(&wanted);
    let found = employers.all.iter().filter(|it| is_found(&it.name)).take(MOST);
    let before = || employers.all.iter().filter(|it| it.chosen).map(|it| it.id.clone()).collect();
    let now: Vec<String> = (**picked).clone().unwrap_or_else(before);
    let oninput = {
        let search = search.setter();
        Callback::from(move |event: InputEvent| {
            search.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    html! {<>
        if is_long {
            <div class="field">
                <label for="employer">{ t("employers-search") }</label>
                <input class="input" id="employer" autocomplete="off" value={(**search).clone()} {oninput} />
            </div>
        }
        <fieldset class="group">
            <legend class="vh">{ t("employers-heading") }</legend>
            <div class="choices">
                { for found.map(|employer| draw_choice(employer, employers.several, &now, picked)) }
            </div>
        </fieldset>
    </>}
}

fn draw_choice(
    employer: &Employer,
    several: bool,
    now: &[String],
    picked: &UseStateHandle<Option<Vec<String>>>,
) -> Html {
    let checked = now.contains(&employer.id);
    let (set, now, id) = (picked.setter(), now.to_vec(), employer.id.clone());
    let onchange = Callback::from(move |_: Event| {
        let others = now.iter().filter(|it| several && **it != id).cloned();
        set.set(Some(others.chain((!several || !checked).then(|| id.clone())).collect()));
    });
    html! {
        <label class="choice">
            <input type={if several { "checkbox" } else { "radio" }} name="employer" {checked} {onchange} />
            <span>{ draw_words(&employer.name) }</span>
        </label>
    }
}

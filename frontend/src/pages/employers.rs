//! For which organization somebody works, where only they can say it: chosen at once, and searched for in a long list.

use handrail_contract::{
    place::{Employer, Employers},
    words::Phrase,
};
use js_sys::JsString;
use yew::prelude::*;

use super::{connection::draw_choices, request_act::write_to};
use crate::{
    components::{ChoiceKind, LinkButton, Weight, plain_text},
    route::Route,
    text::{say, t},
};

/// A list of more is searched rather than read.
const READ_AT_A_GLANCE: usize = 8;

#[derive(Properties, PartialEq)]
pub struct WorkProps {
    pub employers: Employers,
    /// Takes the ids of all that are chosen now.
    pub on_choose: Callback<Vec<String>>,
}

#[component]
pub fn Work(props: &WorkProps) -> Html {
    let typed = use_state(String::new);
    let Employers { all, several, asks } = &props.employers;
    let words: Vec<String> = fold(&typed).split(' ').map(str::to_owned).collect();
    let found: Vec<&Employer> = all.iter().filter(|it| has_words(it, &words)).collect();
    let count = Phrase::new("employers-found").with("count", found.len() as i64);
    let search = (all.len() > READ_AT_A_GLANCE).then(|| {
        html! {
            <div class="field">
                <label for="employer-search">{ t("employers-find") }</label>
                <input
                    class="input"
                    id="employer-search"
                    type="search"
                    autocomplete="off"
                    spellcheck="false"
                    value={(*typed).clone()}
                    oninput={write_to(&typed)}
                />
                <p class="small muted" role="status">{ say(&count) }</p>
            </div>
        }
    });
    let shown = found.iter().map(|it| (plain_text(&it.name), it.chosen)).collect();
    let on_choose = {
        let ids: Vec<String> = found.iter().map(|it| it.id.clone()).collect();
        let (all, several) = (all.clone(), *several);
        props.on_choose.reform(move |at: usize| choose(&all, several, &ids[at]))
    };
    let kind = if *several { ChoiceKind::Some } else { ChoiceKind::One };
    let heading = html! { t("employers-heading") };
    let see = LinkButton {
        href: Route::Inbox.href(),
        label: t("connected-inbox"),
        weight: Weight::Main,
        ..LinkButton::default()
    };
    html! {<>
        { for search }
        { draw_choices("employer".into(), heading, t("employers-line"), kind, shown, on_choose) }
        if !asks {
            { see.draw() }
        }
    </>}
}

/// What is chosen once this one was pressed.
fn choose(all: &[Employer], several: bool, pressed: &str) -> Vec<String> {
    let is_in = |it: &&Employer| {
        if it.id == pressed { !(several && it.chosen) } else { several && it.chosen }
    };
    let chosen: Vec<String> = all.iter().filter(is_in).map(|it| it.id.clone()).collect();
    // Whoever works for nobody has nothing to see: the last one stays.
    if chosen.is_empty() { vec![pressed.to_owned()] } else { chosen }
}

/// What is chosen stays in sight.
fn has_words(employer: &Employer, words: &[String]) -> bool {
    let name = fold(&plain_text(&employer.name));
    employer.chosen || words.iter().all(|word| name.contains(word))
}

/// As somebody types it: small letters without their accents.
fn fold(text: &str) -> String {
    // The browser's own tables: ours would weigh as much as a page.
    let apart = JsString::from(text).normalize("NFD").to_lower_case();
    String::from(apart).chars().filter(|it| !matches!(it, '\u{300}'..='\u{36f}')).collect()
}

//! Choosing a place from the list, for somebody who has no code and no address at hand.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use handrail_contract::{
    code::{Grade, ReadCode},
    partner::{ListPlaces, PlaceToChoose, PlacesToChoose},
    words::{Chip, Icon, Phrase, Tone},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    connect::{draw_ways_but, use_reading},
    show_part,
};
use crate::{
    components::{
        Bar, Heading, Leads, Page, Picture, ProblemNote, Row, draw_chips, draw_empty,
        draw_host_line, draw_list, draw_mono, draw_refused_code, draw_section,
    },
    hooks::{Answered, use_answer, use_deed, use_new_page},
    route::Route,
    text::{say, t},
};

/// How long after a letter the list is asked for, in milliseconds: a person types on meanwhile.
const PAUSE: u32 = 200;

#[component]
pub fn FindPage() -> Html {
    let (refused, go_on) = use_reading();
    let typed = use_state(AttrValue::default);
    let search = use_state(String::new);
    let choose = use_deed::<ReadCode>(go_on);
    let answered = use_answer(ListPlaces { search: (*search).clone() });
    // What was found stays until the next is here, so that the list does not flicker under the fingers.
    let last = use_mut_ref(|| None::<Rc<PlacesToChoose>>);
    let answered = match answered {
        Answered::Awaited => last.borrow().clone().map_or(Answered::Awaited, Answered::Given),
        answered => answered,
    };
    if let Answered::Given(places) = &answered {
        last.replace(Some(places.clone()));
    }
    use_new_page(refused.is_some());

    {
        let search = search.setter();
        use_effect_with((*typed).clone(), move |typed| {
            let typed = typed.to_string();
            let asking = Timeout::new(PAUSE, move || search.set(typed));
            move || drop(asking)
        });
    }
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value().into());
        })
    };
    let bar = Bar::leave(Route::Connect, t("connect-title"), t("cancel"));
    let ways = draw_section(t("connect-other-ways"), draw_ways_but(&Route::Find));

    // The list offers nothing that is refused; it may have changed since it was drawn.
    if let Some(code) = &*refused {
        return html! {
            <Page title={t("find-title")} {bar}>
                { draw_refused_code(code) }
                { ways }
            </Page>
        };
    }
    let problem = choose.problem.clone().map(|problem| html! { <ProblemNote {problem} /> });
    html! {
        <Page title={t("find-title")} {bar}>
            <div class="group">
                <Heading>{ t("find-heading") }</Heading>
                <p class="muted">{ t("find-lead") }</p>
            </div>
            <div class="field">
                <label for="find">{ t("find-label") }</label>
                <p class="hint" id="find-hint">{ t("find-hint") }</p>
                <input
                    class="input"
                    id="find"
                    type="search"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="find-hint"
                    value={(*typed).clone()}
                    {oninput}
                />
            </div>
            { problem.unwrap_or_default() }
            { show_part(&answered, |places| draw_found(places, &search, &choose.begin())) }
            { ways }
        </Page>
    }
}

/// The places that were found, or that there are none.
fn draw_found(places: &PlacesToChoose, search: &str, choose: &Callback<ReadCode>) -> Html {
    if places.rows.is_empty() {
        return match search.trim().is_empty() {
            true => {
                draw_empty(Picture::FirstLink, t("find-none-heading"), Some(t("find-none-body")))
            }
            false => {
                draw_empty(Picture::FirstLink, t("find-empty-heading"), Some(t("find-empty-body")))
            }
        };
    }
    let shown = places.rows.len() as i64;
    let count = match places.more {
        0 => Phrase::new("find-count").with("count", shown),
        more => Phrase::new("find-more").with("count", shown).with("more", more as i64),
    };
    html! {
        <section class="group">
            <p class="small muted" role="status">{ say(&count) }</p>
            { draw_list(places.rows.iter().map(|place| draw_place(place, choose))) }
        </section>
    }
}

fn draw_place(place: &PlaceToChoose, choose: &Callback<ReadCode>) -> Html {
    let known = (place.grade == Grade::Listed)
        .then(|| Chip::ours(Tone::Done, Icon::ShieldCheck, Phrase::new("confirm-known")));
    let already = place
        .already
        .is_some()
        .then(|| Chip::ours(Tone::Plain, Icon::Check, Phrase::new("find-already")));
    let question = ReadCode { text: place.text.clone() };
    Row {
        title: html! { place.name.clone() },
        sub: Some(html! {<>
            { place.town.as_ref().map(|town| html! {<>{ town.clone() }<br /></>}).unwrap_or_default() }
            { draw_host_line(&place.host) }
        </>}),
        lead: draw_mono(&place.name, place.already.as_ref().map(|place| place.hue)),
        chips: draw_chips([known, already].iter().flatten()),
        leads: Leads::Press(choose.reform(move |_: MouseEvent| question.clone())),
        ..Row::default()
    }
    .draw()
}

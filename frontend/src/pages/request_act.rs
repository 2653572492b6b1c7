//! What an organization does about a request: saying no, pausing, and telling what was done. Nothing is sent
//! before they said so.

use handrail_contract::{
    act::{Act, ActKind, ActOffer, ActState, Acted, DeclineReason, Given},
    inbox::{Activity, RequestPage, ShowRequest},
    words::{Icon, ItemId, Note, Phrase},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::{
    act::{use_act, use_act_told},
    show_whole,
};
use crate::{
    components::{
        Bar, ChoiceKind, Heading, Page, PressButton, ProblemNote, Weight, draw_choice,
        draw_sending_note, draw_words, plain_text, use_sheet,
    },
    hooks::{Answered, Deed, use_answer},
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct RequestSheetProps {
    /// The request, or what was asked of the person.
    pub id: ItemId,
    pub offer: ActOffer,
    pub place: AttrValue,
    pub on_close: Callback<()>,
}

/// Asks why, and whether it is meant.
#[component]
pub fn RequestSheet(props: &RequestSheetProps) -> Html {
    let ActOffer { act, .. } = props.offer;
    let why = use_state(|| None::<DeclineReason>);
    let words = use_state(String::new);
    let sheet = use_sheet(props.on_close.clone());
    let deed = use_act(sheet.close.clone());

    let declines = act == ActKind::Decline;
    let has_words = !words.trim().is_empty();
    let (heading, tell, weight) = match act {
        ActKind::Decline => {
            (t("request-decline-heading"), t("request-decline-send"), Weight::Danger)
        }
        ActKind::Pause => (t("request-pause-heading"), t("request-pause-send"), Weight::Main),
        ActKind::Fail => (t("request-fail-heading"), t("act-sheet-tell"), Weight::Danger),
        _ => (t("request-stop-heading"), t("act-sheet-tell"), Weight::Danger),
    };
    let not_now = match (declines, *why) {
        (true, None) => Some(t("request-decline-first")),
        (true, Some(DeclineReason::Other)) if !has_words => Some(t("request-words-first")),
        _ => None,
    };
    let question = Act {
        id: props.id.clone(),
        act,
        reason: has_words.then(|| words.trim().to_owned()),
        answer: why.map(Given::Because),
    };
    let tell = PressButton {
        label: tell,
        weight,
        busy: deed.busy.then(|| t("act-busy")),
        not_now,
        onclick: deed.press(question),
        ..PressButton::default()
    };
    let back = PressButton {
        label: t("act-sheet-back"),
        weight: Weight::Text,
        onclick: sheet.close.reform(|_: MouseEvent| ()),
        ..PressButton::default()
    };
    let reason = |reason: DeclineReason| {
        let label = match reason {
            DeclineReason::AtCapacity => t("decline-at-capacity"),
            DeclineReason::Waitlist => t("decline-waitlist"),
            DeclineReason::NotEligible => t("decline-not-eligible"),
            DeclineReason::CannotReach => t("decline-cannot-reach"),
            DeclineReason::Other => t("decline-other"),
        };
        let onchange = {
            let why = why.setter();
            Callback::from(move |_: Event| why.set(Some(reason)))
        };
        draw_choice(ChoiceKind::One, "why", *why == Some(reason), html! { label }, onchange)
    };
    let label = if declines { t("request-words-next") } else { t("request-words") };
    let content = html! {<>
        { deed.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        if declines {
            <fieldset class="group">
                <legend class="vh">{ t("act-sheet-reason") }</legend>
                <div class="choices">{ for DeclineReason::ALL.into_iter().map(reason) }</div>
            </fieldset>
        }
        <div class="field">
            <label for="words">{ label }</label>
            <textarea class="input" id="words" value={(*words).clone()} oninput={write_to(&words)} />
        </div>
        <div class="btns">{ tell.draw() }{ back.draw() }</div>
    </>};
    let line = say(&Phrase::new("request-sheet-line").with("place", props.place.as_str()));
    sheet.draw(heading, html! { line }, content)
}

pub fn write_to(state: &UseStateHandle<String>) -> Callback<InputEvent> {
    let state = state.setter();
    Callback::from(move |event: InputEvent| {
        state.set(event.target_unchecked_into::<HtmlInputElement>().value());
    })
}

#[derive(Properties, PartialEq)]
pub struct RequestActProps {
    pub id: ItemId,
}

/// What such a page does, and why it was not taken. It goes back to the request once what was pressed is kept; what was
/// refused is told beside what they wrote, so that it can be mended.
#[hook]
pub fn use_act_and_return(id: &ItemId) -> (Deed<Act>, Html) {
    let (navigator, route) = (use_navigator(), Route::item(id));
    let refused = use_state(|| None::<Note>);
    let deed = {
        let refused = refused.setter();
        use_act_told(Callback::from(move |acted: Acted| match (&navigator, acted.state) {
            (_, ActState::Refused) => refused.set(acted.note),
            (Some(navigator), _) => navigator.replace(&route),
            (None, _) => {}
        }))
    };
    let note = refused.as_ref().filter(|_| !deed.busy);
    let told = html! {<>
        { deed.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        { note.map(|note| draw_sending_note(note, Html::default())).unwrap_or_default() }
    </>};
    (deed, told)
}

/// What stands above such a page: what it is about, and the way back.
pub fn bar_over(id: &ItemId, answered: &Answered<std::rc::Rc<RequestPage>>) -> Bar {
    let title = match answered {
        Answered::Given(page) => plain_text(&page.row.title),
        _ => AttrValue::default(),
    };
    Bar::back(Route::item(id), title)
}

/// Whether the request, as it is now, lets this be done.
pub fn allows(answered: &Answered<std::rc::Rc<RequestPage>>, act: ActKind) -> bool {
    matches!(answered, Answered::Given(page) if page.acts.iter().any(|offer| offer.act == act))
}

/// What was done: chosen of what the request asks for and what was done for others like it.
#[component]
pub fn RequestDonePage(props: &RequestActProps) -> Html {
    let answered = use_answer(ShowRequest { id: props.id.clone() });
    let done = use_state(|| None::<Vec<String>>);
    let day = use_state(String::new);
    let (deed, told) = use_act_and_return(&props.id);

    let picked = (*done).clone();
    let answer = picked.map(|done| match day.as_str() {
        "" => Given::Done(done),
        day => Given::DoneOn { done, day: day.to_owned() },
    });
    let send = PressButton {
        label: t("request-done-send"),
        weight: Weight::Main,
        icon: Some(Icon::Send),
        busy: deed.busy.then(|| t("act-busy")),
        not_now: done.is_none().then(|| t("request-done-first")),
        onclick: deed.press(Act {
            id: props.id.clone(),
            act: ActKind::Finish,
            reason: None,
            answer,
        }),
        ..PressButton::default()
    };
    let actions = allows(&answered, ActKind::Finish).then(|| send.draw());
    html! {
        <Page title={t("request-done-heading")} bar={bar_over(&props.id, &answered)} {actions}>
            { show_whole(&answered, |page| html! {<>
                <div class="group group--tight">
                    <Heading>{ t("request-done-heading") }</Heading>
                    <p class="muted">{ seen_by(page) }</p>
                </div>
                { told.clone() }
                { draw_activities(&page.activities, &done) }
                if page.takes_day {
                    <div class="field">
                        <label for="day">{ t("request-done-day") }</label>
                        <input
                            class="input"
                            id="day"
                            type="date"
                            max={page.today.clone()}
                            value={if day.is_empty() { page.today.clone() } else { (*day).clone() }}
                            oninput={write_to(&day)}
                        />
                    </div>
                } else {
                    <p class="hint">{ t("request-done-no-day") }</p>
                }
            </>}) }
        </Page>
    }
}

fn seen_by(page: &RequestPage) -> AttrValue {
    say(&Phrase::new("request-sheet-line").with("place", page.row.place.name.as_str()))
}

fn draw_activities(all: &[Activity], done: &UseStateHandle<Option<Vec<String>>>) -> Html {
    let picked = |key: &str| done.as_ref().is_some_and(|it| it.iter().any(|one| one == key));
    let choice = |activity: &Activity| {
        let is_picked = picked(&activity.key);
        let (set, now, key) = (done.setter(), (**done).clone(), activity.key.clone());
        let onchange = Callback::from(move |_: Event| {
            let mut keys = now.clone().unwrap_or_default();
            if is_picked {
                keys.retain(|it| *it != key);
            } else {
                keys.push(key.clone());
            }
            set.set((!keys.is_empty()).then_some(keys));
        });
        draw_choice(ChoiceKind::Some, "done", is_picked, draw_words(&activity.name), onchange)
    };
    let is_nothing = done.as_ref().is_some_and(Vec::is_empty);
    let on_nothing = {
        let set = done.setter();
        Callback::from(move |_: Event| set.set((!is_nothing).then(Vec::new)))
    };
    html! {
        <fieldset class="group">
            <legend class="legend">{ t("request-done-pick") }</legend>
            <div class="choices">
                { for all.iter().map(choice) }
                { draw_choice(ChoiceKind::Some, "done", is_nothing, html! { t("request-done-nothing") }, on_nothing) }
            </div>
        </fieldset>
    }
}

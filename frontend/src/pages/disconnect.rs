//! Ending a connection: what should happen to what was saved, and the receipt.

use handrail_contract::{
    place::{Disconnect, Disconnected, Place},
    words::Icon,
};
use yew::prelude::*;

use crate::{
    components::{
        Bar, ChoiceKind, Heading, LinkButton, Page, PressButton, ProblemNote, Weight, draw_choice,
        draw_fact, draw_from, draw_large_tile, use_sheet,
    },
    hooks::use_deed,
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct DisconnectSheetProps {
    pub place: Place,
    pub on_close: Callback<()>,
    pub on_done: Callback<Disconnected>,
}

/// Asks once more, and what to do with what was saved.
#[component]
pub fn DisconnectSheet(props: &DisconnectSheetProps) -> Html {
    let erases = use_state(|| true);
    let sheet = use_sheet(props.on_close.clone());
    let disconnect = use_deed::<Disconnect>(props.on_done.clone());
    let choice = |erase: bool, title: AttrValue, hint: AttrValue| {
        let erases = erases.clone();
        let is_chosen = *erases == erase;
        let onchange = Callback::from(move |_: Event| erases.set(erase));
        let label = html! {<><b>{ title }</b><br /><span class="hint">{ hint }</span></>};
        draw_choice(ChoiceKind::One, "what-to-do", is_chosen, label, onchange)
    };
    let label = if *erases { t("disconnect-erase") } else { t("disconnect-keep") };
    let end = PressButton {
        label,
        weight: Weight::Danger,
        busy: disconnect.busy.then(|| t("disconnect-busy")),
        onclick: disconnect
            .press(Disconnect { source: props.place.source.clone(), erase: *erases }),
        ..PressButton::default()
    };
    let content = html! {<>
        { disconnect.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        <fieldset class="group">
            <legend class="legend">{ t("disconnect-what") }</legend>
            <div class="choices">
                { choice(true, t("disconnect-erase"), t("disconnect-erase-hint")) }
                { choice(false, t("disconnect-keep"), t("disconnect-keep-hint")) }
            </div>
        </fieldset>
        <p class="small muted">{ t("disconnect-note") }</p>
        <div class="btns">{ end.draw() }{ sheet.draw_back(t("disconnect-cancel")) }</div>
    </>};
    sheet.draw(t("disconnect-heading"), draw_from(&props.place), content)
}

/// What was done, as far as the place said so.
pub fn draw_receipt(name: AttrValue, done: &Disconnected) -> Html {
    let saved = if done.erased { t("disconnected-erased") } else { t("disconnected-kept") };
    let actions = LinkButton {
        href: Route::Connections.href(),
        label: t("disconnected-done"),
        weight: Weight::Main,
        ..LinkButton::default()
    };
    html! {
        <Page
            title={t("disconnected-heading")}
            bar={Bar::leave(Route::Connections, AttrValue::default(), t("close"))}
            actions={actions.draw()}
        >
            <div class="empty">
                { draw_large_tile(Icon::Unplug) }
                <Heading>{ t("disconnected-heading") }</Heading>
                <p class="muted">{ name }</p>
                <p role="status">{ say(&done.line) }</p>
            </div>
            <section class="card">
                <h2>{ t("disconnected-what") }</h2>
                <dl class="facts">
                    { draw_fact(Icon::ShieldCheck, t("disconnected-access"), html! { say(&done.line) }) }
                    { draw_fact(Icon::Save, t("disconnected-saved"), html! { saved }) }
                </dl>
            </section>
        </Page>
    }
}

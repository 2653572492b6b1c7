//! Taking what is saved along, as a file.

use handrail_contract::{export::ExportBundle, place::SourceId, words::Icon};
use yew::prelude::*;

use crate::{
    components::{
        Bar, Heading, LinkButton, Page, PlaceFilter, PressButton, ProblemNote, Switch, Tab, Weight,
        draw_list,
    },
    hooks::{use_deed, use_save},
    route::Route,
    text::t,
};

#[component]
pub fn ExportPage() -> Html {
    let source = use_state(|| None::<SourceId>);
    let private = use_state(|| false);
    let saving = use_save();
    let export = use_deed::<ExportBundle>(saving.save.clone());
    let on_choose = {
        let source = source.setter();
        Callback::from(move |chosen| source.set(chosen))
    };
    let with_private = Switch {
        id: "with-private".into(),
        title: t("export-private"),
        sub: Some(t("export-private-sub")),
        on: *private,
        on_turn: {
            let private = private.setter();
            Callback::from(move |wanted| private.set(wanted))
        },
    };
    let save = PressButton {
        label: t("export-bundle"),
        weight: Weight::Main,
        icon: Some(Icon::Save),
        busy: export.busy.then(|| t("export-busy")),
        onclick: export.press(ExportBundle { source: (*source).clone(), private: *private }),
        ..PressButton::default()
    };
    let paper = LinkButton {
        href: (*source).as_ref().map_or(Route::Paper, Route::paper_of).href(),
        label: t("paper-title"),
        icon: Some(Icon::FileText),
        ..LinkButton::default()
    };
    html! {
        <Page
            title={t("export-title")}
            bar={Bar::back(Route::More, t("more-title"))}
            tab={Tab::More}
            actions={html! {<>
                { saving.line }
                <p class="hint">{ t("export-bundle-hint") }</p>
                { save.draw() }
            </>}}
        >
            <div class="group group--tight">
                <Heading>{ t("export-title") }</Heading>
                <p class="muted">{ t("export-lead") }</p>
            </div>
            { export.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            <PlaceFilter chosen={(*source).clone()} {on_choose} />
            <div class="group">
                { paper.draw() }
                <p class="hint">{ t("export-paper-hint") }</p>
            </div>
            { draw_list([with_private.draw()]) }
        </Page>
    }
}

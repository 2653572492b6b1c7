//! A report about problems: shown in full, then copied if the person wants to.

use handrail_contract::{
    export::Exported,
    report::{Report, ShowReport},
    words::Icon,
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{Bar, Heading, Page, PressButton, Switch, Tab, Weight, draw_list},
    hooks::{Answered, use_answer, use_copy, use_save},
    route::Route,
    text::t,
};

#[component]
pub fn ReportPage() -> Html {
    let with_hosts = use_state(|| false);
    let answered = use_answer(ShowReport { with_hosts: *with_hosts });
    let copy = use_copy();
    let saving = use_save();
    let hosts = Switch {
        id: "with-hosts".into(),
        title: t("report-hosts"),
        sub: Some(t("report-hosts-sub")),
        on: *with_hosts,
        on_turn: {
            let with_hosts = with_hosts.setter();
            Callback::from(move |wanted| with_hosts.set(wanted))
        },
    };
    let actions = match &answered {
        Answered::Given(report) => {
            let text = report.text.clone();
            let button = PressButton {
                label: t("report-copy"),
                weight: Weight::Main,
                icon: Some(Icon::ClipboardPaste),
                onclick: copy.reform(move |_: MouseEvent| text.clone()),
                ..PressButton::default()
            };
            let text = report.text.clone();
            let save = PressButton {
                label: t("report-save"),
                icon: Some(Icon::Save),
                onclick: saving.save.reform(move |_: MouseEvent| Exported {
                    name: "handrail-report.txt".to_owned(),
                    media: "text/plain".to_owned(),
                    content: text.clone(),
                }),
                ..PressButton::default()
            };
            Some(html! {<>{ button.draw() }{ save.draw() }</>})
        }
        Answered::Awaited | Answered::Withheld(_) => None,
    };
    html! {
        <Page title={t("report-title")} bar={Bar::back(Route::Activity, t("activity-title"))} tab={Tab::More} {actions}>
            <div class="group group--tight">
                <Heading>{ t("report-title") }</Heading>
                <p class="muted">{ t("report-lead") }</p>
                { saving.line.clone() }
            </div>
            { draw_list([hosts.draw()]) }
            { show_part(&answered, |report: &Report| html! {
                <pre class="report" lang="en" tabindex="0" role="region" aria-label={t("report-title")}>{ report.text.clone() }</pre>
            }) }
        </Page>
    }
}

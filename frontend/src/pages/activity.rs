//! What the app did, and the report for whoever helps with a problem.

use handrail_contract::{
    activity::{Activity, ActivityRow, ListActivity},
    words::{Icon, Phrase},
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        Bar, Heading, LinkButton, Page, Picture, Row, Tab, Weight, draw_empty, draw_from,
        draw_icon, draw_list, draw_section,
    },
    hooks::use_answer,
    route::Route,
    text::{say, sentence_case, t, written_date},
};

#[component]
pub fn ActivityPage() -> Html {
    let answered = use_answer(ListActivity {});
    let report = LinkButton {
        href: Route::Report.href(),
        label: t("report-make"),
        weight: Weight::Edge,
        icon: Some(Icon::Share),
        ..LinkButton::default()
    };
    html! {
        <Page title={t("activity-title")} bar={Bar::back(Route::More, t("more-title"))} tab={Tab::More}>
            <div class="group group--tight">
                <Heading>{ t("activity-title") }</Heading>
                <p class="muted">{ t("activity-lead") }</p>
            </div>
            { show_part(&answered, draw) }
            { draw_section(t("report-help"), html! {<>
                <p class="muted">{ t("report-lead") }</p>
                { report.draw() }
            </>}) }
        </Page>
    }
}

fn draw(activity: &Activity) -> Html {
    if activity.days.is_empty() {
        return draw_empty(Picture::AllWell, t("activity-empty"), None);
    }
    let day = |day: &handrail_contract::activity::ActivityDay| {
        let heading = sentence_case(&written_date(&day.day));
        draw_section(heading.into(), draw_list(day.rows.iter().map(draw_row)))
    };
    html! {<>{ for activity.days.iter().map(day) }</>}
}

fn draw_row(row: &ActivityRow) -> Html {
    let line: &Phrase = &row.line;
    Row {
        title: html! { say(&row.title) },
        lead: draw_icon(row.icon),
        sub: Some(html! { sentence_case(&say(line)) }),
        chips: row.place.as_ref().map(draw_from).unwrap_or_default(),
        ..Row::default()
    }
    .draw()
}

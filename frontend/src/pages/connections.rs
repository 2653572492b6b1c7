//! All places, and how they stand.

use handrail_contract::{
    place::{ConnectionRow, Connections, ListConnections},
    words::Icon,
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        Bar, CheckButton, Chips, Empty, Heading, LinkButton, List, Mono, Page, Picture, Row, Tab,
        Weight,
    },
    hooks::use_answer,
    route::Route,
    text::{say, t},
};

#[component]
pub fn ConnectionsPage() -> Html {
    let answered = use_answer(ListConnections {});
    let bar = Bar { end: html! { <CheckButton /> }, ..Bar::back(Route::More, t("more-title")) };

    html! {
        <Page title={t("connections-title")} {bar} tab={Tab::More}>
            <div class="group group--tight">
                <Heading>{ t("connections-heading") }</Heading>
                <p class="muted">{ t("connections-lead") }</p>
            </div>
            { show_part(&answered, draw) }
        </Page>
    }
}

fn draw(connections: &Connections) -> Html {
    let rows = &connections.rows;
    let label = if rows.is_empty() { t("more-connect-first") } else { t("connections-another") };
    html! {<>
        if rows.is_empty() {
            <Empty picture={Picture::FirstLink}>
                <h2>{ t("connections-empty-heading") }</h2>
                <p class="muted">{ t("connections-empty-body") }</p>
            </Empty>
        } else {
            <List rows={rows.iter().map(draw_row).collect::<Vec<_>>()} />
        }
        <LinkButton
            href={Route::Connect.href()}
            {label}
            weight={Weight::Main}
            icon={Icon::ScanQrCode}
        />
    </>}
}

fn draw_row(row: &ConnectionRow) -> Html {
    html! {
        <Row
            href={Route::connection(&row.place.source).href()}
            lead={html! { <Mono name={row.place.name.clone()} hue={row.place.hue} /> }}
            title={html! { row.place.name.clone() }}
            sub={html! { say(&row.line) }}
            chips={html! { <Chips chips={vec![row.chip.clone()]} /> }}
        />
    }
}

//! All places, and how they stand.

use handrail_contract::{
    place::{ConnectionRow, Connections, ListConnections},
    words::Icon,
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        Bar, CheckButton, Heading, Leads, LinkButton, Page, Picture, Row, Tab, Weight, draw_chips,
        draw_empty, draw_list, draw_mono, draw_note,
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
    let connect = LinkButton {
        href: Route::Connect.href(),
        label,
        weight: Weight::Main,
        icon: Some(Icon::ScanQrCode),
        ..LinkButton::default()
    };
    html! {<>
        if rows.is_empty() {
            { draw_empty(
                Picture::FirstLink,
                t("connections-empty-heading"),
                Some(t("connections-empty-body")),
            ) }
        } else {
            { draw_list(rows.iter().map(draw_row)) }
        }
        { connect.draw() }
        { for connections.note.as_ref().map(draw_note) }
    </>}
}

fn draw_row(row: &ConnectionRow) -> Html {
    Row {
        title: html! { row.place.name.clone() },
        leads: Leads::To(Route::connection(&row.place.source)),
        lead: draw_mono(&row.place.name, Some(row.place.hue)),
        sub: Some(html! { say(&row.line) }),
        chips: draw_chips([&row.chip]),
        ..Row::default()
    }
    .draw()
}

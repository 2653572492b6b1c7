//! More: the places, and the way to another one.

use handrail_contract::{
    place::{ConnectionState, ListConnections, Role},
    words::{Chip, Icon, Phrase, Tone},
};
use yew::prelude::*;

use crate::{
    components::{Heading, Leads, LockRow, Page, Row, Tab, draw_chips, draw_list, draw_tile},
    hooks::{Answered, use_answer, use_around},
    route::Route,
    text::{say, t},
};

#[component]
pub fn MorePage() -> Html {
    let has_pin = use_around().doorway.has_pin();
    let (places, need_you, helps) = match use_answer(ListConnections {}) {
        Answered::Given(connections) => {
            let need_you = connections
                .rows
                .iter()
                .filter(|row| row.state == ConnectionState::SignInAgain && !row.left)
                .count();
            let helps = connections.rows.iter().any(|row| row.role == Role::Organization);
            (Some(connections.rows.len()), need_you, helps)
        }
        Answered::Awaited | Answered::Withheld(_) => (None, 0, false),
    };
    let sub = match places {
        None => AttrValue::default(),
        Some(0) => t("more-connections-none"),
        Some(count) => say(&Phrase::new("more-connections-sub").with("count", count as i64)),
    };
    let chip = (need_you > 0).then(|| {
        let phrase = Phrase::new("more-need-you").with("count", need_you as i64);
        Chip::ours(Tone::Turn, Icon::KeyRound, phrase)
    });
    let connect = if places == Some(0) { t("more-connect-first") } else { t("more-connect") };
    let places_row = Row {
        title: html! { t("more-connections") },
        leads: Leads::To(Route::Connections),
        lead: draw_tile(Icon::Plug),
        sub: Some(html! { sub }),
        chips: draw_chips(&chip),
        ..Row::default()
    };
    let connect_row = Row {
        title: html! { connect },
        leads: Leads::To(Route::Connect),
        lead: draw_tile(Icon::ScanQrCode),
        ..Row::default()
    };

    let inbox_row = Row {
        title: html! { t("more-inbox") },
        leads: Leads::To(Route::Inbox),
        lead: draw_tile(Icon::Inbox),
        sub: Some(html! { t("more-inbox-sub") }),
        ..Row::default()
    };
    let activity_row = Row {
        title: html! { t("activity-title") },
        leads: Leads::To(Route::Activity),
        lead: draw_tile(Icon::History),
        sub: Some(html! { t("more-activity-sub") }),
        ..Row::default()
    };
    let export_row = Row {
        title: html! { t("export-title") },
        leads: Leads::To(Route::Export),
        lead: draw_tile(Icon::Save),
        sub: Some(html! { t("export-sub") }),
        ..Row::default()
    };
    let settings_row = Row {
        title: html! { t("settings-title") },
        leads: Leads::To(Route::Settings),
        lead: draw_tile(Icon::Settings),
        sub: Some(html! { t("more-settings-sub") }),
        ..Row::default()
    };
    // Always there, and never with a count: that there is something would be told by it.
    let private_row = Row {
        title: html! { t("private-title") },
        leads: Leads::To(Route::Private),
        lead: draw_tile(Icon::EyeOff),
        sub: has_pin.then(|| html! { t("more-private-sub") }),
        ..Row::default()
    };

    html! {
        <Page title={t("more-title")} tab={Tab::More}>
            <Heading>{ t("more-heading") }</Heading>
            if helps {
                { draw_list([inbox_row.draw()]) }
            }
            { draw_list([places_row.draw(), activity_row.draw(), settings_row.draw(), private_row.draw()]) }
            { draw_list([connect_row.draw(), export_row.draw()]) }
            <LockRow />
        </Page>
    }
}

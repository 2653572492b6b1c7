//! More: the places, and the way to another one.

use handrail_contract::{
    place::{ConnectionState, ListConnections},
    words::{Chip, Icon, Phrase, Tone},
};
use yew::prelude::*;

use crate::{
    components::{Chips, Heading, List, Page, Row, Tab, Tile},
    hooks::{Answered, use_answer},
    route::Route,
    text::{say, t},
};

#[component]
pub fn MorePage() -> Html {
    let (places, need_you) = match use_answer(ListConnections {}) {
        Answered::Given(connections) => {
            let need_you = connections
                .rows
                .iter()
                .filter(|row| row.state == ConnectionState::SignInAgain)
                .count();
            (Some(connections.rows.len()), need_you)
        }
        Answered::Awaited | Answered::Withheld(_) => (None, 0),
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

    html! {
        <Page title={t("more-title")} tab={Tab::More}>
            <Heading>{ t("more-heading") }</Heading>
            <List rows={vec![
                html! {
                    <Row
                        href={Route::Connections.href()}
                        lead={html! { <Tile icon={Icon::Plug} /> }}
                        title={html! { t("more-connections") }}
                        sub={html! { sub }}
                        chips={html! { <Chips chips={chip.into_iter().collect::<Vec<_>>()} /> }}
                    />
                },
                html! {
                    <Row
                        href={Route::Connect.href()}
                        lead={html! { <Tile icon={Icon::ScanQrCode} /> }}
                        title={html! { connect }}
                    />
                },
            ]} />
        </Page>
    }
}

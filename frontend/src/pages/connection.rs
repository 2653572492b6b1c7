//! One place: how it stands, what it does not share, and the way out.

use handrail_contract::{
    place::{
        CheckNow, ConnectionPage as Connection, ConnectionState, Disconnected, ShowConnection,
        Skipped, SourceId,
    },
    sign_in::SignInAgain,
    words::Icon,
};
use yew::prelude::*;

use super::{
    disconnect::{DisconnectSheet, Receipt},
    show_whole,
};
use crate::{
    components::{
        Bar, Chips, ContactRows, DrawnIcon, Facts, Heading, List, Mono, NoteBox, Page, PressButton,
        ProblemNote, Row, Weight, use_check,
    },
    hooks::{Answered, use_answer, use_around, use_sign_in_again},
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct ConnectionPageProps {
    pub source: SourceId,
}

#[component]
pub fn ConnectionPage(props: &ConnectionPageProps) -> Html {
    let answered = use_answer(ShowConnection { source: props.source.clone() });
    let moved = use_around().moved;
    let asks_to_end = use_state(|| false);
    let receipt = use_state(|| None::<(AttrValue, Disconnected)>);
    let sign_in = use_sign_in_again();

    if let Some((name, done)) = (*receipt).clone() {
        return html! { <Receipt {name} {done} /> };
    }

    let given = match &answered {
        Answered::Given(connection) => Some(connection.clone()),
        Answered::Awaited | Answered::Withheld(_) => None,
    };
    let needs_sign_in = given
        .as_ref()
        .is_some_and(|connection| connection.row.state == ConnectionState::SignInAgain);
    let sign_in_button = |weight: Weight| {
        html! {
            <PressButton
                label={t("sign-in-again")}
                {weight}
                icon={Icon::KeyRound}
                busy={sign_in.busy.then(|| t("confirm-beginning"))}
                onclick={sign_in.press(SignInAgain { source: props.source.clone() })}
            />
        }
    };
    let sheet = given.filter(|_| *asks_to_end).map(|connection| {
        let close = {
            let asks_to_end = asks_to_end.setter();
            Callback::from(move |()| asks_to_end.set(false))
        };
        let on_done = {
            let (receipt, moved) = (receipt.setter(), moved.clone());
            let name = AttrValue::from(connection.row.place.name.clone());
            Callback::from(move |done| {
                moved.mark();
                receipt.set(Some((name.clone(), done)));
            })
        };
        html! { <DisconnectSheet place={connection.row.place.clone()} on_close={close} {on_done} /> }
    });
    let ask_to_end = {
        let asks_to_end = asks_to_end.setter();
        Callback::from(move |_: MouseEvent| asks_to_end.set(true))
    };
    html! {
        <Page
            title={t("connection-title")}
            bar={Bar::back(Route::Connections, t("connections-title"))}
            actions={needs_sign_in.then(|| sign_in_button(Weight::Main))}
            {sheet}
        >
            { show_whole(&answered, |connection| html! {<>
                <Standing connection={connection.clone()} />
                { for sign_in.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }) }
                <div class="btns">
                    if !needs_sign_in {
                        { sign_in_button(Weight::Edge) }
                    }
                    <PressButton
                        label={t("connection-disconnect")}
                        weight={Weight::Danger}
                        icon={Icon::Unplug}
                        onclick={ask_to_end.clone()}
                    />
                </div>
            </>}) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct StandingProps {
    connection: Connection,
}

/// How the place stands.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let Connection { row, facts, note, contacts } = &props.connection;
    let check = use_check();
    let source = row.place.source.clone();
    let label = match row.state {
        ConnectionState::OutOfReach => t("try-now"),
        ConnectionState::Connected | ConnectionState::SignInAgain => t("connection-check"),
    };
    html! {<>
        <div class="group">
            <div class="who">
                <Mono name={row.place.name.clone()} hue={row.place.hue} />
                <div class="group group--tight">
                    <Heading>{ row.place.name.clone() }</Heading>
                    <p class="small muted" translate="no">{ row.host.clone() }</p>
                </div>
            </div>
            <Chips chips={vec![row.chip.clone()]} />
        </div>
        { for note.clone().map(|note| html! { <NoteBox {note} arrived=true /> }) }
        { for check.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }) }
        <section class="card">
            <Facts facts={facts.clone()} />
            if row.state != ConnectionState::SignInAgain {
                <PressButton
                    {label}
                    icon={Icon::RefreshCw}
                    busy={check.busy.then(|| t("check-running"))}
                    onclick={check.press(CheckNow { source: Some(source) })}
                />
            }
        </section>
        if !row.skipped.is_empty() {
            <section class="group">
                <h2>{ t("connection-skipped") }</h2>
                <List rows={row.skipped.iter().map(draw_skipped).collect::<Vec<_>>()} />
            </section>
        }
        if !contacts.is_empty() {
            <section class="group">
                <h2>{ t("connection-reach") }</h2>
                <ContactRows contacts={contacts.clone()} />
            </section>
        }
    </>}
}

fn draw_skipped(skipped: &Skipped) -> Html {
    html! {
        <Row
            lead={html! { <DrawnIcon icon={Icon::Info} /> }}
            title={html! { say(&skipped.line) }}
        />
    }
}

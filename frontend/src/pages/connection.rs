//! One place: how it stands, what it does not share, and the way out.

use handrail_contract::{
    act::{Act, ActKind, Capacity, Given},
    place::{
        CheckNow, ChooseEmployers, ConnectionPage as Connection, ConnectionState, Disconnected,
        Service, ShowConnection, Skipped, SourceId,
    },
    sign_in::SignInAgain,
    words::Icon,
};
use yew::prelude::*;

use super::{
    act::use_act,
    disconnect::{DisconnectSheet, draw_receipt},
    employers::Work,
    show_whole,
};
use crate::{
    components::{
        Bar, ChoiceKind, Heading, Page, PressButton, ProblemNote, Row, Weight, draw_chips,
        draw_choice, draw_contact, draw_facts, draw_icon, draw_mono, draw_note, draw_rows,
        draw_sending_note, draw_words, use_check,
    },
    hooks::{Answered, Deed, use_answer, use_around, use_deed, use_new_page, use_sign_in_again},
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
    let asks_to_end = use_state(|| false);
    let receipt = use_state(|| None::<(AttrValue, Disconnected)>);
    let sign_in = use_sign_in_again();
    let tell = use_act(Callback::noop());
    let around = use_around();
    let choose = use_deed::<ChooseEmployers>(Callback::from(move |_: Connection| {
        around.announce.emit(t("employers-saved"));
        around.ask_again.emit(());
    }));

    let choose_all = {
        let source = props.source.clone();
        choose.begin().reform(move |chosen| ChooseEmployers { source: source.clone(), chosen })
    };

    use_new_page(receipt.is_some());

    if let Some((name, done)) = (*receipt).clone() {
        return draw_receipt(name, &done);
    }

    let given = match &answered {
        Answered::Given(connection) => Some(connection.clone()),
        Answered::Awaited | Answered::Withheld(_) => None,
    };
    let needs_sign_in = given
        .as_ref()
        .is_some_and(|connection| connection.row.state == ConnectionState::SignInAgain);
    let sign_in_button = |weight: Weight| {
        PressButton {
            label: t("sign-in-again"),
            weight,
            icon: Some(Icon::KeyRound),
            busy: sign_in.busy.then(|| t("confirm-beginning")),
            onclick: sign_in.press(SignInAgain { source: props.source.clone() }),
            ..PressButton::default()
        }
        .draw()
    };
    let sheet = given.filter(|_| *asks_to_end).map(|connection| {
        let close = {
            let asks_to_end = asks_to_end.setter();
            Callback::from(move |()| asks_to_end.set(false))
        };
        let on_done = {
            let receipt = receipt.setter();
            let name = AttrValue::from(connection.row.place.name.clone());
            Callback::from(move |done| receipt.set(Some((name.clone(), done))))
        };
        html! { <DisconnectSheet place={connection.row.place.clone()} on_close={close} {on_done} /> }
    });
    let ask_to_end = {
        let asks_to_end = asks_to_end.setter();
        Callback::from(move |_: MouseEvent| asks_to_end.set(true))
    };
    let disconnect = || {
        PressButton {
            label: t("connection-disconnect"),
            weight: Weight::Danger,
            icon: Some(Icon::Unplug),
            onclick: ask_to_end.clone(),
            ..PressButton::default()
        }
        .draw()
    };
    html! {
        <Page
            title={t("connection-title")}
            bar={Bar::back(Route::Connections, t("connections-title"))}
            actions={needs_sign_in.then(|| sign_in_button(Weight::Main))}
            {sheet}
        >
            { show_whole(&answered, |connection| html! {<>
                <Standing connection={connection.clone()}>
                    { for tell.problem.iter().chain(&choose.problem).map(|problem| html! { <ProblemNote problem={problem.clone()} /> }) }
                    { for connection.employers.iter().map(|it| html! { <Work employers={it.clone()} on_choose={choose_all.clone()} /> }) }
                    { for connection.services.iter().map(|it| draw_room(it, &tell)) }
                </Standing>
                { sign_in.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
                <div class="btns">
                    if !needs_sign_in {
                        { sign_in_button(Weight::Edge) }
                    }
                    { disconnect() }
                </div>
            </>}) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct StandingProps {
    connection: Connection,
    /// What only the person can say there: it comes before what the place says.
    children: Html,
}

/// How the place stands.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let Connection { row, facts, note, contacts, .. } = &props.connection;
    let check = use_check();
    let source = row.place.source.clone();
    let label = match row.state {
        ConnectionState::OutOfReach => t("try-now"),
        ConnectionState::Connected | ConnectionState::SignInAgain => t("connection-check"),
    };
    let check_now = PressButton {
        label,
        icon: Some(Icon::RefreshCw),
        busy: check.busy.then(|| t("check-running")),
        onclick: check.press(CheckNow { source: Some(source) }),
        ..PressButton::default()
    };
    html! {<>
        <div class="group">
            <div class="who">
                { draw_mono(&row.place.name, Some(row.place.hue)) }
                <div class="group group--tight">
                    <Heading>{ row.place.name.clone() }</Heading>
                    <p class="small muted" translate="no">{ row.host.clone() }</p>
                </div>
            </div>
            { draw_chips([&row.chip]) }
        </div>
        { note.as_ref().map(draw_note).unwrap_or_default() }
        { check.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        { props.children.clone() }
        <section class="card">
            { draw_facts(facts) }
            if row.state != ConnectionState::SignInAgain {
                { check_now.draw() }
            }
        </section>
        { draw_rows(t("connection-skipped"), row.skipped.iter().map(draw_skipped)) }
        { draw_rows(t("connection-reach"), contacts.iter().map(draw_contact)) }
    </>}
}

/// One of these, or some of them. Choosing acts at once.
pub fn draw_choices(
    name: AttrValue,
    legend: Html,
    hint: AttrValue,
    kind: ChoiceKind,
    choices: Vec<(AttrValue, bool)>,
    on_choose: Callback<usize>,
) -> Html {
    let choice = |(at, (label, checked)): (usize, (AttrValue, bool))| {
        let onchange = on_choose.reform(move |_: Event| at);
        draw_choice(kind, name.clone(), checked, html! { label }, onchange)
    };
    let all = choices.into_iter().enumerate().map(choice).collect::<Html>();
    html! {
        <fieldset class="group">
            <legend class="legend">{ legend }</legend>
            <div class="choices">{ all }</div>
            <p class="hint">{ hint }</p>
        </fieldset>
    }
}

/// Whether a service of theirs has room; where the place takes it, it is said here.
fn draw_room(service: &Service, deed: &Deed<Act>) -> Html {
    let Service { id, name, capacity, may_tell, sending } = service;
    let on_choose = {
        let (begin, id) = (deed.begin(), id.clone());
        Callback::from(move |at: usize| {
            let answer = Capacity::ALL.get(at).copied().map(Given::Capacity);
            begin.emit(Act { id: id.clone(), act: ActKind::TellCapacity, reason: None, answer });
        })
    };
    let choices = Capacity::ALL.map(|it| (label_of(it), Some(it) == *capacity));
    html! {<>
        { sending.as_ref().map(|note| draw_sending_note(note, Html::default())).unwrap_or_default() }
        if *may_tell {
            { draw_choices(id.0.clone().into(), draw_words(name), t("room-hint"), ChoiceKind::One, choices.to_vec(), on_choose) }
        } else if let Some(capacity) = capacity {
            <p>{ draw_words(name) }{ ": " }{ label_of(*capacity) }</p>
        }
    </>}
}

fn label_of(capacity: Capacity) -> AttrValue {
    match capacity {
        Capacity::HasRoom => t("room-has"),
        Capacity::Waitlist => t("room-waitlist"),
        Capacity::Full => t("room-full"),
        Capacity::AsksFirst => t("room-asks-first"),
    }
}

fn draw_skipped(skipped: &Skipped) -> Html {
    Row { title: html! { say(&skipped.line) }, lead: draw_icon(Icon::Info), ..Row::default() }
        .draw()
}

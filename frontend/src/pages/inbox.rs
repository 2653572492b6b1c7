//! What an organization was asked to do: new requests, those it helps with, and those that are over.

use handrail_contract::{
    inbox::{ExportInbox, Inbox, InboxFilter, InboxRow, ListInbox, TableOf},
    place::{Place, Role, SourceId},
    referral::ReferralState,
    today::{MarkSeen, Today},
    words::{Icon, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, Heading, LinkButton, Page, Picture, PlaceFilter, PressButton, ProblemNote,
        Segment, Tab, Weight, draw_check_line, draw_empty, draw_long_list, draw_long_rows,
        draw_note_with, draw_section,
    },
    hooks::{Answered, use_around, use_deed, use_long_answer, use_save, walk_rows},
    route::Route,
    text::t,
};

/// How many of each list stand before the others are there: more than a screen shows.
const FIRST: u32 = 30;

/// The three lists of who helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxList {
    New,
    Helping,
    Closed,
}

#[derive(Properties, PartialEq)]
pub struct InboxPageProps {
    pub list: InboxList,
}

#[component]
pub fn InboxPage(props: &InboxPageProps) -> Html {
    let source = use_state(|| None::<SourceId>);
    let only = use_state(InboxFilter::default);
    let all = ListInbox { source: (*source).clone(), only: *only, first: None };
    let answered = use_long_answer(ListInbox { first: Some(FIRST), ..all.clone() }, all);
    let running = matches!(&answered, Answered::Given(inbox) if inbox.checked.running);
    let on_choose = {
        let source = source.setter();
        Callback::from(move |chosen| source.set(chosen))
    };
    let filter = Segment {
        name: "only",
        heading: html! { t("inbox-show") },
        hint: None,
        chosen: *only,
        choices: vec![
            (InboxFilter::All, t("inbox-all")),
            (InboxFilter::Urgent, t("inbox-urgent")),
            (InboxFilter::Changed, t("inbox-changed")),
        ],
        on_choose: {
            let only = only.setter();
            Callback::from(move |chosen| only.set(chosen))
        },
    };
    let (tab, title) = match props.list {
        InboxList::New => (Tab::Requests, t("inbox-title")),
        InboxList::Helping => (Tab::Helping, t("inbox-helping-title")),
        InboxList::Closed => (Tab::Closed, t("inbox-closed-title")),
    };
    let (list, only) = (props.list, *only);
    html! {
        <Page title={title.clone()} {tab}>
            <div class="head">
                <Heading>{ title }</Heading>
                <CheckButton {running} />
            </div>
            <PlaceFilter chosen={(*source).clone()} {on_choose} />
            { filter.draw() }
            <div class="group group--far" onkeydown={walk_rows()}>
                { show_part(&answered, |inbox| draw(inbox, list, only)) }
            </div>
            if only == InboxFilter::Changed {
                <SeenButton />
            }
        </Page>
    }
}

fn draw(inbox: &Inbox, list: InboxList, only: InboxFilter) -> Html {
    html! {<>
        { for inbox.asks_employer.iter().map(draw_who) }
        { match list {
            InboxList::New => draw_new(&inbox.new, only),
            InboxList::Helping => draw_helping(inbox, only),
            InboxList::Closed => draw_closed(&inbox.done, only),
        } }
        { draw_check_line(&inbox.checked) }
    </>}
}

/// Nothing comes from a place that does not know for whom they work.
fn draw_who(place: &Place) -> Html {
    let line = Phrase::new("employers-ask").with("place", place.name.as_str());
    let choose = LinkButton {
        href: Route::connection(&place.source).href(),
        label: t("employers-choose"),
        ..LinkButton::default()
    };
    let note = Note {
        tone: Tone::Turn,
        icon: Icon::CircleQuestionMark,
        heading: Phrase::new("employers-heading"),
        body: line,
    };
    draw_note_with(&note, choose.draw())
}

fn draw_none(heading: AttrValue, body: AttrValue, only: InboxFilter) -> Html {
    let body = if only == InboxFilter::All { body } else { t("inbox-none-such") };
    draw_empty(Picture::AllWell, heading, Some(body))
}

fn draw_new(rows: &[InboxRow], only: InboxFilter) -> Html {
    let (open, ours): (Vec<_>, Vec<_>) = rows.iter().cloned().partition(|row| row.is_open);
    let ours = if ours.is_empty() {
        draw_none(t("inbox-empty-heading"), t("inbox-empty-body"), only)
    } else {
        draw_long_rows(t("inbox-waiting"), &ours)
    };
    html! {<>
        { ours }
        if !open.is_empty() {
            { draw_section(t("inbox-open"), html! {<>
                <p class="small muted">{ t("inbox-open-line") }</p>
                { draw_long_list(&open) }
            </>}) }
        }
    </>}
}

fn draw_helping(inbox: &Inbox, only: InboxFilter) -> Html {
    let agreed = |row: &InboxRow| row.state == ReferralState::SaidYes;
    let (agreed, started): (Vec<_>, Vec<_>) = inbox.active.iter().cloned().partition(agreed);
    html! {<>
        if inbox.active.is_empty() && inbox.waiting.is_empty() {
            { draw_none(t("inbox-helping-empty-heading"), t("inbox-helping-empty-body"), only) }
        }
        { draw_long_rows(t("inbox-agreed"), &agreed) }
        { draw_long_rows(t("inbox-started"), &started) }
        { draw_long_rows(t("inbox-on-hold"), &inbox.waiting) }
    </>}
}

fn draw_closed(rows: &[InboxRow], only: InboxFilter) -> Html {
    html! {<>
        if rows.is_empty() {
            { draw_none(t("inbox-closed-empty-heading"), t("inbox-closed-empty-body"), only) }
        } else {
            { draw_long_list(rows) }
        }
        <SaveTable />
    </>}
}

/// Everything that is new was looked at.
#[component]
fn SeenButton() -> Html {
    let around = use_around();
    let seen = use_deed::<MarkSeen>(Callback::from(move |_: Today| {
        around.announce.emit(t("today-marked"));
        around.ask_again.emit(());
    }));
    let button = PressButton {
        label: t("today-mark-seen"),
        weight: Weight::Text,
        busy: seen.busy.then(|| t("act-busy")),
        onclick: seen.press(MarkSeen { role: Role::Organization }),
        ..PressButton::default()
    };
    html! {<>
        { seen.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        { button.draw() }
    </>}
}

/// All requests as a table, to keep or to print.
#[component]
fn SaveTable() -> Html {
    let saving = use_save();
    let export = use_deed::<ExportInbox>(saving.save.clone());
    let save = |label, of| {
        PressButton {
            label,
            weight: Weight::Edge,
            icon: Some(Icon::Save),
            busy: export.busy.then(|| t("export-busy")),
            onclick: export.press(ExportInbox { of }),
            ..PressButton::default()
        }
        .draw()
    };
    draw_section(
        t("inbox-table"),
        html! {<>
            <p class="small muted">{ t("inbox-table-line") }</p>
            { export.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            <div class="btns btns--pair">
                { save(t("inbox-table-today"), TableOf::Today) }
                { save(t("inbox-table-all"), TableOf::All) }
            </div>
            { saving.line }
        </>},
    )
}

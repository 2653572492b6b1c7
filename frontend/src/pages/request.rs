//! One request to an organization: whether the person may be contacted, who they are, what is asked, and what may be
//! done about it now.

use handrail_contract::{
    act::{Act, ActKind, ActOffer},
    inbox::{Asked, InboxGroup, InboxRow, ListInbox, RequestPage as Request, ShowRequest},
    place::CheckNow,
    sign_in::SignInAgain,
    words::{Contact, Icon, ItemId, Note, Tone},
};
use yew::prelude::*;

use super::{
    act::{draw_way_on, use_act},
    request_act::RequestSheet,
    show_whole,
};
use crate::{
    components::{
        Bar, BesideRow, Heading, Leads, LinkButton, Page, PressButton, ProblemNote, Row, Weight,
        draw_chips, draw_contact, draw_facts, draw_from, draw_icon, draw_long_rows, draw_rows,
        draw_section, draw_sending_note, draw_story, draw_their_words, draw_words, safe_link,
        use_check,
    },
    hooks::{Answered, Deed, use_answer, use_sign_in_again, walk_rows},
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct RequestPageProps {
    pub id: ItemId,
}

/// A request, and the list that it stands in. With the next request the page is another one, and the list stays.
#[component]
pub fn RequestPage(props: &RequestPageProps) -> Html {
    let id = &props.id;
    html! {<>
        <Beside id={id.clone()} />
        <RequestAlone key={id.0.clone()} id={id.clone()} />
    </>}
}

#[component]
fn RequestAlone(props: &RequestPageProps) -> Html {
    let answered = use_answer(ShowRequest { id: props.id.clone() });
    // What is asked about once more, and of what: the request, or something that was asked of the person.
    let chosen = use_state(|| None::<(ItemId, ActOffer)>);
    let check = use_check();
    let sign_in = use_sign_in_again();
    let deed = use_act(Callback::noop());

    let (mut sheet, mut actions) = (None, None);
    let mut bar = Bar::back(Route::Inbox, t("inbox-title"));
    if let Answered::Given(page) = &answered {
        bar = bar_of(page.row.group);
        if let Some((id, offer)) = &*chosen {
            let on_close = {
                let chosen = chosen.setter();
                Callback::from(move |()| chosen.set(None))
            };
            let place = AttrValue::from(page.row.place.name.clone());
            let (id, offer) = (id.clone(), offer.clone());
            sheet = Some(html! { <RequestSheet {id} {offer} {place} {on_close} /> });
        }
        actions = draw_actions(page, &chosen, &deed);
    }
    html! {
        <Page title={t("request-page-title")} {bar} {actions} {sheet}>
            { show_whole(&answered, |page| draw(page, &chosen, &check, &sign_in, &deed)) }
        </Page>
    }
}

/// The way back to the list that the request stands in.
pub fn bar_of(group: InboxGroup) -> Bar {
    match group {
        InboxGroup::New => Bar::back(Route::Inbox, t("inbox-title")),
        InboxGroup::Active | InboxGroup::Waiting => {
            Bar::back(Route::Helping, t("inbox-helping-title"))
        }
        InboxGroup::Done => Bar::back(Route::Closed, t("inbox-closed-title")),
    }
}

/// The list that a request stands in, beside it where there is room.
#[component]
fn Beside(props: &RequestPageProps) -> Html {
    let answered = use_answer(ListInbox::default());
    let Answered::Given(inbox) = &answered else { return Html::default() };
    let mut all = [&inbox.new, &inbox.active, &inbox.waiting, &inbox.done].into_iter().flatten();
    let Some(current) = all.find(|row| row.id == props.id) else { return Html::default() };
    let rows = |rows: &[InboxRow]| -> Vec<BesideRow> {
        let row = |row: &InboxRow| BesideRow { row: row.clone(), is_current: row.id == props.id };
        rows.iter().map(row).collect()
    };
    let lists = match current.group {
        InboxGroup::New => draw_long_rows(t("inbox-title"), &rows(&inbox.new)),
        InboxGroup::Active | InboxGroup::Waiting => html! {<>
            { draw_long_rows(t("inbox-helping-title"), &rows(&inbox.active)) }
            { draw_long_rows(t("inbox-on-hold"), &rows(&inbox.waiting)) }
        </>},
        InboxGroup::Done => draw_long_rows(t("inbox-closed-title"), &rows(&inbox.done)),
    };
    html! {
        <aside class="beside">
            <div class="group group--far" onkeydown={walk_rows()}>{ lists }</div>
        </aside>
    }
}

/// The buttons at the bottom: the next step, and the way to say no where it is open yet.
fn draw_actions(
    page: &Request,
    chosen: &UseStateHandle<Option<(ItemId, ActOffer)>>,
    deed: &Deed<Act>,
) -> Option<Html> {
    let id = &page.row.id;
    let is_first = |offer: &ActOffer| {
        page.acts.iter().find(|it| is_step(it.act)).is_some_and(|first| first.act == offer.act)
    };
    let button = |offer: &ActOffer| {
        let label = say(&offer.label);
        let weight = if is_first(offer) { Weight::Main } else { Weight::Edge };
        match offer.act {
            ActKind::Finish => {
                let href = Route::RequestDone { id: id.0.clone() }.href();
                LinkButton { href, label, weight, ..LinkButton::default() }.draw()
            }
            ActKind::Decline => {
                let onclick = choose(chosen, id, offer);
                PressButton { label, weight, onclick, ..PressButton::default() }.draw()
            }
            _ => PressButton {
                label,
                weight,
                icon: (weight == Weight::Main).then_some(Icon::Check),
                busy: deed.busy.then(|| t("act-busy")),
                onclick: deed.press(Act {
                    id: id.clone(),
                    act: offer.act,
                    reason: None,
                    answer: None,
                }),
                ..PressButton::default()
            }
            .draw(),
        }
    };
    let buttons: Vec<Html> = page.acts.iter().filter(|it| is_step(it.act)).map(button).collect();
    (!buttons.is_empty()).then(|| html! {<>{ for buttons }</>})
}

/// Whether an act is a step on the way; the others stand under "Something in the way?" or beside the person.
const fn is_step(act: ActKind) -> bool {
    matches!(
        act,
        ActKind::Claim | ActKind::Accept | ActKind::Decline | ActKind::Start | ActKind::Finish
    )
}

fn choose(
    chosen: &UseStateHandle<Option<(ItemId, ActOffer)>>,
    id: &ItemId,
    offer: &ActOffer,
) -> Callback<MouseEvent> {
    let (chosen, picked) = (chosen.setter(), (id.clone(), offer.clone()));
    Callback::from(move |_| chosen.set(Some(picked.clone())))
}

fn draw(
    page: &Request,
    chosen: &UseStateHandle<Option<(ItemId, ActOffer)>>,
    check: &Deed<CheckNow>,
    sign_in: &Deed<SignInAgain>,
    deed: &Deed<Act>,
) -> Html {
    let Request { row, warning, contacts, sender_contacts, facts, messages, story, .. } = page;
    let sender = plain_sender(row);
    let is_new = page.acts.iter().any(|offer| offer.act == ActKind::Accept);
    let ways_out =
        page.acts.iter().filter(|_| !is_new).filter_map(|it| draw_way_out(page, it, chosen));
    html! {<>
        { warning.as_ref().map(|note| draw_warning(note, sender_contacts)).unwrap_or_default() }
        <div class="group">
            { draw_chips(&row.chips) }
            <div class="group group--tight">
                <Heading>{ draw_words(&row.title) }</Heading>
                <p class="muted">{ say(&row.line) }</p>
                <p>{ draw_from(&row.place) }</p>
            </div>
        </div>
        { deed.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        { page.sending.as_ref().map(|note| draw_sending(page, note, check, sign_in)).unwrap_or_default() }
        if page.offers_capacity {
            { draw_full(row) }
        }
        { page.asked.iter().map(|asked| draw_asked(asked, chosen)).collect::<Html>() }
        { messages.iter().map(|words| draw_their_words(words, &sender)).collect::<Html>() }
        <section class="card">
            <h2>{ t("request-person") }</h2>
            { draw_facts(&page.person) }
        </section>
        { draw_reach(page, contacts) }
        <section class="card">
            <h2>{ t("request-request") }</h2>
            { draw_facts(facts) }
        </section>
        if !story.is_empty() {
            { draw_section(t("referral-story"), draw_story(story)) }
        }
        if warning.is_none() {
            { draw_rows(t("request-sender-contacts"), sender_contacts.iter().map(draw_contact)) }
        }
        { draw_rows(t("request-in-the-way"), ways_out) }
    </>}
}

fn plain_sender(row: &InboxRow) -> String {
    crate::components::plain_text(&row.sender).to_string()
}

/// That the person must not be contacted, before anything else, with the way to whoever asks.
fn draw_warning(note: &Note, sender_contacts: &[Contact]) -> Html {
    let class = if note.tone == Tone::Bad { "is-stop" } else { "is-wait" };
    let call = sender_contacts.iter().find_map(|contact| {
        let href = safe_link(contact)?.into();
        let (label, icon) = (say(&contact.label), Some(contact.icon));
        let about = contact
            .about
            .as_ref()
            .map(|about| html! { <p class="small">{ draw_words(about) }</p> });
        let button = LinkButton { href, label, icon, narrow: true, ..LinkButton::default() };
        Some(html! {<>{ about.unwrap_or_default() }{ button.draw() }</>})
    });
    html! {
        <section class={classes!("note", class)} role="alert">
            { draw_icon(note.icon) }
            <h2>{ say(&note.heading) }</h2>
            <p>{ say(&note.body) }</p>
            { call.unwrap_or_default() }
        </section>
    }
}

/// What became of what was pressed last.
fn draw_sending(
    page: &Request,
    note: &Note,
    check: &Deed<CheckNow>,
    sign_in: &Deed<SignInAgain>,
) -> Html {
    draw_way_on(note, &page.row.place.source, page.sign_in_sends, check, sign_in)
        .unwrap_or_else(|| draw_sending_note(note, Html::default()))
}

/// They turned it away for want of room: others need not ask first.
fn draw_full(row: &InboxRow) -> Html {
    LinkButton {
        href: Route::connection(&row.place.source).href(),
        label: t("room-say-full"),
        ..LinkButton::default()
    }
    .draw()
}

/// The ways to the person: the first call, a question through the place, and what else there is.
fn draw_reach(page: &Request, contacts: &[Contact]) -> Html {
    let first = contacts.iter().position(|it| safe_link(it).is_some());
    let call = first.and_then(|at| contacts.get(at)).map(|contact| {
        let href = safe_link(contact).unwrap_or_default().into();
        let (label, icon) = (say(&contact.label), Some(contact.icon));
        LinkButton { href, label, icon, weight: Weight::Edge, ..LinkButton::default() }.draw()
    });
    let ask = page.acts.iter().find(|offer| offer.act == ActKind::Ask).map(|offer| {
        let href = Route::RequestAsk { id: page.row.id.0.clone() }.href();
        let label = say(&offer.label);
        let (weight, icon) = (Weight::Edge, Some(Icon::Send));
        LinkButton { href, label, weight, icon, ..LinkButton::default() }.draw()
    });
    let others = contacts.iter().enumerate().filter(|(at, _)| Some(*at) != first);
    let others = others.map(|(_, contact)| draw_contact(contact));
    let buttons: Vec<Html> = call.into_iter().chain(ask).collect();
    html! {<>
        if !buttons.is_empty() {
            <div class="btns btns--pair">{ for buttons }</div>
        }
        { draw_rows(t("request-other-ways"), others) }
    </>}
}

/// Something that was asked of the person, with what they answered.
fn draw_asked(asked: &Asked, chosen: &UseStateHandle<Option<(ItemId, ActOffer)>>) -> Html {
    let (tone, icon, heading) = if asked.is_open {
        ("is-wait", Icon::Hourglass, t("request-asked-open"))
    } else if !asked.answers.is_empty() {
        ("is-turn", Icon::CircleCheck, t("request-asked-answered"))
    } else if asked.is_done {
        ("is-turn", Icon::CircleCheck, t("request-asked-done"))
    } else {
        ("", Icon::CircleSlash, t("request-asked-over"))
    };
    let take_back = asked.acts.iter().find(|offer| offer.act == ActKind::Cancel).map(|offer| {
        PressButton {
            label: t("request-take-back"),
            narrow: true,
            onclick: choose(chosen, &asked.id, offer),
            ..PressButton::default()
        }
        .draw()
    });
    html! {
        <section class={classes!("note", tone)}>
            { draw_icon(icon) }
            <h2>{ heading }</h2>
            <p class="small">{ say(&asked.kind) }{ ": " }{ draw_words(&asked.question) }</p>
            { asked.answers.iter().map(|it| html! { <p><b>{ draw_words(it) }</b></p> }).collect::<Html>() }
            { take_back.unwrap_or_default() }
        </section>
    }
}

/// Pausing, or an end that is not a good one.
fn draw_way_out(
    page: &Request,
    offer: &ActOffer,
    chosen: &UseStateHandle<Option<(ItemId, ActOffer)>>,
) -> Option<Html> {
    let (icon, hint) = match offer.act {
        ActKind::Pause => (Icon::CirclePause, t("request-pause-hint")),
        ActKind::Fail => (Icon::CircleX, t("request-fail-hint")),
        ActKind::Cancel => (Icon::CircleSlash, t("request-stop-hint")),
        _ => return None,
    };
    let row = Row {
        title: html! { say(&offer.label) },
        sub: Some(html! { hint }),
        lead: draw_icon(icon),
        leads: Leads::Press(choose(chosen, &page.row.id, offer)),
        ..Row::default()
    };
    Some(row.draw())
}

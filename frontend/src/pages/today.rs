//! Today: what needs the person, what waits on others, what is new. The order is fixed; empty parts vanish.

use handrail_contract::{
    place::Role,
    sign_in::SignInAgain,
    today::{Attention, MarkSeen, NewsRow, ShowToday, Today},
    todo::TodoRow,
    words::{Icon, Phrase},
};
use yew::prelude::*;
use yew_router::components::Redirect;

use super::{WelcomePage, show_part, welcome::draw_waiting_sign_in};
use crate::{
    components::{
        BrandColours, CheckButton, Heading, Leads, LinkButton, LockButton, Page, Picture,
        PressButton, ProblemNote, Row, Tab, Waiting, Weight, draw_band_art, draw_brand,
        draw_check_line, draw_chips, draw_empty, draw_from, draw_list, draw_note_with,
        draw_referral, draw_rows, draw_section, draw_tile, draw_words,
    },
    hooks::{Answered, use_answer, use_around, use_deed, use_sign_in_again},
    route::Route,
    text::{PartOfDay, part_of_day, say, t, today_line},
};

/// How many further to-dos stand under the first one.
const FURTHER_TODOS: usize = 2;

#[component]
pub fn TodayPage() -> Html {
    let answered = use_answer(ShowToday {});
    let today = match &answered {
        Answered::Given(today) => Some(today.clone()),
        Answered::Awaited | Answered::Withheld(_) => None,
    };
    if let Some(today) = today.as_ref().filter(|today| today.places == 0) {
        return html! { <WelcomePage waiting={today.sign_in.clone()} /> };
    }
    // Who only helps has no day of their own here.
    if today.as_ref().is_some_and(|today| today.only_helps) {
        return html! { <Redirect<Route> to={Route::Inbox} /> };
    }

    let name = today.as_ref().and_then(|today| today.name.as_deref());
    let running = today.as_ref().is_some_and(|today| today.checked.running);
    let band = html! {<>
        { draw_band_art() }
        <div class="band__in">
            <div class="head">
                { draw_brand(BrandColours::OnBand) }
                <span class="head__end"><CheckButton {running} /><LockButton /></span>
            </div>
            <Heading>{ greeting(name) }</Heading>
            <p class="band__sub">{ today_line() }</p>
        </div>
    </>};
    html! {
        <Page title={t("today-title")} {band} tab={Tab::Today}>
            if answered == Answered::Awaited {
                <Waiting card=true />
            } else {
                { show_part(&answered, draw) }
            }
        </Page>
    }
}

fn greeting(name: Option<&str>) -> AttrValue {
    match (part_of_day(), name) {
        (PartOfDay::Morning, None) => t("today-morning"),
        (PartOfDay::Afternoon, None) => t("today-afternoon"),
        (PartOfDay::Evening, None) => t("today-evening"),
        (part, Some(name)) => {
            let phrase = match part {
                PartOfDay::Morning => Phrase::new("today-morning-name"),
                PartOfDay::Afternoon => Phrase::new("today-afternoon-name"),
                PartOfDay::Evening => Phrase::new("today-evening-name"),
            };
            say(&phrase.with("name", name))
        }
    }
}

fn draw(today: &Today) -> Html {
    let Today { sign_in, your_turn, attention, waiting, news, checked, .. } = today;
    html! {<>
        { sign_in.as_ref().map(draw_waiting_sign_in).unwrap_or_default() }
        { draw_your_turn(your_turn) }
        { attention.iter().map(|attention| html! {
            <AttentionNote key={attention.place.source.0.clone()} attention={attention.clone()} />
        }).collect::<Html>() }
        { draw_rows(t("today-waiting"), waiting.iter().map(draw_referral)) }
        if !news.is_empty() {
            <News rows={news.clone()} />
        }
        { draw_check_line(checked) }
    </>}
}

/// The first to-do in full, and what comes after it.
fn draw_your_turn(todos: &[TodoRow]) -> Html {
    let Some((first, rest)) = todos.split_first() else {
        let line = Some(t("today-nothing-body"));
        return html! {
            <section class="card card--lift">
                { draw_empty(Picture::AllWell, t("today-nothing-heading"), line) }
            </section>
        };
    };
    let further = rest.iter().take(FURTHER_TODOS).map(|row| {
        Row {
            title: draw_words(&row.title),
            leads: Leads::To(Route::item(&row.id)),
            lead: draw_tile(row.icon),
            sub: Some(draw_from(&row.place)),
            ..Row::default()
        }
        .draw()
    });
    let more = rest.len().saturating_sub(FURTHER_TODOS);
    let more = (more > 0).then(|| {
        let line = Phrase::new("today-all-todos").with("count", more as i64);
        Row { title: html! { say(&line) }, leads: Leads::To(Route::Todos), ..Row::default() }.draw()
    });
    let open = LinkButton {
        href: Route::item(&first.id).href(),
        label: t("today-open"),
        weight: Weight::Main,
        ..LinkButton::default()
    };
    html! {
        <section class="card card--lift" aria-labelledby="your-turn">
            <div class="head">
                <h2 class="ball" id="your-turn">{ t("today-your-turn") }</h2>
                { draw_chips(first.chips.first()) }
            </div>
            <div class="group group--tight">
                <h3 class="title">{ draw_words(&first.title) }</h3>
                <p>{ draw_from(&first.place) }</p>
                { first.length.as_ref().map(|length| html! { <p class="small muted">{ say(length) }</p> }).unwrap_or_default() }
            </div>
            { open.draw() }
            if !rest.is_empty() {
                { draw_list(further.chain(more)) }
            }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct AttentionNoteProps {
    attention: Attention,
}

/// A place that needs a new sign-in, or does not answer.
#[component]
fn AttentionNote(props: &AttentionNoteProps) -> Html {
    let Attention { place, note, sign_in } = &props.attention;
    let again = use_sign_in_again();
    let button = if *sign_in {
        PressButton {
            label: t("sign-in-again"),
            narrow: true,
            busy: again.busy.then(|| t("confirm-beginning")),
            onclick: again.press(SignInAgain { source: place.source.clone() }),
            ..PressButton::default()
        }
        .draw()
    } else {
        LinkButton {
            href: Route::connection(&place.source).href(),
            label: t("see-connection"),
            narrow: true,
            ..LinkButton::default()
        }
        .draw()
    };
    html! {<>
        { draw_note_with(note, button) }
        { again.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
    </>}
}

#[derive(Properties, PartialEq)]
struct NewsProps {
    rows: Vec<NewsRow>,
}

/// What is new, until it was marked as seen.
#[component]
fn News(props: &NewsProps) -> Html {
    let announce = use_around().announce;
    let mark_seen =
        use_deed::<MarkSeen>(Callback::from(move |_: Today| announce.emit(t("today-marked"))));
    let row = |news: &NewsRow| {
        Row {
            title: html! { say(&news.title) },
            leads: Leads::To(Route::item(&news.id)),
            lead: html! { <span class="dot"></span> },
            sub: Some(draw_words(&news.about)),
            chips: html! { <span class="chips">{ draw_from(&news.place) }</span> },
            is_new: true,
            ..Row::default()
        }
        .draw()
    };
    let seen = PressButton {
        label: t("today-mark-seen"),
        weight: Weight::Text,
        icon: Some(Icon::Check),
        onclick: mark_seen.press(MarkSeen { role: Role::Patient }),
        ..PressButton::default()
    };
    let rows = draw_list(props.rows.iter().map(row));
    draw_section(t("today-news"), html! {<>{ rows }{ seen.draw() }</>})
}

//! Today: what needs the person, what waits on others, what is new. The order is fixed; empty parts vanish.

use handrail_contract::{
    sign_in::SignInAgain,
    today::{Attention, MarkSeen, NewsRow, ShowToday, Today},
    todo::TodoRow,
    words::{Icon, Phrase},
};
use yew::prelude::*;

use super::{WelcomePage, show_part};
use crate::{
    components::{
        BandArt, Brand, BrandColours, CheckButton, CheckLine, Chips, Empty, From, Heading,
        LinkButton, List, NoteBox, Page, Picture, PressButton, ReferralItem, Row, Said, Tab, Tile,
        Weight, plain_text,
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
    if today.as_ref().is_some_and(|today| today.places == 0) {
        return html! { <WelcomePage /> };
    }

    let name = today.as_ref().and_then(|today| today.name.as_deref());
    let running = today.as_ref().is_some_and(|today| today.checked.running);
    let band = html! {<>
        <BandArt />
        <div class="band__in">
            <div class="head">
                <Brand colours={BrandColours::OnBand} />
                <CheckButton {running} />
            </div>
            <Heading>{ greeting(name) }</Heading>
            <p class="band__sub">{ today_line() }</p>
        </div>
    </>};
    html! {
        <Page title={t("today-title")} {band} tab={Tab::Today}>
            { show_part(&answered, draw) }
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
    let Today { your_turn, attention, waiting, news, checked, .. } = today;
    html! {<>
        <YourTurn todos={your_turn.clone()} />
        { for attention.iter().map(|attention| html! {
            <AttentionNote key={attention.place.source.0.clone()} attention={attention.clone()} />
        }) }
        if !waiting.is_empty() {
            <section class="group">
                <h2>{ t("today-waiting") }</h2>
                <List rows={waiting.iter().map(|row| html! { <ReferralItem row={row.clone()} /> }).collect::<Vec<_>>()} />
            </section>
        }
        if !news.is_empty() {
            <News rows={news.clone()} />
        }
        <CheckLine checked={checked.clone()} />
    </>}
}

#[derive(Properties, PartialEq)]
struct YourTurnProps {
    todos: Vec<TodoRow>,
}

/// The first to-do in full, and what comes after it.
#[component]
fn YourTurn(props: &YourTurnProps) -> Html {
    let Some((first, rest)) = props.todos.split_first() else {
        return html! {
            <section class="card card--lift">
                <Empty picture={Picture::AllWell}>
                    <h2>{ t("today-nothing-heading") }</h2>
                    <p class="muted">{ t("today-nothing-body") }</p>
                </Empty>
            </section>
        };
    };
    let further = rest.iter().take(FURTHER_TODOS).map(|row| {
        html! {
            <Row
                href={Route::item(&row.id).href()}
                lead={html! { <Tile icon={row.icon} /> }}
                title={html! { <Said words={row.title.clone()} /> }}
                sub={html! { <From place={row.place.clone()} /> }}
            />
        }
    });
    let more = rest.len().saturating_sub(FURTHER_TODOS);
    let more = (more > 0).then(|| {
        let line = Phrase::new("today-all-todos").with("count", more as i64);
        html! { <Row href={Route::Todos.href()} title={html! { say(&line) }} /> }
    });
    let rows: Vec<_> = further.chain(more).collect();
    html! {
        <section class="card card--lift" aria-labelledby="your-turn">
            <div class="head">
                <h2 class="ball" id="your-turn">{ t("today-your-turn") }</h2>
                <Chips chips={first.chips.iter().take(1).cloned().collect::<Vec<_>>()} />
            </div>
            <div class="group group--tight">
                <h3 class="title"><Said words={first.title.clone()} /></h3>
                <p><From place={first.place.clone()} /></p>
                { for first.length.as_ref().map(|length| html! { <p class="small muted">{ say(length) }</p> }) }
            </div>
            <LinkButton
                href={Route::item(&first.id).href()}
                label={t("today-open")}
                weight={Weight::Main}
            />
            if !rows.is_empty() {
                <List {rows} />
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
    html! {
        <NoteBox note={note.clone()}>
            if *sign_in {
                <PressButton
                    label={t("sign-in-again")}
                    wide=false
                    busy={again.busy.then(|| t("confirm-beginning"))}
                    onclick={again.press(SignInAgain { source: place.source.clone() })}
                />
            } else {
                <LinkButton
                    href={Route::connection(&place.source).href()}
                    label={t("see-connection")}
                    wide=false
                />
            }
        </NoteBox>
    }
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
        html! {
            <Row
                href={Route::item(&news.id).href()}
                lead={html! { <span class="dot"></span> }}
                title={html! { say(&news.title) }}
                sub={html! { plain_text(&news.about) }}
                chips={html! { <span class="chips"><From place={news.place.clone()} /></span> }}
                is_new=true
            />
        }
    };
    html! {
        <section class="group">
            <h2>{ t("today-news") }</h2>
            <List rows={props.rows.iter().map(row).collect::<Vec<_>>()} />
            <PressButton
                label={t("today-mark-seen")}
                weight={Weight::Text}
                wide=false
                icon={Icon::Check}
                onclick={mark_seen.press(MarkSeen {})}
            />
        </section>
    }
}

//! A sign-in, from the open browser to what the place has.

use handrail_contract::{
    place::Role,
    problem::Refusal,
    sign_in::{
        AttemptId, CancelSignIn, Found, FoundKind, FoundLine, ReopenBrowser, ShowSignIn, SignIn,
        Stage,
    },
    words::{Filling, Icon, Note, Phrase},
};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::{
    components::{
        Bar, Heading, Leads, LinkButton, Page, Picture, PressButton, ProblemPart, Row, Waiting,
        Weight, draw_fact, draw_note, draw_picture, draw_refusal, draw_rows, draw_section,
        draw_tile,
    },
    hooks::{Answered, use_answer_while, use_around, use_deed, use_new_page},
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct SignInPageProps {
    pub attempt: AttemptId,
}

#[component]
pub fn SignInPage(props: &SignInPageProps) -> Html {
    let has_code = use_around().code.is_some();
    let bar = Bar::leave(Route::Connect, t("connect-title"), t("close"));
    let answered = use_answer_while(ShowSignIn { attempt: props.attempt.clone() }, is_under_way);
    // The end of a sign-in is a page of its own, under the same address.
    let is_over = match &answered {
        Answered::Awaited => false,
        Answered::Given(sign_in) => !is_under_way(sign_in),
        Answered::Withheld(_) => true,
    };
    use_new_page(is_over);

    match answered {
        Answered::Awaited => html! { <Page title={t("signin-title")} {bar}><Waiting /></Page> },
        Answered::Withheld(problem) => {
            let actions = draw_start_again(Route::Connect);
            html! {
                <Page title={t("signin-stopped-title")} {bar} {actions}><ProblemPart {problem} /></Page>
            }
        }
        Answered::Given(sign_in) => match &sign_in.stage {
            Stage::Connected { found, .. } => draw_connected(found),
            // Without a code, it was a place that is connected already.
            Stage::Refused { reason, note } if has_code => {
                draw_stopped(*reason, note, Route::Confirm)
            }
            Stage::Refused { reason, note } => draw_stopped(*reason, note, Route::Connections),
            _ => html! { <UnderWay sign_in={(*sign_in).clone()} /> },
        },
    }
}

/// Whether it is worth looking again in a second.
const fn is_under_way(sign_in: &SignIn) -> bool {
    !matches!(sign_in.stage, Stage::Connected { .. } | Stage::Refused { .. })
}

#[derive(Properties, PartialEq)]
struct UnderWayProps {
    sign_in: SignIn,
}

/// The person is busy in the browser, or we are busy with the place.
#[component]
fn UnderWay(props: &UnderWayProps) -> Html {
    let SignIn { attempt, name, host, host_note, stage } = &props.sign_in;
    let navigator = use_navigator();
    let reopen = use_deed::<ReopenBrowser>(Callback::noop());
    let cancel = use_deed::<CancelSignIn>(Callback::from(move |_| {
        if let Some(navigator) = &navigator {
            navigator.replace(&Route::Connect);
        }
    }));

    let open = match stage {
        Stage::InBrowser { open, .. } => open.as_deref().filter(|path| is_own_path(path)),
        _ => None,
    };
    let (heading, line) = match stage {
        Stage::InBrowser { .. } if open.is_some() => {
            (t("signin-open-heading"), Phrase::new("signin-open-line"))
        }
        Stage::InBrowser { .. } => (t("signin-waiting-heading"), Phrase::new("signin-waiting")),
        Stage::Exchanging => (t("signin-exchanging-heading"), Phrase::new("signin-exchanging")),
        Stage::Fetching { .. } => (t("signin-fetching-heading"), Phrase::new("signin-fetching")),
        _ => (t("signin-preparing-heading"), Phrase::new("signin-preparing")),
    };
    let line = say(&line.with("name", name.as_str()));
    let main = match (stage, open) {
        (_, Some(path)) => LinkButton {
            href: path.to_owned().into(),
            label: t("signin-open"),
            weight: Weight::Main,
            icon: Some(Icon::ExternalLink),
            outside: true,
            ..LinkButton::default()
        }
        .draw(),
        (Stage::InBrowser { .. }, None) => PressButton {
            label: t("signin-reopen"),
            weight: Weight::Main,
            icon: Some(Icon::ExternalLink),
            busy: reopen.busy.then(|| t("signin-reopening")),
            onclick: reopen.press(ReopenBrowser { attempt: attempt.clone() }),
            ..PressButton::default()
        }
        .draw(),
        _ => Html::default(),
    };
    let cancel = PressButton {
        label: t("signin-cancel"),
        weight: Weight::Text,
        onclick: cancel.press(CancelSignIn { attempt: attempt.clone() }),
        ..PressButton::default()
    };
    let actions = html! {<>{ main }{ cancel.draw() }</>};
    let until = match stage {
        Stage::InBrowser { until, .. } => Some(until.clone()),
        _ => None,
    };
    html! {
        <Page
            title={t("signin-title")}
            bar={Bar::leave(Route::Connect, t("connect-title"), t("close"))}
            {actions}
        >
            <div class="empty">
                { draw_picture(Picture::FirstLink) }
                <Heading>{ heading }</Heading>
                <p class="muted" role="status">{ line }</p>
            </div>
            { host_note.as_ref().map(draw_note).unwrap_or_default() }
            { until.map(|until| draw_good_to_know(host, until)).unwrap_or_default() }
        </Page>
    }
}

/// What helps in the browser.
fn draw_good_to_know(host: &str, until: String) -> Html {
    let until = Phrase::new("signin-take-time-line").with("until", Filling::Moment(until));
    let host = html! { <span translate="no">{ host.to_owned() }</span> };
    draw_tips(
        t("signin-good-to-know"),
        [
            draw_fact(
                Icon::UserRound,
                t("signin-first-time"),
                html! { t("signin-first-time-line") },
            ),
            draw_fact(Icon::Lock, t("signin-check-top"), host),
            draw_fact(Icon::Clock, t("signin-take-time"), html! { say(&until) }),
        ],
    )
}

/// What helps after it stopped at the sign-in page.
fn draw_may_help() -> Html {
    draw_tips(
        t("signin-may-help"),
        [
            draw_fact(
                Icon::CircleQuestionMark,
                t("signin-changed-mind"),
                html! { t("signin-changed-mind-line") },
            ),
            draw_fact(Icon::KeyRound, t("signin-forgot"), html! { t("signin-forgot-line") }),
            draw_fact(Icon::Phone, t("signin-no-account"), html! { t("signin-no-account-line") }),
        ],
    )
}

fn draw_tips(heading: AttrValue, tips: [Html; 3]) -> Html {
    draw_section(heading, html! { <dl class="facts facts--tips">{ for tips }</dl> })
}

fn draw_start_again(to: Route) -> Html {
    LinkButton {
        href: to.href(),
        label: t("signin-start-again"),
        weight: Weight::Main,
        ..LinkButton::default()
    }
    .draw()
}

/// It ended without a connection.
fn draw_stopped(reason: Refusal, note: &Note, start: Route) -> Html {
    let tips_help = matches!(reason, Refusal::Declined | Refusal::Cancelled | Refusal::TookTooLong);
    html! {
        <Page
            title={t("signin-stopped-title")}
            bar={Bar::leave(Route::Today, t("connect-title"), t("close"))}
            actions={draw_start_again(start)}
        >
            { draw_refusal(reason, Some(note), None) }
            if tips_help {
                { draw_may_help() }
            }
        </Page>
    }
}

/// It worked: what the place has.
fn draw_connected(found: &Found) -> Html {
    let Found { place, role, lines, notes, counts, asks_employer } = found;
    let row = |line: &FoundLine| {
        let (icon, route, count) = match line.what {
            FoundKind::Todos => (Icon::ListChecks, Route::Todos, counts.todos),
            FoundKind::Goals => (Icon::Flag, Route::Goals, counts.goals),
            FoundKind::Referrals => (Icon::Signpost, Route::Referrals, counts.referrals),
        };
        Row {
            title: html! { say(&line.title) },
            sub: line.line.as_ref().map(|line| html! { say(line) }),
            lead: draw_tile(icon),
            leads: if count > 0 { Leads::To(route) } else { Leads::Nowhere },
            ..Row::default()
        }
        .draw()
    };
    let (home, label) = match role {
        Role::Patient => (Route::Today, t("connected-today")),
        Role::Organization if *asks_employer => {
            (Route::connection(&place.source), t("employers-choose"))
        }
        Role::Organization => (Route::Inbox, t("connected-inbox")),
    };
    let to_today =
        LinkButton { href: home.href(), label, weight: Weight::Main, ..LinkButton::default() };
    let another = LinkButton {
        href: Route::Connect.href(),
        label: t("connected-another"),
        weight: Weight::Text,
        ..LinkButton::default()
    };
    html! {
        <Page
            title={t("connected-title")}
            bar={Bar::leave(Route::Today, AttrValue::default(), t("close"))}
            actions={html! {<>{ to_today.draw() }{ another.draw() }</>}}
        >
            <div class="empty">
                { draw_picture(Picture::AllWell) }
                <Heading>{ t("connected-heading") }</Heading>
                <p class="muted" role="status">{ place.name.clone() }</p>
            </div>
            { draw_rows(t("connected-found"), lines.iter().map(row)) }
            { notes.iter().map(draw_note).collect::<Html>() }
        </Page>
    }
}

/// Whether a path leads to the shell that served this page, and not elsewhere.
fn is_own_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_page_is_only_opened_through_our_own_shell() {
        assert!(is_own_path("/open/4f2a"));
        assert!(!is_own_path("//elsewhere.example/open"));
        assert!(!is_own_path("/\\elsewhere.example"));
        assert!(!is_own_path("javascript:alert(1)"));
    }
}

//! A sign-in, from the open browser to what the place has.

use handrail_contract::{
    problem::Refusal,
    sign_in::{
        AttemptId, CancelSignIn, Found, FoundKind, FoundLine, ReopenBrowser, ShowSignIn, SignIn,
        Stage,
    },
    words::{Filling, Icon, Phrase},
};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::{
    components::{
        Bar, Drawing, DrawnIcon, Heading, LinkButton, List, NoteBox, Page, Picture, PressButton,
        ProblemPart, RefusalPart, Row, Tile, Waiting, Weight,
    },
    hooks::{Answered, use_answer_while, use_around, use_deed},
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct SignInPageProps {
    pub attempt: AttemptId,
}

#[component]
pub fn SignInPage(props: &SignInPageProps) -> Html {
    let bar = Bar::leave(Route::Connect, t("connect-title"), t("close"));
    match use_answer_while(ShowSignIn { attempt: props.attempt.clone() }, is_under_way) {
        Answered::Awaited => html! { <Page title={t("signin-title")} {bar}><Waiting /></Page> },
        Answered::Withheld(problem) => {
            let actions = html! {
                <LinkButton href={Route::Connect.href()} label={t("signin-start-again")} weight={Weight::Main} />
            };
            html! {
                <Page title={t("signin-stopped-title")} {bar} {actions}><ProblemPart {problem} /></Page>
            }
        }
        Answered::Given(sign_in) => match &sign_in.stage {
            Stage::Connected { found, .. } => html! { <Connected found={found.clone()} /> },
            Stage::Refused { .. } => html! { <Stopped sign_in={(*sign_in).clone()} /> },
            _ => html! { <UnderWay sign_in={(*sign_in).clone()} /> },
        },
    }
}

/// Whether it is worth looking again in a second.
const fn is_under_way(sign_in: &SignIn) -> bool {
    !matches!(sign_in.stage, Stage::Connected { .. } | Stage::Refused { .. })
}

#[derive(Properties, PartialEq)]
struct StageProps {
    sign_in: SignIn,
}

/// The person is busy in the browser, or we are busy with the place.
#[component]
fn UnderWay(props: &StageProps) -> Html {
    let SignIn { attempt, name, host, stage } = &props.sign_in;
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
        (_, Some(path)) => html! {
            <LinkButton
                href={path.to_owned()}
                label={t("signin-open")}
                weight={Weight::Main}
                icon={Icon::ExternalLink}
                outside=true
            />
        },
        (Stage::InBrowser { .. }, None) => html! {
            <PressButton
                label={t("signin-reopen")}
                weight={Weight::Main}
                icon={Icon::ExternalLink}
                busy={reopen.busy.then(|| t("signin-reopening"))}
                onclick={reopen.press(ReopenBrowser { attempt: attempt.clone() })}
            />
        },
        _ => Html::default(),
    };
    let actions = html! {<>
        { main }
        <PressButton
            label={t("signin-cancel")}
            weight={Weight::Text}
            onclick={cancel.press(CancelSignIn { attempt: attempt.clone() })}
        />
    </>};
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
                <Drawing picture={Picture::FirstLink} />
                <Heading>{ heading }</Heading>
                <p class="muted" role="status">{ line }</p>
            </div>
            { for until.map(|until| html! { <GoodToKnow host={host.clone()} {until} /> }) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct GoodToKnowProps {
    host: AttrValue,
    until: String,
}

/// What helps in the browser.
#[component]
fn GoodToKnow(props: &GoodToKnowProps) -> Html {
    let until = Filling::Moment(props.until.clone());
    let take_time = say(&Phrase::new("signin-take-time-line").with("until", until));
    let tips = [
        (Icon::UserRound, t("signin-first-time"), html! { t("signin-first-time-line") }),
        (
            Icon::Lock,
            t("signin-check-top"),
            html! { <span translate="no">{ props.host.clone() }</span> },
        ),
        (Icon::Clock, t("signin-take-time"), html! { take_time }),
    ];
    html! { <Tips heading={t("signin-good-to-know")} tips={tips.to_vec()} /> }
}

#[derive(Properties, PartialEq)]
struct TipsProps {
    heading: AttrValue,
    tips: Vec<(Icon, AttrValue, Html)>,
}

#[component]
fn Tips(props: &TipsProps) -> Html {
    let tip = |(icon, label, line): &(Icon, AttrValue, Html)| {
        html! {
            <div>
                <dt><DrawnIcon icon={*icon} />{ label.clone() }</dt>
                <dd>{ line.clone() }</dd>
            </div>
        }
    };
    html! {
        <section class="group">
            <h2>{ props.heading.clone() }</h2>
            <dl class="facts facts--tips">{ for props.tips.iter().map(tip) }</dl>
        </section>
    }
}

/// It ended without a connection.
#[component]
fn Stopped(props: &StageProps) -> Html {
    let has_code = use_around().code.is_some();
    let Stage::Refused { reason, note } = &props.sign_in.stage else { return Html::default() };
    let may_help = [
        (
            Icon::CircleQuestionMark,
            t("signin-changed-mind"),
            html! { t("signin-changed-mind-line") },
        ),
        (Icon::KeyRound, t("signin-forgot"), html! { t("signin-forgot-line") }),
        (Icon::Phone, t("signin-no-account"), html! { t("signin-no-account-line") }),
    ];
    let tips_help = matches!(reason, Refusal::Declined | Refusal::Cancelled | Refusal::TookTooLong);
    // Without a code, it was a place that is connected already.
    let start = if has_code { Route::Confirm } else { Route::Connections };
    let actions = html! {
        <LinkButton href={start.href()} label={t("signin-start-again")} weight={Weight::Main} />
    };
    html! {
        <Page
            title={t("signin-stopped-title")}
            bar={Bar::leave(Route::Today, t("connect-title"), t("close"))}
            {actions}
        >
            <RefusalPart reason={*reason} note={note.clone()} />
            if tips_help {
                <Tips heading={t("signin-may-help")} tips={may_help.to_vec()} />
            }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct ConnectedProps {
    found: Found,
}

/// It worked: what the place has.
#[component]
fn Connected(props: &ConnectedProps) -> Html {
    let Found { place, lines, notes, counts } = &props.found;
    let row = |line: &FoundLine| {
        let (icon, route, count) = match line.what {
            FoundKind::Todos => (Icon::ListChecks, Route::Todos, counts.todos),
            FoundKind::Goals => (Icon::Flag, Route::Goals, counts.goals),
            FoundKind::Referrals => (Icon::Signpost, Route::Referrals, counts.referrals),
        };
        html! {
            <Row
                href={(count > 0).then(|| route.href())}
                lead={html! { <Tile {icon} /> }}
                title={html! { say(&line.title) }}
                sub={line.line.as_ref().map(|line| html! { say(line) }).unwrap_or_default()}
            />
        }
    };
    let actions = html! {<>
        <LinkButton href={Route::Today.href()} label={t("connected-today")} weight={Weight::Main} />
        <LinkButton href={Route::Connect.href()} label={t("connected-another")} weight={Weight::Text} />
    </>};
    html! {
        <Page
            title={t("connected-title")}
            bar={Bar::leave(Route::Today, AttrValue::default(), t("close"))}
            {actions}
        >
            <div class="empty">
                <Drawing picture={Picture::AllWell} />
                <Heading>{ t("connected-heading") }</Heading>
                <p class="muted" role="status">{ place.name.clone() }</p>
            </div>
            if !lines.is_empty() {
                <section class="group">
                    <h2>{ t("connected-found") }</h2>
                    <List rows={lines.iter().map(row).collect::<Vec<_>>()} />
                </section>
            }
            { for notes.iter().map(|note| html! { <NoteBox note={note.clone()} /> }) }
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

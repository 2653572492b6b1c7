//! The first screen of all: what this is, and the way in.

use handrail_contract::{lock::Door, today::WaitingSignIn, tryout::BeginTryout, words::Icon};
use yew::prelude::*;

use crate::{
    components::{
        BrandColours, Heading, LinkButton, PressButton, ProblemNote, Weight, draw_brand,
        draw_hero_art, draw_note_with, use_title,
    },
    hooks::{begin_anew, use_deed},
    route::Route,
    text::t,
};

#[derive(Properties, PartialEq)]
pub struct WelcomePageProps {
    /// A sign-in that was begun before.
    #[prop_or_default]
    pub waiting: Option<WaitingSignIn>,
}

#[component]
pub fn WelcomePage(props: &WelcomePageProps) -> Html {
    use_title(t("welcome-title"));
    let tryout = use_deed::<BeginTryout>(Callback::from(|_: Door| begin_anew()));

    let connect = LinkButton {
        href: Route::Connect.href(),
        label: t("welcome-connect"),
        weight: Weight::Light,
        icon: Some(Icon::ScanQrCode),
        ..LinkButton::default()
    };
    let try_it = PressButton {
        label: t("welcome-try"),
        weight: Weight::OnBand,
        busy: tryout.busy.then(|| t("welcome-try-busy")),
        onclick: tryout.press(BeginTryout {}),
        ..PressButton::default()
    };
    html! {
        <main class="hero" id="main" tabindex="-1">
            <div class="head">{ draw_brand(BrandColours::OnBand) }</div>
            <div class="group">
                { draw_hero_art() }
                <Heading>{ t("welcome-heading") }</Heading>
                <p class="lead">{ t("welcome-lead") }</p>
            </div>
            { props.waiting.as_ref().map(draw_waiting_sign_in).unwrap_or_default() }
            <div class="btns">
                { tryout.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
                { connect.draw() }
                { try_it.draw() }
                <p class="hint">{ t("welcome-hint") }</p>
            </div>
        </main>
    }
}

/// A sign-in that was begun, and the way back to it.
pub fn draw_waiting_sign_in(waiting: &WaitingSignIn) -> Html {
    let go_on = LinkButton {
        href: Route::sign_in(&waiting.attempt).href(),
        label: t("signin-go-on"),
        narrow: true,
        ..LinkButton::default()
    };
    draw_note_with(&waiting.note, go_on.draw())
}

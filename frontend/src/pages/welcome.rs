//! The first screen of all: what this is, and the way in.

use handrail_contract::words::Icon;
use yew::prelude::*;

use crate::{
    components::{BrandColours, Heading, LinkButton, Weight, draw_brand, draw_hero_art, use_title},
    route::Route,
    text::t,
};

#[component]
pub fn WelcomePage() -> Html {
    use_title(t("welcome-title"));

    let connect = LinkButton {
        href: Route::Connect.href(),
        label: t("welcome-connect"),
        weight: Weight::Light,
        icon: Some(Icon::ScanQrCode),
        ..LinkButton::default()
    };
    html! {
        <main class="hero" id="main" tabindex="-1">
            <div class="head">{ draw_brand(BrandColours::OnBand) }</div>
            <div class="group">
                { draw_hero_art() }
                <Heading>{ t("welcome-heading") }</Heading>
                <p class="lead">{ t("welcome-lead") }</p>
            </div>
            <div class="btns">
                { connect.draw() }
                <p class="hint">{ t("welcome-hint") }</p>
            </div>
        </main>
    }
}

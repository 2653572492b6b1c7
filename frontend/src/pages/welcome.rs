//! The first screen of all: what this is, and the way in.

use handrail_contract::words::Icon;
use yew::prelude::*;

use crate::{
    components::{Brand, BrandColours, Heading, HeroArt, LinkButton, Weight, use_title},
    route::Route,
    text::t,
};

#[component]
pub fn WelcomePage() -> Html {
    use_title(t("welcome-title"));

    html! {
        <main class="hero" id="main" tabindex="-1">
            <div class="head"><Brand colours={BrandColours::OnBand} /></div>
            <div class="group">
                <HeroArt />
                <Heading>{ t("welcome-heading") }</Heading>
                <p class="lead">{ t("welcome-lead") }</p>
            </div>
            <div class="btns">
                <LinkButton
                    href={Route::Connect.href()}
                    label={t("welcome-connect")}
                    weight={Weight::Light}
                    icon={Icon::ScanQrCode}
                />
                <p class="hint">{ t("welcome-hint") }</p>
            </div>
        </main>
    }
}

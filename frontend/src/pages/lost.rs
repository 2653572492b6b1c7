//! An address that names no page.

use yew::prelude::*;

use crate::{
    components::{Bar, Heading, LinkButton, Page, Picture, Weight, draw_picture},
    route::Route,
    text::t,
};

#[component]
pub fn LostPage() -> Html {
    let actions = LinkButton {
        href: Route::Today.href(),
        label: t("problem-today"),
        weight: Weight::Main,
        ..LinkButton::default()
    };
    html! {
        <Page
            title={t("lost-page-title")}
            bar={Bar::back(Route::Today, t("app-name"))}
            actions={actions.draw()}
        >
            <div class="empty">
                { draw_picture(Picture::Interrupted) }
                <Heading>{ t("lost-page-heading") }</Heading>
                <p class="muted">{ t("lost-page-body") }</p>
            </div>
        </Page>
    }
}

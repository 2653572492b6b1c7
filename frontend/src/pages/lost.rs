//! An address that names no page.

use yew::prelude::*;

use crate::{
    components::{Bar, Drawing, Heading, LinkButton, Page, Picture, Weight},
    route::Route,
    text::t,
};

#[component]
pub fn LostPage() -> Html {
    let actions = html! {
        <LinkButton href={Route::Today.href()} label={t("problem-today")} weight={Weight::Main} />
    };
    html! {
        <Page title={t("lost-title")} bar={Bar::back(Route::Today, t("app-name"))} {actions}>
            <div class="empty">
                <Drawing picture={Picture::Interrupted} />
                <Heading>{ t("lost-heading") }</Heading>
                <p class="muted">{ t("lost-body") }</p>
            </div>
        </Page>
    }
}

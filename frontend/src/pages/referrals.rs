//! All referrals: which may need a push, which move, which ended.

use handrail_contract::referral::{ListReferrals, Referrals};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, Heading, Page, Picture, PlaceFilter, Tab, draw_check_line, draw_empty,
        draw_long_rows, draw_note,
    },
    hooks::{Answered, use_answer},
    route::Route,
    text::t,
};

#[component]
pub fn ReferralsPage() -> Html {
    let source = use_state(|| None);
    let answered = use_answer(ListReferrals { source: (*source).clone() });
    let running = matches!(&answered, Answered::Given(referrals) if referrals.checked.running);
    let on_choose = {
        let source = source.setter();
        Callback::from(move |chosen| source.set(chosen))
    };

    html! {
        <Page title={t("referrals-title")} tab={Tab::Referrals}>
            <div class="head">
                <div class="group group--tight">
                    <Heading>{ t("referrals-heading") }</Heading>
                    <p class="muted">{ t("referrals-lead") }</p>
                </div>
                <CheckButton {running} />
            </div>
            <PlaceFilter chosen={(*source).clone()} {on_choose} />
            { show_part(&answered, draw) }
        </Page>
    }
}

fn draw(referrals: &Referrals) -> Html {
    let Referrals { needs_push, moving, finished, notes, checked } = referrals;
    html! {<>
        if needs_push.is_empty() && moving.is_empty() && finished.is_empty() {
            { draw_empty(
                Picture::AllWell,
                t("referrals-empty-heading"),
                Some(t("referrals-empty-body")),
            ) }
        }
        { draw_long_rows(t("referrals-push"), needs_push) }
        { draw_long_rows(t("referrals-moving"), moving) }
        { draw_long_rows(t("referrals-finished"), finished) }
        { notes.iter().map(draw_note).collect::<Html>() }
        { draw_check_line(checked) }
        <p class="small muted">
            { t("referrals-missing") }
            { " " }
            <a href={Route::Connections.href()}>{ t("referrals-missing-link") }</a>
        </p>
    </>}
}

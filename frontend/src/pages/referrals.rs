//! All referrals: which may need a push, which move, which ended.

use handrail_contract::referral::{ListReferrals, ReferralRow, Referrals};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{
        CheckButton, CheckLine, Empty, Heading, List, NoteBox, Page, Picture, PlaceFilter,
        ReferralItem, Tab,
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
            <Empty picture={Picture::AllWell}>
                <h2>{ t("referrals-empty-heading") }</h2>
                <p class="muted">{ t("referrals-empty-body") }</p>
            </Empty>
        }
        { draw_group(t("referrals-push"), needs_push) }
        { draw_group(t("referrals-moving"), moving) }
        { draw_group(t("referrals-finished"), finished) }
        { for notes.iter().map(|note| html! { <NoteBox note={note.clone()} /> }) }
        <CheckLine checked={checked.clone()} />
        <p class="small muted">
            { t("referrals-missing") }
            { " " }
            <a href={Route::Connections.href()}>{ t("referrals-missing-link") }</a>
        </p>
    </>}
}

fn draw_group(title: AttrValue, rows: &[ReferralRow]) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    html! {
        <section class="group">
            <h2>{ title }</h2>
            <List rows={rows.iter().map(|row| html! { <ReferralItem row={row.clone()} /> }).collect::<Vec<_>>()} />
        </section>
    }
}

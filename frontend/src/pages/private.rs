//! Private items: what stands in no other list, behind the PIN once there is one.

use handrail_contract::{
    Problem,
    lock::Unlock,
    private::{ListPrivate, Private},
    words::{Icon, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::{
    lock::{lead_of, use_wait},
    show_part,
};
use crate::{
    components::{
        Bar, Heading, LinkButton, LockButton, Page, Picture, PinScreen, ProblemNote, Tab,
        draw_empty, draw_goal_card, draw_long_rows, draw_note, draw_note_with, draw_referral,
        draw_rows,
    },
    hooks::{Answered, use_answer, use_around, use_deed},
    route::Route,
    text::t,
};

#[component]
pub fn PrivatePage() -> Html {
    let answered = use_answer(ListPrivate {});
    if answered == Answered::Withheld(Problem::NeedsPin) {
        return html! { <AskForPin /> };
    }
    let bar = Bar { end: html! { <LockButton /> }, ..Bar::back(Route::More, t("more-title")) };
    html! {
        <Page title={t("private-title")} {bar} tab={Tab::More}>
            <div class="group group--tight">
                <Heading>{ t("private-title") }</Heading>
                <p class="muted">{ t("private-lead") }</p>
            </div>
            { show_part(&answered, draw) }
        </Page>
    }
}

fn draw(private: &Private) -> Html {
    let Private { todos, goals, referrals, behind_pin } = private;
    let note = |key: &str, tone: Tone, icon: Icon| Note {
        tone,
        icon,
        heading: Phrase::new(&format!("{key}-heading")),
        body: Phrase::new(&format!("{key}-body")),
    };
    let set_pin = LinkButton {
        href: Route::PinSet.href(),
        label: t("lock-set-up"),
        narrow: true,
        ..LinkButton::default()
    };
    html! {<>
        if todos.is_empty() && goals.is_empty() && referrals.is_empty() {
            { draw_empty(Picture::AllWell, t("private-empty-heading"), Some(t("private-empty-body"))) }
        }
        { draw_long_rows(t("todos-title"), todos) }
        { draw_rows(t("referrals-title"), referrals.iter().map(draw_referral)) }
        { for goals.iter().map(draw_goal_card) }
        if *behind_pin {
            { draw_note(&note("private-fast", Tone::Plain, Icon::EyeOff)) }
        } else {
            { draw_note_with(&note("private-no-pin", Tone::Turn, Icon::Lock), set_pin.draw()) }
        }
    </>}
}

/// The PIN, asked for once more.
#[component]
fn AskForPin() -> Html {
    let around = use_around();
    let door = around.doorway.door.clone().unwrap_or_default();
    let unlock = {
        let (keep, ask_again) = (around.doorway.keep.clone(), around.ask_again.clone());
        use_deed::<Unlock>(Callback::from(move |door| {
            keep.emit(door);
            ask_again.emit(());
        }))
    };
    use_wait(&door);
    let lead = if unlock.busy { t("pin-checking") } else { lead_of(&door, t("private-pin")) };
    let rests = unlock.busy || door.wait_seconds > 0;
    let on_whole = unlock.begin().reform(|pin| Unlock { pin, private: true });
    html! {
        <PinScreen title={t("private-title")} heading={t("pin-enter")} {lead} {rests} {on_whole}>
            { unlock.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            <a class="btn btn--onband btn--wide" href={Route::More.href()}>{ t("back") }</a>
        </PinScreen>
    }
}

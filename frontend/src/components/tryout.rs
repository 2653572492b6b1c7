//! What stands over every page while everything is made up.

use handrail_contract::{lock::Door, tryout::LeaveTryout};
use yew::prelude::*;

use super::{PressButton, Weight};
use crate::{
    hooks::{begin_anew, use_around, use_deed},
    text::t,
};

/// Says that nothing here is real, and ends it at one press. Nothing at all where everything is real.
#[component]
pub fn TryoutBanner() -> Html {
    let door = use_around().doorway.door;
    let leave = use_deed::<LeaveTryout>(Callback::from(|_: Door| begin_anew()));
    if !door.is_some_and(|door| door.made_up) {
        return Html::default();
    }
    let button = PressButton {
        label: t("tryout-leave"),
        weight: Weight::Edge,
        narrow: true,
        onclick: leave.press(LeaveTryout {}),
        ..PressButton::default()
    };
    html! {
        <aside class="tryout" aria-label={t("tryout-says")}>
            <p class="small">{ t("tryout-says") }</p>
            { button.draw() }
        </aside>
    }
}

//! Locking at one press.

use handrail_contract::{
    lock::{Door, LockNow},
    words::Icon,
};
use yew::prelude::*;

use super::{LinkButton, PressButton, Weight, draw_icon};
use crate::{
    hooks::{Deed, use_around, use_deed},
    route::Route,
    text::t,
};

/// Locks, and shows the locked app.
#[hook]
fn use_lock() -> (Deed<LockNow>, bool) {
    let doorway = use_around().doorway;
    let keep = doorway.keep.clone();
    (use_deed(Callback::from(move |door: Door| keep.emit(door))), doorway.has_pin())
}

/// The lock at the top of a page. Without a PIN it leads to choosing one.
#[component]
pub fn LockButton() -> Html {
    let (lock, has_pin) = use_lock();
    let inside = draw_icon(Icon::Lock);
    if has_pin {
        html! {
            <button class="iconbtn" type="button" aria-label={t("lock-now")} onclick={lock.press(LockNow {})}>
                { inside }
            </button>
        }
    } else {
        html! { <a class="iconbtn" href={Route::PinSet.href()} aria-label={t("lock-set-up")}>{ inside }</a> }
    }
}

/// The same as a button with its words.
#[component]
pub fn LockRow() -> Html {
    let (lock, has_pin) = use_lock();
    let icon = Some(Icon::Lock);
    if has_pin {
        let (label, onclick) = (t("lock-now-long"), lock.press(LockNow {}));
        PressButton { label, icon, weight: Weight::Edge, onclick, ..PressButton::default() }.draw()
    } else {
        let (label, href) = (t("lock-set-up"), Route::PinSet.href());
        LinkButton { label, icon, weight: Weight::Edge, href, ..LinkButton::default() }.draw()
    }
}

//! Choosing a PIN, choosing another, and going without one.

use handrail_contract::lock::{Door, Pin, RemovePin, SetPin};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::lock::{lead_of, use_wait};
use crate::{
    components::{PinScreen, ProblemNote},
    hooks::{use_around, use_deed},
    route::Route,
    text::t,
};

/// What is still to be typed.
#[derive(Clone, PartialEq)]
enum Step {
    /// The PIN there is.
    Old,
    /// A new one.
    New { old: Option<Pin> },
    /// The new one once more.
    Again { old: Option<Pin>, new: Pin },
}

/// Chooses a PIN, or another one.
#[component]
pub fn PinSetPage() -> Html {
    let doorway = use_around().doorway;
    let door = doorway.door.clone().unwrap_or_default();
    let first = || if door.has_pin { Step::Old } else { Step::New { old: None } };
    let step = use_state(first);
    let differed = use_state(|| false);
    let done = use_done(t("pin-set"));
    use_wait(&door);
    let set = {
        let (keep, step, at_first) = (doorway.keep.clone(), step.setter(), first());
        use_deed::<SetPin>(Callback::from(move |door: Door| {
            // The old one was not it, or it was too soon to try.
            let is_set = door.has_pin && !door.wrong && door.wait_seconds == 0;
            keep.emit(door);
            if is_set {
                done.emit(());
            } else {
                step.set(at_first.clone());
            }
        }))
    };
    let on_whole = {
        let (step, differed, begin) = (step.clone(), differed.setter(), set.begin());
        Callback::from(move |typed: Pin| match (*step).clone() {
            Step::Old => step.set(Step::New { old: Some(typed) }),
            Step::New { old } => step.set(Step::Again { old, new: typed }),
            Step::Again { old, new } if new == typed => {
                step.set(Step::New { old: old.clone() });
                differed.set(false);
                begin.emit(SetPin { pin: new, old });
            }
            Step::Again { old, .. } => {
                differed.set(true);
                step.set(Step::New { old });
            }
        })
    };
    let (heading, lead) = match &*step {
        Step::Old => (t("pin-old"), lead_of(&door, AttrValue::default())),
        Step::New { .. } if *differed => (t("pin-choose"), t("pin-differed")),
        Step::New { .. } => (t("pin-choose"), t("pin-choose-lead")),
        Step::Again { .. } => (t("pin-repeat"), t("pin-repeat-lead")),
    };
    let lead = if set.busy { t("pin-checking") } else { lead };
    html! {
        <PinScreen title={t("pin-title")} {heading} {lead} {on_whole} rests={set.busy || door.wait_seconds > 0}>
            { set.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { draw_way_back(t("pin-not-now")) }
        </PinScreen>
    }
}

/// Takes the PIN away.
#[component]
pub fn PinOffPage() -> Html {
    let doorway = use_around().doorway;
    let door = doorway.door.clone().unwrap_or_default();
    let done = use_done(t("pin-off"));
    use_wait(&door);
    let remove = use_deed::<RemovePin>(Callback::from(move |door: Door| {
        let is_off = !door.has_pin;
        doorway.keep.emit(door);
        if is_off {
            done.emit(());
        }
    }));
    let lead = if remove.busy { t("pin-checking") } else { lead_of(&door, t("pin-off-lead")) };
    let on_whole = remove.begin().reform(|pin| RemovePin { pin });
    html! {
        <PinScreen title={t("pin-title")} heading={t("pin-enter")} {lead} {on_whole} rests={remove.busy || door.wait_seconds > 0}>
            { remove.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { draw_way_back(t("pin-keep")) }
        </PinScreen>
    }
}

/// Says a line, and goes back to the settings.
#[hook]
fn use_done(line: AttrValue) -> Callback<()> {
    let announce = use_around().announce;
    let navigator = use_navigator();
    Callback::from(move |()| {
        announce.emit(line.clone());
        if let Some(navigator) = &navigator {
            navigator.push(&Route::Settings);
        }
    })
}

fn draw_way_back(label: AttrValue) -> Html {
    html! { <a class="btn btn--onband btn--wide" href={Route::Settings.href()}>{ label }</a> }
}

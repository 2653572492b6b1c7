//! The locked app: the PIN, or the way out for whoever forgot it.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use handrail_contract::{
    lock::{Door, EraseAll, ErasedAll, ShowDoor, Unlock},
    words::{Icon, Note, Phrase, Tone},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::{
    bridge::ask,
    components::{
        Heading, PinScreen, PressButton, ProblemNote, Weight, draw_icon, draw_large_tile,
        draw_note_with, use_title,
    },
    hooks::{use_around, use_deed, use_new_page},
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct LockPageProps {
    pub door: Rc<Door>,
}

#[component]
pub fn LockPage(props: &LockPageProps) -> Html {
    let forgot = use_state(|| false);
    use_new_page(*forgot);

    let turn = |to: bool| {
        let forgot = forgot.setter();
        Callback::from(move |_: MouseEvent| forgot.set(to))
    };
    if *forgot {
        return html! { <ForgotPage on_back={turn(false)} /> };
    }
    html! { <AskForPin door={props.door.clone()} on_forgot={turn(true)} /> }
}

/// What came of the last try: how many are left, or how long to wait.
pub fn lead_of(door: &Door, otherwise: AttrValue) -> AttrValue {
    let (minutes, left) = (door.wait_seconds.div_ceil(60), door.tries_left);
    if door.wait_seconds > 60 {
        say(&Phrase::new("pin-wait-minutes").with("n", minutes as i64))
    } else if door.wait_seconds > 0 {
        say(&Phrase::new("pin-wait-seconds").with("n", door.wait_seconds as i64))
    } else if door.wrong {
        say(&Phrase::new("pin-wrong").with("left", i64::from(left)))
    } else {
        otherwise
    }
}

/// Asks for the door every second as long as there is a wait.
#[hook]
pub fn use_wait(door: &Door) {
    let keep = use_around().doorway.keep;
    use_effect_with(door.wait_seconds, move |seconds| {
        let again = (*seconds > 0).then(|| {
            Timeout::new(1000, move || {
                spawn_local(async move {
                    ask(&ShowDoor {}).await.into_iter().for_each(|door| keep.emit(door));
                });
            })
        });
        move || drop(again)
    });
}

#[derive(Properties, PartialEq)]
struct AskForPinProps {
    door: Rc<Door>,
    on_forgot: Callback<MouseEvent>,
}

#[component]
fn AskForPin(props: &AskForPinProps) -> Html {
    let keep = use_around().doorway.keep;
    let unlock = use_deed::<Unlock>(keep);
    use_wait(&props.door);

    let door = &props.door;
    let waits = door.wait_seconds > 0;
    // What came of a try stands above the keys, which can fill a small screen.
    use_effect_with((door.wrong, door.tries_left, waits), |_| {
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    });
    let heading = if door.wrong || waits { t("pin-again") } else { t("pin-enter") };
    let lead = if unlock.busy { t("pin-checking") } else { lead_of(door, t("lock-locked")) };
    let forgot = html! {
        <button class="btn btn--onband btn--wide" type="button" onclick={props.on_forgot.clone()}>{ t("lock-forgot") }</button>
    };
    let on_whole = unlock.begin().reform(|pin| Unlock { pin, private: false });
    html! {
        <PinScreen title={t("lock-title")} {heading} {lead} rests={unlock.busy || waits} {on_whole}>
            { unlock.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { forgot }
        </PinScreen>
    }
}

#[derive(Properties, PartialEq)]
struct ForgotPageProps {
    on_back: Callback<MouseEvent>,
}

/// Nobody can look a PIN up; the way out is to begin anew.
#[component]
fn ForgotPage(props: &ForgotPageProps) -> Html {
    use_title(t("lock-title"));
    let erase = use_erase();
    let again = PressButton {
        label: t("lock-try-again"),
        weight: Weight::Text,
        onclick: props.on_back.clone(),
        ..PressButton::default()
    };
    html! {
        <div class="view">
            <header class="bar">
                <button class="iconbtn" type="button" aria-label={t("back")} onclick={props.on_back.clone()}>
                    { draw_icon(Icon::ArrowLeft) }
                </button>
                <span class="bar__title"></span>
            </header>
            <main class="main" id="main" tabindex="-1">
                <div class="page">
                    <div class="empty">
                        { draw_large_tile(Icon::KeyRound) }
                        <Heading>{ t("lock-forgot") }</Heading>
                    </div>
                    <p>{ t("lock-forgot-why") }</p>
                    <p>{ t("lock-forgot-erase") }</p>
                    { draw_lost_note() }
                    { erase.note }
                </div>
                <div class="actions"><div class="btns">{ erase.button }{ again.draw() }</div></div>
            </main>
        </div>
    }
}

/// What is lost when everything is erased.
pub fn draw_lost_note() -> Html {
    let note = Note {
        tone: Tone::Turn,
        icon: Icon::CircleAlert,
        heading: Phrase::new("erase-lost-heading"),
        body: Phrase::new("erase-lost-body"),
    };
    draw_note_with(&note, Html::default())
}

/// The button that erases everything, and why it did not.
pub struct Erase {
    pub button: Html,
    pub note: Html,
}

/// Erases everything, and begins anew on the first page.
#[hook]
pub fn use_erase() -> Erase {
    let around = use_around();
    let erase = use_deed::<EraseAll>(Callback::from(move |erased: ErasedAll| {
        let line = match erased.not_confirmed {
            0 => t("erased"),
            count => say(&Phrase::new("erased-not-confirmed").with("n", i64::from(count))),
        };
        around.announce.emit(line);
        if let Some(window) = web_sys::window() {
            let _ = window.location().set_hash("/");
        }
        around.ask_again.emit(());
    }));
    let button = PressButton {
        label: t("erase-all"),
        weight: Weight::Danger,
        icon: Some(Icon::Trash2),
        busy: erase.busy.then(|| t("erase-busy")),
        onclick: erase.press(EraseAll {}),
        ..PressButton::default()
    };
    let note = erase.problem.clone().map(|problem| html! { <ProblemNote {problem} /> });
    Erase { button: button.draw(), note: note.unwrap_or_default() }
}

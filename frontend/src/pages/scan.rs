//! Scanning a code with the camera: why it is asked for, what it sees, and what helps when nothing is found.

use std::{cell::Cell, rc::Rc};

use gloo_timers::future::TimeoutFuture;
use handrail_contract::{
    code::{CodeRead, ReadPicture, ScanOutcome, ScanStep, Scanned, UseScanner},
    problem::Refusal,
    words::Icon,
};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlVideoElement, VisibilityState};
use yew::prelude::*;

use super::connect::{draw_ways_but, use_reading};
use crate::{
    bridge::{has_scanner, pass_on, read_answer, write_question},
    camera::{Camera, CameraError, Lamp, take_picture},
    components::{
        Bar, Heading, Page, PressButton, Weight, draw_icon, draw_large_tile, draw_refused_code,
        draw_section,
    },
    hooks::use_new_page,
    route::Route,
    text::t,
};

/// Between two looks, in milliseconds.
const PAUSE: u32 = 250;
/// How long nothing is found before other ways are offered, in milliseconds.
const PATIENCE: u32 = 20_000;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// The person reads why the camera is wanted.
    Asking,
    /// The browser asks, or the camera starts.
    Starting,
    Looking,
    /// Nothing was found for a while.
    Helping,
    Off(CameraError),
    /// The device's own scanner may not use the camera.
    Barred,
}

#[component]
pub fn ScanPage() -> Html {
    let (refused, go_on) = use_reading();
    let stage = use_state(|| Stage::Asking);
    let video = use_node_ref();
    let lamp = use_state(|| None::<Lamp>);
    // Each turning on has a number; a look that belongs to an older one ends.
    let turn = use_mut_ref(|| Rc::new(Cell::new(true)));

    // Until the device's own scanner is found not to work.
    let is_behind = use_state(has_scanner);

    let rests = matches!(*stage, Stage::Asking | Stage::Off(_) | Stage::Barred);
    use_new_page((refused.is_some(), rests));
    {
        let turn = turn.clone();
        use_effect_with((), move |()| move || turn.borrow().set(false));
    }

    let turn_on = {
        let (stage, refused, video) = (stage.setter(), refused.setter(), video.clone());
        let lamp = lamp.setter();
        let is_behind = is_behind.clone();
        Callback::from(move |_: MouseEvent| {
            let goes_on = Rc::new(Cell::new(true));
            turn.replace(goes_on.clone()).set(false);
            refused.set(None);
            stage.set(Stage::Starting);
            let (stage, video, go_on) = (stage.clone(), video.clone(), go_on.clone());
            let (lamp, is_behind) = (lamp.clone(), is_behind.clone());
            spawn_local(async move {
                if *is_behind && look_behind(&goes_on, &stage, &go_on).await {
                    return;
                }
                is_behind.set(false);
                match Camera::turn_on().await {
                    Ok(camera) => {
                        lamp.set(camera.find_lamp());
                        look(&camera, &video, &goes_on, &stage, &go_on).await;
                        lamp.set(None);
                    }
                    Err(error) if goes_on.get() => stage.set(Stage::Off(error)),
                    Err(_) => {}
                }
            });
        })
    };
    let bar = Bar::leave(Route::Connect, t("connect-title"), t("cancel"));
    let ways = draw_ways_but(&Route::Scan);
    let button = |label| PressButton {
        label,
        weight: Weight::Main,
        icon: Some(Icon::Camera),
        onclick: turn_on.clone(),
        ..PressButton::default()
    };

    if let Some(code) = (*refused).clone() {
        return html! {
            <Page title={t("scan-heading")} {bar} actions={button(t("connect-again")).draw()}>
                { draw_refused_code(&code) }
                { draw_section(t("connect-other-ways"), ways) }
            </Page>
        };
    }
    let (heading, body, label) = match *stage {
        Stage::Asking => (t("scan-ask-heading"), t("scan-ask-body"), t("scan-turn-on")),
        Stage::Off(CameraError::Refused) | Stage::Barred => {
            (t("scan-refused-heading"), t("scan-refused-body"), t("scan-try-again"))
        }
        Stage::Off(CameraError::Busy) => {
            (t("scan-busy-heading"), t("scan-busy-body"), t("scan-try-again"))
        }
        Stage::Off(CameraError::Missing) => {
            (t("scan-missing-heading"), t("scan-missing-body"), t("scan-try-again"))
        }
        Stage::Starting | Stage::Looking | Stage::Helping => {
            return html! {
                <Page title={t("scan-heading")} {bar}>
                    <div class="group">
                        <Heading>{ t("scan-heading") }</Heading>
                        <p class="muted">{ t("scan-lead") }</p>
                    </div>
                    <div class={classes!("finder", is_behind.then_some("finder--glass"))}>
                        if !*is_behind {
                            <video ref={video} class="finder__view" autoplay=true muted=true playsinline=true />
                        }
                        <p class="finder__tip" role="status">{
                            if *stage == Stage::Starting { t("scan-starting") } else { t("scan-looking") }
                        }</p>
                    </div>
                    if let Some(lamp) = (*lamp).clone() {
                        <LampButton {lamp} />
                    }
                    if *stage == Stage::Helping {
                        <section class="note is-turn" role="status">
                            { draw_icon(Icon::ScanQrCode) }
                            <h2>{ t("scan-help-heading") }</h2>
                            <p>{ t("scan-help-body") }</p>
                        </section>
                    }
                    { draw_section(t("connect-other-ways"), ways) }
                </Page>
            };
        }
    };
    html! {
        <Page title={t("scan-heading")} {bar}>
            <div class="empty">
                { draw_large_tile(Icon::Camera) }
                <Heading>{ heading }</Heading>
                <p class="muted" role="status">{ body }</p>
                { button(label).draw() }
                if *stage == Stage::Barred {
                    { draw_settings_button() }
                }
            </div>
            { draw_section(t("scan-without"), ways) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct LampButtonProps {
    lamp: Lamp,
}

/// Switches the light beside the camera. Where the camera refuses, it stays as it says.
#[component]
fn LampButton(props: &LampButtonProps) -> Html {
    let is_on = use_state(|| false);
    let onclick = {
        let (lamp, wanted, is_on) = (props.lamp.clone(), !*is_on, is_on.setter());
        Callback::from(move |_: MouseEvent| {
            let (lamp, is_on) = (lamp.clone(), is_on.clone());
            spawn_local(async move {
                if lamp.switch(wanted).await {
                    is_on.set(wanted);
                }
            });
        })
    };
    let label = if *is_on { t("scan-lamp-off") } else { t("scan-lamp-on") };
    PressButton { label, onclick, ..PressButton::default() }.draw()
}

/// Leads to where the device keeps what an app may do.
fn draw_settings_button() -> Html {
    let onclick = Callback::from(|_: MouseEvent| {
        spawn_local(async {
            take_step(ScanStep::OpenSettings).await;
        });
    });
    PressButton { label: t("scan-open-settings"), onclick, ..PressButton::default() }.draw()
}

/// Has the device's own scanner do this. One that gives no answer is none.
async fn take_step(step: ScanStep) -> Scanned {
    let none = Scanned { outcome: ScanOutcome::Missing, code: None };
    let answer = pass_on("use_scanner", write_question(&UseScanner { step })).await;
    answer.and_then(|answer| read_answer(&answer)).unwrap_or(none)
}

/// Has the device's own scanner look, behind the page. False: it does not work, and the page looks by itself.
async fn look_behind(
    goes_on: &Rc<Cell<bool>>,
    stage: &UseStateSetter<Stage>,
    go_on: &Callback<CodeRead>,
) -> bool {
    let mut scanned = take_step(ScanStep::Ask).await;
    if scanned.outcome == ScanOutcome::Ready && goes_on.get() {
        let looks = Rc::new(Cell::new(true));
        spawn_local(watch_over(looks.clone(), goes_on.clone(), stage.clone()));
        scanned = take_step(ScanStep::Look).await;
        looks.set(false);
    }
    if scanned.outcome == ScanOutcome::Missing {
        return false;
    }
    if goes_on.get() {
        let is_barred = scanned.outcome == ScanOutcome::Refused;
        stage.set(if is_barred { Stage::Barred } else { Stage::Asking });
        if let Some(code) = scanned.code {
            go_on.emit(code);
        }
    }
    true
}

/// Ends the look behind the page when the person leaves it or it is hidden, and offers help when nothing is found.
async fn watch_over(looks: Rc<Cell<bool>>, goes_on: Rc<Cell<bool>>, stage: UseStateSetter<Stage>) {
    stage.set(Stage::Looking);
    let (mut waited, mut hidden) = (0, 0);
    while looks.get() {
        hidden = if is_hidden() { hidden + 1 } else { 0 };
        // A phone that asked for the camera shows the page again a moment after it answered.
        if !goes_on.get() || hidden > 4 {
            // The look answers that it was ended.
            take_step(ScanStep::Stop).await;
            return;
        }
        TimeoutFuture::new(PAUSE).await;
        waited += PAUSE;
        if waited == PATIENCE && looks.get() && goes_on.get() {
            stage.set(Stage::Helping);
        }
    }
}

fn is_hidden() -> bool {
    web_sys::window()
        .and_then(|window| window.document())
        .is_none_or(|document| document.visibility_state() == VisibilityState::Hidden)
}

/// Looks until a code is found, the person leaves, or the page is hidden.
async fn look(
    camera: &Camera,
    video: &NodeRef,
    goes_on: &Cell<bool>,
    stage: &UseStateSetter<Stage>,
    go_on: &Callback<CodeRead>,
) {
    let mut waited = 0;
    let mut shown = None;
    while goes_on.get() {
        if is_hidden() {
            return stage.set(Stage::Asking);
        }
        let view = video.cast::<HtmlVideoElement>();
        if let Some(view) = view.filter(|_| shown.is_none()) {
            camera.show_in(&view);
            stage.set(Stage::Looking);
            shown = Some(view);
        }
        let picture = shown.as_ref().and_then(take_picture);
        if let Some(code) = read(picture).await
            && goes_on.get()
        {
            stage.set(Stage::Asking);
            return go_on.emit(code);
        }
        TimeoutFuture::new(PAUSE).await;
        waited += PAUSE;
        if waited == PATIENCE && goes_on.get() {
            stage.set(Stage::Helping);
        }
    }
}

/// The code in a picture. What is not clear in one picture may be in the next, so nothing is said of it.
async fn read(picture: Option<String>) -> Option<CodeRead> {
    let question = write_question(&ReadPicture { picture: picture? });
    let answer = pass_on("read_picture", question).await.ok()?;
    let code = read_answer::<CodeRead>(&answer).ok()?;
    let unclear =
        matches!(code.reason, Some(Refusal::NoCodeInPicture | Refusal::UnreadablePicture));
    (!unclear).then_some(code)
}

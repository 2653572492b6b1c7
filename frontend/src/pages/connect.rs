//! The ways in: a picture of a code, an address pasted or typed, and the doors to the camera and to the list.

use std::rc::Rc;

use handrail_contract::{
    code::{CodeRead, Grade, ReadCode, ReadPicture},
    problem::Refusal,
    words::Icon,
};
use js_sys::Reflect;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Clipboard, HtmlInputElement};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use crate::{
    camera::is_offered,
    components::{
        Bar, Heading, Leads, Page, PressButton, ProblemNote, Row, Weight, draw_icon, draw_list,
        draw_refused_code, draw_section, draw_tile,
    },
    hooks::{use_around, use_deed, use_new_page},
    picture::read_file,
    route::Route,
    text::t,
};

/// What follows when a code was read: the page that asks whether it is right, or the refusal, kept in the state.
#[hook]
pub(super) fn use_reading() -> (UseStateHandle<Option<Rc<CodeRead>>>, Callback<CodeRead>) {
    let keep_code = use_around().keep_code;
    let navigator = use_navigator();
    let refused = use_state(|| None::<Rc<CodeRead>>);
    let refuse = refused.setter();
    let go_on = Callback::from(move |code: CodeRead| match code.verdict {
        Grade::Refused => refuse.set(Some(Rc::new(code))),
        Grade::Listed | Grade::Unlisted => {
            keep_code.emit(Some(Rc::new(code)));
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Confirm);
            }
        }
    });
    (refused, go_on)
}

/// The ways in, but for the one that the person is at.
pub(super) fn draw_ways_but(here: &Route) -> Html {
    let scan =
        is_offered().then_some((Icon::Camera, "connect-scan", "connect-scan-sub", Route::Scan));
    let others = [
        (Icon::Image, "connect-picture", "connect-picture-sub", Route::Connect),
        (Icon::Keyboard, "connect-type-again", "connect-type-again-sub", Route::Connect),
        (Icon::MapPin, "connect-find", "connect-find-sub", Route::Find),
    ];
    let ways = scan.into_iter().chain(others).filter(|(.., to)| to != here);
    draw_list(ways.map(|(icon, title, sub, to)| draw_way(icon, title, sub, Leads::To(to))))
}

fn draw_way(icon: Icon, title: &'static str, sub: &'static str, leads: Leads) -> Html {
    Row {
        title: html! { t(title) },
        sub: Some(html! { t(sub) }),
        lead: draw_tile(icon),
        leads,
        ..Row::default()
    }
    .draw()
}

#[component]
pub fn ConnectPage() -> Html {
    let (refused, go_on) = use_reading();
    let typed = use_state(AttrValue::default);
    let is_missing = use_state(|| false);
    let opens_picture = use_state(|| false);
    let file_input = use_node_ref();

    use_new_page(refused.is_some());

    let refuse = {
        let refused = refused.setter();
        Callback::from(move |reason| refused.set(Some(Rc::new(CodeRead::refused(reason)))))
    };
    let read_code = use_deed::<ReadCode>(go_on.clone());
    let read_picture = use_deed::<ReadPicture>(go_on);

    let read_typed = {
        let (typed, is_missing) = (typed.clone(), is_missing.setter());
        let begin = read_code.begin();
        Callback::from(move |()| {
            let is_empty = typed.trim().is_empty();
            is_missing.set(is_empty);
            if !is_empty {
                begin.emit(ReadCode { text: typed.to_string() });
            }
        })
    };
    let choose = {
        let file_input = file_input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = file_input.cast::<HtmlInputElement>() {
                input.set_value(""); // So that the same picture can be chosen again.
                input.click();
            }
        })
    };
    let on_chosen = {
        let (begin, refuse) = (read_picture.begin(), refuse.clone());
        let opens_picture = opens_picture.setter();
        Callback::from(move |event: Event| {
            let files = event.target_unchecked_into::<HtmlInputElement>().files();
            let Some(file) = files.and_then(|files| files.get(0)) else { return };
            let (begin, refuse) = (begin.clone(), refuse.clone());
            let opens_picture = opens_picture.clone();
            opens_picture.set(true);
            spawn_local(async move {
                let picture = read_file(&file).await;
                opens_picture.set(false);
                match picture {
                    Some(picture) => begin.emit(ReadPicture { picture }),
                    None => refuse.emit(Refusal::UnreadablePicture),
                }
            });
        })
    };

    let picture_is_read = *opens_picture || read_picture.busy;
    let title = if picture_is_read { t("connect-picture-busy") } else { t("connect-picture") };
    let picture_row = Row {
        title: html! { title },
        sub: Some(html! { t("connect-picture-sub") }),
        lead: draw_tile(Icon::Image),
        leads: Leads::Press(choose),
        ..Row::default()
    };
    let scan_row = is_offered().then(|| {
        draw_way(Icon::Camera, "connect-scan", "connect-scan-sub", Leads::To(Route::Scan))
    });
    let find_row =
        draw_way(Icon::MapPin, "connect-find", "connect-find-sub", Leads::To(Route::Find));
    let file = html! {
        <input ref={file_input} type="file" accept="image/*" hidden=true onchange={on_chosen} />
    };
    let problem = read_code.problem.as_ref().or(read_picture.problem.as_ref());
    let problem = problem.map(|problem| html! { <ProblemNote problem={problem.clone()} /> });
    let bar = Bar::leave(Route::Today, t("connect-title"), t("cancel"));

    if let Some(code) = (*refused).clone() {
        let start_again = {
            let refused = refused.setter();
            Callback::from(move |_: MouseEvent| refused.set(None))
        };
        let type_row = draw_way(
            Icon::Keyboard,
            "connect-type-again",
            "connect-type-again-sub",
            Leads::Press(start_again.clone()),
        );
        let actions = PressButton {
            label: t("connect-again"),
            weight: Weight::Main,
            icon: Some(Icon::ScanQrCode),
            onclick: start_again,
            ..PressButton::default()
        };
        let ways = draw_list([picture_row.draw(), type_row, find_row]);
        return html! {
            <Page title={t("connect-title")} {bar} actions={actions.draw()}>
                { draw_refused_code(&code) }
                { problem.unwrap_or_default() }
                { draw_section(t("connect-other-ways"), html! {<>{ ways }{ file }</>}) }
            </Page>
        };
    }

    let on_submit = {
        let read_typed = read_typed.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            read_typed.emit(());
        })
    };
    let actions = PressButton {
        label: t("connect-continue"),
        weight: Weight::Main,
        busy: read_code.busy.then(|| t("connect-reading")),
        onclick: read_typed.reform(|_: MouseEvent| ()),
        ..PressButton::default()
    };
    let on_type = {
        let typed = typed.setter();
        let is_missing = is_missing.setter();
        Callback::from(move |text: AttrValue| {
            is_missing.set(false);
            typed.set(text);
        })
    };
    html! {
        <Page title={t("connect-title")} {bar} actions={actions.draw()}>
            <div class="group">
                <Heading>{ t("connect-heading") }</Heading>
                <p class="muted">{ t("connect-lead") }</p>
            </div>
            { problem.unwrap_or_default() }
            <section class="group">
                <h2>{ t("connect-picture-heading") }</h2>
                { draw_list(scan_row.into_iter().chain([picture_row.draw()])) }
                { file }
                <p class="small muted">{ t("connect-picture-kept") }</p>
            </section>
            <form class="group" onsubmit={on_submit}>
                <h2>{ t("connect-address-heading") }</h2>
                <AddressField value={(*typed).clone()} is_missing={*is_missing} {on_type} />
            </form>
            { draw_section(t("connect-find-heading"), draw_list([find_row])) }
        </Page>
    }
}

#[derive(Properties, PartialEq)]
struct AddressFieldProps {
    value: AttrValue,
    is_missing: bool,
    on_type: Callback<AttrValue>,
}

/// The address, typed or pasted.
#[component]
fn AddressField(props: &AddressFieldProps) -> Html {
    let may_not_paste = use_state(|| false);
    let oninput = props.on_type.reform(|event: InputEvent| {
        event.target_unchecked_into::<HtmlInputElement>().value().into()
    });
    let paste = find_clipboard().map(|clipboard| {
        let on_type = props.on_type.clone();
        let may_not_paste = may_not_paste.setter();
        Callback::from(move |_: MouseEvent| {
            let (on_type, may_not_paste) = (on_type.clone(), may_not_paste.clone());
            let copied = clipboard.read_text();
            spawn_local(async move {
                match JsFuture::from(copied).await.ok().and_then(|text| text.as_string()) {
                    Some(text) => on_type.emit(text.into()),
                    None => may_not_paste.set(true),
                }
            });
        })
    });
    let error = match (props.is_missing, *may_not_paste) {
        (true, _) => Some(t("connect-address-missing")),
        (false, true) => Some(t("connect-paste-refused")),
        (false, false) => None,
    };
    html! {<>
        <div class="field">
            <label for="address">{ t("connect-address") }</label>
            <p class="hint" id="address-hint">{ t("connect-address-hint") }</p>
            <input
                class="input"
                id="address"
                type="text"
                inputmode="url"
                autocomplete="off"
                autocapitalize="none"
                autocorrect="off"
                spellcheck="false"
                aria-describedby={if error.is_some() { "address-hint address-error" } else { "address-hint" }}
                aria-invalid={props.is_missing.then_some("true")}
                value={props.value.clone()}
                {oninput}
            />
            { error.map(|error| html! {
                <p class="error" id="address-error" role="status">
                    { draw_icon(Icon::CircleAlert) }
                    { error }
                </p>
            }).unwrap_or_default() }
        </div>
        { paste.map(|onclick| {
            let icon = Some(Icon::ClipboardPaste);
            PressButton { label: t("connect-paste"), icon, onclick, ..PressButton::default() }.draw()
        }).unwrap_or_default() }
    </>}
}

/// The clipboard, where the page may ask for it.
fn find_clipboard() -> Option<Clipboard> {
    let navigator = web_sys::window()?.navigator();
    let is_there = Reflect::get(&navigator, &"clipboard".into()).ok()?.is_object();
    is_there.then(|| navigator.clipboard())
}

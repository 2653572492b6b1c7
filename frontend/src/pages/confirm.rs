//! Is this the right place? Nothing is asked of it before the person says yes.

use handrail_contract::{
    Problem,
    code::{CodeRead, Grade, HostParts},
    place::{Place, Role},
    sign_in::{BeginSignIn, SignIn},
    words::{Chip, Icon, Note, Phrase, Tone},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::{components::Redirect, hooks::use_navigator};

use super::connect::draw_ways_but;
use crate::{
    components::{
        Bar, Heading, LinkButton, Page, PressButton, ProblemNote, Segment, Weight, draw_chips,
        draw_host, draw_mono, draw_note, draw_note_with, draw_refusal, draw_refused_code,
        draw_section,
    },
    hooks::{use_around, use_deed, use_new_page},
    route::Route,
    text::t,
};

#[component]
pub fn ConfirmPage() -> Html {
    match use_around().code {
        Some(code) if code.verdict == Grade::Refused => {
            html! { <RefusedLink code={(*code).clone()} /> }
        }
        // Another code is another question: nobody has compared its address yet.
        Some(code) => {
            html! { <Confirm key={code.text.clone().unwrap_or_default()} code={(*code).clone()} /> }
        }
        // The app was started anew here.
        None => html! { <Redirect<Route> to={Route::Connect} /> },
    }
}

#[derive(Properties, PartialEq)]
struct ConfirmProps {
    code: CodeRead,
}

/// A link that the system opened the app with, and that leads nowhere.
#[component]
fn RefusedLink(props: &ConfirmProps) -> Html {
    html! {
        <Page
            title={t("connect-title")}
            bar={Bar::leave(Route::Today, t("connect-title"), t("close"))}
        >
            { draw_refused_code(&props.code) }
            { draw_section(t("connect-other-ways"), draw_ways_but(&Route::Confirm)) }
        </Page>
    }
}

#[component]
fn Confirm(props: &ConfirmProps) -> Html {
    let code = &props.code;
    let navigator = use_navigator();
    let compared = use_state(|| false);
    let role = use_state(Role::default);
    let begin = use_deed::<BeginSignIn>(Callback::from(move |begun: SignIn| {
        if let Some(navigator) = &navigator {
            navigator.push(&Route::sign_in(&begun.attempt));
        }
    }));
    let bar = Bar::leave(Route::Connect, t("connect-title"), t("cancel"));
    use_new_page(matches!(begin.problem, Some(Problem::Refused { .. })));

    if let Some(Problem::Refused { reason }) = begin.problem {
        let again = PressButton {
            label: t("try-again"),
            weight: Weight::Main,
            busy: begin.busy.then(|| t("confirm-beginning")),
            onclick: begin.press(question(code, *role)),
            ..PressButton::default()
        };
        let actions = html! {<>{ again.draw() }{ draw_way_back(t("connect-again")) }</>};
        let host = code.invitation.as_ref().map(|seen| seen.host.as_str());
        return html! {
            <Page title={t("signin-stopped-title")} {bar} {actions}>
                { draw_refusal(reason, None, host) }
            </Page>
        };
    }

    let is_unlisted = code.verdict != Grade::Listed;
    let on_compare = {
        let compared = compared.setter();
        Callback::from(move |event: Event| {
            compared.set(event.target_unchecked_into::<HtmlInputElement>().checked());
        })
    };
    let label =
        if code.already.is_some() { t("confirm-sign-in-again") } else { t("confirm-sign-in") };
    let sign_in = PressButton {
        label,
        weight: Weight::Main,
        icon: Some(Icon::LogIn),
        busy: begin.busy.then(|| t("confirm-beginning")),
        not_now: (is_unlisted && !*compared).then(|| t("confirm-compare-first")),
        onclick: begin.press(question(code, *role)),
        ..PressButton::default()
    };
    let actions = html! {<>{ sign_in.draw() }{ draw_way_back(t("confirm-no")) }</>};
    let choose_role = Segment {
        name: "role",
        heading: html! { t("confirm-role") },
        hint: None,
        chosen: *role,
        choices: vec![
            (Role::Patient, t("confirm-role-patient")),
            (Role::Organization, t("confirm-role-organization")),
        ],
        on_choose: {
            let role = role.setter();
            Callback::from(move |chosen| role.set(chosen))
        },
    };
    let (sees, sends) = match *role {
        Role::Patient => (t("confirm-asks-see"), t("confirm-asks-send")),
        Role::Organization => (t("confirm-helper-see"), t("confirm-helper-send")),
    };
    html! {
        <Page title={t("confirm-title")} {bar} {actions}>
            <Heading>{ t("confirm-heading") }</Heading>
            { begin.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
            { code.already.as_ref().map(draw_already).unwrap_or_default() }
            { draw_place(code) }
            if is_unlisted {
                { draw_note(&unknown_note(code)) }
                <label class="choice">
                    <input type="checkbox" id="compared" checked={*compared} onchange={on_compare} />
                    <span>
                        <b>{ t("confirm-compared") }</b>
                        <br />
                        <span class="hint">{ t("confirm-compared-hint") }</span>
                    </span>
                </label>
            } else {
                { code.note.as_ref().map(draw_note).unwrap_or_default() }
            }
            { choose_role.draw() }
            { draw_section(t("confirm-asks-heading"), html! {
                <ul class="group">
                    <li class="muted">{ sees }</li>
                    <li class="muted">{ sends }</li>
                </ul>
            }) }
            { draw_section(t("confirm-next-heading"), html! {
                <ol class="group">
                    <li class="muted">{ t("confirm-next-browser") }</li>
                    <li class="muted">{ t("confirm-next-account") }</li>
                    <li class="muted">{ t("confirm-next-back") }</li>
                </ol>
            }) }
        </Page>
    }
}

/// Back to the ways in.
fn draw_way_back(label: AttrValue) -> Html {
    LinkButton { href: Route::Connect.href(), label, weight: Weight::Text, ..LinkButton::default() }
        .draw()
}

/// The place is connected already.
fn draw_already(place: &Place) -> Html {
    let note = Note {
        tone: Tone::Done,
        icon: Icon::CircleCheck,
        heading: Phrase::new("already-heading"),
        body: Phrase::new("already-body").with("name", place.name.as_str()),
    };
    let open = LinkButton {
        href: Route::connection(&place.source).href(),
        label: t("already-open"),
        narrow: true,
        ..LinkButton::default()
    };
    draw_note_with(&note, open.draw())
}

/// What the code says about the place.
fn draw_place(code: &CodeRead) -> Html {
    let CodeRead { verdict, invitation, host, already, .. } = code;
    let is_listed = *verdict == Grade::Listed;
    let name = invitation.as_ref().and_then(|seen| seen.name.clone());
    let host = host.clone().or_else(|| {
        let registered = invitation.as_ref()?.host.clone();
        Some(HostParts { before: String::new(), registered })
    });
    let hue = already.as_ref().map(|place| place.hue);
    let new = already
        .is_none()
        .then(|| Chip::ours(Tone::Turn, Icon::Smartphone, Phrase::new("confirm-new")));
    let known =
        is_listed.then(|| Chip::ours(Tone::Done, Icon::ShieldCheck, Phrase::new("confirm-known")));
    let is_locked = invitation.as_ref().is_some_and(|seen| seen.fhir_base.starts_with("https://"));
    let locked =
        is_locked.then(|| Chip::ours(Tone::Done, Icon::Lock, Phrase::new("confirm-locked")));
    html! {
        <section class="card card--lift">
            { name.map(|name| html! {
                <div class="who">
                    { draw_mono(&name, hue) }
                    <div class="group group--tight">
                        <h2>{ name }</h2>
                        <p class="small muted">
                            { if is_listed { t("confirm-name-listed") } else { t("confirm-name-unlisted") } }
                        </p>
                    </div>
                </div>
            }).unwrap_or_default() }
            <div class="group">
                <h3>{ t("confirm-address") }</h3>
                { host.as_ref().map(draw_host).unwrap_or_default() }
                <p class="small muted">{ t("confirm-compare") }</p>
            </div>
            { draw_chips([new, known, locked].iter().flatten()) }
        </section>
    }
}

/// What to mind about a place that nobody vouches for.
fn unknown_note(code: &CodeRead) -> Note {
    code.note.clone().unwrap_or_else(|| Note {
        tone: Tone::Turn,
        icon: Icon::CircleQuestionMark,
        heading: Phrase::new("confirm-unknown-heading"),
        body: Phrase::new("confirm-unknown-body"),
    })
}

fn question(code: &CodeRead, role: Role) -> BeginSignIn {
    BeginSignIn { text: code.text.clone().unwrap_or_default(), role }
}

//! Notes in a page: what is the matter, and what that means. And the quiet wait for an answer.

use gloo_timers::callback::Timeout;
use handrail_contract::{
    Problem, Question as _,
    problem::Refusal,
    sign_in::SignInAgain,
    start_over::StartOver,
    words::{Icon, Note, Phrase, Tone},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::{
    Heading, LinkButton, Picture, PressButton, Weight, draw_icon, draw_list, draw_picture,
    pieces::tone_class,
};
use crate::{
    bridge::{pass_on, write_question},
    hooks::{use_around, use_sign_in_again},
    route::Route,
    text::{say, t},
};

/// A wait shorter than this shows nothing.
const PATIENCE_MS: u32 = 300;

/// A note.
pub fn draw_note(note: &Note) -> Html {
    draw_note_with(note, Html::default())
}

/// What became of what was sent. That it waits is said by whoever sent it (`use_act`); all else interrupts.
pub fn draw_sending_note(note: &Note, more: Html) -> Html {
    let drawn = draw_note_with(note, more);
    if note.tone == Tone::Wait {
        drawn
    } else {
        html! { <div role="alert">{ drawn }</div> }
    }
}

/// A note with a button or one more line.
pub fn draw_note_with(note: &Note, more: Html) -> Html {
    draw(note, None, more)
}

fn draw(note: &Note, role: Option<&'static str>, more: Html) -> Html {
    html! {
        <section class={classes!("note", tone_class(note.tone))} {role}>
            { draw_icon(note.icon) }
            <h2>{ say(&note.heading) }</h2>
            <p class="small">{ say(&note.body) }</p>
            { more }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct ProblemNoteProps {
    pub problem: Problem,
    /// There is an answer to ask for once more; without it, pressing the same button again does.
    #[prop_or_default]
    pub can_ask_again: bool,
}

/// Why there is no answer, and what to do about it. Where a press came to nothing, that interrupts.
#[component]
pub fn ProblemNote(props: &ProblemNoteProps) -> Html {
    let remedy = use_remedy(&props.problem, Weight::Tonal);
    let ask_again = use_around().ask_again;
    let again = props.can_ask_again.then(|| {
        let onclick = ask_again.reform(|_: MouseEvent| ());
        PressButton { label: t("try-again"), onclick, narrow: true, ..PressButton::default() }
            .draw()
    });
    let more = html! {<>
        if let Problem::OurFault { reference } = &props.problem {
            <p class="small">{ reference_line(reference) }</p>
        }
        { remedy.or(again).unwrap_or_default() }
    </>};
    let role = if props.can_ask_again { "status" } else { "alert" };
    draw(&problem_note(&props.problem), Some(role), more)
}

/// The same as a page of its own, where there is no other heading.
#[component]
pub fn ProblemPart(props: &ProblemNoteProps) -> Html {
    let remedy = use_remedy(&props.problem, Weight::Main);
    let Note { heading, body, .. } = problem_note(&props.problem);
    let to_today = || {
        LinkButton {
            href: Route::Today.href(),
            label: t("problem-today"),
            narrow: true,
            ..LinkButton::default()
        }
        .draw()
    };
    html! {
        <div class="empty">
            { draw_picture(Picture::Interrupted) }
            <Heading>{ say(&heading) }</Heading>
            <p class="muted" role="status">{ say(&body) }</p>
            if let Problem::OurFault { reference } = &props.problem {
                <p class="small muted">{ reference_line(reference) }</p>
            }
            { remedy.unwrap_or_else(to_today) }
        </div>
    }
}

/// The button that mends a problem, if one does.
#[hook]
fn use_remedy(problem: &Problem, weight: Weight) -> Option<Html> {
    let sign_in = use_sign_in_again();
    let start_over = use_start_over();
    if matches!(problem, Problem::Refused { reason: Refusal::KeyTrouble }) {
        return Some(start_over);
    }
    if *problem == Problem::NeedsPin {
        let (href, label) = (Route::Private.href(), t("private-title"));
        return Some(
            LinkButton { href, label, weight, narrow: true, ..LinkButton::default() }.draw(),
        );
    }
    let Problem::SignInAgain { source } = problem else { return None };
    let button = PressButton {
        label: t("sign-in-again"),
        weight,
        narrow: true,
        busy: sign_in.busy.then(|| t("confirm-beginning")),
        onclick: sign_in.press(SignInAgain { source: source.clone() }),
        ..PressButton::default()
    };
    Some(button.draw())
}

/// The way out where the key is lost for good: pressed once it says what will happen, pressed twice it is done.
#[hook]
fn use_start_over() -> Html {
    let is_sure = use_state(|| false);
    let refused = use_state(|| None::<Problem>);
    let ask_again = use_around().ask_again;
    let onclick = {
        let (is_sure, refused) = (is_sure.clone(), refused.setter());
        Callback::from(move |_: MouseEvent| {
            if !*is_sure {
                return is_sure.set(true);
            }
            let (ask_again, refused) = (ask_again.clone(), refused.clone());
            spawn_local(async move {
                match pass_on(StartOver::COMMAND, write_question(&StartOver {})).await {
                    Ok(_) => ask_again.emit(()),
                    Err(problem) => refused.set(Some(problem)),
                }
            });
        })
    };
    let label = if *is_sure { t("start-over-sure") } else { t("start-over") };
    let button = PressButton { label, onclick, narrow: true, ..PressButton::default() };
    html! {<>
        if *is_sure {
            <p class="small" role="status">{ t("start-over-what") }</p>
        }
        { for refused.as_ref().map(|problem| html! { <p role="alert">{ say(&problem_note(problem).body) }</p> }) }
        { button.draw() }
    </>}
}

/// What to say when telling us about it.
fn reference_line(reference: &str) -> AttrValue {
    say(&Phrase::new("problem-ours-reference").with("reference", reference))
}

/// The note for a problem, by its remedy.
pub fn problem_note(problem: &Problem) -> Note {
    let (tone, icon, heading, body) = match problem {
        Problem::SignInAgain { .. } => (
            Tone::Turn,
            Icon::KeyRound,
            Phrase::new("problem-sign-in-heading"),
            Phrase::new("problem-sign-in-body"),
        ),
        Problem::OutOfReach => (
            Tone::Wait,
            Icon::CloudOff,
            Phrase::new("problem-reach-heading"),
            Phrase::new("problem-reach-body"),
        ),
        Problem::Refused { reason } => return super::refusal::refusal_note(*reason),
        Problem::Locked => (
            Tone::Plain,
            Icon::Lock,
            Phrase::new("problem-locked-heading"),
            Phrase::new("problem-locked-body"),
        ),
        Problem::NeedsPin => (
            Tone::Plain,
            Icon::EyeOff,
            Phrase::new("problem-private-heading"),
            Phrase::new("problem-private-body"),
        ),
        Problem::Gone => (
            Tone::Plain,
            Icon::CircleQuestionMark,
            Phrase::new("problem-gone-heading"),
            Phrase::new("problem-gone-body"),
        ),
        Problem::CannotSave => (
            Tone::Bad,
            Icon::CircleAlert,
            Phrase::new("problem-save-heading"),
            Phrase::new("problem-save-body"),
        ),
        Problem::OurFault { .. } => (
            Tone::Bad,
            Icon::CircleAlert,
            Phrase::new("problem-ours-heading"),
            Phrase::new("problem-ours-body"),
        ),
    };
    Note { tone, icon, heading, body }
}

#[derive(Properties, PartialEq)]
pub struct WaitingProps {
    /// A card comes first, as on Today.
    #[prop_or_default]
    pub card: bool,
}

/// The shape of what will come; nothing in the first moment, so that a quick answer does not flicker.
#[component]
pub fn Waiting(props: &WaitingProps) -> Html {
    let shows = use_state(|| false);
    {
        let shows = shows.setter();
        use_effect_with((), move |()| {
            let patience = Timeout::new(PATIENCE_MS, move || shows.set(true));
            move || drop(patience)
        });
    }
    if !*shows {
        return Html::default();
    }
    let row = html! {
        <div class="row">
            <span class="tile"></span>
            <span class="row__text">
                <span class="skel"></span>
                <span class="skel skel--short"></span>
            </span>
        </div>
    };
    html! {<>
        <p class="vh" role="status">{ t("loading") }</p>
        if props.card {
            <div class="skel skel--card" aria-hidden="true"></div>
        }
        <section class="group" aria-hidden="true">
            <div class="skel skel--short"></div>
            { draw_list([row.clone(), row.clone(), row]) }
        </section>
    </>}
}

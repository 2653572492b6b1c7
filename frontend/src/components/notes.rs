//! Notes in a page: what is the matter, and what that means. And the quiet wait for an answer.

use gloo_timers::callback::Timeout;
use handrail_contract::{
    Problem,
    sign_in::SignInAgain,
    words::{Icon, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::{
    Drawing, DrawnIcon, Heading, LinkButton, Picture, PressButton, Weight, pieces::tone_class,
};
use crate::{
    hooks::use_sign_in_again,
    route::Route,
    text::{say, t},
};

/// A wait shorter than this shows nothing.
const PATIENCE_MS: u32 = 300;

#[derive(Properties, PartialEq)]
pub struct NoteBoxProps {
    pub note: Note,
    /// It arrived by itself, while the person did something else.
    #[prop_or_default]
    pub arrived: bool,
    /// A button, or one more line.
    #[prop_or_default]
    pub children: Html,
}

/// A note.
#[component]
pub fn NoteBox(props: &NoteBoxProps) -> Html {
    let Note { tone, icon, heading, body } = &props.note;
    html! {
        <section class={classes!("note", tone_class(*tone))} role={props.arrived.then_some("status")}>
            <DrawnIcon icon={*icon} />
            <h2>{ say(heading) }</h2>
            <p class="small">{ say(body) }</p>
            { props.children.clone() }
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub struct ProblemNoteProps {
    pub problem: Problem,
}

/// Why there is no answer, and what to do about it.
#[component]
pub fn ProblemNote(props: &ProblemNoteProps) -> Html {
    let sign_in = use_sign_in_again();
    let note = problem_note(&props.problem);
    html! {
        <NoteBox {note} arrived=true>
            if let Problem::SignInAgain { source } = &props.problem {
                <PressButton
                    label={t("sign-in-again")}
                    wide=false
                    busy={sign_in.busy.then(|| t("confirm-beginning"))}
                    onclick={sign_in.press(SignInAgain { source: source.clone() })}
                />
            }
            if let Problem::OurFault { reference } = &props.problem {
                <p class="small">{ reference_line(reference) }</p>
            }
        </NoteBox>
    }
}

/// The same as a page of its own, where there is no other heading.
#[component]
pub fn ProblemPart(props: &ProblemNoteProps) -> Html {
    let sign_in = use_sign_in_again();
    let Note { heading, body, .. } = problem_note(&props.problem);
    html! {
        <div class="empty">
            <Drawing picture={Picture::Interrupted} />
            <Heading>{ say(&heading) }</Heading>
            <p class="muted" role="status">{ say(&body) }</p>
            if let Problem::OurFault { reference } = &props.problem {
                <p class="small muted">{ reference_line(reference) }</p>
            }
            if let Problem::SignInAgain { source } = &props.problem {
                <PressButton
                    label={t("sign-in-again")}
                    weight={Weight::Main}
                    wide=false
                    busy={sign_in.busy.then(|| t("confirm-beginning"))}
                    onclick={sign_in.press(SignInAgain { source: source.clone() })}
                />
            } else {
                <LinkButton href={Route::Today.href()} label={t("problem-today")} wide=false />
            }
        </div>
    }
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
    /// What is awaited, for those who cannot see it.
    #[prop_or_default]
    pub line: Option<AttrValue>,
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
        <li>
            <div class="row">
                <span class="tile"></span>
                <span class="row__text">
                    <span class="skel"></span>
                    <span class="skel skel--short"></span>
                </span>
            </div>
        </li>
    };
    html! {<>
        <p class="vh" role="status">{ props.line.clone().unwrap_or_else(|| t("loading")) }</p>
        <section class="group" aria-hidden="true">
            <div class="skel skel--short"></div>
            <ul class="list">{ row.clone() }{ row.clone() }{ row }</ul>
        </section>
    </>}
}

//! Doing something to a to-do: nothing is sent before the person said so once more.

use handrail_contract::{
    act::{Act, ActKind, ActOffer, Acted, AnswerKind, Given},
    place::{CheckNow, SourceId},
    sign_in::SignInAgain,
    words::{ItemId, Note, Phrase, Tone},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{PressButton, ProblemNote, Weight, draw_sending_note, use_sheet},
    hooks::{Deed, use_around, use_deed},
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct ActSheetProps {
    pub id: ItemId,
    pub place: AttrValue,
    pub offer: ActOffer,
    /// The answer that goes with it.
    pub answer: Option<Given>,
    pub on_close: Callback<()>,
}

/// Asks once more, and why where that helps them.
#[component]
pub fn ActSheet(props: &ActSheetProps) -> Html {
    let ActOffer { act, answer, asks_reason, .. } = props.offer;
    let reason = use_state(String::new);
    let sheet = use_sheet(props.on_close.clone());
    let deed = use_act(sheet.close.clone());

    let heading = match act {
        ActKind::Start => t("act-sheet-start"),
        ActKind::Finish if answer.is_some_and(|kind| kind != AnswerKind::Contact) => {
            t("act-sheet-finish")
        }
        ActKind::Finish => t("act-sheet-done"),
        ActKind::Pause => t("act-sheet-pause"),
        ActKind::Fail => t("act-sheet-fail"),
        ActKind::Cancel => t("act-sheet-cancel"),
        // An organization's acts have no sheet here.
        ActKind::Claim
        | ActKind::Accept
        | ActKind::Decline
        | ActKind::Ask
        | ActKind::TellCapacity => return html! {},
    };
    let question = Act {
        id: props.id.clone(),
        act,
        reason: Some((*reason).clone()).filter(|_| asks_reason),
        answer: props.answer.clone(),
    };
    let tell = PressButton {
        label: if answer.is_some() { t("act-sheet-send") } else { t("act-sheet-tell") },
        weight: if act == ActKind::Cancel { Weight::Danger } else { Weight::Main },
        busy: deed.busy.then(|| t("act-busy")),
        onclick: deed.press(question),
        ..PressButton::default()
    };
    let oninput = {
        let reason = reason.setter();
        Callback::from(move |event: InputEvent| {
            reason.set(event.target_unchecked_into::<HtmlInputElement>().value());
        })
    };
    let content = html! {<>
        { deed.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
        if asks_reason {
            <div class="field">
                <label for="reason">{ t("act-sheet-reason") }</label>
                <p class="hint" id="reason-hint">{ t("act-sheet-skip") }</p>
                <input
                    class="input"
                    id="reason"
                    autocomplete="off"
                    aria-describedby="reason-hint"
                    value={(*reason).clone()}
                    {oninput}
                />
            </div>
        }
        <div class="btns">{ tell.draw() }{ sheet.draw_back(t("act-sheet-back")) }</div>
    </>};
    let line = say(&Phrase::new("act-sheet-line").with("place", props.place.as_str()));
    sheet.draw(heading, html! { line }, content)
}

/// What became of what was pressed, where the person can help: try it now, or sign in first. `None`: they cannot.
pub fn draw_way_on(
    note: &Note,
    source: &SourceId,
    sign_in_sends: bool,
    check: &Deed<CheckNow>,
    sign_in: &Deed<SignInAgain>,
) -> Option<Html> {
    if note.tone == Tone::Wait {
        let again = PressButton {
            label: t("try-now"),
            narrow: true,
            busy: check.busy.then(|| t("act-busy")),
            onclick: check.press(CheckNow { source: Some(source.clone()) }),
            ..PressButton::default()
        };
        return Some(draw_sending_note(note, again.draw()));
    }
    let again = PressButton {
        label: t("sending-sign-in-heading"),
        narrow: true,
        busy: sign_in.busy.then(|| t("confirm-beginning")),
        onclick: sign_in.press(SignInAgain { source: source.clone() }),
        ..PressButton::default()
    };
    sign_in_sends.then(|| html! {<>
        { draw_sending_note(note, again.draw()) }
        { sign_in.problem.clone().map(|problem| html! { <ProblemNote {problem} /> }).unwrap_or_default() }
    </>})
}

/// An act that says what came of it, and then goes on.
#[hook]
pub fn use_act(then: Callback<()>) -> Deed<Act> {
    use_act_told(then.reform(|_: Acted| ()))
}

/// The same, for a page that goes on by what came of it.
#[hook]
pub fn use_act_told(then: Callback<Acted>) -> Deed<Act> {
    let around = use_around();
    use_deed(Callback::from(move |acted: Acted| {
        match &acted.note {
            None => around.announce.emit(t("sending-sent")),
            Some(note) if note.tone == Tone::Wait => around.announce.emit(say(&note.heading)),
            // The page says it as an alert.
            Some(_) => {}
        }
        around.ask_again.emit(());
        then.emit(acted);
    }))
}

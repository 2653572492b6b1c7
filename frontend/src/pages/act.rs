//! Doing something to a to-do: nothing is sent before the person said so once more.

use handrail_contract::{
    act::{Act, ActKind, ActOffer, Acted, AnswerKind, Given},
    words::{ItemId, Phrase, Tone},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    components::{PressButton, ProblemNote, Weight, use_sheet},
    hooks::{use_around, use_deed},
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

/// An act that says what came of it, and then goes on.
#[hook]
pub fn use_act(then: Callback<()>) -> crate::hooks::Deed<Act> {
    let around = use_around();
    use_deed(Callback::from(move |acted: Acted| {
        match acted.note {
            None => around.announce.emit(t("sending-sent")),
            Some(note) if note.tone == Tone::Wait => around.announce.emit(say(&note.heading)),
            // The page says it as an alert.
            Some(_) => {}
        }
        around.ask_again.emit(());
        then.emit(());
    }))
}

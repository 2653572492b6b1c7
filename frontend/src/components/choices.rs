//! Choosing: one of a few that stand beside one another, and what is on or off.

use web_sys::HtmlInputElement;
use yew::prelude::*;

/// One choice: a box to tick, or one of the radio buttons of this name.
pub fn draw_choice(
    kind: ChoiceKind,
    name: impl Into<AttrValue>,
    checked: bool,
    label: Html,
    onchange: Callback<Event>,
) -> Html {
    let kind = match kind {
        ChoiceKind::One => "radio",
        ChoiceKind::Some => "checkbox",
    };
    html! {
        <label class="choice">
            <input type={kind} name={name.into()} {checked} {onchange} />
            <span>{ label }</span>
        </label>
    }
}

/// How many of the choices of one name may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ChoiceKind {
    One,
    Some,
}

/// A few choices under their heading, one of which holds. Picking one acts at once.
pub struct Segment<T> {
    /// Tells the radio buttons of one choice from those of another.
    pub name: &'static str,
    pub heading: Html,
    pub hint: Option<AttrValue>,
    pub chosen: T,
    pub choices: Vec<(T, AttrValue)>,
    pub on_choose: Callback<T>,
}

impl<T: Copy + PartialEq + 'static> Segment<T> {
    pub fn draw(self) -> Html {
        let choice = |(value, label): &(T, AttrValue)| {
            let value = *value;
            let onchange = self.on_choose.reform(move |_: Event| value);
            let label = html! { label };
            draw_choice(ChoiceKind::One, self.name, value == self.chosen, label, onchange)
        };
        html! {
            <fieldset class="group">
                <legend class="legend">{ self.heading.clone() }</legend>
                <div class="segment">{ for self.choices.iter().map(choice) }</div>
                { for self.hint.iter().map(|hint| html! { <p class="hint">{ hint }</p> }) }
            </fieldset>
        }
    }
}

/// Something that is on or off, as a row.
pub struct Switch {
    pub id: AttrValue,
    pub title: AttrValue,
    pub sub: Option<AttrValue>,
    pub on: bool,
    /// Takes what is wanted now.
    pub on_turn: Callback<bool>,
}

impl Switch {
    pub fn draw(self) -> Html {
        let on = self.on;
        let onchange = self.on_turn.reform(move |event: Event| {
            // What is shown stays as it is until the answer says otherwise.
            event.target_unchecked_into::<HtmlInputElement>().set_checked(on);
            !on
        });
        html! {
            <label class="row" for={self.id.clone()}>
                <span class="row__text">
                    <span class="row__title">{ self.title }</span>
                    { for self.sub.map(|sub| html! { <span class="row__sub">{ sub }</span> }) }
                </span>
                <input class="switch" type="checkbox" role="switch" id={self.id} checked={on} {onchange} />
            </label>
        }
    }
}

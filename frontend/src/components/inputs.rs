//! How one question of a form is answered.

use handrail_contract::{
    form::{FormOption, FormQuestion, Given, Input},
    words::{Icon, Words},
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    ChoiceKind, Heading, PressButton, Weight, draw_choice, draw_note, draw_words,
    icons::draw_small_icon, plain_text,
};
use crate::text::t;

/// A question with what is filled in.
pub struct Inputs<'a> {
    pub question: &'a FormQuestion,
    pub given: &'a [Given],
    pub problems: &'a [Words],
    /// What is filled in now, and whether the person is through with it.
    pub on_given: Callback<(Vec<Given>, bool)>,
}

/// What is wrong, tied to the field by its id.
pub fn draw_field_errors(problems: &[Words]) -> Html {
    if problems.is_empty() {
        return Html::default();
    }
    html! {
        <div class="group group--tight" id="errors">
            { for problems.iter().map(|problem| html! {
                <p class="error">{ draw_small_icon(Icon::CircleAlert) }<span>{ draw_words(problem) }</span></p>
            }) }
        </div>
    }
}

impl Inputs<'_> {
    pub fn draw(&self) -> Html {
        match &self.question.input {
            Input::Elsewhere(note) => html! {<>
                <Heading>{ draw_words(&self.question.heading) }</Heading>
                { self.draw_help() }
                { draw_note(note) }
                <p class="muted">{ t("form-go-on") }</p>
            </>},
            Input::YesNo => {
                let choice = |flag: bool, label: AttrValue| {
                    self.draw_choice(ChoiceKind::One, Given::Flag(flag), html! { label }, false)
                };
                let choices = html! {
                    <div class="segment">{ choice(true, t("form-yes")) }{ choice(false, t("form-no")) }</div>
                };
                self.draw_fieldset(choices, None)
            }
            Input::Options { options, several, other } => {
                self.draw_options(options, *several, *other)
            }
            Input::Text { lines, several, longest } => {
                self.draw_fields(if *lines { "lines" } else { "text" }, *several, &[], *longest)
            }
            Input::Number { whole, several, units } => {
                self.draw_fields(if *whole { "numeric" } else { "decimal" }, *several, units, None)
            }
            Input::Day { several } => self.draw_fields("date", *several, &[], None),
            Input::Time { several } => self.draw_fields("time", *several, &[], None),
            Input::Moment { several } => self.draw_fields("datetime-local", *several, &[], None),
            Input::Address { several } => self.draw_fields("url", *several, &[], None),
        }
    }

    /// What explains the question, and what is wrong with the answer.
    fn draw_help(&self) -> Html {
        html! {<>
            <div class="group group--tight muted" id="help">
                { for self.question.help.iter().map(|help| html! { <p>{ draw_words(help) }</p> }) }
            </div>
            { draw_field_errors(self.problems) }
        </>}
    }

    /// What the fields are described by.
    fn described_by(&self) -> &'static str {
        if self.problems.is_empty() { "help" } else { "help errors" }
    }

    fn draw_fieldset(&self, choices: Html, how_many: Option<AttrValue>) -> Html {
        html! {
            <fieldset class="group" aria-describedby={self.described_by()}>
                <legend><Heading>{ draw_words(&self.question.heading) }</Heading></legend>
                { how_many.map(|line| html! { <p class="muted">{ line }</p> }).unwrap_or_default() }
                { self.draw_help() }
                { choices }
                { self.draw_take_back() }
            </fieldset>
        }
    }

    /// The way out of an answer that need not be given: a radio button cannot be unpicked.
    fn draw_take_back(&self) -> Html {
        if self.question.required || self.given.is_empty() {
            return Html::default();
        }
        let onclick = self.on_given.reform(|_: MouseEvent| (Vec::new(), true));
        let weight = Weight::Text;
        PressButton { label: t("form-take-back"), weight, onclick, ..PressButton::default() }.draw()
    }

    /// One answer to pick. Of several, picking one that goes alone unpicks the others.
    fn draw_choice(&self, kind: ChoiceKind, value: Given, label: Html, alone: bool) -> Html {
        let is_picked = self.given.contains(&value);
        let (given, on_given) = (self.given.to_vec(), self.on_given.clone());
        let lonely = self.list_lonely();
        let onchange = Callback::from(move |_: Event| {
            let mut new = given.clone();
            if kind == ChoiceKind::One || alone {
                new.clear();
            }
            if is_picked && kind == ChoiceKind::Some {
                new.retain(|it| *it != value);
            } else {
                new.retain(|it| !lonely.contains(it));
                new.push(value.clone());
            }
            on_given.emit((new, true));
        });
        draw_choice(kind, "answer", is_picked, label, onchange)
    }

    /// The options that are picked alone or not at all.
    fn list_lonely(&self) -> Vec<Given> {
        let Input::Options { options, .. } = &self.question.input else { return Vec::new() };
        let lonely = options.iter().enumerate().filter(|(_, option)| option.alone);
        lonely.map(|(place, _)| Given::Option(place)).collect()
    }

    fn draw_options(&self, options: &[FormOption], several: bool, other: bool) -> Html {
        let kind = if several { ChoiceKind::Some } else { ChoiceKind::One };
        let choices = options.iter().enumerate().map(|(place, option)| {
            self.draw_choice(kind, Given::Option(place), draw_words(&option.words), option.alone)
        });
        let choices = html! { <div class="choices">{ for choices }</div> };
        let how_many = if several { t("form-pick-all") } else { t("form-pick-one") };
        let more = other.then(|| self.draw_other(several));
        html! {<>
            { self.draw_fieldset(choices, Some(how_many)) }
            { more.unwrap_or_default() }
        </>}
    }

    /// Something that is not in the list.
    fn draw_other(&self, several: bool) -> Html {
        let is_text = |it: &Given| matches!(it, Given::Text(_));
        let written = match self.given.iter().find(|it| is_text(it)) {
            Some(Given::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let rest: Vec<Given> = self.given.iter().filter(|it| !is_text(it)).cloned().collect();
        let set = move |text: String| {
            let mut new = if several || text.is_empty() { rest.clone() } else { Vec::new() };
            if !text.is_empty() {
                new.push(Given::Text(text));
            }
            new
        };
        let (oninput, onchange) = self.listen(set);
        html! {
            <div class="field">
                <label for="else">{ t("form-else") }</label>
                <input class="input" id="else" autocomplete="off" value={written} {oninput} {onchange} />
            </div>
        }
    }

    /// One field, or several under one another.
    fn draw_fields(
        &self,
        kind: &'static str,
        several: bool,
        units: &[Words],
        longest: Option<usize>,
    ) -> Html {
        let count = self.given.len().max(1);
        let fields = (0..count).map(|place| self.draw_field(kind, place, units, longest));
        let add = several.then(|| {
            let (mut new, on_given) = (self.given.to_vec(), self.on_given.clone());
            new.resize(count + 1, Given::Text(String::new()));
            let onclick = Callback::from(move |_: MouseEvent| on_given.emit((new.clone(), false)));
            PressButton { label: t("form-another"), onclick, ..PressButton::default() }.draw()
        });
        html! {<>
            <Heading><label for="answer-0">{ draw_words(&self.question.heading) }</label></Heading>
            { self.draw_help() }
            <div class="choices">{ for fields }</div>
            { add.unwrap_or_default() }
        </>}
    }

    fn draw_field(
        &self,
        kind: &'static str,
        place: usize,
        units: &[Words],
        longest: Option<usize>,
    ) -> Html {
        let (text, unit) = match self.given.get(place) {
            Some(Given::Text(text)) => (text.clone(), None),
            Some(Given::Amount { text, unit }) => (text.clone(), *unit),
            _ => (String::new(), None),
        };
        let kind = kind_for(kind, &text);
        let text = shorten(kind, text);
        let (given, has_units) = (self.given.to_vec(), !units.is_empty());
        let first_unit = (units.len() == 1).then_some(0);
        let new = move |text: String, unit: Option<usize>| {
            let mut new = given.clone();
            new.resize(new.len().max(place + 1), Given::Text(String::new()));
            new[place] = match has_units {
                true => Given::Amount { text, unit: unit.or(first_unit) },
                false => Given::Text(text),
            };
            new
        };
        let (oninput, onchange) = {
            let new = new.clone();
            self.listen(move |text| new(text, unit))
        };
        let id = ["answer-", &place.to_string()].concat();
        let invalid = (!self.problems.is_empty()).then_some("true");
        let described = self.described_by();
        let label = (place > 0).then(|| plain_text(&self.question.heading));
        let field = if kind == "lines" {
            html! {
                <textarea class="input" {id} aria-label={label} aria-invalid={invalid} aria-describedby={described}
                    maxlength={longest.map(|it| it.to_string())} value={text.clone()} {oninput} {onchange} />
            }
        } else {
            let is_number = matches!(kind, "numeric" | "decimal");
            html! {
                <input class="input" {id} aria-label={label} aria-invalid={invalid} aria-describedby={described}
                    type={if is_number { "text" } else { kind }}
                    inputmode={is_number.then_some(kind)}
                    autocomplete="off" maxlength={longest.map(|it| it.to_string())}
                    value={text.clone()} {oninput} {onchange} />
            }
        };
        if !has_units {
            return field;
        }
        let pick = {
            let on_given = self.on_given.clone();
            Callback::from(move |event: Event| {
                let unit = event.target_unchecked_into::<HtmlInputElement>().value().parse().ok();
                on_given.emit((new(text.clone(), unit), true));
            })
        };
        html! {
            <div class="field">
                { field }
                if let [only] = units {
                    <p class="hint">{ draw_words(only) }</p>
                } else {
                    <select class="input" aria-label={t("form-unit")} onchange={pick}>
                        <option value="" selected={unit.is_none()}>{ t("form-unit-pick") }</option>
                        { for units.iter().enumerate().map(|(place, words)| html! {
                            <option value={place.to_string()} selected={unit == Some(place)}>{ plain_text(words) }</option>
                        }) }
                    </select>
                }
            </div>
        }
    }

    /// What a field calls while the person writes, and when they are through.
    fn listen(
        &self,
        new: impl Fn(String) -> Vec<Given> + 'static,
    ) -> (Callback<InputEvent>, Callback<Event>) {
        let on_given = self.on_given.clone();
        let tell = Callback::from(move |(text, is_whole): (String, bool)| {
            on_given.emit((new(text), is_whole));
        });
        let oninput = tell.reform(|event: InputEvent| {
            (event.target_unchecked_into::<HtmlInputElement>().value(), false)
        });
        let onchange = tell.reform(|event: Event| {
            (event.target_unchecked_into::<HtmlInputElement>().value(), true)
        });
        (oninput, onchange)
    }
}

/// The field that can hold what was filled in: where a day with its time is asked for, FHIR lets a day, a month or a
/// year alone stand, and a browser's own field would show none of them.
fn kind_for(kind: &'static str, text: &str) -> &'static str {
    match kind {
        "datetime-local" | "date" if text.is_empty() || text.contains('T') => kind,
        "datetime-local" | "date" if text.len() == "2026-05-06".len() => "date",
        "datetime-local" | "date" => "text",
        _ => kind,
    }
}

/// What the browser's own fields take: no seconds, and no zone.
fn shorten(kind: &str, mut text: String) -> String {
    let most = match kind {
        "time" => 5,
        "datetime-local" => 16,
        _ => return text,
    };
    if text.is_char_boundary(most.min(text.len())) {
        text.truncate(most);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_was_kept_stands_in_the_field_again() {
        let kept = |text: &str| text.to_owned();

        assert_eq!(shorten("time", kept("09:05:00")), "09:05");
        assert_eq!(
            shorten("datetime-local", kept("2026-05-06T09:05:00-04:00")),
            "2026-05-06T09:05"
        );
        assert_eq!(shorten("date", kept("2026-05-06")), "2026-05-06");
    }

    #[test]
    fn a_day_that_was_filled_in_without_its_time_shows() {
        assert_eq!(kind_for("datetime-local", "2026-05-06"), "date");
        assert_eq!(kind_for("datetime-local", "2026-05"), "text");
        assert_eq!(kind_for("date", "2026"), "text");
        assert_eq!(kind_for("datetime-local", "2026-05-06T09:05:00-04:00"), "datetime-local");
        assert_eq!(kind_for("datetime-local", ""), "datetime-local");
        assert_eq!(kind_for("url", "2026-05-06"), "url");
    }
}

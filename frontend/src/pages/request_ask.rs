//! What an organization asks of the person, which becomes one of their to-dos: a question, or whatever else the place
//! can carry.

use handrail_contract::{
    act::{Act, ActKind, Asking, Given},
    inbox::{AskChoice, Asks, RequestPage, ShowRequest},
    words::{Icon, Phrase},
};
use yew::prelude::*;

use super::{
    request_act::{RequestActProps, allows, bar_over, use_act_and_return, write_to},
    show_whole,
};
use crate::{
    components::{
        ChoiceKind, Heading, Page, PressButton, Weight, draw_choice, draw_note, draw_words,
    },
    hooks::{Answered, use_answer},
    text::{say, t},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Question,
    Contact,
    Form,
    Review,
}

/// What is filled in so far.
struct Filled {
    kind: UseStateHandle<Kind>,
    /// Keys of those they may call, or of the one form.
    picked: UseStateHandle<Vec<String>>,
    address: UseStateHandle<String>,
    words: UseStateHandle<String>,
}

#[component]
pub fn RequestAskPage(props: &RequestActProps) -> Html {
    let answered = use_answer(ShowRequest { id: props.id.clone() });
    let filled = Filled {
        kind: use_state(|| Kind::Question),
        picked: use_state(Vec::new),
        address: use_state(String::new),
        words: use_state(String::new),
    };
    let (deed, told) = use_act_and_return(&props.id);

    let given = filled.read();
    let send = PressButton {
        label: match *filled.kind {
            Kind::Question => t("request-ask-send"),
            _ => t("request-ask-send-it"),
        },
        weight: Weight::Main,
        icon: Some(Icon::Send),
        busy: deed.busy.then(|| t("act-busy")),
        not_now: given.as_ref().err().cloned(),
        onclick: deed.press(Act {
            id: props.id.clone(),
            act: ActKind::Ask,
            reason: None,
            answer: given.ok(),
        }),
        ..PressButton::default()
    };
    let may_ask = allows(&answered, ActKind::Ask)
        && matches!(&answered, Answered::Given(page) if page.warning.is_none());
    html! {
        <Page
            title={t("request-ask-heading")}
            bar={bar_over(&props.id, &answered)}
            actions={may_ask.then(|| send.draw())}
        >
            { show_whole(&answered, |page| html! {<>
                <div class="group group--tight">
                    <Heading>{ t("request-ask-heading") }</Heading>
                    <p class="muted">{ t("request-ask-line") }</p>
                </div>
                { page.warning.as_ref().map(draw_note).unwrap_or_default() }
                { told.clone() }
                if may_ask {
                    { filled.draw(page) }
                }
            </>}) }
        </Page>
    }
}

impl Filled {
    /// What to send, or what is to be done first.
    fn read(&self) -> Result<Given, AttrValue> {
        let words = self.words.trim().to_owned();
        let need =
            |is_there: bool, first: &'static str| if is_there { Ok(()) } else { Err(t(first)) };
        Ok(Given::Asking(match *self.kind {
            Kind::Question => {
                need(!words.is_empty(), "request-ask-first")?;
                return Ok(Given::Words(words));
            }
            Kind::Contact => {
                need(!self.picked.is_empty(), "request-ask-whom-first")?;
                need(!words.is_empty(), "request-words-first")?;
                Asking::Contact { whom: self.picked.to_vec(), words }
            }
            Kind::Form => {
                need(!self.picked.is_empty(), "request-ask-form-first")?;
                Asking::Form { form: self.picked.concat(), words }
            }
            Kind::Review => {
                need(!self.address.trim().is_empty(), "request-ask-address-first")?;
                need(!words.is_empty(), "request-words-first")?;
                Asking::Review { address: self.address.trim().to_owned(), words }
            }
        }))
    }

    fn draw(&self, page: &RequestPage) -> Html {
        let Asks { contacts, forms, review } = &page.asks;
        let kind = |kind: Kind, label: &'static str| {
            let (set, picked) = (self.kind.setter(), self.picked.setter());
            let onchange = Callback::from(move |_: Event| {
                set.set(kind);
                picked.set(Vec::new());
            });
            draw_choice(ChoiceKind::One, "kind", *self.kind == kind, html! { t(label) }, onchange)
        };
        html! {<>
            if *review || !contacts.is_empty() || !forms.is_empty() {
                <fieldset class="group">
                    <legend class="legend">{ t("request-ask-kind") }</legend>
                    <div class="choices">
                        { kind(Kind::Question, "request-ask-kind-question") }
                        if !contacts.is_empty() {
                            { kind(Kind::Contact, "request-ask-kind-contact") }
                        }
                        if !forms.is_empty() {
                            { kind(Kind::Form, "request-ask-kind-form") }
                        }
                        if *review {
                            { kind(Kind::Review, "request-ask-kind-review") }
                        }
                    </div>
                </fieldset>
            }
            { match *self.kind {
                Kind::Question => Html::default(),
                Kind::Contact => self.draw_choices("request-ask-whom", ChoiceKind::Some, contacts),
                Kind::Form => {
                    let line = Phrase::new("request-ask-form-line");
                    html! {<>
                        { self.draw_choices("request-ask-form", ChoiceKind::One, forms) }
                        <p class="hint">{ say(&line.with("place", page.row.place.name.as_str())) }</p>
                    </>}
                }
                Kind::Review => self.draw_address(),
            } }
            { self.draw_words(page) }
        </>}
    }

    fn draw_choices(&self, legend: &'static str, kind: ChoiceKind, all: &[AskChoice]) -> Html {
        let choice = |choice: &AskChoice| {
            let (set, now, key) = (self.picked.setter(), self.picked.to_vec(), choice.key.clone());
            let is_picked = now.contains(&key);
            let onchange = Callback::from(move |_: Event| {
                let others = now.iter().filter(|it| kind == ChoiceKind::Some && **it != key);
                let own = (!is_picked).then_some(&key);
                set.set(others.chain(own).cloned().collect());
            });
            draw_choice(kind, legend, is_picked, draw_words(&choice.name), onchange)
        };
        html! {
            <fieldset class="group">
                <legend class="legend">{ t(legend) }</legend>
                <div class="choices">{ for all.iter().map(choice) }</div>
            </fieldset>
        }
    }

    fn draw_address(&self) -> Html {
        html! {
            <div class="field">
                <label for="address">{ t("request-ask-address") }</label>
                <p class="hint" id="address-hint">{ t("request-ask-address-hint") }</p>
                <input
                    class="input"
                    id="address"
                    type="url"
                    inputmode="url"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby="address-hint"
                    value={(*self.address).clone()}
                    oninput={write_to(&self.address)}
                />
            </div>
        }
    }

    fn draw_words(&self, page: &RequestPage) -> Html {
        let label = match *self.kind {
            Kind::Question => t("request-ask-question"),
            Kind::Form => t("request-words"),
            Kind::Contact | Kind::Review => t("request-ask-about"),
        };
        let speaks = page.row.language.as_ref().map(
            |it| html! {<>{ " " }{ t("request-ask-speaks") }{ " " }{ draw_words(it) }{ "." }</>},
        );
        html! {
            <div class="field">
                <label for="question">{ label }</label>
                <p class="hint" id="question-hint">
                    { t("request-ask-hint") }
                    { speaks.unwrap_or_default() }
                </p>
                <textarea
                    class="input"
                    id="question"
                    aria-describedby="question-hint"
                    value={(*self.words).clone()}
                    oninput={write_to(&self.words)}
                />
            </div>
        }
    }
}

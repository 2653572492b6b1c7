//! Typing a PIN: real buttons, number keys, and how many numbers are there; never which.

use handrail_contract::{
    lock::Pin,
    words::{Icon, Phrase},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::{BrandColours, Heading, draw_brand, draw_icon, use_title};
use crate::text::{say, t};

/// Numbers in a PIN.
const LENGTH: usize = 6;

#[derive(Properties, PartialEq)]
pub struct PinScreenProps {
    /// The page's name in the title of the window.
    pub title: AttrValue,
    pub heading: AttrValue,
    /// What to know, or what came of the last try.
    pub lead: AttrValue,
    /// Takes six numbers.
    pub on_whole: Callback<Pin>,
    /// It is being looked at, or there is a wait; keys do nothing meanwhile.
    #[prop_or_default]
    pub rests: bool,
    /// What else can be pressed.
    #[prop_or_default]
    pub children: Html,
}

/// A screen that asks for a PIN.
#[component]
pub fn PinScreen(props: &PinScreenProps) -> Html {
    use_title(props.title.clone());
    let (typed, press) = use_typed(props.on_whole.clone(), props.rests);

    let key = |digit: char| {
        let onclick = press.reform(move |_: MouseEvent| Key::Digit(digit));
        html! {
            <button class="key" type="button" {onclick} aria-disabled={props.rests.then_some("true")}>{ digit }</button>
        }
    };
    let count = Phrase::new("pin-count").with("n", typed as i64).with("of", LENGTH as i64);
    html! {
        <main class="hero" id="main" tabindex="-1">
            <div class="group">{ draw_brand(BrandColours::OnBand) }</div>
            <div class="group">
                <Heading>{ props.heading.clone() }</Heading>
                <p class="lead" role="status">{ props.lead.clone() }</p>
                <div class="pins" role="img" aria-label={say(&count)}>
                    { for (0..LENGTH).map(|place| html! { <span class={(place < typed).then_some("on")}></span> }) }
                </div>
            </div>
            <div class="keys">
                { for ('1'..='9').map(key) }
                <span></span>
                { key('0') }
                <button class="key key--plain" type="button" aria-label={t("pin-delete")} onclick={press.reform(|_: MouseEvent| Key::Delete)}>
                    { draw_icon(Icon::Delete) }
                </button>
            </div>
            <div class="btns">{ props.children.clone() }</div>
        </main>
    }
}

#[derive(Clone, Copy)]
enum Key {
    Digit(char),
    Delete,
}

/// How many numbers are typed, and what takes the next key. The keyboard's number keys count as well.
#[hook]
fn use_typed(on_whole: Callback<Pin>, rests: bool) -> (usize, Callback<Key>) {
    let count = use_state(|| 0_usize);
    // Outside the page's state: several keys can come before it is drawn again.
    let typed = use_mut_ref(String::new);
    let now = use_mut_ref(|| (on_whole.clone(), rests));
    *now.borrow_mut() = (on_whole, rests);
    let press = {
        let count = count.setter();
        Callback::from(move |key: Key| {
            let (on_whole, rests) = now.borrow().clone();
            if rests {
                return;
            }
            let mut typed = typed.borrow_mut();
            match key {
                Key::Digit(digit) => typed.push(digit),
                Key::Delete => drop(typed.pop()),
            }
            if typed.len() == LENGTH {
                on_whole.emit(Pin::new(std::mem::take(&mut *typed)));
            }
            count.set(typed.len());
        })
    };
    {
        let press = press.clone();
        use_effect_with((), move |()| {
            let on_key = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
                let key = event.key();
                let mut letters = key.chars();
                match (letters.next(), letters.next()) {
                    (Some(digit), None) if digit.is_ascii_digit() => press.emit(Key::Digit(digit)),
                    _ if key == "Backspace" => press.emit(Key::Delete),
                    _ => {}
                }
            });
            let window = web_sys::window().expect("the page stands in a window");
            let handler = on_key.as_ref().unchecked_ref::<js_sys::Function>().clone();
            let _ = window.add_event_listener_with_callback("keydown", &handler);
            move || {
                let _ = window.remove_event_listener_with_callback("keydown", &handler);
                drop(on_key);
            }
        });
    }
    (*count, press)
}

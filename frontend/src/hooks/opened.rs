//! Links that the system opened the app with.

use std::rc::Rc;

use handrail_contract::{
    Question,
    code::{OpenedLink, TakeOpenedLink},
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::use_around;
use crate::{
    bridge::{pass_on, read_answer, write_question},
    route::Route,
};

/// Leads from wherever the person is to the page that asks about the link they opened.
///
/// The page asks for it rather than being told: it sleeps while another app is in front.
#[hook]
pub fn use_opened_link() {
    let around = use_around();
    let navigator = use_navigator();
    use_effect_with(around.news, move |_| {
        spawn_local(async move {
            let question = write_question(&TakeOpenedLink {});
            let answer = pass_on(TakeOpenedLink::COMMAND, question).await;
            // A page that cannot ask says so itself.
            let opened = answer.and_then(|answer| read_answer::<OpenedLink>(&answer));
            let Ok(OpenedLink { code: Some(code) }) = opened else { return };
            around.keep_code.emit(Some(Rc::new(code)));
            if let Some(navigator) = &navigator {
                navigator.push(&Route::Confirm);
            }
        });
    });
}

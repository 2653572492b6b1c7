//! Taking words along: the clipboard, and a file.

use handrail_contract::{
    export::{Exported, SaveFile},
    words::Phrase,
};
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use super::use_around;
use crate::{
    bridge::{ask, is_in_window},
    text::{say, t},
};

/// Copies words, and says so.
#[hook]
pub fn use_copy() -> Callback<String> {
    let announce = use_around().announce;
    Callback::from(move |words: String| {
        let announce = announce.clone();
        spawn_local(async move {
            let navigator = web_sys::window().map(|window| window.navigator());
            // A page without the right to write there has no clipboard at all.
            let there = navigator.filter(|it| {
                Reflect::get(it, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object())
            });
            let copied = match there {
                Some(it) => JsFuture::from(it.clipboard().write_text(&words)).await.is_ok(),
                None => false,
            };
            announce.emit(if copied { t("copied") } else { t("copied-not") });
        });
    })
}

/// Saving a file, and what came of the last one.
pub struct Saving {
    pub save: Callback<Exported>,
    /// What came of it, to stand where the person looks.
    pub line: Html,
}

/// Saves files: a window keeps them in Downloads and says the name, a browser keeps them as it keeps all.
#[hook]
pub fn use_save() -> Saving {
    let line = use_state(AttrValue::default);
    let set = line.setter();
    let save = Callback::from(move |file: Exported| {
        let set = set.clone();
        spawn_local(async move {
            set.set(if is_in_window() {
                match ask(&SaveFile { file }).await {
                    Ok(saved) => {
                        say(&Phrase::new("export-saved-as").with("name", saved.name.as_str()))
                    }
                    Err(_) => t("export-not"),
                }
            } else if hand_to_browser(&file).is_ok() {
                t("export-saved")
            } else {
                t("export-not")
            });
        });
    });
    Saving { save, line: html! { <p class="small" role="status">{ (*line).clone() }</p> } }
}

/// Hands a file to the browser, which asks where to keep it or keeps it where it keeps all.
fn hand_to_browser(file: &Exported) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(&file.media);
    let parts = Array::of1(&file.content.as_str().into());
    let blob = Blob::new_with_str_sequence_and_options(&parts, &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let document = web_sys::window().and_then(|it| it.document()).expect("there is a page");
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(&file.name);
    link.click();
    Url::revoke_object_url(&address)
}

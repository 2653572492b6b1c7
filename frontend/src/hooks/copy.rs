//! Taking words along: the clipboard, and a file where the app runs in a browser.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use yew::prelude::*;

use super::use_around;
use crate::text::t;

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

/// Hands a file to the browser, which asks where to keep it or keeps it where it keeps all. False: it does not take it.
pub fn save_file(name: &str, media: &str, content: &str) -> bool {
    let kind = BlobPropertyBag::new();
    kind.set_type(media);
    let parts = Array::of1(&content.into());
    let saved = Blob::new_with_str_sequence_and_options(&parts, &kind).and_then(|blob| {
        let address = Url::create_object_url_with_blob(&blob)?;
        let document = web_sys::window().and_then(|it| it.document()).expect("there is a page");
        let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
        link.set_href(&address);
        link.set_download(name);
        link.click();
        Url::revoke_object_url(&address)
    });
    saved.is_ok()
}

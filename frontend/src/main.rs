//! Handrail's pages: they ask, show and go on; they decide nothing.
//!
//! In: answers of the engine, as `handrail-contract` names them. Out: questions.
//! Never: FHIR, OAuth, a token, or anything kept in the page's own storage.

mod app;
mod bridge;
mod components;
mod hooks;
mod pages;
mod camera;
mod picture;
mod route;
mod text;

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        text::load().await;
        yew::Renderer::<app::App>::new().render();
    });
}

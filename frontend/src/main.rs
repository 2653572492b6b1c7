//! Handrail's pages: they ask, show and go on; they decide nothing.
//!
//! In: answers of the engine, as `handrail-contract` names them. Out: questions.
//! Never: FHIR, OAuth, a token, or anything kept in the page's own storage.

mod app;
mod bridge;
mod components;
mod hooks;
mod looks;
mod pages;
mod camera;
mod picture;
mod route;
mod text;

use handrail_contract::lock::ShowDoor;

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        // Before anything is drawn, so that nothing is drawn twice. Without an answer, the pages say why.
        let looks = bridge::ask(&ShowDoor {}).await.map(|door| door.looks).unwrap_or_default();
        looks::follow(&looks);
        text::load(looks.language).await;
        yew::Renderer::<app::App>::new().render();
    });
}

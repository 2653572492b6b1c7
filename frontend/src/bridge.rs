//! The way to the engine. The only file that knows what the page runs inside.
//!
//! In: questions. Out: answers, or the problem that stood in the way; and a call when pages should ask again.
//! Never: another origin than the page's own.

use std::pin::Pin;

use handrail_contract::{Problem, Question};
use js_sys::{Function, JSON, Promise, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{EventSource, Headers, RequestInit, Response};

/// Hands a written question to the engine and brings its answer as it was written.
///
/// One future for all questions: a copy for each would make the UI a tenth larger.
pub fn pass_on(
    command: &'static str,
    question: String,
) -> Pin<Box<dyn Future<Output = Result<String, Problem>>>> {
    Box::pin(async move {
        match window_bridge() {
            Some(bridge) => ask_window(&bridge, command, &question).await,
            None => ask_preview(command, &question).await,
        }
    })
}

/// Whether this is the app's own window, and not a browser.
pub fn is_in_window() -> bool {
    window_bridge().is_some()
}

/// Whether the window says that the device brings a scanner for codes.
pub fn has_scanner() -> bool {
    Reflect::has(&js_sys::global(), &"__HANDRAIL_SCANNER__".into()).unwrap_or(false)
}

/// Asks a question once.
pub async fn ask<Q: Question>(question: &Q) -> Result<Q::Answer, Problem> {
    let answer = pass_on(Q::COMMAND, write_question(question)).await?;
    read_answer(&answer)
}

/// Writes a question down.
pub fn write_question<Q: Question>(question: &Q) -> String {
    serde_json::to_string(question).expect("a question holds nothing that JSON cannot say")
}

/// Reads a written answer.
pub fn read_answer<A: DeserializeOwned>(answer: &str) -> Result<A, Problem> {
    serde_json::from_str(answer).map_err(|_| our_fault("answer"))
}

/// Calls back whenever what the pages show may have changed. Lasts as long as the page.
pub fn listen_for_changes(call: impl Fn() + 'static) {
    match window_bridge() {
        Some(bridge) => listen_in_window(bridge, call),
        None => listen_in_preview(call),
    }
}

#[wasm_bindgen]
extern "C" {
    /// What Tauri puts into the window of the app (`__TAURI_INTERNALS__`).
    #[derive(Clone)]
    type WindowBridge;

    #[wasm_bindgen(method)]
    fn invoke(this: &WindowBridge, command: &str, arguments: &JsValue) -> Promise;

    #[wasm_bindgen(method, js_name = transformCallback)]
    fn transform_callback(this: &WindowBridge, callback: &Function) -> f64;
}

/// The bridge of the app's window; none in a browser.
fn window_bridge() -> Option<WindowBridge> {
    let bridge = Reflect::get(&js_sys::global(), &"__TAURI_INTERNALS__".into()).ok()?;
    bridge.is_object().then(|| bridge.unchecked_into())
}

async fn ask_window(
    bridge: &WindowBridge,
    command: &str,
    question: &str,
) -> Result<String, Problem> {
    let arguments = format!(r#"{{"question":{question}}}"#);
    let arguments = JSON::parse(&arguments).map_err(|_| our_fault("question"))?;
    let answered = JsFuture::from(bridge.invoke(command, &arguments)).await;
    let text = |value: &JsValue| JSON::stringify(value).ok().map(String::from);
    match answered {
        Ok(answer) => text(&answer).ok_or_else(|| our_fault("answer")),
        Err(problem) => Err(read_problem(text(&problem).as_deref())),
    }
}

async fn ask_preview(command: &str, question: &str) -> Result<String, Problem> {
    let out_of_order = |_: JsValue| our_fault("preview");
    let headers = Headers::new().map_err(out_of_order)?;
    headers.set("content-type", "application/json").map_err(out_of_order)?;
    // A form of another site cannot set this header, so it cannot ask in the person's name.
    headers.set("x-handrail-preview", "1").map_err(out_of_order)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&question.into());

    let window = web_sys::window().ok_or_else(|| our_fault("preview"))?;
    let fetch = window.fetch_with_str_and_init(&format!("/ask/{command}"), &request);
    let response: Response = JsFuture::from(fetch).await.map_err(out_of_order)?.unchecked_into();
    let text = response.text().map_err(out_of_order)?;
    let text = JsFuture::from(text).await.map_err(out_of_order)?.as_string();
    if response.ok() {
        text.ok_or_else(|| our_fault("answer"))
    } else {
        Err(read_problem(text.as_deref()))
    }
}

fn listen_in_window(bridge: WindowBridge, call: impl Fn() + 'static) {
    let handler = Closure::<dyn Fn(JsValue)>::new(move |_| call());
    let handler = bridge.transform_callback(handler.into_js_value().unchecked_ref());
    let arguments = format!(
        r#"{{"event":"handrail://changed","target":{{"kind":"Any"}},"handler":{handler}}}"#
    );
    spawn_local(async move {
        let Ok(arguments) = JSON::parse(&arguments) else { return };
        let listening = bridge.invoke("plugin:event|listen", &arguments);
        if JsFuture::from(listening).await.is_err() {
            web_sys::console::error_1(&"the window does not tell about changes".into());
        }
    });
}

fn listen_in_preview(call: impl Fn() + 'static) {
    let Ok(changes) = EventSource::new("/changes") else { return };
    let handler = Closure::<dyn Fn(JsValue)>::new(move |_| call()).into_js_value();
    changes.set_onmessage(Some(handler.unchecked_ref()));
    // It lasts as long as the page, and connects again by itself.
    std::mem::forget(changes);
}

fn read_problem(text: Option<&str>) -> Problem {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_else(|| our_fault("bridge"))
}

fn our_fault(reference: &str) -> Problem {
    Problem::OurFault { reference: reference.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_keeps_its_remedy_on_the_way_here() {
        let problem = read_problem(Some(r#"{"problem":"refused","reason":"not_smart"}"#));

        assert!(matches!(problem, Problem::Refused { .. }));
    }

    #[test]
    fn words_that_are_no_problem_are_our_fault() {
        let problem = read_problem(Some("\"command show_today not allowed\""));

        assert_eq!(problem, our_fault("bridge"));
    }
}

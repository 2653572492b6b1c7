//! A sheet over the page: it asks once more before something is done.

use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::{PressButton, Weight};

/// An open sheet: where its parts go, and how it is closed.
pub struct Sheet {
    dialog: NodeRef,
    heading: NodeRef,
    /// Closed before it goes away, so that the focus returns to the button that opened it.
    pub close: Callback<()>,
}

/// Opens a sheet as long as the component stands that calls this.
#[hook]
pub fn use_sheet(on_close: Callback<()>) -> Sheet {
    let dialog = use_node_ref();
    let heading = use_node_ref();
    {
        let (dialog, heading) = (dialog.clone(), heading.clone());
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // Fails only where it is open already.
                let _ = dialog.show_modal();
            }
            if let Some(heading) = heading.cast::<HtmlElement>() {
                let _ = heading.focus();
            }
        });
    }
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
            on_close.emit(());
        })
    };
    Sheet { dialog, heading, close }
}

impl Sheet {
    /// The button that closes it, and nothing was done.
    pub fn draw_back(&self, label: AttrValue) -> Html {
        PressButton {
            label,
            weight: Weight::Text,
            onclick: self.close.reform(|_: MouseEvent| ()),
            ..PressButton::default()
        }
        .draw()
    }

    /// The sheet: its heading, the line under it, and what is asked.
    pub fn draw(&self, heading: AttrValue, line: Html, content: Html) -> Html {
        let on_escape = self.close.reform(|event: Event| event.prevent_default());
        html! {
            <dialog
                ref={self.dialog.clone()}
                class="sheet"
                aria-labelledby="sheet-heading"
                oncancel={on_escape}
            >
                <div class="group group--tight">
                    <h2 ref={self.heading.clone()} id="sheet-heading" tabindex="-1">{ heading }</h2>
                    <p class="muted">{ line }</p>
                </div>
                { content }
            </dialog>
        }
    }
}

//! The heading of a page: it takes the focus when the person arrives, and names the page in the window's title.

use handrail_contract::words::Phrase;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::{hooks::use_around, text::say};

#[derive(Properties, PartialEq)]
pub struct HeadingProps {
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub lang: Option<AttrValue>,
}

/// The one `h1` of a page.
#[component]
pub fn Heading(props: &HeadingProps) -> Html {
    let moved = use_around().moved;
    let heading = use_node_ref();
    {
        let heading = heading.clone();
        use_effect_with((), move |()| {
            if moved.take()
                && let Some(heading) = heading.cast::<HtmlElement>()
            {
                let _ = heading.focus();
            }
        });
    }
    html! { <h1 ref={heading} tabindex="-1" lang={props.lang.clone()}>{ props.children.clone() }</h1> }
}

/// Sets the title of the window: "Page · Handrail". It never names a person, a place or a topic,
/// because it can be read outside the app.
#[hook]
pub fn use_title(page: AttrValue) {
    use_effect_with(page, |page| {
        let title = say(&Phrase::new("page-title").with("page", page.as_str()));
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&title);
        }
    });
}

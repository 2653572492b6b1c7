//! What can be pressed: a link goes somewhere, a button does something.

use handrail_contract::words::Icon;
use yew::prelude::*;

use super::DrawnIcon;

/// How much a button weighs on its screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing this screen is for.
    Main,
    #[default]
    Tonal,
    Edge,
    Danger,
    Text,
    /// On the dark green of the band.
    Light,
}

impl Weight {
    const fn class(self) -> Option<&'static str> {
        match self {
            Self::Main => Some("btn--main"),
            Self::Tonal => None,
            Self::Edge => Some("btn--edge"),
            Self::Danger => Some("btn--danger"),
            Self::Text => Some("btn--text"),
            Self::Light => Some("btn--light"),
        }
    }
}

#[derive(Properties, PartialEq)]
pub struct LinkButtonProps {
    pub href: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub weight: Weight,
    #[prop_or_default]
    pub icon: Option<Icon>,
    #[prop_or(true)]
    pub wide: bool,
    /// What is read out, where the label alone does not say enough.
    #[prop_or_default]
    pub aria_label: Option<AttrValue>,
    /// Opens in the browser, beside this page.
    #[prop_or_default]
    pub outside: bool,
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(props: &LinkButtonProps) -> Html {
    let class = classes!("btn", props.weight.class(), props.wide.then_some("btn--wide"));
    html! {
        <a
            {class}
            href={props.href.clone()}
            aria-label={props.aria_label.clone()}
            target={props.outside.then_some("_blank")}
            rel={props.outside.then_some("noopener noreferrer")}
        >
            { for props.icon.map(|icon| html! { <DrawnIcon {icon} /> }) }
            <span>{ props.label.clone() }</span>
        </a>
    }
}

#[derive(Properties, PartialEq)]
pub struct PressButtonProps {
    pub label: AttrValue,
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub weight: Weight,
    #[prop_or_default]
    pub icon: Option<Icon>,
    #[prop_or(true)]
    pub wide: bool,
    /// What the label says while it is under way.
    #[prop_or_default]
    pub busy: Option<AttrValue>,
    /// Why it cannot be pressed now; shown in place of the label.
    #[prop_or_default]
    pub not_now: Option<AttrValue>,
    #[prop_or_default]
    pub is_submit: bool,
}

/// A button. One that cannot be pressed now stays in reach and says why.
#[component]
pub fn PressButton(props: &PressButtonProps) -> Html {
    let class = classes!("btn", props.weight.class(), props.wide.then_some("btn--wide"));
    let label = props.busy.clone().or_else(|| props.not_now.clone());
    let rests = label.is_some();
    let icon = if props.busy.is_some() { Some(Icon::RefreshCw) } else { props.icon };
    let onclick = if rests {
        Callback::from(|event: MouseEvent| event.prevent_default())
    } else {
        props.onclick.clone()
    };
    html! {
        <button
            {class}
            type={if props.is_submit { "submit" } else { "button" }}
            {onclick}
            aria-disabled={rests.then_some("true")}
        >
            { for icon.map(|icon| html! { <DrawnIcon {icon} spinning={props.busy.is_some()} /> }) }
            <span>{ label.unwrap_or_else(|| props.label.clone()) }</span>
        </button>
    }
}

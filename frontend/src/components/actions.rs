//! What can be pressed: a link goes somewhere, a button does something.

use handrail_contract::words::Icon;
use yew::prelude::*;

use super::{draw_busy_icon, draw_icon};

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
    /// Beside the light one on the band.
    OnBand,
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
            Self::OnBand => Some("btn--onband"),
        }
    }
}

/// A link that looks like a button. It is as wide as the text column unless it is `narrow`.
#[derive(Default)]
pub struct LinkButton {
    pub href: AttrValue,
    pub label: AttrValue,
    pub weight: Weight,
    pub icon: Option<Icon>,
    pub narrow: bool,
    /// What is read out, where the label alone does not say enough.
    pub aria_label: Option<AttrValue>,
    /// Opens in the browser, beside this page.
    pub outside: bool,
}

impl LinkButton {
    pub fn draw(self) -> Html {
        html! {
            <a
                class={classes(self.weight, self.narrow)}
                href={self.href}
                aria-label={self.aria_label}
                target={self.outside.then_some("_blank")}
                rel={self.outside.then_some("noopener noreferrer")}
            >
                { self.icon.map(draw_icon).unwrap_or_default() }
                <span>{ self.label }</span>
            </a>
        }
    }
}

/// A button. One that cannot be pressed now stays in reach and says why.
#[derive(Default)]
pub struct PressButton {
    pub label: AttrValue,
    pub onclick: Callback<MouseEvent>,
    pub weight: Weight,
    pub icon: Option<Icon>,
    pub narrow: bool,
    /// What the label says while it is under way.
    pub busy: Option<AttrValue>,
    /// Why it cannot be pressed now; shown in place of the label.
    pub not_now: Option<AttrValue>,
}

impl PressButton {
    pub fn draw(self) -> Html {
        let is_busy = self.busy.is_some();
        let instead = self.busy.or(self.not_now);
        let rests = instead.is_some();
        let icon = if is_busy { Some(draw_busy_icon(true)) } else { self.icon.map(draw_icon) };
        html! {
            <button
                class={classes(self.weight, self.narrow)}
                type="button"
                onclick={if rests { Callback::noop() } else { self.onclick }}
                aria-disabled={rests.then_some("true")}
            >
                { icon.unwrap_or_default() }
                <span>{ instead.unwrap_or(self.label) }</span>
            </button>
        }
    }
}

fn classes(weight: Weight, narrow: bool) -> Classes {
    classes!("btn", weight.class(), (!narrow).then_some("btn--wide"))
}

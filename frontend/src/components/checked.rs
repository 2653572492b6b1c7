//! How old a page is, and looking for news.

use handrail_contract::{
    place::{CheckNow, CheckOutcome},
    words::Checked,
};
use yew::prelude::*;

use super::draw_busy_icon;
use crate::{
    hooks::{Deed, use_around, use_deed, use_pull},
    text::{say, t},
};

/// A look for news, which says that it begins and what it came to.
#[hook]
pub fn use_check() -> Deed<CheckNow> {
    let announce = use_around().announce;
    let check = {
        let announce = announce.clone();
        use_deed(Callback::from(move |outcome: CheckOutcome| {
            announce.emit(outcome.line.map_or_else(|| t("checked-nothing"), |line| say(&line)));
        }))
    };
    use_effect_with(check.busy, move |busy| {
        if *busy {
            announce.emit(t("check-running"));
        }
    });
    check
}

#[derive(Properties, PartialEq)]
pub struct CheckButtonProps {
    /// A look is under way already.
    #[prop_or_default]
    pub running: bool,
}

/// The round arrow that looks for news at all places.
#[component]
pub fn CheckButton(props: &CheckButtonProps) -> Html {
    let check = use_check();
    let spinning = check.busy || props.running;
    use_pull(check.begin().reform(|()| CheckNow::default()));
    html! {
        <button
            class="iconbtn"
            type="button"
            aria-label={t("check-for-news")}
            aria-disabled={spinning.then_some("true")}
            onclick={check.press(CheckNow::default())}
        >
            { draw_busy_icon(spinning) }
        </button>
    }
}

/// "Checked 5 minutes ago. Next check: about 1 PM."
pub fn draw_check_line(checked: &Checked) -> Html {
    let Checked { line, next, running } = checked;
    let running = running.then(|| t("check-running"));
    let lines = running.into_iter().chain(line.iter().chain(next).map(say));
    html! {
        <p class="small muted">{ for lines.map(|line| html! {<>{ line }{ " " }</>}) }</p>
    }
}

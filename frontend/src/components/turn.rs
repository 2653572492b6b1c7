//! Whose turn it is, and the story so far.

use handrail_contract::referral::{Ball, StepStage, StoryStep};
use yew::prelude::*;

use super::Said;
use crate::text::{say, t, written_date};

#[derive(Properties, PartialEq)]
pub struct TurnRailProps {
    pub ball: Ball,
    /// The sender's name.
    pub sender: AttrValue,
    /// The helper's name, where it is known.
    #[prop_or_default]
    pub helper: Option<AttrValue>,
}

/// A rail with three posts; the ball rests on the one who has to act. The heading below says the same in words.
#[component]
pub fn TurnRail(props: &TurnRailProps) -> Html {
    let post = |who: Ball, name: AttrValue| {
        html! { <li class={(who == props.ball).then_some("has-ball")}>{ name }</li> }
    };
    let helper = props.helper.clone().unwrap_or_else(|| t("turn-helper"));
    html! {
        <ol class="turn" aria-hidden="true">
            { post(Ball::You, t("turn-you")) }
            { post(Ball::Source, props.sender.clone()) }
            { post(Ball::Helper, helper) }
        </ol>
    }
}

#[derive(Properties, PartialEq)]
pub struct StoryProps {
    pub steps: Vec<StoryStep>,
}

/// What happened, what is, and what comes; newest last.
#[component]
pub fn Story(props: &StoryProps) -> Html {
    let step = |step: &StoryStep| {
        let (class, mark) = match step.stage {
            StepStage::Done => (None, None),
            StepStage::Now => (Some("is-now"), Some(t("now-mark"))),
            StepStage::Next => (Some("is-next"), Some(t("next-mark"))),
        };
        html! {
            <li {class}>
                <h3>
                    { for mark.map(|mark| html! { <span class="vh">{ mark }{ " " }</span> }) }
                    { say(&step.heading) }
                </h3>
                { for step.at.as_deref().map(|at| html! {
                    <p class="small muted">{ sentence_case(&written_date(at)) }</p>
                }) }
                { for step.words.clone().map(|words| html! { <p class="small"><Said {words} /></p> }) }
            </li>
        }
    };
    html! { <ol class="story">{ for props.steps.iter().map(step) }</ol> }
}

/// "Today" where a date stands alone, and not within a sentence.
fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_on_its_own_line_starts_with_a_capital() {
        assert_eq!(sentence_case("today"), "Today");
        assert_eq!(sentence_case(""), "");
    }
}

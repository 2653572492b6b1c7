//! Whose turn it is, and the story so far.

use handrail_contract::referral::{Ball, StepStage, StoryStep};
use yew::prelude::*;

use super::draw_words;
use crate::text::{say, sentence_case, t, written_date};

/// A rail with three posts; the ball rests on the one who has to act. The heading below says the same in words.
pub fn draw_turn_rail(ball: Ball, sender: AttrValue, helper: Option<AttrValue>) -> Html {
    let post = |who: Ball, name: AttrValue| {
        html! { <li class={(who == ball).then_some("has-ball")}>{ name }</li> }
    };
    let helper = helper.unwrap_or_else(|| t("turn-helper"));
    html! {
        <ol class="turn" aria-hidden="true">
            { post(Ball::You, t("turn-you")) }
            { post(Ball::Source, sender) }
            { post(Ball::Helper, helper) }
        </ol>
    }
}

/// What happened, what is, and what comes; newest last.
pub fn draw_story(steps: &[StoryStep]) -> Html {
    let step = |step: &StoryStep| {
        let (class, mark) = match step.stage {
            StepStage::Done => (None, None),
            StepStage::Now => (Some("is-now"), Some(t("now-mark"))),
            StepStage::Next => (Some("is-next"), Some(t("next-mark"))),
        };
        html! {
            <li {class}>
                <h3>
                    { mark.map(|mark| html! { <span class="vh">{ mark }{ " " }</span> }).unwrap_or_default() }
                    { say(&step.heading) }
                </h3>
                { step.at.as_deref().map(|at| html! {
                    <p class="small muted">{ sentence_case(&written_date(at)) }</p>
                }).unwrap_or_default() }
                { step.words.as_ref().map(|words| html! { <p class="small">{ draw_words(words) }</p> }).unwrap_or_default() }
            </li>
        }
    };
    html! { <ol class="story">{ for steps.iter().map(step) }</ol> }
}

//! Choosing one place above a list, once there are three.

use handrail_contract::place::{ListConnections, SourceId};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::{
    hooks::{Answered, use_answer},
    text::t,
};

/// With fewer places, the line under each row is enough.
const WORTH_IT_FROM: usize = 3;

#[derive(Properties, PartialEq)]
pub struct PlaceFilterProps {
    pub chosen: Option<SourceId>,
    pub on_choose: Callback<Option<SourceId>>,
}

/// A select of the connected places.
#[component]
pub fn PlaceFilter(props: &PlaceFilterProps) -> Html {
    let Answered::Given(connections) = use_answer(ListConnections {}) else {
        return Html::default();
    };
    if connections.rows.len() < WORTH_IT_FROM {
        return Html::default();
    }
    let onchange = props.on_choose.reform(|event: Event| {
        let chosen = event.target_unchecked_into::<HtmlSelectElement>().value();
        (!chosen.is_empty()).then_some(SourceId(chosen))
    });
    html! {
        <div class="field">
            <label for="place-filter">{ t("filter-place") }</label>
            <select class="input" id="place-filter" {onchange}>
                <option value="" selected={props.chosen.is_none()}>{ t("filter-all") }</option>
                { for connections.rows.iter().map(|row| {
                    let source = &row.place.source;
                    html! {
                        <option value={source.0.clone()} selected={props.chosen.as_ref() == Some(source)}>
                            { row.place.name.clone() }
                        </option>
                    }
                }) }
            </select>
        </div>
    }
}

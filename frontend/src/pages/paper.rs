//! What is saved, on paper: to be printed from here, or kept as a page of its own.

use handrail_contract::{
    export::Exported,
    paper::{Paper, PaperItem, PaperPart, PaperPlace, ShowPaper},
    place::SourceId,
    referral::StoryStep,
    words::{Contact, Fact, Icon, Phrase, Words},
};
use yew::prelude::*;

use super::show_part;
use crate::{
    components::{Bar, Heading, Page, PressButton, Weight, draw_words},
    hooks::{use_answer, use_around, use_save},
    route::Route,
    text::{language, say, t, whole_date},
};

/// What a page of its own looks like. It loads nothing and runs nothing.
const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}\
h2,h3,h4{line-height:1.25}article{border-top:1px solid #999;break-inside:avoid}\
dt{font-weight:600}dd{margin:0 0 .5rem}ol,ul{padding-left:1.25rem}";

#[derive(Properties, PartialEq)]
pub struct PaperPageProps {
    /// Of one place; of all where it is absent.
    #[prop_or_default]
    pub source: Option<SourceId>,
}

#[component]
pub fn PaperPage(props: &PaperPageProps) -> Html {
    let answered = use_answer(ShowPaper { source: props.source.clone() });
    let paper = use_node_ref();
    let saving = use_save();
    let announce = use_around().announce;
    let print = PressButton {
        label: t("paper-print"),
        weight: Weight::Main,
        icon: Some(Icon::FileText),
        onclick: Callback::from(move |_: MouseEvent| {
            let printed = web_sys::window().is_some_and(|window| window.print().is_ok());
            if !printed {
                announce.emit(t("paper-print-not"));
            }
        }),
        ..PressButton::default()
    };
    let save = PressButton {
        label: t("paper-save"),
        icon: Some(Icon::Save),
        onclick: {
            let (save, paper) = (saving.save.clone(), paper.clone());
            Callback::from(move |_: MouseEvent| {
                if let Some(paper) = paper.cast::<web_sys::Element>() {
                    save.emit(make_file(&paper.outer_html()));
                }
            })
        },
        ..PressButton::default()
    };
    html! {
        <Page
            title={t("paper-title")}
            bar={Bar::back(Route::Export, t("export-title"))}
            actions={html! {<>{ saving.line }{ print.draw() }{ save.draw() }</>}}
        >
            <div class="group group--tight">
                <Heading>{ t("paper-title") }</Heading>
                <p class="muted">{ t("paper-lead") }</p>
            </div>
            { show_part(&answered, |it: &Paper| html! { <div class="paper" ref={paper.clone()}>{ draw(it) }</div> }) }
        </Page>
    }
}

/// The drawn paper as a page of its own. The browser wrote it from what is drawn, so that words are words in it too.
fn make_file(drawn: &str) -> Exported {
    let parts = [
        "<!doctype html><html lang=\"",
        language(),
        "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>Handrail</title><style>",
        STYLE,
        "</style>",
        drawn,
        "</html>",
    ];
    Exported {
        name: "handrail.html".to_owned(),
        media: "text/html".to_owned(),
        content: parts.concat(),
    }
}

fn draw(paper: &Paper) -> Html {
    let made = Phrase::new("paper-made").with("day", whole_date(&paper.made_at).as_str());
    html! {<>
        <p>{ say(&made) }</p>
        { for paper.places.iter().map(draw_place) }
    </>}
}

fn draw_place(place: &PaperPlace) -> Html {
    let part = |part: &PaperPart| {
        html! {<>
            <h3>{ say(&part.heading) }</h3>
            { for part.items.iter().map(draw_item) }
        </>}
    };
    html! {
        <section>
            <h2>{ place.place.name.clone() }</h2>
            { for place.parts.iter().map(part) }
            if place.parts.is_empty() {
                <p>{ t("paper-nothing") }</p>
            }
        </section>
    }
}

fn draw_item(item: &PaperItem) -> Html {
    let line = |words: &Words| html! { <p>{ draw_words(words) }</p> };
    let fact = |fact: &Fact| html! {<><dt>{ say(&fact.label) }</dt><dd>{ draw_words(&fact.value) }</dd></>};
    let step = |step: &StoryStep| {
        let at = step.at.as_deref().map(|at| [", ", &whole_date(at)].concat());
        html! { <li>{ say(&step.heading) }{ at }{ for step.words.as_ref().map(line) }</li> }
    };
    let contact = |contact: &Contact| {
        html! { <li>{ say(&contact.label) }{ for contact.about.as_ref().map(line) }</li> }
    };
    html! {
        <article>
            <h4>{ draw_words(&item.title) }</h4>
            { for item.lines.iter().map(line) }
            if !item.facts.is_empty() {
                <dl>{ for item.facts.iter().map(fact) }</dl>
            }
            if !item.story.is_empty() {
                <ol>{ for item.story.iter().map(step) }</ol>
            }
            if !item.contacts.is_empty() {
                <ul>{ for item.contacts.iter().map(contact) }</ul>
            }
        </article>
    }
}

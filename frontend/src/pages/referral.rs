//! One referral: whose turn it is, and its story.

use handrail_contract::{
    referral::{ReferralPage as Referral, ShowReferral},
    words::{Contact, Icon, ItemId, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::show_whole;
use crate::{
    components::{
        Bar, Heading, LinkButton, Page, PressButton, Weight, draw_chips, draw_contact, draw_facts,
        draw_from, draw_linked, draw_note, draw_rows, draw_section, draw_story, draw_turn_rail,
        draw_words, plain_text, safe_link,
    },
    hooks::{use_answer, use_copy},
    route::Route,
    text::{say, t, written_date},
};

#[derive(Properties, PartialEq)]
pub struct ReferralPageProps {
    pub id: ItemId,
}

#[component]
pub fn ReferralPage(props: &ReferralPageProps) -> Html {
    let answered = use_answer(ShowReferral { id: props.id.clone() });

    html! {
        <Page title={t("referral-page-title")} bar={Bar::back(Route::Referrals, t("referrals-title"))}>
            { show_whole(&answered, draw) }
        </Page>
    }
}

fn draw(referral: &Referral) -> Html {
    let Referral { row, sender, next, story, contacts, facts, linked } = referral;
    // The first way to reach somebody is the one thing to do here; the others follow below.
    let (first, others) = match contacts.split_first() {
        Some((first, others)) if safe_link(first).is_some() => (Some(first), others),
        _ => (None, contacts.as_slice()),
    };
    let stop = Note {
        tone: Tone::Plain,
        icon: Icon::CircleSlash,
        heading: Phrase::new("referral-stop-heading"),
        body: Phrase::new("referral-stop-body"),
    };
    let helper = row.helper.clone().map(AttrValue::from);
    html! {<>
        <div class="group">
            { draw_chips(&row.chips) }
            <div class="group group--tight">
                <Heading>{ draw_words(&row.title) }</Heading>
                <p>{ draw_from(&row.place) }</p>
            </div>
        </div>
        <section class="card card--lift">
            { draw_turn_rail(row.ball, plain_text(sender), helper) }
            <div class="group group--tight">
                <h2>{ say(&row.line) }</h2>
                <p>{ say(next) }</p>
            </div>
            { first.map(draw_main_contact).unwrap_or_default() }
        </section>
        if !story.is_empty() {
            { draw_section(t("referral-story"), html! {<>
                { draw_story(story) }
                <CopyStory words={write_story(referral)} />
            </>}) }
        }
        if !facts.is_empty() {
            { draw_section(t("referral-facts"), draw_facts(facts)) }
        }
        { draw_rows(t("referral-contacts"), others.iter().map(draw_contact)) }
        { draw_rows(t("referral-goes-with"), linked.iter().map(draw_linked)) }
        { draw_note(&stop) }
    </>}
}

#[derive(Properties, PartialEq)]
struct CopyStoryProps {
    words: String,
}

/// Takes the story along, to show it to a helper.
#[component]
fn CopyStory(props: &CopyStoryProps) -> Html {
    let copy = use_copy();
    let words = props.words.clone();
    let button = PressButton {
        label: t("referral-copy"),
        icon: Some(Icon::ClipboardPaste),
        onclick: copy.reform(move |_: MouseEvent| words.clone()),
        ..PressButton::default()
    };
    html! {<>{ button.draw() }<p class="hint">{ t("referral-copy-hint") }</p></>}
}

/// The story as plain text, in the person's language.
fn write_story(referral: &Referral) -> String {
    let Referral { row, next, story, .. } = referral;
    let mut lines = vec![
        plain_text(&row.title).to_string(),
        row.place.name.clone(),
        String::new(),
        say(&row.line).to_string(),
        say(next).to_string(),
        String::new(),
    ];
    for step in story {
        let at = step.at.as_deref().map(|at| [", ", &written_date(at)].concat());
        lines.push(["- ", &say(&step.heading), at.as_deref().unwrap_or_default()].concat());
        lines.extend(step.words.as_ref().map(|words| ["  ", &plain_text(words)].concat()));
    }
    lines.join("\n")
}

/// The way to reach somebody that comes first, as the main button.
fn draw_main_contact(contact: &Contact) -> Html {
    let button = LinkButton {
        href: safe_link(contact).unwrap_or_default().into(),
        label: say(&contact.label),
        icon: Some(contact.icon),
        weight: Weight::Main,
        ..LinkButton::default()
    };
    let about = contact.about.as_ref().map(|about| {
        html! { <p class="hint">{ draw_words(about) }</p> }
    });
    html! { <div class="btns">{ button.draw() }{ about.unwrap_or_default() }</div> }
}

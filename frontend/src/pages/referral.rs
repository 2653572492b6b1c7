//! One referral: whose turn it is, and its story.

use handrail_contract::{
    referral::{ReferralPage as Referral, ShowReferral},
    words::{Chip, Icon, ItemId, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::show_whole;
use crate::{
    components::{
        Bar, Chips, ContactRows, Facts, From, Heading, LinkButton, LinkedRow, List, NoteBox, Page,
        Said, Story, TurnRail, Weight, plain_text, safe_link,
    },
    hooks::use_answer,
    route::Route,
    text::{say, t},
};

#[derive(Properties, PartialEq)]
pub struct ReferralPageProps {
    pub id: ItemId,
}

#[component]
pub fn ReferralPage(props: &ReferralPageProps) -> Html {
    let answered = use_answer(ShowReferral { id: props.id.clone() });

    html! {
        <Page title={t("referral-title")} bar={Bar::back(Route::Referrals, t("referrals-title"))}>
            { show_whole(&answered, draw) }
        </Page>
    }
}

fn draw(referral: &Referral) -> Html {
    let Referral { row, sender, next, story, contacts, facts, linked } = referral;
    let topic = Chip { tone: Tone::Plain, icon: row.icon, words: row.topic.clone() };
    let chips: Vec<_> = std::iter::once(topic).chain(row.chips.iter().cloned()).collect();
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
    html! {<>
        <div class="group">
            <Chips {chips} />
            <div class="group group--tight">
                <Heading><Said words={row.title.clone()} /></Heading>
                <p><From place={row.place.clone()} /></p>
            </div>
        </div>
        <section class="card card--lift">
            <TurnRail
                ball={row.ball}
                sender={plain_text(sender)}
                helper={row.helper.clone().map(AttrValue::from)}
            />
            <div class="group group--tight">
                <h2>{ say(&row.line) }</h2>
                <p>{ say(next) }</p>
            </div>
            { for first.map(|contact| html! {
                <div class="btns">
                    <LinkButton
                        href={safe_link(contact).unwrap_or_default()}
                        label={say(&contact.label)}
                        icon={contact.icon}
                        weight={Weight::Main}
                    />
                    { for contact.about.clone().map(|words| html! { <p class="hint"><Said {words} /></p> }) }
                </div>
            }) }
        </section>
        if !story.is_empty() {
            <section class="group">
                <h2>{ t("referral-story") }</h2>
                <Story steps={story.clone()} />
            </section>
        }
        if !facts.is_empty() {
            <section class="group">
                <h2>{ t("referral-facts") }</h2>
                <Facts facts={facts.clone()} />
            </section>
        }
        if !others.is_empty() {
            <section class="group">
                <h2>{ t("referral-contacts") }</h2>
                <ContactRows contacts={others.to_vec()} />
            </section>
        }
        if !linked.is_empty() {
            <section class="group">
                <h2>{ t("referral-goes-with") }</h2>
                <List rows={linked.iter().map(|linked| html! { <LinkedRow linked={linked.clone()} /> }).collect::<Vec<_>>()} />
            </section>
        }
        <NoteBox note={stop} />
    </>}
}

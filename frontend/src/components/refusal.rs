//! Why a code is no invitation, or why a sign-in ended: what happened, whose turn it is, what helps.

use handrail_contract::{
    code::{CodeRead, Imitation},
    problem::Refusal,
    words::{Icon, Note, Phrase, Tone},
};
use yew::prelude::*;

use super::{
    Heading, Picture, draw_icon, draw_large_tile, draw_marked_host, draw_picture, draw_section,
};
use crate::text::{say, t};

/// The head of a page that tells why it did not work: in the engine's own words where it has more to say,
/// and with the host it was about, if it had one.
pub fn draw_refusal(reason: Refusal, note: Option<&Note>, host: Option<&str>) -> Html {
    let own = refusal_note(reason);
    let Note { icon, heading, body, .. } = note.unwrap_or(&own);
    let host = host.map(|host| {
        html! { <p class="host host--s" translate="no">{ host.to_owned() }</p> }
    });
    if is_a_trap(reason) {
        return html! {<>
            <section class="note is-stop" role="alert">
                { draw_icon(Icon::TriangleAlert) }
                <Heading>{ say(heading) }</Heading>
                <p>{ say(body) }</p>
            </section>
            { host.unwrap_or_default() }
        </>};
    }
    let (picture, advice) = match place_in_story(reason) {
        Stage::Reading => {
            let line = html! { <p>{ t("connect-ask-for-code") }</p> };
            (draw_large_tile(*icon), draw_section(t("what-you-can-do"), line))
        }
        Stage::SigningIn => (draw_picture(Picture::Interrupted), Html::default()),
    };
    html! {<>
        <div class="empty">
            { picture }
            <Heading>{ say(heading) }</Heading>
            <p class="muted" role="status">{ say(body) }</p>
        </div>
        { host.unwrap_or_default() }
        { advice }
    </>}
}

/// The head of a page about a code that leads nowhere. Beside an address that pretends to be a known one stands the
/// known one.
pub fn draw_refused_code(code: &CodeRead) -> Html {
    let reason = code.reason.unwrap_or(Refusal::NotAnAddress);
    let Some(Imitation { seen, known, name }) = &code.imitates else {
        let host = code.host.as_ref().map(|host| format!("{}{}", host.before, host.registered));
        return draw_refusal(reason, code.note.as_ref(), host.as_deref());
    };
    html! {<>
        { draw_refusal(reason, code.note.as_ref(), None) }
        <section class="card">
            <div class="group">
                <h2>{ t("look-alike-seen") }</h2>
                { draw_marked_host(seen) }
            </div>
            <div class="group">
                <h2>{ t("look-alike-known") }</h2>
                { draw_marked_host(known) }
                <p>{ name }</p>
            </div>
        </section>
    </>}
}

/// The note for a refusal.
pub fn refusal_note(reason: Refusal) -> Note {
    let text = |part: &str| Phrase::new(&format!("refused-{}-{part}", reason.code()));
    let (tone, icon) = mark(reason);
    Note { tone, icon, heading: text("heading"), body: text("body") }
}

/// Where in the way to a connection it stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// At the code or the address.
    Reading,
    /// Later: the place was found.
    SigningIn,
}

const fn place_in_story(reason: Refusal) -> Stage {
    use Refusal::{
        ContactCard, Disagrees, Empty, HidesAddress, LookAlike, NoAnswer, NoCodeInPicture,
        NotAnAddress, NotLocked, NotSmart, OtherApp, PhoneOrMessage, SeveralCodes, SignInCode,
        SpecialAddress, TooLong, UnreadablePicture, Website, Wifi,
    };
    match reason {
        Empty | TooLong | NotAnAddress | Website | Wifi | ContactCard | SignInCode
        | PhoneOrMessage | OtherApp | NotLocked | HidesAddress | SpecialAddress | LookAlike
        | NoCodeInPicture | SeveralCodes | UnreadablePicture | NoAnswer | NotSmart | Disagrees => {
            Stage::Reading
        }
        _ => Stage::SigningIn,
    }
}

/// Whether the code may be meant to harm: then the page says so loudly.
const fn is_a_trap(reason: Refusal) -> bool {
    matches!(reason, Refusal::LookAlike)
}

const fn mark(reason: Refusal) -> (Tone, Icon) {
    match reason {
        Refusal::Empty | Refusal::TooLong | Refusal::NotAnAddress => (Tone::Plain, Icon::Keyboard),
        Refusal::Website => (Tone::Plain, Icon::Globe),
        Refusal::Wifi => (Tone::Plain, Icon::Wifi),
        Refusal::ContactCard => (Tone::Plain, Icon::UserRound),
        Refusal::SignInCode => (Tone::Plain, Icon::KeyRound),
        Refusal::PhoneOrMessage => (Tone::Plain, Icon::Phone),
        Refusal::OtherApp => (Tone::Plain, Icon::Smartphone),
        Refusal::NoCodeInPicture | Refusal::SeveralCodes | Refusal::UnreadablePicture => {
            (Tone::Turn, Icon::Image)
        }
        Refusal::NotLocked | Refusal::HidesAddress | Refusal::LookAlike => {
            (Tone::Bad, Icon::TriangleAlert)
        }
        Refusal::SpecialAddress => (Tone::Plain, Icon::CircleSlash),
        Refusal::NoAnswer => (Tone::Turn, Icon::CircleQuestionMark),
        Refusal::NotSmart | Refusal::NoClientId => (Tone::Turn, Icon::Phone),
        Refusal::NoBrowser => (Tone::Turn, Icon::ExternalLink),
        Refusal::Declined | Refusal::Cancelled => (Tone::Plain, Icon::CircleSlash),
        Refusal::TookTooLong => (Tone::Turn, Icon::Clock),
        Refusal::WeakSignIn
        | Refusal::Disagrees
        | Refusal::DidNotMatch
        | Refusal::AnotherPerson => (Tone::Bad, Icon::TriangleAlert),
        Refusal::PlaceFailed => (Tone::Wait, Icon::CloudOff),
        Refusal::NoPerson => (Tone::Turn, Icon::User),
        Refusal::KeyLocked | Refusal::KeyTrouble | Refusal::KeyFits | Refusal::PinGuessable => {
            (Tone::Turn, Icon::Lock)
        }
        Refusal::CannotSave => (Tone::Bad, Icon::CircleAlert),
    }
}

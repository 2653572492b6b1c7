//! The drawings: a newel post with a brass ball, and a rail over steps. There are no others.

use yew::prelude::*;

use crate::text::t;

/// Where the brand stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrandColours {
    OnBand,
    OnSurface,
}

/// The mark with the product's name.
pub fn draw_brand(colours: BrandColours) -> Html {
    let (steps, rail) = match colours {
        BrandColours::OnBand => ("#8cd3b4", "#fff"),
        BrandColours::OnSurface => ("var(--edge)", "var(--primary)"),
    };
    html! {
        <span class="brand">
            <svg viewBox="0 0 512 512" aria-hidden="true">
                <g fill="none" stroke-linecap="round" stroke-linejoin="round">
                    <path d="M118 416H222V350H318V284H418" stroke={steps} stroke-width="38" />
                    <path d="M118 416V256L356 120Q376 108 402 108H420" stroke={rail} stroke-width="46" />
                </g>
                <circle cx="118" cy="150" r="54" fill="#e9a93a" />
            </svg>
            { t("app-name") }
        </span>
    }
}

/// The rail at the side of the band.
pub fn draw_band_art() -> Html {
    html! {
        <svg class="band__art" viewBox="0 0 160 124" aria-hidden="true">
            <g fill="none" stroke-linecap="round" stroke-linejoin="round">
                <path d="M34 140V108H78V84H122V60H180" stroke="var(--band-2)" stroke-width="9" />
                <path d="M34 140V66L124 16Q134 10 146 10H180" stroke="var(--on-band-2)" stroke-width="9" />
            </g>
            <circle cx="34" cy="32" r="13" fill="var(--brass)" />
        </svg>
    }
}

/// The rail of the welcome screen.
pub fn draw_hero_art() -> Html {
    html! {
        <svg class="hero__art" viewBox="0 0 420 300" aria-hidden="true">
            <g fill="none" stroke-linecap="round" stroke-linejoin="round">
                <path d="M60 300H152V242H244V194H336V146H420" stroke="var(--band-2)" stroke-width="22" />
                <path d="M152 236V172M244 188V122M336 140V72" stroke="var(--band-2)" stroke-width="8" />
                <path d="M60 320V152L312 22Q330 13 350 13H404" stroke="#fff" stroke-width="24" />
            </g>
            <circle cx="60" cy="86" r="33" fill="var(--brass)" />
        </svg>
    }
}

/// The three drawings that stand in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    AllWell,
    /// Between a place and this phone.
    FirstLink,
    Interrupted,
}

/// A drawing above a few words.
pub fn draw_picture(picture: Picture) -> Html {
    let (lines, ball) = match picture {
        Picture::AllWell => (
            html! {<>
                <path d="M58 132H98V106H138V80H178" stroke="var(--tint)" stroke-width="10" />
                <path d="M58 132V76L160 22Q168 18 178 18H190" stroke="var(--primary)" stroke-width="10" />
            </>},
            ("58", "46", "15"),
        ),
        Picture::FirstLink => (
            html! {<>
                <rect x="36" y="62" width="52" height="70" rx="8" fill="var(--surface)" stroke="var(--edge)" stroke-width="5" />
                <path d="M54 132V112H70V132M52 80h4M68 80h4M52 96h4M68 96h4" stroke="var(--edge)" stroke-width="5" />
                <rect x="142" y="38" width="46" height="84" rx="11" fill="var(--surface)" stroke="var(--primary)" stroke-width="6" />
                <path d="M88 92C104 92 104 74 118 74H142" stroke="var(--primary)" stroke-width="8" stroke-dasharray="1 14" />
            </>},
            ("165", "78", "12"),
        ),
        Picture::Interrupted => (
            html! {<>
                <path d="M48 132V84L92 60" stroke="var(--primary)" stroke-width="10" />
                <path d="M128 41L164 22Q172 18 182 18H192" stroke="var(--primary)" stroke-width="10" />
                <path d="M102 55L118 46" stroke="var(--edge)" stroke-width="5" stroke-dasharray="1 9" />
            </>},
            ("48", "54", "15"),
        ),
    };
    let (cx, cy, r) = ball;
    html! {
        <svg viewBox="0 0 220 150" aria-hidden="true">
            <g fill="none" stroke-linecap="round" stroke-linejoin="round">
                <path d="M20 132H200" stroke="var(--line)" stroke-width="6" />
                { lines }
            </g>
            <circle {cx} {cy} {r} fill="var(--brass)" />
        </svg>
    }
}

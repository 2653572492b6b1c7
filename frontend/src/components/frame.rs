//! The frame of every page: bar or band, content, actions, tabs.

use handrail_contract::{
    inbox::CountInbox,
    place::{ListConnections, Role},
    today::ShowToday,
    words::{Icon, Phrase},
};
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::{BrandColours, draw_brand, draw_icon, use_title};
use crate::{
    hooks::{Answered, use_answer},
    route::Route,
    text::{say, t},
};

/// The bar of a page that stands below another.
#[derive(Clone, PartialEq)]
pub struct Bar {
    /// The page one level up.
    pub to: Route,
    pub title: AttrValue,
    /// Set for a task, which is left rather than gone back from: what the X does.
    pub leave: Option<AttrValue>,
    /// A button at the end of the bar.
    pub end: Html,
}

impl Bar {
    /// A bar with an arrow back.
    pub fn back(to: Route, title: AttrValue) -> Self {
        Self { to, title, leave: None, end: Html::default() }
    }

    /// A bar with an X.
    pub fn leave(to: Route, title: AttrValue, label: AttrValue) -> Self {
        Self { to, title, leave: Some(label), end: Html::default() }
    }

    fn draw(&self) -> Html {
        let (icon, label) = match &self.leave {
            Some(label) => (Icon::X, label.clone()),
            None => (Icon::ArrowLeft, t("back")),
        };
        html! {
            <header class="bar">
                <a class="iconbtn" href={self.to.href()} aria-label={label}>{ draw_icon(icon) }</a>
                <span class="bar__title">{ self.title.clone() }</span>
                { self.end.clone() }
            </header>
        }
    }
}

/// The five tabs of who is helped, and the four of who helps. They share the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Today,
    Todos,
    Goals,
    Referrals,
    Requests,
    Helping,
    Closed,
    More,
}

#[derive(Properties, PartialEq)]
pub struct PageProps {
    /// The page's name in the title of the window.
    pub title: AttrValue,
    #[prop_or_default]
    pub bar: Option<Bar>,
    /// What stands in the dark green at the top.
    #[prop_or_default]
    pub band: Option<Html>,
    /// The tab this page belongs to; a task has none.
    #[prop_or_default]
    pub tab: Option<Tab>,
    /// The buttons that stay at the bottom.
    #[prop_or_default]
    pub actions: Option<Html>,
    /// A sheet over the page.
    #[prop_or_default]
    pub sheet: Option<Html>,
    pub children: Html,
}

/// A page in its frame.
#[component]
pub fn Page(props: &PageProps) -> Html {
    use_title(props.title.clone());

    let lap = props.band.is_some().then_some("page--lap");
    html! {<>
        <div class="view">
            { props.bar.as_ref().map(Bar::draw).unwrap_or_default() }
            { props.band.clone().map(|band| html! { <header class="band">{ band }</header> }).unwrap_or_default() }
            <main class="main" id="main" tabindex="-1">
                <div class={classes!("page", lap)}>{ props.children.clone() }</div>
                { props.actions.clone().map(|buttons| html! {
                    <div class="actions"><div class="btns">{ buttons }</div></div>
                }).unwrap_or_default() }
            </main>
        </div>
        { match props.tab {
            None => Html::default(),
            Some(current @ (Tab::Requests | Tab::Helping | Tab::Closed)) => html! { <HelperTabs {current} /> },
            Some(Tab::More) => html! { <MoreTabs /> },
            Some(current) => html! { <PatientTabs {current} /> },
        } }
        { props.sheet.clone().unwrap_or_default() }
    </>}
}

#[derive(Properties, PartialEq)]
struct TabsProps {
    current: Tab,
}

/// The tabs around what both have: of who only helps their own, else the patient's.
#[component]
fn MoreTabs() -> Html {
    let only_helps = match use_answer(ListConnections {}) {
        Answered::Given(places) => {
            !places.rows.is_empty() && places.rows.iter().all(|row| row.role == Role::Organization)
        }
        Answered::Awaited | Answered::Withheld(_) => false,
    };
    let current = Tab::More;
    if only_helps {
        html! { <HelperTabs {current} /> }
    } else {
        html! { <PatientTabs {current} /> }
    }
}

#[component]
fn PatientTabs(props: &TabsProps) -> Html {
    let need_you = match use_answer(ShowToday {}) {
        Answered::Given(today) => today.your_turn.len(),
        Answered::Awaited | Answered::Withheld(_) => 0,
    };
    let current = props.current;
    html! {
        <Tabs>
            { draw_tab(current, Tab::Today, 0) }
            { draw_tab(current, Tab::Todos, need_you) }
            { draw_tab(current, Tab::Goals, 0) }
            { draw_tab(current, Tab::Referrals, 0) }
            { draw_tab(current, Tab::More, 0) }
        </Tabs>
    }
}

#[component]
fn HelperTabs(props: &TabsProps) -> Html {
    let new = match use_answer(CountInbox {}) {
        Answered::Given(count) => count.new as usize,
        Answered::Awaited | Answered::Withheld(_) => 0,
    };
    let current = props.current;
    html! {
        <Tabs>
            { draw_tab(current, Tab::Requests, new) }
            { draw_tab(current, Tab::Helping, 0) }
            { draw_tab(current, Tab::Closed, 0) }
            { draw_tab(current, Tab::More, 0) }
        </Tabs>
    }
}

/// One tab, with how many things wait there.
fn draw_tab(current: Tab, tab: Tab, count: usize) -> Html {
    let (route, icon, label) = match tab {
        Tab::Today => (Route::Today, Icon::House, t("tab-today")),
        Tab::Todos => (Route::Todos, Icon::ListChecks, t("tab-todos")),
        Tab::Goals => (Route::Goals, Icon::Flag, t("tab-goals")),
        Tab::Referrals => (Route::Referrals, Icon::Signpost, t("tab-referrals")),
        Tab::Requests => (Route::Inbox, Icon::Inbox, t("tab-requests")),
        Tab::Helping => (Route::Helping, Icon::HeartHandshake, t("tab-helping")),
        Tab::Closed => (Route::Closed, Icon::CircleCheck, t("tab-closed")),
        Tab::More => (Route::More, Icon::Menu, t("tab-more")),
    };
    html! {
        <li>
            <a class="tab" href={route.href()} aria-current={(tab == current).then_some("page")}>
                <span class="tab__mark">
                    { draw_icon(icon) }
                    if count > 0 {
                        <span class="tab__count" aria-hidden="true">{ count }</span>
                    }
                </span>
                { label }
                if count > 0 {
                    <span class="vh">{ say(&Phrase::new("tab-count").with("count", count as i64)) }</span>
                }
            </a>
        </li>
    }
}

#[derive(Properties, PartialEq)]
struct TabListProps {
    children: Html,
}

/// The way to the lists. In small room it folds into one button.
#[component]
fn Tabs(props: &TabListProps) -> Html {
    let open = use_state(|| false);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let fold_on_escape = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                open.set(false);
            }
        })
    };
    html! {
        <nav class="tabs" aria-label={t("tabs-label")} onkeydown={fold_on_escape}>
            { draw_brand(BrandColours::OnSurface) }
            <button
                class="tabs__toggle btn"
                type="button"
                aria-expanded={open.to_string()}
                aria-controls="tabs-list"
                onclick={toggle}
            >
                { draw_icon(Icon::Menu) }
                { t("tabs-menu") }
            </button>
            <ul class="tabs__list" id="tabs-list">{ props.children.clone() }</ul>
        </nav>
    }
}

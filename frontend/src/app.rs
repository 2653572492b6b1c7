//! The app: what stands around every page, and which page the address names.

use handrail_contract::{lock::LeavePrivate, place::SourceId, sign_in::AttemptId, words::ItemId};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    bridge::ask,
    components::{BrandColours, TryoutBanner, draw_brand},
    hooks::{Around, use_around, use_around_value, use_new_page, use_opened_link, use_top},
    pages::*,
    route::Route,
    text::t,
};

/// Everything on screen.
#[component]
pub fn App() -> Html {
    let (around, said) = use_around_value();

    html! {
        <ContextProvider<Around> context={around}>
            <HashRouter>
                <SkipLink />
                <p class="vh" role="status" aria-live="polite">{ said }</p>
                <TryoutBanner />
                <Guarded />
            </HashRouter>
        </ContextProvider<Around>>
    }
}

/// The first thing in reach of the keyboard. Not a plain link: what stands behind the `#` names the page.
#[component]
fn SkipLink() -> Html {
    let onclick = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        if let Some(main) = find_main() {
            let _ = main.focus();
        }
    });
    html! { <a class="skip" href="#main" {onclick}>{ t("skip-to-content") }</a> }
}

fn find_main() -> Option<HtmlElement> {
    web_sys::window()?.document()?.get_element_by_id("main")?.dyn_into().ok()
}

/// The pages behind the door. What is covered keeps its place and what was typed; what is locked is not there.
#[component]
fn Guarded() -> Html {
    let doorway = use_around().doorway;
    // What the lock hides and what it shows again begin at their headings, as other pages do.
    use_new_page(doorway.is_locked());
    let is_waiting = doorway.door.is_none() && doorway.problem.is_none();
    let inside = match &doorway.door {
        _ if is_waiting => Html::default(),
        Some(door) if doorway.is_locked() => html! { <LockPage door={door.clone()} /> },
        _ => html! { <Screen /> },
    };
    html! {<>
        <div class="app" hidden={doorway.covered}>{ inside }</div>
        if doorway.covered {
            <div class="hero cover">{ draw_brand(BrandColours::OnBand) }</div>
        }
    </>}
}

/// Shuts what is private once the person goes to a page that shows none of it.
#[hook]
fn use_leave_private(route: &Route) {
    let doorway = use_around().doorway;
    let is_open = doorway.door.is_some_and(|door| door.private_open);
    use_effect_with((is_open, route.may_be_private()), move |(is_open, may_stay)| {
        if *is_open && !may_stay {
            spawn_local(async move {
                ask(&LeavePrivate {}).await.into_iter().for_each(|door| doorway.keep.emit(door));
            });
        }
    });
}

/// The page that the address names.
#[component]
fn Screen() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::Lost);
    use_new_page(route.clone());
    use_opened_link();
    use_leave_private(&route);
    use_top(&route);

    match route {
        Route::Today => html! { <TodayPage /> },
        Route::Welcome => html! { <WelcomePage /> },
        Route::Connect => html! { <ConnectPage /> },
        Route::Scan => html! { <ScanPage /> },
        Route::Find => html! { <FindPage /> },
        Route::Confirm => html! { <ConfirmPage /> },
        Route::SignIn { attempt } => {
            html! { <SignInPage key={attempt.clone()} attempt={AttemptId(attempt.clone())} /> }
        }
        Route::Todos => html! { <TodosPage /> },
        Route::Todo { id } => html! { <TodoPage key={id.clone()} id={ItemId(id.clone())} /> },
        Route::Form { id } => html! { <FormPage key={id.clone()} id={ItemId(id.clone())} /> },
        Route::Goals => html! { <GoalsPage /> },
        Route::Goal { id } => html! { <GoalPage key={id.clone()} id={ItemId(id.clone())} /> },
        Route::Referrals => html! { <ReferralsPage /> },
        Route::Referral { id } => {
            html! { <ReferralPage key={id.clone()} id={ItemId(id.clone())} /> }
        }
        Route::Inbox => html! { <InboxPage list={InboxList::New} /> },
        Route::Helping => html! { <InboxPage list={InboxList::Helping} /> },
        Route::Closed => html! { <InboxPage list={InboxList::Closed} /> },
        Route::Request { id } => html! { <RequestPage id={ItemId(id.clone())} /> },
        Route::RequestDone { id } => {
            html! { <RequestDonePage key={id.clone()} id={ItemId(id.clone())} /> }
        }
        Route::RequestAsk { id } => {
            html! { <RequestAskPage key={id.clone()} id={ItemId(id.clone())} /> }
        }
        Route::More => html! { <MorePage /> },
        Route::Activity => html! { <ActivityPage /> },
        Route::Report => html! { <ReportPage /> },
        Route::Export => html! { <ExportPage /> },
        Route::Paper => html! { <PaperPage /> },
        Route::PaperOf { source } => {
            html! { <PaperPage key={source.clone()} source={SourceId(source.clone())} /> }
        }
        Route::Settings => html! { <SettingsPage /> },
        Route::HiddenTopics => html! { <HiddenTopicsPage /> },
        Route::PinSet => html! { <PinSetPage /> },
        Route::PinOff => html! { <PinOffPage /> },
        Route::Private => html! { <PrivatePage /> },
        Route::Connections => html! { <ConnectionsPage /> },
        Route::Connection { source } => {
            html! { <ConnectionPage key={source.clone()} source={SourceId(source.clone())} /> }
        }
        Route::Lost => html! { <LostPage /> },
    }
}

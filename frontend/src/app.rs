//! The app: what stands around every page, and which page the address names.

use handrail_contract::{place::SourceId, sign_in::AttemptId, words::ItemId};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    hooks::{Around, use_around_value, use_new_page, use_opened_link},
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
                <div class="app"><Screen /></div>
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

/// The page that the address names.
#[component]
fn Screen() -> Html {
    let route = use_route::<Route>().unwrap_or(Route::Lost);
    use_new_page(route.clone());
    use_opened_link();
    use_effect_with(route.clone(), |_| {
        if let Some(window) = web_sys::window() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    });

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
        Route::More => html! { <MorePage /> },
        Route::Connections => html! { <ConnectionsPage /> },
        Route::Connection { source } => {
            html! { <ConnectionPage key={source.clone()} source={SourceId(source.clone())} /> }
        }
        Route::Lost => html! { <LostPage /> },
    }
}

//! Signing in again at a place that is connected.

use handrail_contract::sign_in::{SignIn, SignInAgain};
use yew::prelude::*;
use yew_router::hooks::use_navigator;

use super::{Deed, use_around, use_deed};
use crate::route::Route;

/// Begins the sign-in and goes to its page.
#[hook]
pub fn use_sign_in_again() -> Deed<SignInAgain> {
    let keep_code = use_around().keep_code;
    let navigator = use_navigator();
    use_deed(Callback::from(move |begun: SignIn| {
        // A code that was read before is about another place.
        keep_code.emit(None);
        if let Some(navigator) = &navigator {
            navigator.push(&Route::sign_in(&begun.attempt));
        }
    }))
}

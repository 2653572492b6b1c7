//! The pages, each of which asks a question and shows one of three things.

mod act;
mod activity;
mod confirm;
mod connect;
mod connection;
mod connections;
mod disconnect;
mod employers;
mod find;
mod form;
mod goal;
mod goals;
mod inbox;
mod lock;
mod lost;
mod paper;
mod more;
mod pin;
mod private;
mod referral;
mod referrals;
mod report;
mod request;
mod request_act;
mod request_ask;
mod export;
mod scan;
mod settings;
mod sign_in;
mod today;
mod todo;
mod todos;
mod welcome;

pub use activity::ActivityPage;
pub use confirm::ConfirmPage;
pub use connect::ConnectPage;
pub use connection::ConnectionPage;
pub use connections::ConnectionsPage;
pub use export::ExportPage;
pub use find::FindPage;
pub use form::FormPage;
pub use goal::GoalPage;
pub use goals::GoalsPage;
pub use inbox::{InboxList, InboxPage};
pub use lock::LockPage;
pub use lost::LostPage;
pub use more::MorePage;
pub use paper::PaperPage;
pub use pin::{PinOffPage, PinSetPage};
pub use private::PrivatePage;
pub use referral::ReferralPage;
pub use referrals::ReferralsPage;
pub use report::ReportPage;
pub use request::RequestPage;
pub use request_act::RequestDonePage;
pub use request_ask::RequestAskPage;
pub use scan::ScanPage;
pub use settings::{HiddenTopicsPage, SettingsPage};
pub use sign_in::SignInPage;
pub use today::TodayPage;
pub use todo::TodoPage;
pub use todos::TodosPage;
pub use welcome::WelcomePage;

use std::rc::Rc;

use yew::prelude::*;

use crate::{
    components::{ProblemNote, ProblemPart, Waiting},
    hooks::Answered,
};

/// The part of a list page that depends on the answer; its heading stands already.
fn show_part<A>(answered: &Answered<Rc<A>>, draw: impl FnOnce(&A) -> Html) -> Html {
    match answered {
        Answered::Awaited => html! { <Waiting /> },
        Answered::Given(answer) => draw(answer),
        Answered::Withheld(problem) => {
            html! { <ProblemNote problem={problem.clone()} can_ask_again=true /> }
        }
    }
}

/// A page whose heading is part of the answer.
fn show_whole<A>(answered: &Answered<Rc<A>>, draw: impl FnOnce(&A) -> Html) -> Html {
    match answered {
        Answered::Awaited => html! { <Waiting /> },
        Answered::Given(answer) => draw(answer),
        Answered::Withheld(problem) => html! { <ProblemPart problem={problem.clone()} /> },
    }
}

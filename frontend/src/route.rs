//! Where every page stands. The routes live behind the `#`, so the same files work in a window and in a browser.

use handrail_contract::{place::SourceId, sign_in::AttemptId, words::ItemId};
use yew::AttrValue;
use yew_router::Routable;

/// A page, with what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Routable)]
pub enum Route {
    #[at("/")]
    Today,
    #[at("/welcome")]
    Welcome,
    #[at("/connect")]
    Connect,
    #[at("/connect/scan")]
    Scan,
    #[at("/connect/find")]
    Find,
    #[at("/confirm")]
    Confirm,
    #[at("/sign-in/:attempt")]
    SignIn { attempt: String },
    #[at("/todos")]
    Todos,
    #[at("/todos/:id")]
    Todo { id: String },
    #[at("/todos/:id/form")]
    Form { id: String },
    #[at("/goals")]
    Goals,
    #[at("/goals/:id")]
    Goal { id: String },
    #[at("/referrals")]
    Referrals,
    #[at("/referrals/:id")]
    Referral { id: String },
    #[at("/inbox")]
    Inbox,
    #[at("/inbox/helping")]
    Helping,
    #[at("/inbox/closed")]
    Closed,
    #[at("/requests/:id")]
    Request { id: String },
    #[at("/requests/:id/done")]
    RequestDone { id: String },
    #[at("/requests/:id/ask")]
    RequestAsk { id: String },
    #[at("/more")]
    More,
    #[at("/more/activity")]
    Activity,
    #[at("/more/report")]
    Report,
    #[at("/more/export")]
    Export,
    #[at("/more/paper")]
    Paper,
    #[at("/more/paper/:source")]
    PaperOf { source: String },
    #[at("/more/settings")]
    Settings,
    #[at("/more/settings/hidden")]
    HiddenTopics,
    #[at("/more/pin")]
    PinSet,
    #[at("/more/pin/off")]
    PinOff,
    #[at("/more/private")]
    Private,
    #[at("/connections")]
    Connections,
    #[at("/connections/:source")]
    Connection { source: String },
    #[not_found]
    #[at("/lost")]
    Lost,
}

impl Route {
    /// The page of a sign-in that is under way.
    pub fn sign_in(attempt: &AttemptId) -> Self {
        Self::SignIn { attempt: attempt.0.clone() }
    }

    /// What a place shared, on paper.
    pub fn paper_of(source: &SourceId) -> Self {
        Self::PaperOf { source: source.0.clone() }
    }

    /// The page of a connection.
    pub fn connection(source: &SourceId) -> Self {
        Self::Connection { source: source.0.clone() }
    }

    /// The page of the thing a row stands for.
    pub fn item(id: &ItemId) -> Self {
        let text = id.0.clone();
        match text.split(':').next() {
            Some("todo") => Self::Todo { id: text },
            Some("goal") => Self::Goal { id: text },
            Some("referral") => Self::Referral { id: text },
            Some("request") => Self::Request { id: text },
            _ => Self::Lost,
        }
    }

    /// Whether what was opened with the PIN stays open here: the private list, and the things it leads to.
    pub const fn may_be_private(&self) -> bool {
        matches!(
            self,
            Self::Private
                | Self::Todo { .. }
                | Self::Form { .. }
                | Self::Goal { .. }
                | Self::Referral { .. }
        )
    }

    /// Whether this is about one thing, and leads back to the list that it stands in.
    pub const fn is_of_item(&self) -> bool {
        matches!(
            self,
            Self::Todo { .. }
                | Self::Form { .. }
                | Self::Goal { .. }
                | Self::Referral { .. }
                | Self::Request { .. }
                | Self::RequestDone { .. }
                | Self::RequestAsk { .. }
        )
    }

    /// What a link to this page says.
    pub fn href(&self) -> AttrValue {
        format!("#{}", self.to_path()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_with_odd_letters_comes_back_from_its_address() {
        let route = Route::item(&ItemId("todo:elm/1:task 7%?#ä".into()));

        let path = route.to_path();

        assert_eq!(Route::recognize(&path), Some(route));
    }

    #[test]
    fn a_row_of_a_kind_we_do_not_know_leads_nowhere() {
        assert_eq!(Route::item(&ItemId("plan:a:b".into())), Route::Lost);
    }
}

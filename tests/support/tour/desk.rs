//! The walk past the pages of who helps: the food bank's staff, at the clinic that asks them.

use handrail_sandbox::{PlaceKind, Sandbox};
use serde_json::json;

use super::Tour;
use crate::{
    person::Person,
    preview::{Look, Preview},
    requests::ask_food_bank,
};

/// What the request is called on its row.
const TITLE: &str = "Assistance with application for food pantry program";

impl<Visit: AsyncFnMut(&Preview, &str)> Tour<Visit> {
    /// Walks past every page of an organization. `visit` gets each page once it stands still, and its name.
    pub async fn walk_desk(look: Look, visit: Visit) {
        let asked = |sandbox: &Sandbox| ask_food_bank(sandbox, PlaceKind::Provider, None);
        let mut tour = Self::open(look, asked, visit).await;
        tour.connect_as_helper().await;
        tour.see_a_request_on_its_way().await;
        tour.see_who_must_not_be_contacted().await;
        tour.see_more_at_once(look).await;
        tour.see_for_whom_one_works().await;
    }

    async fn connect_as_helper(&mut self) {
        self.see("welcome-heading").await;
        self.choose_to_help_at(PlaceKind::Provider).await;
        self.stop("desk-confirm").await;
        self.sign_in_as("priya").await;
        self.stop("desk-connected").await;
    }

    async fn choose_to_help_at(&self, kind: PlaceKind) {
        self.type_address(&self.sandbox.place(kind).invitation()).await;
        self.see("confirm-role").await;
        self.screen().pick(self.texts.get("confirm-role-organization")).await;
        self.see("confirm-helper-see").await;
    }

    async fn sign_in_as(&self, helper: &str) {
        self.press("confirm-sign-in").await;
        let page = self.preview.wait_for_sign_in_page().await;
        Person::named(helper, "handrail").sign_in(&page).await.expect("the helper can sign in");
        self.see("connected-heading").await;
    }

    async fn see_a_request_on_its_way(&mut self) {
        self.stop_at("/inbox", TITLE, "desk-inbox").await;
        let heading = self.texts.get("more-inbox").to_owned();
        self.stop_at("/more", &heading, "desk-more").await;
        self.screen().go("/inbox").await;
        self.screen().press(TITLE).await;
        self.see("request-person").await;
        self.stop("desk-request").await;
        self.press("act-decline").await;
        self.see("request-decline-heading").await;
        self.stop("desk-decline").await;
        self.press("act-sheet-back").await;
        self.press("act-accept").await;
        self.see("request-in-the-way").await;
        self.stop("desk-accepted").await;
        self.press("act-hold").await;
        self.see("request-pause-heading").await;
        self.stop("desk-pause").await;
        self.press("act-sheet-back").await;
        self.press("act-ask").await;
        self.see("request-ask-line").await;
        self.screen().pick(self.texts.get("request-ask-kind-contact")).await;
        self.stop("desk-ask-call").await;
        self.screen().pick(self.texts.get("request-ask-kind-review")).await;
        self.stop("desk-ask-page").await;
        self.screen().pick(self.texts.get("request-ask-kind-question")).await;
        self.screen().type_into("question", "Do you eat meat?").await;
        self.stop("desk-ask").await;
        self.press("request-ask-send").await;
        self.see("request-asked-open").await;
        self.stop("desk-asked").await;
        self.stop_at("/inbox/helping", TITLE, "desk-helping").await;
        self.screen().press(TITLE).await;
        self.see("request-person").await;
        self.press("act-we-are-done").await;
        self.see("request-done-pick").await;
        self.screen().pick(TITLE).await;
        self.stop("desk-done").await;
        self.press("request-done-send").await;
        self.see("request-state-done").await;
        self.stop_at("/inbox/closed", TITLE, "desk-closed").await;
    }

    /// The clinic asks once more, and this time the person must not be contacted.
    async fn see_who_must_not_be_contacted(&mut self) {
        ask_food_bank(&self.sandbox, PlaceKind::Provider, None);
        self.clinic().control().change_resource("ServiceRequest", "pantry", |request| {
            request["orderDetail"] =
                json!([{ "coding": [{ "code": "contacting-subject-prohibited" }] }]);
            request["note"] =
                json!([{ "text": "Please hand the box to our desk. We pass it on." }]);
        });
        self.screen().go("/connections").await;
        self.screen().press("Elm Street Family Clinic").await;
        self.press("connection-check").await;
        let warning = self.texts.get("request-do-not-contact").to_owned();
        self.stop_at("/inbox", &warning, "desk-inbox-warning").await;
        self.screen().press(TITLE).await;
        self.see("request-do-not-contact-heading").await;
        self.stop("desk-request-warning").await;
    }

    /// A platform at which one works for two groups, and one of them says what room it has.
    async fn see_for_whom_one_works(&mut self) {
        self.choose_to_help_at(PlaceKind::Platform).await;
        self.sign_in_as("lena").await;
        self.stop("desk-connected-groups").await;
        self.press("employers-choose").await;
        self.see("employers-heading").await;
        self.stop("desk-groups").await;
        self.screen().pick("Bright Harvest Food Bank").await;
        self.see("room-hint").await;
        self.stop("desk-room").await;
    }

    /// A laptop: the list, and the request beside it. A tablet: one of them, in the middle.
    async fn see_more_at_once(&mut self, look: Look) {
        if look == Look::Large {
            return; // Letters of twice the size leave room for one of them.
        }
        self.resize(Look::Desktop, false).await;
        self.stop("desk-side-by-side").await;
        self.resize(Look::Tablet, false).await;
        self.stop("desk-request-tablet").await;
        let heading = self.texts.get("inbox-waiting").to_owned();
        self.stop_at("/inbox", &heading, "desk-inbox-tablet").await;
        self.resize(Look::Desktop, false).await;
        self.stop("desk-inbox-wide").await;
        self.resize(look, true).await;
    }

    /// Gives the page the measures of another device.
    async fn resize(&self, like: Look, mobile: bool) {
        let (width, height) = like.size();
        let measures =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        self.preview.devtools("Emulation.setDeviceMetricsOverride", measures).await;
    }
}

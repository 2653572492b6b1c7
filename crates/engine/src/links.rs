//! Links that the system opens the app with.
//!
//! In: a link, from whomever. Out: the way back from a sign-in page goes to the sign-in that waits for it; everything
//! else waits for a page, which asks the person. Never: a request, a sign-in that nobody confirmed, or a link in a log.

use handrail_contract::{
    Problem,
    code::{OpenedLink, ReadCode, TakeOpenedLink},
};
use handrail_core::scan::is_redirect;
use zeroize::Zeroizing;

use crate::{
    answers::Answer,
    engine::{Engine, locked},
};

impl Engine {
    /// Takes a link that the system opened the app with. Of several, pages see the latest.
    pub fn open_link(&self, link: &str) {
        if is_redirect(link) {
            // Kept even if nobody waits: the sign-in may just be taken up again, in a process that this link started.
            self.0.returned.send_replace(Some(Zeroizing::new(link.trim().to_owned())));
            tracing::info!(target: "authorize", "the app was opened with a way back from a sign-in page");
        } else {
            *locked(&self.0.opened) = Some(link.to_owned());
            tracing::info!(target: "scan", "the app was opened with a link");
            self.announce_change();
        }
    }
}

impl Answer<TakeOpenedLink> for Engine {
    async fn answer(&self, TakeOpenedLink {}: TakeOpenedLink) -> Result<OpenedLink, Problem> {
        let taken = locked(&self.0.opened).take();
        let code = match taken {
            Some(text) => Some(self.answer(ReadCode { text }).await?),
            None => None,
        };
        Ok(OpenedLink { code })
    }
}

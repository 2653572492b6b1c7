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

/// How many ways back wait at most for their sign-ins: other apps may send what they like.
const MOST: usize = 8;

impl Engine {
    /// Takes a link that the system opened the app with. Of several invitations, pages see the latest; each way back from
    /// a sign-in page finds its own sign-in.
    pub fn open_link(&self, link: &str) {
        if is_redirect(link) {
            // Kept even if nobody waits: the sign-in may just be taken up again, in a process that this link started.
            let link = Zeroizing::new(link.trim().to_owned());
            self.0.returned.send_modify(|links| add(links, link));
            tracing::info!(target: "authorize", "the app was opened with a way back from a sign-in page");
        } else {
            *locked(&self.0.opened) = Some(link.to_owned());
            tracing::info!(target: "scan", "the app was opened with a link");
            self.announce_change();
        }
    }
}

/// Adds a link at the end, once.
fn add(links: &mut Vec<Zeroizing<String>>, link: Zeroizing<String>) {
    links.retain(|other| *other != link);
    if links.len() == MOST {
        links.remove(0);
    }
    links.push(link);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn added(links: impl IntoIterator<Item = String>) -> Vec<Zeroizing<String>> {
        let mut all = Vec::new();
        links.into_iter().for_each(|link| add(&mut all, Zeroizing::new(link)));
        all
    }

    #[test]
    fn whoever_sends_many_ways_back_fills_no_memory() {
        let links = added((0..100).map(|number| number.to_string()));

        assert_eq!(links.len(), MOST);
        assert_eq!(links.last().map(|link| link.as_str()), Some("99"));
    }

    #[test]
    fn the_same_way_back_waits_once_and_takes_no_place_of_another() {
        let links = added(["elm", "oak", "elm"].map(str::to_owned));

        let links: Vec<&str> = links.iter().map(|link| link.as_str()).collect();
        assert_eq!(links, ["oak", "elm"]);
    }
}
